"""/sandbox: what Trello has not: clock, reset, request log, faults, switches, tokens. For this host only."""

import datetime as dt
import json
import secrets
from collections.abc import Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from trello_sandbox import faults
from trello_sandbox.clock import trello_time
from trello_sandbox.instance import Sandbox
from trello_sandbox.params import Params
from trello_sandbox.serialisers.fields import (
    BOARD,
    CHECKLIST,
    LABEL,
    LABEL_DEFAULT,
    LIST,
    MEMBER,
    ORGANIZATION,
    WEBHOOK,
    card_shape,
    checklists_of,
    project,
)
from trello_sandbox.state import action_log
from trello_sandbox.web import guard

_NOT_FOR_YOU = (
    "control routes answer this machine only, asked by a name of its own and from no other web page"
)
_YEARS = range(1971, 2106)
_SCOPES = frozenset({"read", "write", "account"})
Json = dict[str, Any]
Handler = Callable[[Sandbox, Any], Any]
"""Answers with JSON, given the JSON that was sent; ValueError becomes a 400."""


def read_clock(sandbox: Sandbox, _: Any) -> Json:
    return {"now": trello_time(sandbox.clock.now()), "offset": sandbox.clock.offset.total_seconds()}


def set_clock(sandbox: Sandbox, sent: Any) -> Json:
    """`{"now": "2026-11-16T07:00:00Z"}`, or null for the real time. Without an offset it is UTC."""
    text = _field(sent, "now")
    sandbox.clock.set(_instant(str(text)) if text else None)
    sandbox.deliveries.wake()
    sandbox.touch()
    return read_clock(sandbox, None)


def _instant(text: str) -> dt.datetime:
    instant = dt.datetime.fromisoformat(text)
    if instant.year not in _YEARS:
        raise ValueError(f"the clock goes from {_YEARS[0]} to {_YEARS[-1]}, as far as ids can tell the time")
    return instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)


def reset(sandbox: Sandbox, _: Any) -> Json:
    sandbox.reset()
    return {}


def read_requests(sandbox: Sandbox, _: Any) -> Json:
    return sandbox.requests.table()


def clear_requests(sandbox: Sandbox, _: Any) -> Json:
    sandbox.requests.clear()
    return {}


def read_faults(sandbox: Sandbox, _: Any) -> list[Json]:
    return sandbox.faults.table()


def add_faults(sandbox: Sandbox, sent: Any) -> list[Json]:
    sandbox.faults.waiting += faults.parsed(sent)
    return sandbox.faults.table()


def clear_faults(sandbox: Sandbox, _: Any) -> list[Json]:
    sandbox.faults.waiting.clear()
    return []


def read_underway(sandbox: Sandbox, _: Any) -> Json:
    """The requests whose client waits in vain, and how many writes are still to land."""
    return {"held": sandbox.held, "landing": len(sandbox.landing)}


def read_switches(sandbox: Sandbox, _: Any) -> Json:
    return sandbox.switches.table()


def turn_switches(sandbox: Sandbox, sent: Any) -> Json:
    """`{"switch": true, "figure": 5, …}`: all of them or, when one is wrong, none."""
    if not isinstance(sent, dict):
        raise ValueError("send an object of switch names and settings")  # noqa: TRY004 - a bad value
    sandbox.switches.turn(sent)
    return sandbox.switches.table()


def grant_token(sandbox: Sandbox, sent: Any) -> Json:
    """A new token for `username`, who joins the Workspace as `name` if unknown. Stands for a person.

    Without `username` it is one more of the robot's app. `scopes`: some of read, write, account, by default
    the first two. `expires`: an instant on the sandbox's clock.
    """
    if not isinstance(sent, dict) or not {"username", "scopes"} & set(sent):
        raise ValueError('send an object with "username"')
    robot = sandbox.config.tenant.robot
    username = str(sent.get("username") or robot)
    scopes = _scopes(sent.get("scopes", ["read", "write"]))
    expires = trello_time(_instant(str(sent["expires"]))) if sent.get("expires") else None
    member = sandbox.world.hire(username, str(sent.get("name") or username))
    token = secrets.token_hex(32)
    sandbox.world.grant(token, member, person=username != robot, scopes=scopes, expires=expires)
    sandbox.touch()
    return {"token": token, "member": project(MEMBER, sandbox.world, member, ("all",))}


def _scopes(sent: Any) -> tuple[str, ...]:
    if not isinstance(sent, list) or not sent or not set(map(str, sent)) <= _SCOPES:
        raise ValueError(f"scopes are a list of some of {', '.join(sorted(_SCOPES))}, not {sent!r}")
    return tuple(sent)


def _field(sent: Any, name: str) -> Any:
    if not isinstance(sent, dict) or name not in sent:
        raise ValueError(f'send an object with "{name}"')
    return sent[name]


def read_state(sandbox: Sandbox, _: Any) -> Json:
    """Everything there is, uncut and unfiltered, in Trello's shapes; actions for webhooks too."""
    world, every = sandbox.world, ("all",)
    cards = [project(card_shape(world), world, each, every) for each in world.cards.all()]
    lists = [project(LIST, world, each, every) for each in world.lists.all()]
    checklists = [
        project(CHECKLIST, world, each, every)
        for card in world.cards.all()
        for each in checklists_of(world, card)
    ]
    return {
        "now": trello_time(sandbox.clock.now()),
        "members": [project(MEMBER, world, each, every) for each in world.members.all()],
        "organizations": [project(ORGANIZATION, world, each, every) for each in world.organizations.all()],
        "boards": [project(BOARD, world, each, every) for each in world.boards.all()],
        "lists": lists,
        "labels": [project(LABEL, world, each, LABEL_DEFAULT) for each in world.labels.all()],
        "cards": cards,
        "checklists": checklists,
        "webhooks": [project(WEBHOOK, world, each, every) for each in world.webhooks.all()],
        "actions": [action_log.shown(world, each, Params({})) for each in world.actions.all()],
    }


_ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "clock", read_clock),
    ("POST", "clock", set_clock),
    ("POST", "reset", reset),
    ("GET", "requests", read_requests),
    ("DELETE", "requests", clear_requests),
    ("GET", "faults", read_faults),
    ("POST", "faults", add_faults),
    ("DELETE", "faults", clear_faults),
    ("GET", "underway", read_underway),
    ("GET", "switches", read_switches),
    ("POST", "switches", turn_switches),
    ("POST", "tokens", grant_token),
    ("GET", "state", read_state),
)


def routes(sandbox: Sandbox) -> list[Route]:
    """The control routes of this sandbox."""
    return [
        Route(f"/sandbox/{name}", _endpoint(sandbox, handler), methods=[method])
        for method, name, handler in _ROUTES
    ]


def _endpoint(sandbox: Sandbox, handler: Handler) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        if not guard.may_control(request):
            return JSONResponse({"error": _NOT_FOR_YOU}, status_code=403)
        try:
            body = await request.body()
            answer = handler(sandbox, json.loads(body) if body else None)
            return Response(json.dumps(answer), media_type="application/json")
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        except ClientDisconnect:
            return Response(status_code=400)  # to nobody: its client was gone before all of it had come

    return endpoint

"""/sandbox: what Trello does not have: clock, reset, request log, faults, switches, tokens.

These routes ask for no credentials, and answer this machine only.
"""

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
from trello_sandbox.serialisers.actions import serialise_action
from trello_sandbox.serialisers.boards import BOARD, LABEL, LABEL_DEFAULT, LIST
from trello_sandbox.serialisers.cards import CHECKLIST, card_fields
from trello_sandbox.serialisers.fields import serialise
from trello_sandbox.serialisers.people import MEMBER, ORGANIZATION, WEBHOOK
from trello_sandbox.web import guard

_NOT_FOR_YOU = (
    "control routes answer this machine only, asked by a name of its own and from no other web page"
)
# An id has 32 bits for the second of creation.
_YEARS = range(1971, 2106)
_SCOPES = frozenset({"read", "write", "account"})
Json = dict[str, Any]
Handler = Callable[[Sandbox, Any], Any]
"""Answers with JSON, given the JSON that was sent; ValueError becomes a 400."""

# ---- the clock


def read_clock(sandbox: Sandbox, _: Any) -> Json:
    """The sandbox's time, and its distance from real time in seconds."""
    return {"now": trello_time(sandbox.clock.now()), "offset": sandbox.clock.offset.total_seconds()}


def set_clock(sandbox: Sandbox, sent: Any) -> Json:
    """`{"now": "2026-11-16T07:00:00Z"}`, or null for real time. Without an offset it is UTC."""
    if not isinstance(sent, dict) or "now" not in sent:
        raise ValueError('send an object with "now"')
    sandbox.clock.set(_instant(str(sent["now"])) if sent["now"] else None)
    sandbox.deliveries.wake()
    sandbox.touch()
    return read_clock(sandbox, None)


def _instant(text: str) -> dt.datetime:
    instant = dt.datetime.fromisoformat(text)
    if instant.year not in _YEARS:
        raise ValueError(f"the clock goes from {_YEARS[0]} to {_YEARS[-1]}, as far as ids can tell the time")
    return instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)


# ---- reset, requests, faults, switches


def reset(sandbox: Sandbox, _: Any) -> Json:
    """Go back to an empty world."""
    sandbox.reset()
    return {}


def read_requests(sandbox: Sandbox, _: Any) -> Json:
    """The latest requests, and how many there were of each route."""
    return sandbox.requests.table()


def clear_requests(sandbox: Sandbox, _: Any) -> Json:
    """Forget all requests."""
    sandbox.requests.clear()
    return {}


def read_faults(sandbox: Sandbox, _: Any) -> list[Json]:
    """The faults that are still to strike."""
    return sandbox.faults.table()


def add_faults(sandbox: Sandbox, sent: Any) -> list[Json]:
    """Order a fault, or a list of them."""
    sandbox.faults.waiting += faults.parse(sent)
    return sandbox.faults.table()


def clear_faults(sandbox: Sandbox, _: Any) -> list[Json]:
    """Call off all faults."""
    sandbox.faults.waiting.clear()
    return []


def read_underway(sandbox: Sandbox, _: Any) -> Json:
    """The requests whose client waits in vain, and how many are still to be done late."""
    return {"held": sandbox.held, "landing": len(sandbox.landing)}


def read_switches(sandbox: Sandbox, _: Any) -> Json:
    """Every switch, with its setting, default and meaning."""
    return sandbox.switches.table()


def turn_switches(sandbox: Sandbox, sent: Any) -> Json:
    """`{"switch": true, "figure": 5, …}`: all of them or, when one is wrong, none."""
    if not isinstance(sent, dict):
        raise ValueError("send an object of switch names and settings")  # noqa: TRY004 - a bad value
    sandbox.switches.turn(sent)
    return sandbox.switches.table()


# ---- tokens and state


def grant_token(sandbox: Sandbox, sent: Any) -> Json:
    """A new token for `username`, as if made in Trello itself. Who is unknown joins the Workspace as `name`.

    Without `username` it is one more of the robot's app. `scopes` are some of read, write and account, by
    default the first two; `expires` is an instant on the sandbox's clock. `app` names a program that acts in
    that person's name, such as an automation; with `agent`, it is an AI agent.
    """
    if not isinstance(sent, dict) or not {"username", "scopes"} & set(sent):
        raise ValueError('send an object with "username"')
    robot = sandbox.config.tenant.robot
    username = str(sent.get("username") or robot)
    scopes = sent.get("scopes", ["read", "write"])
    if not isinstance(scopes, list) or not scopes or not set(map(str, scopes)) <= _SCOPES:
        raise ValueError(f"scopes are a list of some of {', '.join(sorted(_SCOPES))}, not {scopes!r}")
    expires = trello_time(_instant(str(sent["expires"]))) if sent.get("expires") else None
    member = sandbox.world.hire(username, str(sent.get("name") or username))
    token, agent = secrets.token_hex(32), bool(sent.get("agent"))
    sandbox.world.grant(
        token,
        member,
        person=username != robot,
        scopes=tuple(scopes),
        expires=expires,
        app=str(sent.get("app") or ("Agent" if agent else "")),
        agent=agent,
    )
    sandbox.touch()
    return {"token": token, "member": serialise(MEMBER, sandbox.world, member, ("all",))}


def read_state(sandbox: Sandbox, _: Any) -> Json:
    """Everything there is, uncut and unfiltered, as Trello's JSON; actions for webhooks too."""
    world, every = sandbox.world, ("all",)
    cards = [serialise(card_fields(world), world, each, every) for each in world.cards.all()]
    lists = [serialise(LIST, world, each, every) for each in world.lists.all()]
    checklists = [
        serialise(CHECKLIST, world, each, every)
        for card in world.cards.all()
        for each in world.checklists_of(card)
    ]
    return {
        "now": trello_time(sandbox.clock.now()),
        "members": [serialise(MEMBER, world, each, every) for each in world.members.all()],
        "organizations": [serialise(ORGANIZATION, world, each, every) for each in world.organizations.all()],
        "boards": [serialise(BOARD, world, each, every) for each in world.boards.all()],
        "lists": lists,
        "labels": [serialise(LABEL, world, each, LABEL_DEFAULT) for each in world.labels.all()],
        "cards": cards,
        "checklists": checklists,
        "webhooks": [serialise(WEBHOOK, world, each, every) for each in world.webhooks.all()],
        "actions": [serialise_action(world, each, Params({})) for each in world.actions.all()],
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

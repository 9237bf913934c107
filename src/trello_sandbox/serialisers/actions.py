"""The fields of actions, and the lists of them: filtered, paged, with the people concerned."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from trello_sandbox import limits
from trello_sandbox.clock import trello_time
from trello_sandbox.params import Params, is_object_id
from trello_sandbox.serialisers.display import display
from trello_sandbox.serialisers.fields import Fields, serialise
from trello_sandbox.serialisers.people import MEMBER, MEMBER_IN_ACTION
from trello_sandbox.state.action_log import WEBHOOK_ONLY, references
from trello_sandbox.state.records import Action, Board, Card, Json
from trello_sandbox.state.world import World


def _app(world: World, action: Action) -> Json | None:
    """The program that acted for a member, by id and name; None for people in Trello itself."""
    if action.app:
        return {"id": hashlib.sha256(action.app.encode()).hexdigest()[:24], "name": action.app}
    return {"id": world.app_id, "name": world.tenant.app} if action.by_app else None


ACTION: Fields[Action] = {
    "id": lambda _, a: a.id,
    "idMemberCreator": lambda _, a: a.id_member_creator,
    "data": lambda _, a: a.data,
    "type": lambda _, a: a.type,
    "date": lambda _, a: a.date,
    # By this a client recognises what its own app did. Null for what people do in Trello itself.
    "appCreator": _app,
    # Recorded: reactions are limited on what has a text, and on nothing else.
    "limits": lambda _, a: limits.as_field({}, limits.REACTIONS) if "text" in a.data else {},
    # Its shape is not recorded. A guess: as apps are named.
    "agenticIdentity": lambda w, a: _app(w, a) if a.agent else None,
}
CARD_DEFAULT = "commentCard,updateCard:idList"
"""The filter of a card's actions when none is sent: most of them stay out."""
NESTED_CAP = 300
_FORMATS = frozenset({"count", "list", "minimal"})


def on_board(world: World, board: Board) -> Iterable[Action]:
    """A board's actions, newest first."""
    return reversed(world.actions.of("id_board", board.id).values())


def on_card(world: World, card: Card) -> Iterable[Action]:
    """A card's actions, newest first."""
    return reversed(world.actions.of("id_card", card.id).values())


def listing(world: World, newest: Iterable[Action], params: Params, default: str = "all") -> Any:
    """Actions newest first, as `filter`, `since`, `before`, `limit` and `page` ask; or their count."""
    wanted = _selected(world, newest, params, params.names("filter", default) or ("all",))
    form = params.choice("format", _FORMATS, "list")
    if form == "count":
        return {"_value": sum(1 for _ in wanted)}
    limit = params.whole("limit", 50, 0, limits.COLLECTION)
    # Pages end with the 20th: the log before that is reached with `before` only.
    first = params.whole("page", 0, 0, 19) * limit
    page = islice(wanted, first, first + limit)
    return [serialise_action(world, each, params, minimal=form == "minimal") for each in page]


def _selected(
    world: World, newest: Iterable[Action], params: Params, kinds: tuple[str, ...]
) -> Iterator[Action]:
    since, before = _bound(params, "since"), _bound(params, "before")
    models = set(params.names("idModels"))
    for action in newest:
        # Ids only grow. Dates do not: copied comments bear those of their originals.
        if since and is_object_id(since) and action.id <= since:
            return
        if (
            (not since or _comparable(action, since) >= since)
            and (not before or _comparable(action, before) < before)
            and action.type not in WEBHOOK_ONLY
            and any(_is_kind(world, action, kind) for kind in kinds)
            and (not models or not models.isdisjoint(references(action)))
        ):
            yield action


def _bound(params: Params, name: str) -> str:
    """`since` or `before`: an action's id, or an instant as Trello writes it; "" for none."""
    if not params.filled(name) or params[name] == "lastView":
        return ""
    value = str(params[name])
    return value.lower() if is_object_id(value) else trello_time(params.instant(name))


def _comparable(action: Action, bound: str) -> str:
    """What of an action is compared with a bound: its id with an id, its date with an instant."""
    return action.id if is_object_id(bound) else action.date


def _is_kind(world: World, action: Action, kind: str) -> bool:
    """Whether a filter means the action: `all`, `updateCard`, or `updateCard:idList` for that field alone."""
    if kind == "all":
        return True
    name, _, part = kind.partition(":")
    if action.type != name or not part:
        return action.type == name
    if part in ("due", "dueComplete") and not world.switches.due_subfilters:
        return False
    return part in action.data.get("old", {})


def serialise_action(
    world: World, action: Action, params: Params, *, with_display: bool = False, minimal: bool = False
) -> Json:
    """One action, with its author and the member concerned unless told otherwise.

    `with_display` adds how Trello words it, as in single actions and in webhook deliveries.
    """
    answer = serialise(ACTION, world, action, params.names("fields") or ("all",))
    if not action.agent:  # recorded actions of people have no such field
        answer.pop("agenticIdentity", None)
    if with_display or params.flag("display"):
        answer["display"] = display(world, action)
    # What `format=minimal` leaves out is not recorded. We guess: the people.
    if params.flag("memberCreator", default=not minimal):
        names = params.names("memberCreator_fields")
        answer["memberCreator"] = person(world, action.id_member_creator, names)
    if action.id_member and params.flag("member", default=not minimal):
        answer["member"] = person(world, action.id_member, params.names("member_fields"))
    return answer


def person(world: World, member_id: str, names: tuple[str, ...]) -> Json:
    """A member as actions show them."""
    return serialise(MEMBER, world, world.members[member_id], names or MEMBER_IN_ACTION)

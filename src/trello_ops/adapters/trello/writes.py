"""Changes as requests to Trello."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch
from urllib.parse import quote

from trello_ops.core.bindings import Bindings, Kind
from trello_ops.core.declared import TODO
from trello_ops.core.planning import changes
from trello_ops.core.planning.amendments import member_ids
from trello_ops.errors import NotFound
from trello_ops.messages import say

Value = str | bool | float

NO_REMINDER = -1
"""The `dueReminder` by which Trello reminds nobody (trello-behaviour.md#cards)."""


@dataclass(frozen=True, slots=True)
class Write:
    """A request that changes something.

    Its arguments travel as JSON: long queries are refused (trello-behaviour.md#lengths-and-time-outs).
    """

    method: str
    path: str
    arguments: Mapping[str, Value]


def path(*parts: str) -> str:
    """A path of these parts, each escaped: `/boards/ID/members/NAME`."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


def iso(instant: dt.datetime) -> str:
    """An instant as Trello writes it: UTC, with milliseconds and a `Z`."""
    return instant.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@singledispatch
def write_for(change: changes.Change, _bindings: Bindings) -> Write:
    """The one request that performs a change.

    Raises `NotFound` when something that it needs is not on Trello yet, and ValueError for changes that do
    not touch Trello. A `CreateBoard` must name its Trello Workspace by the id, not the short name.
    """
    raise ValueError(f"{type(change).__name__} is not a change of Trello ({change.subject}).")


@write_for.register
def _(change: changes.CreateBoard, _bindings: Bindings) -> Write:
    return Write(
        "POST",
        "/boards",
        {
            "name": change.title,
            "desc": change.description,
            "idOrganization": change.workspace,
            # With a slash where a board is edited (trello-behaviour.md#boards-and-lists).
            "prefs_permissionLevel": "org",
            "defaultLists": False,
            "defaultLabels": False,
        },
    )


@write_for.register
def _(change: changes.EditBoard, bindings: Bindings) -> Write:
    edits = {
        "name": change.title,
        "desc": change.description,
        "prefs/permissionLevel": "org" if change.visible else None,
        "closed": False if change.reopen else None,
    }
    return Write("PUT", path("boards", _bound(bindings, Kind.BOARD, change.board)), _given(edits))


@write_for.register
def _(change: changes.CreateList, bindings: Bindings) -> Write:
    board = _bound(bindings, Kind.BOARD, change.board)
    return Write("POST", "/lists", {"name": change.title, "idBoard": board, "pos": change.position})


@write_for.register
def _(change: changes.EditList, bindings: Bindings) -> Write:
    edits = {"name": change.title, "pos": change.position, "closed": False if change.reopen else None}
    return Write("PUT", path("lists", _bound(bindings, Kind.LIST, change.board, change.key)), _given(edits))


@write_for.register
def _(change: changes.CreateLabel, bindings: Bindings) -> Write:
    board = _bound(bindings, Kind.BOARD, change.board)
    return Write("POST", "/labels", {"name": change.title, "color": change.colour, "idBoard": board})


@write_for.register
def _(change: changes.EditLabel, bindings: Bindings) -> Write:
    label = _bound(bindings, Kind.LABEL, change.board, change.key)
    return Write("PUT", path("labels", label), {"name": change.title, "color": change.colour})


@write_for.register
def _(change: changes.AddMember, bindings: Bindings) -> Write:
    board = _bound(bindings, Kind.BOARD, change.board)
    # A path takes a username for the id (trello-behaviour.md#members); usernames are lower-case.
    return Write("PUT", path("boards", board, "members", change.username.lower()), {"type": "normal"})


@write_for.register
def _(change: changes.CreateTemplateCard, bindings: Bindings) -> Write:
    return Write(
        "POST",
        "/cards",
        {
            "idList": _bound(bindings, Kind.LIST, change.board, TODO),
            "name": change.text.title,
            "desc": change.text.description,
            "idLabels": _bound(bindings, Kind.LABEL, change.board, change.theme),
            "isTemplate": True,
            "pos": change.position,
        },
    )


@write_for.register
def _(change: changes.EditTemplateCard, bindings: Bindings) -> Write:
    card = _bound(bindings, Kind.TEMPLATE, change.board, change.task)
    text = {"name": change.text.title, "desc": change.text.description}
    return Write("PUT", path("cards", card), {**text, "isTemplate": True})


@write_for.register
def _(change: changes.CreateCard, bindings: Bindings) -> Write:
    # Only members of the board can be put on its cards (trello-behaviour.md#members); others have no binding
    # yet. Each id once, since Trello refuses one that comes twice (trello-behaviour.md#cards).
    members = member_ids(bindings, change.board, change.assignees)
    arguments: dict[str, Value] = {
        "idList": _bound(bindings, Kind.LIST, change.board, TODO),
        "name": change.text.title,
        "desc": change.text.description,
        "idLabels": _bound(bindings, Kind.LABEL, change.board, change.theme),
        "start": iso(change.start),
        "due": iso(change.due),
        "dueReminder": NO_REMINDER if change.remind is None else change.remind,
        # Said though they are the defaults: a copy may inherit them (trello-behaviour.md#copies).
        "dueComplete": False,
        "isTemplate": False,
        "pos": change.position,
    }
    if members:
        arguments["idMembers"] = ",".join(members)
    if change.copy_checklists:
        arguments["idCardSource"] = _bound(bindings, Kind.TEMPLATE, change.board, change.key.task)
        arguments["keepFromSource"] = "checklists"
    return Write("POST", "/cards", arguments)


@write_for.register
def _(change: changes.AmendCard, bindings: Bindings) -> Write:
    edits: dict[str, Value | None] = {
        "name": change.title.after if change.title else None,
        "desc": change.text.after if change.text else None,
        "due": iso(change.due.after) if change.due else None,
        "start": iso(change.start.after) if change.start else None,
    }
    if change.people:
        # Replaces all members. Empty, Trello may ignore it: `RemoveMember` is for that.
        edits["idMembers"] = ",".join(member_ids(bindings, change.board, change.people.after)) or None
    return Write("PUT", path("cards", change.card_id), _given(edits))


@write_for.register
def _(change: changes.RemoveMember, _bindings: Bindings) -> Write:
    return Write("DELETE", path("cards", change.card_id, "idMembers", change.member_id), {})


@write_for.register
def _(change: changes.AddChecklist, _bindings: Bindings) -> Write:
    return Write(
        "POST", "/checklists", {"idCard": change.card_id, "name": change.title, "pos": change.position}
    )


@write_for.register
def _(change: changes.AddCheckItem, _bindings: Bindings) -> Write:
    items = path("checklists", change.checklist_id, "checkItems")
    return Write("POST", items, {"name": change.title, "pos": change.position})


@write_for.register
def _(change: changes.AddAssignee, bindings: Bindings) -> Write:
    # Not by editing the card, which would replace whoever was put on it meanwhile.
    person = _bound(bindings, Kind.PERSON, change.board, change.person)
    return Write("POST", path("cards", change.card_id, "idMembers"), {"value": person})


@write_for.register
def _(change: changes.AddComment, _bindings: Bindings) -> Write:
    return Write("POST", path("cards", change.card_id, "actions", "comments"), {"text": change.text})


@write_for.register(changes.ArchiveCard)
@write_for.register(changes.ArchiveTemplateCard)
def _(change: changes.ArchiveCard | changes.ArchiveTemplateCard, _bindings: Bindings) -> Write:
    return Write("PUT", path("cards", change.card_id), {"closed": True})


@write_for.register
def _(change: changes.MoveCard, bindings: Bindings) -> Write:
    target = _bound(bindings, Kind.LIST, change.board, change.to)
    return Write("PUT", path("cards", change.card_id), {"idList": target})


_KINDS = {
    Kind.LIST: say("list"),
    Kind.LABEL: say("label"),
    Kind.PERSON: say("person"),
    Kind.TEMPLATE: say("template"),
}


def _bound(bindings: Bindings, kind: Kind, board: str, key: str = "") -> str:
    """The Trello id of a declared thing. Raises `NotFound` when it has none yet."""
    found = bindings.id(kind, board, key)
    if found is None:
        raise NotFound(
            say(
                "The board %(board)s is not on Trello yet, as far as we know. Run `trello-ops apply`.",
                board=board,
            )
            if kind is Kind.BOARD
            else say(
                "The %(kind)s %(key)s of board %(board)s is not on Trello yet, as far as we know. Run"
                " `trello-ops apply`.",
                kind=_KINDS.get(kind, str(kind)),
                key=key,
                board=board,
            )
        )
    return found


def _given(edits: Mapping[str, Value | None]) -> dict[str, Value]:
    """Only the fields that are to be edited."""
    return {name: value for name, value in edits.items() if value is not None}

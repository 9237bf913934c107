"""Trello's JSON as core values: which fields to ask for, and how to read them.

Unknown fields are ignored and `null` is taken for "none" wherever Trello is known to send it
(trello-behaviour.md#answers). A missing field that we need raises KeyError, a wrong one TypeError or
ValueError.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import structlog

from trello_ops.core.objectid import created_at
from trello_ops.core.trello import (
    Action,
    BoardSummary,
    Card,
    CheckedItem,
    FieldChange,
    Limit,
    Member,
    Snapshot,
    TrelloCheckItem,
    TrelloChecklist,
    TrelloLabel,
    TrelloList,
    TrelloWorkspace,
    Webhook,
)

Json = Mapping[str, Any]

_log = structlog.get_logger()

MEMBER_FIELDS = "username,fullName"
BOARD_FIELDS = "name,desc,closed,shortUrl"
SNAPSHOT_FIELDS = f"{BOARD_FIELDS},idOrganization,prefs,limits,dateLastActivity"
LIST_FIELDS = "name,closed,pos"
LABEL_FIELDS = "name,color"
CARD_FIELDS = (
    "name,desc,idBoard,idList,idLabels,idMembers,start,due,dueComplete,closed,isTemplate,shortUrl,badges"
)
ACTION_FIELDS = "type,date,data"
ACTION_TYPES = (
    "updateCard,createCard,copyCard,deleteCard,moveCardToBoard,moveCardFromBoard,"
    "convertToCardFromCheckItem,emailCard,addMemberToCard,removeMemberFromCard,updateCheckItemStateOnCard,"
    "updateBoard"
)
"""`updateCard` whole: its sub-filters are not all documented (trello-behaviour.md#action-log)."""
# Actions by which a card first appears on a board (trello-behaviour.md#action-log).
_MAKINGS = ("createCard", "copyCard", "convertToCardFromCheckItem", "emailCard", "moveCardToBoard")


def instant(text: str) -> dt.datetime:
    """An instant of Trello's, in UTC."""
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def member(answer: Json) -> Member:
    """A person, by id, username and full name."""
    # JSON can carry half of a surrogate pair, which the ledger could not store.
    names = (answer["username"], answer.get("fullName") or "")
    return Member(answer["id"], *(name.encode("utf-8", "replace").decode() for name in names))


def workspace(answer: Json) -> TrelloWorkspace:
    """A Trello Workspace, by id, short name and title."""
    return TrelloWorkspace(answer["id"], answer["name"], answer.get("displayName") or "")


def board(answer: Json) -> BoardSummary:
    """A board without what is on it."""
    return BoardSummary(
        id=answer["id"],
        title=answer["name"],
        description=answer.get("desc") or "",
        closed=bool(answer["closed"]),
        url=answer["shortUrl"],
        created_at=created_at(answer["id"]),
    )


def last_active(answer: Json) -> dt.datetime | None:
    """When a board was last active; `None` where Trello does not say."""
    return _maybe_instant(answer.get("dateLastActivity"))


def webhook(answer: Json) -> Webhook:
    """A webhook; one that Trello has disabled is not active."""
    return Webhook(answer["id"], answer["idModel"], answer["callbackURL"], bool(answer["active"]))


def snapshot(answer: Json) -> Snapshot:
    """A board with everything on it.

    Checklists come beside the cards and each name their card. Without them, the cards' `checklists` stay
    `None`.
    """
    cards = answer["cards"]
    if answer.get("checklists") is not None:
        of_card: dict[str, list[Json]] = {}
        for each in answer["checklists"]:
            of_card.setdefault(each["idCard"], []).append(each)
        cards = [{**each, "checklists": of_card.get(each["id"], [])} for each in cards]
    return Snapshot(
        board=board(answer),
        workspace_id=answer["idOrganization"],
        visibility=answer["prefs"]["permissionLevel"],
        lists=tuple(map(trello_list, answer["lists"])),
        labels=tuple(map(label, answer["labels"])),
        members=tuple(filter(None, map(_person, answer["members"]))),
        cards=tuple(map(card, cards)),
        limits=tuple(_limits(answer.get("limits") or {})),
        active_at=last_active(answer),
    )


def _limits(answer: Json) -> Iterator[Limit]:
    """A board's object limits, from `limits.<thing>.<scope>`. Skips those of another shape."""
    for thing, scopes in answer.items():
        for scope, told in (scopes or {}).items():
            most = told.get("disableAt")
            if isinstance(most, int):
                yield Limit(f"{thing}.{scope}", str(told.get("status")), most, told.get("count"))


def trello_list(answer: Json) -> TrelloList:
    """A list of a board, archived or not."""
    return TrelloList(answer["id"], answer["name"], bool(answer["closed"]), _position(answer))


def label(answer: Json) -> TrelloLabel:
    """A label; its name may be empty and its colour `None`."""
    return TrelloLabel(answer["id"], answer.get("name") or "", answer.get("color"))


def card(answer: Json) -> Card:
    """A card. `checklists` are `None` unless the answer has them."""
    return Card(
        id=answer["id"],
        url=answer["shortUrl"],
        title=answer["name"],
        description=answer.get("desc") or "",
        board_id=answer["idBoard"],
        list_id=answer["idList"],
        label_ids=tuple(answer.get("idLabels") or ()),
        member_ids=tuple(answer.get("idMembers") or ()),
        start=_maybe_instant(answer.get("start")),
        due=_maybe_instant(answer.get("due")),
        ticked=bool(answer["dueComplete"]),
        closed=bool(answer["closed"]),
        is_template=bool(answer.get("isTemplate")),
        item_count=item_count(answer),
        created_at=created_at(answer["id"]),
        checklists=_checklists(answer),
        checked_count=_badge(answer, "checkItemsChecked"),
        attachment_count=_badge(answer, "attachments"),
        comment_count=_badge(answer, "comments"),
    )


def item_count(answer: Json) -> int:
    """How many check items a card has."""
    return _badge(answer, "checkItems")


def _badge(answer: Json, name: str) -> int:
    return int((answer.get("badges") or {}).get(name) or 0)


def action(answer: Json) -> Action:
    """An action; one of a shape we do not know says no more than that it happened."""
    # Not raised: the same action would be met at every read, and stop it each time.
    try:
        return _action(answer)
    except (KeyError, TypeError, ValueError, AttributeError):
        _log.warning("action.odd", action=answer["id"], type=answer["type"])
    return Action(answer["id"], instant(answer["date"]), answer["type"], card_id=None, by=None)


def _action(answer: Json) -> Action:
    data = answer.get("data") or {}
    changed, old = data.get("card") or {}, data.get("old") or {}
    kind = answer["type"]
    item = None
    if kind == "updateCheckItemStateOnCard":
        item = CheckedItem(data["checkItem"]["id"], data["checkItem"]["state"] == "complete")
    return Action(
        id=answer["id"],
        at=instant(answer["date"]),
        type=kind,
        card_id=changed.get("id"),
        by=_person(answer.get("memberCreator")),
        ticked=_was(changed, old, "dueComplete", bool),
        moved=_move(kind, data, changed, old),
        archived=_was(changed, old, "closed", bool),
        renamed=_was(changed, old, "name", lambda text: text or ""),
        described=_was(changed, old, "desc", lambda text: text or ""),
        start=_was(changed, old, "start", _maybe_instant),
        due=_was(changed, old, "due", _maybe_instant),
        member=_member_concerned(answer, data),
        item=item,
        labelled=_label_changes(kind, "addLabelToCard", data, changed, old),
        unlabelled=_label_changes(kind, "removeLabelFromCard", data, old, changed),
        other_board=(data.get("boardTarget") or data.get("boardSource") or {}).get("id"),
        board_closed=_closing(kind, data, old),
    )


def _closing(kind: str, data: Json, old: Json) -> bool | None:
    """Whether the board was closed or opened again; `None` where neither was done."""
    board = data.get("board") or {}
    told = kind == "updateBoard" and "closed" in old and "closed" in board
    return bool(board["closed"]) if told else None


def _was(changed: Json, old: Json, field: str, read: Callable[[Any], Any]) -> FieldChange | None:
    """What a field was and became; `None` unless the action tells both."""
    return FieldChange(read(old[field]), read(changed[field])) if field in old and field in changed else None


def _move(kind: str, data: Json, changed: Json, old: Json) -> FieldChange | None:
    """The lists that a card came from and went to, by id; `None` outside the board."""
    here = (data.get("list") or {}).get("id")
    if here and kind in _MAKINGS:
        return FieldChange(None, here)
    if here and kind == "moveCardFromBoard":
        return FieldChange(here, None)
    # `listBefore` and `listAfter` may be missing (trello-behaviour.md#action-log).
    before = (data.get("listBefore") or {}).get("id") or old.get("idList")
    after = (data.get("listAfter") or {}).get("id") or changed.get("idList")
    return FieldChange(before, after) if before and after else None


def _person(answer: Json | None) -> Member | None:
    """A member; `None` for a deleted account, of which Trello tells no username."""
    return member(answer) if answer and answer.get("username") else None


def _member_concerned(answer: Json, data: Json) -> Member | None:
    """The member put on or taken off a card; by id alone where the names are not told."""
    if not data.get("idMember"):
        return None
    return _person(answer.get("member")) or Member(data["idMember"], "", "")


def _label_changes(kind: str, one_label: str, data: Json, now: Json, before: Json) -> frozenset[str]:
    """The ids of the labels that `now` has and `before` has not, or the one of an action `one_label`.

    Such actions come with webhooks only, but should a log have one, it counts
    (trello-behaviour.md#action-log).
    """
    if kind == one_label:
        return frozenset({data["label"]["id"]})
    return frozenset(now.get("idLabels") or ()) - frozenset(before.get("idLabels") or ())


def _checklists(answer: Json) -> tuple[TrelloChecklist, ...] | None:
    """A card's checklists and their items, each sorted by position."""
    if answer.get("checklists") is None:
        return None
    found = []
    for each in answer["checklists"]:
        items = (
            TrelloCheckItem(item["id"], item["name"], item.get("state") == "complete", _position(item))
            for item in each["checkItems"]
        )
        in_order = tuple(sorted(items, key=lambda item: item.position))
        found.append(TrelloChecklist(each["id"], each["name"], _position(each), in_order))
    return tuple(sorted(found, key=lambda checklist: checklist.position))


def _position(answer: Json) -> float:
    return float(answer.get("pos") or 0)


def _maybe_instant(text: str | None) -> dt.datetime | None:
    return instant(text) if text else None

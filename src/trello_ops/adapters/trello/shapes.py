"""Trello's JSON as core values: which fields to ask for, and how to read them.

Unknown fields are ignored and `null` is taken for "none" wherever Trello is known to send it
(trello-behaviour.md#answers). A missing field that we need raises KeyError, a wrong one TypeError or
ValueError; in an action, which would be met again at each reading, it makes the action say nothing.
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
    "convertToCardFromCheckItem,emailCard,addMemberToCard,removeMemberFromCard,updateCheckItemStateOnCard"
)
"""`updateCard` whole: its sub-filters are not all documented (trello-behaviour.md#action-log)."""
_MAKINGS = ("createCard", "copyCard", "convertToCardFromCheckItem", "emailCard", "moveCardToBoard")


def instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def member(answer: Json) -> Member:
    """Names go into the ledger; half of a surrogate pair, which JSON can carry, could not be stored."""
    names = (answer["username"], answer.get("fullName") or "")
    return Member(answer["id"], *(name.encode("utf-8", "replace").decode() for name in names))


def board(answer: Json) -> BoardSummary:
    return BoardSummary(
        id=answer["id"],
        title=answer["name"],
        description=answer.get("desc") or "",
        closed=bool(answer["closed"]),
        url=answer["shortUrl"],
        created_at=created_at(answer["id"]),
    )


def last_active(answer: Json) -> dt.datetime | None:
    """Of a board; `None` where Trello does not say."""
    return _maybe_instant(answer.get("dateLastActivity"))


def webhook(answer: Json) -> Webhook:
    return Webhook(answer["id"], answer["idModel"], answer["callbackURL"], bool(answer["active"]))


def snapshot(answer: Json) -> Snapshot:
    """A board's answer, whose checklists, if it has any, each name their card."""
    return Snapshot(
        board=board(answer),
        workspace_id=answer["idOrganization"],
        visibility=answer["prefs"]["permissionLevel"],
        lists=tuple(trello_list(each) for each in answer["lists"]),
        labels=tuple(label(each) for each in answer["labels"]),
        members=tuple(filter(None, map(_person, answer["members"]))),
        cards=tuple(card(each) for each in _with_checklists(answer)),
        limits=tuple(_limits(answer.get("limits") or {})),
        active_at=last_active(answer),
    )


def _with_checklists(board_answer: Json) -> Iterator[Json]:
    """The cards, each with its own of the board's checklists where the answer has these."""
    if board_answer.get("checklists") is None:
        yield from board_answer["cards"]
        return
    of_card: dict[str, list[Json]] = {}
    for each in board_answer["checklists"]:
        of_card.setdefault(each["idCard"], []).append(each)
    for each in board_answer["cards"]:
        yield {**each, "checklists": of_card.get(each["id"], [])}


def _limits(answer: Json) -> Iterator[Limit]:
    """From `limits.<thing>.<scope>`. They only warn, so one of another shape is passed over."""
    for thing, scopes in answer.items():
        for scope, told in (scopes or {}).items():
            most = told.get("disableAt")
            if isinstance(most, int):
                yield Limit(f"{thing}.{scope}", str(told.get("status")), most, told.get("count"))


def trello_list(answer: Json) -> TrelloList:
    return TrelloList(answer["id"], answer["name"], bool(answer["closed"]), _position(answer))


def label(answer: Json) -> TrelloLabel:
    return TrelloLabel(answer["id"], answer.get("name") or "", answer.get("color"))


def card(answer: Json) -> Card:
    """`checklists` stay `None` unless the answer has them."""
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
    """One that makes no sense to us says no more than that it happened."""
    try:
        return _action(answer)
    except (KeyError, TypeError, ValueError, AttributeError):
        _log.warning("action.odd", action=answer["id"], type=answer["type"])
    return Action(answer["id"], instant(answer["date"]), answer["type"], card_id=None, by=None)


def _action(answer: Json) -> Action:
    data = answer.get("data") or {}
    changed, old = data.get("card") or {}, data.get("old") or {}
    return Action(
        id=answer["id"],
        at=instant(answer["date"]),
        type=answer["type"],
        card_id=changed.get("id"),
        by=_person(answer.get("memberCreator")),
        ticked=_flag(changed, old, "dueComplete"),
        moved=_move(answer["type"], data, changed, old),
        archived=_flag(changed, old, "closed"),
        renamed=_was(changed, old, "name", _text),
        described=_was(changed, old, "desc", _text),
        start=_was(changed, old, "start", _maybe_instant),
        due=_was(changed, old, "due", _maybe_instant),
        member=_member_concerned(answer, data),
        item=_checked_item(data) if answer["type"] == "updateCheckItemStateOnCard" else None,
        labelled=_labels_put_on(answer["type"], data),
        unlabelled=_labels_taken_off(answer["type"], data),
        other_board=(data.get("boardTarget") or data.get("boardSource") or {}).get("id"),
    )


def _flag(changed: Json, old: Json, field: str) -> FieldChange | None:
    return _was(changed, old, field, bool)


def _was(changed: Json, old: Json, field: str, read: Callable[[Any], Any]) -> FieldChange | None:
    """What an action says that a field was, and became."""
    return FieldChange(read(old[field]), read(changed[field])) if field in old and field in changed else None


def _move(kind: str, data: Json, changed: Json, old: Json) -> FieldChange | None:
    """Where a card came from and went. The two lists may be missing (trello-behaviour.md#action-log)."""
    here = (data.get("list") or {}).get("id")
    if here and kind in _MAKINGS:
        return FieldChange(None, here)
    if here and kind == "moveCardFromBoard":
        return FieldChange(here, None)
    before = (data.get("listBefore") or {}).get("id") or old.get("idList")
    after = (data.get("listAfter") or {}).get("id") or changed.get("idList")
    return FieldChange(before, after) if before and after else None


def _person(answer: Json | None) -> Member | None:
    """`None` for an account that is gone, of which no username is told."""
    return member(answer) if answer and answer.get("username") else None


def _member_concerned(answer: Json, data: Json) -> Member | None:
    """Whom an action was about: all of them where it is told, else the id and no name."""
    if not data.get("idMember"):
        return None
    return _person(answer.get("member")) or Member(data["idMember"], "", "")


def _checked_item(data: Json) -> CheckedItem:
    return CheckedItem(data["checkItem"]["id"], data["checkItem"]["state"] == "complete")


def _labels_put_on(kind: str, data: Json) -> frozenset[str]:
    """Also of an `addLabelToCard`, though webhooks only have it (trello-behaviour.md#action-log)."""
    if kind == "addLabelToCard":
        return frozenset({data["label"]["id"]})
    return _label_ids(data.get("card")) - _label_ids(data.get("old"))


def _labels_taken_off(kind: str, data: Json) -> frozenset[str]:
    if kind == "removeLabelFromCard":
        return frozenset({data["label"]["id"]})
    return _label_ids(data.get("old")) - _label_ids(data.get("card"))


def _label_ids(part: Json | None) -> frozenset[str]:
    return frozenset((part or {}).get("idLabels") or ())


def _checklists(answer: Json) -> tuple[TrelloChecklist, ...] | None:
    if answer.get("checklists") is None:
        return None
    found = (
        TrelloChecklist(each["id"], each["name"], _position(each), _items(each))
        for each in answer["checklists"]
    )
    return tuple(sorted(found, key=lambda checklist: checklist.position))


def _items(checklist: Json) -> tuple[TrelloCheckItem, ...]:
    found = (
        TrelloCheckItem(each["id"], each["name"], each.get("state") == "complete", _position(each))
        for each in checklist["checkItems"]
    )
    return tuple(sorted(found, key=lambda item: item.position))


def _position(answer: Json) -> float:
    return float(answer.get("pos") or 0)


def _text(text: str | None) -> str:
    return text or ""


def _maybe_instant(text: str | None) -> dt.datetime | None:
    return instant(text) if text else None

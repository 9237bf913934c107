"""Trello's JSON as core values: which fields to ask for, and how to read them.

Unknown fields are ignored and `null` is taken for "none" wherever Trello is known to send it (facts sheet
§10, §11). A missing field that we need raises KeyError, a wrong one TypeError or ValueError.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from trello_ops.core.model import (
    Action,
    BoardSummary,
    Card,
    Limit,
    Member,
    Snapshot,
    TrelloCheckItem,
    TrelloChecklist,
    TrelloLabel,
    TrelloList,
    Was,
)
from trello_ops.core.objectid import created_at

Json = Mapping[str, Any]

MEMBER_FIELDS = "username,fullName"
BOARD_FIELDS = "name,desc,closed,shortUrl"
SNAPSHOT_FIELDS = f"{BOARD_FIELDS},idOrganization,prefs,limits"
LIST_FIELDS = "name,closed,pos"
LABEL_FIELDS = "name,color"
CARD_FIELDS = (
    "name,desc,idBoard,idList,idLabels,idMembers,start,due,dueComplete,closed,isTemplate,shortUrl,badges"
)
ACTION_FIELDS = "type,date,data"
ACTION_TYPES = (
    "updateCard,createCard,copyCard,deleteCard,moveCardToBoard,moveCardFromBoard,"
    "convertToCardFromCheckItem,emailCard,addMemberToCard,removeMemberFromCard"
)
"""`updateCard` whole: that its parts can be asked for one by one is not all documented (§4.2)."""


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


def snapshot(answer: Json) -> Snapshot:
    return Snapshot(
        board=board(answer),
        workspace_id=answer["idOrganization"],
        visibility=answer["prefs"]["permissionLevel"],
        lists=tuple(trello_list(each) for each in answer["lists"]),
        labels=tuple(label(each) for each in answer["labels"]),
        members=tuple(member(each) for each in answer["members"]),
        cards=tuple(card(each) for each in answer["cards"]),
        limits=tuple(_limits(answer.get("limits") or {})),
    )


def _limits(answer: Json) -> Iterator[Limit]:
    """From `limits.<thing>.<scope>`. They only warn, so one of another shape is passed over."""
    for thing, scopes in answer.items():
        for scope, told in scopes.items():
            most = told.get("disableAt")
            if isinstance(most, int):
                yield Limit(f"{thing}.{scope}", str(told.get("status")), most, told.get("count"))


def trello_list(answer: Json) -> TrelloList:
    return TrelloList(answer["id"], answer["name"], bool(answer["closed"]), float(answer["pos"]))


def label(answer: Json) -> TrelloLabel:
    return TrelloLabel(answer["id"], answer.get("name") or "", answer["color"])


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
    )


def item_count(answer: Json) -> int:
    """How many check items a card has."""
    return int((answer.get("badges") or {}).get("checkItems") or 0)


def action(answer: Json) -> Action:
    data = answer.get("data") or {}
    changed, old = data.get("card") or {}, data.get("old") or {}
    by = answer.get("memberCreator")
    return Action(
        id=answer["id"],
        at=instant(answer["date"]),
        type=answer["type"],
        card_id=changed.get("id"),
        by=member(by) if by else None,
        ticked=_flag(changed, old, "dueComplete"),
        moved=_move(data, changed, old),
        archived=_flag(changed, old, "closed"),
        renamed=_was(changed, old, "name", _text),
        described=_was(changed, old, "desc", _text),
        start=_was(changed, old, "start", _maybe_instant),
        due=_was(changed, old, "due", _maybe_instant),
        member_id=data.get("idMember"),
    )


def _flag(changed: Json, old: Json, field: str) -> Was | None:
    return _was(changed, old, field, bool)


def _was(changed: Json, old: Json, field: str, read: Callable[[Any], Any]) -> Was | None:
    """What an action says that a field was, and became."""
    return Was(read(old[field]), read(changed[field])) if field in old and field in changed else None


def _move(data: Json, changed: Json, old: Json) -> Was | None:
    """Where a card came from and went: Trello's own example lacks the two lists (§4.3)."""
    before = (data.get("listBefore") or {}).get("id") or old.get("idList")
    after = (data.get("listAfter") or {}).get("id") or changed.get("idList")
    return Was(before, after) if before and after else None


def _checklists(answer: Json) -> tuple[TrelloChecklist, ...] | None:
    if "checklists" not in answer:
        return None
    found = (
        TrelloChecklist(each["id"], each["name"], float(each["pos"]), _items(each))
        for each in answer["checklists"]
    )
    return tuple(sorted(found, key=lambda checklist: checklist.position))


def _items(checklist: Json) -> tuple[TrelloCheckItem, ...]:
    found = (
        TrelloCheckItem(each["id"], each["name"], each["state"] == "complete", float(each["pos"]))
        for each in checklist["checkItems"]
    )
    return tuple(sorted(found, key=lambda item: item.position))


def _text(text: str | None) -> str:
    return text or ""


def _maybe_instant(text: str | None) -> dt.datetime | None:
    return instant(text) if text else None

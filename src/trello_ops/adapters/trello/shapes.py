"""Trello's JSON as core values: which fields to ask for, and how to read them.

Unknown fields are ignored and `null` is taken for "none" wherever Trello is known to send it
(trello-behaviour.md#answers). A missing field that we need, and a wrong one, raise one of `MISSHAPEN`.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import structlog

from trello_ops.core.objectid import created_at
from trello_ops.core.trello import (
    Action,
    BoardSummary,
    Card,
    CheckedItem,
    Comment,
    FieldChange,
    Grant,
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
T = TypeVar("T")

_log = structlog.get_logger()

MISSHAPEN = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
"""What reading an answer of another shape raises."""

MEMBER_FIELDS = "username,fullName"
BOARD_FIELDS = "name,desc,closed,shortUrl"
SNAPSHOT_FIELDS = f"{BOARD_FIELDS},idOrganization,prefs,limits,dateLastActivity"
LIST_FIELDS = "name,closed,pos"
LABEL_FIELDS = "name,color"
CARD_FIELDS = (
    "name,desc,idBoard,idList,idLabels,idMembers,start,due,dueReminder,dueComplete,closed,isTemplate,"
    "shortUrl,badges"
)
ACTION_FIELDS = "type,date,data,appCreator,agenticIdentity"
ACTION_TYPES = (
    "updateCard,createCard,copyCard,deleteCard,moveCardToBoard,moveCardFromBoard,"
    "convertToCardFromCheckItem,emailCard,addMemberToCard,removeMemberFromCard,updateCheckItemStateOnCard,"
    "commentCard,addAttachmentToCard,updateBoard"
)
"""`updateCard` whole: its sub-filters are not all documented (trello-behaviour.md#action-log)."""
# What Trello's own programs for people are called, such as "Trello for Android".
_TRELLOS_OWN = "trello"
# Actions by which a card first appears on a board (trello-behaviour.md#action-log).
_MAKINGS = ("createCard", "copyCard", "convertToCardFromCheckItem", "emailCard", "moveCardToBoard")


def instant(text: str) -> dt.datetime:
    """An instant of Trello's, in UTC."""
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def text(answer: Json, name: str) -> str:
    """A text that must be there."""
    return _text(answer[name])


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, not {type(value).__name__}")
    # JSON can carry half of a surrogate pair, which the ledger could not store.
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def maybe_text(answer: Json, name: str) -> str:
    """A text, "" for null and for none."""
    value = answer.get(name)
    return "" if value is None else _text(value)


def _texts(answer: Json, name: str) -> tuple[str, ...]:
    """A list of ids, empty for null and for none."""
    value = answer.get(name)
    if not isinstance(value, list | None):
        raise TypeError(f"a list was expected, not {type(value).__name__}")
    return tuple(map(_text, value or ()))


def each(shape: Callable[[Json], T]) -> Callable[[Any], tuple[T, ...]]:
    """What reads a list of answers. Anything else is refused: an empty object is not "no cards"."""
    return lambda answers: tuple(map(shape, listed(answers)))


def listed(value: Any) -> list[Json]:
    """A list that must be there."""
    if not isinstance(value, list):
        raise TypeError(f"a list was expected, not {type(value).__name__}")
    return value


def _flag(value: object) -> bool:
    """True or false, which null stands for as well."""
    if not isinstance(value, bool | None):
        raise TypeError(f"true or false was expected, not {type(value).__name__}")
    return bool(value)


def member(answer: Json) -> Member:
    """A person, by id, username and full name."""
    return Member(text(answer, "id"), text(answer, "username"), maybe_text(answer, "fullName"))


def membership(answer: Json) -> tuple[str, str]:
    """A member's id, and the kind of the membership."""
    return text(answer, "idMember"), text(answer, "memberType")


def workspace(answer: Json) -> TrelloWorkspace:
    """A Trello Workspace, by id, short name and title."""
    return TrelloWorkspace(text(answer, "id"), text(answer, "name"), maybe_text(answer, "displayName"))


def board(answer: Json) -> BoardSummary:
    """A board without what is on it."""
    return BoardSummary(
        id=text(answer, "id"),
        title=text(answer, "name"),
        description=maybe_text(answer, "desc"),
        closed=_flag(answer["closed"]),
        url=text(answer, "shortUrl"),
        created_at=created_at(answer["id"]),
    )


def last_active(answer: Json) -> dt.datetime | None:
    """When a board was last active; `None` where Trello does not say."""
    return _maybe_instant(answer.get("dateLastActivity"))


def webhook(answer: Json) -> Webhook:
    """A webhook; one that Trello has disabled is not active."""
    active = _flag(answer["active"])
    return Webhook(text(answer, "id"), text(answer, "idModel"), text(answer, "callbackURL"), active)


def grant(answer: Json) -> Grant:
    """What a token may do with everything of a kind."""
    expires, rights = maybe_text(answer, "dateExpires"), listed(answer["permissions"])

    def may(verb: str) -> frozenset[str]:
        return frozenset(
            text(right, "modelType") for right in rights if right["idModel"] == "*" and _flag(right[verb])
        )

    return Grant(instant(expires) if expires else None, may("read"), may("write"))


def snapshot(answer: Json) -> Snapshot:
    """A board with everything on it.

    Checklists come beside the cards and each name their card. Without them, the cards' `checklists` stay
    `None`.
    """
    cards = listed(answer["cards"])
    if answer.get("checklists") is not None:
        of_card: dict[str, list[Json]] = {}
        for one in listed(answer["checklists"]):
            of_card.setdefault(one["idCard"], []).append(one)
        cards = [{**one, "checklists": of_card.get(one["id"], [])} for one in cards]
    return Snapshot(
        board=board(answer),
        workspace_id=maybe_text(answer, "idOrganization") or None,
        visibility=text(answer["prefs"], "permissionLevel"),
        lists=each(trello_list)(answer["lists"]),
        labels=each(label)(answer["labels"]),
        members=tuple(filter(None, map(_person, listed(answer["members"])))),
        cards=tuple(map(card, cards)),
        limits=tuple(_limits(answer.get("limits") or {})),
        active_at=last_active(answer),
    )


def _limits(answer: Json) -> Iterator[Limit]:
    """A board's object limits, from `limits.<thing>.<scope>`. Skips those of another shape."""
    for thing, scopes in answer.items():
        for scope, told in (scopes or {}).items():
            most = told.get("disableAt")
            if type(most) is int:
                count = told.get("count")
                known = count if type(count) is int else None
                yield Limit(f"{thing}.{scope}", str(told.get("status")), most, known)


def trello_list(answer: Json) -> TrelloList:
    """A list of a board, archived or not."""
    return TrelloList(text(answer, "id"), text(answer, "name"), _flag(answer["closed"]), _position(answer))


def label(answer: Json) -> TrelloLabel:
    """A label; its name may be empty and its colour `None`."""
    colour = maybe_text(answer, "color") or None
    return TrelloLabel(text(answer, "id"), maybe_text(answer, "name"), colour)


def card(answer: Json) -> Card:
    """A card. `checklists` are `None` unless the answer has them."""
    return Card(
        id=text(answer, "id"),
        url=text(answer, "shortUrl"),
        title=text(answer, "name"),
        description=maybe_text(answer, "desc"),
        board_id=text(answer, "idBoard"),
        list_id=text(answer, "idList"),
        label_ids=_texts(answer, "idLabels"),
        member_ids=_texts(answer, "idMembers"),
        start=_maybe_instant(answer.get("start")),
        due=_maybe_instant(answer.get("due")),
        ticked=_flag(answer["dueComplete"]),
        closed=_flag(answer["closed"]),
        is_template=_flag(answer.get("isTemplate")),
        item_count=item_count(answer),
        created_at=created_at(answer["id"]),
        checklists=_checklists(answer),
        checked_count=_badge(answer, "checkItemsChecked"),
        attachment_count=_badge(answer, "attachments"),
        comment_count=_badge(answer, "comments"),
        remind=_reminder(answer),
    )


def _reminder(answer: Json) -> int | None:
    """How many minutes before its due Trello reminds of a card; -1 stands for null."""
    minutes = answer.get("dueReminder")
    if not isinstance(minutes, int | float | None) or isinstance(minutes, bool):
        raise TypeError(f"minutes were expected, not {type(minutes).__name__}")
    return None if minutes is None or minutes < 0 else int(minutes)


def item_count(answer: Json) -> int:
    """How many check items a card has."""
    return _badge(answer, "checkItems")


def _badge(answer: Json, name: str) -> int:
    count = (answer.get("badges") or {}).get(name) or 0
    if type(count) is not int:  # true is no count
        raise TypeError(f"a count was expected, not {type(count).__name__}")
    return count


def comment(answer: Json) -> Comment:
    """A comment, from the action by which it was written."""
    return Comment(text(answer, "id"), instant(answer["date"]), maybe_text(answer["data"], "text"))


def action(answer: Json) -> Action:
    """An action; one of a shape we do not know says no more than that it happened."""
    # Not raised: the same action would be met at every read, and stop it each time.
    try:
        return _action(answer)
    except MISSHAPEN:
        _log.warning("action.odd", action=answer["id"], type=answer["type"])
    return Action(text(answer, "id"), instant(answer["date"]), text(answer, "type"), card_id=None, by=None)


def _action(answer: Json) -> Action:
    data = answer.get("data") or {}
    changed, old = data.get("card") or {}, data.get("old") or {}
    kind = text(answer, "type")
    item = None
    if kind == "updateCheckItemStateOnCard":
        item = CheckedItem(text(data["checkItem"], "id"), data["checkItem"]["state"] == "complete")
    return Action(
        id=text(answer, "id"),
        at=instant(answer["date"]),
        type=kind,
        card_id=maybe_text(changed, "id") or None,
        by=_person(answer.get("memberCreator")),
        ticked=_was(changed, old, "dueComplete", _flag),
        moved=_move(kind, data, changed, old),
        archived=_was(changed, old, "closed", _flag),
        renamed=_was(changed, old, "name", _text_or_none),
        described=_was(changed, old, "desc", _text_or_none),
        start=_was(changed, old, "start", _maybe_instant),
        due=_was(changed, old, "due", _maybe_instant),
        member=_member_concerned(answer, data),
        item=item,
        labelled=_label_changes(kind, "addLabelToCard", data, changed, old),
        unlabelled=_label_changes(kind, "removeLabelFromCard", data, old, changed),
        other_board=maybe_text(data.get("boardTarget") or data.get("boardSource") or {}, "id") or None,
        board_closed=_closing(kind, data, old),
        automated=_is_automated(answer),
    )


def _is_automated(answer: Json) -> bool:
    """Whether an app or an agent did it: with a token of its own, not the person in a program of Trello's."""
    if answer.get("agenticIdentity"):
        return True
    app = answer.get("appCreator") or {}
    own = maybe_text(app, "name").lower().split(" for ")[0] == _TRELLOS_OWN
    return bool(app) and not own


def _closing(kind: str, data: Json, old: Json) -> bool | None:
    """Whether the board was closed or opened again; `None` where neither was done."""
    board = data.get("board") or {}
    told = kind == "updateBoard" and "closed" in old and "closed" in board
    return _flag(board["closed"]) if told else None


def _text_or_none(value: object) -> str:
    return "" if value is None else _text(value)


def _was(changed: Json, old: Json, field: str, read: Callable[[Any], Any]) -> FieldChange | None:
    """What a field was and became; `None` unless the action tells both."""
    return FieldChange(read(old[field]), read(changed[field])) if field in old and field in changed else None


def _move(kind: str, data: Json, changed: Json, old: Json) -> FieldChange | None:
    """The lists that a card came from and went to, by id; `None` outside the board."""
    here = maybe_text(data.get("list") or {}, "id")
    if here and kind in _MAKINGS:
        return FieldChange(None, here)
    if here and kind == "moveCardFromBoard":
        return FieldChange(here, None)
    # `listBefore` and `listAfter` may be missing (trello-behaviour.md#action-log).
    before = maybe_text(data.get("listBefore") or {}, "id") or maybe_text(old, "idList")
    after = maybe_text(data.get("listAfter") or {}, "id") or maybe_text(changed, "idList")
    return FieldChange(before, after) if before and after else None


def _person(answer: Json | None) -> Member | None:
    """A member; `None` for a deleted account, of which Trello tells no username."""
    return member(answer) if answer and answer.get("username") else None


def _member_concerned(answer: Json, data: Json) -> Member | None:
    """The member put on or taken off a card; by id alone where the names are not told."""
    if not data.get("idMember"):
        return None
    return _person(answer.get("member")) or Member(text(data, "idMember"), "", "")


def _label_changes(kind: str, one_label: str, data: Json, now: Json, before: Json) -> frozenset[str]:
    """The ids of the labels that `now` has and `before` has not, or the one of an action `one_label`.

    Such actions come with webhooks only, but should a log have one, it counts
    (trello-behaviour.md#action-log).
    """
    if kind == one_label:
        return frozenset({text(data["label"], "id")})
    return frozenset(_texts(now, "idLabels")) - frozenset(_texts(before, "idLabels"))


def _checklists(answer: Json) -> tuple[TrelloChecklist, ...] | None:
    """A card's checklists and their items, each sorted by position."""
    if answer.get("checklists") is None:
        return None
    found = []
    for one in listed(answer["checklists"]):
        items = (
            TrelloCheckItem(
                text(item, "id"), text(item, "name"), item.get("state") == "complete", _position(item)
            )
            for item in listed(one["checkItems"])
        )
        in_order = tuple(sorted(items, key=lambda item: item.position))
        found.append(TrelloChecklist(text(one, "id"), text(one, "name"), _position(one), in_order))
    return tuple(sorted(found, key=lambda checklist: checklist.position))


def _position(answer: Json) -> float:
    return float(answer.get("pos") or 0)


def _maybe_instant(text: str | None) -> dt.datetime | None:
    return None if text is None or text == "" else instant(text)

"""Answers with a value of a wrong type, wherever one stands: they are refused, or nothing of it is read."""

import copy
import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from trello_ops.adapters.trello import shapes

_ID = "6919a1b0" + "0" * 16
_OTHER = "6919a1b1" + "0" * 16
_PERSON = {"id": _ID, "username": "amal_zina", "fullName": "Amal"}
_ITEM = {"id": _ID, "name": "Lire", "state": "incomplete", "pos": 1}
_CARD = {
    "id": _ID, "name": "Stock", "desc": "Compter", "idBoard": _ID, "idList": _ID, "idLabels": [_ID],
    "idMembers": [_ID], "start": "2026-11-20T16:00:00.000Z", "due": "2026-11-20T16:00:00.000Z",
    "dueComplete": False, "closed": False, "isTemplate": False, "shortUrl": "https://trello.com/c/x",
    "badges": {"checkItems": 2, "checkItemsChecked": 1, "attachments": 1, "comments": 1},
}  # fmt: skip
_BOARD = {
    "id": _ID, "name": "Hebdo", "desc": "x", "closed": False, "shortUrl": "https://trello.com/b/x",
    "idOrganization": _ID, "prefs": {"permissionLevel": "org"},
    "dateLastActivity": "2026-11-20T16:00:00.000Z",
    "lists": [{"id": _ID, "name": "À faire", "closed": False, "pos": 16384}],
    "labels": [{"id": _ID, "name": "Opérations", "color": "green"}], "members": [_PERSON], "cards": [_CARD],
    "checklists": [{"id": _ID, "idCard": _ID, "name": "Envoi", "pos": 1, "checkItems": [_ITEM]}],
    "limits": {"cards": {"openPerBoard": {"status": "ok", "disableAt": 5000, "warnAt": 4000, "count": 1}}},
}  # fmt: skip
_ACTION = {
    "id": _ID, "type": "updateCard", "date": "2026-11-20T16:00:00.000Z", "memberCreator": _PERSON,
    "member": _PERSON,
    "data": {
        "card": {
            "id": _ID, "dueComplete": True, "closed": False, "name": "a", "desc": "b", "idLabels": [_ID],
            "due": "2026-11-20T16:00:00.000Z", "start": "2026-11-20T16:00:00.000Z",
        },
        "old": {
            "dueComplete": False, "closed": True, "name": "b", "desc": "c", "idLabels": [_OTHER],
            "due": "2026-11-20T16:00:00.000Z", "start": "2026-11-20T16:00:00.000Z",
        },
        "listBefore": {"id": _ID}, "listAfter": {"id": _OTHER}, "idMember": _ID, "board": {"id": _ID},
        "boardTarget": {"id": _OTHER}, "checkItem": {"id": _ID, "state": "complete"},
    },
}  # fmt: skip
_WORKSPACE = {"id": _ID, "name": "zinaobeldi", "displayName": "Zina"}
_WEBHOOK = {"id": _ID, "idModel": _ID, "callbackURL": "https://x", "active": True}
_ODD: tuple[Any, ...] = (
    True,
    1,
    1e300,
    10**400,
    "x",
    "",
    [],
    {},
    [[]],
    [None],
    {"id": []},
    "9999-12-31T23:59:59-14:00",
)
_SHAPES: dict[str, tuple[Callable[[Any], object], Any]] = {
    "board": (shapes.snapshot, _BOARD),
    "action": (shapes.action, _ACTION),
    "ticked item": (shapes.action, {**_ACTION, "type": "updateCheckItemStateOnCard"}),
    "workspace": (shapes.workspace, _WORKSPACE),
    "member": (shapes.member, _PERSON),
    "webhook": (shapes.webhook, _WEBHOOK),
}


@pytest.mark.parametrize("name", _SHAPES)
def test_no_value_of_a_wrong_type_is_read(name: str) -> None:
    read, sound = _SHAPES[name]
    known = set(_types(read(sound)))
    for place in _places(sound):
        for odd in _ODD:
            try:
                found = read(_with(sound, place, odd))
            except shapes.MISSHAPEN:
                continue
            strange = {(where, kind) for where, kind in _types(found) if kind is not type(None)} - known
            assert not strange, f"{place} = {odd!r}"


def test_what_is_no_list_is_not_read_as_an_empty_one() -> None:
    lists = [place for place in _places(_BOARD) if isinstance(_at(_BOARD, place), list)]
    assert len(lists) == 8
    for place in lists:
        for odd in (True, 1, "x", "", {}, {"id": _ID}):
            with pytest.raises(shapes.MISSHAPEN):
                shapes.snapshot(_with(_BOARD, place, odd))
    for odd in (True, 1, "x", "", {}, {"id": _ID}, None):
        with pytest.raises(shapes.MISSHAPEN):
            shapes.each(shapes.card)(odd)


def _at(value: Any, place: tuple[Any, ...]) -> Any:
    for step in place:
        value = value[step]
    return value


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside another."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield (*place, key)
        yield from _places(value[key], (*place, key))


def _with(value: Any, place: tuple[Any, ...], odd: Any) -> Any:
    spoilt = copy.deepcopy(value)
    inner = spoilt
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = odd
    return spoilt


def _types(value: object, where: str = "") -> Iterator[tuple[str, type]]:
    """The type of every value that was read, by where it stands."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from _types(getattr(value, field.name), f"{where}.{field.name}")
    elif isinstance(value, tuple | frozenset):
        for each in value:
            yield from _types(each, where)
    else:
        yield where, type(value)


def test_an_instant_that_utc_cannot_have_is_misshapen() -> None:
    with pytest.raises(shapes.MISSHAPEN):
        shapes.instant("9999-12-31T23:59:59-14:00")
    assert shapes.instant("2026-11-20T16:00:00.000Z") == dt.datetime(2026, 11, 20, 16, tzinfo=dt.UTC)


def test_half_a_character_is_read_as_one_that_can_be_stored() -> None:
    assert shapes.card({**_CARD, "name": "a\ud800", "desc": "\udfff"}).title == "a?"

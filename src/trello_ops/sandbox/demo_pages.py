"""What the demo's pages show: every board and card as a person in Trello sees them.

It is made of the sandbox's raw state (`GET /sandbox/state`) and nothing else. All text in it may be hostile:
the templates escape it, and descriptions are Markdown without HTML.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from markdown_it import MarkdownIt

from trello_ops.render.i18n import Translator

Json = dict[str, Any]

_SOON = dt.timedelta(hours=24)
_TINTS = 6
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


# ---- what a page shows ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Face:
    """A person's round badge. `tint` numbers its colour."""

    name: str
    initials: str
    tint: int


@dataclass(frozen=True, slots=True)
class LabelChip:
    title: str
    colour: str


@dataclass(frozen=True, slots=True)
class Due:
    """`tone` is `done`, `overdue`, `soon` or `later`."""

    text: str
    tone: str
    about: str


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    complete: bool


@dataclass(frozen=True, slots=True)
class CheckedList:
    title: str
    items: tuple[Item, ...]

    @property
    def complete(self) -> int:
        return sum(item.complete for item in self.items)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a card. `comment` is HTML, empty where nobody wrote anything."""

    who: Face
    text: str
    when: str
    comment: str


@dataclass(frozen=True, slots=True)
class CardView:
    """A card. `file` is its page's name in the board's folder; `description` is HTML."""

    file: str
    title: str
    list_title: str
    labels: tuple[LabelChip, ...]
    people: tuple[Face, ...]
    due: Due | None
    checklists: tuple[CheckedList, ...]
    comments: int
    template: bool
    archived: bool
    description: str
    events: tuple[Event, ...]

    @property
    def items(self) -> int:
        return sum(len(each.items) for each in self.checklists)

    @property
    def complete_items(self) -> int:
        return sum(each.complete for each in self.checklists)


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    cards: tuple[CardView, ...]


@dataclass(frozen=True, slots=True)
class BoardView:
    """A board. `key` names its page and the folder of its cards; `archived` is newest first."""

    key: str
    title: str
    people: tuple[Face, ...]
    columns: tuple[Column, ...]
    archived: tuple[CardView, ...]

    @property
    def cards(self) -> Iterator[CardView]:
        for column in self.columns:
            yield from column.cards
        yield from self.archived

    @property
    def open_count(self) -> int:
        return sum(len(column.cards) for column in self.columns)


# ---- reading the state ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trello:
    """The sandbox's state, ready to be shown. `boards` gives the key of each board to show, by its id."""

    state: Json
    boards: Mapping[str, str]
    zone: ZoneInfo
    words: Translator = field(default_factory=lambda: Translator("fr"))

    def views(self) -> tuple[BoardView, ...]:
        found = {board["id"]: board for board in self.state["boards"]}
        return tuple(self._board(found[board_id], key) for board_id, key in self.boards.items())

    def card_pages(self) -> dict[str, str]:
        """Each card's page, relative to the folder of the boards, by the card's short link."""
        return {
            card["shortLink"]: f"{self.boards[card['idBoard']]}/{_file(card)}"
            for card in self.state["cards"]
            if card["idBoard"] in self.boards
        }

    def _board(self, board: Json, key: str) -> BoardView:
        lists = {each["id"]: each for each in self.state["lists"] if each["idBoard"] == board["id"]}
        cards = sorted((c for c in self.state["cards"] if c["idBoard"] == board["id"]), key=_position)
        shown = [card for card in cards if not (card["closed"] or lists[card["idList"]]["closed"])]
        put_away = sorted((card for card in cards if card not in shown), key=_closed_at, reverse=True)
        columns = (
            Column(each["name"], tuple(self._card(c, each) for c in shown if c["idList"] == each["id"]))
            for each in sorted(lists.values(), key=_position)
            if not each["closed"]
        )
        return BoardView(
            key=key,
            title=board["name"],
            people=tuple(self._faces[each["idMember"]] for each in board["memberships"]),
            columns=tuple(columns),
            archived=tuple(self._card(card, lists[card["idList"]]) for card in put_away),
        )

    def _card(self, card: Json, within: Json) -> CardView:
        return CardView(
            file=_file(card),
            title=card["name"],
            list_title=within["name"],
            labels=tuple(LabelChip(each["name"], each["color"] or "none") for each in card["labels"]),
            people=tuple(self._faces[each] for each in card["idMembers"]),
            due=self._due(card),
            checklists=tuple(self._checklist(each) for each in self._checklists.get(card["id"], ())),
            comments=card["badges"]["comments"],
            template=card["isTemplate"],
            archived=card["closed"],
            description=_MARKDOWN.render(card["desc"]),
            events=tuple(self._events(self._actions.get(card["id"], ()))),
        )

    @staticmethod
    def _checklist(checklist: Json) -> CheckedList:
        items = (Item(each["name"], each["state"] == "complete") for each in checklist["checkItems"])
        return CheckedList(checklist["name"], tuple(items))

    def _due(self, card: Json) -> Due | None:
        if not card["due"]:
            return None
        at, now = _instant(card["due"]), _instant(self.state["now"])
        text = self._moment(at)
        if card["dueComplete"]:
            return Due(text, "done", "terminé")
        if at <= now:
            return Due(text, "overdue", "en retard")
        return Due(text, "soon", "bientôt") if at - now < _SOON else Due(text, "later", "")

    def _moment(self, moment: dt.datetime) -> str:
        return self.words.moment(moment, self.zone, "brief")

    # ---- who

    @cached_property
    def _faces(self) -> dict[str, Face]:
        return {
            member["id"]: Face(member["fullName"], member["initials"][:2], number % _TINTS)
            for number, member in enumerate(self.state["members"])
        }

    @cached_property
    def _checklists(self) -> dict[str, list[Json]]:
        return _grouped(self.state["checklists"], lambda each: each["idCard"])

    @cached_property
    def _actions(self) -> dict[str, list[Json]]:
        return _grouped(self.state["actions"], lambda each: (each["data"].get("card") or {}).get("id", ""))

    # ---- what happened

    def _events(self, actions: Iterable[Json]) -> Iterator[Event]:
        """Newest first. Ticks of the same minute by the same person are one event."""
        newest_first = sorted(actions, key=lambda action: str(action["id"]), reverse=True)
        for (ticks, who, minute), group in groupby(newest_first, _occasion):
            same = list(group)
            if ticks:
                yield self._event(same[0], who, minute, _ticked(len(same)))
                continue
            for action in same:
                text = _sentence(action)
                if text:
                    yield self._event(action, who, minute, text)

    def _event(self, action: Json, who: str, minute: str, text: str) -> Event:
        comment = action["data"]["text"] if action["type"] == "commentCard" else ""
        when = self._moment(_instant(minute + ":00Z"))
        return Event(self._faces[who], text, when, _MARKDOWN.render(comment))


def _occasion(action: Json) -> tuple[bool, str, str]:
    """Whether a check item was ticked, by whom, and in which minute (UTC)."""
    ticked = action["type"] == "updateCheckItemStateOnCard"
    return ticked, action["idMemberCreator"], action["date"][:16]


def _ticked(count: int) -> str:
    return "a coché une case" if count == 1 else f"a coché {count} cases"


def _sentence(action: Json) -> str:
    """What was done, after the name of who did it; empty for what Trello does not tell either."""
    data = action["data"]
    if action["type"] == "updateCard":
        return _edit(data)
    if action["type"] == "commentCard":
        return "a commenté"
    if action["type"] in ("createCard", "copyCard"):
        return f"a créé la carte dans «\u00a0{data['list']['name']}\u00a0»"
    if action["type"] == "addMemberToCard":
        return f"a ajouté {data['member']['name']}"
    if action["type"] == "addLabelToCard":
        return f"a ajouté l’étiquette «\u00a0{data['label']['name']}\u00a0»"
    return ""


def _edit(data: Json) -> str:
    old, new = data["old"], data["card"]
    if "idList" in old:
        before, after = data["listBefore"]["name"], data["listAfter"]["name"]
        return f"a déplacé la carte de «\u00a0{before}\u00a0» à «\u00a0{after}\u00a0»"
    if "dueComplete" in old:
        return "a coché la carte" if new["dueComplete"] else "a décoché la carte"
    if "closed" in old:
        return "a archivé la carte" if new["closed"] else "a sorti la carte des archives"
    return ""


def _grouped(found: Iterable[Json], key: Callable[[Json], str]) -> dict[str, list[Json]]:
    groups: dict[str, list[Json]] = {}
    for each in found:
        groups.setdefault(key(each), []).append(each)
    return groups


def _file(card: Json) -> str:
    return f"{card['idShort']}.html"


def _position(each: Json) -> float:
    return float(each["pos"])


def _closed_at(card: Json) -> tuple[str, int]:
    return card["dateClosed"] or "", int(card["idShort"])


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)

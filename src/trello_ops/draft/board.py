"""A Trello board as a draft: labels are themes, cards tasks; those that came again and again show a habit."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from trello_ops.core import marker
from trello_ops.core.cadence import Frequency
from trello_ops.core.declared import COLOURS
from trello_ops.core.trello import Card, Member, Snapshot, TrelloLabel, TrelloList
from trello_ops.draft import guess, habit
from trello_ops.draft.model import Draft, DraftChecklist, DraftTask, Rhythm
from trello_ops.draft.yaml_text import plain
from trello_ops.messages import say
from trello_ops.suggestions import folded

_DATE = re.compile(
    r"\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?|(?:semaine|sem\.?|week|w|s) ?\d{1,2})\b",
    re.IGNORECASE,
)
_SIGNS = " -–—:,.()[]"
_STAGES = frozenset(
    [
        *("a faire", "todo", "to do", "en cours", "doing", "in progress", "termine", "terminee", "done"),
        *("fait", "fini", "backlog", "archive", "archives", "idees", "ideas", "bloque", "blocked", "review"),
        *("en attente", "waiting", "a valider", "inbox", "reception"),
    ]
)
"""Lists that say how far a card is, and not what it is about."""


@dataclass(frozen=True, slots=True)
class _Again:
    """The cards of one name, oldest first; `shown` of them stand on the board."""

    title: str
    cards: Sequence[Card]
    shown: Sequence[Card]

    @property
    def newest(self) -> Card:
        """The newest that stands on the board, else the newest of all."""
        return (self.shown or self.cards)[-1]


def read(seen: Snapshot, archived: Iterable[Card], zone: ZoneInfo, today: dt.date) -> Draft:
    """The draft of a board. Of archived cards those count that came again; days are those of `zone`."""
    reading = _Reading(seen, zone, today)
    tasks = tuple(reading.tasks(_by_name(seen, archived)))
    stages = tuple(each.title for each in reading.columns if guess.rhythm(each.title) is None)
    if _STAGES.isdisjoint(map(folded, stages)):  # they say what cards are about, and are themes
        stages = ()
    return Draft(
        title=plain(seen.board.title),
        tasks=tasks,
        lists=stages,
        colours={_title_of(label): label.colour for label in seen.labels if label.colour in COLOURS},
        usernames={name: member.username for member, name in reading.names.values()},
    )


def wanting(seen: Snapshot, archived: Iterable[Card]) -> list[Card]:
    """The archived cards of which a draft needs the checklists: the newest of each that came again."""
    groups = (each for each in _by_name(seen, archived) if not each.shown and len(each.cards) >= habit.FEWEST)
    return [each.newest for each in groups if each.newest.item_count and each.newest.checklists is None]


def _by_name(seen: Snapshot, archived: Iterable[Card]) -> list[_Again]:
    """The cards by name, in the order of the board; dates in names are no part of them."""
    place = {column.id: n for n, column in enumerate(_columns(seen))}
    cards = {card.id: _sound(card) for card in (*archived, *seen.cards) if not _is_ours(card)}
    groups: dict[str, list[Card]] = {}
    for card in sorted(cards.values(), key=lambda card: (card.closed, place.get(card.list_id, len(place)))):
        groups.setdefault(folded(_named(card)), []).append(card)
    found = []
    for group in groups.values():
        cards_of = sorted(group, key=lambda card: card.created_at)
        shown = [card for card in cards_of if not card.closed and card.list_id in place]
        title = cards_of[-1].title if len({card.title for card in group}) == 1 else _named(cards_of[-1])
        found.append(_Again(plain(title), cards_of, shown))
    return found


def _columns(seen: Snapshot) -> list[TrelloList]:
    """The lists that stand on the board, from left to right."""
    return sorted((each for each in seen.lists if not each.closed), key=lambda each: each.position)


def _sound(card: Card) -> Card:
    """A card without a due that no calendar reaches."""
    return replace(card, due=None) if card.due and not 2000 <= card.due.year <= 2100 else card


def _is_ours(card: Card) -> bool:
    """Whether a card is only there for the program to copy."""
    return card.is_template and marker.bears_any(card.description)


def _named(card: Card) -> str:
    return " ".join(_DATE.sub(" ", card.title[:1000]).split()).strip(_SIGNS) or card.title


def _title_of(label: TrelloLabel) -> str:
    return plain(label.title) or (label.colour or "").replace("_", " ").capitalize()


class _Reading:
    """One board, being read."""

    def __init__(self, seen: Snapshot, zone: ZoneInfo, today: dt.date) -> None:
        self._zone, self._today = zone, today
        self._labels = {label.id: label for label in seen.labels}
        self._lists = {each.id: each.title for each in seen.lists}
        self.columns = _columns(seen)
        self.names = _names(seen.members)

    def tasks(self, groups: Iterable[_Again]) -> Iterator[DraftTask]:
        """A task for each name that stands on the board, or came again and again."""
        for group in groups:
            found = self._habit(group)
            if group.shown or found:
                yield self._task(group, found)

    def _task(self, group: _Again, found: Rhythm | None) -> DraftTask:
        title, rhythm, remarks = self._rhythm(group, found)
        card = group.newest
        labels = [_title_of(self._labels[each]) for each in card.label_ids if each in self._labels]
        if len(labels) > 1:
            others = ", ".join(labels[1:])
            remarks.append(say("of its labels only the first was taken, and not %(others)s", others=others))
        return DraftTask(
            title=title,
            rhythm=rhythm,
            theme=labels[0] if labels else self._theme_of_list(card),
            people=tuple(self.names[each][1] for each in card.member_ids if each in self.names),
            checklists=tuple(_checklists(card)),
            description=card.description,
            remarks=tuple(remarks),
        )

    def _theme_of_list(self, card: Card) -> str:
        title = self._lists.get(card.list_id, "")
        return "" if folded(title) in _STAGES or guess.rhythm(title) else plain(title)

    # ---- rhythm

    def _rhythm(self, group: _Again, found: Rhythm | None) -> tuple[str, Rhythm, list[str]]:
        """The title without what it says of a rhythm, the rhythm, and what was guessed of it."""
        aside = guess.aside(group.title)
        of_list = guess.rhythm(self._lists.get(group.newest.list_id, ""))
        due = self._time(group)
        if found:
            last = max(card.created_at for card in group.cards).astimezone(self._zone).date()
            told = say(
                "its cards came %(count)s times, the last on %(day)s, and show this rhythm",
                count=len(group.cards),
                day=last,
            )
            return group.title, replace(found, due=due), [told]
        if aside:
            return aside[0], replace(aside[1], due=aside[1].due or due), []
        if of_list:
            return group.title, replace(of_list, due=of_list.due or due), []
        return group.title, self._once(group, due), []

    def _once(self, group: _Again, due: str) -> Rhythm:
        """The rhythm of a card that came once: its date, where that lies ahead."""
        day = self._day(group.newest.due) if group.newest.due else None
        if day and day > self._today:
            return Rhythm(Frequency.ONCE, (str(day),), due)
        return Rhythm(due=due)

    def _habit(self, group: _Again) -> Rhythm | None:
        """By the days on which its cards were due, where most had a due; else on which they were made."""
        dues = [card.due for card in group.cards if card.due]
        by_due = 4 * len(dues) >= 3 * len(group.cards)
        days = dues if by_due else [card.created_at for card in group.cards]
        return habit.of_days([self._day(each) for each in days])

    def _time(self, group: _Again) -> str:
        """The time of day at which most of its cards were due; no card can be due when it comes."""
        times = Counter(f"{card.due.astimezone(self._zone):%H:%M}" for card in group.cards if card.due)
        time, count = times.most_common(1)[0] if times else ("", 0)
        return time if 4 * count >= 3 * times.total() and time != "00:00" else ""

    def _day(self, instant: dt.datetime) -> dt.date:
        return instant.astimezone(self._zone).date()


def _checklists(card: Card) -> Iterator[DraftChecklist]:
    for each in card.checklists or ():
        items = tuple(item.title for item in each.items if plain(item.title))
        if items:
            yield DraftChecklist(each.title, items)


def _names(members: Sequence[Member]) -> Mapping[str, tuple[Member, str]]:
    """The members by id, each with a name that no other has."""
    often = Counter(folded(member.name) for member in members)
    found = {}
    for member in members:
        name = plain(member.name) or member.username
        alone = often[folded(member.name)] == 1
        found[member.id] = member, name if alone else f"{name} ({member.username})"
    return found

"""What Trello holds, and what people do there: the fake in this process, or a sandbox over HTTP."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from live_kit import Live
from oracle import MARKER

from trello_ops.testing import FakeTrello

PEOPLE = ("amal_zina", "karim_zina")
_EVER = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class RawCard:
    """A card as it stands; `key` is its occurrence's, by the marker in its text."""

    id: str
    key: str
    created: dt.datetime
    due: dt.datetime
    ticked: bool
    archived: bool
    members: frozenset[str]


class Side(Protocol):
    """What the judge reads, and what people do."""

    def cards(self) -> list[RawCard]:
        """Every card that bears an occurrence's marker, archived ones too."""

    def tick(self, card: RawCard, by: str) -> None: ...

    def ticks(self) -> dict[str, dt.datetime]:
        """When each card was ticked, by id, as Trello's log has it."""


class FakeSide:
    def __init__(self, trello: FakeTrello) -> None:
        self._trello = trello
        self._names = {member.id: name for name, member in trello.people.items()}

    def _boards(self) -> list[str]:
        return [board.id for board in self._trello.boards("zinaobeldi")]

    def cards(self) -> list[RawCard]:
        return [
            RawCard(
                card.id,
                found[1],
                card.created_at,
                card.due,
                card.ticked,
                card.closed,
                frozenset(self._names[each] for each in card.member_ids),
            )
            for board in self._boards()
            for card in self._trello.cards(board)
            if card.due and (found := MARKER.search(card.description))
        ]

    def tick(self, card: RawCard, by: str) -> None:
        self._trello.tick(card.id, by)

    def ticks(self) -> dict[str, dt.datetime]:
        return {
            action.card_id: action.at
            for board in self._boards()
            for action in self._trello.activity(board, _EVER)
            if action.card_id and action.ticked and action.ticked.after
        }


class SandboxSide:
    def __init__(self, live: Live) -> None:
        self._live = live

    def cards(self) -> list[RawCard]:
        state = self._live.state()
        names = {member["id"]: member["username"] for member in state["members"]}
        return [
            RawCard(
                card["id"],
                found[1],
                dt.datetime.fromtimestamp(int(card["id"][:8], 16), dt.UTC),
                dt.datetime.fromisoformat(card["due"]),
                card["dueComplete"],
                card["closed"],
                frozenset(names[each] for each in card["idMembers"]),
            )
            for card in state["cards"]
            if card["due"] and (found := MARKER.search(card["desc"]))
        ]

    def tick(self, card: RawCard, by: str) -> None:
        self._live.tick({"id": card.id}, by)

    def ticks(self) -> dict[str, dt.datetime]:
        return {
            action["data"]["card"]["id"]: dt.datetime.fromisoformat(action["date"])
            for action in sorted(self._live.state()["actions"], key=lambda each: str(each["id"]))
            if action["data"].get("old", {}).get("dueComplete") is False
        }

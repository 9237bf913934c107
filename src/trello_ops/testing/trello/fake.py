"""`FakeTrello`: the TrelloGateway port on the fake Trello, with faults on demand."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import NamedTuple

from trello_ops.core.bindings import Bindings
from trello_ops.core.identity import TrelloIdentity
from trello_ops.core.planning.changes import Change
from trello_ops.core.trello import (
    Action,
    BoardSummary,
    Card,
    Comment,
    Grant,
    Limit,
    Member,
    Snapshot,
    Traffic,
    TrelloWorkspace,
    Webhook,
)
from trello_ops.errors import NotFound, NotSent, OutcomeUnknown, TrelloError
from trello_ops.ports import Clock, Made
from trello_ops.testing.trello.effects import Effects
from trello_ops.testing.trello.world import ROBOT

_EVERYTHING = frozenset({"Board", "Organization"})

Call = Change | str
"""A change, or the name of a reading method."""


def any_change(call: Call) -> bool:
    """Fits every change, and no read."""
    return isinstance(call, Change)


class _Fault(NamedTuple):
    error: TrelloError
    when: Callable[[Call], bool]
    after_effect: bool
    lands_after: dt.timedelta | None


@dataclass(frozen=True, slots=True)
class _Landing:
    """A write that is on its way."""

    at: dt.datetime
    change: Change
    bindings: Bindings


class FakeTrello(Effects):
    """Implements the TrelloGateway port. Its time is the clock's; its account is `robot`.

    `ahead` is how far its clock is ahead of ours. `performed` lists the changes that took effect.
    `workspace` is the short name of the one Trello Workspace there is, and `people` are the usernames of
    its members. A board takes `most_open_cards`, says so from four fifths on, and refuses none. Unless it
    `tells_activity`, what happens does not move the instant at which a board was last active.
    """

    def __init__(self, clock: Clock, people: Iterable[str] = (), workspace: str = "zina") -> None:
        super().__init__(clock, people, workspace)
        self.performed: list[Change] = []
        self.most_open_cards = 5000
        self._faults: list[_Fault] = []
        self._landings: list[_Landing] = []
        self._told_identity: TrelloIdentity | None = None
        self._traffic = Counter[str]()
        self.granted = Grant(None, _EVERYTHING, _EVERYTHING)

    # ---- faults

    def fail_next(
        self, error: TrelloError, when: Callable[[Call], bool] = any_change, *, after_effect: bool = False
    ) -> None:
        """Raise `error` once, at the next call that fits; `after_effect`: when the change has been done."""
        self._faults.append(_Fault(error, when, after_effect, None))

    def land_late(self, after: dt.timedelta, when: Callable[[Call], bool] = any_change) -> None:
        """Lose the answer to the next change that fits, and let it take effect `after` that time."""
        lost = OutcomeUnknown("the answer was lost (on demand)")
        self._faults.append(_Fault(lost, when, after_effect=False, lands_after=after))

    # ---- the port

    def time(self, *, fresh: bool = False) -> dt.datetime:
        """The clock's time, `ahead` included."""
        if fresh:
            self._read("time")
        return self._clock.now() + self.ahead

    def identity(self, workspace: str, *, ask: bool = True) -> TrelloIdentity:
        """Which Trello this is: its `address`, its `world`, its robot and its Workspace."""
        known = self._told_identity
        if not ask:
            return known or TrelloIdentity(self.address)
        robot = self.people[ROBOT]
        shown = ("5f" * 12, self._workspace) if workspace in self._workspaces else ("", "")
        found = TrelloIdentity(self.address, self.world, robot.id, robot.username, *shown)
        if found != known:
            self._read("identity")
            self._told_identity = found
        return found

    def grant(self) -> Grant:
        """What was `granted`: at first everything, for ever."""
        self._read("grant")
        return self.granted

    def workspaces(self) -> tuple[TrelloWorkspace, ...]:
        """The one Trello Workspace."""
        self._read("workspaces")
        return (TrelloWorkspace("5f" * 12, self._short_name, self._short_name.capitalize()),)

    def workspace_members(self, workspace: str) -> tuple[Member, ...]:
        """Everybody."""
        self._read("workspace_members")
        self._require_workspace(workspace)
        return tuple(self.people.values())

    def account(self, name: str) -> Member:
        """An account by its username or id."""
        self._read("account")
        found = (m for m in self.people.values() if name.lower() in (m.username.lower(), m.id))
        member = next(found, None)
        if member is None:
            raise NotFound(f"There is no Trello account @{name}.")
        return member

    def boards(self, workspace: str) -> tuple[BoardSummary, ...]:
        """Open boards of the Trello Workspace."""
        self._read("boards")
        self._require_workspace(workspace)
        return tuple(seen.board for seen in self._boards.values() if not seen.board.closed)

    def last_active(self, workspace: str) -> dict[str, dt.datetime | None]:
        """When each open board was last active."""
        self._read("last_active")
        self._require_workspace(workspace)
        return {key: seen.active_at for key, seen in self._boards.items() if not seen.board.closed}

    def snapshot(self, board_id: str, *, checklists: bool = False) -> Snapshot:
        """A board as it is now."""
        self._read("snapshot")
        seen = self._board(board_id)
        shown = {one.id for one in seen.lists if not one.closed}
        # `cards=visible` leaves out cards in archived lists (trello-behaviour.md#reading).
        cards = (card for card in self.cards(board_id) if not card.closed and card.list_id in shown)
        lists = sorted(seen.lists, key=lambda one: one.position)
        # Trello seems to tell a count only near its limit (trello-behaviour.md#object-limits).
        name, most = "cards.openPerBoard", self.most_open_cards
        count = sum(not card.closed for card in self.cards(board_id))
        near = count * 5 >= most * 4
        return replace(
            seen,
            lists=tuple(lists),
            cards=tuple(card if checklists else replace(card, checklists=None) for card in cards),
            limits=(Limit(name, "warning", most, count) if near else Limit(name, "ok", most),),
        )

    def membership(self, board_id: str, member_id: str) -> str:
        """`admin` for who made the board, `normal` for other members, but as `make` has it."""
        self._read("membership")
        seen = self._board(board_id)
        there = member_id in {member.id for member in seen.members}
        return self._memberships[seen.board.id].get(member_id, "normal") if there else ""

    def card(self, card_id: str) -> Card:
        """One card, with its checklists."""
        self._read("card")
        return self._card(card_id)

    def cards_since(self, board_id: str, since: dt.datetime) -> tuple[Card, ...]:
        """Every card created in the second of `since` or later, without checklists."""
        self._read("cards_since")
        self._board(board_id)
        second = since.replace(microsecond=0)  # an id tells no more (trello-behaviour.md#ids)
        found = (card for card in self.cards(board_id) if card.created_at >= second)
        return tuple(replace(card, checklists=None) for card in found)

    def activity(self, board_id: str, since: dt.datetime) -> tuple[Action, ...]:
        """A board's actions since an instant, oldest first."""
        self._read("activity")
        self._board(board_id)
        found = (action for action in self._actions[board_id] if action.at >= since)
        return tuple(sorted(found, key=lambda action: (action.at, action.id)))

    def comments(self, card_id: str) -> tuple[Comment, ...]:
        """A card's comments, oldest first."""
        self._read("comments")
        self._card(card_id)
        return tuple(self._comments.get(card_id, ()))

    def perform(self, change: Change, bindings: Bindings, send_before: float | None = None) -> Made:
        """Make a change, or fail as was asked for."""
        self._land()
        if send_before is not None and self._clock.monotonic() >= send_before:
            raise NotSent("The request was held back.")
        fault = self._fault(change)
        if fault and not fault.after_effect:
            # The bindings as they are now: a write that is under way knows nothing of later ones.
            if fault.lands_after is not None:
                at = self._clock.now() + fault.lands_after
                self._landings.append(_Landing(at, change, bindings))
            raise fault.error
        made = self._effect(change, bindings)
        if fault:
            raise fault.error
        return made

    def traffic(self) -> Traffic:
        """Every call by whether it failed; none counts against a limit."""
        return Traffic(dict(self._traffic), 0, 100)

    def webhooks(self) -> tuple[Webhook, ...]:
        """Every webhook."""
        self._read("webhooks")
        return tuple(self._webhooks.values())

    def ensure_webhook(self, board_id: str, callback: str, webhook_id: str = "") -> Webhook:
        """`hook`, or fail as was asked for."""
        with self._perhaps_failing("ensure_webhook"):
            return self.hook(board_id, callback, webhook_id)

    def remove_webhook(self, webhook_id: str) -> None:
        """Delete a webhook. No-op if absent."""
        with self._perhaps_failing("remove_webhook"):
            self._webhooks.pop(webhook_id, None)

    @contextmanager
    def _perhaps_failing(self, method: str) -> Iterator[None]:
        fault = self._fault(method)
        if fault and not fault.after_effect:
            raise fault.error
        yield
        if fault:
            raise fault.error

    def _read(self, method: str) -> None:
        self._land()
        fault = self._fault(method)
        if fault:
            raise fault.error

    def _fault(self, call: Call) -> _Fault | None:
        """The first fault that fits, used up."""
        fault = next((each for each in self._faults if each.when(call)), None)
        if fault:
            self._faults.remove(fault)
        self._traffic["failed" if fault else "answered"] += 1
        return fault

    def _land(self) -> None:
        due = [each for each in self._landings if each.at <= self._clock.now()]
        self._landings = [each for each in self._landings if each not in due]
        for landing in due:
            with self._at(landing.at), suppress(TrelloError):  # nobody is there to hear of a refusal
                self._effect(landing.change, landing.bindings)

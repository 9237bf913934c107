"""Whatever becomes of a board in a week, people are charged with what they could get at, and nothing else.

The oracle looks at the fake Trello itself when something falls due.
"""

import datetime as dt
from contextlib import suppress

from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_kit import MONDAY, PARIS, Shop, daily_task

from trello_ops.core.bindings import Kind
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.planning.changes import UNATTENDED
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.errors import TrelloError, Unauthorised
from trello_ops.operations import reconcile
from trello_ops.testing import FakeTrello

WEEK = IsoWeek(2026, 47)
HOUR = dt.timedelta(hours=1)
CHARGED = {Outcome.MISSED, Outcome.LATE}
ACTS = ("close", "reopen", "delete", "apply", "hide", "show", "tick")


class Keeping(FakeTrello):
    """A Trello that can keep everything from the token."""

    kept = False

    def _read(self, method: str) -> None:
        super()._read(method)
        if self.kept and method in ("snapshot", "cards_since", "activity", "card"):
            raise Unauthorised("401 unauthorized permission requested")


class Week:
    """A shop whose jobs run every two hours, unless the machine is off, and what its people see."""

    def __init__(self) -> None:
        self.shop = Shop(daily_task("parcels"))
        self.trello = Keeping(self.shop.clock, ("amal_zina", "karim_zina"), "zinaobeldi")
        self.shop.trello = self.trello
        self.shop.apply()
        self.there = dict[dt.date, bool]()  # whether people had the card when it was due
        self.always = dict[dt.date, bool]()  # and at every hour since its release
        self.reads = list[tuple[dt.datetime, bool]]()  # when the robot looked, and whether it was let in

    def act(self, act: str) -> None:
        board = self.shop.store.bindings().id(Kind.BOARD, "daily") or ""
        with suppress(TrelloError):
            match act:
                case "close":
                    self.trello.close_board(board)
                case "reopen":
                    self.trello._edit_board(board, closed=False)
                case "delete":
                    self.trello.delete_board(board)
                case "apply":
                    self.shop.apply()
                case "tick":
                    for card in self.trello.cards(board):
                        self.trello.tick(card.id, by="amal_zina")
                case _:
                    self.trello.kept = act == "hide"

    def look(self) -> None:
        now = self.shop.clock.now().astimezone(PARIS)
        if now.hour <= 18:
            card = any(self._sees(each.board_id) for each in self.trello._cards.values() if _of(each, now))
            self.always[now.date()] = card and self.always.get(now.date(), True)
            self.there[now.date()] = card

    def _sees(self, board_id: str) -> bool:
        return not self.trello._boards[board_id].board.closed

    def was_kept(self, due: dt.datetime) -> bool:
        """Whether the robot was turned away between its last look before an instant and its next after it."""
        before = max((at for at, let_in in self.reads if let_in and at < due), default=MONDAY)
        after = min((at for at, let_in in self.reads if let_in and at >= due), default=MONDAY + 300 * HOUR)
        return any(before < at < after for at, let_in in self.reads if not let_in)

    def run_jobs(self) -> None:
        for job in (lambda: reconcile.reconcile(self.shop.context(), UNATTENDED), self.shop.issue):
            with suppress(TrelloError):
                job()
        with suppress(TrelloError):
            self.shop.observe()
        self.reads.append((self.shop.clock.now(), not self.trello.kept))
        self.shop.report()


def _of(card: object, now: dt.datetime) -> bool:
    return str(getattr(card, "title", "")).endswith(f"{now:%Y-%m-%d}")


@settings(max_examples=examples(40), deadline=None)
@given(acts=st.dictionaries(st.integers(1, 160), st.sampled_from(ACTS), max_size=12), off=st.integers(0, 160))
def test_nobody_is_charged_with_what_they_could_not_get_at(acts: dict[int, str], off: int) -> None:
    week = Week()
    for hour in range(24 * 7 + 30):
        week.shop.clock.advance_to(MONDAY + hour * HOUR)
        week.look()
        if hour % 2 == 0 and not off <= hour < off + 30:
            week.run_jobs()
        elif hour in acts:
            week.act(acts[hour])
    report = week.shop.store.frozen(WEEK)
    assert report or week.trello.kept or not week.trello._boards
    for line in report.occurrences if report else ():
        day = dt.date.fromisoformat(line.key[-10:])
        if not week.there.get(day) or week.was_kept(line.due_at):
            assert line.outcome not in CHARGED, (day, line.outcome)
        let_in = all(let_in for _, let_in in week.reads)
        if week.always.get(day) and not line.completed_at and let_in and week.trello._boards:
            assert line.outcome is Outcome.MISSED, (day, line.outcome)

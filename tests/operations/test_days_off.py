"""What the calendar excuses stands in the ledger with its reason; an edit of days off charges nobody."""

import datetime as dt
from dataclasses import replace

import pytest
from shop_kit import MONDAY, PARIS, Shop, daily_task

from trello_ops.core.cadence import Cadence, CatchUp, CatchUpMode, DayTime, Frequency, NthDay, OnDayOff, Span
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.days_off import Holidays, Skip, SkipKind
from trello_ops.core.declaration import Declaration, InForce
from trello_ops.core.declared import Task, Workspace
from trello_ops.core.ledger import TOO_LATE, EventKind
from trello_ops.core.people import Absence, WhenAbsent
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.tracking.events import withdrawal
from trello_ops.operations.declaration import follow, put_in_force
from trello_ops.operations.report import account
from trello_ops.operations.status import status

WEEK = IsoWeek(2026, 47)
HOLIDAY = Skip(SkipKind.HOLIDAY, "Aïd al-Fitr")


def day(number: int) -> dt.date:
    return dt.date(2026, 11, number)


def skipping(key: str = "parcels", mode: CatchUpMode = CatchUpMode.LATEST, **more: object) -> Task:
    """A daily task that is left out on days off."""
    task = daily_task(key, **more)
    return replace(task, cadence=replace(task.cadence, on_day_off=OnDayOff.SKIP, catch_up=CatchUp(mode)))


def with_holidays(workspace: Workspace, *days: int) -> Workspace:
    return replace(workspace, holidays=Holidays(named=tuple((day(each), "Aïd al-Fitr") for each in days)))


def closed(workspace: Workspace, *spans: Span) -> Workspace:
    boards = tuple(replace(board, closures=spans) for board in workspace.boards)
    return replace(workspace, boards=boards)


class Edited(Shop):
    """A shop whose files are edited; each edit follows the one before."""

    def __init__(self, *tasks: Task, holidays: tuple[int, ...] = ()) -> None:
        super().__init__(*tasks)
        self.workspace = with_holidays(self.workspace, *holidays)
        self.version = InForce(1, self.clock.now(), Declaration(self.workspace))
        self.store.put_in_force(self.version)
        self.apply()

    def edit(self, workspace: Workspace) -> None:
        now = self.clock.now()
        following = follow(self.store, self.version, Declaration(workspace), now)
        assert put_in_force(self.context(), following)
        self.version = InForce(self.version.version + 1, now, following.declaration)
        self.workspace = following.declaration.workspace
        self.apply()

    def edit_task(self, task: Task) -> None:
        (board,) = self.workspace.boards
        self.edit(replace(self.workspace, boards=(replace(board, tasks=(task,)),)))

    def is_withdrawn(self, task: str, date: str) -> bool:
        return withdrawal(self.entry(task, date).events, self.clock.now()) is not None

    def close_week(self) -> dict[str, tuple[object, str]]:
        """The outcome and the note of each line of the week's report."""
        self.clock.advance_to(dt.datetime(2026, 11, 23, 8, tzinfo=PARIS))
        self.issue()
        self.observe()
        self.report()
        frozen = self.store.frozen(WEEK)
        assert frozen is not None
        return {line.key: (line.outcome, line.note) for line in frozen.occurrences}


# ---- recorded with its reason


def test_a_day_off_is_recorded_when_it_is_released_and_waits_for_no_card() -> None:
    shop = Edited(skipping(), holidays=(17,))
    shop.issue()
    shop.advance(days=1)
    assert shop.issue().cards == 0
    entry = shop.entry("parcels", "2026-11-17")
    assert (entry.skipped, entry.occurrence.skip) == (str(HOLIDAY), HOLIDAY)
    assert shop.store.unissued() == ()
    assert len(shop.cards_on()) == 1
    told = shop.close_week()
    assert told["daily/parcels/2026-11-17"] == (Outcome.EXCUSED, "holiday:Aïd al-Fitr")
    assert told["daily/parcels/2026-11-16"] == (Outcome.MISSED, "")


@pytest.mark.parametrize("mode", CatchUpMode)
def test_a_day_off_is_never_too_late(mode: CatchUpMode) -> None:
    shop = Edited(skipping(mode=mode), holidays=(17, 19))
    shop.issue()
    shop.clock.advance_to(MONDAY.replace(day=20, hour=20))
    shop.issue()
    skipped = {d: shop.entry("parcels", f"2026-11-{d}").skipped for d in (17, 18, 19)}
    assert skipped[17] == skipped[19] == str(HOLIDAY)
    assert skipped[18] == ("" if mode is CatchUpMode.ALL else TOO_LATE)


def test_after_holidays_the_last_day_that_was_owed_is_caught_up() -> None:
    shop = Edited(skipping(), holidays=(19, 20))
    shop.issue()
    shop.clock.advance_to(MONDAY.replace(day=20, hour=20))
    shop.issue()
    assert shop.entry("parcels", "2026-11-18").card is not None
    assert shop.entry("parcels", "2026-11-17").skipped == TOO_LATE


def test_a_day_off_in_the_ledger_makes_no_older_one_stale() -> None:
    shop = Edited(skipping(), holidays=(17, 18, 19))
    waits, shop.store.unissued = shop.store.unissued, lambda: ()  # type: ignore[method-assign]
    for _ in range(3):  # nothing could be made since Monday
        shop.issue()
        shop.advance(days=1)
    shop.store.unissued = waits  # type: ignore[method-assign]
    shop.clock.advance_to(MONDAY.replace(day=19, hour=20))
    shop.issue()
    assert shop.entry("parcels", "2026-11-19").skipped == str(HOLIDAY)
    assert shop.entry("parcels", "2026-11-16").card is not None


@pytest.mark.parametrize("days", range(7))
def test_the_running_week_counts_days_off_ahead_as_excused(days: int) -> None:
    shop = Edited(skipping(), holidays=(18, 19))
    for _ in range(days):
        shop.issue()
        shop.advance(days=1)
    totals = account(shop.context(), WEEK).totals
    assert (totals.scheduled, totals.excused) == (7, 2)
    noted = [line.note for line in account(shop.context(), WEEK).occurrences if line.note]
    assert set(noted) <= {str(HOLIDAY), TOO_LATE}
    assert noted.count(str(HOLIDAY)) == 2


# ---- edits


def test_a_day_that_becomes_a_day_off_is_withdrawn_and_charges_nobody() -> None:
    shop = Edited(skipping())
    shop.issue()
    shop.advance(hours=1)
    shop.edit(closed(shop.workspace, Span(day(16), day(16), "inventaire")))
    assert shop.is_withdrawn("parcels", "2026-11-16")
    assert shop.close_week()["daily/parcels/2026-11-16"] == (Outcome.EXCUSED, "withdrawn")


@pytest.mark.parametrize("how", ["closure", "holiday", "pause", "covered", "except", "until"])
def test_whatever_excuses_it_now_it_is_reinstated_when_that_is_taken_back(how: str) -> None:
    task, monthly = skipping(), skipping("links")
    shop = Edited(task)
    before = shop.workspace
    if how == "covered":
        before = replace(
            before, boards=(replace(before.boards[0], tasks=(task, replace(monthly, covers=()))),)
        )
        shop.edit(before)
    shop.issue()
    (board,) = before.boards
    edits = {
        "closure": closed(before, Span(day(16), day(17))),
        "holiday": with_holidays(before, 16),
        "pause": replace(
            before, boards=(replace(board, tasks=(replace(task, pauses=(Span(day(1), day(16)),)),)),)
        ),
        "covered": replace(
            before, boards=(replace(board, tasks=(task, replace(monthly, covers=("daily/parcels",)))),)
        ),
        "except": replace(before, boards=(replace(board, tasks=(_without(task, day(16)),)),)),
        "until": replace(
            before,
            boards=(replace(board, tasks=(replace(task, cadence=replace(task.cadence, until=day(15))),)),),
        ),
    }
    shop.edit(edits[how])
    assert shop.is_withdrawn("parcels", "2026-11-16")
    shop.advance(hours=1)
    shop.edit(before)
    assert not shop.is_withdrawn("parcels", "2026-11-16")
    assert shop.close_week()["daily/parcels/2026-11-16"][0] is Outcome.MISSED


def _without(task: Task, date: dt.date) -> Task:
    exceptions = replace(task.cadence.exceptions, dates=(date,))
    return replace(task, cadence=replace(task.cadence, exceptions=exceptions))


def test_what_was_due_before_the_edit_stands() -> None:
    shop = Edited(skipping())
    shop.issue()
    shop.clock.advance_to(MONDAY.replace(hour=19))
    shop.store.job_done("issue", shop.clock.now())
    shop.edit(closed(shop.workspace, Span(day(16), day(16))))
    assert not shop.is_withdrawn("parcels", "2026-11-16")


def test_who_is_away_withdraws_no_card_that_is_out() -> None:
    shop = Edited(skipping(when_absent=WhenAbsent.EXCUSE))
    shop.issue()
    amal, *others = shop.workspace.people
    away = replace(amal, absences=(Absence(day(16), day(17)),))
    shop.edit(replace(shop.workspace, people=(away, *others)))
    assert not shop.is_withdrawn("parcels", "2026-11-16")
    shop.advance(days=1)
    shop.issue()
    assert shop.entry("parcels", "2026-11-17").skipped == "absence:Amal"


def test_a_day_off_in_the_ledger_stays_one() -> None:
    shop = Edited(skipping(), holidays=(16,))
    shop.issue()
    shop.edit(with_holidays(shop.workspace))
    shop.issue()
    entry = shop.entry("parcels", "2026-11-16")
    assert (entry.skipped, entry.card, entry.events) == (str(HOLIDAY), None, ())


def weekly(on_day_off: OnDayOff = OnDayOff.PREVIOUS, release: int = 0) -> Task:
    cadence = Cadence(
        Frequency.WEEKLY,
        (5,),
        DayTime(dt.time(18)),
        PARIS,
        DayTime(dt.time(0), release),
        on_day_off=on_day_off,
    )
    return daily_task("stock", cadence=cadence)


def test_a_card_that_is_out_keeps_its_due_whatever_becomes_a_holiday() -> None:
    shop = Edited(weekly())
    shop.issue()
    due = shop.entry("stock", "2026-11-16").occurrence.due
    shop.edit(with_holidays(shop.workspace, 20))
    shop.issue()
    entry = shop.entry("stock", "2026-11-16")
    assert (entry.occurrence.due, entry.occurrence.moved, entry.amendments) == (due, None, ())
    assert not shop.is_withdrawn("stock", "2026-11-16")


def test_a_holiday_that_is_put_right_before_the_card_moves_it() -> None:
    shop = Edited(weekly(), holidays=(27,))
    shop.edit(with_holidays(shop.workspace, 26, 27))
    shop.advance(days=7)
    shop.issue()
    occurrence = shop.entry("stock", "2026-11-23").occurrence
    assert (occurrence.day, occurrence.nominal_day, occurrence.moved) == (day(25), day(27), HOLIDAY)


def test_what_a_closure_moves_into_the_past_is_not_lost() -> None:
    shop = Edited(weekly(release=4))  # released on Friday
    shop.clock.advance_to(dt.datetime(2026, 11, 19, 12, tzinfo=PARIS))
    shop.issue()
    shop.edit(closed(shop.workspace, Span(day(17), day(20), "inventaire")))
    shop.clock.advance_to(dt.datetime(2026, 11, 20, 12, tzinfo=PARIS))
    shop.issue()
    entry = shop.entry("stock", "2026-11-16")
    assert (entry.occurrence.day, entry.skipped) == (day(16), TOO_LATE)
    assert shop.close_week()["daily/stock/2026-11-16"] == (Outcome.NOT_ISSUED, TOO_LATE)


def test_what_comes_next_is_what_somebody_has_to_do() -> None:
    shop = Edited(skipping(), holidays=(17, 18))
    shop.issue()
    coming = status(shop.context(), 2).next
    assert [str(each.key) for each in coming] == ["daily/parcels/2026-11-19", "daily/parcels/2026-11-20"]


# ---- a year


def yearly(key: str = "taxes", month: int = 11, **more: object) -> Task:
    """On the last Friday of a month of the year."""
    cadence = Cadence(Frequency.YEARLY, (), DayTime(dt.time(18)), PARIS, nth=(NthDay(-1, 5),), month=month)
    return daily_task(key, cadence=cadence, **more)


def test_a_yearly_task_is_issued_done_reported_and_comes_again() -> None:
    shop = Edited(yearly())
    shop.issue()
    entry = shop.entry("taxes", "2026-01-01")
    assert entry.card is not None
    assert (entry.occurrence.day, entry.occurrence.sequence) == (day(27), 1)
    shop.advance(days=3)
    shop.trello.tick(entry.card.id, "amal_zina")
    shop.observe()
    shop.clock.advance_to(dt.datetime(2026, 11, 30, 8, tzinfo=PARIS))
    shop.issue()
    shop.observe()
    shop.report()
    frozen = shop.store.frozen(IsoWeek(2026, 48))
    assert frozen is not None
    assert [(line.key, line.outcome) for line in frozen.occurrences] == [
        ("daily/taxes/2026-01-01", Outcome.ON_TIME)
    ]
    shop.advance(days=340)
    shop.issue()
    assert shop.entry("taxes", "2027-01-01").occurrence.day == dt.date(2027, 11, 26)


@pytest.mark.parametrize("days", [1, 120, 360])
def test_a_yearly_task_that_is_renamed_and_re_timed_gets_no_second_card(days: int) -> None:
    """In January, whenever in the year it is renamed and comes in December from then on."""
    shop = Edited(yearly(month=1))
    shop.clock.advance_to(dt.datetime(2027, 1, 1, 8, tzinfo=PARIS))
    shop.issue()
    (first,) = shop.cards_on()
    shop.trello.tick(first.id, "amal_zina")
    shop.observe()
    shop.clock.advance_to(dt.datetime(2027, 1, 1, 8, tzinfo=PARIS) + dt.timedelta(days=days))
    shop.issue()
    shop.edit_task(yearly("vat", month=12, was=("daily/taxes",)))
    shop.edit_task(yearly("vat", month=12, was=("daily/taxes",), title="La TVA"))
    shop.clock.advance_to(dt.datetime(2027, 12, 30, 8, tzinfo=PARIS))
    shop.issue()
    assert len(shop.cards_on()) == 1
    shop.clock.advance_to(dt.datetime(2028, 12, 2, 8, tzinfo=PARIS))
    shop.issue()
    assert shop.entry("vat", "2028-01-01").card is not None


def test_a_yearly_day_that_a_new_month_puts_into_the_past_is_not_lost() -> None:
    shop = Edited(yearly(month=12))
    shop.advance(days=1)
    shop.issue()
    shop.edit_task(yearly(month=2))
    assert shop.entry("taxes", "2026-01-01").skipped == TOO_LATE
    assert EventKind.WITHDRAWN not in {each.kind for each in shop.entry("taxes", "2026-01-01").events}

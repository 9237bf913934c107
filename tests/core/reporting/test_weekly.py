"""The weekly report, and the figures in it."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from agenda_kit import LOOKED_AT, SHOP
from agenda_kit import WEEK as WEEK_AHEAD
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from week_kit import (
    AMINA,
    CLOSE,
    ENTRIES,
    HOURS,
    STRANGER,
    WEEK,
    ZONE,
    done,
    entry,
    event,
    hour,
    occurrence,
    reopened,
)

from trello_ops.core.cadence import Frequency
from trello_ops.core.calendar.agenda import agenda
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import Board, ReportPolicy, Theme, Workspace
from trello_ops.core.ledger import (
    TOO_LATE,
    EventKind,
    EventSource,
    IssuedCard,
    LedgerEntry,
    LedgerEvent,
    OccurrenceKey,
)
from trello_ops.core.people import Absentee, Person
from trello_ops.core.reporting.groups import totals
from trello_ops.core.reporting.history import FrozenCounts
from trello_ops.core.reporting.notice import Why
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import DueMove, Report
from trello_ops.core.reporting.signal import standing
from trello_ops.core.reporting.standing import WeekCount
from trello_ops.core.reporting.weekly import WeekFacts, weekly_report
from trello_ops.core.trello import Member

# ---- totals -----------------------------------------------------------------------------------------


def test_the_rate_charges_on_time_late_and_missed_alone() -> None:
    found = totals(Outcome)
    assert (found.scheduled, found.compliance_rate) == (6, pytest.approx(1 / 3))
    assert totals([Outcome.ON_TIME]).compliance_rate == 1.0
    assert totals([Outcome.LATE, Outcome.MISSED]).compliance_rate == 0.0


@pytest.mark.parametrize("uncharged", [(), (Outcome.OPEN, Outcome.EXCUSED, Outcome.NOT_ISSUED)])
def test_where_nothing_is_charged_there_is_no_rate(uncharged: tuple[Outcome, ...]) -> None:
    assert totals(uncharged).compliance_rate is None


# ---- the report -------------------------------------------------------------------------------------


def workspace() -> Workspace:
    return Workspace(
        key="zina",
        name="Zina ô Beldi",
        trello_workspace="zina",
        locale="fr",
        timezone=ZONE,
        people=(Person("karim", "karim", "Karim"), Person("amina", "amina_b", "Amina")),
        themes=(Theme("service", "Service client", "blue"), Theme("operations", "Opérationnel", "green")),
        excused=Theme("excused", "Excusé", "black"),
        report=ReportPolicy(("chef@zina.example",)),
        boards=(Board("weekly", "Hebdomadaire", Frequency.WEEKLY, (), (), ZONE),),
    )


def facts(*entries: LedgerEntry, read: bool = True, later: Sequence[LedgerEntry] = ()) -> WeekFacts:
    return WeekFacts(WEEK, entries, later, {"weekly"} if read else set(), ("weekly/stock",))


def made(*entries: LedgerEntry, now: dt.datetime = CLOSE, read: bool = True) -> Report:
    return weekly_report(workspace(), facts(*entries, read=read), now, freeze=True)


def assigned(task: str, *assignees: str) -> LedgerEntry:
    return LedgerEntry(
        occurrence(task, assignees=assignees),
        hour(8),
        "",
        IssuedCard(task, f"https://t/{task}", hour(8), hour(8)),
    )


def test_a_report_says_what_it_is_about() -> None:
    report = made()
    assert (report.workspace, report.name, report.locale) == ("zina", "Zina ô Beldi", "fr")
    assert (report.week, report.begins, report.ends) == (WEEK, dt.date(2026, 11, 16), dt.date(2026, 11, 22))
    assert (report.closes_at, report.frozen_at, report.timezone) == (CLOSE, CLOSE, "Europe/Paris")
    assert (report.totals.scheduled, report.system) == (0, ("weekly/stock",))
    assert {group.totals.scheduled for group in (*report.boards, *report.people)} == {0}


def test_a_report_that_is_not_frozen_says_so() -> None:
    provisional = weekly_report(workspace(), facts(entry()), CLOSE, freeze=False)
    assert provisional.frozen_at is None


def test_a_line_tells_all_about_an_occurrence() -> None:
    (line,) = made(entry(done(10))).occurrences
    assert (line.key, line.board, line.task) == ("weekly/stock/2026-11-16", "weekly", "stock")
    assert (line.theme, line.title, line.assignees) == ("operations", "Stock", ("amina",))
    assert (line.due_at, line.outcome, line.completed_at) == (hour(20), Outcome.ON_TIME, hour(10))
    assert (line.completed_by, line.card_url) == ("amina", "https://trello.com/c/c1")
    assert (line.approximate, line.note) == (False, "")


KARIM = Member("m2", "karim", "Karim")


def test_whoever_is_on_the_card_when_it_is_done_is_its_assignee() -> None:
    handed_over = (event(EventKind.ASSIGNED, 9, KARIM, "b"), event(EventKind.UNASSIGNED, 10, AMINA, "c"))
    assert made(entry(*handed_over, done(11))).occurrences[0].assignees == ("karim",)
    assert made(entry(*handed_over, done(9.5))).occurrences[0].assignees == ("amina", "karim")
    assert made(entry(*handed_over)).occurrences[0].assignees == ("amina",)
    left = (
        event(EventKind.UNASSIGNED, 10, AMINA, "c"),
        event(EventKind.ASSIGNED, 12, STRANGER, "d"),
        done(11),
    )
    assert made(entry(*left)).occurrences[0].assignees == ("amina",)
    report = made(entry(*left[:2], done(13)))
    assert report.occurrences[0].assignees == ("extern",)
    assert [(group.key, group.totals.on_time) for group in report.people][-1] == ("extern", 1)


def test_a_line_names_who_moved_its_due_last_by_the_close() -> None:
    moves = (event(EventKind.DUE_MOVED, 9, AMINA, "b"), event(EventKind.DUE_MOVED, 10, KARIM, "c"))
    line = made(entry(*reversed(moves))).occurrences[0]
    assert line.due_moved_by == "karim"
    assert line.due_moves == (DueMove(moves[0].at, "amina"), DueMove(moves[1].at, "karim"))
    assert made(entry(event(EventKind.DUE_MOVED, 200, KARIM, "c"))).occurrences[0].due_moves == ()


def test_a_done_line_without_its_proof_is_unproven_until_the_proof_comes() -> None:
    without = event(EventKind.UNPROVEN, 10, AMINA)
    assert made(entry(done(10), without)).occurrences[0].unproven
    brought = event(EventKind.PROVEN, 10, None, None)
    assert not made(entry(done(10), without, brought)).occurrences[0].unproven
    assert not made(entry(done(10), without, reopened(11))).occurrences[0].unproven


def test_an_excused_line_names_who_excused_it_where_a_log_told() -> None:
    (line,) = made(entry(event(EventKind.EXCUSED, 9, KARIM))).occurrences
    assert (line.outcome, line.excused_at, line.excused_by) == (Outcome.EXCUSED, hour(9), "karim")
    (guessed,) = made(entry(event(EventKind.EXCUSED, 9, None, None))).occurrences
    assert (guessed.outcome, guessed.excused_at, guessed.excused_by) == (Outcome.EXCUSED, None, None)


def test_somebody_undeclared_goes_by_their_username_and_nobody_by_nothing() -> None:
    assert made(entry(done(10, STRANGER))).occurrences[0].completed_by == "extern"
    guessed = made(entry(done(10, None, None))).occurrences[0]
    assert (guessed.completed_by, guessed.approximate) == (None, True)


def test_an_undone_line_names_no_completion() -> None:
    line = made(entry(done(10), reopened(30))).occurrences[0]
    assert (line.outcome, line.completed_at, line.completed_by) == (Outcome.MISSED, None, None)


def test_a_skipped_line_says_why() -> None:
    line = made(entry(created=None, skipped=TOO_LATE)).occurrences[0]
    assert (line.outcome, line.note, line.card_url) == (Outcome.NOT_ISSUED, TOO_LATE, None)


def test_a_line_of_the_calendar_says_why_and_who_was_away() -> None:
    (line,) = made(entry(created=None, skipped="holiday:Aïd al-Fitr")).occurrences
    assert (line.outcome, line.note) == (Outcome.EXCUSED, "holiday:Aïd al-Fitr")
    absent = (Absentee("amina", "Amina", "karim", "congé"),)
    given = entry(done(10))
    (line,) = made(replace(given, occurrence=replace(given.occurrence, absent=absent))).occurrences
    assert (line.outcome, line.note, line.absent) == (Outcome.ON_TIME, "", absent)


def test_whoever_was_away_goes_by_the_key_that_they_have_now() -> None:
    absent = (Absentee("amina", "Amina", "karim", "congé"),)
    given = entry(done(10))
    given = replace(given, occurrence=replace(given.occurrence, absent=absent, assignees=()))
    shop = workspace()
    people = [replace(each, key=f"{each.key}-2", was=(each.key,)) for each in shop.people]
    shop = replace(shop, people=tuple(people))
    (line,) = weekly_report(shop, facts(given), CLOSE, freeze=True).occurrences
    assert line.absent == (Absentee("amina-2", "Amina", "karim-2", "congé"),)
    assert line.nobody_left


def test_the_completion_that_counts_is_the_one_that_held_at_the_due() -> None:
    def completed(*events: LedgerEvent) -> dt.datetime | None:
        return made(entry(*events)).occurrences[0].completed_at

    assert completed(done(10), reopened(11), done(12)) == hour(12)
    assert completed(done(10), reopened(30), done(40)) == hour(10)
    assert completed(done(10), reopened(19), done(21), reopened(22), done(23)) == hour(23)


def test_before_the_close_a_report_shows_the_state_of_now() -> None:
    case = entry(done(10), reopened(15))
    assert made(case, now=hour(12)).occurrences[0].outcome is Outcome.ON_TIME
    assert made(case, now=hour(16)).occurrences[0].outcome is Outcome.OPEN


def test_after_the_close_a_report_shows_the_state_at_the_close() -> None:
    late = replace(done(0), at=CLOSE + dt.timedelta(hours=3))
    line = made(entry(late), now=CLOSE + dt.timedelta(days=1)).occurrences[0]
    assert (line.outcome, line.completed_at) == (Outcome.MISSED, None)


def test_a_board_not_read_since_the_close_leaves_its_lines_open() -> None:
    report = made(entry(), entry(done(10)), read=False)
    assert [line.outcome for line in report.occurrences] == [Outcome.OPEN, Outcome.ON_TIME]
    assert report.totals.compliance_rate == 1.0


def test_lines_of_one_outcome_can_be_picked() -> None:
    report = made(entry(), entry(done(10)))
    assert [line.outcome for line in report.with_outcome(Outcome.MISSED)] == [Outcome.MISSED]


def test_the_week_of_the_time_change_closes_at_seven_by_the_new_clock() -> None:
    week = IsoWeek.of(dt.date(2026, 10, 25))
    empty = weekly_report(workspace(), WeekFacts(week, (), (), ()), CLOSE, freeze=True)
    assert empty.closes_at == dt.datetime(2026, 10, 26, 6, tzinfo=dt.UTC)
    before = replace(empty, week=week.previous())
    assert before.week.closes_at(ZONE, dt.time(7)) == dt.datetime(2026, 10, 19, 5, tzinfo=dt.UTC)


def test_week_53_begins_in_one_year_and_closes_in_the_next() -> None:
    week = IsoWeek(2026, 53)
    report = weekly_report(workspace(), WeekFacts(week, (), (), ()), CLOSE, freeze=False)
    assert (report.begins, report.ends) == (dt.date(2026, 12, 28), dt.date(2027, 1, 3))
    assert report.closes_at == dt.datetime(2027, 1, 4, 6, tzinfo=dt.UTC)
    assert Report.from_dict(report.as_dict()).week == week


# ---- groups -----------------------------------------------------------------------------------------


def test_groups_come_in_the_order_of_the_files_the_idle_among_them() -> None:
    report = made(assigned("a", "amina"))
    assert [(g.key, g.title, g.totals.scheduled) for g in report.people] == [
        ("karim", "Karim", 0),
        ("amina", "Amina", 1),
    ]
    assert [(g.key, g.totals.scheduled) for g in report.themes] == [("service", 0), ("operations", 1)]


def test_groups_bear_the_titles_that_the_ledger_froze() -> None:
    assert [(g.key, g.title) for g in made(entry()).boards] == [("weekly", "Chaque semaine")]


def test_an_occurrence_of_several_people_counts_for_each_and_once_in_all() -> None:
    report = made(assigned("a", "amina", "karim"), assigned("b", "amina"))
    assert {g.key: g.totals.missed for g in report.people} == {"karim": 1, "amina": 2}
    assert report.totals.missed == 2


def test_an_occurrence_of_nobody_counts_for_nobody() -> None:
    report = made(assigned("a"), assigned("b", "amina"))
    assert {g.key: g.totals.scheduled for g in report.people} == {"karim": 0, "amina": 1, "": 1}
    assert [g.key for g in report.people] == ["karim", "amina", ""]


def test_people_and_boards_that_are_declared_no_more_still_count() -> None:
    gone = assigned("a", "yassine")
    key = OccurrenceKey("old", "a", gone.occurrence.key.date)
    gone = replace(gone, occurrence=replace(gone.occurrence, key=key, board_title="Vieux", theme="past"))
    report = made(gone, assigned("b", "amina"))
    assert [(g.key, g.title) for g in report.boards] == [("weekly", "Chaque semaine"), ("old", "Vieux")]
    assert [(g.key, g.title) for g in report.people] == [
        ("karim", "Karim"),
        ("amina", "Amina"),
        ("yassine", "yassine"),
    ]
    assert [(g.key, g.title) for g in report.themes][-1] == ("past", "Opérationnel")


def test_who_was_taken_out_of_people_keeps_the_name() -> None:
    person = Person("yassine", "Yassine_K", "Yassine K.")
    gone = assigned("a", "yassine")
    member = Member("m7", "yassine_k", "Yassine on Trello")
    at = LedgerEvent(gone.occurrence.key, EventKind.DONE, hour(10), EventSource.TICK, member, "a")
    gone = replace(gone, occurrence=replace(gone.occurrence, people=(person,)), events=(at,))
    report = made(gone, assigned("b", "amina"))
    assert [(g.key, g.title, g.totals.scheduled) for g in report.people][-1] == ("yassine", "Yassine K.", 1)
    assert report.occurrences[0].completed_by == "yassine"


def test_people_who_changed_keys_keep_what_was_theirs() -> None:
    amina, karim = workspace().person("amina"), workspace().person("karim")
    assert amina
    assert karim
    entry = assigned("a", "amina")
    before = replace(entry, occurrence=replace(entry.occurrence, people=(amina,)))
    swapped = (replace(karim, key="amina", was=("karim",)), replace(amina, key="karim", was=("amina",)))
    after = replace(workspace(), people=swapped)
    report = weekly_report(after, facts(before), CLOSE, freeze=True)
    assert report.occurrences[0].assignees == ("karim",)
    assert {group.title: group.totals.scheduled for group in report.people} == {"Karim": 0, "Amina": 1}


def test_who_is_declared_goes_by_the_declared_name() -> None:
    entry = assigned("b", "amina")
    old = replace(entry, occurrence=replace(entry.occurrence, people=(Person("amina", "x", "Old name"),)))
    assert [g.title for g in made(old).people] == ["Karim", "Amina"]


def test_a_line_has_the_names_of_its_assignees_also_of_who_left() -> None:
    person = Person("yassine", "yassine_k", "Yassine K.")
    gone = assigned("a", "yassine", "amina", "unknown")
    gone = replace(gone, occurrence=replace(gone.occurrence, people=(person,)))
    (line,) = made(gone).occurrences
    assert line.assignees == ("yassine", "amina", "unknown")
    assert line.assignee_names == ("Yassine K.", "Amina", "unknown")


def test_whether_people_are_told_is_the_files_to_say() -> None:
    open_ = replace(workspace(), report=ReportPolicy((), people=True))
    assert not made().people_shown
    assert weekly_report(open_, facts(), CLOSE, freeze=True).people_shown


# ---- why it is excused, and what was reopened --------------------------------------------------------


def excused_by(source: EventSource, action: str | None = "e") -> LedgerEvent:
    return replace(event(EventKind.EXCUSED, 9, action=action), source=source)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (entry(excused_by(EventSource.LABEL)), "label"),
        (entry(excused_by(EventSource.LIST)), "list"),
        (entry(excused_by(EventSource.LIST, None)), "list"),
        (entry(event(EventKind.WITHDRAWN, 9)), "withdrawn"),
        (entry(event(EventKind.WITHDRAWN, 9), excused_by(EventSource.LABEL)), "label"),
        (entry(created=None, skipped="holiday:Aïd"), "holiday:Aïd"),
        (entry(excused_by(EventSource.LABEL), skipped="pause:"), "pause:"),
        (entry(created=None, skipped=TOO_LATE), ""),
        (entry(done(9)), ""),
        (entry(excused_by(EventSource.LABEL), event(EventKind.UNEXCUSED, 10)), ""),
    ],
)
def test_why_it_is_excused_is_told(case: LedgerEntry, reason: str) -> None:
    (line,) = made(case).occurrences
    assert line.excused_reason == reason
    assert (line.outcome is Outcome.EXCUSED) == bool(reason)


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ((done(9), reopened(10)), True),
        ((done(9), reopened(10), done(11)), True),
        ((done(9),), False),
        ((reopened(9), done(10)), False),
        ((done(9), reopened(24 * 7 + 12)), False),
    ],
)
def test_what_was_undone_again_before_the_close_is_told(
    events: tuple[LedgerEvent, ...], *, told: bool
) -> None:
    assert made(entry(*events)).occurrences[0].reopened is told


def test_what_was_done_in_time_and_again_after_its_due_keeps_its_first_instant() -> None:
    (line,) = made(entry(done(10), reopened(30), done(40))).occurrences
    assert (line.outcome, line.completed_at, line.reopened) == (Outcome.ON_TIME, hour(10), True)


# ---- what it means -----------------------------------------------------------------------------------


def counts(week: IsoWeek, n: int, on_time: int, **boards: int) -> FrozenCounts:
    of_boards = {key: WeekCount(week, of, of) for key, of in boards.items()}
    return FrozenCounts(week, WeekCount(week, n, on_time), of_boards)


def test_the_week_stands_against_those_before_it_and_its_target() -> None:
    earlier = [counts(IsoWeek(2026, number), 10, 9, weekly=4, before=2) for number in range(40, 50)]
    board = replace(workspace().boards[0], was=("before",))
    policy = ReportPolicy((), target=80, by_board=(("weekly", ("a@example.org",)),))
    shop = replace(workspace(), boards=(board,), report=policy)
    report = weekly_report(shop, replace(facts(entry(done(9))), history=earlier), CLOSE, freeze=True)
    before = [each for each in earlier if each.week < WEEK]
    this = WeekCount(WEEK, 1, 1)
    assert report.standing == standing([each.whole for each in before], this, 80)
    boards = [WeekCount(each.week, 6, 6) for each in before]
    assert report.board_standings == {"weekly": standing(boards, this, 80)}
    assert report.standing != report.board_standings["weekly"]


def test_its_short_lists_are_of_this_week_and_the_next() -> None:
    told = replace(facts(entry(due=20)), past={("weekly", "stock"): (Outcome.LATE,) * 4})
    report = weekly_report(workspace(), told, CLOSE, freeze=True)
    assert [(each.why, each.count, each.of) for each in report.needs_you] == [(Why.MISSED, 4, 4)]
    assert [(each.why, each.count, each.of) for each in report.chronic] == [(Why.NOT_ON_TIME, 5, 5)]
    assert (report.rare, report.next_week) == ((), ())
    ahead = agenda(SHOP, WEEK_AHEAD, LOOKED_AT)
    first = weekly_report(
        SHOP, WeekFacts(IsoWeek.of(WEEK_AHEAD.first).previous(), (), (), (), ahead=ahead), CLOSE, freeze=False
    )
    assert {each.why for each in first.next_week} >= {Why.HOLIDAY, Why.ABSENCE, Why.OVERBOOKED}
    assert {each.why for each in first.needs_you} == {Why.UNASSIGNED}


def test_it_asks_about_what_is_doubtful() -> None:
    at_once = replace(event(EventKind.AT_ONCE, 10), source=EventSource.CHECKLIST)
    assert [each.why for each in made(entry(at_once, done(10))).doubtful] == [Why.AT_ONCE]
    assert made(entry(done(10))).doubtful == ()


# ---- caught up --------------------------------------------------------------------------------------


def caught_up(*events: LedgerEvent, created: float = 8, now: dt.datetime | None = None) -> Report:
    """The report of the week after, where `events` are those of an occurrence due at 20 o'clock."""
    after = WEEK.next()
    later = WeekFacts(after, (), (entry(*events, created=created),), {"weekly"})
    return weekly_report(workspace(), later, now or after.closes_at(ZONE, dt.time(7)), freeze=True)


AFTER = 24 * 7 + 12
"""Monday noon of the week after: its account of this week has closed."""


def test_what_was_missed_and_done_after_the_close_is_caught_up() -> None:
    (line,) = caught_up(done(AFTER)).caught_up
    assert (line.outcome, line.completed_at, line.completed_by) == (Outcome.MISSED, hour(AFTER), "amina")


def test_what_is_caught_up_is_in_no_total() -> None:
    assert caught_up(done(AFTER)).totals.scheduled == 0


def test_what_was_done_by_the_close_is_not_caught_up_again() -> None:
    assert caught_up(done(21)).caught_up == ()
    assert caught_up(done(10), reopened(AFTER), done(AFTER + 1)).caught_up == ()


def test_what_was_reopened_once_more_is_not_caught_up() -> None:
    assert caught_up(done(AFTER), reopened(AFTER + 1)).caught_up == ()


def test_what_is_done_after_the_next_close_waits_for_the_report_after() -> None:
    assert caught_up(done(24 * 14 + 12)).caught_up == ()


def test_catching_up_shows_in_the_report_of_the_current_week_at_once() -> None:
    assert caught_up(done(AFTER), now=hour(AFTER + 1)).caught_up
    assert not caught_up(done(AFTER), now=hour(AFTER - 1)).caught_up


def test_what_was_done_reopened_and_caught_up_names_the_completion_after_the_close() -> None:
    (line,) = caught_up(done(10), reopened(30), done(AFTER)).caught_up
    assert (line.outcome, line.completed_at) == (Outcome.MISSED, hour(AFTER))


def test_a_card_made_too_late_is_caught_up_without_blame() -> None:
    assert caught_up(done(AFTER), created=21).caught_up[0].outcome is Outcome.NOT_ISSUED


def test_an_occurrence_of_the_week_itself_is_not_caught_up() -> None:
    case = entry(done(30))
    report = weekly_report(workspace(), facts(case, later=(case,)), CLOSE, freeze=True)
    assert report.caught_up == ()


# ---- properties -------------------------------------------------------------------------------------

_REPORTS = st.builds(
    lambda entries, later, read, now: weekly_report(
        workspace(), facts(*entries, read=read, later=later), hour(now), freeze=now > 24 * 7 + 6
    ),
    st.lists(ENTRIES, max_size=8),
    st.lists(ENTRIES, max_size=3),
    st.booleans(),
    HOURS,
)


@settings(max_examples=examples(25))
@given(_REPORTS)
def test_outcomes_partition_the_scheduled(report: Report) -> None:
    whole = report.totals
    parts = (whole.on_time, whole.late, whole.missed, whole.open, whole.excused, whole.not_issued)
    assert sum(parts) == whole.scheduled == len(report.occurrences)
    for groups in (report.boards, report.themes):
        assert sum(group.totals.scheduled for group in groups) == whole.scheduled
    lines = [line for line in report.occurrences for _ in line.assignees or [""]]
    assert sum(group.totals.scheduled for group in report.people) == len(lines)
    assert whole.compliance_rate is None or 0 <= whole.compliance_rate <= 1


@settings(max_examples=examples(25))
@given(_REPORTS)
def test_a_report_survives_json(report: Report) -> None:
    assert Report.from_dict(json.loads(json.dumps(report.as_dict()))) == report

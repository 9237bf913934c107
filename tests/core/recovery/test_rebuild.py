"""What is rebuilt of a lost ledger, from cards, logs and today's declaration."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from trello_ops.core.bindings import Binding, Kind, Watermark
from trello_ops.core.cadence import Cadence, CatchUp, CatchUpMode, DayTime, Frequency, OnDayOff, Span
from trello_ops.core.declared import (
    Board,
    BoardList,
    Housekeeping,
    ReportPolicy,
    Task,
    Theme,
    Undone,
    Workspace,
)
from trello_ops.core.ledger import EventKind, Occurrence, OccurrenceKey
from trello_ops.core.marker import board_marker, card_marker, template_marker
from trello_ops.core.people import Person
from trello_ops.core.recovery.card_origin import BoardNames, as_made, frozen
from trello_ops.core.recovery.evidence import BoardEvidence
from trello_ops.core.recovery.rebuild import Rebuilt, rebuild
from trello_ops.core.recovery.uncertainty import Uncertainty, UncertaintyKind
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.trello import Action, BoardSummary, Card, FieldChange, Member, Snapshot

UTC = ZoneInfo("UTC")
ROBOT, AMAL, KARIM, STRANGER = (Member(f"{n:024x}", name, name) for n, name in
                                enumerate(("robot", "amal", "karim", "eve")))  # fmt: skip
BOARD, TODO, DONE, THEME, OTHER_THEME, EXCUSED, LATER = (f"6b00000000000000000000{n:02x}" for n in range(7))
MONDAY = dt.datetime(2026, 11, 16, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def at(day: int, hour: float = 0) -> dt.datetime:
    """An hour of a day, counted from Monday the 16th."""
    return MONDAY + dt.timedelta(days=day, hours=hour)


def task(key: str = "parcels", mode: CatchUpMode = CatchUpMode.LATEST) -> Task:
    cadence = Cadence(
        Frequency.DAILY,
        tuple(range(1, 8)),
        DayTime(dt.time(18)),
        UTC,
        DayTime(dt.time(6)),
        catch_up=CatchUp(mode),
    )
    return Task(key, f"Task {key}", "operations", f"{key}.md", cadence, ("amal",))


def board(*tasks: Task) -> Board:
    lists = (BoardList("todo", "To do"), BoardList("done", "Done"))
    return Board("daily", "Every day", Frequency.DAILY, lists, tasks or (task(),), UTC)


def workspace(*boards: Board) -> Workspace:
    return Workspace(
        key="zina",
        name="Zina",
        trello_workspace="zina",
        locale="en",
        timezone=UTC,
        people=(Person("amal", "amal", "Amal"), Person("karim", "karim", "Karim")),
        themes=(Theme("operations", "Operations", "orange"), Theme("data", "Data", "green")),
        excused=Theme("excused", "Excused", "black"),
        report=ReportPolicy(("boss@example.org",)),
        boards=boards or (board(),),
    )


_numbers = iter(range(1, 1_000_000))


def new_id(moment: dt.datetime) -> str:
    return f"{int(moment.timestamp()):08x}{next(_numbers):016x}"


def card(day: int, made: dt.datetime | None = None, of: str = "parcels", **changes: object) -> Card:
    date = at(day).date()
    created = made or at(day, 6)
    base = Card(
        id=new_id(created),
        url=f"https://trello.com/c/{of}{day}",
        title=f"Task {of} {date}",
        description=f"Do it.\n\n`{card_marker('zina', OccurrenceKey('daily', of, date))}`",
        board_id=BOARD,
        list_id=TODO,
        label_ids=(THEME,),
        member_ids=(AMAL.id,),
        start=at(day, 6),
        due=at(day, 18),
        ticked=False,
        closed=False,
        is_template=False,
        item_count=0,
        created_at=created,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def action(
    moment: dt.datetime, of: Card | str, kind: str = "updateCard", by: Member = AMAL, **said: object
) -> Action:
    card_id = of if isinstance(of, str) else of.id
    return Action(new_id(moment), moment, kind, card_id, by, **said)  # type: ignore[arg-type]


def tick(of: Card, moment: dt.datetime, by: Member = AMAL) -> Action:
    return action(moment, of, by=by, ticked=FieldChange(before=False, after=True))


def shown(*cards: Card, log: tuple[Action, ...] = (), declared: Board | None = None) -> BoardEvidence:
    summary = BoardSummary(
        BOARD, "Every day", board_marker("zina", "daily"), closed=False, url="u", created_at=at(-1)
    )
    keys = {(Kind.LIST, "todo"): TODO, (Kind.LIST, "done"): DONE, (Kind.LIST, "later"): LATER,
            (Kind.LABEL, "operations"): THEME, (Kind.LABEL, "data"): OTHER_THEME,
            (Kind.LABEL, "excused"): EXCUSED}  # fmt: skip
    bindings = (
        Binding(Kind.BOARD, "daily", "", BOARD, at(-1)),
        *(Binding(kind, "daily", key, trello_id, at(-1)) for (kind, key), trello_id in keys.items()),
    )
    makings = tuple(action(each.created_at, each, "createCard", ROBOT) for each in cards)
    return BoardEvidence(
        declared or board(),
        bindings,
        Snapshot(summary, None, "org", (), (), (ROBOT, AMAL, KARIM), ()),
        cards,
        tuple(sorted((*makings, *log), key=lambda each: each.at)),
    )


def rebuilt(
    *cards: Card, log: tuple[Action, ...] = (), declared: Board | None = None, now: dt.datetime
) -> Rebuilt:
    declared = declared or board()
    found = shown(*cards, log=log, declared=declared)
    return rebuild(workspace(declared), [found], lambda o: f"{o.title} {o.key.date}", now)


def outcomes(found: Rebuilt) -> dict[str, Outcome]:
    return {line.key: line.outcome for report in found.reports for line in report.occurrences}


def uncertainties(found: Rebuilt) -> set[tuple[str, UncertaintyKind]]:
    return {(uncertainty.subject, uncertainty.kind) for uncertainty in found.uncertainties}


def key(day: int, of: str = "parcels") -> str:
    return f"daily/{of}/{at(day).date()}"


# ---- what was issued and done


def test_a_week_is_judged_by_cards_and_log() -> None:
    week = [card(n) for n in range(7)]
    log = (
        tick(week[0], at(0, 10)),
        tick(week[1], at(1, 20), KARIM),
        action(at(2, 9), week[2], moved=FieldChange(TODO, DONE)),
        tick(week[3], at(7, 12)),
    )
    week[0] = replace(week[0], ticked=True)
    week[1] = replace(week[1], ticked=True, closed=True)
    week[2] = replace(week[2], list_id=DONE)
    week[3] = replace(week[3], ticked=True)
    week[4] = replace(week[4], label_ids=(THEME, EXCUSED))
    found = rebuilt(*week, card(7), log=log, now=at(14, 8))
    expected = ["on_time", "late", "on_time", "missed", "excused", "missed", "missed"]
    assert [outcomes(found)[key(n)] for n in range(7)] == expected
    assert [line.key for line in found.reports[1].caught_up] == [key(3)]
    lines = {line.key: line for line in found.reports[0].occurrences}
    assert (lines[key(1)].completed_by, lines[key(1)].completed_at) == ("karim", at(1, 20))
    assert (key(4), UncertaintyKind.EXCUSED) in uncertainties(found)


def test_a_card_that_somebody_fetched_back_stays_fetched_back() -> None:
    put_away = card(0)
    log = (
        action(at(8), put_away, by=ROBOT, moved=FieldChange(TODO, LATER)),
        action(at(9), put_away, moved=FieldChange(LATER, TODO)),
    )
    keeping = Housekeeping(undone=Undone.MOVE, move_to="later")
    found = rebuilt(put_away, log=log, declared=replace(board(), housekeeping=keeping), now=at(10))
    (entry,) = (each for each in found.entries if each.card and each.card.id == put_away.id)
    assert [(each.kind, each.at, each.by) for each in entry.events] == [(EventKind.KEPT, at(9), AMAL)]


def test_only_closed_weeks_are_frozen() -> None:
    cards = [card(n) for n in range(7)]
    assert rebuilt(*cards, now=at(7, 6.9)).reports == ()
    (report,) = rebuilt(*cards, now=at(7, 7)).reports
    assert (str(report.week), report.frozen_at) == ("2026-W47", at(7, 7))


def test_nothing_found_is_nothing_rebuilt() -> None:
    found = rebuilt(now=at(20))
    assert (found.entries, found.reports, found.waiting) == ((), (), ())
    assert uncertainties(found) == {("daily/parcels", UncertaintyKind.NEW_TASK)}


def test_a_card_that_a_request_may_still_bring_is_waited_for() -> None:
    """Nothing is there, yet the first card of a task may be under way."""
    found = rebuilt(now=at(0, 12))
    assert [str(key) for key in found.waiting] == ["daily/parcels/2026-11-16"]
    assert [entry.occurrence.key for entry in found.entries] == list(found.waiting)
    assert uncertainties(found) == {("daily/parcels", UncertaintyKind.NEW_TASK)}


def test_up_to_now_the_ledger_is_complete() -> None:
    found = rebuilt(card(0), now=at(0, 12))
    assert found.watermarks == (Watermark("daily", "parcels", at(0, 12)),)
    (cursor,) = found.read_cursors
    assert (cursor.read_at, cursor.last_action_at) == (at(0, 12), at(0, 6))


def test_the_elder_of_two_cards_with_one_marker_counts() -> None:
    elder, younger = card(0), card(0, at(0, 9))
    (entry,) = rebuilt(younger, elder, now=at(0, 12)).entries
    assert entry.card
    assert entry.card.id == elder.id


def test_a_card_that_somebody_turned_into_a_template_stays_the_card_of_its_occurrence() -> None:
    turned, other = card(0, is_template=True), card(1)
    found = rebuilt(turned, other, log=(tick(turned, at(0, 9)),), now=at(1, 12))
    assert [entry.card and entry.card.id for entry in found.entries] == [turned.id, other.id]
    assert found.entries[0].events[0].kind is EventKind.DONE
    assert uncertainties(found) == set()


def test_a_template_that_somebody_else_made_is_no_occurrence() -> None:
    """As a copy of a card that was deleted: it is not even the copy that people work on."""
    copied = card(0, is_template=True)
    found = shown(copied, card(1))
    by_amal = (replace(each, by=AMAL) if each.card_id == copied.id else each for each in found.log)
    found = replace(found, log=tuple(by_amal))
    again = rebuild(workspace(found.board), [found], lambda o: f"{o.title} {o.key.date}", at(1, 12))
    assert [entry.card is None for entry in again.entries] == [False]


def test_a_second_card_of_ours_is_not_said_to_bear_no_marker() -> None:
    found = rebuilt(card(0), card(0, at(0, 9)), now=at(0, 12))
    assert uncertainties(found) == set()


def old(marked: Card) -> Card:
    """As an older version made it, which did not write the workspace into markers."""
    return replace(marked, description=marked.description.replace("zina/", ""))


def test_cards_of_an_older_version_are_known() -> None:
    (entry,) = rebuilt(old(card(0)), now=at(0, 12)).entries
    assert entry.card
    assert uncertainties(rebuilt(old(card(0)), now=at(0, 12))) == set()


def test_a_card_of_another_workspace_is_nobodys_business() -> None:
    moved = card(1)
    moved = replace(moved, description=moved.description.replace("zina/", "other/"))
    found = rebuilt(card(0), moved, now=at(1, 5))
    assert [str(entry.occurrence.key) for entry in found.entries] == [key(0)]
    assert uncertainties(found) == set()


def test_a_template_card_is_no_occurrence() -> None:
    marked = card(0, is_template=True, description=template_marker("zina", "daily", "parcels"))
    found = rebuilt(marked, now=at(0, 12))
    assert [entry.card for entry in found.entries] == [None]


def test_cards_that_today_has_no_place_for_are_kept() -> None:
    """The task was retired since, or its days were others then."""
    odd = card(0, of="retired", due=at(0, 12))
    found = rebuilt(odd, now=at(8))
    (entry,) = found.entries
    assert str(entry.occurrence.key) == key(0, "retired")
    assert (entry.occurrence.title, entry.occurrence.due) == (odd.title, at(0, 12))
    assert (entry.occurrence.theme, entry.occurrence.assignees) == ("operations", ("amal",))
    assert (key(0, "retired"), UncertaintyKind.TITLE) in uncertainties(found)


def test_a_card_without_any_due_is_left_out_and_said() -> None:
    found = rebuilt(card(0, of="retired", due=None), now=at(8))
    assert found.entries == ()
    assert (key(0, "retired"), UncertaintyKind.DUE) in uncertainties(found)


# ---- what has no card


def test_a_gap_is_listed_and_never_charged() -> None:
    found = rebuilt(card(0), card(2), now=at(2, 12))
    (gap,) = (entry for entry in found.entries if entry.card is None)
    assert (str(gap.occurrence.key), gap.skipped) == (key(1), "too_late")
    assert uncertainties(found) == {(key(1), UncertaintyKind.NO_CARD)}
    assert found.waiting == ()


def test_a_deleted_card_is_told_from_one_that_never_was() -> None:
    gone = card(1)
    log = (action(at(1, 6), gone, "createCard", ROBOT), action(at(1, 9), gone, "deleteCard", KARIM))
    found = rebuilt(card(0), card(2), log=log, now=at(2, 12))
    (entry,) = (entry for entry in found.entries if entry.card is None)
    assert entry.skipped == "card_deleted"
    (uncertainty,) = found.uncertainties
    assert (uncertainty.subject, uncertainty.kind) == (key(1), UncertaintyKind.DELETED)
    assert "2026-11-17 09:00 UTC by karim" in uncertainty.message


def test_a_deleted_card_is_not_made_again() -> None:
    gone = card(1)
    log = (action(at(1, 9), gone, "deleteCard", KARIM),)
    found = rebuilt(card(0), log=log, now=at(1, 12))
    assert found.waiting == ()
    assert uncertainties(found) == {(key(1), UncertaintyKind.DELETED)}


def test_what_people_made_and_deleted_is_nobodys_business() -> None:
    note = new_id(at(1, 7))
    log = (action(at(1, 7), note, "createCard", KARIM), action(at(1, 9), note, "deleteCard", KARIM))
    assert uncertainties(rebuilt(card(0), card(1), log=log, now=at(1, 12))) == set()


def test_a_deletion_that_fits_nothing_is_listed_for_its_board() -> None:
    log = (action(at(1, 9), new_id(at(1, 8)), "deleteCard", KARIM),)
    assert uncertainties(rebuilt(card(0), card(1), log=log, now=at(1, 12))) == {
        ("daily", UncertaintyKind.DELETED)
    }


def off(*days: int) -> Board:
    """Its task is left out on these days."""
    one = task()
    one = replace(one, cadence=replace(one.cadence, on_day_off=OnDayOff.SKIP))
    spans = tuple(Span(at(day).date(), at(day).date(), "inventaire") for day in days)
    return replace(board(one), closures=spans)


def test_what_the_calendar_excused_is_no_missing_card() -> None:
    found = rebuilt(card(0), card(3), declared=off(1, 2, 4), now=at(4, 8))
    skipped = {str(e.occurrence.key): e.skipped for e in found.entries if e.card is None}
    assert skipped == dict.fromkeys(map(key, (1, 2, 4)), "closure:inventaire")
    assert (found.waiting, found.uncertainties) == ((), ())
    told = outcomes(rebuilt(card(0), card(3), declared=off(1, 2, 4), now=at(8)))
    assert {told[key(day)] for day in (1, 2, 4)} == {Outcome.EXCUSED}


def test_a_card_that_stands_is_excused_by_no_closure_that_came_later() -> None:
    (entry,) = rebuilt(card(0), declared=off(0), now=at(0, 20)).entries
    assert (entry.skipped, entry.occurrence.skip) == ("", None)
    assert entry.card is not None


def test_a_year_is_rebuilt_from_its_card() -> None:
    one = task()
    cadence = replace(one.cadence, frequency=Frequency.YEARLY, on=(20,), month=11)
    date = dt.date(2026, 1, 1)
    text = f"`{card_marker('zina', OccurrenceKey('daily', 'parcels', date))}`"
    made = card(0, made=at(-15, 6), description=text, start=at(-15, 6), due=at(4, 18))
    for now in (at(-14), at(5), at(300)):
        found = rebuilt(made, declared=board(replace(one, cadence=cadence)), now=now)
        (entry,) = found.entries
        assert (str(entry.occurrence.key), entry.occurrence.day) == (f"daily/parcels/{date}", at(4).date())
        assert (entry.card is not None, found.waiting) == (True, ())


def test_a_new_task_waits_for_no_day_off() -> None:
    found = rebuilt(declared=off(0), now=at(0, 8))
    assert [entry.skipped for entry in found.entries] == ["closure:inventaire"]
    assert found.waiting == ()


def test_the_newest_may_still_be_issued_once_nothing_lands_late() -> None:
    """Released and not due, or as catching up says: whoever makes it looks for its card first."""
    found = rebuilt(card(0), now=at(2, 12))
    skipped = {str(entry.occurrence.key): entry.skipped for entry in found.entries if entry.card is None}
    assert skipped == {key(1): "too_late", key(2): ""}
    assert [str(each) for each in found.waiting] == [key(2)]


@pytest.mark.parametrize(("mode", "waiting"), [("latest", [2]), ("all", [1, 2]), ("none", [])])
def test_the_past_is_caught_up_as_declared(mode: str, waiting: list[int]) -> None:
    declared = board(task(mode=CatchUpMode(mode)))
    found = rebuilt(card(0), declared=declared, now=at(2, 20))
    assert [str(each) for each in found.waiting] == [key(n) for n in waiting]


def test_a_task_owes_nothing_of_the_time_before_its_first_card() -> None:
    declared = board(task(), task("emails"))
    first = card(3, of="emails")
    found = rebuilt(
        *(card(n) for n in range(5)), first, card(4, of="emails"), declared=declared, now=at(4, 12)
    )
    assert uncertainties(found) == set()
    assert len(found.entries) == 7


def test_its_template_card_tells_since_when_a_task_is_owed() -> None:
    declared = board(task(), task("emails"))
    template = card(
        0, at(-1, 12), description=f"`{template_marker('zina', 'daily', 'emails')}`", is_template=True
    )
    found = rebuilt(card(0), card(1), template, declared=declared, now=at(1, 20))
    assert uncertainties(found) == {
        (key(0, "emails"), UncertaintyKind.NO_CARD),
        (key(1, "emails"), UncertaintyKind.NO_CARD),
    }


def test_what_gives_cards_their_meaning_may_be_missing() -> None:
    found = shown(card(0))
    bare = replace(found, bindings=found.bindings[:1])
    declared = (board(), replace(board(), key="weekly"))
    told = rebuild(workspace(*declared), [bare], lambda _: None, at(0, 12))
    assert {
        ("weekly", UncertaintyKind.BOARD),
        ("daily", UncertaintyKind.LIST),
        ("daily", UncertaintyKind.LABEL),
    } <= uncertainties(told)


# ---- a card as it was made


def test_what_people_changed_is_undone() -> None:
    was = card(0)
    now = replace(was, title="!!", description="gone", start=None, due=at(9), member_ids=(KARIM.id,))
    log = [
        action(at(0, 6), was, by=ROBOT, due=FieldChange(None, at(0, 18))),
        action(at(0, 6), was, "addMemberToCard", ROBOT, member=AMAL),
        action(
            at(0, 8), was, renamed=FieldChange(was.title, "!"), described=FieldChange(was.description, "go")
        ),
        action(at(0, 9), was, renamed=FieldChange("!", "!!"), described=FieldChange("go", "gone")),
        action(at(0, 9), was, start=FieldChange(at(0, 6), None), due=FieldChange(at(0, 18), None)),
        action(at(0, 10), was, due=FieldChange(None, at(9))),
        action(at(0, 11), was, "addMemberToCard", member=KARIM),
        action(at(0, 12), was, "removeMemberFromCard", member=AMAL),
    ]
    assert as_made(now, log) == was


def test_a_lost_marker_is_found_in_the_log() -> None:
    was = card(0)
    edit = action(at(0, 8), was, described=FieldChange(was.description, "mine"))
    found = rebuilt(replace(was, description="mine"), log=(edit,), now=at(0, 12))
    assert [str(entry.occurrence.key) for entry in found.entries] == [key(0)]
    assert uncertainties(found) == {(key(0), UncertaintyKind.MARKER)}


def test_a_marker_that_the_log_does_not_tell_either_is_said() -> None:
    found = rebuilt(card(0), card(1, description="mine"), now=at(1, 12))
    assert uncertainties(found) == {("daily", UncertaintyKind.MARKER), (key(1), UncertaintyKind.NO_CARD)}


def test_a_marker_that_was_pasted_into_somebodys_card_is_no_issue() -> None:
    note = card(0, at(0, 5), description="now " + card(0).description)
    edit = action(at(0, 7), note, described=FieldChange("mine", note.description))
    real = card(0)
    (entry,) = rebuilt(note, real, log=(edit,), now=at(0, 12)).entries
    assert entry.card
    assert entry.card.id == real.id


# ---- what was frozen of the occurrence

DECLARED = Occurrence(
    OccurrenceKey("daily", "parcels", MONDAY.date()), "Every day", "Parcels", "operations", "Operations",
    ("amal",), MONDAY.date(), at(0, 6), at(0, 18), 1,
)  # fmt: skip
NAMES = BoardNames(
    {THEME: "operations", OTHER_THEME: "data"},
    {AMAL.id: "amal", KARIM.id: "karim"},
    frozenset({"amal", "karim"}),
)


def froze(
    made: Card, names: BoardNames = NAMES, title: str | None = "Parcels, Monday"
) -> tuple[Occurrence, list[UncertaintyKind]]:
    occurrence, told = frozen(workspace(), DECLARED, made, names, title)
    return occurrence, [uncertainty.kind for uncertainty in told]


def test_a_card_that_agrees_with_the_files_leaves_no_doubt() -> None:
    assert froze(card(0, title="Parcels, Monday")) == (DECLARED, [])


@pytest.mark.parametrize(
    ("shown", "title", "uncertainty"),
    [
        ("Packets, Monday", "Packets", []),
        ("Packets", "Parcels", [UncertaintyKind.TITLE]),
        (", Monday", "Parcels", [UncertaintyKind.TITLE]),
    ],
)
def test_an_older_title_is_read_from_the_card(
    shown: str, title: str, uncertainty: list[UncertaintyKind]
) -> None:
    occurrence, told = froze(card(0, title=shown))
    assert (occurrence.title, told) == (title, uncertainty)


def test_without_a_rendering_the_title_is_in_doubt() -> None:
    assert froze(card(0), title=None)[1] == [UncertaintyKind.TITLE]


@pytest.mark.parametrize(
    ("labels", "theme", "uncertainty"),
    [
        ((OTHER_THEME,), "data", []),
        ((OTHER_THEME, THEME), "operations", []),
        ((), "operations", [UncertaintyKind.THEME]),
        ((EXCUSED,), "operations", [UncertaintyKind.THEME]),
    ],
)
def test_an_older_theme_is_read_from_the_card(
    labels: tuple[str, ...], theme: str, uncertainty: list[UncertaintyKind]
) -> None:
    occurrence, told = froze(card(0, title="Parcels, Monday", label_ids=labels))
    assert (occurrence.theme, told) == (theme, uncertainty)
    assert occurrence.theme_title == {"data": "Data", "operations": "Operations"}[theme]


@pytest.mark.parametrize(
    ("members", "assignees", "uncertainty"),
    [
        ((KARIM.id,), ("karim",), []),
        ((KARIM.id, AMAL.id), ("amal", "karim"), []),
        ((), (), []),
        ((STRANGER.id,), ("amal",), [UncertaintyKind.ASSIGNEES]),
    ],
)
def test_older_assignees_are_read_from_the_card(
    members: tuple[str, ...], assignees: tuple[str, ...], uncertainty: list[UncertaintyKind]
) -> None:
    occurrence, told = froze(card(0, title="Parcels, Monday", member_ids=members))
    assert (occurrence.assignees, told) == (assignees, uncertainty)


def test_whoever_is_no_member_of_the_board_is_on_no_card() -> None:
    names = replace(NAMES, members=frozenset({"karim"}))
    assert froze(card(0, title="Parcels, Monday", member_ids=()), names) == (DECLARED, [])


def test_an_older_due_is_read_from_the_card() -> None:
    occurrence, told = froze(card(0, title="Parcels, Monday", start=at(0, 5), due=at(0, 15)))
    assert (occurrence.release, occurrence.due, told) == (at(0, 5), at(0, 15), [])


# ---- property


@settings(max_examples=examples(20))
@given(st.lists(st.sampled_from(["tick", "late", "missed", "gap"]), min_size=1, max_size=14))
def test_outcomes_follow_from_what_was_done(fates: list[str]) -> None:
    """Whatever the story: each occurrence once, and nothing that was not seen is charged."""
    cards, log = [card(-1)], list[Action]()
    for day, fate in enumerate(fates):
        if fate == "gap":
            continue
        made = card(day, ticked=fate != "missed")
        cards.append(made)
        if made.ticked:
            log.append(tick(made, at(day, 12 if fate == "tick" else 19)))
    cards.append(card(len(fates)))
    found = rebuilt(*cards, log=tuple(log), now=at(28, 8))
    keys = [entry.occurrence.key for entry in found.entries]
    assert len(keys) == len(set(keys))
    expected = {"tick": "on_time", "late": "late", "missed": "missed", "gap": "not_issued"}
    told = outcomes(found)
    assert {key(day): told[key(day)] for day in range(len(fates))} == {
        key(day): expected[fate] for day, fate in enumerate(fates)
    }
    done = [c for e in found.entries for c in e.events if c.kind is EventKind.DONE]
    assert len(done) == sum(fate in ("tick", "late") for fate in fates)
    assert all(
        isinstance(uncertainty, Uncertainty) and uncertainty.message for uncertainty in found.uncertainties
    )

"""What comes in some weeks: what is shown of what the files say and the ledger has."""

import datetime as dt
from dataclasses import replace

import pytest
from agenda_kit import (
    BOOKS,
    COMPLAINTS,
    FIGURES,
    LOOKED_AT,
    MEETING,
    MONDAY,
    MONDAYS,
    MORNING,
    SHOP,
    WEEK,
    board,
    shop,
    task,
    weekly,
)

from trello_ops.core.cadence import Span
from trello_ops.core.calendar.agenda import Agenda, AgendaEntry, Choice, Recorded, agenda
from trello_ops.core.calendar.rotation import LastTurn
from trello_ops.core.calendar.slots import Overbooked
from trello_ops.core.days_off import Holidays, Skip, SkipKind
from trello_ops.core.ledger import (
    EventKind,
    EventSource,
    IssuedCard,
    LedgerEntry,
    LedgerEvent,
    Occurrence,
    OccurrenceKey,
)
from trello_ops.core.people import Round

AT = dt.datetime(2027, 3, 8, 6, 0, tzinfo=dt.UTC)


def looked_at(found: Agenda) -> dict[str, AgendaEntry]:
    return {str(each.occurrence.key): each for each in found.entries}


def keys(found: Agenda) -> set[str]:
    return {each.occurrence.key.task for each in found.entries}


def occurrence(name: str) -> Occurrence:
    return looked_at(agenda(SHOP, WEEK, LOOKED_AT))[name].occurrence


# ---- days -------------------------------------------------------------------------------------------


def test_a_day_that_moves_into_the_window_is_shown_and_one_that_moves_out_is_not() -> None:
    tuesday, wednesday = MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=2)
    name = "weekly/returns/2027-03-08"
    moved = looked_at(agenda(SHOP, Span(tuesday, tuesday), LOOKED_AT))[name].occurrence
    assert (moved.nominal_day, moved.day) == (wednesday, tuesday)
    assert moved.moved == Skip(SkipKind.HOLIDAY, "Aïd al-Fitr")
    assert name not in looked_at(agenda(SHOP, Span(wednesday, wednesday), LOOKED_AT))


def test_entries_come_by_due_then_key() -> None:
    dues = [each.occurrence.urgency for each in agenda(SHOP, WEEK, LOOKED_AT).entries]
    assert dues == sorted(dues)


def test_what_is_not_to_be_done_is_there_with_its_reason() -> None:
    found = looked_at(agenda(SHOP, WEEK, LOOKED_AT))
    assert found["weekly/stock/2027-03-08"].occurrence.skip == Skip(SkipKind.PAUSE, "inventaire")
    assert found["daily/parcels/2027-03-10"].occurrence.skip == Skip(SkipKind.HOLIDAY, "Aïd al-Fitr")


def test_days_off_are_holidays_and_closures_of_the_boards_shown() -> None:
    closed = (Span(MONDAY, MONDAY, "inventaire"),)
    team = shop(
        board("one", "Un", "weekly", BOOKS, closures=closed),
        board("two", "Deux", "weekly", BOOKS),
    )
    every = agenda(team, WEEK, LOOKED_AT).days_off
    assert [(each.date.day, each.name, each.kind, each.estimated) for each in every] == [
        (8, "inventaire", SkipKind.CLOSURE, False),
        (10, "Aïd al-Fitr", SkipKind.HOLIDAY, True),
        (11, "Aïd al-Fitr, 2e jour", SkipKind.HOLIDAY, True),
    ]
    assert every[0].board == team.boards[0]
    (only, *_) = agenda(team, WEEK, LOOKED_AT, Choice(board="one")).days_off
    assert (only.name, only.board) == ("inventaire", None)
    assert all(
        each.kind is SkipKind.HOLIDAY for each in agenda(team, WEEK, LOOKED_AT, Choice(board="two")).days_off
    )


# ---- what is chosen ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Choice(board="daily"), {"parcels"}),
        (Choice(task="weekly/books"), {"books"}),
        (Choice(person="karim"), {"meeting", "stock"}),
        (Choice(person="nadia"), {"returns", "books"}),  # books: she stands in for Amal
        (Choice(board="daily", person="karim"), set()),
    ],
)
def test_a_choice_leaves_the_rest_out(chosen: Choice, expected: set[str]) -> None:
    assert keys(agenda(SHOP, WEEK, LOOKED_AT, chosen)) == expected


# ---- slots ------------------------------------------------------------------------------------------


def times(found: Agenda) -> dict[str, tuple[str, str]]:
    planned = {e.occurrence.key.task: e.planned for e in found.entries if e.planned}
    return {task: (f"{each.begins:%H:%M}", f"{each.ends:%H:%M}") for task, each in planned.items()}


def test_durations_add_up_in_the_order_of_the_file_and_each_persons_apart() -> None:
    found = agenda(SHOP, WEEK, LOOKED_AT)
    assert times(found) == {
        "figures": ("09:00", "10:00"),
        "meeting": ("10:00", "11:00"),
        "complaints": ("11:00", "13:00"),
    }
    assert found.overbooked == (Overbooked("lundi-matin", MONDAY, "amal", 30),)


def test_the_others_of_a_slot_count_though_they_are_not_shown() -> None:
    found = agenda(SHOP, WEEK, LOOKED_AT, Choice(task="weekly/complaints"))
    assert times(found) == {"complaints": ("11:00", "13:00")}
    assert [each.person for each in found.overbooked] == ["amal"]
    assert agenda(SHOP, WEEK, LOOKED_AT, Choice(person="karim")).overbooked == ()


def test_what_is_nobodys_counts_together() -> None:
    free = [replace(each, assignees=()) for each in (FIGURES, MEETING, COMPLAINTS)]
    found = agenda(shop(board("weekly", "Hebdo", "weekly", *free)), WEEK, LOOKED_AT)
    assert found.overbooked == (Overbooked("lundi-matin", MONDAY, "", 30),)


def test_what_is_not_to_be_done_takes_no_time() -> None:
    paused = replace(FIGURES, pauses=(WEEK,))
    found = agenda(shop(board("weekly", "Hebdo", "weekly", paused, MEETING)), WEEK, LOOKED_AT)
    assert times(found) == {"meeting": ("09:00", "10:00")}


def test_the_slot_is_told_also_without_a_duration() -> None:
    slotted = task("mail", "Courrier", MONDAYS, "amal", slot=MORNING.key)
    (entry,) = agenda(shop(board("weekly", "Hebdo", "weekly", slotted)), WEEK, LOOKED_AT).entries
    assert (entry.slot, entry.planned) == ("lundi-matin", None)


# ---- people -----------------------------------------------------------------------------------------


def test_who_is_away_with_nobody_left_is_told() -> None:
    saturday = looked_at(agenda(SHOP, WEEK, LOOKED_AT))["daily/parcels/2027-03-13"]
    assert saturday.nobody_left
    assert [
        each.occurrence.key.task for each in agenda(SHOP, WEEK, LOOKED_AT).entries if each.nobody_left
    ] == ["parcels"]


def test_a_round_goes_on_after_whom_the_ledger_last_has() -> None:
    turns = replace(BOOKS, cadence=weekly(2), assignees=(), round=Round(("amal", "karim", "nadia"), MONDAY))
    team = shop(board("weekly", "Hebdo", "weekly", turns), holidays=Holidays())
    (first,) = agenda(team, WEEK, LOOKED_AT).entries
    assert (first.occurrence.assignees, first.names) == (("amal",), ("Amal Benali",))
    last = {("weekly", "books"): LastTurn(MONDAY - dt.timedelta(days=6), "karim")}
    (next_one,) = agenda(team, WEEK, LOOKED_AT, recorded=Recorded(turns=last)).entries
    assert next_one.occurrence.assignees == ("nadia",)


# ---- the ledger -------------------------------------------------------------------------------------

BOOKS_KEY = "weekly/books/2027-03-08"


def recorded(one: Occurrence, *events: LedgerEvent, skipped: str = "") -> LedgerEntry:
    card = None if skipped else IssuedCard("c1", "https://trello.com/c/1", AT, AT)
    return LedgerEntry(one, AT, skipped, card, events)


def with_ledger(*entries: LedgerEntry, keys: tuple[OccurrenceKey, ...] = ()) -> dict[str, AgendaEntry]:
    return looked_at(agenda(SHOP, WEEK, LOOKED_AT, recorded=Recorded(entries, keys)))


def test_what_is_issued_is_shown_as_it_was_issued() -> None:
    before = replace(
        occurrence(BOOKS_KEY),
        title="La comptabilité",
        due=AT,
        assignees=("amal",),
        people=(replace(SHOP.people[0], name="Amal B."),),
    )
    found = with_ledger(recorded(before))[BOOKS_KEY]
    assert (found.occurrence, found.names, found.card_url) == (before, ("Amal B.",), "https://trello.com/c/1")


def test_what_is_issued_for_a_day_outside_is_not_shown_inside() -> None:
    elsewhere = replace(occurrence(BOOKS_KEY), day=WEEK.last + dt.timedelta(days=1))
    assert BOOKS_KEY not in with_ledger(recorded(elsewhere))
    assert BOOKS_KEY not in with_ledger(keys=(elsewhere.key,))


def test_what_the_ledger_excused_has_its_reason() -> None:
    found = with_ledger(recorded(occurrence(BOOKS_KEY), skipped="closure:travaux"))[BOOKS_KEY]
    assert found.occurrence.skip == Skip(SkipKind.CLOSURE, "travaux")
    late = with_ledger(recorded(occurrence(BOOKS_KEY), skipped="too_late"))[BOOKS_KEY]
    assert late.occurrence.skip is None


def test_what_the_files_withdrew_is_gone_unless_they_name_it() -> None:
    gone = replace(occurrence(BOOKS_KEY), key=OccurrenceKey("weekly", "left", MONDAY))
    withdrawn = LedgerEvent(gone.key, EventKind.WITHDRAWN, AT, EventSource.DECLARATION)
    assert "weekly/left/2027-03-08" in with_ledger(recorded(gone))
    assert "weekly/left/2027-03-08" not in with_ledger(recorded(gone, withdrawn))
    questioned = replace(withdrawn, key=occurrence(BOOKS_KEY).key)
    assert BOOKS_KEY in with_ledger(recorded(occurrence(BOOKS_KEY), questioned))

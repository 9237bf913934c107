"""What counts as an edit, and how an entry reads once it is amended."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from effort import examples
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st
from shop_kit import daily_task, workspace_of
from week_kit import FINAL, done, entry, hour

from trello_ops.core.cadence import DayTime, Exceptions, Frequency, NthDay, OnDayOff, Span
from trello_ops.core.calendar.occurrences import occurrences
from trello_ops.core.card_text import CardText, Checklist
from trello_ops.core.declared import Board, CompleteWhen, Proof, Task
from trello_ops.core.ledger import Amendment, Edition, Given, LedgerEntry
from trello_ops.core.planning.amendments import edition_of, given
from trello_ops.core.reporting.outcome import Outcome, outcome_at
from trello_ops.core.tracking.sight import OutOfSight

TASK = daily_task("parcels")
BOARD = workspace_of(TASK).boards[0]
TEXT = CardText("Colis", "Préparer.\n", (Checklist("Étapes", ("un", "deux")),))


def with_cadence(**changes: object) -> Task:
    return replace(TASK, cadence=replace(TASK.cadence, **changes))  # type: ignore[arg-type]


EDITS: dict[str, tuple[Task, Board, str]] = {
    "title": (replace(TASK, title="Autre"), BOARD, "source"),
    "description": (replace(TASK, description="Autre"), BOARD, "source"),
    "template": (replace(TASK, template="autre.md"), BOARD, "source"),
    "source of the template": (TASK, BOARD, "another source"),
    "title of the board": (TASK, replace(BOARD, title="Autre"), "source"),
    "assignees": (replace(TASK, assignees=("karim",)), BOARD, "source"),
    "due": (with_cadence(due=DayTime(dt.time(20))), BOARD, "source"),
    "days": (with_cadence(on=(1, 2)), BOARD, "source"),
    "time zone": (with_cadence(timezone=ZoneInfo("Africa/Casablanca")), BOARD, "source"),
    "nth day": (with_cadence(nth=(NthDay(1, 1),)), BOARD, "source"),
    "month": (with_cadence(month=2), BOARD, "source"),
    "dates": (with_cadence(dates=(dt.date(2026, 11, 16),)), BOARD, "source"),
    "rule": (with_cadence(rule="FREQ=DAILY"), BOARD, "source"),
    "what becomes of days off": (with_cadence(on_day_off=OnDayOff.PREVIOUS), BOARD, "source"),
    "due in working days": (with_cadence(due=replace(TASK.cadence.due, working_days=2)), BOARD, "source"),
}
NO_EDITS: dict[str, tuple[Task, Board]] = {
    "theme": (replace(TASK, theme="autre"), BOARD),
    "what counts as done": (replace(TASK, complete_when=CompleteWhen(require_all=True)), BOARD),
    "proof": (replace(TASK, requires=(Proof.COMMENT,)), BOARD),
    "release": (with_cadence(release=DayTime(dt.time(5))), BOARD),
    "another task": (TASK, replace(BOARD, tasks=(TASK, daily_task("news")))),
    "key": (replace(TASK, key="colis", was=("daily/parcels",)), BOARD),
    "pauses": (replace(TASK, pauses=(Span(dt.date(2026, 11, 1), dt.date(2026, 11, 30)),)), BOARD),
    "closures": (TASK, replace(BOARD, closures=(Span(dt.date(2026, 11, 1), dt.date(2026, 11, 30)),))),
    "working days": (TASK, replace(BOARD, working_days=(1, 2, 3))),
    "days that are left out": (with_cadence(exceptions=Exceptions((1,))), BOARD),
    "until": (with_cadence(until=dt.date(2030, 1, 1)), BOARD),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_what_a_card_says_is_another_edition(edit: str) -> None:
    task, board, source = EDITS[edit]
    assert edition_of(board, task, source) != edition_of(BOARD, TASK, "source")


@pytest.mark.parametrize("edit", NO_EDITS)
def test_all_else_is_not(edit: str) -> None:
    task, board = NO_EDITS[edit]
    assert edition_of(board, task, "source") == edition_of(BOARD, TASK, "source")


@pytest.mark.parametrize(
    ("frequency", "on", "period", "dates"),
    [
        ("daily", (1, 2, 3, 4, 5, 6, 7), "day", "6adf6e90"),
        ("weekly", (5,), "weekly", "ebf96018"),
        ("weekly", (1, 5), "day", "1cdb496e"),
        ("monthly", (-1,), "monthly", "e1726d6b"),
        ("monthly", (1, 31), "day", "53231d9e"),
    ],
)
def test_cards_of_older_versions_are_of_this_edition(
    frequency: str, on: tuple[int, ...], period: str, dates: str
) -> None:
    """As the version before days off told it: an upgrade is no edit."""
    task = with_cadence(frequency=Frequency(frequency), on=on, due=DayTime(dt.time(17, 30), 2))
    assert edition_of(BOARD, task, "source") == Edition(period, "f9481139", dates, "5006f1bc")


def test_an_occurrence_of_an_older_edition_is_of_none() -> None:
    edition, now = edition_of(BOARD, TASK, ""), dt.datetime(2026, 11, 16, tzinfo=dt.UTC)
    (declared, *_) = occurrences(workspace_of(TASK), BOARD, TASK, now, now)
    assert given(edition, declared, declared, TEXT, ()).edition == edition
    old = replace(declared, title="Avant", assignees=("karim",))
    assert given(edition, declared, old, TEXT, ()).edition == replace(edition, words="", people="")


HASHES = st.text("0123456789abcdef", min_size=8, max_size=8) | st.just("")
GIVENS = st.builds(
    Given,
    st.builds(Edition, st.sampled_from(["day", "weekly", "monthly"]), HASHES, HASHES, HASHES),
    HASHES,
    HASHES,
    HASHES,
    HASHES,
)


@any_of(GIVENS)
def test_what_a_card_was_given_goes_through_text(found: Given) -> None:
    assert Given.parse(str(found)) == found


@any_of(st.permutations(["a", "b", "c"]), st.text(), st.text())
def test_members_count_whatever_their_order_and_texts_but_for_their_ends(
    members: list[str], title: str, text: str
) -> None:
    edition = edition_of(BOARD, TASK, "")
    one = given(edition, None, entry().occurrence, CardText(title, text), members)
    other = given(edition, None, entry().occurrence, CardText(title, f" {text}\n"), [*members, "a"][::-1])
    assert one == other


# ---- an amended entry -------------------------------------------------------------------------------


def amended(*dues: float, written: bool = True, base: LedgerEntry | None = None) -> LedgerEntry:
    """An entry due at hour 20, amended at hours 9, 10, … to these dues."""
    before = base or entry()
    found = (
        replace(
            Amendment.of(
                replace(before.occurrence, due=hour(due), assignees=(f"person-{n}",)),
                hour(9 + n),
                Given(Edition("day", "", "", ""), str(n), "", "", ""),
            ),
            written=written,
        )
        for n, due in enumerate(dues)
    )
    return before.amended_by(found)


@any_of(st.lists(st.integers(12, 40), max_size=4), st.booleans())
def test_an_amended_entry_keeps_every_form_that_it_had(dues: list[float], written: bool) -> None:
    found = amended(*dues, written=written)
    forms = [20.0, *dues]
    assert found.recorded == entry().occurrence
    assert found.occurrence.due == hour(forms[-1])
    assert [found.as_of(hour(8.5 + n)).due for n in range(len(forms))] == [hour(due) for due in forms]
    assert found.promised_due == hour(max(forms))
    assert found.written[0].due == hour(forms[-1] if written else 20)
    assert len(found.unwritten) == (0 if written else len(dues))


def test_an_amendment_that_was_taken_back_is_none() -> None:
    given_first = Given(Edition("day", "", "", ""), "", "", "", "")
    card = entry().card
    assert card is not None
    base = replace(entry(), card=replace(card, given=given_first))
    tried = amended(22, written=False, base=base)
    back = replace(Amendment.of(base.occurrence, hour(10), given_first), written=True)
    assert tried.amended_at is not None
    assert tried.amended_by([*tried.amendments, back]).amended_at is None


def test_a_board_that_was_away_at_a_due_that_was_promised_charges_nobody() -> None:
    away = (OutOfSight(hour(19), hour(40)),)
    assert outcome_at(amended(15), FINAL, away) is Outcome.OPEN
    assert outcome_at(amended(15), FINAL) is Outcome.MISSED


HOURS = st.integers(36, 200).map(lambda quarters: quarters / 4)


@settings(max_examples=examples(200))
@any_of(st.lists(HOURS, min_size=1, max_size=3), HOURS, st.booleans())
def test_nobody_is_charged_for_an_edit(dues: list[float], at: float, written: bool) -> None:
    """Who does it by any due that was ever promised is on time; what is not known to be written is open."""
    found = amended(*dues, written=written, base=entry(done(at)))
    outcome = outcome_at(found, FINAL)
    if at <= max([20.0, *dues]):
        assert outcome is Outcome.ON_TIME
    else:
        assert outcome is (Outcome.LATE if written else Outcome.OPEN)
    undone = outcome_at(amended(*dues, written=written), FINAL)
    assert undone is (Outcome.MISSED if written else Outcome.OPEN)

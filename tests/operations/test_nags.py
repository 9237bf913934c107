"""Comments that remind people of overdue cards, on the shipped fakes: each once, whatever breaks."""

import datetime as dt
from dataclasses import replace

import pytest
from shop_kit import PARIS, Shop, daily_task

from trello_ops.core.bindings import Kind
from trello_ops.core.declared import Nag, Proof
from trello_ops.core.ledger import EventKind, EventSource
from trello_ops.core.marker import find_nag
from trello_ops.core.people import Absence
from trello_ops.core.planning.changes import AddComment
from trello_ops.core.trello import Card
from trello_ops.errors import LimitReached, NotSent, OutcomeUnknown, TrelloError, Unavailable
from trello_ops.messages import translated
from trello_ops.operations import observe
from trello_ops.operations.context import Context
from trello_ops.operations.history import story
from trello_ops.operations.leases import Watch
from trello_ops.operations.recover import recover
from trello_ops.render.i18n import Translator
from trello_ops.testing import MemoryStore
from trello_ops.testing.trello import Call

AMAL, ROBOT = "amal_zina", "robot"
MONDAY = "2026-11-16"
HOURLY = Nag(after=60, every=60, most=3)


class Killed(BaseException):
    """The process ends here."""


def shop(nag: Nag | None = HOURLY, **more: object) -> Shop:
    """A card due at 18:00, issued and read at 8:00."""
    made = Shop(daily_task("parcels", nag=nag, **more))
    made.apply()
    made.issue()
    made.observe()
    return made


def overdue(nag: Nag | None = HOURLY, **more: object) -> Shop:
    """At 19:01: the first reminder is due."""
    made = shop(nag, **more)
    made.advance(hours=11, minutes=1)
    return made


def card(shop: Shop) -> Card:
    issued = shop.entry("parcels", MONDAY).card
    assert issued
    return shop.trello.card(issued.id)


def texts(shop: Shop) -> list[str]:
    return [comment.text for comment in shop.trello.comments(card(shop).id)]


def numbers(shop: Shop) -> list[int]:
    return [marked[1] for text in texts(shop) if (marked := find_nag(text, "zina"))]


def facts(shop: Shop) -> list[EventKind]:
    return [event.kind for event in shop.entry("parcels", MONDAY).events]


def commenting(call: Call) -> bool:
    return isinstance(call, AddComment)


def settle(shop: Shop) -> None:
    """Look at the claims there are, then wait until nothing of them can still act."""
    shop.observe()
    shop.advance(seconds=211)


def in_their_language(shop: Shop) -> Context:
    return replace(shop.context(), translate=lambda said, locale: translated(said, Translator(locale)))


def test_people_are_reminded_of_an_overdue_card_each_time_once() -> None:
    made = shop()
    for _ in range(60):  # a day and a half, every half an hour
        made.advance(minutes=30)
        made.observe()
    assert numbers(made) == [1, 2, 3]
    events = made.entry("parcels", MONDAY).events
    assert [(e.kind, e.source, e.at.astimezone(PARIS).hour) for e in events] == [
        (EventKind.NAGGED, EventSource.ROBOT, hour) for hour in (19, 20, 21)
    ]
    assert not any(event.approximate for event in events)
    assert made.store.claims() == ()
    assert made.store.problems() == ()


def test_it_is_said_to_each_in_their_language() -> None:
    made = overdue(assignees=("amal", "karim"))
    amal, karim = made.workspace.people
    made.workspace = replace(made.workspace, people=(amal, replace(karim, language="en")))
    observe.observe(in_their_language(made))
    (text,) = texts(made)
    french, english, marker = text.split("\n\n")
    assert french.startswith("@amal_zina L’échéance de cette carte est passée")
    assert english.startswith("@karim_zina This card is past its due")
    assert marker == "`trello-ops:nag:zina/daily/parcels/2026-11-16/1`"


@pytest.mark.parametrize("how", ["tick", "move", "archive", "label"])
def test_nobody_is_reminded_of_a_card_that_was_done_excused_or_archived_just_now(how: str) -> None:
    made = overdue()
    done = made.store.bindings().id(Kind.LIST, "daily", "done") or ""
    match how:
        case "tick":
            made.trello.tick(card(made).id, by=AMAL)
        case "move":
            made.trello.move(card(made).id, done, by=AMAL)
        case "archive":
            made.trello.archive(card(made).id, by=AMAL)
        case _:
            made.trello.label(card(made).id, "Excusé")
    for _ in range(3):
        made.observe()
        made.advance(hours=1)
    assert texts(made) == []


def test_nobody_on_the_card_is_nobody_reminded() -> None:
    made = overdue()
    made.trello.leave(card(made).id, AMAL, by=AMAL)
    made.observe()
    assert texts(made) == []
    made.trello.join(card(made).id, "karim_zina", by=AMAL)
    made.observe()
    assert [text.split()[0] for text in texts(made)] == ["@karim_zina"]


def test_an_absence_that_was_declared_since_counts() -> None:
    made = overdue()
    amal, karim = made.workspace.people
    away = Absence(dt.date(2026, 11, 16), dt.date(2026, 11, 16))
    made.workspace = replace(made.workspace, people=(replace(amal, absences=(away,)), karim))
    made.observe()
    assert texts(made) == []
    made.advance(days=1)
    made.observe()
    assert numbers(made) == [1]


def test_nothing_more_is_asked_of_trello_where_nothing_is_to_be_said() -> None:
    for silent in (overdue(None), shop()):
        asked = silent.calls()
        silent.observe()
        assert asked == ["snapshot", "activity"]
    made = overdue()
    asked = made.calls()
    made.observe()
    assert [call if isinstance(call, str) else type(call).__name__ for call in asked][-2:] == [
        "comments",
        "AddComment",
    ]
    asked.clear()
    made.observe()
    assert "comments" not in asked
    assert not any(map(commenting, asked))


# ---- proof, completion, activity


def test_no_comment_of_ours_is_proof_and_a_person_s_is() -> None:
    made = overdue(requires=(Proof.COMMENT,))
    made.observe()
    assert numbers(made) == [1]
    made.trello.tick(card(made).id, by=AMAL)
    made.advance(minutes=10)
    made.observe()
    assert facts(made) == [EventKind.NAGGED, EventKind.DONE, EventKind.UNPROVEN]
    # With the robot's own account, as where a shop has one account for all.
    made.trello.comment(card(made).id, ROBOT, "Fait, voir le bordereau")
    made.advance(minutes=10)
    made.observe()
    assert facts(made)[-1] is EventKind.PROVEN


def test_who_quotes_ours_or_goes_on_below_it_writes_a_comment_of_their_own() -> None:
    made = overdue(requires=(Proof.COMMENT,))
    made.observe()
    (ours,) = texts(made)
    quoted = "\n".join(f"> {line}" for line in ours.splitlines())
    made.trello.comment(card(made).id, AMAL, f"{quoted}\n\nC'est fait.")
    made.trello.tick(card(made).id, by=AMAL)
    made.advance(minutes=10)
    made.observe()
    assert facts(made)[-1] is EventKind.PROVEN


def test_a_comment_of_ours_that_somebody_deleted_hides_no_proof() -> None:
    made = overdue(requires=(Proof.COMMENT,))
    made.observe()
    (ours,) = made.trello.comments(card(made).id)
    made.trello.delete_comment(card(made).id, ours.id)
    made.trello.comment(card(made).id, AMAL)
    made.trello.tick(card(made).id, by=AMAL)
    made.advance(minutes=10)
    made.observe()
    assert facts(made)[-1] is EventKind.PROVEN


def test_one_whose_answer_was_lost_is_no_proof_either() -> None:
    made = overdue(requires=(Proof.COMMENT,))
    made.trello.fail_next(OutcomeUnknown("lost"), commenting, after_effect=True)
    made.observe()
    made.trello.tick(card(made).id, by=AMAL)
    made.observe()
    assert facts(made) == [EventKind.DONE, EventKind.UNPROVEN]


def test_a_proven_card_is_not_asked_for_its_comments_again() -> None:
    made = overdue(requires=(Proof.COMMENT,))
    made.observe()
    made.trello.comment(card(made).id, AMAL)
    made.trello.tick(card(made).id, by=AMAL)
    made.advance(minutes=10)
    made.observe()
    assert facts(made)[-1] is EventKind.PROVEN
    made.advance(minutes=10)
    asked = made.calls()
    made.observe()
    assert "comments" not in asked


# ---- whatever breaks


@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
def test_a_lost_answer_is_looked_up_after_settling_and_never_repeated_blindly(done: bool) -> None:
    made = overdue()
    made.trello.fail_next(OutcomeUnknown("lost"), commenting, after_effect=done)
    made.observe()
    made.observe()
    assert numbers(made) == [1] * done
    assert facts(made) == []
    settle(made)
    made.observe()
    made.observe()
    assert numbers(made) == [1]
    assert facts(made) == [EventKind.NAGGED]
    assert made.store.claims() == ()
    assert made.store.problems() == ()


def test_a_comment_that_lands_late_is_not_written_again() -> None:
    made = overdue()
    made.trello.land_late(dt.timedelta(seconds=60), commenting)
    made.observe()
    settle(made)
    made.observe()
    made.observe()
    assert numbers(made) == [1]
    assert facts(made) == [EventKind.NAGGED]


@pytest.mark.parametrize("written", [True, False], ids=["after the comment", "before the comment"])
def test_a_process_that_was_killed_never_doubles(written: bool) -> None:
    made = overdue()
    made.trello.fail_next(Killed(), commenting, after_effect=written)  # type: ignore[arg-type] # no error of ours
    with pytest.raises(Killed):
        made.observe()
    assert len(made.store.claims()) == 1
    made.restart()
    for _ in range(5):
        settle(made)
    assert numbers(made) == [1]
    assert facts(made) == [EventKind.NAGGED]
    assert made.store.claims() == ()


def test_what_a_killed_process_wrote_is_known_though_the_card_is_done_meanwhile() -> None:
    made = overdue()
    made.trello.fail_next(Killed(), commenting, after_effect=True)  # type: ignore[arg-type] # no error of ours
    with pytest.raises(Killed):
        made.observe()
    made.restart()
    made.trello.tick(card(made).id, by=AMAL)
    for _ in range(3):
        settle(made)
    assert sorted(facts(made)) == [EventKind.DONE, EventKind.NAGGED]
    assert made.store.claims() == ()


def test_two_processes_write_one() -> None:
    made = overdue()
    other = Watch()

    def meanwhile(call: Call) -> bool:
        if commenting(call):
            observe.observe(made.context("two", other))
        return False

    made.trello.fail_next(TrelloError("never"), meanwhile)
    made.observe()
    observe.observe(made.context("two", other))
    assert numbers(made) == [1]
    assert facts(made) == [EventKind.NAGGED]


def test_one_that_was_written_since_the_pass_began_is_not_written_again() -> None:
    made = overdue()
    asked: list[Call] = []

    def meanwhile(call: Call) -> bool:
        # The other reads and writes between this one's read of the board and its claim.
        asked.append(call)
        if call == "activity" and asked.count("activity") == 1:
            observe.observe(made.context("two", Watch()))
        return False

    made.trello.fail_next(TrelloError("never"), meanwhile)
    made.observe()
    assert numbers(made) == [1]


def test_a_store_that_was_put_back_finds_what_stands_on_the_card() -> None:
    made = overdue()
    backup = made.back_up()
    made.observe()
    made.advance(hours=1)
    made.observe()
    assert numbers(made) == [1, 2]
    made.put_back(backup)
    made.observe()
    assert numbers(made) == [1, 2]
    assert facts(made) == [EventKind.NAGGED] * 2
    made.advance(hours=1)
    made.observe()
    assert numbers(made) == [1, 2, 3]


def test_a_recovered_store_takes_none_of_ours_for_proof() -> None:
    made = overdue(requires=(Proof.COMMENT,))
    made.observe()
    made.trello.tick(card(made).id, by=AMAL)
    made.observe()
    made.advance(minutes=10)
    made.store = MemoryStore()
    made.restart()
    recover(made.context(), lambda _title: None)
    made.observe()
    assert facts(made)[:2] == [EventKind.DONE, EventKind.UNPROVEN]
    assert numbers(made) == [1]


@pytest.mark.parametrize("error", [LimitReached("full"), TrelloError("comments are off")])
def test_a_refusal_is_a_problem_of_the_board_and_stops_nothing_else(error: TrelloError) -> None:
    made = overdue()
    made.trello.fail_next(error, commenting)
    made.observe()
    assert [problem.subject for problem in made.store.problems()] == ["daily:nagging"]
    assert made.store.claims() == ()
    asked = made.calls()
    made.observe()
    assert not any(map(commenting, asked))  # left alone for a while
    made.advance(minutes=2)
    made.observe()
    assert numbers(made) == [1]
    assert made.store.problems() == ()


def test_one_refused_card_does_not_keep_the_others_from_theirs() -> None:
    made = Shop(*(daily_task(f"task{n}", nag=HOURLY) for n in range(3)))
    made.apply()
    made.issue()
    made.observe()
    made.advance(hours=11, minutes=1)
    made.trello.fail_next(LimitReached("full"), commenting)
    made.observe()
    assert sum(map(commenting, made.trello.performed)) == 2


def test_a_held_back_request_and_trello_out_of_reach_leave_it_to_the_next_pass() -> None:
    made = overdue()
    made.trello.fail_next(NotSent("late"), commenting)
    made.observe()
    assert made.store.problems() == ()
    made.away(lambda call: call == "comments")
    with pytest.raises(Unavailable):
        made.observe()
    made.observe()
    assert numbers(made) == [1]


def test_a_card_that_was_deleted_meanwhile_is_no_trouble() -> None:
    made = overdue()
    gone = card(made).id

    def meanwhile(call: Call) -> bool:
        if call == "comments":
            made.trello.delete(gone, by=AMAL)
        return False

    made.trello.fail_next(TrelloError("never"), meanwhile)
    made.observe()
    assert made.store.problems() == ()
    assert made.store.claims() == ()


def test_many_are_written_in_portions() -> None:
    made = Shop(*(daily_task(f"task{n}", nag=Nag(after=60, most=1)) for n in range(30)))
    made.apply()
    made.issue()
    made.observe()
    made.advance(hours=11, minutes=1)
    made.observe()
    assert sum(map(commenting, made.trello.performed)) == 25
    made.observe()
    made.observe()
    assert sum(map(commenting, made.trello.performed)) == 30


# ---- what is told of it


def test_history_tells_of_each() -> None:
    made = overdue()
    made.observe()
    told = story(made.context(), made.entry("parcels", MONDAY).occurrence.key)
    assert told
    (found,) = (event for event in told.events if event.what == "nagged")
    assert (found.how, found.approximate, found.at.astimezone(PARIS).hour) == ("robot", False, 19)

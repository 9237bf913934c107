"""Rounds of people in a shop that runs: who gets the card, whatever was edited since the last one."""

import datetime as dt
from dataclasses import replace

import pytest
from shop_kit import MONDAY, PARIS, Shop, daily_task, workspace_of

from trello_ops.core.bindings import Kind
from trello_ops.core.cadence import DayTime, Frequency, Span
from trello_ops.core.calendar.rotation import LastTurn
from trello_ops.core.calendar.week import IsoWeek, instant
from trello_ops.core.declared import Task
from trello_ops.core.people import Absence, Absentee, Person, Round, TurnBy, WhenAbsent
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.operations.report import account
from trello_ops.operations.rounds import last_recorded
from trello_ops.operations.status import status

SINCE = dt.date(2026, 11, 16)


def day(number: int) -> dt.date:
    return dt.date(2026, 11, number)


def midnight(number: int) -> dt.datetime:
    return instant(day(number), dt.time(), PARIS)


def rotating(*people: str, by: str = "occurrence", **more: object) -> Task:
    return daily_task(
        "parcels", assignees=(), round=Round(people or ("amal", "karim"), SINCE, TurnBy(by)), **more
    )


def shop_of(task: Task) -> Shop:
    shop = Shop(task)
    shop.apply()
    return shop


def edit(shop: Shop, task: Task) -> None:
    shop.workspace = replace(workspace_of(task), people=shop.workspace.people)


def away(shop: Shop, key: str, first: int, last: int, **more: str) -> None:
    absence = Absence(day(first), day(last), **more)
    people = [
        replace(each, absences=(*each.absences, absence)) if each.key == key else each
        for each in shop.workspace.people
    ]
    shop.workspace = replace(shop.workspace, people=tuple(people))


def run(shop: Shop, days: int) -> None:
    for _ in range(days):
        shop.issue()
        shop.advance(days=1)


def taken(shop: Shop) -> str:
    """Who has the cards, by due: first letters, `-` for nobody, `x` where no card is made."""
    entries = shop.store.due_between(MONDAY, MONDAY + dt.timedelta(days=99))
    return "".join(
        "x" if entry.skipped else (entry.occurrence.assignees or ("-",))[0][0] for entry in entries
    )


def last(shop: Shop) -> LastTurn | None:
    board = shop.workspace.boards[0]
    return last_recorded(shop.store, shop.workspace, board, board.tasks[0])


# ---- cards ------------------------------------------------------------------------------------------


def test_cards_go_round_and_their_members_are_whose_turn_it_is() -> None:
    shop = shop_of(rotating())
    run(shop, 4)
    assert taken(shop) == "akak"
    bindings = shop.store.bindings()
    ids = {who: bindings.id(Kind.PERSON, "daily", who) for who in ("amal", "karim")}
    members = [card.member_ids for card in sorted(shop.cards_on(), key=lambda card: str(card.due))]
    assert members == [(ids["amal"],), (ids["karim"],)] * 2


def test_a_late_sick_note_moves_the_future_only() -> None:
    shop = shop_of(rotating())
    run(shop, 3)
    away(shop, "amal", 16, 20)
    run(shop, 4)
    assert taken(shop) == "aka" + "kkaka"[:4]
    assert shop.entry("parcels", "2026-11-20").occurrence.absent == (Absentee("amal", "Amal", "karim"),)


def test_an_edited_list_and_another_since_replay_nothing() -> None:
    shop = shop_of(rotating("amal", "karim"))
    run(shop, 1)
    edit(shop, replace(rotating(), round=Round(("karim", "amal"), dt.date(2026, 1, 1))))
    run(shop, 2)
    assert taken(shop) == "aka"


def test_a_week_goes_on_with_who_began_it() -> None:
    shop = shop_of(rotating(by="week"))
    run(shop, 2)
    edit(shop, rotating("karim", "amal", by="week"))
    away(shop, "amal", 19, 19, reason="médecin")
    run(shop, 12)
    assert taken(shop) == "aaakaaa" + "kkkkkkk"
    single = shop.entry("parcels", "2026-11-19").occurrence
    assert (single.turn, single.absent) == ("amal", (Absentee("amal", "Amal", "karim", "médecin"),))


def test_a_pause_uses_up_no_turn() -> None:
    shop = shop_of(rotating(pauses=(Span(day(17), day(18)),)))
    run(shop, 5)
    assert taken(shop) == "axxka"


def test_what_is_recorded_in_one_go_after_an_outage_goes_round_too() -> None:
    shop = shop_of(rotating())
    run(shop, 1)
    shop.advance(days=3)
    shop.issue()
    assert [e.occurrence.turn for e in shop.store.latest("daily", "parcels", 9)] == [
        *("amal", "karim", "amal", "karim", "amal")
    ]


def test_who_left_is_forgotten_and_who_follows_is_next() -> None:
    shop = shop_of(rotating("amal", "karim"))
    run(shop, 2)  # amal, karim
    edit(shop, rotating("amal", "leila"))
    shop.workspace = replace(
        shop.workspace, people=(*shop.workspace.people, Person("leila", "leila_zina", "Leïla"))
    )
    assert last(shop) == LastTurn(day(16), "amal", "", midnight(17), frozenset({day(16), day(17)}))
    shop.issue()
    assert shop.entry("parcels", "2026-11-18").occurrence.turn == "leila"


def test_a_renamed_task_and_a_renamed_person_go_on() -> None:
    shop = shop_of(rotating())
    run(shop, 1)
    task = replace(rotating("amal-b", "karim"), key="colis", was=("daily/parcels",))
    people = (replace(shop.workspace.people[0], key="amal-b", was=("amal",)), shop.workspace.people[1])
    shop.workspace = replace(workspace_of(task), people=people)
    assert last(shop) == LastTurn(day(16), "amal", "", midnight(16), frozenset({day(16)}))


def in_rhythm(frequency: Frequency, *on: int, ahead: int = 0, by: str = "occurrence") -> Task:
    task = rotating(by=by)
    release = DayTime(dt.time(), -ahead)
    return replace(task, cadence=replace(task.cadence, frequency=frequency, on=on, release=release))


@pytest.mark.parametrize("by", TurnBy)
@pytest.mark.parametrize("on", [(5,), (2, 5)])
def test_cards_that_come_before_the_day_of_a_former_one_have_somebody_too(
    on: tuple[int, ...], by: str
) -> None:
    # The month's card came on its first day, and is due on its last.
    shop = shop_of(in_rhythm(Frequency.MONTHLY, -1, by=by))
    run(shop, 2)
    shop.advance(days=15)
    run(shop, 2)  # December's
    edit(shop, in_rhythm(Frequency.WEEKLY, *on, by=by))
    run(shop, 28)
    assert "-" not in taken(shop)
    if by == "occurrence":
        assert abs(taken(shop).count("a") - taken(shop).count("k")) <= 1


def test_a_day_that_is_added_among_cards_that_are_out_has_somebody_too() -> None:
    shop = shop_of(in_rhythm(Frequency.WEEKLY, 1, 3, 5, ahead=7))
    run(shop, 3)
    edit(shop, in_rhythm(Frequency.WEEKLY, 1, 2, 3, 5, ahead=7))
    run(shop, 7)
    assert shop.store.latest("daily", "parcels", 99)[-5].occurrence.nominal_day == day(24)
    assert "-" not in taken(shop)


def test_what_came_ahead_of_its_day_takes_no_turn_again_once_cards_come_later() -> None:
    people = "amal", "karim", "leila"
    shop = shop_of(rotating(*people))
    leila = Person("leila", "leila_zina", "Leïla")
    shop.workspace = replace(shop.workspace, people=(*shop.workspace.people, leila))
    ahead = replace(rotating(*people), cadence=in_rhythm(Frequency.DAILY, *range(1, 8), ahead=3).cadence)
    edit(shop, ahead)
    run(shop, 1)
    edit(shop, rotating(*people))
    run(shop, 6)
    assert taken(shop) == "aklaklakl"[: len(taken(shop))]


def test_a_task_without_a_round_asks_nothing_of_the_ledger() -> None:
    shop = shop_of(daily_task("parcels"))
    run(shop, 1)
    assert last(shop) is None


# ---- nobody left ------------------------------------------------------------------------------------


def test_with_nobody_left_the_card_is_made_all_the_same() -> None:
    shop = shop_of(rotating())
    away(shop, "amal", 16, 16)
    away(shop, "karim", 16, 16, reason="congé")
    run(shop, 2)
    assert taken(shop) == "-a"
    first = min(shop.cards_on(), key=lambda card: str(card.due))
    assert first.member_ids == ()


def test_or_excused_where_the_files_say_so() -> None:
    shop = shop_of(rotating(when_absent=WhenAbsent.EXCUSE))
    away(shop, "amal", 16, 16)
    away(shop, "karim", 16, 16, reason="congé")
    run(shop, 2)
    assert taken(shop) == "xa"
    assert shop.entry("parcels", "2026-11-16").skipped == "absence:Amal, Karim (congé)"
    assert len(shop.cards_on()) == 1


def test_status_and_the_report_flag_what_is_nobodys() -> None:
    shop = shop_of(rotating())
    away(shop, "amal", 18, 18, reason="congé")
    away(shop, "karim", 18, 18)
    run(shop, 1)
    coming = {str(each.key): each.nobody_left for each in status(shop.context()).next}
    assert coming.pop("daily/parcels/2026-11-18")
    assert not any(coming.values())
    run(shop, 2)
    flagged = [line for line in account(shop.context(), IsoWeek(2026, 47)).occurrences if line.nobody_left]
    (line,) = flagged
    assert line.key == "daily/parcels/2026-11-18"
    assert line.absent == (Absentee("amal", "Amal", "", "congé"), Absentee("karim", "Karim"))


# ---- what lies ahead --------------------------------------------------------------------------------


@pytest.mark.parametrize("issued", [0, 1, 3])
def test_status_and_the_running_report_tell_whose_turn_comes(issued: int) -> None:
    shop = shop_of(rotating())
    run(shop, issued)
    expected = "akakakakak"
    assert "".join(each.turn[0] for each in status(shop.context()).next) in {
        expected[issued : issued + 5],
        expected[issued + 1 : issued + 6],  # before the first pass today's is released already
    }
    ahead = account(shop.context(), IsoWeek(2026, 47)).occurrences
    assert "".join(line.assignees[0][0] for line in ahead) == expected[:7]
    assert {line.outcome for line in ahead} <= {Outcome.OPEN, Outcome.MISSED}

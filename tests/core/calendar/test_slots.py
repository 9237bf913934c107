"""Planned times add up from the beginning of the slot, and cards lie in its order."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from trello_ops.core.cadence import Cadence, DayTime, Frequency
from trello_ops.core.calendar.slots import Overbooked, PlannedTime, SlotPlan, place, planned_times
from trello_ops.core.days_off import Skip, SkipKind
from trello_ops.core.declared import Board, BoardList, Slot, Task
from trello_ops.core.ledger import Occurrence, OccurrenceKey

PARIS = ZoneInfo("Europe/Paris")
MONDAY = dt.date(2026, 11, 16)
SLOTS = (Slot("matin", 1, dt.time(9), dt.time(12, 30)), Slot("soir", 1, dt.time(14), dt.time(18)))
NINE = dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC)
PEOPLE = ("amal", "karim", "lina")

Done = Sequence[tuple[Task, Occurrence]]


def done(
    key: str, minutes: int, *people: str, slot: Slot = SLOTS[0], week: int = 0
) -> tuple[Task, Occurrence]:
    cadence = Cadence(Frequency.WEEKLY, (slot.weekday,), DayTime(slot.ends), PARIS)
    task = Task(key, key, "operations", "t.md", cadence, people, slot=slot.key, duration=minutes)
    day = MONDAY + dt.timedelta(weeks=week)
    begins = dt.datetime.combine(day, slot.begins, tzinfo=PARIS).astimezone(dt.UTC)
    occurrence = Occurrence(
        key=OccurrenceKey("weekly", key, day),
        board_title="Hebdo",
        title=key,
        theme="operations",
        theme_title="Opérationnel",
        assignees=people,
        day=day,
        release=begins,
        due=dt.datetime.combine(day, slot.ends, tzinfo=PARIS).astimezone(dt.UTC),
        sequence=1,
        start=begins,
    )
    return task, occurrence


def from_nine(plan: SlotPlan) -> dict[str, tuple[int, int]]:
    """Begin and end of each task, in minutes from nine o'clock."""
    return {
        key.task: (
            (each.begins - NINE) // dt.timedelta(minutes=1),
            (each.ends - NINE) // dt.timedelta(minutes=1),
        )
        for key, each in plan.times.items()
    }


@st.composite
def days_of_work(draw: st.DrawFn) -> Done:
    return [
        done(
            f"t{number}",
            draw(st.integers(5, 240)),
            *draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=3)),
            slot=draw(st.sampled_from(SLOTS)),
            week=draw(st.integers(0, 1)),
        )
        for number in range(draw(st.integers(0, 12)))
    ]


def calendars(
    work: Done, plan: SlotPlan
) -> dict[tuple[str, dt.date, str], list[tuple[Occurrence, PlannedTime]]]:
    """What each person does in each slot, in the order of the file; of nobody under an empty name."""
    found: dict[tuple[str, dt.date, str], list[tuple[Occurrence, PlannedTime]]] = {}
    for task, each in work:
        for person in each.assignees or ("",):
            found.setdefault((task.slot, each.day, person), []).append((each, plan.times[each.key]))
    return found


@given(days_of_work())
@settings(max_examples=examples(300))
def test_nobody_does_two_things_at_once_and_the_order_of_the_file_is_kept(work: Done) -> None:
    for times in calendars(work, planned_times(SLOTS, work)).values():
        assert all(one.ends <= other.begins for (_, one), (_, other) in pairwise(times))


@given(days_of_work())
@settings(max_examples=examples(300))
def test_each_takes_its_duration_and_begins_when_the_last_of_its_people_is_free(work: Done) -> None:
    plan = planned_times(SLOTS, work)
    until: dict[tuple[str, dt.date, str], dt.datetime] = {}
    for task, each in work:
        mine = [(task.slot, each.day, person) for person in each.assignees or ("",)]
        planned = plan.times[each.key]
        assert planned.begins == max(until.get(one, each.start or NINE) for one in mine)
        assert planned.begins >= (each.start or NINE)
        assert planned.ends - planned.begins == dt.timedelta(minutes=task.duration)
        until.update(dict.fromkeys(mine, planned.ends))


@given(days_of_work())
@settings(max_examples=examples(300))
def test_what_does_not_fit_is_what_ends_after_the_slot(work: Done) -> None:
    plan = planned_times(SLOTS, work)
    late = {
        where: max(planned.ends for _, planned in times) - times[0][0].due
        for where, times in calendars(work, plan).items()
    }
    assert {(each.slot, each.day, each.person): each.minutes for each in plan.overbooked} == {
        where: over // dt.timedelta(minutes=1) for where, over in late.items() if over > dt.timedelta()
    }


@given(days_of_work(), st.sampled_from(PEOPLE))
@settings(max_examples=examples(100))
def test_each_person_s_durations_add_up_apart(work: Done, person: str) -> None:
    alone = [(task, replace(each, assignees=each.assignees[:1])) for task, each in work]
    own = [(task, each) for task, each in alone if each.assignees == (person,)]
    everybody, mine = planned_times(SLOTS, alone), planned_times(SLOTS, own)
    assert {key: everybody.times[key] for key in mine.times} == dict(mine.times)


def test_a_morning_worked_out_by_hand() -> None:
    plan = planned_times(
        SLOTS,
        [
            done("figures", 30, "amal"),
            done("mails", 60, "karim"),
            done("meeting", 60, "amal", "karim"),
            done("parcels", 90, "amal"),
            done("shelves", 45),
            done("window", 180),
        ],
    )
    assert from_nine(plan) == {
        "figures": (0, 30),
        "mails": (0, 60),
        "meeting": (60, 120),  # amal waits for karim
        "parcels": (120, 210),
        "shelves": (0, 45),
        "window": (45, 225),
    }
    assert plan.overbooked == (Overbooked("matin", MONDAY, "", 15),)


def test_a_due_of_its_own_is_no_end_of_the_slot() -> None:
    (task, one), other = done("figures", 200, "amal"), done("mails", 30, "amal")
    later = replace(one, due=one.due + dt.timedelta(days=1))
    assert planned_times(SLOTS, [other, (task, later)]).overbooked == (
        Overbooked("matin", MONDAY, "amal", 20),
    )


def test_what_is_excused_or_without_slot_or_duration_takes_no_time() -> None:
    excused_task, excused = done("excused", 60, "amal")
    slotless_task, slotless = done("slotless", 60, "amal")
    work = [
        (excused_task, replace(excused, skip=Skip(SkipKind.PAUSE))),
        (replace(slotless_task, slot=""), replace(slotless, start=None)),
        done("quick", 0, "amal"),
        done("real", 60, "amal"),
    ]
    assert from_nine(planned_times(SLOTS, work)) == {"real": (0, 60)}


# ---- Where cards lie --------------------------------------------------------------------------------


def board_of(tasks: Sequence[Task]) -> Board:
    lists = (BoardList("todo", "À faire"), BoardList("done", "Terminé"))
    return Board("weekly", "Hebdo", Frequency.WEEKLY, lists, tuple(tasks), PARIS)


@given(st.permutations(range(8)))
@settings(max_examples=examples(50))
def test_cards_lie_by_slot_then_in_the_order_of_the_file(order: list[int]) -> None:
    slots = (
        *SLOTS,
        Slot("mardi", 2, dt.time(9), dt.time(10)),
        Slot("autre", 1, dt.time(10), dt.time(12, 30)),
    )
    work = [done(f"t{n}", 30, "amal", slot=slots[n % 4]) for n in order]
    work = [
        (task, replace(each, day=MONDAY + dt.timedelta(days=1)) if task.slot == "mardi" else each)
        for task, each in work
    ]
    board = board_of([task for task, _ in work])
    places = {each.key.task: place(slots, board, task, each) for task, each in work}
    lying = sorted(places, key=lambda key: places[key] or 0)
    named = {task.key: task.slot for task, _ in work}
    assert [slot for slot, _ in groupby(lying, key=named.get)] == ["matin", "autre", "soir", "mardi"]
    in_file = [task.key for task, _ in work]
    for _, keys in groupby(lying, key=named.get):
        numbers = [in_file.index(key) for key in keys]
        assert numbers == sorted(numbers)
    assert len(set(places.values())) == len(places)


def test_a_card_in_no_slot_has_no_place_of_its_own() -> None:
    task, occurrence = done("stock", 0)
    plain = replace(task, slot="")
    assert place(SLOTS, board_of([plain]), plain, replace(occurrence, start=None)) is None
    assert place((), board_of([task]), task, occurrence) is None

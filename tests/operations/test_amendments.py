"""Cards that are out follow edited files: planned, listed, made at `apply`, and reported by."""

import datetime as dt
from dataclasses import replace

import pytest
from shop_kit import EIGHT, PARIS, PlainCards, Shop, daily_task, workspace_of

from trello_ops.core.bindings import Kind
from trello_ops.core.cadence import DayTime, OnDayOff, Span
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.card_text import CardText, Checklist
from trello_ops.core.days_off import Skip, SkipKind
from trello_ops.core.declared import Slot, Task
from trello_ops.core.ledger import EventKind, LedgerEntry, Occurrence
from trello_ops.core.planning.amendments import Reason
from trello_ops.core.planning.card_parts import Edit, Part
from trello_ops.core.planning.changes import UNATTENDED, AddMember, AmendCard, Change
from trello_ops.core.reporting.outcome import Cutoff, Outcome, outcome_at
from trello_ops.core.reporting.report import ReportedOccurrence
from trello_ops.core.trello import Card
from trello_ops.errors import NotFound, OutcomeUnknown, TrelloError
from trello_ops.operations import reconcile
from trello_ops.operations.history import story
from trello_ops.operations.report import account
from trello_ops.testing.trello import Call

DAY = "2026-11-16"
WEEK = IsoWeek(2026, 47)
PARCELS = daily_task("parcels")


class Edited(Shop):
    """A shop whose card of today is out, and whose files are edited then."""

    def __init__(self, task: Task = PARCELS, cards: PlainCards | None = None) -> None:
        super().__init__(task, cards=cards or PlainCards({"parcels": (EIGHT,)}))
        self.apply()
        self.issue()
        self.advance(minutes=20)
        self.observe()

    def edit(self, **task: object) -> None:
        """Edit the task; its due by a time."""
        old = self.workspace.boards[0].tasks[0]
        due = task.pop("due", None)
        if due:
            task["cadence"] = replace(old.cadence, due=DayTime(dt.time.fromisoformat(str(due))))
        self.workspace = workspace_of(replace(old, **task))  # type: ignore[arg-type]

    @property
    def card(self) -> Card:
        (card,) = self.cards_on()
        return card

    @property
    def its_entry(self) -> LedgerEntry:
        return self.entry("parcels", DAY)

    def apply_but_for(self, kind: type[Change]) -> None:
        """Apply while Trello refuses one kind of change."""
        self.trello.fail_next(TrelloError("refused"), lambda call: isinstance(call, kind))
        assert len(self.apply().failed) == 1
        self.advance(minutes=20)

    def amendments(self) -> list[AmendCard]:
        changes = reconcile.plan(self.context()).changes
        return [change for change in changes if isinstance(change, AmendCard)]

    def frozen(self) -> list[Reason]:
        return [card.reason for card in reconcile.plan(self.context()).frozen]

    def line(self) -> ReportedOccurrence:
        lines = {line.key: line for line in account(self.context(), WEEK).occurrences}
        return lines[f"daily/parcels/{DAY}"]

    def members(self) -> set[str]:
        return {name for name, each in self.trello.people.items() if each.id in self.card.member_ids}


def due(time: str, day: int = 16) -> dt.datetime:
    return dt.datetime.combine(dt.date(2026, 11, day), dt.time.fromisoformat(time), PARIS)


class Slotted(Edited):
    """The same, where a task may be done in a slot of Monday."""

    def into(self, begins: str, ends: str, slot: str = "slot") -> None:
        """Put the task into a slot."""
        self.edit(slot=slot, due=ends)
        times = dt.time.fromisoformat(begins), dt.time.fromisoformat(ends)
        self.workspace = replace(self.workspace, slots=(Slot(slot, 1, *times),))

    def out(self) -> None:
        """Take the task out of its slot."""
        self.edit(slot="", due="18:00")

    def dates(self) -> tuple[dt.datetime | None, dt.datetime | None]:
        return self.card.start, self.card.due


# ---- what follows -----------------------------------------------------------------------------------


def test_the_start_of_a_card_follows_its_slot() -> None:
    shop = Slotted()
    released = shop.card.start
    shop.into("14:00", "17:00")
    (change,) = shop.amendments()
    assert change.start == Edit(released, due("14:00"))
    assert shop.apply().failed == {}
    assert shop.dates() == (due("14:00"), due("17:00"))
    shop.into("12:00", "13:30", "noon")
    assert shop.apply().failed == {}
    assert shop.dates() == (due("12:00"), due("13:30"))
    assert shop.plan_is_empty()
    shop.out()
    assert shop.apply().failed == {}
    assert shop.dates() == (released, due("18:00"))
    assert shop.plan_is_empty()


def test_a_start_that_a_person_has_set_stays() -> None:
    shop = Slotted()
    shop.trello.move_start(shop.card.id, due("11:00"), by="karim_zina")
    shop.into("14:00", "17:00")
    assert shop.apply().failed == {}
    assert shop.dates() == (due("11:00"), due("17:00"))
    assert shop.plan_is_empty()


@pytest.mark.parametrize("after_effect", [False, True], ids=["not written", "written"])
def test_a_start_follows_after_an_answer_that_got_lost(after_effect: bool) -> None:
    shop = Slotted()
    released = shop.card.start
    shop.into("14:00", "17:00")
    shop.trello.fail_next(OutcomeUnknown("lost"), is_amendment, after_effect=after_effect)
    assert len(shop.apply().failed) == 1
    shop.settle()
    shop.out()
    assert shop.apply().failed == {}
    assert shop.dates() == (released, due("18:00"))
    assert shop.plan_is_empty()


def test_without_an_edit_nothing_is_amended() -> None:
    shop = Edited()
    assert shop.plan_is_empty()
    assert shop.frozen() == []


def test_everything_that_was_edited_follows_in_one_request_and_only_at_apply() -> None:
    shop = Edited()
    before = shop.card
    shop.edit(title="Colis du soir", assignees=("karim",), due="20:00")
    shop.cards.texts["parcels"] = "Autre texte"
    (change,) = shop.amendments()
    assert change.title == Edit(f"Tâche parcels {DAY}", f"Colis du soir {DAY}")
    assert change.due == Edit(due("18:00"), due("20:00"))
    assert change.people == Edit(("amal",), ("karim",))
    assert change.text is not None
    assert not change.by_hand
    reconcile.reconcile(shop.context(), UNATTENDED)
    assert shop.card == before, "the daemon changes no card that is out"
    done = len(shop.trello.performed)
    assert shop.apply().failed == {}
    made = [each for each in shop.trello.performed[done:] if not is_template_change(each)]
    assert [type(each) for each in made] == [AmendCard]
    card = shop.card
    assert (card.title, card.due, shop.members()) == (f"Colis du soir {DAY}", due("20:00"), {"karim_zina"})
    assert card.description.startswith("Autre texte")
    assert shop.plan_is_empty()
    assert shop.frozen() == []


def is_template_change(change: Change) -> bool:
    return "Template" in type(change).__name__


def test_a_task_that_is_nobodys_now_takes_everybody_off() -> None:
    shop = Edited()
    shop.edit(assignees=())
    shop.apply()
    assert shop.members() == set()
    assert shop.line().assignees == ()
    assert shop.plan_is_empty()


def test_who_cannot_be_put_on_the_card_yet_is_once_on_the_board() -> None:
    shop = Edited()
    board = shop.store.bindings().id(Kind.BOARD, "daily") or ""
    shop.trello.remove_member(board, "karim_zina")
    shop.apply_but_for(AddMember)
    shop.edit(assignees=("karim",))
    shop.apply_but_for(AddMember)
    assert shop.members() == set()
    shop.observe()
    shop.apply()
    shop.advance(minutes=20)
    shop.observe()
    shop.apply()
    assert shop.members() == {"karim_zina"}


def test_the_ledger_reports_by_it_and_keeps_how_it_was_recorded() -> None:
    shop = Edited()
    shop.edit(title="Colis du soir", assignees=("karim",), due="20:00")
    shop.apply()
    entry, line = shop.its_entry, shop.line()
    assert (line.title, line.assignees, line.due_at) == ("Colis du soir", ("karim",), due("20:00"))
    assert line.amended_at is not None
    assert (entry.recorded.title, entry.recorded.due) == ("Tâche parcels", due("18:00"))
    assert entry.unwritten == ()


def test_who_does_it_by_the_new_due_is_on_time_and_credited_and_nobody_moved_anything() -> None:
    shop = Edited()
    shop.edit(assignees=("karim",), due="20:00")
    shop.apply()
    shop.advance(hours=11)  # 19:20
    shop.trello.tick(shop.card.id, "karim_zina")
    shop.observe()
    line = shop.line()
    assert (line.outcome, line.assignees, line.due_moved_by) == (Outcome.ON_TIME, ("karim",), None)
    assert EventKind.DUE_MOVED not in {event.kind for event in shop.its_entry.events}


def test_days_off_that_an_edit_brings_with_it_move_the_card() -> None:
    """`on_day_off` is edited: the task's rhythm is another from then on."""
    shop = Edited(replace(PARCELS, cadence=replace(PARCELS.cadence, on_day_off=OnDayOff.KEEP)))
    (board,) = shop.workspace.boards
    task = replace(PARCELS, cadence=replace(PARCELS.cadence, on_day_off=OnDayOff.NEXT))
    span = Span(dt.date(2026, 11, 16), dt.date(2026, 11, 16), "inventaire")
    shop.workspace = replace(shop.workspace, boards=(replace(board, tasks=(task,), closures=(span,)),))
    shop.apply()
    occurrence = shop.its_entry.occurrence
    assert (occurrence.day, occurrence.nominal_day) == (dt.date(2026, 11, 17), dt.date(2026, 11, 16))
    assert occurrence.moved == Skip(SkipKind.CLOSURE, "inventaire")
    assert shop.card.due == occurrence.due == due("18:00", 17)
    assert shop.plan_is_empty()


def test_a_due_brought_forward_makes_nobody_late_who_was_promised_the_other() -> None:
    shop = Edited()
    shop.edit(due="12:00")
    shop.apply()
    assert shop.card.due == due("12:00")
    shop.advance(hours=8)  # 16:20, after the new due and before the old one
    shop.trello.tick(shop.card.id, "amal_zina")
    shop.observe()
    assert shop.line().outcome == Outcome.ON_TIME
    assert shop.line().due_at == due("12:00")


def test_a_due_edited_into_the_next_week_is_reported_there() -> None:
    shop = Edited(replace(PARCELS, cadence=replace(PARCELS.cadence, due=DayTime(dt.time(18), 6))))
    shop.edit(cadence=replace(PARCELS.cadence, due=DayTime(dt.time(18), 7)))
    shop.apply()
    assert f"daily/parcels/{DAY}" not in {o.key for o in account(shop.context(), WEEK).occurrences}
    assert f"daily/parcels/{DAY}" in {o.key for o in account(shop.context(), WEEK.next()).occurrences}


def test_checklists_grow_and_lose_nothing() -> None:
    shop = Edited()
    shop.trello.check(shop.card.id, "étape 1", "amal_zina")
    shop.cards.checklists["parcels"] = (
        Checklist("Colis", (*EIGHT.items[1:], "étape 9")),
        Checklist("Retours", ("un", "deux")),
    )
    (change,) = shop.amendments()
    assert change.items == ("étape 9", "un", "deux")
    shop.apply()
    checklists = {each.title: [item.title for item in each.items] for each in shop.card.checklists or ()}
    assert checklists == {"Colis": [*EIGHT.items, "étape 9"], "Retours": ["un", "deux"]}
    assert shop.amendments() == []


def test_an_item_that_somebody_removed_does_not_come_back_with_an_edit_of_the_title() -> None:
    shop = Edited()
    shop.trello.remove_item(shop.card.id, "étape 3")
    shop.edit(title="Colis du soir")
    shop.apply()
    assert shop.card.item_count == 7
    assert shop.card.title == f"Colis du soir {DAY}"


def test_edited_again_it_follows_again() -> None:
    shop = Edited()
    for title, time in [("A", "19:00"), ("B", "21:00"), ("Tâche parcels", "18:00")]:
        shop.edit(title=title, due=time)
        shop.apply()
        assert (shop.card.title, shop.card.due) == (f"{title} {DAY}", due(time))
        assert shop.plan_is_empty()
    assert len(shop.its_entry.amendments) == 3


def test_an_occurrence_recorded_before_an_edit_and_issued_after_it_follows_too() -> None:
    shop = Shop(PARCELS)
    shop.apply()
    shop.trello.fail_next(NotFound("no list"), lambda call: not isinstance(call, str))
    shop.issue()
    shop.workspace = workspace_of(replace(PARCELS, title="Colis du soir"))
    shop.restart()
    shop.issue()
    (card,) = shop.cards_on()
    assert card.title == f"Tâche parcels {DAY}", "frozen when it was recorded"
    shop.apply()
    assert shop.cards_on()[0].title == f"Colis du soir {DAY}"


def test_a_card_adopted_after_a_lost_answer_follows() -> None:
    shop = Shop(PARCELS)
    shop.apply()
    shop.trello.fail_next(OutcomeUnknown("lost"), lambda call: not isinstance(call, str), after_effect=True)
    shop.issue()
    shop.settle()
    shop.issue()
    assert len(shop.cards_on()) == 1
    shop.workspace = workspace_of(replace(PARCELS, title="Colis du soir"))
    shop.apply()
    assert shop.cards_on()[0].title == f"Colis du soir {DAY}"


# ---- what stays -------------------------------------------------------------------------------------


def test_what_somebody_changed_by_hand_stays() -> None:
    shop = Edited()
    shop.trello.write(shop.card.id, title="À ma façon")
    shop.trello.write(shop.card.id, description="Mon texte")
    shop.trello.move_due(shop.card.id, due("17:00"), "amal_zina")
    shop.trello.join(shop.card.id, "karim_zina", "amal_zina")
    shop.observe()
    shop.edit(title="Colis du soir", due="20:00", assignees=("karim",))
    assert shop.amendments() == []
    assert shop.frozen() == [Reason.BY_HAND]
    before = shop.card
    shop.apply()
    assert shop.card == before
    assert shop.line().due_at == due("18:00")


@pytest.mark.parametrize("part", [Part.TITLE, Part.TEXT, Part.DUE, Part.PEOPLE])
def test_the_other_parts_follow(part: Part) -> None:
    shop = Edited()
    acts = {
        Part.TITLE: lambda: shop.trello.write(shop.card.id, title="À ma façon"),
        Part.TEXT: lambda: shop.trello.write(shop.card.id, description="Mon texte"),
        Part.DUE: lambda: shop.trello.move_due(shop.card.id, due("17:00"), "amal_zina"),
        Part.PEOPLE: lambda: shop.trello.leave(shop.card.id, "amal_zina", "amal_zina"),
    }
    acts[part]()
    by_hand = shop.card
    shop.edit(title="Colis du soir", due="20:00", assignees=("karim",))
    shop.cards.texts["parcels"] = "Autre texte"
    (change,) = shop.amendments()
    assert change.by_hand == (part,)
    shop.apply()
    after = shop.card
    stays = {
        Part.TITLE: after.title == by_hand.title,
        Part.TEXT: after.description == by_hand.description,
        Part.DUE: after.due == by_hand.due,
        Part.PEOPLE: after.member_ids == by_hand.member_ids,
    }
    assert [each for each, same in stays.items() if same] == [part]
    assert shop.plan_is_empty()
    assert shop.frozen() == []


def test_the_due_of_the_ledger_stays_with_that_of_the_card() -> None:
    shop = Edited()
    shop.trello.move_due(shop.card.id, due("17:00"), "amal_zina")
    shop.observe()
    shop.edit(title="Colis du soir", due="20:00")
    shop.apply()
    assert shop.line().due_at == due("18:00")
    assert shop.line().due_moved_by == "amal"


def test_a_due_that_somebody_moved_where_the_files_have_it_now_is_the_declared_one() -> None:
    shop = Edited()
    shop.trello.move_due(shop.card.id, due("20:00"), "amal_zina")
    shop.edit(due="20:00")
    shop.apply()
    assert shop.line().due_at == due("20:00")
    assert shop.plan_is_empty()


def test_moving_it_back_after_an_amendment_is_somebodys_hand() -> None:
    shop = Edited()
    shop.edit(due="20:00")
    shop.apply()
    shop.advance(minutes=1)
    shop.trello.move_due(shop.card.id, due("18:00"), "amal_zina")
    shop.advance(minutes=20)
    shop.observe()
    assert shop.line().due_moved_by == "amal"
    assert shop.plan_is_empty()


def test_done_past_due_and_unnamed_cards_stay_and_the_plan_says_why() -> None:
    shop = Edited()
    shop.trello.tick(shop.card.id, "amal_zina")
    shop.edit(title="Colis du soir")
    assert (shop.amendments(), shop.frozen()) == ([], [Reason.DONE])
    shop = Edited()
    shop.edit(title="Colis du soir")
    shop.advance(hours=12)
    assert (shop.amendments(), shop.frozen()) == ([], [Reason.PAST_DUE])
    shop = Edited()
    shop.edit(due="08:10")
    assert (shop.amendments(), shop.frozen()) == ([], [Reason.DAY_OVER]), "the new due has passed"
    shop = Edited()
    shop.edit(cadence=replace(PARCELS.cadence, on=(3,)))
    assert (shop.amendments(), shop.frozen()) == ([], [Reason.RETIMED])


def test_a_person_who_was_renamed_is_no_edit_of_a_card_that_is_past_due() -> None:
    shop = Edited(replace(PARCELS, assignees=("amal",)))
    people = tuple(
        replace(person, key="amal-b", was=("amal",)) if person.key == "amal" else person
        for person in shop.workspace.people
    )
    shop.edit(assignees=("amal-b",))
    shop.workspace = replace(shop.workspace, people=people)
    shop.advance(hours=12)
    assert (shop.amendments(), shop.frozen()) == ([], [])


def test_a_due_that_has_passed_is_not_put_off() -> None:
    shop = Edited()
    shop.advance(hours=12)  # 20:20
    shop.edit(due="22:00")
    assert (shop.amendments(), shop.frozen()) == ([], [Reason.PAST_DUE])


def test_what_somebody_wrote_as_the_files_have_it_now_is_no_hand_of_theirs() -> None:
    shop = Edited()
    shop.trello.write(shop.card.id, description=shop.card.description.replace("Texte", "Autre texte"))
    shop.trello.write(shop.card.id, title=f"Colis du soir {DAY}")
    shop.edit(title="Colis du soir")
    shop.cards.texts["parcels"] = "Autre texte"
    (change,) = shop.amendments()
    assert (change.by_hand, change.writes) == ((), False)
    shop.apply()
    assert shop.line().title == "Colis du soir"
    assert (shop.plan_is_empty(), shop.frozen()) == (True, [])


def test_ahead_is_by_trellos_clock() -> None:
    shop = Edited()
    shop.trello.ahead = dt.timedelta(hours=12)
    shop.edit(title="Colis du soir")
    assert shop.frozen() == [Reason.PAST_DUE]


def test_a_card_of_an_older_store_stays_as_it_was_promised() -> None:
    shop = Edited()
    key, card = shop.its_entry.occurrence.key, shop.its_entry.card
    assert card is not None
    shop.store._cards[key] = replace(card, given=None)
    assert shop.plan_is_empty()
    shop.edit(title="Colis du soir", due="20:00")
    assert (shop.amendments(), shop.frozen()) == ([], [Reason.UNKNOWN])


def test_what_is_no_edit_changes_nothing() -> None:
    class Newer(PlainCards):
        """As another version of the program: it writes other texts of the same files."""

        def card(self, occurrence: Occurrence) -> CardText:
            return replace(super().card(occurrence), title="Autrement")

    shop = Edited()
    shop.cards = Newer(shop.cards.checklists)
    shop.workspace = replace(shop.workspace, name="Autre", people=shop.workspace.people[::-1])
    assert shop.amendments() == []
    assert shop.frozen() == []


# ---- breaks -----------------------------------------------------------------------------------------


def is_amendment(call: Call) -> bool:
    return isinstance(call, AmendCard)


@pytest.mark.parametrize("after_effect", [False, True], ids=["not written", "written"])
def test_an_answer_that_was_lost_is_compared_and_charges_nobody(after_effect: bool) -> None:
    shop = Edited()
    shop.edit(title="Colis du soir", assignees=("karim",), due="20:00")
    shop.trello.fail_next(OutcomeUnknown("lost"), is_amendment, after_effect=after_effect)
    assert len(shop.apply().failed) == 1
    entry = shop.its_entry
    assert len(entry.unwritten) == 1
    close = entry.occurrence.due + dt.timedelta(days=9)
    assert outcome_at(entry, Cutoff(close, final=True)) is Outcome.OPEN, "nobody knows what the card said"
    assert len(shop.apply().failed) == 1, "the claim has not settled"
    shop.settle()
    shop.advance(minutes=5)
    assert len(shop.amendments()) == 1
    shop.apply()
    assert (shop.card.title, shop.card.due) == (f"Colis du soir {DAY}", due("20:00"))
    assert shop.members() == {"karim_zina"}
    assert shop.its_entry.unwritten == ()
    assert shop.plan_is_empty()
    assert outcome_at(shop.its_entry, Cutoff(close, final=True)) is Outcome.MISSED


def test_files_put_back_after_a_lost_answer_put_the_card_back() -> None:
    shop = Edited()
    shop.edit(title="Colis du soir", assignees=("karim",), due="20:00")
    shop.trello.fail_next(OutcomeUnknown("lost"), is_amendment, after_effect=True)
    shop.apply()
    shop.settle()
    shop.edit(title="Tâche parcels", assignees=("amal",), due="18:00")
    shop.apply()
    assert (shop.card.title, shop.card.due) == (f"Tâche parcels {DAY}", due("18:00"))
    assert shop.members() == {"amal_zina"}
    assert shop.plan_is_empty()


def test_a_refusal_leaves_card_and_ledger_as_they_were() -> None:
    shop = Edited()
    shop.edit(title="Colis du soir", due="20:00")
    shop.trello.fail_next(TrelloError("invalid value for name"), is_amendment)
    assert len(shop.apply().failed) == 1
    assert shop.its_entry.unwritten == ()
    assert (shop.line().title, shop.line().amended_at) == ("Tâche parcels", None)
    assert len(shop.amendments()) == 1
    shop.apply()
    assert shop.plan_is_empty()


def test_one_card_that_fails_keeps_no_other_from_following() -> None:
    shop = Shop(PARCELS, daily_task("news"))
    shop.apply()
    shop.issue()
    shop.workspace = workspace_of(*(replace(t, title="Autre") for t in shop.workspace.boards[0].tasks))
    shop.trello.fail_next(TrelloError("refused"), is_amendment)
    assert len(shop.apply().failed) == 1
    assert min(card.title for card in shop.cards_on()) == f"Autre {DAY}"


def test_a_card_that_changed_since_the_plan_is_left_alone() -> None:
    shop = Edited()
    shop.edit(title="Colis du soir", due="20:00")
    context = shop.context()
    plan = reconcile.plan(context)
    shop.trello.tick(shop.card.id, "amal_zina")
    applied = reconcile.apply(context, plan)
    assert "was changed since it was planned" in applied.failed[f"daily/parcels/{DAY}"]
    assert shop.card.title == f"Tâche parcels {DAY}"
    assert shop.its_entry.amendments == ()


def test_a_title_that_somebody_writes_after_the_plan_stays() -> None:
    shop = Edited()
    shop.edit(title="Colis du soir", due="20:00")
    context = shop.context()
    plan = reconcile.plan(context)
    shop.trello.write(shop.card.id, title="À ma façon")
    assert len(reconcile.apply(context, plan).failed) == 1
    assert (shop.card.title, shop.card.due) == ("À ma façon", due("18:00")), "what was not shown is not done"
    shop.apply()
    assert (shop.card.title, shop.card.due) == ("À ma façon", due("20:00"))


class Killed(BaseException):
    """As when the process ends at this point."""


@pytest.mark.parametrize("step", range(4))
def test_killed_at_any_point_the_next_apply_ends_it_and_nobody_is_charged(step: int) -> None:
    shop = Edited()
    shop.edit(title="Colis du soir", assignees=("karim",), due="20:00")
    shop.cards.checklists["parcels"] = (Checklist("Colis", (*EIGHT.items, "étape 9")),)
    (change,) = shop.amendments()
    calls = 0
    perform, amend = shop.trello.perform, shop.store.amend

    def counted(call, *args):  # type: ignore[no-untyped-def]
        nonlocal calls
        calls += 1
        if calls == step + 1:
            raise Killed
        return call(*args)

    shop.trello.perform = lambda *args: counted(perform, *args)  # type: ignore[method-assign]
    shop.store.amend = lambda *args: counted(amend, *args)  # type: ignore[method-assign]
    with pytest.raises(Killed):
        reconcile.apply(shop.context(), replace(reconcile.plan(shop.context()), changes=(change,)))
    shop.trello.perform, shop.store.amend = perform, amend  # type: ignore[method-assign]
    shop.restart()
    entry = shop.its_entry
    close = entry.occurrence.due + dt.timedelta(days=9)
    verdict = outcome_at(entry, Cutoff(close, final=True))
    untouched = shop.card.due == due("18:00") and not entry.amendments
    assert verdict is (Outcome.MISSED if untouched else Outcome.OPEN)
    shop.settle()
    shop.settle()
    shop.apply()
    assert (shop.card.title, shop.card.due) == (f"Colis du soir {DAY}", due("20:00"))
    assert shop.card.item_count == 9
    assert shop.plan_is_empty()
    assert shop.its_entry.unwritten == ()


def test_a_store_put_back_from_before_learns_of_it_at_the_next_apply() -> None:
    shop = Edited()
    backup = shop.back_up()
    shop.edit(title="Colis du soir", assignees=("karim",), due="20:00")
    shop.cards.texts["parcels"] = "Autre texte"
    shop.apply()
    card = shop.card
    shop.put_back(backup)
    assert shop.its_entry.amendments == ()
    shop.apply()
    assert shop.card == card
    line = shop.line()
    assert (line.title, line.assignees, line.due_at) == ("Colis du soir", ("karim",), due("20:00"))
    assert shop.plan_is_empty()


# ---- what is told -----------------------------------------------------------------------------------


def test_the_history_tells_of_it() -> None:
    shop = Edited()
    shop.edit(title="Colis du soir", due="20:00")
    shop.apply()
    told = story(shop.context(), shop.its_entry.occurrence.key)
    assert told is not None
    assert [(event.what, event.how) for event in told.events if event.what == "amended"] == [
        ("amended", "title due")
    ]


def test_frozen_cards_are_not_spoken_of_once_their_week_is_frozen() -> None:
    shop = Edited()
    shop.edit(title="Colis du soir")
    shop.advance(days=8)
    shop.observe()
    shop.report()
    keys = {card.key for card in reconcile.plan(shop.context()).frozen}
    assert shop.its_entry.occurrence.key not in keys

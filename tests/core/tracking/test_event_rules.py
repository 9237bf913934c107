"""Whatever counts as done: random lives of cards under random rules, seen by random readings."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trello_ops.core.declared import CompleteWhen, DoneSignal
from trello_ops.core.ledger import EventKind, IssuedCard, LedgerEntry, LedgerEvent, Occurrence, OccurrenceKey
from trello_ops.core.tracking.criteria import CardRules
from trello_ops.core.tracking.events import CardObservation, is_done, is_excused, new_events
from trello_ops.core.trello import (
    Action,
    Card,
    CheckedItem,
    FieldChange,
    Member,
    TrelloCheckItem,
    TrelloChecklist,
)

KEY = OccurrenceKey("daily", "parcels", dt.date(2026, 11, 16))
BEGIN = dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC)
END = BEGIN + dt.timedelta(hours=5)
SECOND, OVERLAP = dt.timedelta(seconds=1), dt.timedelta(minutes=2)
AMINA = Member("m1", "amina", "Amina")
LISTS = ("todo", "done", "excused")
RULES = CardRules(frozenset({"done"}), "label", excused_lists=frozenset({"excused"}))


@dataclass(frozen=True)
class State:
    """What a card truly is; `items` by id."""

    ticked: bool = False
    where: str = "todo"
    archived: bool = False
    items: dict[str, bool] = field(default_factory=dict)
    labelled: bool = False

    def done(self, rule: CompleteWhen) -> bool:
        shown = {
            DoneSignal.TICKED: self.ticked,
            DoneSignal.IN_DONE_LIST: self.where == "done",
            DoneSignal.ARCHIVED: self.archived,
            DoneSignal.CHECKLIST_COMPLETE: bool(self.items) and all(self.items.values()),
        }
        needed = [shown[signal] for signal in rule.signals]
        return all(needed) if rule.require_all else any(needed)

    def excused(self) -> bool:
        return self.labelled or self.where == "excused"


def item_id(at: dt.datetime, number: int) -> str:
    return f"{int(at.timestamp()):08x}{number:016x}"


@dataclass
class Life:
    """A card's history: its states, each from an instant on, and what the log tells of it."""

    states: list[tuple[dt.datetime, State]]
    log: list[Action]

    def at(self, moment: dt.datetime) -> State:
        return [state for at, state in self.states if at <= moment][-1]

    def transitions(self, rule: CompleteWhen) -> list[tuple[dt.datetime, EventKind]]:
        """When it became done, or done no longer, and excused or not: the oracle."""
        found: list[tuple[dt.datetime, EventKind]] = []
        done, excused = False, False
        for at, state in self.states:
            if state.done(rule) != done:
                done = not done
                found.append((at, EventKind.DONE if done else EventKind.REOPENED))
            if state.excused() != excused:
                excused = not excused
                found.append((at, EventKind.EXCUSED if excused else EventKind.UNEXCUSED))
        return found


ACTS = ("tick", *LISTS, "archive", "check 0", "check 1", "check 2", "label", "comment")
UNLOGGED = ("add", "remove 0", "remove 1", "remove 2")
_WAITS = st.integers(1, 500)


def live(steps: Sequence[tuple[int, str]], first_items: int) -> Life:
    """Steps are (seconds since the one before, what happens)."""
    items = {item_id(BEGIN - SECOND, n): False for n in range(first_items)}
    at, state = BEGIN, State(items=items)
    life = Life([(at, state)], [])
    for number, (wait, what) in enumerate(steps):
        at += wait * SECOND
        action = Action(f"a{number:02}", at, "updateCard", "card", AMINA)
        state, told = _act(state, what, action, number)
        life.states.append((at, state))
        if told:
            life.log.append(told)
    return life


def _act(state: State, what: str, action: Action, number: int) -> tuple[State, Action | None]:
    verb, _, which = what.partition(" ")
    item = [*state.items, ""][min(int(which), len(state.items))] if which else ""
    flipped: dict[str, tuple[State, Action]] = {
        "tick": (replace(state, ticked=not state.ticked), replace(action, ticked=_flip(state.ticked))),
        "archive": (
            replace(state, archived=not state.archived),
            replace(action, archived=_flip(state.archived)),
        ),
        "label": (replace(state, labelled=not state.labelled), _labelling(action, on=not state.labelled)),
        "comment": (state, action),
    }
    if verb in flipped:
        return flipped[verb]
    if verb == "add":
        return replace(state, items={**state.items, item_id(action.at, number): False}), None
    if verb in ("check", "remove") and not item:
        return state, None
    if verb == "remove":
        return replace(state, items={k: v for k, v in state.items.items() if k != item}), None
    if verb == "check":
        complete = not state.items[item]
        checked = replace(action, item=CheckedItem(item, complete))
        return replace(state, items={**state.items, item: complete}), checked
    return replace(state, where=what), None if what == state.where else replace(
        action, moved=FieldChange(state.where, what)
    )


def _flip(was: bool) -> FieldChange:
    return FieldChange(was, not was)


def _labelling(action: Action, *, on: bool) -> Action:
    label = frozenset({"label"})
    return replace(action, labelled=label) if on else replace(action, unlabelled=label)


def shown(state: State) -> Card:
    items = tuple(TrelloCheckItem(i, i, complete, 1) for i, complete in state.items.items())
    return Card(
        id="card",
        url="",
        title="",
        description="",
        board_id="board",
        list_id=state.where,
        label_ids=("label",) if state.labelled else (),
        member_ids=(),
        start=None,
        due=None,
        ticked=state.ticked,
        closed=state.archived,
        is_template=False,
        item_count=len(items),
        created_at=BEGIN,
        checklists=(TrelloChecklist("c", "c", 1, items),),
    )


@dataclass
class Watch:
    """What observe does: it remembers how far it read, reads on with an overlap, and appends."""

    rule: CompleteWhen
    events: tuple[LedgerEvent, ...] = ()
    read_at: dt.datetime = BEGIN
    newest: dt.datetime = BEGIN

    def entry(self) -> LedgerEntry:
        day = KEY.date
        occurrence = Occurrence(KEY, "", "", "", "", (), day, BEGIN, END, 1, self.rule)
        card = IssuedCard("card", "", BEGIN, BEGIN)
        return LedgerEntry(occurrence, BEGIN, card=card, events=self.events)

    def look(self, life: Life, now: dt.datetime, lag: int = 0, *, lost: Sequence[Action] = ()) -> None:
        """Read the card at `now`, and the log `lag` seconds later."""
        until = now + lag * SECOND
        log = [a for a in life.log if self.newest - OVERLAP <= a.at <= until and a not in lost]
        observation = CardObservation(shown(life.at(now)), log, self.read_at, now)
        self.events = (*self.events, *new_events(self.entry(), observation, RULES))
        assert new_events(self.entry(), observation, RULES) == (), "reading the same twice adds something"
        self.read_at, self.newest = now, max([self.newest, *(action.at for action in log)])

    def told(self) -> list[tuple[dt.datetime, EventKind]]:
        return sorted((c.at, c.kind) for c in self.events if c.kind is not EventKind.KEPT)


def watch(
    life: Life, rule: CompleteWhen, looks: Sequence[tuple[int, int]], lost: Sequence[Action] = ()
) -> Watch:
    """Look as told, then twice more when all is over: the last turn may be too young for the first."""
    seen, now = Watch(rule), BEGIN
    for wait, lag in looks:
        now += wait * SECOND
        seen.look(life, now, lag, lost=lost)
    for late in (END, END + dt.timedelta(hours=1)):
        seen.look(life, late, lost=lost)
    return seen


rules = st.builds(
    CompleteWhen,
    st.lists(st.sampled_from(DoneSignal), min_size=1, max_size=4, unique=True).map(tuple),
    st.booleans(),
)
logged = st.lists(st.tuples(_WAITS, st.sampled_from(ACTS)), max_size=14)
anything = st.lists(st.tuples(_WAITS, st.sampled_from((*ACTS, *UNLOGGED))), max_size=14)
looking = st.lists(st.tuples(st.integers(1, 900), st.integers(0, 120)), max_size=8)
counts = st.integers(0, 3)


@settings(max_examples=examples(250))
@given(rules, logged, counts, looking)
def test_where_the_log_tells_all_any_readings_tell_what_happened(
    rule: CompleteWhen, steps: list[tuple[int, str]], items: int, looks: list[tuple[int, int]]
) -> None:
    life = live(steps, items)
    seen = watch(life, rule, looks)
    assert seen.told() == sorted(life.transitions(rule))
    assert all(event.by == AMINA and event.action_id for event in seen.events)


@settings(max_examples=examples(250))
@given(rules, anything, counts, looking, st.sets(st.integers(0, 13)))
def test_whatever_the_log_does_not_tell_the_ledger_ends_as_the_card_is(
    rule: CompleteWhen, steps: list[tuple[int, str]], items: int, looks: list[tuple[int, int]], gone: set[int]
) -> None:
    life = live(steps, items)
    seen = watch(life, rule, looks, [action for action in life.log if int(action.id[1:]) in gone])
    last = END + dt.timedelta(hours=1)
    assert is_done(seen.events, last) == life.at(last).done(rule)
    assert is_excused(seen.events, last) == life.at(last).excused()


@settings(max_examples=examples(250))
@example(
    CompleteWhen((DoneSignal.TICKED, DoneSignal.CHECKLIST_COMPLETE)),
    [(1, "check 0"), (1, "check 0"), (1, "check 1"), (1, "remove 0"), (1, "tick")],
    2,
    [],
)
@given(rules, anything, counts, looking)
def test_a_card_that_ends_done_is_done_no_later_than_it_truly_was(
    rule: CompleteWhen, steps: list[tuple[int, str]], items: int, looks: list[tuple[int, int]]
) -> None:
    """Also where items come and go unseen."""
    life = live(steps, items)
    seen = watch(life, rule, looks)
    done = [(at, kind) for at, kind in life.transitions(rule) if kind in (EventKind.DONE, EventKind.REOPENED)]
    if done and done[-1][1] is EventKind.DONE:
        assert is_done(seen.events, done[-1][0])


@settings(max_examples=examples(150))
@given(logged, counts, looking)
def test_a_card_that_lost_its_checklists_in_reading_is_judged_by_their_counts(
    steps: list[tuple[int, str]], items: int, looks: list[tuple[int, int]]
) -> None:
    """As cards are listed without them where no rule needs them, or where they are recovered."""
    life, rule = live(steps, items), CompleteWhen((DoneSignal.CHECKLIST_COMPLETE,))
    whole = watch(life, rule, looks)
    state = life.at(END)
    counted = replace(
        shown(state), checklists=None, checked_count=sum(state.items.values()), item_count=len(state.items)
    )
    observation = CardObservation(counted, life.log, BEGIN, END)
    found = new_events(replace(whole.entry(), events=()), observation, RULES)
    if state.done(rule) or not state.items:
        kept = [event for event in found if event.kind is not EventKind.KEPT]
        assert sorted((c.at, c.kind) for c in kept) == whole.told()
    assert is_done(found, END) == state.done(rule)

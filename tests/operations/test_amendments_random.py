"""Random edits of the files, hands on the card, broken answers and passes: what people wrote stays, the rest
follows, and nobody is charged."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_kit import EIGHT, PARIS, PlainCards, Shop, daily_task, workspace_of

from trello_ops.core.cadence import DayTime
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.planning.card_parts import Part
from trello_ops.core.planning.changes import UNATTENDED, AmendCard
from trello_ops.core.reporting.outcome import Cutoff, Outcome, outcome_at
from trello_ops.core.trello import Card
from trello_ops.errors import OutcomeUnknown
from trello_ops.operations import reconcile
from trello_ops.operations.report import account

DAY = "2026-11-16"
MOST_ACTS = 14
TASK = daily_task("parcels")
TIMES = ["17:00", "18:00", "20:00", "22:00"]
USERNAMES = {"amal": "amal_zina", "karim": "karim_zina"}


def due(time: str) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(DAY), dt.time.fromisoformat(time), PARIS)


@dataclass
class Model:
    """What the files say, what the card was given, and what people made of it; in words."""

    shop: Shop
    declared: dict[Part, str] = field(default_factory=dict)
    by_hand: dict[Part, str] = field(default_factory=dict)

    @property
    def card(self) -> Card:
        (card,) = self.shop.cards_on()
        return card

    def shown(self, part: Part) -> str:
        card = self.card
        match part:
            case Part.TITLE:
                return card.title.removesuffix(f" {DAY}")
            case Part.TEXT:
                return card.description.partition("\n")[0]
            case Part.DUE:
                return f"{card.due.astimezone(PARIS):%H:%M}" if card.due else ""
            case Part.PEOPLE:
                names = {self.shop.trello.people[name].id: key for key, name in USERNAMES.items()}
                return " ".join(sorted(names[each] for each in card.member_ids))

    # ---- what may happen

    def edit(self, part: Part, value: str) -> None:
        self.declared[part] = value
        cadence = replace(TASK.cadence, due=DayTime(dt.time.fromisoformat(self.declared[Part.DUE])))
        people = tuple(self.declared[Part.PEOPLE].split())
        task = replace(TASK, title=self.declared[Part.TITLE], cadence=cadence, assignees=people)
        self.shop.workspace = workspace_of(task)
        self.shop.cards.texts["parcels"] = self.declared[Part.TEXT]

    def touch(self, part: Part, value: str) -> None:
        """Somebody changes the card to what it was never given."""
        trello, card = self.shop.trello, self.card
        match part:
            case Part.TITLE:
                trello.write(card.id, title=f"main {value}")
            case Part.TEXT:
                trello.write(card.id, description=f"main {value}")
            case Part.DUE:
                trello.move_due(card.id, due("21:17"), "amal_zina")
            case Part.PEOPLE:
                self._put_on(card, {"amal", "karim"})
        self.by_hand[part] = self.shown(part)

    def _put_on(self, card: Card, keys: set[str]) -> None:
        for key in keys - set(self.shown(Part.PEOPLE).split()):
            self.shop.trello.join(card.id, USERNAMES[key], "amal_zina")

    def lose(self, *, after_effect: bool) -> None:
        self.shop.trello.fail_next(
            OutcomeUnknown("lost"), lambda call: isinstance(call, AmendCard), after_effect=after_effect
        )

    def apply(self) -> None:
        self.shop.apply()
        self.shop.observe()

    def live_on(self) -> None:
        before = self.card
        reconcile.reconcile(self.shop.context(), UNATTENDED)
        self.shop.issue()
        self.shop.observe()
        assert self.card == before, "nobody but `apply` edits a card that is out"

    def settle(self) -> None:
        """Until nothing is left over from answers that were lost, however many are still to be."""
        for _ in range(MOST_ACTS + 1):
            self.shop.apply()
            self.shop.settle()
            if self.shop.plan_is_empty():
                break


PARTS = {
    Part.TITLE: st.sampled_from(["Tâche parcels", "Colis", "Envois"]),
    Part.TEXT: st.sampled_from(["Texte", "Autre", "Encore"]),
    Part.DUE: st.sampled_from(TIMES),
    Part.PEOPLE: st.sampled_from(["amal", "karim"]),
}
EDITS = st.one_of(*(st.tuples(st.just("edit"), st.just(part), values) for part, values in PARTS.items()))
TOUCHES = st.tuples(st.just("touch"), st.sampled_from(list(Part)), st.sampled_from("ab"))
OTHERS = st.sampled_from([("apply",), ("lose",), ("lose_after",), ("pass",), ("restart",), ("settle",)])
STORIES = st.lists(EDITS | EDITS | TOUCHES | OTHERS | OTHERS, max_size=MOST_ACTS)


def play(story: list[tuple[object, ...]]) -> Model:
    shop = Shop(TASK, cards=PlainCards({"parcels": (EIGHT,)}, texts={"parcels": "Texte"}))
    shop.apply()
    shop.issue()
    shop.advance(minutes=20)
    shop.observe()
    start = {Part.TITLE: TASK.title, Part.TEXT: "Texte", Part.DUE: "18:00", Part.PEOPLE: "amal"}
    model = Model(shop, start)
    acts: dict[object, Callable[..., None]] = {
        "edit": model.edit,
        "touch": model.touch,
        "apply": model.apply,
        "lose": partial(model.lose, after_effect=False),
        "lose_after": partial(model.lose, after_effect=True),
        "pass": model.live_on,
        "restart": shop.restart,
        "settle": model.settle,
    }
    for act, *values in story:
        acts[act](*values)
        shop.advance(seconds=30)
    return model


@settings(max_examples=examples(150), deadline=None)
@given(STORIES)
def test_whatever_happens_what_people_wrote_stays_and_the_rest_follows(
    story: list[tuple[object, ...]],
) -> None:
    model = play(story)
    model.settle()
    shop, by_hand = model.shop, model.by_hand
    assert shop.plan_is_empty()
    assert {part: model.shown(part) for part in by_hand} == by_hand
    followed = [part for part in Part if part not in by_hand]
    assert {p: model.shown(p) for p in followed} == {p: model.declared[p] for p in followed}
    entry = shop.entry("parcels", DAY)
    assert entry.unwritten == ()
    if Part.DUE not in by_hand:
        assert entry.occurrence.due == due(model.declared[Part.DUE])
    if Part.TITLE not in by_hand:
        assert entry.occurrence.title == model.declared[Part.TITLE]
    if Part.PEOPLE not in by_hand:
        assert entry.occurrence.assignees == tuple(model.declared[Part.PEOPLE].split())


@settings(max_examples=examples(100), deadline=None)
@given(STORIES, st.sampled_from([*TIMES, "16:30"]))
def test_whoever_does_it_by_a_due_that_the_card_showed_is_on_time(
    story: list[tuple[object, ...]], time: str
) -> None:
    """Even where the story ends half way: what the card shows decides, not how far the robot came."""
    model = play(story)
    shop, card = model.shop, model.card
    assert card.due is not None
    by_hand = Part.DUE in model.by_hand
    shop.clock.advance_to(due(time))
    shop.trello.tick(card.id, "amal_zina")
    shop.advance(minutes=10)
    shop.observe()
    in_time = due(time) <= (due("17:00") if by_hand else card.due)
    lines = {line.key: line for line in account(shop.context(), IsoWeek(2026, 47)).occurrences}
    line = lines[f"daily/parcels/{DAY}"]
    if in_time:
        assert line.outcome == Outcome.ON_TIME
    if not by_hand:
        assert line.due_moved_by is None, "what an amendment did is nobody's"
    entry = shop.entry("parcels", DAY)
    assert outcome_at(entry, Cutoff(due("23:59"), final=True)) is not Outcome.MISSED

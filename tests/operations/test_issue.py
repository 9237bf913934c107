"""Issuing: every occurrence gets its card once, whatever breaks."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from shop_kit import EIGHT, MONDAY, PARIS, PlainCards, Shop, daily_task, parcels_shop

from trello_ops.core.bindings import Kind
from trello_ops.core.cadence import CatchUp, CatchUpMode
from trello_ops.core.ledger import TOO_LATE
from trello_ops.core.marker import card_marker
from trello_ops.core.planning.changes import AddCheckItem, AddChecklist, Change, CreateCard
from trello_ops.errors import (
    InvalidDeclaration,
    LimitReached,
    NotFound,
    OutcomeUnknown,
    Problem,
    RateLimited,
    TokenRefused,
    TrelloError,
    Unauthorised,
    Unavailable,
    WrongClock,
)
from trello_ops.operations import issue as issuing
from trello_ops.operations.leases import Watch


def creates_card(change: object) -> bool:
    return isinstance(change, CreateCard)


def since(shop: Shop, kind: type[Change]) -> list[Change]:
    return [change for change in shop.trello.performed if isinstance(change, kind)]


def parcels_in_paris() -> Shop:
    """Where the clocks are an hour ahead of UTC, so that the one is not taken for the other."""
    task = daily_task("parcels")
    task = replace(task, cadence=replace(task.cadence, timezone=ZoneInfo("Europe/Paris")))
    shop = Shop(task, cards=PlainCards({"parcels": (EIGHT,)}))
    shop.apply()
    return shop


def test_a_released_occurrence_gets_a_card_with_everything_on_it() -> None:
    shop = parcels_in_paris()
    assert shop.issue().cards == 1
    (card,) = shop.cards_on()
    bindings = shop.store.bindings()
    assert card.title == "Tâche parcels 2026-11-16"
    assert card_marker("zina", shop.entry("parcels", "2026-11-16").occurrence.key) in card.description
    assert card.list_id == bindings.id(Kind.LIST, "daily", "todo")
    assert card.label_ids == (bindings.id(Kind.LABEL, "daily", "operations"),)
    assert card.member_ids == (bindings.id(Kind.PERSON, "daily", "amal"),)
    assert card.start == dt.datetime(2026, 11, 15, 23, 0, tzinfo=dt.UTC)
    assert card.due == dt.datetime(2026, 11, 16, 17, 0, tzinfo=dt.UTC)
    assert not card.ticked
    assert not card.is_template
    assert [item.title for item in (card.checklists or ())[0].items] == list(EIGHT.items)


@pytest.mark.parametrize("minutes", [None, 0, 60])
def test_a_card_has_the_reminder_of_its_task(minutes: int | None) -> None:
    shop = Shop(daily_task("parcels", remind=minutes))
    shop.apply()
    shop.issue()
    assert [card.remind for card in shop.cards_on()] == [minutes]


def test_a_card_whose_checklists_stand_on_its_template_card_is_one_request() -> None:
    shop = parcels_shop()
    before = len(shop.trello.performed)
    shop.issue()
    (change,) = shop.trello.performed[before:]
    assert isinstance(change, CreateCard)
    assert change.copy_checklists


def test_issuing_again_does_nothing() -> None:
    shop = parcels_shop()
    shop.issue()
    before = len(shop.trello.performed)
    assert shop.issue() == issuing.Issued(cards=0, failed=0)
    assert len(shop.trello.performed) == before


def test_what_is_not_released_yet_waits() -> None:
    shop = parcels_in_paris()
    shop.issue()
    shop.clock.advance_to(dt.datetime(2026, 11, 16, 22, 59, 59, tzinfo=dt.UTC))
    assert shop.issue().cards == 0
    shop.advance(seconds=1)
    assert shop.issue().cards == 1


def test_a_board_that_is_not_applied_owes_nothing() -> None:
    shop = Shop(daily_task("parcels"))
    shop.issue()
    assert shop.store.unissued() == ()


def test_a_first_apply_owes_no_past() -> None:
    shop = Shop(daily_task("early", due="07:00"), daily_task("evening"))
    shop.apply()
    shop.issue()
    assert [card.title for card in shop.cards_on()] == ["Tâche evening 2026-11-16"]
    assert shop.store.due_between(MONDAY - dt.timedelta(days=5), MONDAY) == ()


def test_checklists_that_use_the_occurrence_are_built_item_by_item() -> None:
    shop = Shop(daily_task("parcels"), cards=PlainCards({"parcels": (EIGHT,)}, dated={"parcels"}))
    shop.apply()
    shop.issue()
    (card,) = shop.cards_on()
    (checklist,) = card.checklists or ()
    assert checklist.title == "Colis 2026-11-16"
    assert [item.title for item in checklist.items] == list(EIGHT.items)


def test_a_stale_template_card_is_not_copied() -> None:
    shop = parcels_shop()
    shop.cards.checklists["parcels"] = (EIGHT, type(EIGHT)("Nouveau", ("a", "b")))
    shop.issue()
    (card,) = shop.cards_on()
    assert [checklist.title for checklist in card.checklists or ()] == ["Colis", "Nouveau"]
    assert card.item_count == 10


# ---- whatever breaks --------------------------------------------------------------------------------


@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
def test_a_lost_answer_is_looked_up_after_settling_and_never_repeated_blindly(done: bool) -> None:
    shop = parcels_shop()
    shop.trello.fail_next(OutcomeUnknown("lost"), when=creates_card, after_effect=done)
    assert shop.issue().failed == 1
    assert shop.issue().cards == 0, "it is not tried again before it settled"
    shop.advance(seconds=89)
    assert shop.issue().cards == 0
    shop.advance(seconds=2)
    assert shop.issue().cards == 1
    (card,) = shop.cards_on()
    assert shop.entry("parcels", "2026-11-16").card is not None
    assert card.item_count == 8
    assert len(since(shop, CreateCard)) == 1
    assert shop.store.claims() == ()
    assert shop.store.problems() == ()


@pytest.mark.parametrize("breaks", ["look", "template"])
def test_a_lost_answer_is_not_forgotten_when_something_else_breaks_before_it_is_looked_up(
    breaks: str,
) -> None:
    shop = parcels_shop()
    shop.trello.fail_next(OutcomeUnknown("lost"), when=creates_card, after_effect=True)
    shop.issue()
    shop.settle()
    if breaks == "look":
        shop.away(lambda call: call == "cards_since")
        with pytest.raises(Unavailable):
            shop.issue()
    else:
        render, shop.cards = shop.cards, BrokenCards()
        assert shop.issue().failed == 1
        shop.cards = render
    shop.settle()
    shop.issue()
    assert len(shop.cards_on()) == 1
    assert shop.store.claims() == ()


def test_a_write_that_lands_late_makes_one_card() -> None:
    shop = parcels_shop()
    shop.trello.land_late(dt.timedelta(seconds=30), when=creates_card)
    shop.issue()
    shop.settle()
    shop.issue()
    assert len(shop.cards_on()) == 1


def test_a_crash_before_the_card_is_confirmed_adopts_it() -> None:
    shop = parcels_shop()
    crash_at(shop, "confirm")
    shop.settle()
    shop.issue()
    assert len(shop.cards_on()) == 1
    assert shop.entry("parcels", "2026-11-16").card is not None


def test_a_claim_of_a_dead_process_is_watched_for_its_lease_and_settling() -> None:
    shop = parcels_shop()
    crash_at(shop, "confirm")
    fresh = Watch()
    context = shop.context("two", fresh)
    issuing.issue(context)
    shop.advance(seconds=209)
    assert issuing.issue(context).cards == 0
    shop.advance(seconds=2)
    assert issuing.issue(context).cards == 1


def test_the_wall_clock_may_jump_while_a_claim_is_watched() -> None:
    shop = parcels_shop()
    crash_at(shop, "confirm")
    context = shop.context("two", Watch())
    issuing.issue(context)
    shop.clock.jump(dt.timedelta(hours=5))
    assert issuing.issue(context).cards == 0, "a jump forth is no time passed"
    shop.clock.jump(dt.timedelta(hours=-5))
    shop.advance(seconds=211)
    assert issuing.issue(context).cards == 1


def test_an_archived_card_is_found_by_the_look() -> None:
    shop = parcels_shop()
    crash_at(shop, "confirm")
    (card,) = shop.cards_on()
    shop.trello.archive(card.id, by="amal_zina")
    shop.settle()
    shop.issue()
    assert [card.id for card in shop.cards_on()] == [card.id]


def test_a_refusal_gives_the_claim_back_at_once() -> None:
    shop = parcels_shop()
    shop.trello.fail_next(TrelloError("no"), when=creates_card)
    assert shop.issue().failed == 1
    (problem,) = shop.store.problems()
    assert (problem.subject, problem.message) == ("daily/parcels", "no")
    assert shop.store.claims() == ()
    shop.advance(seconds=60)
    assert shop.issue().cards == 1
    assert shop.store.problems() == ()


@pytest.mark.parametrize("error", [Unavailable("away"), RateLimited("slow", 10), TokenRefused("no")])
def test_trello_out_of_reach_ends_the_pass(error: TrelloError) -> None:
    shop = Shop(daily_task("a"), daily_task("b"))
    shop.apply()
    shop.trello.fail_next(error, when=creates_card)
    shop.trello.fail_next(error, when=lambda call: call == "time")
    with pytest.raises(type(error)):
        shop.issue()
    assert shop.store.claims() == ()
    assert shop.issue().cards == 2


class BrokenCards(PlainCards):
    """All templates but those of task `b` are broken."""

    def card(self, occurrence):  # type: ignore[no-untyped-def]
        if occurrence.key.task != "b":
            raise InvalidDeclaration((Problem("a.md", 3, 1, "", "unknown name"),))
        return super().card(occurrence)


def test_one_tasks_broken_template_stops_no_other() -> None:
    shop = Shop(daily_task("a"), daily_task("b"), cards=BrokenCards())
    shop.apply()
    assert shop.issue() == issuing.Issued(cards=1, failed=1)
    assert [problem.subject for problem in shop.store.problems()] == ["daily/a"]


@pytest.mark.parametrize("error", [Unauthorised("no right"), LimitReached("cards openPerBoard")])
def test_what_every_card_of_a_board_would_meet_is_met_once(error: TrelloError) -> None:
    shop = Shop(daily_task("a"), daily_task("b"))
    shop.apply()
    shop.trello.fail_next(error, when=creates_card)
    assert shop.issue() == issuing.Issued(cards=0, failed=1)
    (problem,) = shop.store.problems()
    assert (problem.subject, problem.message) == ("daily:issuing", str(error))
    shop.advance(seconds=60)
    assert shop.issue().cards == 1, "one card alone finds out whether it was mended"
    assert shop.issue().cards == 1


BUILD = (CreateCard, AddChecklist, AddCheckItem)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(10))
def test_a_checklist_built_item_by_item_heals_after_a_break_at_any_step(step: int, after: bool) -> None:
    shop = Shop(daily_task("parcels"), cards=PlainCards({"parcels": (EIGHT,)}, dated={"parcels"}))
    shop.apply()
    seen = [0]

    def nth(change: object) -> bool:
        seen[0] += isinstance(change, BUILD)
        return isinstance(change, BUILD) and seen[0] == step + 1

    shop.trello.fail_next(OutcomeUnknown("lost"), when=nth, after_effect=after)
    shop.issue()
    shop.settle()
    shop.issue()
    (card,) = shop.cards_on()
    assert [[i.title for i in c.items] for c in card.checklists or ()] == [list(EIGHT.items)]
    assert shop.store.claims() == ()


def test_a_refusal_while_a_checklist_is_built_is_tried_again() -> None:
    shop = Shop(daily_task("parcels"), cards=PlainCards({"parcels": (EIGHT,)}, dated={"parcels"}))
    shop.apply()
    shop.trello.fail_next(NotFound("gone"), when=lambda change: isinstance(change, AddChecklist))
    shop.issue()
    shop.settle()
    shop.issue()
    (card,) = shop.cards_on()
    assert card.item_count == 8


# ---- two processes ----------------------------------------------------------------------------------


def test_two_processes_make_one_card() -> None:
    shop = parcels_shop()
    one, two = shop.context("one", Watch()), shop.context("two", Watch())
    issuing.issue(one)
    issuing.issue(two)
    issuing.issue(one)
    assert len(shop.cards_on()) == 1


def test_a_process_that_slept_over_its_lease_sends_nothing() -> None:
    shop = parcels_shop()
    slow = shop.context("slow", Watch())
    original = shop.store.claim

    def claim_then_sleep(key: str, holder: str, at: dt.datetime):  # type: ignore[no-untyped-def]
        claim = original(key, holder, at)
        shop.advance(seconds=100)
        return claim

    shop.store.claim = claim_then_sleep  # type: ignore[method-assign]
    assert issuing.issue(slow).failed == 1
    assert shop.cards_on() == []
    shop.store.claim = original  # type: ignore[method-assign]
    assert issuing.issue(slow).cards == 1


def test_a_process_that_was_frozen_while_another_took_over_has_no_trouble_to_tell_of() -> None:
    shop = parcels_shop()
    other = shop.context("other", Watch())
    original = shop.trello.perform

    def freeze_then_perform(change: Change, *bound: object):  # type: ignore[no-untyped-def]
        shop.trello.perform = original  # type: ignore[method-assign]
        issuing.issue(other)
        shop.advance(seconds=211)
        assert issuing.issue(other).cards == 1
        return original(change, *bound)  # type: ignore[arg-type]

    shop.trello.perform = freeze_then_perform  # type: ignore[method-assign]
    assert issuing.issue(shop.context("frozen", Watch())).failed == 1
    assert len(shop.cards_on()) == 1
    assert shop.store.problems() == ()


# ---- catching up ------------------------------------------------------------------------------------


def policy(mode: CatchUpMode, cap: int = 20):  # type: ignore[no-untyped-def]
    task = daily_task("parcels")
    return replace(task, cadence=replace(task.cadence, catch_up=CatchUp(mode, cap)))


@pytest.mark.parametrize(
    ("mode", "cap", "hour", "made"),
    [
        (CatchUpMode.LATEST, 20, 8, ["2026-11-16", "2026-11-20"]),
        (CatchUpMode.LATEST, 20, 20, ["2026-11-16", "2026-11-20"]),
        (CatchUpMode.NONE, 20, 20, ["2026-11-16"]),
        (CatchUpMode.NONE, 20, 8, ["2026-11-16", "2026-11-20"]),
        (CatchUpMode.ALL, 20, 8, [f"2026-11-{d}" for d in (16, 17, 18, 19, 20)]),
        (CatchUpMode.ALL, 2, 8, ["2026-11-16", "2026-11-18", "2026-11-19", "2026-11-20"]),
    ],
)
def test_after_days_down_the_declared_catch_up_decides(
    mode: CatchUpMode, cap: int, hour: int, made: list[str]
) -> None:
    shop = Shop(policy(mode, cap))
    shop.apply()
    shop.issue()
    shop.clock.advance_to(MONDAY.replace(day=20, hour=hour))
    shop.issue()
    assert sorted(card.title.split()[-1] for card in shop.cards_on()) == made
    days = [f"2026-11-{d}" for d in (17, 18, 19)]
    skipped = [day for day in days if day not in made]
    assert [shop.entry("parcels", day).skipped for day in skipped] == [TOO_LATE] * len(skipped)


def test_what_was_owed_when_the_process_died_is_owed_by_the_next() -> None:
    shop = parcels_shop()
    shop.issue()
    shop.advance(days=3)
    crash_at(shop, "record")
    shop.issue()
    assert shop.entry("parcels", "2026-11-17").skipped == TOO_LATE
    assert shop.entry("parcels", "2026-11-18").skipped == TOO_LATE
    assert shop.entry("parcels", "2026-11-19").card is not None


def test_a_clock_that_was_ahead_for_a_while_does_not_silence_a_task() -> None:
    shop = parcels_shop()
    shop.clock.jump(dt.timedelta(days=2))
    shop.issue()
    shop.clock.jump(dt.timedelta(days=-2))
    shop.advance(days=1)
    shop.issue()
    assert shop.entry("parcels", "2026-11-17").card is not None


@pytest.mark.parametrize("landed", [True, False])
def test_a_lost_answer_of_days_ago_is_looked_up_and_its_card_not_made_anew(landed: bool) -> None:
    shop = parcels_shop()
    shop.trello.fail_next(OutcomeUnknown("the answer was lost"), when=creates_card, after_effect=landed)
    shop.issue()
    shop.advance(days=3)
    shop.issue()
    shop.settle()
    shop.issue()
    shown = {card.title.split()[-1] for card in shop.cards_on()}
    assert shown == {"2026-11-19"} | ({"2026-11-16"} if landed else set())
    assert (shop.entry("parcels", "2026-11-16").card is not None) is landed
    assert shop.store.claims() == ()


def test_what_trello_refused_for_days_is_not_issued_once_a_newer_one_was() -> None:
    shop = parcels_shop()
    shop.trello.fail_next(TrelloError("no"), when=creates_card)
    shop.issue()
    shop.advance(days=1)
    shop.issue()
    shop.advance(days=1)
    shop.issue()
    titles = [card.title.split()[-1] for card in shop.cards_on()]
    assert titles == ["2026-11-17", "2026-11-18"]
    assert shop.store.unissued() == (), "what was passed over is not weighed again at every pass"


@pytest.mark.parametrize("hours", [0, 1, 9])
def test_an_adopted_board_is_looked_at_before_anything_is_made(hours: int) -> None:
    shop = parcels_shop()
    shop.issue()
    shop.advance(hours=hours)
    lost = Shop(daily_task("parcels"), cards=shop.cards)
    lost.clock, lost.trello = shop.clock, shop.trello
    lost.apply()
    lost.issue()
    assert len(lost.cards_on()) == 1
    assert lost.entry("parcels", "2026-11-16").card is not None


def test_a_ledger_put_back_from_a_backup_makes_no_card_again() -> None:
    shop = parcels_shop()
    shop.issue()
    backup = shop.back_up()
    shop.advance(days=1)
    shop.issue()
    shop.advance(hours=3)
    shop.put_back(backup)
    shop.issue()
    assert len(shop.cards_on()) == 2
    assert shop.entry("parcels", "2026-11-17").card is not None


def test_a_backup_made_while_cards_waited_makes_no_card_again() -> None:
    """Recorded at once and refused: the ledger that is put back knows the occurrence, but not its card."""
    shop = parcels_shop()
    shop.away(creates_card)
    with pytest.raises(Unavailable):
        shop.issue()
    backup = shop.back_up()
    assert shop.issue().cards == 1
    shop.advance(hours=3)
    shop.put_back(backup)
    assert shop.issue().cards == 1
    assert len(shop.cards_on()) == 1


def test_no_look_is_spent_on_a_card_that_cannot_stand_yet() -> None:
    shop = parcels_shop()
    shop.trello.fail_next(TrelloError("no look expected"), when=lambda call: call == "cards_since")
    assert shop.issue().cards == 1
    shop.clock.advance_to(dt.datetime(2026, 11, 17, 0, 0, 10, tzinfo=PARIS))
    assert shop.issue().cards == 1


def crash_at(shop: Shop, method: str) -> None:
    """The process dies as it calls a method of the store; another one goes on."""

    class Dead(BaseException):
        pass

    def die(*_: object) -> None:
        raise Dead

    original = getattr(shop.store, method)
    setattr(shop.store, method, die)
    with pytest.raises(Dead):
        shop.issue()
    setattr(shop.store, method, original)


def test_a_clock_that_is_months_ahead_neither_skips_nor_closes_anything() -> None:
    shop = parcels_shop()
    shop.issue()
    shop.clock.jump(dt.timedelta(days=180))
    shop.trello.ahead = -dt.timedelta(days=180)
    with pytest.raises(WrongClock, match="259200 minutes apart"):
        shop.issue()
    with pytest.raises(WrongClock):
        shop.report()
    assert len(shop.store.due_between(MONDAY, MONDAY + dt.timedelta(days=400))) == 1
    assert shop.store.frozen_weeks() == ()
    shop.clock.jump(-dt.timedelta(days=180))
    shop.trello.ahead = dt.timedelta(0)
    shop.advance(days=1)
    assert shop.issue().cards == 1

"""Reading back what people do, on the shipped fakes."""

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from shop_kit import EIGHT, PlainCards, Shop, daily_task, parcels_shop

from trello_ops.core.bindings import Kind
from trello_ops.core.declared import CompleteWhen, DoneSignal
from trello_ops.core.ledger import EventKind, EventSource, LedgerEvent
from trello_ops.core.planning.changes import UNATTENDED
from trello_ops.errors import TokenRefused, TrelloError, Unauthorised, Unavailable, WrongClock
from trello_ops.operations import reconcile
from trello_ops.operations.observe import observe
from trello_ops.testing.trello import Call

AMAL, KARIM = "amal_zina", "karim_zina"
DOUBTS = {EventKind.TOUCHED, EventKind.AT_ONCE, EventKind.AUTOMATED}


def issued() -> tuple[Shop, str]:
    """A shop with today's card, and the card's id; an hour later."""
    shop = parcels_shop()
    shop.issue()
    shop.observe()
    shop.advance(hours=1)
    return shop, shop.cards_on()[0].id


def events(shop: Shop) -> list[LedgerEvent]:
    """What decides about the occurrence: what only makes it doubtful is left out."""
    found = shop.entry("parcels", "2026-11-16").events
    return [event for event in found if event.kind not in DOUBTS]


def test_a_tick_is_seen_with_its_person_and_its_instant() -> None:
    shop, card = issued()
    ticked_at = shop.clock.now()
    shop.trello.tick(card, by=AMAL)
    shop.advance(minutes=7)
    assert shop.observe() == 1
    (done,) = events(shop)
    assert (done.kind, done.at, done.source, done.approximate) == (
        EventKind.DONE,
        ticked_at,
        EventSource.TICK,
        False,
    )
    assert done.by is not None
    assert done.by.username == AMAL


def test_reading_again_adds_nothing() -> None:
    shop, card = issued()
    shop.trello.tick(card, by=AMAL)
    shop.observe()
    for _ in range(3):
        shop.advance(seconds=30)
        assert shop.observe() == 0


def test_a_move_to_the_done_list_counts() -> None:
    shop, card = issued()
    shop.trello.move(card, shop.store.bindings().id(Kind.LIST, "daily", "done") or "", by=KARIM)
    shop.observe()
    (done,) = events(shop)
    assert done.source is EventSource.LIST
    assert done.by is not None
    assert done.by.username == KARIM


def test_a_move_between_other_lists_counts_for_nothing() -> None:
    shop, card = issued()
    shop.trello.move(card, shop.store.bindings().id(Kind.LIST, "daily", "doing") or "", by=KARIM)
    shop.observe()
    assert events(shop) == []


def test_done_reopened_and_done_again_between_two_readings_are_all_seen() -> None:
    shop, card = issued()
    for act in (shop.trello.tick, shop.trello.untick, shop.trello.tick):
        act(card, by=AMAL)
        shop.advance(minutes=1)
    shop.observe()
    assert [event.kind for event in events(shop)] == [EventKind.DONE, EventKind.REOPENED, EventKind.DONE]


def test_the_excused_label_is_seen() -> None:
    shop, card = issued()
    shop.trello.label(card, "Excusé")
    shop.observe()
    assert [event.kind for event in events(shop)] == [EventKind.EXCUSED]
    shop.trello.unlabel(card, "Excusé")
    shop.observe()
    assert [event.kind for event in events(shop)] == [EventKind.EXCUSED, EventKind.UNEXCUSED]


def test_a_card_archived_undone_and_ticked_in_the_archive_is_seen() -> None:
    shop, card = issued()
    shop.trello.archive(card, by=AMAL)
    shop.observe()
    assert events(shop) == []
    shop.trello.tick(card, by=AMAL)
    assert shop.observe() == 1


def test_a_deleted_card_keeps_what_it_was() -> None:
    shop, card = issued()
    shop.trello.tick(card, by=AMAL)
    shop.advance(minutes=1)
    shop.trello.delete(card, by=KARIM)
    shop.observe()
    assert [event.kind for event in events(shop)] == [EventKind.DONE]
    shop.advance(minutes=30)
    assert shop.observe() == 0


def test_ten_days_of_blindness_are_read_back_with_true_instants() -> None:
    shop, card = issued()
    ticked_at = shop.clock.now()
    shop.trello.tick(card, by=AMAL)
    shop.advance(days=10)
    shop.observe()
    assert [(event.at, event.approximate) for event in events(shop)] == [(ticked_at, False)]


def test_what_a_board_shows_and_no_action_tells_is_dated_by_the_last_reading() -> None:
    shop, card = issued()
    last_reading = shop.store.read_cursors()["daily"].read_at
    shop.trello.tick(card, by=AMAL)
    forget_actions(shop)
    shop.observe()
    (done,) = events(shop)
    assert done.approximate
    assert done.at == last_reading


def test_a_done_card_that_was_put_away_is_not_read_again_until_the_week_closed() -> None:
    shop, card = issued()
    shop.trello.tick(card, by=AMAL)
    shop.trello.archive(card, by=AMAL)
    for _ in range(2):
        shop.observe()
        shop.advance(minutes=10)
    shop.trello.fail_next(TrelloError("no single reads expected"), when=lambda call: call == "card")
    shop.observe()
    assert shop.store.problems() == ()
    shop.advance(days=8)
    with pytest.raises(TrelloError):
        shop.observe()
    assert [problem.message for problem in shop.store.problems()] == ["no single reads expected"]


def test_a_board_that_cannot_be_read_is_a_problem_until_it_can() -> None:
    shop, _ = issued()
    shop.trello.fail_next(TrelloError("no right"), when=lambda call: call == "snapshot")
    with pytest.raises(TrelloError, match="no right"):
        shop.observe()  # it is the only board there is
    assert [problem.subject for problem in shop.store.problems()] == ["daily:reading"]
    shop.advance(seconds=60)
    shop.observe()
    assert shop.store.problems() == ()


def test_trello_out_of_reach_ends_the_pass() -> None:
    shop, _ = issued()
    shop.trello.fail_next(Unavailable("away"), when=lambda call: call == "activity")
    with pytest.raises(Unavailable):
        shop.observe()


def test_a_settled_occurrence_is_still_seen_when_somebody_catches_up() -> None:
    shop, card = issued()
    shop.clock.advance_to(dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC))
    shop.observe()
    shop.report()
    shop.trello.tick(card, by=AMAL)
    shop.observe()
    assert [event.kind for event in events(shop)] == [EventKind.DONE]


def test_a_task_of_another_person_is_no_matter() -> None:
    shop = Shop(daily_task("a"), daily_task("b"))
    shop.apply()
    shop.issue()
    cards = {card.title.split()[1]: card.id for card in shop.cards_on()}
    shop.trello.tick(cards["a"], by=KARIM)
    shop.observe()
    assert shop.entry("a", "2026-11-16").events[0].by is not None
    assert shop.entry("b", "2026-11-16").events == ()


def forget_actions(shop: Shop) -> None:
    for actions in shop.trello._actions.values():
        actions.clear()


def test_a_card_adopted_after_its_tick_is_dated_by_the_tick() -> None:
    shop = parcels_shop()
    shop.observe()
    shop.trello.land_late(dt.timedelta(0), when=lambda call: type(call).__name__ == "CreateCard")
    shop.issue()
    shop.issue()  # the claim is seen, and watched from now on
    (card,) = shop.cards_on()
    shop.advance(seconds=20)
    ticked_at = shop.clock.now()
    shop.trello.tick(card.id, by=AMAL)
    shop.advance(minutes=5)
    shop.observe()  # nobody knows yet that the card is ours
    shop.trello.tick(shop.store.bindings().id(Kind.TEMPLATE, "daily", "parcels") or "", by=AMAL)
    shop.advance(minutes=5)
    shop.observe()  # the log has moved on
    shop.issue()
    shop.advance(minutes=5)
    shop.observe()
    assert [(event.at, event.approximate) for event in events(shop)] == [(ticked_at, False)]


def test_a_lost_ledger_blames_nobody_for_what_was_done_before() -> None:
    shop, card = issued()
    ticked_at = shop.clock.now()
    shop.trello.tick(card, by=AMAL)
    shop.advance(hours=3)
    lost = Shop(daily_task("parcels"), cards=shop.cards)
    lost.clock, lost.trello = shop.clock, shop.trello
    lost.apply()
    lost.issue()
    lost.observe()
    assert [(event.at, event.approximate) for event in events(lost)] == [(ticked_at, False)]


def test_a_retired_board_is_read_until_it_is_settled() -> None:
    shop, card = issued()
    shop.workspace = replace(shop.workspace, boards=())
    shop.trello.tick(card, by=AMAL)
    assert shop.observe() == 1
    shop.clock.advance_to(dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC))
    shop.observe()
    shop.report()
    shop.trello.fail_next(TrelloError("no read expected"), when=lambda call: call == "snapshot")
    shop.observe()
    assert shop.store.problems() == ()


def test_deleting_the_excused_label_takes_no_excuse_back() -> None:
    shop, card = issued()
    shop.trello.label(card, "Excusé")
    shop.observe()
    shop.trello.delete_label(shop.store.bindings().id(Kind.LABEL, "daily", "excused") or "")
    shop.advance(minutes=5)
    shop.observe()
    shop.apply()
    shop.advance(minutes=5)
    shop.observe()
    assert [event.kind for event in events(shop)] == [EventKind.EXCUSED]


@pytest.mark.parametrize("ahead", [dt.timedelta(days=365), dt.timedelta(days=-365), dt.timedelta(hours=1)])
def test_nothing_is_read_by_a_wrong_clock(ahead: dt.timedelta) -> None:
    """A reading of next year would hide all that happens until then, and tell of a year without sight."""
    shop, card = issued()
    seen = shop.store.read_cursors()
    shop.clock.jump(ahead)
    shop.trello.ahead = -ahead
    for read in (shop.observe, lambda: reconcile.reconcile(shop.context(), UNATTENDED)):
        with pytest.raises(WrongClock):
            read()
    assert shop.store.read_cursors() == seen
    shop.clock.jump(-ahead)
    shop.trello.ahead = dt.timedelta(0)
    shop.advance(minutes=1)
    shop.trello.tick(card, by=AMAL)
    assert shop.observe() == 1
    assert shop.store.outages(seen["daily"].read_at, shop.clock.now() + ahead + dt.timedelta(days=400)) == ()


# ---- what cannot be seen any more ---------------------------------------------------------------------


def two_boards(*others: str) -> tuple[Shop, str, str]:
    """A shop with today's cards, an hour later, the first one's id, and a list of another board of ours."""
    shop = Shop(daily_task("parcels"), *map(daily_task, others))
    (board,) = shop.workspace.boards
    extra = replace(board, key="extra", title="Autres", tasks=())
    shop.workspace = replace(shop.workspace, boards=(board, extra))
    shop.apply()
    shop.issue()
    shop.observe()
    shop.advance(hours=1)
    return shop, card_of(shop, "parcels"), list_id(shop, "todo", "extra")


def card_of(shop: Shop, task: str) -> str:
    card = shop.entry(task, "2026-11-16").card
    assert card is not None
    return card.id


def list_id(shop: Shop, key: str, board: str = "daily") -> str:
    return shop.store.bindings().id(Kind.LIST, board, key) or ""


def test_a_card_that_went_to_a_private_board_keeps_what_it_was_and_blinds_nobody() -> None:
    shop, card, elsewhere = two_boards()
    ticked_at = shop.clock.now()
    shop.trello.tick(card, by=AMAL)
    for kind, key in ((Kind.BOARD, ""), (Kind.LIST, "todo"), (Kind.LIST, "done")):
        shop.store.unbind(kind, "extra", key)  # it is none of ours
    shop.workspace = replace(shop.workspace, boards=shop.workspace.boards[:1])
    shop.trello.move_to_board(card, elsewhere, by=KARIM)
    for _ in range(3):
        shop.trello.fail_next(Unauthorised("401"), when=lambda call: call == "card")
        shop.advance(hours=2)
        shop.observe()
    assert [(event.kind, event.at) for event in events(shop)] == [(EventKind.DONE, ticked_at)]
    assert shop.store.problems() == ()
    assert shop.store.read_cursors()["daily"].read_at == shop.clock.now()


def test_a_refused_token_is_no_card_that_cannot_be_seen() -> None:
    shop, card = issued()
    shop.trello.archive(card, by=AMAL)
    shop.trello.fail_next(TokenRefused("revoked"), when=lambda call: call == "card")
    with pytest.raises(TokenRefused):
        shop.observe()


@pytest.mark.parametrize("refusal", [None, Unauthorised("401")])
def test_a_board_that_shows_itself_no_more_takes_no_other_board_with_it(refusal: TrelloError | None) -> None:
    shop, card, elsewhere = two_boards()
    ticked_at = shop.clock.now()
    shop.trello.tick(card, by=AMAL)
    shop.trello.move_to_board(card, elsewhere, by=KARIM)
    if refusal is None:
        shop.trello.delete_board(shop.store.bindings().id(Kind.BOARD, "extra") or "")
    else:
        activity_of_the_other = iter((False, True))
        shop.trello.fail_next(
            refusal, when=lambda call: call == "activity" and next(activity_of_the_other, False)
        )
    shop.advance(hours=2)
    shop.observe()
    assert [(event.kind, event.at) for event in events(shop)] == [(EventKind.DONE, ticked_at)]
    gone = set() if refusal else {"extra:reading", "extra:closed"}
    assert {problem.subject for problem in shop.store.problems()} == gone
    assert shop.store.read_cursors()["daily"].read_at == shop.clock.now()


# ---- logs of several boards ---------------------------------------------------------------------------


def there_and_back() -> tuple[Shop, dt.datetime]:
    """A card that lay in the done lists of two boards, the second its own, and was read as done there.

    Another card lies on the other board, whose log is therefore read at each reading.
    """
    shop, card, elsewhere = two_boards("emails", "news")
    shop.trello.move_to_board(card_of(shop, "emails"), elsewhere, by=KARIM)
    shop.advance(minutes=30)
    shop.observe()
    done_at = shop.clock.now()
    shop.trello.move_to_board(card, list_id(shop, "done", "extra"), by=AMAL)
    shop.advance(minutes=3)
    shop.trello.move_to_board(card, list_id(shop, "done"), by=KARIM)
    shop.advance(minutes=2.5)
    shop.trello.copy(card, by=KARIM)
    shop.advance(seconds=12)
    shop.observe()
    return shop, done_at


def test_no_board_tells_of_a_card_from_before_its_own_log_begins() -> None:
    shop, done_at = there_and_back()
    for _ in range(20):
        shop.advance(minutes=1)
        shop.observe()
    assert [(event.kind, event.at) for event in events(shop)] == [(EventKind.DONE, done_at)]


def test_the_whole_log_of_a_deleted_card_is_no_news_of_others() -> None:
    shop, done_at = there_and_back()
    shop.advance(hours=20)
    shop.trello.delete(card_of(shop, "news"), by=KARIM)
    for _ in range(3):
        shop.advance(minutes=10)
        shop.observe()
    assert [(event.kind, event.at) for event in events(shop)] == [(EventKind.DONE, done_at)]


def test_what_another_board_logs_does_not_say_how_far_the_own_log_was_read() -> None:
    shop, card, elsewhere = two_boards("emails")
    other = card_of(shop, "emails")
    shop.trello.move_to_board(other, elsewhere, by=KARIM)
    shop.observe()
    shop.advance(minutes=30)
    ticked_at = shop.clock.now()
    logs = itertools.count()

    def meanwhile(call: Call) -> bool:
        """The own log was read, and before the other's is, minutes go by and people act on both boards."""
        if call == "activity" and next(logs) == 1:
            shop.trello.tick(card, by=AMAL)
            shop.advance(minutes=4)
            shop.trello.join(other, KARIM, by=KARIM)
        return False

    shop.trello.fail_next(TrelloError("never"), when=meanwhile)
    for _ in range(3):
        shop.observe()
        shop.advance(minutes=5)
    assert [(event.kind, event.at, event.approximate) for event in events(shop)] == [
        (EventKind.DONE, ticked_at, False)
    ]


@pytest.mark.parametrize("whole_label", [True, False])
def test_deleting_the_excused_label_of_the_board_where_the_card_lies_takes_no_excuse_back(
    whole_label: bool,
) -> None:
    shop, card, elsewhere = two_boards()
    shop.trello.move_to_board(card, elsewhere, by=KARIM)
    shop.trello.label(card, "Excusé")
    shop.observe()
    if whole_label:
        shop.trello.delete_label(shop.store.bindings().id(Kind.LABEL, "extra", "excused") or "")
    else:
        shop.trello.unlabel(card, "Excusé")
    for _ in range(2):
        shop.advance(minutes=20)
        shop.observe()
        if whole_label:
            shop.apply()
    taken_back = [] if whole_label else [EventKind.UNEXCUSED]
    assert [event.kind for event in events(shop)] == [EventKind.EXCUSED, *taken_back]


# ---- deleted cards ------------------------------------------------------------------------------------


def test_deletion_overturns_nothing_that_was_read_before() -> None:
    """Of a deleted card no log tells all: neither what labels it had, nor how many check items."""
    by_checklist = daily_task("parcels", complete_when=CompleteWhen((DoneSignal.CHECKLIST_COMPLETE,)))
    for unticked, expected in ((range(3, 8), []), (range(7, 8), [EventKind.DONE])):
        shop = Shop(by_checklist, cards=PlainCards({"parcels": (EIGHT,)}))
        shop.apply()
        shop.issue()
        card = card_of(shop, "parcels")
        shop.observe()
        for item in EIGHT.items:
            shop.trello.check(card, item, by=AMAL)
        for item in (EIGHT.items[n] for n in unticked):
            shop.trello.check(card, item, by=AMAL, complete=False)
        if expected:
            shop.trello.remove_item(card, EIGHT.items[7])
        shop.advance(minutes=1)
        shop.observe()
        read = events(shop)
        shop.advance(minutes=1)
        shop.trello.delete(card, by=KARIM)
        shop.advance(minutes=1)
        assert shop.observe() == 0
        assert events(shop) == read
        assert ([event.kind for event in read][-1:] == [EventKind.DONE]) == bool(expected)


@pytest.mark.parametrize("behind", [0, 4, 9])
def test_a_tick_before_a_deletion_is_seen_though_the_clock_of_trello_is_behind(behind: int) -> None:
    shop, card = issued()
    shop.trello.ahead = dt.timedelta(minutes=-behind)
    shop.observe()
    shop.advance(seconds=30)
    shop.trello.tick(card, by=AMAL)
    shop.advance(seconds=20)
    shop.trello.delete(card, by=KARIM)
    shop.advance(minutes=2)
    shop.observe()
    assert [event.kind for event in events(shop)] == [EventKind.DONE]


def test_the_whole_log_of_a_deleted_card_is_read_once() -> None:
    shop, card = issued()
    shop.observe()
    shop.trello.delete(card, by=KARIM)
    calls = shop.calls()
    for _ in range(20):
        shop.advance(seconds=12)
        shop.observe()
    assert calls.count("activity") == 20 + 1


def test_the_whole_log_of_a_card_of_a_frozen_week_is_not_read() -> None:
    shop, card = issued()
    shop.clock.advance_to(dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC))
    shop.issue()
    shop.observe()
    shop.report()
    shop.trello.delete(card, by=KARIM)
    shop.advance(minutes=1)
    calls = shop.calls()
    shop.observe()
    assert calls.count("activity") == 1


# ---- a card that lies on another board ----------------------------------------------------------------


def test_nobody_is_late_for_what_only_the_other_board_might_have_shown() -> None:
    shop = Shop(
        daily_task("parcels", complete_when=CompleteWhen((DoneSignal.CHECKLIST_COMPLETE,))),
        cards=PlainCards({"parcels": (EIGHT,)}),
    )
    (board,) = shop.workspace.boards
    shop.workspace = replace(shop.workspace, boards=(board, replace(board, key="extra", tasks=())))
    shop.apply()
    shop.issue()
    card = card_of(shop, "parcels")
    shop.trello.move_to_board(card, list_id(shop, "todo", "extra"), by=KARIM)
    for item in EIGHT.items[:7]:
        shop.trello.check(card, item, by=AMAL)
    shop.advance(minutes=7)
    shop.trello.copy(card, by=KARIM)  # the last thing that happens there
    shop.observe()
    last_read_at = shop.clock.now()
    shop.advance(hours=4)
    shop.trello.remove_item(card, EIGHT.items[7])
    there = {shop.store.bindings().id(Kind.BOARD, "extra") or ""}
    for _ in range(2):  # nothing names the card, so nobody looks at it
        shop.advance(hours=4)
        assert observe(shop.context(), there) == 0
    shop.trello.move_due(card, None, by=AMAL)
    observe(shop.context(), there)
    done = next(event for event in events(shop) if event.kind is EventKind.DONE)
    assert (done.at, done.approximate) == (last_read_at, True)


def test_a_card_deleted_on_a_board_that_was_just_retired_keeps_what_was_done_there() -> None:
    shop, card, elsewhere = two_boards()
    shop.trello.move_to_board(card, elsewhere, by=KARIM)
    for _ in range(2):
        shop.advance(minutes=30)
        shop.observe()
    shop.workspace = replace(shop.workspace, boards=shop.workspace.boards[:1])
    ticked_at = shop.clock.now()
    shop.trello.tick(card, by=AMAL)
    shop.trello.delete(card, by=KARIM)
    for _ in range(3):
        shop.advance(minutes=10)
        shop.observe()
    assert [(event.kind, event.at) for event in events(shop)] == [(EventKind.DONE, ticked_at)]
    shop.advance(minutes=10)
    calls = shop.calls()
    shop.observe()
    assert calls.count("activity") == 1, "nothing is asked about it any more"

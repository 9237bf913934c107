"""Comparing sixty boards with their files: those that may differ, and each once in a while; on the fakes."""

import datetime as dt
from dataclasses import replace

import pytest
from shop_kit import EIGHT, PlainCards, Shop, daily_task

from trello_ops.core.bindings import Kind
from trello_ops.core.declared import Housekeeping
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.people import Person
from trello_ops.core.planning.changes import UNATTENDED, AddMember, CreateLabel
from trello_ops.core.planning.plan import Plan
from trello_ops.errors import InvalidDeclaration, NotFound, OutcomeUnknown, TrelloError, Unavailable
from trello_ops.operations import problems, reconcile
from trello_ops.operations.comparison_cache import ComparisonCache
from trello_ops.testing.trello import Call

AMAL = "amal_zina"
BOARDS = 60


def shop_of(count: int) -> Shop:
    """So many daily boards with a template card each, all of them compared and found in order."""
    shop = Shop(daily_task("parcels"), cards=PlainCards({"parcels": (EIGHT,)}))
    (daily,) = shop.workspace.boards
    boards = tuple(replace(daily, key=f"b{n:02}", title=f"Tableau {n}") for n in range(count))
    shop.workspace = replace(shop.workspace, boards=boards)
    shop.apply()
    one_pass(shop)
    shop.advance(seconds=1)
    return shop


@pytest.fixture
def many() -> Shop:
    return shop_of(BOARDS)


def one_pass(shop: Shop) -> Plan:
    return reconcile.reconcile(shop.context(), UNATTENDED)


def compared_by(shop: Shop) -> set[str]:
    """The boards that a pass, right now, finds in order."""
    one_pass(shop)
    now = shop.clock.now()
    return {key for key, cursor in shop.comparison_cache.in_order.items() if cursor.read_at == now}


def asked_by(shop: Shop) -> list[Call]:
    """What a pass asks of Trello."""
    asked = shop.calls()
    one_pass(shop)
    return asked


def of(shop: Shop, kind: Kind, board: str, key: str = "") -> str:
    return shop.store.bindings().id(kind, board, key) or ""


def listing(call: object) -> bool:
    return call == "last_active"


def subjects(shop: Shop) -> list[str]:
    return [problem.subject for problem in shop.store.problems()]


def waiting_said(shop: Shop) -> list[str]:
    return [p.message.partition(" for")[0] for p in shop.store.problems() if p.subject == reconcile.WAITING]


def test_few_boards_are_all_compared_and_trello_is_not_asked_which_have_news() -> None:
    assert asked_by(shop_of(3)) == ["snapshot"] * 3


def test_many_boards_in_order_cost_one_request_and_now_and_then_one_each(many: Shop) -> None:
    assert asked_by(many) == ["last_active"]
    reads = []
    for _ in range(6 * 12):
        many.advance(minutes=5)
        first, *others = asked_by(many)
        assert (first, set(others) | {"snapshot"}) == ("last_active", {"snapshot"})
        reads.append(len(others))
    assert (sum(reads), max(reads)) == (BOARDS, 1)


def test_a_board_with_news_is_compared_and_mended(many: Shop) -> None:
    template = of(many, Kind.TEMPLATE, "b07", "parcels")
    many.trello.archive(template, by=AMAL)
    many.advance(seconds=1)
    one_pass(many)
    assert of(many, Kind.TEMPLATE, "b07", "parcels") != template
    many.advance(seconds=1)
    assert compared_by(many) == {"b07"}, "what we wrote ourselves is looked at once more"
    many.advance(seconds=1)
    assert compared_by(many) == set()


def test_what_the_hint_keeps_silent_about_is_mended_within_a_sweep(many: Shop) -> None:
    many.trello.delete_label(of(many, Kind.LABEL, "b07", "operations"))
    for _ in range(6 * 12):
        many.advance(minutes=5)
        one_pass(many)
    labels = many.trello.snapshot(of(many, Kind.BOARD, "b07")).labels
    assert {label.title for label in labels} == {"Opérationnel", "Excusé"}


def test_a_board_in_trouble_is_compared_whatever_the_hint_says(many: Shop) -> None:
    """As when its cards are refused, for a label was deleted: the hint may keep silent about that."""
    found_here = ("b02:copies", "b03", "b04/parcels", "b05:limits")
    for subject in (*found_here, problems.issuing_subject("b06"), problems.closed_subject("b07")):
        many.store.note_problem(subject, "…", many.clock.now())
    for subject in (problems.reading_subject("b08"), "b09:webhook", "job:mail"):
        many.store.note_problem(subject, "…", many.clock.now())
    assert compared_by(many) == {"b02", "b03", "b04", "b05", "b06", "b07"}


def test_a_new_process_and_edited_files_begin_with_every_board(many: Shop) -> None:
    many.comparison_cache = ComparisonCache()
    assert len(compared_by(many)) == BOARDS


def test_planning_and_applying_read_every_board(many: Shop) -> None:
    asked = many.calls()
    assert many.plan_is_empty()
    assert asked == ["snapshot"] * BOARDS


# ---- not in order


def test_changes_that_wait_for_a_person_are_counted_at_every_pass(many: Shop) -> None:
    many.trello.rename_list(of(many, Kind.LIST, "b07", "todo"), "Autre")
    many.trello.rename_list(of(many, Kind.LIST, "b08", "todo"), "Autre")
    many.comparison_cache = ComparisonCache()
    for _ in range(3):
        assert {change.board for change in one_pass(many).changes} == {"b07", "b08"}
        assert waiting_said(many) == ["2 changes wait"]
        many.advance(seconds=1)
    many.trello.rename_list(of(many, Kind.LIST, "b07", "todo"), "À faire")
    assert {change.board for change in one_pass(many).changes} == {"b08"}
    assert waiting_said(many) == ["1 change waits"]
    many.apply()
    one_pass(many)
    assert waiting_said(many) == []


def test_what_waits_on_a_board_that_rests_is_counted_too(many: Shop) -> None:
    many.trello.rename_list(of(many, Kind.LIST, "b07", "todo"), "Autre")
    many.comparison_cache = ComparisonCache()
    one_pass(many)
    many.trello.fail_next(TrelloError("no right"), when=lambda call: call == "snapshot")
    assert len(one_pass(many)) == 0
    for _ in range(2):
        assert (waiting_said(many), subjects(many)) == (["1 change waits"], ["b07", reconcile.WAITING])
        assert asked_by(many) == ["last_active"]
    many.advance(seconds=60)
    assert len(one_pass(many)) == 1
    assert subjects(many) == [reconcile.WAITING]


def test_one_board_read_and_failing_is_not_the_whole_job(many: Shop) -> None:
    many.trello.tick(of(many, Kind.TEMPLATE, "b07", "parcels"), by=AMAL)
    many.trello.fail_next(TrelloError("no right"), when=lambda call: call == "snapshot")
    one_pass(many)
    assert subjects(many) == ["b07"]
    many.advance(seconds=60)
    assert compared_by(many) == {"b07"}
    assert subjects(many) == []


def test_a_lost_answer_keeps_its_board_in_hand_until_it_has_settled(many: Shop) -> None:
    many.trello.tells_activity = False
    many.trello.delete_label(of(many, Kind.LABEL, "b07", "operations"))
    many.comparison_cache.in_order.pop("b07")
    lost = OutcomeUnknown("the answer was lost")
    many.trello.fail_next(lost, when=lambda call: isinstance(call, CreateLabel))
    for _ in range(4):
        one_pass(many)
        many.advance(seconds=211)
    assert (subjects(many), many.store.claims()) == ([], ())
    assert len(many.trello.snapshot(of(many, Kind.BOARD, "b07")).labels) == 2


def test_cards_to_put_away_beyond_what_one_pass_does_follow_at_the_next() -> None:
    shop = Shop(*(daily_task(f"t{n}") for n in range(30)))
    (daily,) = shop.workspace.boards
    full = replace(daily, housekeeping=Housekeeping(archive_done_after=1))
    idle = (replace(daily, key=f"b{n:02}", title=f"Tableau {n}", tasks=()) for n in range(BOARDS - 1))
    shop.workspace = replace(shop.workspace, boards=(full, *idle))
    shop.apply()
    shop.issue()
    for card in shop.cards_on():
        shop.trello.tick(card.id, by=AMAL)
    shop.advance(minutes=10)
    shop.observe()
    shop.advance(days=2)
    shop.trello.tells_activity = False
    for left in (5, 0):
        one_pass(shop)
        cards = [card for card in shop.cards_on() if card.id in ticked(shop)]
        assert sum(not card.closed for card in cards) == left


def ticked(shop: Shop) -> set[str]:
    keys = (OccurrenceKey("daily", f"t{n}", dt.date(2026, 11, 16)) for n in range(30))
    entries = map(shop.store.entry, keys)
    return {entry.card.id for entry in entries if entry and entry.card}


@pytest.mark.parametrize("deed", ["close", "delete"])
def test_a_board_that_is_closed_or_gone_is_looked_at_until_a_person_opens_it(many: Shop, deed: str) -> None:
    board = of(many, Kind.BOARD, "b07")
    getattr(many.trello, f"{deed}_board")(board)
    for _ in range(2):
        assert {change.board for change in one_pass(many).changes} == {"b07"}
        assert set(subjects(many)) == {"b07:closed", reconcile.WAITING}
        many.advance(seconds=1)
    many.apply()
    one_pass(many)
    assert subjects(many) == []


def test_a_person_who_joins_by_the_files_is_asked_for_on_every_board(many: Shop) -> None:
    people = (*many.workspace.people, Person("nadia", "nadia_zina", "Nadia"))
    many.workspace, many.comparison_cache = replace(many.workspace, people=people), ComparisonCache()
    waiting = one_pass(many)
    assert [type(change) for change in waiting.changes] == [AddMember] * BOARDS
    assert waiting_said(many) == [f"{BOARDS} changes wait"]


# ---- when Trello does not tell


def test_where_trello_does_not_tell_those_in_turn_and_those_out_of_order_are_compared(many: Shop) -> None:
    many.trello.rename_list(of(many, Kind.LIST, "b07", "todo"), "Autre")
    many.comparison_cache.in_order.pop("b07")
    many.trello.tells_activity = False
    reads = 0
    for _ in range(6):
        many.trello.fail_next(NotFound("There is no Trello Workspace zina."), when=listing)
        many.advance(hours=1)
        asked = many.calls()
        with pytest.raises(InvalidDeclaration, match=r"trello_workspace: .*no Trello Workspace"):
            one_pass(many)
        reads += asked.count("snapshot")
        assert waiting_said(many) == ["1 change waits"]
    assert BOARDS - 1 <= reads - 6 <= BOARDS


def test_trello_out_of_reach_compares_nothing(many: Shop) -> None:
    many.away(listing)
    many.advance(days=1)
    asked = many.calls()
    with pytest.raises(Unavailable):
        one_pass(many)
    assert "snapshot" not in asked

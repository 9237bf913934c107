"""adopt on the shipped fakes: a board that people made becomes the one of a board file."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from shop_kit import EIGHT, PlainCards, Shop, daily_task

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.card_text import CardText
from trello_ops.core.declared import BoardList
from trello_ops.core.marker import board_marker
from trello_ops.core.planning import changes as core
from trello_ops.core.planning.changes import UNATTENDED, Change, CreateList, EditBoard
from trello_ops.core.trello import Card, Snapshot
from trello_ops.errors import NotAdoptable, OutcomeUnknown, TokenRefused, Unauthorised, Unavailable
from trello_ops.operations import reconcile
from trello_ops.operations.adopt import AdoptionPlan, adopt, board_id, plan_adoption
from trello_ops.operations.recover import recover
from trello_ops.testing import MemoryStore
from trello_ops.testing.trello import Call

MARKER = board_marker("zina", "daily")


class TheirBoard:
    """A board that people made by hand, on the fake Trello of a shop."""

    def __init__(self, shop: Shop, title: str = "Boutique", description: str = "Notre tableau") -> None:
        self._shop, self._bindings = shop, Bindings()
        self._make(core.CreateBoard(board="x", title=title, description=description, workspace="zinaobeldi"))
        self.id = self._bindings.id(Kind.BOARD, "x") or ""

    def _make(self, change: core.Creation) -> str:
        made = self._shop.trello.perform(change, self._bindings).id
        binding = Binding(change.kind, "x", change.key, made, self._shop.clock.now())
        self._bindings = self._bindings.with_(binding)
        return made

    def add_list(self, title: str) -> str:
        place = 1024.0 * (1 + len(self.seen.lists))
        return self._make(CreateList(board="x", key=title, title=title, position=place))

    def add_label(self, title: str, colour: str) -> str:
        return self._make(core.CreateLabel(board="x", key=title, title=title, colour=colour))

    def add_card(self, list_title: str, title: str) -> Card:
        """A card of theirs, with their own label."""
        text = CardText(title, "à nous")
        list_id = self._bindings.id(Kind.LIST, "x", list_title) or ""
        bindings = self._bindings.with_(Binding(Kind.LIST, "x", "todo", list_id, self._shop.clock.now()))
        made = self._shop.trello.perform(
            core.CreateTemplateCard(board="x", key=title, theme="operationnel", text=text), bindings
        )
        card = replace(self._shop.trello.card(made.id), is_template=False)
        self._shop.trello._cards[made.id] = card
        return card

    @property
    def seen(self) -> Snapshot:
        return self._shop.trello._boards[self.id]

    @property
    def lists(self) -> list[str]:
        return [one.title for one in sorted(self.seen.lists, key=lambda one: one.position)]


def shop_with(*tasks: str) -> Shop:
    held = dict.fromkeys(tasks, (EIGHT,))
    return Shop(*map(daily_task, tasks), cards=PlainCards(held))


def grown(shop: Shop) -> TheirBoard:
    """Lists spelt otherwise, labels of other colours, cards, and one person of ours."""
    theirs = TheirBoard(shop)
    for title in ("Idées", "a faire", "EN\u00a0COURS"):
        theirs.add_list(title)
    theirs.add_label("operationnel", "pink")
    theirs.add_label("Urgent", "red")
    for n in range(3):
        theirs.add_card("a faire", f"Carte {n}")
    joined = core.AddMember(board="x", key="amal", username="amal_zina")
    shop.trello.perform(joined, theirs._bindings)
    shop.trello.performed.clear()
    return theirs


def planned(shop: Shop, theirs: TheirBoard | str, board: int = 0) -> AdoptionPlan:
    named = theirs if isinstance(theirs, str) else theirs.id
    context = shop.context()
    return plan_adoption(context, shop.store.bindings(), context.workspace.boards[board], named)


def adopted(shop: Shop, theirs: TheirBoard) -> reconcile.Applied:
    context = shop.context()
    reconcile.free_settled_changes(context)
    return adopt(context, planned(shop, theirs))


def refusal(shop: Shop, theirs: TheirBoard | str) -> str:
    done = len(shop.trello.performed)
    before = list(shop.store.bindings())
    with pytest.raises(NotAdoptable) as refused:
        planned(shop, theirs)
    assert (len(shop.trello.performed), list(shop.store.bindings())) == (done, before)
    return str(refused.value)


# ---- a board in use ---------------------------------------------------------------------------------


def test_looking_writes_nothing() -> None:
    shop = shop_with("parcels")
    theirs = grown(shop)
    found = planned(shop, theirs)
    assert {(each.kind, each.key) for each in found.adoption.taken} == {
        (Kind.BOARD, ""),
        (Kind.LIST, "todo"),
        (Kind.LIST, "doing"),
        (Kind.LABEL, "operations"),
        (Kind.PERSON, "amal"),
    }
    assert shop.trello.performed == []
    assert list(shop.store.bindings()) == []


def test_what_has_the_declared_names_becomes_ours_and_what_is_missing_is_made() -> None:
    shop = shop_with("parcels")
    theirs = grown(shop)
    ids = {one.title: one.id for one in theirs.seen.lists}
    ids |= {one.title: one.id for one in theirs.seen.labels}
    applied = adopted(shop, theirs)
    assert applied.failed == {}
    bindings = shop.store.bindings()
    assert bindings.id(Kind.BOARD, "daily") == theirs.id
    assert bindings.id(Kind.LIST, "daily", "todo") == ids["a faire"]
    assert bindings.id(Kind.LIST, "daily", "doing") == ids["EN\u00a0COURS"]
    assert bindings.id(Kind.LABEL, "daily", "operations") == ids["operationnel"]
    assert theirs.lists == ["Idées", "À faire", "En cours", "Terminé"]
    assert {(one.title, one.colour) for one in theirs.seen.labels} == {
        ("Opérationnel", "orange"),
        ("Urgent", "red"),
        ("Excusé", "black_light"),
    }
    assert theirs.seen.board.title == "Quotidien"
    assert theirs.seen.board.description == f"Notre tableau\n\n{MARKER}"
    assert {member.username for member in theirs.seen.members} == {"robot", "amal_zina", "karim_zina"}
    assert shop.plan_is_empty()


def test_the_plan_is_what_happens() -> None:
    shop = shop_with("parcels")
    theirs = grown(shop)
    found = planned(shop, theirs)
    adopt(shop.context(), found)
    assert shop.trello.performed[: len(found.plan) - 1] == [
        each for each in found.plan.changes if not isinstance(each, core.FillTemplateCard)
    ]


def test_adopting_again_changes_nothing() -> None:
    shop = shop_with("parcels")
    theirs = grown(shop)
    adopted(shop, theirs)
    bound, done = list(shop.store.bindings()), len(shop.trello.performed)
    again = planned(shop, theirs)
    assert again.adoption.taken == ()
    assert len(again.plan) == 0
    assert adopt(shop.context(), again) == reconcile.Applied(0, {})
    assert (list(shop.store.bindings()), len(shop.trello.performed)) == (bound, done)


def test_a_list_that_a_file_gains_later_is_taken_by_adopting_again() -> None:
    shop = shop_with("parcels")
    theirs = grown(shop)
    adopted(shop, theirs)
    (board,) = shop.workspace.boards
    longer = replace(board, lists=(BoardList("ideas", "Idees"), *board.lists))
    shop.workspace = replace(shop.workspace, boards=(longer,))
    assert adopted(shop, theirs).failed == {}
    assert theirs.lists == ["Idees", "À faire", "En cours", "Terminé"]
    assert shop.plan_is_empty()


def test_cards_come_into_the_adopted_list_and_the_boards_own_are_left_alone() -> None:
    shop = shop_with("parcels")
    theirs = grown(shop)
    before = shop.trello.cards(theirs.id)
    todo = next(one.id for one in theirs.seen.lists if one.title == "a faire")
    adopted(shop, theirs)
    for _ in range(8):
        shop.issue()
        shop.observe()
        reconcile.reconcile(shop.context(), UNATTENDED)
        shop.advance(days=1)
    shop.report()
    ours = [card for card in shop.trello.cards(theirs.id) if "trello-ops:card:" in card.description]
    assert len(ours) == 8
    assert {card.list_id for card in ours} == {todo}
    assert [shop.trello.card(card.id) for card in before] == list(before)
    (week,) = shop.store.frozen_weeks()
    report = shop.store.frozen(week)
    assert report
    assert {line.key.split("/")[1] for line in report.occurrences} == {"parcels"}
    assert shop.store.problems() == ()


def test_a_lost_store_finds_the_adopted_board_again() -> None:
    shop = shop_with("parcels")
    theirs = grown(shop)
    adopted(shop, theirs)
    shop.issue()
    before = {(b.kind, b.key, b.trello_id) for b in shop.store.bindings()}
    cards = {card.id for card in shop.cards_on()}
    shop.store = MemoryStore()
    found = recover(shop.context())
    assert [shown.snapshot.board.id for shown in found.boards] == [theirs.id]
    assert {(b.kind, b.key, b.trello_id) for b in shop.store.bindings()} == before
    assert shop.plan_is_empty()
    shop.issue()
    assert {card.id for card in shop.cards_on()} == cards


def test_a_marker_that_somebody_deletes_is_written_anew_at_apply() -> None:
    shop = shop_with("parcels")
    theirs = grown(shop)
    adopted(shop, theirs)
    shop.trello._edit_board(theirs.id, description="Rien que nous")
    assert [type(change) for change in reconcile.plan(shop.context()).changes] == [EditBoard]
    shop.apply()
    assert theirs.seen.board.description == f"Rien que nous\n\n{MARKER}"
    assert shop.plan_is_empty()


# ---- interruptions ----------------------------------------------------------------------------------


class Killed(BaseException):
    """As by `kill -9`."""


def die_at(shop: Shop, step: int) -> None:
    """Die at the `step`th write to Trello or to the bindings of the store, just after it."""
    left = [step]

    def count() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    perform, bind = shop.trello.perform, shop.store.bind

    def performing(*args: object, **more: object) -> object:
        made = perform(*args, **more)  # type: ignore[arg-type]
        count()
        return made

    def binding(*bindings: Binding) -> None:
        bind(*bindings)
        count()

    shop.trello.perform, shop.store.bind = performing, binding  # type: ignore[method-assign, assignment]


def revive(shop: Shop) -> None:
    del shop.trello.perform, shop.store.bind
    shop.restart()
    shop.settle()


def whole(shop: Shop, theirs: TheirBoard) -> None:
    """Everything once: no double list, label, member or card."""
    assert theirs.lists == ["Idées", "À faire", "En cours", "Terminé"]
    assert sorted(one.title for one in theirs.seen.labels) == ["Excusé", "Opérationnel", "Urgent"]
    assert theirs.seen.board.description.count("trello-ops:board:") == 1
    assert len(shop.trello._boards) == 1
    templates = [card for card in shop.trello.cards(theirs.id) if card.is_template and not card.closed]
    assert len(templates) == 1
    assert templates[0].item_count == 8
    issued = [card for card in shop.trello.cards(theirs.id) if "trello-ops:card:" in card.description]
    assert len(issued) <= 1  # while claims settle, the day's card may come
    assert len(shop.trello.cards(theirs.id)) - len(issued) == 4
    assert shop.plan_is_empty()
    assert shop.store.claims() == ()


NEXT: dict[str, Callable[[Shop, TheirBoard], object]] = {
    "adopt": adopted,
    "apply": lambda shop, _: shop.apply(),
    "the daemon": lambda shop, _: reconcile.reconcile(shop.context(), UNATTENDED),
}


@pytest.mark.parametrize("then", NEXT)
def test_whoever_dies_anywhere_goes_on_without_doubling_anything(then: str) -> None:
    step = 0
    while True:
        step += 1
        shop = shop_with("parcels")
        theirs = grown(shop)
        die_at(shop, step)
        try:
            adopted(shop, theirs)
        except Killed:
            pass
        else:
            break
        revive(shop)
        NEXT[then](shop, theirs)
        adopted(shop, theirs)
        whole(shop, theirs)
    assert step > 15


@pytest.mark.parametrize("change", [EditBoard, core.EditList, CreateList, core.CreateLabel, core.AddMember])
def test_a_request_that_was_done_though_its_answer_was_lost_is_not_done_twice(change: type[Change]) -> None:
    shop = shop_with("parcels")
    theirs = grown(shop)
    lost = OutcomeUnknown("the answer was lost")
    shop.trello.fail_next(lost, when=lambda call: isinstance(call, change), after_effect=True)
    assert len(adopted(shop, theirs).failed) == 1
    shop.settle()
    assert adopted(shop, theirs).failed == {}
    whole(shop, theirs)


# ---- another board in between -----------------------------------------------------------------------


def test_a_board_that_the_daemon_makes_meanwhile_is_not_doubled() -> None:
    shop = shop_with("parcels")
    theirs = grown(shop)
    found = planned(shop, theirs)
    shop.apply()
    bound = list(shop.store.bindings())
    with pytest.raises(NotAdoptable, match="daily: another board was taken for it meanwhile"):
        adopt(shop.context(), found)
    assert list(shop.store.bindings()) == bound


def test_while_a_board_may_still_be_made_nothing_is_taken() -> None:
    shop = shop_with("parcels")
    theirs = grown(shop)
    lost = OutcomeUnknown("the answer was lost")
    shop.trello.fail_next(lost, when=lambda call: isinstance(call, core.CreateBoard))
    shop.apply()
    with pytest.raises(Unavailable, match="daily: making its board has not settled yet"):
        adopt(shop.context(), planned(shop, theirs))
    shop.settle()
    assert adopted(shop, theirs).failed == {}


def test_a_board_made_by_us_whose_answer_was_lost_is_seen() -> None:
    shop = shop_with("parcels")
    theirs = grown(shop)
    lost = OutcomeUnknown("the answer was lost")
    shop.trello.fail_next(lost, when=lambda call: isinstance(call, core.CreateBoard), after_effect=True)
    shop.apply()
    assert "says in its description that it is daily" in refusal(shop, theirs)


def test_a_key_that_has_a_board_keeps_it_until_that_is_deleted() -> None:
    shop = shop_with("parcels")
    shop.apply()
    shop.issue()
    old = shop.store.bindings().id(Kind.BOARD, "daily") or ""
    theirs = grown(shop)
    assert "daily has a board, “Quotidien” (https://trello.com/b/" in refusal(shop, theirs)
    shop.trello.close_board(old)
    assert "daily has a board" in refusal(shop, theirs)
    shop.trello.delete_board(old)
    assert adopted(shop, theirs).failed == {}
    whole(shop, theirs)


# ---- what is refused --------------------------------------------------------------------------------


def test_a_board_that_is_not_there_is_refused() -> None:
    shop = shop_with("parcels")
    message = refusal(shop, "f" * 24)
    assert message.startswith(f"Trello shows the account @robot no board {'f' * 24}: check the address")


def test_a_board_that_the_robot_does_not_see_is_refused_and_a_bad_token_is_what_it_is() -> None:
    shop = shop_with("parcels")
    theirs = grown(shop)

    def look(call: Call) -> bool:
        return call == "snapshot"

    shop.trello.fail_next(Unauthorised("unauthorized permission requested"), when=look)
    assert "invite that account to the board" in refusal(shop, theirs)
    shop.trello.fail_next(TokenRefused("invalid token"), when=look)
    with pytest.raises(TokenRefused):
        planned(shop, theirs)


def test_where_the_robot_may_not_write_the_board_is_refused() -> None:
    shop = shop_with("parcels")
    theirs = grown(shop)
    shop.trello.make(theirs.id, "robot", "observer")
    assert "@robot is an observer there" in refusal(shop, theirs)
    shop.trello.make(theirs.id, "robot", "normal")
    shop.trello.hide_board(theirs.id)
    assert "only an admin of it can make it visible" in refusal(shop, theirs)
    shop.trello.make(theirs.id, "robot", "admin")
    assert planned(shop, theirs).plan.changes
    shop.trello.remove_member(theirs.id, "robot")
    assert "@robot is no member of it: invite it" in refusal(shop, theirs)


def test_all_that_speaks_against_it_is_told_at_once() -> None:
    shop = shop_with("parcels")
    theirs = TheirBoard(shop, description=board_marker("other", "daily"))
    for title in ("À faire", "À faire"):
        theirs.add_list(title)
    shop.trello.make(theirs.id, "robot", "observer")
    title, *reasons = refusal(shop, theirs).splitlines()
    assert title == "The board “Boutique” cannot be adopted for daily; nothing was done."
    assert [reason[:2] for reason in reasons] == ["- "] * 3


# ---- naming a board ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "named",
    [
        "AbCd1234",
        "https://trello.com/b/AbCd1234",
        "https://trello.com/b/AbCd1234/ma-boutique",
        "https://trello.com/b/AbCd1234/ma-boutique?filter=due",
        "trello.com/b/AbCd1234/",
        "http://127.0.0.1:8010/b/AbCd1234#x",
        "https://trello.com/invite/b/AbCd1234/ATTI0000/shop",
    ],
)
def test_a_board_is_named_by_address_or_short_link(named: str) -> None:
    assert board_id(named) == "AbCd1234"


def test_a_board_is_named_by_its_id() -> None:
    assert board_id("5f" * 12) == "5f" * 12
    assert board_id(f"https://trello.com/b/{'5f' * 12}") == "5f" * 12


@pytest.mark.parametrize("named", ["", "Boutique du coin", "https://trello.com/c/AbCd1234/1-x", "AbCd12345"])
def test_anything_else_names_no_board(named: str) -> None:
    with pytest.raises(ValueError, match="no board"):
        board_id(named)


def test_a_short_link_will_do() -> None:
    shop = shop_with("parcels")
    theirs = grown(shop)
    link = board_id(theirs.seen.board.url)
    assert link != theirs.id
    assert planned(shop, link).found.id == theirs.id


def test_a_closed_board_is_opened_again() -> None:
    shop = shop_with("parcels")
    theirs = grown(shop)
    shop.trello.close_board(theirs.id)
    (edit,) = [change for change in planned(shop, theirs).plan.changes if isinstance(change, EditBoard)]
    assert edit.reopen
    assert adopted(shop, theirs).failed == {}
    assert not theirs.seen.board.closed
    whole(shop, theirs)

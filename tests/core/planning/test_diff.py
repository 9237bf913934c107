"""What is declared against what Trello shows: every drift, its mending, and the risk of it.

`Trello` is a tiny board that people edit and that carries plans out, written from the docstrings of
`core/planning/changes.py` alone.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.cadence import Cadence, DayTime, Frequency
from trello_ops.core.card_text import CardText, Checklist
from trello_ops.core.declared import Board, BoardList, ReportPolicy, Task, Theme, Workspace
from trello_ops.core.marker import find_board, find_template, template_marker
from trello_ops.core.people import Person
from trello_ops.core.planning.changes import (
    ADOPTED,
    AddMember,
    ArchiveTemplateCard,
    Bind,
    Change,
    CreateBoard,
    CreateLabel,
    CreateList,
    CreateTemplateCard,
    Creation,
    EditBoard,
    EditLabel,
    EditList,
    EditTemplateCard,
    FillTemplateCard,
    RetireTemplateCard,
    Risk,
    Unbind,
)
from trello_ops.core.planning.checklists import (
    GAP,
    checklists_of,
    fingerprint,
    missing_items,
    pair_checklists,
)
from trello_ops.core.planning.diff import BoardView, diff
from trello_ops.core.planning.plan import Plan
from trello_ops.core.trello import (
    BoardSummary,
    Card,
    Member,
    Snapshot,
    TrelloCheckItem,
    TrelloChecklist,
    TrelloLabel,
    TrelloList,
)

UTC = ZoneInfo("UTC")
NOW = dt.datetime(2026, 11, 16, tzinfo=dt.UTC)
CADENCE = Cadence(Frequency.WEEKLY, (5,), DayTime(dt.time(17)), UTC)
LISTS = (BoardList("todo", "À faire"), BoardList("doing", "En cours"), BoardList("done", "Terminé"))
THEMES = (Theme("operations", "Opérationnel", "green"), Theme("service", "Service client", "blue"))
PEOPLE = (Person("amina", "amina_b", "Amina"), Person("karim", "karim", "Karim"))

Texts = dict[str, CardText | None]


def task(key: str) -> Task:
    return Task(key, key.title(), "operations", f"{key}.md", CADENCE)


def board(*tasks: str, lists: tuple[BoardList, ...] = LISTS) -> Board:
    return Board("weekly", "Chaque semaine", Frequency.WEEKLY, lists, tuple(map(task, tasks)), UTC)


def workspace(one: Board) -> Workspace:
    return Workspace(
        key="zina",
        name="Zina ô Beldi",
        trello_workspace="zina",
        locale="fr",
        timezone=UTC,
        people=PEOPLE,
        themes=THEMES,
        excused=Theme("excused", "Excusé", "black"),
        report=ReportPolicy(()),
        boards=(one,),
    )


def text(key: str, *checklists: Checklist) -> CardText:
    return CardText(key.title(), f"Comment faire.\n\n{template_marker('zina', 'weekly', key)}", checklists)


STEPS = Checklist("Étapes", ("compter", "ranger", "commander"))
CHECK = Checklist("Contrôle", ("relire",))
BOARD = board("stock", "links")
TEXTS: Texts = {"stock": text("stock", STEPS, CHECK), "links": text("links", CHECK)}


# ---- a tiny Trello ----------------------------------------------------------------------------------


@dataclass
class Trello:
    """One board and the store's bindings. People edit the dictionaries; plans come through `apply`."""

    summary: BoardSummary | None = None
    visibility: str = "org"
    lists: dict[str, TrelloList] = field(default_factory=dict)
    labels: dict[str, TrelloLabel] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    bindings: Bindings = field(default_factory=Bindings)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def id(self, kind: Kind, key: str = "") -> str:
        return self.bindings.id(kind, "weekly", key) or ""

    def template(self, key: str) -> Card:
        return self.cards[self.id(Kind.TEMPLATE, key)]

    def lose(self) -> None:
        """Somebody deletes the board, and all that is on it."""
        self.summary, self.visibility = None, "org"
        for things in (self.lists, self.labels, self.members, self.cards):
            things.clear()

    def view(self) -> BoardView:
        if self.summary is None:
            return BoardView(None, {})
        bound = {binding.trello_id for binding in self.bindings.of_board(Kind.TEMPLATE, "weekly")}
        cards = {
            card.id: card
            for card in self.cards.values()
            if card.id in bound or (find_template(card.description, "zina") and not card.closed)
        }
        visible = tuple(card for card in self.cards.values() if not card.closed)
        members, labels = tuple(self.members.values()), tuple(self.labels.values())
        lists = tuple(self.lists.values())
        return BoardView(
            Snapshot(self.summary, "org1", self.visibility, lists, labels, members, visible), cards
        )

    def plan(self, one: Board = BOARD, texts: Texts = TEXTS) -> tuple[Change, ...]:
        return diff(workspace(one), one, self.bindings, self.view(), texts)

    def apply(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            self._make(change)

    def _new(self, what: str) -> str:
        return f"{what}{next(self.ids):04d}"

    def _bind(self, kind: Kind, key: str, trello_id: str, fingerprint: str = "") -> None:
        self.bindings = self.bindings.with_(Binding(kind, "weekly", key, trello_id, NOW, fingerprint))

    def _make(self, change: Change) -> None:  # noqa: C901, PLR0912 (one case a kind of change)
        if isinstance(change, Creation):
            assert self.id(change.kind, change.key) == change.replaces
        match change:
            case Bind():
                self._bind(change.kind, change.key, change.trello_id, change.fingerprint)
            case Unbind():
                self.bindings = self.bindings.without(change.kind, "weekly", change.key)
            case CreateBoard():
                made = self._new("board")
                self.summary = BoardSummary(made, change.title, change.description, False, "", NOW)
                self._bind(Kind.BOARD, "", made)
            case EditBoard():
                assert self.summary
                title = self.summary.title if change.title is None else change.title
                closed = self.summary.closed and not change.reopen
                self.summary = replace(self.summary, title=title, closed=closed)
                self.visibility = "org" if change.visible else self.visibility
            case CreateList():
                made = self._new("list")
                self.lists[made] = TrelloList(made, change.title, False, change.position)
                self._bind(Kind.LIST, change.key, made)
            case EditList():
                found = self.lists[self.id(Kind.LIST, change.key)]
                self.lists[found.id] = replace(
                    found,
                    title=found.title if change.title is None else change.title,
                    position=found.position if change.position is None else change.position,
                    closed=found.closed and not change.reopen,
                )
            case CreateLabel():
                made = self._new("label")
                self.labels[made] = TrelloLabel(made, change.title, change.colour)
                self._bind(Kind.LABEL, change.key, made)
            case EditLabel():
                made = self.id(Kind.LABEL, change.key)
                assert made in self.labels
                self.labels[made] = TrelloLabel(made, change.title, change.colour)
            case AddMember():
                made = self._new("member")
                self.members[made] = Member(made, change.username, "")
                self._bind(Kind.PERSON, change.key, made, change.username.lower())
            case CreateTemplateCard():
                made = self._new("card")
                self.cards[made] = self._card(made, change.text.title, change.text.description)
                self._bind(Kind.TEMPLATE, change.key, made)
            case EditTemplateCard():
                card = self.template(change.task)
                edited = replace(card, title=change.text.title, description=change.text.description)
                self.cards[card.id] = edited
            case FillTemplateCard():
                card = self.template(change.task)
                self.cards[card.id] = self._filled(card, change.checklists)
                self._bind(Kind.TEMPLATE, change.task, card.id, fingerprint(change.checklists))
            case ArchiveTemplateCard():
                self.cards[change.card_id] = replace(self.cards[change.card_id], closed=True)
                if self.id(Kind.TEMPLATE, change.task) == change.card_id:
                    self.bindings = self.bindings.without(Kind.TEMPLATE, "weekly", change.task)
            case _:
                raise AssertionError(change)

    def _card(self, id: str, title: str, description: str) -> Card:  # noqa: A002
        return Card(
            id=id,
            url=f"https://trello.com/c/{id}",
            title=title,
            description=description,
            board_id="board",
            list_id=self.id(Kind.LIST, "todo"),
            label_ids=(),
            member_ids=(),
            start=None,
            due=None,
            ticked=False,
            closed=False,
            is_template=True,
            item_count=0,
            created_at=NOW,
            checklists=(),
        )

    def _filled(self, card: Card, wanted: tuple[Checklist, ...]) -> Card:
        """As `fill` does: nth at n gaps. Where positions are equal, the newer comes first: who knows."""
        kept = list(card.checklists or ())
        for number, (checklist, found) in enumerate(pair_checklists(wanted, card), start=1):
            base = found or TrelloChecklist(self._new("checklist"), checklist.title, GAP * number, ())
            added = tuple(
                TrelloCheckItem(self._new("item"), title, False, GAP * (index + 1))
                for index, title in missing_items(checklist, found)
            )
            items = tuple(sorted((*added, *base.items), key=lambda item: item.position))
            kept = [replace(base, items=items), *(one for one in kept if one.id != base.id)]
        return replace(card, checklists=tuple(sorted(kept, key=lambda one: one.position)))

    def edit_template(self, key: str, edit: Callable[[tuple[TrelloChecklist, ...]], Any]) -> None:
        card = self.template(key)
        self.cards[card.id] = replace(card, checklists=tuple(edit(card.checklists or ())))


def applied(texts: Texts = TEXTS) -> Trello:
    trello = Trello()
    trello.apply(trello.plan(texts=texts))
    return trello


def kinds(changes: tuple[Change, ...]) -> list[str]:
    return [type(change).__name__ for change in changes]


def mended(trello: Trello, *expected: Change, one: Board = BOARD, texts: Texts = TEXTS) -> None:
    """The plan is as expected, and applying it leaves nothing to do."""
    plan = trello.plan(one, texts)
    assert plan == expected
    trello.apply(plan)
    assert trello.plan(one, texts) == ()


# ---- from nothing -----------------------------------------------------------------------------------


def test_from_nothing_everything_is_made_parents_first() -> None:
    plan = Trello().plan()
    assert kinds(plan) == [
        "CreateBoard",
        *["CreateList"] * 3,
        *["CreateLabel"] * 3,
        *["AddMember"] * 2,
        *["CreateTemplateCard", "FillTemplateCard"] * 2,
    ]
    assert {c.risk for c in plan if not isinstance(c, AddMember)} == {Risk.ADDITIVE}
    assert {c.risk for c in plan if isinstance(c, AddMember)} == {Risk.CAREFUL}
    assert all(change.replaces == "" for change in plan if isinstance(change, Creation))


def test_a_new_board_bears_its_marker_and_stands_in_the_declared_workspace() -> None:
    made = Trello().plan()[0]
    assert isinstance(made, CreateBoard)
    assert (made.title, made.workspace) == ("Chaque semaine", "zina")
    assert find_board(made.description) == ("zina", "weekly")


def test_new_lists_stand_in_their_order_and_labels_bear_title_and_colour() -> None:
    plan = Trello().plan()
    lists = [c for c in plan if isinstance(c, CreateList)]
    assert [(c.key, c.title, c.position) for c in lists] == [
        ("todo", "À faire", GAP),
        ("doing", "En cours", 2 * GAP),
        ("done", "Terminé", 3 * GAP),
    ]
    labels = [(c.key, c.title, c.colour) for c in plan if isinstance(c, CreateLabel)]
    assert labels == [
        ("operations", "Opérationnel", "green"),
        ("service", "Service client", "blue"),
        ("excused", "Excusé", "black"),
    ]


def test_a_task_whose_checklists_use_the_occurrence_needs_no_template_card() -> None:
    plan = Trello().plan(texts={"stock": None, "links": TEXTS["links"]})
    assert [c.key for c in plan if isinstance(c, CreateTemplateCard)] == ["links"]


def test_applying_twice_changes_nothing_the_second_time() -> None:
    assert applied().plan() == ()


def test_a_lost_board_is_made_anew_by_a_person_only() -> None:
    trello = applied()
    trello.bindings = trello.bindings.with_(Binding(Kind.WEBHOOK, "weekly", "", "w1", NOW))
    trello.lose()
    plan = trello.plan()
    assert {change.risk for change in plan} == {Risk.CAREFUL}
    assert {c.kind for c in plan if isinstance(c, Unbind)} == set(Kind) - {Kind.WEBHOOK}
    assert kinds(plan).index("CreateBoard") == kinds(plan).count("Unbind")
    trello.apply(plan)
    assert trello.plan() == ()
    assert trello.bindings.get(Kind.WEBHOOK, "weekly")


# ---- the board --------------------------------------------------------------------------------------


def test_a_renamed_closed_or_private_board_is_mended_by_a_person() -> None:
    trello = applied()
    assert trello.summary
    trello.summary, trello.visibility = replace(trello.summary, title="Renommé", closed=True), "private"
    mended(trello, EditBoard(board="weekly", title="Chaque semaine", visible=True, reopen=True))


@pytest.mark.parametrize("visibility", ["private", "public", "enterprise"])
def test_a_board_is_shown_to_its_workspace_and_to_no_more(visibility: str) -> None:
    trello = applied()
    trello.visibility = visibility
    mended(trello, EditBoard(board="weekly", visible=True))


def test_a_board_that_bears_our_marker_is_taken_over_with_all_on_it() -> None:
    trello = applied()
    trello.bindings = Bindings()
    plan = trello.plan()
    assert set(kinds(plan)) == {"Bind"}
    assert {change.risk for change in plan} == {Risk.ADDITIVE}
    assert [c.fingerprint for c in plan if isinstance(c, Bind) and c.kind is Kind.BOARD] == [ADOPTED]
    trello.apply(plan)
    assert trello.plan() == ()


def test_another_board_in_the_place_of_the_bound_one_is_taken_over_by_a_person_only() -> None:
    trello = applied()
    board = trello.bindings.get(Kind.BOARD, "weekly")
    assert board
    trello.bindings = Bindings.of([replace(board, trello_id="gone")])
    plan = trello.plan()
    assert set(kinds(plan)) == {"Bind"}
    assert {change.risk for change in plan} == {Risk.CAREFUL}
    trello.apply(plan)
    assert trello.plan() == ()


# ---- lists ------------------------------------------------------------------------------------------


def edit_list(trello: Trello, key: str, **fields: Any) -> None:
    found = trello.lists[trello.id(Kind.LIST, key)]
    trello.lists[found.id] = replace(found, **fields)


def test_a_renamed_list_gets_its_title_back() -> None:
    trello = applied()
    edit_list(trello, "doing", title="Bientôt")
    mended(trello, EditList(board="weekly", key="doing", title="En cours"))


def test_an_archived_list_is_taken_out_of_the_archive() -> None:
    trello = applied()
    edit_list(trello, "done", closed=True)
    mended(trello, EditList(board="weekly", key="done", reopen=True))


def test_a_list_that_was_moved_goes_back() -> None:
    trello = applied()
    edit_list(trello, "todo", position=5 * GAP)
    mended(
        trello,
        EditList(board="weekly", key="doing", position=6 * GAP),
        EditList(board="weekly", key="done", position=7 * GAP),
    )


def test_a_deleted_list_is_made_anew_in_its_place() -> None:
    trello = applied()
    gone = trello.id(Kind.LIST, "doing")
    del trello.lists[gone]
    mended(
        trello,
        CreateList(board="weekly", key="doing", title="En cours", position=2 * GAP, replaces=gone),
    )


def test_lists_of_people_are_left_alone_wherever_they_stand() -> None:
    trello = applied()
    trello.lists["theirs"] = TrelloList("theirs", "Idées", False, 1.5 * GAP)
    assert trello.plan() == ()


def test_an_unbound_open_list_of_the_declared_title_is_taken_over() -> None:
    trello = applied()
    del trello.lists[trello.id(Kind.LIST, "doing")]
    trello.lists["old"] = TrelloList("old", "En cours", True, 2 * GAP)
    trello.lists["new"] = TrelloList("new", "En cours", False, 2 * GAP)
    mended(trello, Bind(board="weekly", kind=Kind.LIST, key="doing", trello_id="new"))


def test_a_list_that_is_declared_later_is_put_between_its_neighbours() -> None:
    trello = applied()
    later = board("stock", "links", lists=(LISTS[0], BoardList("wait", "En attente"), *LISTS[1:]))
    mended(
        trello,
        CreateList(board="weekly", key="wait", title="En attente", position=1.5 * GAP),
        one=later,
    )


# ---- labels and members -----------------------------------------------------------------------------


def test_a_recoloured_or_renamed_label_is_mended_by_a_person() -> None:
    trello = applied()
    one, two = trello.id(Kind.LABEL, "operations"), trello.id(Kind.LABEL, "excused")
    trello.labels[one] = replace(trello.labels[one], colour=None)
    trello.labels[two] = replace(trello.labels[two], title="Pardonné")
    mended(
        trello,
        EditLabel(board="weekly", key="operations", title="Opérationnel", colour="green"),
        EditLabel(board="weekly", key="excused", title="Excusé", colour="black"),
    )


def test_a_deleted_label_is_made_anew() -> None:
    trello = applied()
    gone = trello.id(Kind.LABEL, "service")
    del trello.labels[gone]
    mended(
        trello,
        CreateLabel(board="weekly", key="service", title="Service client", colour="blue", replaces=gone),
    )


def test_an_unbound_label_is_taken_over_only_if_title_and_colour_agree() -> None:
    trello = applied()
    gone = trello.id(Kind.LABEL, "service")
    del trello.labels[gone]
    trello.labels["other"] = TrelloLabel("other", "Service client", "red")
    assert kinds(trello.plan()) == ["CreateLabel"]
    trello.labels["same"] = TrelloLabel("same", "Service client", "blue")
    mended(trello, Bind(board="weekly", kind=Kind.LABEL, key="service", trello_id="same"))


def test_a_person_who_left_the_board_is_forgotten_at_once_and_invited_by_a_person() -> None:
    trello = applied()
    del trello.members[trello.id(Kind.PERSON, "amina")]
    forget, invite = trello.plan()
    assert (forget.risk, invite.risk) == (Risk.ADDITIVE, Risk.CAREFUL)
    mended(
        trello,
        Unbind(board="weekly", kind=Kind.PERSON, key="amina"),
        AddMember(board="weekly", key="amina", username="amina_b"),
    )


def test_somebody_who_is_a_member_already_is_known_by_name_without_case() -> None:
    trello = applied()
    del trello.members[trello.id(Kind.PERSON, "amina")]
    trello.members["m9"] = Member("m9", "Amina_B", "Amina")
    change = Bind(board="weekly", kind=Kind.PERSON, key="amina", trello_id="m9", fingerprint="amina_b")
    mended(trello, change)


def test_an_account_that_an_older_version_bound_may_be_renamed() -> None:
    trello = applied()
    amina = trello.id(Kind.PERSON, "amina")
    trello._bind(Kind.PERSON, "amina", amina)
    trello.members[amina] = Member(amina, "amina_benali", "Amina")
    assert trello.plan() == ()


# ---- template cards ---------------------------------------------------------------------------------


def bind(trello: Trello, key: str, card_id: str, held: tuple[Checklist, ...]) -> Bind:
    return Bind(
        board="weekly",
        kind=Kind.TEMPLATE,
        key=key,
        trello_id=card_id,
        fingerprint=fingerprint(held),
        url=trello.cards[card_id].url,
    )


def test_an_edited_title_or_description_is_put_back_by_a_person() -> None:
    trello = applied()
    card, wanted = trello.template("links"), TEXTS["links"]
    assert wanted
    trello.cards[card.id] = replace(card, title="Liens", description="rien")
    mended(trello, EditTemplateCard(board="weekly", task="links", text=wanted))


def test_white_space_around_a_description_is_no_drift() -> None:
    trello = applied()
    card = trello.template("links")
    trello.cards[card.id] = replace(card, description=f"\n{card.description}\n\n")
    assert trello.plan() == ()


def test_a_removed_item_is_added_again() -> None:
    trello = applied()
    trello.edit_template(
        "stock", lambda lists: (replace(lists[0], items=(lists[0].items[0], lists[0].items[2])), lists[1])
    )
    card, wanted = trello.template("stock"), TEXTS["stock"]
    assert wanted
    note, fill = trello.plan()
    assert (note.risk, fill.risk) == (Risk.ADDITIVE, Risk.ADDITIVE)
    left = (Checklist("Étapes", ("compter", "commander")), CHECK)
    mended(
        trello,
        bind(trello, "stock", card.id, left),
        FillTemplateCard(board="weekly", task="stock", checklists=wanted.checklists),
    )


def test_a_removed_checklist_is_added_again() -> None:
    trello = applied()
    trello.edit_template("stock", lambda lists: lists[1:])
    card, wanted = trello.template("stock"), TEXTS["stock"]
    assert wanted
    mended(
        trello,
        bind(trello, "stock", card.id, (CHECK,)),
        FillTemplateCard(board="weekly", task="stock", checklists=wanted.checklists),
    )


def renamed(lists: tuple[TrelloChecklist, ...]) -> tuple[TrelloChecklist, ...]:
    return (lists[0], replace(lists[1], items=(replace(lists[1].items[0], title="relire deux fois"),)))


def reordered(lists: tuple[TrelloChecklist, ...]) -> tuple[TrelloChecklist, ...]:
    first, second, third = lists[0].items
    items = (replace(second, position=1.0), first, third)
    return (replace(lists[0], items=items), lists[1])


def swapped(lists: tuple[TrelloChecklist, ...]) -> tuple[TrelloChecklist, ...]:
    return (replace(lists[1], position=1.0), lists[0])


def extended(lists: tuple[TrelloChecklist, ...]) -> tuple[TrelloChecklist, ...]:
    return (*lists, TrelloChecklist("theirs", "En plus", 9 * GAP, ()))


@pytest.mark.parametrize("edit", [renamed, reordered, swapped, extended])
def test_what_adding_cannot_mend_is_replaced_by_a_person(edit: Callable[..., Any]) -> None:
    trello = applied()
    trello.edit_template("stock", edit)
    card, wanted = trello.template("stock"), TEXTS["stock"]
    assert wanted
    mended(
        trello,
        bind(trello, "stock", card.id, checklists_of(card)),
        CreateTemplateCard(
            board="weekly",
            key="stock",
            theme="operations",
            text=wanted,
            risk=Risk.CAREFUL,
            replaces=card.id,
        ),
        FillTemplateCard(board="weekly", task="stock", checklists=wanted.checklists, risk=Risk.CAREFUL),
        ArchiveTemplateCard(board="weekly", task="stock", card_id=card.id),
    )
    assert trello.cards[card.id].closed


def test_a_template_card_with_a_tick_is_no_source_of_copies() -> None:
    """Nobody knows whether a copy keeps the tick."""
    trello = applied()
    first, second = trello.template("stock").checklists or ()
    ticked = replace(first, items=(replace(first.items[0], complete=True), *first.items[1:]))
    trello.edit_template("stock", lambda _: (ticked, second))
    card = trello.template("stock")
    assert trello.plan()[0] == bind(trello, "stock", card.id, ())
    assert kinds(trello.plan())[1:] == ["CreateTemplateCard", "FillTemplateCard", "ArchiveTemplateCard"]
    trello.apply(trello.plan())
    assert trello.plan() == ()


def test_a_stale_template_card_is_known_as_stale_before_anybody_replaces_it() -> None:
    """Else cards would be copied from it as if it held what the task declares."""
    trello = applied()
    trello.edit_template("stock", renamed)
    trello.apply(Plan(trello.plan()).only({Risk.ADDITIVE}).changes)
    found = trello.bindings.get(Kind.TEMPLATE, "weekly", "stock")
    assert found
    assert found.fingerprint == fingerprint(checklists_of(trello.template("stock")))
    assert kinds(trello.plan()) == ["CreateTemplateCard", "FillTemplateCard", "ArchiveTemplateCard"]


def test_archives_come_last() -> None:
    trello = applied()
    trello.edit_template("stock", renamed)
    del trello.cards[trello.id(Kind.TEMPLATE, "links")]
    assert kinds(trello.plan()) == [
        "Bind",
        *["CreateTemplateCard", "FillTemplateCard"] * 2,
        "ArchiveTemplateCard",
    ]


@pytest.mark.parametrize("deleted", [True, False])
def test_a_deleted_or_archived_template_card_is_made_anew(deleted: bool) -> None:
    trello = applied()
    card, wanted = trello.template("links"), TEXTS["links"]
    assert wanted
    if deleted:
        del trello.cards[card.id]
    else:
        trello.cards[card.id] = replace(card, closed=True)
    create = CreateTemplateCard(
        board="weekly", key="links", theme="operations", text=wanted, replaces=card.id
    )
    fill = FillTemplateCard(board="weekly", task="links", checklists=wanted.checklists)
    mended(trello, create, fill)


def test_a_template_card_left_by_a_lost_answer_is_taken_over_and_filled() -> None:
    trello = applied()
    card, wanted = trello.template("links"), TEXTS["links"]
    assert wanted
    trello.cards[card.id] = replace(card, checklists=())
    trello.bindings = trello.bindings.without(Kind.TEMPLATE, "weekly", "links")
    mended(
        trello,
        bind(trello, "links", card.id, ()),
        FillTemplateCard(board="weekly", task="links", checklists=wanted.checklists),
    )


def test_the_bound_card_is_kept_where_a_person_made_a_copy_of_it() -> None:
    trello = applied()
    trello.cards["copy"] = replace(trello.template("links"), id="copy", is_template=False)
    assert trello.plan() == ()


def test_a_working_copy_of_a_template_card_is_not_made_the_template() -> None:
    trello = applied()
    card = trello.template("links")
    trello.cards["copy"] = replace(card, id="copy", is_template=False)
    del trello.cards[card.id]
    assert kinds(trello.plan()) == ["CreateTemplateCard", "FillTemplateCard"]


def test_going_over_to_another_marked_card_is_one_decision_of_a_person() -> None:
    trello = applied()
    card = trello.template("stock")
    trello.cards["twin"] = replace(card, id="twin")
    trello.edit_template("stock", renamed)
    note, *others = trello.plan()
    assert note == bind(trello, "stock", card.id, checklists_of(trello.template("stock")))
    assert [(type(c).__name__, c.risk) for c in others] == [
        ("Bind", Risk.CAREFUL),
        ("ArchiveTemplateCard", Risk.CAREFUL),
    ]
    trello.apply((note, *others))
    assert trello.plan() == ()
    assert trello.id(Kind.TEMPLATE, "stock") == "twin"


def test_the_template_card_of_a_retired_task_is_archived_by_a_person() -> None:
    trello = applied()
    card = trello.template("links")
    mended(
        trello,
        RetireTemplateCard(board="weekly", task="links", card_id=card.id),
        one=board("stock"),
        texts={"stock": TEXTS["stock"]},
    )
    assert trello.plan(board("stock"), {"stock": TEXTS["stock"]}) == ()


def test_a_template_card_that_is_gone_when_its_task_retires_is_forgotten() -> None:
    trello = applied()
    del trello.cards[trello.id(Kind.TEMPLATE, "links")]
    mended(
        trello,
        Unbind(board="weekly", kind=Kind.TEMPLATE, key="links"),
        one=board("stock"),
        texts={"stock": TEXTS["stock"]},
    )


def test_a_task_that_needs_no_template_card_any_more_gives_it_up() -> None:
    trello = applied()
    card = trello.template("links")
    mended(
        trello,
        ArchiveTemplateCard(board="weekly", task="links", card_id=card.id),
        texts={**TEXTS, "links": None},
    )


@pytest.mark.parametrize(
    ("items", "by_adding"),
    [
        (("compter", "ranger", "commander", "noter"), True),
        (("noter", "compter", "ranger", "commander"), False),
        (("compter", "noter", "ranger", "commander"), False),
        (("compter", "commander"), False),
    ],
)
def test_a_declared_edit_is_added_where_the_new_items_find_their_place(
    items: tuple[str, ...], by_adding: bool
) -> None:
    """An item goes to the place of its number; where that is taken, the order could not be told."""
    trello = applied()
    texts: Texts = {**TEXTS, "stock": text("stock", Checklist("Étapes", items), CHECK)}
    plan = trello.plan(texts=texts)
    assert kinds(plan) == (
        ["FillTemplateCard"]
        if by_adding
        else ["CreateTemplateCard", "FillTemplateCard", "ArchiveTemplateCard"]
    )
    trello.apply(plan)
    assert trello.plan(texts=texts) == ()
    assert checklists_of(trello.template("stock"))[0].items == items


# ---- properties -------------------------------------------------------------------------------------

_POSITIONS = st.floats(-GAP, 6 * GAP) | st.sampled_from([0.0, GAP, 2 * GAP])
_TITLES = st.sampled_from(["À faire", "En cours", "Terminé", "Opérationnel", "autre", ""])


def _pick(data: st.DataObject, some: dict[str, Any]) -> str | None:
    return data.draw(st.sampled_from(sorted(some))) if some else None


def drift_list(trello: Trello, data: st.DataObject) -> None:
    chosen = _pick(data, trello.lists)
    match data.draw(st.sampled_from(["delete", "edit", "edit", "add"])):
        case "delete" if chosen:
            del trello.lists[chosen]
        case "edit" if chosen:
            title, closed = data.draw(_TITLES), data.draw(st.booleans())
            trello.lists[chosen] = TrelloList(chosen, title, closed, data.draw(_POSITIONS))
        case _:
            made = trello._new("list")
            trello.lists[made] = TrelloList(
                made, data.draw(_TITLES), data.draw(st.booleans()), data.draw(_POSITIONS)
            )


def drift_label(trello: Trello, data: st.DataObject) -> None:
    chosen = _pick(data, trello.labels)
    colour = data.draw(st.sampled_from(["green", "blue", "black", None]))
    match data.draw(st.sampled_from(["delete", "edit", "add"])):
        case "delete" if chosen:
            del trello.labels[chosen]
        case "edit" if chosen:
            trello.labels[chosen] = TrelloLabel(chosen, data.draw(_TITLES), colour)
        case _:
            made = trello._new("label")
            trello.labels[made] = TrelloLabel(made, data.draw(_TITLES), colour)


def drift_member(trello: Trello, data: st.DataObject) -> None:
    chosen = _pick(data, trello.members)
    if chosen and data.draw(st.booleans()):
        del trello.members[chosen]
    elif chosen and data.draw(st.booleans()):
        trello.members[chosen] = replace(trello.members[chosen], username=f"renamed_{chosen}")
    else:
        made = trello._new("member")
        trello.members[made] = Member(made, data.draw(st.sampled_from(["KARIM", "autre"])), "")


def drift_board(trello: Trello, data: st.DataObject) -> None:
    if trello.summary:
        title, closed = data.draw(_TITLES), data.draw(st.booleans())
        trello.summary = replace(trello.summary, title=title, closed=closed)
        trello.visibility = data.draw(st.sampled_from(["org", "private", "public"]))
        if data.draw(st.integers(0, 9)) == 9:
            trello.lose()


def drift_card(trello: Trello, data: st.DataObject) -> None:
    chosen = _pick(data, trello.cards)
    if not chosen:
        return
    card = trello.cards[chosen]
    match data.draw(st.sampled_from(["delete", "archive", "edit", "copy", "working copy"])):
        case "delete":
            del trello.cards[chosen]
        case "archive":
            trello.cards[chosen] = replace(card, closed=not card.closed)
        case "edit":
            description = data.draw(st.sampled_from([card.description, "", f"{card.description} !"]))
            trello.cards[chosen] = replace(card, title=data.draw(_TITLES), description=description)
        case what:
            made = trello._new("card")
            trello.cards[made] = replace(card, id=made, is_template=what == "copy")


def drift_checklists(trello: Trello, data: st.DataObject) -> None:
    chosen = _pick(data, trello.cards)
    if not chosen:
        return
    card = trello.cards[chosen]
    found = data.draw(st.permutations(card.checklists or ()))
    kept = found[: data.draw(st.integers(0, len(found)))] if data.draw(st.booleans()) else found
    lists = [_edited(checklist, data) for checklist in kept]
    trello.cards[chosen] = replace(card, checklists=tuple(sorted(lists, key=lambda one: one.position)))


def _edited(checklist: TrelloChecklist, data: st.DataObject) -> TrelloChecklist:
    items = [item for item in checklist.items if data.draw(st.integers(0, 4))]
    match data.draw(st.sampled_from(["keep", "title", "position", "item", "items"])):
        case "title":
            checklist = replace(checklist, title=data.draw(st.sampled_from(["Étapes", "Contrôle", "X"])))
        case "position":
            checklist = replace(checklist, position=data.draw(_POSITIONS))
        case "item" if items:
            items[0] = replace(items[0], title=data.draw(st.sampled_from(["relire", "ranger"])))
        case "items":
            items = [replace(item, position=data.draw(_POSITIONS)) for item in items]
    return replace(checklist, items=tuple(sorted(items, key=lambda item: item.position)))


def drift_store(trello: Trello, data: st.DataObject) -> None:
    """A restored backup, or a crash between an effect and its record: bindings are missing."""
    kept = [binding for binding in trello.bindings if data.draw(st.integers(0, 3))]
    trello.bindings = Bindings.of(kept)


_DRIFTS = st.lists(
    st.sampled_from(
        [drift_list, drift_label, drift_member, drift_board, drift_card, drift_checklists, drift_store]
    ),
    min_size=1,
    max_size=6,
)
_ITEMS = st.lists(st.sampled_from(["relire", "compter", "ranger", "noter"]), max_size=5).map(tuple)
_CHECKLISTS = st.lists(
    st.builds(Checklist, st.sampled_from(["Étapes", "Contrôle"]), _ITEMS), min_size=1, max_size=3
)
_TEXTS = st.fixed_dictionaries(
    {key: st.none() | _CHECKLISTS.map(lambda some, key=key: text(key, *some)) for key in ("stock", "links")}
)
_BOARDS = st.builds(
    lambda tasks, lists: board(*tasks, lists=tuple(lists)),
    st.sampled_from([("stock", "links"), ("links", "stock"), ("stock",), ()]),
    st.permutations([*LISTS, BoardList("wait", "En attente")]).map(lambda lists: lists[:3]),
)


@settings(max_examples=examples(200))
@given(_DRIFTS, st.data())
def test_whatever_people_do_one_plan_mends_it(
    drifts: list[Callable[[Trello, st.DataObject], None]], data: st.DataObject
) -> None:
    trello = applied()
    for drift in drifts:
        drift(trello, data)
    trello.apply(trello.plan())
    assert trello.plan() == ()


@settings(max_examples=examples(150))
@given(_TEXTS, _DRIFTS, _BOARDS, _TEXTS, st.data())
def test_whatever_people_do_and_is_declared_one_plan_mends_it(
    before: Texts,
    drifts: list[Callable[[Trello, st.DataObject], None]],
    one: Board,
    after: Texts,
    data: st.DataObject,
) -> None:
    trello = applied(before)
    assert trello.plan(texts=before) == ()
    for drift in drifts:
        drift(trello, data)
    trello.apply(trello.plan(one, after))
    assert trello.plan(one, after) == ()
    for key in (task.key for task in one.tasks if after[task.key]):
        wanted = after[key]
        assert wanted
        assert checklists_of(trello.template(key)) == wanted.checklists


@settings(max_examples=examples(150))
@given(_DRIFTS, st.data())
def test_what_the_daemon_does_alone_never_undoes_what_people_did(
    drifts: list[Callable[[Trello, st.DataObject], None]], data: st.DataObject
) -> None:
    """Unattended changes add and bind; they rename, move, archive and reopen nothing."""
    trello = applied()
    for drift in drifts:
        drift(trello, data)
    before = replace(trello, lists=dict(trello.lists), labels=dict(trello.labels), cards=dict(trello.cards))
    trello.apply(Plan(trello.plan()).only({Risk.ADDITIVE, Risk.HOUSEKEEPING}).changes)
    assert before.lists.items() <= trello.lists.items()
    assert before.labels.items() <= trello.labels.items()
    assert before.summary in (None, trello.summary)
    for card_id, card in before.cards.items():
        now = trello.cards[card_id]
        assert replace(now, checklists=card.checklists) == card
        assert {c.id for c in card.checklists or ()} <= {c.id for c in now.checklists or ()}
    trello.apply(trello.plan())
    assert trello.plan() == ()

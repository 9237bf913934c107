"""A board that people made, taken for a declared one: what stands for what, and what speaks against it."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from shop_kit import daily_task, workspace_of

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.marker import board_marker
from trello_ops.core.planning.adoption import Adoption, adoption
from trello_ops.core.trello import BoardSummary, Card, Member, Snapshot, TrelloLabel, TrelloList
from trello_ops.messages import translated
from trello_ops.render.i18n import ENGLISH

NOW = dt.datetime(2026, 11, 16, tzinfo=dt.UTC)
HERE = "5f" * 12
WORKSPACE = workspace_of(daily_task("parcels"))
BOARD = WORKSPACE.boards[0]
THEIRS = BoardSummary("b1", "Boutique", "Notre tableau", False, "https://trello.com/b/aaaa1111", NOW)


def lists(*titles: str) -> tuple[TrelloList, ...]:
    """Those in brackets are archived."""
    return tuple(
        TrelloList(f"l{n}", title.strip("[]"), title.startswith("["), float(n))
        for n, title in enumerate(titles, start=1)
    )


def labels(*these: tuple[str, str | None]) -> tuple[TrelloLabel, ...]:
    return tuple(TrelloLabel(f"c{n}", title, colour) for n, (title, colour) in enumerate(these, start=1))


def seen(**parts: Any) -> Snapshot:
    empty = Snapshot(THEIRS, HERE, "org", (), (), (), ())
    return replace(empty, **parts)


def adopted(snapshot: Snapshot, *bound: Binding) -> Adoption:
    return adoption(WORKSPACE, BOARD, Bindings.of(bound), snapshot, HERE)


def taken(found: Adoption, kind: Kind) -> dict[str, str]:
    return {each.key: each.trello_id for each in found.taken if each.kind is kind}


def said(texts: tuple[str, ...]) -> list[str]:
    return [translated(text, ENGLISH) for text in texts]


def bound(kind: Kind, key: str, trello_id: str, board: str = "daily") -> Binding:
    return Binding(kind, board, key, trello_id, NOW)


# ---- lists ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    ["À faire", "à faire", "A FAIRE", "À\u00a0faire", "À\u202ffaire", "  A\u0300  Faire ", "À fai\u00adre"],
)
def test_a_list_is_known_by_its_title_as_people_read_it(title: str) -> None:
    found = adopted(seen(lists=lists("Idées", title, "Archives")))
    assert taken(found, Kind.LIST) == {"todo": "l2"}
    assert found.reasons == ()


@pytest.mark.parametrize("title", ["Affaire", "À faire !", "Faire", ""])
def test_another_title_is_another_list(title: str) -> None:
    assert taken(adopted(seen(lists=lists(title))), Kind.LIST) == {}


def test_of_two_lists_the_one_of_the_very_title_is_taken_and_the_other_named() -> None:
    found = adopted(seen(lists=lists("A faire", "À faire")))
    assert taken(found, Kind.LIST) == {"todo": "l2"}
    assert found.reasons == ()
    assert said(found.notes) == ["other lists called alike stay as they are: “A faire”"]


@pytest.mark.parametrize("titles", [("À faire", "À faire"), ("A faire", "à faire")])
def test_of_two_lists_that_fit_equally_well_none_is_taken(titles: tuple[str, str]) -> None:
    found = adopted(seen(lists=lists(*titles, "Terminé")))
    assert taken(found, Kind.LIST) == {"done": "l3"}
    shown = ", ".join(f"“{title}”" for title in titles)
    assert said(found.reasons) == [f"several lists may be todo: {shown}. Rename or archive all but one"]


def test_a_list_in_the_archive_stays_there() -> None:
    found = adopted(seen(lists=lists("[Terminé]")))
    assert taken(found, Kind.LIST) == {}
    assert said(found.notes) == ["the archived list “Terminé” stays in the archive: a new one is made"]


def test_an_archived_list_beside_an_open_one_of_its_title_is_no_matter() -> None:
    found = adopted(seen(lists=lists("[Terminé]", "terminé")))
    assert taken(found, Kind.LIST) == {"done": "l2"}
    assert found.notes == ()


# ---- labels -----------------------------------------------------------------------------------------


def test_a_label_is_known_by_its_title_whatever_its_colour() -> None:
    found = adopted(seen(labels=labels(("operationnel", "pink"), ("EXCUSÉ", None))))
    assert taken(found, Kind.LABEL) == {"operations": "c1", "excused": "c2"}
    assert [(each.title, each.detail) for each in found.taken if each.kind is Kind.LABEL] == [
        ("operationnel", "pink"),
        ("EXCUSÉ", ""),
    ]


@pytest.mark.parametrize(
    "these",
    [
        (("Opérationnel", "pink"), ("Opérationnel", "orange")),
        (("OPERATIONNEL", "orange"), ("Opérationnel", "red")),
        (("OPERATIONNEL", "red"), ("operationnel", "orange")),
    ],
)
def test_of_two_labels_title_goes_before_colour_and_the_other_is_named(
    these: tuple[tuple[str, str], ...],
) -> None:
    found = adopted(seen(labels=labels(*these)))
    assert taken(found, Kind.LABEL) == {"operations": "c2"}
    assert said(found.notes) == [
        f"other labels called alike stay as they are: “{these[0][0]}” ({these[0][1]})"
    ]


@pytest.mark.parametrize("colours", [("pink", "red"), ("orange", "orange"), (None, "red")])
def test_of_two_labels_that_fit_equally_well_none_is_taken(colours: tuple[str | None, str]) -> None:
    found = adopted(seen(labels=labels(*(("Opérationnel", colour) for colour in colours))))
    assert taken(found, Kind.LABEL) == {}
    (reason,) = said(found.reasons)
    assert reason.startswith("several labels may be operations: “Opérationnel”")
    assert "(red)" in reason or "(orange)" in reason


def test_a_label_without_a_name_is_nobodys() -> None:
    found = adopted(seen(labels=labels(("", "orange"), (" ", "green"))))
    assert taken(found, Kind.LABEL) == {}
    assert said(found.notes) == [
        "labels without a name stay as they are, and named ones are made beside them: orange"
    ]


# ---- people, cards, the board itself ----------------------------------------------------------------


def test_members_are_taken_by_their_usernames() -> None:
    members = (Member("m1", "Amal_Zina", "Amal"), Member("m2", "stranger", ""))
    found = adopted(seen(members=members))
    (person,) = [each for each in found.taken if each.kind is Kind.PERSON]
    assert (person.key, person.trello_id, person.title) == ("amal", "m1", "@Amal_Zina")
    assert person.binding("daily", NOW).fingerprint == "amal_zina"


def test_the_board_comes_first_and_is_bound_as_one_that_was_found() -> None:
    board, *_ = adopted(seen(lists=lists("À faire"))).taken
    binding = board.binding("daily", NOW)
    assert (binding.kind, binding.trello_id, binding.url) == (Kind.BOARD, "b1", THEIRS.url)
    assert binding.adopted
    assert not any(each.binding("daily", NOW).adopted for each in adopted(seen()).taken[1:])


def card(description: str) -> Card:
    text = "trello-ops"
    return Card(
        id=text, url=text, title=text, description=description, board_id="b1", list_id="l1", label_ids=(),
        member_ids=(), start=None, due=None, ticked=False, closed=False, is_template=False, item_count=0,
        created_at=NOW,
    )  # fmt: skip


def test_the_boards_own_cards_are_told_of() -> None:
    cards = (card("Merci"), card(""), card("trello-ops:card:zina/daily/parcels/2026-11-16"))
    assert said(adopted(seen(cards=cards)).notes) == [
        "2 cards that stand there stay as they are, and are never counted"
    ]


def test_what_is_bound_is_not_taken_again() -> None:
    before = (
        bound(Kind.BOARD, "", "b1"),
        bound(Kind.LIST, "todo", "l1"),
        bound(Kind.LABEL, "operations", "c1"),
        Binding(Kind.PERSON, "daily", "amal", "m1", NOW, "amal_zina"),
    )
    things = seen(
        lists=lists("Renommée", "À faire"),
        labels=labels(("Renommée", "red"), ("Opérationnel", "orange")),
        members=(Member("m1", "amal_zina", ""),),
    )
    assert adopted(things, *before) == Adoption(())


def test_what_was_bound_on_a_board_that_is_gone_is_taken_here() -> None:
    before = (bound(Kind.BOARD, "", "gone"), bound(Kind.LIST, "todo", "gone-list"))
    found = adopted(seen(lists=lists("À faire")), *before)
    assert taken(found, Kind.BOARD) == {"": "b1"}
    assert taken(found, Kind.LIST) == {"todo": "l1"}


# ---- what speaks against it -------------------------------------------------------------------------


def described(text: str) -> Snapshot:
    return seen(board=replace(THEIRS, description=text))


def test_a_board_of_another_board_file_is_refused() -> None:
    (reason,) = said(adopted(seen(), bound(Kind.BOARD, "", "b1", board="weekly")).reasons)
    assert reason == "it is the board of weekly already"


@pytest.mark.parametrize("marker", [board_marker("other", "daily"), board_marker("zina", "weekly")])
def test_a_board_that_bears_anothers_marker_is_refused(marker: str) -> None:
    (reason,) = said(adopted(described(f"Bonjour\n\n{marker}")).reasons)
    workspace, key = marker.rpartition(":")[2].split("/")
    assert reason.startswith(f"its description says that it is the board {key} of the workspace {workspace}.")


@pytest.mark.parametrize("key", ["daily", "everyday"])
def test_a_board_that_bears_our_own_marker_is_fine_under_a_former_key_too(key: str) -> None:
    board = replace(BOARD, was=("everyday",))
    found = adoption(WORKSPACE, board, Bindings(), described(board_marker("zina", key)), HERE)
    assert found.reasons == ()


@pytest.mark.parametrize("place", [None, "6a" * 12])
def test_a_board_outside_the_declared_trello_workspace_is_refused(place: str | None) -> None:
    (reason,) = said(adopted(seen(workspace_id=place)).reasons)
    assert reason.startswith("it is not in the Trello Workspace zinaobeldi: move it there")


def test_every_reason_is_told_at_once() -> None:
    found = adopted(
        seen(
            workspace_id=None,
            lists=lists("À faire", "À faire"),
            labels=labels(("Excusé", "red"), ("Excusé", "pink")),
        ),
        bound(Kind.BOARD, "", "b1", board="weekly"),
    )
    assert len(found.reasons) == 4

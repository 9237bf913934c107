"""Declared values."""

from zoneinfo import ZoneInfo

from trello_ops.core.card_text import CardText, Checklist
from trello_ops.core.declared import COLOURS, ReportPolicy, Theme, Workspace
from trello_ops.core.people import Person

OPERATIONS, EXCUSED = Theme("operations", "Opérationnel", "green"), Theme("excused", "Excusé", "black")
WORKSPACE = Workspace(
    key="zina",
    name="Zina ô Beldi",
    trello_workspace="zina",
    locale="fr",
    timezone=ZoneInfo("Africa/Casablanca"),
    people=(Person("amina", "Amina_B", "Amina"),),
    themes=(OPERATIONS,),
    excused=EXCUSED,
    report=ReportPolicy(()),
    boards=(),
)


def test_trello_has_thirty_label_colours() -> None:
    assert len(set(COLOURS)) == 30
    assert {"green", "sky_light", "black_dark"} <= set(COLOURS)


def test_a_person_is_known_by_username_without_case() -> None:
    found = WORKSPACE.person_of("AMINA_b")
    assert found is WORKSPACE.person("amina")
    assert WORKSPACE.person_of("amina") is None


def test_a_board_carries_the_themes_and_the_excused_label() -> None:
    assert WORKSPACE.labels == (OPERATIONS, EXCUSED)
    assert (WORKSPACE.theme("operations"), WORKSPACE.theme("excused")) == (OPERATIONS, None)
    assert WORKSPACE.board("weekly") is None


def test_a_text_counts_the_items_of_all_its_checklists() -> None:
    assert CardText("", "", (Checklist("A", ("a", "b")), Checklist("B", ("c",)))).item_count == 3
    assert CardText("", "").item_count == 0

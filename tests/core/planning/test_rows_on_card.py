"""Which rows a card lacks, and where they go, whatever people have made of its checklists."""

from dataclasses import replace

from card_kit import card_in

from trello_ops.core.planning.checklists import GAP
from trello_ops.core.planning.rows_on_card import rows_on_card
from trello_ops.core.rows import RowItem
from trello_ops.core.trello import Card, TrelloCheckItem, TrelloChecklist

SOAP, OIL, CLAY = (RowItem(row, row.title(), "s") for row in ("soap", "oil", "clay"))


def checklist(name: str, title: str, *items: str, position: float = GAP) -> TrelloChecklist:
    """A checklist with items of these titles, whose ids are these in lower case."""
    found = (
        TrelloCheckItem(each.lower(), each, complete=False, position=GAP * n)
        for n, each in enumerate(items, 1)
    )
    return TrelloChecklist(name, title, position, tuple(found))


def card(*checklists: TrelloChecklist) -> Card:
    return replace(card_in("todo"), checklists=checklists)


def written(item: RowItem) -> RowItem:
    return replace(item, item_id=item.row)


def test_a_card_without_them_gets_a_checklist_below_the_others() -> None:
    lacks = rows_on_card(card(checklist("c1", "Colis", "Peser", position=3 * GAP)), "Vues", (SOAP, OIL))
    assert (lacks.checklist_id, lacks.position) == ("", 4 * GAP)
    assert lacks.missing == ((SOAP, GAP), (OIL, 2 * GAP))


def test_what_a_lost_attempt_left_is_found_and_the_rest_goes_below() -> None:
    lacks = rows_on_card(card(checklist("v", "Vues", "Soap", "Oil")), "Vues", (SOAP, OIL, CLAY))
    assert lacks.checklist_id == "v"
    assert lacks.found == ((SOAP, "soap"), (OIL, "oil"))
    assert lacks.missing == ((CLAY, 3 * GAP),)


def test_what_is_known_to_have_been_there_is_not_looked_for() -> None:
    lacks = rows_on_card(card(checklist("v", "Vues", "Oil")), "Vues", (written(SOAP), written(OIL)))
    assert (lacks.found, lacks.missing) == ((), ())


def test_two_rows_of_one_text_are_two_items() -> None:
    again = replace(OIL, row="other")
    lacks = rows_on_card(card(checklist("v", "Vues", "Oil")), "Vues", (OIL, again))
    assert (lacks.found, lacks.missing) == (((OIL, "oil"),), ((again, 2 * GAP),))
    lacks = rows_on_card(card(checklist("v", "Vues", "Oil")), "Vues", (written(OIL), again))
    assert (lacks.found, lacks.missing) == ((), ((again, 2 * GAP),))


def test_they_stay_together_in_a_checklist_that_somebody_renamed() -> None:
    other, theirs = checklist("o", "Vues", "Peser"), checklist("v", "À photographier", "Soap", "Oil")
    lacks = rows_on_card(card(other, theirs), "Vues", (written(SOAP), written(OIL), CLAY))
    assert (lacks.checklist_id, lacks.missing) == ("v", ((CLAY, 3 * GAP),))


def test_where_somebody_deleted_their_checklist_they_get_another() -> None:
    lacks = rows_on_card(card(checklist("c", "Colis", "Clay")), "Vues", (written(SOAP), CLAY))
    assert (lacks.checklist_id, lacks.found, lacks.missing) == ("", (), ((CLAY, GAP),))

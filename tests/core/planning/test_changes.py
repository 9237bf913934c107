"""What a change tells of itself."""

import json
from dataclasses import replace

import pytest
from plan_kit import CARD, LABEL, LIST, TEXT, archive, copy_of, template

from trello_ops.core.bindings import Kind
from trello_ops.core.planning.changes import (
    AddMember,
    Bind,
    Change,
    CreateBoard,
    CreateLabel,
    EditBoard,
    EditList,
    EditTemplateCard,
    FillTemplateCard,
    MoveCard,
    Risk,
    Unbind,
)
from trello_ops.core.planning.plan import change_as_dict


@pytest.mark.parametrize(
    ("change", "subject", "risk"),
    [
        (CreateBoard(board="daily", title="", description="", workspace=""), "daily", Risk.ADDITIVE),
        (EditBoard(board="daily", visible=True), "daily", Risk.CAREFUL),
        (LIST, "daily/list/todo", Risk.ADDITIVE),
        (EditList(board="daily", key="todo", reopen=True), "daily/list/todo", Risk.CAREFUL),
        (
            CreateLabel(board="daily", key="operations", title="", colour="red"),
            "daily/label/operations",
            Risk.ADDITIVE,
        ),
        (LABEL, "daily/label/operations", Risk.CAREFUL),
        (AddMember(board="daily", key="amina", username="a"), "daily/person/amina", Risk.CAREFUL),
        (template(1), "daily/template/t1", Risk.ADDITIVE),
        (EditTemplateCard(board="daily", task="t1", text=TEXT), "daily/template/t1", Risk.CAREFUL),
        (FillTemplateCard(board="daily", task="t1", checklists=()), "daily/template/t1", Risk.ADDITIVE),
        (archive(1), "daily/template/t1", Risk.CAREFUL),
        (CARD, "daily/parcels/2026-11-16", Risk.ADDITIVE),
        (copy_of(1), "daily/parcels/2026-11-16", Risk.DESTRUCTIVE),
        (replace(copy_of(1), risk=Risk.HOUSEKEEPING), "daily/parcels/2026-11-16", Risk.HOUSEKEEPING),
        (
            MoveCard(board="daily", key=CARD.key, card_id="c1", url="", to="late"),
            "daily/parcels/2026-11-16",
            Risk.HOUSEKEEPING,
        ),
        (Bind(board="daily", kind=Kind.LIST, key="todo", trello_id="l1"), "daily/list/todo", Risk.ADDITIVE),
        (Unbind(board="daily", kind=Kind.BOARD, key=""), "daily", Risk.ADDITIVE),
    ],
)
def test_a_change_names_its_subject_and_its_risk(change: Change, subject: str, risk: Risk) -> None:
    assert (change.subject, change.risk) == (subject, risk)


def test_a_change_tells_its_class_and_every_field_as_json() -> None:
    told = json.loads(json.dumps(change_as_dict(CARD)))
    assert told == {
        "change": "CreateCard",
        "subject": "daily/parcels/2026-11-16",
        "board": "daily",
        "risk": "additive",
        "key": "daily/parcels/2026-11-16",
        "theme": "operations",
        "assignees": ["amina"],
        "text": {
            "title": "Colis",
            "description": TEXT.description,
            "checklists": [{"title": "Faire", "items": ["a", "b"]}],
        },
        "start": "2026-11-15T23:00:00+00:00",
        "due": "2026-11-16T16:00:00+00:00",
        "copy_checklists": True,
        "remind": None,
        "place": None,
    }


def test_what_a_change_leaves_as_it_is_stays_null() -> None:
    told = change_as_dict(EditList(board="daily", key="todo", position=2.5))
    assert (told["title"], told["position"], told["reopen"]) == (None, 2.5, False)
    fill = change_as_dict(FillTemplateCard(board="daily", task="t", checklists=TEXT.checklists))
    assert json.loads(json.dumps(fill))["checklists"] == [{"title": "Faire", "items": ["a", "b"]}]

"""Plans: their checksum, their parts, their limits."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.bindings import Kind
from trello_ops.core.declared import CardText, Checklist
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.planning.changes import (
    EVERY_RISK,
    UNATTENDED,
    AddMember,
    ArchiveCard,
    ArchiveTemplateCard,
    Bind,
    Change,
    CreateBoard,
    CreateCard,
    CreateLabel,
    CreateList,
    CreateTemplateCard,
    EditBoard,
    EditLabel,
    EditList,
    EditTemplateCard,
    FillTemplateCard,
    MoveCard,
    Risk,
    Unbind,
    change_as_dict,
)
from trello_ops.core.planning.plan import Plan
from trello_ops.core.planning.safety import SafetyLimits, raise_if_unsafe
from trello_ops.errors import UnsafePlan

TEXT = CardText("Colis", "Préparer.\n\ntrello-ops:template:daily/parcels", (Checklist("Faire", ("a", "b")),))
LIST = CreateList(board="daily", key="todo", title="À faire", position=16384.0)
LABEL = EditLabel(board="daily", key="operations", title="Opérationnel", colour="green")
CARD = CreateCard(
    board="daily",
    key=OccurrenceKey("daily", "parcels", dt.date(2026, 11, 16)),
    theme="operations",
    assignees=("amina",),
    text=TEXT,
    start=dt.datetime(2026, 11, 15, 23, tzinfo=dt.UTC),
    due=dt.datetime(2026, 11, 16, 16, tzinfo=dt.UTC),
    copy_checklists=True,
)


def archive(number: int, board: str = "daily") -> ArchiveTemplateCard:
    return ArchiveTemplateCard(board=board, task=f"t{number}", card_id=f"c{number}")


def copy_of(number: int) -> ArchiveCard:
    return ArchiveCard(board="daily", key=CARD.key, card_id=f"c{number}", url="https://trello.com/c/1")


def template(number: int, board: str = "daily") -> CreateTemplateCard:
    return CreateTemplateCard(board=board, key=f"t{number}", theme="operations", text=TEXT)


# ---- changes ----------------------------------------------------------------------------------------


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
    }


def test_what_a_change_leaves_as_it_is_stays_null() -> None:
    told = change_as_dict(EditList(board="daily", key="todo", position=2.5))
    assert (told["title"], told["position"], told["reopen"]) == (None, 2.5, False)
    fill = change_as_dict(FillTemplateCard(board="daily", task="t", checklists=TEXT.checklists))
    assert json.loads(json.dumps(fill))["checklists"] == [{"title": "Faire", "items": ["a", "b"]}]


# ---- plans ------------------------------------------------------------------------------------------


def test_a_plan_counts_by_risk_and_gives_its_parts() -> None:
    plan = Plan((LIST, LABEL, archive(1), CARD))
    assert len(plan) == 4
    assert plan.counts == {
        Risk.ADDITIVE: 2,
        Risk.CAREFUL: 2,
        Risk.DESTRUCTIVE: 0,
        Risk.HOUSEKEEPING: 0,
    }
    assert plan.only(UNATTENDED).changes == (LIST, CARD)
    assert plan.only({Risk.CAREFUL}).changes == (LABEL, archive(1))
    assert plan.only(EVERY_RISK) == plan


def test_a_plan_has_the_same_checksum_on_every_machine() -> None:
    assert Plan().checksum == "4f53cda18c2baa0c"  # the SHA-256 of `[]`
    assert Plan((LIST, LABEL)).checksum == Plan((LIST, LABEL)).checksum
    assert len(Plan((LIST, LABEL, CARD)).checksum) == 16


def test_a_saved_plan_outlives_the_housekeeping_that_goes_on_meanwhile() -> None:
    put_away = replace(copy_of(1), risk=Risk.HOUSEKEEPING)
    assert Plan((LIST, put_away)).checksum == Plan((LIST,)).checksum
    assert Plan((LIST, copy_of(1))).checksum != Plan((LIST,)).checksum


def test_text_that_no_encoding_can_hold_has_a_checksum_too() -> None:
    hostile = CreateList(board="daily", key="todo", title="\ud800\x00", position=1.0)
    assert len(Plan((hostile,)).checksum) == 16


def test_the_checksum_minds_order_and_every_field() -> None:
    base = Plan((LIST, LABEL))
    others = [
        Plan((LABEL, LIST)),
        Plan((LIST,)),
        Plan((LIST, LABEL, LABEL)),
        Plan((CreateList(board="daily", key="todo", title="A faire", position=16384.0), LABEL)),
        Plan((CreateList(board="daily", key="todo", title="À faire", position=16385.0), LABEL)),
        Plan((CreateList(board="daily", key="todo", title="À faire", position=16384.0, replaces="x"), LABEL)),
    ]
    assert len({base.checksum, *(plan.checksum for plan in others)}) == len(others) + 1


# ---- limits -----------------------------------------------------------------------------------------


def check(changes: list[Change], owned: int = 0, limits: SafetyLimits | None = None) -> None:
    raise_if_unsafe(Plan(tuple(changes)), {"daily": owned}, limits or SafetyLimits())


def test_an_ordinary_plan_is_safe() -> None:
    check([])
    check([LIST, LABEL, CARD, archive(1)], owned=29)


def test_archiving_thirty_percent_is_safe_and_more_is_not() -> None:
    check([archive(n) for n in range(3)], owned=10)
    with pytest.raises(UnsafePlan) as refused:
        check([archive(n) for n in range(4)], owned=10)
    assert str(refused.value) == (
        "daily: would archive 40% of our cards (4 of 10), more than the 30% allowed.\n"
        "If this is what you want, say so with --force."
    )


def test_few_cards_may_all_be_archived() -> None:
    check([archive(n) for n in range(9)], owned=9)


def test_archived_cards_of_every_kind_count_together() -> None:
    cards = [copy_of(n) for n in range(2)]
    with pytest.raises(UnsafePlan, match="4 of 10"):
        check([*cards, archive(1), archive(2)], owned=10)


def test_housekeeping_is_never_too_much() -> None:
    check([replace(copy_of(n), risk=Risk.HOUSEKEEPING) for n in range(300)], owned=10)


def test_creating_fifty_cards_is_safe_and_more_is_not() -> None:
    check([template(n) for n in range(50)])
    with pytest.raises(UnsafePlan, match="daily: would create 51 cards at once, more than the 50 allowed"):
        check([*(template(n) for n in range(50)), CARD])


def test_boards_are_weighed_one_by_one_and_all_that_is_unsafe_is_told() -> None:
    check([*(template(n) for n in range(30)), *(template(n, "weekly") for n in range(30))])
    changes = [*(template(n, "weekly") for n in range(51)), *(archive(n) for n in range(10))]
    with pytest.raises(UnsafePlan) as refused:
        check(changes, owned=10)
    first, second, hint = str(refused.value).splitlines()
    assert first.startswith("daily: would archive 100%")
    assert second.startswith("weekly: would create 51 cards")
    assert "--force" in hint


def test_limits_are_settings() -> None:
    strict = SafetyLimits(archive_share=0.0, archive_floor=1, created_per_board=0)
    with pytest.raises(UnsafePlan):
        check([archive(1)], owned=1, limits=strict)
    with pytest.raises(UnsafePlan):
        check([template(1)], limits=strict)


@given(st.integers(0, 60), st.integers(0, 60))
def test_archiving_is_refused_beyond_the_share_of_enough_cards(archived: int, owned: int) -> None:
    too_much = owned >= 10 and archived * 10 > owned * 3
    try:
        check([archive(n) for n in range(archived)], owned=owned)
    except UnsafePlan:
        assert too_much
    else:
        assert not too_much

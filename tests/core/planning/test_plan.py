"""Plans: their checksum and their parts."""

from dataclasses import replace

from plan_kit import CARD, LABEL, LIST, archive, copy_of

from trello_ops.core.planning.changes import EVERY_RISK, UNATTENDED, CreateList, Risk
from trello_ops.core.planning.plan import Plan


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

"""A plan as a person reads it before `apply`, and as a program does."""

import datetime as dt
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.bindings import Kind
from trello_ops.core.card_text import CardText, Checklist
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.planning import changes as core
from trello_ops.core.planning.amendments import FrozenCard, Reason
from trello_ops.core.planning.card_parts import Edit, Part
from trello_ops.core.planning.changes import Risk
from trello_ops.core.planning.plan import Plan
from trello_ops.render import plan as render
from trello_ops.render.i18n import Translator

STEPS = (Checklist("Étapes", ("compter", "ranger")),)
TEXT = CardText("Modèle : stock", "…", STEPS)
NOON = dt.datetime(2026, 11, 20, 16, 0, tzinfo=dt.UTC)
KEY = OccurrenceKey("weekly", "stock", dt.date(2026, 11, 16))
URL = "https://trello.com/c/abc"


def archive(risk: Risk = Risk.DESTRUCTIVE) -> core.ArchiveCard:
    return core.ArchiveCard(board="weekly", key=KEY, card_id="5f00", url=URL, risk=risk)


SENTENCES = {
    core.CreateBoard(board="weekly", title="Semaine", description="…", workspace="zina"): (
        "+ create board “Semaine” in Trello Workspace zina"
    ),
    core.EditBoard(board="weekly", title="Semaine"): "~ board: rename to “Semaine”",
    core.EditBoard(board="weekly", visible=True, reopen=True): (
        "~ board: open it again, make visible to its Trello Workspace"
    ),
    core.CreateList(board="weekly", key="todo", title="À faire", position=1): "+ create list todo “À faire”",
    core.EditList(board="weekly", key="todo", title="À faire", position=2, reopen=True): (
        "~ list todo: take out of the archive, rename to “À faire”, move to its place"
    ),
    core.CreateLabel(board="weekly", key="ops", title="Opérationnel", colour="sky"): (
        "+ create label ops “Opérationnel” (sky)"
    ),
    core.EditLabel(board="weekly", key="ops", title="Opérationnel", colour="sky"): (
        "~ label ops: make it “Opérationnel” (sky)"
    ),
    core.AddMember(board="weekly", key="leila", username="leila_b"): "~ add member leila (@leila_b)",
    core.CreateTemplateCard(board="weekly", key="stock", theme="ops", text=TEXT): (
        "+ create template card of stock “Modèle : stock”, check items: 2"
    ),
    core.CreateTemplateCard(board="weekly", key="mail", theme="ops", text=CardText("Courrier", "…")): (
        "+ create template card of mail “Courrier”"
    ),
    core.EditTemplateCard(board="weekly", task="stock", text=TEXT): (
        "~ template card of stock: write its title “Modèle : stock” and description"
    ),
    core.FillTemplateCard(board="weekly", task="stock", checklists=STEPS): (
        "+ template card of stock: add what is missing, check items: 2"
    ),
    core.ArchiveTemplateCard(board="weekly", task="stock", card_id="5f00"): (
        "~ archive template card of stock (card 5f00)"
    ),
    core.CreateCard(
        board="weekly",
        key=KEY,
        theme="ops",
        assignees=(),
        text=CardText("Inventaire", "…"),
        start=NOON,
        due=NOON,
        copy_checklists=True,
    ): "+ create card weekly/stock/2026-11-16 “Inventaire”, due 2026-11-20 16:00 UTC",
    core.AddChecklist(board="weekly", card_id="5f00", title="Étapes", position=1): (
        "+ card 5f00: add checklist “Étapes”"
    ),
    core.AddComment(board="weekly", key=KEY, card_id="5f00", text="@amal"): "+ card 5f00: write a comment",
    core.AddCheckItem(board="weekly", card_id="5f00", checklist_id="5f01", title="compter", position=1): (
        "+ card 5f00: add check item “compter”"
    ),
    core.AddAssignee(board="weekly", key=KEY, person="leila", card_id="5f00", url=URL): (
        f"+ card weekly/stock/2026-11-16: add leila, to whom it was issued ({URL})"
    ),
    archive(): f"! archive a copy of card weekly/stock/2026-11-16 ({URL})",
    archive(Risk.HOUSEKEEPING): f"· archive card weekly/stock/2026-11-16 ({URL})",
    core.MoveCard(board="weekly", key=KEY, card_id="5f00", url=URL, to="late"): (
        f"· move card weekly/stock/2026-11-16 to list late ({URL})"
    ),
    core.RemoveMember(board="weekly", card_id="5f00", member_id="5f01"): (
        "+ card 5f00: take member 5f01 off"
    ),
    core.AmendCard(
        board="weekly",
        key=KEY,
        card_id="5f00",
        url=URL,
        name=Edit("Stock", "Inventaire"),
        title=Edit("Stock, semaine 47", "Inventaire, semaine 47"),
        text=Edit("avant", "après"),
        due=Edit(NOON, NOON + dt.timedelta(days=1)),
        start=Edit(NOON - dt.timedelta(hours=3), NOON),
        people=Edit(("leila",), ()),
        checklists=STEPS,
        items=("compter",),
        by_hand=(Part.TEXT,),
    ): (
        f"~ amend card weekly/stock/2026-11-16 ({URL}): title “Stock, semaine 47” → “Inventaire, semaine 47”;"
        " due 2026-11-20 16:00 → 2026-11-21 16:00 UTC; start 2026-11-20 13:00 → 2026-11-20 16:00 UTC;"
        " people leila → nobody; text;"
        " add check items “compter”; its text stays, as somebody changed it"
    ),
    core.AmendCard(
        board="weekly", key=KEY, card_id="5f00", url=URL, name=Edit("Stock", "Inventaire")
    ): f"~ amend card weekly/stock/2026-11-16 ({URL}): in reports “Stock” → “Inventaire”",
    core.AmendCard(board="weekly", key=KEY, card_id="5f00", url=URL): (
        f"~ amend card weekly/stock/2026-11-16 ({URL}): only the ledger: the card is as it should be"
    ),
    core.Bind(board="weekly", kind=Kind.LIST, key="todo", trello_id="5f02"): (
        "+ take the list todo that is already there for ours (5f02)"
    ),
    core.Bind(board="weekly", kind=Kind.BOARD, key="", trello_id="5f02"): (
        "+ take the board that is already there for ours (5f02)"
    ),
    core.Unbind(board="weekly", kind=Kind.LABEL, key="ops"): (
        "+ forget the label ops, which is gone from Trello"
    ),
    core.EditBoard(board="weekly", description="…"): "~ board: write its key into the description",
    core.RetireTemplateCard(board="weekly", task="stock", card_id="5f00"): (
        "~ archive template card of stock, which has left (card 5f00)"
    ),
    core.ArchiveWithdrawn(board="weekly", key=KEY, card_id="5f00", url=URL): (
        f"! archive card {KEY}, which the files no longer name ({URL})"
    ),
}


@pytest.mark.parametrize(("change", "sentence"), SENTENCES.items(), ids=lambda value: type(value).__name__)
def test_a_change_in_words(change, sentence):
    assert render.text(Plan((change,))).splitlines()[:2] == ["weekly", f"  {sentence}"]


def test_every_kind_of_change_has_words():
    kinds = {kind for kind in vars(core).values() if isinstance(kind, type) and issubclass(kind, core.Change)}
    abstract = {core.Change, core.PartChange, core.TemplateCardChange, core.CardChange, core.BindingChange}
    assert {type(change) for change in SENTENCES} == kinds - abstract - {core.Creation}


def test_boards_stand_together_in_the_order_of_the_plan():
    changes = (
        core.CreateList(board="weekly", key="todo", title="À faire", position=1),
        core.CreateList(board="daily", key="todo", title="À faire", position=1),
        archive(),
    )
    plan = Plan(changes)
    assert render.text(plan) == (
        "weekly\n"
        "  + create list todo “À faire”\n"
        f"  ! archive a copy of card weekly/stock/2026-11-16 ({URL})\n"
        "\n"
        "daily\n"
        "  + create list todo “À faire”\n"
        "\n"
        f"3 changes: + 2 additive, ! 1 destructive. Checksum {plan.checksum}.\n"
    )


def test_an_empty_plan():
    assert render.text(Plan()) == "Nothing to change.\n"
    assert json.loads(render.as_json(Plan()))["changes"] == []


def test_one_change_is_singular():
    plan = Plan((archive(),))
    assert render.text(plan).splitlines()[-1] == f"1 change: ! 1 destructive. Checksum {plan.checksum}."


def test_json():
    plan = Plan(tuple(SENTENCES))
    document = json.loads(render.as_json(plan))
    assert document["checksum"] == plan.checksum
    assert document["counts"] == {"additive": 15, "careful": 12, "destructive": 2, "housekeeping": 2}
    assert [change["subject"] for change in document["changes"]] == [c.subject for c in plan.changes]
    assert document["changes"][10] == {
        "change": "EditTemplateCard",
        "subject": "weekly/template/stock",
        "board": "weekly",
        "risk": "careful",
        "task": "stock",
        "text": {
            "title": "Modèle : stock",
            "description": "…",
            "checklists": [{"title": "Étapes", "items": ["compter", "ranger"]}],
        },
    }


def test_an_amended_card_as_json_tells_what_each_part_was_and_becomes():
    change = next(each for each in SENTENCES if isinstance(each, core.AmendCard))
    (found,) = json.loads(render.as_json(Plan((change,))))["changes"]
    assert found["title"] == {"from": "Stock, semaine 47", "to": "Inventaire, semaine 47"}
    assert found["due"] == {"from": "2026-11-20T16:00:00+00:00", "to": "2026-11-21T16:00:00+00:00"}
    assert found["people"] == {"from": ["leila"], "to": []}
    assert (found["items"], found["by_hand"]) == (["compter"], ["text"])


FROZEN = Plan(
    frozen=(
        FrozenCard("weekly", KEY, Reason.PAST_DUE),
        FrozenCard("weekly", KEY, Reason.DONE),
        FrozenCard("weekly", KEY, Reason.PAST_DUE),
        FrozenCard("daily", KEY, Reason.BY_HAND),
    )
)


def test_cards_that_stay_are_counted_by_board_with_the_reasons():
    assert render.text(FROZEN) == (
        "weekly\n"
        "  = 3 cards stay as they are, though their task was edited (past due: 2, done: 1)\n"
        "\n"
        "daily\n"
        "  = 1 card stays as it is, though its task was edited (changed by hand: 1)\n"
        "\n"
        "Nothing to change.\n"
    )
    assert json.loads(render.as_json(FROZEN))["frozen"][3] == {"key": str(KEY), "reason": "changed_by_hand"}
    assert FROZEN.checksum == Plan().checksum


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(reason):
    assert "1" in render.text(Plan(frozen=(FrozenCard("weekly", KEY, reason),)), Translator("fr"))


def test_a_title_cannot_drive_the_terminal():
    title = "À faire\x1b[2J\r\n\u202eliée\x9b"
    plan = Plan((core.CreateList(board="weekly", key="todo", title=title, position=1),))
    assert "“À faire\\x1b[2J\\r\\n\\u202eliée\\x9b”" in render.text(plan)


@given(st.text(st.characters(codec="utf-8")))
def test_whatever_a_title_holds_stays_on_its_line(title):
    plan = Plan((core.CreateList(board="weekly", key="todo", title=title, position=1),))
    written = render.text(plan)
    assert len(written.splitlines()) == 4
    written.encode()


def test_french_has_a_space_before_a_semicolon():
    """What becomes of a card's parts is one sentence, not a list whose separator stays English."""
    told = [render.text(Plan((change,)), Translator("fr")) for change in SENTENCES]

    assert any("\N{NO-BREAK SPACE}; " in text for text in told)
    assert not [text for text in told if re.search(r"[^\N{NO-BREAK SPACE}]; ", text)]

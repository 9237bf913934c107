"""A Plan in words for a terminal, and as JSON."""

import datetime as dt
import json
from collections.abc import Mapping
from functools import singledispatch
from typing import Final

from trello_ops.core.declared import Checklist
from trello_ops.core.planning.changes import (
    AddAssignee,
    AddCheckItem,
    AddChecklist,
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
from trello_ops.render.escape import visible

NOTHING = "Nothing to change."

SIGNS: Final[Mapping[Risk, str]] = {
    Risk.ADDITIVE: "+",
    Risk.CAREFUL: "~",
    Risk.DESTRUCTIVE: "!",
    Risk.HOUSEKEEPING: "·",
}


def text(plan: Plan) -> str:
    """One line a change under its board's key, then counts and checksum. Ends with a line break."""
    if not plan.changes:
        return NOTHING + "\n"
    by_board: dict[str, list[Change]] = {}
    for change in plan.changes:
        by_board.setdefault(change.board, []).append(change)
    lines = []
    for board, changes in by_board.items():
        lines.append(visible(board))
        # Titles may come from Trello, and hold what a terminal obeys.
        lines += [f"  {SIGNS[change.risk]} {visible(describe(change))}" for change in changes]
        lines.append("")
    noun = "change" if len(plan) == 1 else "changes"
    counts = ", ".join(f"{SIGNS[risk]} {count} {risk}" for risk, count in plan.counts.items() if count)
    lines.append(f"{len(plan)} {noun}: {counts}. Checksum {plan.checksum}.")
    return "\n".join(lines) + "\n"


def as_json(plan: Plan) -> str:
    """`{"checksum", "counts": {risk: number}, "changes": [change_as_dict, …]}`, ending with a line break."""
    document = {
        # All that `apply FILE` reads: it plans anew and compares.
        "checksum": plan.checksum,
        "counts": {str(risk): count for risk, count in plan.counts.items()},
        "changes": [change_as_dict(change) for change in plan.changes],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


# ---- a sentence for every kind of change ------------------------------------------------------------


@singledispatch
def describe(change: Change) -> str:
    """What a change does, in a few words. Names in it are not escaped: pass the text through `visible`."""
    raise TypeError(f"no words for {type(change).__name__}")


@describe.register
def _(change: CreateBoard) -> str:
    return f"create board “{change.title}” in Trello Workspace {change.workspace}"


@describe.register
def _(change: EditBoard) -> str:
    return "board: " + _all_of(
        change.reopen and "open it again",
        change.title is not None and f"rename to “{change.title}”",
        change.visible and "make visible to its Trello Workspace",
    )


@describe.register
def _(change: CreateList) -> str:
    return f"create list {change.key} “{change.title}”"


@describe.register
def _(change: EditList) -> str:
    return f"list {change.key}: " + _all_of(
        change.reopen and "take out of the archive",
        change.title is not None and f"rename to “{change.title}”",
        change.position is not None and "move to its place",
    )


@describe.register
def _(change: CreateLabel) -> str:
    return f"create label {change.key} “{change.title}” ({change.colour})"


@describe.register
def _(change: EditLabel) -> str:
    return f"label {change.key}: make it “{change.title}” ({change.colour})"


@describe.register
def _(change: AddMember) -> str:
    return f"add member {change.key} (@{change.username})"


@describe.register
def _(change: CreateTemplateCard) -> str:
    return f"create template card of {change.key} “{change.text.title}”{_holding(change.text.checklists)}"


@describe.register
def _(change: EditTemplateCard) -> str:
    return f"template card of {change.task}: write its title “{change.text.title}” and description"


@describe.register
def _(change: FillTemplateCard) -> str:
    return f"template card of {change.task}: add what is missing{_holding(change.checklists)}"


@describe.register
def _(change: ArchiveTemplateCard) -> str:
    return f"archive template card of {change.task} (card {change.card_id})"


@describe.register
def _(change: CreateCard) -> str:
    # In UTC, so that a plan reads the same on every machine.
    due = change.due.astimezone(dt.UTC)
    return f"create card {change.key} “{change.text.title}”, due {due:%Y-%m-%d %H:%M} UTC"


@describe.register
def _(change: AddChecklist) -> str:
    return f"card {change.card_id}: add checklist “{change.title}”"


@describe.register
def _(change: AddCheckItem) -> str:
    return f"card {change.card_id}: add check item “{change.title}”"


@describe.register
def _(change: AddAssignee) -> str:
    return f"card {change.key}: add {change.person}, to whom it was issued ({change.url})"


@describe.register
def _(change: ArchiveCard) -> str:
    what = "card" if change.risk is Risk.HOUSEKEEPING else "a copy of card"
    return f"archive {what} {change.key} ({change.url})"


@describe.register
def _(change: MoveCard) -> str:
    return f"move card {change.key} to list {change.to} ({change.url})"


@describe.register
def _(change: Bind) -> str:
    return f"take {_thing(change)} that is already there for ours ({change.trello_id})"


@describe.register
def _(change: Unbind) -> str:
    return f"forget {_thing(change)}, which is gone from Trello"


def _thing(change: Bind | Unbind) -> str:
    return " ".join(filter(None, ("the", str(change.kind), change.key)))


def _all_of(*deeds: str | bool) -> str:
    return ", ".join(deed for deed in deeds if isinstance(deed, str))


def _holding(checklists: tuple[Checklist, ...]) -> str:
    items = sum(len(checklist.items) for checklist in checklists)
    return f", check items: {items}" if items else ""

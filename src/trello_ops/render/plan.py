"""A Plan in words for a terminal, and as JSON."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import reduce, singledispatch
from typing import Final

from trello_ops.core.declared import Checklist
from trello_ops.core.planning.amendments import Reason
from trello_ops.core.planning.changes import (
    AddCheckItem,
    AddChecklist,
    AddMember,
    AmendCard,
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
    Part,
    Risk,
    Unbind,
    change_as_dict,
)
from trello_ops.core.planning.plan import Plan
from trello_ops.messages import Message, say
from trello_ops.render.escape import visible

NOTHING = "Nothing to change."
FROZEN = "="
"""The sign of cards that stay as they were given."""

SIGNS: Final[Mapping[Risk, str]] = {
    Risk.ADDITIVE: "+",
    Risk.CAREFUL: "~",
    Risk.DESTRUCTIVE: "!",
    Risk.HOUSEKEEPING: "·",
}


def text(plan: Plan) -> str:
    """One line a change under its board's key, then counts and checksum. Ends with a line break."""
    by_board: dict[str, list[str]] = {}
    for change in plan.changes:
        # Titles may come from Trello, and hold what a terminal obeys.
        line = f"  {SIGNS[change.risk]} {visible(describe(change))}"
        by_board.setdefault(change.board, []).append(line)
    for board in dict.fromkeys(card.key.board for card in plan.frozen):
        by_board.setdefault(board, []).append(f"  {FROZEN} {_frozen(plan, board)}")
    lines = [line for board, its in by_board.items() for line in (visible(board), *its, "")]
    if not plan.changes:
        return "\n".join((*lines, NOTHING)) + "\n"
    noun = "change" if len(plan) == 1 else "changes"
    counts = ", ".join(f"{SIGNS[risk]} {count} {risk}" for risk, count in plan.counts.items() if count)
    lines.append(f"{len(plan)} {noun}: {counts}. Checksum {plan.checksum}.")
    return "\n".join(lines) + "\n"


def as_json(plan: Plan) -> str:
    """`{"checksum", "counts": {risk: number}, "changes": [change_as_dict, …], "frozen": […]}`, and a line end.

    `frozen` has `{"key", "reason"}` of each card that stays as it was given.
    """
    document = {
        # All that `apply FILE` reads: it plans anew and compares.
        "checksum": plan.checksum,
        "counts": {str(risk): count for risk, count in plan.counts.items()},
        "changes": [change_as_dict(change) for change in plan.changes],
        "frozen": [{"key": str(card.key), "reason": str(card.reason)} for card in plan.frozen],
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
def _(change: ArchiveCard) -> str:
    what = "card" if change.risk is Risk.HOUSEKEEPING else "a copy of card"
    return f"archive {what} {change.key} ({change.url})"


@describe.register
def _(change: MoveCard) -> str:
    return f"move card {change.key} to list {change.to} ({change.url})"


@describe.register
def _(change: AmendCard) -> Message:
    edits = [*_edits(change), *(_kept(part) for part in change.by_hand)]
    what = reduce(lambda one, other: say("%(one)s; %(other)s", one=one, other=other), edits)
    return say("amend card %(key)s (%(url)s): %(what)s", key=change.key, url=change.url, what=what)


def _edits(change: AmendCard) -> Iterator[Message]:
    if change.title:
        yield say("title “%(before)s” → “%(after)s”", before=change.title.before, after=change.title.after)
    elif change.name:
        yield say("in reports “%(before)s” → “%(after)s”", before=change.name.before, after=change.name.after)
    if change.due:
        yield say(
            "due %(before)s → %(after)s UTC", before=_utc(change.due.before), after=_utc(change.due.after)
        )
    if change.people:
        before, after = change.people.before, change.people.after
        yield say("people %(before)s → %(after)s", before=_people(before), after=_people(after))
    if change.text:
        yield say("text")
    if change.items:
        yield say("check items added: %(count)s", count=len(change.items))
    if not (change.writes or change.name or change.items):
        yield say("nothing more: its card holds all of it")


def _people(keys: tuple[str, ...]) -> str:
    return ", ".join(keys) or say("nobody")


def _utc(instant: dt.datetime) -> str:
    return f"{instant.astimezone(dt.UTC):%Y-%m-%d %H:%M}"


def _kept(part: Part) -> Message:
    kept = {
        Part.TITLE: say("its title stays as somebody changed it"),
        Part.TEXT: say("its text stays as somebody changed it"),
        Part.DUE: say("its due stays as somebody changed it"),
        Part.PEOPLE: say("its people stay as somebody changed them"),
    }
    return kept[part]


def _frozen(plan: Plan, board: str) -> Message:
    """One line about a board's cards that stay, and why."""
    reasons = Counter(card.reason for card in plan.frozen if card.key.board == board)
    words = {
        Reason.PAST_DUE: "past due: %(count)s",
        Reason.DONE: "done: %(count)s",
        Reason.BY_HAND: "changed by hand: %(count)s",
        Reason.RETIMED: "of a rhythm that is gone: %(count)s",
        Reason.UNKNOWN: "made by an earlier version: %(count)s",
    }
    counts = [say(words[reason], count=count) for reason, count in sorted(reasons.items())]
    why = reduce(lambda one, other: say("%(one)s, %(other)s", one=one, other=other), counts)
    return say(
        "cards of edited tasks that stay as they are: %(count)s (%(why)s)", count=reasons.total(), why=why
    )


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

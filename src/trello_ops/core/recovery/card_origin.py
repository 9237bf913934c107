"""A card as it was made, and what the ledger froze of its occurrence then."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from trello_ops.core.cadence import NO_DAY
from trello_ops.core.declared import Board, CompleteWhen, Task, Workspace
from trello_ops.core.ledger import Occurrence, OccurrenceKey
from trello_ops.core.recovery.uncertainty import Uncertainty, UncertaintyKind
from trello_ops.core.tolerances import MAKING
from trello_ops.core.trello import Action, Card, FieldChange
from trello_ops.messages import say

T = TypeVar("T", str, dt.datetime | None)


@dataclass(frozen=True, slots=True)
class BoardNames:
    """What Trello's ids mean on one board: keys of themes by label id, keys of people by member id.

    `members` are the keys of the people who are members of the board now.
    """

    themes: Mapping[str, str]
    people: Mapping[str, str]
    members: frozenset[str]


# ---- the card ---------------------------------------------------------------------------------------


def as_made(card: Card, log: Sequence[Action]) -> Card:
    """The card as it was made: `log`, oldest first, undone on its title, text, dates and members."""
    members = dict.fromkeys(card.member_ids)
    for action in reversed(log):
        # What is logged this soon after the card's creation second belongs to its making.
        if action.member and action.at > card.created_at + MAKING:
            if action.type == "addMemberToCard":
                members.pop(action.member.id, None)
            else:
                members[action.member.id] = None
    return replace(
        card,
        title=_before(card.title, (action.renamed for action in log)),
        description=_before(card.description, (action.described for action in log)),
        start=_before(card.start, (action.start for action in log)),
        due=_before(card.due, (action.due for action in log)),
        member_ids=tuple(members),
    )


def _before(now: T, edits: Iterable[FieldChange | None]) -> T:
    """What the first edit found there."""
    # Trello logs the first setting of an empty field too: that is the making's.
    return next((edit.before for edit in edits if edit and edit.before), now)  # type: ignore[return-value]


# ---- its occurrence ---------------------------------------------------------------------------------


def frozen(
    workspace: Workspace, declared: Occurrence, made: Card, names: BoardNames, card_title: str | None
) -> tuple[Occurrence, tuple[Uncertainty, ...]]:
    """The occurrence that a card was made for; `declared` is what the files make of it today.

    `card_title` is the title that a card of `declared` would get today, `None` where that cannot be told.
    """
    # Where the two differ the card is right: it was made by the files as they were.
    title = _title(declared.title, made.title, card_title)
    shown = {names.themes[label] for label in made.label_ids if label in names.themes}
    sure = declared.theme in shown or len(shown) == 1
    theme = shown.pop() if sure and declared.theme not in shown else declared.theme
    known = workspace.theme(theme)
    assignees = _assignees(workspace, declared.assignees, made, names)
    occurrence = replace(
        declared,
        title=title or declared.title,
        theme=theme,
        theme_title=known.title if known else declared.theme_title,
        assignees=declared.assignees if assignees is None else assignees,
        release=declared.release if declared.start else made.start or declared.release,
        start=made.start or declared.start if declared.start else None,
        # Who was away then is told by nothing but the files, which may have been edited since.
        absent=declared.absent if assignees in {None, declared.assignees} else (),
        due=made.due or declared.due,
    )
    uncertainties = (
        (
            title is None,
            UncertaintyKind.TITLE,
            say("its title may have been another; its card says “%(title)s”", title=made.title),
        ),
        (
            not sure,
            UncertaintyKind.THEME,
            say("its card has no theme's label, or several; taken from the files"),
        ),
        (
            assignees is None,
            UncertaintyKind.ASSIGNEES,
            say("somebody on its card is not declared; taken from the files"),
        ),
        (made.due is None, UncertaintyKind.DUE, say("its card has no due; taken from the files")),
    )
    key = str(declared.key)
    return _on_its_day(workspace, occurrence, declared), tuple(
        Uncertainty(key, kind, message) for there, kind, message in uncertainties if there
    )


def _on_its_day(workspace: Workspace, frozen: Occurrence, declared: Occurrence) -> Occurrence:
    """With the day of a card that came at once, or was made before its named date was moved."""
    board = workspace.board(frozen.key.board)
    if frozen.key.date != NO_DAY or frozen.due == declared.due or board is None:
        return frozen
    day = frozen.due.astimezone(board.timezone).date()
    return replace(frozen, day=day, nominal=declared.nominal_day, moved=None)


def stand_in(board: Board, task: Task | None, key: OccurrenceKey, made: Card) -> Occurrence | None:
    """What a card tells of an occurrence that today's calendar lacks; `None` for a card without due."""
    if made.due is None:
        return None
    return Occurrence(
        key=key,
        board_title=board.title,
        title=task.title if task else made.title.encode("utf-8", "replace").decode(),
        theme=task.theme if task else "",
        theme_title=task.theme if task else "",
        assignees=task.assignees if task else (),
        day=made.due.astimezone(board.timezone).date() if key.date == NO_DAY else key.date,
        release=made.start or made.created_at,
        due=made.due,
        sequence=0,  # today's calendar lacks it, so there is nothing to count by
        complete_when=task.complete_when if task else CompleteWhen(),
        requires=task.requires if task else (),
    )


def _title(title: str, shown: str, expected: str | None) -> str | None:
    """The task's title in a card's title, where today's `title` is shown within `expected`."""
    if expected is None or shown == expected:
        return None if expected is None else title
    before, found, after = expected.partition(title)
    fits = found and shown.startswith(before) and shown.endswith(after)
    inner = shown[len(before) : len(shown) - len(after)] if fits else ""
    return inner.encode("utf-8", "replace").decode() or None  # half a surrogate pair could not be stored


def _assignees(
    workspace: Workspace, declared: tuple[str, ...], made: Card, names: BoardNames
) -> tuple[str, ...] | None:
    """As declared, unless the card says otherwise; `None` where an undeclared person is on it."""
    if any(member not in names.people for member in made.member_ids):
        return None
    shown = {names.people[member] for member in made.member_ids}
    # Only members of the board can be on a card: that the others are missing there says nothing.
    if shown <= set(declared) and not (set(declared) - shown) & names.members:
        return declared
    return tuple(person.key for person in workspace.people if person.key in shown)

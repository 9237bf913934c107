"""A card as it was made, and what the ledger froze of its occurrence then."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from trello_ops.core.declared import Board, CompleteWhen, Task, Workspace
from trello_ops.core.ledger import Occurrence, OccurrenceKey
from trello_ops.core.recovery.uncertainty import Uncertainty, UncertaintyKind
from trello_ops.core.tolerances import MAKING
from trello_ops.core.trello import Action, Card, FieldChange

T = TypeVar("T", str, dt.datetime | None)


@dataclass(frozen=True, slots=True)
class BoardNames:
    """What Trello's ids mean on one board: themes by label, declared people by account.

    `members` are the people who are members of the board now.
    """

    themes: Mapping[str, str]
    people: Mapping[str, str]
    members: frozenset[str]


# ---- the card ---------------------------------------------------------------------------------------


def as_made(card: Card, log: Sequence[Action]) -> Card:
    """The card with all undone that its log, oldest first, tells of its title, text, dates and members."""
    return replace(
        card,
        title=_before(card.title, (action.renamed for action in log)),
        description=_before(card.description, (action.described for action in log)),
        start=_before(card.start, (action.start for action in log)),
        due=_before(card.due, (action.due for action in log)),
        member_ids=_members_before(card, log),
    )


def _before(now: T, edits: Iterable[FieldChange | None]) -> T:
    """What the first edit found; that of an empty field belongs to the making."""
    return next((edit.before for edit in edits if edit and edit.before), now)  # type: ignore[return-value]


def _members_before(card: Card, log: Sequence[Action]) -> tuple[str, ...]:
    """Undo, the newest first, whom people put on the card and took off it."""
    members = dict.fromkeys(card.member_ids)
    for action in reversed(log):
        if action.member and action.at > card.created_at + MAKING:
            if action.type == "addMemberToCard":
                members.pop(action.member.id, None)
            else:
                members[action.member.id] = None
    return tuple(members)


# ---- its occurrence ---------------------------------------------------------------------------------


def frozen(
    workspace: Workspace, declared: Occurrence, made: Card, names: BoardNames, card_title: str | None
) -> tuple[Occurrence, tuple[Uncertainty, ...]]:
    """The occurrence that a card was made for, `declared` being what the files make of it today.

    Where the two differ the card is right: it was made by the files as they were. `card_title` is the title
    that a card of `declared` would get today, `None` where nobody knows.
    """
    title = _title(declared.title, made.title, card_title)
    theme = _theme(declared.theme, made, names)
    assignees = _assignees(workspace, declared.assignees, made, names)
    occurrence = replace(
        declared,
        title=title or declared.title,
        theme=theme or declared.theme,
        theme_title=_theme_title(workspace, theme or declared.theme, declared),
        assignees=declared.assignees if assignees is None else assignees,
        release=made.start or declared.release,
        due=made.due or declared.due,
    )
    uncertainties = (
        (
            title is None,
            UncertaintyKind.TITLE,
            f"its title may have been another; its card says “{made.title}”",
        ),
        (
            theme is None,
            UncertaintyKind.THEME,
            "its card has no theme's label, or several; taken from the files",
        ),
        (
            assignees is None,
            UncertaintyKind.ASSIGNEES,
            "somebody on its card is not declared; taken from the files",
        ),
        (made.due is None, UncertaintyKind.DUE, "its card has no due; taken from the files"),
    )
    key = str(declared.key)
    return occurrence, tuple(
        Uncertainty(key, kind, message) for there, kind, message in uncertainties if there
    )


def stand_in(board: Board, task: Task | None, key: OccurrenceKey, made: Card) -> Occurrence | None:
    """What a card tells of an occurrence that today's calendar knows nothing of; `None` without a due."""
    if made.due is None:
        return None
    return Occurrence(
        key=key,
        board_title=board.title,
        title=task.title if task else made.title.encode("utf-8", "replace").decode(),
        theme=task.theme if task else "",
        theme_title=task.theme if task else "",
        assignees=task.assignees if task else (),
        day=key.date,
        release=made.start or made.created_at,
        due=made.due,
        sequence=0,
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


def _theme(theme: str, made: Card, names: BoardNames) -> str | None:
    shown = {names.themes[label] for label in made.label_ids if label in names.themes}
    if theme in shown:
        return theme
    return shown.pop() if len(shown) == 1 else None


def _theme_title(workspace: Workspace, theme: str, declared: Occurrence) -> str:
    known = workspace.theme(theme)
    return known.title if known else declared.theme_title


def _assignees(
    workspace: Workspace, declared: tuple[str, ...], made: Card, names: BoardNames
) -> tuple[str, ...] | None:
    """As declared, unless the card says otherwise; whoever is no member of the board is on no card."""
    if any(member not in names.people for member in made.member_ids):
        return None
    shown = {names.people[member] for member in made.member_ids}
    if shown <= set(declared) and not (set(declared) - shown) & names.members:
        return declared
    return tuple(person.key for person in workspace.people if person.key in shown)

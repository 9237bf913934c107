"""What is declared, compared with what Trello shows: the changes that turn the one into the other.

We touch only what we own: a declared thing's binding names its Trello object. An object that nothing is
bound to is taken over only where it can be nothing but ours: a list or label of the declared title on our
own board (left by a creation whose answer was lost), a card with a template marker.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.card_text import CardText, Checklist
from trello_ops.core.declared import Board, Task, Theme, Workspace
from trello_ops.core.marker import board_marker, comparable, find_board, same_template
from trello_ops.core.planning.changes import (
    ADOPTED,
    AddMember,
    ArchiveTemplateCard,
    Bind,
    Change,
    CreateBoard,
    CreateLabel,
    CreateList,
    CreateTemplateCard,
    EditBoard,
    EditLabel,
    EditList,
    EditTemplateCard,
    FillTemplateCard,
    RetireTemplateCard,
    Risk,
    Unbind,
)
from trello_ops.core.planning.checklists import (
    GAP,
    checklists_of,
    fingerprint,
    missing_items,
    pair_checklists,
)
from trello_ops.core.planning.people import member_changes
from trello_ops.core.trello import BoardSummary, Card, Snapshot, TrelloChecklist, TrelloList

_OUTLIVE_BOARD = (Kind.WEBHOOK,)
"""The kinds of binding that name nothing on the board itself, and so do not go with it."""


@dataclass(frozen=True, slots=True)
class BoardView:
    """A board as read for comparing.

    `snapshot` is `None` when there is no such board yet, or no more. `template_cards` are the cards, with
    their checklists, that bear a template marker of this board or are bound as one; by card id.
    """

    snapshot: Snapshot | None
    template_cards: Mapping[str, Card]


Texts = Mapping[str, CardText | None]
"""By task key: what its template card should hold, or `None` when it needs none."""


def diff(
    workspace: Workspace, board: Board, bindings: Bindings, view: BoardView, texts: Texts
) -> tuple[Change, ...]:
    """The changes of one board, parents before children and archives last."""
    if view.snapshot is None:
        return _from_nothing(workspace, board, bindings, texts)
    changes = (
        *_board(workspace, board, bindings, view.snapshot),
        *_lists(board, bindings, view.snapshot),
        *_labels(workspace, board, bindings, view.snapshot),
        *member_changes(workspace, board, bindings, view.snapshot),
        *_template_cards(board, bindings, view, texts),
    )
    if is_of(bindings, board, view.snapshot):
        return changes
    # A remade board bears the marker, but so does a copy that somebody made: a person decides.
    return tuple(replace(change, risk=Risk.CAREFUL) for change in changes)


def is_of(bindings: Bindings, board: Board, snapshot: Snapshot) -> bool:
    """Whether a snapshot is of the board that is bound, where one is."""
    return bindings.id(Kind.BOARD, board.key) in (None, snapshot.board.id)


# ---- the board itself -------------------------------------------------------------------------------


def _from_nothing(workspace: Workspace, board: Board, bindings: Bindings, texts: Texts) -> tuple[Change, ...]:
    """Everything is to be made; where the board once stood and is gone, by a person's decision only."""
    # The ids of a lost board name nothing on its successor; its webhook is cared for elsewhere.
    lost = [b for b in bindings if b.board == board.key and b.kind not in _OUTLIVE_BOARD]
    changes: list[Change] = [Unbind(board=board.key, kind=b.kind, key=b.key) for b in lost]
    changes.append(
        CreateBoard(
            board=board.key,
            title=board.title,
            description=board_marker(workspace.key, board.key),
            workspace=workspace.trello_workspace,
        )
    )
    for index, column in enumerate(board.lists):
        position = GAP * (index + 1)
        changes.append(CreateList(board=board.key, key=column.key, title=column.title, position=position))
    changes += [_create_label(board, label) for label in workspace.labels]
    changes += [AddMember(board=board.key, key=p.key, username=p.username) for p in workspace.people]
    for task in board.tasks:
        changes += _create_template_card(board, task, texts.get(task.key))
    return tuple(replace(change, risk=Risk.CAREFUL) for change in changes) if lost else tuple(changes)


def adopt_board(board: Board, found: BoardSummary) -> Bind:
    """Take over a board that bears our marker, left by an apply that never got its answer."""
    return Bind(
        board=board.key, kind=Kind.BOARD, key="", trello_id=found.id, fingerprint=ADOPTED, url=found.url
    )


def _board(workspace: Workspace, board: Board, bindings: Bindings, snapshot: Snapshot) -> Iterator[Change]:
    if bindings.id(Kind.BOARD, board.key) != snapshot.board.id:
        yield adopt_board(board, snapshot.board)
    title = board.title if snapshot.board.title != board.title else None
    visible = snapshot.visibility != "org"
    description = _marked(workspace, board, snapshot.board.description)
    if title is not None or description is not None or visible or snapshot.board.closed:
        yield EditBoard(
            board=board.key,
            title=title,
            description=description,
            visible=visible,
            reopen=snapshot.board.closed,
        )


def _marked(workspace: Workspace, board: Board, description: str) -> str | None:
    """The description with the marker of the board's present key; `None` where that, or another's, stands.

    People wrote the rest of it, and may have deleted the marker: a lost store could not find the board again.
    """
    marker, found = board_marker(workspace.key, board.key), find_board(description)
    if found is None:
        return f"{description.rstrip()}\n\n{marker}".lstrip()
    if found[0] != workspace.key or found[1] not in board.was:
        return None
    return description.replace(board_marker(*found), marker)


# ---- lists ------------------------------------------------------------------------------------------


def _lists(board: Board, bindings: Bindings, snapshot: Snapshot) -> Iterator[Change]:
    standing = _standing_lists(board, bindings, snapshot)
    last = 0.0
    for index, column in enumerate(board.lists):
        found = standing.get(column.key)
        if found is None:
            # Half way to the next list that stands, else one gap beyond the last.
            positions = (standing[c.key].position for c in board.lists[index:] if c.key in standing)
            following = next(positions, last)
            last = (last + following) / 2 if following > last else last + GAP
            gone = bindings.id(Kind.LIST, board.key, column.key) or ""
            yield CreateList(
                board=board.key, key=column.key, title=column.title, position=last, replaces=gone
            )
            continue
        if found.id != bindings.id(Kind.LIST, board.key, column.key):
            yield Bind(board=board.key, kind=Kind.LIST, key=column.key, trello_id=found.id)
        title = column.title if found.title != column.title else None
        # People may drag lists: one is moved only where it breaks the declared order.
        position = None if found.position > last else last + GAP
        if title is not None or position is not None or found.closed:
            yield EditList(
                board=board.key, key=column.key, title=title, position=position, reopen=found.closed
            )
        last = position or found.position


def _standing_lists(board: Board, bindings: Bindings, snapshot: Snapshot) -> dict[str, TrelloList]:
    """By key: the list that each declared one is bound to, or an open unbound list of its title."""
    by_id = {found.id: found for found in snapshot.lists}
    taken = {b.trello_id for b in bindings.of_board(Kind.LIST, board.key)}
    standing = {}
    for column in board.lists:
        # An open one of exactly this title looks like a creation whose answer was lost; an archived one was
        # put away by somebody.
        free = (one for one in snapshot.lists if not one.closed and one.id not in taken)
        bound = by_id.get(bindings.id(Kind.LIST, board.key, column.key) or "")
        found = bound or next((one for one in free if one.title == column.title), None)
        if found:
            standing[column.key] = found
            taken.add(found.id)
    return standing


# ---- labels -----------------------------------------------------------------------------------------


def _labels(workspace: Workspace, board: Board, bindings: Bindings, snapshot: Snapshot) -> Iterator[Change]:
    by_id = {label.id: label for label in snapshot.labels}
    bound = {b.trello_id for b in bindings.of_board(Kind.LABEL, board.key)}
    for label in workspace.labels:
        found = by_id.get(bindings.id(Kind.LABEL, board.key, label.key) or "")
        if found and (found.title, found.colour) != (label.title, label.colour):
            yield EditLabel(board=board.key, key=label.key, title=label.title, colour=label.colour)
        if found:
            continue
        # An unbound label of exactly this title and colour looks like a creation whose answer was lost.
        free = (one for one in snapshot.labels if one.id not in bound)
        same = next((one for one in free if (one.title, one.colour) == (label.title, label.colour)), None)
        if same:
            bound.add(same.id)
            yield Bind(board=board.key, kind=Kind.LABEL, key=label.key, trello_id=same.id)
        else:
            gone = bindings.id(Kind.LABEL, board.key, label.key) or ""
            yield replace(_create_label(board, label), replaces=gone)


def _create_label(board: Board, label: Theme) -> CreateLabel:
    return CreateLabel(board=board.key, key=label.key, title=label.title, colour=label.colour)


# ---- template cards ---------------------------------------------------------------------------------


def _template_cards(board: Board, bindings: Bindings, view: BoardView, texts: Texts) -> Iterator[Change]:
    archives: list[Change] = []
    for task in board.tasks:
        changes = list(_template_card(board, task, bindings, view, texts.get(task.key)))
        archives += [change for change in changes if isinstance(change, ArchiveTemplateCard)]
        yield from (change for change in changes if not isinstance(change, ArchiveTemplateCard))
    retired = [b for b in bindings.of_board(Kind.TEMPLATE, board.key) if board.task(b.key) is None]
    # Archives come last, so that whoever is interrupted leaves a card too many and never one too few.
    yield from archives
    yield from (_retire(board, binding, view) for binding in retired)


def _template_card(
    board: Board, task: Task, bindings: Bindings, view: BoardView, text: CardText | None
) -> Iterator[Change]:
    binding = bindings.get(Kind.TEMPLATE, board.key, task.key)
    bound = _usable(view, binding)
    if text is None:
        if binding:
            yield _retire(board, binding, view)
        return
    if binding and bound and binding.fingerprint != fingerprint(_copyable(bound)):
        yield _bind_template_card(board, task, bound)
    if bound and _can_become(bound, text):
        yield from _mend_template_card(board, task, bound, text)
        return
    changes = _another_template_card(board, task, view, text, binding.trello_id if binding else "")
    if bound:
        # Removing items would be deletion, so the card is replaced as a whole. People see it: they decide.
        yield from (replace(change, risk=Risk.CAREFUL) for change in changes)
        yield ArchiveTemplateCard(board=board.key, task=task.key, card_id=bound.id)
    else:
        yield from changes


def _another_template_card(
    board: Board, task: Task, view: BoardView, text: CardText, gone: str
) -> Iterator[Change]:
    """Take over an unbound card that can become what the task declares, else make one."""
    marked = (
        card
        for card in view.template_cards.values()
        if card.id != gone and same_template(card.description, text.description)
    )
    # A creation whose answer was lost left a template; a marked card that is none is somebody's working copy.
    usable = (card for card in marked if card.is_template and not card.closed)
    card = next((card for card in usable if _can_become(card, text)), None)
    if card is None:
        yield from _create_template_card(board, task, text, gone)
    else:
        yield _bind_template_card(board, task, card)
        yield from _mend_template_card(board, task, card, text)


def _bind_template_card(board: Board, task: Task, card: Card) -> Bind:
    """Note the card and the fingerprint of what it holds, by which cards are copied from it or not."""
    return Bind(
        board=board.key,
        kind=Kind.TEMPLATE,
        key=task.key,
        trello_id=card.id,
        fingerprint=fingerprint(_copyable(card)),
        url=card.url,
    )


def _mend_template_card(board: Board, task: Task, card: Card, text: CardText) -> Iterator[Change]:
    same_text = comparable(card.description) == comparable(text.description)
    if not (card.title == text.title and same_text and card.is_template):
        yield EditTemplateCard(board=board.key, task=task.key, text=text)
    if checklists_of(card) != text.checklists:
        yield FillTemplateCard(board=board.key, task=task.key, checklists=text.checklists)


def _copyable(card: Card) -> tuple[Checklist, ...]:
    """What a copy of the card is sure to hold."""
    # Whether a copy keeps ticks is a guess (trello-behaviour.md#copies): while an item is ticked, nothing.
    return () if any(_has_tick(checklist) for checklist in card.checklists or ()) else checklists_of(card)


def _has_tick(checklist: TrelloChecklist) -> bool:
    return any(item.complete for item in checklist.items)


def _usable(view: BoardView, binding: Binding | None) -> Card | None:
    """The bound card, unless it was deleted or archived."""
    card = view.template_cards.get(binding.trello_id) if binding else None
    return card if card and not card.closed else None


def _can_become(card: Card, text: CardText) -> bool:
    """Whether adding alone turns what the card holds into what it should hold, in the same order, unticked.

    The nth checklist or item is added n gaps from the top, wherever the others stand.
    """
    pairs = pair_checklists(text.checklists, card)
    found = [there for _, there in pairs if there]
    if len(found) < len(card.checklists or ()):
        return False
    places = [there.position if there else GAP * number for number, (_, there) in enumerate(pairs, start=1)]
    return _rising(places) and all(_only_lacks(declared, there) for declared, there in pairs if there)


def _only_lacks(declared: Checklist, found: TrelloChecklist) -> bool:
    missing = {index for index, _ in missing_items(declared, found)}
    kept = [item for index, item in enumerate(declared.items) if index not in missing]
    if kept != [item.title for item in found.items] or _has_tick(found):
        return False
    there = iter(found.items)
    indexes = range(len(declared.items))
    places = [GAP * (index + 1) if index in missing else next(there).position for index in indexes]
    return _rising(places)


def _rising(places: Sequence[float]) -> bool:
    """Strictly: the order of two at one position is undefined."""
    return all(one < next_one for one, next_one in pairwise(places))


def _create_template_card(
    board: Board, task: Task, text: CardText | None, gone: str = ""
) -> Iterator[Change]:
    if text is None:
        return
    yield CreateTemplateCard(board=board.key, key=task.key, theme=task.theme, text=text, replaces=gone)
    yield FillTemplateCard(board=board.key, task=task.key, checklists=text.checklists)


def _retire(board: Board, binding: Binding, view: BoardView) -> Change:
    """Archive a template card that no task needs; forget one that is gone or archived already."""
    if _usable(view, binding):
        retired = board.task(binding.key) is None
        kind = RetireTemplateCard if retired else ArchiveTemplateCard
        return kind(board=board.key, task=binding.key, card_id=binding.trello_id)
    return Unbind(board=board.key, kind=Kind.TEMPLATE, key=binding.key)

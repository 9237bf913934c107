"""A board that people made, taken for a declared one: what on it stands for which list, label and person.

Titles are compared as people read them: exactly first, then without case, accents and kinds of space.
"""

import datetime as dt
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.declared import Board, BoardList, Theme, Workspace
from trello_ops.core.marker import bears_any, find_board
from trello_ops.core.planning.changes import Bind
from trello_ops.core.planning.people import member_changes
from trello_ops.core.trello import Snapshot, TrelloLabel, TrelloList
from trello_ops.messages import joined, say, say_count


class _Titled(Protocol):
    @property
    def title(self) -> str: ...


class _Keyed(_Titled, Protocol):
    @property
    def key(self) -> str: ...


class _Standing(_Titled, Protocol):
    @property
    def id(self) -> str: ...


W = TypeVar("W", bound=_Keyed)
T = TypeVar("T", bound=_Standing)


@dataclass(frozen=True, slots=True)
class Taken:
    """A thing of the board that is to stand for a declared one; `title` is what people call it.

    `detail` is a label's colour, or the board's address. `fingerprint` is as in `Binding`.
    """

    kind: Kind
    key: str
    trello_id: str
    title: str
    detail: str = ""
    fingerprint: str = ""

    def binding(self, board: str, bound_at: dt.datetime) -> Binding:
        """What the store keeps of it."""
        is_board = self.kind is Kind.BOARD
        url = self.detail if is_board else ""
        # Cards of ours may stand on it that the ledger does not know, as after a copy of another board.
        return Binding(self.kind, board, self.key, self.trello_id, bound_at, self.fingerprint, url, is_board)


@dataclass(frozen=True, slots=True)
class Adoption:
    """What is taken, the board first, if there are no `reasons` against it; `notes` say what stays theirs."""

    taken: tuple[Taken, ...]
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def adoption(
    workspace: Workspace, board: Board, bindings: Bindings, snapshot: Snapshot, trello_workspace: str
) -> Adoption:
    """What of the board is not bound yet and is to be.

    `bindings` are those of all boards, `trello_workspace` the id of the declared Trello Workspace.
    """
    own = _on_this_board(board, bindings, snapshot)
    lists, labels = _lists(board, own, snapshot), _labels(workspace, board, own, snapshot)
    whole = () if own.id(Kind.BOARD, board.key) else (_whole(snapshot),)
    return Adoption(
        (*whole, *lists.taken, *labels.taken, *_people(workspace, board, own, snapshot)),
        (*_others(workspace, board, bindings, snapshot, trello_workspace), *lists.reasons, *labels.reasons),
        (*lists.notes, *labels.notes, *_cards(snapshot)),
    )


def _on_this_board(board: Board, bindings: Bindings, snapshot: Snapshot) -> Bindings:
    """The board's bindings that name something on it."""
    things = (snapshot.lists, snapshot.labels, snapshot.members)
    there = {snapshot.board.id, *(thing.id for of_kind in things for thing in of_kind)}
    return Bindings.of(b for b in bindings if b.board == board.key and b.trello_id in there)


def _whole(snapshot: Snapshot) -> Taken:
    found = snapshot.board
    return Taken(Kind.BOARD, "", found.id, found.title, found.url)


def _people(workspace: Workspace, board: Board, own: Bindings, snapshot: Snapshot) -> Iterator[Taken]:
    names = {member.id: f"@{member.username}" for member in snapshot.members}
    for change in member_changes(workspace, board, own, snapshot):
        if isinstance(change, Bind):
            member = change.trello_id
            yield Taken(Kind.PERSON, change.key, member, names[member], fingerprint=change.fingerprint)


def _cards(snapshot: Snapshot) -> Iterator[str]:
    theirs = sum(not bears_any(card.description) for card in snapshot.cards)
    if theirs:
        yield say_count(
            "%(count)s card that stands there stays as it is, and is never counted",
            "%(count)s cards that stand there stay as they are, and are never counted",
            theirs,
        )


# ---- whose board it is ------------------------------------------------------------------------------


def _others(
    workspace: Workspace, board: Board, bindings: Bindings, snapshot: Snapshot, trello_workspace: str
) -> Iterator[str]:
    """Why the board is somebody else's."""
    holders = (b.board for b in bindings.of_kind(Kind.BOARD) if b.trello_id == snapshot.board.id)
    holder = next((key for key in holders if key != board.key), None)
    marked = find_board(snapshot.board.description)
    if holder:
        yield say("it is the board of %(key)s already", key=holder)
    elif marked and not (marked[0] == workspace.key and marked[1] in (board.key, *board.was)):
        yield say(
            "its description says that it is the board %(board)s of the workspace %(workspace)s. If that"
            " has given it up, delete the line `trello-ops:board:…` there",
            board=marked[1],
            workspace=marked[0],
        )
    if snapshot.workspace_id != trello_workspace:
        yield say(
            "it is not in the Trello Workspace %(workspace)s: move it there (the board's menu, “Change"
            " Workspace”)",
            workspace=workspace.trello_workspace,
        )


# ---- lists ------------------------------------------------------------------------------------------


def _lists(board: Board, own: Bindings, snapshot: Snapshot) -> Adoption:
    free = _unbound(own, Kind.LIST, snapshot.lists)
    wanted = [column for column in board.lists if not own.get(Kind.LIST, board.key, column.key)]
    pairs = _pair(wanted, [one for one in free if not one.closed], _list_rank)
    taken = [Taken(Kind.LIST, key, one.id, one.title) for key, one in pairs.found.items()]
    reasons = (
        say(
            "several lists may be %(key)s: %(titles)s. Rename or archive all but one",
            key=each.key,
            titles=_titles(several),
        )
        for each, several in pairs.doubtful
    )
    return Adoption(tuple(taken), tuple(reasons), tuple(_list_notes(wanted, pairs, free)))


def _list_rank(declared: BoardList, there: TrelloList) -> int | None:
    return _rank(declared.title, there.title)


def _list_notes(
    wanted: Sequence[BoardList], pairs: "_Pairs[BoardList, TrelloList]", free: Sequence[TrelloList]
) -> Iterator[str]:
    for column in wanted:
        alike = [one for one in free if _list_rank(column, one) is not None]
        found = pairs.found.get(column.key)
        archived = [one for one in alike if one.closed]
        if archived and found is None:
            yield say(
                "the archived list “%(title)s” stays in the archive: a new one is made",
                title=archived[0].title,
            )
        beside = [one for one in alike if found and one.id != found.id and not one.closed]
        if beside:
            yield say("other lists called alike stay as they are: %(titles)s", titles=_titles(beside))


# ---- labels -----------------------------------------------------------------------------------------


def _labels(workspace: Workspace, board: Board, own: Bindings, snapshot: Snapshot) -> Adoption:
    free = _unbound(own, Kind.LABEL, snapshot.labels)
    wanted = [label for label in workspace.labels if not own.get(Kind.LABEL, board.key, label.key)]
    pairs = _pair(wanted, free, _label_rank)
    taken = [Taken(Kind.LABEL, key, one.id, one.title, one.colour or "") for key, one in pairs.found.items()]
    reasons = (
        say(
            "several labels may be %(key)s: %(titles)s. Rename all but one",
            key=each.key,
            titles=_titles(several),
        )
        for each, several in pairs.doubtful
    )
    return Adoption(tuple(taken), tuple(reasons), tuple(_label_notes(wanted, pairs, free)))


def _label_rank(declared: Theme, there: TrelloLabel) -> int | None:
    rank = _rank(declared.title, there.title)
    return None if rank is None else 2 * rank + (declared.colour != there.colour)


def _label_notes(
    wanted: Sequence[Theme], pairs: "_Pairs[Theme, TrelloLabel]", free: Sequence[TrelloLabel]
) -> Iterator[str]:
    for label in wanted:
        found = pairs.found.get(label.key)
        alike = (one for one in free if found and one.id != found.id)
        beside = [one for one in alike if _label_rank(label, one) is not None]
        if beside:
            yield say("other labels called alike stay as they are: %(titles)s", titles=_titles(beside))
    made = {label.colour for label in wanted if label.key not in pairs.found}
    nameless = [one.colour for one in free if not one.title.strip() and one.colour in made]
    if nameless:
        yield say(
            "labels without a name stay as they are, and named ones are made beside them: %(colours)s",
            colours=joined(filter(None, nameless)),
        )


# ---- pairing by title -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pairs(Generic[W, T]):
    """By key, what stands for what is wanted; and of what is wanted, where several may stand for it."""

    found: dict[str, T]
    doubtful: list[tuple[W, list[T]]]


def _pair(wanted: Sequence[W], there: Sequence[T], rank: Callable[[W, T], int | None]) -> "_Pairs[W, T]":
    """The best ranks (0 is best) first, so that nothing is taken by what it resembles less."""
    pairs: _Pairs[W, T] = _Pairs({}, [])
    left, free = list(wanted), list(there)
    for best in range(4):
        for each in tuple(left):
            found = [one for one in free if rank(each, one) == best]
            if not found:
                continue
            left.remove(each)
            if len(found) == 1:
                pairs.found[each.key] = found[0]
                free.remove(found[0])
            else:
                pairs.doubtful.append((each, found))
    return pairs


def _rank(declared: str, there: str) -> int | None:
    """0 for the same title, 1 for one that people read alike, `None` for another."""
    if declared == there:
        return 0
    return 1 if _folded(declared) == _folded(there) else None


def _folded(title: str) -> str:
    """A title without case, accents, kinds of space and apostrophe, and what cannot be seen."""
    parts = unicodedata.normalize("NFKD", title)
    bare = "".join(c for c in parts if unicodedata.category(c) not in {"Mn", "Cf"})
    return " ".join(bare.replace("’", "'").casefold().split())


def _unbound(own: Bindings, kind: Kind, things: Sequence[T]) -> list[T]:
    bound = {binding.trello_id for binding in own.of_kind(kind)}
    return [thing for thing in things if thing.id not in bound]


def _titles(things: Collection[_Standing]) -> str:
    # On one line: whatever is told of titles is a line among others.
    return joined(f"“{' '.join(thing.title.splitlines())}”{_colour_of(thing)}" for thing in things)


def _colour_of(thing: _Standing) -> str:
    return f" ({thing.colour})" if isinstance(thing, TrelloLabel) and thing.colour else ""

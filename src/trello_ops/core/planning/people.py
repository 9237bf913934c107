"""Declared people and the members of a board.

A person is bound to an account by its id, which outlives every renaming. Only an edit of the file, or leaving
the board, ends the binding: whoever takes an abandoned username is somebody else.
"""

from collections.abc import Iterator
from dataclasses import replace

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.declared import Board, Workspace
from trello_ops.core.mistakes import Mistake, of_person
from trello_ops.core.people import Person
from trello_ops.core.planning.changes import AddMember, Bind, Change, Unbind
from trello_ops.core.trello import Member, Snapshot
from trello_ops.messages import say


def member_changes(
    workspace: Workspace, board: Board, bindings: Bindings, snapshot: Snapshot
) -> Iterator[Change]:
    """Add people who are missing, and bind those who are members: only a member can be put on cards."""
    for person in workspace.people:
        bound = bindings.get(Kind.PERSON, board.key, person.key)
        member = _member(person, bound, snapshot)
        if member is None:
            # First, as whoever comes back to the board may have another account by then.
            if bound:
                yield Unbind(board=board.key, kind=Kind.PERSON, key=person.key)
            yield AddMember(board=board.key, key=person.key, username=person.username)
        elif bound is None or bound.trello_id != member.id:
            yield Bind(
                board=board.key,
                kind=Kind.PERSON,
                key=person.key,
                trello_id=member.id,
                fingerprint=account_name(person),
            )


def renewed_bindings(
    workspace: Workspace, board: Board, bindings: Bindings, snapshot: Snapshot
) -> Iterator[Binding]:
    """The bindings that still hold, and were made for another username than is declared now, or for none."""
    for person in workspace.people:
        bound = bindings.get(Kind.PERSON, board.key, person.key)
        member = _member(person, bound, snapshot)
        same = bound is not None and member is not None and bound.trello_id == member.id
        if bound and same and bound.fingerprint != account_name(person):
            yield replace(bound, fingerprint=account_name(person))


def renamed_accounts(
    workspace: Workspace, board: Board, bindings: Bindings, snapshot: Snapshot
) -> Iterator[Mistake]:
    """The people whose account is called otherwise by now than their file says."""
    for person in workspace.people:
        member = _member(person, bindings.get(Kind.PERSON, board.key, person.key), snapshot)
        if member and member.username.lower() != account_name(person):
            yield renamed_account(person, member.username)


def renamed_account(person: Person, new: str) -> Mistake:
    """That a person's account is called otherwise by now."""
    message = say(
        "the account `%(old)s` is called `%(new)s` now: write `%(new)s`", old=person.username, new=new
    )
    return of_person(person.key, message)


def account_name(person: Person) -> str:
    """The declared username as it is compared: Trello takes usernames in any case, and shows its own."""
    return person.username.lower()


def _member(person: Person, bound: Binding | None, snapshot: Snapshot) -> Member | None:
    """The member of the board who is this person."""
    known = next((member for member in snapshot.members if bound and member.id == bound.trello_id), None)
    named = (member for member in snapshot.members if member.username.lower() == account_name(person))
    # Of bindings of older versions nobody knows the name that was declared then.
    if known and bound and bound.fingerprint == account_name(person):
        return known
    return next(named, known if bound and not bound.fingerprint else None)

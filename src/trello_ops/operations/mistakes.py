"""What of workspace.yaml Trello contradicts, said with what there is instead."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

from trello_ops.core.bindings import Kind
from trello_ops.core.mistakes import WORKSPACE, Mistake, of_person
from trello_ops.core.people import Person
from trello_ops.core.planning.changes import AddMember, Change, CreateBoard
from trello_ops.core.planning.people import account_name, renamed_account
from trello_ops.core.planning.plan import Plan
from trello_ops.core.problems import ProblemSubject
from trello_ops.core.trello import Member
from trello_ops.errors import (
    OUT_OF_REACH,
    InvalidDeclaration,
    NotFound,
    OutcomeUnknown,
    TokenRefused,
    TrelloError,
    Unauthorised,
)
from trello_ops.messages import Message, joined, say
from trello_ops.operations.context import Context
from trello_ops.wording import near

PEOPLE = str(ProblemSubject(job="people"))
"""The problem that accounts are called otherwise by now than the file says. No report names it."""

_NAMED = 10
"""How many accounts or Trello Workspaces a message names at most."""


# ---- before anything is written ---------------------------------------------------------------------


def checked(context: Context, plan: Plan) -> Plan:
    """The plan with the mistakes that would keep changes from being made. Never writes.

    Asks Trello about the people to be added: once for the whole Trello Workspace, and for each who is not in
    it. Raises `InvalidDeclaration` where a board is to be made in a Trello Workspace that is not there.
    """
    workspace = context.workspace
    plan = replace(plan, mistakes=(*_absent_workspace(context), *plan.mistakes))
    added = {change.key for change in plan.changes if isinstance(change, AddMember)}
    if not (added or any(isinstance(change, CreateBoard) for change in plan.changes)):
        return plan
    members: tuple[Member, ...] = ()
    try:
        with naming_workspace(context):
            members = context.trello.workspace_members(workspace.trello_workspace)
    except InvalidDeclaration:
        # Only a board needs the Trello Workspace: people can be looked up one by one.
        if any(isinstance(change, CreateBoard) for change in plan.changes):
            raise
    known = {member.username.lower() for member in members}
    strangers = (p for p in workspace.people if p.key in added and account_name(p) not in known)
    mistakes = [_unknown_account(context, person, members) for person in strangers]
    return replace(plan, mistakes=(*plan.mistakes, *filter(None, mistakes)))


def _absent_workspace(context: Context) -> Iterator[Mistake]:
    """The Trello Workspace that is not there: boards made before go on, but no other can be made."""
    name = context.workspace.trello_workspace
    if not context.trello.identity(name).workspace_id:  # asked for already, so that this costs no request
        try:
            context.trello.workspace_members(name)
        except TokenRefused:
            raise
        except (NotFound, Unauthorised) as error:
            yield _wrong_workspace(context, error)


def _unknown_account(context: Context, person: Person, members: Sequence[Member]) -> Mistake | None:
    """What is wrong with a declared username; `None` where there is such an account."""
    with suppress(NotFound):
        context.trello.account(person.username)
        return None
    if renamed := _new_name(context, person):
        return renamed_account(person, renamed)
    names = [member.username for member in members]
    advice = near(person.username, names) or say("in the Trello Workspace are %(names)s", names=_list(names))
    message = say("Trello has no account `%(username)s`: %(advice)s", username=person.username, advice=advice)
    return of_person(person.key, message)


def _new_name(context: Context, person: Person) -> str | None:
    """What the account is called now to which this person is bound on another board."""
    bindings = (each for each in context.store.bindings() if each.kind is Kind.PERSON)
    for bound in bindings:
        if (bound.key, bound.fingerprint) == (person.key, account_name(person)):
            with suppress(NotFound):
                return context.trello.account(bound.trello_id).username
    return None


@contextmanager
def naming_workspace(context: Context) -> Iterator[None]:
    """Turn a refusal of the declared Trello Workspace into an `InvalidDeclaration` at its place."""
    try:
        yield
    except TokenRefused:
        raise
    except (NotFound, Unauthorised) as error:
        mistake = _wrong_workspace(context, error)
        raise InvalidDeclaration((context.locate(mistake),)) from error


def _wrong_workspace(context: Context, error: TrelloError) -> Mistake:
    declared = context.workspace.trello_workspace
    try:
        seen = context.trello.workspaces()
    except TrelloError:
        # A second failure must not hide the first, which is the one to mend.
        return Mistake(WORKSPACE, error.message)
    if any(declared.lower() in (each.name.lower(), each.id) for each in seen):
        message = say("Trello refuses this to the token's account (%(error)s)", error=error.message)
        return Mistake(WORKSPACE, message)
    names = [f"`{each.name}` ({each.title})" for each in seen]
    advice = (
        say("it sees %(names)s", names=_list(names, quoted=True))
        if names
        else say("it sees none: make one, or invite the token's account")
    )
    message = say("the token sees no Trello Workspace `%(name)s`: %(advice)s", name=declared, advice=advice)
    return Mistake(WORKSPACE, message)


def _list(names: Sequence[str], *, quoted: bool = False) -> str:
    shown = [name if quoted else f"`{name}`" for name in sorted(names)[:_NAMED]]
    return ", ".join(shown) + (", …" if len(names) > _NAMED else "")


# ---- after a refusal --------------------------------------------------------------------------------


def explained(context: Context, change: Change, error: TrelloError) -> str:
    """Why a change failed: by the place in workspace.yaml that would mend it, where there is one."""
    if isinstance(error, (*OUT_OF_REACH, OutcomeUnknown)):
        return error.message
    if isinstance(change, CreateBoard) and isinstance(error, NotFound | Unauthorised):
        return _at_its_place(context, _wrong_workspace(context, error))
    person = context.workspace.person(change.key) if isinstance(change, AddMember) else None
    if person is None:
        return error.message
    try:
        return _at_its_place(context, _refused_person(context, person, error))
    except TrelloError:
        # Asking for the reason failed as well, so Trello's own words have to do.
        return error.message


def _refused_person(context: Context, person: Person, error: TrelloError) -> Mistake:
    workspace = context.workspace.trello_workspace
    members = context.trello.workspace_members(workspace)
    if unknown := _unknown_account(context, person, members):
        return unknown
    if account_name(person) in {member.username.lower() for member in members}:
        message = say(
            "Trello refuses `%(username)s` on this board (%(error)s)",
            username=person.username,
            error=error.message,
        )
    else:
        message = say(
            "Trello refuses `%(username)s` on this board, who is not in the Trello Workspace "
            "`%(workspace)s`: invite them there, or correct the username (%(error)s)",
            username=person.username,
            workspace=workspace,
            error=error.message,
        )
    return of_person(person.key, message)


# ---- what the daemon found --------------------------------------------------------------------------


def note_renamed(context: Context) -> None:
    """Keep the problem `job:people` in line with what the boards showed when each was last compared."""
    found = context.runtime.comparison_cache.mistakes
    problems = dict.fromkeys(
        _at_its_place(context, mistake)
        for board in context.workspace.boards
        for mistake in found.get(board.key, ())
    )
    if problems:
        context.store.note_problem(PEOPLE, joined(problems, "\n"), context.clock.now())
    else:
        context.store.clear_problem(PEOPLE)


def said_of(context: Context, plan: Plan) -> tuple[str, ...]:
    """The mistakes of a plan, each at its place, once."""
    return tuple(dict.fromkeys(_at_its_place(context, mistake) for mistake in plan.mistakes))


def _at_its_place(context: Context, mistake: Mistake) -> Message:
    found = context.locate(mistake)
    place = f"{found.file}:{found.line}:{found.column} {found.path}"
    return Message("%(place)s: %(message)s", {"place": place, "message": found.message})

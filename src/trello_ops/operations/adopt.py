"""adopt: a board that people made becomes the one of a board file, with all that stands on it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import structlog

from trello_ops.core.bindings import Bindings, Kind
from trello_ops.core.claims import ClaimKey
from trello_ops.core.declared import Board
from trello_ops.core.identity import TrelloIdentity
from trello_ops.core.marker import find_board
from trello_ops.core.planning.adoption import Adoption, adoption
from trello_ops.core.planning.changes import Bind, Change
from trello_ops.core.planning.plan import Plan
from trello_ops.core.trello import BoardSummary, Snapshot
from trello_ops.errors import NotAdoptable, NotFound, TokenRefused, Unauthorised, Unavailable
from trello_ops.escape import one_line
from trello_ops.messages import Message, joined, say
from trello_ops.operations.board_sights import note_successor
from trello_ops.operations.claims import released, take
from trello_ops.operations.context import Context
from trello_ops.operations.mistakes import checked, naming_workspace
from trello_ops.operations.own_trello import bind_trello, require_own_trello
from trello_ops.operations.reconcile import Applied, apply, plan_board

log = structlog.get_logger()

_ID = re.compile(r"[0-9a-f]{24}|[0-9A-Za-z]{8}")
_ADDRESS = re.compile(rf"/b/({_ID.pattern})(?![0-9A-Za-z])")


def board_id(named: str) -> str:
    """The id or short link that stands in what somebody names a board by: also in its address.

    Raises ValueError where there is none.
    """
    if _ID.fullmatch(named):
        return named
    found = _ADDRESS.search(named)
    if found is None:
        raise ValueError(f"no board: {named}")
    return found[1]


@dataclass(frozen=True, slots=True)
class AdoptionPlan:
    """What adopting a board for a declared one would take, and the changes that would follow.

    `before` is the id of the board that is bound now, be it gone from Trello; empty for none.
    """

    board: Board
    found: BoardSummary
    adoption: Adoption
    plan: Plan
    before: str


def plan_adoption(context: Context, bindings: Bindings, board: Board, named: str) -> AdoptionPlan:
    """See what adopting would bring. Writes nothing.

    `bindings` are those that will be in the store. Raises `NotAdoptable` with every reason against it.
    """
    require_own_trello(context)
    trello = context.trello.identity(context.workspace.trello_workspace)
    seen = _look(context, named, trello)
    found = adoption(context.workspace, board, bindings, seen, trello.workspace_id)
    reasons = (
        *found.reasons,
        *_no_right(context, seen, trello),
        *_other_boards(context, bindings, board, seen),
    )
    if reasons:
        raise NotAdoptable(_all_reasons(board, seen, reasons))
    return AdoptionPlan(
        board,
        seen.board,
        found,
        checked(context, plan_board(context, board, _with(context, bindings, board, found))),
        bindings.id(Kind.BOARD, board.key) or "",
    )


def adopt(
    context: Context, planned: AdoptionPlan, progress: Callable[[Change], None] | None = None
) -> Applied:
    """Take the board, and make the changes that follow; whoever is interrupted adopts it again.

    Raises `NotAdoptable` where another board was bound since it was planned, and `Unavailable` while the
    making of one has not settled.
    """
    if planned.adoption.taken:
        _take(context, planned)
    return apply(context, planned.plan, progress)


def _take(context: Context, planned: AdoptionPlan) -> None:
    """Bind all that is taken in one step: a board whose lists are not known would get them anew."""
    bind_trello(context)
    key, store = planned.board.key, context.store
    # The claim under which the daemon would make the board of a new file.
    held = take(context, ClaimKey.of_change(key))
    if held is None:
        raise Unavailable(
            say("%(key)s: making its board has not settled yet; try again in a few minutes", key=key)
        )
    with released(context, held):
        bound = store.bindings(key).id(Kind.BOARD, key) or ""
        if bound not in (planned.before, planned.found.id):
            raise NotAdoptable(say("%(key)s: another board was taken for it meanwhile", key=key))
        note_successor(context, Bind(board=key, kind=Kind.BOARD, key="", trello_id=planned.found.id))
        now = context.clock.now()
        store.bind(*(each.binding(key, now) for each in planned.adoption.taken))
    log.info("board.adopted", board=key, trello_id=planned.found.id, things=len(planned.adoption.taken))


def _with(context: Context, bindings: Bindings, board: Board, found: Adoption) -> Bindings:
    now = context.clock.now()
    return Bindings.of((*bindings, *(each.binding(board.key, now) for each in found.taken)))


# ---- what speaks against it -------------------------------------------------------------------------


def _look(context: Context, named: str, trello: TrelloIdentity) -> Snapshot:
    try:
        return context.trello.snapshot(named)
    except TokenRefused:
        raise
    except (NotFound, Unauthorised) as error:
        raise NotAdoptable(
            say(
                "Trello shows the account @%(robot)s no board %(board)s: check the address, and invite that"
                " account to the board.",
                robot=trello.username,
                board=named,
            )
        ) from error


def _no_right(context: Context, seen: Snapshot, trello: TrelloIdentity) -> Iterator[str]:
    """Why the robot's account may not do there what it has to."""
    robot = trello.username
    kind = context.trello.membership(seen.board.id, trello.member_id)
    if not kind:
        yield say("the account @%(robot)s is no member of it: invite it", robot=robot)
    elif kind == "observer":
        yield say(
            "the account @%(robot)s is an observer there, who may change nothing: make it a normal member",
            robot=robot,
        )
    elif kind != "admin" and seen.visibility != "org":
        yield say(
            "only an admin of it can make it visible to its Trello Workspace: do that, or make the account"
            " @%(robot)s an admin there",
            robot=robot,
        )


def _other_boards(context: Context, bindings: Bindings, board: Board, seen: Snapshot) -> Iterator[str]:
    """The boards on Trello that are this declared one already."""
    workspace, bound = context.workspace, bindings.id(Kind.BOARD, board.key)
    if bound and bound != seen.board.id:
        try:
            present = context.trello.snapshot(bound).board
        except NotFound:
            pass
        else:
            yield say(
                "%(key)s has a board, “%(title)s” (%(url)s), and its cards stand there. To leave that one"
                " for good, delete it on Trello and adopt again",
                key=board.key,
                title=one_line(present.title),
                url=present.url,
            )
    with naming_workspace(context):
        others = context.trello.boards(workspace.trello_workspace)
    ours = {(workspace.key, key) for key in (board.key, *board.was)}
    for other in others:
        if find_board(other.description) in ours and other.id not in (bound, seen.board.id):
            yield say(
                "the board “%(title)s” (%(url)s) says in its description that it is %(key)s. Delete the line"
                " `trello-ops:board:…` there, or that board",
                title=one_line(other.title),
                url=other.url,
                key=board.key,
            )


def _all_reasons(board: Board, seen: Snapshot, reasons: tuple[str, ...]) -> str:
    intro = say(
        "The board “%(title)s” cannot be adopted for %(key)s; nothing was done.",
        title=one_line(seen.board.title),
        key=board.key,
    )
    points = (Message("- %(reason)s.", {"reason": reason}) for reason in reasons)
    return joined((intro, *points), "\n")

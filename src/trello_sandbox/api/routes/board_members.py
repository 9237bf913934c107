"""Who is on a board: its members, their memberships, and inviting by id, username or mail."""

from trello_sandbox import errors
from trello_sandbox.api.call import Call, Route
from trello_sandbox.params import Params
from trello_sandbox.serialisers import nested_reads
from trello_sandbox.state import factories
from trello_sandbox.state.records import Board, Json, Member

_TYPES = frozenset({"normal", "admin", "observer"})


def read_members(call: Call) -> list[Json]:
    board = call.board()
    kind = call.path.get("filter") or call.params.text("filter", "all")
    people = nested_reads.people(call.world, board.memberships, kind)
    # On their own, members have two fields by default; nested in a board they have five.
    return nested_reads.members(call.world, people, Params({"fields": "fullName,username", **call.params}))


def read_memberships(call: Call) -> list[Json]:
    found = call.board().memberships
    return nested_reads.memberships(call.world, call.caller.member, found, call.params)


def read_membership(call: Call) -> Json:
    return nested_reads.membership(call.world, call.board().memberships, call.path["membership"], call.params)


def put_member(call: Call) -> Json:
    """Bring somebody in by id or username, or change the type of their membership."""
    return _put(call, call.board(), call.member())


def invite(call: Call) -> Json:
    """Bring somebody in by mail."""
    board = call.board()
    return _put(call, board, factories.guest(call.world, call.params))


def _put(call: Call, board: Board, member: Member) -> Json:
    factories.put_on_board(call.log, board, member, call.params.choice("type", _TYPES, "normal"))
    return _people(call, board)


def update_membership(call: Call) -> Json:
    """`PUT /boards/{id}/memberships/{idMembership}?type=`. Answers the membership."""
    board, world = call.board(), call.world
    found = nested_reads.membership(world, board.memberships, call.path["membership"], Params({}))
    if not call.params.filled("type"):
        raise call.params.invalid("type")
    kind = call.params.choice("type", _TYPES, "normal")
    factories.put_on_board(call.log, board, world.members[found["idMember"]], kind)
    return nested_reads.membership(world, board.memberships, found["id"], call.params)


def remove_membership(call: Call) -> Json:
    board = call.board()
    found = nested_reads.membership(call.world, board.memberships, call.path["membership"], Params({}))
    factories.take_off_board(call.log, board, found["idMember"])
    return _people(call, board)


def remove_member(call: Call) -> Json:
    board, member_id = call.board(), call.path["member"]
    if member_id not in board.memberships:
        raise errors.not_found()
    factories.take_off_board(call.log, board, member_id)
    return _people(call, board)


def _people(call: Call, board: Board) -> Json:
    """What changes of membership answer: everybody on the board."""
    people = nested_reads.people(call.world, board.memberships, "all")
    members = nested_reads.members(call.world, people, Params({}))
    return {"id": board.id, "members": members, "memberships": list(board.memberships.values())}


ROUTES = (
    Route("GET", "/boards/{board}/members", read_members),
    Route("PUT", "/boards/{board}/members", invite),
    Route("GET", "/boards/{board}/members/{filter}", read_members),
    Route("PUT", "/boards/{board}/members/{member}", put_member),
    Route("DELETE", "/boards/{board}/members/{member}", remove_member),
    Route("GET", "/boards/{board}/memberships", read_memberships),
    Route("GET", "/boards/{board}/memberships/{membership}", read_membership),
    Route("PUT", "/boards/{board}/memberships/{membership}", update_membership),
    Route("DELETE", "/boards/{board}/memberships/{membership}", remove_membership),
)

"""Who may see and change what: boards by membership and visibility, Workspaces by membership."""

from trello_sandbox.state.records import Board, Member, Organization
from trello_sandbox.state.world import World


def may_read(world: World, board: Board, member: Member | None) -> bool:
    """Public boards are open to all, others to their members, and to the Workspace where they are visible."""
    if board.prefs["permissionLevel"] == "public":
        return True
    return member is not None and (member.id in board.memberships or _by_workspace(world, board, member))


def may_write(world: World, board: Board, member: Member | None) -> bool:
    """Whether the member may change what is on the board. Observers and strangers only read."""
    if member is None:
        return False
    membership = board.memberships.get(member.id)
    if membership is None:
        return _by_workspace(world, board, member)  # a public board may be read, but not written to
    return bool(membership["memberType"] != "observer")


def _by_workspace(world: World, board: Board, member: Member) -> bool:
    """Members of a board's Workspace may join and edit it where it is visible to the Workspace."""
    organization = world.organizations.get(board.id_organization or "")
    in_workspace = organization is not None and member.id in organization.memberships
    return board.prefs["permissionLevel"] == "org" and in_workspace


def is_admin(holder: Board | Organization, member: Member) -> bool:
    """Whether the member is an admin of the board or Workspace."""
    return bool(holder.memberships.get(member.id, {}).get("memberType") == "admin")

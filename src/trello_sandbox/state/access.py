"""Who may see and change what: boards by membership and visibility, Workspaces by membership."""

from trello_sandbox.state.records import Board, Member, Organization
from trello_sandbox.state.world import World


def may_read(world: World, board: Board, member: Member | None) -> bool:
    """Public boards are open to all, others to their members, and to the Workspace where they are its."""
    if board.prefs["permissionLevel"] == "public":
        return True
    return member is not None and (member.id in board.memberships or _shares(world, board, member))


def may_write(world: World, board: Board, member: Member | None) -> bool:
    """Observers and strangers only read."""
    if member is None:
        return False
    membership = board.memberships.get(member.id)
    if membership is None:
        return _shares(world, board, member)
    return bool(membership["memberType"] != "observer")


def _shares(world: World, board: Board, member: Member) -> bool:
    """Whether the board is visible to a Workspace of which this is a member, who may then edit it too."""
    organization = world.organizations.get(board.id_organization or "")
    in_workspace = organization is not None and member.id in organization.memberships
    return board.prefs["permissionLevel"] == "org" and in_workspace


def is_admin(holder: Board | Organization, member: Member) -> bool:
    return bool(holder.memberships.get(member.id, {}).get("memberType") == "admin")

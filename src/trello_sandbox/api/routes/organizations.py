"""/organizations: Workspaces, who is in them and what boards they have."""

from typing import Any

from trello_sandbox import errors
from trello_sandbox.api.call import NOTHING, Call, Route
from trello_sandbox.api.routes import fields
from trello_sandbox.params import Params
from trello_sandbox.serialisers import actions, nested_reads
from trello_sandbox.serialisers.fields import serialise
from trello_sandbox.serialisers.people import ORGANIZATION
from trello_sandbox.slugs import slug
from trello_sandbox.state import factories
from trello_sandbox.state.records import Json, Organization, membership

_FIELDS = frozenset({"name", "displayName", "desc", "website"})
_TYPES = frozenset({"normal", "admin"})
_SHORTEST_NAME = 3


def create(call: Call) -> Json:
    """`POST /organizations`: a Workspace of one's own."""
    params, world = call.params, call.world
    display_name = _display_name(params)
    if params.filled("name"):
        name = _name(call, params.text("name"))
    else:  # without one it is made from the display name
        base = slug(display_name).replace("-", "") or "workspace"
        name = next(name for n in range(1, 10**6) if not world.organizations.named(name := f"{base}{n}"))
    desc, website = params.text("desc"), params.text("website") or None
    found = world.organizations.add(Organization(world.new_id(), name, display_name, desc, website))
    found.memberships[call.me.id] = membership(world.new_id(), call.me, "admin")
    call.log.organization("createOrganization", found)
    return {**_organization(call, found), "limits": {}}


def _organization(call: Call, found: Organization) -> Json:
    """A Workspace as writing answers it, whatever `fields` says."""
    return serialise(ORGANIZATION, call.world, found, nested_reads.ORGANIZATION_DEFAULT.split(","))


def _display_name(params: Params) -> str:
    """A Workspace's title, trimmed."""
    name = params.text("displayName").strip()
    if not name:
        raise params.invalid("displayName")
    return name


def _name(call: Call, name: str, own: Organization | None = None) -> str:
    """A short name: at least three small letters, digits or underscores, and nobody else's."""
    taken = call.world.organizations.named(name)
    if len(name) < _SHORTEST_NAME or name != name.lower() or (taken and taken is not own):
        raise call.params.invalid("name")
    return name


def read(call: Call) -> Json:
    """A Workspace, with `boards`, `members` and `memberships` when asked for."""
    organization, params = call.organization(), call.params
    names = params.names("fields", nested_reads.ORGANIZATION_DEFAULT)
    answer = serialise(ORGANIZATION, call.world, organization, names)
    if nested_reads.asks(params, "boards"):
        answer["boards"] = _boards(call, organization, params.nested("board_"), params.text("boards"))
    if nested_reads.asks(params, "members"):
        answer["members"] = _members(call, organization, params.nested("member_"), params.text("members"))
    if nested_reads.asks(params, "memberships"):
        asked = {**params.nested("memberships_"), "filter": params.text("memberships")}
        answer["memberships"] = _memberships(call, organization, Params(asked))
    return answer


def update(call: Call) -> Json:
    organization, params = call.organization(), call.params
    new = {
        "display_name": _display_name(params) if "displayName" in params else organization.display_name,
        "desc": params.text("desc", organization.desc),
        "website": params.text("website", organization.website or "") or None,
    }
    name = _name(call, params.text("name"), organization) if "name" in params else organization.name
    old = {each: getattr(organization, each) for each in new}
    for field, value in new.items():
        setattr(organization, field, value)
    call.world.organizations.rename(organization, name)
    if new != old:
        call.log.organization("updateOrganization", organization, {"old": old})
    return _organization(call, organization)


def update_field(call: Call) -> Json:
    return update(call.as_edit(_FIELDS))


def delete(call: Call) -> Json:
    """Delete a Workspace. Its boards become personal, and its own actions go with it."""
    organization, world = call.organization(), call.world
    if organization is world.workspace:
        # Everybody belongs to the first Workspace. This refusal is the sandbox's own.
        raise errors.already("the sandbox needs its first Workspace")
    for board in list(world.boards.of("id_organization", organization.id).values()):
        factories.put_in_organization(world, board, None)
    for action in list(world.actions.of("id_board", "").values()):
        if action.data["organization"]["id"] == organization.id:
            world.actions.remove(action)
    world.organizations.remove(organization)
    return NOTHING


# ---- boards and actions


def read_boards(call: Call) -> list[Json]:
    kind = call.path.get("filter") or call.params.text("filter", "all")
    return _boards(call, call.organization(), call.params, kind)


def _boards(call: Call, organization: Organization, params: Params, kind: str) -> list[Json]:
    found = call.world.boards.of("id_organization", organization.id).values()
    return nested_reads.boards(call.world, call.caller.member, found, params, kind)


def read_actions(call: Call) -> Any:
    """What happened to the Workspace, and on those of its boards that the caller may read."""
    organization, world = call.organization(), call.world
    boards = world.boards.of("id_organization", organization.id).values()
    seen = {board.id for board in boards if call.may_read(board)}
    log = (
        action
        for action in world.actions.newest()
        if action.id_board in seen or action.data.get("organization", {}).get("id") == organization.id
    )
    return actions.listing(world, log, call.params)


# ---- members


def read_members(call: Call) -> list[Json]:
    kind = call.path.get("filter") or call.params.text("filter", "all")
    params = Params({"fields": "fullName,username", **call.params})
    return _members(call, call.organization(), params, kind)


def _members(call: Call, organization: Organization, params: Params, kind: str) -> list[Json]:
    people = nested_reads.people(call.world, organization.memberships, kind)
    return nested_reads.members(call.world, people, params)


def read_memberships(call: Call) -> list[Json]:
    return _memberships(call, call.organization(), call.params)


def _memberships(call: Call, organization: Organization, params: Params) -> list[Json]:
    return nested_reads.memberships(call.world, call.caller.member, organization.memberships, params)


def read_membership(call: Call) -> Json:
    found = call.organization().memberships
    return nested_reads.membership(call.world, found, call.path["membership"], call.params)


def put_member(call: Call) -> Json:
    """Bring somebody in by id or username, or change the type of their membership."""
    return _put(call, call.organization(), call.path["member"])


def invite(call: Call) -> Json:
    """Bring somebody in by mail: a member who is known by the address only."""
    organization = call.organization()
    return _put(call, organization, factories.guest(call.world, call.params).id)


# What invitations and removals answer is inferred from the OpenAPI document: nothing is recorded.


def _put(call: Call, organization: Organization, named: str) -> Json:
    member = call.world.member(named)
    if member is None:
        raise errors.not_found()
    kind = call.params.choice("type", _TYPES, "normal")
    known = organization.memberships.get(member.id)
    if known:
        organization.memberships[member.id] = {**known, "memberType": kind}
    else:
        organization.memberships[member.id] = membership(call.world.new_id(), member, kind)
        call.log.organization("addMemberToOrganization", organization, {"idMember": member.id})
    return serialise(ORGANIZATION, call.world, organization, ("id", "memberships"))


def remove_member(call: Call) -> Json:
    return _remove(call, call.organization())


def remove_member_everywhere(call: Call) -> Json:
    """Out of the Workspace and off all its boards."""
    organization = call.organization()
    for board in call.world.boards.of("id_organization", organization.id).values():
        if call.path["member"] in board.memberships:
            factories.take_off_board(call.log, board, call.path["member"])
    return _remove(call, organization)


def _remove(call: Call, organization: Organization) -> Json:
    member_id, memberships = call.path["member"], organization.memberships
    if member_id not in memberships:
        raise errors.not_found()
    admins = [each for each, found in memberships.items() if found["memberType"] == "admin"]
    if admins == [member_id]:
        # That the last admin stays is known, how Trello says so is not.
        raise errors.already("a Workspace must have an admin")
    del memberships[member_id]
    call.log.organization("removeMemberFromOrganization", organization, {"idMember": member_id})
    return serialise(ORGANIZATION, call.world, organization, ("id", "memberships"))


def empty(call: Call) -> list[Json]:
    """Plugin data, tags and exports: the sandbox has none."""
    call.organization()
    return []


ROUTES = (
    Route("POST", "/organizations", create),
    Route("GET", "/organizations/{organization}", read),
    Route("PUT", "/organizations/{organization}", update),
    Route("DELETE", "/organizations/{organization}", delete),
    Route("GET", "/organizations/{organization}/actions", read_actions),
    Route("GET", "/organizations/{organization}/boards", read_boards),
    Route("GET", "/organizations/{organization}/boards/{filter}", read_boards),
    Route("GET", "/organizations/{organization}/members", read_members),
    Route("GET", "/organizations/{organization}/members/{filter}", read_members),
    Route("PUT", "/organizations/{organization}/members", invite),
    Route("PUT", "/organizations/{organization}/members/{member}", put_member),
    Route("DELETE", "/organizations/{organization}/members/{member}", remove_member),
    Route("DELETE", "/organizations/{organization}/members/{member}/all", remove_member_everywhere),
    Route("GET", "/organizations/{organization}/memberships", read_memberships),
    Route("GET", "/organizations/{organization}/memberships/{membership}", read_membership),
    Route("GET", "/organizations/{organization}/pluginData", empty),
    Route("GET", "/organizations/{organization}/tags", empty),
    Route("GET", "/organizations/{organization}/exports", empty),
    Route("GET", "/organizations/{organization}/{field}", fields.reader(Call.organization, ORGANIZATION)),
    Route("PUT", "/organizations/{organization}/{field}", update_field),
)

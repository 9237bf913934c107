"""/members, /organizations and /tokens: who there is, and what they may see."""

from typing import Any

from trello_ops.sandbox import actions, reading, refusals
from trello_ops.sandbox.call import Call, Route
from trello_ops.sandbox.params import Params
from trello_ops.sandbox.records import Board, Json, Member
from trello_ops.sandbox.shapes import MEMBER, ORGANIZATION, TOKEN, project

_ORGANIZATION_DEFAULT = (
    "name,displayName,desc,descData,url,website,teamType,logoHash,logoUrl,products,powerUps"
)

# ---- members


def read(call: Call) -> Json:
    """`GET /members/{id|username|me}`, with `boards` and `organizations` when asked for."""
    member, params = call.member(), call.params
    shape = project(MEMBER, call.world, member, params.names("fields", "all"))
    if reading.asks(params, "boards"):
        shape["boards"] = _boards(call, member, params.nested("board_"), params.text("boards"))
    if reading.asks(params, "organizations"):
        shape["organizations"] = _organizations(call, member, params.nested("organization_"))
    return shape


def read_field(call: Call) -> Json:
    member, name = call.member(), call.path["field"]
    if name not in MEMBER:
        raise refusals.invalid_value("field")
    return {"_value": MEMBER[name](call.world, member)}


def read_boards(call: Call) -> list[Json]:
    """The member's boards; `filter`, in the query or the path, is all, open or closed among others."""
    kind = call.path.get("filter") or call.params.text("filter", "all")
    return _boards(call, call.member(), call.params, kind)


def _boards(call: Call, member: Member, params: Params, kind: str) -> list[Json]:
    found = [board for board in call.world.boards.all() if member.id in board.memberships]
    return _shown(call, found, params, kind)


def _shown(call: Call, found: list[Board], params: Params, kind: str) -> list[Json]:
    """Those boards that pass the filter and that the caller may read, by name."""
    kept = [board for board in found if _passes(board, kind) and _readable(call, board)]
    asked = Params({"fields": "all", **params})
    return [reading.board(call, board, asked) for board in sorted(kept, key=lambda board: board.name)]


def _passes(board: Board, kind: str) -> bool:
    kinds = kind.split(",")
    return (
        "all" in kinds
        or ("open" in kinds and not board.closed)
        or ("closed" in kinds and board.closed)
        or ("members" in kinds and board.prefs["permissionLevel"] == "private")
        or ("organization" in kinds and board.prefs["permissionLevel"] == "org")
        or ("public" in kinds and board.prefs["permissionLevel"] == "public")
    )


def _readable(call: Call, board: Board) -> bool:
    try:
        call.permitted(board, refusals.no_board_permission)
    except refusals.Refusal:
        return False
    return True


def read_organizations(call: Call) -> list[Json]:
    return _organizations(call, call.member(), call.params)


def _organizations(call: Call, member: Member, params: Params) -> list[Json]:
    names = params.names("fields", _ORGANIZATION_DEFAULT)
    found = (each for each in call.world.organizations.all() if member.id in each.member_ids)
    return [project(ORGANIZATION, call.world, each, names) for each in found]


def read_cards(call: Call) -> list[Json]:
    """Cards that the member is on."""
    member = call.member()
    kind = call.params.choice("filter", reading.CARD_FILTERS, "visible")
    mine = [card for card in call.world.cards.all() if member.id in card.id_members]
    seen = [card for card in mine if _readable(call, call.world.boards[card.id_board])]
    return reading.cards(call, seen, call.params, kind)


def read_actions(call: Call) -> Any:
    log = call.world.actions.of("id_member_creator", call.member().id)
    return actions.listing(call.world, log, call.params)


# ---- organizations


def read_organization(call: Call) -> Json:
    names = call.params.names("fields", _ORGANIZATION_DEFAULT)
    return project(ORGANIZATION, call.world, call.organization(), names)


def read_organization_field(call: Call) -> Json:
    organization, name = call.organization(), call.path["field"]
    if name not in ORGANIZATION:
        raise refusals.invalid_value("field")
    return {"_value": ORGANIZATION[name](call.world, organization)}


def read_organization_boards(call: Call) -> list[Json]:
    organization = call.organization()
    found = [board for board in call.world.boards.all() if board.id_organization == organization.id]
    return _shown(call, found, call.params, call.params.text("filter", "all"))


def read_organization_members(call: Call) -> list[Json]:
    people = (call.world.members[each] for each in call.organization().member_ids)
    return reading.members(call.world, people, Params({"fields": "fullName,username", **call.params}))


def read_organization_memberships(call: Call) -> Any:
    return ORGANIZATION["memberships"](call.world, call.organization())


# ---- tokens


def read_token(call: Call) -> Json:
    token = call.world.token(call.path["token"])
    if token is None:
        raise refusals.not_found()
    return project(TOKEN, call.world, token, call.params.names("fields", "all"))


def read_token_member(call: Call) -> Json:
    token = call.world.token(call.path["token"])
    if token is None:
        raise refusals.not_found()
    return project(
        MEMBER, call.world, call.world.members[token.id_member], call.params.names("fields", "all")
    )


def read_board_stars(call: Call) -> list[Json]:
    call.member()
    return []


ROUTES = (
    Route("GET", "/members/{member}", read),
    Route("GET", "/members/{member}/boards", read_boards),
    Route("GET", "/members/{member}/boards/{filter}", read_boards),
    Route("GET", "/members/{member}/boardStars", read_board_stars),
    Route("GET", "/members/{member}/organizations", read_organizations),
    Route("GET", "/members/{member}/cards", read_cards),
    Route("GET", "/members/{member}/actions", read_actions),
    Route("GET", "/members/{member}/{field}", read_field),
    Route("GET", "/organizations/{organization}", read_organization),
    Route("GET", "/organizations/{organization}/boards", read_organization_boards),
    Route("GET", "/organizations/{organization}/members", read_organization_members),
    Route("GET", "/organizations/{organization}/memberships", read_organization_memberships),
    Route("GET", "/organizations/{organization}/{field}", read_organization_field),
    Route("GET", "/tokens/{token}", read_token),
    Route("GET", "/tokens/{token}/member", read_token_member),
)

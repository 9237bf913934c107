"""/members: who there is by id, username or `me`, what they are on, and the boards they starred."""

from collections.abc import Callable
from typing import Any

from trello_sandbox import errors
from trello_sandbox.api.call import NOTHING, Call, Route
from trello_sandbox.api.routes.tokens import token_shape
from trello_sandbox.params import Params
from trello_sandbox.serialisers import nested_reads
from trello_sandbox.serialisers.fields import BOARD_STAR, MEMBER, project
from trello_sandbox.state import action_log
from trello_sandbox.state.positions import place
from trello_sandbox.state.records import Board, BoardStar, Json, Member, Token

_INITIALS_MOST = 4


def read(call: Call) -> Json:
    """A member, with `boards`, `organizations`, `cards`, `actions` and others when asked for."""
    member, params = call.member(), call.params
    shape = nested_reads.member(call, member, params.names("fields", "all"))
    for name, nested in _NESTED.items():
        if nested_reads.asks(params, name):
            shape[name] = nested(call, member, params)
    return shape


def read_field(call: Call) -> Json:
    member, name = call.member(), call.path["field"]
    if name not in MEMBER:
        raise errors.invalid_value("field")
    return {"_value": nested_reads.member(call, member, (name,))[name]}


def update(call: Call) -> Json:
    """`fullName`, `initials`, `bio` and `username` of oneself."""
    member, params = _myself(call), call.params
    name, username = params.text("fullName", member.full_name), params.text("username", member.username)
    initials = params.text("initials", member.own_initials)
    if not name.strip():
        raise params.invalid("fullName")
    if not username or (username != member.username and call.world.members.named(username)):
        raise params.invalid("username")
    if len(initials) > _INITIALS_MOST:
        raise params.invalid("initials")
    member.full_name, member.own_initials, member.bio = name, initials, params.text("bio", member.bio)
    call.world.members.rename(member, username)
    return nested_reads.member(call, member, ("all",))


def update_field(call: Call) -> Json:
    return update(call.as_edit(frozenset({"fullName", "initials", "bio", "username"})))


def _myself(call: Call) -> Member:
    member = call.member()
    if member is not call.me:
        raise errors.no_board_permission()
    return member


# ---- boards and Workspaces


def read_boards(call: Call) -> list[Json]:
    """The member's boards; `filter`, in the query or the path, is all, open or closed among others."""
    kind = call.path.get("filter") or call.params.text("filter", "all")
    return _boards(call, call.member(), call.params, kind)


def _boards(call: Call, member: Member, params: Params, kind: str) -> list[Json]:
    found: list[Board] = [board for board in call.world.boards.all() if member.id in board.memberships]
    if kind == "starred":
        starred = {star.id_board for star in call.world.stars.of("id_member", member.id).values()}
        found, kind = [board for board in found if board.id in starred], "all"
    return nested_reads.boards(call, found, params, kind)


def _nested_boards(call: Call, member: Member, params: Params) -> list[Json]:
    return _boards(call, member, params.nested("board_"), params.text("boards"))


def read_organizations(call: Call) -> list[Json]:
    return _organizations(call, call.member(), call.params)


def _organizations(call: Call, member: Member, params: Params) -> list[Json]:
    """Those that the caller is in too."""
    found = (each for each in call.world.organizations.all() if member.id in each.memberships)
    return nested_reads.organizations(
        call.world, (each for each in found if call.me.id in each.memberships), params
    )


def _nested_organizations(call: Call, member: Member, params: Params) -> list[Json]:
    return _organizations(call, member, params.nested("organization_"))


# ---- cards and actions


def read_cards(call: Call) -> list[Json]:
    """Cards that the member is on."""
    kind = call.path.get("filter") or call.params.text("filter") or "visible"
    return _cards(call, call.member(), call.params, kind)


def _cards(call: Call, member: Member, params: Params, kind: str) -> list[Json]:
    kind = Params({"filter": kind}).choice("filter", nested_reads.CARD_FILTERS, "visible")
    mine = [card for card in call.world.cards.all() if member.id in card.id_members]
    seen = [card for card in mine if call.may_read(call.world.boards[card.id_board])]
    return nested_reads.cards(call, seen, params, kind)


def _nested_cards(call: Call, member: Member, params: Params) -> list[Json]:
    return _cards(call, member, params.nested("card_"), params.text("cards"))


def read_actions(call: Call) -> Any:
    """What the member did, as far as the caller may see it."""
    return action_log.listing(call.world, _log(call, call.member()), call.params)


def _log(call: Call, member: Member) -> Any:
    boards = call.world.boards
    return (
        action
        for action in call.world.actions.newest()
        if action.id_member_creator == member.id
        and (not action.id_board or call.may_read(boards[action.id_board]))
    )


def _nested_actions(call: Call, member: Member, params: Params) -> Any:
    return nested_reads.nested_actions(call.world, _log(call, member), params, params.text("actions"))


# ---- tokens


def read_tokens(call: Call) -> list[Json]:
    """One's own tokens, without their text; with their webhooks when `webhooks=true`."""
    return _tokens(call, _myself(call), call.params)


def _tokens(call: Call, member: Member, params: Params) -> list[Json]:
    found: list[Token] = list(call.world.tokens.of("id_member", member.id).values())
    return [token_shape(call.world, each, params) for each in found if not call.world.is_expired(each)]


def _nested_tokens(call: Call, member: Member, _: Params) -> list[Json]:
    return _tokens(call, member, Params({})) if member is call.me else []


# ---- stars


def read_stars(call: Call) -> list[Json]:
    return _stars(call, _myself(call))


def _stars(call: Call, member: Member) -> list[Json]:
    found = sorted(call.world.stars.of("id_member", member.id).values(), key=lambda star: star.pos)
    return [project(BOARD_STAR, call.world, star, ("all",)) for star in found]


def _star(call: Call) -> BoardStar:
    star = call.world.stars.of("id_member", _myself(call).id).get(call.path["boardStar"])
    if star is None:
        raise errors.not_found()
    return star


def read_star(call: Call) -> Json:
    return project(BOARD_STAR, call.world, _star(call), ("all",))


def create_star(call: Call) -> Json:
    """Star a board. Whether a second star on the same board is refused is a guess."""
    member, world = _myself(call), call.world
    board_id = call.params.object_id("idBoard")
    if board_id is None:
        raise call.params.invalid("idBoard")
    board = call.found(world.boards, board_id)
    if not call.may_read(board):
        raise errors.no_board_permission()
    stars = world.stars.of("id_member", member.id).values()
    if any(star.id_board == board.id for star in stars):
        raise errors.already("board is already starred")
    pos = place(call.params, stars)
    star = world.stars.add(BoardStar(world.new_id(), member.id, board.id, pos))
    return project(BOARD_STAR, world, star, ("all",))


def update_star(call: Call) -> Json:
    star = _star(call)
    if "pos" in call.params:
        others = call.world.stars.of("id_member", star.id_member).values()
        star.pos = place(call.params, others, but=star)
    return project(BOARD_STAR, call.world, star, ("all",))


def delete_star(call: Call) -> Json:
    call.world.stars.remove(_star(call))
    return NOTHING


def none(call: Call) -> list[Json]:
    """Invitations, notifications, saved searches, own pictures and emoji: the sandbox has none."""
    _myself(call)
    return []


_NESTED: dict[str, Callable[[Call, Member, Params], Any]] = {
    "boards": _nested_boards,
    "organizations": _nested_organizations,
    "cards": _nested_cards,
    "actions": _nested_actions,
    "tokens": _nested_tokens,
    "boardStars": lambda call, member, _: _stars(call, member),
    "boardsInvited": lambda *_: [],
    "organizationsInvited": lambda *_: [],
    "notifications": lambda *_: [],
    "savedSearches": lambda *_: [],
}

ROUTES = (
    Route("GET", "/members/{member}", read),
    Route("PUT", "/members/{member}", update),
    Route("GET", "/members/{member}/boards", read_boards),
    Route("GET", "/members/{member}/boards/{filter}", read_boards),
    Route("GET", "/members/{member}/boardsInvited", none),
    Route("GET", "/members/{member}/boardStars", read_stars),
    Route("POST", "/members/{member}/boardStars", create_star),
    Route("GET", "/members/{member}/boardStars/{boardStar}", read_star),
    Route("PUT", "/members/{member}/boardStars/{boardStar}", update_star),
    Route("DELETE", "/members/{member}/boardStars/{boardStar}", delete_star),
    Route("GET", "/members/{member}/organizations", read_organizations),
    Route("GET", "/members/{member}/organizations/{filter}", read_organizations),
    Route("GET", "/members/{member}/organizationsInvited", none),
    Route("GET", "/members/{member}/notifications", none),
    Route("GET", "/members/{member}/savedSearches", none),
    Route("GET", "/members/{member}/boardBackgrounds", none),
    Route("GET", "/members/{member}/customBoardBackgrounds", none),
    Route("GET", "/members/{member}/customEmoji", none),
    Route("GET", "/members/{member}/customStickers", none),
    Route("GET", "/members/{member}/cards", read_cards),
    Route("GET", "/members/{member}/cards/{filter}", read_cards),
    Route("GET", "/members/{member}/actions", read_actions),
    Route("GET", "/members/{member}/tokens", read_tokens),
    Route("GET", "/members/{member}/{field}", read_field),
    Route("PUT", "/members/{member}/{field}", update_field),
)

"""/members: who there is by id, username or `me`, what they are on, and the boards they starred."""

from collections.abc import Callable
from typing import Any

from trello_sandbox import errors
from trello_sandbox.api.call import NOTHING, Call, Route
from trello_sandbox.api.routes import fields
from trello_sandbox.api.routes.tokens import serialise_token
from trello_sandbox.params import Params
from trello_sandbox.serialisers import actions, nested_reads
from trello_sandbox.serialisers.fields import serialise
from trello_sandbox.serialisers.people import BOARD_STAR, MEMBER
from trello_sandbox.state.positions import place
from trello_sandbox.state.records import BoardStar, Json, Member

_FIELDS = frozenset({"fullName", "initials", "bio", "username"})
_INITIALS_MOST = 4


def read(call: Call) -> Json:
    """A member, with `boards`, `organizations`, `cards`, `actions` and others when asked for."""
    member, params = call.member(), call.params
    answer = _member(call, member, params.names("fields", "all"))
    for name, nested in _NESTED.items():
        if nested_reads.asks(params, name):
            answer[name] = nested(call, member, params)
    return answer


def _member(call: Call, member: Member, names: tuple[str, ...]) -> Json:
    return nested_reads.member(call.world, member, names, call.caller.token)


def read_field(call: Call) -> Any:
    member, name = call.member(), fields.known(call, MEMBER)
    return fields.answer(_member(call, member, (name,))[name])


def update(call: Call) -> Json:
    """`fullName`, `initials`, `bio` and `username` of oneself."""
    # All are checked before any is set, so that a refused request changes nothing.
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
    return _member(call, member, ("all",))


def update_field(call: Call) -> Json:
    return update(call.as_edit(_FIELDS))


def _myself(call: Call) -> Member:
    """The member of the path, who must be the caller."""
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
    world = call.world
    found = [board for board in world.boards.all() if member.id in board.memberships]
    if kind == "starred":
        starred = {star.id_board for star in world.stars.of("id_member", member.id).values()}
        found, kind = [board for board in found if board.id in starred], "all"
    return nested_reads.boards(world, call.caller.member, found, params, kind)


def read_organizations(call: Call) -> list[Json]:
    return _organizations(call, call.member(), call.params)


def _organizations(call: Call, member: Member, params: Params) -> list[Json]:
    """The member's Workspaces, as far as the caller is in them too."""
    found = (each for each in call.world.organizations.all() if member.id in each.memberships)
    shared = (each for each in found if call.me.id in each.memberships)
    return nested_reads.organizations(call.world, shared, params)


# ---- cards and actions


def read_cards(call: Call) -> list[Json]:
    """Cards that the member is on."""
    kind = call.path.get("filter") or call.params.text("filter") or "visible"
    return _cards(call, call.member(), call.params, kind)


def _cards(call: Call, member: Member, params: Params, kind: str) -> list[Json]:
    world = call.world
    kind = Params({"filter": kind}).choice("filter", nested_reads.CARD_FILTERS, "visible")
    theirs = [card for card in world.cards.all() if member.id in card.id_members]
    seen = [card for card in theirs if call.may_read(world.boards[card.id_board])]
    return nested_reads.cards(world, seen, params, kind)


def read_actions(call: Call) -> Any:
    """What the member did, as far as the caller may see it."""
    return actions.listing(call.world, _log(call, call.member()), call.params)


def _log(call: Call, member: Member) -> Any:
    boards = call.world.boards
    return (
        action
        for action in call.world.actions.newest()
        if action.id_member_creator == member.id
        and (not action.id_board or call.may_read(boards[action.id_board]))
    )


# ---- tokens


def read_tokens(call: Call) -> list[Json]:
    """One's own tokens, without their text; with their webhooks when `webhooks=true`."""
    return _tokens(call, _myself(call), call.params)


def _tokens(call: Call, member: Member, params: Params) -> list[Json]:
    world = call.world
    found = list(world.tokens.of("id_member", member.id).values())
    return [serialise_token(world, each, params) for each in found if not world.is_expired(each)]


# ---- stars


def read_stars(call: Call) -> list[Json]:
    return _stars(call, _myself(call))


def _stars(call: Call, member: Member) -> list[Json]:
    found = sorted(call.world.stars.of("id_member", member.id).values(), key=lambda star: star.pos)
    return [_serialised(call, star) for star in found]


def _serialised(call: Call, star: BoardStar) -> Json:
    return serialise(BOARD_STAR, call.world, star, ("all",))


def _star(call: Call) -> BoardStar:
    """The caller's own star that the path names."""
    star = call.world.stars.of("id_member", _myself(call).id).get(call.path["boardStar"])
    if star is None:
        raise errors.not_found()
    return star


def read_star(call: Call) -> Json:
    return _serialised(call, _star(call))


def create_star(call: Call) -> Json:
    """Star a board."""
    member, world = _myself(call), call.world
    board_id = call.params.object_id("idBoard")
    if board_id is None:
        raise call.params.invalid("idBoard")
    board = call.found(world.boards, board_id)
    if not call.may_read(board):
        raise errors.no_board_permission()
    stars = world.stars.of("id_member", member.id).values()
    if any(star.id_board == board.id for star in stars):
        raise errors.already("board is already starred")  # a guess: it might as well be starred twice
    pos = place(call.params, stars)
    return _serialised(call, world.stars.add(BoardStar(world.new_id(), member.id, board.id, pos)))


def update_star(call: Call) -> Json:
    star = _star(call)
    if "pos" in call.params:
        others = call.world.stars.of("id_member", star.id_member).values()
        star.pos = place(call.params, others, but=star)
    return _serialised(call, star)


def delete_star(call: Call) -> Json:
    call.world.stars.remove(_star(call))
    return NOTHING


def none(call: Call) -> list[Json]:
    """Invitations, notifications, saved searches, own pictures and emoji: the sandbox has none."""
    _myself(call)
    return []


_NESTED: dict[str, Callable[[Call, Member, Params], Any]] = {
    "boards": lambda call, member, params: _boards(
        call, member, params.nested("board_"), params.text("boards")
    ),
    "organizations": lambda call, member, params: _organizations(
        call, member, params.nested("organization_")
    ),
    "cards": lambda call, member, params: _cards(call, member, params.nested("card_"), params.text("cards")),
    "actions": lambda call, member, params: nested_reads.nested_actions(
        call.world, _log(call, member), params, params.text("actions")
    ),
    "tokens": lambda call, member, _: _tokens(call, member, Params({})) if member is call.me else [],
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

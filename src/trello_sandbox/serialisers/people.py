"""The fields of members, Workspaces, tokens, webhooks and stars."""

from trello_sandbox.serialisers.fields import Fields
from trello_sandbox.state.positions import written
from trello_sandbox.state.records import BoardStar, Json, Member, Organization, Token, Webhook
from trello_sandbox.state.world import World


def _avatar(member: Member) -> str:
    """32 hex digits of the member's own: clients with strict schemas accept nobody without an avatar."""
    return f"{member.id:0<32}"


MEMBER: Fields[Member] = {
    "id": lambda _, m: m.id,
    "activityBlocked": lambda *_: False,
    "avatarHash": lambda _, m: _avatar(m),
    "avatarUrl": lambda _, m: f"https://trello-members.s3.amazonaws.com/{m.id}/{_avatar(m)}",
    "bio": lambda _, m: m.bio,
    "bioData": lambda *_: None,
    "confirmed": lambda _, m: m.confirmed,
    "fullName": lambda _, m: m.full_name,
    "idEnterprise": lambda *_: None,
    "idMemberReferrer": lambda *_: None,
    "initials": lambda _, m: m.initials,
    "memberType": lambda _, m: "normal" if m.confirmed else "ghost",
    "nonPublic": lambda *_: {},
    "nonPublicAvailable": lambda *_: False,
    "products": lambda *_: [],
    "url": lambda w, m: f"{w.site}/{m.username}",
    "username": lambda _, m: m.username,
    "status": lambda *_: "disconnected",
    "email": lambda *_: None,  # one's own is filled in by `nested_reads.member`
    "idBoards": lambda w, m: [b.id for b in w.boards.all() if m.id in b.memberships],
    "idOrganizations": lambda w, m: [o.id for o in w.organizations.all() if m.id in o.memberships],
}
# What recorded actions show of people.
MEMBER_IN_ACTION = (
    "activityBlocked", "avatarHash", "avatarUrl", "fullName", "idMemberReferrer", "initials", "nonPublic",
    "nonPublicAvailable", "username",
)  # fmt: skip


ORGANIZATION: Fields[Organization] = {
    "id": lambda _, o: o.id,
    "name": lambda _, o: o.name,
    "displayName": lambda _, o: o.display_name,
    "desc": lambda _, o: o.desc,
    "descData": lambda *_: None,
    "url": lambda w, o: f"{w.site}/w/{o.name}",
    "website": lambda _, o: o.website,
    "teamType": lambda *_: None,
    "logoHash": lambda *_: None,
    "logoUrl": lambda *_: None,
    "products": lambda *_: [],
    "powerUps": lambda *_: [],
    "premiumFeatures": lambda *_: [],  # neither isStandard nor isPremium: a free plan
    "idBoards": lambda w, o: list(w.boards.of("id_organization", o.id)),
    "prefs": lambda *_: {"permissionLevel": "private"},
    "memberships": lambda _, o: list(o.memberships.values()),
    "limits": lambda *_: {},
    "closed": lambda *_: False,
}  # fmt: skip


def _permissions(_: World, token: Token) -> list[Json]:
    # Recorded of a token with read and write: both, on its member and on everything else.
    may = {"read": "read" in token.scopes, "write": "write" in token.scopes}
    return [
        {"idModel": token.id_member, "modelType": "Member", **may},
        {"idModel": "*", "modelType": "Board", **may},
        {"idModel": "*", "modelType": "Organization", **may},
    ]


TOKEN: Fields[Token] = {
    "id": lambda _, t: t.id,
    "identifier": lambda w, t: t.app or ("Trello" if t.person else w.tenant.app),
    "idMember": lambda _, t: t.id_member,
    "dateCreated": lambda _, t: t.date_created,
    "dateExpires": lambda _, t: t.date_expires,
    "permissions": _permissions,
}

WEBHOOK: Fields[Webhook] = {
    "id": lambda _, hook: hook.id,
    "description": lambda _, hook: hook.description,
    "idModel": lambda _, hook: hook.id_model,
    "callbackURL": lambda _, hook: hook.callback_url,
    "active": lambda _, hook: hook.active,
    "consecutiveFailures": lambda _, hook: hook.failures,
    "firstConsecutiveFailDate": lambda _, hook: hook.first_failure,
}

BOARD_STAR: Fields[BoardStar] = {
    "id": lambda _, star: star.id,
    "idBoard": lambda _, star: star.id_board,
    "pos": lambda _, star: written(star.pos),
}

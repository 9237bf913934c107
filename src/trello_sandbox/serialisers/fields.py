"""Trello's shapes: for every kind of object its fields, and how each is read off the world.

A shape maps a field's name to a function of the world and the record, in Trello's order. `id` is always
returned. Names that a shape does not know are left out, as Trello does.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from trello_sandbox import limits
from trello_sandbox.state.records import (
    Action,
    Board,
    BoardStar,
    Card,
    CheckItem,
    Checklist,
    Json,
    Label,
    List,
    Member,
    Organization,
    Token,
    Webhook,
)
from trello_sandbox.state.world import Record, World

R = TypeVar("R", bound=Record)
Shape = Mapping[str, Callable[[World, R], Any]]

HUES = ("yellow", "purple", "blue", "red", "green", "orange", "black", "sky", "pink", "lime")
COLORS = tuple(f"{hue}{shade}" for hue in HUES for shade in ("", "_light", "_dark"))
BACKGROUNDS = {"blue": "#0079BF", "green": "#519839", "lime": "#4BBF6B", "grey": "#838C91"}


def project(shape: Shape[R], world: World, record: R, names: Iterable[str]) -> Json:
    """The record's `id` and the named fields. `all` is every field of the shape."""
    wanted = tuple(names)
    if "all" in wanted:
        wanted = tuple(shape)
    shaped = {"id": record.id}
    for name in wanted:
        if name in shape:
            shaped[name] = shape[name](world, record)
    return shaped


def slug(text: str) -> str:
    """A title as the tail of a link: lower case, punctuation dropped, words joined by `-`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.sub(r"[^a-z0-9\s-]", "", plain).split())


# ---- people


def _avatar(member: Member) -> str:
    """32 hex digits of the member's own. Clients with strict schemas know nobody without."""
    return f"{member.id:0<32}"


MEMBER: Shape[Member] = {
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
    "url": lambda _, m: f"https://trello.com/{m.username}",
    "username": lambda _, m: m.username,
    "status": lambda *_: "disconnected",
    "email": lambda *_: None,
    "idBoards": lambda w, m: [b.id for b in w.boards.all() if m.id in b.memberships],
    "idOrganizations": lambda w, m: [o.id for o in w.organizations.all() if m.id in o.memberships],
}
MEMBER_IN_ACTION = (
    "activityBlocked", "avatarHash", "avatarUrl", "fullName", "idMemberReferrer", "initials", "nonPublic",
    "nonPublicAvailable", "username",
)  # fmt: skip


ORGANIZATION: Shape[Organization] = {
    "id": lambda _, o: o.id,
    "name": lambda _, o: o.name,
    "displayName": lambda _, o: o.display_name,
    "desc": lambda _, o: o.desc,
    "descData": lambda *_: None,
    "url": lambda _, o: f"https://trello.com/w/{o.name}",
    "website": lambda _, o: o.website,
    "teamType": lambda *_: None,
    "logoHash": lambda *_: None,
    "logoUrl": lambda *_: None,
    "products": lambda *_: [],
    "powerUps": lambda *_: [],
    "premiumFeatures": lambda *_: [],
    "idBoards": lambda w, o: list(w.boards.of("id_organization", o.id)),
    "prefs": lambda *_: {"permissionLevel": "private"},
    "memberships": lambda _, o: list(o.memberships.values()),
    "limits": lambda *_: {},
    "closed": lambda *_: False,
}  # fmt: skip


def _permissions(_: World, token: Token) -> list[Json]:
    """What a token may do. Recorded of one with read and write: both, on its member and everything else."""
    may = {"read": "read" in token.scopes, "write": "write" in token.scopes}
    return [
        {"idModel": token.id_member, "modelType": "Member", **may},
        {"idModel": "*", "modelType": "Board", **may},
        {"idModel": "*", "modelType": "Organization", **may},
    ]


TOKEN: Shape[Token] = {
    "id": lambda _, t: t.id,
    "identifier": lambda w, t: "Trello" if t.person else w.tenant.app,
    "idMember": lambda _, t: t.id_member,
    "dateCreated": lambda _, t: t.date_created,
    "dateExpires": lambda _, t: t.date_expires,
    "permissions": _permissions,
}

WEBHOOK: Shape[Webhook] = {
    "id": lambda _, hook: hook.id,
    "description": lambda _, hook: hook.description,
    "idModel": lambda _, hook: hook.id_model,
    "callbackURL": lambda _, hook: hook.callback_url,
    "active": lambda _, hook: hook.active,
    "consecutiveFailures": lambda _, hook: hook.failures,
    "firstConsecutiveFailDate": lambda _, hook: hook.first_failure,
}

BOARD_STAR: Shape[BoardStar] = {
    "id": lambda _, star: star.id,
    "idBoard": lambda _, star: star.id_board,
    "pos": lambda _, star: number(star.pos),
}

# ---- boards, lists, labels


def _board_url(board: Board) -> str:
    return f"https://trello.com/b/{board.short_link}"


def _label_names(world: World, board: Board) -> dict[str, str]:
    """For each colour the name of the board's first label that has it."""
    names = dict.fromkeys(COLORS, "")
    for label in reversed(world.labels.of("id_board", board.id).values()):
        if label.color:
            names[label.color] = label.name
    return names


def _board_limits(world: World, board: Board) -> Json:
    cards = world.cards.of("id_board", board.id).values()
    lists = world.lists.of("id_board", board.id).values()
    return limits.shape(
        {
            "cards": {"openPerBoard": sum(not card.closed for card in cards), "totalPerBoard": len(cards)},
            "lists": {"openPerBoard": sum(not each.closed for each in lists), "totalPerBoard": len(lists)},
            "labels": {"perBoard": len(world.labels.of("id_board", board.id))},
            "checklists": {"perBoard": len(world.checklists.of("id_board", board.id))},
            "boards": {"totalMembersPerBoard": len(board.memberships)},
        },
        limits.OBJECTS,
    )


def _card_limits(world: World, card: Card) -> Json:
    checklists = len(world.checklists.of("id_card", card.id))
    counts = {"attachments": {"perCard": len(card.attachments)}, "checklists": {"perCard": checklists}}
    return limits.shape(counts, limits.PER_CARD)


BOARD: Shape[Board] = {
    "id": lambda _, b: b.id,
    "name": lambda _, b: b.name,
    "desc": lambda _, b: b.desc,
    "descData": lambda *_: None,
    "closed": lambda _, b: b.closed,
    "dateClosed": lambda *_: None,
    "idOrganization": lambda _, b: b.id_organization,
    "idEnterprise": lambda *_: None,
    "pinned": lambda *_: False,
    "starred": lambda *_: False,
    "url": lambda _, b: f"{_board_url(b)}/{slug(b.name)}",
    "shortUrl": lambda _, b: _board_url(b),
    "shortLink": lambda _, b: b.short_link,
    "prefs": lambda _, b: b.prefs,
    "labelNames": _label_names,
    "limits": _board_limits,
    "memberships": lambda _, b: list(b.memberships.values()),
    "subscribed": lambda *_: False,
    "dateLastActivity": lambda _, b: b.date_last_activity,
    "dateLastView": lambda _, b: b.date_last_activity,
    "idTags": lambda *_: [],
    "powerUps": lambda *_: [],
    "premiumFeatures": lambda *_: [],
    "creationMethod": lambda *_: None,
    "ixUpdate": lambda w, b: str(len(w.actions.of("id_board", b.id))),
    "templateGallery": lambda *_: None,
    "enterpriseOwned": lambda *_: False,
    "idMemberCreator": lambda _, b: next(iter(b.memberships), None),
}
BOARD_DEFAULT = (
    "id,name,desc,descData,closed,idOrganization,idEnterprise,pinned,url,shortUrl,prefs,labelNames"
)

LIST: Shape[List] = {
    "id": lambda _, each: each.id,
    "name": lambda _, each: each.name,
    "closed": lambda _, each: each.closed,
    "pos": lambda _, each: number(each.pos),
    "idBoard": lambda _, each: each.id_board,
    "color": lambda *_: None,
    "type": lambda *_: None,
    "datasource": lambda *_: {"filter": False},
}
LIST_IN_BOARD: Shape[List] = {
    **LIST,
    "subscribed": lambda _, each: each.subscribed,
    "softLimit": lambda *_: None,
}

LABEL: Shape[Label] = {
    "id": lambda _, each: each.id,
    "idBoard": lambda _, each: each.id_board,
    "idOrganization": lambda w, each: w.boards[each.id_board].id_organization,
    "name": lambda _, each: each.name,
    "color": lambda _, each: each.color,
    "uses": lambda w, each: sum(
        each.id in card.id_labels for card in w.cards.of("id_board", each.id_board).values()
    ),
}
LABEL_DEFAULT = ("idBoard", "idOrganization", "name", "color")

# ---- checklists

CHECK_ITEM: Shape[CheckItem] = {
    "id": lambda _, i: i.id,
    "name": lambda _, i: i.name,
    "nameData": lambda *_: {"emoji": {}},
    "pos": lambda _, i: number(i.pos),
    "state": lambda _, i: i.state,
    "due": lambda _, i: i.due,
    "dueReminder": lambda _, i: i.due_reminder,
    "idMember": lambda _, i: i.id_member,
    "idChecklist": lambda _, i: i.id_checklist,
}

CHECKLIST: Shape[Checklist] = {
    "id": lambda _, c: c.id,
    "name": lambda _, c: c.name,
    "idBoard": lambda _, c: c.id_board,
    "idCard": lambda _, c: c.id_card,
    "pos": lambda _, c: number(c.pos),
    "checkItems": lambda w, c: [project(CHECK_ITEM, w, i, ("all",)) for i in items_of(w, c)],
}


def items_of(world: World, checklist: Checklist) -> list[CheckItem]:
    """A checklist's items in their order."""
    return sorted(world.check_items.of("id_checklist", checklist.id).values(), key=lambda item: item.pos)


def checklists_of(world: World, card: Card) -> list[Checklist]:
    """A card's checklists in their order."""
    return sorted(world.checklists.of("id_card", card.id).values(), key=lambda each: each.pos)


# ---- cards


def _badges(world: World, card: Card) -> Json:
    items = [
        item
        for checklist in world.checklists.of("id_card", card.id)
        for item in world.check_items.of("id_checklist", checklist).values()
    ]
    dues = [item.due for item in items if item.due and item.state == "incomplete"]
    return {
        "attachmentsByType": {"trello": {"board": 0, "card": 0}},
        "location": False,
        "votes": len(card.id_voters),
        "viewingMemberVoted": False,
        "subscribed": card.subscribed,
        "start": card.start,
        "fogbugz": "",
        "checkItems": len(items),
        "checkItemsChecked": sum(item.state == "complete" for item in items),
        "checkItemsEarliestDue": min(dues, default=None),
        "comments": card.comments,
        "attachments": len(card.attachments),
        "description": bool(card.desc),
        "due": card.due,
        "dueComplete": card.due_complete,
    }


def labels_of(world: World, card: Card) -> list[Json]:
    return [project(LABEL, world, world.labels[each], LABEL_DEFAULT) for each in card.id_labels]


def check_item_states(world: World, card: Card) -> list[Json]:
    """The complete items of a card."""
    return [
        {"idCheckItem": item.id, "state": item.state}
        for checklist in checklists_of(world, card)
        for item in items_of(world, checklist)
        if item.state == "complete"
    ]


def _cover(_: World, card: Card) -> Json:
    plain = {"idAttachment": None, "color": None, "idUploadedBackground": None, "size": "normal"}
    return {**plain, "brightness": "dark", "idPlugin": None, **(card.cover or {})}


def _card_url(card: Card) -> str:
    return f"https://trello.com/c/{card.short_link}"


CARD: Shape[Card] = {
    "id": lambda _, c: c.id,
    "badges": _badges,
    "checkItemStates": lambda w, c: None if w.switches.check_item_states_null else check_item_states(w, c),
    "closed": lambda _, c: c.closed,
    "dueComplete": lambda _, c: c.due_complete,
    "dateLastActivity": lambda _, c: c.date_last_activity,
    "dateCompleted": lambda _, c: c.date_completed,
    "dateClosed": lambda _, c: c.date_closed,
    "desc": lambda _, c: c.desc,
    "descData": lambda *_: {"emoji": {}},
    "due": lambda _, c: c.due,
    "dueReminder": lambda _, c: c.due_reminder,
    "email": lambda *_: None,
    "idBoard": lambda _, c: c.id_board,
    "idChecklists": lambda w, c: [each.id for each in checklists_of(w, c)],
    "idList": lambda _, c: c.id_list,
    "idMembers": lambda _, c: list(c.id_members),
    "idMembersVoted": lambda _, c: list(c.id_voters),
    "idMemberCreator": lambda _, c: c.id_member_creator,
    "idOrganization": lambda w, c: w.boards[c.id_board].id_organization,
    "idShort": lambda _, c: c.id_short,
    "idAttachmentCover": lambda _, c: (c.cover or {}).get("idAttachment"),
    "labels": labels_of,
    "idLabels": lambda _, c: list(c.id_labels),
    "limits": _card_limits,
    "manualCoverAttachment": lambda *_: False,
    "name": lambda _, c: c.name,
    "pinned": lambda *_: False,
    "pos": lambda _, c: number(c.pos),
    "shortLink": lambda _, c: c.short_link,
    "shortUrl": lambda _, c: _card_url(c),
    "start": lambda _, c: c.start,
    "subscribed": lambda _, c: c.subscribed,
    "url": lambda _, c: f"{_card_url(c)}/{c.id_short}-{slug(c.name)}",
    "cover": _cover,
    "isTemplate": lambda _, c: c.is_template,
    "cardRole": lambda _, c: c.card_role,
}
CARD_WITHOUT_DATE_COMPLETED: Shape[Card] = {name: CARD[name] for name in CARD if name != "dateCompleted"}


def card_shape(world: World) -> Shape[Card]:
    """A card's fields. Whether `dateCompleted` is among them is a switch."""
    return CARD if world.switches.date_completed else CARD_WITHOUT_DATE_COMPLETED


def number(pos: float) -> float:
    """Whole positions are written without a decimal point."""
    return int(pos) if pos == int(pos) else pos


# ---- actions


def _app(world: World, action: Action) -> Json | None:
    return {"id": world.app_id, "name": world.tenant.app} if action.by_app else None


ACTION: Shape[Action] = {
    "id": lambda _, a: a.id,
    "idMemberCreator": lambda _, a: a.id_member_creator,
    "data": lambda _, a: a.data,
    "type": lambda _, a: a.type,
    "date": lambda _, a: a.date,
    "appCreator": _app,
    "limits": lambda _, a: limits.shape({}, limits.REACTIONS) if "text" in a.data else {},
}

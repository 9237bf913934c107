"""Making people, lists, labels, cards and checklists, new or as copies.

Callers have checked permissions before.
"""

from dataclasses import dataclass

from trello_sandbox import limits
from trello_sandbox.params import Params
from trello_sandbox.slugs import slug
from trello_sandbox.state.action_log import COMMENTS, Log, card_ref
from trello_sandbox.state.colours import BACKGROUNDS
from trello_sandbox.state.positions import STEP, place, written
from trello_sandbox.state.records import (
    Board,
    Card,
    CheckItem,
    Checklist,
    Json,
    Label,
    List,
    Member,
    membership,
)
from trello_sandbox.state.world import World

# Recorded of new boards; the six labels have no names.
DEFAULT_LISTS = ("To Do", "Doing", "Done")
DEFAULT_LABELS = ("green", "yellow", "orange", "red", "purple", "blue")
DEFAULT_PREFS: Json = {
    "permissionLevel": "private",
    "hideVotes": False,
    "voting": "disabled",
    "comments": "members",
    "invitations": "members",
    "selfJoin": True,
    "cardCovers": True,
    "cardCounts": False,
    "isTemplate": False,
    "cardAging": "regular",
    "calendarFeedEnabled": False,
    "showCompleteStatus": True,
    "background": "blue",
    "backgroundColor": BACKGROUNDS["blue"],
    "backgroundImage": None,
    "backgroundTile": False,
    "backgroundBrightness": "dark",
    "canBePublic": True,
    "canBeEnterprise": True,
    "canBeOrg": True,
    "canBePrivate": True,
    "canInvite": True,
}


# ---- people


def guest(world: World, params: Params) -> Member:
    """Who is invited by `email`: a member who has not confirmed yet, named as `fullName` says."""
    address = params.text("email")
    if "@" not in address.strip("@"):
        raise params.invalid("email")
    username = slug(address.replace("@", "-at-")).replace("-", "_")
    known = world.members.named(username)
    name = params.text("fullName") or address.partition("@")[0]
    return known or world.members.add(Member(world.new_id(), username, name, confirmed=False))


def put_on_board(log: Log, board: Board, member: Member, kind: str) -> None:
    """Make somebody a member of a board, or change the type of their membership."""
    known = board.memberships.get(member.id)
    if known:
        board.memberships[member.id] = {**known, "memberType": kind}
        if kind != known["memberType"]:
            data = {"idMember": member.id, "memberType": kind, "old": {"memberType": known["memberType"]}}
            log.board("makeAdminOfBoard" if kind == "admin" else "makeNormalMemberOfBoard", board, data)
        return
    limits.refuse_over(len(board.memberships), "boards", "totalMembersPerBoard")
    board.memberships[member.id] = membership(log.world.new_id(), member, kind)
    data = {"idMember": member.id, "idMemberAdded": member.id, "memberType": kind}
    log.board("addMemberToBoard", board, data)


def take_off_board(log: Log, board: Board, member_id: str) -> None:
    """End somebody's membership of a board. They leave its cards too, without an action for each."""
    del board.memberships[member_id]
    for card in log.world.cards_of(board):
        if member_id in card.id_members:
            card.id_members = tuple(each for each in card.id_members if each != member_id)
    log.board("removeMemberFromBoard", board, {"idMember": member_id})


def put_in_organization(world: World, board: Board, organization_id: str | None) -> None:
    """Give a board to a Workspace; with None it becomes personal, and visible to no Workspace."""
    world.boards.change(board, "id_organization", organization_id)
    if organization_id is None and board.prefs["permissionLevel"] == "org":
        board.prefs = {**board.prefs, "permissionLevel": "private"}


# ---- lists and labels


def new_list(world: World, board: Board, name: str, params: Params) -> List:
    """A list at the position that `pos` asks for."""
    refuse_full_of_lists(world, board)
    # Without `pos` a list goes to the top; cards, checklists and items go to the bottom.
    pos = place(params, world.lists.of("id_board", board.id).values(), default="top")
    return world.lists.add(List(world.new_id(), board.id, name, pos))


def refuse_full_of_lists(world: World, board: Board) -> None:
    """Raise 403 when the board can take no more lists."""
    lists = world.lists.of("id_board", board.id).values()
    limits.refuse_over(len(lists), "lists", "totalPerBoard")
    limits.refuse_over(sum(not each.closed for each in lists), "lists", "openPerBoard")


def new_label(world: World, board: Board, name: str, color: str | None) -> Label:
    """A label of the board."""
    limits.refuse_over(len(world.labels.of("id_board", board.id)), "labels", "perBoard")
    return world.labels.add(Label(world.new_id(), board.id, name, color))


# ---- cards


@dataclass(slots=True)
class Draft:
    """What a new card will be.

    Copied from `source`, it takes over what `kept` names of the rest: members, labels, checklists,
    attachments, comments. `item_of` is the card on whose checklist it was an item.
    """

    name: str = ""
    desc: str = ""
    due: str | None = None
    start: str | None = None
    due_complete: bool = False
    due_reminder: float | None = None
    is_template: bool = False
    card_role: str | None = None
    members: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    url: str = ""
    source: Card | None = None
    kept: frozenset[str] = frozenset()
    item_of: Card | None = None


def draft_of(card: Card, kept: frozenset[str]) -> Draft:
    """The draft of a copy made along with its list or board: text and dates, and what is `kept`."""
    return Draft(
        name=card.name,
        desc=card.desc,
        due=card.due,
        start=card.start,
        is_template=card.is_template,
        source=card,
        kept=kept,
    )


def new_card(log: Log, into: List, draft: Draft, pos: float) -> Card:
    """A card as drafted, with the actions that Trello writes for it."""
    world, board = log.world, log.world.boards[into.id_board]
    refuse_full_of_cards(world, into)
    board.last_id_short += 1
    now = world.now()
    card = Card(
        id=world.new_id(),
        short_link=world.new_short_link(),
        id_short=board.last_id_short,
        id_board=board.id,
        id_list=into.id,
        id_member_creator=log.author.id,
        name=draft.name,
        desc=draft.desc,
        pos=pos,
        date_last_activity=now,
        due=draft.due,
        start=draft.start,
        due_complete=draft.due_complete,
        date_completed=now if draft.due_complete else None,
        due_reminder=draft.due_reminder,
        is_template=draft.is_template,
        card_role=draft.card_role,
        id_members=draft.members,
        id_labels=draft.labels,
    )
    world.cards.add(card)
    _log_creation(log, card, draft)
    if draft.source:
        _take_over(log, card, draft.source, draft.kept)
    return card


def refuse_full_of_cards(world: World, into: List, more: int = 1) -> None:
    """Raise 403 when the list or its board cannot take `more` open cards."""
    holders = (("id_board", into.id_board, "openPerBoard"), ("id_list", into.id, "openPerList"))
    for index, holder_id, scope in holders:
        cards = world.cards.of(index, holder_id)
        # Open cards are counted only where there are enough to matter.
        if len(cards) + more > limits.OBJECTS["cards"][scope]:
            is_open = sum(not card.closed for card in cards.values())
            limits.refuse_over(is_open + more - 1, "cards", scope)


def _log_creation(log: Log, card: Card, draft: Draft) -> None:
    # Recorded: the due date comes before the creation itself, and a copy has no createCard. Who looks for
    # new cards in the log must know copyCard and convertToCardFromCheckItem too.
    if card.due:
        log.updated(card, "due", card.due, None)
    if draft.source:
        log.card("copyCard", card, {"cardSource": card_ref(draft.source)})
    elif draft.item_of:
        log.card("convertToCardFromCheckItem", card, {"cardSource": card_ref(draft.item_of)})
    else:
        log.card("createCard", card)
    for member_id in draft.members:
        log.member("addMemberToCard", card, member_id)
    if draft.url:
        attach(log, card, draft.url, "")


def attach(log: Log, card: Card, url: str, name: str, mime_type: str = "") -> Json:
    """Attach a link, and return it as Trello's JSON. It has no preview, so it becomes no cover."""
    limits.refuse_over(len(card.attachments), "attachments", "perCard")
    attachment: Json = {
        "id": log.world.new_id(),
        "bytes": None,
        "date": log.world.now(),
        "edgeColor": None,
        "idMember": log.author.id,
        "isUpload": False,
        "mimeType": mime_type,
        "name": name or url,
        "previews": [],
        "url": url,
        "pos": written(max((each["pos"] for each in card.attachments), default=0.0) + STEP),
        "fileName": None,
    }
    card.attachments = (*card.attachments, attachment)
    ref = {"id": attachment["id"], "name": attachment["name"], "url": url}
    log.card("addAttachmentToCard", card, {"attachment": ref})
    return attachment


# ---- copies


def _take_over(log: Log, card: Card, source: Card, kept: frozenset[str]) -> None:
    world = log.world
    if "labels" in kept and source.id_board == card.id_board:
        card.id_labels += tuple(each for each in source.id_labels if each not in card.id_labels)
    if "members" in kept:
        _copy_members(log, card, source)
    if "checklists" in kept:
        for checklist in world.checklists_of(source):
            copy_checklist(log, card, checklist, checklist.name, checklist.pos, of_card=True)
    if "attachments" in kept:
        card.attachments += tuple({**each, "id": world.new_id()} for each in source.attachments)
    if "comments" in kept:
        _copy_comments(log, card, source)


def _copy_members(log: Log, card: Card, source: Card) -> None:
    board = log.world.boards[card.id_board]
    for member_id in source.id_members:
        if member_id in board.memberships and member_id not in card.id_members:
            card.id_members += (member_id,)
            # Recorded: another action than that of a member who was named in the request.
            log.member("addMemberToCard", card, member_id, from_copy=True)


def _copy_comments(log: Log, card: Card, source: Card) -> None:
    """Copy comments, oldest first."""
    of_source = log.world.actions.of("id_card", source.id).values()
    for comment in [action for action in of_source if action.type in COMMENTS]:
        card.comments += 1
        data = {
            "text": comment.data["text"],
            "idMember": comment.id_member_creator,
            "cardSource": card_ref(source),
        }
        # Recorded: the copy bears the original's date, and so lies out of order in the log.
        log.card("copyCommentCard", card, data, date=comment.date)


def new_checklist(world: World, card: Card, name: str, pos: float) -> Checklist:
    """An empty checklist of the card."""
    limits.refuse_over(len(world.checklists.of("id_card", card.id)), "checklists", "perCard")
    limits.refuse_over(len(world.checklists.of("id_board", card.id_board)), "checklists", "perBoard")
    return world.checklists.add(Checklist(world.new_id(), card.id_board, card.id, name, pos))


def copy_checklist(
    log: Log, card: Card, source: Checklist, name: str, pos: float, *, of_card: bool = False
) -> Checklist:
    """A checklist's copy. What its items keep when their card is copied (`of_card`) depends on switches."""
    world = log.world
    checklist = new_checklist(world, card, name, pos)
    for item in world.items_of(source):
        # Recorded of a copied checklist: items keep names and positions, and become incomplete.
        copy = CheckItem(world.new_id(), checklist.id, item.name, item.pos)
        if of_card and world.switches.copy_item_state:
            copy.state = item.state
        if of_card and world.switches.copy_item_due:
            copy.due, copy.due_reminder, copy.id_member = item.due, item.due_reminder, item.id_member
        world.check_items.add(copy)
    return checklist

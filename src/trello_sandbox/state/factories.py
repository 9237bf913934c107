"""Bringing people, lists, labels, cards and checklists into being, fresh or as copies.

Permission is asked before.
"""

from dataclasses import dataclass

from trello_sandbox import limits
from trello_sandbox.params import Params
from trello_sandbox.serialisers.fields import BACKGROUNDS, checklists_of, items_of, number, slug
from trello_sandbox.state.action_log import Log, card_ref
from trello_sandbox.state.positions import STEP, place
from trello_sandbox.state.records import Board, Card, CheckItem, Checklist, Json, Label, List, Member
from trello_sandbox.state.world import World, membership

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
    """Somebody invited by mail: a member by the name that was sent, who has not confirmed yet."""
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
    """End somebody's membership of a board; they leave its cards too."""
    del board.memberships[member_id]
    for card in log.world.cards.of("id_board", board.id).values():
        if member_id in card.id_members:
            card.id_members = tuple(each for each in card.id_members if each != member_id)
    log.board("removeMemberFromBoard", board, {"idMember": member_id})


def put_in_organization(world: World, board: Board, organization_id: str | None) -> None:
    """Give a board to a Workspace; without one it is personal, and no longer visible to a Workspace."""
    world.boards.change(board, "id_organization", organization_id)
    if organization_id is None and board.prefs["permissionLevel"] == "org":
        board.prefs = {**board.prefs, "permissionLevel": "private"}


# ---- lists and labels


def new_list(world: World, board: Board, name: str, params: Params) -> List:
    """A list where `pos` says, at the top without."""
    lists = world.lists.of("id_board", board.id).values()
    refuse_full_of_lists(world, board)
    pos = place(params, lists, default="top")
    return world.lists.add(List(world.new_id(), board.id, name, pos))


def refuse_full_of_lists(world: World, board: Board) -> None:
    lists = world.lists.of("id_board", board.id).values()
    limits.refuse_over(len(lists), "lists", "totalPerBoard")
    limits.refuse_over(sum(not each.closed for each in lists), "lists", "openPerBoard")


def new_label(world: World, board: Board, name: str, color: str | None) -> Label:
    limits.refuse_over(len(world.labels.of("id_board", board.id)), "labels", "perBoard")
    return world.labels.add(Label(world.new_id(), board.id, name, color))


# ---- cards


@dataclass(slots=True)
class Draft:
    """What a new card will be. `kept` names what is taken over from `source`, besides what is set here.

    `item_of`: the card on whose checklist it was an item.
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
    """The draft of a copy made along with its list: texts and dates, and what is `kept` of the rest."""
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
    """A card, with the actions that Trello writes for it: the due date first, then the creation itself."""
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
    _take_over(log, card, draft)
    return card


def refuse_full_of_cards(world: World, into: List, more: int = 1) -> None:
    """403 when list or board cannot take `more` open cards."""
    holders = (("id_board", into.id_board, "openPerBoard"), ("id_list", into.id, "openPerList"))
    for index, holder_id, scope in holders:
        cards = world.cards.of(index, holder_id)
        if len(cards) + more > limits.OBJECTS["cards"][scope]:
            is_open = sum(not card.closed for card in cards.values())
            limits.refuse_over(is_open + more - 1, "cards", scope)


def _log_creation(log: Log, card: Card, draft: Draft) -> None:
    if card.due:
        log.updated(card, "due", card.due, None)
    if draft.source:
        log.card("copyCard", card, {"cardSource": card_ref(draft.source)})
    elif draft.item_of:
        log.card("convertToCardFromCheckItem", card, {"cardSource": card_ref(draft.item_of)})
    else:
        log.card("createCard", card)
    for member_id in draft.members:
        log_member(log, "addMemberToCard", card, member_id)
    if draft.url:
        attach(log, card, draft.url, "")


def log_member(log: Log, kind: str, card: Card, member_id: str, *, from_copy: bool = False) -> None:
    """Write that somebody was put on a card or taken off it."""
    person = {"id": member_id, "name": log.world.members[member_id].full_name}
    extra = {"fromCopy": True} if from_copy else {}
    log.card(kind, card, {"idMember": member_id, "member": person, **extra}, in_list=False)


def attach(log: Log, card: Card, url: str, name: str, mime_type: str = "") -> Json:
    """Attach a link. It has no preview, so it is no cover."""
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
        "pos": number(max((each["pos"] for each in card.attachments), default=0.0) + STEP),
        "fileName": None,
    }
    card.attachments = (*card.attachments, attachment)
    ref = {"id": attachment["id"], "name": attachment["name"], "url": url}
    log.card("addAttachmentToCard", card, {"attachment": ref})
    return attachment


# ---- copies


def _take_over(log: Log, card: Card, draft: Draft) -> None:
    """Give a copy what it keeps of its source: members, labels, checklists, attachments, comments."""
    source, kept = draft.source, draft.kept
    if source is None:
        return
    board = log.world.boards[card.id_board]
    if "labels" in kept and source.id_board == board.id:
        card.id_labels += tuple(each for each in source.id_labels if each not in card.id_labels)
    if "members" in kept:
        _take_over_members(log, card, source, board)
    if "checklists" in kept:
        for checklist in checklists_of(log.world, source):
            copy_checklist(log, card, checklist, checklist.name, checklist.pos, of_card=True)
    if "attachments" in kept:
        card.attachments += tuple({**each, "id": log.world.new_id()} for each in source.attachments)
    if "comments" in kept:
        _take_over_comments(log, card, source)


def _take_over_members(log: Log, card: Card, source: Card, board: Board) -> None:
    for member_id in source.id_members:
        if member_id in board.memberships and member_id not in card.id_members:
            card.id_members += (member_id,)
            log_member(log, "addMemberToCard", card, member_id, from_copy=True)


def _take_over_comments(log: Log, card: Card, source: Card) -> None:
    """Comments are copied with the date of the original, oldest first."""
    comments = [
        action
        for action in log.world.actions.of("id_card", source.id).values()
        if action.type in ("commentCard", "copyCommentCard")
    ]
    for comment in comments:
        card.comments += 1
        data = {
            "text": comment.data["text"],
            "idMember": comment.id_member_creator,
            "cardSource": card_ref(source),
        }
        log.card("copyCommentCard", card, data, date=comment.date)


def new_checklist(world: World, card: Card, name: str, pos: float) -> Checklist:
    limits.refuse_over(len(world.checklists.of("id_card", card.id)), "checklists", "perCard")
    limits.refuse_over(len(world.checklists.of("id_board", card.id_board)), "checklists", "perBoard")
    return world.checklists.add(Checklist(world.new_id(), card.id_board, card.id, name, pos))


def copy_checklist(
    log: Log, card: Card, source: Checklist, name: str, pos: float, *, of_card: bool = False
) -> Checklist:
    """A checklist's copy: items keep names and positions and become incomplete.

    Copied along with its card (`of_card`), what the items keep is a matter of switches.
    """
    world = log.world
    checklist = new_checklist(world, card, name, pos)
    for item in items_of(world, source):
        copy = CheckItem(world.new_id(), checklist.id, item.name, item.pos)
        if of_card and world.switches.copy_item_state:
            copy.state = item.state
        if of_card and world.switches.copy_item_due:
            copy.due, copy.due_reminder, copy.id_member = item.due, item.due_reminder, item.id_member
        world.check_items.add(copy)
    return checklist

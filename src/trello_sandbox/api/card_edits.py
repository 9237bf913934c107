"""`PUT /cards/{id}`: each field that changes is set, and logged as an action of its own."""

from collections.abc import Callable
from typing import Any

from trello_sandbox import errors
from trello_sandbox.api.call import Call
from trello_sandbox.params import Params, is_object_id
from trello_sandbox.state.action_log import Log, board_ref, list_ref
from trello_sandbox.state.factories import refuse_full_of_cards
from trello_sandbox.state.positions import place, written
from trello_sandbox.state.records import Board, Card, Json, List
from trello_sandbox.state.world import World

_PLAIN: dict[str, tuple[str, Callable[[Params, str], Any]]] = {
    "name": ("name", Params.text),
    "desc": ("desc", Params.text),
    "due": ("due", Params.date),
    "start": ("start", Params.date),
    "dueComplete": ("due_complete", Params.flag),
    "dueReminder": ("due_reminder", Params.number),
    "closed": ("closed", Params.flag),
    "isTemplate": ("is_template", Params.flag),
    "subscribed": ("subscribed", Params.flag),
}
"""Parameters that set one field of the card: the field, and how the value is read."""
FIELDS = frozenset(
    {*_PLAIN, "idList", "idBoard", "pos", "idMembers", "idLabels", "cover", "idAttachmentCover"}
)


def edit(call: Call, card: Card) -> None:
    """Apply the parameters that were sent: all of them, or none when one is wrong."""
    params, world = call.params, call.world
    plain = {name: read(params, name) for name, (_, read) in _PLAIN.items() if name in params}
    target = _target(call, card)
    board = world.boards[target.id_board]
    people = members_on(board, params) if "idMembers" in params else None
    labels = labels_on(world, board, params) if "idLabels" in params else None
    pos = card.pos
    if "pos" in params or target.id_board != card.id_board:
        # Recorded: a card that changes its board gets a new position. That it is the bottom is a guess.
        pos = place(params, world.cards_of(target), but=card)
    # Sending a card back from the archive takes up a place too.
    was_there = card.id_list == target.id and not card.closed
    if not plain.get("closed", card.closed) and not was_there:
        refuse_full_of_cards(world, target)
    log = call.log
    move(log, card, target)
    old_pos, card.pos = card.pos, pos
    if pos != old_pos:
        log.updated(card, "pos", written(pos), written(old_pos))
    for name, value in plain.items():
        _set_plain(log, card, name, value)
    if people is not None:
        set_members(log, card, people)
    if labels is not None:
        set_labels(log, card, labels)
    _set_cover(log, card, params)


def _set_plain(log: Log, card: Card, name: str, value: Any) -> None:
    attribute = _PLAIN[name][0]
    old = getattr(card, attribute)
    if old == value:
        return
    setattr(card, attribute, value)
    if name == "dueComplete":
        if card.due_complete:
            card.date_completed = log.world.now()
        elif log.world.switches.date_completed_clears:
            card.date_completed = None
    if name == "closed":
        card.date_closed = log.world.now() if card.closed else None
    if name != "subscribed":  # a private matter of whoever watches the card
        log.updated(card, name, value, old)


def _set_cover(log: Log, card: Card, params: Params) -> None:
    cover = params.get("cover")
    sent: Json = cover if isinstance(cover, dict) else {}
    if "idAttachmentCover" in params:
        sent = {**sent, "idAttachment": params.text("idAttachmentCover") or None}
    if not sent:
        return
    old = card.cover or {}
    card.cover = {**old, **sent}
    log.updated(card, "cover", card.cover, old)


# ---- where it is


def _target(call: Call, card: Card) -> List:
    """The list the card is to be in: `idList`, or the first list of `idBoard`, or where it is."""
    world, params = call.world, call.params
    board_id = params.object_id("idBoard")
    if params.filled("idList"):
        if not is_object_id(params["idList"]):
            raise params.invalid("idList")
        target = call.known_list(str(params["idList"]).lower())
        if board_id not in (None, target.id_board):
            raise params.invalid("idList")  # how Trello refuses a list of another board is a guess
        return target
    if board_id is None or board_id == card.id_board:
        return world.lists[card.id_list]
    board = call.known_board(board_id)
    lists = [each for each in world.lists.of("id_board", board.id).values() if not each.closed]
    if not lists:
        raise params.invalid("idBoard")
    return min(lists, key=lambda each: each.pos)


def move(log: Log, card: Card, target: List) -> None:
    """Put a card into a list of this board or of another one."""
    world = log.world
    before = world.lists[card.id_list]
    if target is before:
        return
    if target.id_board != card.id_board:
        source, board = world.boards[card.id_board], world.boards[target.id_board]
        log.card("moveCardFromBoard", card, {"boardTarget": {"id": board.id}})
        world.cards.change(card, "id_list", target.id)
        settle_on_board(log, card, board)
        log.card("moveCardToBoard", card, {"boardSource": board_ref(source)})
        return
    world.cards.change(card, "id_list", target.id)
    # Recorded of moves within a board: `listBefore` and `listAfter`, and no `list`.
    data = {
        "card": {"idList": target.id},
        "old": {"idList": before.id},
        "listBefore": list_ref(before),
        "listAfter": list_ref(target),
    }
    log.card("updateCard", card, data, in_list=False)


def settle_on_board(log: Log, card: Card, board: Board) -> None:
    """Make a card one of another board, with its checklists."""
    world = log.world
    world.cards.change(card, "id_board", board.id)
    # A guess: a new short id, no labels, and of the members those who are on the new board.
    board.last_id_short += 1
    card.id_short, card.id_labels = board.last_id_short, ()
    card.id_members = tuple(each for each in card.id_members if each in board.memberships)
    for checklist in list(world.checklists.of("id_card", card.id).values()):
        world.checklists.change(checklist, "id_board", board.id)


# ---- members and labels


def members_on(board: Board, params: Params) -> tuple[str, ...]:
    """The members that `idMembers` names: on the board, each once. 400 otherwise."""
    found = params.ids("idMembers")
    if len(set(found)) < len(found) or any(each not in board.memberships for each in found):
        raise errors.member_not_found()
    return found


def labels_on(world: World, board: Board, params: Params) -> tuple[str, ...]:
    """The labels that `idLabels` names: the board's own, each once. 400 otherwise."""
    found = params.ids("idLabels")
    own = world.labels.of("id_board", board.id)
    if len(set(found)) < len(found) or any(each not in own for each in found):
        raise errors.label_not_found()
    return found


def set_members(log: Log, card: Card, people: tuple[str, ...]) -> None:
    """Make these the card's members; who joins and who leaves is logged."""
    before, card.id_members = card.id_members, people
    for member_id in people:
        if member_id not in before:
            log.member("addMemberToCard", card, member_id)
    for member_id in before:
        if member_id not in people:
            log.member("removeMemberFromCard", card, member_id)


def set_labels(log: Log, card: Card, labels: tuple[str, ...]) -> None:
    """Make these the card's labels; each one put on or taken off is an action for webhooks."""
    before, card.id_labels = card.id_labels, labels
    if set(before) != set(labels):
        log.updated(card, "idLabels", list(labels), list(before))
    log.labels("addLabelToCard", card, set(labels) - set(before))
    log.labels("removeLabelFromCard", card, set(before) - set(labels))

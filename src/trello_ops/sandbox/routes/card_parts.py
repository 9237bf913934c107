"""What hangs on a card: labels, members, comments, attachments."""

from trello_ops.sandbox import card_edits, making, reading, refusals
from trello_ops.sandbox.actions import shown
from trello_ops.sandbox.call import NO_LIMITS, NOTHING, Call, Route
from trello_ops.sandbox.params import Params
from trello_ops.sandbox.records import Card, Json

# ---- labels


def add_label(call: Call) -> list[str]:
    """`POST /cards/{id}/idLabels?value=`. Answers the ids of the card's labels."""
    card, label_id = call.card(), _value(call)
    if label_id not in call.world.labels.of("id_board", card.id_board):
        raise refusals.label_not_found()
    if label_id in card.id_labels:
        raise refusals.already("that label is already on the card")
    card.id_labels.append(label_id)
    card_edits.log_labels(call.log, "addLabelToCard", card, {label_id})
    return card.id_labels


def _value(call: Call) -> str:
    value = call.params.object_id("value")
    if value is None:
        raise refusals.invalid_value("value")
    return value


def remove_label(call: Call) -> Json:
    card, label_id = call.card(), call.path["label"]
    if label_id not in card.id_labels:
        raise refusals.already("that label is not on the card")
    card.id_labels.remove(label_id)
    card_edits.log_labels(call.log, "removeLabelFromCard", card, {label_id})
    return NOTHING


# ---- members


def read_members(call: Call) -> list[Json]:
    card = call.card()
    return reading.members(call.world, (call.world.members[each] for each in card.id_members), call.params)


def add_member(call: Call) -> list[Json]:
    """`POST /cards/{id}/idMembers?value=`. Answers the card's members."""
    card, member_id = call.card(), _value(call)
    if member_id not in call.world.boards[card.id_board].memberships:
        raise refusals.member_not_found()
    if member_id in card.id_members:
        raise refusals.already("member is already on the card")
    card_edits.set_members(call.log, card, (*card.id_members, member_id))
    return _members(call, card)


def remove_member(call: Call) -> list[Json]:
    card, member_id = call.card(), call.path["member"]
    if member_id not in card.id_members:
        raise refusals.already("member is not on the card")
    card_edits.set_members(call.log, card, tuple(each for each in card.id_members if each != member_id))
    return _members(call, card)


def _members(call: Call, card: Card) -> list[Json]:
    return reading.members(call.world, (call.world.members[each] for each in card.id_members), Params({}))


# ---- comments


def comment(call: Call) -> Json:
    """`POST /cards/{id}/actions/comments?text=`. Answers the action."""
    card, text = call.card(), call.params.text("text")
    if not text:
        raise refusals.invalid_value("text")
    card.comments += 1
    action = call.log.card("commentCard", card, {"text": text, "textData": {"emoji": {}}})
    return shown(call.world, action, Params({}), display=True)


# ---- attachments


def read_attachments(call: Call) -> list[Json]:
    return call.card().attachments


def attach(call: Call) -> Json:
    """Attach a link. Files are not taken."""
    card, url = call.card(), call.params.text("url")
    if not url.startswith(("http://", "https://")):
        raise refusals.invalid_value("url")
    return {**making.attach(call.log, card, url, call.params.text("name")), "limits": {}}


def read_attachment(call: Call) -> Json:
    return _attachment(call, call.card())


def _attachment(call: Call, card: Card) -> Json:
    for each in card.attachments:
        if each["id"] == call.path["attachment"]:
            return each
    raise refusals.not_found()


def remove_attachment(call: Call) -> Json:
    card = call.card()
    attachment = _attachment(call, card)
    card.attachments.remove(attachment)
    ref = {"id": attachment["id"], "name": attachment["name"]}
    call.log.card("deleteAttachmentFromCard", card, {"attachment": ref})
    return NO_LIMITS


# ---- what a free Workspace has none of


def empty(call: Call) -> list[Json]:
    call.card()
    return []


def refuse_custom_field(call: Call) -> Json:
    call.card()
    raise refusals.custom_fields_off()


ROUTES = (
    Route("POST", "/cards/{card}/idLabels", add_label),
    Route("DELETE", "/cards/{card}/idLabels/{label}", remove_label),
    Route("GET", "/cards/{card}/members", read_members),
    Route("POST", "/cards/{card}/idMembers", add_member),
    Route("POST", "/cards/{card}/members", add_member),
    Route("DELETE", "/cards/{card}/idMembers/{member}", remove_member),
    Route("POST", "/cards/{card}/actions/comments", comment),
    Route("GET", "/cards/{card}/attachments", read_attachments),
    Route("POST", "/cards/{card}/attachments", attach),
    Route("GET", "/cards/{card}/attachments/{attachment}", read_attachment),
    Route("DELETE", "/cards/{card}/attachments/{attachment}", remove_attachment),
    Route("GET", "/cards/{card}/pluginData", empty),
    Route("GET", "/cards/{card}/customFieldItems", empty),
    Route("GET", "/cards/{card}/stickers", empty),
    Route("GET", "/cards/{card}/membersVoted", empty),
    Route("PUT", "/cards/{card}/customField/{customField}/item", refuse_custom_field),
)

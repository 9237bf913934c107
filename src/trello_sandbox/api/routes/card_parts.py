"""What belongs to a card: labels, members, votes, comments, attachments."""

from trello_sandbox import errors
from trello_sandbox.api import card_edits, comments
from trello_sandbox.api.call import NO_LIMITS, NOTHING, Call, Route
from trello_sandbox.api.routes import labels
from trello_sandbox.params import Params
from trello_sandbox.serialisers import nested_reads
from trello_sandbox.serialisers.actions import serialise_action
from trello_sandbox.serialisers.boards import LABEL, LABEL_DEFAULT
from trello_sandbox.serialisers.display import comment_entities
from trello_sandbox.serialisers.fields import serialise
from trello_sandbox.state import factories
from trello_sandbox.state.records import Action, Card, Json


def _value(call: Call) -> str:
    """The id that is sent as `value`; 400 for none."""
    value = call.params.object_id("value")
    if value is None:
        raise errors.invalid_value("value")
    return value


# ---- labels


def add_label(call: Call) -> list[str]:
    """`POST /cards/{id}/idLabels?value=`. Answers the ids of the card's labels."""
    card, label_id = call.card(), _value(call)
    if label_id not in call.world.labels.of("id_board", card.id_board):
        raise errors.label_not_found()
    if label_id in card.id_labels:
        raise errors.already("that label is already on the card")
    return _put_label(call, card, label_id)


def create_label(call: Call) -> Json:
    """`POST /cards/{id}/labels?color=&name=`: a new label of the board, put on the card."""
    card = call.card()
    label = labels.make(call, call.world.boards[card.id_board])
    _put_label(call, card, label.id)
    return serialise(LABEL, call.world, label, LABEL_DEFAULT)


def _put_label(call: Call, card: Card, label_id: str) -> list[str]:
    card.id_labels = (*card.id_labels, label_id)
    call.log.labels("addLabelToCard", card, {label_id})
    return list(card.id_labels)


def remove_label(call: Call) -> Json:
    card, label_id = call.card(), call.path["label"]
    if label_id not in card.id_labels:
        raise errors.already("that label is not on the card")
    card.id_labels = tuple(each for each in card.id_labels if each != label_id)
    call.log.labels("removeLabelFromCard", card, {label_id})
    return NOTHING  # recorded; putting one on answers the ids that are there


# ---- members


def read_members(call: Call) -> list[Json]:
    return _members(call, call.card().id_members, call.params)


def _members(call: Call, member_ids: tuple[str, ...], params: Params) -> list[Json]:
    world = call.world
    return nested_reads.members(world, (world.members[each] for each in member_ids), params)


def add_member(call: Call) -> list[Json]:
    """`POST /cards/{id}/idMembers?value=`. Answers the card's members."""
    card, member_id = call.card(), _value(call)
    if member_id not in call.world.boards[card.id_board].memberships:
        raise errors.member_not_found()
    if member_id in card.id_members:
        raise errors.already("member is already on the card")
    card_edits.set_members(call.log, card, (*card.id_members, member_id))
    return _members(call, card.id_members, Params({}))


def remove_member(call: Call) -> list[Json]:
    """`DELETE /cards/{id}/idMembers/{member}`. Answers the members that are left."""
    card, member_id = call.card(), call.path["member"]
    if member_id not in card.id_members:
        raise errors.already("member is not on the card")
    card_edits.set_members(call.log, card, tuple(each for each in card.id_members if each != member_id))
    return _members(call, card.id_members, Params({}))


# ---- votes


def read_voters(call: Call) -> list[Json]:
    return _members(call, call.card().id_voters, call.params)


def vote(call: Call) -> list[Json]:
    """`POST /cards/{id}/membersVoted?value=`. Answers the voters."""
    card, member_id = call.card(), _value(call)
    if member_id not in call.world.boards[card.id_board].memberships:
        raise errors.member_not_found()
    if member_id in card.id_voters:
        # That a second vote is refused is recorded; the sentence is ours.
        raise errors.already("member has already voted on the card")
    card.id_voters = (*card.id_voters, member_id)
    call.log.card("voteOnCard", card, {"voted": True}, in_list=False)
    return read_voters(call)


def take_vote_back(call: Call) -> Json:
    card, member_id = call.card(), call.path["member"]
    if member_id not in card.id_voters:
        raise errors.already("member has not voted on the card")
    card.id_voters = tuple(each for each in card.id_voters if each != member_id)
    call.log.card("voteOnCard", card, {"voted": False}, in_list=False)
    return NOTHING


# ---- comments


def comment(call: Call) -> Json:
    """`POST /cards/{id}/actions/comments?text=`. Answers the action."""
    card, text = call.card(), comments.text(call, "text")
    card.comments += 1
    action = call.log.card("commentCard", card, {"text": text, "textData": {"emoji": {}}})
    answer = serialise_action(call.world, action, Params({}), with_display=True)
    return {**answer, "entities": comment_entities(call.world, action)}


def update_comment(call: Call) -> Json:
    return comments.edit(call, _comment(call), comments.text(call, "text"))


def delete_comment(call: Call) -> Json:
    return comments.delete(call, _comment(call))


def _comment(call: Call) -> Action:
    """The action that the path names, which must be the card's."""
    action = call.found(call.world.actions, call.path["action"])
    if action.id_card != call.card().id:
        raise errors.not_found()
    return action


# ---- attachments


_LONGEST_NAME = 256


def read_attachments(call: Call) -> list[Json]:
    return nested_reads.attachments(call.card(), call.params, call.params.text("filter", "all"))


def attach(call: Call) -> Json:
    """Attach a link. Answers the attachment itself, where the OpenAPI document has a list."""
    card, params = call.card(), call.params
    url, name, mime_type = params.text("url"), params.text("name"), params.text("mimeType")
    if "file" in params and not url:
        raise errors.links_only()
    if not url.startswith(("http://", "https://")):
        raise params.invalid("url")
    for each in ("name", "mimeType"):
        if len(params.text(each)) > _LONGEST_NAME:
            raise params.invalid(each)
    return {**factories.attach(call.log, card, url, name, mime_type), "limits": {}}


def read_attachment(call: Call) -> Json:
    return nested_reads.selected(_attachment(call, call.card()), call.params.names("fields", "all"))


def remove_attachment(call: Call) -> Json:
    card = call.card()
    attachment = _attachment(call, card)
    card.attachments = tuple(each for each in card.attachments if each is not attachment)
    ref = {"id": attachment["id"], "name": attachment["name"]}
    call.log.card("deleteAttachmentFromCard", card, {"attachment": ref})
    return NO_LIMITS


def _attachment(call: Call, card: Card) -> Json:
    """The attachment that the path names."""
    for each in card.attachments:
        if each["id"] == call.path["attachment"]:
            return each
    raise errors.not_found()


# ---- what a free Workspace has none of


def empty(call: Call) -> list[Json]:
    """Plugin data and stickers."""
    call.card()
    return []


ROUTES = (
    Route("POST", "/cards/{card}/idLabels", add_label),
    Route("POST", "/cards/{card}/labels", create_label),
    Route("DELETE", "/cards/{card}/idLabels/{label}", remove_label),
    Route("GET", "/cards/{card}/members", read_members),
    Route("POST", "/cards/{card}/idMembers", add_member),
    Route("POST", "/cards/{card}/members", add_member),
    Route("DELETE", "/cards/{card}/idMembers/{member}", remove_member),
    Route("GET", "/cards/{card}/membersVoted", read_voters),
    Route("POST", "/cards/{card}/membersVoted", vote),
    Route("DELETE", "/cards/{card}/membersVoted/{member}", take_vote_back),
    Route("POST", "/cards/{card}/actions/comments", comment),
    Route("PUT", "/cards/{card}/actions/{action}/comments", update_comment),
    Route("DELETE", "/cards/{card}/actions/{action}/comments", delete_comment),
    Route("GET", "/cards/{card}/attachments", read_attachments),
    Route("POST", "/cards/{card}/attachments", attach),
    Route("GET", "/cards/{card}/attachments/{attachment}", read_attachment),
    Route("DELETE", "/cards/{card}/attachments/{attachment}", remove_attachment),
    Route("GET", "/cards/{card}/pluginData", empty),
    Route("GET", "/cards/{card}/stickers", empty),
)

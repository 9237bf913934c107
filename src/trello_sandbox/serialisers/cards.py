"""The fields of cards, checklists and check items."""

from trello_sandbox import limits
from trello_sandbox.serialisers.boards import LABEL, LABEL_DEFAULT
from trello_sandbox.serialisers.fields import Fields, serialise
from trello_sandbox.slugs import slug
from trello_sandbox.state.positions import written
from trello_sandbox.state.records import Card, CheckItem, Checklist, Json
from trello_sandbox.state.world import World

# ---- checklists

CHECK_ITEM: Fields[CheckItem] = {
    "id": lambda _, i: i.id,
    "name": lambda _, i: i.name,
    "nameData": lambda *_: {"emoji": {}},
    "pos": lambda _, i: written(i.pos),
    "state": lambda _, i: i.state,
    "due": lambda _, i: i.due,
    "dueReminder": lambda _, i: i.due_reminder,
    "idMember": lambda _, i: i.id_member,
    "idChecklist": lambda _, i: i.id_checklist,
}

CHECKLIST: Fields[Checklist] = {
    "id": lambda _, c: c.id,
    "name": lambda _, c: c.name,
    "idBoard": lambda _, c: c.id_board,
    "idCard": lambda _, c: c.id_card,
    "pos": lambda _, c: written(c.pos),
    "checkItems": lambda w, c: [serialise(CHECK_ITEM, w, i, ("all",)) for i in w.items_of(c)],
}

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
        "fogbugz": "",  # a field of old, still in every recorded card
        "checkItems": len(items),
        "checkItemsChecked": sum(item.state == "complete" for item in items),
        "checkItemsEarliestDue": min(dues, default=None),
        "comments": card.comments,
        "attachments": len(card.attachments),
        "description": bool(card.desc),
        "due": card.due,
        "dueComplete": card.due_complete,
    }


def check_item_states(world: World, card: Card) -> list[Json]:
    """The complete items of a card. The OpenAPI document calls it a list of texts; it never was one."""
    return [
        {"idCheckItem": item.id, "state": item.state}
        for checklist in world.checklists_of(card)
        for item in world.items_of(checklist)
        if item.state == "complete"
    ]


_NO_COVER = {
    "idAttachment": None, "color": None, "idUploadedBackground": None, "size": "normal",
    "brightness": "dark", "idPlugin": None,
}  # fmt: skip


def _short_url(world: World, card: Card) -> str:
    return f"{world.site}/c/{card.short_link}"


# In the order of recordings of 2023, with what live answers of 2026 have more.
_CARD: Fields[Card] = {
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
    "dueReminder": lambda _, c: c.due_reminder,  # minutes, though the OpenAPI document says text
    "email": lambda *_: None,
    "idBoard": lambda _, c: c.id_board,
    "idChecklists": lambda w, c: [each.id for each in w.checklists_of(c)],
    "idList": lambda _, c: c.id_list,
    "idMembers": lambda _, c: list(c.id_members),
    "idMembersVoted": lambda _, c: list(c.id_voters),
    "idMemberCreator": lambda _, c: c.id_member_creator,
    "idOrganization": lambda w, c: w.boards[c.id_board].id_organization,
    "idShort": lambda _, c: c.id_short,
    "idAttachmentCover": lambda _, c: (c.cover or {}).get("idAttachment"),
    "labels": lambda w, c: [serialise(LABEL, w, w.labels[each], LABEL_DEFAULT) for each in c.id_labels],
    "idLabels": lambda _, c: list(c.id_labels),
    "limits": lambda w, c: limits.as_field(
        {
            "attachments": {"perCard": len(c.attachments)},
            "checklists": {"perCard": len(w.checklists.of("id_card", c.id))},
        },
        limits.PER_CARD,
    ),
    "manualCoverAttachment": lambda *_: False,
    "name": lambda _, c: c.name,
    "pinned": lambda *_: False,
    "pos": lambda _, c: written(c.pos),
    "shortLink": lambda _, c: c.short_link,
    "shortUrl": _short_url,
    "start": lambda _, c: c.start,
    "subscribed": lambda _, c: c.subscribed,
    "url": lambda w, c: f"{_short_url(w, c)}/{c.id_short}-{slug(c.name)}",
    "cover": lambda _, c: {**_NO_COVER, **(c.cover or {})},
    "isTemplate": lambda _, c: c.is_template,
    "cardRole": lambda _, c: c.card_role,
}
_WITHOUT_DATE_COMPLETED: Fields[Card] = {name: _CARD[name] for name in _CARD if name != "dateCompleted"}


def card_fields(world: World) -> Fields[Card]:
    """A card's fields. Whether `dateCompleted` is among them is a switch."""
    return _CARD if world.switches.date_completed else _WITHOUT_DATE_COMPLETED


def plain_names(world: World) -> tuple[str, ...]:
    """The names of a card's fields that are sent unless others are asked for: all but `limits`."""
    return tuple(name for name in card_fields(world) if name != "limits")

"""How Trello words an action: a `translationKey`, and the entities that its sentence names.

Of the keys only `action_marked_the_due_date_complete` is recorded; the others follow its pattern.
"""

import re
from typing import Any

from trello_sandbox.state.records import Action, Json
from trello_sandbox.state.world import World

_KEYS = {
    "commentCard": "action_comment_on_card",
    "updateCard:idList": "action_move_card_from_list_to_list",
    "updateCard:name": "action_renamed_card",
    "updateCard:desc": "action_changed_description_of_card",
    "updateCard:pos": "action_moved_card",
    "moveCardToBoard": "action_move_card_to_board",
    "moveCardFromBoard": "action_move_card_from_board",
}
_EITHER = {
    "updateCard:closed": ("action_archived_card", "action_sent_card_to_board"),
    "updateCard:due": ("action_changed_a_due_date", "action_removed_a_due_date"),
    "updateCard:dueComplete": (
        "action_marked_the_due_date_complete",
        "action_marked_the_due_date_incomplete",
    ),
    "updateList:closed": ("action_archived_list", "action_sent_list_to_board"),
    "updateBoard:closed": ("action_closed_board", "action_reopened_board"),
}
"""Keys that depend on the new value: set or not."""


def displayed(world: World, action: Action) -> Json:
    """The action's `display`."""
    return {"translationKey": _key(action), "entities": _entities(world, action)}


def _key(action: Action) -> str:
    if action.type == "updateCheckItemStateOnCard":
        done = action.data["checkItem"]["state"] == "complete"
        return "action_completed_checkitem" if done else "action_marked_checkitem_incomplete"
    kind = action.type
    old = action.data.get("old")
    if old:
        field = next(iter(old))
        kind = f"{kind}:{field}"
        if kind in _EITHER:
            return _EITHER[kind][0 if _new_value(action, field) else 1]
    return _KEYS.get(kind) or "action_" + re.sub(r"(?=[A-Z])", "_", action.type).lower()


def _new_value(action: Action, field: str) -> Any:
    parts = (action.data.get(part, {}) for part in ("card", "list", "board"))
    return next((part[field] for part in parts if field in part), None)


def _entities(world: World, action: Action) -> Json:
    """Each thing that the action refers to, with the text that stands for it."""
    entities = {
        name: _entity(name, ref)
        for name, ref in action.data.items()
        if isinstance(ref, dict) and "id" in ref and name not in _unnamed(action)
    }
    if "text" in action.data:
        entities["comment"] = {"type": "comment", "text": action.data["text"]}
    if action.id_member:
        entities["member"] = _person(world, action.id_member)
    entities["memberCreator"] = _person(world, action.id_member_creator)
    return entities


def _unnamed(action: Action) -> tuple[str, ...]:
    """What the sentence leaves to its place: seen of comments, assumed of the rest."""
    if action.type == "commentCard":
        return ("board", "list")
    return ("member", "board") if action.id_card else ("member",)


def _entity(kind: str, ref: Json) -> Json:
    entity = {"type": kind, "id": ref["id"], "text": ref.get("name", "")}
    return {**entity, "shortLink": ref["shortLink"]} if "shortLink" in ref else entity


def _person(world: World, member_id: str) -> Json:
    member = world.members[member_id]
    return {"type": "member", "id": member.id, "username": member.username, "text": member.full_name}

"""How Trello words an action: a `translationKey`, and the entities that its sentence names."""

import re

from trello_sandbox.state.records import Action, Json
from trello_sandbox.state.world import World

# Of all keys only `action_marked_the_due_date_complete` is recorded. The others are guesses in its pattern.
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
"""The keys for a new value that is set, and for one that is not."""


def display(world: World, action: Action) -> Json:
    """The `display` of an action."""
    return {"translationKey": _translation_key(action), "entities": _entities(world, action)}


def comment_entities(world: World, action: Action) -> list[Json]:
    """The sentence of a comment once more, as a list. Recorded in the answer to a new one, nowhere else."""
    known = _entities(world, action)
    on = {"type": "text", "text": "on", "hideIfContext": True, "idContext": action.id_card}
    return [known["memberCreator"], on, known["card"], known["comment"]]


def _translation_key(action: Action) -> str:
    if action.type == "updateCheckItemStateOnCard":
        done = action.data["checkItem"]["state"] == "complete"
        return "action_completed_checkitem" if done else "action_marked_checkitem_incomplete"
    kind = action.type
    old = action.data.get("old")
    if old:
        field = next(iter(old))
        kind = f"{kind}:{field}"
        if kind in _EITHER:
            parts = (action.data.get(part, {}) for part in ("card", "list", "board"))
            new = next((part[field] for part in parts if field in part), None)
            return _EITHER[kind][0 if new else 1]
    return _KEYS.get(kind) or "action_" + re.sub(r"(?=[A-Z])", "_", action.type).lower()


def _entities(world: World, action: Action) -> Json:
    """Each object that the action refers to, with the text that stands for it in the sentence."""
    # Recorded: the sentence of a comment names neither board nor list, and its card only where one is not
    # on it. Of other kinds we assume the board.
    on_card: Json = {}
    entities: Json = {}
    if action.type == "commentCard":
        unnamed, on_card = {"board", "list"}, {"hideIfContext": True}
        on = {"type": "translatable", "translationKey": "action_on", **on_card, "idContext": action.id_card}
        entities["contextOn"] = on
    else:
        unnamed = {"member", "board"} if action.id_card else {"member"}
    for name, ref in action.data.items():
        if isinstance(ref, dict) and "id" in ref and name not in unnamed:
            entities[name] = {"type": name, **on_card, "id": ref["id"], "text": ref.get("name", "")}
            if "shortLink" in ref:
                entities[name]["shortLink"] = ref["shortLink"]
    if "text" in action.data:
        entities["comment"] = {"type": "comment", "text": action.data["text"]}
    if action.id_member:
        entities["member"] = _person(world, action.id_member)
    entities["memberCreator"] = _person(world, action.id_member_creator)
    return entities


def _person(world: World, member_id: str) -> Json:
    member = world.members[member_id]
    return {"type": "member", "id": member.id, "username": member.username, "text": member.full_name}

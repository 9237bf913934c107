"""An action on a card as a sentence, which continues the name of who did it."""

from collections.abc import Callable, Mapping

from trello_sandbox.state.action_log import COMMENTS
from trello_sandbox.state.records import Action, Json
from trello_sandbox.web.reader import Reader


def sentence(reader: Reader, action: Action) -> str:
    """What was done. Kinds of action without words of their own are edits of the card."""
    tell = _SENTENCES.get(action.type)
    return tell(reader, action) if tell else reader.say("did_edit")


def comment(action: Action) -> str | None:
    """The text of a comment; None for other actions."""
    return str(action.data["text"]) if action.type in COMMENTS else None


def _named(key: str, of: str, part: str) -> Callable[[Reader, Action], str]:
    """A sentence that quotes the name of one thing: `data[of]["name"]`, as `{part}`."""
    return lambda reader, action: reader.say(key, **{part: _name(reader, action, of)})


def _name(reader: Reader, action: Action, of: str) -> str:
    return reader.quoted(str(action.data.get(of, {}).get("name", "…")))


def _about_member(own_key: str, other_key: str) -> Callable[[Reader, Action], str]:
    """A sentence about a member, who may be who did it."""

    def tell(reader: Reader, action: Action) -> str:
        if action.id_member == action.id_member_creator:
            return reader.say(own_key)
        return reader.say(other_key, name=str(action.data.get("member", {}).get("name", "…")))

    return tell


def _updated(reader: Reader, action: Action) -> str:
    changed: Json = action.data.get("old", {})
    for field, tell in _EDITS.items():
        if field in changed:
            return tell(reader, action)
    return reader.say("did_edit")


def _either(field: str, on: str, off: str) -> Callable[[Reader, Action], str]:
    """One of two sentences, by whether the field of the card was set."""
    return lambda reader, action: reader.say(on if action.data["card"][field] else off)


_EDITS: Mapping[str, Callable[[Reader, Action], str]] = {
    "idList": lambda reader, action: reader.say(
        "did_move", before=_name(reader, action, "listBefore"), after=_name(reader, action, "listAfter")
    ),
    "dueComplete": _either("dueComplete", "did_tick", "did_untick"),
    "closed": _either("closed", "did_archive", "did_unarchive"),
    "due": lambda reader, action: (
        reader.say("did_due", date=reader.moment_of(due))
        if (due := action.data["card"]["due"])
        else reader.say("did_no_due")
    ),
    "name": _named("did_rename", "old", "name"),
    "desc": lambda reader, _: reader.say("did_describe"),
}
_SENTENCES: Mapping[str, Callable[[Reader, Action], str]] = {
    "createCard": _named("did_create", "list", "list"),
    "copyCard": _named("did_copy", "cardSource", "card"),
    "updateCard": _updated,
    "commentCard": lambda reader, _: reader.say("did_comment"),
    "copyCommentCard": lambda reader, _: reader.say("did_comment"),
    "addMemberToCard": _about_member("did_join", "did_add_member"),
    "removeMemberFromCard": _about_member("did_leave", "did_remove_member"),
    "addChecklistToCard": _named("did_add_checklist", "checklist", "name"),
    "removeChecklistFromCard": _named("did_remove_checklist", "checklist", "name"),
    "updateCheckItemStateOnCard": lambda reader, action: reader.say(
        "did_tick_item" if action.data["checkItem"]["state"] == "complete" else "did_untick_item",
        item=_name(reader, action, "checkItem"),
    ),
    "addAttachmentToCard": _named("did_attach", "attachment", "name"),
    "moveCardToBoard": _named("did_change_board", "boardSource", "board"),
}

"""Writing the action log: who did what to which object, and when."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from trello_sandbox.state.records import Action, Board, Card, Json, Label, List, Member, Organization
from trello_sandbox.state.world import World

# Documented: these reach webhooks, but are never listed under /actions. Who polls misses them.
WEBHOOK_ONLY = frozenset({
    "addLabelToCard", "removeLabelFromCard", "createCheckItem", "updateCheckItem", "deleteCheckItem",
    "createLabel", "updateLabel", "deleteLabel", "updateComment", "deleteComment", "voteOnCard",
})  # fmt: skip
COMMENTS = frozenset({"commentCard", "copyCommentCard"})
# With ticks, what the switch `ticks_move_board` is about.
_QUIET = frozenset({
    "updateCheckItemStateOnCard", "createCheckItem", "updateCheckItem", "deleteCheckItem", "commentCard",
})  # fmt: skip
_REFERENCES = ("organization", "board", "list", "listBefore", "listAfter", "card", "checklist")


class Log:
    """Writes actions in one member's name. `by_app`: with a token of the key's app, not in Trello itself.

    `client` is the identifier that is echoed to webhooks. `app` names another program that acts for the
    member, `agent` says that it is an AI agent.
    """

    def __init__(
        self,
        world: World,
        author: Member,
        *,
        by_app: bool,
        client: str = "",
        app: str = "",
        agent: bool = False,
    ) -> None:
        self.world = world
        self.author = author
        self.by_app = by_app
        self.client = client
        self.app = app
        self.agent = agent

    def organization(self, kind: str, organization: Organization, data: Json | None = None) -> Action:
        """An action on a Workspace."""
        data = data or {}
        ref = {"id": organization.id, "name": organization.display_name}
        merged = {**data, "organization": {**ref, **data.get("organization", {})}}
        return self._write(kind, None, "", merged, self.world.now())

    def board(self, kind: str, board: Board, data: Json | None = None) -> Action:
        """An action on a board itself. What `data` says of the board is added to its reference."""
        data = data or {}
        merged = {**data, "board": {**board_ref(board), **data.get("board", {})}}
        return self._write(kind, board, "", merged, self.world.now())

    def card(
        self,
        kind: str,
        card: Card,
        data: Json | None = None,
        *,
        in_list: bool = True,
        named: bool = True,
        date: str = "",
    ) -> Action:
        """An action on a card, which moves its last activity. What `data` says of the card is added.

        Trello refers to the list in some kinds (`in_list`) and names the card in all but `deleteCard`
        (`named`).
        """
        data = data or {}
        board = self.world.boards[card.id_board]
        refs: Json = {"board": board_ref(board)}
        if in_list:
            refs["list"] = list_ref(self.world.lists[card.id_list])
        ref = card_ref(card)
        if not named:
            del ref["name"]
        merged = {**refs, **data, "card": {**ref, **data["card"]} if "card" in data else ref}
        card.date_last_activity = self.world.now()
        return self._write(kind, board, card.id, merged, date or card.date_last_activity)

    def updated(self, card: Card, name: str, new: Any, old: Any) -> Action:
        """One field of a card was changed. An edit of several fields writes one action for each."""
        return self.card("updateCard", card, {"card": {name: new}, "old": {name: old}})

    def member(self, kind: str, card: Card, member_id: str, *, from_copy: bool = False) -> Action:
        """Somebody was put on a card or taken off it."""
        person = {"id": member_id, "name": self.world.members[member_id].full_name}
        extra = {"fromCopy": True} if from_copy else {}
        return self.card(kind, card, {"idMember": member_id, "member": person, **extra}, in_list=False)

    def labels(self, kind: str, card: Card, label_ids: Iterable[str]) -> None:
        """Labels were put on a card or taken off it, each an action of its own."""
        for each in sorted(label_ids):
            self.card(kind, card, {"label": label_ref(self.world.labels[each])})

    def _write(self, kind: str, board: Board | None, card_id: str, data: Json, date: str) -> Action:
        quiet = kind in _QUIET or (kind == "updateCard" and "dueComplete" in data["old"])
        if board and (self.world.switches.ticks_move_board or not quiet):
            board.date_last_activity = self.world.now()
        action = Action(
            id=self.world.new_id(),
            type=kind,
            date=date,
            id_member_creator=self.author.id,
            id_board=board.id if board else "",
            id_card=card_id,
            by_app=self.by_app,
            data=data,
            id_member=data.get("idMember"),
            app=self.app,
            agent=self.agent,
        )
        self.world.actions.add(action)
        self.world.on_action(action, self.client)
        return action


def references(action: Action) -> Iterator[str]:
    """The ids of everything that an action is about, of who did it and of the member concerned."""
    yield action.id_member_creator
    if action.id_member:
        yield action.id_member
    for part in _REFERENCES:
        ref = action.data.get(part)
        if ref and "id" in ref:
            yield ref["id"]


# ---- how `data` refers to objects


def board_ref(board: Board) -> Json:
    """A board as actions refer to it."""
    return _shared(id=board.id, name=board.name, shortLink=board.short_link)


def list_ref(each: List) -> Json:
    """A list as actions refer to it."""
    return _shared(id=each.id, name=each.name)


# There are many actions of one board and list: those that say the same share one object.
@lru_cache(maxsize=2048)
def _shared(**fields: str) -> Json:
    return fields


def card_ref(card: Card) -> Json:
    """A card as actions refer to it."""
    return {"id": card.id, "name": card.name, "idShort": card.id_short, "shortLink": card.short_link}


def label_ref(label: Label) -> Json:
    """A label as actions refer to it."""
    return {"id": label.id, "name": label.name, "color": label.color}

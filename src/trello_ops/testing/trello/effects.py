"""What a change does to the fake Trello."""

from collections.abc import Iterable
from dataclasses import replace
from functools import singledispatchmethod

from trello_ops.core.bindings import Bindings, Kind
from trello_ops.core.card_text import Checklist
from trello_ops.core.declared import TODO
from trello_ops.core.objectid import created_at
from trello_ops.core.planning.amendments import member_ids
from trello_ops.core.planning.changes import (
    AddAssignee,
    AddCheckItem,
    AddChecklist,
    AddComment,
    AddMember,
    AmendCard,
    ArchiveCard,
    ArchiveTemplateCard,
    Change,
    CreateBoard,
    CreateCard,
    CreateLabel,
    CreateList,
    CreateTemplateCard,
    EditBoard,
    EditLabel,
    EditList,
    EditTemplateCard,
    MoveCard,
    RemoveMember,
)
from trello_ops.core.trello import (
    BoardSummary,
    Card,
    Snapshot,
    TrelloCheckItem,
    TrelloChecklist,
    TrelloLabel,
    TrelloList,
)
from trello_ops.errors import NotFound, TrelloError
from trello_ops.ports import Made
from trello_ops.testing.trello.people import People
from trello_ops.testing.trello.world import GAP, ROBOT, card_url


class Effects(People):
    """Performs changes. It raises what Trello answers to a wrong one; faults on demand are `FakeTrello`'s."""

    performed: list[Change]

    def _effect(self, change: Change, bindings: Bindings) -> Made:
        made = self._do(change, bindings)
        self.performed.append(change)
        return made

    @singledispatchmethod
    def _do(self, change: Change, _bindings: Bindings) -> Made:
        raise ValueError(f"{type(change).__name__} is not a change of Trello ({change.subject}).")

    @_do.register
    def _(self, change: CreateBoard, _bindings: Bindings) -> Made:
        self._require_workspace(change.workspace)
        trello_id = self._id()
        url = f"https://trello.com/b/{trello_id[-8:]}"
        board = BoardSummary(
            trello_id,
            change.title,
            change.description,
            closed=False,
            url=url,
            created_at=created_at(trello_id),
        )
        robot = self.people[ROBOT]  # who makes a board is its first member
        self._boards[trello_id] = Snapshot(board, "5f" * 12, "org", (), (), (robot,), ())
        self._memberships[trello_id] = {robot.id: "admin"}
        self._actions[trello_id] = []
        return Made(trello_id, url)

    @_do.register
    def _(self, change: EditBoard, bindings: Bindings) -> Made:
        seen = self._board(_bound(bindings, Kind.BOARD, change.board))
        if change.title is not None:
            self._edit_board(seen.board.id, title=change.title)
        if change.description is not None:
            self._edit_board(seen.board.id, description=change.description)
        if change.reopen:
            self._edit_board(seen.board.id, closed=False)
        if change.visible:
            self._boards[seen.board.id] = replace(self._board(seen.board.id), visibility="org")
        return Made(seen.board.id, seen.board.url)

    @_do.register
    def _(self, change: CreateList, bindings: Bindings) -> Made:
        seen = self._board(_bound(bindings, Kind.BOARD, change.board))
        made = TrelloList(self._id(), change.title, closed=False, position=change.position)
        self._boards[seen.board.id] = replace(seen, lists=(*seen.lists, made))
        return Made(made.id)

    @_do.register
    def _(self, change: EditList, bindings: Bindings) -> Made:
        list_id = _bound(bindings, Kind.LIST, change.board, change.key)
        if change.title is not None:
            self._edit_list(list_id, title=change.title)
        if change.position is not None:
            self._edit_list(list_id, position=change.position)
        if change.reopen:
            self._edit_list(list_id, closed=False)
        return Made(list_id)

    @_do.register
    def _(self, change: CreateLabel, bindings: Bindings) -> Made:
        seen = self._board(_bound(bindings, Kind.BOARD, change.board))
        made = TrelloLabel(self._id(), change.title, change.colour)
        self._boards[seen.board.id] = replace(seen, labels=(*seen.labels, made))
        return Made(made.id)

    @_do.register
    def _(self, change: EditLabel, bindings: Bindings) -> Made:
        label_id = _bound(bindings, Kind.LABEL, change.board, change.key)
        self._edit_label(label_id, title=change.title, colour=change.colour)
        return Made(label_id)

    @_do.register
    def _(self, change: AddMember, bindings: Bindings) -> Made:
        seen = self._board(_bound(bindings, Kind.BOARD, change.board))
        member = next(
            (m for m in self.people.values() if m.username.lower() == change.username.lower()), None
        )
        if member is None:
            raise NotFound(f"There is no Trello account @{change.username}.")
        if member not in seen.members:
            self._boards[seen.board.id] = replace(seen, members=(*seen.members, member))
        return Made(member.id)

    @_do.register
    def _(self, change: CreateTemplateCard, bindings: Bindings) -> Made:
        card = self._new_card(change, bindings)
        return _made(self._add(replace(card, is_template=True), "createCard", ROBOT))

    @_do.register
    def _(self, change: EditTemplateCard, bindings: Bindings) -> Made:
        card_id = _bound(bindings, Kind.TEMPLATE, change.board, change.task)
        self._cards[card_id] = replace(self._card(card_id), is_template=True)
        self.write(card_id, title=change.text.title, description=change.text.description)
        return _made(self._cards[card_id])

    @_do.register
    def _(self, change: CreateCard, bindings: Bindings) -> Made:
        members = member_ids(bindings, change.board, change.assignees)
        card = self._new_card(change, bindings)
        card = replace(card, start=change.start, due=change.due, remind=change.remind)
        self._refuse_strangers(card.board_id, members)
        card = replace(card, member_ids=members)
        if change.copy_checklists:
            source = self._card(_bound(bindings, Kind.TEMPLATE, change.board, change.key.task))
            # A copy has the names and positions, its items are new and open (trello-behaviour.md#copies).
            copied = (
                Checklist(each.title, tuple(item.title for item in each.items))
                for each in source.checklists or ()
            )
            card = self._with_checklists(card, copied)
        # Trello logs a card that was made of another under this name (trello-behaviour.md#action-log).
        return _made(self._add(card, "copyCard" if change.copy_checklists else "createCard", ROBOT))

    @_do.register
    def _(self, change: AmendCard, bindings: Bindings) -> Made:
        wanted = member_ids(bindings, change.board, change.people.after) if change.people else ()
        if wanted:
            self._set_members(change.card_id, wanted)
        if change.title:
            self.write(change.card_id, title=change.title.after)
        if change.text:
            self.write(change.card_id, description=change.text.after)
        if change.due and change.due.after != self._card(change.card_id).due:
            self.move_due(change.card_id, change.due.after, ROBOT)
        if change.start and change.start.after != self._card(change.card_id).start:
            self.move_start(change.card_id, change.start.after, ROBOT)
        return _made(self._card(change.card_id))

    @_do.register
    def _(self, change: RemoveMember, _bindings: Bindings) -> Made:
        self._set_members(
            change.card_id,
            tuple(i for i in self._card(change.card_id).member_ids if i != change.member_id),
        )
        return Made(change.card_id)

    @_do.register
    def _(self, change: AddChecklist, _bindings: Bindings) -> Made:
        card = self._card(change.card_id)
        made = TrelloChecklist(self._id(), change.title, change.position, ())
        self._set_checklists(card, (*(card.checklists or ()), made))
        return Made(made.id)

    @_do.register
    def _(self, change: AddCheckItem, _bindings: Bindings) -> Made:
        card = self._card(change.card_id)
        made = TrelloCheckItem(self._id(), change.title, complete=False, position=change.position)
        there = next((each for each in card.checklists or () if each.id == change.checklist_id), None)
        if there is None:
            raise NotFound(f"The card {card.id} has no checklist {change.checklist_id}.")
        items = sorted((*there.items, made), key=lambda item: item.position)
        grown = replace(there, items=tuple(items))
        self._set_checklists(card, tuple(grown if each is there else each for each in card.checklists or ()))
        return Made(made.id)

    @_do.register
    def _(self, change: AddAssignee, bindings: Bindings) -> Made:
        person = _bound(bindings, Kind.PERSON, change.board, change.person)
        card = self._card(change.card_id)
        if person in card.member_ids:
            raise TrelloError("member is already on the card")
        member = next((m for m in self._board(card.board_id).members if m.id == person), None)
        if member is None:
            raise TrelloError("invalid value for value: not a member of the board")
        self.join(card.id, member.username, ROBOT)
        return Made(card.id)

    @_do.register
    def _(self, change: AddComment, _bindings: Bindings) -> Made:
        return Made(self._comment(change.card_id, change.text, ROBOT).id)

    @_do.register(ArchiveCard)
    @_do.register(ArchiveTemplateCard)
    def _(self, change: ArchiveCard | ArchiveTemplateCard, _bindings: Bindings) -> Made:
        self._update(change.card_id, ROBOT, None, closed=True)
        return _made(self._cards[change.card_id])

    @_do.register
    def _(self, change: MoveCard, bindings: Bindings) -> Made:
        list_id = _bound(bindings, Kind.LIST, change.board, change.to)
        self._update(change.card_id, ROBOT, None, list_id=list_id)
        return _made(self._cards[change.card_id])

    def _refuse_strangers(self, board_id: str, members: Iterable[str]) -> None:
        # Only a board's members can be put on its cards (trello-behaviour.md#members).
        if set(members) - {member.id for member in self._board(board_id).members}:
            raise TrelloError("invalid value for idMembers: not a member of the board")

    def _set_members(self, card_id: str, wanted: tuple[str, ...]) -> None:
        """Make these the card's members; who joins and who leaves is logged."""
        card, names = self._card(card_id), {m.id: name for name, m in self.people.items()}
        self._refuse_strangers(card.board_id, wanted)
        for each in wanted:
            if each not in card.member_ids:
                self.join(card_id, names[each], ROBOT)
        for each in card.member_ids:
            if each not in wanted:
                self.leave(card_id, names[each], ROBOT)

    def _new_card(self, change: CreateCard | CreateTemplateCard, bindings: Bindings) -> Card:
        list_id = _bound(bindings, Kind.LIST, change.board, TODO)
        label_id = _bound(bindings, Kind.LABEL, change.board, change.theme)
        seen = self._board_with(list_id)
        if all(label.id != label_id for label in seen.labels):
            raise TrelloError("invalid value for idLabels: no such label on the board")
        trello_id = self._id()
        self._places[trello_id] = change.position
        return Card(
            id=trello_id,
            url=card_url(trello_id),
            title=change.text.title,
            description=change.text.description,
            board_id=seen.board.id,
            list_id=list_id,
            label_ids=(label_id,),
            member_ids=(),
            start=None,
            due=None,
            ticked=False,
            closed=False,
            is_template=False,
            item_count=0,
            created_at=created_at(trello_id),
            checklists=(),
        )

    def _with_checklists(self, card: Card, declared: Iterable[Checklist]) -> Card:
        made = []
        for place, each in enumerate(declared, start=1):
            items = (
                TrelloCheckItem(self._id(), title, complete=False, position=GAP * number)
                for number, title in enumerate(each.items, start=1)
            )
            made.append(TrelloChecklist(self._id(), each.title, GAP * place, tuple(items)))
        return replace(card, checklists=tuple(made), item_count=sum(len(each.items) for each in made))


def _bound(bindings: Bindings, kind: Kind, board: str, key: str = "") -> str:
    found = bindings.id(kind, board, key)
    if found is None:
        raise NotFound(f"The {kind} {key} of board {board} is not on Trello yet.")
    return found


def _made(card: Card) -> Made:
    return Made(card.id, card.url, card.item_count)

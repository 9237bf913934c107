"""What people do on the fake Trello."""

import datetime as dt
from dataclasses import replace

from trello_ops.core.objectid import created_at
from trello_ops.core.trello import Card, CheckedItem, FieldChange, TrelloCheckItem, Webhook
from trello_ops.errors import NotFound, TrelloError
from trello_ops.testing.trello.world import GAP, World, card_url


class People(World):
    """Each public method is what people do on Trello: `by` is a username, `at` an instant or now."""

    def tick(self, card_id: str, by: str, at: dt.datetime | None = None, *, automated: bool = False) -> None:
        """Tick the due date's box, which marks the card complete; `automated`: a program does it for them."""
        self._update(card_id, by, at, ticked=True, automated=automated)

    def untick(self, card_id: str, by: str, at: dt.datetime | None = None) -> None:
        """Take the tick away."""
        self._update(card_id, by, at, ticked=False)

    def move(self, card_id: str, list_id: str, by: str, at: dt.datetime | None = None) -> None:
        """Move a card to another list of its board."""
        self._update(card_id, by, at, list_id=list_id)

    def archive(self, card_id: str, by: str, at: dt.datetime | None = None) -> None:
        """Archive a card."""
        self._update(card_id, by, at, closed=True)

    def unarchive(self, card_id: str, by: str, at: dt.datetime | None = None) -> None:
        """Take a card out of the archive."""
        self._update(card_id, by, at, closed=False)

    def check(self, card_id: str, title: str, by: str, *, complete: bool = True) -> None:
        """Tick the check item of this title, or untick it."""
        card = self._card(card_id)
        item = next(i for each in card.checklists or () for i in each.items if i.title == title)
        if item.complete != complete:
            self._edit_items(card, item.id, replace(item, complete=complete))
            told = CheckedItem(item.id, complete)
            self._log(card, "updateCheckItemStateOnCard", by, item=told)

    def add_item(self, card_id: str, title: str) -> None:
        """Add a check item to the last checklist. No log tells it (trello-behaviour.md#action-log)."""
        card = self._card(card_id)
        *others, last = card.checklists or ()
        made = TrelloCheckItem(self._id(), title, complete=False, position=GAP * (len(last.items) + 1))
        self._set_checklists(card, (*others, replace(last, items=(*last.items, made))))

    def remove_item(self, card_id: str, title: str) -> None:
        """Remove the check item of this title."""
        card = self._card(card_id)
        item = next(i for each in card.checklists or () for i in each.items if i.title == title)
        self._edit_items(card, item.id, None)

    def comment(self, card_id: str, by: str, text: str = "Fait") -> None:
        """Write a comment."""
        self._comment(card_id, text, by)

    def delete_comment(self, card_id: str, comment_id: str) -> None:
        """Delete a comment, also somebody else's."""
        card = self._card(card_id)
        self._comments[card_id] = [each for each in self._comments[card_id] if each.id != comment_id]
        log = self._actions[card.board_id]
        log[:] = [each for each in log if each.id != comment_id]
        self._cards[card_id] = replace(card, comment_count=card.comment_count - 1)

    def attach(self, card_id: str, by: str) -> None:
        """Attach something."""
        card = self._card(card_id)
        self._log(card, "addAttachmentToCard", by)
        self._cards[card_id] = replace(card, attachment_count=card.attachment_count + 1)

    def move_due(self, card_id: str, due: dt.datetime | None, by: str) -> None:
        """Set another due date, or none."""
        card = self._card(card_id)
        self._cards[card_id] = replace(card, due=due)
        self._log(card, "updateCard", by, due=FieldChange(card.due, due))

    def move_start(self, card_id: str, start: dt.datetime | None, by: str) -> None:
        """Set another start, or none."""
        card = self._card(card_id)
        self._cards[card_id] = replace(card, start=start)
        self._log(card, "updateCard", by, start=FieldChange(card.start, start))

    def join(self, card_id: str, whom: str, by: str) -> None:
        """Put somebody on a card."""
        card, member = self._card(card_id), self.people[whom]
        self._cards[card_id] = replace(card, member_ids=(*card.member_ids, member.id))
        self._log(card, "addMemberToCard", by, member=member)

    def leave(self, card_id: str, whom: str, by: str) -> None:
        """Take somebody off a card."""
        card, member = self._card(card_id), self.people[whom]
        left = tuple(each for each in card.member_ids if each != member.id)
        self._cards[card_id] = replace(card, member_ids=left)
        self._log(card, "removeMemberFromCard", by, member=member)

    def move_to_board(self, card_id: str, list_id: str, by: str) -> None:
        """Move a card to a list of another board, which both boards log. Labels stay behind."""
        card, target = self._card(card_id), self._board_with(list_id)
        source = card.board_id
        # Each half has its own board's list only, and names the other board.
        left, arrived = FieldChange(card.list_id, None), FieldChange(None, list_id)
        self._log(card, "moveCardFromBoard", by, moved=left, other_board=target.board.id)
        card = replace(card, board_id=target.board.id, list_id=list_id, label_ids=())
        self._cards[card_id] = card
        self._log(card, "moveCardToBoard", by, moved=arrived, other_board=source)

    def make_template(self, card_id: str) -> None:
        """Turn a card into a template card."""
        self._cards[card_id] = replace(self._card(card_id), is_template=True)

    def delete(self, card_id: str, by: str, at: dt.datetime | None = None) -> None:
        """Delete a card for good."""
        with self._at(at):
            card = self._cards.pop(self._card(card_id).id)
            self._log(card, "deleteCard", by)

    def copy(self, card_id: str, by: str, at: dt.datetime | None = None) -> Card:
        """A card with the same text, as a person's "Copy card" makes it."""
        with self._at(at):
            trello_id = self._id()
            card = replace(
                self._card(card_id), id=trello_id, url=card_url(trello_id), created_at=created_at(trello_id)
            )
            return self._add(card, "copyCard", by)

    def write(self, card_id: str, *, title: str | None = None, description: str | None = None) -> None:
        """Edit a card's title or description."""
        card = self._card(card_id)
        self._cards[card_id] = replace(
            card, title=title or card.title, description=description or card.description
        )

    def label(self, card_id: str, title: str) -> None:
        """Put the label of this title on a card."""
        # Trello tells webhooks of labels, and no log (trello-behaviour.md#action-log): so neither does this.
        card = self._card(card_id)
        label = next(each for each in self._board(card.board_id).labels if each.title == title)
        self._cards[card_id] = replace(card, label_ids=tuple(dict.fromkeys((*card.label_ids, label.id))))

    def unlabel(self, card_id: str, title: str) -> None:
        """Take the label of this title off a card."""
        card = self._card(card_id)
        named = {each.id for each in self._board(card.board_id).labels if each.title == title}
        self._cards[card_id] = replace(card, label_ids=tuple(i for i in card.label_ids if i not in named))

    def edit_checkitem(self, card_id: str, title: str, *, to: str) -> None:
        """Rename the check items of this title."""
        card = self._card(card_id)
        self._cards[card_id] = replace(
            card,
            checklists=tuple(
                replace(
                    each, items=tuple(replace(i, title=to) if i.title == title else i for i in each.items)
                )
                for each in card.checklists or ()
            ),
        )

    def rename_list(self, list_id: str, title: str) -> None:
        """Rename a list."""
        self._edit_list(list_id, title=title)

    def archive_list(self, list_id: str) -> None:
        """Archive a list."""
        self._edit_list(list_id, closed=True)

    def recolour_label(self, label_id: str, colour: str | None) -> None:
        """Give a label another colour, or none."""
        self._edit_label(label_id, colour=colour)

    def delete_label(self, label_id: str) -> None:
        """Delete a label, which takes it off every card."""
        seen = self._board_with(label_id)
        self._boards[seen.board.id] = replace(seen, labels=tuple(x for x in seen.labels if x.id != label_id))
        for card in self.cards(seen.board.id):
            self._cards[card.id] = replace(card, label_ids=tuple(i for i in card.label_ids if i != label_id))

    def rename_account(self, username: str, to: str) -> None:
        """Give an account another username; its id stays."""
        old = self.people.pop(username)
        new = self.people[to] = replace(old, username=to)
        for board_id, seen in self._boards.items():
            members = tuple(new if member.id == old.id else member for member in seen.members)
            self._boards[board_id] = replace(seen, members=members)

    def remove_member(self, board_id: str, username: str) -> None:
        """Take somebody off a board and off its cards."""
        gone, seen = self.people[username], self._board(board_id)
        self._boards[board_id] = replace(seen, members=tuple(m for m in seen.members if m != gone))
        for card in self.cards(board_id):
            self._cards[card.id] = replace(card, member_ids=tuple(i for i in card.member_ids if i != gone.id))

    def make(self, board_id: str, username: str, kind: str) -> None:
        """Make a member of a board an `admin`, an `observer`, or `normal` again."""
        self._memberships[board_id][self.people[username].id] = kind

    def rename_board(self, board_id: str, title: str) -> None:
        """Rename a board."""
        self._edit_board(board_id, title=title)

    def close_board(self, board_id: str) -> None:
        """Close a board."""
        self._edit_board(board_id, closed=True)

    def hide_board(self, board_id: str) -> None:
        """Make a board private."""
        self._boards[board_id] = replace(self._board(board_id), visibility="private")

    def delete_board(self, board_id: str) -> None:
        """Delete a board with its cards."""
        del self._boards[self._board(board_id).board.id]
        self._cards = {card.id: card for card in self._cards.values() if card.board_id != board_id}

    def hook(self, board_id: str, callback: str, webhook_id: str = "") -> Webhook:
        """Create a webhook, or correct the one with `webhook_id`: any program with the robot's token may."""
        self._board(board_id)
        if webhook_id and webhook_id not in self._webhooks:
            raise NotFound(f"There is no webhook {webhook_id}.")
        wanted = Webhook(webhook_id or self._id(), board_id, callback)
        # One per callback, model and token (trello-behaviour.md#webhooks).
        same = (each for each in self._webhooks.values() if each.id != webhook_id)
        if any((each.model_id, each.callback) == (board_id, callback) for each in same):
            raise TrelloError("A webhook with that callback, model, and token already exists")
        self._webhooks[wanted.id] = wanted
        return wanted

    def disable_webhook(self, webhook_id: str) -> None:
        """Disable a webhook, as Trello does when its calls have failed for a month."""
        self._webhooks[webhook_id] = replace(self._webhooks[webhook_id], active=False)

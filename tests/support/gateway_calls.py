"""Our gateway made to send each kind of request that it knows."""

import datetime as dt

from trello_ops.adapters.trello.gateway import Gateway
from trello_ops.adapters.trello.writes import write_for
from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.card_text import CardText
from trello_ops.core.declared import TODO
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.planning import changes
from trello_ops.core.planning.card_parts import Edit

_TEXT = CardText("Inventaire", "Compter.")
_NOW = dt.datetime(2026, 11, 16, 6, tzinfo=dt.UTC)
_KEY = OccurrenceKey("weekly", "stock", dt.date(2026, 11, 16))


class Rehearsal:
    """One board made, edited, filled, read and listened to. `performed` are the kinds of change that were."""

    def __init__(self, gateway: Gateway, callback: str) -> None:
        self._gateway = gateway
        self._callback = callback
        self._bindings = Bindings()
        self.performed: set[type[changes.Change]] = set()

    def run(self) -> None:
        began = self._gateway.time(fresh=True)
        board = self._make_board()
        card = self._make_cards()
        self._edit(card)
        self._gateway.boards("zinaobeldi")
        self._gateway.last_active("zinaobeldi")
        self._gateway.snapshot(board)
        self._gateway.snapshot(board, checklists=True)
        self._gateway.membership(board, self._id(Kind.PERSON, "amal"))
        self._gateway.card(card)
        self._gateway.comments(card)
        self._gateway.cards_since(board, began)
        self._gateway.activity(board, began)
        self._listen(board)
        for archive in (
            changes.ArchiveCard(board="weekly", key=_KEY, card_id=card, url=""),
            changes.ArchiveTemplateCard(
                board="weekly", task="stock", card_id=self._id(Kind.TEMPLATE, "stock")
            ),
        ):
            self._perform(archive)

    def _make_board(self) -> str:
        creations = (
            changes.CreateBoard(
                board="weekly", title="Hebdo", description="Le marqueur", workspace="zinaobeldi"
            ),
            changes.CreateList(board="weekly", key=TODO, title="À faire", position=16_384.0),
            changes.CreateLabel(board="weekly", key="operations", title="Opérationnel", colour="black_light"),
        )
        for change in creations:
            self._create(change)
        member = self._perform(changes.AddMember(board="weekly", key="amal", username="amal_zina"))
        self._bind(Kind.PERSON, "amal", member)
        return self._id(Kind.BOARD, "")

    def _make_cards(self) -> str:
        self._create(changes.CreateTemplateCard(board="weekly", key="stock", theme="operations", text=_TEXT))
        template = self._id(Kind.TEMPLATE, "stock")
        checklist = self._perform(
            changes.AddChecklist(board="weekly", card_id=template, title="Étapes", position=16_384.0)
        )
        item = {"card_id": template, "checklist_id": checklist, "title": "Compter", "position": 16_384.0}
        self._perform(changes.AddCheckItem(board="weekly", **item))
        cards = [
            self._perform(
                changes.CreateCard(
                    board="weekly", key=_KEY, theme="operations", assignees=("amal",), text=_TEXT,
                    start=_NOW,
                    due=dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC),
                    copy_checklists=copied,
                )
            )
            for copied in (False, True)
        ]  # fmt: skip
        return cards[1]

    def _edit(self, card: str) -> None:
        for change in (
            changes.EditBoard(board="weekly", title="Semaine", visible=True, reopen=True),
            changes.EditList(board="weekly", key=TODO, title="À venir", position=4_096.5, reopen=True),
            changes.EditLabel(board="weekly", key="operations", title="Opérations", colour="lime_dark"),
            changes.EditTemplateCard(board="weekly", task="stock", text=_TEXT),
            changes.MoveCard(board="weekly", key=_KEY, card_id=card, url="", to=TODO),
            changes.AmendCard(
                board="weekly", key=_KEY, card_id=card, url="",
                title=Edit("Stock", "Le stock"), text=Edit("Avant", "Après"),
                due=Edit(_NOW, _NOW + dt.timedelta(hours=1)), start=Edit(_NOW, _NOW),
                people=Edit((), ("amal",)),
            ),
            changes.RemoveMember(
                board="weekly", card_id=card, member_id=self._id(Kind.PERSON, "amal")
            ),
            changes.AddAssignee(board="weekly", key=_KEY, person="amal", card_id=card, url=""),
            changes.AddComment(board="weekly", key=_KEY, card_id=card, text="@amal_zina"),
        ):  # fmt: skip
            self._perform(change)

    def _listen(self, board: str) -> None:
        made = self._gateway.ensure_webhook(board, self._callback)
        self._gateway.ensure_webhook(board, self._callback, made.id)
        self._gateway.webhooks()
        self._gateway.remove_webhook(made.id)

    def _create(self, change: changes.Creation) -> None:
        self._bind(change.kind, change.key, self._perform(change))

    def _perform(self, change: changes.Change) -> str:
        self.performed.add(type(change))
        return self._gateway.perform(change, self._bindings).id

    def _bind(self, kind: Kind, key: str, trello_id: str) -> None:
        self._bindings = self._bindings.with_(Binding(kind, "weekly", key, trello_id, _NOW))

    def _id(self, kind: Kind, key: str) -> str:
        found = self._bindings.id(kind, "weekly", key)
        assert found
        return found


def changes_of_trello() -> set[type[changes.Change]]:
    """The kinds of change that the gateway makes a request of."""
    return {kind for kind in write_for.registry if kind not in (object, changes.Change)}

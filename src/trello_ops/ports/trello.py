"""The port to Trello, or to the sandbox."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from trello_ops.core.bindings import Bindings
from trello_ops.core.identity import TrelloIdentity
from trello_ops.core.planning.changes import Change
from trello_ops.core.trello import (
    Action,
    BoardSummary,
    Card,
    Comment,
    Grant,
    Member,
    Snapshot,
    Traffic,
    TrelloWorkspace,
    Webhook,
)


@dataclass(frozen=True, slots=True)
class Made:
    """What a performed change made or edited. `item_count` is the card's number of check items."""

    id: str
    url: str = ""
    item_count: int = 0  # a copied template card may have been edited just before: callers compare it


class TrelloGateway(Protocol):
    """Trello, or the sandbox.

    Every method raises a `TrelloError`. Reads raise `Unavailable` when Trello fails; only `perform` and the
    methods that change one webhook raise `OutcomeUnknown`, and then the change may have been made.
    """

    def time(self, *, fresh: bool = False) -> dt.datetime:
        """The time by Trello's clock, reckoned from its last answer; `fresh` asks Trello again."""

    def identity(self, workspace: str, *, ask: bool = True) -> TrelloIdentity:
        """Which Trello this is, with the token's account and a Trello Workspace (id or short name).

        Trello is asked once, and again when another one seems to answer. Without `ask` it is what is known
        already: at least the address.
        """

    def grant(self) -> Grant:
        """What this token may do, and until when."""

    def workspaces(self) -> tuple[TrelloWorkspace, ...]:
        """The Trello Workspaces that this token's account is in."""

    def workspace_members(self, workspace: str) -> tuple[Member, ...]:
        """The accounts in a Trello Workspace (id or short name)."""

    def account(self, name: str) -> Member:
        """An account by its username, in any case, or id. `NotFound` when there is none."""

    def boards(self, workspace: str) -> tuple[BoardSummary, ...]:
        """Open boards of a Trello Workspace (id or short name) that this token sees."""

    def last_active(self, workspace: str) -> Mapping[str, dt.datetime | None]:
        """When each open board of a Trello Workspace was last active, by its id, in one request.

        Only a hint: Trello does not promise that it moves with everything people do.
        """

    def snapshot(self, board_id: str, *, checklists: bool = False) -> Snapshot:
        """The board as it is now, closed or not. `NotFound` when it was deleted.

        With `checklists`, each of its cards is as complete as `card` would return it.
        """

    def membership(self, board_id: str, member_id: str) -> str:
        """What an account is on a board: `admin`, `normal`, `observer`; empty for one that is no member."""

    def card(self, card_id: str) -> Card:
        """One card with its checklists, archived or not. `NotFound` when it was deleted."""

    # No port to Trello's search: its index lags (trello-behaviour.md#search).
    def cards_since(self, board_id: str, since: dt.datetime) -> tuple[Card, ...]:
        """Every card of the board created at or after `since`, archived ones too: what a lookup reads."""

    # Asked for after the board, so that the log tells all that the board showed (decisions.md).
    def activity(self, board_id: str, since: dt.datetime) -> tuple[Action, ...]:
        """All of the board's actions at or after `since`, oldest first."""

    def comments(self, card_id: str) -> tuple[Comment, ...]:
        """A card's comments, oldest first: of very many the newest alone. `NotFound` when it was deleted."""

    def perform(self, change: Change, bindings: Bindings, send_before: float | None = None) -> Made:
        """Make one edit on Trello. `Bind`, `Unbind` and `FillTemplateCard` are not Trello's: ValueError.

        `send_before` is an instant of the clock's `monotonic()`: a request that could only leave later is not
        sent, and `NotSent` is raised.
        """

    def traffic(self) -> Traffic:
        """How many requests there were, and how many count. Asks nothing of Trello; raises `StoreError`."""

    def webhooks(self) -> tuple[Webhook, ...]:
        """Every webhook of this token, including those that other programs made."""

    def ensure_webhook(self, board_id: str, callback: str, webhook_id: str = "") -> Webhook:
        """Have `callback` called about a board: create a webhook, or correct the one with `webhook_id`.

        Trello first asks the address, and refuses one that does not answer; it refuses a second webhook from
        the same board to the same address. Raises `OutcomeUnknown` when the change may have been made.
        """

    def remove_webhook(self, webhook_id: str) -> None:
        """Delete a webhook. No-op if absent. Raises `OutcomeUnknown` when it may have been deleted."""

"""The world: every object that exists in this Trello, the ids, and the file that keeps it all."""

import datetime as dt
import hashlib
import json
import secrets
import string
from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from trello_sandbox.clock import Clock, trello_time
from trello_sandbox.config import Tenant
from trello_sandbox.state.records import (
    Action,
    Board,
    BoardStar,
    Card,
    CheckItem,
    Checklist,
    Delivery,
    Label,
    List,
    Member,
    Organization,
    Token,
    Webhook,
    membership,
)
from trello_sandbox.state.tables import Table
from trello_sandbox.switches import Switches

_LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_BASE62 = string.digits + string.ascii_letters


def digest(token: str) -> str:
    """What is kept of a token: enough to recognise it, not to use it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Ids:
    """Mints ObjectIds: four bytes of creation second, five of this world's own, three of a counter."""

    def __init__(self) -> None:
        self.own = secrets.randbits(40)
        self.last = 0

    def mint(self, now: dt.datetime) -> str:
        """The next id, greater than any before: setting the clock back does not take the ids back."""
        first_of_second = int(now.timestamp()) << 64 | self.own << 24
        self.last = max(self.last + 1, first_of_second)
        return f"{self.last:024x}"


class World:
    """Everything that exists in this Trello. It begins with a Workspace and its members, and nothing else."""

    def __init__(self, clock: Clock, switches: Switches, tenant: Tenant, site: str) -> None:
        self.tenant = tenant
        self.site = site  # what the links to its objects begin with
        # Tells this world from every other one, as one that begins anew at the same address.
        self.world_id = secrets.token_hex(12)
        self.clock = clock
        self.switches = switches
        self.ids = Ids()
        # Called with every action that is written, and the identifier of the client that acted.
        self.on_action: Callable[[Action, str], None] = lambda _action, _client: None
        self.members = Table(Member, unique="username")
        self.organizations = Table(Organization, unique="name")
        self.tokens = Table(Token, "id_member", unique="digest")
        self.webhooks = Table(Webhook, "id_token", "id_model")
        self.deliveries = Table(Delivery)
        self.stars = Table(BoardStar, "id_member", "id_board")
        self.boards = Table(Board, "id_organization", unique="short_link")
        self.lists = Table(List, "id_board")
        self.labels = Table(Label, "id_board")
        self.cards = Table(Card, "id_board", "id_list", unique="short_link")
        self.checklists = Table(Checklist, "id_card", "id_board")
        self.check_items = Table(CheckItem, "id_checklist")
        self.actions = Table(Action, "id_board", "id_card")
        self._old_ids = Ids()
        self.app_id = self._old_id()

    def new_id(self) -> str:
        """An id for something that is made now."""
        return self.ids.mint(self.clock.now())

    def _old_id(self) -> str:
        """An id for people and their tokens, so old that the clock cannot be set back to before them."""
        return self._old_ids.mint(_LONG_AGO)

    def now(self) -> str:
        """The sandbox's time, as Trello writes it."""
        return trello_time(self.clock.now())

    def new_short_link(self) -> str:
        """Eight base-62 digits that no board or card has."""
        while True:
            link = "".join(secrets.choice(_BASE62) for _ in range(8))
            if not self.boards.named(link) and not self.cards.named(link):
                return link

    # ---- what belongs to what

    def cards_of(self, holder: Board | List) -> Iterable[Card]:
        """The cards of a board or list, archived ones included. Copy them before moving any."""
        index = "id_board" if isinstance(holder, Board) else "id_list"
        return self.cards.of(index, holder.id).values()

    def checklists_of(self, card: Card) -> list[Checklist]:
        """A card's checklists by position."""
        return sorted(self.checklists.of("id_card", card.id).values(), key=lambda each: each.pos)

    def items_of(self, checklist: Checklist) -> list[CheckItem]:
        """A checklist's items by position."""
        return sorted(self.check_items.of("id_checklist", checklist.id).values(), key=lambda item: item.pos)

    # ---- people

    @property
    def workspace(self) -> Organization:
        """The tenant's Workspace, to which everybody with an account belongs; else that which was first."""
        tenants = self.organizations.named(self.tenant.workspace)
        return tenants or next(iter(self.organizations.all()))

    def populate(self) -> None:
        """Bring in the tenant's Workspace and accounts, as far as they are not there yet."""
        if self.organizations.named(self.tenant.workspace) is None:
            self._add_workspace(self.tenant.workspace_id or self._old_id())
            for member in self.members.all():
                if member.confirmed:
                    self._join(member)
        for username, full_name in self.tenant.accounts.items():
            self.hire(username, full_name)

    def _add_workspace(self, workspace_id: str) -> None:
        self.organizations.add(Organization(workspace_id, self.tenant.workspace, self.tenant.title))

    def hire(self, username: str, full_name: str) -> Member:
        """The member of that username, made and put into the Workspace if unknown."""
        member = self.member(username)
        if member is None:
            member = self.members.add(Member(self._old_id(), username, full_name))
            self._join(member)
        return member

    def _join(self, member: Member) -> None:
        kind = "normal" if self.workspace.memberships else "admin"
        self.workspace.memberships[member.id] = membership(self._old_id(), member, kind)

    def member(self, id_or_username: str) -> Member | None:
        """The member of that username or id."""
        return self.members.named(id_or_username) or self.members.get(id_or_username)

    def keep_people(self, earlier: "World") -> None:
        """Take over members, tokens and the app of a world that is given up.

        The Workspace is as at first: everybody with an account is in it, whoever was removed or promoted.
        """
        self.members, self.tokens, self.app_id = earlier.members, earlier.tokens, earlier.app_id
        self._add_workspace(earlier.workspace.id)
        for member in self.members.all():
            if member.confirmed:
                self._join(member)
        self.on_action = earlier.on_action

    # ---- tokens

    def grant(
        self,
        token: str,
        member: Member,
        *,
        person: bool,
        scopes: tuple[str, ...] = ("read", "write"),
        expires: str | None = None,
        app: str = "",
        agent: bool = False,
    ) -> Token:
        """Let `token` stand for `member`. `person`: for somebody who uses Trello itself, not for the app.

        `app` names another program that acts for them, which may be an AI `agent`.
        """
        return self.tokens.named(digest(token)) or self.tokens.add(
            Token(self._old_id(), digest(token), member.id, self.now(), person, scopes, expires, app, agent)
        )

    def token(self, token: str) -> Token | None:
        """The token's record; None when it is unknown, revoked or expired."""
        known = self.tokens.named(digest(token))
        return known if known and not self.is_expired(known) else None

    def is_expired(self, token: Token) -> bool:
        """Whether its time has passed, by the sandbox's clock."""
        return token.date_expires is not None and token.date_expires <= self.now()

    def revoke(self, token: Token) -> None:
        """Forget a token, and the webhooks that were made with it."""
        self.webhooks.remove_of("id_token", token.id)
        self.tokens.remove(token)

    # ---- deleting

    def delete_card(self, card: Card) -> None:
        """Remove a card with its checklists. Its actions stay in the log, as in Trello."""
        for checklist in list(self.checklists.of("id_card", card.id).values()):
            self.delete_checklist(checklist)
        self.cards.remove(card)

    def delete_checklist(self, checklist: Checklist) -> None:
        """Remove a checklist with its items."""
        self.check_items.remove_of("id_checklist", checklist.id)
        self.checklists.remove(checklist)

    def delete_board(self, board: Board) -> None:
        """Remove a board and everything on it, its log included."""
        for card in list(self.cards_of(board)):
            self.delete_card(card)
        for table in (self.lists, self.labels, self.actions, self.stars):
            table.remove_of("id_board", board.id)
        self.boards.remove(board)

    # ---- the data file

    def _tables(self) -> dict[str, Table[Any]]:
        return {name: table for name, table in vars(self).items() if isinstance(table, Table)}

    def save(self, path: Path) -> None:
        """Write everything, in one step: a reader sees the old file or the new one.

        A new file is for this user alone.
        """
        content = {
            "world_id": self.world_id,
            "last_id": self.ids.last,
            "app_id": self.app_id,
            "clock_offset": self.clock.offset.total_seconds(),
            "tables": {name: list(table.all()) for name, table in self._tables().items()},
        }
        partial = path.with_name(path.name + ".part")
        # Not by `asdict`, which would first copy all that the records hold.
        text = json.dumps(content, default=lambda each: {f.name: getattr(each, f.name) for f in fields(each)})
        partial.touch(0o600)
        partial.write_text(text, encoding="utf-8")
        if path.exists():
            partial.chmod(path.stat().st_mode)
        partial.replace(path)

    def load(self, path: Path) -> None:
        """Read what `save` wrote into this empty world. KeyError, TypeError or ValueError for other files."""
        content = json.loads(path.read_text(encoding="utf-8"))
        self.ids.last, self.app_id = content["last_id"], content["app_id"]
        self.world_id = content.get("world_id", self.world_id)  # an older file has none
        self.clock.offset = dt.timedelta(seconds=content["clock_offset"])
        for name, table in self._tables().items():
            for row in content["tables"].get(name, ()):  # an older file may lack one
                record = {
                    key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
                }
                table.add(table.kind(**record))

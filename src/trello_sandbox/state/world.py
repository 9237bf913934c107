"""The sandbox's world: every record by id, the ids, the clock, and the file it is kept in."""

import datetime as dt
import hashlib
import json
import secrets
import string
from collections.abc import Callable, Collection, Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

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
    Json,
    Label,
    List,
    Member,
    Organization,
    Token,
    Webhook,
)
from trello_sandbox.switches import Switches

_LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_BASE62 = string.digits + string.ascii_letters


def digest(token: str) -> str:
    """What is kept of a token: enough to know it again, not to use it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Ids:
    """ObjectIds: creation second, five bytes of this world's own, counter; each greater than the last."""

    def __init__(self) -> None:
        self.own = secrets.randbits(40)
        self.last = 0

    def mint(self, now: dt.datetime) -> str:
        """The next id. A clock that was set back does not take the ids back with it."""
        first_of_second = int(now.timestamp()) << 64 | self.own << 24
        self.last = max(self.last + 1, first_of_second)
        return f"{self.last:024x}"


class Record(Protocol):
    id: str


R = TypeVar("R", bound=Record)


class Table(Generic[R]):
    """Records of one kind, in order of arrival: by id, by each `unique` field, and in groups by `indexes`."""

    def __init__(self, kind: type[R], *indexes: str, unique: str = "") -> None:
        self.kind = kind
        self._unique = unique
        self._rows: dict[str, R] = {}
        self._by_name: dict[str, R] = {}
        self._by: dict[str, dict[str | None, dict[str, R]]] = {name: {} for name in indexes}

    def get(self, record_id: str) -> R | None:
        return self._rows.get(record_id)

    def __getitem__(self, record_id: str) -> R:
        return self._rows[record_id]

    def __len__(self) -> int:
        return len(self._rows)

    def all(self) -> Collection[R]:
        return self._rows.values()

    def newest(self) -> Iterable[R]:
        return reversed(self._rows.values())

    def named(self, value: str) -> R | None:
        """The record whose unique field is `value`."""
        return self._by_name.get(value)

    def of(self, index: str, value: str) -> dict[str, R]:
        """The records whose field `index` is `value`, by id. Not to be changed."""
        return self._by[index].get(value, {})

    def add(self, record: R) -> R:
        self._rows[record.id] = record
        if self._unique:
            self._by_name[getattr(record, self._unique)] = record
        for name, groups in self._by.items():
            groups.setdefault(getattr(record, name), {})[record.id] = record
        return record

    def remove(self, record: R) -> None:
        del self._rows[record.id]
        if self._unique:
            del self._by_name[getattr(record, self._unique)]
        for name in self._by:
            self._leave(record, name)

    def change(self, record: R, index: str, value: str | None) -> None:
        """Set a field that is an index."""
        self._leave(record, index)
        setattr(record, index, value)
        self._by[index].setdefault(value, {})[record.id] = record

    def rename(self, record: R, value: str) -> None:
        """Set the unique field."""
        del self._by_name[getattr(record, self._unique)]
        setattr(record, self._unique, value)
        self._by_name[value] = record

    def _leave(self, record: R, index: str) -> None:
        groups, value = self._by[index], getattr(record, index)
        del groups[value][record.id]
        if not groups[value]:
            del groups[value]


def _remove_all(table: Table[Any], index: str, value: str) -> None:
    for record in list(table.of(index, value).values()):
        table.remove(record)


class World:
    """Everything that exists in this Trello. It begins with a Workspace and its members, and nothing else."""

    def __init__(self, clock: Clock, switches: Switches, tenant: Tenant) -> None:
        self.tenant = tenant
        self.clock = clock
        self.switches = switches
        self.ids = Ids()
        self.told: Callable[[Action, str], None] = lambda _action, _client: None
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
        self._people_ids = Ids()
        self.app_id = self._id_of_old()

    def new_id(self) -> str:
        return self.ids.mint(self.clock.now())

    def _id_of_old(self) -> str:
        """An id for people and their tokens: from long before, so that no clock is set back past them."""
        return self._people_ids.mint(_LONG_AGO)

    def now(self) -> str:
        return trello_time(self.clock.now())

    def new_short_link(self) -> str:
        """Eight base-62 digits that no board or card has."""
        while True:
            link = "".join(secrets.choice(_BASE62) for _ in range(8))
            if not self.boards.named(link) and not self.cards.named(link):
                return link

    # ---- people

    def populate(self) -> None:
        """Bring in the tenant's Workspace and accounts."""
        self._add_workspace(self._id_of_old())
        for username, full_name in self.tenant.accounts.items():
            self.hire(username, full_name)

    def _add_workspace(self, workspace_id: str) -> None:
        self.organizations.add(Organization(workspace_id, self.tenant.workspace, self.tenant.title))

    def hire(self, username: str, full_name: str) -> Member:
        """The member of that name, made a member of the Workspace if unknown; the first one is its admin."""
        member = self.member(username)
        if member is None:
            member = self.members.add(Member(self._id_of_old(), username, full_name))
            self._join(member)
        return member

    def _join(self, member: Member) -> None:
        kind = "normal" if self.workspace.memberships else "admin"
        self.workspace.memberships[member.id] = membership(self._id_of_old(), member, kind)

    def grant(
        self,
        token: str,
        member: Member,
        *,
        person: bool,
        scopes: tuple[str, ...] = ("read", "write"),
        expires: str | None = None,
    ) -> Token:
        """Make `token` stand for `member`."""
        return self.tokens.named(digest(token)) or self.tokens.add(
            Token(self._id_of_old(), digest(token), member.id, self.now(), person, scopes, expires)
        )

    def token(self, token: str) -> Token | None:
        """The token's record; None when it is unknown, revoked or expired."""
        known = self.tokens.named(digest(token))
        return known if known and not self.is_expired(known) else None

    def is_expired(self, token: Token) -> bool:
        return token.date_expires is not None and token.date_expires <= self.now()

    @property
    def workspace(self) -> Organization:
        return next(iter(self.organizations.all()))

    def member(self, id_or_username: str) -> Member | None:
        return self.members.named(id_or_username) or self.members.get(id_or_username)

    def keep_people(self, earlier: "World") -> None:
        """Take over members, tokens and the app of a world that is given up.

        The Workspace is as at first: everybody with an account is in it, whoever was put out or promoted.
        """
        self.members, self.tokens, self.app_id = earlier.members, earlier.tokens, earlier.app_id
        self._add_workspace(earlier.workspace.id)
        for member in self.members.all():
            if member.confirmed:
                self._join(member)
        self.told = earlier.told

    # ---- what goes with what

    def delete_card(self, card: Card) -> None:
        """Remove a card, its checklists and their items. Its actions stay in the log."""
        for checklist in list(self.checklists.of("id_card", card.id).values()):
            self.delete_checklist(checklist)
        self.cards.remove(card)

    def delete_checklist(self, checklist: Checklist) -> None:
        for item in list(self.check_items.of("id_checklist", checklist.id).values()):
            self.check_items.remove(item)
        self.checklists.remove(checklist)

    def delete_board(self, board: Board) -> None:
        """Remove a board and everything on it."""
        for card in list(self.cards.of("id_board", board.id).values()):
            self.delete_card(card)
        for table in (self.lists, self.labels, self.actions, self.stars):
            _remove_all(table, "id_board", board.id)
        self.boards.remove(board)

    def revoke(self, token: Token) -> None:
        """Forget a token, and the webhooks that were made with it."""
        _remove_all(self.webhooks, "id_token", token.id)
        self.tokens.remove(token)

    # ---- what a file keeps

    def tables(self) -> dict[str, Table[Any]]:
        return {name: table for name, table in vars(self).items() if isinstance(table, Table)}

    def save(self, path: Path) -> None:
        """Write everything, in one step: a reader sees the old file or the new one."""
        content = {
            "last_id": self.ids.last,
            "app_id": self.app_id,
            "clock_offset": self.clock.offset.total_seconds(),
            "tables": {name: list(table.all()) for name, table in self.tables().items()},
        }
        partial = path.with_name(path.name + ".part")
        partial.write_text(json.dumps(content, default=as_json), encoding="utf-8")
        partial.replace(path)

    def load(self, path: Path) -> None:
        """Read what `save` wrote into this empty world."""
        content = json.loads(path.read_text(encoding="utf-8"))
        self.ids.last, self.app_id = content["last_id"], content["app_id"]
        self.clock.offset = dt.timedelta(seconds=content["clock_offset"])
        for name, table in self.tables().items():
            for row in content["tables"].get(name, ()):  # a file of old may lack one
                table.add(table.kind(**{key: _frozen(value) for key, value in row.items()}))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def membership(membership_id: str, member: Member, kind: str) -> Json:
    """What a board or Workspace keeps of one of its members."""
    ids = {"id": membership_id, "idMember": member.id, "memberType": kind}
    return {**ids, "unconfirmed": not member.confirmed, "deactivated": False}


def as_json(record: Any) -> Json:
    """A record's fields by name."""
    return {each.name: getattr(record, each.name) for each in fields(record)}

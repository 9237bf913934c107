"""What the world holds: one record per Trello object. Instants are kept as Trello writes them."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Member:
    id: str
    username: str
    full_name: str

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.full_name.split()).upper()


@dataclass(slots=True)
class Organization:
    """A Trello Workspace. `member_ids` are its members, the first one its admin."""

    id: str
    name: str
    display_name: str
    member_ids: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Token:
    """A member's token, known by its SHA-256 only. `person`: it stands for somebody using Trello itself."""

    id: str
    digest: str
    id_member: str
    date_created: str
    person: bool


@dataclass(slots=True)
class Board:
    """`memberships` by member id, each in Trello's shape."""

    id: str
    short_link: str
    name: str
    desc: str
    id_organization: str | None
    prefs: Json
    date_last_activity: str
    memberships: dict[str, Json]
    closed: bool = False
    last_id_short: int = 0


@dataclass(slots=True)
class List:
    id: str
    id_board: str
    name: str
    pos: float
    closed: bool = False


@dataclass(slots=True)
class Label:
    id: str
    id_board: str
    name: str
    color: str | None


@dataclass(slots=True)
class Card:
    """`comments` counts the commentCard actions; `attachments` and `cover` are in Trello's shape."""

    id: str
    short_link: str
    id_short: int
    id_board: str
    id_list: str
    id_member_creator: str
    name: str
    desc: str
    pos: float
    date_last_activity: str
    due: str | None = None
    start: str | None = None
    due_complete: bool = False
    due_reminder: float | None = None
    date_completed: str | None = None
    closed: bool = False
    date_closed: str | None = None
    is_template: bool = False
    card_role: str | None = None
    subscribed: bool = False
    id_members: list[str] = field(default_factory=list)
    id_labels: list[str] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    cover: Json = field(default_factory=dict)
    comments: int = 0


@dataclass(slots=True)
class Checklist:
    id: str
    id_board: str
    id_card: str
    name: str
    pos: float


@dataclass(slots=True)
class CheckItem:
    id: str
    id_checklist: str
    name: str
    pos: float
    state: str = "incomplete"
    due: str | None = None
    due_reminder: float | None = None
    id_member: str | None = None


@dataclass(slots=True)
class Action:
    """One entry of the log. `id_card` is empty where no card is meant; `by_app`: through our key's app."""

    id: str
    type: str
    date: str
    id_member_creator: str
    id_board: str
    id_card: str
    by_app: bool
    data: Json
    id_member: str | None = None

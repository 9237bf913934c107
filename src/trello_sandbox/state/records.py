"""What the world holds: one record per Trello object. Instants are kept as Trello writes them.

Records are lean, for there may be 100,000 cards: slots, and tuples that are replaced rather than changed,
so that all empty ones are the same.
"""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Member:
    """`confirmed`: has an account; false for those who were invited by mail only."""

    id: str
    username: str
    full_name: str
    bio: str = ""
    confirmed: bool = True
    own_initials: str = ""

    @property
    def initials(self) -> str:
        return self.own_initials or "".join(word[0] for word in self.full_name.split()).upper()


@dataclass(slots=True)
class Organization:
    """A Trello Workspace. `memberships` by member id, each in Trello's shape."""

    id: str
    name: str
    display_name: str
    desc: str = ""
    website: str | None = None
    memberships: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class Token:
    """A member's token, known by its SHA-256 only. `person`: it stands for somebody using Trello itself.

    `scopes`: some of read, write, account. `date_expires`: None for never.
    """

    id: str
    digest: str
    id_member: str
    date_created: str
    person: bool
    scopes: tuple[str, ...] = ("read", "write")
    date_expires: str | None = None


@dataclass(slots=True)
class Webhook:
    """`id_token` is that of the token's record. `failures` in a row, the first of them at `first_failure`."""

    id: str
    id_token: str
    id_model: str
    callback_url: str
    description: str
    active: bool = True
    failures: int = 0
    first_failure: str | None = None


@dataclass(slots=True)
class Delivery:
    """One action for one webhook: what to send, when, and how often it was tried before.

    `client` is the identifier of who acted, "" for none.
    """

    id: str
    id_webhook: str
    body: str
    client: str
    due: str
    tries: int = 0


@dataclass(slots=True)
class BoardStar:
    id: str
    id_member: str
    id_board: str
    pos: float


@dataclass(slots=True)
class Board:
    """`memberships` by member id, each in Trello's shape. `last_id_short`: that of its newest card."""

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
    subscribed: bool = False


@dataclass(slots=True)
class Label:
    id: str
    id_board: str
    name: str
    color: str | None


@dataclass(slots=True)
class Card:
    """`comments` counts the comments; `attachments` and `cover` (what is set of it) are in Trello's shape."""

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
    id_members: tuple[str, ...] = ()
    id_labels: tuple[str, ...] = ()
    id_voters: tuple[str, ...] = ()
    attachments: tuple[Json, ...] = ()
    cover: Json | None = None
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
    """One entry of the log. `by_app`: through our key's app. `data` is never changed, so parts are shared.

    `id_card` is empty where no card is meant, `id_board` where it is about a Workspace.
    """

    id: str
    type: str
    date: str
    id_member_creator: str
    id_board: str
    id_card: str
    by_app: bool
    data: Json
    id_member: str | None = None

"""What the world holds: one record for each Trello object. Instants are kept as Trello writes them.

There may be 100,000 cards, so records are lean: slots, and tuples that are replaced rather than changed, so
that all empty ones are one object.
"""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Member:
    """A person or a robot. `confirmed`: has an account; false for who was invited by mail only."""

    id: str
    username: str
    full_name: str
    bio: str = ""
    confirmed: bool = True
    own_initials: str = ""

    @property
    def initials(self) -> str:
        """Those that the member chose, or else the first letters of the name."""
        return self.own_initials or "".join(word[0] for word in self.full_name.split()).upper()


@dataclass(slots=True)
class Organization:
    """A Workspace, which the API calls an organization. `memberships` by member id, each as Trello's JSON."""

    id: str
    name: str
    display_name: str
    desc: str = ""
    website: str | None = None
    memberships: dict[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class Token:
    """A member's token, known by its SHA-256 only. `person`: it stands for somebody who uses Trello itself.

    `scopes`: some of read, write, account. `date_expires`: None for never. `app` names a program that acts in
    the member's name, "" for none but the key's; `agent`: that program is an AI agent.
    """

    id: str
    digest: str
    id_member: str
    date_created: str
    person: bool
    scopes: tuple[str, ...] = ("read", "write")
    date_expires: str | None = None
    app: str = ""
    agent: bool = False


@dataclass(slots=True)
class Webhook:
    """`id_token` is the id of the token's record; `failures` counts those in a row since `first_failure`."""

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
    """One action to be sent to one webhook, at `due`, after `tries` failed attempts.

    `client` is what the client that acted calls itself, "" for nothing.
    """

    id: str
    id_webhook: str
    body: str
    client: str
    due: str
    tries: int = 0


@dataclass(slots=True)
class BoardStar:
    """That a member starred a board; `pos` orders the stars of that member."""

    id: str
    id_member: str
    id_board: str
    pos: float


@dataclass(slots=True)
class Board:
    """`memberships` by member id, each as Trello's JSON. `last_id_short`: the number of its newest card."""

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
    """A column of a board. `subscribed` stands for all members, as the sandbox tells nobody anything."""

    id: str
    id_board: str
    name: str
    pos: float
    closed: bool = False
    subscribed: bool = False


@dataclass(slots=True)
class Label:
    """A label of a board; `color` None is no colour. Two labels may have the same name and colour."""

    id: str
    id_board: str
    name: str
    color: str | None


@dataclass(slots=True)
class Card:
    """`id_short` counts the board's cards and is not reused. `comments` counts the comments.

    `attachments` and `cover` (as far as it was set) are kept as Trello's JSON.
    """

    id: str
    short_link: str
    id_short: int  # part of its URL, but no id: every board counts on its own
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
    """`id_board` is its card's board, kept here so that a board's checklists are found at once."""

    id: str
    id_board: str
    id_card: str
    name: str
    pos: float


@dataclass(slots=True)
class CheckItem:
    """An item of a checklist; `state` is `complete` or `incomplete`."""

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
    """One entry of the action log. `by_app`: done with a token of the key's app, not in Trello itself.

    `id_card` is empty where no card is meant, `id_board` where it is about a Workspace. Actions share parts
    of their `data`, so it must be replaced, never changed. `app` and `agent` are those of the token.
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
    app: str = ""
    agent: bool = False


def membership(membership_id: str, member: Member, kind: str) -> Json:
    """A membership of a board or Workspace, as Trello's JSON. `kind`: normal, admin or observer."""
    ids = {"id": membership_id, "idMember": member.id, "memberType": kind}
    return {**ids, "unconfirmed": not member.confirmed, "deactivated": False}

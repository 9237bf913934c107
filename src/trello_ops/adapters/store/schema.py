"""The tables. Every one begins with the workspace's key: an agency keeps several in one database.

A change here needs a new file in `migrations/versions` and a new `REVISION`; the tests hold the three
together.
"""

from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    false,
)

from trello_ops.adapters.store.types import Instant, Words

REVISION: Final = "0015"
"""The newest migration: a database at this revision has exactly these tables."""

metadata = MetaData()

_SERIAL: Final = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by INTEGER alone

_BY_TICK_OR_LIST: Final = '{"any": ["ticked", "in_done_list"]}'
"""What counted as done before board files could say so."""

_OCCURRENCE: Final = ("workspace", "board", "task", "date")


def _text(name: str) -> Column[str]:
    return Column(name, Words(), nullable=False)


def _key(name: str) -> Column[str]:
    return Column(name, Words(), primary_key=True)


def _of_a_calendar() -> tuple[Column[Any], ...]:
    """How days off and absences changed an occurrence, and when its slot begins."""
    return (
        Column("nominal", Date),
        Column("moved", Words(), nullable=False, server_default=""),  # a `Skip` as text
        Column("start", Instant),
        Column("turn", Words(), nullable=False, server_default=""),
        Column("absent", JSON, nullable=False, server_default="[]"),
    )


def _of_an_occurrence() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(_OCCURRENCE, [f"occurrences.{name}" for name in _OCCURRENCE])


# ---- what changes

bindings = Table(
    "bindings",
    metadata,
    _key("workspace"),
    _key("kind"),
    _key("board"),
    _key("key"),
    _text("trello_id"),
    Column("bound_at", Instant, nullable=False),
    _text("fingerprint"),  # a template card's or a person's; empty for all else
    _text("url"),
    Column("adopted", Boolean, nullable=False, server_default=false()),
)

trellos = Table(
    "trellos",
    metadata,
    _key("workspace"),
    _text("address"),
    _text("world"),  # a local Trello's; empty for Trello itself
    _text("member_id"),
    _text("username"),
    _text("workspace_id"),
    _text("workspace_name"),
)
"""The one Trello to which the bindings belong."""

watermarks = Table(
    "watermarks",
    metadata,
    _key("workspace"),
    _key("board"),
    _key("task"),
    Column("owing_since", Instant, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    _key("workspace"),
    _key("key"),
    _text("token"),  # `Claim.version`, and no expiry: claims are watched, not timed
    _text("holder"),
    Column("attempted_at", Instant, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("unknown", Boolean, nullable=False),
)

# Read cursors. Columns and tables keep the names that they were first given: renaming them would be a
# migration for nothing.
sights = Table(
    "sights",
    metadata,
    _key("workspace"),
    _key("board"),
    Column("read_at", Instant, nullable=False),
    Column("last_action_at", Instant),
    Column("active_at", Instant),
)

problems = Table(
    "problems",
    metadata,
    _key("workspace"),
    _key("subject"),
    _text("message"),
    Column("since", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("count", Integer, nullable=False),
    Column("left_while", Words(), nullable=False, server_default=""),
    Column("not_before", Instant),
    Column("told_at", Instant),
)

jobs = Table(
    "jobs",
    metadata,
    _key("workspace"),
    _key("name"),
    Column("succeeded_at", Instant, nullable=False),
)

row_items = Table(
    "row_items",
    metadata,
    _key("workspace"),
    _key("board"),
    _key("task"),
    Column("date", Date, primary_key=True),
    _key("row"),  # what the row is known by, as a hash; empty for an item that says why there are none
    Column("number", Integer, nullable=False),  # in this order they are put on the card
    _text("text"),
    _text("scheme"),
    _text("item_id"),  # Trello's; empty until the item is known to be on the card
)
"""What cards were given of rows: for good, whatever becomes of the rows and of the items."""

links = Table(
    "links",
    metadata,
    _key("workspace"),
    _key("digest"),  # of the secret, which is kept nowhere
    _text("name"),
    _text("opens"),
    _text("board"),
    _text("person"),
    Column("made_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    UniqueConstraint("workspace", "name"),
)
"""Secret addresses of pages and calendar feeds."""

unissued = Table(
    "unissued",
    metadata,
    _key("workspace"),
    _key("board"),
    _key("task"),
    Column("date", Date, primary_key=True),
)
"""What waits for its card, so that no pass searches the ledger for it. Triggers keep it up to date."""

# ---- the ledger: rows are added, never changed; triggers of the migration refuse all else

occurrences = Table(
    "occurrences",
    metadata,
    _key("workspace"),
    _key("board"),
    _key("task"),
    Column("date", Date, primary_key=True),
    _text("board_title"),
    _text("title"),
    _text("theme"),
    _text("theme_title"),
    Column("assignees", JSON, nullable=False),
    Column("day", Date, nullable=False),
    Column("release", Instant, nullable=False),
    Column("due", Instant, nullable=False),
    Column("sequence", Integer, nullable=False),
    _text("skipped"),  # why it gets no card, else empty: a word, or the `skip` of the occurrence as text
    Column("recorded_at", Instant, nullable=False),
    # `{"any": [...]}` or `{"all": [...]}`: frozen, so that an edited file reopens no card that stands.
    Column("complete_when", JSON, nullable=False, server_default=_BY_TICK_OR_LIST),
    Column("requires", JSON, nullable=False, server_default="[]"),
    Column("people", JSON, nullable=False, server_default="[]"),  # the assignees, as they were declared
    *_of_a_calendar(),
    Index("occurrences_by_due", "workspace", "due"),
    Index("occurrences_of_board_by_due", "workspace", "board", "due"),
)

cards = Table(
    "cards",
    metadata,
    _key("workspace"),
    _key("board"),
    _key("task"),
    Column("date", Date, primary_key=True),
    _text("card_id"),
    _text("url"),
    Column("created_at", Instant, nullable=False),
    Column("confirmed_at", Instant, nullable=False),
    Column("given", Words()),  # a `Given` as text; NULL where it is not known
    _of_an_occurrence(),
    # One card for one occurrence, and by the primary key one occurrence's card, whatever the program does.
    Index("cards_by_id", "workspace", "card_id", unique=True),
)

completions = Table(
    "completions",
    metadata,
    Column("id", _SERIAL, primary_key=True),  # of equal instants, what was recorded last counts
    _text("workspace"),
    _text("board"),
    _text("task"),
    Column("date", Date, nullable=False),
    _text("fact"),  # an `EventKind`
    Column("at", Instant, nullable=False),  # when it happened; `recorded_at` is when we learned of it
    _text("seen"),  # an `EventSource`
    Column("by_id", Words()),
    Column("by_username", Words()),
    Column("by_name", Words()),
    Column("action_id", Words()),
    Column("recorded_at", Instant, nullable=False),
    _of_an_occurrence(),
    Index("completions_by_occurrence", *_OCCURRENCE),
    Index("completions_by_instant", "workspace", "fact", "at"),
)
# Each event once, however often it is read back. Two indexes, as NULLs in a unique one are never equal: what
# no action told is known again by its instant.
_seen_as_action = completions.c.action_id.is_not(None)
_seen_as_state = completions.c.action_id.is_(None)
Index(
    "completions_of_an_action",
    *(completions.c[name] for name in (*_OCCURRENCE, "fact", "action_id")),
    unique=True,
    sqlite_where=_seen_as_action,
    postgresql_where=_seen_as_action,
)
Index(
    "completions_of_a_state",
    *(completions.c[name] for name in (*_OCCURRENCE, "fact", "at")),
    unique=True,
    sqlite_where=_seen_as_state,
    postgresql_where=_seen_as_state,
)

amendments = Table(
    "amendments",
    metadata,
    Column("id", _SERIAL, primary_key=True),  # the order in which they were appended
    _text("workspace"),
    _text("board"),
    _text("task"),
    Column("date", Date, nullable=False),
    Column("at", Instant, nullable=False),
    _text("board_title"),
    _text("title"),
    Column("assignees", JSON, nullable=False),
    Column("day", Date, nullable=False),
    Column("due", Instant, nullable=False),
    _text("given"),
    Column("written", Boolean, nullable=False),
    *_of_a_calendar(),
    _of_an_occurrence(),
    Index("amendments_by_occurrence", *_OCCURRENCE),
    Index("amendments_by_due", "workspace", "due"),
)

declarations = Table(
    "declarations",
    metadata,
    _key("workspace"),
    Column("version", Integer, primary_key=True),
    Column("since", Instant, nullable=False),
    _text("body"),  # a `core.declaration.Declaration` as JSON
)

outages = Table(
    "outages",
    metadata,
    _key("workspace"),
    _key("board"),
    Column("since", Instant, primary_key=True),
    Column("until", Instant, nullable=False),
)

board_sights = Table(
    "board_sights",
    metadata,
    _key("workspace"),
    _key("board"),
    _key("trello_id"),
    Column("at", Instant, primary_key=True),
    Column("shown", Boolean, primary_key=True),
)

reports = Table(
    "reports",
    metadata,
    _key("workspace"),
    _key("week"),
    Column("report", JSON, nullable=False),
)

# Two tables, since a row of the ledger is never changed: a mail is owed while the second lacks it.
mails_owed = Table("mails_owed", metadata, _key("workspace"), _key("week"), _key("recipient"), _key("kind"))

mails_sent = Table(
    "mails_sent",
    metadata,
    _key("workspace"),
    _key("week"),
    _key("recipient"),
    _key("kind"),
    Column("sent_at", Instant, nullable=False),
)

LEDGER: Final = (
    occurrences,
    cards,
    completions,
    amendments,
    outages,
    board_sights,
    reports,
    mails_owed,
    mails_sent,
)

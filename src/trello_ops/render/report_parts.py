"""What a report's page is made of.

Every text in a part is a sentence, a label or a figure in the reader's language, on one line, and not yet
escaped for HTML. `tone` is the outcome that gives a thing its colour.
"""

from dataclasses import dataclass

from trello_ops.core.reporting.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts. `share` is the part of all that was scheduled, from 0 to 1."""

    tone: Outcome
    label: str
    value: str
    share: float


@dataclass(frozen=True, slots=True)
class Fact:
    """What is said beside the figures, such as the target; `tone` colours it where it is worth a look."""

    label: str
    value: str
    tone: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: `cells` stand under its headings, `note` tells what they leave out.

    `mark` says that it stands out, and is empty elsewhere.
    """

    title: str
    cells: tuple[str, ...]
    note: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A row for each board, theme or person of which something was due.

    `about` explains it where that is needed, else it is empty. `total` adds the columns up; `None` where they
    do not, or where there is one row. `rest` is the row of those that are left out.
    """

    name: str
    title: str
    about: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    rest: Row | None = None
    total: Row | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of a list. `url` is empty where there is nothing to show; `title` where `details` say all."""

    title: str
    url: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A board; `url` is empty where it is not known."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """A list; `about` explains its title where that is needed, else it is empty.

    `name` tells sections apart in templates. `count` is how many there are, empty where that says nothing.
    Where `entries` are fewer, `rest` says so, and `boards` where to see them.
    """

    name: str
    tone: Outcome
    title: str
    about: str = ""
    count: str = ""
    entries: tuple[Entry, ...] = ()
    rest: str = ""
    boards: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture and what it shows in words; `src` is empty where a reader gets the words alone."""

    title: str
    src: str
    alt: str


@dataclass(frozen=True, slots=True)
class Page:
    """A report in words, from top to bottom.

    `headline` is the first sentence, and carries the whole verdict; `lead` explains it. `provisional` is
    empty once the week is closed. Of the lists, `needs_you` come before the chart, `details` after it,
    `settled` after the tables; then come the robot's own account and next week.
    """

    language: str
    name: str
    subject: str
    headline: str
    lead: str
    status: str
    provisional: str
    figures: tuple[Figure, ...]
    facts: tuple[Fact, ...]
    needs_you: tuple[Section, ...]
    chart: Chart | None
    details: tuple[Section, ...]
    tables: tuple[Table, ...]
    settled: tuple[Section, ...]
    robot: tuple[Section, ...]
    next_week: tuple[Section, ...]
    footer: tuple[str, ...]

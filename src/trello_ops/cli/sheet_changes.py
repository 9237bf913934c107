"""What a spreadsheet changes, in lines: in the files, and in what comes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from trello_ops.adapters.clock import SystemClock
from trello_ops.cli import files
from trello_ops.cli.language import spoken
from trello_ops.cli.output import local, sentence
from trello_ops.core.cadence import Span
from trello_ops.core.calendar.coming import ComingChanges, coming_changes
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import Occurrence
from trello_ops.core.planning.succession import Succession, succeed
from trello_ops.declared.load import BoardsFolder
from trello_ops.escape import one_line
from trello_ops.files_together import Rewrite
from trello_ops.messages import say, say_count
from trello_ops.own_store import change_ahead

if TYPE_CHECKING:
    from trello_ops.settings import Settings
    from trello_ops.sheets.incoming import Incoming

_DAYS: Final = 28
_MOST: Final = 30
"""Tasks of which what comes, goes or moves is listed."""


def changed(settings: "Settings", found: BoardsFolder, coming: "Incoming") -> Iterator[str]:
    """What changes in the files, in what is in force, and in what comes in the next weeks."""
    for each in coming.files:
        yield from _diff(each)
    yield ""
    before, after = found.workspace, coming.after.workspace
    if before is None or after is None:
        return
    ahead, succession = change_ahead(settings, coming.after), succeed(before, after)
    # Without anything in force, the files as they are stand for it.
    for problem in files.questions((ahead.following or succession).differences, coming.after):
        yield spoken(say("warning: %(message)s", message=coming.at_cell(problem).located))
    yield from map(sentence, files.ahead(ahead.following, ahead.open_cards, ahead.late_starts))
    yield from _coming(before, succession)


def _diff(rewrite: Rewrite) -> Iterator[str]:
    """A file's changed lines, as programmers know them."""
    name, here = rewrite.path, Path.cwd()
    shown = str(name.relative_to(here) if name.is_relative_to(here) else name)
    before, after = (text.decode("utf-8-sig").splitlines() for text in (rewrite.before, rewrite.after))
    yield from unified_diff(before, after, shown, shown, lineterm="")


def _coming(before: Workspace, succession: Succession) -> Iterator[str]:
    zone = succession.workspace.timezone
    today = SystemClock().now().astimezone(zone).date()
    days = Span(today, today + dt.timedelta(days=_DAYS - 1))
    found = coming_changes(before, succession.workspace, succession.came_from, days)
    if found == ComingChanges((), (), ()):
        yield spoken(say("In the next four weeks the same comes as before."))
        return
    heads = (
        say_count("%(count)s more is to be done:", "%(count)s more are to be done:", len(found.added)),
        say_count(
            "%(count)s is no longer to be done:", "%(count)s are no longer to be done:", len(found.gone)
        ),
        say_count("%(count)s moves:", "%(count)s move:", len(found.moved)),
    )
    told = (
        [("+", one) for one in found.added],
        [("-", one) for one in found.gone],
        [(f"{local(was.due, zone)} ->", one) for was, one in found.moved],
    )
    yield spoken(say("In the next four weeks:"))
    for head, marked in zip(heads, told, strict=True):
        yield from _listed(head, list(_by_task(marked, zone)))


def _by_task(marked: Iterable[tuple[str, Occurrence]], zone: ZoneInfo) -> Iterator[str]:
    """A line a task, with its first occurrence and how many follow: thirty of one would hide another."""
    tasks = defaultdict[tuple[str, str], list[tuple[str, Occurrence]]](list)
    for mark, one in marked:
        tasks[one.key.board, one.key.task].append((mark, one))
    for (mark, first), *others in tasks.values():
        line = f"{mark} {local(first.due, zone)}  {one_line(first.title)} ({one_line(first.board_title)})"
        more = say_count("and %(count)s time more", "and %(count)s times more", len(others))
        yield f"{line}, {spoken(more)}" if others else line


def _listed(head: str, lines: Sequence[str]) -> Iterator[str]:
    """The first lines below their heading; nothing where there are none."""
    if lines:
        yield f"  {spoken(head)}"
        yield from (f"    {line}" for line in lines[:_MOST])
    if (more := len(lines) - _MOST) > 0:
        yield f"    {spoken(say_count('and %(count)s more', 'and %(count)s more', more))}"

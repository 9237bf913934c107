"""What a long history costs: report, status and the next issue pass, with 10,000 and 1,000,000 occurrences.

    python benchmarks/ledger.py [occurrences …]

Ten boards have fifty tasks each, due on every weekday: 2,500 occurrences a week, each with a card and two
completions. Both ledgers end with the same running week, so that what a pass has to do is the same; the rest
is history. Each figure is the best of five in a process of its own, in seconds of its processor time, since
others may be at work, and with the peak of its memory. The files are filled by plain SQL, week by week, lie
in the system's cache, and are deleted afterwards. The large one takes 1.3 GB of disk.
"""

import datetime as dt
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from trello_ops.adapters.store import SqlStore, open_store
from trello_ops.core.bindings import Binding, Kind, Watermark
from trello_ops.core.cadence import Cadence, DayTime, Frequency
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.card_text import CardText
from trello_ops.core.declared import Board, BoardList, ReportPolicy, Task, Theme, Workspace
from trello_ops.core.ledger import Occurrence
from trello_ops.core.mails import OwedMail
from trello_ops.core.people import Person
from trello_ops.core.recovery.rebuild import Rebuilt
from trello_ops.core.reporting.weekly import WeekFacts, weekly_report
from trello_ops.core.rows import Table
from trello_ops.core.sights import ReadCursor
from trello_ops.operations import history, issue, observe, report, status
from trello_ops.operations.context import Context, Runtime
from trello_ops.operations.export import Export
from trello_ops.ports import Services
from trello_ops.ports.render import RowTexts
from trello_ops.render import forecast_mail
from trello_ops.render.report_mail import mail
from trello_ops.testing import FakeTrello, FixedClock, Outbox

SIZES = (10_000, 1_000_000)
BOARDS, TASKS, DAYS = 10, 50, 5
PER_WEEK = BOARDS * TASKS * DAYS
UTC = ZoneInfo("UTC")
RUNNING = IsoWeek(2026, 47)
NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
"""The Friday of the running week, at noon: its cards are made, and six hours are left to do them."""

LAST = RUNNING.previous()
"""The week that closed on Monday, and is to be reported."""

TOLD = 10
"""Of so many weeks before that, the reports have a line for each occurrence; older ones count alone."""


# ---- what is declared -------------------------------------------------------------------------------


def board_key(number: int) -> str:
    return f"board-{number:02}"


def task_of(number: int) -> Task:
    cadence = Cadence(Frequency.DAILY, (1, 2, 3, 4, 5), DayTime(dt.time(18)), UTC)
    return Task(f"task-{number:02}", f"Task {number}", "operations", "task.md", cadence, ("amal",))


def workspace(boards: int = BOARDS) -> Workspace:
    """With so many boards, which have the same number of tasks together."""
    lists = (BoardList("todo", "To do"), BoardList("done", "Done"))
    tasks = tuple(task_of(number) for number in range(BOARDS * TASKS // boards))
    return Workspace(
        key="agency",
        name="The agency",
        trello_workspace="agency",
        locale="en",
        timezone=UTC,
        people=(Person("amal", "amal_zina", "Amal"),),
        themes=(Theme("operations", "Operations", "orange"),),
        excused=Theme("excused", "Excused", "black_light"),
        report=ReportPolicy(("manager@example.org",)),
        boards=tuple(
            Board(board_key(n), f"Board {n}", Frequency.DAILY, lists, tasks, UTC) for n in range(boards)
        ),
    )


class Cards:
    """The texts of cards, which nobody reads here."""

    def card(self, occurrence: Occurrence) -> CardText:
        return CardText(occurrence.title, str(occurrence.key))

    def template_card(self, _board: str, _task: str) -> CardText | None:
        return None

    def row_texts(self, _board: str, _task: str, _table: Table) -> RowTexts:
        return RowTexts()

    def sources(self, _board: str, _task: str) -> str:
        return ""


# ---- filling ----------------------------------------------------------------------------------------

NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :count)"
KEYED = f"""{NUMBERS}, keyed AS (
    SELECT n, printf('board-%02d', n % :boards) AS board,
        printf('task-%02d', n / :boards % :tasks) AS task,
        date(:first, printf('+%d days', n / {PER_WEEK} * 7 + n / (:boards * :tasks) % {DAYS})) AS date
    FROM numbers)"""
"""Occurrence `n` of the ledger: day by day, on each all boards and tasks."""

OCCURRENCES = f"""
INSERT INTO occurrences (workspace, board, task, date, board_title, title, theme, theme_title, assignees, day,
    release, due, sequence, skipped, recorded_at)
{KEYED} SELECT 'agency', board, task, date, board, 'What has to be done: ' || task, 'operations',
    'Operations', '["amal"]', date, date || 'T00:00:00.000000Z', date || 'T18:00:00.000000Z',
    n / {PER_WEEK} + 1, '', date || 'T00:00:05.000000Z' FROM keyed"""

CARDS = f"""
INSERT INTO cards (workspace, board, task, date, card_id, url, created_at, confirmed_at)
{KEYED} SELECT 'agency', board, task, date, printf('%024x', n), 'https://trello.com/c/' || printf('%08x', n),
    date || 'T00:00:06.000000Z', date || 'T00:00:07.000000Z' FROM keyed"""

COMPLETIONS = f"""
INSERT INTO completions (workspace, board, task, date, fact, at, seen, by_id, by_username, by_name, action_id,
    recorded_at)
{KEYED}, turns AS (
    SELECT n * 2 AS action, board, task, date, 'done' AS fact, 'tick' AS seen, CASE n % 10
        WHEN 1 THEN date || 'T20:00:00.000000Z'
        WHEN 2 THEN date(date, 'weekday 1') || 'T09:00:00.000000Z'
        ELSE date || 'T11:00:00.000000Z' END AS at FROM keyed
    UNION ALL
    SELECT n * 2 + 1, board, task, date, CASE n % 10 WHEN 3 THEN 'reopened' ELSE 'kept' END, 'archive',
        date || 'T21:00:00.000000Z' FROM keyed)
SELECT 'agency', board, task, date, fact, at, seen, 'm1', 'amal_zina', 'Amal', printf('%024x', action), at
    FROM turns"""
"""Two each. Of ten, one is done too late, one after its week has closed, and one is opened again."""


def fill(file: Path, occurrences: int, known: Workspace | None = None) -> None:
    """A store with so many occurrences, the last of which are those of the running week."""
    known = known or workspace()
    boards, tasks = len(known.boards), len(known.boards[0].tasks)
    first = RUNNING.monday - dt.timedelta(weeks=occurrences // PER_WEEK - 1)
    with closing(open_store(f"sqlite:///{file}", "agency")) as store:
        store.restore(beginning(known, IsoWeek.of(first)), "benchmark", NOW)
    with closing(sqlite3.connect(file)) as database, database, without_upkeep(database):
        for statement in (OCCURRENCES, CARDS, COMPLETIONS):
            given = {"count": occurrences, "first": first.isoformat(), "boards": boards, "tasks": tasks}
            database.execute(statement, given)
    with closing(open_store(f"sqlite:///{file}", "agency")) as store:
        for week in told():
            closes = week.next().begins_at(UTC)
            facts = WeekFacts(week, store.due_between(week.begins_at(UTC), closes), (), ())
            store.freeze(weekly_report(known, facts, NOW, freeze=True), ())


def told() -> list[IsoWeek]:
    weeks = [LAST]
    while len(weeks) <= TOLD:
        weeks.append(weeks[-1].previous())
    return weeks[1:]


def beginning(known: Workspace, first: IsoWeek) -> Rebuilt:
    """Boards and tasks that are known and were just read, and reports of weeks long ago, which only count."""
    weeks, week = [], first
    while week < told()[-1]:
        weeks.append(week)
        week = week.next()
    morning = NOW - dt.timedelta(hours=6)
    boards = [Binding(Kind.BOARD, board.key, "", f"b-{board.key}", NOW) for board in known.boards]
    watermarks = [Watermark(b.key, t.key, morning) for b in known.boards for t in b.tasks]
    frozen = [weekly_report(known, WeekFacts(week, (), (), ()), NOW, freeze=True) for week in weeks]
    cursors = [ReadCursor(board.key, NOW) for board in known.boards]
    return Rebuilt(tuple(boards), tuple(watermarks), (), (), tuple(cursors), tuple(frozen), ())


@contextmanager
def without_upkeep(database: sqlite3.Connection) -> Iterator[None]:
    """Fill first, then make indexes and triggers: it takes a third of the time."""
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA cache_size = -400000")
    made = database.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
    ).fetchall()
    for kind, name, _ in made:
        database.execute(f"DROP {kind} {name}")
    yield
    for _, _, statement in made:
        database.execute(statement)


# ---- measuring --------------------------------------------------------------------------------------


def context_of(store: SqlStore) -> Context:
    clock = FixedClock(NOW)
    return Context(
        services=Services(FakeTrello(clock), store, clock, Outbox()),
        workspace=workspace(),
        render_card=Cards(),
        render_report=mail,
        render_forecast=forecast_mail.mail,
        runtime=Runtime("benchmark", clock.monotonic()),
    )


def weekly(context: Context) -> None:
    """The mail about the week that closed last, as the job makes it."""
    account = report.account(context, LAST)
    assert account.totals.scheduled == PER_WEEK
    assert account.caught_up
    mail(account, OwedMail(LAST, "manager@example.org"))


def running(context: Context) -> None:
    assert status.status(context).week.totals.scheduled == PER_WEEK


def idle_pass(context: Context) -> None:
    """Nothing is due: what the daemon does every fifteen seconds."""
    assert issue.issue(context) == issue.Issued()


def watched(context: Context) -> None:
    """What observing a board reads of the ledger."""
    since = observe.unsettled_since(context)
    assert len(context.store.issued_since(board_key(0), since)) == 2 * PER_WEEK // BOARDS


def newest(context: Context) -> None:
    assert len(history.of_task(context, board_key(0), "task-00", 20)) == 20


def last_days(context: Context) -> None:
    assert sum(len(page) for page in Export(context, LAST.monday, LAST.sunday)) == PER_WEEK


WORK: dict[str, Callable[[Context], None]] = {
    "weekly report, as mail": weekly,
    "status": running,
    "issue pass, nothing due": idle_pass,
    "entries of a board to observe": watched,
    "history of a task": newest,
    "export of a week": last_days,
}
START = "start"


@dataclass(frozen=True)
class Cost:
    seconds: float
    megabytes: float


def measured(file: Path, name: str) -> Cost:
    return Cost(**json.loads(aside("--measure", str(file), name)))


def aside(*arguments: str) -> str:
    """In a process of its own; what it prints. A process begins with the peak of the one that started it."""
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def measure(file: Path, name: str) -> Cost:
    work, seconds = WORK.get(name), []
    for _ in range(5):
        begun = time.process_time()
        with closing(open_store(f"sqlite:///{file}", "agency")) as store:
            if work:
                context = context_of(store)
                begun = time.process_time()
                work(context)
            seconds.append(time.process_time() - begun)
    return Cost(min(seconds), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def costs(occurrences: int) -> dict[str, Cost]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ledger.sqlite3"
        begun = time.perf_counter()
        aside("--fill", str(file), str(occurrences))
        took, size = time.perf_counter() - begun, file.stat().st_size / 2**20
        print(f"{occurrences:,} occurrences: {size:,.0f} MiB, filled in {took:.0f} s", flush=True)
        return {name: measured(file, name) for name in (START, *WORK)}


def main(sizes: tuple[int, ...]) -> None:
    found = [costs(size) for size in sizes]
    print(f"{'':30}" + "".join(f"{f'{size:,}':>22}" for size in sizes) + f"{'ratio':>15}")
    for name in found[0]:
        each = [costs_of[name] for costs_of in found]
        shown = "".join(f"{c.seconds * 1000:12,.1f} ms{c.megabytes:4.0f} MB" for c in each)
        ratio = each[-1].seconds / each[0].seconds, each[-1].megabytes / each[0].megabytes
        print(f"{name:30}{shown}{ratio[0]:8.2f}{ratio[1]:7.2f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--fill", file, occurrences]:
            fill(Path(file), int(occurrences))
        case ["--measure", file, name]:
            print(json.dumps(vars(measure(Path(file), name))))
        case sizes:
            main(tuple(int(size) for size in sizes) or SIZES)

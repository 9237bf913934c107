"""The report of 100 boards and 5,000 occurrences: page, chart and workbook, beside other libraries.

    python benchmarks/weekly_report.py [BOARDS] [OCCURRENCES]

Each is made in a process of its own: seconds of the processor from the first import on, and how much its
resident memory rises at the peak. The peers draw the same chart by matplotlib and write the same rows by
openpyxl.
"""

import datetime as dt
import io
import multiprocessing
import quopri
import resource
import sys
import time
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.groups import totals
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Group, Report, ReportedOccurrence
from trello_ops.core.reporting.signal import standing
from trello_ops.core.reporting.standing import WeekCount

WEEK = IsoWeek(2026, 47)
CLOSE = dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)
RATES = ((Outcome.ON_TIME, 86), (Outcome.LATE, 6), (Outcome.MISSED, 5), (Outcome.EXCUSED, 3))


class Cost(NamedTuple):
    """Seconds of the processor, megabytes at the peak, bytes of what was made."""

    seconds: float
    megabytes: float
    size: int


def report(boards: int, count: int) -> Report:
    """A week of an agency."""
    rng = Random(1)
    outcomes, weights = zip(*RATES, strict=True)
    lines = tuple(_line(n, n % boards, rng.choices(outcomes, weights)[0]) for n in range(count))
    by_board: dict[str, list[Outcome | str]] = {}
    for line in lines:
        by_board.setdefault(line.board, []).append(line.outcome)
    whole = totals(line.outcome for line in lines)
    groups = tuple(
        Group(key, f"Boutique {key}", totals(of), f"https://trello.com/b/{key}")
        for key, of in by_board.items()
    )
    return Report(
        workspace="agency",
        name="Agence",
        locale="fr",
        week=WEEK,
        begins=WEEK.monday,
        ends=WEEK.sunday,
        closes_at=CLOSE,
        frozen_at=CLOSE,
        timezone="Africa/Casablanca",
        totals=whole,
        boards=groups,
        themes=(Group("operations", "Opérationnel", whole),),
        people=(),
        occurrences=lines,
        standing=standing(_weeks(count, rng), WeekCount(WEEK, whole.judged, whole.on_time), 90),
        people_shown=False,
    )


def _line(number: int, board: int, outcome: Outcome) -> ReportedOccurrence:
    due = CLOSE - dt.timedelta(hours=13 + number % 120)
    late = outcome is Outcome.LATE
    done = due + dt.timedelta(minutes=90 if late else -90) if late or outcome is Outcome.ON_TIME else None
    return ReportedOccurrence(
        key=f"b{board}/task-{number}/{due:%Y-%m-%d}",
        board=f"b{board}",
        task=f"task-{number}",
        theme="operations",
        title=f"Tâche numéro {number}",
        assignees=("amina",),
        due_at=due,
        outcome=outcome,
        completed_at=done,
        completed_by="amina" if done else None,
        card_url=f"https://trello.com/c/{number:08d}",
        assignee_names=("Amina Bennani",),
    )


def _weeks(count: int, rng: Random) -> list[WeekCount]:
    found, week = [], WEEK
    for _ in range(26):
        week = week.previous()
        found.append(WeekCount(week, count, round(count * rng.uniform(0.86, 0.9))))
    return found[::-1]


# ---- what is made -----------------------------------------------------------------------------------


def page(made: Report) -> bytes:
    """The mail's HTML."""
    from trello_ops.render.report_html import html

    return html(made).encode()


def chart(made: Report) -> bytes:
    """The chart by our template and resvg."""
    from trello_ops.render import chart

    return chart.png(made.standing, made.locale)


def chart_by_matplotlib(made: Report) -> bytes:
    """The same chart by matplotlib: rates, stepped limits, target."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    trend = made.standing.trend
    weeks = range(len(trend))
    figure, axes = plt.subplots(figsize=(6, 2.4), dpi=200)
    axes.fill_between(
        weeks, [w.lower or 0 for w in trend], [w.upper or 1 for w in trend], step="mid", alpha=0.2
    )
    axes.plot(weeks, [w.count.rate or 0 for w in trend], marker="o")
    axes.axhline((made.standing.target or 0) / 100, linestyle="--")
    axes.set_xticks(list(weeks)[::4], [f"S{w.count.week.number}" for w in trend][::4])
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def workbook(made: Report) -> bytes:
    """The workbook by XlsxWriter."""
    from trello_ops.render.workbook import workbook

    return workbook(made, "Semaine 47")


def workbook_by_openpyxl(made: Report) -> bytes:
    """The same rows by openpyxl: every occurrence, and a sheet for each board, with links and filters."""
    import openpyxl

    from trello_ops.render.report_sheet import SheetWords

    words = SheetWords(made)
    rows = list(words.rows())
    book = openpyxl.Workbook()
    boards = dict.fromkeys(row.board for row in rows)
    for name in (None, *boards):
        sheet = book.create_sheet(name or "Échéances")
        sheet.append(words.headings())
        own = rows if name is None else [row for row in rows if row.board == name]
        for place, row in enumerate(own, 2):
            sheet.append(row.cells)
            sheet.cell(place, 3).hyperlink = row.url
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# ---- what it costs ----------------------------------------------------------------------------------


def _measure(
    make: Callable[[Report], bytes], boards: int, count: int, out: "multiprocessing.Queue[Cost]"
) -> None:
    made = report(boards, count)
    before, begun = _peak(), time.process_time()
    content = make(made)
    out.put(Cost(time.process_time() - begun, _peak() - before, len(content)))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cost(make: Callable[[Report], bytes], boards: int, count: int) -> Cost:
    """What making it costs in a process of its own."""
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    child = context.Process(target=_measure, args=(make, boards, count, out))
    child.start()
    found = out.get()
    child.join()
    return found


def main(boards: int, count: int) -> None:
    print(f"{boards} boards, {count} occurrences\n")
    print("                       seconds    MB        bytes")
    costs = {}
    for make in (page, chart, chart_by_matplotlib, workbook, workbook_by_openpyxl):
        costs[make] = found = cost(make, boards, count)
        print(f"{make.__name__:<22} {found.seconds:>7.2f} {found.megabytes:>5.0f} {found.size:>12,}")
    print(f"\npage as quoted-printable: {len(quopri.encodestring(page(report(boards, count)))):,} bytes")
    for ours, peer in ((chart, chart_by_matplotlib), (workbook, workbook_by_openpyxl)):
        ratio = costs[peer].seconds / costs[ours].seconds
        print(f"{ours.__name__}: {ratio:.1f} times faster than {peer.__name__}")


if __name__ == "__main__":
    asked = [int(each) for each in sys.argv[1:]]
    main(*(asked or (100, 5_000)))

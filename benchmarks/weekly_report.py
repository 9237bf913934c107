"""What a large report weighs and costs: 100 boards, 5,000 occurrences.

    python benchmarks/weekly_report.py [OCCURRENCES]

The peers draw the same chart by matplotlib and write the same workbook by openpyxl, its occurrences cell for
cell. Each runs in a process of its own that has the report already: seconds of the processor with what it
must import, those of once more, and by how many megabytes it lifts the peak that making the report had.
"""

import datetime as dt
import io
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterable
from random import Random
from typing import Any, NamedTuple

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.mails import OwedMail
from trello_ops.core.reporting.groups import totals
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Group, Report, ReportedOccurrence
from trello_ops.core.reporting.signal import standing
from trello_ops.core.reporting.standing import Verdict, WeekCount

WEEK = IsoWeek(2026, 47)
BOARDS = 100
CLOSES_AT = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
ODDS = {Outcome.ON_TIME: 85, Outcome.LATE: 7, Outcome.MISSED: 6, Outcome.EXCUSED: 2}


class Taken(NamedTuple):
    """Seconds with the imports, seconds of once more, megabytes above the peak before, bytes made."""

    first: float
    again: float
    megabytes: float
    size: int


# ---- the report


def report(count: int) -> Report:
    """The report of a week with so many occurrences, always the same."""
    rng = Random(47)
    lines = tuple(_line(place, rng) for place in range(count))
    by_board: dict[str, list[Outcome | str]] = {}
    for each in lines:
        by_board.setdefault(each.board, []).append(each.outcome)
    whole = totals(each.outcome for each in lines)
    return Report(
        workspace="shops",
        name="Cent boutiques",
        locale="fr",
        week=WEEK,
        begins=WEEK.monday,
        ends=WEEK.sunday,
        closes_at=CLOSES_AT,
        frozen_at=CLOSES_AT,
        timezone="Africa/Casablanca",
        totals=whole,
        boards=tuple(
            Group(key, f"Boutique {key}", totals(found), f"https://trello.com/b/{key}")
            for key, found in by_board.items()
        ),
        themes=(Group("operations", "Opérationnel", whole),),
        people=(Group("amina", "Amina Bennani", whole),),
        occurrences=lines,
        standing=standing(_weeks(count, rng), WeekCount(WEEK, whole.judged, whole.on_time), 90),
        people_shown=False,
    )


def _line(place: int, rng: Random) -> ReportedOccurrence:
    (outcome,) = rng.choices(list(ODDS), list(ODDS.values()))
    board, task = f"b{place % BOARDS:03}", f"t{place // BOARDS}"
    due = dt.datetime(2026, 11, 16 + rng.randrange(6), 18, tzinfo=dt.UTC)
    done = {Outcome.ON_TIME: due - dt.timedelta(hours=2), Outcome.LATE: due + dt.timedelta(minutes=95)}
    return ReportedOccurrence(
        key=f"{board}/{task}/{due.date()}",
        board=board,
        task=task,
        theme="operations",
        title=f"Vérifier la caisse et les colis n° {place}",
        assignees=("amina",),
        due_at=due,
        outcome=outcome,
        completed_at=done.get(outcome),
        completed_by="amina" if outcome in done else None,
        card_url=f"https://trello.com/c/{place:08}",
        assignee_names=("Amina Bennani",),
    )


def _weeks(count: int, rng: Random) -> list[WeekCount]:
    found, week = [], WEEK
    for _ in range(40):
        week = week.previous()
        found.append(WeekCount(week, count, round(count * rng.gauss(0.87, 0.02))))
    return found[::-1]


# ---- ours and the peers'


def page(shown: Report) -> bytes:
    from trello_ops.render.report_html import html

    return html(shown).encode()


def chart(shown: Report) -> bytes:
    from trello_ops.render.chart import png

    return png(shown.standing, shown.locale)


def chart_by_matplotlib(shown: Report) -> bytes:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.ticker import PercentFormatter

    weeks = [each for each in shown.standing.trend if each.count.n]
    places, rates = range(len(weeks)), [each.count.on_time / each.count.n for each in weeks]
    figure, axes = plt.subplots(figsize=(6, 2.7), dpi=200)
    lower, upper = ([each.lower or 0 for each in weeks], [each.upper or 1 for each in weeks])
    axes.fill_between(places, lower, upper, step="mid", color="#dde9f7", label="habituel")
    axes.axhline((shown.standing.target or 90) / 100, color="#9a6700", linestyle="--", label="objectif 90 %")
    axes.plot(places, rates, color="#0969da", marker="o")
    for verdict, marker in ((Verdict.FALL, "v"), (Verdict.RISE, "^")):
        odd = [place for place in places if weeks[place].verdict is verdict]
        axes.scatter(odd, [rates[place] for place in odd], marker=marker, zorder=3)
    axes.set_xticks(places[::4], [f"S{each.count.week.number}" for each in weeks[::4]])
    axes.yaxis.set_major_formatter(PercentFormatter(1, 0))
    axes.grid(axis="y")
    axes.legend(ncols=2)
    out = io.BytesIO()
    figure.savefig(out, format="png")
    plt.close(figure)
    return out.getvalue()


def workbook(shown: Report) -> bytes:
    from trello_ops.render.workbook import workbook as write

    return write(shown, "Semaine 47")


def workbook_by_openpyxl(shown: Report) -> bytes:
    import openpyxl

    from trello_ops.render.report_sheet import Row, SheetWords

    words, book = SheetWords(shown), openpyxl.Workbook()
    rows, boards = list(words.rows()), dict[str, list[Row]]()
    for row in rows:
        boards.setdefault(row.board, []).append(row)
    summary = book.active
    assert summary
    summary.title = "Synthèse"
    for group in shown.boards:
        figures = group.totals
        summary.append([group.title, figures.scheduled, figures.on_time, figures.late, figures.missed])
    _trend(book, shown)
    _sheet(book, "Échéances", words.headings(), rows)
    for key, found in boards.items():
        _sheet(book, key, words.headings(), found)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _trend(book: Any, shown: Report) -> None:
    from openpyxl.chart import LineChart, Reference

    sheet = book.create_sheet("Tendance")
    sheet.append(["Semaine", "Jugées", "À temps", "Taux", "Limite basse", "Limite haute"])
    for each in shown.standing.trend:
        counted = each.count
        sheet.append([str(counted.week), counted.n, counted.on_time, counted.rate, each.lower, each.upper])
    drawn = LineChart()
    drawn.add_data(Reference(sheet, min_col=4, max_col=6, min_row=1, max_row=sheet.max_row), True)
    sheet.add_chart(drawn, "A30")


def _sheet(book: Any, name: str, headings: Iterable[str], rows: Iterable[Any]) -> None:
    from openpyxl.styles import Alignment, Font

    wrapped, link, bold = Alignment(wrap_text=True, vertical="top"), Font(underline="single"), Font(bold=True)
    sheet = book.create_sheet(name)
    sheet.append(list(headings))
    for cell in sheet[1]:
        cell.font = bold
    for place, row in enumerate(rows, 2):
        for column, value in enumerate(row.cells, 1):
            cell = sheet.cell(place, column, value)
            cell.alignment = wrapped
            if column in {5, 7}:
                cell.number_format = "dd/mm/yyyy hh:mm"
            if column == 3:
                cell.hyperlink, cell.font = row.url, link
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"


WORK: dict[str, Callable[[Report], bytes]] = {
    "page": page,
    "chart": chart,
    "chart by matplotlib": chart_by_matplotlib,
    "workbook": workbook,
    "workbook by openpyxl": workbook_by_openpyxl,
}


# ---- measuring


def main(count: int) -> None:
    print(f"{count} occurrences on {BOARDS} boards")
    plain, quoted = mail_bytes(report(count))
    print(f"HTML: {plain:,} bytes, {quoted:,} after quoted-printable\n")
    print(f"{'':22}  first, s   again, s   MB above   kB")
    for name in WORK:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            taken = pool.apply(measure, (name, count))
        seconds = f"{taken.first:9.2f} {taken.again:10.2f}"
        print(f"{name:22} {seconds} {taken.megabytes:10.0f} {taken.size / 1000:5.0f}", flush=True)


def mail_bytes(shown: Report) -> tuple[int, int]:
    """Of the mail's HTML: its own bytes, and those that travel."""
    from trello_ops.adapters.mail.message import compose
    from trello_ops.render.report_mail import mail

    sent = mail(shown, OwedMail(WEEK, "leila@shop.example"))
    message = compose(sent, "robot@shop.example", CLOSES_AT)
    (html,) = (part for part in message.walk() if part.get_content_type() == "text/html")
    return len(sent.html.encode()), len(str(html.get_payload()).encode())


def measure(name: str, count: int) -> Taken:
    """Run twice, in this process."""
    shown, work = report(count), WORK[name]
    before = _peak()
    begun = time.process_time()
    made = work(shown)
    first = time.process_time() - begun
    work(shown)
    return Taken(first, time.process_time() - begun - first, _peak() - before, len(made))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)

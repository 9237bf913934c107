"""Reports made by hand, for what draws them: a shop's week with something to say in every part."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.ledger import TOO_LATE, WITHDRAWN
from trello_ops.core.people import Absentee
from trello_ops.core.reporting.notice import Notice, Why
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import DueMove, Group, Report, ReportedOccurrence, Totals
from trello_ops.core.reporting.signal import standing
from trello_ops.core.reporting.standing import WeekCount
from trello_ops.core.sights import Outage

WEEK = IsoWeek(2026, 47)


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A UTC instant of November 2026; Paris's clocks are one hour ahead."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=dt.UTC)


def totals(
    on_time: int = 0, late: int = 0, missed: int = 0, *, open_: int = 0, excused: int = 0, not_issued: int = 0
) -> Totals:
    """Figures with the rate that they make."""
    judged = on_time + late + missed
    scheduled = judged + open_ + excused + not_issued
    rate = on_time / judged if judged else None
    return Totals(scheduled, on_time, late, missed, open_, excused, not_issued, rate)


def weeks_before(rates: Iterable[tuple[int, int]], week: IsoWeek = WEEK) -> tuple[WeekCount, ...]:
    """Frozen weeks up to the one before `week`, by how many were judged, and on time."""
    found = []
    for n, on_time in reversed(list(rates)):
        week = week.previous()
        found.append(WeekCount(week, n, on_time))
    return tuple(reversed(found))


STEADY = [(55, 47 + n % 5) for n in range(30)]


def line(task: str, outcome: Outcome, **fields: object) -> ReportedOccurrence:
    """An occurrence of the board `colis`, due on Friday at 17:00."""
    values: dict[str, object] = {
        "key": f"colis/{task}/2026-11-16",
        "board": "colis",
        "task": task,
        "theme": "site",
        "title": task.capitalize(),
        "assignees": ("leila",),
        "assignee_names": ("Leïla Bennani",),
        "due_at": at(20, 16),
        "outcome": outcome,
        "completed_at": None,
        "completed_by": None,
        "card_url": f"https://trello.com/c/{task}",
    }
    return ReportedOccurrence(**{**values, **fields})  # type: ignore[arg-type]


AWAY = Absentee("omar", "Omar Idrissi", "leila", "congé")
LINES = (
    line("stock", Outcome.MISSED, title="Compter le stock du rayon épices", assignees=(), assignee_names=()),
    line("retours", Outcome.MISSED, title="Traiter les retours clients"),
    line(
        "paie", Outcome.MISSED, title="Préparer la paie",
        assignees=("omar",), assignee_names=("Omar Idrissi",),
    ),
    line("colis", Outcome.LATE, title="Expédier les colis", completed_at=at(21, 8, 12), completed_by="leila"),
    line("avis", Outcome.LATE, title="Répondre aux avis", completed_at=at(20, 18, 30), completed_by="zoe"),
    line("photos", Outcome.LATE, title="Photos du site", completed_at=at(22, 9), approximate=True),
    line("liens", Outcome.ON_TIME, title="Vérifier les liens", completed_at=at(19, 9), reopened=True),
    line(
        "prix", Outcome.ON_TIME, title="Relever les prix", completed_at=at(19, 9), unproven=True,
        due_moved_by="omar", due_moves=(DueMove(at(18, 9), "omar"),), absent=(AWAY,),
    ),
    line("caisse", Outcome.EXCUSED, title="Clôturer la caisse", note="holiday:Aïd al-Fitr", card_url=None),
    line("vitrine", Outcome.EXCUSED, title="Refaire la vitrine", note="holiday:Aïd al-Fitr", card_url=None),
    line(
        "promo", Outcome.EXCUSED, title="Préparer la promotion", excused_at=at(18, 9), excused_by="leila",
        excused_reason="label",
    ),
    line("newsletter", Outcome.EXCUSED, title="Lettre du mois", note=WITHDRAWN, excused_at=at(17, 9)),
    line("ventes", Outcome.NOT_ISSUED, title="Analyser les ventes", card_url=None, note=TOO_LATE),
)  # fmt: skip

ALL = totals(45, 6, 3, excused=4, not_issued=1)
FULL = Report(
    workspace="zina",
    name="Zina ô Beldi",
    locale="fr",
    week=WEEK,
    begins=WEEK.monday,
    ends=WEEK.sunday,
    closes_at=at(23, 6),
    frozen_at=at(23, 6, 2),
    timezone="Europe/Paris",
    totals=ALL,
    boards=(
        Group("site", "Site et réseaux sociaux", totals(25, 2, 0, excused=2), "https://trello.com/b/site"),
        Group(
            "colis", "Colis et stock", totals(12, 3, 3, not_issued=1),
            "https://trello.com/b/colis", marked=True,
        ),
        Group("compta", "Comptabilité", totals(8, 1, 0, excused=2), "https://trello.com/b/compta"),
    ),
    themes=(
        Group("site", "Opérationnel", totals(30, 4, 3, excused=4, not_issued=1)),
        Group("ux", "Expérience", totals(15, 2)),
    ),
    people=(
        Group("leila", "Leïla Bennani", totals(30, 4, 1)),
        Group("omar", "Omar Idrissi", totals(20, 2, 1)),
        Group("", "", totals(0, 0, 1)),
    ),
    occurrences=LINES,
    caught_up=(
        line("filtres", Outcome.MISSED, title="Les filtres", due_at=at(13, 16), completed_at=at(17, 9)),
    ),
    system=("compta:reading",),
    outages=(Outage("compta", at(17, 9), at(18, 11)),),
    standing=standing(weeks_before(STEADY), WeekCount(WEEK, 54, 45), 90),
    needs_you=(
        Notice(Why.MISSED_UNASSIGNED, LINES[0].key, "colis", "stock", LINES[0].title, 2, 4),
        Notice(Why.MISSED, LINES[1].key, "colis", "retours", LINES[1].title, 3, 4),
        Notice(Why.MISSED, LINES[2].key, "colis", "paie", LINES[2].title, 1, 1),
        Notice(
            Why.UNASSIGNED, "", "site", "bannieres", "Changer les bannières", first=at(25, 9).date(),
            last=at(25, 9).date(),
        ),
    ),
    chronic=(Notice(Why.NOT_ON_TIME, LINES[1].key, "colis", "retours", LINES[1].title, 4, 5),),
    rare=(
        Notice(Why.IN_A_ROW, "", "compta", "tva", "Déclarer la TVA", 6),
        Notice(Why.NOT_ON_TIME, LINES[2].key, "compta", "paie", "Préparer la paie", 2, 4),
    ),
    doubtful=(
        Notice(Why.AT_ONCE, LINES[6].key, "colis", "liens", "Vérifier les liens"),
        Notice(Why.TOO_QUICK, LINES[7].key, "colis", "prix", "Relever les prix", 2, 60),
        Notice(Why.BURST, "", "site", "", "", 12, 20),
        Notice(Why.AUTOMATED, LINES[4].key, "colis", "avis", "Répondre aux avis"),
    ),
    next_week=(
        Notice(
            Why.HOLIDAY, title="Fête de l’Indépendance", first=at(24, 9).date(), last=at(24, 9).date(),
            estimated=True,
        ),
        Notice(Why.CLOSURE, board="colis", title="Inventaire", first=at(26, 9).date(), last=at(27, 9).date()),
        Notice(Why.ABSENCE, title="Omar Idrissi", first=at(23, 9).date(), last=at(27, 9).date()),
        Notice(
            Why.RARE, board="compta", task="tva", title="Déclarer la TVA", first=at(25, 9).date(),
            last=at(25, 9).date(), who=("Leïla Bennani",),
        ),
        Notice(
            Why.OVERBOOKED, board="colis", title="Matin", count=150, of=120, first=at(25, 9).date(),
            last=at(25, 9).date(), who=("Omar Idrissi",),
        ),
    ),
)  # fmt: skip
"""A week of a shop, as it usually goes: three tasks missed, and something in every part of the page."""

FALL = replace(
    FULL,
    totals=totals(30, 12, 13),
    standing=standing(weeks_before(STEADY), WeekCount(WEEK, 55, 30), 90),
)
"""The same after a sudden fall."""

EMPTY = replace(
    FULL,
    totals=totals(), boards=(), themes=(), people=(), occurrences=(), caught_up=(), system=(), outages=(),
    standing=standing(weeks_before(STEADY), WeekCount(WEEK, 0, 0), 90),
    needs_you=(), chronic=(), rare=(), doubtful=(), next_week=(),
)  # fmt: skip
"""A week in which nothing was due."""


def crowded(boards: int = 64, each: int = 80, locale: str = "fr") -> Report:
    """A week of an agency: many boards, thousands of occurrences, every outcome, every list long."""
    outcomes = tuple(Outcome)
    long = "Préparer, vérifier et envoyer « à la main » les colis préparés la veille : été, hiver"
    lines = tuple(
        line(
            f"t{board}-{n}",
            outcomes[n % len(outcomes)],
            board=f"b{board}",
            title=f"{long} n° {board}-{n}",
            completed_at=at(21, 8) if outcomes[n % 6] in {Outcome.LATE, Outcome.ON_TIME} else None,
            completed_by="leila",
            unproven=True,
            assignee_names=("Élodie Lefèvre-Gérardière",),
            note="covered:Relever été" if n % 12 == 4 else "",
        )
        for board in range(boards)
        for n in range(each)
    )
    groups = tuple(
        Group(
            f"b{n}", f"Boutique été n° {n} – Café de la Gâité",
            totals(9, 1, n, open_=1, excused=2, not_issued=1), f"https://trello.com/b/b{n}", marked=True,
        )
        for n in range(boards)
    )  # fmt: skip
    missed = tuple(
        Notice(Why.MISSED_UNASSIGNED, each.key, each.board, each.task, each.title, 3, 4)
        for each in lines
        if each.outcome is Outcome.MISSED
    )
    of_tasks = tuple(replace(notice, why=Why.NOT_ON_TIME) for notice in missed)
    doubts = tuple(replace(notice, why=why) for notice in missed for why in (Why.TOO_QUICK, Why.AT_ONCE))
    ahead = tuple(replace(notice, why=Why.RARE, first=at(25, 9).date(), who=("Élodie",)) for notice in missed)
    return replace(
        FULL,
        locale=locale,
        boards=groups,
        themes=groups,
        people=groups,
        occurrences=lines,
        caught_up=lines[:90],
        system=tuple(f"b{n}:looking" for n in range(boards)),
        needs_you=missed,
        chronic=of_tasks,
        rare=of_tasks,
        doubtful=doubts,
        next_week=ahead,
    )

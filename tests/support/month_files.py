"""Board files of some months, chosen by dice: absences, days off, pauses, too small a slot, and an edit."""

import datetime as dt
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from live_kit import PARIS, small_shop

WEEKS = 4
"""So many are a month."""

_DAY = dt.timedelta(days=1)

_WORKSPACE = """\
key: small
name: Petite boutique
trello_workspace: zinaobeldi
locale: fr
timezone: Europe/Paris
people:
  amal: {{trello: amal_zina, name: Amal, absences: [{amal}]}}
  karim: {{trello: karim_zina, name: Karim, absences: [{karim}]}}
  nadia: {{trello: nadia_zina, name: Nadia}}
  salma: {{trello: salma_zina, name: Salma}}
themes:
  operations: {{title: Opérationnel, colour: orange}}
  data: {{title: Données, colour: green_light}}
excused_label: {{title: Excusé, colour: black_light}}
slots: {{comptoir: {{day: tuesday, from: "09:00", to: "10:00"}}}}
report: {{to: [gerante@example.org], target: {target}, boards: {{daily: [chef@example.org]}}}}
working_days: {working_days}
holidays: {{country: FR}}
holiday_dates: {{{feasts}}}
{closures}{pauses}"""

_DAILY = """\
title: Quotidien
cadence: daily
on: [mon, thu]
release: "06:00"
due: "18:00"
lists: {todo: À faire, doing: En cours, ill: Excusées, done: Terminé}
excused_list: ill
tasks:
  news: {title: Actualité, theme: data, template: news.md, assign: nobody, duration: 1h30}
"""
_MORE_DAILY = """\
  parcels: {title: Colis, theme: operations, template: parcels.md, assign: [amal, karim], duration: 2h}
  emails: {title: E-mails, theme: operations, template: emails.md, assign: amal, when_absent: excuse,
    requires: checklist, duration: 40 min}
  tills: {title: Caisses, theme: data, template: news.md, due: "12:00", assign: nadia}
"""

_WEEKLY = """\
title: Chaque semaine
cadence: weekly
on: sat
release: "00:00"
due: "18:00"
lists: {todo: À faire, done: Terminé}
tasks:
  floor: {title: Sol, theme: data, template: news.md, on: sun}
  rent: {title: Loyer, theme: data, template: news.md, cadence: monthly, on: [5, 15, 25], assign: amal}
  accounts: {title: Comptes, theme: operations, template: emails.md, cadence: monthly, on: 20}
"""
_MORE_WEEKLY = """\
  stock: {title: Stock, theme: operations, template: parcels.md, assign: karim, on: [thu, fri],
    duration: 12h, complete_when: checklist_complete}
  windows: {title: Vitrines, theme: data, template: news.md, assign: [karim, amal]}
  count: {title: Compter, theme: data, template: news.md, assign: amal, slot: comptoir, duration: 45 min,
    on_day_off: keep}
  clean: {title: Nettoyer, theme: operations, template: news.md, assign: amal, slot: comptoir,
    duration: 30 min, on_day_off: keep}
"""


@dataclass(frozen=True)
class Edit:
    """What somebody changes in the files, at an instant."""

    at: dt.datetime
    leaves: bool
    """Nadia is taken out, and Karim has what was hers."""
    withdraws: bool
    """The windows are taken out."""


@dataclass(frozen=True)
class Declared:
    """`first` is the Monday on which it begins; `before` is where the files are as they were then."""

    first: dt.date
    before: Path
    edit: Edit | None = None


def declare(folder: Path, months: int, dice: Random) -> Declared:
    """Write the files of some months into an empty folder."""
    small_shop(folder)
    first = dt.date(2026, 9, 7) + dice.randrange(60) * 7 * _DAY
    starts = [first + month * WEEKS * 7 * _DAY for month in range(months)]
    small = dice.random() < 0.2
    files = {
        "workspace": _workspace(starts, dice),
        "daily": _DAILY if small else _DAILY + _MORE_DAILY,
        "weekly": _WEEKLY if small else _WEEKLY + _MORE_WEEKLY,
    }
    for name, text in files.items():
        (folder / "boards" / f"{name}.yaml").write_text(text, "utf-8")
    before = folder / "before"
    shutil.copytree(folder / "boards", before)
    # Never in the week that may be paused.
    wednesday = dice.choice(starts) + 7 * _DAY + 2 * _DAY
    edit = Edit(
        dt.datetime.combine(wednesday, dt.time(5, 30), PARIS), dice.random() < 0.7, dice.random() < 0.7
    )
    is_any = not small and (edit.leaves or edit.withdraws)
    return Declared(first, before, edit if is_any else None)


def write(edit: Edit, boards: Path) -> None:
    """Change the files as the edit says."""
    daily, weekly, workspace = (boards / f"{name}.yaml" for name in ("daily", "weekly", "workspace"))
    if edit.leaves:
        _replace(daily, "assign: nadia", "assign: karim")
        _replace(workspace, "  nadia: {trello: nadia_zina, name: Nadia}\n", "")
    if edit.withdraws:
        (line,) = (each for each in weekly.read_text("utf-8").splitlines() if "windows:" in each)
        _replace(weekly, f"{line}\n", "")


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new), "utf-8")


def _workspace(starts: Sequence[dt.date], dice: Random) -> str:
    months = [_Month(start, dice) for start in starts]
    stand_in = dice.choice(("", "salma", "karim"))
    return _WORKSPACE.format(
        amal=", ".join(month.away(12, f", stand_in: {stand_in}" if stand_in else "") for month in months),
        karim=", ".join(month.away(6, ", reason: Congé") for month in months),
        target=dice.choice((90, 90, 80, 95, 100)),
        working_days=dice.choice(("mon-sun", "mon-sat")),
        feasts=", ".join(f"{month.some_day()}: Fête du magasin" for month in months),
        closures=_spans(
            "closures", [month.away(3, ", reason: Inventaire") for month in months if dice.random() < 0.6]
        ),
        pauses=_spans("pauses", [month.pause() for month in months if dice.random() < 0.4]),
    )


def _spans(name: str, spans: Sequence[str]) -> str:
    return f"{name}: [{', '.join(spans)}]\n" if spans else ""


@dataclass(frozen=True)
class _Month:
    first: dt.date
    dice: Random

    def some_day(self) -> dt.date:
        return self.first + self.dice.randrange(7 * WEEKS) * _DAY

    def away(self, most: int, more: str) -> str:
        """So many days at most, as YAML; they end within the month, so that no two overlap."""
        begin, last = self.some_day(), self.first + (7 * WEEKS - 1) * _DAY
        end = min(begin + self.dice.randrange(most) * _DAY, last)
        return f"{{from: {begin}, to: {end}{more}}}"

    def pause(self) -> str:
        """Its third week, whole."""
        monday = self.first + 14 * _DAY
        return f"{{from: {monday}, to: {monday + 6 * _DAY}, reason: Travaux}}"

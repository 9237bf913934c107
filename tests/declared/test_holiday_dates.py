"""The dates of holidays: whose, in which language, which are estimates; never stored."""

import datetime as dt
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from declared_kit import BOARD, WORKSPACE

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.store import open_store
from trello_ops.core.days_off import Holiday, HolidaySource
from trello_ops.core.declaration import Declaration, InForce
from trello_ops.core.declared import Workspace
from trello_ops.declaration_source import DeclarationSource
from trello_ops.declared import holiday_dates
from trello_ops.declared.holiday_dates import dated, is_known_in_full
from trello_ops.declared.load import read
from trello_ops.render.card import InProcess
from trello_ops.settings import load as settings

NOW = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)


def declared(folder: Path, lines: str, locale: str = "fr") -> Workspace:
    text = WORKSPACE.replace("locale: fr", f"locale: {locale}")
    (folder / "workspace.yaml").write_text(f"{text}working_days: mon-sat\n{lines}", "utf-8")
    (folder / "weekly.yaml").write_text(BOARD, "utf-8")
    found = read(folder, ("stock.md",))
    assert found.problems == ()
    assert found.workspace
    return found.workspace


def holiday(workspace: Workspace, day: str) -> Holiday | None:
    return workspace.holidays.on(dt.date.fromisoformat(day))


def test_holidays_of_a_country_are_named_in_the_workspaces_language(tmp_path: Path) -> None:
    french = declared(tmp_path, "holidays: {country: MA}\n")
    assert holiday(french, "2027-07-30") == Holiday("Fête du Trône")
    assert holiday(french, "2027-07-31") is None
    english = declared(tmp_path, "holidays: {country: MA}\n", locale="en")
    assert holiday(english, "2027-07-30") == Holiday("Throne Day")


@pytest.mark.parametrize(
    ("country", "locale", "name"),
    [
        ("FR", "fr", "Jour de l'an"),  # exact
        ("SN", "fr", "Jour de l'an"),  # fr_SN
        ("IN", "en", "New Year's Day"),  # en_IN, its own, before en_US
        ("DE", "fr", "New Year's Day"),  # en_US, as it has no French
        ("AQ", "fr", "New Year's Day"),  # none at all: its own
    ],
)
def test_the_language_is_the_exact_one_or_the_nearest(
    country: str, locale: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("LANGUAGE", "LANG", "LC_ALL"):
        monkeypatch.setenv(variable, "th")  # which Thailand's neighbours and others are translated into
    holiday_dates._known.cache_clear()
    first = holiday(declared(tmp_path, f"holidays: {{country: {country}}}\n", locale), "2027-01-01")
    assert first is None or first.name == name


def test_estimates_are_marked_and_their_names_are_bare(tmp_path: Path) -> None:
    shop = declared(tmp_path, "holidays: {country: MA}\n")
    assert holiday(shop, "2027-03-10") == Holiday("Fête de la rupture du jeûne", estimated=True)
    # Of two on one day one is certain, so the day is.
    assert holiday(shop, "2027-08-14") == Holiday("Allégeance Oued Eddahab, Anniversaire du prophète")
    assert not any("(" in each.name for each in shop.holidays.known.values())
    assert holiday(declared(tmp_path, "holidays: {country: MA}\n", "en"), "2027-03-10") == Holiday(
        "Eid al-Fitr", estimated=True
    )


def test_dates_are_put_right(tmp_path: Path) -> None:
    shop = declared(
        tmp_path,
        "holidays: {country: MA}\nholiday_dates: {2027-03-11: Aïd al-Fitr}\nnot_holidays: [2027-03-09]\n",
    )
    assert holiday(shop, "2027-03-09") is None
    assert holiday(shop, "2027-03-11") == Holiday("Aïd al-Fitr")
    assert shop.holidays.sources == (HolidaySource("MA"),)


def test_several_countries_subdivisions_and_kinds_add_up(tmp_path: Path) -> None:
    lines = "holidays: [{country: MA}, {country: FR, subdivision: 57, categories: public}]\n"
    shop = declared(tmp_path, lines)
    assert shop.holidays.sources[1] == HolidaySource("FR", "57", ("public",))
    assert holiday(shop, "2027-12-26") == Holiday("Saint-Étienne")  # Moselle's own
    assert holiday(shop, "2027-05-01") == Holiday("Fête du Travail")  # both name it so
    assert holiday(shop, "2027-01-01") == Holiday("Nouvel an, Jour de l'an")


def test_a_country_of_which_some_years_are_unknown_is_pointed_out(tmp_path: Path) -> None:
    declared(tmp_path, "holidays: {country: IN}\n")
    assert read(tmp_path, ("stock.md",), dt.date(2026, 12, 1)).warnings == ()
    (warning,) = read(tmp_path, ("stock.md",), dt.date(2034, 12, 1)).warnings
    assert (warning.line, warning.path) == (14, "holidays")
    assert warning.message.startswith("not all holidays of `IN` are known in 2036: name those of lunar")
    assert is_known_in_full(HolidaySource("MA"), 2036)


def test_the_library_is_loaded_only_where_holidays_are_declared(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from trello_ops.declared.load import read; "
        "assert read(pathlib.Path(sys.argv[1]), ('stock.md',)).problems == (); "
        "print('holidays' in sys.modules)"
    )

    def loads() -> str:
        return subprocess.run(
            [sys.executable, "-c", code, tmp_path], check=True, capture_output=True, text=True
        ).stdout.strip()

    declared(tmp_path, "")
    assert loads() == "False"
    declared(tmp_path, "holidays: {country: MA}\n")
    assert loads() == "True"


# ---- The declaration in force -----------------------------------------------------------------------


def test_what_is_in_force_holds_no_dates_and_finds_them_anew(tmp_path: Path) -> None:
    shop = declared(tmp_path, "holidays: {country: MA}\nholiday_dates: {2027-03-11: Aïd al-Fitr}\n")
    following = InForce(1, NOW, Declaration(shop))
    with closing(open_store(f"sqlite:///{tmp_path}/store.sqlite3", "zina")) as store:
        assert store.put_in_force(following)
        kept = store.in_force()
    assert kept == following  # the dates are no part of it
    assert kept.declaration.workspace.holidays.known == {}
    assert kept.declaration.workspace.holidays.named == shop.holidays.named
    found = dated(kept)
    assert found
    assert found.declaration.workspace.holidays.known == shop.holidays.known != {}
    assert dated(None) is None


def test_the_robot_goes_by_a_declaration_with_dates_and_a_newer_library_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared(tmp_path, "holidays: {country: MA}\n")
    (tmp_path / "templates" / "cards").mkdir(parents=True)
    (tmp_path / "templates" / "cards" / "stock.md").write_text("---\ntitle: x\n---\nx\n", "utf-8")
    values = {"TRELLO_OPS_BOARDS_DIR": str(tmp_path), "TRELLO_OPS_TEMPLATES_DIR": str(tmp_path / "templates")}
    configured = settings(values, env_file=None)
    with closing(open_store(f"sqlite:///{tmp_path}/store.sqlite3", "zina")) as store:
        source = DeclarationSource(configured, store, SystemClock(), InProcess())
        source.reload()
        assert source.following
        store.put_in_force(InForce(1, NOW, source.following.declaration))
        later = dt.date(2027, 3, 11)
        monkeypatch.setattr(holiday_dates, "_known", lambda _sources, _language: {later: Holiday("Aïd")})
        robot = DeclarationSource(configured, store, SystemClock(), InProcess())
        goes_by = robot.reload().workspace
    assert robot.before
    assert robot.before.declaration.workspace.holidays.known == goes_by.holidays.known
    assert goes_by.holidays.on(later) == Holiday("Aïd")
    assert robot.following
    assert not robot.following.differences
    assert not robot.following.is_new


def test_a_newer_library_is_no_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = declared(tmp_path, "holidays: {country: MA}\n")
    known = before.holidays.known
    moved = {day + dt.timedelta(days=1): each for day, each in known.items()}
    monkeypatch.setattr(holiday_dates, "_known", lambda _sources, _language: moved)
    after = declared(tmp_path, "holidays: {country: MA}\n")
    assert after.holidays.known != known
    assert after == before
    assert Declaration(after) == Declaration(before)
    assert replace(after, holidays=replace(after.holidays, without=(dt.date(2027, 3, 9),))) != before

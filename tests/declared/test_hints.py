"""What is said of wrong words leads to the right ones, or says nothing of others."""

from pathlib import Path

import pytest
from declared_kit import BOARD, WORKSPACE, told

from trello_ops.declared.day_words import as_clock
from trello_ops.wording import choose

_LIST = "has several values: write them as a list, "


def said(tmp_path: Path, board: str) -> list[str]:
    return told(tmp_path, board)[0]


@pytest.mark.parametrize(
    ("on", "hint"),
    [
        ("mardi, vendredi", _LIST + "`[mardi, vendredi]`"),
        ("mardi et vendredi", _LIST + "`[mardi, vendredi]`"),
        ("mardi vendredi", _LIST + "`[mardi, vendredi]`"),
        ("les mardis et les vendredis", _LIST + "`[mardi, vendredi]`"),
        ("lundi-mercredi-vendredi", _LIST + "`[lundi, mercredi, vendredi]`"),
        ("Mon/Wed", _LIST + "`[mon, wed]`"),
        ("'[mardi; vendredi]'", _LIST + "`[mardi, vendredi]`"),
        ("1 et 15", _LIST + "`[1, 15]`"),
        ("le 1er et le 15", _LIST + "`[1, 15]`"),
        ("weekdays", "is `weekdays`: write `mon-fri`"),
        ("jours ouvrés", "is `jours ouvrés`: say which they are with `working_days: mon-fri`"),
        ("week-end", "is `week-end`: write `sam-dim`"),
        ("tous les jours", "is `tous les jours`: write `lun-dim`"),
        ("sauf lundi", "is `sauf lundi`: write `except: lundi` on a line of its own"),
        ("lun-sam sauf le mercredi", "is `lun-sam sauf le mercredi`: write `except: mercredi` on a line"),
        ("lundi, sauf le 14", "`lundi, sauf le 14` is not a day: write a weekday such as `friday`"),
        ("fridy", "`fridy` is not a day: did you mean `friday`?"),
        ("mercredy-samedi", "`mercredy` is not a day: did you mean `mercredi`?"),
    ],
)  # fmt: skip
def test_days(on: str, hint: str, tmp_path: Path) -> None:
    (problem,) = said(tmp_path, f"{BOARD}on: {on}\n")
    assert problem.startswith(f"weekly.yaml:9:5 on: {hint}")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("assign: ines, margot", _LIST + "`[ines, margot]`"),
        ("assign: ines et margot", _LIST + "`[ines, margot]`"),
        ("assign: [ines; margot]", "has several values: write them as a list, `[ines, margot]`"),
        ("assign: personne", "there is no person `personne`: did you mean `nobody`?"),
        ("assign: Margot", "there is no person `Margot`: did you mean `margot`?"),
        ("assign: Inès Rami", "there is no person `Inès Rami`: did you mean `ines`?"),
        ("assign: Inès", "there is no person `Inès`: did you mean `ines`?"),
        ("requires: photo, commentaire", _LIST + "`[attachment, comment]`"),
        ("requires: photo", "there is no proof `photo`: did you mean `attachment`?"),
        ("complete_when: ticked et archived", "has several values: write `[ticked, archived]` where any"),
        ("complete_when: coché", "there is no sign `coché` of being done: did you mean `ticked`?"),
        ("échéance: '17:00'", "is not a name known here: did you mean `due`?"),
        ("Responsable: amal", "is not a name known here: did you mean `assign`?"),
        ("jours: lundi", "is not a name known here: did you mean `on`?"),
        ("modèle: stock.md", "is not a name known here: did you mean `template`?"),
        ("priorité: haute", "is not a name known here: use one of `on`"),
        ("due: 17h30", '`17h30` is not a time of day: write it like "17:30"'),
        ("due: 5pm", '`5pm` is not a time of day: write it like "17:00"'),
        ("timezone: Paris", "there is no time zone `Paris`: did you mean `Europe/Paris`?"),
        ("timezone: PST", "there is no time zone `PST`: did you mean `America/Los_Angeles`?"),
        ("timezone: est", "there is no time zone `est`: did you mean `America/New_York`?"),
        ("timezone: CEST", "there is no time zone `CEST`: did you mean `Europe/Paris`?"),
        ("timezone: UTC+1", "there is no time zone `UTC+1`: write it like `Africa/Casablanca`"),
        ("timezone: Maroc", "there is no time zone `Maroc`: did you mean `Africa/Casablanca`?"),
        ("timezone: Europe/Casablanca", "there is no time zone `Europe/Casablanca`: did you mean `Africa"),
    ],
)  # fmt: skip
def test_names_and_values(line: str, hint: str, tmp_path: Path) -> None:
    (problem,) = said(tmp_path, f"{BOARD}    {line}\n")
    assert problem.partition(": ")[2].startswith(hint), problem


@pytest.mark.parametrize(
    ("cadence", "meant"),
    [
        ("jour", "daily"),
        ("week", "weekly"),
    ],
)
def test_a_cadence_in_french_is_answered_with_ours(cadence: str, meant: str, tmp_path: Path) -> None:
    (problem,) = said(tmp_path, BOARD.replace("cadence: weekly", f"cadence: {cadence}"))
    assert problem == f"weekly.yaml:2:10 cadence: is `{cadence}`: did you mean `{meant}`?"


@pytest.mark.parametrize(("colour", "meant"), [("rouge", "red"), ("Vert", "green"), ("color", None)])
def test_a_colour_in_french_is_answered_with_trellos(colour: str, meant: str | None, tmp_path: Path) -> None:
    workspace = WORKSPACE.replace("colour: orange", f"colour: {colour}")
    (problem,), _ = told(tmp_path, workspace=workspace)
    assert (f"did you mean `{meant}`?" if meant else "use one of `yellow`") in problem


@pytest.mark.parametrize(
    ("text", "clock"),
    [("17h", "17:00"), ("17 h 05", "17:05"), ("9.30", "09:30"), ("12am", "00:00"), ("8:00 PM", "20:00"),
     ("17:00:00", "17:00"), ("25h", ""), ("midi", ""), ("", "")],
)  # fmt: skip
def test_times_are_told_from_what_people_write(text: str, clock: str) -> None:
    assert as_clock(text) == clock


def test_a_key_that_holds_such_a_word_is_one_value(tmp_path: Path) -> None:
    workspace = WORKSPACE.replace("ines:", "chef-et-co:")
    assert told(tmp_path, BOARD.replace("assign: ines", "assign: chef-et-co"), workspace) == ([], [])


# ---- Zones without summer time ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "place"),
    [
        ("EST", "America/New_York"),
        ("MST", "America/Denver"),
        ("GMT", "Europe/London"),
        ("Etc/GMT-1", "Europe/Paris"),
    ],
)
def test_a_zone_without_summer_time_is_pointed_out(zone: str, place: str, tmp_path: Path) -> None:
    workspace = WORKSPACE.replace("Africa/Casablanca", zone)
    found, (warning,) = told(tmp_path, workspace=workspace)
    assert found == []
    assert warning == (
        f"workspace.yaml:5:11 timezone: `{zone}` has no summer time: where the clocks change, write the "
        f"place, such as `{place}`"
    )
    _, warnings = told(tmp_path, f"timezone: {zone}\n{BOARD}    timezone: {zone}\n")
    assert [each.partition(": ")[0] for each in warnings] == [
        "weekly.yaml:1:11 timezone",
        "weekly.yaml:10:15 tasks.stock.timezone",
    ]


@pytest.mark.parametrize(
    "zone", ["UTC", "Africa/Casablanca", "Europe/Paris", "America/Panama", "EST5EDT", "CET"]
)
def test_other_zones_are_not(zone: str, tmp_path: Path) -> None:
    assert told(tmp_path, workspace=WORKSPACE.replace("Africa/Casablanca", zone)) == ([], [])


def test_nobody_on_purpose_is_no_warning(tmp_path: Path) -> None:
    assert told(tmp_path, BOARD.replace("assign: ines", "assign: nobody")) == ([], [])
    assert told(tmp_path, BOARD.replace("assign: ines\n", "") + "    assign: nobody\n") == ([], [])
    _, (warning,) = told(tmp_path, BOARD.replace("assign: ines\n", ""))
    assert warning.startswith("weekly.yaml:4:3 tasks.stock: nobody is assigned: name somebody, or write")


def test_names_without_an_order_are_named_by_alphabet() -> None:
    names = [f"modele-{n:02d}.md" for n in range(20)]
    assert choose("?", frozenset(names)) == "use one of " + ", ".join(f"`{name}`" for name in names)

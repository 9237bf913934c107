"""Single edits of the files in mid-week, which once made second cards, lost some, or charged somebody."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from edit_kit.reckoning import DAY
from edit_kit.robots import InProcess
from edit_kit.story import MONDAY, local
from edit_kit.trello_side import RawCard
from quiet import nothing_logged

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

_WORKSPACE = """\
key: small
name: Petite boutique
trello_workspace: zinaobeldi
locale: fr
timezone: Europe/Paris
people:
  amal: {trello: amal_zina, name: Amal}
  karim: {trello: karim_zina, name: Karim}
themes:
  operations: {title: Opérationnel, colour: orange}
report:
  to: [gerante@example.org]
"""
CENTRE = """\
title: Centre
cadence: daily
release: "06:00"
assign: amal
tasks:
  caisse: {title: Compter la caisse, theme: operations, template: caisse.md}
  fournee-matin: {title: Sortir la fournée, theme: operations, template: fournee.md}
  vitrine: {title: Garnir la vitrine, theme: operations, template: vitrine.md}
"""
GARE = """\
title: Gare
cadence: daily
release: "06:00"
assign: karim
tasks:
  kiosque: {title: Ouvrir le kiosque, theme: operations, template: kiosque.md}
"""
WEEKLY = """\
title: La semaine
cadence: weekly
release: "06:00"
assign: karim
tasks:
  stock: {title: Ranger le stock, theme: operations, template: stock.md}
"""
_MOVED = "  fournee-matin: {title: Sortir la fournée, theme: operations, template: fournee.md%s}\n"


class Week:
    """The shop's week: its files, the robot that passes at 06:10 and 14:30, and Trello."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.robot = folder, InProcess(folder)
        for name, text in {"workspace": _WORKSPACE, "centre": CENTRE, "gare": GARE, "weekly": WEEKLY}.items():
            self.write(f"{name}.yaml", text)
        for name in ("caisse", "fournee", "vitrine", "kiosque", "stock"):
            path = folder / "templates" / "cards" / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"---\n---\nÀ faire : {name}.\n", "utf-8")
        self.now = local(MONDAY, "05:00")
        self.robot.go_to(self.now)
        assert self.robot.apply() == ""

    def write(self, name: str, text: str) -> None:
        path = self.folder / "boards" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.folder / "boards" / name).read_text("utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def drop(self, name: str, task: str) -> None:
        """Delete a task's line."""
        lines = (self.folder / "boards" / name).read_text("utf-8").splitlines(keepends=True)
        self.write(name, "".join(line for line in lines if f"  {task}:" not in line))

    def until(self, day: int, time: str) -> None:
        """Pass after pass; days are counted from Monday, which is 0."""
        end = local(MONDAY + day * DAY, time)
        for number in range(day + 1):
            for each in ("06:10", "07:30", "14:30"):
                moment = local(MONDAY + number * DAY, each)
                if self.now < moment <= end:
                    self._pass(moment)
        self.now = end
        self.robot.go_to(end)

    def look(self) -> None:
        self._pass(self.now)

    def _pass(self, moment: dt.datetime) -> None:
        self.robot.go_to(moment)
        assert self.robot.tick() == ""

    def apply(self) -> None:
        assert self.robot.apply() == ""

    def tick(self, key: str) -> None:
        self.robot.side.tick(self.card(key), "amal_zina")

    def keys(self, day: int) -> list[str]:
        """Of every card for that day's dues."""
        wanted = MONDAY + day * DAY
        return sorted(card.key for card in self.robot.side.cards() if card.due.date() == wanted)

    def card(self, key: str) -> RawCard:
        (found,) = (card for card in self.robot.side.cards() if card.key == key)
        return found

    def boards(self) -> dict[str, str]:
        """The id of each board on Trello, by its title."""
        return {board.title: board.id for board in self.robot.trello.boards("zinaobeldi")}

    def template_cards(self) -> list[str]:
        """The ids of those that stand on Trello."""
        shown = [card for each in self.boards().values() for card in self.robot.trello.snapshot(each).cards]
        return sorted(card.id for card in shown if card.is_template)

    def title(self, key: str) -> str:
        """What its card is called on Trello."""
        return self.robot.trello.card(self.card(key).id).title

    def outcomes(self) -> dict[str, str]:
        """Of the first week, once it is frozen."""
        self.until(7, "07:45")
        (report,) = self.robot.reports()
        return {line["key"]: line["outcome"] for line in report["occurrences"]}


@pytest.fixture
def week(tmp_path: Path) -> Iterator[Week]:
    """On Wednesday at ten, with three cards of the centre's, one of the station's, and the week's."""
    with nothing_logged():
        made = Week(tmp_path)
        made.until(2, "10:00")
        yield made


WEDNESDAY, THURSDAY = ("2026-11-18", "2026-11-19")


def of(day: str, *tasks: str) -> list[str]:
    return [f"{task}/{day}" for task in tasks]


# ---- renamed and moved ------------------------------------------------------------------------------


def test_a_task_that_looks_renamed_goes_on_and_nobody_is_charged(week: Week) -> None:
    week.edit("centre.yaml", "  caisse:", "  caisse-soir:")
    week.until(3, "15:00")
    centre = ("centre/caisse", "centre/fournee-matin", "centre/vitrine")
    assert week.keys(2) == of(WEDNESDAY, *centre, "gare/kiosque")
    assert week.keys(3) == of(THURSDAY, *centre, "gare/kiosque")
    outcomes = week.outcomes()
    assert outcomes["centre/caisse/2026-11-17"] == "missed"
    assert outcomes["centre/caisse/2026-11-18"] == outcomes["centre/caisse/2026-11-20"] == "excused"
    assert not any("caisse-soir" in key for key in outcomes)


def test_a_task_renamed_with_was_goes_on_under_its_new_key(week: Week) -> None:
    week.edit("centre.yaml", "  caisse: {", "  caisse-soir: {was: caisse, ")
    week.until(3, "15:00")
    assert week.keys(2) == of(
        WEDNESDAY, "centre/caisse", "centre/fournee-matin", "centre/vitrine", "gare/kiosque"
    )
    assert week.keys(3) == of(
        THURSDAY, "centre/caisse-soir", "centre/fournee-matin", "centre/vitrine", "gare/kiosque"
    )
    week.tick("centre/caisse-soir/2026-11-19")
    outcomes = week.outcomes()
    assert outcomes["centre/caisse/2026-11-18"] == "missed"  # owed as before
    assert outcomes["centre/caisse-soir/2026-11-19"] == "on_time"
    assert sum("caisse" in key for key in outcomes) == 7


@pytest.mark.parametrize("was", ["", ", was: centre/fournee-matin"], ids=["asked", "with was"])
def test_a_task_moved_to_another_board_gets_no_second_card(week: Week, was: str) -> None:
    week.edit("centre.yaml", _MOVED % "", "")
    week.write("gare.yaml", GARE + _MOVED % was)
    week.until(3, "15:00")
    mover = "gare/fournee-matin" if was else "centre/fournee-matin"
    assert week.keys(2) == of(
        WEDNESDAY, "centre/caisse", "centre/fournee-matin", "centre/vitrine", "gare/kiosque"
    )
    assert week.keys(3) == sorted(of(THURSDAY, "centre/caisse", mover, "centre/vitrine", "gare/kiosque"))
    outcomes = week.outcomes()
    assert outcomes["centre/fournee-matin/2026-11-18"] == ("missed" if was else "excused")
    assert sum("fournee" in key for key in outcomes) == 7


def test_two_tasks_that_change_keys_keep_their_cards(week: Week) -> None:
    week.edit("centre.yaml", "  caisse: {", "  comptoir: {was: vitrine, ")
    week.edit("centre.yaml", "  vitrine: {", "  caisse2: {was: caisse, ")
    text = (week.folder / "boards" / "centre.yaml").read_text("utf-8")
    week.write("centre.yaml", text.replace("  comptoir:", "  vitrine:").replace("  caisse2:", "  caisse:"))
    week.until(2, "15:00")
    week.tick("centre/caisse/2026-11-18")
    week.until(3, "15:00")
    assert len(week.keys(2)) == len(week.keys(3)) == 4
    outcomes = week.outcomes()
    assert outcomes["centre/caisse/2026-11-18"] == "on_time"
    assert sum("caisse" in key for key in outcomes) == sum("vitrine" in key for key in outcomes) == 7
    assert "excused" not in outcomes.values()


def test_a_chain_of_renames_that_the_robot_never_saw_asks(week: Week) -> None:
    """The last name says only what it was before, and that was never in force."""
    week.edit("centre.yaml", "  caisse: {", "  caisse-2: {was: caisse-1, ")
    week.until(3, "15:00")
    assert "centre/caisse/2026-11-19" in week.keys(3)
    assert not any("caisse-2" in key for key in week.keys(3))


def test_a_board_renamed_with_was_keeps_its_cards(week: Week) -> None:
    (week.folder / "boards" / "weekly.yaml").unlink()
    week.write("semaine.yaml", f"was: weekly\n{WEEKLY}")
    week.until(4, "15:00")
    assert week.keys(4)[-1] == "weekly/stock/2026-11-16"
    assert sum("stock" in key for key in week.keys(4)) == 1
    assert [key for key in week.outcomes() if "stock" in key] == ["weekly/stock/2026-11-16"]


# ---- left -------------------------------------------------------------------------------------------


def test_a_deleted_task_is_excused_from_then_on(week: Week) -> None:
    week.edit(
        "centre.yaml", "  vitrine: {title: Garnir la vitrine, theme: operations, template: vitrine.md}\n", ""
    )
    outcomes = week.outcomes()
    assert outcomes["centre/vitrine/2026-11-17"] == "missed"
    assert outcomes["centre/vitrine/2026-11-18"] == "excused"
    assert sum("vitrine" in key for key in outcomes) == 3
    assert not week.card("centre/vitrine/2026-11-18").archived


def test_a_task_deleted_while_the_robot_was_off_is_excused_too(week: Week) -> None:
    week.edit(
        "centre.yaml", "  vitrine: {title: Garnir la vitrine, theme: operations, template: vitrine.md}\n", ""
    )
    week.robot.restart()
    week.now = local(MONDAY + 3 * DAY, "10:00")  # it was off over Wednesday's due
    outcomes = week.outcomes()
    assert outcomes["centre/vitrine/2026-11-17"] == "missed"
    assert outcomes["centre/vitrine/2026-11-18"] == "excused"


def test_a_task_that_is_put_back_before_its_due_is_owed_again(week: Week) -> None:
    week.write("centre.yaml", CENTRE.replace("  vitrine", "#  vitrine"))
    week.until(2, "15:00")
    week.write("centre.yaml", CENTRE)
    week.look()
    outcomes = week.outcomes()
    assert outcomes["centre/vitrine/2026-11-18"] == "missed"
    assert sum("vitrine" in key for key in outcomes) == 7


def test_nobody_owes_a_card_that_was_put_away_because_its_task_had_left(week: Week) -> None:
    week.until(2, "10:00")
    put_away = CENTRE.replace("tasks:", "withdrawn: archive\ntasks:")
    week.write("centre.yaml", put_away.replace("  vitrine", "#  vitrine"))
    week.apply()
    assert week.card("centre/vitrine/2026-11-18").archived
    week.write("centre.yaml", put_away)
    week.look()
    assert week.outcomes()["centre/vitrine/2026-11-18"] == "excused"


def test_a_board_file_that_vanished_is_in_force_until_apply(week: Week) -> None:
    (week.folder / "boards" / "gare.yaml").unlink()
    week.until(3, "10:00")
    assert "gare/kiosque/2026-11-19" in week.keys(3)
    week.apply()
    outcomes = week.outcomes()
    assert outcomes["gare/kiosque/2026-11-18"] == "missed"
    assert outcomes["gare/kiosque/2026-11-19"] == "excused"
    assert sum("kiosque" in key for key in outcomes) == 4


def test_a_weekly_board_that_left_is_excused(week: Week) -> None:
    (week.folder / "boards" / "weekly.yaml").unlink()
    week.apply()
    assert week.outcomes()["weekly/stock/2026-11-16"] == "excused"


@pytest.mark.parametrize("name", ["gare.yaml.txt", "gare.YAML", "old/gare.yaml", "gare.csv", "gare.xlsx"])
def test_a_board_file_that_an_editor_renamed_still_gets_its_cards(week: Week, name: str) -> None:
    (week.folder / "boards" / "gare.yaml").unlink()
    week.write(name, GARE)
    week.until(3, "15:00")
    assert "gare/kiosque/2026-11-19" in week.keys(3)


def test_a_robot_that_starts_beside_a_broken_file_goes_on(week: Week) -> None:
    week.write("centre.yaml", CENTRE + "cassé: [\n")
    week.robot.restart()
    week.until(3, "15:00")
    assert len(week.keys(3)) == 4


# ---- re-timed ---------------------------------------------------------------------------------------


def test_from_daily_to_weekly_in_mid_week(week: Week) -> None:
    week.edit("centre.yaml", "cadence: daily", "cadence: weekly")
    week.until(2, "15:00")
    assert len(week.keys(2)) == 4
    assert sum("caisse" in key for key in week.keys(4)) == 1
    week.until(4, "15:00")
    assert sum("caisse" in key for key in week.keys(4)) == 1
    assert sum("caisse" in key for key in week.keys(3)) == 0
    outcomes = week.outcomes()
    assert outcomes["centre/caisse/2026-11-17"] == "missed"
    assert outcomes["centre/caisse/2026-11-18"] == "excused"
    assert sum("caisse" in key for key in outcomes) == 4


def test_from_daily_to_monthly_in_mid_month(week: Week) -> None:
    """On the second of December, when the first has had its daily card."""
    week.until(16, "10:00")
    week.edit("centre.yaml", "cadence: daily", "cadence: monthly")
    week.until(17, "15:00")
    assert [sum("caisse" in key for key in week.keys(day)) for day in (16, 17, 45)] == [1, 0, 1]


def test_from_weekly_to_daily_in_mid_week(week: Week) -> None:
    """Friday's card is there, and stays the one of Friday."""
    week.edit("weekly.yaml", "cadence: weekly", "cadence: daily")
    week.until(5, "15:00")
    assert [sum("stock" in key for key in week.keys(day)) for day in (2, 3, 4, 5)] == [1, 1, 1, 1]


# ---- copied -----------------------------------------------------------------------------------------


def test_a_copy_of_a_board_makes_no_second_one(week: Week) -> None:
    week.write("centre-copie.yaml", CENTRE)
    week.until(3, "15:00")
    assert len(week.keys(3)) == 4
    assert not any("copie" in key for key in week.keys(3))


# ---- changed places ---------------------------------------------------------------------------------


def _swap(week: Week) -> None:
    """`caisse` and `vitrine` change places, each with all that it is but its key."""
    text = CENTRE.replace("  caisse: {", "  once: {").replace("  vitrine: {", "  caisse: {was: vitrine, ")
    week.write("centre.yaml", text.replace("  once: {", "  vitrine: {was: caisse, "))


def test_open_cards_of_tasks_that_changed_places_stay_what_they_are(week: Week) -> None:
    _swap(week)
    week.look()
    week.apply()
    for task, title in (("caisse", "Compter la caisse"), ("vitrine", "Garnir la vitrine")):
        assert week.title(f"centre/{task}/2026-11-18") == title
    week.until(3, "15:00")
    assert week.title("centre/caisse/2026-11-19") == "Garnir la vitrine"


def test_what_left_after_it_changed_places_excuses_its_own_card(week: Week) -> None:
    _swap(week)
    week.look()
    week.drop("centre.yaml", "vitrine")
    outcomes = week.outcomes()
    assert outcomes["centre/caisse/2026-11-18"] == "excused"
    assert outcomes["centre/vitrine/2026-11-18"] == "missed"


def test_boards_that_changed_places_keep_their_own_board_on_trello(week: Week) -> None:
    week.write("centre.yaml", f"was: gare\n{GARE}")
    week.write("gare.yaml", f"was: centre\n{CENTRE}")
    week.look()
    week.apply()
    assert sorted(week.boards()) == ["Centre", "Gare", "La semaine"]
    week.tick("centre/caisse/2026-11-18")
    week.until(3, "15:00")
    assert week.keys(3) == of(THURSDAY, "centre/kiosque", "gare/caisse", "gare/fournee-matin", "gare/vitrine")
    card = week.robot.trello.card(week.card("gare/caisse/2026-11-19").id)
    assert card.board_id == week.boards()["Centre"]
    outcomes = week.outcomes()
    assert outcomes["centre/caisse/2026-11-18"] == "on_time"


def test_a_board_that_gets_its_old_key_back_keeps_its_template_cards(week: Week) -> None:
    template = "---\nchecklists:\n  - {title: Argent, items: [pièces, billets]}\n---\nCompter.\n"
    (week.folder / "templates" / "cards" / "caisse.md").write_text(template, "utf-8")
    week.apply()
    (week.folder / "boards" / "centre.yaml").unlink()
    week.write("milieu.yaml", f"was: centre\n{CENTRE}")
    week.apply()
    week.edit("milieu.yaml", "  caisse: {", "  tiroir: {was: caisse, ")
    week.apply()
    (week.folder / "boards" / "milieu.yaml").unlink()
    week.write("centre.yaml", f"was: milieu\n{CENTRE}".replace("  caisse: {", "  tiroir: {"))
    before = week.template_cards()
    week.apply()
    assert week.template_cards() == before != []


# ---- put away ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["ticked", "archived"])
def test_what_is_done_or_would_be_by_it_is_not_archived(week: Week, rule: str) -> None:
    week.edit("centre.yaml", "cadence: daily", f"cadence: daily\nwithdrawn: archive\ncomplete_when: {rule}")
    week.until(3, "10:00")
    if rule == "ticked":
        week.tick("centre/vitrine/2026-11-19")
    week.drop("centre.yaml", "vitrine")
    week.apply()
    assert not week.card("centre/vitrine/2026-11-19").archived
    assert week.outcomes()["centre/vitrine/2026-11-19"] == ("on_time" if rule == "ticked" else "excused")


# ---- people -----------------------------------------------------------------------------------------


def test_whoever_was_renamed_and_left_is_one_person_with_a_name(week: Week) -> None:
    amal, amalia = "  amal: {trello:", "  amalia: {was: amal, trello:"
    week.edit("workspace.yaml", amal, amalia)
    week.edit("centre.yaml", "assign: amal", "assign: amalia")
    week.until(3, "10:00")
    week.edit("workspace.yaml", f"{amalia} amal_zina, name: Amal}}\n", "")
    week.edit("centre.yaml", "assign: amalia", "assign: karim")
    week.outcomes()
    (report,) = week.robot.reports()
    assert {each["key"]: each["title"] for each in report["people"]} == {"karim": "Karim", "amalia": "Amal"}

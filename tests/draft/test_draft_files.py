"""Lists and tables as people keep them become board files that validate."""

import datetime as dt
import io
import zipfile
from itertools import product
from pathlib import Path

import openpyxl
import pytest
from draft_kit import drafted, write

from trello_ops import spreadsheets
from trello_ops.core.declared import Workspace
from trello_ops.draft import markdown, table, team
from trello_ops.draft.model import MOST_TASKS
from trello_ops.errors import InvalidDeclaration
from trello_ops.plain_text import Unreadable

SHOP = """\
# Ouverture et entretien de la boutique

## Tous les jours
### Ouverture
- [ ] Allumer les lumières @karim
- [ ] Préparer la caisse (avant 9h30)
  - Compter le fond de caisse
  - Noter l'écart : {{ tout }} {% if
## Chaque semaine
### Ménage
* Laver la vitrine – lundi et jeudi
* Commander les emballages (mardi à 10h) @salma
## Mensuel
1. Relever les compteurs (le 15)
2. Inventaire « flacons » (dernier vendredi)
"""
SITE = """\
# Vérifications du site : chaque semaine
Ce que l’on regarde, toujours dans le même ordre.
## Paiement
- Passer une commande d'essai (vendredi)
    1. Carte refusée
    2. Carte acceptée # reçu
- "Code promo": 10% & <b>gras</b>
## Référencement
- Relire les titres (tous les 36 du mois)
- Relire les titres (tous les 36 du mois)
"""
PLAIN = "- Sortir les poubelles\n- Arroser - les plantes\n- yes\n- 12\n- @nadia\n"

SEMICOLONS = """\
Suivi des tâches;;;;
Responsable;Tâche;Fréquence;Échéance;Prix
Karim;Vérifier le stock;hebdomadaire;vendredi 17h00;12
Nadia et Karim;"Répondre; aux avis";Quotidien;12h;
;Payer le loyer;mensuel;05/01/2027;
Salma;Compter;un jour sur trois;;
"""
COMMAS = "Task,Frequency,Owner,Due,Steps\nCheck links,weekly,Amal,16:30,Home;Shop\nFile taxes,,,2027-04-15,\n"


def rhythms(workspace: Workspace) -> list[tuple[str, str, tuple[int, ...]]]:
    (board,) = workspace.boards
    return [(task.title, str(task.cadence.frequency), task.cadence.on) for task in board.tasks]


def test_a_checklist_by_rhythm_and_theme(tmp_path: Path) -> None:
    workspace = drafted(tmp_path, markdown.read(SHOP, "liste"))
    assert rhythms(workspace) == [
        ("Allumer les lumières", "daily", (1, 2, 3, 4, 5, 6, 7)),
        ("Préparer la caisse", "daily", (1, 2, 3, 4, 5, 6, 7)),
        ("Laver la vitrine", "weekly", (1, 4)),
        ("Commander les emballages", "weekly", (2,)),
        ("Relever les compteurs", "monthly", (15,)),
        ("Inventaire « flacons »", "monthly", ()),
    ]
    (board,) = workspace.boards
    assert board.title == "Ouverture et entretien de la boutique"
    assert [task.assignees for task in board.tasks[:4]] == [("karim",), (), (), ("salma",)]
    assert [theme.title for theme in workspace.themes] == ["Ouverture", "Ménage", "À classer"]


def test_what_is_not_understood_stays_in_the_title_and_is_remarked(tmp_path: Path) -> None:
    draft = markdown.read(SITE, "liste")
    workspace = drafted(tmp_path, draft)
    assert workspace.boards[0].tasks[1].title == '"Code promo": 10% & <b>gras</b>'
    assert [task.key for task in workspace.boards[0].tasks][2:] == [
        "relire-les-titres-tous-les-36-du-mois",
        "relire-les-titres-tous-les-36-du-mois-2",
    ]
    assert write(draft).board.count("# à vérifier\u00a0: aucun rythme") == 3


def test_a_list_without_headings(tmp_path: Path) -> None:
    (board,) = drafted(tmp_path, markdown.read(PLAIN, "Maison")).boards
    assert board.title == "Maison"
    titles = [task.title for task in board.tasks]
    assert titles == ["Sortir les poubelles", "Arroser - les plantes", "yes", "12", "@nadia"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_a_table_as_excel_writes_it(tmp_path: Path, encoding: str) -> None:
    draft = table.read_csv(SEMICOLONS.encode(encoding), "taches", "taches.csv")
    workspace = drafted(tmp_path, draft)
    assert rhythms(workspace) == [
        ("Vérifier le stock", "weekly", (5,)),
        ("Répondre; aux avis", "daily", (1, 2, 3, 4, 5, 6, 7)),
        ("Payer le loyer", "monthly", (5,)),
        ("Compter", "daily", (1, 2, 3, 4, 5, 6, 7)),
    ]
    (board,) = workspace.boards
    assert board.title == "Suivi des tâches"
    assert f"{board.tasks[0].cadence.due.time:%H:%M}" == "17:00"
    assert board.tasks[1].assignees == ("nadia", "karim")
    text = write(draft).board
    assert "la colonne «\u00a0Prix\u00a0» n’a pas été lue" in text
    assert "«\u00a0un jour sur trois\u00a0» (ligne 6) n’a pas été compris" in text


def test_an_english_table_with_commas(tmp_path: Path) -> None:
    draft = table.read_csv(COMMAS.encode(), "tasks", "tasks.csv")
    workspace = drafted(tmp_path, draft)
    assert [each[1] for each in rhythms(workspace)] == ["weekly", "once"]
    assert workspace.boards[0].tasks[1].cadence.dates == (dt.date(2027, 4, 15),)
    assert '- "Shop"' in write(draft).templates["drafted-check-links.md"]


def test_a_workbook_with_real_dates_and_times(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Tâches")
    rows = [
        ["Quand", "Échéance", "Quoi", "Qui", "Étapes"],
        ["tous les mardis", dt.time(17, 30), "Publier", "Salma", "Texte\nPhoto"],
        [None, dt.date(2027, 1, 15), "Renouveler le nom de domaine", None, None],
    ]
    for row in rows:
        book["Tâches"].append(row)
    file = tmp_path / "taches.xlsx"
    book.save(file)
    workspace = drafted(tmp_path, table.read_workbook(file.read_bytes(), "Tâches", str(file)))
    assert rhythms(workspace)[0] == ("Publier", "weekly", (2,))
    assert f"{workspace.boards[0].tasks[0].cadence.due.time:%H:%M}" == "17:30"
    assert workspace.boards[0].tasks[1].cadence.dates == (dt.date(2027, 1, 15),)


def test_people_and_themes_that_the_team_has_are_found() -> None:
    known = team.Team(
        {"karim": ("Karim Tazi", "kt"), "nad": ("Nadia Chraïbi", "nc")},
        {"ops": ("Ménage",), "shop": ("OUVERTURE",)},
    )
    written = write(markdown.read(SHOP, "liste"), known)
    assert "theme: shop" in written.board
    assert "theme: ops" in written.board
    assert "assign: karim" in written.board
    assert written.workspace == ""
    assert written.additions
    assert "#   salma:" in written.board


def test_a_table_without_tasks_is_told_with_its_place() -> None:
    with pytest.raises(InvalidDeclaration, match=r"x.csv:1:1: has no column of tasks"):
        table.read_csv(b"a;b\n1;2\n", "x", "x.csv")


def test_a_file_that_is_no_workbook_is_told() -> None:
    with pytest.raises(Unreadable, match="is no whole workbook"):
        table.read_workbook(b"PK\x03\x04 no", "x", "x.xlsx")


def test_a_hidden_sheet_is_not_drafted() -> None:
    book, data = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(["Tâche"])
    book.worksheets[0].append(["Ranger"])
    hidden = book.create_sheet("Words")
    hidden.append(["Tâche", "Fréquence"])
    hidden.append(["Compter", "lundi"])
    hidden.sheet_state = "hidden"
    book.save(data)
    assert [each.title for each in table.read_workbook(data.getvalue(), "x", "x.xlsx").tasks] == ["Ranger"]


# ---- files that mean no good ------------------------------------------------------------------------

PLENTY = 900_000


@pytest.mark.parametrize(
    "text",
    [
        "- x" + " " * PLENTY + "(lundi)",
        "- x" + " - a" * (PLENTY // 4),
        "- " + "**a" * (PLENTY // 3),
        "- x @" + "." * PLENTY,
        "# " + "# " * (PLENTY // 2),
        "- x\n" + "  - y\n" * (PLENTY // 30),
        "- x\n" * (PLENTY // 4),
    ],
    ids=["spaces", "dashes", "stars", "dots", "headings", "steps", "tasks"],
)
def test_a_list_of_any_length_is_read_at_once(text: str) -> None:
    assert len(markdown.read(text, "x").tasks) <= MOST_TASKS + 1


def test_a_step_too_many_is_left_out_with_a_remark() -> None:
    draft = markdown.read("- x\n" + "  - y\n" * 1001, "x")
    assert write(draft).templates["drafted-x.md"].count('- "y"') == 1000
    assert "seules les 1\u202f000 premières" in write(draft).board


def test_a_workbook_that_unpacks_without_end_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "LARGEST_UNPACKED", 1_000_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet1.xml", b" " * 1_100_000)
    with pytest.raises(Unreadable, match="unpacks to more than 1,000,000 bytes"):
        table.read_workbook(packed.getvalue(), "x", "x.xlsx")


def test_a_workbook_called_csv_is_told() -> None:
    with pytest.raises(Unreadable, match="is an Excel"):
        table.read_csv(b"PK\x03\x04", "x", "x.csv")


def test_columns_that_nobody_knows_are_told_by_what_stands_in_them(tmp_path: Path) -> None:
    draft = table.read_csv("Görev;Sıklık\nRafları doldur;weekly\nKasa;daily\n".encode(), "x", "x.csv")
    assert rhythms(drafted(tmp_path, draft)) == [
        ("Rafları doldur", "weekly", (5,)),
        ("Kasa", "daily", (1, 2, 3, 4, 5, 6, 7)),
    ]
    assert [str(each) for each in draft.remarks] == [
        "the column “Sıklık” was taken for days or times",
        "the column “Görev” was taken for tasks",
    ]


def test_every_frequency_with_every_day_validates(tmp_path: Path) -> None:
    """Whatever does not go together is a remark, and no problem."""
    often = [
        "",
        "quotidien",
        "hebdo",
        "tous les quinze jours",
        "mensuel",
        "trimestriel",
        "annuel",
        "une fois",
    ]
    days = [
        "",
        "lundi",
        "lun-sam",
        "15",
        "dernier vendredi",
        "dernier jour ouvré",
        "15/04/2027",
        "minuit",
        "0h",
    ]
    rows = [f"{n};{a};{b}" for n, (a, b) in enumerate(product(often, days))]
    draft = table.read_csv("\n".join(["Tâche;Fréquence;Échéance", *rows]).encode(), "x", "x.csv")
    (board,) = drafted(tmp_path, draft).boards
    assert len(board.tasks) == len(rows)

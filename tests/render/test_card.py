"""Card templates: what they render to, and what is said of the ones that are wrong."""

import datetime as dt
import re
import unicodedata
from dataclasses import fields, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trello_ops.core import marker
from trello_ops.core.cadence import Cadence, DayTime, Frequency
from trello_ops.core.card_text import CardText, Checklist
from trello_ops.core.declared import Board, ReportPolicy, Task, Theme, Workspace
from trello_ops.core.ledger import Occurrence, OccurrenceKey
from trello_ops.core.people import Person
from trello_ops.errors import InvalidDeclaration
from trello_ops.messages import translated
from trello_ops.render import card_context
from trello_ops.render.card import CardRenderer, InProcess
from trello_ops.render.card_files import available
from trello_ops.render.card_sandbox import JINJA_FILTERS, date_filters
from trello_ops.render.i18n import Translator

CASABLANCA, PARIS = ZoneInfo("Africa/Casablanca"), ZoneInfo("Europe/Paris")
NBSP = "\u00a0"
DOC = Path(__file__).parents[2] / "docs" / "card-templates.md"
FRENCH = DOC.with_name("fr") / "modeles-de-cartes.md"
KEY = OccurrenceKey("weekly", "stock", dt.date(2026, 11, 16))


def workspace(title: str = "Ranger le stock", template: str = "stock.md", locale: str = "fr") -> Workspace:
    cadence = Cadence(Frequency.WEEKLY, (5,), DayTime(dt.time(17, 0)), CASABLANCA)
    task = Task("stock", title, "operations", template, cadence, ("nadia", "karim"), "Réserve du *fond*")
    board = Board("weekly", "Suivi hebdomadaire", Frequency.WEEKLY, (), (task,), CASABLANCA)
    return Workspace(
        key="zina",
        name="Zina ô Beldi",
        trello_workspace="zina",
        locale=locale,
        timezone=CASABLANCA,
        people=(Person("nadia", "nadia_z", "Nadia Chraïbi"), Person("karim", "karim_z", "Karim Tazi")),
        themes=(Theme("operations", "Opérationnel", "orange"),),
        excused=Theme("excused", "Excusé", "black"),
        report=ReportPolicy(()),
        boards=(board,),
    )


def occurrence(title: str = "Ranger le stock") -> Occurrence:
    return Occurrence(
        key=KEY,
        board_title="Suivi hebdomadaire",
        title=title,
        theme="operations",
        theme_title="Opérationnel",
        assignees=("nadia", "karim"),
        day=dt.date(2026, 11, 20),
        release=dt.datetime(2026, 11, 16, 0, 0, tzinfo=dt.UTC),
        due=dt.datetime(2026, 11, 20, 17, 0, tzinfo=dt.UTC),
        sequence=47,
    )


class Shop:
    """A templates folder to write into."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cards = path / "cards"
        self.cards.mkdir(exist_ok=True)

    def write(self, text: str, name: str = "stock.md") -> "Shop":
        (self.cards / name).write_text(text, encoding="utf-8")
        return self

    def card(self, title: str = "Ranger le stock") -> CardText:
        return CardRenderer(workspace(title), self.path).card(occurrence(title))

    def body(self) -> str:
        """The description without the marker line."""
        return self.card().description.rpartition("\n\n---\n\n")[0]

    def template_card(self) -> CardText | None:
        return CardRenderer(workspace(), self.path).template_card("weekly", "stock")

    def problems(self) -> list[str]:
        """Every problem, its file without the folder."""
        return [
            str(p).removeprefix(f"{self.cards}/") for p in InProcess().check(workspace(), self.path).problems
        ]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


# ---- what comes out ---------------------------------------------------------------------------------


def test_a_card_has_title_checklists_and_a_description_that_ends_with_its_marker(shop):
    shop.write("""---
title: "{{ task.title }} – semaine {{ occurrence.week }}"
checklists:
  - title: "Inventaire"
    items:
      - "Compter"
      - "Écrire à {{ task.assignees | join(' et ') }}"
---
**Pourquoi** : le {{ occurrence.day | date("d MMMM") }}.
""")
    assert shop.card() == CardText(
        "Ranger le stock – semaine 47",
        "**Pourquoi** : le 20 novembre.\n\n---\n\n"
        f"*Carte créée automatiquement{NBSP}; merci de laisser cette ligne{NBSP}:* "
        "`trello-ops:card:zina/weekly/stock/2026-11-16`",
        (Checklist("Inventaire", ("Compter", "Écrire à Nadia Chraïbi et Karim Tazi")),),
    )


@pytest.mark.parametrize("text", ["", " \n\n", "---\n---\n", "\ufeff"])
def test_an_empty_template_is_a_problem(shop, text):
    assert shop.write(text).problems() == [
        "stock.md:1:1: is empty: write the card's text into it, or delete it"
    ]


def test_a_template_that_comes_out_empty_is_a_card_called_like_its_task(shop):
    card = shop.write("{# later #}").card()
    assert card.title == "Ranger le stock"
    assert card.checklists == ()
    assert card.description.endswith("`trello-ops:card:zina/weekly/stock/2026-11-16`")
    assert "---" not in card.description


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(shop):
    text = '---\r\ntitle: "Été"\r\n---\r\nUn\r\n\r\nDeux\r\n'
    (shop.cards / "stock.md").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert shop.card().title == "Été"
    assert shop.body() == "Un\n\nDeux"


def test_items_that_come_out_empty_are_left_out_and_so_are_checklists_without_items(shop):
    shop.write("""---
checklists:
  - title: "A"
    items:
      - "{% if occurrence.week == 47 %}oui{% endif %}"
      - "{% if occurrence.week == 48 %}non{% endif %}"
  - title: "B"
    items: ["{% if false %}jamais{% endif %}"]
---
""")
    assert shop.card().checklists == (Checklist("A", ("oui",)),)


def test_layouts_and_parts_are_shared_and_keep_their_lines(shop):
    shop.write("**Pourquoi**\n\n{% block why required %}\n{% endblock %}\n\nFin.\n", "_layout.md")
    shop.write("> Note de {{ board.title }}\n", "_note.md")
    shop.write(
        '---\ntitle: "T"\n---\n{% extends "_layout.md" %}\n{% block why %}\nParce que.\n\n'
        '{% include "_note.md" %}\n{% endblock %}\n'
    )
    assert shop.body() == "**Pourquoi**\n\nParce que.\n\n> Note de Suivi hebdomadaire\n\nFin."


def test_macros_loops_and_imports_work(shop):
    shop.write("{% macro line(name) %}- {{ name }}{% endmacro %}", "_macros.md")
    shop.write(
        '{% from "_macros.md" import line %}\n{% for name in task.assignees %}\n'
        "{{ loop.index }}{{ line(name) }}\n{% endfor %}\n{{ range(3) | join }}{{ 7 * 2 }}"
    )
    assert shop.body() == "1- Nadia Chraïbi\n2- Karim Tazi\n01214"


def test_what_the_ledger_froze_is_shown_and_not_what_is_declared_now(shop):
    shop.write("{{ task.title }} {{ theme.title }}")
    renderer = CardRenderer(workspace(title="Nouveau titre"), shop.path)
    assert renderer.card(occurrence(title="Ancien titre")).description.startswith("Ancien titre Opérationnel")


def test_an_english_workspace_reads_english(shop):
    shop.write("{{ occurrence.day | date }}")
    description = CardRenderer(workspace(locale="en"), shop.path).card(occurrence()).description
    assert description.startswith("Friday, November 20, 2026")
    assert "*Card made automatically; please leave this line:*" in description


def test_moments_are_told_in_the_boards_zone(shop):
    shop.write(
        '---\ntitle: "{{ occurrence.release }}, {{ occurrence.due }}"\n---\n'
        "{{ occurrence.release | datetime }}, {{ occurrence.due | time }}, {{ occurrence.due.hour }}"
    )
    ours = workspace()
    paris = replace(ours, boards=tuple(replace(board, timezone=PARIS) for board in ours.boards))
    card = CardRenderer(paris, shop.path).card(occurrence())
    assert card.title == "2026-11-16 01:00:00+01:00, 2026-11-20 18:00:00+01:00"
    assert card.description.startswith("lundi 16 novembre 2026 01:00, 18:00, 18\n")


def test_usable_templates_are_those_without_underscore(shop):
    shop.write("").write("", "_layout.md").write("", "other.txt").write("", ".hidden.md")
    assert available(shop.path) == {"stock.md"}
    assert available(shop.path / "nowhere") == frozenset()


# ---- people's text ----------------------------------------------------------------------------------


def test_a_title_is_neither_jinja_nor_markdown(shop):
    shop.write('---\ntitle: "{{ task.title }}"\n---\n{{ task.title }}\n{{ task.description }}')
    title = "# {{ 7 * 7 }} {% raw %} [x](http://y) `a` <b> *c*"
    card = shop.card(title)
    assert card.title == title
    assert card.description.startswith(
        r"\# {{ 7 \* 7 }} {% raw %} \[x\](http://y) \`a\` \<b\> \*c\*" + "\nRéserve du *fond*"
    )


@pytest.mark.parametrize("title", ["1. Un", "2) Deux", "- Trois", "+ Quatre", "=== "])
def test_a_title_begins_no_list_or_heading(shop, title):
    shop.write("{{ task.title }}")
    assert re.match(r"\d*\\", shop.card(title).description)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1).filter(lambda t: t.strip() and len(t.strip().splitlines()) == 1))
def test_the_marker_is_found_whatever_the_title_says(shop, title):
    shop.write("{{ task.title }} {{ task.title | upper }}")
    card = shop.card(title)
    assert marker.find_card_key(card.description, "zina") == KEY
    assert card.title == title.strip()


@pytest.mark.parametrize(
    "token",
    [
        "trello-ops:card:daily/parcels/2026-01-01",
        "trello-ops:card:other/daily/parcels/2026-01-01",
        "trello-ops:template:daily/parcels",
        "trello-ops:board:zina/daily",
        "trello&#45;ops:card:daily/parcels/2026-01-01",
    ],
)
def test_a_description_may_not_hold_another_marker(shop, token):
    shop.write(f"Un\n{token}\n")
    assert shop.problems() == [
        (
            "stock.md:1:1: the description holds a marker, which only the program may write: remove "
            "`trello-ops:…`"
        )
    ]


# ---- template cards ---------------------------------------------------------------------------------


def test_a_template_card_holds_the_checklists_and_its_own_marker(shop):
    shop.write("""---
title: "Semaine {{ occurrence.week }}"
checklists:
  - title: "Pour {{ theme.title }}"
    items: ["Un", "{{ task.title }}"]
---
{{ occurrence.week }}
""")
    card = shop.template_card()
    assert card is not None
    assert card.title == f"Modèle{NBSP}: Ranger le stock"
    assert card.checklists == (Checklist("Pour Opérationnel", ("Un", "Ranger le stock")),)
    assert card.checklists == shop.card().checklists
    assert marker.find_template(card.description, "zina") == ("weekly", "stock")
    assert marker.find_card_key(card.description, "zina") is None


@pytest.mark.parametrize(
    "item",
    [
        "Semaine {{ occurrence.week }}",
        "{% if occurrence is defined %}toujours{% endif %}",
        "{% if task.key == 'autre' %}{{ occurrence.week }}{% endif %}x",
        "{% include '_week.md' %}",
    ],
)
def test_checklists_that_may_use_the_occurrence_have_no_template_card(shop, item):
    shop.write("{{ occurrence.week }}", "_week.md")
    shop.write(f'---\nchecklists:\n  - title: "A"\n    items: ["{item}"]\n---\n')
    assert shop.card().checklists
    assert shop.template_card() is None


def test_without_checklists_there_is_no_template_card(shop):
    assert shop.write("Texte").template_card() is None


def test_a_broken_checklist_is_said_rather_than_copied(shop):
    shop.write('---\nchecklists:\n  - title: "A"\n    items: ["{% if", "{{ tsk }}"]\n---\n')
    with pytest.raises(InvalidDeclaration) as caught:
        shop.template_card()
    assert [(p.line, p.path) for p in caught.value.problems] == [
        (4, "checklists[0].items[0]"),
        (4, "checklists[0].items[1]"),
    ]


# ---- problems ---------------------------------------------------------------------------------------

NAMES = "There are: board, occurrence, task, theme, workspace"
PARTS = "There are: date, day, due, iso_week, key, release, sequence, week, week_year"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("{{ ocurrence.day }}", f"1:4: 'ocurrence' is unknown here; did you mean 'occurrence'? {NAMES}"),
        ("{{ zzz }}", f"1:4: 'zzz' is unknown here. {NAMES}"),
        (
            "\n\nEt {{ occurrence.wek }}",
            f"3:18: 'wek' is no part of occurrence; did you mean 'week'? {PARTS}",
        ),
        (
            "{% if false %}\n{{ occurrence.wek }}\n{% endif %}",
            f"2:15: 'wek' is no part of occurrence; did you mean 'week'? {PARTS}",
        ),
        (
            "{{ occurrence.day.yer }}",
            "1:19: 'yer' is no part of a date; did you mean 'year'? There are: day, month, year",
        ),
        ("{{ task.title.foo }}", "1:15: 'foo' is no part of a text"),
        (
            "{{ 'x' is evn }}",
            (
                "1:11: 'evn' is no test; did you mean 'even'? There are: defined, divisibleby, eq, "
                "even, ge, gt, in, le, lt, ne, none, odd, undefined"
            ),
        ),
        ("Un\n{{ task.title }\nDeux", "2:1: is not understood by Jinja: unexpected '}'"),
        (
            "{{ ''.__class__ }}",
            "1:7: '__class__' cannot be used in a template; to change a text, use a filter, like `| upper`",
        ),
        (
            "{{ task.title.upper() }}",
            "1:15: 'upper' cannot be used in a template; to change a text, use a filter, like `| upper`",
        ),
        ("{{ task.title() }}", "1:1: something is called here that cannot be: remove its parentheses"),
        ("{{ '%s'.format(1) }}", "1:1: something is called here that cannot be: remove its parentheses"),
        (
            "{{ occurrence.week | date }}",
            "1:22: 'date' needs a date such as occurrence.day, and this is a number",
        ),
        ("{{ task.assignees }}", '1:1: a list is written with a filter: add `| join(", ")`'),
        ("Un {{ task }}", "1:7: 'task' is no text: write a part of it, such as task.key"),
        ("{{ none }}", "1:1: what stands between `{{` and `}}` is no text here"),
        ("{% from 'x.md' import y %}", "1:10: 'x.md' is no file of {cards}. There are: stock.md"),
        ("{{ 1 / 0 }}", "1:1: cannot be rendered: division by zero"),
        ("x{% include 'x.md' %}", "1:14: 'x.md' is no file of {cards}. There are: stock.md"),
        (
            "x" * 16_384,
            "1:1: the description is longer than 16,384 characters with its marker line: shorten it",
        ),
        (
            "{% for n in range(4999) %}xxxxx{% endfor %}",
            "1:1: the description is longer than 16,384 characters with its marker line: shorten it",
        ),
    ],
)
def test_a_problem_of_the_body(shop, body, problem):
    shop.write(body)
    assert shop.problems() == [f"stock.md:{problem}".replace("{cards}", str(shop.cards))]


@pytest.mark.parametrize(
    "body",
    [
        "{% for a in range(900) %}{% for b in range(900) %}{% endfor %}{% endfor %}",
        "{{ range(99999) | join }}",
        "{% macro m() %}{{ range(9000) | list | length }}{% endmacro %}{{ m() }}{{ m() }}",
        "{% for a in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}",
        "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include 'stock.md' %}",
        "{% extends 'stock.md' %}",
        "{{ 'x' * 999999999 }}",
        "{{ 9 ** 9 ** 9 ** 9 }}",
        "{{ '%999999999d' % 1 }}",
        "{% for a in range(8000) %}{% include '_empty.md' %}{% endfor %}",
    ],
)
@pytest.mark.timeout(10)
def test_a_template_cannot_run_away(shop, body):
    shop.write(body).write("", "_empty.md")
    [problem] = shop.problems()
    assert re.fullmatch(
        r"stock\.md:1:\d+: (takes more than 10,000 steps: does it repeat without end\?"
        r"|includes, extends or calls itself without end"
        r"|'.*' works between ordinary numbers only, and powers are not available)",
        problem,
    )


@pytest.mark.parametrize(
    ("front_matter", "problem"),
    [
        (
            'title: "{{ task.titel }}"',
            (
                "2:17 title: 'titel' is no part of task; did you mean 'title'? There are: "
                "assignees, description, key, title"
            ),
        ),
        ("title: |\n  {{ tsk }}", f"3:6 title: 'tsk' is unknown here; did you mean 'task'? {NAMES}"),
        (
            "title: {{ task.title }}",
            '2:8: text that begins with `{{` needs quotes around it: "{{ task.title }}"',
        ),
        (
            'checklists:\n  - title: A\n    items:\n      - {% if x %}"y"{% endif %}',
            "5:9: text that begins with `{%` needs quotes around it: '{% if x %}\"y\"{% endif %}'",
        ),
        (
            'titel: "x"',
            "2:1 titel: is no key of the front matter; did you mean 'title'? There are: title, checklists",
        ),
        ("title: 3", "2:8 title: must be text: put it in quotes"),
        ("title:", "2:7 title: is empty: write its text, or remove it"),
        ('title: "{# rien #}"', "2:8 title: comes out empty: there must always be a title"),
        ('title: "{{ task.title }}\\n\\nDeux"', "2:8 title: comes out as several lines: it must be one"),
        (
            'title: "{% for n in range(2000) %}123456789{% endfor %}"',
            "2:8 title: is longer than 16,384 characters: shorten it",
        ),
        ("- a", "2:1: the front matter must consist of `title:` and `checklists:`"),
        ("checklists: a", "2:13 checklists: must be a list: one line beginning with `- ` for each entry"),
        ("checklists: [a]", "2:14 checklists[0]: a checklist must consist of `title:` and `items:`"),
        ('checklists:\n  - title: "A"', "3:5 checklists[0]: a checklist needs items: add `items:`"),
        ('checklists:\n  - items: ["A"]', "3:5 checklists[0]: a checklist needs title: add `title:`"),
        (
            'checklists:\n  - title: "A"\n    items: [""]',
            "4:13 checklists[0].items[0]: is empty: write its text, or remove it",
        ),
        (
            'checklists:\n  - title: "A"\n    items: [3]',
            "4:13 checklists[0].items[0]: must be text: put it in quotes",
        ),
        (
            'checklists:\n  - title: "A"\n    items: ["{{ 1 }}\\n{{ 2 }}"]',
            "4:13 checklists[0].items[0]: comes out as several lines: it must be one",
        ),
        (
            'checklists:\n  - title: "A"\n    items:\n' + '      - "x"\n' * 201,
            "3:12 checklists[0].title: has 201 items, and Trello takes 200: split it",
        ),
    ],
)
def test_a_problem_of_the_front_matter(shop, front_matter, problem):
    shop.write(f"---\n{front_matter}\n---\nTexte\n")
    assert shop.problems() == [f"stock.md:{problem}"]


def test_yaml_that_is_none_is_located_in_the_file(shop):
    [problem] = shop.write("---\n\ntitle: @a\n---\n").problems()
    assert problem.startswith("stock.md:3:8: is not valid YAML: ")


def test_a_front_matter_must_end(shop):
    shop.write('---\ntitle: "A"\n')
    assert shop.problems() == ["stock.md:1:1: the front matter is never closed: add a line `---` after it"]


def test_a_file_must_be_utf8(shop):
    (shop.cards / "stock.md").write_bytes("---\ntitle: Été\n---\n".encode("latin-1"))
    [problem] = shop.problems()
    assert problem.startswith("stock.md:2:8: is not UTF-8 text, but Latin-1 / Windows-1252 (“ANSI”)")


def test_a_template_is_found_however_its_accents_are_written(shop):
    decomposed = unicodedata.normalize("NFD", "_réassort.md")
    shop.write("{% include '_réassort.md' %}").write("Compter.", decomposed)
    assert shop.body() == "Compter."
    assert shop.problems() == []


def test_readme_and_editors_files_are_no_templates(shop):
    (shop.cards / ".trash").mkdir()
    shop.write("x").write("{{ nothing }}", "README.md").write("{{ nothing }}", ".trash/old.md")
    assert shop.problems() == []


def test_text_and_blocks_that_a_layout_would_drop_are_pointed_out(shop):
    shop.write("{% block why required %}{% endblock %}", "_base.md")
    shop.write("{% extends '_base.md' %}", "_layout.md")
    shop.write(
        "{% extends '_layout.md' %}\n\nPerdu\n{% block wy %}{% endblock %}\n{% block why %}{% endblock %}"
    )
    assert shop.problems() == [
        (
            "stock.md:3:1: this text is in no block, so it would not appear: move it between "
            "`{% block … %}` and `{% endblock %}`"
        ),
        (
            "stock.md:4:10: 'wy' is no block of _layout.md, so its text would not appear; "
            "did you mean 'why'? There are: why"
        ),
    ]


def test_parts_have_no_front_matter(shop):
    shop.write('---\ntitle: "A"\n---\n', "_part.md")
    assert shop.problems() == ["_part.md:1:1: a layout or partial has no front matter: remove it"]


def test_every_problem_is_said_once_and_in_the_order_of_the_files(shop):
    shop.write("{{ nope }}\n", "_layout.md")
    shop.write('---\ntitle: "{{ nope }}"\n---\n{% include "_layout.md" %}\n{{ zzz }} {{ yyy }}\n')
    shop.write('{% include "_layout.md" %}', "unused.md")
    assert shop.problems() == [
        f"_layout.md:1:4: 'nope' is unknown here. {NAMES}",
        f"stock.md:2:12 title: 'nope' is unknown here. {NAMES}",
        f"stock.md:5:4: 'zzz' is unknown here. {NAMES}",
        f"stock.md:5:14: 'yyy' is unknown here. {NAMES}",
    ]


def test_templates_that_no_task_uses_are_tried_with_a_made_up_task(shop):
    shop.write("x").write("{{ 1 / 0 }}", "unused.md")
    assert shop.problems() == ["unused.md:1:1: cannot be rendered: division by zero"]


@pytest.mark.parametrize("rare", ["week == 53", "day.month == 12", "day.year == 2028"])
def test_branches_of_rare_dates_are_tried(shop, rare):
    shop.write("{% if occurrence." + rare + " %}{{ 1 / 0 }}{% endif %}")
    assert shop.problems() == ["stock.md:1:1: cannot be rendered: division by zero"]


def test_what_is_wrong_at_issue_is_located_too(shop):
    shop.write('---\ntitle: "{{ occurrence.wek }}"\n---\n\n{{ zzz }}')
    with pytest.raises(InvalidDeclaration) as caught:
        shop.card()
    assert [(p.file, p.line, p.column, p.path) for p in caught.value.problems] == [
        (f"{shop.cards}/stock.md", 2, 23, "title"),
        (f"{shop.cards}/stock.md", 5, 4, ""),
    ]


def test_a_template_or_task_that_has_gone_is_named(shop):
    with pytest.raises(InvalidDeclaration, match=r"tasks\.stock\.template: 'stock\.md' is no file of"):
        shop.card()
    with pytest.raises(InvalidDeclaration, match="weekly/gone is no longer declared"):
        CardRenderer(workspace(), shop.path).template_card("weekly", "gone")


# ---- the manuals ------------------------------------------------------------------------------------


def rows(heading: str, page: Path = DOC) -> list[tuple[str, str]]:
    """The first and last cells of the tables under a heading of a page on card templates."""
    section = page.read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [(row[0].strip("`").replace(r"\|", "|"), row[-1].replace(r"\|", "|")) for row in cells]


CONTEXT = rows("What a template may speak of"), rows("Ce dont un modèle peut parler", FRENCH)
FILTERS = rows("Filters"), rows("Les filtres", FRENCH)


@pytest.mark.parametrize("told", CONTEXT)
def test_a_manual_lists_the_whole_context_and_nothing_else(told):
    names = {f"{name}.{field.name}" for name, type_ in card_context.TYPES.items() for field in fields(type_)}
    assert {name for name, _ in told} == names
    assert {field.name for field in fields(card_context.Context)} == set(card_context.TYPES)


@pytest.mark.parametrize("told", FILTERS)
def test_a_manual_lists_every_filter_of_ours(told):
    used = {name for row, _ in told for name in re.findall(r"\| (\w+)", row)}
    assert set(date_filters(Translator("fr"))) <= used


def test_the_manual_lists_every_filter_of_jinja():
    text = DOC.read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in JINJA_FILTERS)


EXAMPLES = [
    *(example for told in FILTERS for example in told),
    *((f"{{{{ {name} }}}}", said) for told in CONTEXT for name, said in told),
]


@pytest.mark.parametrize(("written", "said"), [e for e in EXAMPLES if "assignees }}" not in e[0]])
def test_the_examples_of_the_manuals_are_true(shop, written, said):
    shop.write(f"---\ntitle: '{written}'\n---\n")
    assert shop.card().title.replace("*", "") == said


@pytest.mark.parametrize("page", [DOC, FRENCH], ids=["English", "French"])
def test_the_templates_of_the_manuals_are_sound(shop, page):
    blocks = re.findall(r"^```\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    (layout,) = [block for block in blocks if " required %}" in block]
    shop.write(layout, "_layout.md")
    templates = [block for block in blocks if block.startswith(("---\n", '{% extends "_layout.md" %}\n'))]
    assert len(templates) == 2
    for template in templates:
        assert shop.write(template).problems() == []


@pytest.mark.parametrize(("written", "said"), rows("Common mistakes"))
def test_the_mistakes_of_the_manual_are_answered_as_it_says(shop, written, said):
    shop.write(f"---\n{written}\n---\n" if written.startswith("tit") else written)
    assert any(said in problem for problem in shop.problems())


@pytest.mark.parametrize(("written", "said"), rows("Erreurs courantes", FRENCH))
def test_the_mistakes_of_the_french_manual_are_answered_as_it_says(shop, written, said):
    shop.write(f"---\n{written}\n---\n" if written.startswith("tit") else written)
    problems = InProcess().check(workspace(), shop.path).problems
    assert any(said in translated(problem.message, Translator("fr")) for problem in problems)

"""Whatever lies in the folders is told as a problem of its file: it stops nothing."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from clock_kit import now
from effort import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from live_kit import DAILY, small_shop
from structlog.testing import capture_logs

from trello_ops.declaration_source import check_declaration, language
from trello_ops.declared import load
from trello_ops.settings import Settings

TOKEN = "ATTA0123456789abcdef0123456789abcdef"


class Shop:
    """A folder with three sound templates, a workspace and one board, to spoil."""

    def __init__(self, path: Path) -> None:
        self.path = small_shop(path)
        self.boards, self.cards = self.path / "boards", self.path / "templates" / "cards"

    def settings(self, *shared: Path) -> Settings:
        return Settings(
            TRELLO_OPS_BOARDS_DIR=self.boards,
            TRELLO_OPS_TEMPLATES_DIR=self.path / "templates",
            TRELLO_OPS_SHARED_DIRS=os.pathsep.join(map(str, shared)),
        )

    def board(self, text: str) -> "Shop":
        (self.boards / "daily.yaml").write_text(text, "utf-8")
        return self

    def template(self, text: str) -> "Shop":
        (self.cards / "emails.md").write_text(text, "utf-8")
        return self

    def problems(self, *shared: Path) -> list[str]:
        """Every problem, its file as seen from the shop."""
        found = check_declaration(self.settings(*shared), now().date())
        return [str(each).replace(f"{self.path}/", "") for each in found.problems]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    made = Shop(tmp_path / "shop")
    assert made.problems() == []
    return made


# ---- values that no check foresaw -------------------------------------------------------------------


@pytest.mark.parametrize("day", ["9999-12-31", "2200-01-01", "1969-12-31", "0001-01-01"])
def test_a_day_that_is_out_of_reach_is_a_problem(shop: Shop, day: str) -> None:
    said = f"start: {day} is out of reach: name a day from 1970-01-01 to 2199-12-31"
    assert shop.board(f"{DAILY}start: {day}\n").problems() == [f"boards/daily.yaml:11:8 {said}"]


@pytest.mark.parametrize("day", ["1970-01-01", "2199-12-31"])
def test_the_first_and_the_last_day_are_none(shop: Shop, day: str) -> None:
    assert shop.board(f"{DAILY}start: {day}\n").problems() == []


VALUES = [
    *(".inf", "-.inf", ".nan", "1e400", "9" * 400, "9" * 5000, "0x" + "f" * 6000, "-0x1", "9999999:00"),
    *("2026-02-30", '"\\0"', '"\\U0001F600"', "!!python/object/apply:os.system [x]", "!!binary aa"),
    *("&a [*a]", "[[[[[]]]]]", "{a: {b: {}}}", "~", "true", "1.5", "99999999999999999999"),
]
FIELDS = [
    *("title", "cadence", "start", "on", "due", "release", "catch_up", "timezone", "assign", "lists", "was"),
    *("excused_list", "housekeeping", "complete_when", "requires", "withdrawn", "new"),
]
WITHIN = [
    'due: {time: "10:00", offset_days: %s}',
    "housekeeping: {archive_done_after: %s}",
    "housekeeping: {undone: {move_to: %s}}",
    "catch_up: {all: %s}",
    "on: [%s]",
]


def test_odd_values_of_every_field_are_problems_and_nothing_else(shop: Shop) -> None:
    rest = DAILY.splitlines()
    with capture_logs() as logs:
        for value in VALUES:
            for line in (*(f"{field}: {value}" for field in FIELDS), *(each % value for each in WITHIN)):
                kept = [each for each in rest if not each.startswith(line.partition(":")[0] + ":")]
                (shop.boards / "daily.yaml").write_text("\n".join((*kept, line)), "utf-8")
                found = load.read(shop.boards, ["parcels.md", "emails.md", "news.md"])
                assert all(each.file.endswith(".yaml") for each in found.problems)
    assert logs == [], "nothing of this was unforeseen"


@pytest.mark.parametrize(
    "text",
    [
        *("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "{{ " + "+".join(["1"] * 2000) + " }}"),
        *("{{ " + "9" * 5000 + " }}", "{% if 1 %}" * 500 + "{% endif %}" * 500, "{{ " + "[" * 5000 + " }}"),
        *("{{ " + "not " * 5000 + "1 }}", "{{ task" + ".a" * 2000 + " }}", "{{ 1" + "|upper" * 2000 + " }}"),
        *("{% for a in 'a' %}" * 30 + "{% endfor %}" * 30, '{{ "\\ud800" }}', "{{ 1.e }}{{ " + "-" * 5000),
    ],
    ids=["parentheses", "sum", "number", "if", "list", "not", "parts", "filters", "for", "half", "minus"],
)
def test_a_template_that_is_too_much_is_a_problem_in_its_line(shop: Shop, text: str) -> None:
    with capture_logs() as logs:
        (problem,) = shop.template(f"Bonjour\n\n{text}\n").problems()
    # What only rendering shows is told where its text begins.
    assert problem.startswith(("templates/cards/emails.md:3:1: ", "templates/cards/emails.md:1:1: "))
    assert logs == []


def test_a_sum_of_20_000_terms_is_a_problem_soon(shop: Shop) -> None:
    shop.template("{{ " + "+".join(["1"] * 20_000) + " }}")
    (problem,) = shop.problems()
    assert "emails.md:1:1: is nested more than 100 levels deep: simplify it" in problem


@pytest.mark.parametrize("error", [RecursionError("deep"), MemoryError(), ZeroDivisionError(TOKEN)])
def test_what_nobody_foresaw_is_a_problem_of_its_file(
    shop: Shop, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(load, "build_board", fails)
    with capture_logs() as logs:
        (problem,) = shop.problems()
    name = type(error).__name__
    assert problem.startswith(
        f"boards/daily.yaml:1:1: cannot be used, for a reason that nobody foresaw ({name})"
    )
    assert TOKEN not in problem
    assert [(line["event"], line["error"]) for line in logs] == [("files.unforeseen", name)]
    assert "build_board" in logs[0]["exception"] or "fails" in logs[0]["exception"]


# ---- links ------------------------------------------------------------------------------------------


def test_a_template_that_links_to_env_is_refused_by_name(shop: Shop) -> None:
    env = shop.path / ".env"
    env.write_text(f"TRELLO_OPS_TRELLO_TOKEN={TOKEN}\n")
    (shop.cards / "_e.md").symlink_to("../../.env")
    shop.template("{% include '_e.md' %}")
    problems = shop.problems()
    said = f"leads out of templates, to {env}: put a copy in its place".replace(f"{shop.path}/", "")
    assert any(each.startswith(f"templates/cards/_e.md:1:1: {said}") for each in problems)
    assert TOKEN not in "".join(problems)


def test_a_board_file_that_links_out_is_refused_unless_its_folder_is_shared(
    shop: Shop, tmp_path: Path
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shop.boards / "daily.yaml").rename(shared / "daily.yaml")
    (shop.boards / "daily.yaml").symlink_to(shared / "daily.yaml")
    (problem, *_) = shop.problems()
    assert problem.startswith("boards/daily.yaml:1:1: leads out of boards, to ") or "leads out of" in problem
    assert "TRELLO_OPS_SHARED_DIRS" in problem
    assert shop.problems(shared) == []
    assert shop.problems(tmp_path / "elsewhere", shared) == []


def test_a_workspace_that_links_out_does_not_even_choose_the_language(shop: Shop, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    (shop.boards / "workspace.yaml").rename(other)
    (shop.boards / "workspace.yaml").symlink_to(other)
    assert language(shop.settings()) == "en"
    assert language(shop.settings(tmp_path)) == "fr"


def test_a_folder_of_shared_templates_is_read_where_it_is_allowed(shop: Shop, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "compte.md").write_text("Compter.")
    (shop.cards / "commun").symlink_to(shared)
    text = DAILY.replace("emails.md", "commun/compte.md")
    shop.board(text)
    (problem,) = shop.problems()
    assert "there is no template `commun/compte.md`" in problem
    warnings = check_declaration(shop.settings()).warnings
    assert any(each.file.endswith("commun") and "leads out of" in each.message for each in warnings)
    assert shop.problems(shared) == []
    assert check_declaration(shop.settings(shared)).warnings == ()


def test_folders_that_are_links_are_read(shop: Shop, tmp_path: Path) -> None:
    for name in ("boards", "templates"):
        (shop.path / name).rename(tmp_path / f"real-{name}")
        (shop.path / name).symlink_to(tmp_path / f"real-{name}")
    assert shop.problems() == []


def test_the_links_of_kubernetes_within_a_folder_are_read(shop: Shop) -> None:
    """A ConfigMap: each file links to `..data/NAME`, and `..data` to the folder of its newest version."""
    for folder in (shop.boards, shop.cards):
        version = folder / "..2026_12_01"
        version.mkdir()
        for file in [each for each in folder.iterdir() if each.is_file()]:
            file.rename(version / file.name)
            file.symlink_to(Path("..data") / file.name)
        (folder / "..data").symlink_to(version.name)
    (shop.cards / "..2026_12_01" / "soir").mkdir()
    (shop.cards / "..2026_12_01" / "soir" / "compte.md").write_text("Compter.")
    (shop.cards / "soir").symlink_to(Path("..data") / "soir")
    shop.board(DAILY.replace("emails.md", "soir/compte.md"))
    assert shop.problems() == []
    assert check_declaration(shop.settings()).warnings == ()


def test_links_in_circles_lead_nowhere(shop: Shop) -> None:
    for name in ("a", "b", "c"):
        (shop.cards / name).symlink_to(".")
        (shop.boards / name).symlink_to("..")
    (shop.cards / "self.md").symlink_to("self.md")
    (shop.cards / "gone.md").symlink_to("never-was")
    (shop.boards / "self.yaml").symlink_to("self.yaml")
    began = time.monotonic()
    problems = shop.problems()
    assert time.monotonic() - began < 5
    assert [each.partition(": ")[0] for each in problems] == ["boards/self.yaml:1:1"]


def test_names_with_dots_and_absolute_ones_reach_nothing(shop: Shop) -> None:
    (shop.path / "secret.md").write_text(TOKEN)
    for name in ("../../secret.md", str(shop.path / "secret.md"), "./../cards/../../secret.md", "..", "/"):
        problems = shop.template(f"{{% include {name!r} %}}").problems()
        assert problems
        assert all("is no file of" in each for each in problems)
        assert shop.board(DAILY.replace("emails.md", f'"{name}"')).problems()
        shop.board(DAILY)


# ---- what is no file, and what is too large ---------------------------------------------------------

SPOILS: dict[str, Callable[[Path], object]] = {
    "pipe": os.mkfifo,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "folder": lambda path: path.mkdir(),
    "link to nothing": lambda path: path.symlink_to("never-was"),
    "half a disk": lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), 10**12),
}


@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS.keys())
@pytest.mark.parametrize("name", ["boards/daily.yaml", "boards/workspace.yaml", "templates/cards/emails.md"])
@pytest.mark.timeout(20)
def test_what_is_no_ordinary_file_is_told_and_nothing_waits_for_it(
    shop: Shop, name: str, spoil: Callable[[Path], object]
) -> None:
    (shop.path / name).unlink()
    spoil(shop.path / name)
    problems = shop.problems()
    about = "boards/daily.yaml" if name.endswith(".md") and spoil in list(SPOILS.values())[2:4] else name
    assert any(each.startswith(f"{about}:") for each in problems), problems
    assert language(shop.settings()) in {"en", "fr"}


@pytest.mark.parametrize(
    ("name", "most"), [("boards/daily.yaml", 5_000_000), ("templates/cards/emails.md", 200_000)]
)
def test_a_large_file_is_refused_by_name(shop: Shop, name: str, most: int) -> None:
    (shop.path / name).write_bytes(b"# x\n" * (most // 4 + 1))
    (problem,) = [each for each in shop.problems() if name in each]
    assert problem == f"{name}:1:1: is larger than {most:,} bytes, and is not read: shorten it"


@pytest.mark.parametrize(
    "text",
    ["- a\n" * 20_000, "[" + "a," * 2_000_000, "k: v\n" * 20_000, "a: &x 1\nb: [" + "*x," * 20_000],
    ids=["list", "flow", "twice", "aliases"],
)
def test_a_file_of_many_values_is_refused_soon(shop: Shop, text: str) -> None:
    began = time.monotonic()
    problems = shop.board(text).problems()
    assert any("holds more than 10,000 values: split it" in each for each in problems)
    assert time.monotonic() - began < 10


def test_of_many_mistakes_the_first_are_told(shop: Shop) -> None:
    tasks = "".join(f"  t{n}: {{title: A, theme: non, template: non.md}}\n" for n in range(500))
    problems = shop.board(f"title: Q\ncadence: daily\ntasks:\n{tasks}").problems()
    assert len(problems) == 201
    assert sum("800 more mistakes are not listed: correct these first" in each for each in problems) == 1


def test_files_whose_names_are_no_utf_8_are_pointed_out(shop: Shop) -> None:
    for folder, ending in ((shop.boards, b"yaml"), (shop.cards, b"md")):
        with open(os.fsencode(folder) + b"/\xff." + ending, "w") as file:  # noqa: PTH123 (a Path is text)
            file.write("{{ x")
    assert shop.problems() == []
    warnings = [each.message for each in check_declaration(shop.settings()).warnings]
    assert warnings == ["is not read, as its name is no UTF-8: rename it, or move it elsewhere"] * 2


# ---- anything at all --------------------------------------------------------------------------------

LINES = st.sampled_from([*DAILY.splitlines(), *(f"{field}: {v}" for field in FIELDS for v in VALUES[:3])])
TEXTS = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.one_of(LINES, st.text("{}[]&*!|>%@`\"',:-?# \t\n0ab", max_size=30)), max_size=12).map(
        lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass")
    ),
    st.text("{}%#|()[]~+-*'\". abtask\n0", max_size=80).map(str.encode),
)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(
        ["boards/daily.yaml", "boards/workspace.yaml", "templates/cards/emails.md", "templates/cards/_x.md"]
    ),
    data=TEXTS,
)
def test_any_bytes_in_any_file_are_problems_or_a_workspace(shop: Shop, name: str, data: bytes) -> None:
    file = shop.path / name
    before = file.read_bytes() if file.exists() else None
    file.write_bytes(data)
    try:
        with capture_logs() as logs:
            found = check_declaration(shop.settings(), now().date())
        assert found.problems or found.workspace
        assert logs == [], "nothing of this was unforeseen"
    finally:
        file.unlink() if before is None else file.write_bytes(before)

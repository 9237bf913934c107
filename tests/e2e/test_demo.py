"""The demo from end to end: what it leaves, says and never touches, and its reports as an oracle has them."""

import copy
import email
import email.policy
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import requests
from effort import slow_but_for
from live_kit import CHECKOUT
from oracle import Oracle, disagreements

from trello_ops.core.reporting.report import Report
from trello_ops.demo import folder, pages
from trello_ops.demo.run import run
from trello_ops.demo.shop import shop_sandbox
from trello_ops.errors import InvalidSettings
from trello_sandbox.server import Handle, running

pytestmark = pytest.mark.slow

Json = dict[str, Any]

BY_COMMAND = 7
"""The seed of the demo that the command line runs."""
WEEKS_BY_SEED = {1: 4, BY_COMMAND: 1, 8: 1}
SECRET = re.compile(r"(?i)(?<![0-9a-f])[0-9a-f]{32,}(?![0-9a-f])")
"""What a sandbox's key, token and secret look like, and those that it gives to people; no id is as long."""
AVATAR = re.compile(r"\b[0-9a-f]{24}0{8}\b")
"""What a sandbox says for the hash of a picture: the member's id and zeros."""


class Demo:
    """What a demo left behind."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.reports: list[Json] = [
            json.loads(p.read_text("utf-8")) for p in sorted(out.glob("reports/*.json"))
        ]
        state = json.loads((out / "sandbox-state.json").read_text("utf-8"))
        self.oracle = Oracle(state, CHECKOUT / "boards")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """A week of the demo by the command line, in a shell where a proxy is set. Its folder is `args[-1]`."""
    out = tmp_path_factory.mktemp("demo") / "out"
    options = ["--weeks", "1", "--seed", str(BY_COMMAND), "--out", str(out)]
    command = [sys.executable, "-m", "trello_ops", "demo", *options]
    env = {**os.environ, "HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    return subprocess.run(
        command, env=env, capture_output=True, text=True, check=False, timeout=100, umask=0o022
    )


@pytest.fixture(scope="module")
def out(told: subprocess.CompletedProcess[str]) -> Path:
    return Path(told.args[-1])


@pytest.fixture(scope="module")
def demo(out: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Demo]:
    """The demo of a seed, lived once."""
    lived = {BY_COMMAND: Demo(out)}

    def of(seed: int) -> Demo:
        if seed not in lived:
            out = tmp_path_factory.mktemp(f"demo-{seed}") / "out"
            run(WEEKS_BY_SEED[seed], out, seed, lambda _: None)
            lived[seed] = Demo(out)
        return lived[seed]

    return of


def test_it_ends_well_and_tells_the_week(told: subprocess.CompletedProcess[str]) -> None:
    assert (told.returncode, told.stderr) == (0, "")
    assert re.search(r"2026-W44 +\d\d +\d\d .*%$", told.stdout, re.MULTILINE)
    assert "out/index.html" in told.stdout


def test_what_it_leaves_is_for_its_user_alone(out: Path) -> None:
    assert {oct(path.stat().st_mode & 0o077) for path in (out, *out.rglob("*"))} == {"0o0"}


def test_every_kind_of_mishap_happens_in_the_first_week(out: Path) -> None:
    report = json.loads((out / "reports/2026-W44.json").read_text("utf-8"))
    assert min(report["totals"][outcome] for outcome in ("on_time", "late", "missed", "excused")) >= 1
    assert report["totals"]["open"] == 0
    assert report["system"] == []
    actions = json.loads((out / "sandbox-state.json").read_text("utf-8"))["actions"]
    assert any(action["data"].get("old", {}).get("dueComplete") is True for action in actions)


def test_its_store_and_files_can_be_asked_afterwards(out: Path) -> None:
    def told(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "trello_ops", *command],
            cwd=out / "workspace",
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    report = told("report", "--week", "2026-W44", "--format", "json")
    assert json.loads(report.stdout) == json.loads((out / "reports/2026-W44.json").read_text("utf-8"))
    assert told("validate").returncode == 0
    assert told("tick").returncode == 2, "without key and token, nothing asks Trello"


def test_people_act_as_themselves_and_robots_never_tick(out: Path) -> None:
    state = json.loads((out / "sandbox-state.json").read_text("utf-8"))
    robot = next(member["id"] for member in state["members"] if member["username"] == "robot")
    ticks = [action for action in state["actions"] if "dueComplete" in action["data"].get("old", {})]
    by = {action["idMemberCreator"] for action in ticks}
    assert len(by) >= 3
    assert robot not in by


def test_one_mail_waits_in_the_mailbox(out: Path) -> None:
    (mail,) = (out / "mail").iterdir()
    assert b"2026-W44" in mail.read_bytes()


class Links(HTMLParser):
    """The files that a page leads to, and whether anything in it runs."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.tags: set[str] = set()
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        found = [value.partition("#")[0] for name, value in attrs if name in ("href", "src") and value]
        self.targets += [target for target in found if target]


def test_every_page_is_reached_and_no_link_is_broken(out: Path) -> None:
    reached, waiting = set[Path](), [out / "index.html"]
    while waiting:
        page = waiting.pop()
        assert page.exists(), page
        if page.suffix == ".html" and page not in reached:
            waiting += [(page.parent / target).resolve() for target in Links(page).targets]
        reached.add(page)
    assert set(out.rglob("*.html")) <= reached
    assert not any(Links(page).tags & {"script", "iframe", "form", "button"} for page in out.rglob("*.html"))


def test_pages_are_light(out: Path) -> None:
    assert sum(page.stat().st_size for page in out.rglob("*.html")) < 3_000_000


HOSTILE = '<script>alert(1)</script>[x](javascript:alert(1)) <a href="/b/nowhere1">'


def test_people_s_text_stays_text(out: Path, tmp_path: Path) -> None:
    with running(shop_sandbox(port=0, rate_limit=False)) as box, requests.Session() as http:
        state = _hostile_state(box, http)
        keys = {board["shortLink"]: f"board-{number}" for number, board in enumerate(state["boards"])}
        pages.keep(box.url, state, keys, tmp_path)
    frozen = json.loads((out / "reports/2026-W44.json").read_text("utf-8"))
    folder.fill(tmp_path, [Report.from_dict({**frozen, "name": HOSTILE})], state, keys)
    assert len(list(tmp_path.rglob("cards/*.html"))) == 1
    for page in tmp_path.rglob("*.html"):
        found = Links(page)
        assert "script" not in found.tags, page
        assert not any(target.startswith("javascript:") for target in found.targets), page
        assert not any("nowhere" in target for target in found.targets), page


def _hostile_state(box: Handle, http: requests.Session) -> Json:
    """What a sandbox holds where everything that people may write is hostile."""
    http.headers["Authorization"] = f'OAuth oauth_consumer_key="{box.key}", oauth_token="{box.token}"'

    def write(method: str, path: str, **values: str) -> Any:
        answer = http.request(method, f"{box.url}/1/{path}", json=values, timeout=20)
        answer.raise_for_status()
        return answer.json()

    me = write("PUT", "members/me", fullName=HOSTILE)["id"]
    board = write("POST", "boards", name=HOSTILE)["id"]
    label = write("POST", "labels", idBoard=board, name=HOSTILE)["id"]
    into = write("POST", "lists", idBoard=board, name=HOSTILE)["id"]
    card = write("POST", "cards", idList=into, name=HOSTILE, desc=HOSTILE, idLabels=label, idMembers=me)["id"]
    write("POST", f"cards/{card}/actions/comments", text=HOSTILE)
    checklist = write("POST", f"cards/{card}/checklists", name=HOSTILE)["id"]
    write("POST", f"checklists/{checklist}/checkItems", name=HOSTILE)
    state: Json = http.get(f"{box.url}/sandbox/state", timeout=20).json()
    return state


# ---- the same again ---------------------------------------------------------------------------------


def _comparable(out: Path) -> Iterator[Json]:
    """Reports without addresses. Trello's clock ticks on while people act: instants count to the minute."""
    for path in sorted((out / "reports").glob("*.json")):
        text = re.sub(r'"((?:card_)?url)": "[^"]*"', r'"\1": ""', path.read_text("utf-8"))
        yield json.loads(re.sub(r"(T\d\d:\d\d):\d\d(\.\d+)?Z", r"\1Z", text))


@pytest.mark.slow
def test_the_same_seed_gives_the_same_reports_and_another_others(
    demo: Callable[[int], Demo], out: Path, tmp_path: Path
) -> None:
    days: list[str] = []
    run(1, tmp_path / "same", BY_COMMAND, days.append)
    assert days[0] == "Monday 26 October"
    assert len(days) == 8
    assert list(_comparable(tmp_path / "same")) == list(_comparable(out))
    assert list(_comparable(demo(8).out)) != list(_comparable(out))


# ---- somebody else's folder -------------------------------------------------------------------------


def test_a_stranger_s_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "taxes.html").write_text("mine")
    with pytest.raises(InvalidSettings, match="no demo made it: name another folder with --out"):
        run(1, tmp_path, 1, None)
    assert [path.name for path in tmp_path.rglob("*")] == ["reports", "taxes.html"]


def test_only_what_the_demo_made_is_cleared(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    folder.clear(out)
    (out / "reports").mkdir()
    (out / "reports" / "2026-W44.html").touch()
    (out / "notes.txt").touch()
    (out / "boards").symlink_to(elsewhere)
    folder.clear(out)
    assert sorted(path.name for path in out.iterdir()) == [folder.MARKER, "notes.txt"]
    assert (elsewhere / "kept").exists()


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(InvalidSettings, match="out cannot be written"):
        folder.clear(tmp_path / "out")


# ---- the oracle -------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", slow_but_for([BY_COMMAND], WEEKS_BY_SEED))
def test_every_outcome_is_what_the_oracle_says(demo: Callable[[int], Demo], seed: int) -> None:
    seen = demo(seed)
    assert len(seen.reports) == WEEKS_BY_SEED[seed]
    for report in seen.reports:
        assert disagreements(report, seen.oracle) == []


@pytest.mark.parametrize("seed", slow_but_for([BY_COMMAND], WEEKS_BY_SEED))
def test_every_occurrence_has_one_card(demo: Callable[[int], Demo], seed: int) -> None:
    """The simulated robot never rested, so whatever was released has its card, once."""
    seen = demo(seed)
    cards = seen.oracle.trello.cards
    assert {key: len(found) for key, found in cards.items() if len(found) > 1} == {}
    every = [duty for report in seen.reports for duty in seen.oracle.owed(report["week"])]
    owed = {duty.key for duty in every if not duty.excused}
    assert owed
    assert owed - set(cards) == set()
    assert set(cards) - owed <= {key for key in cards if _due_later(seen, key)}


def _due_later(seen: Demo, key: str) -> bool:
    """Whether a card is due after the last report's week."""
    card = seen.oracle.trello.card_of(key)
    return card is not None and card["due"] > seen.reports[-1]["to"]


@pytest.mark.slow
def test_four_weeks_differ(demo: Callable[[int], Demo]) -> None:
    reports = demo(1).reports
    assert len({json.dumps(report["totals"]) for report in reports}) == 4
    outcomes = {line["outcome"] for report in reports for line in report["occurrences"]}
    assert {"on_time", "late", "missed", "excused"} <= outcomes
    assert any(report["caught_up"] for report in reports)


# ---- the judges are judged --------------------------------------------------------------------------


def _another_outcome(report: Json) -> None:
    line = report["occurrences"][0]
    line["outcome"] = "late" if line["outcome"] != "late" else "missed"


def _another_person(report: Json) -> None:
    line = next(each for each in report["occurrences"] if each["completed_by"])
    line["completed_by"] = "nobody"


def _another_instant(report: Json) -> None:
    line = next(each for each in report["occurrences"] if each["completed_at"])
    line["completed_at"] = "2026-10-27T08:00:00Z"


def _a_line_less(report: Json) -> None:
    report["occurrences"].pop()


def _a_total_more(report: Json) -> None:
    report["totals"]["on_time"] += 1


def _a_theme_without_its_lates(report: Json) -> None:
    report["themes"][0]["scheduled"] -= 1


def _caught_up_that_never_was(report: Json) -> None:
    report["caught_up"].append(report["occurrences"][0])


@pytest.mark.parametrize(
    "tamper",
    [
        _another_outcome,
        _another_person,
        _another_instant,
        _a_line_less,
        _a_total_more,
        _a_theme_without_its_lates,
        _caught_up_that_never_was,
    ],
)
def test_the_oracle_notices(demo: Callable[[int], Demo], tamper: Callable[[Json], None]) -> None:
    report = copy.deepcopy(demo(BY_COMMAND).reports[0])
    tamper(report)
    assert len(disagreements(report, demo(BY_COMMAND).oracle)) == 1


# ---- secrets ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", slow_but_for([BY_COMMAND], WEEKS_BY_SEED))
def test_no_file_holds_a_secret(demo: Callable[[int], Demo], seed: int) -> None:
    config = shop_sandbox()
    assert all(SECRET.search(f"key={secret}&") for secret in (config.key, config.token, config.secret))
    files = [path for path in demo(seed).out.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".html", ".json", ".eml"}
    assert {path.name: found[0] for path in files if (found := SECRET.search(_text(path)))} == {}


def _text(path: Path) -> str:
    """What a file says: a mail's parts decoded, each value of a store on a line of its own."""
    if path.suffix == ".sqlite3":
        with closing(sqlite3.connect(path)) as store:
            tables = [
                name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            ]
            rows = [row for table in tables for row in store.execute(f"SELECT * FROM {table}")]  # noqa: S608
        return AVATAR.sub("", "\n".join(str(value) for row in rows for value in row))
    raw = path.read_bytes()
    if path.suffix != ".eml":
        return AVATAR.sub("", raw.decode("utf-8"))
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([raw.decode("ascii"), *parts])

"""The demo from end to end: what it leaves, what it says, and what it never touches."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import requests

from trello_ops.core.report import Report
from trello_ops.errors import InvalidSettings
from trello_ops.sandbox import demo_folder, demo_pages
from trello_ops.sandbox.demo import run
from trello_ops.sandbox.server import Handle, SandboxConfig, running

Json = dict[str, Any]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """A week of the demo by the command line, in a shell where a proxy is set. Its folder is `args[-1]`."""
    out = tmp_path_factory.mktemp("demo") / "out"
    command = [sys.executable, "-m", "trello_ops", "demo", "--weeks", "1", "--seed", "7", "--out", str(out)]
    env = {**os.environ, "HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=100)


@pytest.fixture(scope="module")
def out(told: subprocess.CompletedProcess[str]) -> Path:
    return Path(told.args[-1])


def test_it_ends_well_and_tells_the_week(told: subprocess.CompletedProcess[str]) -> None:
    assert (told.returncode, told.stderr) == (0, "")
    assert re.search(r"2026-W44 +\d\d +\d\d .*%$", told.stdout, re.MULTILINE)
    assert "out/index.html" in told.stdout


def test_every_kind_of_mishap_happens_in_the_first_week(out: Path) -> None:
    report = json.loads((out / "reports/2026-W44.json").read_text("utf-8"))
    assert min(report["totals"][outcome] for outcome in ("on_time", "late", "missed", "excused")) >= 1
    assert report["totals"]["open"] == 0
    assert report["system"] == []
    actions = json.loads((out / "sandbox-state.json").read_text("utf-8"))["actions"]
    assert any(action["data"].get("old", {}).get("dueComplete") is True for action in actions)


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
    with running(SandboxConfig(port=0, rate_limit=False)) as box, requests.Session() as http:
        state = _hostile_state(box, http)
        keys = {board["shortLink"]: f"board-{number}" for number, board in enumerate(state["boards"])}
        demo_pages.keep(box.url, state, keys, tmp_path)
    frozen = json.loads((out / "reports/2026-W44.json").read_text("utf-8"))
    demo_folder.fill(tmp_path, [Report.from_dict({**frozen, "name": HOSTILE})], state, keys)
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
        text = re.sub(r'"card_url": "[^"]*"', '"card_url": ""', path.read_text("utf-8"))
        yield json.loads(re.sub(r"(T\d\d:\d\d):\d\d(\.\d+)?Z", r"\1Z", text))


def test_the_same_seed_gives_the_same_reports_and_another_others(out: Path, tmp_path: Path) -> None:
    days: list[str] = []
    run(1, tmp_path / "same", 7, days.append)
    assert days[0] == "Monday 26 October"
    assert len(days) == 8
    assert list(_comparable(tmp_path / "same")) == list(_comparable(out))
    run(1, tmp_path / "other", 8, days.append)
    assert list(_comparable(tmp_path / "other")) != list(_comparable(out))


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
    demo_folder.clear(out)
    (out / "reports").mkdir()
    (out / "reports" / "2026-W44.html").touch()
    (out / "notes.txt").touch()
    (out / "boards").symlink_to(elsewhere)
    demo_folder.clear(out)
    assert sorted(path.name for path in out.iterdir()) == [demo_folder.MARKER, "notes.txt"]
    assert (elsewhere / "kept").exists()


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(InvalidSettings, match="out cannot be written"):
        demo_folder.clear(tmp_path / "out")

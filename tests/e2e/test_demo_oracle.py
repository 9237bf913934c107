"""The demo's reports, recomputed from the sandbox's raw cards and action log by an independent oracle."""

import copy
import email
import email.policy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from live_kit import CHECKOUT
from oracle import Oracle, disagreements

from trello_ops.sandbox.config import SandboxConfig
from trello_ops.sandbox.demo import run

Json = dict[str, Any]

WEEKS_BY_SEED = {1: 4, 2: 1, 3: 1}
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
def demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Demo]:
    """The demo of a seed, lived once."""
    lived: dict[int, Demo] = {}

    def of(seed: int) -> Demo:
        if seed not in lived:
            out = tmp_path_factory.mktemp(f"demo-{seed}") / "out"
            run(WEEKS_BY_SEED[seed], out, seed, lambda _: None)
            lived[seed] = Demo(out)
        return lived[seed]

    return of


@pytest.mark.parametrize("seed", WEEKS_BY_SEED)
def test_every_outcome_is_what_the_oracle_says(demo: Callable[[int], Demo], seed: int) -> None:
    seen = demo(seed)
    assert len(seen.reports) == WEEKS_BY_SEED[seed]
    for report in seen.reports:
        assert disagreements(report, seen.oracle) == []


@pytest.mark.parametrize("seed", WEEKS_BY_SEED)
def test_every_occurrence_has_one_card(demo: Callable[[int], Demo], seed: int) -> None:
    """The simulated robot never rested, so whatever was released has its card, once."""
    seen = demo(seed)
    cards = seen.oracle.trello.cards
    assert {key: len(found) for key, found in cards.items() if len(found) > 1} == {}
    owed = {duty.key for report in seen.reports for duty in seen.oracle.owed(report["week"])}
    assert owed
    assert owed - set(cards) == set()
    assert set(cards) - owed <= {key for key in cards if _due_later(seen, key)}


def _due_later(seen: Demo, key: str) -> bool:
    """Whether a card is due after the last report's week."""
    card = seen.oracle.trello.card_of(key)
    return card is not None and card["due"] > seen.reports[-1]["to"]


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
    report = copy.deepcopy(demo(3).reports[0])
    tamper(report)
    assert len(disagreements(report, demo(3).oracle)) == 1


# ---- secrets ----------------------------------------------------------------------------------------


def test_no_file_holds_a_secret(demo: Callable[[int], Demo]) -> None:
    config = SandboxConfig()
    assert all(SECRET.search(f"key={secret}&") for secret in (config.key, config.token, config.secret))
    files = [path for path in demo(1).out.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".html", ".json", ".eml"}
    assert {path.name: found[0] for path in files if (found := SECRET.search(_text(path)))} == {}


def _text(path: Path) -> str:
    """What a file says, the parts of a mail decoded."""
    raw = path.read_bytes()
    if path.suffix != ".eml":
        return AVATAR.sub("", raw.decode("utf-8"))
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([raw.decode("ascii"), *parts])

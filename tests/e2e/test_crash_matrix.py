"""`kill -9` at boundary after boundary, through apply and two weeks of three boards.

Here a sample of them; `make soak` goes through all.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from crash_kit import MOMENTS, Boundary, Chain, Processes, Seen, kill_at, processes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # killing chains of processes on a busy machine

Json = dict[str, Any]

_OF_EACH = {"apply": 1, "daemon": 3}
"""How many boundaries of each role and stage are tried here."""


@pytest.fixture(scope="module")
def started() -> Iterator[Processes]:
    with processes() as running:
        yield running


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory, started: Processes) -> Chain:
    return Chain(tmp_path_factory.mktemp("chain"), started)


@pytest.mark.parametrize("stage", ["before", "lost", "after"])
def test_whatever_is_killed_each_card_is_there_once_and_whole(
    chain: Chain, started: Processes, tmp_path: Path, stage: str
) -> None:
    verdicts = {
        str(boundary): kill_at(boundary, chain.before(boundary.moment), tmp_path, started)
        for boundary in _sample(chain, stage)
    }
    assert {name: verdict.wrong for name, verdict in verdicts.items() if verdict.wrong} == {}
    assert sum(verdict.killed for verdict in verdicts.values()) >= len(verdicts) - 1


def _sample(chain: Chain, stage: str) -> list[Boundary]:
    dice = Random(stage)  # noqa: S311 - a sample, not a secret
    found = []
    for role, count in _OF_EACH.items():
        fit = [b for b in chain.boundaries if b.stage == stage and MOMENTS[b.moment].role == role]
        found += dice.sample(fit, count)
    return found


def test_every_stage_has_its_boundaries(chain: Chain) -> None:
    """All that writes is killed before, lost and after; each morning something is."""
    names = {stage: {b.name for b in chain.boundaries if b.stage == stage} for stage in ("before", "lost")}
    assert {name for name in names["before"] if not name.startswith("GET")} == names["lost"]
    assert names["lost"] >= {"POST /boards", "POST /cards", "POST /checklists/{checklist}/checkItems"}
    commits = {b.name for b in chain.boundaries if b.stage == "after"}
    assert commits >= {"claim", "perform", "confirm", "release", "append", "freeze", "send", "sent"}
    assert {b.moment for b in chain.boundaries} == set(range(len(MOMENTS)))
    assert len(chain.boundaries) > 800


# ---- the judge is judged ----------------------------------------------------------------------------


def _cards(seen: Seen) -> list[Json]:
    return [card for card in seen.state["cards"] if "/daily/parcels/2026-11-24" in card["desc"]]


def _a_doubled_card(seen: Seen) -> None:
    (card,) = _cards(seen)
    seen.state["cards"].append({**card, "id": "f" * 24})


def _a_missing_card(seen: Seen) -> None:
    seen.state["cards"].remove(_cards(seen)[0])


def _a_card_of_nobody(seen: Seen) -> None:
    (card,) = _cards(seen)
    seen.state["cards"].append({**card, "desc": "trello-ops:card:small/daily/other/2026-11-24"})


def _checklists(seen: Seen) -> list[Json]:
    return [each for each in seen.state["checklists"] if each["idCard"] == _cards(seen)[0]["id"]]


def _a_doubled_item(seen: Seen) -> None:
    items = _checklists(seen)[0]["checkItems"]
    items.append({**items[0], "id": "f" * 24})


def _a_missing_item(seen: Seen) -> None:
    _checklists(seen)[0]["checkItems"].pop()


def _a_doubled_checklist(seen: Seen) -> None:
    seen.state["checklists"].append({**_checklists(seen)[0], "id": "f" * 24})


def _a_missing_label(seen: Seen) -> None:
    _cards(seen)[0]["idLabels"] = []


def _a_missing_member(seen: Seen) -> None:
    _cards(seen)[0]["idMembers"].pop()


def _another_due(seen: Seen) -> None:
    _cards(seen)[0]["due"] = "2026-11-25T17:00:00.000Z"


def _a_doubled_board(seen: Seen) -> None:
    seen.state["boards"].append({**seen.state["boards"][0], "id": "f" * 24})


def _a_doubled_list(seen: Seen) -> None:
    seen.state["lists"].append({**seen.state["lists"][0], "id": "f" * 24})


def _a_doubled_template_card(seen: Seen) -> None:
    card = next(each for each in seen.state["cards"] if each["isTemplate"])
    seen.state["cards"].append({**card, "id": "f" * 24})


def _an_item_less_on_a_template_card(seen: Seen) -> None:
    card = next(each for each in seen.state["cards"] if each["isTemplate"])
    next(e for e in seen.state["checklists"] if e["idCard"] == card["id"])["checkItems"].pop()


def _a_wrong_total(seen: Seen) -> None:
    seen.told["reports"][0]["totals"]["on_time"] += 1


def _a_missing_report(seen: Seen) -> None:
    seen.told["reports"].pop()


def _a_claim_left_behind(seen: Seen) -> None:
    seen.told["claims"].append("daily/parcels/2026-11-24")


def _a_problem(seen: Seen) -> None:
    seen.told["problems"]["daily"] = "something"


@pytest.mark.parametrize(
    "tamper",
    [
        _a_doubled_card,
        _a_missing_card,
        _a_card_of_nobody,
        _a_doubled_item,
        _a_missing_item,
        _a_doubled_checklist,
        _a_missing_label,
        _a_missing_member,
        _another_due,
        _a_doubled_board,
        _a_doubled_list,
        _a_doubled_template_card,
        _an_item_less_on_a_template_card,
        _a_wrong_total,
        _a_missing_report,
        _a_claim_left_behind,
        _a_problem,
    ],
)
def test_the_judge_notices(chain: Chain, tamper: Callable[[Seen], None]) -> None:
    assert chain.seen.wrong(chain.shop) == []
    seen = copy.deepcopy(chain.seen)
    tamper(seen)
    assert seen.wrong(chain.shop) != []


def test_the_judge_counts_mails(chain: Chain) -> None:
    for mails in (1, 3):
        assert replace(chain.seen, mails=mails).wrong(chain.shop) == [f"{mails} mails for 2 reports"]

"""trello-ops explain: why a week's report says what it says."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from trello_sandbox.server import Handle

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

Invoke = Callable[..., Result]
TODAY = "daily/parcels/2026-12-02"


@pytest.fixture
def week(invoke: Invoke, sandbox: Handle) -> str:
    """The running week of a shop whose card of today is out."""
    assert sandbox.url
    assert invoke("apply").exit_code == 0
    assert invoke("tick").exit_code == 0
    return "2026-W49"


def test_an_occurrence_is_told_from_its_declaration_to_what_it_counts_as(invoke: Invoke, week: str) -> None:
    told = invoke("explain", week, TODAY)
    assert told.exit_code == 0, told.output
    lines = told.stdout.splitlines()
    assert lines[:3] == [
        "“Send the parcels” is declared: every day, due at 23:59.",
        "This one is for Wednesday, December 2.",
        "Assigned to Amal Benali.",
    ]
    assert any("its card was made: http" in line for line in lines)
    assert lines[-1] == (
        "So it counts as still open: it is not due yet, its week is not closed, or its board was not read"
        " since."
    )


def test_an_occurrence_as_json(invoke: Invoke, week: str) -> None:
    told = json.loads(invoke("explain", week, TODAY, "--format", "json").stdout)
    assert {
        name: told[name] for name in ("week", "frozen", "key", "outcome", "counted_now", "rule", "final")
    } == {
        "week": week,
        "frozen": False,
        "key": TODAY,
        "outcome": "open",
        "counted_now": "open",
        "rule": "unread",
        "final": False,
    }
    assert {"at", "what", "who", "how", "approximate", "said"} == set(told["facts"][0])
    assert told["sentences"][-1] == told["conclusion"]


def test_what_lies_ahead_is_told_as_well(invoke: Invoke, week: str) -> None:
    told = invoke("explain", week, "daily/parcels/2026-12-04")
    assert "Not in the ledger yet: it lies ahead." in told.stdout
    assert told.stdout.endswith("So it counts as still open: it is not due yet.\n")


@pytest.mark.parametrize("figure", ["open", "open/daily", "open/operations", "scheduled"])
def test_a_figure_lists_what_makes_it(figure: str, invoke: Invoke, week: str) -> None:
    told = invoke("explain", week, figure)
    assert told.exit_code == 0, told.output
    first, *others = told.stdout.splitlines()
    found = json.loads(invoke("explain", week, figure, "--format", "json").stdout)
    assert found["value"] == len(found["occurrences"]) == len(others)
    assert first.split(": ")[1].startswith(str(len(others)))
    assert any(line.startswith(f"  {TODAY} “Send the parcels”: due") for line in others)


def test_without_a_figure_all_are_told(invoke: Invoke, week: str) -> None:
    told = invoke("explain", week)
    assert told.exit_code == 0, told.output
    assert "rate" in told.stdout
    figures = json.loads(invoke("explain", week, "--format", "json").stdout)["figures"]
    assert figures["missed"] == 0
    assert figures["rate"] is None


@pytest.mark.parametrize("figure", ["signal", "allowance", "rate"])
def test_every_figure_has_something_to_say(figure: str, invoke: Invoke, week: str) -> None:
    told = invoke("explain", week, figure)
    assert told.exit_code == 0, told.output
    assert told.stdout.strip()
    assert invoke("explain", week, f"{figure}/daily").exit_code == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mised", "there is no figure 'mised': did you mean `missed`? (an occurrence is written like"),
        ("missed/dayly", "there is no board or theme 'dayly': did you mean `daily`?"),
        ("daily/parcels/2026-12-33", "'daily/parcels/2026-12-33' is no occurrence"),
        ("daily/parcel/2026-12-02", f"has no daily/parcel/2026-12-02: did you mean `{TODAY}`?"),
    ],
)
def test_what_is_not_there_is_refused_with_advice(name: str, said: str, invoke: Invoke, week: str) -> None:
    told = invoke("explain", week, name)
    assert told.exit_code == 2
    assert said in " ".join(told.stderr.split())


def test_an_occurrence_of_another_week_is_named_with_its_own(invoke: Invoke, week: str) -> None:
    told = invoke("explain", "2026-W48", TODAY)
    assert told.exit_code == 2
    assert f"{TODAY} belongs to {week}" in told.stderr


def test_hostile_titles_do_no_harm_on_a_terminal(invoke: Invoke, folder: Path, sandbox: Handle) -> None:
    assert sandbox.url
    daily = (folder / "boards" / "daily.yaml").read_text("utf-8")
    hostile = daily.replace("title: Send the parcels", 'title: "Send \\u202e <b>%(who)s {0} %s"')
    (folder / "boards" / "daily.yaml").write_text(hostile, "utf-8")
    assert invoke("apply").exit_code == 0
    assert invoke("tick").exit_code == 0
    told = invoke("explain", "2026-W49", TODAY)
    assert told.exit_code == 0, told.output
    assert "\u202e" not in told.stdout
    assert "%(who)s {0} %s" in told.stdout


def test_it_speaks_french(invoke: Invoke, folder: Path, week: str) -> None:
    workspace = folder / "boards" / "workspace.yaml"
    workspace.write_text(workspace.read_text("utf-8").replace("locale: en", "locale: fr"), "utf-8")
    told = invoke("explain", week, TODAY)
    assert (
        "« Send the parcels » est déclarée".replace("« ", "«\u00a0").replace(" »", "\u00a0»") in told.stdout
    )
    assert told.stdout.splitlines()[-1].startswith("Elle compte donc comme")


def test_a_frozen_week_says_why_something_was_missed(invoke: Invoke, sandbox: Handle) -> None:
    assert sandbox.url
    assert invoke("apply").exit_code == 0
    for at in ("2026-12-03T08:00", "2026-12-07T08:00"):
        assert invoke("tick", "--at", at).exit_code == 0
    told = invoke("explain", "2026-W49", "daily/parcels/2026-12-03").stdout.splitlines()
    assert told[-1] == "So it counts as not done: it was not done when its week closed."
    assert any(line.endswith("its week closed; what happens later counts no more.") for line in told)
    week = json.loads(invoke("explain", "2026-W49", "--format", "json").stdout)
    assert week["counted_otherwise"] == []
    missed = json.loads(invoke("explain", "2026-W49", "missed", "--format", "json").stdout)
    assert (missed["frozen"], missed["value"]) == (True, 1)
    rate = invoke("explain", "2026-W49", "rate/daily").stdout
    assert rate.startswith("0% on time: 0 of 1 that were on time, done late or not done (Every day)")

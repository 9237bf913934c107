"""trello-ops doctor: the whole of it, against the sandbox over HTTP."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import Result

from trello_ops import __version__
from trello_ops.doctor.examination import CHECKS
from trello_sandbox.server import Handle

Invoke = Callable[..., Result]


@pytest.fixture(autouse=True)
def _settings(sandbox: Handle, folder: Path) -> None:
    """All that there is to be set, so that nothing is missed."""
    put(MAIL_DIR="mail", WEB_BIND="off")


def put(**settings: str) -> None:
    """Set these instead of what was set before."""
    file = Path(".env")
    kept = [
        line
        for line in file.read_text().splitlines()
        if line.partition("=")[0].removeprefix("TRELLO_OPS_") not in settings
    ]
    added = [f"TRELLO_OPS_{name}={value}" for name, value in settings.items()]
    file.write_text("\n".join([*kept, *added, ""]))


def told(invoke: Invoke, *args: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """The exit code, and the findings by check."""
    result = invoke("doctor", "--format", "json", *args)
    document = json.loads(result.stdout)
    assert document.keys() == {"version", "level", "findings"}
    assert document["version"] == __version__
    assert result.exit_code == ["fine", "look", "broken"].index(document["level"])
    findings = document["findings"]
    assert all(each.keys() == {"check", "level", "message", "advice"} for each in findings)
    assert {"fine", "look", "broken"} >= {each["level"] for each in findings}
    return result.exit_code, {each["check"]: each for each in findings}


def granted(sandbox: Handle, **wanted: object) -> str:
    answer = requests.post(f"{sandbox.url}/sandbox/tokens", json=wanted, timeout=5)
    answer.raise_for_status()
    return str(answer.json()["token"])


def levels(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Of what is not fine."""
    return {check: each["level"] for check, each in found.items() if each["level"] != "fine"}


def test_where_all_is_well_it_exits_with_0_and_changes_nothing(invoke: Invoke, folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    code, found = told(invoke)
    assert (code, levels(found)) == (0, {})
    assert list(found) == [check.name for check in CHECKS]
    assert "@robot" in found["account"]["message"]
    assert sorted(folder.rglob("*")) == before
    assert invoke("apply").exit_code == 0
    assert told(invoke)[0] == 0


def test_it_tells_people_what_to_do_in_their_language(invoke: Invoke) -> None:
    put(TRELLO_TOKEN="0" * 64)
    result = invoke("doctor")
    assert result.exit_code == 2
    assert "✗ token" in result.stdout
    assert "→ Make a new token" in result.stdout
    put(LANG="fr")
    said = invoke("doctor").stdout
    assert "✗ jeton" in said
    assert "→ Créez un nouveau jeton" in said
    assert "quelque chose est en panne." in said.lower()


def test_what_is_worth_a_look_exits_with_1(invoke: Invoke, sandbox: Handle) -> None:
    put(TRELLO_TOKEN=granted(sandbox, scopes=["read", "write"], expires="2026-12-09T12:00:00Z"))
    requests.post(f"{sandbox.url}/sandbox/clock", json={"now": "2026-12-02T12:00:00Z"}, timeout=5)
    code, found = told(invoke)
    assert code == 1
    assert levels(found) == {"token": "look"}
    assert found["token"]["message"].endswith("until 2026-12-09")


def test_a_token_that_may_only_read_is_broken(invoke: Invoke, sandbox: Handle) -> None:
    put(TRELLO_TOKEN=granted(sandbox, scopes=["read"]))
    code, found = told(invoke)
    assert (code, levels(found)) == (2, {"token": "broken"})
    assert "to change boards" in found["token"]["message"]


def test_wrong_settings_hide_nothing_else_and_no_secret_is_told(invoke: Invoke, sandbox: Handle) -> None:
    put(SMTP_URL="smtp://amal:hunter2x9@", MAX_CARDS_CREATED="many")
    result = invoke("doctor", "--format", "json")
    found = {each["check"]: each for each in json.loads(result.stdout)["findings"]}
    assert result.exit_code == 2
    assert "TRELLO_OPS_MAX_CARDS_CREATED" in found["settings"]["message"]
    assert levels(found) == {"settings": "broken", "mail": "look"}
    assert not any(secret in result.output for secret in ("hunter2x9", sandbox.token, sandbox.key))


def test_while_trello_is_away_the_rest_is_told(invoke: Invoke) -> None:
    put(TRELLO_URL="http://127.0.0.1:9", REQUEST_TIMEOUT_SECONDS="1")
    code, found = told(invoke)
    assert code == 2
    assert levels(found) == {"token": "broken", "account": "broken", "clock": "broken"}
    assert found["files"]["level"] == found["store"]["level"] == "fine"


def test_a_clock_that_is_wrong_is_broken(invoke: Invoke, sandbox: Handle) -> None:
    requests.post(f"{sandbox.url}/sandbox/clock", json={"now": "2026-12-02T18:00:00Z"}, timeout=5)
    assert told(invoke)[1]["clock"]["level"] == "broken"


def test_a_test_mail_is_sent_on_request_alone(invoke: Invoke, folder: Path) -> None:
    assert "test_mail" not in told(invoke)[1]
    assert not (folder / "mail").exists()
    code, found = told(invoke, "--mail", "amal@shop.example")
    assert (code, found["test_mail"]["level"]) == (0, "fine")
    (mail,) = (folder / "mail").iterdir()
    assert "To: amal@shop.example" in mail.read_text()


@pytest.mark.parametrize(
    "given", ["", "amal", "amal@", "a@b@c", "amal@shop.example\nBcc: x@y.example", "é@x.fr"]
)
def test_what_is_no_address_gets_no_mail(invoke: Invoke, folder: Path, given: str) -> None:
    result = invoke("doctor", "--mail", given)
    assert result.exit_code == 2
    assert "should be a mail address" in result.stderr
    assert not (folder / "mail").exists()


def test_broken_files_and_a_lost_store_are_told(invoke: Invoke, folder: Path) -> None:
    assert invoke("apply").exit_code == 0
    (folder / "trello-ops.sqlite3").unlink()
    (folder / "boards" / "daily.yaml").write_text("title: [")
    code, found = told(invoke)
    assert code == 2
    assert {"files": "broken", "store": "broken"}.items() <= levels(found).items()
    assert "is gone" in found["store"]["message"]

"""Names that would move a cursor or turn the direction of writing: every command shows them, none obeys."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from trello_sandbox.server import Handle

Invoke = Callable[..., Result]

HOSTILE = "\x1b[31mred\x07\x9b2J \u202egpj\u2066 \u2028"
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
COMMANDS = (
    ("validate",),
    ("preview", "parcels"),
    ("calendar",),
    ("plan",),
    ("apply",),
    ("tick",),
    ("status",),
    ("history", "parcels"),
    ("history", "daily/parcels/2026-12-02"),
    ("report",),
)


@pytest.fixture
def hostile(sandbox: Handle, folder: Path) -> None:
    """The sandbox's folder, with such names wherever a person may write one."""

    def renamed(found: re.Match[str]) -> str:
        return found[1] + json.dumps(found[2] + HOSTILE)

    for file in (folder / "boards").iterdir():
        file.write_text(re.sub(r"((?:name|title): )([^,}\n]+)", renamed, file.read_text()))
    card = folder / "templates" / "cards" / "parcels.md"
    card.write_text(card.read_text().replace("Pack", json.dumps(HOSTILE)) + HOSTILE)


@pytest.mark.usefixtures("hostile")
def test_no_command_obeys_a_name(invoke: Invoke) -> None:
    for command in COMMANDS:
        for form in ("text", "json") if command != ("tick",) else ("",):
            done = invoke(*command, *(("--format", form) if form else ()))
            assert done.exit_code == 0, (command, done.output)
            printed = done.stdout.removeprefix("\ufeff")
            assert not OBEYED.search(printed + done.stderr), (command, form)
            assert command[0] in {"validate", "tick"} or "[31mred" in printed, (command, form)
            if form == "json":
                json.loads(printed)
    for form in ("ics", "html"):
        assert not OBEYED.search(invoke("calendar", "--format", form).stdout.replace("\r\n", "\n")), form
    for form in ("csv", "jsonl"):
        assert not OBEYED.search(invoke("export", "--format", form).stdout.replace("\r\n", "\n")), form
    assert not OBEYED.search(invoke("preview", HOSTILE).stderr)
    assert not OBEYED.search(invoke(HOSTILE).stderr)

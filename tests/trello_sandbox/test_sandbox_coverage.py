"""The page about what the sandbox serves is true, and the command that prints it says what is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from trello_sandbox import coverage

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "sandbox-coverage.md").read_text(encoding="utf-8")
SPEC = Path(os.environ.get("TRELLO_OPENAPI", ROOT.parent / "shared" / "trello-openapi.json"))


@pytest.mark.skipif(not SPEC.exists(), reason=f"Atlassian's OpenAPI document is not at {SPEC}")
def test_the_page_lists_what_the_command_prints():
    command = [sys.executable, "-m", "trello_sandbox.coverage", str(SPEC)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    listed = PAGE.partition("<!-- routes -->\n")[2].partition("<!-- end -->")[0]
    assert listed == printed, "print the routes anew into docs/sandbox-coverage.md"


def test_operations_are_matched_whatever_their_parameters_are_called():
    theirs = {
        "paths": {
            "/boards/": {"post": {}, "parameters": []},
            "/cards/{idCard}": {"get": {}},
            "/lists/{id}/closed": {"put": {}},
            "/emoji": {"get": {}},
        }
    }
    ours = {("GET", "/cards/{}"): "/cards/{card}", ("POST", "/boards"): "/boards", ("GET", "/x"): "/x"}
    assert coverage.report(ours, coverage.specified(theirs)).splitlines() == [
        "3 of the 4 operations of the specification are served, and 1 beyond it.",
        "",
        "### Served",
        "",
        "- `/boards` POST",
        "- `/cards/{idCard}` GET",
        "- `/lists/{id}/closed` PUT",
        "",
        "### Not served",
        "",
        "- `/emoji` GET",
        "",
        "### Served beyond the specification",
        "",
        "- `/x` GET",
    ]


def test_what_counts_as_served_by_a_field_route_is(trello, desk):
    assert trello.put(f"/lists/{desk.lists[0]}/closed", value=True)["closed"]
    other = trello.board(name="Other")
    assert trello.put(f"/lists/{desk.lists[0]}/idBoard", value=other.id)["idBoard"] == other.id


@pytest.mark.parametrize("content", [None, "{}", "[]", "no JSON", '{"paths": 1}'])
def test_a_document_that_cannot_be_read_is_named(tmp_path, capsys, content):
    path = tmp_path / "spec.json"
    if content is not None:
        path.write_text(content)
    assert coverage.main([str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"{path} is no OpenAPI document")
    assert coverage.main([]) == 2

"""trello.js, whose schemas were audited against live Trello, takes the sandbox's answers.

`trello_js/run.mjs` makes the calls, and says which it leaves out and why. It needs node and npm.
"""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from effort import slow_but_for
from fetched import fetched

HERE = Path(__file__).parent / "trello_js"
AREAS = {
    "actions", "batch", "boards", "cards", "checklists", "labels", "lists", "members",
    "organizations", "search", "tokens", "webhooks",
}  # fmt: skip


@pytest.fixture(scope="module")
def home():
    """A folder with trello.js in it, of the version that the lock file names."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("trello.js needs node and npm, which are not on this machine")
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    return fetched(f"trello_js-{lock[:12]}", _install)


def _install(folder):
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder)
    options = ["--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1"]
    return ["npm", "ci", "--prefix", str(folder), *options]


@pytest.fixture
def run(home, trello, receiver):
    """Runs run.mjs against the sandbox, the answer to one call broken if so told; what it printed."""
    scopes = ["read", "write", "account"]
    tokens = [trello.control("POST", "tokens", {"scopes": scopes})["token"] for _ in range(2)]
    script = shutil.copy(HERE / "run.mjs", home)  # node looks for packages beside the script

    def run(spoiled=""):
        command = ["node", script, trello.handle.url, trello.handle.key, *tokens, receiver.url, spoiled]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def _refused(told):
    return {call: why for call, why in told["results"].items() if why is not None}


def test_trello_js_takes_every_answer_and_none_is_passed_over(run):
    told = run()
    assert _refused(told) == {}
    assert {call.partition(".")[0] for call in told["results"]} == AREAS
    assert told["forgotten"] == []


@pytest.mark.parametrize(
    "call",
    slow_but_for(
        ["boards.getBoard, nested"],
        ["labels.getLabel", "boards.getBoard, nested", "search.search", "webhooks.updateWebhook"],
    ),
)
def test_a_broken_answer_is_laid_to_the_call_it_came_to(run, call):
    assert set(_refused(run(spoiled=call))) == {call}

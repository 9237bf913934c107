"""adopt against the sandbox, as a person types it."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import Result

from trello_sandbox.server import Handle

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
Invoke = Callable[..., Result]
Json = dict[str, Any]


class Team:
    """People on a board that they made themselves, with a token of their own."""

    def __init__(self, sandbox: Handle, trello: Any) -> None:
        self._url = f"{sandbox.url}/1"
        granted = trello.control("tokens", {"username": "amal_zina", "name": "Amal Benali"})
        self._amal = {"key": sandbox.key, "token": granted["token"]}

    def act(self, method: str, path: str, **params: str) -> Any:
        answer = requests.request(method, self._url + path, params={**self._amal, **params}, timeout=5)
        assert answer.ok, answer.text
        return answer.json()

    def board(self, robot: str | None = "normal") -> Json:
        """To Do, Doing and Done, labels without names, and a card."""
        where = next(each["id"] for each in self.act("GET", "/members/me/organizations"))
        board: Json = self.act(
            "POST", "/boards", name="Shop", desc="Ours", idOrganization=where, prefs_permissionLevel="org"
        )
        for each in self.act("GET", f"/boards/{board['id']}/lists"):
            self.act("PUT", f"/lists/{each['id']}", name=each["name"].upper())
            self.act("POST", "/cards", idList=each["id"], name=f"In {each['name']}")
        self.act("POST", "/labels", idBoard=board["id"], name="operations", color="pink")
        if robot:
            self.act("PUT", f"/boards/{board['id']}/members/robot", type=robot)
        return board

    def lists(self, board: Json) -> list[str]:
        found = self.act("GET", f"/boards/{board['id']}/lists")
        return [each["name"] for each in sorted(found, key=lambda each: float(each["pos"]))]


@pytest.fixture
def team(sandbox: Handle, trello: Any) -> Team:
    return Team(sandbox, trello)


def test_adopting_shows_a_plan_then_does_it_once(invoke: Invoke, trello: Any, team: Team) -> None:
    board = team.board()
    before = (trello.boards, trello.cards, team.lists(board))
    planned = invoke("adopt", "daily", board["url"])
    assert (planned.exit_code, planned.stderr) == (0, "")
    shown = planned.stdout.splitlines()
    assert shown[0] == f"From “Shop” ({board['shortUrl']}) is taken for daily:"
    assert "  the list todo         “TO DO”" in shown
    assert "  the label operations  “operations”  pink" in shown
    assert "  the person amal       @amal_zina" in shown
    assert "  = 3 cards that stand there stay as they are, and are never counted" in shown
    assert "  ~ list done: rename to “Done”" in shown
    assert "create list" not in planned.stdout
    assert shown[-2].startswith("7 changes: + 2 additive, ~ 5 careful.")
    assert shown[-1].endswith(f"`trello-ops adopt daily {board['url']} --apply`.")
    assert (trello.boards, trello.cards, team.lists(board)) == before

    done = invoke("adopt", "daily", board["url"], "--apply")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[:-1] == shown[:-1]
    assert done.stdout.splitlines()[-1] == "“Shop” is the board of daily. Changes made: 7 of 7."
    (made,) = trello.boards
    assert (made["name"], made["desc"]) == ("Every day", "Ours\n\ntrello-ops:board:shop/daily")
    assert team.lists(board) == ["To do", "Doing", "Done"]

    again = invoke("adopt", "daily", board["shortUrl"][-8:], "--apply")
    assert again.exit_code == 0
    assert again.stdout.splitlines()[0] == f"“Every day” ({board['shortUrl']}) is the board of daily already."
    assert "\nNothing to change.\n" in again.stdout
    for command in ("plan", "apply"):
        assert invoke(command).output.splitlines()[0] == "Nothing to change."


def test_cards_come_to_the_adopted_board(invoke: Invoke, trello: Any, team: Team) -> None:
    board = team.board()
    theirs = trello.cards
    assert invoke("adopt", "daily", board["id"], "--apply").exit_code == 0
    assert invoke("tick").exit_code == 0
    (card,) = [each for each in trello.cards if "trello-ops:card:" in each["desc"]]
    todo = team.act("GET", f"/boards/{board['id']}/lists")[0]
    assert card["idList"] == todo["id"]
    assert [each for each in trello.cards if each["id"] != card["id"]] == theirs


def test_json(invoke: Invoke, trello: Any, team: Team) -> None:
    board = team.board()
    for given, done in ((("--format", "json"), 0), (("--format", "json", "--apply"), 8)):
        found = json.loads(invoke("adopt", "daily", board["url"], *given).stdout)
        assert found["board"] == {
            "key": "daily",
            "id": board["id"],
            "title": "Shop",
            "url": board["shortUrl"],
        }
        kinds = [(each["kind"], each["key"]) for each in found["taken"]]
        assert kinds[:2] == [("board", ""), ("list", "todo")]
        assert found["taken"][1]["title"] == "TO DO"
        assert found["notes"] == ["3 cards that stand there stay as they are, and are never counted"]
        assert len(found["plan"]["changes"]) == 8
        assert (found["done"], found["failed"]) == (done, {})


def test_in_french(invoke: Invoke, team: Team, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRELLO_OPS_LANG", "fr")
    board = team.board(robot="observer")
    refused = invoke("adopt", "daily", board["url"])
    assert refused.exit_code == 2
    assert _plain(refused.stderr) == [
        "Le tableau « Shop » ne peut pas être adopté pour daily ; rien n’a été fait.",
        "- le compte @robot n’y est qu’observateur, et ne peut rien changer : faites-en un membre normal.",
    ]
    team.act("PUT", f"/boards/{board['id']}/members/robot", type="normal")
    planned = invoke("adopt", "daily", board["url"])
    assert _plain(planned.stdout)[0] == f"De « Shop » ({board['shortUrl']}) est repris pour daily :"
    assert "3 cartes qui s’y trouvent restent telles quelles, et ne comptent jamais" in planned.stdout


def _plain(text: str) -> list[str]:
    """Its lines, without the no-break spaces of French."""
    return text.replace("\u00a0", " ").splitlines()


def test_what_cannot_be_adopted_is_refused_with_2(invoke: Invoke, trello: Any, team: Team) -> None:
    board = team.board(robot=None)
    assert "the account @robot is no member of it: invite it" in refused(invoke, board["url"])
    team.act("PUT", f"/boards/{board['id']}", **{"prefs/permissionLevel": "private"})
    assert "invite that account to the board" in refused(invoke, board["url"])
    team.act("PUT", f"/boards/{board['id']}/members/robot", type="normal")
    assert "only an admin of it can make it visible" in refused(invoke, board["url"])
    assert "names no board: give its address" in refused(invoke, "the board")
    assert "Trello shows the account @robot no board AbCd1234" in refused(invoke, "AbCd1234")
    assert "there is no board 'dialy': did you mean" in refused(invoke, board["url"], "dialy")
    assert len(trello.boards) == 1


def refused(invoke: Invoke, board: str, key: str = "daily") -> str:
    result = invoke("adopt", key, board, "--apply")
    assert result.exit_code == 2, result.output
    return result.stderr


def test_a_board_that_the_robot_made_already_keeps_its_key(invoke: Invoke, trello: Any, team: Team) -> None:
    board = team.board()
    assert invoke("apply").exit_code == 0
    assert "daily has a board, “Every day”" in refused(invoke, board["url"])
    made = next(each for each in trello.boards if each["id"] != board["id"])
    team.act("PUT", f"/boards/{made['id']}/members/amal_zina", type="admin")
    team.act("DELETE", f"/boards/{made['id']}")
    assert invoke("adopt", "daily", board["url"], "--apply").exit_code == 0
    assert invoke("plan").stdout == "Nothing to change.\n"


def test_an_unsafe_adoption_needs_force(invoke: Invoke, team: Team, folder: Path) -> None:
    board = team.board()
    file = folder / "boards" / "daily.yaml"
    task = file.read_text().partition("tasks:\n")[2]
    file.write_text(file.read_text() + task.replace("parcels:", "letters:"))
    with (folder / ".env").open("a") as settings:
        settings.write("TRELLO_OPS_MAX_CARDS_CREATED=1\n")
    result = invoke("adopt", "daily", board["url"], "--apply")
    assert result.exit_code == 3
    assert "--force" in result.stderr
    assert team.lists(board) == ["TO DO", "DOING", "DONE"]
    assert invoke("adopt", "daily", board["url"], "--apply", "--force").exit_code == 0


HOSTILE = "\x1b[31mred\x07 \u202egpj\u2066 \u2028"


def test_no_name_on_their_board_is_obeyed(invoke: Invoke, team: Team) -> None:
    board = team.board()
    team.act("PUT", f"/boards/{board['id']}", name=f"Shop {HOSTILE}")
    team.act("POST", "/lists", idBoard=board["id"], name=HOSTILE)
    double = team.act("POST", "/lists", idBoard=board["id"], name="to\ndo")["id"]
    refused = invoke("adopt", "daily", board["url"])
    assert refused.exit_code == 2
    assert [line[:2] for line in refused.stderr.splitlines()[1:]] == ["- "]
    assert not OBEYED.search(refused.stderr)
    team.act("PUT", f"/lists/{double}/closed", value="true")
    for form in ("text", "json"):
        done = invoke("adopt", "daily", board["url"], "--format", form)
        assert done.exit_code == 0, done.output
        assert "[31mred" in done.stdout
        assert not OBEYED.search(done.output), form


def test_when_nothing_is_left_to_do_nothing_is_proposed(invoke: Invoke, team: Team) -> None:
    board = team.board()
    assert invoke("adopt", "daily", board["url"], "--apply").exit_code == 0
    assert invoke("adopt", "daily", board["url"]).stdout.splitlines()[-1] == "Nothing to change."

"""Boards that people close, delete, or keep from the robot on the local Trello, week after week."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from click.testing import Result

from trello_sandbox.server import Handle

pytestmark = pytest.mark.slow

Invoke = Callable[..., Result]

MONDAY = dt.date(2097, 1, 7)
"""Later than any today of a run, since `report` goes by the machine's clock."""


def tick(invoke: Invoke, day: int, time: str) -> Result:
    return invoke("tick", "--at", f"{MONDAY + dt.timedelta(days=day)}T{time}")


class Amal:
    """She makes the robot's boards her own, and does with them as she likes."""

    def __init__(self, sandbox: Handle, trello: Any) -> None:
        self._api, self._auth, self._trello = f"{sandbox.url}/1", trello._amal, trello
        self._robot = {"key": sandbox.key, "token": sandbox.token}

    def send(self, method: str, path: str, auth: dict[str, str] | None = None, **params: str) -> None:
        sent = {**(auth or self._auth), **params}
        requests.request(method, f"{self._api}/{path}", params=sent, timeout=5).raise_for_status()

    @property
    def board(self) -> str:
        (board,) = self._trello.boards
        return str(board["id"])

    def close(self) -> None:
        self.send("PUT", f"boards/{self.board}", closed="true")

    def delete(self) -> None:
        self.send("DELETE", f"boards/{self.board}")

    def keep_for_herself(self) -> None:
        robot = requests.get(f"{self._api}/members/me", params=self._robot, timeout=5).json()
        self.send("PUT", f"boards/{self.board}/prefs/permissionLevel", value="private")
        self.send("DELETE", f"boards/{self.board}/members/{robot['id']}")

    def take_over(self) -> None:
        me = requests.get(f"{self._api}/members/me", params=self._auth, timeout=5).json()
        self.send("PUT", f"boards/{self.board}/members/{me['id']}", self._robot, type="admin")


@pytest.fixture
def amal(sandbox: Handle, trello: Any) -> Amal:
    return Amal(sandbox, trello)


@pytest.mark.parametrize("act", [Amal.close, Amal.delete, Amal.keep_for_herself])
def test_nobody_is_charged_with_what_falls_due_on_a_board_that_is_away(
    invoke: Invoke, trello: Any, amal: Amal, act: Callable[[Amal], None]
) -> None:
    assert invoke("apply").exit_code == 0
    amal.take_over()
    for time in ("09:00", "09:05", "09:10"):  # a busy machine may outlast the short lease of these tests
        assert tick(invoke, 0, time).exit_code == 0
        if trello.cards:
            break
    act(amal)
    for day in range(1, 8):
        tick(invoke, day, "09:00")
    tick(invoke, 8, "09:00")
    report = json.loads(invoke("report", "--week", "2097-W02", "--format", "json").stdout)
    assert report["frozen_at"]
    assert [line["outcome"] for line in report["occurrences"]] == ["open", *["not_issued"] * 6]
    assert (report["totals"]["missed"], report["totals"]["late"]) == (0, 0)

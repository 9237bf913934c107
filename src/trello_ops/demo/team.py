"""The demo's team: people who act on what Trello shows them, each with a token of their own."""

import datetime as dt
import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import requests

from trello_ops.demo.story import Act, Desk, Duty, Story

_OVERLAP = dt.timedelta(minutes=2)  # so that no card falls between two looks
_ASKED = "En commentaire"  # how the cards of a pack ask for an answer
_TIMEOUT = 20  # seconds
_NONE, _MINUTE = dt.timedelta(0), dt.timedelta(minutes=1)


class Account:
    """One person's access to the sandbox. `id` is Trello's."""

    def __init__(self, url: str, key: str, username: str, name: str) -> None:
        self._url = url
        self._http = requests.Session()
        self._http.trust_env = False  # no proxy lies between us and this machine
        granted = self._answer("POST", "/sandbox/tokens", json={"username": username, "name": name})
        credentials = f'oauth_consumer_key="{key}", oauth_token="{granted["token"]}"'
        self._http.headers["Authorization"] = f"OAuth {credentials}"
        self.id: str = granted["member"]["id"]

    def read(self, path: str, **asked: str) -> Any:
        """GET a path below `/1/`, and return the JSON of the answer."""
        return self._answer("GET", f"/1/{path}", params=asked)

    def act(self, act: Act) -> None:
        """Send an act's request."""
        self._answer(act.method, f"/1/{act.path}", json=act.values)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _answer(self, method: str, path: str, **sent: Any) -> Any:
        answer = self._http.request(method, self._url + path, timeout=_TIMEOUT, **sent)
        answer.raise_for_status()
        return answer.json()


class Team:
    """All people together. `accounts` are by username; `excused` is the title of the label that excuses.

    `wait_until` moves the clock to an instant, the sandbox's too.
    """

    def __init__(
        self,
        accounts: Mapping[str, Account],
        story: Story,
        excused: str,
        wait_until: Callable[[dt.datetime], None],
    ) -> None:
        self._accounts = accounts
        self._names = {account.id: username for username, account in accounts.items()}
        self._story = story
        self._excused = excused
        self._wait_until = wait_until
        self._eye = next(iter(accounts.values()))
        self._desks: list[Desk] = []
        self._looked_at: dt.datetime | None = None
        self._seen: set[str] = set()
        self._plans: list[Act] = []

    def enter(self, organization: str) -> None:
        """Find the boards of a Workspace."""
        self._desks = []
        for board in self._eye.read(f"organizations/{organization}/boards", fields="name"):
            path = f"boards/{board['id']}"
            lists = [each["id"] for each in self._eye.read(f"{path}/lists", fields="name")]
            labels = self._eye.read(f"{path}/labels", fields="name")
            excused = next(each["id"] for each in labels if each["name"] == self._excused)
            self._desks.append(
                Desk(board["id"], todo=lists[0], doing=lists[1], done=lists[-1], excused=excused)
            )

    def look(self, now: dt.datetime) -> None:
        """Notice new cards, and plan what will be done on them."""
        since = {"since": (self._looked_at - _OVERLAP).isoformat()} if self._looked_at else {}
        self._looked_at = now
        found = [duty for desk in self._desks for duty in self._new_duties(desk, now, since)]
        # In an order of their own, not in that in which Trello lists them: the story depends on it.
        for duty in sorted(found, key=lambda duty: (duty.due, duty.title)):
            acts = tuple(self._story.acts(duty))
            # Whoever finds a card late, as after an outage, does all of it so much later.
            late = max((now + _MINUTE - act.at for act in acts), default=_NONE)
            for act in acts:
                heapq.heappush(self._plans, replace(act, at=act.at + max(late, _NONE)))

    def act_until(self, moment: dt.datetime) -> None:
        """Do everything that was planned for before a moment, at its time."""
        while self._plans and self._plans[0].at < moment:
            act = heapq.heappop(self._plans)
            self._wait_until(act.at)
            self._accounts[act.by].act(act)

    def _new_duties(self, desk: Desk, now: dt.datetime, since: Mapping[str, str]) -> Iterable[Duty]:
        fields = {"fields": "name,desc,due,idMembers,isTemplate", "checklists": "all"}
        for card in self._eye.read(f"boards/{desk.board}/cards", **fields, **since):
            if card["isTemplate"] or card["id"] in self._seen:
                continue
            self._seen.add(card["id"])
            yield Duty(
                card=card["id"],
                title=card["name"],
                desk=desk,
                seen=now,
                due=dt.datetime.fromisoformat(card["due"]),
                doers=tuple(self._names[each] for each in card["idMembers"]) or tuple(self._accounts),
                items=tuple(item["id"] for each in card["checklists"] for item in each["checkItems"]),
                asks=_ASKED in card["desc"],
            )

"""Whatever a board file counts as done: random deeds over HTTP, judged by the independent oracle."""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from live_kit import MONDAY, Json, Live, MovableClock, Shop, apply, one_pass, small_shop
from oracle import Oracle, disagreements

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.operations.report import account

DAILY = """\
title: Quotidien
cadence: daily
on: mon-wed
release: "06:00"
due: "18:00"
lists: {todo: À faire, ill: Excusées, done: Terminé}
excused_list: ill
housekeeping: {undone: {move_to: todo}}
tasks:
  parcels:
    title: Colis
    theme: operations
    template: parcels.md
    assign: [amal, karim]
    complete_when: checklist_complete
    requires: [comment, checklist]
  emails:
    title: E-mails
    theme: operations
    template: emails.md
    assign: amal
    complete_when: {all: [ticked, checklist_complete]}
  news:
    title: Actualité
    theme: data
    template: news.md
    assign: karim
    complete_when: [archived, in_done_list]
    requires: attachment
"""
OTHER = """\
title: Ailleurs
cadence: weekly
on: sunday
lists: {todo: À faire, done: Terminé}
tasks:
  rest: {title: Repos, theme: data, template: news.md, assign: karim}
"""
PEOPLE = ("amal_zina", "karim_zina")
HOUR = dt.timedelta(hours=1)


WEEKS = 1 if settings.default.derandomize else 40
"""A week takes seconds: the gate lives those that once found something, a profile that searches many."""


@contextmanager
def new_shop(trello: Live) -> Iterator[Shop]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        small_shop(folder)
        (folder / "boards" / "daily.yaml").write_text(DAILY, "utf-8")
        (folder / "boards" / "other.yaml").write_text(OTHER, "utf-8")
        trello.reset()
        clock = MovableClock(trello, MONDAY)
        with trello.app(folder, clock) as app:
            apply(app)
            yield Shop(trello, folder, clock, app)


FIELDS = (
    {"dueComplete": "true"},
    {"dueComplete": "false"},
    {"closed": "true"},
    {"closed": "false"},
    {"due": "2026-11-19T10:00:00Z"},
)


class Team:
    """Does something or other to a card, as the dice will have it."""

    def __init__(self, shop: Shop, dice: random.Random) -> None:
        self._trello, self._dice, state = shop.trello, dice, shop.trello.state()
        self._lists = [each["id"] for each in state["lists"]]
        self._people = [each["id"] for each in state["members"] if each["username"] in PEOPLE]

    def act(self, card: Json, state: Json) -> None:
        deeds = (self._edit, self._edit, self._move, self._check, self._check, self._hand_over, self._prove)
        if self._dice.random() < 0.02 and card["name"].startswith("E-mails"):
            deeds = (self._delete,)
        self._dice.choice(deeds)(card, state)

    def _edit(self, card: Json, _state: Json) -> None:
        self._send(card, "PUT", "", **self._dice.choice(FIELDS))

    def _move(self, card: Json, _state: Json) -> None:
        """To whatever list of either board."""
        self._send(card, "PUT", "", idList=self._dice.choice(self._lists))

    def _check(self, card: Json, state: Json) -> None:
        items = [i["id"] for c in state["checklists"] if c["idCard"] == card["id"] for i in c["checkItems"]]
        whole = self._dice.random() < 0.7
        for item in items if whole else self._dice.sample(items, len(items) // 2):
            done = "complete" if whole or self._dice.random() < 0.5 else "incomplete"
            self._send(card, "PUT", f"/checkItem/{item}", state=done)

    def _hand_over(self, card: Json, _state: Json) -> None:
        member = self._dice.choice(self._people)
        if member in card["idMembers"]:
            self._send(card, "DELETE", f"/idMembers/{member}")
        else:
            self._send(card, "POST", "/idMembers", value=member)

    def _prove(self, card: Json, _state: Json) -> None:
        self._send(card, "POST", "/actions/comments", text="Fait")
        self._send(card, "POST", "/attachments", url="https://example.org/")

    def _delete(self, card: Json, _state: Json) -> None:
        self._send(card, "DELETE", "")

    def _send(self, card: Json, method: str, path: str, **params: str) -> None:
        self._trello.act(self._dice.choice(PEOPLE), method, f"/cards/{card['id']}{path}", **params)


def issued(shop: Shop) -> dict[str, str]:
    """The cards that the ledger holds, by key: of a deleted one Trello keeps no marker."""
    found = {}
    for task in ("parcels", "emails", "news"):
        for day in (16, 17, 18):
            key = OccurrenceKey("daily", task, dt.date(2026, 11, day))
            entry = shop.app.services.store.entry(key)
            if entry and entry.card:
                found[str(key)] = entry.card.id
    return found


@pytest.mark.slow
def test_a_week_of_random_deeds(trello: Live) -> None:
    @settings(max_examples=WEEKS)
    @example(55)
    @example(86)
    @given(st.integers(100, 1 << 32))
    def judge(seed: int) -> None:
        with new_shop(trello) as shop:
            assert complaints(shop, seed) == []

    judge()


def complaints(shop: Shop, seed: int) -> list[str]:
    """What the report of a week of deeds says otherwise than the oracle.

    A card may have been deleted before or after anybody read how many check items it had.
    """
    dice = random.Random(seed)  # noqa: S311 - no secret
    assert one_pass(shop.app) == {}
    team = Team(shop, dice)
    while shop.clock.now() < MONDAY + 72 * HOUR:
        shop.clock.advance(dice.randint(60, 5 * 3600))
        state = shop.trello.state()
        cards = {card["id"]: card for card in state["cards"]}
        ours = [cards[each] for _, each in sorted(issued(shop).items()) if each in cards]
        for card in dice.sample(ours, min(2, len(ours))):
            team.act(card, state)
            shop.clock.advance(dice.randint(1, 600))
        if dice.random() < 0.4:
            assert one_pass(shop.app) == {}
    shop.clock.advance_to(MONDAY + 7 * 24 * HOUR + HOUR)
    assert one_pass(shop.app) == {}
    report = account(shop.app.context(), IsoWeek.parse("2026-W47")).as_dict()
    assert report["frozen_at"]
    state, boards, cards = shop.trello.state(), shop.folder / "boards", issued(shop)
    oracles = [Oracle(state, boards, cards, knows_items=knows) for knows in (True, False)]
    return min((disagreements(report, oracle) for oracle in oracles), key=len)

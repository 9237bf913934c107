"""A month in which people work well, badly, late or oddly, over HTTP; it leaves reports and raw objects."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from random import Random

from live_kit import PARIS, Json, Live, MovableClock, apply, one_pass, small_shop
from oracle import MARKER
from quiet import nothing_logged

from trello_ops.app import App

WEEKS = 5
PEOPLE = ("amal_zina", "karim_zina")
STYLES = ("good", "mixed", "bad", "last_minute")
_DAY, _MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)

_BOARDS = {
    "daily": """\
title: Quotidien
cadence: daily
release: "06:00"
due: "18:00"
lists: {todo: À faire, doing: En cours, ill: Excusées, done: Terminé}
excused_list: ill
tasks:
  parcels: {title: Colis, theme: operations, template: parcels.md, assign: [amal, karim], duration: 2h}
  emails: {title: E-mails, theme: operations, template: emails.md, assign: amal,
    requires: checklist, duration: 40 min}
  news: {title: Actualité, theme: data, template: news.md, assign: nobody, duration: 1h30}
  tills: {title: Caisses, theme: data, template: news.md, due: "12:00"}
""",
    "weekly": """\
title: Chaque semaine
cadence: weekly
on: [tue, sat]
lists: {todo: À faire, done: Terminé}
tasks:
  stock: {title: Stock, theme: operations, template: parcels.md, assign: karim,
    duration: 12h, complete_when: checklist_complete}
  windows: {title: Vitrines, theme: data, template: news.md, assign: [karim, amal]}
""",
    "monthly": """\
title: Chaque mois
cadence: monthly
on: [5, 15, 25]
lists: {todo: À faire, done: Terminé}
tasks:
  rent: {title: Loyer, theme: data, template: news.md, assign: amal}
  accounts: {title: Comptes, theme: operations, template: emails.md}
""",
}


@dataclass(frozen=True)
class Lived:
    """`reports` are those frozen, oldest first; `state` is what the sandbox holds after them."""

    reports: list[Json]
    state: Json


def live_a_month(trello: Live, folder: Path, seed: int) -> Lived:
    """In a sandbox that is made empty, and a folder that is."""
    dice = Random(seed)  # noqa: S311 - dice, not keys
    first = dt.date(2026, 9, 7) + dice.randrange(60) * 7 * _DAY
    _declare(folder, first, dice)
    trello.reset()
    clock = MovableClock(trello, _at(first, "05:30"))
    with nothing_logged(), trello.app(folder, clock) as app:
        apply(app)
        team = _Team(trello, clock, dice)
        for day in range(7 * WEEKS):
            _live_a_day(app, team, first + day * _DAY)
        clock.advance_to(_at(first + 7 * WEEKS * _DAY, "07:10"))
        assert one_pass(app) == {}
        store = app.services.store
        frozen = [report.as_dict() for week in store.frozen_weeks() if (report := store.frozen(week))]
        assert len(frozen) == WEEKS
        return Lived(frozen, trello.state())


def _at(day: dt.date, time: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(time), PARIS)


def _declare(folder: Path, first: dt.date, dice: Random) -> None:
    small_shop(folder)
    for name, text in _BOARDS.items():
        (folder / "boards" / f"{name}.yaml").write_text(text, "utf-8")
    away = first + dice.randrange(7 * WEEKS) * _DAY
    back = away + dice.randrange(12) * _DAY
    path = folder / "boards" / "workspace.yaml"
    person = f"  nadia: {{trello: nadia_zina, name: Nadia, absences: [{{from: {away}, to: {back}}}]}}\n"
    text = path.read_text("utf-8").replace("themes:\n", f"{person}themes:\n")
    path.write_text(f"{text}working_days: mon-sun\nholidays: {{country: FR}}\n", "utf-8")


def _live_a_day(app: App, team: "_Team", day: dt.date) -> None:
    if day.weekday() == 0:
        team.clock.advance_to(_at(day, "07:10"))
        team.style = team.dice.choice(STYLES)
    else:
        team.clock.advance_to(_at(day, "06:05"))
    assert one_pass(app) == {}
    team.work(day)
    if team.dice.random() < 0.3:
        team.clock.advance_to(_at(day, "22:30"))
        assert one_pass(app) == {}


class _Team:
    """`style` is how they work this week."""

    def __init__(self, trello: Live, clock: MovableClock, dice: Random) -> None:
        self.trello, self.clock, self.dice, self.style = trello, clock, dice, "good"
        self._agent = trello.control("POST", "tokens", {"username": "karim_zina", "app": "Zap"})["token"]

    def work(self, day: dt.date) -> None:
        """At instants of their own, on cards of today and on some that were left."""
        self._state = self.trello.state()
        self._cards = {card["id"]: card for card in self._state["cards"] if MARKER.search(card["desc"])}
        recent = (day - 9 * _DAY).isoformat()
        undone = [c for c in self._cards.values() if not self._is_done(c) and c["due"] > recent]
        done = [c for c in self._cards.values() if self._is_done(c) and c["due"] > recent]
        todo = [(c, self._deed(c, day)) for c in undone if self.dice.random() < self._zeal(day)]
        todo += [(c, "reopen") for c in done if self.dice.random() < 0.02]
        todo += [(c, "postpone") for c in undone if self.dice.random() < 0.03]
        rush = self.style == "last_minute" and day.weekday() == 6
        timed = [(self._minute(rush), card, deed) for card, deed in todo]
        for minute, card, deed in sorted(timed, key=lambda each: each[0]):
            self.clock.advance_to(_at(day, "07:30") + minute * _MINUTE)
            getattr(self, f"_{deed}")(card)

    def _zeal(self, day: dt.date) -> float:
        if self.style == "last_minute":
            return 1.0 if day.weekday() == 6 else 0.1
        return {"good": 0.95, "mixed": 0.6, "bad": 0.25}[self.style]

    def _minute(self, rush: bool) -> float:
        return 780 + self.dice.random() * 9 if rush else self.dice.randrange(0, 14 * 60)

    def _deed(self, card: Json, day: dt.date) -> str:
        if card["due"][:10] > day.isoformat() and self.dice.random() < 0.6:
            return "touch"
        ways = ["tick"] * 4 + ["begin"] * 4 + ["move", "quick", "check_at_once", "automate"] * 2
        return self.dice.choice([*ways, "touch", "excuse", "label", "take_over", "check_slowly"])

    def _is_done(self, card: Json) -> bool:
        titles = {each["id"]: each["name"] for each in self._state["lists"]}
        return bool(card["dueComplete"] or titles[card["idList"]] == "Terminé")

    # ---- deeds

    def _who(self) -> str:
        return self.dice.choice(PEOPLE)

    def _send(self, card: Json, method: str, path: str = "", **params: str) -> None:
        self.trello.act(self._who(), method, f"/cards/{card['id']}{path}", **params)

    def _tick(self, card: Json) -> None:
        self._send(card, "PUT", dueComplete="true")

    def _touch(self, card: Json) -> None:
        self._send(card, "POST", "/actions/comments", text="Je commence")

    def _begin(self, card: Json) -> None:
        """And be done some minutes later, or an hour."""
        self._touch(card)
        self.clock.advance(self.dice.choice((60, 230, 250, 500, 700, 1500, 4000)))
        self._finish(card)

    def _quick(self, card: Json) -> None:
        self._touch(card)
        self.clock.advance(self.dice.randint(5, 90))
        self._finish(card)

    def _finish(self, card: Json) -> None:
        if self.dice.random() < 0.5:
            self._check(card, 30)
        self._tick(card)

    def _move(self, card: Json) -> None:
        self._to_list(card, self.dice.choice(("Terminé", "Terminé", "À faire")))

    def _excuse(self, card: Json) -> None:
        self._to_list(card, "Excusées")

    def _to_list(self, card: Json, title: str) -> None:
        ids = [
            e["id"] for e in self._state["lists"] if e["idBoard"] == card["idBoard"] and e["name"] == title
        ]
        if ids:
            self._send(card, "PUT", idList=ids[0])

    def _label(self, card: Json) -> None:
        if not any(each["name"] == "Excusé" for each in card["labels"]):
            self.trello.label(card, "Excusé", self._who())

    def _check_at_once(self, card: Json) -> None:
        self._check(card, 0)
        if self.dice.random() < 0.7:
            self._tick(card)

    def _check_slowly(self, card: Json) -> None:
        self._check(card, 120)

    def _check(self, card: Json, seconds: int) -> None:
        lists = [each for each in self._state["checklists"] if each["idCard"] == card["id"]]
        items = [item for each in lists for item in each["checkItems"]]
        for item in items:
            self._send(card, "PUT", f"/checkItem/{item['id']}", state="complete")
            self.clock.advance(seconds)

    def _automate(self, card: Json) -> None:
        query = {"key": self.trello.key, "token": self._agent, "dueComplete": "true"}
        self.trello._send("PUT", f"/1/cards/{card['id']}", params=query)

    def _take_over(self, card: Json) -> None:
        who = self._who()
        member = next(each["id"] for each in self._state["members"] if each["username"] == who)
        if member not in card["idMembers"]:
            self.trello.act(who, "POST", f"/cards/{card['id']}/idMembers", value=member)
        self._tick(card)

    def _reopen(self, card: Json) -> None:
        self._send(card, "PUT", dueComplete="false")
        if self.dice.random() < 0.5:
            self.clock.advance(600)
            self._tick(card)

    def _postpone(self, card: Json) -> None:
        due = dt.datetime.fromisoformat(card["due"]) + self.dice.choice((-1, 2, 30)) * dt.timedelta(hours=1)
        self._send(card, "PUT", due=due.isoformat())

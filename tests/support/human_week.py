"""A week in which people do anything to cards, seen by an app in one of several ways, over HTTP."""

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from callbacks_kit import free_port
from card_lives import Lives
from live_kit import PARIS, Json, Live, MovableClock, apply, one_pass, small_shop, until
from oracle import MARKER, Files
from week_judge import WeekJudge

from trello_ops.app import App
from trello_ops.core.bindings import Kind
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.jobs import observe_job
from trello_ops.operations.report import account
from trello_ops.telemetry import Tally
from trello_ops.web import receiver, refused, server

WEEK = "2026-W47"
MINUTE = dt.timedelta(minutes=1)
MIDNIGHT = dt.datetime(2026, 11, 16, tzinfo=PARIS)
DAY, CLOSE = 24 * 60, 7 * 24 * 60 + 7 * 60
"""Minutes, as all instants of a plan: since the week began."""
_FIRST, _LAST = 6 * 60 + 2, CLOSE + 60

PEOPLE = ("amal_zina", "karim_zina")
DEEDS = (
    *("tick", "move", "check_all") * 3,
    *("check", "archive", "excuse", "add_item", "remove_item", "change_board") * 2,
    *("delete", "copy", "retitle", "rewrite", "postpone", "reassign"),
)
WAYS = ("polls", "webhooks", "both", "outage")

_BOARDS = {
    "daily": """\
title: Quotidien
cadence: daily
on: [mon, wed, fri, sun]
release: "06:00"
due: "18:00"
lists: {todo: À faire, doing: En cours, done: Terminé, excused: Excusés}
excused_list: excused
tasks:
  parcels: {title: Colis, theme: operations, template: parcels.md, assign: [amal, karim]}
  emails: {title: E-mails, theme: operations, template: emails.md, complete_when: checklist_complete}
  news: {title: Actualité, theme: data, template: news.md, complete_when: [archived, in_done_list]}
""",
    "checks": """\
title: Contrôle
cadence: daily
on: [mon, tue, thu, sun]
release: "06:00"
due: "12:00"
lists: {todo: À faire, done: Fini}
complete_when: {all: [ticked, checklist_complete]}
tasks:
  tills: {title: Caisses, theme: data, template: emails.md, assign: karim}
  stock: {title: Stock, theme: data, template: emails.md, complete_when: {all: [in_done_list, archived]}}
  doors: {title: Portes, theme: data, template: news.md, due: "23:59", complete_when: ticked}
""",
}


@dataclass(frozen=True)
class Act:
    """At some minute somebody does something to a card; `which` chooses the card, `how` the rest."""

    minute: int
    what: str
    which: int
    how: int
    by: str


@dataclass(frozen=True)
class Plan:
    """`polls` are minutes; in an outage the app is down from one minute to another."""

    acts: tuple[Act, ...]
    polls: tuple[int, ...]
    outage: tuple[int, int]


def plan_of(seed: int) -> Plan:
    """Many instants lie close around a close, a due or a midnight."""
    dice = Random(seed)  # noqa: S311 - dice, not keys

    def minute() -> int:
        near = dice.randrange(8) * DAY + dice.choice((7, 12, 18, 24)) * 60 + dice.randint(-4, 4)
        anywhere = dice.randint(_FIRST, _LAST)
        return min(max(dice.choice((near, anywhere)), _FIRST), _LAST)

    def act() -> Act:
        return Act(minute(), dice.choice(DEEDS), dice.randrange(36), dice.randrange(36), dice.choice(PEOPLE))

    return Plan(
        acts=tuple(act() for _ in range(dice.randint(25, 40))),
        polls=tuple(minute() for _ in range(dice.randint(2, 8))),
        outage=(dice.randint(DAY, 3 * DAY), dice.randint(4 * DAY, 7 * DAY)),
    )


@dataclass
class Lived:
    """What a week left behind: its report, and the judge who was told nothing of it."""

    report: Json
    judge: WeekJudge

    def complaints(self) -> list[str]:
        return self.judge.complaints(self.report)


def live_a_week(trello: Live, folder: Path, plan: Plan, way: str) -> Lived:
    """In a sandbox that is made empty, and a folder that is."""
    small_shop(folder)
    for name, text in _BOARDS.items():
        (folder / "boards" / f"{name}.yaml").write_text(text, "utf-8")
    trello.reset()
    clock = MovableClock(trello, MIDNIGHT + 5 * MINUTE)
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    hooked = {"public_url": public, "trello_secret": trello.secret} if way in ("webhooks", "both") else {}
    with trello.app(folder, clock, **hooked) as app, ExitStack() as stack:
        week = _Week(trello, clock, app)
        week.begin()
        if hooked:
            stack.enter_context(week.hearing(port))
        week.live(plan, way)
        report = account(app.context(), IsoWeek.parse(WEEK)).as_dict()
        files = Files(folder / "boards")
        lives = Lives(week.everything(), files)
        return Lived(report, WeekJudge(lives, files, week.readings, WEEK))


class _Week:
    def __init__(self, trello: Live, clock: MovableClock, app: App) -> None:
        self.trello, self.clock, self.app = trello, clock, app
        self.readings: dict[str, list[dt.datetime]] = {name: [] for name in _BOARDS}
        self._gone: Json = {"cards": [], "checklists": []}
        self._heard: set[str] = set()
        self._hears = False
        self._people: People

    # ---- the app

    def begin(self) -> None:
        apply(self.app)
        self._ids = {
            binding.trello_id: binding.board
            for binding in self.app.services.store.bindings()
            if binding.kind is Kind.BOARD
        }
        self._people = People(self.trello, self._gone)

    @contextmanager
    def hearing(self, port: int) -> Iterator[None]:
        """Listen as the daemon does, but read when the story says so."""
        callback, secret = self.app.callback, self.app.settings.trello_secret
        assert callback is not None
        assert secret is not None
        tally = Tally("webhook.refused", refused.REFUSED, self.clock.monotonic)
        web = receiver.create_app(lambda: [secret.get_secret_value()], callback, self._heard.add, tally)
        with server.serving(web, server.listen(("127.0.0.1", port)), tally):
            (tending,) = (job for job in self.app.standing_jobs() if job.name == "webhooks")
            assert self.app.run(tending) is None
            self._hears = True
            yield
            self._hears = False
        assert set(tally.counts()) <= {"hint", "own"}

    def live(self, plan: Plan, way: str) -> None:
        """Act after act; then look after the close, twice, since the last turn may be too young for once."""
        events: list[tuple[int, Any]] = [(act.minute, act) for act in plan.acts]
        events += [(day * DAY + 6 * 60, "issue") for day in range(7)]
        events += [(minute, "poll") for minute in plan.polls if way != "webhooks"]
        begin, end = plan.outage if way == "outage" else (0, 0)
        for minute, event in sorted(events, key=lambda each: each[0]):
            self.clock.advance_to(MIDNIGHT + minute * MINUTE)
            if isinstance(event, Act):
                self._act(event)
            elif not begin <= minute < end:
                self._run(event)
        for minute in (CLOSE + 120, CLOSE + 180):
            self.clock.advance_to(MIDNIGHT + minute * MINUTE)
            self._note(*_BOARDS)
            assert one_pass(self.app) == {}

    def _run(self, event: str) -> None:
        for job in self.app.jobs():
            if job.name in {"issue": ("reconcile", "issue"), "poll": ("observe",)}[event]:
                if job.name == "observe":
                    self._note(*_BOARDS)
                assert self.app.run(job) is None

    def _act(self, act: Act) -> None:
        board_id = self._people.act(act)
        if self._hears and board_id in self._ids:
            until(lambda: board_id in self._heard, 5)
            while self._heard:
                heard = self._heard.pop()
                self._note(self._ids[heard])
                assert self.app.run(observe_job(self.app.settings, {heard})) is None

    def _note(self, *boards: str) -> None:
        for board in boards:
            self.readings[board].append(self.clock.now())

    def everything(self) -> Json:
        """The sandbox's raw objects, deleted cards and their checklists with them."""
        state = self.trello.state()
        return {**state, **{kind: [*state[kind], *gone] for kind, gone in self._gone.items()}}


class People:
    """They do to cards whatever one can do. `gone` is where a card is kept that they are about to delete."""

    def __init__(self, trello: Live, gone: Json) -> None:
        self._trello, self._gone = trello, gone
        self._copies: set[str] = set()
        organization = trello.state()["organizations"][0]["id"]
        self._elsewhere = trello.act(
            "amal_zina", "POST", "/boards", name="Ailleurs", idOrganization=organization,
            prefs_permissionLevel="org", defaultLists="true",
        )["id"]  # fmt: skip
        for member in trello.state()["members"]:
            if member["username"] == "karim_zina":
                trello.act(
                    "amal_zina", "PUT", f"/boards/{self._elsewhere}/members/{member['id']}", type="normal"
                )

    def act(self, act: Act) -> str:
        """Returns the board on which something happened; "" for none."""
        self._state = self._trello.state()
        keys = self._keys()
        cards = [card for card in self._state["cards"] if card["id"] in keys.keys() - self._copies]
        if not cards:
            return ""
        newest_last = sorted(cards, key=lambda each: (keys[each["id"]][-10:], keys[each["id"]]))
        card = newest_last[-1 - act.which % min(len(cards), 9)]
        getattr(self, f"_{act.what}")(card, act)
        return str(card["idBoard"])

    def _keys(self) -> dict[str, str]:
        """The occurrence of each card, by what its maker wrote: people may have lost the marker."""
        texts = [(card["id"], card["desc"]) for card in self._state["cards"]]
        texts += [
            (action["data"]["card"]["id"], action["data"]["old"]["desc"])
            for action in self._state["actions"]
            if "desc" in action["data"].get("old", {})
        ]
        return {card_id: found[1] for card_id, text in texts if (found := MARKER.search(text))}

    def _put(self, card: Json, act: Act, **values: str) -> None:
        self._trello.act(act.by, "PUT", f"/cards/{card['id']}", **values)

    def _toggle(self, card: Json, act: Act, name: str) -> None:
        self._put(card, act, **{name: "false" if card[name] else "true"})

    def _tick(self, card: Json, act: Act) -> None:
        self._toggle(card, act, "dueComplete")

    def _archive(self, card: Json, act: Act) -> None:
        self._toggle(card, act, "closed")

    def _move(self, card: Json, act: Act) -> None:
        others = self._lists(card["idBoard"], card["idList"])
        self._put(card, act, idList=others[act.how % len(others)])

    def _lists(self, board_id: str, but: str = "") -> list[str]:
        lists = sorted(self._state["lists"], key=lambda each: float(each["pos"]))
        return [
            each["id"]
            for each in lists
            if each["idBoard"] == board_id and each["id"] != but and not each["closed"]
        ]

    def _change_board(self, card: Json, act: Act) -> None:
        ours = [b["id"] for b in self._state["boards"] if b["name"] in ("Quotidien", "Contrôle")]
        boards = [each for each in (*ours, self._elsewhere) if each != card["idBoard"]]
        lists = self._lists(boards[act.how % len(boards)])
        self._put(card, act, idBoard=boards[act.how % len(boards)], idList=lists[act.which % len(lists)])

    def _items(self, card: Json) -> list[Json]:
        checklists = [each for each in self._state["checklists"] if each["idCard"] == card["id"]]
        found = [item for each in checklists for item in each["checkItems"]]
        return sorted(found, key=lambda each: (each["name"], each["id"]))

    def _check(self, card: Json, act: Act) -> None:
        items = self._items(card)
        self._flip(card, items[act.how % len(items)], act) if items else self._tick(card, act)

    def _check_all(self, card: Json, act: Act) -> None:
        still_open = [item for item in self._items(card) if item["state"] != "complete"]
        for item in still_open:
            self._flip(card, item, act)
        if not still_open:
            self._tick(card, act)

    def _flip(self, card: Json, item: Json, act: Act) -> None:
        state = "incomplete" if item["state"] == "complete" else "complete"
        self._trello.act(act.by, "PUT", f"/cards/{card['id']}/checkItem/{item['id']}", state=state)

    def _add_item(self, card: Json, act: Act) -> None:
        if not card["idChecklists"]:
            return self._tick(card, act)
        checklist = card["idChecklists"][0]
        self._trello.act(act.by, "POST", f"/checklists/{checklist}/checkItems", name="Encore")
        return None

    def _remove_item(self, card: Json, act: Act) -> None:
        items = self._items(card)
        if not items:
            return self._tick(card, act)
        item = items[act.how % len(items)]
        self._trello.act(act.by, "DELETE", f"/cards/{card['id']}/checkItem/{item['id']}")
        return None

    def _excuse(self, card: Json, act: Act) -> None:
        """Put the label on, or take it off."""
        labels = [
            each["id"]
            for each in self._state["labels"]
            if each["idBoard"] == card["idBoard"] and each["name"] == "Excusé"
        ]
        if not labels:
            return self._tick(card, act)
        path = f"/cards/{card['id']}/idLabels"
        if labels[0] in card["idLabels"]:
            self._trello.act(act.by, "DELETE", f"{path}/{labels[0]}")
        else:
            self._trello.act(act.by, "POST", path, value=labels[0])
        return None

    def _delete(self, card: Json, act: Act) -> None:
        self._gone["cards"].append(card)
        self._gone["checklists"] += [
            each for each in self._state["checklists"] if each["idCard"] == card["id"]
        ]
        self._trello.act(act.by, "DELETE", f"/cards/{card['id']}")

    def _copy(self, card: Json, act: Act) -> None:
        made = self._trello.act(act.by, "POST", "/cards", idList=card["idList"], idCardSource=card["id"])
        self._copies.add(made["id"])

    def _retitle(self, card: Json, act: Act) -> None:
        self._put(card, act, name=f"{card['name']} !")

    def _rewrite(self, card: Json, act: Act) -> None:
        """The marker goes with the text."""
        self._put(card, act, desc=f"{len(card['desc'])} signes de moins")

    def _postpone(self, card: Json, act: Act) -> None:
        moved = dt.datetime.fromisoformat(card["due"]) + dt.timedelta(hours=1 + act.how)
        self._put(card, act, due=moved.isoformat())

    def _reassign(self, card: Json, act: Act) -> None:
        member = next(each["id"] for each in self._state["members"] if each["username"] == act.by)
        if member in card["idMembers"]:
            self._trello.act(act.by, "DELETE", f"/cards/{card['id']}/idMembers/{member}")
        else:
            self._trello.act(act.by, "POST", f"/cards/{card['id']}/idMembers", value=member)

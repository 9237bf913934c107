"""A store is put back from a backup, over real HTTP: nothing is made twice, and weeks say what they said."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from random import Random

import pytest
from live_kit import PARIS, Json, Live, MovableClock, apply, live, one_pass
from oracle import MARKER, Oracle, disagreements
from three_boards import PEOPLE, SUNDAY, three_boards

from trello_ops.app import App
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.operations.report import account
from trello_ops.own_store import back_up

WEEKS = [IsoWeek(2026, 48), IsoWeek(2026, 49)]
BACKUP = dt.date(2026, 11, 26)
"""A Thursday; the store is put back eleven days later, when two weeks have closed."""
MONDAY = WEEKS[-1].next().monday


def at(day: dt.date, time: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(time), PARIS)


@dataclass
class Shop:
    """The shop with three boards, its people, and the one process at a time that has its store open."""

    trello: Live
    clock: MovableClock
    folder: Path

    @contextmanager
    def app(self) -> Iterator[App]:
        with self.trello.app(self.folder, self.clock) as app:
            yield app

    def back_up(self) -> Path:
        file = self.folder / f"{len(list(self.folder.glob('*.backup')))}.backup"
        back_up(self.trello.settings(self.folder), file)
        return file

    def put_back(self, backup: Path) -> None:
        for file in self.folder.glob("ops.sqlite3*"):
            file.unlink()
        (self.folder / "ops.sqlite3").write_bytes(backup.read_bytes())

    def people_act(self, day: dt.date) -> None:
        """At noon and after closing time; what they do does not hang on the robot."""
        for time in ("11:00", "19:00"):
            self.clock.advance_to(at(day, time))
            dice = Random(f"{day} {time}")  # noqa: S311 - a story, not a secret
            for card in sorted(self.trello.state()["cards"], key=lambda card: card["id"]):
                if not (card["isTemplate"] or card["closed"]) and dice.random() < 0.4:
                    self._act(card, dice)

    def _act(self, card: Json, dice: Random) -> None:
        who = dice.choice(PEOPLE)
        match dice.randrange(6):
            case 0 if not card["dueComplete"]:
                self.trello.label(card, "Excusé", who) if len(card["idLabels"]) == 1 else None
            case 1:
                self.trello.untick(card, who)
            case 2:
                self.trello.move(card, dice.choice(("En cours", "Terminé")), who)
            case 3 if card["dueComplete"]:
                self.trello.act(who, "PUT", f"/cards/{card['id']}", closed="true")
            case _:
                self.trello.tick(card, who)

    def made(self) -> Counter[str]:
        """How many cards stand for each occurrence."""
        marked = (MARKER.search(card["desc"]) for card in self.trello.state()["cards"])
        return Counter(found[1] for found in marked if found)

    def mails(self) -> list[str]:
        """The message id of each, in order."""
        files = sorted((self.folder / "mail").iterdir(), key=lambda file: file.stat().st_mtime_ns)
        return [str(message_from_bytes(file.read_bytes())["Message-ID"]) for file in files]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = three_boards(tmp_path_factory.mktemp("put-back") / "shop")
    with live() as trello:
        yield Shop(trello, MovableClock(trello, SUNDAY), folder)


def accounts(app: App) -> dict[IsoWeek, Json]:
    """But for when they were frozen, what came then, and what the robot did not see meanwhile."""
    frozen = app.services.store.frozen_weeks()
    reports = {week: account(app.context(), week).as_dict() for week in frozen}
    for report in reports.values():
        report |= {"frozen_at": None, "outages": []}
        report["needs_you"] = [each for each in report["needs_you"] if each["why"] != "unassigned"]
    return reports


def live_two_weeks(shop: Shop) -> tuple[Path, dict[IsoWeek, Json]]:
    """Every morning a pass; the backup of one night, and what the weeks were told as."""
    day, backup = SUNDAY.date(), Path()
    with shop.app() as app:
        apply(app)
        while day < MONDAY:
            day += dt.timedelta(days=1)
            shop.clock.advance_to(at(day, "07:05"))
            assert one_pass(app) == {}
            if day < MONDAY:
                shop.people_act(day)
            if day == BACKUP:
                backup = shop.back_up()
        return backup, accounts(app)


@pytest.mark.slow
def test_a_backup_of_days_ago(shop: Shop) -> None:
    backup, before = live_two_weeks(shop)
    assert list(before) == WEEKS
    outcomes = Counter(line["outcome"] for report in before.values() for line in report["occurrences"])
    assert outcomes.keys() >= {"on_time", "late", "missed", "excused"}
    cards, mails = shop.made(), shop.mails()
    assert set(cards.values()) == {1}
    shop.put_back(backup)
    shop.trello.forget_requests()
    with shop.app() as app:
        assert one_pass(app) == {}
        assert [each for each in shop.trello.writes() if each["path"] == "/1/cards"] == []
        assert shop.made() == cards
        assert accounts(app) == before
        store = app.services.store
        assert (store.claims(), store.problems(), store.unissued()) == ((), (), ())
        state = shop.trello.state()
        for week in WEEKS:
            report = account(app.context(), week).as_dict()
            assert disagreements(report, Oracle(state, shop.folder / "boards")) == []
            assert report["outages"], "the days that this store did not see are named"
    assert shop.mails() == mails, "mailed again under the same ids, which are the names of their files"


def test_a_backup_of_minutes_ago(shop: Shop) -> None:
    """Made right before a release, put back right after it; and the daemon that goes on makes one request."""
    tuesday = MONDAY + dt.timedelta(days=1)
    shop.clock.advance_to(at(tuesday, "05:58"))
    with shop.app() as app:
        assert one_pass(app) == {}
        backup = shop.back_up()
        shop.clock.advance_to(at(tuesday, "06:00"))
        shop.trello.forget_requests()
        app.run(app.jobs()[1])
        ways = Counter((each["method"], each["path"]) for each in shop.trello.requests())
        assert ways[("POST", "/1/cards")] == 3
        assert not [path for method, path in ways if method == "GET" and path.endswith("/cards")]
    cards = shop.made()
    shop.clock.advance_to(at(tuesday, "06:06"))
    shop.put_back(backup)
    with shop.app() as app:
        assert one_pass(app) == {}
        assert shop.made() == cards
        assert set(cards.values()) == {1}
        assert app.services.store.unissued() == ()

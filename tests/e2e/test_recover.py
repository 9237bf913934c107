"""The store is lost after four weeks of the small shop, and rebuilt from Trello alone, over real HTTP."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from live_kit import PARIS, Json, Live, MovableClock, apply, cards, live, one_pass, small_shop
from oracle import Oracle, disagreements

from trello_ops.app import App
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.recovery.uncertainty import UncertaintyKind
from trello_ops.operations import reconcile
from trello_ops.operations.recover import Recovered, recover
from trello_ops.operations.report import account

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

SUNDAY = dt.datetime(2026, 11, 15, 18, 0, tzinfo=PARIS)
WEEKS = [IsoWeek(2026, 47 + n) for n in range(4)]
DELETED = "daily/news/2026-11-25"
UNMARKED = "daily/parcels/2026-12-02"
TASKS = ("parcels", "emails", "news")
OUTAGE = ("2026-12-08", "2026-12-09")
"""Days on which the robot does nothing: what was due then is skipped."""


@dataclass
class Team:
    """What people do on the day's cards, hour by hour: every fate comes up in turn."""

    trello: Live
    count: int = 0
    later: list[tuple[dt.datetime, str, Json]] = field(default_factory=list)

    def begin(self, day: dt.date) -> None:
        state = self.trello.state()
        for task in TASKS:
            (card,) = cards(state, f"daily/{task}/{day}")
            for time, deed in FATES[self.count % len(FATES)]:
                self.later.append((_at(day, time), deed, card))
            self.count += 1

    def act_until(self, clock: MovableClock, moment: dt.datetime) -> None:
        for at, deed, card in sorted(self.later, key=lambda each: each[0]):
            if at <= moment:
                clock.advance_to(at)
                self.do(deed, card)
        self.later = [each for each in self.later if each[0] > moment]
        clock.advance_to(moment)

    def have_mishaps(self, day: dt.date) -> None:
        if DELETED.endswith(f"{day}"):
            gone = self.trello.card(DELETED)
            self.trello.act("amal_zina", "DELETE", f"/cards/{gone['id']}")
            self.later = [each for each in self.later if each[2]["id"] != gone["id"]]
        if UNMARKED.endswith(f"{day}"):
            self.trello.act("amal_zina", "PUT", f"/cards/{self.trello.card(UNMARKED)['id']}", desc="Vite !")

    def do(self, deed: str, card: Json) -> None:
        path, trello = f"/cards/{card['id']}", self.trello
        match deed:
            case "tick":
                trello.tick(card, "amal_zina")
            case "untick":
                trello.untick(card, "karim_zina")
            case "excuse":
                trello.label(card, "Excusé", "karim_zina")
            case "archive":
                trello.act("karim_zina", "PUT", path, closed="true")
            case "postpone":
                trello.act("karim_zina", "PUT", path, due="2027-01-01T10:00:00Z", start="")
            case "rename":
                trello.act("amal_zina", "PUT", path, name="À faire vite <b>")
            case "hand over":
                trello.act("amal_zina", "PUT", path, idMembers="")
            case title:
                trello.move(card, title, "karim_zina")


def _at(day: dt.date, time: str) -> dt.datetime:
    offset, _, clock = time.rpartition("+")
    local = dt.datetime.combine(day, dt.time.fromisoformat(clock), PARIS)
    return local + dt.timedelta(days=int(offset or 0))


FATES = (
    (("10:00", "tick"), ("15:00", "archive")),
    (("11:00", "En cours"), ("16:00", "Terminé")),
    (("19:00", "tick"),),
    (("09:00", "En cours"),),
    (("09:30", "tick"), ("10:30", "untick"), ("14:00", "Terminé")),
    (("12:00", "excuse"),),
    (("09:00", "postpone"), ("17:00", "tick")),
    (("08:00", "tick"), ("17:30", "untick")),
    (("09:00", "rename"), ("09:10", "hand over"), ("20:00", "Terminé"), ("20:10", "archive")),
    (("7+10:00", "tick"),),
)


@dataclass(frozen=True)
class Loss:
    """What the reports said, and what recovering says of it."""

    app: App
    trello: Live
    clock: MovableClock
    folder: Path
    before: dict[IsoWeek, Json]
    recovered: Recovered

    def accounts(self) -> dict[IsoWeek, Json]:
        return _accounts(self.app)

    def uncertainties(self, kind: UncertaintyKind) -> set[str]:
        return {
            uncertainty.subject
            for uncertainty in self.recovered.rebuilt.uncertainties
            if uncertainty.kind is kind
        }


@pytest.fixture(scope="module")
def loss(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loss]:
    """Four weeks are lived, the store is deleted, and recovered."""
    folder = small_shop(tmp_path_factory.mktemp("lost") / "shop")
    with live() as trello:
        clock = MovableClock(trello, SUNDAY)
        with trello.app(folder, clock) as app:
            apply(app)
            _live(app, trello, clock)
            before = _accounts(app)
        for file in folder.glob("ops.sqlite3*"):
            file.unlink()
        trello.forget_requests()
        with trello.app(folder, clock, new_store=True) as app:
            recovered = recover(app.context())
            assert trello.writes() == []
            yield Loss(app, trello, clock, folder, before, recovered)


def _live(app: App, trello: Live, clock: MovableClock) -> None:
    team, day = Team(trello), SUNDAY.date()
    while day < WEEKS[-1].sunday + dt.timedelta(days=1):
        day += dt.timedelta(days=1)
        team.act_until(clock, _at(day, "06:05"))
        if f"{day}" in OUTAGE:
            continue
        assert one_pass(app) == {}
        if day == WEEKS[-1].next().monday:
            break
        if day.isoweekday() < 7:
            team.begin(day)
        team.act_until(clock, _at(day, "18:30"))
        team.have_mishaps(day)
    team.act_until(clock, _at(day, "07:05"))
    assert one_pass(app) == {}


def _accounts(app: App) -> dict[IsoWeek, Json]:
    return {week: account(app.context(), week).as_dict() for week in app.services.store.frozen_weeks()}


_BESIDE_OTHERS = ("signal", "trend", "allowance")


def _but_when(report: Json, *without: str) -> Json:
    """A report but for when it was frozen and when the robot was away, or only its lines but for some."""
    if not without:
        return {**report, "frozen_at": None, "outages": []}
    return {key: [x for x in report[key] if x["key"] not in without] for key in ("occurrences", "caught_up")}


# ---- the reports


def test_the_story_has_every_fate(loss: Loss) -> None:
    assert list(loss.before) == WEEKS
    lines = [line for report in loss.before.values() for line in report["occurrences"]]
    outcomes = {"on_time", "late", "missed", "excused", "not_issued"}
    assert {line["outcome"] for line in lines} == outcomes
    assert sum(len(report["caught_up"]) for report in loss.before.values()) > 3


def test_every_past_week_is_what_it_was(loss: Loss) -> None:
    after = loss.accounts()
    assert list(after) == WEEKS
    for week in WEEKS:
        assert after[week]["frozen_at"]
        if week == IsoWeek(2026, 48):
            assert _but_when(after[week], DELETED) == _but_when(loss.before[week], DELETED)
        elif week < IsoWeek(2026, 48):
            assert _but_when(after[week]) == _but_when(loss.before[week])
        else:
            # Beside a week of which a card is not known any more.
            assert {**_but_when(after[week]), **dict.fromkeys(_BESIDE_OTHERS)} == {
                **_but_when(loss.before[week]),
                **dict.fromkeys(_BESIDE_OTHERS),
            }


def test_what_was_deleted_is_listed_and_charged_to_nobody(loss: Loss) -> None:
    assert loss.uncertainties(UncertaintyKind.DELETED) == {DELETED}
    (line,) = (x for x in loss.accounts()[IsoWeek(2026, 48)]["occurrences"] if x["key"] == DELETED)
    assert (line["outcome"], line["note"]) == ("not_issued", "card_deleted")


def test_what_was_never_issued_is_listed(loss: Loss) -> None:
    assert loss.uncertainties(UncertaintyKind.NO_CARD) == {
        f"daily/{task}/{day}" for task in TASKS for day in OUTAGE
    }


def test_what_lost_its_marker_is_known_by_the_log_and_listed(loss: Loss) -> None:
    assert loss.uncertainties(UncertaintyKind.MARKER) == {UNMARKED}


def test_nobody_is_mailed_again(loss: Loss) -> None:
    assert loss.app.services.store.unsent() == ()


def test_titles_dates_and_people_are_as_they_were_at_the_issue(loss: Loss) -> None:
    for kind in (
        UncertaintyKind.TITLE,
        UncertaintyKind.THEME,
        UncertaintyKind.ASSIGNEES,
        UncertaintyKind.DUE,
    ):
        assert loss.uncertainties(kind) == set()


# ---- and on


def test_the_daemon_goes_on_without_a_second_card(loss: Loss) -> None:
    assert reconcile.plan(loss.app.context()).changes == ()
    made = {card["id"] for card in loss.trello.state()["cards"]}
    monday = WEEKS[-1].next().monday
    assert one_pass(loss.app) == {}
    assert {card["id"] for card in loss.trello.state()["cards"]} == made, "Monday's stand already"
    for day in (monday + dt.timedelta(days=n) for n in range(1, 7)):
        loss.clock.advance_to(_at(day, "06:05"))
        assert one_pass(loss.app) == {}
    loss.trello.tick(loss.trello.card(f"daily/news/{monday}"), "amal_zina")
    loss.clock.advance_to(_at(monday, "7+07:05"))
    assert one_pass(loss.app) == {}
    report = _accounts(loss.app)[WEEKS[-1].next()]
    assert disagreements(report, Oracle(loss.trello.state(), loss.folder / "boards")) == []
    assert loss.app.services.store.claims() == ()

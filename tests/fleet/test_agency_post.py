"""The week of all shops: frozen once none is waited for, mailed once, over a real mail server."""

import datetime as dt
import email
import email.policy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_kit import MailServer, serving
from pydantic import SecretStr
from report_kit import REPORT
from shop_kit import daily_task, workspace_of

from trello_ops.adapters.store import Database, SqlStore, open_database
from trello_ops.adapters.store.agency import AgencyStore
from trello_ops.core.calendar.occurrences import occurrences
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declaration import Declaration, InForce
from trello_ops.core.mails import FLEET, OwedMail
from trello_ops.core.reporting.agency import Lack, weeks_over
from trello_ops.fleet.agency_post import AgencyPost, owed_of
from trello_ops.fleet.tenant import Agency, Fleet, Tenant
from trello_ops.messages import say
from trello_ops.operations.context import Runtime
from trello_ops.settings import Settings
from trello_ops.testing import FixedClock

NAMES = ("casa", "fes")
ONE, TWO = "anna@example.org", "bruno@example.org"
WEEK = REPORT.week
MONDAY = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)


@dataclass
class Nodes:
    """A fleet of two shops, and any number of nodes that tell of it."""

    database: Database
    server: MailServer
    clock: FixedClock
    fleet: Fleet

    @property
    def store(self) -> AgencyStore:
        return AgencyStore(self.database)

    @property
    def agency(self) -> Agency:
        assert self.fleet.agency
        return self.fleet.agency

    def node(self, name: str = "node-1") -> AgencyPost:
        return AgencyPost(
            self.database, lambda: self.fleet, self.clock, Runtime(name, self.clock.monotonic())
        )

    def begun(self, name: str) -> None:
        """The shop tends its boards since long ago, and had a card due in the week."""
        task = daily_task("parcels")
        workspace = replace(workspace_of(task), key=name)
        store = SqlStore(self.database, name)
        store.put_in_force(InForce(1, MONDAY - dt.timedelta(90), Declaration(workspace)))
        start = MONDAY - dt.timedelta(5)
        due = occurrences(workspace, workspace.boards[0], task, start, start + dt.timedelta(1))
        store.record(list(due), MONDAY)

    def frozen(self, name: str, week: IsoWeek = WEEK) -> None:
        SqlStore(self.database, name).freeze(replace(REPORT, week=week, workspace=name, name=name), [])


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[Nodes]:
    server = MailServer()
    with serving(server) as port, closing(open_database(f"sqlite:///{tmp_path}/fleet.sqlite3")) as database:
        settings = Settings(
            TRELLO_OPS_SMTP_URL=SecretStr(f"smtp://127.0.0.1:{port}?starttls=never"),
            TRELLO_OPS_MAIL_FROM="Agence <ops@example.org>",
        )  # type: ignore[call-arg]
        tenants = {
            name: Tenant(
                name,
                "own",
                Settings(TRELLO_OPS_BOARDS_DIR=tmp_path / name, TRELLO_OPS_TRELLO_KEY=SecretStr("k")),
            )  # type: ignore[call-arg]
            for name in NAMES
        }
        fleet = Fleet(tenants, {}, {}, {n: n for n in NAMES}, Agency((ONE, TWO), "Agence", "fr", settings))
        yield Nodes(database, server, FixedClock(MONDAY), fleet)


def test_each_recipient_gets_it_once_however_many_nodes_tell(nodes: Nodes) -> None:
    for name in NAMES:
        nodes.begun(name)
        nodes.frozen(name)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(2):
            list(pool.map(lambda n: nodes.node(f"node-{n}").ring(), range(4)))
    assert sorted(nodes.server.recipients) == [ONE, TWO]
    assert nodes.store.frozen_weeks() == (WEEK,)
    mail = email.message_from_bytes(nodes.server.accepted[0], policy=email.policy.default)
    assert "Semaine 47" in mail["Subject"]
    assert "Agence" in mail["From"]
    assert [part.get_filename() for part in mail.iter_attachments()] == ["rapport-2026-W47.xlsx"]


def test_it_waits_for_a_shop_whose_week_is_not_frozen_but_not_for_ever(nodes: Nodes) -> None:
    nodes.begun("casa")
    nodes.frozen("casa")
    nodes.begun("fes")
    nodes.node().ring()
    assert not nodes.server.recipients
    nodes.clock.advance(dt.timedelta(hours=24))  # the shop waits a day for its boards, and had an hour more
    nodes.node().ring()
    assert sorted(nodes.server.recipients) == [ONE, TWO]
    report = nodes.store.frozen_agency(WEEK)
    assert report
    assert [(shop.name, shop.lack) for shop in report.shops] == [("casa", None), ("fes", Lack.UNREADABLE)]


def test_a_late_shop_is_told_of_as_soon_as_it_is_frozen(nodes: Nodes) -> None:
    nodes.begun("casa")
    nodes.frozen("casa")
    nodes.begun("fes")
    nodes.node().ring()
    nodes.frozen("fes")
    nodes.node().ring()
    report = nodes.store.frozen_agency(WEEK)
    assert report
    assert [shop.lack for shop in report.shops] == [None, None]


def test_shops_that_never_began_hold_nothing_up_and_make_no_report_alone(nodes: Nodes) -> None:
    nodes.node().ring()
    assert nodes.store.frozen_weeks() == ()
    nodes.begun("casa")
    nodes.frozen("casa")
    nodes.node().ring()
    assert nodes.store.frozen_weeks() == (WEEK,)


def test_what_is_frozen_stays_as_it_was_sent(nodes: Nodes) -> None:
    nodes.begun("casa")
    nodes.frozen("casa")
    nodes.node().ring()
    before = nodes.store.frozen_agency(WEEK)
    nodes.fleet = replace(nodes.fleet, tenants={}, workspaces={})
    nodes.clock.advance(dt.timedelta(days=1))
    nodes.node().ring()
    assert nodes.store.frozen_agency(WEEK) == before
    assert len(nodes.server.recipients) == 2


def test_one_who_is_refused_keeps_nobody_else_from_it_and_is_tried_when_asked(nodes: Nodes) -> None:
    nodes.begun("casa")
    nodes.frozen("casa")
    nodes.server.refused[ONE] = "550 no such user"
    for _ in range(3):
        nodes.node().ring()
    assert nodes.server.recipients == [TWO]
    assert nodes.server.asked.count(f"RCPT {ONE}") == 1
    (problem,) = nodes.store.problems()
    assert f"`trello-ops fleet report --week {WEEK} --send`" in problem.message
    nodes.server.refused.clear()
    assert nodes.node().send(nodes.agency, asked=True) == 1
    assert nodes.store.problems() == ()
    assert nodes.store.unsent() == ()


def test_who_is_no_recipient_any_more_is_owed_nothing(nodes: Nodes) -> None:
    nodes.begun("casa")
    nodes.frozen("casa")
    nodes.server.refused[ONE] = "450 later"
    nodes.node().ring()
    nodes.fleet = replace(nodes.fleet, agency=replace(nodes.agency, recipients=(TWO,)))
    nodes.server.refused.clear()
    nodes.clock.advance(dt.timedelta(days=1))
    nodes.node().ring()
    assert nodes.server.recipients == [TWO]
    assert owed_of(nodes.agency, WEEK) == (OwedMail(WEEK, TWO, FLEET),)


def test_why_a_shop_is_not_tended_is_told_in_the_agencys_language(nodes: Nodes) -> None:
    nodes.begun("casa")
    nodes.frozen("casa")
    missing = say("%(name)s is not set: set it in the environment or in .env", name="TOKEN_FES")
    nodes.fleet = replace(
        nodes.fleet, tenants={"casa": nodes.fleet.tenants["casa"]}, problems={"fes": missing}
    )
    nodes.node().ring()
    report = nodes.store.frozen_agency(WEEK)
    assert report
    assert "TOKEN_FES n’est pas défini" in report.shops[-1].not_tended


def test_nobody_asked_for_it(nodes: Nodes) -> None:
    nodes.begun("casa")
    nodes.frozen("casa")
    nodes.fleet = replace(nodes.fleet, agency=None)
    nodes.node().ring()
    assert nodes.store.frozen_weeks() == ()


def test_shops_are_not_disturbed_by_the_fleets_own_rows(nodes: Nodes) -> None:
    nodes.begun("casa")
    nodes.frozen("casa")
    nodes.node().ring()
    assert SqlStore(nodes.database, "casa").unsent() == ()
    assert SqlStore(nodes.database, "casa").frozen_weeks() == (WEEK,)


@given(st.integers(-30, 3), st.integers(0, 10_000))
def test_weeks_over_are_the_last_ones_in_order_and_none_twice(back: int, hours: int) -> None:
    now = MONDAY - dt.timedelta(hours=hours)
    newest = IsoWeek.of((now + dt.timedelta(weeks=back)).date())
    found = weeks_over(newest, now)
    assert all(week > newest for week in found)
    assert list(found) == sorted(set(found))
    assert len(found) <= 4
    ahead = (now + dt.timedelta(hours=14)).date()
    assert all(week.sunday < ahead for week in found)
    if back < -1:
        assert found[-1] == IsoWeek.of(ahead).previous()


def test_without_any_before_the_last_week_is_the_first() -> None:
    assert weeks_over(None, MONDAY) == (WEEK,)
    early = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)  # Monday already, on Kiritimati
    assert weeks_over(None, early) == (WEEK,)

"""How often the jobs of many shops are rung, and what outlasts a term."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest
from fleet_site_kit import FleetSite, fleet_site
from live_kit import until

from trello_ops.app import App
from trello_ops.errors import TrelloError, WrongClock
from trello_ops.fleet import tending
from trello_ops.fleet.tenant import Tenant
from trello_ops.fleet.tending import Tending
from trello_ops.fleet.watchdog import machine_time
from trello_ops.jobs import Job
from trello_ops.testing.clock import FixedClock

NOW = dt.datetime(2026, 11, 16, 7, 0, tzinfo=dt.UTC)


@dataclass
class Shops:
    """As much of a term as pacing looks at."""

    tenants: tuple[None, ...]


@pytest.mark.parametrize(("shops", "seconds"), [(0, 15), (1, 15), (150, 15), (300, 30), (2_000, 200)])
def test_many_shops_are_rung_more_rarely_and_few_as_set(shops: int, seconds: float) -> None:
    tended = Tending(cast("Any", None), 1, "node")
    tended.terms = {
        "one": cast("Any", Shops((None,) * (shops // 2))),
        "other": cast("Any", Shops((None,) * (shops - shops // 2))),
    }
    assert tended.pace(15) == seconds


def test_a_clock_is_wrong_until_cards_are_issued_by_it_again() -> None:
    tended = Tending(cast("Any", None), 1, "node")
    issue, report = (Job(name, 15, lambda _: None) for name in ("issue", "report"))
    assert not tended.is_astray
    tended.heard(report, WrongClock("apart"))
    tended.heard(report, None)  # which does not ask Trello for the time
    tended.heard(issue, TrelloError("away"))
    assert tended.is_astray
    tended.heard(issue, None)
    assert not tended.is_astray


# ---- one term after the other


@dataclass
class Terms:
    """Terms of a group of one shop, one after the other, in which a job may run."""

    site: FleetSite
    tenant: Tenant
    opened: list[App] = field(default_factory=list)
    closed: list[App] = field(default_factory=list)
    run: list[tuple[App, str]] = field(default_factory=list)

    def live(self, *, had_before: bool = True, tenant: Tenant | None = None) -> None:
        """A term, until each job of the first pass has run."""
        tenants = (tenant or self.tenant,)
        begun = len(self.run)
        term = self.site.tending.begin("group", tenants, {"zina": "zina"}, had_before=had_before)
        until(lambda: "report" in [name for _, name in self.run[begun:]])  # the last one
        until(lambda: self.site.tending.end(term))


@pytest.fixture
def terms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terms]:
    with fleet_site(tmp_path, FixedClock(NOW)) as site:
        made = Terms(site, site.shop("zina"))
        real = tending.open_app

        def open_app(*args: Any, **named: Any) -> App:
            app = real(*args, **named)
            made.opened.append(app)
            return replace(app, closers=(*app.closers, lambda: made.closed.append(app)))

        def run(app: App, job: Job) -> None:
            assert not app.runtime.stopping()
            made.run.append((app, job.name))

        monkeypatch.setattr(tending, "open_app", open_app)
        monkeypatch.setattr(App, "run", run)
        site.tending.alarms.start()
        yield made
        site.tending.alarms.stop()


def test_a_shop_stays_open_where_its_next_term_begins_here(terms: Terms) -> None:
    for _ in range(3):
        terms.live()
    assert len(terms.opened) == 1
    assert terms.closed == []
    assert {app.services.trello for app, _ in terms.run} == {terms.opened[0].services.trello}
    assert [name for _, name in terms.run].count("report") == 3


def test_a_shop_is_opened_anew_where_another_node_had_it(terms: Terms) -> None:
    terms.live()
    terms.live(had_before=False)
    assert len(terms.opened) == 2
    assert terms.closed == terms.opened[:1]


def test_a_shop_is_opened_anew_with_other_settings(terms: Terms) -> None:
    terms.live()
    changed = terms.tenant.settings.model_copy(update={"sweep_hours": 7})
    terms.live(tenant=replace(terms.tenant, settings=changed))
    assert [app.settings.sweep_hours for app in terms.opened] == [terms.tenant.settings.sweep_hours, 7]
    assert terms.closed == terms.opened[:1]


def test_a_shop_that_nobody_takes_up_again_is_closed(terms: Terms, monkeypatch: pytest.MonkeyPatch) -> None:
    terms.live()
    later = machine_time() + 31
    monkeypatch.setattr(tending, "machine_time", lambda: later)
    other = terms.site.tending.begin("other", (), {}, had_before=True)
    assert terms.closed == []
    assert terms.site.tending.end(other)
    assert terms.closed == terms.opened
    terms.live()
    assert len(terms.opened) == 2

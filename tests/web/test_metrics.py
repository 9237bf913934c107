"""The daemon in numbers."""

import threading

import pytest
from asgi_kit import Routes
from metrics_kit import metrics_in
from shop_kit import Shop, daily_task

from trello_ops import __version__
from trello_ops.errors import StoreError, Unavailable
from trello_ops.jobs import Passes, observe_job, pass_jobs
from trello_ops.operations.issue import Issued
from trello_ops.settings import Settings
from trello_ops.telemetry import Tally
from trello_ops.testing import MemoryStore
from trello_ops.web.metrics import metrics_routes
from trello_ops.web.refused import REFUSED


class Scraped:
    """The metrics of a shop."""

    def __init__(self, *tasks: str) -> None:
        self.shop = Shop(*map(daily_task, tasks or ("parcels", "tills")))
        self.passes = Passes()
        self.calls = Tally("webhook.refused", REFUSED, self.shop.clock.monotonic)
        self.patience = 5.0

    def client(self) -> Routes:
        shop = self.shop
        routes = metrics_routes(
            shop.context, shop.trello, self.passes, self.calls,
            patience=self.patience, monotonic=shop.clock.monotonic,
        )  # fmt: skip
        return Routes(routes)

    def text(self) -> str:
        answer = self.client().get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        return answer.text

    def found(self) -> dict[tuple[str, ...], float]:
        """Their values by name, without what all names begin with, and labels."""
        read = metrics_in(self.text())
        return {(name.removeprefix("trello_ops_"), *labels): value for (name, *labels), value in read.items()}


@pytest.fixture
def scraped() -> Scraped:
    return Scraped()


def test_a_new_shop_has_zeros_and_its_version(scraped: Scraped) -> None:
    found = scraped.found()
    assert found["info", __version__] == 1
    assert found["store_up",] == 1
    assert found["waiting",] == found["waiting_seconds",] == found["claims",] == found["problems",] == 0
    assert found["cards_issued_total",] == 0
    assert not any(name == "report_age_seconds" for name, *_ in found)


def test_what_fell_due_is_told_by_when_its_card_was_made(scraped: Scraped) -> None:
    shop = scraped.shop
    shop.apply()
    assert shop.issue().cards == 2
    shop.advance(hours=11)
    found = scraped.found()
    assert [found["due_last_day", word] for word in ("in_time", "late", "none")] == [2, 0, 0]
    shop.advance(hours=17)  # the next day's two are out since the night, and nobody made their cards
    shop.issue()
    shop.advance(hours=8)
    found = scraped.found()
    assert [found["due_last_day", word] for word in ("in_time", "late", "none")] == [0, 2, 0]


def test_what_waits_is_counted_with_how_long(scraped: Scraped) -> None:
    shop = scraped.shop
    shop.apply()
    for _ in range(2):
        shop.trello.fail_next(Unavailable("away"))
    shop.issue()
    found = scraped.found()
    waiting = shop.store.unissued()
    assert found["waiting",] == len(waiting) > 0
    longest = max(shop.clock.now() - each.release for each in waiting)
    assert found["waiting_seconds",] == longest.total_seconds()
    assert found["problems",] == len(shop.store.problems()) > 0


def test_after_a_week_its_report_has_an_age_and_its_mail_is_owed_until_it_is_sent(scraped: Scraped) -> None:
    shop = scraped.shop
    shop.apply()
    shop.issue()
    shop.advance(days=7, hours=3)
    shop.issue()
    shop.observe()
    assert shop.report() == 1
    found = scraped.found()
    zone, closes_at = shop.workspace.timezone, shop.workspace.report.closes_at
    closed = shop.store.frozen_weeks()[-1].closes_at(zone, closes_at)
    assert found["report_age_seconds",] == (shop.clock.now() - closed).total_seconds()
    assert found["mails_owed",] == 0
    read = shop.store.read_cursors()["daily"].read_at
    assert found["board_read_timestamp_seconds", "daily"] == read.timestamp()


def test_what_this_process_did_is_counted(scraped: Scraped) -> None:
    observe = next(job for job in pass_jobs(Settings()) if job.name == "observe")
    for well in (True, True, False):
        scraped.passes.ended(observe, well=well)
    scraped.passes.ended(observe_job(Settings(), ["b1"]), well=True)
    for done in (Issued(cards=3), Issued(cards=4, failed=1), 5):
        scraped.passes.did(done)
    for kind in ("hint", "forged", "forged"):
        scraped.calls.count(kind)
    scraped.shop.trello.boards("zinaobeldi")
    scraped.shop.store.job_done("observe", scraped.shop.clock.now())
    found = scraped.found()
    assert found["passes_total", "observe", "well"] == 2
    assert found["passes_total", "observe", "failed"] == 1
    assert found["passes_total", "observe_hinted", "well"] == 1
    assert found["cards_issued_total",] == 7
    assert (found["webhook_calls_total", "hint"], found["webhook_calls_total", "forged"]) == (1, 2)
    assert found["requests_total", "answered"] == 1
    assert found["request_budget_limit",] == 100
    assert found["job_success_timestamp_seconds", "observe"] == scraped.shop.clock.now().timestamp()


def test_no_name_of_people_or_tasks_and_no_text_is_told(scraped: Scraped) -> None:
    shop = scraped.shop
    shop.apply()
    shop.issue()
    subject = "job:mail:2026-W47:amal@example.org"
    shop.store.note_problem(subject, "no such address", shop.clock.now())
    shop.store.claim("daily/parcels/2026-11-17", "host:1", shop.clock.now())
    text = scraped.text()
    assert not any(word in text for word in ("amal", "parcels", "tills", "Quotidien", "Zina ô", "host"))


def test_what_the_process_knows_is_told_also_while_the_store_is_away(scraped: Scraped) -> None:
    class Away(MemoryStore):
        def claims(self) -> tuple[()]:
            raise StoreError("the disk is full")

    scraped.shop.store = Away()
    found = scraped.found()
    assert found["store_up",] == 0
    assert found["info", __version__] == 1
    assert ("claims",) not in found


def test_a_store_that_hangs_is_not_waited_for(scraped: Scraped) -> None:
    hangs = threading.Event()

    class Hanging(MemoryStore):
        def claims(self) -> tuple[()]:
            hangs.wait(60)
            return ()

    scraped.shop.store, scraped.patience = Hanging(), 0.1
    answer = scraped.client().get("/metrics")
    hangs.set()
    assert (answer.status_code, answer.text) == (503, "no answer within 0.1 seconds\n")


def test_the_store_is_asked_again_after_some_seconds_only(scraped: Scraped) -> None:
    client, shop = scraped.client(), scraped.shop
    first = client.get("/metrics").text
    shop.store.note_problem("daily", "closed", shop.clock.now())
    assert client.get("/metrics").text == first
    shop.advance(seconds=6)
    assert metrics_in(client.get("/metrics").text)["trello_ops_problems",] == 1

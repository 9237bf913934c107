"""Mails through a real server that takes its time, by several processes: each goes out once."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from mail_kit import SENDER, MailServer, after, says, serving
from shop_kit import Shop, parcels_shop

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.mail import SmtpMailer, StepLimits
from trello_ops.addresses import SmtpServer
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import ReportPolicy
from trello_ops.core.mails import reports_of
from trello_ops.operations.context import Context
from trello_ops.operations.leases import LeasePolicy, Watch
from trello_ops.operations.mailing import owed_mails, send_owed
from trello_ops.operations.report import account
from trello_ops.ports import Services

pytestmark = pytest.mark.slow

WEEK = IsoWeek(2026, 47)
ONE, TWO = "anna@example.org", "bruno@example.org"
LIMITS = StepLimits(connect=2, command=2, data=2, block=2, accept=10, goodbye=0.2)
# A claim could be taken over after less than a second, were it not renewed.
QUICK = LeasePolicy(settle=0.1, lease=0.45, request_timeout=0.1)


@pytest.fixture
def shop() -> Shop:
    shop = parcels_shop()
    shop.workspace = replace(shop.workspace, report=ReportPolicy((ONE, TWO)))
    shop.store.freeze(account(shop.context(), WEEK), reports_of(ReportPolicy((ONE,)), WEEK))
    return shop


def process(shop: Shop, name: str, port: int, limits: StepLimits = LIMITS) -> Context:
    """As another process would see it, by the machine's clock."""
    mailer = SmtpMailer(SmtpServer.parse(f"smtp://127.0.0.1:{port}?starttls=never"), SENDER, limits)
    context = shop.context(name, Watch())
    services = Services(shop.trello, shop.store, SystemClock(), mailer)
    return replace(context, services=services, config=replace(context.config, lease_policy=QUICK))


@contextmanager
def rivals(*contexts: Context) -> Iterator[list[int]]:
    """Each sends what is owed again and again while the block runs; gives how many each sent."""
    sent, ended = [0] * len(contexts), threading.Event()

    def go_on(number: int) -> None:
        while not ended.is_set():
            sent[number] += send_owed(contexts[number])
            time.sleep(0.05)

    threads = [threading.Thread(target=go_on, args=[number]) for number in range(len(contexts))]
    for thread in threads:
        thread.start()
    try:
        yield sent
    finally:
        ended.set()
        for thread in threads:
            thread.join(20)


def test_a_slow_acceptance_is_waited_for_and_nobody_sends_it_again(shop: Shop) -> None:
    server = MailServer(DATA=after(2.5))
    with serving(server) as port:
        with rivals(*(process(shop, name, port) for name in ("one", "two", "three"))) as sent:
            time.sleep(4)
        assert sum(sent) == 1
        assert server.asked.count("MAIL") == 1
    assert shop.store.claims() == ()
    assert shop.store.problems() == ()
    assert owed_mails(shop.context()) == ()


def test_after_too_long_a_wait_the_next_attempt_is_minutes_away(shop: Shop) -> None:
    server = MailServer(DATA=after(1.0))
    with serving(server) as port:
        contexts = [process(shop, name, port, replace(LIMITS, accept=0.3)) for name in ("one", "two")]
        with rivals(*contexts):
            time.sleep(3)
    assert server.asked.count("MAIL") == 1
    (problem,) = shop.store.problems()
    assert "may have gone out" in problem.message
    assert problem.not_before is not None
    assert 290 < (problem.not_before - problem.last_seen).total_seconds() <= 300


@pytest.mark.parametrize(
    ("verb", "answer"), [("RCPT", "550 no such user"), ("MAIL", "553 not yours"), ("DATA", "554 spam")]
)
def test_what_a_server_refuses_for_good_is_asked_once(shop: Shop, verb: str, answer: str) -> None:
    server = MailServer(**{verb: says(answer)})
    with serving(server) as port, rivals(process(shop, "one", port)):
        time.sleep(1)
    assert server.asked.count("MAIL") == 1
    (problem,) = shop.store.problems()
    assert answer in problem.message
    assert problem.left_while


def test_a_refused_recipient_holds_up_no_other(shop: Shop) -> None:
    shop.store.freeze(account(shop.context(), WEEK.next()), reports_of(ReportPolicy((ONE, TWO)), WEEK.next()))
    server = MailServer()
    server.refused[ONE] = "550 no such user"
    with serving(server) as port:
        assert send_owed(process(shop, "one", port)) == 1
        assert send_owed(process(shop, "one", port)) == 0
    assert server.recipients == [TWO]
    assert server.asked.count(f"RCPT {ONE}") == 2  # one for each week

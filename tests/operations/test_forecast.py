"""People's own coming weeks: on which days, to whom, and once."""

import datetime as dt
from dataclasses import replace

import pytest
from shop_kit import PARIS, Shop, daily_task

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import ReportPolicy
from trello_ops.core.mails import FORECAST, OwedMail
from trello_ops.operations.forecast import owe_forecasts
from trello_ops.operations.mailing import owed_mails, send_owed

WEEK = IsoWeek(2026, 47)
AMAL, KARIM = "amal@shop.example", "karim@shop.example"


@pytest.fixture
def shop() -> Shop:
    """Amal has a task every day, Karim none."""
    made = Shop(replace(daily_task("parcels"), assignees=("amal",)))
    amal, karim = made.workspace.people
    made.workspace = replace(
        made.workspace,
        people=(replace(amal, email=AMAL), replace(karim, email=KARIM)),
        report=ReportPolicy(("manager@example.org",), forecast=True),
    )
    return made


def owed_at(shop: Shop, day: int, time: str) -> list[str]:
    shop.clock.advance_to(dt.datetime.combine(dt.date(2026, 11, day), dt.time.fromisoformat(time), PARIS))
    owe_forecasts(shop.context())
    return [mail.recipient for mail in owed_mails(shop.context()) if mail.kind == FORECAST]


@pytest.mark.parametrize(
    ("day", "time", "owed"),
    [(23, "06:59", []), (23, "07:00", [AMAL]), (24, "23:59", [AMAL]), (25, "00:00", [])],
)
def test_a_week_is_told_on_its_monday_from_the_close_on_or_the_day_after(
    shop: Shop, day: int, time: str, owed: list[str]
) -> None:
    assert owed_at(shop, day, time) == owed


def test_what_did_not_go_out_by_tuesday_is_sent_no_more(shop: Shop) -> None:
    assert owed_at(shop, 23, "08:00") == [AMAL]
    assert owed_at(shop, 25, "08:00") == []
    assert send_owed(shop.context()) == 0


def test_nobody_hears_of_it_unless_it_is_asked_for(shop: Shop) -> None:
    shop.workspace = replace(shop.workspace, report=ReportPolicy(("manager@example.org",)))
    assert owed_at(shop, 23, "08:00") == []


def test_everybody_gets_their_own_week_once(shop: Shop) -> None:
    for _ in range(2):
        owe_forecasts(shop.context())
        send_owed(shop.context())
    (mail,) = shop.outbox.sent
    assert (mail.recipient, mail.subject) == (AMAL, "forecast 2026-W47")
    assert mail.text.splitlines() == [f"amal daily/parcels/2026-11-{day}" for day in range(16, 23)]
    assert shop.store.mails(WEEK) == {OwedMail(WEEK, AMAL, FORECAST): shop.clock.now()}


def test_people_who_share_an_address_get_one_mail(shop: Shop) -> None:
    amal, karim = shop.workspace.people
    (board,) = shop.workspace.boards
    tills = replace(daily_task("tills"), assignees=("karim",))
    shop.workspace = replace(
        shop.workspace,
        people=(amal, replace(karim, email=AMAL)),
        boards=(replace(board, tasks=(*board.tasks, tills)),),
    )
    owe_forecasts(shop.context())
    assert send_owed(shop.context()) == 1
    assert {line.split()[0] for line in shop.outbox.sent[0].text.splitlines()} == {"amal", "karim"}


def test_the_report_job_sends_it(shop: Shop) -> None:
    shop.report()
    assert [mail.recipient for mail in shop.outbox.sent] == [AMAL]

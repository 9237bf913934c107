"""The robot is down for ten days, and people go on: what it finds on its return, over HTTP."""

import datetime as dt
import random

import pytest
from live_kit import EMAILS, MONDAY, NEWS, PARCELS, Json, Shop, one_pass
from oracle import Oracle, disagreements

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.reporting.report import Report
from trello_ops.operations.report import account
from trello_ops.render.report_text import text

pytestmark = pytest.mark.slow

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
DOWN, BACK = MONDAY + 2 * DAY + 2 * HOUR, MONDAY + 12 * DAY + 2 * HOUR
"""From a Wednesday to the Saturday of the week after: a close lies between."""

PEOPLE = ("amal_zina", "karim_zina")


def live_until_the_outage(shop: Shop) -> list[str]:
    """Three days of cards, of which one is done; the keys of all."""
    for day in range(3):
        shop.clock.advance_to(MONDAY + day * DAY)
        assert one_pass(shop.app) == {}
    shop.trello.tick(shop.trello.card(PARCELS), by="amal_zina")
    shop.clock.advance_to(DOWN)
    assert one_pass(shop.app) == {}
    return [f"daily/{task}/2026-11-{day}" for task in ("parcels", "emails", "news") for day in (16, 17, 18)]


def act(shop: Shop, card: Json, dice: random.Random) -> None:
    """Something that a person does to a card, whatever it is like."""
    trello, who = shop.trello, dice.choice(PEOPLE)
    deeds = (
        lambda: trello.tick(card, who),
        lambda: trello.untick(card, who),
        lambda: trello.move(card, dice.choice(("À faire", "En cours", "Terminé")), who),
        lambda: trello.act(who, "PUT", f"/cards/{card['id']}", closed=dice.choice(("true", "false"))),
    )
    dice.choice(deeds)()


def go_on_until(shop: Shop, moment: dt.datetime) -> None:
    while shop.clock.now() < moment:
        shop.clock.advance_to(min(moment, shop.clock.now() + DAY))
        assert one_pass(shop.app) == {}


def frozen(shop: Shop, week: str) -> Report:
    report = shop.app.services.store.frozen(IsoWeek.parse(week))
    assert report is not None, week
    return report


@pytest.mark.parametrize("seed", [1, 2])
def test_ten_days_of_outage_cost_nobody_anything(shop: Shop, seed: int) -> None:
    keys, dice = live_until_the_outage(shop), random.Random(seed)  # noqa: S311 - no secret
    cards = [shop.trello.card(key) for key in keys]
    excused = shop.trello.card(NEWS)
    shop.trello.label(excused, "Excusé", by="karim_zina")
    for moment in sorted(dice.uniform(1, 239) for _ in range(40)):
        shop.clock.advance_to(DOWN + moment * HOUR)
        act(shop, dice.choice([card for card in cards if card["id"] != excused["id"]]), dice)
    shop.clock.advance_to(BACK)
    assert one_pass(shop.app) == {}

    go_on_until(shop, MONDAY + 14 * DAY + HOUR)
    state = shop.trello.state()
    for week in ("2026-W47", "2026-W48"):
        report = frozen(shop, week)
        assert disagreements(report.as_dict(), Oracle(state, shop.folder / "boards")) == [], week
        (outage,) = report.outages
        assert (outage.board, outage.until - outage.since > 10 * DAY - HOUR) == ("daily", True)
        assert "le robot n’a pas vu\u00a0: Quotidien." in text(report)
        assert all(not line.approximate for line in report.occurrences)
        assert report.totals.open == 0
    lost = {str(line.outcome) for line in frozen(shop, "2026-W48").occurrences if line.due_at < BACK}
    assert lost == {"not_issued"}
    assert account(shop.app.context(), IsoWeek.parse("2026-W49")).outages == ()


def test_more_of_the_log_than_trello_gives_at_once_is_read_back(shop: Shop) -> None:
    """What was done first lies under more actions than one answer holds."""
    live_until_the_outage(shop)
    shop.trello.tick(shop.trello.card(EMAILS), by="karim_zina")
    ticked_at = shop.clock.now()
    shop.clock.advance(3600)
    card = shop.trello.card(NEWS)
    shop.trello.write_notes(card["idList"], 1200, by="amal_zina")
    shop.clock.advance_to(BACK)
    assert one_pass(shop.app) == {}
    entry = shop.app.services.store.entry(OccurrenceKey.parse(EMAILS))
    assert entry is not None
    (done,) = entry.events
    assert abs(done.at - ticked_at) < dt.timedelta(minutes=1)
    assert (done.approximate, done.by and done.by.username) == (False, "karim_zina")

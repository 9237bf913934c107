"""Nobody could verify every guess about Trello, so a week goes well whichever way each of them is."""

import datetime as dt

import pytest
from effort import slow_but_for
from live_kit import EIGHT, EMAILS, MONDAY, NEWS, PARCELS, Json, Shop, apply, items, one_pass

from trello_sandbox.switches import Switches

pytestmark = pytest.mark.slow

QUICK = ["as_guessed", "short_urls", "archived_source", "retry_after"]
TUESDAY = MONDAY + dt.timedelta(days=1)
WEEK = {
    PARCELS: "on_time",
    EMAILS: "missed",
    NEWS: "excused",
    "daily/parcels/2026-11-17": "late",
    "daily/emails/2026-11-17": "missed",
    "daily/news/2026-11-17": "on_time",
    **{
        f"daily/{task}/2026-11-{day}": "not_issued"
        for task in ("parcels", "emails", "news")
        for day in (18, 19, 20, 21)
    },
}


def _live_a_week(shop: Shop) -> None:
    trello = shop.trello
    shop.job("issue")
    trello.tick(trello.card(PARCELS), "karim_zina")
    trello.tick(trello.card(EMAILS), "amal_zina")
    shop.job("observe")
    trello.untick(trello.card(EMAILS), "amal_zina")
    trello.label(trello.card(NEWS), "Excusé", "karim_zina")
    shop.clock.advance_to(TUESDAY)
    assert one_pass(shop.app) == {}
    trello.move(trello.card("daily/news/2026-11-17"), "Terminé", "karim_zina")
    shop.clock.advance_to(TUESDAY + dt.timedelta(hours=14))
    trello.tick(trello.card("daily/parcels/2026-11-17"), "amal_zina")
    shop.job("observe")
    shop.clock.advance_to(MONDAY + dt.timedelta(days=7, hours=1))
    assert one_pass(shop.app) == {}


@pytest.mark.parametrize("switch", slow_but_for(QUICK, ["as_guessed", *Switches().table()]))
def test_every_guess_about_trello_may_be_wrong(bare: Shop, switch: str) -> None:
    """Each switch of the sandbox the other way round; the first case has every switch as it is."""
    if switch != "as_guessed":
        bare.trello.turn(**{switch: _otherwise(bare.trello.switches()[switch]["default"])})
    apply(bare.app)
    _live_a_week(bare)
    assert bare.outcomes() == WEEK
    copy = bare.trello.card("daily/parcels/2026-11-17")
    assert items(bare.trello.state(), copy) == [(item, False) for item in EIGHT]


@pytest.mark.parametrize("copyable", [True, False])
def test_a_template_card_put_away_by_mistake(shop: Shop, copyable: bool) -> None:
    shop.trello.turn(archived_source=copyable)
    shop.trello.act("amal_zina", "PUT", f"/cards/{_template(shop)['id']}", closed="true")
    shop.app.run(next(job for job in shop.app.jobs() if job.name == "issue"))
    shop.heal()
    shop.check_today()


@pytest.mark.parametrize("kept", [True, False])
def test_a_template_card_ticked_by_mistake(shop: Shop, kept: bool) -> None:
    shop.trello.turn(copy_item_state=kept, copy_due_complete=kept)
    template = _template(shop)
    (checklist,) = shop.trello.act("amal_zina", "GET", f"/cards/{template['id']}/checklists")
    item = f"/cards/{template['id']}/checkItem/{checklist['checkItems'][0]['id']}"
    shop.trello.act("amal_zina", "PUT", item, state="complete")
    shop.trello.tick(template, "amal_zina")
    assert one_pass(shop.app) == {}
    apply(shop.app)
    assert one_pass(shop.app) == {}
    shop.check_today()


def _otherwise(guess: bool | int) -> bool | int:
    """The other way round; for a figure, a minute instead of none, or no limit instead of one."""
    if isinstance(guess, bool):
        return not guess
    return 0 if guess else 60


def _template(shop: Shop) -> Json:
    found: list[Json] = [card for card in shop.trello.state()["cards"] if card["isTemplate"]]
    assert len(found) == 1
    return found[0]

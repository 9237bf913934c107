"""Cards lie in the todo list by slot, then by file, whenever and by whichever thread they are made."""

import datetime as dt
from dataclasses import replace

import pytest
from shop_kit import Shop, daily_task

from trello_ops.core.bindings import Kind
from trello_ops.core.cadence import DayTime
from trello_ops.core.declared import Slot, Task
from trello_ops.operations import issue as issuing

MATIN, SOIR = Slot("matin", 1, dt.time(9), dt.time(12, 30)), Slot("soir", 1, dt.time(14), dt.time(18))


def slotted(key: str, slot: Slot, release: str = "00:00") -> Task:
    task = daily_task(key, f"{slot.ends:%H:%M}", slot=slot.key)
    cadence = replace(task.cadence, on=(slot.weekday,), release=DayTime(dt.time.fromisoformat(release)))
    return replace(task, cadence=cadence)


def shop_of(*tasks: Task) -> Shop:
    shop = Shop(*tasks)
    shop.workspace = replace(shop.workspace, slots=(MATIN, SOIR))
    shop.apply()
    return shop


def read(shop: Shop) -> list[str]:
    """The titles of the todo list from top to bottom, without their days."""
    todo = shop.store.bindings("daily").id(Kind.LIST, "daily", "todo") or ""
    return [card.title.split()[1] for card in shop.trello.lying(todo) if not card.is_template]


@pytest.mark.parametrize("workers", [1, 4])
def test_by_slot_then_by_file(workers: int) -> None:
    shop = shop_of(
        slotted("window", SOIR),
        slotted("mails", MATIN, release="08:30"),
        slotted("figures", MATIN),
        slotted("parcels", SOIR, release="08:30"),
        slotted("arrivals", MATIN, release="09:30"),
    )
    context = shop.context()
    issuing.issue(replace(context, config=replace(context.config, workers=workers)))
    assert read(shop) == ["figures", "window"]
    for _ in range(2):
        shop.advance(hours=1)
        shop.issue()
    assert read(shop) == ["mails", "figures", "arrivals", "window", "parcels"]


def test_a_card_shows_when_its_slot_begins_and_ends() -> None:
    shop = shop_of(slotted("mails", MATIN))
    shop.issue()
    (card,) = shop.cards_on()
    assert card.start == dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC)
    assert card.due == dt.datetime(2026, 11, 16, 11, 30, tzinfo=dt.UTC)


def test_without_slots_the_most_urgent_comes_first_as_ever() -> None:
    shop = shop_of(daily_task("late", "18:00"), daily_task("early", "10:00"))
    shop.issue()
    assert read(shop) == ["early", "late"]

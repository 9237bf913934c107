"""A law moves the clocks between two passes: what is issued stays as it is, what is not yet follows."""

from dataclasses import replace
from io import BytesIO
from zoneinfo import ZoneInfo

from shop_kit import Shop, daily_task
from zone_kit import zone_file

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.operations.report import account

BEFORE = ZoneInfo.from_file(BytesIO(zone_file("<+01>-1")), key="Africa/Casablanca")
AFTER = ZoneInfo.from_file(BytesIO(zone_file("<+00>0")), key="Africa/Casablanca")


def under(law: ZoneInfo, shop: Shop) -> None:
    """As the program reads the same files once the time zone data is `law`, which takes a new process."""
    (board,) = shop.workspace.boards
    tasks = tuple(replace(task, cadence=replace(task.cadence, timezone=law)) for task in board.tasks)
    boards = (replace(board, timezone=law, tasks=tasks),)
    shop.workspace = replace(shop.workspace, timezone=law, boards=boards)
    shop.restart()


def shop_before() -> Shop:
    """On Monday, with its card of the day issued under the old law."""
    shop = Shop(daily_task("parcels"))
    under(BEFORE, shop)
    shop.apply()
    shop.issue()
    return shop


def test_what_is_issued_keeps_its_instants_and_what_is_not_follows_the_new_law() -> None:
    shop = shop_before()
    under(AFTER, shop)
    shop.issue()
    shop.advance(days=1)
    shop.issue()
    dues = [shop.entry("parcels", day).occurrence.due for day in ("2026-11-16", "2026-11-17")]
    assert [f"{due:%d %H:%M}" for due in dues] == ["16 17:00", "17 18:00"]
    assert sorted(card.due for card in shop.cards_on() if card.due) == dues


def test_no_card_comes_twice_nor_does_a_day_go_without() -> None:
    shop = shop_before()
    for law in (AFTER, BEFORE, AFTER):
        under(law, shop)
        for _ in range(24):
            shop.advance(hours=1)
            shop.issue()
    days = [f"2026-11-{day}" for day in (16, 17, 18, 19)]
    assert [card.title.split()[-1] for card in sorted(shop.cards_on(), key=lambda c: c.id)] == days


def test_the_running_week_counts_each_duty_once() -> None:
    shop = shop_before()
    under(AFTER, shop)
    week = account(shop.context(), IsoWeek.parse("2026-W47"))
    assert week.totals.scheduled == len({line.key for line in week.occurrences}) == 7

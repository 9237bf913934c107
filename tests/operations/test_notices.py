"""What mail cannot tell goes by the second channel: once, as long as it lasts."""

import datetime as dt
from dataclasses import replace

import pytest
from shop_kit import Shop

from trello_ops.operations.context import Context
from trello_ops.operations.notices import tell_of_mails

ONE = "job:mail:2026-W47:anna@example.org"


class Channel:
    """Keeps what it is told, while it works."""

    def __init__(self) -> None:
        self.works = True
        self.asked = 0
        self.told: list[tuple[str, str]] = []

    def tell(self, title: str, text: str) -> bool:
        self.asked += 1
        if self.works:
            self.told.append((title, text))
        return self.works


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
def shop() -> Shop:
    return Shop()


def context(shop: Shop, channel: Channel, holder: str = "one") -> Context:
    made = shop.context(holder)
    return replace(made, services=replace(made.services, notifier=channel))


def refuse(shop: Shop, subject: str = ONE, left_while: str = "settings") -> None:
    shop.store.note_problem(subject, "550 no such user", shop.clock.now(), left_while=left_while)


def test_what_is_refused_for_good_is_told_once_by_one_process(shop: Shop, channel: Channel) -> None:
    refuse(shop)
    for holder in ("one", "two", "one"):
        tell_of_mails(context(shop, channel, holder))
        refuse(shop)
    assert channel.told == [("Zina ô Beldi: a mail does not go out", "550 no such user")]


def test_it_is_told_again_once_it_was_over(shop: Shop, channel: Channel) -> None:
    for _ in range(2):
        refuse(shop)
        tell_of_mails(context(shop, channel))
        shop.store.clear_problem(ONE)
    assert len(channel.told) == 2


def test_what_may_mend_itself_is_told_after_a_day(shop: Shop, channel: Channel) -> None:
    refuse(shop, "job:mail", left_while="")
    tell_of_mails(context(shop, channel))
    assert channel.told == []
    shop.clock.advance_to(shop.clock.now() + dt.timedelta(days=1))
    tell_of_mails(context(shop, channel))
    assert len(channel.told) == 1


def test_other_problems_are_not_for_it(shop: Shop, channel: Channel) -> None:
    refuse(shop, "daily")
    refuse(shop, "job:token")
    tell_of_mails(context(shop, channel))
    assert channel.asked == 0


def test_a_channel_that_takes_nothing_is_asked_again_after_growing_pauses(
    shop: Shop, channel: Channel
) -> None:
    channel.works = False
    refuse(shop)
    for _ in range(60):
        tell_of_mails(context(shop, channel))
        shop.advance(seconds=60)
    assert channel.asked == 6  # at once, after 1, 2, 4, 8, 16 minutes
    assert "job:notify" in {problem.subject for problem in shop.store.problems()}
    channel.works = True
    shop.advance(seconds=3600)
    tell_of_mails(context(shop, channel))
    assert len(channel.told) == 1
    assert "job:notify" not in {problem.subject for problem in shop.store.problems()}


def test_without_a_channel_nothing_counts_as_told(shop: Shop) -> None:
    refuse(shop)
    tell_of_mails(shop.context())
    assert [problem.told_at for problem in shop.store.problems()] == [None]

"""`kill -9` of a real process in the middle of its work."""

import os
import signal
import subprocess
import sys

import pytest
from live_kit import Shop, until

pytestmark = pytest.mark.slow  # minutes, with the others of its kind


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/1/cards$", id="while a card is made"),
        pytest.param("/1/checklists/.*/checkItems$", id="while a card is filled", marks=pytest.mark.slow),
    ],
)
def test_kill_9_in_the_middle_of_issuing(shop: Shop, path: str) -> None:
    """The process dies while the second such write is under way; it lands a second later."""
    trello = shop.trello
    trello.fault(method="POST", path=path, skip=1, land_after=1.0, hold=True)
    # Patient, so that the write is under way for as long as we need to see that on a busy machine.
    with _tick(shop, "06:40", timeout=20) as first:
        until(lambda: trello.control("GET", "underway")["held"])
        first.kill()
        first.communicate()
    assert first.returncode == -signal.SIGKILL
    assert shop.app.services.store.claims() != (), "it died in the middle of something"

    with _tick(shop, "06:45", timeout=1) as second:
        _, said = second.communicate(timeout=60)
    assert second.returncode == 0, said
    assert "has not settled" in said
    shop.check_today()


def _tick(shop: Shop, time_of_day: str, timeout: float) -> subprocess.Popen[str]:
    environment = shop.trello.environment(
        shop.folder, settle_seconds=1.5, request_timeout_seconds=timeout, lease_seconds=2.5 * timeout
    )
    return subprocess.Popen(
        [sys.executable, "-m", "trello_ops", "tick", "--at", f"2026-11-16T{time_of_day}"],
        env={**os.environ, **environment},
        cwd=shop.folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )

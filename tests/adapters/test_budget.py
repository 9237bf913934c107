"""At the limit and never over it, whoever asks: threads, processes and strangers, in simulated time."""

import datetime as dt
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from turn_clock import TurnClock

from trello_ops.adapters.trello.budget import Budget
from trello_ops.adapters.trello.budget_file import BudgetFile
from trello_ops.errors import NotSent, StoreError
from trello_ops.testing.clock import FixedClock
from trello_sandbox.limits import Charge, RateLimits
from trello_sandbox.switches import Switches

TOKEN = "ATTA" + "s3cret" * 12
WINDOW = 10.0


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "own" / "budget.sqlite3"


@pytest.fixture
def budgets(clock: FixedClock, file: Path) -> Iterator[Callable[[int], Budget]]:
    """Budgets as several processes open them, one after the other."""
    with ExitStack() as stack:
        yield lambda limit: stack.enter_context(closing(Budget.shared(limit, clock, file, TOKEN)))


# ---- the whole, simulated


@dataclass
class Trello:
    """Trello's own limits, on simulated time: when it counted each of our requests, and what it refused."""

    clock: TurnClock
    sliding: bool
    counted: list[float] = field(default_factory=list)
    refused: int = 0

    def __post_init__(self) -> None:
        switches = Switches(sliding_window=self.sliding)
        self._limits = RateLimits(switches, enforced=True, now=self.clock.monotonic)

    def spend(self, token: str) -> Charge:
        """A request by whomever."""
        return self._limits.charge("key", token, token)

    def count(self) -> int | None:
        """One of ours; returns how many more its answer says are allowed, or `None` for a 429."""
        charge = self.spend(TOKEN)
        self.counted.append(self.clock.monotonic())
        if charge.refused_by:
            self.refused += 1
            return None
        return min(int(told) for name, told in charge.headers if name.endswith("-remaining"))

    def fullest(self) -> int:
        """The most requests in any ten seconds."""
        return max(
            bisect_right(self.counted, at + WINDOW - 1e-6) - first for first, at in enumerate(self.counted)
        )

    def used(self, until: float) -> float:
        """How many requests a window of ten seconds held on average, from the first full one on."""
        start = self.counted[0] + WINDOW
        within = sum(max(0.0, min(at + WINDOW, until) - max(at, start)) for at in self.counted if at < until)
        return within / (until - start)


def sender(
    budget: Budget, trello: Trello, latency: Callable[[], float], until: float, *, reads: bool = False
) -> None:
    """A thread with one request after the other to send."""
    while True:
        try:
            permission = budget.wait(reads=reads, send_before=until)
        except NotSent:
            return
        trello.clock.sleep(latency())
        room = trello.count()
        trello.clock.sleep(latency())
        budget.answered(permission, room)
        if room is None:
            budget.pause(WINDOW)


@settings(max_examples=6)
@given(
    sliding=st.booleans(),
    reads=st.booleans(),
    threads=st.lists(st.integers(4, 8), min_size=1, max_size=3),
    latency=st.sampled_from([(0.0, 0.0), (0.02, 0.18), (0.1, 0.15), (0.0, 0.3)]),
    chance=st.randoms(use_true_random=True),
)
def test_no_window_is_over_the_limit_and_nine_tenths_are_used(
    sliding: bool,
    reads: bool,
    threads: list[int],
    latency: tuple[float, float],
    chance: random.Random,
) -> None:
    clock = TurnClock()
    trello, until = Trello(clock, sliding), clock.monotonic() + 33
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        file = Path(folder) / "budget.sqlite3"
        processes = [stack.enter_context(closing(Budget.shared(100, clock, file, TOKEN))) for _ in threads]

        def way() -> float:
            return chance.uniform(*latency) / 2

        clock.run(
            partial(sender, budget, trello, way, until, reads=reads)
            for budget, count in zip(processes, threads, strict=True)
            for _ in range(count)
        )
    assert trello.fullest() <= 100
    assert trello.refused == 0
    assert trello.used(until - WINDOW) >= 90


@pytest.mark.parametrize("sliding", [False, True])
def test_what_a_stranger_spends_is_left_to_him(sliding: bool) -> None:
    """Three requests a second of the same token by somebody whom our file does not know.

    He may take the last places while ours are under way: those few are refused, and all keep quiet once.
    """
    clock, latencies = TurnClock(), cycle((0.01, 0.08, 0.04, 0.09, 0.02))
    trello, until = Trello(clock, sliding), clock.monotonic() + 43

    def stranger() -> None:
        while clock.monotonic() < until:
            trello.spend(TOKEN)
            clock.sleep(0.33)

    with closing(Budget.private(100, clock)) as budget:
        ours = partial(sender, budget, trello, latencies.__next__, until)
        clock.run([stranger, *[ours] * 8])
    assert trello.refused <= 8
    assert trello.used(until - WINDOW) >= 70


def test_another_token_of_the_key_may_use_up_what_the_key_allows() -> None:
    clock, latency = TurnClock(), lambda: 0.05
    trello, until = Trello(clock, sliding=True), clock.monotonic() + 23

    def neighbour(token: str) -> None:
        while clock.monotonic() < until:
            trello.spend(token)
            clock.sleep(0.11)

    with closing(Budget.private(100, clock)) as budget:
        others = [partial(neighbour, f"other {n}") for n in range(3)]
        clock.run([*others, *[partial(sender, budget, trello, latency, until)] * 8])
    assert trello.refused == 0


# ---- who goes first


def asked(clock: TurnClock, budget: Budget, at: float, name: str, went: list[tuple[str, float]]) -> None:
    """Ask `at` seconds; answered at once. A name in capitals is a read."""
    begun = clock.monotonic()
    clock.sleep(at)
    budget.answered(budget.wait(reads=name.isupper()))
    went.append((name, round(clock.monotonic() - begun, 1)))


def order(limit: int, *asks: tuple[float, str]) -> list[tuple[str, float]]:
    """In which order, and when, those go who ask at these seconds."""
    clock, went = TurnClock(), list[tuple[str, float]]()
    with closing(Budget.private(limit, clock)) as budget:
        clock.run([partial(asked, clock, budget, at, name, went) for at, name in asks])
    return went


def test_who_came_first_goes_first() -> None:
    went = order(2, (0, "a"), (0.1, "b"), (0.2, "c"), (0.3, "d"), (0.4, "e"))
    assert went == [("a", 0), ("b", 0.1), ("c", 10), ("d", 10.1), ("e", 20)]


def test_a_read_goes_before_the_writes_that_wait() -> None:
    went = order(2, (0, "a"), (0, "b"), (1, "c"), (2, "d"), (3, "R"))
    assert went == [("a", 0), ("b", 0), ("R", 10), ("c", 10), ("d", 20)]


def test_while_there_are_reads_the_last_twentieth_is_theirs() -> None:
    went = order(20, (0, "R"), *[(1, "w")] * 20, (5, "S"))
    assert went == [("R", 0), *[("w", 1)] * 18, ("S", 5), ("w", 11), ("w", 11)]


def test_while_there_are_none_writes_have_it_all() -> None:
    went = order(20, *[(0, "w")] * 21, (5, "R"))
    assert went == [*[("w", 0)] * 20, ("R", 10), ("w", 10)]


def test_reads_that_have_three_quarters_let_writes_go_first() -> None:
    """It sees at its next look, after a second, that its turn has come."""
    went = order(4, *[(0, "R")] * 4, *[(1, "S")] * 4, (2, "w"))
    assert went == [*[("R", 0)] * 4, *[("S", 10)] * 3, ("w", 11), ("S", 20)]


def test_processes_wait_in_one_queue(file: Path) -> None:
    clock, went = TurnClock(), list[tuple[str, float]]()
    with (
        closing(Budget.shared(1, clock, file, TOKEN)) as one,
        closing(Budget.shared(1, clock, file, TOKEN)) as two,
    ):
        asks = [(one, 0, "a"), (two, 1, "b"), (one, 2, "c"), (two, 3, "d")]
        clock.run([partial(asked, clock, budget, at, name, went) for budget, at, name in asks])
    assert went == [("a", 0), ("b", 10), ("c", 20), ("d", 30)]


# ---- what a request counts for


def first_free(clock: FixedClock, budget: Budget) -> float:
    """Seconds until a request may leave."""
    begun = clock.monotonic()
    budget.wait(reads=True)
    return clock.monotonic() - begun


def test_a_request_counts_until_ten_seconds_after_its_answer(clock: FixedClock) -> None:
    with closing(Budget.private(1, clock)) as budget:
        permission = budget.wait(reads=True)
        clock.sleep(3)
        budget.answered(permission)
        assert 10 < first_free(clock, budget) < 10.01


def test_a_request_without_an_answer_lapses(clock: FixedClock) -> None:
    with closing(Budget.private(1, clock)) as budget:
        budget.wait(reads=True)
        assert 40 < first_free(clock, budget) < 40.01


def test_a_very_late_answer_changes_nothing(clock: FixedClock) -> None:
    with closing(Budget.private(2, clock)) as budget:
        late = budget.wait(reads=True)
        clock.sleep(45)
        budget.answered(budget.wait(reads=True))
        budget.answered(late, room=0)
        assert first_free(clock, budget) == 0


def test_who_waited_in_vain_leaves_no_gap(clock: FixedClock) -> None:
    with closing(Budget.private(1, clock)) as budget:
        for too_early in (0.0, -1.0):
            with pytest.raises(NotSent, match="held back"):
                budget.wait(reads=False, send_before=clock.monotonic() + too_early)
        assert first_free(clock, budget) == 0
        with pytest.raises(NotSent):
            budget.wait(reads=False, send_before=clock.monotonic() + 9)
        assert 39 < first_free(clock, budget) < 40.01


def test_who_was_killed_in_the_queue_is_passed_over(
    clock: FixedClock, budgets: Callable[[int], Budget]
) -> None:
    """He renews his place no more, so the others wait four seconds longer at most."""
    killed, alive = budgets(1), budgets(1)
    alive.answered(alive.wait(reads=True))
    clock.sleep(9)
    killed._file.run(partial(killed._ask, None, True))
    assert 3 < first_free(clock, alive) <= 4


def test_a_pause_holds_for_every_process_of_the_token(
    clock: FixedClock, file: Path, budgets: Callable[[int], Budget]
) -> None:
    one, two = budgets(100), budgets(100)
    one.pause(25)
    one.pause(3)
    with closing(Budget.shared(100, clock, file, "another")) as other:
        assert first_free(clock, other) == 0
    assert 25 < first_free(clock, two) < 25.01


def test_no_pause_is_longer_than_a_minute(clock: FixedClock) -> None:
    with closing(Budget.private(1, clock)) as budget:
        budget.pause(9999)
        assert 60 < first_free(clock, budget) < 60.01


def test_the_answer_outranks_our_own_count(clock: FixedClock) -> None:
    """It tells of 97 requests where we know of one: others have sent 96."""
    with closing(Budget.private(100, clock)) as budget:
        budget.answered(budget.wait(reads=True), room=3)
        waits = [first_free(clock, budget) for _ in range(4)]
    assert waits[:3] == [0, 0, 0]
    assert 10 < waits[3] < 10.01


def test_an_answer_that_allows_more_than_we_do_is_no_news(clock: FixedClock) -> None:
    with closing(Budget.private(2, clock)) as budget:
        budget.answered(budget.wait(reads=True), room=374)
        assert first_free(clock, budget) == 0
        assert first_free(clock, budget) > 9


def test_what_lapsed_while_a_request_was_under_way_is_no_stranger_s(clock: FixedClock) -> None:
    """Trello counted both requests in one window; the first has lapsed when the second's answer comes."""
    with closing(Budget.private(2, clock)) as budget:
        budget.answered(budget.wait(reads=True))
        clock.sleep(9.9)
        second = budget.wait(reads=True)
        clock.sleep(0.2)
        budget.answered(second, room=0)
        assert first_free(clock, budget) == 0


# ---- the file


def test_budgets_on_one_file_share_it_by_token(
    clock: FixedClock, file: Path, budgets: Callable[[int], Budget]
) -> None:
    one, two = budgets(2), budgets(2)
    one.wait(reads=True)
    two.wait(reads=True)
    with closing(Budget.shared(2, clock, file, "another")) as other:
        assert first_free(clock, other) == 0
    assert first_free(clock, one) > 10
    assert TOKEN.encode() not in file.read_bytes()


def test_what_was_counted_before_the_machine_s_restart_is_forgotten(
    clock: FixedClock, file: Path, budgets: Callable[[int], Budget]
) -> None:
    budgets(1).wait(reads=True)
    restarted = FixedClock(clock.now())
    restarted._monotonic = 1.0
    with closing(Budget.shared(1, restarted, file, TOKEN)) as budget:
        assert first_free(restarted, budget) == 0


DAMAGES = {
    "no database": "a text long enough to be taken for a database " * 200,
    "a damaged database": b"SQLite format 3\0" + bytes(range(256)) * 64,
}


@pytest.mark.parametrize("content", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_made_anew(
    content: str | bytes, clock: FixedClock, file: Path, budgets: Callable[[int], Budget]
) -> None:
    file.parent.mkdir(mode=0o700)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    one, two = budgets(1), budgets(1)
    one.answered(one.wait(reads=True))
    assert first_free(clock, two) > 10


def test_a_file_of_other_tables_is_made_anew(
    clock: FixedClock, file: Path, budgets: Callable[[int], Budget]
) -> None:
    file.parent.mkdir(mode=0o700)
    with closing(sqlite3.connect(file)) as older:
        older.execute("CREATE TABLE request (name TEXT)")
    assert first_free(clock, budgets(1)) == 0


def test_a_file_that_is_cleared_away_is_made_anew_for_all(
    clock: FixedClock, file: Path, budgets: Callable[[int], Budget]
) -> None:
    one, two = budgets(1), budgets(1)
    file.unlink()
    one.answered(one.wait(reads=True))
    assert first_free(clock, two) > 10


def test_whom_the_removed_file_knew_is_nobody_in_the_new_one(
    clock: FixedClock, file: Path, budgets: Callable[[int], Budget]
) -> None:
    one, two = budgets(1), budgets(1)
    from_before = one.wait(reads=True)
    file.unlink()
    two.wait(reads=True)
    clock.sleep(25)
    one.answered(from_before)
    assert 15 < first_free(clock, two) < 15.1


def test_a_file_that_a_stopped_process_keeps_locked_is_made_anew(file: Path) -> None:
    with closing(BudgetFile(file, lock_seconds=0.05)) as ours, closing(sqlite3.connect(file)) as stopped:
        stopped.execute("BEGIN EXCLUSIVE")
        assert ours.run(lambda db: db.execute("SELECT count(*) FROM request").fetchone()) == (0,)


def test_a_folder_of_another_shape_is_refused(clock: FixedClock, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    for name in ("link", "open"):
        with pytest.raises(StoreError, match=rf"{name}: .* set TMPDIR to a folder that is yours alone"):
            Budget.shared(1, clock, tmp_path / name / "budget.sqlite3", TOKEN)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be used"):
        Budget.shared(1, clock, tmp_path / "file" / "budget.sqlite3", TOKEN)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_another_user_s_folder_is_refused(clock: FixedClock, tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir(mode=0o700)
    os.chown(tmp_path / "theirs", 12345, 12345)
    with pytest.raises(StoreError, match="another user's"):
        Budget.shared(1, clock, tmp_path / "theirs" / "budget.sqlite3", TOKEN)


def test_a_file_that_cannot_be_made_says_what_to_do(clock: FixedClock, file: Path) -> None:
    file.mkdir(parents=True, mode=0o700)
    with pytest.raises(StoreError, match="set TMPDIR to another folder"):
        Budget.shared(1, clock, file, TOKEN)


SPENDER = """
import sys
from pathlib import Path
from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.trello.budget import Budget
from trello_ops.errors import NotSent

clock, spent = SystemClock(), 0
budget = Budget.shared(30, clock, Path(sys.argv[1]), "token")
try:
    while True:
        budget.wait(reads=True, send_before=clock.monotonic() + 1)
        spent += 1
except NotSent:
    print(spent)
budget.close()
"""


def test_processes_together_keep_to_the_budget(file: Path) -> None:
    command = [sys.executable, "-c", SPENDER, str(file)]
    spenders = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert sum(int(spender.communicate(timeout=60)[0]) for spender in spenders) == 30

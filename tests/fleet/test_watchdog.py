"""When a process leaves by itself, on a clock that is moved by hand."""

import pytest

from trello_ops.fleet.watchdog import Watchdog


class Watched:
    def __init__(self) -> None:
        self.time = 100.0
        self.said: list[str] = []
        self.dog = Watchdog(self.said.append, lambda: self.time)
        self.dog.start()

    def run(self, seconds: float, *, alive: bool = True) -> None:
        """Run on, with the event loop and perhaps signs of life that the database takes."""
        for _ in range(int(seconds * 4)):
            self.time += 0.25
            self.dog.beat()
            if alive:
                self.dog.alive(self.time)


def test_a_process_that_runs_and_is_heard_stays() -> None:
    watched = Watched()
    watched.run(60)
    assert watched.said == []


@pytest.mark.parametrize("first", ["beat", "look"])
def test_a_process_that_froze_leaves_whoever_of_its_threads_wakes_first(first: str) -> None:
    watched = Watched()
    watched.run(1)
    watched.time += 5.5
    getattr(watched.dog, first)()
    assert watched.said == ["node.frozen"]


def test_a_process_that_the_database_has_not_heard_of_leaves_before_its_lease_is_over() -> None:
    watched = Watched()
    watched.run(13.5, alive=False)
    assert watched.said == []
    watched.run(1, alive=False)
    assert set(watched.said) == {"node.lost_database"}

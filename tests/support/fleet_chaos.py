"""What befalls the nodes of a fleet, and what is to hold after it."""

import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from fleet_kit import Shops, shops
from live_kit import live, until

from trello_ops.demo.postgres import Server

SIX = [f"shop-{number}" for number in range(6)]
_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = %s"
)


@contextmanager
def idle(server: Server, folder: Path) -> Iterator[Shops]:
    """Six shops that no node tends yet."""
    with live() as trello, shops(trello, folder, server.create(f"chaos_{uuid4().hex}")) as made:
        made.add(*SIX)
        yield made


@contextmanager
def busy(server: Server, folder: Path) -> Iterator[Shops]:
    """Six shops in the middle of having cards made by two nodes."""
    with idle(server, folder) as made:
        made.start_node()
        made.start_node()
        until(made.all_in_hand, 60)
        until(made.cards, 60)
        yield made


def two_nodes(six: Shops) -> "tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]":
    """Two nodes with half of the shops each, in the middle of making cards."""
    nodes, half = (six.start_node(), six.start_node()), len(six.names) // 2
    until(lambda: six.none_ended() and list(Counter(six.in_hand().values()).values()) == [half, half], 60)
    until(six.cards, 60)
    return nodes


def seconds(what: str, look: Callable[[], object], most: float) -> float:
    """How long it takes until so; it must not be longer than `most`."""
    begun = time.monotonic()
    until(look, most)
    took = time.monotonic() - begun
    tell(f"{what}: {took:.1f} s")
    return took


def tell(line: str) -> None:
    print(line)  # noqa: T201 - pytest -rP shows it


def start_again(six: Shops) -> None:
    """As systemd would: a new node for each that has ended; after it had begun, by itself or killed."""
    for node in list(six.nodes):
        if node.poll() is not None and node not in six.replaced:
            begun = '"node.started"' in six.log(node)
            assert node.returncode in {0, -signal.SIGKILL} or not begun, six.log(node)
            six.replaced.append(node)
            six.start_node()


def served(six: Shops, what: str) -> None:
    """All are in hand within a minute, and each card is made once."""

    def kept_up(look: Callable[[], bool]) -> Callable[[], bool]:
        def looked() -> bool:
            start_again(six)
            return look()

        return looked

    seconds(f"in hand after {what}", kept_up(six.all_in_hand), 60)
    until(kept_up(six.all_issued), 90)


def terminate(six: Shops) -> None:
    """End every connection to the shops' database."""
    with psycopg.connect(six.address) as connection:
        connection.execute(_OTHERS, (six.address.rpartition("/")[2],))


class Storm:
    """Troubles drawn by a seed, one after another."""

    def __init__(self, six: Shops, server: Server, seed: int) -> None:
        self._six, self._server, self._random = six, server, random.Random(seed)  # noqa: S311

    def strike(self) -> str:
        """Let something befall them, and return its name."""
        troubles: dict[str, Callable[[], None]] = {
            "kill": self._kill,
            "freeze": self._freeze,
            "stop": self._stop,
            "terminate": lambda: terminate(self._six),
            "restart": self._restart,
        }
        name = self._random.choice(sorted(troubles))
        troubles[name]()
        start_again(self._six)
        time.sleep(self._random.uniform(0, 8))
        return name

    def _kill(self) -> None:
        self._one().kill()

    def _stop(self) -> None:
        self._one().terminate()

    def _freeze(self) -> None:
        node = self._one()
        node.send_signal(signal.SIGSTOP)
        time.sleep(self._random.choice([1, 6, 18]))
        node.send_signal(signal.SIGCONT)

    def _restart(self) -> None:
        self._server.stop(self._random.choice(["fast", "immediate"]))
        time.sleep(self._random.choice([0, 5, 16]))
        self._server.start()

    def _one(self) -> "subprocess.Popen[bytes]":
        alive = [node for node in self._six.nodes if node.poll() is None]
        return self._random.choice(alive or self._six.nodes)

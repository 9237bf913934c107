"""Another network on this machine, whose only link to this one can be cut: nothing says no, all is silent."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

import pytest

_HERE, _THERE = "10.213.7.1", "10.213.7.2"


@dataclass(frozen=True, slots=True)
class Network:
    """It reaches what listens on this machine's 127.0.0.1 at the same ports of its own."""

    name: str

    @property
    def within(self) -> tuple[str, ...]:
        """What runs a command there."""
        return "ip", "netns", "exec", self.name

    def cut(self) -> None:
        """From now on every packet is lost."""
        _ip("link", "set", self.name, "down")

    def mend(self) -> None:
        """Undo `cut`."""
        _ip("link", "set", self.name, "up")


@contextmanager
def other_network(*ports: int) -> Iterator[Network]:
    """One that reaches these ports, until the block ends. Where that is not allowed, the test is skipped."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        pytest.skip("needs root and iproute2 (Debian: apt install iproute2)")
    made = Network(f"ops-{uuid4().hex[:8]}")
    with ExitStack() as stack:
        try:
            _ip("netns", "add", made.name)
            stack.callback(_ip, "netns", "del", made.name)
            _ip("link", "add", made.name, "type", "veth", "peer", "eth0", "netns", made.name)
        except subprocess.CalledProcessError as error:
            pytest.skip(f"no network of its own is allowed here: {error.stderr}")
        _ip("addr", "add", f"{_HERE}/30", "dev", made.name)
        _ip("link", "set", made.name, "up")
        _ip("-n", made.name, "addr", "add", f"{_THERE}/30", "dev", "eth0")
        for device in ("lo", "eth0"):
            _ip("-n", made.name, "link", "set", device, "up")
        stack.enter_context(_passing((), _HERE, "127.0.0.1", ports))
        stack.enter_context(_passing(made.within, "127.0.0.1", _HERE, ports))
        yield made


def _ip(*args: str) -> None:
    subprocess.run(["ip", *args], check=True, capture_output=True, text=True)


@contextmanager
def _passing(within: tuple[str, ...], here: str, there: str, ports: tuple[int, ...]) -> Iterator[None]:
    """Whatever comes to the ports of one address goes to those of another."""
    command = [*within, sys.executable, __file__, here, there, *map(str, ports)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == b"ready\n"
            yield
        finally:
            process.kill()


# ---- the process that passes on


async def _pass_on(here: str, there: str, ports: list[int]) -> None:
    for port in ports:
        await asyncio.start_server(partial(_meet, there, port), here, port)
    print("ready", flush=True)  # noqa: T201 - who started it waits for that
    await asyncio.Event().wait()


async def _meet(there: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        far_reader, far_writer = await asyncio.open_connection(there, port)
        await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(65_536):
            writer.write(piece)
            await writer.drain()
    writer.close()


if __name__ == "__main__":
    asyncio.run(_pass_on(sys.argv[1], sys.argv[2], list(map(int, sys.argv[3:]))))

"""Clients that send nothing, or drips, do not stay for ever; callbacks that do so are not waited for."""

import asyncio
import contextlib
import socket
import time

import requests

from trello_sandbox.server import running
from trello_sandbox.webhooks import callbacks


def test_a_head_that_does_not_come_in_time_is_not_waited_for() -> None:
    with running(patience=0.3) as handle, contextlib.ExitStack() as idle:
        address = ("127.0.0.1", int(handle.url.rpartition(":")[2]))
        silent, begun, dripping = (
            idle.enter_context(socket.create_connection(address, 15)) for _ in range(3)
        )
        begun.sendall(b"GET /sandbox/clock HT")
        assert requests.get(f"{handle.url}/sandbox/clock", timeout=15).ok
        with contextlib.suppress(OSError):
            for _ in range(1_000):
                dripping.sendall(b"a")
                time.sleep(0.02)
            raise AssertionError("the drips were waited for")
        assert (silent.recv(1), begun.recv(1)) == (b"", b"")


def test_a_request_that_takes_long_is_not_cut_off() -> None:
    with running(patience=0.3) as handle:
        requests.post(f"{handle.url}/sandbox/faults", json={"path": "/1/members", "delay": 0.8}, timeout=15)
        auth = {"Authorization": f'OAuth oauth_consumer_key="{handle.key}", oauth_token="{handle.token}"'}
        with requests.Session() as session:
            for _ in range(2):
                assert session.get(f"{handle.url}/1/members/me", headers=auth, timeout=15).ok
                time.sleep(0.1)


def test_a_callback_that_takes_nothing_in_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"

        async def ask() -> object:
            async with asyncio.timeout(15):
                return await callbacks.ask("POST", url, {}, b"x" * 30_000_000, patience=0.3)

        assert asyncio.run(ask()) == callbacks.Failed("ETIMEDOUT")

"""Calls that hang: nobody waits for them, and they do not pile up."""

import asyncio
import subprocess
import sys
import threading

import pytest
import structlog

from trello_ops.web.threads import in_thread


def test_what_hangs_keeps_its_place_until_it_ends() -> None:
    go_on, begun = threading.Event(), []

    def hang() -> str:
        begun.append(threading.current_thread())
        go_on.wait(30)
        return "late"

    async def ask() -> None:
        places = asyncio.Semaphore(2)
        found = await asyncio.gather(*(in_thread(hang, places, 0.2) for _ in range(8)))
        assert found == [None] * 8
        assert await in_thread(lambda: "soon", places, 0.2) is None
        assert len(begun) == 2
        go_on.set()
        assert await in_thread(lambda: "soon", places, 10) == "soon"

    asyncio.run(ask())


def test_what_a_call_raises_is_raised_and_its_place_is_free_again() -> None:
    def fail() -> str:
        raise ValueError("no")

    async def ask() -> None:
        places = asyncio.Semaphore(1)
        with pytest.raises(ValueError, match="no"):
            await in_thread(fail, places, 10)
        assert await in_thread(lambda: "soon", places, 10) == "soon"

    asyncio.run(ask())


def test_what_hangs_does_not_hold_up_the_end_of_the_process() -> None:
    script = (
        "import asyncio, threading\n"
        "from trello_ops.web.threads import in_thread\n"
        "hang = threading.Event().wait\n"
        "print(asyncio.run(in_thread(hang, asyncio.Semaphore(1), 0.1)))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], timeout=20, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "None\n", "")


def test_lines_of_the_log_tell_in_the_thread_what_they_tell_outside() -> None:
    async def ask() -> object:
        with structlog.contextvars.bound_contextvars(shop="zina"):
            return await in_thread(structlog.contextvars.get_contextvars, asyncio.Semaphore(1), 10)

    assert asyncio.run(ask()) == {"shop": "zina"}

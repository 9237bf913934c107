"""Calls in threads, which hold up neither whoever waits nor the end of the process."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

import anyio

T = TypeVar("T")


def begun(call: Callable[[], T]) -> Future[T]:
    """What a call will return or raise. It runs in a thread of its own, and nobody's impatience ends it."""
    found = Future[T]()
    found.set_running_or_notify_cancel()
    # Not of a pool: the end of the process would wait for what hangs there.
    run = contextvars.copy_context().run  # so that its lines in the log tell of which shop they are
    threading.Thread(target=run, args=[_fill, found, call], name="call", daemon=True).start()
    return found


def _fill(found: Future[T], call: Callable[[], T]) -> None:
    try:
        found.set_result(call())
    except BaseException as error:  # noqa: BLE001 - whoever asks gets it
        found.set_exception(error)


async def in_thread(call: Callable[[], T], places: asyncio.Semaphore, patience: float) -> T | None:
    """What a call returns; `None` where it takes longer than so many seconds, and is left alone.

    It has its place until it ends, so that however many ask, no more threads hang than there are places.
    """
    loop = asyncio.get_running_loop()

    def placed() -> T:
        try:
            return call()
        finally:
            loop.call_soon_threadsafe(places.release)

    with anyio.move_on_after(patience):
        await places.acquire()
        return await asyncio.wrap_future(begun(placed))
    return None

"""What changes while somebody looks: server-sent events, as long as the visitor stays and may see it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Final

import anyio
from anyio.to_thread import run_sync
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from trello_ops.web.headers import NEVER

if TYPE_CHECKING:
    from trello_ops.web.visit import Answer

MOST: Final = 20
"""Streams that are open at once."""

_LOOK: Final = 0.5
"""Seconds between two looks at the files."""

PULSE: Final = 15.0
"""Seconds after which a silent stream says that it is there, and asks whether its link still opens."""


class Watch:
    """Tells versions of something apart, with one look in half a second however many ask.

    Belongs to one event loop.
    """

    def __init__(self, look: Callable[[], object]) -> None:
        self._look, self._looking = look, anyio.Lock()
        self._seen: object = None
        self._version, self._again = 0, 0.0

    async def version(self) -> int:
        """Another number after each change. Raises what `look` raises."""
        async with self._looking:
            if anyio.current_time() >= self._again:
                seen = await run_sync(self._look)
                if seen != self._seen:
                    self._seen, self._version = seen, self._version + 1
                self._again = anyio.current_time() + _LOOK
            return self._version


class Changes:
    """The streams of a site. Belongs to one event loop.

    `stopping` turns true when the program ends, and with it each stream; `pulse` is as `PULSE`.
    """

    def __init__(
        self, look: Callable[[], object], stopping: Callable[[], bool], pulse: float = PULSE
    ) -> None:
        self._watch, self._stopping, self._pulse = Watch(look), stopping, pulse
        self._open = 0

    def stream(
        self,
        seen: str,
        part: "Callable[[int], Awaitable[Answer | None]]",
        may_see: Callable[[], Awaitable[bool]],
    ) -> Response:
        """What `part` makes of each version of the files, where it is not what was `seen`, by its etag.

        The stream ends once `part` makes nothing, or `may_see` says no.
        """
        return _Counted(self, self._events(seen, part, may_see))

    async def _events(
        self,
        seen: str,
        part: "Callable[[int], Awaitable[Answer | None]]",
        may_see: Callable[[], Awaitable[bool]],
    ) -> AsyncIterator[bytes]:
        yield b": hello\n\n"
        version, spoke = 0, anyio.current_time()
        while not self._stopping():
            now = await self._watch.version()
            if now != version:
                version, shown = now, await part(now)
                if shown is None:
                    return
                if shown.etag != seen:
                    seen, spoke = shown.etag, anyio.current_time()
                    yield _event(shown)
            if anyio.current_time() >= spoke + self._pulse:
                if not await may_see():
                    return
                spoke = anyio.current_time()
                yield b": here\n\n"
            await anyio.sleep(_LOOK)

    def admit(self) -> bool:
        """Count one more stream, unless there are too many."""
        admitted = self._open < MOST
        self._open += admitted
        return admitted

    def leave(self) -> None:
        """Count one less."""
        self._open -= 1


class _Counted(StreamingResponse):
    """A stream that is refused where there are too many."""

    def __init__(self, changes: Changes, events: AsyncIterator[bytes]) -> None:
        # A proxy that gathers answers would hold them back.
        headers = {"cache-control": NEVER, "x-accel-buffering": "no"}
        super().__init__(events, media_type="text/event-stream", headers=headers)
        self._changes = changes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._changes.admit():
            await Response(status_code=503)(scope, receive, send)
            return
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._changes.leave()


def _event(shown: "Answer") -> bytes:
    # As JSON it is one line, whatever people wrote: a line break would end the event.
    return f"id: {shown.etag}\ndata: {json.dumps(shown.content.decode())}\n\n".encode()

"""Standard output and standard error, which hold up no work: closed, full, in Latin-1, or without a reader.

What cannot be written is lost, and the first reason is kept. Whoever has work to do does not wait for readers
either (`wait_for_nobody`).
"""

import codecs
import contextlib
import errno
import io
import os
import select
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, Final, TextIO

_ROOM: Final = 2**20
"""So many bytes wait for a reader at most; what comes then is dropped and counted."""

_PATIENCE: Final = 1.0
"""For how many seconds the end of the program waits for a reader who takes nothing."""

_ESCAPES: Final = "trello_ops.escapes"


class Stream(io.RawIOBase):
    """One of the two. Every write is complete, and none fails; `trouble` is why the first one would have."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw
        self._queue: _Queue | None = None
        self.trouble: OSError | None = None

    def writable(self) -> bool:
        """It is."""
        return True

    def fileno(self) -> int:
        """The number of the system's stream."""
        return self._raw.fileno()

    def isatty(self) -> bool:
        """Whether a person watches."""
        return self._raw.isatty()

    def write(self, data: Any) -> int:
        """Write all of it, or lose the rest."""
        if self._queue:
            self._queue.put(bytes(data))
        else:
            self._write(bytes(data))
        return len(data)

    def wait_for_nobody(self, tell: Callable[[int], None]) -> None:
        """From now on a thread writes; `tell` is called with the number of lines that were dropped."""
        self._queue = self._queue or _Queue(self._write, tell)

    def drain(self) -> None:
        """Wait for a reader as long as something is taken."""
        if self._queue:
            self._queue.drain()

    def _write(self, data: bytes) -> bool:
        """Write, and tell whether it went out."""
        left = memoryview(data)
        try:
            while left:
                written = self._raw.write(left)
                if written is None:  # somebody else's process has set the pipe to non-blocking
                    select.select([], [self._raw], [])
                left = left[written or 0 :]
        except OSError as error:
            self.trouble = self.trouble or error
        return not left


class _Queue:
    """What waits for a reader, and the thread that writes it."""

    def __init__(self, write: Callable[[bytes], bool], tell: Callable[[int], None]) -> None:
        self._write, self._tell = write, tell
        self._waiting = deque[bytes]()
        self._size = self._dropped = 0
        self._changed = threading.Condition()
        # A daemon: a write that never ends must not keep the process.
        threading.Thread(target=self._write_all, name="output", daemon=True).start()

    def put(self, data: bytes) -> None:
        """Add, or drop where there is no room."""
        with self._changed:
            if self._size + len(data) > _ROOM:
                self._dropped += data.count(b"\n")
                return
            self._waiting.append(data)
            self._size += len(data)
            self._changed.notify_all()

    def drain(self) -> None:
        """Wait until all is written, or nothing was for a second."""
        with self._changed:
            # Woken by each write, so that only a reader who takes nothing is given up.
            while self._size and self._changed.wait(_PATIENCE):
                pass

    def _write_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._waiting))
                data = self._waiting.popleft()
            written = self._write(data)
            with self._changed:
                self._size -= len(data)
                self._dropped += 0 if written else data.count(b"\n")
                # Not before there is room again, lest the telling be dropped too.
                dropped = self._dropped if written and self._size < _ROOM / 2 else 0
                self._dropped -= dropped
                self._changed.notify_all()
            if dropped:
                self._tell(dropped)


def take_over() -> None:
    """Put a `Stream` in the place of each, whatever the process was started with."""
    # A closed one's number would else be given to the next file that is opened, such as the store, and what
    # is printed would be written into it. Opened for reading, it refuses every write as a closed one does.
    while (number := os.open(os.devnull, os.O_RDONLY)) <= 2:
        pass
    os.close(number)
    codecs.register_error(_ESCAPES, _escaped)
    sys.stdout, sys.stderr = _guarded(sys.stdout, 1), _guarded(sys.stderr, 2)


def stream(of: TextIO) -> Stream | None:
    """The `Stream` below standard output or standard error; `None` if it was not taken over."""
    below = getattr(of, "buffer", None)
    return below if isinstance(below, Stream) else None


def wait_for_nobody(tell: Callable[[int], None]) -> None:
    """Let no reader hold up the work from now on; `tell` is called with the number of lines lost by that."""
    for each in filter(None, map(stream, (sys.stdout, sys.stderr))):
        each.wait_for_nobody(tell)


def end() -> None:
    """Write what waits, for a reader who takes it."""
    for each in (sys.stdout, sys.stderr):
        each.flush()
        if below := stream(each):
            below.drain()


def unread() -> bool:
    """Whether nothing of what is printed reaches anybody any more."""
    below = stream(sys.stdout)
    return below is not None and below.trouble is not None


def lost() -> OSError | None:
    """Why standard output could not be written; `None` too where its reader had read enough."""
    with contextlib.suppress(ValueError):  # closed
        sys.stdout.flush()
    below = stream(sys.stdout)
    if below:
        below.drain()  # or nobody has tried yet
    return below.trouble if below and below.trouble and below.trouble.errno != errno.EPIPE else None


def _guarded(given: Any, number: int) -> TextIO:
    """A text stream like the given one, on a `Stream`."""
    raw: io.RawIOBase
    if given is None:
        encoding, at_once, raw = "utf-8", True, io.FileIO(number, "w", closefd=False)
    else:
        encoding, at_once = given.encoding, given.line_buffering or given.write_through
        buffer = given.detach()
        raw = buffer.detach() if isinstance(buffer, io.BufferedWriter) else buffer
    below: Any = Stream(raw)
    return io.TextIOWrapper(below, encoding, _ESCAPES, line_buffering=at_once)


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """What an encoding lacks, by its numbers in UTF-16, as JSON has it too."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)), error.end

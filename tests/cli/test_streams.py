"""A stream that takes its bytes late, or never: nobody waits for it, and what was lost is counted."""

import errno
import io
import os
import sys
import threading
import time

import pytest

from trello_ops.cli import streams
from trello_ops.cli.streams import Stream


class Reader(io.RawIOBase):
    """Takes what is written while `reads` is set, and refuses it while there is a `refusal`."""

    def __init__(self) -> None:
        self.reads = threading.Event()
        self.taken: list[bytes] = []
        self.refusal: OSError | None = None

    def write(self, data: object) -> int:
        assert self.reads.wait(20)
        if self.refusal:
            raise self.refusal
        piece = bytes(data)[:4096]  # type: ignore[call-overload]
        self.taken.append(piece)
        return len(piece)


@pytest.fixture
def reader() -> Reader:
    return Reader()


Unhurried = tuple[Stream, list[int]]


@pytest.fixture
def unhurried(reader: Reader) -> Unhurried:
    """A stream for whose reader nobody waits, and what it told of lost lines."""
    stream, told = Stream(reader), list[int]()

    def tell(lines: int) -> None:
        told.append(lines)
        stream.write(f"{lines} lost\n".encode())

    stream.wait_for_nobody(tell)
    return stream, told


def test_what_waits_for_a_reader_is_bounded_and_what_is_dropped_is_told(
    reader: Reader, unhurried: Unhurried
) -> None:
    stream, told = unhurried
    for number in range(4000):
        stream.write(b"%04d" % number + b"." * 1000 + b"\n")
    reader.reads.set()
    stream.drain()
    lines = b"".join(reader.taken).splitlines()
    assert [int(line[:4]) for line in lines[:-1]] == [*range(len(lines) - 1)]
    assert told == [4000 - len(lines) + 1]
    assert 500 < len(lines) < 1100
    assert lines[-1] == b"%d lost" % told[0]


def test_the_end_waits_for_no_reader_who_takes_nothing(reader: Reader, unhurried: Unhurried) -> None:
    unhurried[0].write(b"unread\n")
    unhurried[0].drain()
    assert not reader.taken
    reader.reads.set()


def test_a_reader_who_comes_back_is_told_what_was_lost(reader: Reader, unhurried: Unhurried) -> None:
    stream, told = unhurried
    reader.refusal = BrokenPipeError()
    reader.reads.set()
    for _ in range(3):
        stream.write(b"unread\n")
    stream.drain()
    reader.refusal = None
    stream.write(b"read\n")
    stream.drain()
    stream.drain()
    assert told == [3]
    assert reader.taken == [b"read\n", b"3 lost\n"]


def test_a_pipe_that_somebody_set_to_non_blocking_is_waited_for() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    got = list[bytes]()

    def read() -> None:
        with os.fdopen(reading, "rb") as pipe:
            got.append(pipe.read())

    with os.fdopen(writing, "wb", buffering=0) as raw:
        thread = threading.Thread(target=read)
        thread.start()
        stream = Stream(raw)
        assert stream.write(b"x" * 300_000) == 300_000
    thread.join()
    assert got == [b"x" * 300_000]
    assert stream.trouble is None


def full(_: object) -> int:
    raise OSError(28, "No space left on device")


def test_the_first_reason_is_kept(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "write", full)
    stream = Stream(reader)
    assert stream.write(b"lost") == 4
    assert stream.trouble
    assert stream.trouble.errno == 28


class Full(io.RawIOBase):
    """A full disk, which takes its time to say so."""

    def writable(self) -> bool:
        return True

    def write(self, _: object) -> int:
        time.sleep(0.2)
        raise OSError(errno.ENOSPC, "full")


def test_what_a_thread_has_still_to_write_is_known_to_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream(Full())
    stream.wait_for_nobody(lambda _: None)
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(stream))  # type: ignore[type-var]
    sys.stdout.write("done\n")
    why = streams.lost()
    assert why is not None
    assert why.errno == errno.ENOSPC

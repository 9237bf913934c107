"""Requests to callback URLs: to this machine only, for the sandbox sends nothing elsewhere."""

import asyncio
import contextlib
import ipaddress
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

_PATIENCE = 10.0
_LONGEST_LINE = 65_536


@dataclass(frozen=True, slots=True)
class Failed:
    """No answer came. `reason` is put into Trello's sentence in place of a status."""

    reason: str


async def ask(method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> int | Failed:
    """The status that a callback URL answers.

    Redirects are not followed; an invalid certificate is a failure, and so is any other machine.
    """
    try:
        where = urlsplit(url)
        host, port = _address(where)
        async with asyncio.timeout(_PATIENCE), _connection(host, port, where) as (reader, writer):
            writer.write(_head(method, where, headers, len(body)) + body)
            await writer.drain()
            status = (await reader.readline()).split()
            await reader.read(_LONGEST_LINE)
        return int(status[1])
    except ssl.SSLError as error:
        return Failed(error.reason or "a bad certificate")
    except TimeoutError:
        return Failed("ETIMEDOUT")
    except (OSError, ValueError, IndexError) as error:
        return Failed(str(error) or type(error).__name__)


def _address(where: SplitResult) -> tuple[str, int]:
    """Host and port to connect to. ValueError for what is no web address, or not on this machine."""
    if where.scheme not in ("http", "https") or not where.hostname:
        raise ValueError("no web address")
    if not is_loopback(where.hostname):
        raise ValueError("nothing: the sandbox calls this machine only")
    return where.hostname, where.port or (443 if where.scheme == "https" else 80)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, going by its name: no name is looked up but `localhost`."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextlib.asynccontextmanager
async def _connection(
    host: str, port: int, where: SplitResult
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    context = ssl.create_default_context() if where.scheme == "https" else None
    reader, writer = await asyncio.open_connection(host, port, ssl=context, limit=_LONGEST_LINE)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def _head(method: str, where: SplitResult, headers: Mapping[str, str], length: int) -> bytes:
    target = (where.path or "/") + (f"?{where.query}" if where.query else "")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {where.netloc.rpartition('@')[2]}", "Connection: close"]
    if length:
        lines += ["Content-Type: application/json; charset=utf-8", f"Content-Length: {length}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if any(char in line for line in lines for char in "\r\n"):
        raise ValueError("a line break in the address or a header")
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")

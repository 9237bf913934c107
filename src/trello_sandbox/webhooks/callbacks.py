"""Requests to callback URLs on this machine. The sandbox sends nothing anywhere else."""

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
    """No answer came. `reason` takes the place of the status in Trello's sentence."""

    reason: str


async def ask(
    method: str, url: str, headers: Mapping[str, str], body: bytes = b"", patience: float = _PATIENCE
) -> int | Failed:
    """The status that a callback URL answers within `patience` seconds.

    Redirects are not followed. An invalid certificate is a failure, and so is any other machine.
    """
    try:
        parts = urlsplit(url)
        async with asyncio.timeout(patience), _connection(parts) as (reader, writer):
            writer.write(_head(method, parts, headers, len(body)) + body)
            await writer.drain()
            status = (await reader.readline()).split()
            await reader.read(_LONGEST_LINE)  # let it finish, whatever it says
        return int(status[1])
    except ssl.SSLError as error:
        return Failed(error.reason or "a bad certificate")
    except TimeoutError:
        return Failed("ETIMEDOUT")  # a guess, after Node.js
    except (OSError, ValueError, IndexError) as error:
        return Failed(str(error) or type(error).__name__)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name alone: no name is looked up but `localhost`."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@contextlib.asynccontextmanager
async def _connection(parts: SplitResult) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to that address. ValueError for what is no web address, or not on this machine."""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("no web address")
    if not is_loopback(parts.hostname):
        raise ValueError("nothing: the sandbox calls this machine only")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    context = ssl.create_default_context() if parts.scheme == "https" else None
    reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=context, limit=_LONGEST_LINE)
    try:
        yield reader, writer
    except BaseException:
        writer.transport.abort()  # closing would wait until all that was written has left
        raise
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def _head(method: str, parts: SplitResult, headers: Mapping[str, str], length: int) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc.rpartition('@')[2]}", "Connection: close"]
    if length:
        lines += ["Content-Type: application/json; charset=utf-8", f"Content-Length: {length}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if any(char in line for line in lines for char in "\r\n"):
        raise ValueError("a line break in the address or a header")
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")

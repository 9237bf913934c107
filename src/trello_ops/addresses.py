"""Network addresses as people write them.

Where one is wrong, the text of the `ValueError` continues a sentence that begins with the setting's name
("should begin with https://"). It never quotes the address, which may hold a password.
"""

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from trello_ops.messages import Message, say

TRELLO: Final = "api.trello.com"
"""The host of Trello itself."""

# Those but the time-out are for addresses in SQLite's own form.
_SQLITE_OPTION: Final = re.compile(
    r"(?:timeout=\d{1,4}(?:\.\d{1,4})?|uri=true|mode=(?:ro|rw|rwc)|immutable=[01]|nolock=[01])?", re.ASCII
)

_LONGEST_IN_NAME = 200  # characters of a host; a file's name may have 255
_LONGEST_HOST = 253  # RFC 1035


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: a loopback address or `localhost`. No name is looked up."""
    address = _ip(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def split_url(url: str) -> SplitResult:
    """The parts of a URL. Raises `ValueError` when host or port cannot be read."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # checked only when it is asked for
    except ValueError:
        raise ValueError(say("is not an address that can be read: correct its host or port")) from None
    return parts


def readable_url(url: str) -> str:
    """A URL whose host and port can be read, its scheme in small letters. Raises `ValueError`."""
    return split_url(url).geturl()


def web_url(url: str, *, example: str, contents: str, unencrypted: str) -> str:
    """An https:// URL, or an http:// one on this machine, without credentials and query.

    `contents` says what it should hold, and `unencrypted` what is wrong with http:// to another machine.
    """
    parts = split_url(url)
    if parts.scheme not in {"http", "https"} or not 0 < len(parts.hostname or "") <= _LONGEST_HOST:
        raise ValueError(say("should begin with https://, such as %(example)s", example=example))
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError(say("should hold %(contents)s", contents=contents))
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError(unencrypted)
    return url.rstrip("/")


def sqlite_file(url: str) -> str:
    """The file that an address of a database names, in the form of SQLAlchemy; empty if it names none."""
    split_url(url)
    found = re.fullmatch(r"sqlite(?:\+pysqlite)?://(?:[^/?]*/([^?]*))?(?:\?(.*))?", url, re.DOTALL)
    if not found:
        raise ValueError(say("should begin with sqlite:///, such as sqlite:///trello-ops.sqlite3"))
    options = (found[2] or "").split("&")
    names = [option.partition("=")[0] for option in options]
    if len(set(names)) < len(names) or not all(map(_SQLITE_OPTION.fullmatch, options)):
        raise ValueError(
            say("has options that are not understood: after `?` write timeout=SECONDS, or nothing")
        )
    return found[1] or ""


def place_name(url: str) -> str:
    """Host and port of a web address as part of a file's name, such as `127.0.0.1-8910`; `TRELLO` for it."""
    parts = urlsplit(url)
    if parts.hostname == TRELLO:
        return TRELLO
    host = re.sub(r"[^a-z0-9.]+", "-", parts.hostname or "").strip("-")  # an IPv6 address has colons
    return f"{host[:_LONGEST_IN_NAME]}-{parts.port or (80 if parts.scheme == 'http' else 443)}"


def listening_address(text: str) -> tuple[str, int]:
    """IP address and port to listen on. A host name is refused: what it resolves to could change."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if _ip(host) is None or not port.isdecimal():
        raise ValueError(say("should be written like 127.0.0.1:8911 or [::1]:8911"))
    if not 0 < int(port) < 65_536:
        raise ValueError(say("should have a port from 1 to 65535"))
    return host, int(port)


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A mail server and how to talk to it.

    `starttls` is `required`, `if_offered` (where the server offers it) or `never`. With `tls_at_once` the
    connection is encrypted from its first byte, and `starttls` does not matter.
    """

    host: str
    port: int
    tls_at_once: bool
    starttls: str
    user: str
    password: str = field(repr=False)

    @classmethod
    def parse(cls, url: str) -> Self:
        """From `smtp://user:password@host:587?starttls=…` or `smtps://…`, user and password URL-encoded."""
        _require_encoded(url)
        parts = split_url(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError(
                say("should be written like smtp://user:password@host:587 or smtps://user:password@host:465")
            )
        options = parse_qs(parts.query, keep_blank_values=True)
        starttls = options.pop("starttls", ["required"])[-1]
        # As it was written when it was what a URL without the option meant.
        starttls = "if_offered" if starttls == "offered" else starttls
        if options or starttls not in {"required", "if_offered", "never"}:
            raise ValueError(
                say("has an option that is not known: use ?starttls=if_offered or ?starttls=never, or none")
            )
        tls = parts.scheme == "smtps"
        port = parts.port or (465 if tls else 587)
        user, password = _decoded(parts.username), _decoded(parts.password)
        return cls(parts.hostname, port, tls, starttls, user, password)

    @property
    def named(self) -> Message:
        """The server in a sentence."""
        return say("mail server %(host)s:%(port)s", host=self.host, port=self.port)

    def __str__(self) -> str:
        return self.named


def _require_encoded(url: str) -> None:
    """Refuse user and password with a raw character that ends them for whoever reads a URL."""
    rest = url.partition("://")[2]
    login = rest.rpartition("@")[0]  # no host and no option holds an @
    raw = next((character for character in login if character in "/?#[]" or character.isspace()), "")
    if raw:
        code = "".join(f"%{byte:02X}" for byte in raw.encode())
        raise ValueError(
            say(
                "holds a raw `%(raw)s` in its user or password: percent-encode it, as `%(code)s`",
                raw=raw,
                code=code,
            )
        )


def _decoded(text: str | None) -> str:
    try:
        return unquote(text or "", errors="strict")
    except UnicodeDecodeError:
        raise ValueError(
            say("has a user or password that is not UTF-8: percent-encode it in UTF-8 (`é` is `%%C3%%A9`)")
        ) from None

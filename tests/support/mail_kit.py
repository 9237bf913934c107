"""A mail server that fails as it is told to, and a mail for it."""

import asyncio
import datetime as dt
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from trello_ops.ports import Mail

SENDER = "Zina ô Beldi <ops@shop.example>"
MONDAY = dt.datetime(2026, 11, 23, 6, 0, tzinfo=dt.UTC)
MAIL = Mail(
    recipient="leila@shop.example",
    subject="Semaine 47 : 92,3\u00a0% dans les temps",
    text="Bonjour\n",
    html="<p>Bonjour</p>\n",
    message_id="<trello-ops.zina.2026-W47.0123456789abcdef@shop.example>",
)

Reply = Callable[[object], Awaitable[str | None]]


class MailServer:
    """An aiosmtpd handler that keeps what it accepts, and does `at[verb]` instead of its own part.

    `refused` recipients get their answer each; with a `password`, `logins` are checked.
    """

    def __init__(self, password: str = "", **at: Reply) -> None:
        self.password = password
        self.at = at
        self.refused: dict[str, str] = {}
        self.asked: list[str] = []
        self.accepted: list[bytes] = []
        self.recipients: list[str] = []
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        self.asked.append("MAIL")
        envelope.mail_from = address
        return await self._answer("MAIL", server) or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        self.asked.append(f"RCPT {address}")
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return await self._answer("RCPT", server) or "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.asked.append("DATA")
        self.accepted.append(envelope.original_content)
        self.recipients += envelope.rcpt_tos
        return await self._answer("DATA", server) or "250 OK"

    async def _answer(self, verb, server):
        return await self.at[verb](server) if verb in self.at else None

    def authenticate(self, server, session, envelope, mechanism, data):
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == self.password.encode(), handled=False)


def after(seconds: float, answer: str = "250 OK") -> Reply:
    """Answer late."""

    async def reply(_server: object) -> str:
        await asyncio.sleep(seconds)
        return answer

    return reply


def says(answer: str) -> Reply:
    """Answer so."""
    return after(0, answer)


@contextmanager
def serving(server: MailServer, **options: object) -> Iterator[int]:
    """The port of a mail server that runs meanwhile."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if server.password:
        options = {"authenticator": server.authenticate, "auth_require_tls": False, **options}
    controller = Controller(server, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()

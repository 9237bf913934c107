"""Reports through a real mail server: what goes wrong is mended, and everybody gets one, byte for byte."""

import email
import email.policy
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from mail_kit import SENDER, MailServer, Reply, after, serving
from report_kit import REPORT
from shop_kit import Shop, parcels_shop

from trello_ops.adapters.mail import SmtpMailer, StepLimits, compose
from trello_ops.addresses import SmtpServer
from trello_ops.core.declared import ReportPolicy
from trello_ops.core.mails import OwedMail, reports_of
from trello_ops.operations.context import Context
from trello_ops.operations.mailing import owed_mails, send_owed
from trello_ops.ports import Mail
from trello_ops.render import report_mail

WEEK = REPORT.week
ONE, TWO, THREE = "anna@shop.example", "bruno@shop.example", "chloe@shop.example"
LIMITS = StepLimits(connect=2, command=2, data=2, block=2, accept=2, goodbye=0.2)
CERTIFICATE = Path(__file__).parents[1] / "adapters" / "localhost.pem"

Serve = Callable[..., int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as running:
        yield lambda server, **options: running.enter_context(serving(server, **options))


@pytest.fixture
def tls(monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate for localhost that this test trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.fixture
def shop() -> Shop:
    """A frozen report that three recipients are owed."""
    made = parcels_shop()
    policy = ReportPolicy((ONE, TWO, THREE))
    made.workspace = replace(made.workspace, report=policy)
    made.store.freeze(REPORT, reports_of(policy, WEEK))
    return made


def process(shop: Shop, url: str, name: str = "one") -> Context:
    """A process that mails for real."""
    context = shop.context(name)
    services = replace(context.services, mailer=SmtpMailer(SmtpServer.parse(url), SENDER, LIMITS))
    return replace(context, services=services, render_report=report_mail.mail)


def strictly(content: bytes) -> EmailMessage:
    """The mail as a parser reads it that forgives nothing, with every header and part looked at."""
    policy = email.policy.SMTP.clone(raise_on_defect=True)
    message = email.message_from_bytes(content, policy=policy)
    for part in message.walk():
        assert [str(value) for value in part.values()]
        if not part.is_multipart():
            part.get_content()
    assert content.isascii()
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    return message  # type: ignore[return-value]


def once(answer: str) -> Reply:
    """Answer so the first time, and then take everything."""
    answers = iter([answer])

    async def reply(_server: object) -> str | None:
        return next(answers, None)

    return reply


async def drop(server: object) -> None:
    server.transport.abort()  # type: ignore[attr-defined]


@pytest.mark.parametrize("way", ["smtps", "starttls"])
def test_a_login_over_tls_and_the_right_bytes(
    shop: Shop, serve: Serve, tls: ssl.SSLContext, way: str
) -> None:
    server = MailServer(password="hush")
    options = {"ssl_context": tls} if way == "smtps" else {"tls_context": tls, "require_starttls": True}
    port = serve(server, **options)
    context = process(shop, f"{'smtps' if way == 'smtps' else 'smtp'}://robot:hush@localhost:{port}")
    assert send_owed(context) == 3
    assert {*server.logins} == {(b"robot", b"hush")}
    assert server.recipients == [ONE, TWO, THREE]
    for content, recipient in zip(server.accepted, (ONE, TWO, THREE), strict=True):
        sent, mail = strictly(content), report_mail.mail(REPORT, OwedMail(WEEK, recipient))
        assert (sent["Message-ID"], sent["Subject"]) == (mail.message_id, mail.subject)
        bodies = [part.get_content() for part in sent.walk() if part.get_content_maintype() == "text"]
        assert [body.splitlines() for body in bodies] == [mail.text.splitlines(), mail.html.splitlines()]


def test_where_no_starttls_is_offered_nothing_leaves(shop: Shop, serve: Serve) -> None:
    server = MailServer(password="hush")
    context = process(shop, f"smtp://robot:hush@localhost:{serve(server)}")
    assert send_owed(context) == 0
    assert (server.asked, server.logins, server.accepted) == ([], [], [])
    assert "offers no STARTTLS" in shop.store.problems()[0].message


@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA"])
def test_what_is_put_off_is_sent_later(shop: Shop, serve: Serve, verb: str) -> None:
    server = MailServer(**{verb: once("451 greylisted, try again")})
    context = process(shop, f"smtp://localhost:{serve(server)}?starttls=never")
    assert send_owed(context) < 3
    assert owed_mails(context) != ()
    shop.advance(seconds=61)
    send_owed(context)
    assert owed_mails(context) == ()
    assert shop.store.problems() == ()
    assert sorted(dict.fromkeys(server.recipients)) == [ONE, TWO, THREE]


def test_pauses_after_being_put_off_outlast_a_restart(shop: Shop, serve: Serve) -> None:
    server = MailServer()
    server.refused[ONE] = "450 mailbox busy"
    url = f"smtp://localhost:{serve(server)}?starttls=never"
    for _ in range(60):
        shop.restart()
        send_owed(process(shop, url))
        shop.advance(seconds=60)
    assert server.asked.count(f"RCPT {ONE}") == 6  # at once, after 1, 2, 4, 8, 16 minutes
    assert server.recipients == [TWO, THREE]
    shop.advance(days=5)
    del server.refused[ONE]
    assert send_owed(process(shop, url)) == 1, "days later it still goes out"


def test_one_refused_recipient_of_three_holds_up_no_other(shop: Shop, serve: Serve) -> None:
    server = MailServer()
    server.refused[TWO] = "550 no such user"
    url = f"smtp://localhost:{serve(server)}?starttls=never"
    assert send_owed(process(shop, url)) == 2
    assert server.recipients == [ONE, THREE]
    assert [mail.recipient for mail in owed_mails(process(shop, url))] == [TWO]


def test_a_connection_that_breaks_after_the_content_sends_again_under_one_message_id(
    shop: Shop, serve: Serve
) -> None:
    server = MailServer(DATA=drop)
    context = process(shop, f"smtp://localhost:{serve(server)}?starttls=never")
    assert send_owed(context) == 0
    server.at.clear()
    assert send_owed(context) == 0, "it may have gone out, so that it is not hurried"
    shop.advance(seconds=301)
    assert send_owed(context) == 3
    sent: dict[str, set[str]] = {}
    for content in server.accepted:
        message = strictly(content)
        sent.setdefault(message["To"], set()).add(message["Message-ID"])
    assert {recipient: len(ids) for recipient, ids in sent.items()} == {ONE: 1, TWO: 1, THREE: 1}


def test_of_processes_that_send_at_once_each_mail_is_sent_by_one(shop: Shop, serve: Serve) -> None:
    server = MailServer(DATA=after(0.05))
    url = f"smtp://localhost:{serve(server)}?starttls=never"
    with ThreadPoolExecutor(3) as pool:
        sent = list(pool.map(lambda name: send_owed(process(shop, url, name)), ("one", "two", "three")))
    assert sum(sent) == 3
    assert sorted(server.recipients) == [ONE, TWO, THREE]


HOSTILE = "Zina <b>\r\nBcc: eve@evil.example</b>, “ô”: \u202e(x) 👩🏽\u200d💻 " + "é" * 100


@pytest.mark.parametrize(
    "name", ["Zina ô Beldi – Centre", "Robot, the", 'a "b" \\ c', HOSTILE, "=?utf-8?q?x?="]
)
def test_whatever_it_is_called_the_mail_is_strictly_right(name: str) -> None:
    mail = Mail("a@b.example", "s", "text\n", "<p>x</p>\n", "<x@y.invalid>", sender_name=name)
    message = strictly(compose(mail, SENDER, REPORT.closes_at).as_bytes())
    (sender,) = message["From"].addresses
    assert sender.addr_spec == "ops@shop.example"
    assert "Bcc" not in message
    assert message["List-Unsubscribe"] == "<mailto:ops@shop.example?subject=unsubscribe>"
    assert "List-Unsubscribe-Post" not in message
    if name is not HOSTILE:
        assert sender.display_name == name


def test_a_long_message_id_is_left_on_one_line() -> None:
    long = f"<trello-ops.{'x' * 120}@trello-ops.invalid>"
    mail = Mail("a@b.example", "s", "t\n", "<p>x</p>\n", long)
    assert strictly(compose(mail, SENDER, REPORT.closes_at).as_bytes())["Message-ID"] == long

"""What every Mailer does: hand a mail over just as it was written, or say that it did not."""

import datetime as dt
import email
import email.policy
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from trello_ops.adapters.mail import FolderMailer, SmtpMailer
from trello_ops.addresses import SmtpServer
from trello_ops.errors import MailError, MailOutcomeUnknown
from trello_ops.ports import Attachment, Mail, Mailer
from trello_ops.testing.mail import Outbox

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SENDER = "Contrôle qualité <ops@shop.example>"
MONDAY = dt.datetime(2026, 11, 23, 6, 0, tzinfo=dt.UTC)
MAIL = Mail(
    recipient="leila@shop.example",
    subject="Zina ô Beldi – semaine 47 : 92,3\u00a0% dans les temps",
    text="Bonjour,\n\n.une ligne qui commence par un point\nà bientôt ☀️\n" + "très long " * 200 + "\n",
    html="<p>Tout est <b>fait</b> : 92,3\u00a0%</p>\n",
    message_id="<trello-ops.zina.2026-W47.0123456789abcdef@shop.example>",
)


@dataclass
class Subject:
    """A mailer, what arrived through it, and how to make its next send fail."""

    mailer: Mailer
    arrived: Callable[[], list[Mail]]
    break_it: Callable[[], None]


@pytest.fixture(params=["outbox", "folder", "smtp"])
def subject(request: pytest.FixtureRequest) -> Subject:
    found: Subject = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def outbox() -> Subject:
    outbox = Outbox()
    return Subject(outbox, lambda: outbox.sent, lambda: outbox.fail_next(MailError("refused")))


@pytest.fixture
def folder(tmp_path: Path) -> Subject:
    mails = tmp_path / "mails"
    return Subject(
        FolderMailer(mails, SENDER),
        lambda: [
            read(email.message_from_bytes(f.read_bytes(), policy=email.policy.default))
            for f in mails.iterdir()
        ],
        lambda: mails.write_text("in the way"),
    )


class Mailbox(Message):
    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Mail] = []

    def prepare_message(self, session, envelope):
        return email.message_from_bytes(envelope.content, policy=email.policy.default)

    def handle_message(self, message) -> None:
        self.mails.append(read(message))


@pytest.fixture
def smtp() -> Iterator[Subject]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    mailbox = Mailbox()
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    mailer = SmtpMailer(SmtpServer.parse(f"smtp://127.0.0.1:{port}?starttls=never"), SENDER)
    yield Subject(mailer, lambda: mailbox.mails, server.stop)
    if server._thread:
        server.stop()


def read(message: EmailMessage) -> Mail:
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return Mail(
        recipient=message["To"],
        subject=message["Subject"],
        text=text.get_content().replace("\r\n", "\n"),
        html=html.get_content().replace("\r\n", "\n"),
        message_id=message["Message-ID"],
        attachments=tuple(
            Attachment(
                part.get_filename(),
                part["Content-Type"].replace('"', ""),
                part.get_payload(decode=True),
            )
            for part in message.iter_attachments()
        ),
    )


def test_a_mail_arrives_as_it_was_written(subject):
    subject.mailer.send(MAIL, MONDAY)
    assert subject.arrived() == [MAIL]


def test_attachments_arrive_as_they_were_written(subject):
    mail = replace(
        MAIL,
        attachments=(
            Attachment("Contrôle qualité – été à Fès « œuvres ».xlsx", SHEET, bytes(range(256)) * 20),
            Attachment(
                'semaine 47; "Zina".csv', "text/csv; charset=utf-8", "tâche;état\r\n.x;é\r\n".encode()
            ),
            Attachment("très-" * 40 + "long.txt", "text/plain", b""),
        ),
    )
    subject.mailer.send(mail, MONDAY)
    assert subject.arrived() == [mail]


def test_every_recipient_gets_a_mail(subject):
    others = replace(
        MAIL, recipient="omar@shop.example", message_id="<trello-ops.zina.2026-W47.ff@shop.example>"
    )
    subject.mailer.send(MAIL, MONDAY)
    subject.mailer.send(others, MONDAY)
    assert sorted(mail.recipient for mail in subject.arrived()) == [MAIL.recipient, others.recipient]


def test_a_mail_that_was_not_handed_over_is_a_known_failure(subject):
    subject.break_it()
    with pytest.raises(MailError) as failure:
        subject.mailer.send(MAIL, MONDAY)
    assert not isinstance(failure.value, MailOutcomeUnknown)

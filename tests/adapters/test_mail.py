"""Mail as it travels, and every way in which a mail server can fail."""

import asyncio
import datetime as dt
import email
import email.policy
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.mail import FolderMailer, SmtpMailer, StepLimits, compose
from trello_ops.addresses import SmtpServer
from trello_ops.errors import MailError, MailOutcomeUnknown
from trello_ops.ports import Attachment, InlineImage, Mail
from trello_ops.testing.mail import Outbox

SENDER = "Zina ô Beldi <ops@shop.example>"
PASSWORD = "s3cret:p@ss/word"
QUOTED = "s3cret%3Ap%40ss%2Fword"
MONDAY = dt.datetime(2026, 11, 23, 6, 0, tzinfo=dt.UTC)
MAIL = Mail(
    recipient="leila@shop.example",
    subject="Semaine 47 : 92,3\u00a0% dans les temps",
    text="Bonjour\n",
    html="<p>Bonjour</p>\n",
    message_id="<trello-ops.zina.2026-W47.0123456789abcdef@shop.example>",
)
CERTIFICATE = Path(__file__).with_name("localhost.pem")


def parsed(content: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


# ---- the message


def test_headers():
    message = parsed(compose(MAIL, SENDER, MONDAY).as_bytes())
    assert message["From"] == SENDER
    assert message["Date"].datetime == MONDAY
    assert message["Message-ID"] == MAIL.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_the_message_is_plain_ascii_in_short_lines():
    long = replace(MAIL, text="é" * 5000 + "\n", html="<p>" + "ô " * 5000 + "</p>\n")
    content = compose(long, SENDER, MONDAY).as_bytes()
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998


def test_a_long_message_id_is_left_whole():
    name = f"<trello-ops.{'boutique-' * 12}.2026-W47.0123456789abcdef@shop.example>"
    content = compose(replace(MAIL, message_id=name), SENDER, MONDAY).as_bytes()
    assert parsed(content)["Message-ID"] == name


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=120))
def test_any_subject_comes_back(subject):
    content = compose(replace(MAIL, subject=subject), SENDER, MONDAY).as_bytes()
    assert parsed(content)["Subject"] == subject


def test_a_header_cannot_be_smuggled_in():
    with pytest.raises(MailError, match="cannot be written"):
        compose(replace(MAIL, subject="Semaine 47\nBcc: all@shop.example"), SENDER, MONDAY)


NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="/\\"),
    min_size=1,
    max_size=120,
)


@given(NAMES, st.binary(max_size=200))
def test_any_attachment_comes_back(name, content):
    attached = Attachment(name, "application/octet-stream", content)
    message = parsed(compose(replace(MAIL, attachments=(attached,)), SENDER, MONDAY).as_bytes())
    (part,) = message.iter_attachments()
    assert (part.get_filename(), part.get_content()) == (name, content)


def test_a_mail_with_attachments_is_plain_ascii_in_short_lines_with_its_body_first():
    table = Attachment("état.csv", "text/csv; charset=utf-8", "é;".encode() * 5000)
    content = compose(replace(MAIL, attachments=(table,)), SENDER, MONDAY).as_bytes()
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    body, attached = parsed(content).iter_parts()
    assert body.get_content_type() == "multipart/alternative"
    assert attached.get_content_disposition() == "attachment"
    assert attached.get_content() == "é;" * 5000


def test_an_image_travels_with_the_page_that_shows_it():
    picture = InlineImage("chart", b"\x89PNG" + bytes(range(256)))
    table = Attachment("a.csv", "text/csv; charset=utf-8", b"a")
    content = compose(replace(MAIL, images=(picture,), attachments=(table,)), SENDER, MONDAY).as_bytes()
    strict = email.message_from_bytes(content, policy=email.policy.SMTP.clone(raise_on_defect=True))
    body, attached = strict.iter_parts()
    plain, related = body.iter_parts()
    html, image = related.iter_parts()
    assert [part.get_content_type() for part in (plain, related, html, image)] == [
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]
    assert (image["Content-ID"], image.get_content()) == ("<chart>", picture.content)
    assert image.get_content_disposition() == "inline"
    assert attached.get_filename() == "a.csv"


@pytest.mark.parametrize("name", ["", "a>b", "../chart", "a\r\nBcc: all@shop.example", "chart\n"])
def test_an_image_s_name_is_letters_alone(name):
    with pytest.raises(ValueError, match="no name for an image"):
        InlineImage(name, b"")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a\r\nBcc: all@shop.example",
        "a\nb.csv",
        "a\0.csv",
        "a\u2028b",
        "exe\u202evsc.csv",
        "../a.csv",
        "a\\b",
    ],
)
def test_an_attachments_name_cannot_smuggle_in_a_header_or_a_path(name):
    with pytest.raises(ValueError, match="no name for an attachment"):
        Attachment(name, "text/csv", b"")


@pytest.mark.parametrize(
    "media_type", ["", "csv", "text/", "text/csv\nBcc: all@shop.example", 'text/csv; charset="x', "text/çsv"]
)
def test_an_attachments_type_cannot_smuggle_in_a_header(media_type):
    with pytest.raises(ValueError, match="no media type"):
        Attachment("a.csv", media_type, b"")


# ---- the folder


def test_the_same_mail_is_the_same_file(tmp_path):
    mailer = FolderMailer(tmp_path / "new" / "folder", SENDER)
    mailer.send(MAIL, MONDAY)
    mailer.send(MAIL, MONDAY + dt.timedelta(hours=1))
    files = [path.name for path in (tmp_path / "new" / "folder").iterdir()]
    assert files == ["trello-ops.zina.2026-W47.0123456789abcdef@shop.example.eml"]


def test_mails_are_for_their_user_alone(tmp_path):
    FolderMailer(tmp_path / "new" / "folder", SENDER).send(MAIL, MONDAY)
    assert {path.stat().st_mode & 0o077 for path in tmp_path.rglob("*")} == {0}


def test_a_message_id_cannot_leave_the_folder(tmp_path):
    FolderMailer(tmp_path / "mails", SENDER).send(replace(MAIL, message_id="<../../x@y>"), MONDAY)
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.eml")] == [
        "mails/..%2F..%2Fx@y.eml"
    ]


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path):
    (tmp_path / "trello-ops.zina.2026-W47.0123456789abcdef@shop.example.eml").mkdir()
    with pytest.raises(MailError, match="could not be written to"):
        FolderMailer(tmp_path, SENDER).send(MAIL, MONDAY)
    assert [path.suffix for path in tmp_path.iterdir()] == [".eml"]


# ---- SMTP


class Server:
    """An aiosmtpd handler that keeps what it accepts, and does `at[verb]` instead of its own part."""

    def __init__(self, **at: Callable) -> None:
        self.at = at
        self.accepted: list[bytes] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.encrypted = False

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        envelope.mail_from = address
        return await self._answer("MAIL", server) or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        envelope.rcpt_tos.append(address)
        return await self._answer("RCPT", server) or "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.encrypted = session.ssl is not None
        answer = await self._answer("DATA", server)
        if answer is None:
            self.accepted.append(envelope.original_content)
        return answer or "250 OK"

    async def _answer(self, verb, server):
        return await self.at[verb](server) if verb in self.at else None

    def authenticate(self, server, session, envelope, mechanism, data):
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


def says(answer: str) -> Callable:
    async def reply(_server):
        return answer

    return reply


async def drops(server):
    server.transport.abort()
    return "250 OK"


async def hangs(_server):
    await asyncio.sleep(1)
    return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def serve() -> Iterator[Callable[..., int]]:
    started = []

    def start(handler: Server, **options: object) -> int:
        controller = Controller(handler, hostname="127.0.0.1", port=free_port(), **options)
        controller.start()
        started.append(controller)
        return controller.port

    yield start
    for controller in started:
        controller.stop()


@pytest.fixture
def tls(monkeypatch) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate for localhost that this test trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


def send(url: str, timeout: float = 5) -> None:
    limits = StepLimits(*[timeout] * 6)
    SmtpMailer(SmtpServer.parse(url), SENDER, limits).send(MAIL, MONDAY)


def failure(url: str, timeout: float = 5) -> MailError:
    with pytest.raises(MailError) as caught:
        send(url, timeout)
    return caught.value


def test_a_login_without_encryption_must_be_allowed(serve):
    server = Server()
    port = serve(server, authenticator=server.authenticate, auth_require_tls=False)
    url = f"smtp://robot:{QUOTED}@127.0.0.1:{port}"
    assert "offers no STARTTLS" in str(failure(url))
    assert server.logins == []
    send(f"{url}?starttls=never")
    assert server.logins == [(b"robot", PASSWORD.encode())]
    assert len(server.accepted) == 1


def test_starttls_is_used_where_it_is_offered(serve, tls):
    server = Server()
    port = serve(server, tls_context=tls, authenticator=server.authenticate)
    send(f"smtp://robot:{QUOTED}@localhost:{port}")
    assert server.encrypted
    assert len(server.accepted) == 1


def test_smtps_is_encrypted_from_the_start(serve, tls):
    server = Server()
    port = serve(server, ssl_context=tls)
    send(f"smtps://localhost:{port}")
    assert len(server.accepted) == 1


@pytest.mark.parametrize("asked", ["", "?starttls=required"])
def test_without_starttls_nothing_is_sent_unless_the_url_allows_it(serve, asked):
    server = Server()
    error = failure(f"smtp://127.0.0.1:{serve(server)}{asked}")
    assert "offers no STARTTLS" in str(error)
    assert server.accepted == []


def test_a_certificate_that_nobody_vouches_for_is_refused(serve, tls, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    server = Server()
    error = failure(f"smtp://localhost:{serve(server, tls_context=tls)}")
    assert "certificate verify failed" in str(error)
    assert not isinstance(error, MailOutcomeUnknown)
    assert server.accepted == []


def test_nobody_listens():
    error = failure(f"smtp://127.0.0.1:{free_port()}?starttls=if_offered")
    assert "cannot be reached" in str(error)
    assert not isinstance(error, MailOutcomeUnknown)


def test_a_server_that_turns_us_away_at_the_door():
    with socket.create_server(("127.0.0.1", 0)) as door:

        def turn_away() -> None:
            guest, _ = door.accept()
            with guest:
                guest.sendall(b"554 not today\r\n")

        thread = threading.Thread(target=turn_away)
        thread.start()
        error = failure(f"smtp://127.0.0.1:{door.getsockname()[1]}?starttls=if_offered")
        thread.join()
    assert "cannot be reached: 554 not today" in str(error)
    assert not isinstance(error, MailOutcomeUnknown)


@pytest.mark.parametrize("password", ["wrong", "mot-de-passe-é"])
def test_a_refused_login_does_not_repeat_the_password(serve, password):
    server = Server()
    port = serve(server, authenticator=server.authenticate, auth_require_tls=False)
    error = failure(f"smtp://robot:{password}@127.0.0.1:{port}?starttls=never")
    assert "'robot'" in str(error)
    assert "check user and password" in str(error)
    assert password not in str(error)
    assert error.__cause__ is None
    assert error.__suppress_context__
    assert server.accepted == []


@pytest.mark.parametrize(
    ("verb", "answer", "message"),
    [
        ("MAIL", "553 not yours", "refused the sender ops@shop.example: 553 not yours"),
        ("RCPT", "550 no such user", "refused the recipient leila@shop.example: 550 no such user"),
        ("DATA", "554 looks like spam", "refused the mail: 554 looks like spam"),
        ("DATA", "451 later", "refused the mail: 451 later"),
    ],
)
def test_a_refusal_is_known(serve, verb, answer, message):
    server = Server(**{verb: says(answer)})
    error = failure(f"smtp://127.0.0.1:{serve(server)}?starttls=if_offered")
    assert message in str(error)
    assert not isinstance(error, MailOutcomeUnknown)
    assert server.accepted == []


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
@pytest.mark.parametrize("fault", [drops, hangs])
def test_a_failure_before_the_text_is_known(serve, verb, fault):
    error = failure(f"smtp://127.0.0.1:{serve(Server(**{verb: fault}))}?starttls=if_offered", timeout=0.3)
    assert "broke off" in str(error)
    assert not isinstance(error, MailOutcomeUnknown)


@pytest.mark.parametrize("fault", [drops, hangs])
def test_a_failure_after_the_text_is_unknown(serve, fault):
    error = failure(f"smtp://127.0.0.1:{serve(Server(DATA=fault))}?starttls=if_offered", timeout=0.3)
    assert isinstance(error, MailOutcomeUnknown)
    assert "may have gone out" in str(error)


def test_an_answer_that_is_none_is_unknown(serve):
    server = Server(DATA=says("what?"))
    error = failure(f"smtp://127.0.0.1:{serve(server)}?starttls=if_offered")
    assert isinstance(error, MailOutcomeUnknown)


def test_a_servers_words_cannot_drive_a_terminal(serve):
    port = serve(Server(RCPT=says("550 \x1b[2Jgone")))
    error = failure(f"smtp://127.0.0.1:{port}?starttls=if_offered")
    assert str(error).isprintable()


@pytest.mark.parametrize("recipient", ["nobody", "lëila@shop.example"])
def test_an_address_that_cannot_be_written_to(serve, recipient):
    server = Server()
    mailer = SmtpMailer(SmtpServer.parse(f"smtp://127.0.0.1:{serve(server)}?starttls=if_offered"), SENDER)
    with pytest.raises(MailError, match=recipient):
        mailer.send(replace(MAIL, recipient=recipient), MONDAY)
    assert server.accepted == []


def test_a_mailer_does_not_show_its_password():
    mailer = SmtpMailer(SmtpServer.parse("smtp://robot:hush@mail.example"), SENDER)
    assert "hush" not in repr(vars(mailer))


# ---- the fake, and the clock


def test_an_outbox_fails_as_often_as_it_was_told():
    outbox = Outbox()
    outbox.fail_next(MailOutcomeUnknown("lost"))
    outbox.fail_next(MailError("refused"))
    for expected in ("lost", "refused"):
        with pytest.raises(MailError, match=expected):
            outbox.send(MAIL, MONDAY)
    outbox.send(MAIL, MONDAY)
    assert outbox.sent == [MAIL]


def test_the_wall_clock():
    clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(0.01)
    assert clock.monotonic() - before >= 0.01
    assert clock.now().utcoffset() == dt.timedelta(0)
    assert abs(clock.now().timestamp() - time.clock_gettime(time.CLOCK_REALTIME)) < 5

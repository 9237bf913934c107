"""Mail servers as they are: slow, trickling and refusing ones; passwords and names with accents."""

import email
import email.policy
import hmac
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import quote

import pytest
from aiosmtpd.smtp import AuthResult
from hypothesis import given
from hypothesis import strategies as st
from mail_kit import MAIL, MONDAY, SENDER, MailServer, after, says, serving

from trello_ops.adapters.mail import FolderMailer, SmtpMailer, StepLimits, compose
from trello_ops.addresses import SmtpServer
from trello_ops.errors import MailError, MailOutcomeUnknown, MailRefused
from trello_ops.ports import Attachment

QUICK = StepLimits(connect=2, command=0.8, data=0.8, block=0.8, accept=0.8, goodbye=0.1)


def send(port: int, limits: StepLimits = QUICK, user: str = "", **kwargs: Callable[[], None]) -> None:
    url = f"smtp://{user}127.0.0.1:{port}?starttls=never"
    SmtpMailer(SmtpServer.parse(url), SENDER, limits).send(MAIL, MONDAY, **kwargs)


def failure(port: int, limits: StepLimits = QUICK, user: str = "") -> MailError:
    with pytest.raises(MailError) as caught:
        send(port, limits, user)
    return caught.value


# ---- time


def test_each_step_has_the_time_that_rfc_5321_asks_for():
    limits = StepLimits()
    assert (limits.command, limits.data, limits.block, limits.accept) == (300, 120, 180, 600)


def test_a_slow_answer_to_the_content_is_waited_for():
    server = MailServer(DATA=after(1.0))
    with serving(server) as port:
        send(port, replace(QUICK, accept=10))
    assert len(server.accepted) == 1


@pytest.mark.parametrize("verb", ["MAIL", "RCPT"])
def test_a_slow_answer_to_a_command_is_waited_for(verb):
    server = MailServer(**{verb: after(0.8)})
    with serving(server) as port:
        send(port, replace(QUICK, command=10))
    assert len(server.accepted) == 1


def test_a_server_that_does_not_say_goodbye_has_accepted_the_mail():
    with fake_server(b"220 hi", b"250 hi", b"250 ok", b"250 ok", b"354 go", b"250 ok") as port:
        begun = time.monotonic()
        send(port, replace(QUICK, command=10))
    assert time.monotonic() - begun < 5


@contextmanager
def fake_server(*answers: bytes, pause: float = 0.0) -> Iterator[int]:
    """Gives these answers in turn, byte by byte with a pause in between, then nothing more."""

    def serve() -> None:
        guest, _ = door.accept()
        with guest, guest.makefile("rb") as lines:
            for number, answer in enumerate(answers):
                # The content takes many lines, and ends with a dot.
                while number and (line := lines.readline()):
                    if not answers[number - 1].startswith(b"354") or line == b".\r\n":
                        break
                for byte in answer + b"\r\n":
                    try:
                        guest.sendall(bytes([byte]))
                    except OSError:
                        return
                    time.sleep(pause)
            lines.read()

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield door.getsockname()[1]
        thread.join(10)
    assert not thread.is_alive()


@pytest.mark.parametrize("spoken", [0, 1, 2, 3, 4])
def test_a_trickle_of_bytes_ends_with_its_step(spoken):
    answers = [b"220 hi", b"250 hi", b"250 ok", b"250 ok", b"354 go"]
    answers[spoken] += b" " + b"x" * 100
    with fake_server(*answers[: spoken + 1], pause=0.05) as port:
        begun = time.monotonic()
        error = failure(port, replace(QUICK, command=0.8, data=0.8))
    assert time.monotonic() - begun < 4
    assert "no answer within 0.8 seconds" in str(error)
    assert not isinstance(error, MailOutcomeUnknown)


def test_a_trickling_answer_to_the_content_is_unknown_in_time():
    server = (b"220 hi", b"250 hi", b"250 ok", b"250 ok", b"354 go", b"250 " + b"x" * 100)
    with fake_server(*server, pause=0.05) as port:
        error = failure(port, replace(QUICK, command=5, data=5, accept=0.5))
    assert isinstance(error, MailOutcomeUnknown)
    assert "no answer within 0.5 seconds. The mail was sent, so it may have gone out" in str(error)


# ---- what leaves


def test_nothing_leaves_without_a_last_consent():
    server = MailServer()

    def refuse() -> None:
        raise MailError("another process took over")

    with serving(server) as port, pytest.raises(MailError, match="took over"):
        send(port, confirm=refuse)
    assert server.accepted == []
    assert server.asked[-1].startswith("RCPT")


def test_a_folder_asks_for_consent_too(tmp_path):
    def refuse() -> None:
        raise MailError("another process took over")

    with pytest.raises(MailError, match="took over"):
        FolderMailer(tmp_path, SENDER).send(MAIL, MONDAY, confirm=refuse)
    assert list(tmp_path.iterdir()) == []


# ---- refusals


@pytest.mark.parametrize(
    ("verb", "answer", "alone", "permanent"),
    [
        ("MAIL", "553 not yours", False, True),
        ("MAIL", "421 too many of you", False, False),
        ("RCPT", "550 no such user", True, True),
        ("RCPT", "450 greylisted", True, False),
        ("RCPT", "421 closing", False, False),
        ("DATA", "554 looks like spam", True, True),
        ("DATA", "452 full", True, False),
    ],
)
def test_a_refusal_tells_whom_it_is_about_and_whether_it_stays(verb, answer, alone, permanent):
    with serving(MailServer(**{verb: says(answer)})) as port:
        error = failure(port)
    assert isinstance(error, MailRefused) == alone
    assert error.permanent == permanent
    assert not isinstance(error, MailOutcomeUnknown)


@pytest.mark.parametrize(("answer", "permanent"), [(b"554 not here", True), (b"421 busy", False)])
def test_a_server_that_turns_us_away_at_the_door(answer, permanent):
    with fake_server(answer) as port:
        error = failure(port)
    assert error.permanent == permanent
    assert not isinstance(error, MailRefused)


def test_a_refused_login_is_permanent_and_tried_once():
    server = MailServer("right")
    with serving(server) as port:
        error = failure(port, user="robot:wrong@")
    assert error.permanent
    assert not isinstance(error, MailRefused)
    assert "answered 535" in str(error)
    assert server.logins == [(b"robot", b"wrong")]


def test_a_server_without_login_is_said_so():
    with serving(MailServer()) as port:
        assert "offers no login that we know" in str(failure(port, user="robot:secret@"))


# ---- passwords


@pytest.mark.parametrize("password", ["mot-de-passe-é", "密码", "50% à 100 €", "simple"])
@pytest.mark.parametrize("withheld", ["", "PLAIN", "LOGIN"])
def test_any_password_is_sent_in_utf_8(password, withheld):
    server = MailServer(password)
    options = {"auth_exclude_mechanism": [withheld]} if withheld else {}
    with serving(server, **options) as port:
        send(port, user=f"zina:{quote(password)}@")
    assert server.logins == [(b"zina", password.encode())]
    assert len(server.accepted) == 1


class Challenging(MailServer):
    """Offers CRAM-MD5 alone."""

    async def auth_CRAM__MD5(self, server, args):  # noqa: N802
        answer = await server.challenge_auth("<1.2@mail.example>", encode_to_b64=True)
        digest = hmac.new(self.password.encode(), b"<1.2@mail.example>", "md5").hexdigest()
        return AuthResult(success=answer == f"zina {digest}".encode())


@pytest.mark.parametrize("password", ["mot-de-passe-é", "simple"])
def test_a_challenge_is_answered_in_utf_8(password):
    server = Challenging(password)
    with serving(server, auth_exclude_mechanism=["PLAIN", "LOGIN"]) as port:
        send(port, user=f"zina:{quote(password)}@")
    assert len(server.accepted) == 1


def test_where_nothing_is_encrypted_the_password_is_not_told_if_that_can_be():
    server = Challenging("secret")
    with serving(server) as port:
        send(port, user="zina:secret@")
    assert server.logins == []
    assert len(server.accepted) == 1


def test_a_new_password_is_another_identity_which_does_not_tell_it():
    one, two = (SmtpMailer(SmtpServer.parse(f"smtp://u:{p}@h"), SENDER).identity for p in ("one", "two"))
    assert one != two
    assert len(one) == 4


# ---- headers

WORDS = st.text(
    st.sampled_from("aé ô\u00a0\u202f\u2009œ€☀️\u3000=?_-,:'") | st.characters(codec="utf-8", categories="LZ"),
    max_size=90,
).map(lambda text: " ".join(text.replace("\u2028", "").replace("\u2029", "").split(" ")))


def parsed(content: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


@pytest.mark.parametrize("length", range(1, 60))
def test_a_folded_subject_keeps_its_spaces_wherever_it_is_folded(length):
    name = ("Boutique " * 8)[:length]
    subject = f"{name} – semaine\u00a047\u00a0: 92,3\u00a0% dans les temps, 3\u00a0oublis"
    content = compose(replace(MAIL, subject=subject), SENDER, MONDAY).as_bytes()
    assert parsed(content)["Subject"] == subject
    assert max(map(len, content.split(b"\r\n"))) <= 78


@given(WORDS)
def test_any_subject_arrives_character_for_character(subject):
    content = compose(replace(MAIL, subject=subject), SENDER, MONDAY).as_bytes()
    assert parsed(content)["Subject"] == subject
    assert content.isascii()


@pytest.mark.parametrize(
    "name",
    ["Zina\u00a0ô\u00a0Beldi", "L’équipe\u202f: qualité", "Contrôle\u00a0qualité, la boutique", "Robot, the"],
)
def test_a_senders_name_keeps_its_no_break_spaces(name):
    quoted = f'"{name}"' if {",", ":"} & set(name) else name
    content = compose(MAIL, f"{quoted} <ops@shop.example>", MONDAY).as_bytes()
    (address,) = parsed(content)["From"].addresses
    assert (address.display_name, address.addr_spec) == (name, "ops@shop.example")


@pytest.mark.parametrize("name", ["semaine\u00a047\u00a0: état.csv", "été\u202f" * 30 + ".csv"])
def test_an_attachments_name_keeps_its_no_break_spaces(name):
    attached = Attachment(name, "text/csv", b"x")
    content = compose(replace(MAIL, attachments=(attached,)), SENDER, MONDAY).as_bytes()
    (part,) = parsed(content).iter_attachments()
    assert part.get_filename() == name

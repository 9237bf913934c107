"""Addresses as people write them: what is understood, and what is said of the rest."""

from urllib.parse import quote

import pytest

from trello_ops.addresses import SmtpServer, is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.10", "::1"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["", "api.trello.com", "192.0.2.1", "::", "localhost.example", "127.0.0.1.example", "[::1]", "127.1"],
)
def test_any_other_machine(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", SmtpServer("mail.example", 587, False, "required", "", "")),
        ("smtps://mail.example", SmtpServer("mail.example", 465, True, "required", "", "")),
        (
            "smtp://robot%40example:p%40ss@Mail.example:25?starttls=required",
            SmtpServer("mail.example", 25, False, "required", "robot@example", "p@ss"),
        ),
        ("smtp://[::1]:2525?starttls=never", SmtpServer("::1", 2525, False, "never", "", "")),
    ],
)
def test_a_mail_server(url: str, server: SmtpServer) -> None:
    assert SmtpServer.parse(url) == server


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://robot:hush@mail.example", "should be written like smtp://user:password@host:587"),
        ("smtp://robot:hush@", "should be written like smtp://user:password@host:587"),
        ("smtp://robot:hush@mail.example:port", "is not an address that can be read"),
        ("smtp://robot:hush@mail[.example", "is not an address that can be read"),
        ("smtp://robot:hush@mail.example?starttls=perhaps", "has an option that is not known"),
        ("smtp://robot:hush@mail.example?startls=never", "has an option that is not known"),
        ("smtp://robot:hush@mail.example?starttls=", "has an option that is not known"),
    ],
)
def test_a_wrong_mail_server_is_refused_without_its_password(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{said}") as error:
        SmtpServer.parse(url)
    assert "hu" not in str(error.value)
    assert error.value.__cause__ is None


@pytest.mark.parametrize("raw", ["/", "?", "#", "[", "]", " ", "\t"])
@pytest.mark.parametrize(
    "url", ["smtp://robot:hu{}sh@mail.example:587", "smtps://robot:hu@{}sh@mail.example"]
)
def test_a_raw_character_in_a_password_is_to_be_encoded(url: str, raw: str) -> None:
    with pytest.raises(ValueError, match="percent-encode it") as error:
        SmtpServer.parse(url.format(raw))
    assert f"`{quote(raw, safe='')}`" in str(error.value)
    assert "hu" not in str(error.value)
    assert "sh" not in str(error.value)
    assert SmtpServer.parse(url.format(quote(raw, safe=""))).password in {f"hu{raw}sh", f"hu@{raw}sh"}


def test_a_password_encoded_in_latin_1_is_refused() -> None:
    with pytest.raises(ValueError, match="percent-encode it in UTF-8"):
        SmtpServer.parse("smtp://robot:caf%E9@mail.example")


def test_a_mail_server_does_not_show_its_password() -> None:
    server = SmtpServer.parse("smtp://robot:hush@mail.example")
    assert str(server) == "mail server mail.example:587"
    assert "hush" not in repr(server)

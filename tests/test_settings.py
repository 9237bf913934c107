import os
import re
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from trello_ops.errors import InvalidSettings
from trello_ops.setting_sources import every_value
from trello_ops.settings import MAIL, SECRETS, Settings, load, load_sound, name_of

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / ".env.example"


def complaints(env: dict[str, str], env_file: Path | None = None, require: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(InvalidSettings) as caught:
        load(env, env_file, require)
    return list(caught.value.messages)


def test_without_anything_every_default_holds() -> None:
    settings = load({}, None)
    assert settings.trello_key is None
    assert settings.trello_url == "https://api.trello.com"
    assert settings.database_url.get_secret_value() == "sqlite:///trello-ops.sqlite3"
    assert settings.boards_dir == Path("boards")
    assert settings.lease_seconds > 2 * settings.request_timeout_seconds
    assert settings.secrets() == ()


def test_the_environment_wins_over_env_file_and_an_empty_value_counts_as_none(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "TRELLO_OPS_TRELLO_KEY=from-file\nTRELLO_OPS_LOG_LEVEL=debug\nTRELLO_OPS_BOARDS_DIR=\nOTHER=1\n"
    )
    settings = load({"TRELLO_OPS_TRELLO_KEY": " from-env ", "TRELLO_OPS_LOG_LEVEL": " "}, file)
    assert settings.trello_key == SecretStr("from-env")
    assert settings.log_level == "debug"
    assert settings.boards_dir == Path("boards")


def test_is_frozen_and_takes_nothing_from_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRELLO_OPS_LOG_LEVEL", "error")
    settings = load({}, None)
    assert settings.log_level == "info"
    assert load(env_file=None).log_level == "error"
    with pytest.raises(ValidationError):
        settings.log_level = "debug"


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("TRELLO_OPS_TRELO_TOKEN=abc\n")
    assert complaints(
        {
            "TRELLO_OPS_LOG_LEVEL": "warn",
            "TRELLO_OPS_LEASE_SECONDS": "40",
            "TRELLO_OPS_REQUESTS_PER_10S": "101",
            "TRELLO_OPS_MAX_CARDS_CREATED": "many",
            "TRELLO_OPS_SETTLE_SECONDS": "nan",
            "TRELLO_OPS_XYZZY": "1",
        },
        file,
        require=("trello_key", MAIL),
    ) == [
        "TRELLO_OPS_TRELO_TOKEN is not a setting: did you mean `TRELLO_OPS_TRELLO_TOKEN`?",
        "TRELLO_OPS_XYZZY is not a setting: see .env.example",
        "TRELLO_OPS_LOG_LEVEL is `warn`: did you mean `warning`?",
        "TRELLO_OPS_SETTLE_SECONDS should be a number",
        (
            "TRELLO_OPS_LEASE_SECONDS should be more than 40, which is twice "
            "TRELLO_OPS_REQUEST_TIMEOUT_SECONDS: raise it, or lower that"
        ),
        "TRELLO_OPS_MAX_CARDS_CREATED should be a whole number",
        "TRELLO_OPS_REQUESTS_PER_10S should be at most 100",
        "TRELLO_OPS_TRELLO_KEY is missing: set it in the environment or in .env",
        "TRELLO_OPS_SMTP_URL or TRELLO_OPS_MAIL_DIR is missing: set one in the environment or in .env",
    ]


def test_a_default_that_another_setting_no_longer_allows_is_a_mistake_too() -> None:
    assert complaints({"TRELLO_OPS_REQUEST_TIMEOUT_SECONDS": "60"}) == [
        (
            "TRELLO_OPS_LEASE_SECONDS should be more than 120, which is twice "
            "TRELLO_OPS_REQUEST_TIMEOUT_SECONDS: raise it, or lower that"
        )
    ]


def test_a_name_in_small_letters_and_a_file_for_what_is_no_secret_are_unknown() -> None:
    assert complaints({"trello_ops_log_level": "info", "TRELLO_OPS_MAIL_DIR_FILE": "x"}) == [
        "trello_ops_log_level is not a setting: did you mean `TRELLO_OPS_LOG_LEVEL`?",
        "TRELLO_OPS_MAIL_DIR_FILE is not a setting: did you mean `TRELLO_OPS_MAIL_DIR`?",
    ]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TRELLO_URL", "http://api.trello.com", "would send key and token unencrypted"),
        ("TRELLO_URL", "http://127.0.0.1.evil.example", "would send key and token unencrypted"),
        ("TRELLO_URL", "api.trello.com", "should begin with https://"),
        ("TRELLO_URL", "https://key:s3cret@api.trello.com", "should hold a host and nothing more"),
        ("TRELLO_URL", "https://api.trello.com:s3cret", "is not an address that can be read"),
        ("DATABASE_URL", "mysql://root:s3cret@db", "should begin with sqlite:///"),
        ("SMTP_URL", "imap://user:s3cret@host", "should be written like smtp://"),
        ("SMTP_URL", "smtp://user:s3cret@host:abc", "is not an address that can be read"),
        ("SMTP_URL", "smtp://user:s3cret@host?tls=1", "has an option that is not known"),
        ("MAIL_FROM", "trello-ops", "should be an e-mail address"),
        ("MAIL_FROM", "a@b.example\r\nBcc: s3cret@x.example", "should be an e-mail address"),
        ("PUBLIC_URL", "shop.example", "should begin with https://"),
        ("PUBLIC_URL", "http://shop.example", "should begin with https://"),
        ("PUBLIC_URL", "https://u:s3cret@shop.example", "should hold a host, perhaps a path"),
        ("PUBLIC_URL", "https://shop.example/?a=1", "should hold a host, perhaps a path"),
        ("PUBLIC_URL", "https://shop.example/tableaux été", "should be written as browsers send it"),
        ("PUBLIC_URL", "https://shop.example//robot", "should have single slashes in its path"),
        ("WEB_BIND", "8911", "should be written like 127.0.0.1:8911"),
        ("WEB_BIND", "localhost:8911", "should be written like 127.0.0.1:8911"),
        ("WEB_BIND", "127.0.0.1:http", "should be written like 127.0.0.1:8911"),
        ("WEB_BIND", "127.0.0.1:65536", "should have a port from 1 to 65535"),
        ("LEASE_SECONDS", "0", "should be more than 0"),
        ("MAX_ARCHIVE_SHARE", "1.5", "should be at most 1"),
        ("REPORT_WAIT_HOURS", "-1", "should be at least 0"),
        ("LOG_FORMAT", "xml", "is `xml`: use one of `auto`, `console`, `json`"),
    ],
)
def test_says_what_to_do_and_never_a_secret(name: str, value: str, said: str) -> None:
    (message,) = complaints({f"TRELLO_OPS_{name}": value, "TRELLO_OPS_TRELLO_SECRET": "abc"})
    assert message.startswith(f"TRELLO_OPS_{name} {said}")
    assert "s3cret" not in message


@pytest.mark.parametrize("name", ["LANG", "LOG_LEVEL", "LOG_FORMAT"])
def test_a_secret_in_the_place_of_a_word_is_not_repeated(name: str) -> None:
    (message,) = complaints({f"TRELLO_OPS_{name}": "ATTA0123456789ABCDEFs3cret"})
    assert message.startswith(f"TRELLO_OPS_{name} is none of the words that are known here: use one of `")
    assert "atta" not in message.lower()


@pytest.mark.parametrize("piece", [slice(None), slice(5, 18), slice(12)])
@pytest.mark.parametrize("name", ["BOARDS_DIR", "TRELLO_WORKSPACE", "MAIL_DIR"])
def test_a_secret_that_another_setting_holds_too_is_refused_unshown(name: str, piece: slice) -> None:
    secret = "ATTA0123456789abcdefs3cret"
    told = complaints({"TRELLO_OPS_TRELLO_TOKEN": secret, f"TRELLO_OPS_{name}": f"x/{secret[piece]}"})
    why = "holds the value of TRELLO_OPS_TRELLO_TOKEN, or a part of it: give it its own"
    assert f"TRELLO_OPS_{name} {why}" in told
    assert secret[piece] not in "".join(told)


@pytest.mark.parametrize(
    "address", ["smtp://robot:{}@host:25", "smtp:/robot:{}@[::1", "robot:{}@host", "x/{}/y"]
)
@pytest.mark.parametrize("written", ["pä/ss:word", "p%C3%A4%2Fss%3Aword"])
@pytest.mark.parametrize("name", ["BOARDS_DIR", "MAIL_DIR", "MAIL_FROM"])
def test_the_password_of_an_address_is_refused_unshown_in_another_setting(
    name: str, written: str, address: str
) -> None:
    given = {
        "TRELLO_OPS_SMTP_URL": "smtp://robot:p%C3%A4%2Fss%3Aword@mail.example",
        f"TRELLO_OPS_{name}": address.format(written),
    }
    told = complaints(given)
    why = "holds the value of TRELLO_OPS_SMTP_URL, or a part of it: give it its own"
    assert f"TRELLO_OPS_{name} {why}" in told
    assert written not in "".join(told)


def test_a_password_with_the_marks_of_an_address_in_it_is_found_whole() -> None:
    given = {
        "TRELLO_OPS_SMTP_URL": "smtp://robot:be//ldi:zina@rose@host",
        "TRELLO_OPS_BOARDS_DIR": "x/ldi:zina@ros",
    }
    told = complaints(given)
    assert any(
        each.startswith("TRELLO_OPS_BOARDS_DIR holds the value of TRELLO_OPS_SMTP_URL") for each in told
    )
    assert "ldi" not in "".join(told)


def test_of_a_secret_in_the_place_of_a_word_nothing_else_is_said() -> None:
    given = {"TRELLO_OPS_TRELLO_TOKEN": "ATTA0123456789abcdefs3cret", "TRELLO_OPS_LANG": "ATTA0123456789"}
    why = "holds the value of TRELLO_OPS_TRELLO_TOKEN, or a part of it: give it its own"
    assert complaints(given) == [f"TRELLO_OPS_LANG {why}"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("TRELLO_OPS_Tb%26ldi%2Ff%C3%BCr%2Balle@host?starttls=perhaps", "TRELLO_OPS_Tb…"),
        ("TRELLO_OPS_b&ldi/f=1", "TRELLO_OPS_b…"),
        ("TRELLO_OPS_=1", "TRELLO_OPS_"),
    ],
)
def test_a_value_that_ran_into_a_name_is_not_shown(line: str, shown: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"{line}\n", encoding="utf-8")
    assert complaints({}, tmp_path / ".env") == [f"{shown} is not a setting: see .env.example"]


def test_a_secret_that_became_a_name_is_not_shown() -> None:
    secret = "ATTA" + "0123456789abcdef" * 4
    given = {"TRELLO_OPS_TRELLO_TOKEN": secret, f"TRELLO_OPS_{secret}": "1"}
    assert secret[:12] not in "".join(complaints(given))


def test_a_password_that_any_text_may_have_by_chance_is_no_piece() -> None:
    given = {"TRELLO_OPS_SMTP_URL": "smtp://robot:boards@mail.example", "TRELLO_OPS_BOARDS_DIR": "boards"}
    assert load(given, None).boards_dir == Path("boards")


@pytest.mark.parametrize(
    "url", ["http://localhost:8910/", "http://127.0.0.1:8910", "http://[::1]:8910", "https://api.trello.com"]
)
def test_accepts_trello_and_this_machine(url: str) -> None:
    assert load({"TRELLO_OPS_TRELLO_URL": url}, None).trello_url == url.rstrip("/")


def test_a_public_address_needs_the_secret_that_tells_trellos_calls_from_others(tmp_path: Path) -> None:
    public = {"TRELLO_OPS_PUBLIC_URL": "https://shop.example/robot/"}
    assert complaints(public) == [
        (
            "TRELLO_OPS_TRELLO_SECRET is missing, which TRELLO_OPS_PUBLIC_URL needs: "
            "set it in the environment or in .env"
        )
    ]
    (tmp_path / "secret").write_text("abc")
    settings = load({**public, "TRELLO_OPS_TRELLO_SECRET_FILE": str(tmp_path / "secret")}, None)
    assert settings.public_url == "https://shop.example/robot"
    assert settings.trello_secret == SecretStr("abc")


@pytest.mark.parametrize(
    ("bind", "address"), [("127.0.0.1:8911", ("127.0.0.1", 8911)), ("[::1]:80", ("::1", 80))]
)
def test_listens_on_this_machine_unless_told_otherwise(bind: str, address: tuple[str, int]) -> None:
    assert load({}, None).web_address() == ("127.0.0.1", 8911)
    assert load({"TRELLO_OPS_WEB_BIND": bind}, None).web_address() == address


@pytest.mark.parametrize("field", SECRETS)
def test_a_secret_may_stand_in_a_file_of_its_own(field: str, tmp_path: Path) -> None:
    urls = {"smtp_url": "smtp://u:p@h", "database_url": "sqlite:///x", "notify_url": "ntfy://topic"}
    value = {**urls, "heartbeat_url": "https://hc.example/check"}.get(field, "abc")
    file = tmp_path / "secret"
    file.write_text(f"{value}\n", "utf-8-sig")  # as Windows' Notepad may save it
    settings = load({f"{name_of(field)}_FILE": str(file)}, None, require=(field,))
    assert getattr(settings, field).get_secret_value() == value


def test_what_an_address_proves_by_its_path_is_a_secret_too() -> None:
    settings = load({"TRELLO_OPS_HEARTBEAT_URL": "https://hc.example/ping/5f01-abcd"}, None)
    assert settings.secrets() == ("https://hc.example/ping/5f01-abcd", "ping/5f01-abcd")


def test_what_is_wrong_with_a_secrets_file_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "latin").write_bytes(b"\xe9")
    (tmp_path / "token").write_text("abc")
    env = {
        "TRELLO_OPS_TRELLO_KEY_FILE": "the-secret-itself",
        "TRELLO_OPS_TRELLO_SECRET_FILE": str(tmp_path / "empty"),
        "TRELLO_OPS_SMTP_URL_FILE": str(tmp_path / "latin"),
        "TRELLO_OPS_TRELLO_TOKEN_FILE": str(tmp_path / "token"),
        "TRELLO_OPS_TRELLO_TOKEN": "s3cret",
    }
    assert complaints(env, require=("trello_key", "trello_token", MAIL)) == [
        (
            "TRELLO_OPS_TRELLO_KEY_FILE: the file cannot be read (No such file or directory): "
            "give the path of a file"
        ),
        "TRELLO_OPS_TRELLO_TOKEN_FILE and TRELLO_OPS_TRELLO_TOKEN are both set: remove one of the two",
        "TRELLO_OPS_TRELLO_SECRET_FILE: the file is empty: write the secret into it",
        ("TRELLO_OPS_SMTP_URL_FILE: the file is not UTF-8 text: write nothing but the secret into it"),
    ]


def test_mail_goes_one_way() -> None:
    both = {"TRELLO_OPS_SMTP_URL": "smtp://host", "TRELLO_OPS_MAIL_DIR": "mail"}
    assert complaints(both) == [
        "TRELLO_OPS_MAIL_DIR is set together with TRELLO_OPS_SMTP_URL: remove one of the two"
    ]
    for name, value in both.items():
        assert load({name: value}, None, require=(MAIL,))


def test_an_env_file_that_is_not_text_is_a_message(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"TRELLO_OPS_MAIL_DIR=\xe9\n")
    assert complaints({}, tmp_path / ".env") == [
        f"{tmp_path}/.env is not UTF-8 text: save it with the encoding UTF-8"
    ]


def test_an_env_file_is_read_as_shells_and_editors_write_it(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(
        b"\xef\xbb\xbfexport TRELLO_OPS_BOARDS_DIR='my boards' # comment\r\n"
        b'TRELLO_OPS_MAIL_FROM = "Caf\xc3\xa9 <ops@shop.example>"\r\n'
        b"TRELLO_OPS_MAIL_DIR\r\n"
    )
    settings = load({}, file)
    assert settings.boards_dir == Path("my boards")
    assert settings.mail_from == "Café <ops@shop.example>"
    assert settings.mail_dir is None


def test_a_line_of_an_env_file_that_cannot_be_read_is_told_and_passed_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / ".env"
    file.write_text("TRELLO_OPS_LOG_LEVEL=debug\nthis is no setting\nTRELLO_OPS_BOARDS_DIR=here\n")
    assert load({}, file).boards_dir == Path("here")
    assert "line 2" in caplog.text


def test_an_env_file_that_is_not_there_sets_nothing(tmp_path: Path) -> None:
    assert load({}, tmp_path / ".env") == load({}, tmp_path) == load({}, None)


def test_all_secrets_are_named_for_redaction_and_none_shows() -> None:
    settings = load(
        {
            "TRELLO_OPS_TRELLO_KEY": "k3y",
            "TRELLO_OPS_TRELLO_TOKEN": "t0ken",
            "TRELLO_OPS_TRELLO_SECRET": "s3cret",
            "TRELLO_OPS_SMTP_URL": "smtp://user:p%40ss@host:587?starttls=required",
            "TRELLO_OPS_DATABASE_URL": "sqlite://user:dbpass@host/db",
        },
        None,
    )
    assert settings.secrets() == ("k3y", "t0ken", "s3cret", "p@ss", "p%40ss", "dbpass")
    for secret in settings.secrets():
        assert secret not in repr(settings) + str(settings)


# ---- .env.example -----------------------------------------------------------------------------------

_ENTRY = re.compile(r"(?m)((?:^# .*\n)+)((?:^#?TRELLO_OPS_\w+=.*\n)+)")
_LINE = re.compile(r"(?m)^(#?)(TRELLO_OPS_\w+)=(.*)$")


def shown_default(field: str) -> str:
    default = Settings.model_fields[field].default
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    return f"{default:g}" if isinstance(default, int | float) else str(default or "")


def test_the_example_lists_every_setting_with_its_comment_and_default_and_nothing_else() -> None:
    listed = {}
    for comment, lines in _ENTRY.findall(EXAMPLE.read_text("utf-8")):
        (_, name, default), *_ = _LINE.findall(lines)
        listed[name] = (" ".join(line.removeprefix("# ") for line in comment.splitlines()), default)
    recommended = {name_of("mail_dir"): "mail"}
    assert listed == {
        name_of(field): (
            " ".join((info.description or "").split()),
            recommended.get(name_of(field), shown_default(field)),
        )
        for field, info in Settings.model_fields.items()
    }


def test_the_example_works_once_key_and_token_are_filled_in(tmp_path: Path) -> None:
    text = EXAMPLE.read_text("utf-8").replace("_KEY=\n", "_KEY=k\n").replace("_TOKEN=\n", "_TOKEN=t\n")
    (tmp_path / ".env").write_text(text, "utf-8")
    settings = load({}, tmp_path / ".env", require=("trello_key", "trello_token", MAIL))
    assert settings.mail_dir == Path("mail")
    assert complaints({}, EXAMPLE, require=("trello_key", "trello_token")) == [
        "TRELLO_OPS_TRELLO_KEY is missing: set it in the environment or in .env",
        "TRELLO_OPS_TRELLO_TOKEN is missing: set it in the environment or in .env",
    ]


def test_the_example_names_the_sandbox() -> None:
    sandbox = "TRELLO_OPS_TRELLO_URL=http://127.0.0.1:8910"
    text = EXAMPLE.read_text("utf-8")
    assert f"#{sandbox}" in text
    assert load(dict([sandbox.split("=")]), None).trello_url.startswith("http://127")


def test_an_env_file_has_room_for_the_tokens_of_thousands_of_shops(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("".join(f"TOKEN_SHOP_{number:04}={'a' * 64}\n" for number in range(5_000)), "utf-8")
    assert load({}, env) == load({}, None)
    assert len(every_value({}, env)) == 5_000


def test_a_large_env_file_and_a_large_secret_are_refused_by_name(tmp_path: Path) -> None:
    env, secret = tmp_path / ".env", tmp_path / "token"
    env.write_text("#" * 5_000_001)
    (message,) = complaints({}, env)
    assert message == f"{env} is larger than 5,000,000 bytes, and is not read: shorten it"
    os.truncate(secret.touch() or secret, 10**12)
    (message,) = complaints({"TRELLO_OPS_TRELLO_TOKEN_FILE": str(secret)})
    assert message.startswith("TRELLO_OPS_TRELLO_TOKEN_FILE: the file is too long for a secret")
    (message,) = complaints({"TRELLO_OPS_TRELLO_TOKEN_FILE": "/dev/zero"})
    assert "is too long for a secret" in message


def test_an_env_file_may_be_a_pipe_and_no_folder(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = threading.Thread(target=pipe.write_text, args=["TRELLO_OPS_LOG_LEVEL=debug\n"])
    writing.start()
    assert load({}, pipe).log_level == "debug"
    writing.join()
    assert load({}, tmp_path).log_level == "info"
    assert load({}, tmp_path / "none").log_level == "info"


def test_shared_folders_are_separated_like_those_of_path() -> None:
    said = os.pathsep.join(("/srv/cards", "", "ours"))
    assert load({"TRELLO_OPS_SHARED_DIRS": said}, None).shared_dirs == (Path("/srv/cards"), Path("ours"))


@pytest.mark.parametrize(
    ("address", "hidden"),
    [
        ("tgram://123456789:s3cretAAAAAAAA/12315544/", ["s3cretAAAAAAAA", "12315544"]),
        ("mailto://robot:s3cretpass@shop.example", ["s3cretpass"]),
        ("discord://4174216298/s3cretJHMOl", ["4174216298", "s3cretJHMOl"]),
        ("sqlite://[::1", []),
    ],
)
def test_the_second_channel_takes_any_address_of_apprise_and_keeps_its_tokens_secret(
    address: str, hidden: list[str]
) -> None:
    """Where a web address has its port, that of a bot has a token."""
    settings = load({"TRELLO_OPS_NOTIFY_URL": address}, None)
    assert {address, *hidden} <= set(settings.secrets())


# ---- as far as they are sound


def test_what_is_sound_is_known_beside_what_is_not(tmp_path: Path) -> None:
    env = {"TRELLO_OPS_SMTP_URL": "nonsense", "TRELLO_OPS_MAX_CARDS_CREATED": "7", "TRELLO_OPS_WEB_BIND": "x"}
    settings, left_out = load_sound(env, None)
    assert (settings.max_cards_created, settings.smtp_url) == (7, None)
    assert left_out == {"smtp_url", "web_bind"}


def test_a_secret_whose_file_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    settings, left_out = load_sound({"TRELLO_OPS_TRELLO_TOKEN_FILE": str(tmp_path / "none")}, None)
    assert (settings.trello_token, left_out) == (None, {"trello_token"})


def test_where_a_value_goes_with_no_default_none_is_trusted() -> None:
    env = {"TRELLO_OPS_REQUEST_TIMEOUT_SECONDS": "100", "TRELLO_OPS_MAX_CARDS_CREATED": "7"}
    settings, left_out = load_sound(env, None)
    assert (settings, left_out) == (Settings(), {"request_timeout_seconds", "max_cards_created"})


def test_a_name_that_is_no_setting_keeps_no_other_back() -> None:
    settings, left_out = load_sound({"TRELLO_OPS_NONSENSE": "1", "TRELLO_OPS_LOG_LEVEL": "debug"}, None)
    assert (settings.log_level, left_out) == ("debug", frozenset())


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8911"),
        ({"WEB_BIND": "0.0.0.0:80"}, "http://127.0.0.1:80"),
        ({"WEB_BIND": "[::]:80"}, "http://127.0.0.1:80"),
        ({"WEB_BIND": "192.168.1.5:8911"}, "http://192.168.1.5:8911"),
        (
            {"PUBLIC_URL": "https://ops.example.org/robot/", "TRELLO_SECRET": "s"},
            "https://ops.example.org/robot",
        ),
    ],
)
def test_pages_are_found_where_people_can_reach_them(given: dict[str, str], address: str) -> None:
    assert load({f"TRELLO_OPS_{name}": value for name, value in given.items()}, None).visited_at() == address


def test_nothing_listens_where_that_is_off() -> None:
    assert load({"TRELLO_OPS_WEB_BIND": "off"}, None).web_address() is None


@pytest.mark.parametrize("proxies", ["10.0.0.0/8,192.0.2.7", " 10.0.0.0/8 , 192.0.2.7 "])
def test_proxies_are_addresses_and_networks(proxies: str) -> None:
    found = load({"TRELLO_OPS_TRUSTED_PROXIES": proxies}, None).trusted_proxies
    assert list(map(str, found)) == ["10.0.0.0/8", "192.0.2.7/32"]


@pytest.mark.parametrize("proxies", ["nginx", "10.0.0.1/8/9", "10.0.0.300"])
def test_a_proxy_that_is_no_address_is_refused(proxies: str) -> None:
    with pytest.raises(InvalidSettings, match="TRELLO_OPS_TRUSTED_PROXIES"):
        load({"TRELLO_OPS_TRUSTED_PROXIES": proxies}, None)

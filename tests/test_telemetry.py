"""No secret leaves by a log or an error, whatever form it takes."""

import io
import json
import logging
import re
import threading

import pytest
import structlog

from trello_ops import telemetry
from trello_ops.telemetry import always_tell, configure_logging, redactor

KEY, TOKEN, PASSWORD = "0123456789abcdef" * 2, "ATTA" + "9" * 60, "p@ss/word:1"
SECRETS = (KEY, TOKEN, PASSWORD)


@pytest.fixture(autouse=True)
def _logging_as_before():
    root = logging.getLogger()
    before = (root.level, root.handlers[:])
    yield
    structlog.reset_defaults()
    root.setLevel(before[0])
    root.handlers[:] = before[1]


@pytest.mark.parametrize(
    "text",
    [
        f"GET https://api.trello.com/1/cards?key={KEY}&token={TOKEN}",
        f'Authorization: OAuth oauth_consumer_key="{KEY}", oauth_token="{TOKEN}"',
        "smtp://robot:p%40ss%2Fword%3A1@mail.example.com:587",
        f"login with {PASSWORD} failed",
        f"/1/tokens/{TOKEN}/webhooks",
    ],
)
def test_a_known_secret_is_masked_in_any_spelling(text: str) -> None:
    said = redactor(SECRETS)(text)
    for secret in (*SECRETS, "p%40ss%2Fword%3A1"):
        assert secret not in said
    assert "***" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "https://x/1/cards?key=abc123&token=def456&fields=name",
            "https://x/1/cards?key=***&token=***&fields=name",
        ),
        (
            'OAuth oauth_consumer_key="abc", oauth_token="def"',
            'OAuth oauth_consumer_key="***", oauth_token="***"',
        ),
        ("postgresql://ops:hunter2@db/ops", "postgresql://ops:***@db/ops"),
        ("/1/tokens/0123456789abcdef0123/webhooks", "/1/tokens/***/webhooks"),
    ],
)
def test_what_looks_like_a_secret_is_masked_unknown(text: str, said: str) -> None:
    assert redactor(())(text) == said


@pytest.mark.parametrize("text", ["Les clés : token perdu", "14:30 – 100 %", ""])
def test_plain_words_stay(text: str) -> None:
    assert redactor(SECRETS)(text) == text


def test_an_occurrence_key_in_a_log_line_stays_readable() -> None:
    out = io.StringIO()
    configure_logging("info", "json", redactor(SECRETS), out)
    structlog.get_logger().info("card.issued", key="daily/parcels/2026-11-16", attempt=1)
    event = json.loads(out.getvalue())
    assert (event["event"], event["key"], event["attempt"]) == ("card.issued", "daily/parcels/2026-11-16", 1)


@pytest.mark.parametrize("form", ["json", "console"])
def test_secrets_in_events_fields_and_tracebacks_are_masked(form: str) -> None:
    out = io.StringIO()
    configure_logging("debug", form, redactor(SECRETS), out)
    log = structlog.get_logger()
    event = f"said {TOKEN}"
    log.info(event, url=f"https://x/?token={TOKEN}", more=[KEY, {"deep": PASSWORD}])
    try:
        int(f"bad {TOKEN}")
    except ValueError:
        log.exception("job.crashed")
    logging.getLogger("urllib3").warning("retrying %s", f"https://x/?token={TOKEN}")
    said = out.getvalue()
    assert "job.crashed" in said
    assert "retrying" in said
    for secret in SECRETS:
        assert secret not in said


def test_what_is_less_important_than_the_level_is_not_said() -> None:
    out = io.StringIO()
    configure_logging("warning", "json", redactor(()), out)
    structlog.get_logger().info("quiet")
    assert out.getvalue() == ""


def test_a_warning_of_a_library_is_one_line_and_an_error_has_its_traceback() -> None:
    out = io.StringIO()
    configure_logging("warning", "json", redactor(()), out)
    for level in (logging.WARNING, logging.ERROR):
        logging.getLogger("urllib3.connection").log(level, "odd headers", exc_info=ValueError("x"))
    first, *others = out.getvalue().splitlines()
    assert first == "WARNING urllib3.connection odd headers"
    assert [others[0], others[-1].strip()] == ["ERROR urllib3.connection odd headers", "ValueError: x"]


# ---- what a terminal would obey ----------------------------------------------------------------------

HOSTILE = "Nadia\x1b[31m\x00\x07\x9b2J\u202egpj\u2066\u2028\r\nERROR forged\ud800"
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.mark.parametrize("form", ["json", "console"])
def test_every_log_line_shows_what_a_terminal_would_obey(form: str) -> None:
    out = io.StringIO()
    configure_logging("debug", form, redactor(()), out)
    structlog.get_logger().info(f"done by {HOSTILE}", by=HOSTILE, more=[HOSTILE, {HOSTILE: HOSTILE}])
    logging.getLogger("urllib3").warning("from %s", HOSTILE)
    said = out.getvalue()
    assert not OBEYED.search(said)
    assert len(said.splitlines()) == 2
    assert "\\u202egpj" in said


def read_from_trello() -> None:
    raise ValueError(HOSTILE)


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_shows_what_a_terminal_would_obey(form: str) -> None:
    out = io.StringIO()
    configure_logging("debug", form, redactor(()), out)
    try:
        read_from_trello()
    except ValueError:
        structlog.get_logger().exception("job.crashed")
        logging.getLogger("urllib3").exception("gave up")
    said = out.getvalue()
    assert not OBEYED.search(said)
    assert said.count("Traceback") == 2
    assert "\nERROR forged" not in said


def test_a_json_line_tells_exactly_what_was_said() -> None:
    out = io.StringIO()
    configure_logging("info", "json", redactor(()), out)
    structlog.get_logger().info("done", by=HOSTILE)
    assert json.loads(out.getvalue())["by"] == HOSTILE


def test_each_line_of_each_thread_has_what_is_always_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry, "_always", {})
    out = io.StringIO()
    configure_logging("info", "json", redactor(()), out)
    always_tell(node="n1")
    structlog.get_logger().info("one")
    with structlog.contextvars.bound_contextvars(shop="zina"):
        thread = threading.Thread(target=lambda: structlog.get_logger().info("two"))
        thread.start()
        thread.join()
        logging.getLogger("library").warning("three")
    one, two, three = out.getvalue().splitlines()
    assert json.loads(one)["node"] == json.loads(two)["node"] == "n1"
    assert three == "WARNING library three node=n1 shop=zina"

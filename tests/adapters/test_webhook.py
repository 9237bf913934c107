"""What is taken for Trello's call, on raw bytes, and what is read out of it."""

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.adapters.trello.webhook import Hint, hint, is_genuine

SECRET, CALLBACK = "0f" * 32, "https://shop.example/trello/webhook"
BOARD, ACTION = "5f" * 12, "6a" * 12
CALL = {"model": {"id": BOARD, "name": "Quotidien"}, "action": {"id": ACTION, "type": "updateCard"}}


def signed(body: bytes, secret: str = SECRET, callback: str = CALLBACK) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body + callback.encode(), hashlib.sha1)).decode()


def test_a_signature_that_was_worked_out_elsewhere_is_genuine() -> None:
    """The other's: `openssl dgst -sha1 -hmac s3cret -binary` over body and address, then `base64`."""
    body = '{"é":1}'.encode()
    assert is_genuine("s3cret", CALLBACK, body, "5CiogZVIy+zu5VN1flW30cg5u+M=")


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b'{ "a" :1}\n', json.dumps(CALL).encode()])
def test_the_bytes_count_as_they_were_sent(body: bytes) -> None:
    assert is_genuine(SECRET, CALLBACK, body, signed(body))
    assert not is_genuine(SECRET, CALLBACK, body + b" ", signed(body))


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "=",
        "é",
        "\udcff",
        signed(b"x", secret="other"),
        signed(b"x", callback=CALLBACK + "/"),
        signed(b"x").rstrip("="),
        signed(b"x").lower(),
        hmac.new(SECRET.encode(), b"x" + CALLBACK.encode(), hashlib.sha1).hexdigest(),
    ],
)
def test_any_other_signature_is_none(signature: str) -> None:
    assert not is_genuine(SECRET, CALLBACK, b"x", signature)


@given(body=st.binary(), altered=st.binary())
def test_a_signature_fits_its_own_body_only(body: bytes, altered: bytes) -> None:
    assert is_genuine(SECRET, CALLBACK, altered, signed(body)) == (body == altered)


def test_a_call_names_its_board_and_its_action() -> None:
    assert hint(json.dumps(CALL).encode()) == Hint(BOARD, ACTION)
    assert hint(json.dumps({**CALL, "webhook": {"id": "x"}}).encode()) == Hint(BOARD, ACTION)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"null",
        b"[]",
        b'"text"',
        b"[" * 100_000,
        b"9" * 10_000,
        json.dumps({**CALL, "model": None}).encode(),
        json.dumps({**CALL, "model": {"id": "5F" * 12}}).encode(),
        json.dumps({**CALL, "model": {"id": BOARD + "\n"}}).encode(),
        json.dumps({**CALL, "model": {"id": [BOARD]}}).encode(),
        json.dumps({**CALL, "action": {}}).encode(),
    ],
)
def test_anything_else_is_no_hint(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        hint(body)

"""Calls of Trello's webhooks: whether a call is genuine, and which board it names.

Nothing else in a call is believed, and even the board is only a hint where to look
(trello-behaviour.md#webhooks).
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from trello_ops.core.objectid import is_id

PATH = "/trello/webhook"
"""The path of the callback, below the public address."""

SIGNATURE_HEADER = "X-Trello-Webhook"

CLIENT_HEADER = "X-Trello-Client-Identifier"
"""Sent with a write, it comes back with the webhook calls that the write causes."""

CLIENT = "trello-ops"


@dataclass(frozen=True, slots=True)
class Hint:
    """Something happened on a board, so look there. The action's id recognises a repeated call."""

    board_id: str
    action_id: str


def callback(public_url: str | None) -> str | None:
    """The address that webhooks are to call, of whichever key: that below the public address, if any."""
    return public_url + PATH if public_url else None


def is_genuine(secret: str, callback: str, body: bytes, signature: str) -> bool:
    """Whether a body was signed with the app's secret for this address; in constant time.

    `callback` must be, byte for byte, what the webhook was registered with.
    """
    # Trello's own sample hashes re-serialised JSON, which differs from the bytes that were sent and signed.
    mac = hmac.new(secret.encode(), body + callback.encode(), hashlib.sha1)
    return hmac.compare_digest(base64.b64encode(mac.digest()), signature.encode("utf-8", "replace"))


def hint(body: bytes) -> Hint:
    """Read a genuine call. ValueError when it has no ids of a model and an action."""
    try:
        said = json.loads(body)
        return Hint(_id(said["model"]["id"]), _id(said["action"]["id"]))
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not what a webhook sends") from error


def _id(value: Any) -> str:
    if not is_id(value):
        raise ValueError("not an id")
    return str(value)

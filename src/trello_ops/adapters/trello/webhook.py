"""What Trello sends when something happens on a board: whether it is Trello's, and which board it names.

Nothing else of a call is believed, and not even that is news: it only says where to look
(trello-behaviour.md#webhooks).
"""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import Any

PATH = "/trello/webhook"
"""Where calls come in, below the public address."""

SIGNATURE_HEADER = "X-Trello-Webhook"

CLIENT_HEADER = "X-Trello-Client-Identifier"
"""Sent with a write, it comes back with the calls that this write sets off."""

CLIENT = "trello-ops"

_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class Hint:
    """Something happened on a board: look there. The action's id tells a call from its repetition."""

    board_id: str
    action_id: str


def is_genuine(secret: str, callback: str, body: bytes, signature: str) -> bool:
    """Whether a body was signed with the app's secret for this address; in constant time.

    Trello's own sample hashes re-serialised JSON; what was signed are the bytes that were sent. `callback`
    must be, byte for byte, what the webhook was registered with.
    """
    mac = hmac.new(secret.encode(), body + callback.encode(), hashlib.sha1)
    return hmac.compare_digest(base64.b64encode(mac.digest()), signature.encode("utf-8", "replace"))


def hint(body: bytes) -> Hint:
    """What a genuine call says. ValueError when it is none of a webhook on a board or the like."""
    try:
        said = json.loads(body)
        return Hint(_id(said["model"]["id"]), _id(said["action"]["id"]))
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not what a webhook sends") from error


def _id(value: Any) -> str:
    if not _ID.fullmatch(value):
        raise ValueError("not an id")
    return str(value)

"""Calls as Trello's webhooks make them, signed."""

import base64
import hashlib
import hmac
import json

SECRET, CALLBACK = "0f" * 32, "https://shop.example/trello/webhook"
BOARD = "5f" * 12
PATH = "/trello/webhook"


def call(number: int = 1, board: str = BOARD) -> bytes:
    """What Trello sends of one action."""
    said = {
        "model": {"id": board, "name": "Quotidien"},
        "action": {"id": f"{number:024x}", "type": "updateCard"},
    }
    return json.dumps(said, ensure_ascii=False).encode()


def signature(body: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body + CALLBACK.encode(), hashlib.sha1)).decode()

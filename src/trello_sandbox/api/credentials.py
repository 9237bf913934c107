"""Who sends a request: key and token from the query, the body or the Authorization header."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from trello_sandbox import errors
from trello_sandbox.state.records import Member, Token
from trello_sandbox.state.world import World

_OAUTH_FIELD = re.compile(r'(oauth_consumer_key|oauth_token)="?([^",\s]*)"?')


@dataclass(frozen=True, slots=True)
class Caller:
    """What a request's credentials amount to. `member` is None without a valid token."""

    key: str
    token: Token | None
    member: Member | None
    refusal: errors.Refusal | None = None

    def check(self, *, writing: bool, open_to_all: bool) -> None:
        """Refuse wrong credentials, and going without a token where one is needed.

        Boards and what is on them may be read without (`open_to_all`): the board's own visibility decides.
        """
        if self.refusal:
            raise self.refusal
        if self.member is None and (writing or not open_to_all):
            raise errors.missing_scopes() if self.key else errors.invalid_key()
        if self.token and ("write" if writing else "read") not in self.token.scopes:
            raise errors.missing_scopes()


def presented(values: Mapping[str, Any], authorization: str) -> tuple[str, str]:
    """Key and token as sent, "" for none. py-trello's OAuth 1 header has the same two fields; no
    signature is checked, as Trello was never seen to."""
    header = {name: unquote(value) for name, value in _OAUTH_FIELD.findall(authorization)}
    key = values.get("key") or header.get("oauth_consumer_key") or ""
    token = values.get("token") or header.get("oauth_token") or ""
    return str(key), str(token)


def identify(world: World, right_key: str, key: str, token: str) -> Caller:
    """The caller behind a key and a token. Wrong ones are refused only when `check` is called."""
    known = world.token(token) if token else None
    if (key or token) and key != right_key:
        return Caller("", None, None, errors.invalid_key())
    if token and known is None:
        return Caller(key, None, None, errors.invalid_token())
    return Caller(key, known, world.members.get(known.id_member) if known else None)

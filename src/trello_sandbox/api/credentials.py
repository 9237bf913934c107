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
    error: errors.ApiError | None = None

    def check(self, *, writing: bool, open_to_all: bool) -> None:
        """Refuse wrong credentials, and a missing token where one is needed.

        Boards and what is on them may be read without one (`open_to_all`): their visibility decides.
        """
        if self.error:
            raise self.error
        if self.member is None and (writing or not open_to_all):
            raise errors.missing_scopes() if self.key else errors.invalid_key()
        if self.token and ("write" if writing else "read") not in self.token.scopes:
            raise errors.missing_scopes()


def presented(values: Mapping[str, Any], authorization: str) -> tuple[str, str]:
    """Key and token as they were sent, "" for none. Parameters win over the header."""
    # Trello's own header and py-trello's OAuth 1 header have the same two fields. The latter is signed with
    # an empty secret and works all the same, so it seems that no signature is checked.
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

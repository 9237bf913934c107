"""Both limits of a request: its token's first, then that of the key, which many tokens share."""

from typing import Generic

from trello_ops.adapters.request_limit import P, RequestLimit
from trello_ops.adapters.trello.budget import Budget


class TokenAndKey(Generic[P]):
    """A `RequestLimit`. Both are their owner's to close, since they outlast connections to Trello."""

    def __init__(self, token: Budget, key: RequestLimit[P]) -> None:
        self._token = token
        self._key = key

    def wait(self, *, reads: bool, send_before: float | None = None) -> tuple[int, P]:
        """Block until both let a request leave. The scarcer key is asked last, and never held idly."""
        while True:
            token = self._token.wait(reads=reads, send_before=send_before)
            try:
                key = self._key.wait(reads=reads, send_before=send_before)
            except BaseException:
                self._token.give_back(token)
                raise
            # The token counts from now. Where the key took so long that it was forgotten, both begin anew.
            if self._token.leaves(token):
                return token, key
            self._key.give_back(key)

    def answered(self, permission: tuple[int, P], room: int | None = None, of_key: int | None = None) -> None:
        """Tell both that the answer is here, and each what it says of that limit."""
        token, key = permission
        self._token.answered(token, room)
        self._key.answered(key, of_key=of_key)

    def give_back(self, permission: tuple[int, P]) -> None:
        """Tell both that the request never left."""
        token, key = permission
        self._token.give_back(token)
        self._key.give_back(key)

    def pause(self, seconds: float, *, of_key: bool = False) -> None:
        """Let no request of the token leave for `seconds`, or of the whole key."""
        (self._key if of_key else self._token).pause(seconds, of_key=of_key)

    @property
    def limit(self) -> int:
        """How many requests of the token may count at once."""
        return self._token.limit

    def used(self) -> int:
        """How many requests of the token count now; those of the key its other tokens' may be."""
        return self._token.used()

    def close(self) -> None:
        """Nothing: see the class."""

"""An answer of Trello, read as far as it may go."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import requests

LARGEST = 64 << 20
"""Bytes of an answer's body, unpacked: a page of 1,000 comments of 16,384 characters, each of three bytes,
and what goes around them."""

_LARGEST_REFUSAL = 1 << 16
"""Bytes that are read of a refusal, of which only some words are shown."""

_CHUNK = 1 << 16


@dataclass(frozen=True)
class Answer:
    """Status, headers and body; `whole` is false where there was more than is read."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    whole: bool = True

    @property
    def status_code(self) -> int:
        """For py-trello, which takes any success but 200 for a failure."""
        return requests.codes.ok if self.is_success else self.status

    @property
    def is_success(self) -> bool:
        """Whether it is a 2xx."""
        # For some days in June 2025 success was 202 (trello-behaviour.md#answers).
        return 200 <= self.status < 300

    def json(self) -> Any:
        """What its body says. Raises `ValueError` for what is no JSON, or nested beyond all sense."""
        return self._said

    @cached_property
    def _said(self) -> Any:
        try:
            return json.loads(self.content)
        except RecursionError as error:
            raise ValueError from error


def read_answer(response: requests.Response) -> Answer:
    """Read a streamed response to its end, or to the bound that it has. Raises what requests raises."""
    success = 200 <= response.status_code < 300
    bound = LARGEST if success else _LARGEST_REFUSAL
    parts, size = list[bytes](), 0
    # A connection whose answer was not read to its end is closed; any other is kept.
    with response:
        try:
            for part in response.iter_content(_CHUNK):
                parts.append(part)
                size += len(part)
                if size > bound:
                    break
        except ValueError as error:  # http.client's, of a chunk that is said to have less than no bytes
            raise requests.exceptions.ChunkedEncodingError(error) from error
    return Answer(response.status_code, response.headers, b"".join(parts)[:bound], size <= bound)

"""Whether an address of ours answers over HTTP, and what it says first."""

from typing import Final
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from trello_ops.adapters.deadline import Deadline, DeadlineAdapter
from trello_ops.addresses import is_loopback

_SECONDS: Final = 5.0
_MOST: Final = 4096  # bytes of what it says


def answer(method: str, url: str, seconds: float = _SECONDS) -> tuple[int, bytes]:
    """The status of an answer and the beginning of its body, within so many seconds.

    No redirection is followed. Raises `OSError` where there is none.
    """
    deadline = Deadline()
    with requests.Session() as http, deadline.within(seconds):
        http.trust_env = not is_loopback(urlsplit(url).hostname or "")  # no proxy lies between
        for scheme in ("http://", "https://"):
            http.mount(scheme, DeadlineAdapter(deadline, pool_maxsize=1))
        try:
            with http.request(method, url, timeout=seconds, stream=True, allow_redirects=False) as given:
                return given.status_code, next(given.iter_content(_MOST), b"")
        except HTTPError as error:  # requests does not wrap every one
            raise OSError(type(error).__name__) from error

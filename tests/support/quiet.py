"""Long stories without their log."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog


@contextmanager
def nothing_logged() -> Iterator[None]:
    """A line for each request would take longer than the request."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
    try:
        yield
    finally:
        structlog.configure(**before)

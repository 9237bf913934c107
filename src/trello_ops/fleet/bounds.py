"""What a process that tends shops may use."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """Groups in hand, threads for their jobs, and about how long a group stays until its node offers it.

    `key_requests` are the requests in ten seconds that all nodes together may send with an API key.
    """

    groups: int = 2000
    threads: int = 32
    term_seconds: float = 600.0
    key_requests: int = 300

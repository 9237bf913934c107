"""How a sandbox is started."""

import datetime as dt
import secrets
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """Where to serve, what to keep, and the credentials of the robot.

    `port` 0 picks a free one. `data` is the file that keeps the world over a restart. `key` (32 hex
    digits), `token` and `secret` (64 each) are drawn when not given. `latency_ms` slows every
    answer, half of it on the way in and half on the way out, by up to `jitter_ms` more or less.
    `zone` is that of the times on the pages; None is this machine's, as in a browser on it.
    """

    host: str = "127.0.0.1"
    port: int = 8910
    data: Path | None = None
    key: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    token: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    secret: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    rate_limit: bool = True
    latency_ms: int = 0
    jitter_ms: int = 0
    zone: dt.tzinfo | None = None

"""How a sandbox is configured: where it listens, who is in it, which credentials it accepts."""

import datetime as dt
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

OWN_LINKS, TRELLO_LINKS = "own", "trello"
"""Where the links of objects lead: to the sandbox's own pages, or as on Trello to https://trello.com."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """The Workspace that a sandbox begins with, and the accounts in it.

    `workspace` is its short name, as in addresses, `title` its display name, and `workspace_id` its id, drawn
    where none is given. `robot` is the username of
    the account that the configured token stands for, and `app` the name of the app that owns the API key.
    `people` are the other members, full names by username.
    """

    workspace: str = "workspace"
    title: str = "Workspace"
    app: str = "robot"
    robot: str = "robot"
    robot_name: str = "Robot"
    people: Mapping[str, str] = field(default_factory=lambda: {"alice": "Alice Adams", "bob": "Bob Brown"})
    workspace_id: str = ""

    @property
    def accounts(self) -> dict[str, str]:
        """Everybody by username. The robot comes first: the first member becomes the Workspace's admin."""
        return {self.robot: self.robot_name, **self.people}


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """Where to listen, what to keep, who is there, and the credentials of the robot.

    `port` 0 picks a free one. `data` is the file that keeps the world over a restart. `key` (32 hex
    digits), `token` and `secret` (64 each) are drawn when not given. `latency_ms` slows every answer, half
    of it on the way in and half on the way out, by up to `jitter_ms` more or less. `zone` is the time zone
    of the web pages; None is this machine's. `links` is `own` or `trello`. `advice` is what the first page
    tells somebody who sees no board yet, by language (`en`, `fr`).
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
    links: str = OWN_LINKS
    tenant: Tenant = field(default_factory=Tenant)
    advice: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.links not in (OWN_LINKS, TRELLO_LINKS):
            raise ValueError(f"links are {OWN_LINKS} or {TRELLO_LINKS}, not {self.links!r}")


def read_options(path: Path) -> dict[str, Any]:
    """The options of `SandboxConfig` that a TOML file sets, by the same names; `tenant` is a table.

    OSError when the file cannot be read, ValueError for what is no such file.
    """
    options = tomllib.loads(path.read_text("utf-8"))
    tenant = options.pop("tenant", {})
    _check(options, SandboxConfig, f"{path}")
    _check(tenant, Tenant, f"{path}, [tenant]")
    if "data" in options:
        options["data"] = Path(options["data"])
    if "zone" in options:
        options["zone"] = time_zone(options["zone"])
    return {**options, "tenant": Tenant(**tenant)} if tenant else options


# The types that TOML has for each option; what is not listed is text.
_TYPES: dict[str, type] = {
    "port": int, "latency_ms": int, "jitter_ms": int, "rate_limit": bool, "people": dict, "advice": dict,
}  # fmt: skip


def _check(given: Any, kind: type, where: str) -> None:
    if not isinstance(given, dict):
        raise ValueError(f"{where} is not a table")  # noqa: TRY004 - a bad value, not a bug
    known = [each.name for each in fields(kind)]
    for name, value in given.items():
        if name not in known:
            raise ValueError(f"{where}: unknown option {name!r}; there are {', '.join(known)}")
        if type(value) is not _TYPES.get(name, str):
            raise ValueError(f"{where}: {name} cannot be {value!r}")
        if isinstance(value, dict) and not all(isinstance(each, str) for each in value.values()):
            raise ValueError(f"{where}: the values of {name} are texts")


def time_zone(name: str) -> dt.tzinfo:
    """The zone of that IANA name. ValueError for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error

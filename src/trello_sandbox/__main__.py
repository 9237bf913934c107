"""python -m trello_sandbox: serve a local Trello until Ctrl-C."""

import argparse
import importlib.util
import sys
import zoneinfo
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from trello_sandbox.config import OWN_LINKS, TRELLO_LINKS, SandboxConfig, Tenant, read_options, time_zone
from trello_sandbox.server import serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve as the options say; 1 when that cannot be done, with the reason on standard error."""
    given = parser().parse_args(arguments)
    if importlib.util.find_spec("tzdata"):
        # The package is newer than most systems' zone data; `zoneinfo` would ask the system first.
        zoneinfo.reset_tzpath(to=())
    try:
        config = configured(given)
        serve(config, lambda url: _introduce(url, config))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"The sandbox cannot be served: {error}\n")
        return 1
    return 0


def configured(given: argparse.Namespace) -> SandboxConfig:
    """The configuration: the file's, if one is named, overridden by the options on the command line."""
    options = {name: value for name, value in vars(given).items() if value is not None}
    file = options.pop("config", None)
    kept = read_options(file) if file else {}
    tenant: dict[str, Any] = {
        name: options.pop(name) for name in ("workspace", "title", "app", "robot") if name in options
    }
    if "robot" in tenant:
        tenant["robot"], tenant["robot_name"] = tenant["robot"]
    if "person" in options:
        tenant["people"] = dict(options.pop("person"))
    settings = {**kept, **options}
    return SandboxConfig(**{**settings, "tenant": replace(kept.get("tenant", Tenant()), **tenant)})


def parser() -> argparse.ArgumentParser:
    """The options of the command."""
    parser = argparse.ArgumentParser(
        prog="python -m trello_sandbox",
        description="Serve a local Trello. The address that it prints has web pages, and the API below /1.",
    )
    add = parser.add_argument
    add("--config", type=Path, metavar="FILE", help="TOML file with any of these options")
    add("--host", help="address to listen on (127.0.0.1)")
    add("--port", type=int, help="port to listen on (8910); 0 picks a free one")
    add("--data", type=Path, metavar="FILE", help="keep everything in a file, over restarts")
    add("--key", help="API key (drawn at every start unless given; so are the next two)")
    add("--token", help="the robot's token")
    add("--secret", help="secret of the API key, which signs webhook deliveries")
    add("--no-rate-limit", dest="rate_limit", action="store_false", default=None, help="never answer 429")
    add("--latency", dest="latency_ms", type=int, metavar="MS", help="time that every answer takes")
    add("--jitter", dest="jitter_ms", type=int, metavar="MS", help="how much more or less it may take")
    add("--zone", type=_zone, metavar="NAME", help="time zone of the web pages, such as Europe/Paris")
    add(
        "--links", choices=(OWN_LINKS, TRELLO_LINKS),
        help="where objects' links lead: its own pages (own), or https://trello.com as Trello's do (trello)",
    )  # fmt: skip
    add("--workspace", metavar="NAME", help="short name of the Workspace")
    add("--title", help="display name of the Workspace")
    add("--app", metavar="NAME", help="name of the app that owns the API key")
    add("--robot", type=_account, metavar="USERNAME=NAME", help="account that the token stands for")
    add(
        "--person", type=_account, action="append", metavar="USERNAME=NAME",
        help="another member of the Workspace; may be given several times",
    )  # fmt: skip
    return parser


def _account(text: str) -> tuple[str, str]:
    username, _, name = text.partition("=")
    if not username:
        raise argparse.ArgumentTypeError(f"{text!r} is not USERNAME=NAME")
    return username, name or username


def _zone(text: str) -> Any:
    try:
        return time_zone(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _introduce(url: str, config: SandboxConfig) -> None:
    sys.stdout.write(
        f"Local Trello on {url}\n  key    {config.key}\n  token  {config.token}\n  secret {config.secret}\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

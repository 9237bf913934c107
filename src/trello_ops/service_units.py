"""The units by which systemd keeps the robot going, as one account of a machine uses them."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_PACKAGE = Path(__file__).parent
_IN_A_WHEEL = _PACKAGE / "units"
_CHECKOUT = _PACKAGE.parents[1] / "deploy"

DAEMON: Final = ("trello-ops.service",)
TICKS: Final = ("trello-ops-tick.timer", "trello-ops-tick.service")
"""What makes a tick every five minutes. The first of either is the one to enable."""

_FOR_THE_SYSTEM = "# System:"
_HEADING = "# Made by `trello-ops service install`.\n\n"


def shipped() -> Path:
    """The folder of the units for a whole machine: an installed wheel's, else the checkout's."""
    return _IN_A_WHEEL if _IN_A_WHEEL.is_dir() else _CHECKOUT


def user_folder(env: Mapping[str, str] = os.environ) -> Path:
    """Where systemd looks for the units of this account."""
    config = Path(env.get("XDG_CONFIG_HOME", ""))
    return (config if config.is_absolute() else Path.home() / ".config") / "systemd" / "user"


def program(python: Path = Path(sys.executable)) -> tuple[str, ...]:
    """The command line of this installation, which a service begins with."""
    script = python.with_name("trello-ops")
    # Without -P, modules in the service's folder would be taken for those of Python.
    return (str(script),) if script.is_file() else (str(python), "-P", "-m", "trello_ops")


def for_user(name: str, folder: Path, program: Sequence[str]) -> str:
    """The text of a shipped unit, for one account: what `program` does, it does in `folder`.

    Paragraphs for the system's manager are left out: the one of an account may not do what they ask for.
    """
    whole = (shipped() / name).read_text("utf-8")
    kept = [each.rstrip() for each in whole.split("\n\n") if not each.startswith(_FOR_THE_SYSTEM)]
    lines = "\n\n".join(kept).splitlines()
    return _HEADING + "".join(f"{_filled(line, folder, program)}\n" for line in lines)


def _filled(line: str, folder: Path, program: Sequence[str]) -> str:
    key, _, value = line.partition("=")
    match key:
        case "ExecStart":
            return f"ExecStart={' '.join(map(_quoted, program))} {value.partition(' ')[2]}"
        case "WorkingDirectory":
            return f"WorkingDirectory={_literal(str(folder))}"
        case "WantedBy" if value == "multi-user.target":
            return "WantedBy=default.target"
        case _:
            return line


def _quoted(word: str) -> str:
    # As it may hold spaces. Quotes and backslashes systemd takes in no program's name.
    return f'"{_literal(word)}"'


def _literal(text: str) -> str:
    """Without the specifiers, such as %h, that systemd would replace."""
    return text.replace("%", "%%")

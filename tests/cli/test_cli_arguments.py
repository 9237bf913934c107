"""Whatever is given to an argument or a setting is done, or refused in a sentence; none gives a traceback."""

import contextlib
import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from inside import stays_inside

from trello_ops.cli import COMMANDS, commands
from trello_ops.errors import InvalidSettings
from trello_ops.settings import SECRETS, Settings, load, name_of

Invoke = Callable[..., Result]

ODD = (
    "", " ", "\0", "a\0b", "-", "-1", "0", "1e9", "nan", "inf", "last", "9" * 20, "-" + "9" * 20, "9" * 5000,
    "0000-W00", "0001-W01", "1969-W52", "2200-W01", "9999-W52", "2026-W54", "2026-W47-1", "٢٠٢٦-W47",
    "0001-01-01", "1969-12-31", "2200-01-01", "9999-12-31", "2026-02-30", "20261130", "2026-336",
    "0001-01-01T00:00", "9999-12-31T23:59:59-23:59", "2026-11-16T07:00+23:59", "2026-11-16T25:00",
    "a" * 5000, "é" * 300, "\udcff", "\x1b[2J\u202e", "no/such/folder/x", "boards", ".", "..", "/",
    "/proc/none/x", "daily/parcels/9999-12-31", "daily/parcels/0001-01-01", "//", "a/b/c/d",
    "%s %(why)s {0} $(x) `x`",
)  # fmt: skip


FEW = ("", "\0", "-1", "9" * 20, "0001-W01", "9999-12-31", "a" * 5000, "\udcff")


def every_parameter() -> Iterator[tuple[str, str]]:
    """Each command with each of its parameters that takes a value; new ones are found by themselves."""
    for name in COMMANDS:
        command = commands.get_command(click.Context(commands), name)
        assert command
        for param in command.params:
            if not getattr(param, "is_flag", False):
                yield name, str(param.name)


@pytest.fixture(scope="module")
def taken_port() -> Iterator[int]:
    """One on which no sandbox can be served, so that none starts."""
    with socket.create_server(("", 0)) as server:
        yield server.getsockname()[1]


def given_to(command: str, name: str, value: str, port: int) -> list[str]:
    """A command line with this value; the rest of it is sound, and ends at once."""
    known = commands.get_command(click.Context(commands), command)
    assert known
    # No sandbox is served and no demo is lived, whatever the value is.
    sound = {"sandbox": {"--port": str(port)}, "demo": {"--out": "boards"}, "init": {}}.get(command, {})
    line = [command]
    for param in known.params:
        if param.name == name and isinstance(param, click.Option):
            sound.pop(param.opts[0], None)
            line.append(f"{param.opts[0]}={value}")
        elif isinstance(param, click.Argument):
            line += ["--", value] if param.name == name else ["parcels"] if param.required else []
    options = [word for pair in sound.items() for word in pair]
    return [command, *options, *line[1:]]


def harmless(command: str, name: str, value: str) -> bool:
    """Whether the value starts nothing that goes on and on, and writes nothing outside the test's folder."""
    if (command, name) == ("sandbox", "port"):
        return not re.fullmatch(r"\s*\+?\d{1,5}\s*", value)
    if (command, name) == ("sandbox", "host"):  # no name that is looked up
        return value in {"", "\0", "a" * 5000, "é" * 300, "\udcff"}
    if (command, name) == ("demo", "out"):
        return value in {"", "\0", "a" * 5000, "boards", ".", "/proc/none/x"}
    return command != "init" or stays_inside(value)


@pytest.mark.parametrize("outside", ["/", "//", "..", "new/../..", "/new"])
def test_no_folder_is_made_outside(folder: Path, outside: str) -> None:
    assert not harmless("init", "folder", outside)


def judge(done: Result, line: list[str]) -> None:
    assert done.exception is None or isinstance(done.exception, SystemExit), line
    assert "Traceback" not in done.output, (line, done.output[-600:])
    # The backup has codes of the store, and the sandbox one of its own.
    refusals = {2, {"sandbox": 1, "backup": 5}.get(line[0], 2)}
    assert done.exit_code in {0, *refusals}, (line, done.output[-600:])
    if done.exit_code:
        assert len(done.stderr.split()) > 3, (line, done.stderr)


@pytest.mark.parametrize("odd", [FEW, pytest.param(ODD, marks=pytest.mark.slow)], ids=["few", "all"])
@pytest.mark.parametrize(("command", "name"), [*every_parameter()])
def test_no_odd_value_of_an_argument_ends_in_a_traceback(
    invoke: Invoke, taken_port: int, command: str, name: str, odd: tuple[str, ...]
) -> None:
    invoke("status")
    for value in odd:
        if harmless(command, name, value):
            line = given_to(command, name, value, taken_port)
            judge(invoke(*line), line)


@pytest.mark.parametrize(
    "line",
    ["report --week 9999-W52", "report --week 0001-W01", "preview parcels --date 9999-12-31",
     "export --to 9999-12-31", "calendar --from 9999-12-31", "tick --at 2200-01-01T00:00"],
)  # fmt: skip
def test_a_day_too_far_away_is_told_with_the_bounds(invoke: Invoke, line: str) -> None:
    done = invoke(*line.split())
    assert done.exit_code == 2
    assert "between 1970-01-01 and 2199-12-31" in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    "line", ["preview parcels --date 2199-12-31", "report --week 2199-W52", "report --week 1970-W02"]
)
def test_the_bounds_themselves_leave_room(invoke: Invoke, line: str) -> None:
    assert invoke(*line.split()).exit_code == 0


def test_a_device_or_pipe_is_written_to_and_not_replaced(invoke: Invoke, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    got = list[bytes]()
    reader = threading.Thread(target=lambda: got.append((folder / "pipe").read_bytes()))
    reader.start()
    assert invoke("report", "--format", "json", "--out", "pipe").exit_code == 0
    reader.join()
    assert (folder / "pipe").is_fifo()
    assert b"compliance_rate" in got[0]


# ---- settings ----------------------------------------------------------------------------------------

SECRET = "hunter2swordfish"
URLS = (
    "sqlite:///y.db?timeout=abc", "sqlite:///y.db?timeout=nan", "sqlite:///y.db?timeout=-1",
    "sqlite:///y.db?timeout=1&timeout=2", "sqlite:///y.db?isolation_level=x", "sqlite:///y.db?cache=1",
    "sqlite:///y.db?detect_types=" + "9" * 20, "sqlite:///y.db?uri=maybe", "sqlite:///file:y.db?mode=none&uri=true",
    "sqlite://", "sqlite:///", "sqlite:////",
    "sqlite:///:memory:", "sqlite+aiosqlite:///y.db", "sqlite:///" + "a" * 5000, "sqlite:///boards",
    "sqlite:///é.db?%zz", "sqlite:///no/such/y.db", "sqlite:///file:?uri=true", "sqlite://[::1",
    "sqlite:///a\0b", "smtp://", "smtp://[::1",
    "smtp://host:99999", "smtp://host:port", "smtp://u:p@", "http://", "https://h:99999", "https://[x", "https://h\0",
    "https://é.example", "https://" + "a" * 5000, "ftp://x", "file:///etc/passwd", "mailto:x@y",
    "127.0.0.1", ":1",
    "[::1]:0", "127.0.0.1:²", "127.0.0.1:" + "9" * 5000, "x <y@z>, <a@b>", "@", "a@b\nBcc: c@d",
)  # fmt: skip


FIELDS = [*Settings.model_fields, *(f"{secret}_file" for secret in SECRETS)]


def values_of(field: str) -> tuple[str, ...]:
    """All odd values, and for secrets some that nobody may read anywhere."""
    own = (f"sqlite://u:{SECRET}@h/", f"smtp://u:{SECRET}@h/?x", f"{SECRET} {SECRET}", f"sqlite://{SECRET}")
    return (*ODD, *URLS, "/dev/zero", "/dev/null", *(own if field in SECRETS else ()))


@pytest.mark.parametrize("field", FIELDS)
def test_an_odd_value_of_a_setting_is_taken_or_refused_by_name(folder: Path, field: str) -> None:
    for value in values_of(field):
        messages: tuple[str, ...] = ()
        try:
            load({name_of(field): value}, None)
        except InvalidSettings as error:
            messages = error.messages
        said = " ".join(messages)
        assert SECRET not in said
        assert not messages or name_of(field).removesuffix("_FILE") in said, value


@pytest.mark.parametrize(
    "field", ["database_url", *(pytest.param(each, marks=pytest.mark.slow) for each in FIELDS)]
)
def test_no_odd_value_of_a_setting_ends_in_a_traceback(invoke: Invoke, field: str) -> None:
    invoke("status")
    for value in values_of(field):
        if "\0" in value or value in {"/", "//"}:  # not in an environment; a whole machine's files
            continue
        env = {name_of(field): value}
        done = CliRunner().invoke(commands, ["status"], prog_name="trello-ops", env=env)
        assert done.exception is None or isinstance(done.exception, SystemExit), env
        assert "Traceback" not in done.output, (env, done.output[-900:])
        assert done.exit_code in {0, 2, 5}, (env, done.output[-600:])
        assert SECRET not in done.output
        assert done.exit_code == 0 or len(done.stderr.split()) > 3, env


@examples(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([*Settings.model_fields]), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_a_setting_or_refused(field: str, text: str) -> None:
    with contextlib.suppress(InvalidSettings):
        load({name_of(field): text}, None)

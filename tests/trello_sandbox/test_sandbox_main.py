"""`python -m trello_sandbox`: its options, its configuration file, and what it says when either is wrong."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from trello_sandbox.__main__ import configured, main, parser
from trello_sandbox.config import SandboxConfig, Tenant

FILE = """\
port = 0
key = "k"
token = "t"
rate_limit = false
zone = "Asia/Tokyo"
data = "trello.json"
advice = {en = "Ask Ann for a board."}

[tenant]
workspace = "bakery"
title = "The Bakery"
app = "Till"
robot = "till"
robot_name = "The Till"
people = {ann = "Ann Baker"}
"""


def config_of(*arguments: str) -> SandboxConfig:
    return configured(parser().parse_args(arguments))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sandbox.toml"
    path.write_text(FILE, "utf-8")
    return path


def test_without_options_it_has_a_workspace_a_robot_and_two_people() -> None:
    config = config_of()
    assert (config.host, config.port, config.rate_limit, config.data) == ("127.0.0.1", 8910, True, None)
    assert config.tenant == Tenant()
    assert list(config.tenant.accounts) == ["robot", "alice", "bob"]


def test_options_say_who_is_in_it() -> None:
    config = config_of(
        "--workspace", "bakery", "--title", "The Bakery", "--app", "Till", "--robot", "till=The Till",
        "--person", "ann=Ann Baker", "--person", "ben",
    )  # fmt: skip
    assert config.tenant == Tenant(
        "bakery", "The Bakery", "Till", "till", "The Till", {"ann": "Ann Baker", "ben": "ben"}
    )


def test_a_file_says_the_same(file: Path) -> None:
    config = config_of("--config", str(file))
    assert config.tenant == Tenant("bakery", "The Bakery", "Till", "till", "The Till", {"ann": "Ann Baker"})
    assert (config.port, config.key, config.token, config.rate_limit) == (0, "k", "t", False)
    assert (str(config.zone), config.data) == ("Asia/Tokyo", Path("trello.json"))
    assert config.advice == {"en": "Ask Ann for a board."}


def test_options_win_over_the_file(file: Path) -> None:
    config = config_of("--config", str(file), "--port", "7", "--title", "Ours", "--person", "zoe=Zoe")
    assert (config.port, config.key, config.rate_limit) == (7, "k", False)
    assert (config.tenant.title, config.tenant.workspace) == ("Ours", "bakery")
    assert config.tenant.people == {"zoe": "Zoe"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 1", "unknown option 'prot'; there are host, port"),
        ('port = "8910"', "port cannot be '8910'"),
        ("[tenant]\nname = 'x'", "[tenant]: unknown option 'name'"),
        ("tenant = 1", "[tenant] is not a table"),
        ("advice = {en = 1}", "the values of advice are texts"),
        ('zone = "Mars/Utopia"', "there is no time zone 'Mars/Utopia'"),
        ("port = ", "The sandbox cannot be served: "),
    ],
)
def test_a_wrong_file_is_said_to_be_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(text, "utf-8")
    assert main(["--config", str(path)]) == 1
    assert said in capsys.readouterr().err


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--config", str(tmp_path / "none.toml")]) == 1
    assert "none.toml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--person", "=Ann", "is not USERNAME=NAME"), ("--zone", "Mars/Utopia", "there is no time zone")],
)
def test_a_wrong_option_is_said_to_be_wrong(
    capsys: pytest.CaptureFixture[str], option: str, value: str, said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        config_of(option, value)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_it_serves_what_the_file_says_until_it_is_told_to_stop(file: Path) -> None:
    command = [sys.executable, "-m", "trello_sandbox", "--config", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=file.parent) as process:
        assert process.stdout
        url = process.stdout.readline().split()[-1]

        def read(path: str) -> Any:
            return requests.get(f"{url}/1/{path}", params={"key": "k", "token": "t"}, timeout=5).json()

        workspace, members = read("organizations/bakery"), read("organizations/bakery/members")
        token = read("tokens/t")
        page = requests.get(url, headers={"Accept-Language": "en"}, timeout=5).text
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
    assert process.returncode == 0
    assert workspace["displayName"] == "The Bakery"
    assert [each["username"] for each in members] == ["till", "ann"]
    assert token["identifier"] == "Till"
    assert "Ask Ann for a board." in page

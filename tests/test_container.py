"""The container: what its file and compose.yaml say, as far as it can be told without an engine."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from container_kit import stages, values

from trello_ops.setting_sources import PREFIX
from trello_ops.settings import Settings, name_of

ROOT = Path(__file__).parents[1]
BUILD, FINAL = stages(ROOT / "Containerfile")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
ROBOT = COMPOSE["services"]["trello-ops"]
SETTINGS = {name_of(field) for field in Settings.model_fields}


def said(stage: list[Any], name: str) -> list[str]:
    return [each.text for each in stage if each.name == name]


# ---- the image --------------------------------------------------------------------------------------


def test_what_builds_it_does_not_stay_in_it() -> None:
    assert said(BUILD, "FROM")[0].endswith(" AS build")
    assert said(FINAL, "COPY") == ["--from=build /opt/trello-ops /opt/trello-ops"]


def test_both_stages_have_one_python_of_a_version() -> None:
    images = {said(stage, "FROM")[0].split()[0] for stage in (BUILD, FINAL)}
    assert len(images) == 1
    assert re.fullmatch(r"docker\.io/library/python:3\.\d+-slim", images.pop())


def test_only_what_is_locked_goes_into_it() -> None:
    installs = [line for text in said(BUILD, "RUN") for line in text.split(" && ") if " install " in line]
    assert len(installs) == 2
    assert all(" --no-deps " in line for line in installs)
    assert "--require-hashes -r requirements-fleet.lock" in installs[0]
    assert "--no-index dist/*.whl" in installs[1]


def test_it_is_nobody_special() -> None:
    assert said(FINAL, "USER") == ["10001:10001"]
    assert "--uid 10001 --gid 10001" in said(FINAL, "RUN")[0]
    after = [each.name for each in FINAL][[each.name for each in FINAL].index("USER") :]
    assert "RUN" not in after


def test_it_begins_with_the_program_in_the_folder_that_it_may_write_to() -> None:
    (volumes,) = (each.words() for each in FINAL if each.name == "VOLUME")
    assert volumes == ["/data/boards", "/data/templates", "/data/store"]
    assert said(FINAL, "WORKDIR") == ["/data/store"]
    assert [each.words() for each in FINAL if each.name in {"ENTRYPOINT", "CMD"}] == [["trello-ops"], ["run"]]


def test_its_environment_is_of_settings() -> None:
    ours = {name for name in values(FINAL) if name.startswith(PREFIX)}
    assert ours
    assert ours - SETTINGS == set()
    assert values(FINAL)["PATH"] == "/opt/trello-ops/bin:$PATH"


def sources() -> set[str]:
    return {word for each in BUILD if each.name == "COPY" for word in each.words()[:-1]}


def test_all_that_it_takes_is_there() -> None:
    assert [name for name in sources() if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("name", [".containerignore", ".dockerignore"])
def test_engines_see_what_it_takes_and_nothing_else(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines[0] == "*"
    assert {line[1:] for line in lines if line.startswith("!")} == sources()
    assert [line for line in lines[1:] if not line.startswith("!")] == ["**/__pycache__"]


# ---- whether it lives -------------------------------------------------------------------------------


@contextmanager
def answering(status: int) -> Iterator[tuple[int, list[str]]]:
    """A server on a port, and the paths that it was asked for."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, asked
        server.shutdown()


def checked(port: int) -> int:
    """The exit code of its health check, asked of another port."""
    (check,) = said(FINAL, "HEALTHCHECK")
    assert said(FINAL, "EXPOSE") == ["8911"]
    assert check.count("8911") == 1
    command = yaml.safe_load(check.partition("CMD ")[2].replace("8911", str(port)))
    assert command[:2] == ["python", "-c"]
    return subprocess.run([sys.executable, *command[1:]], capture_output=True, check=False).returncode


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_its_health_is_what_the_daemon_says(status: int, code: int) -> None:
    with answering(status) as (port, asked):
        assert checked(port) == code
    assert asked == ["/health/live"]


def test_a_daemon_that_does_not_answer_is_not_well() -> None:
    with answering(200) as (port, _):
        pass
    assert checked(port) == 1


# ---- compose.yaml -----------------------------------------------------------------------------------


def test_it_may_do_as_little_as_can_be() -> None:
    assert ROBOT["read_only"] is True
    assert ROBOT["cap_drop"] == ["ALL"]
    assert ROBOT["security_opt"] == ["no-new-privileges:true"]
    assert ROBOT["tmpfs"] == ["/tmp"]  # noqa: S108 - of the container


def test_each_volume_of_the_image_is_somewhere() -> None:
    (volumes,) = (each.words() for each in FINAL if each.name == "VOLUME")
    mounts = {mount.split(":")[1]: mount.split(":") for mount in ROBOT["volumes"]}
    assert set(mounts) == set(volumes)
    assert mounts["/data/store"][0] in COMPOSE["volumes"]
    for folder in ("boards", "templates"):
        assert mounts[f"/data/{folder}"] == [f"./{folder}", f"/data/{folder}", "ro"]
        assert (ROOT / folder).is_dir()


def test_every_variable_of_it_is_a_setting() -> None:
    assert set(ROBOT["environment"]) - SETTINGS == set()
    image = {name: value for name, value in values(FINAL).items() if name.startswith(PREFIX)}
    assert ROBOT["environment"] == image, "what .env says otherwise must not reach the container"
    named = set(re.findall(rf"{PREFIX}[A-Z0-9_]+", (ROOT / "compose.yaml").read_text("utf-8")))
    assert named - SETTINGS == set()


def test_it_alone_is_started_unless_more_is_asked_for() -> None:
    profiles = {name: service.get("profiles") for name, service in COMPOSE["services"].items()}
    assert profiles == {"trello-ops": None, "postgres": ["postgres"], "mailpit": ["mail"]}
    assert ROBOT["depends_on"]["postgres"] == {"condition": "service_healthy", "required": False}


def test_no_port_is_open_to_other_machines() -> None:
    ports = [port for service in COMPOSE["services"].values() for port in service.get("ports", ())]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


# ---- what it is built of ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-fleet.lock"])
def test_what_is_installed_is_what_was_tested(name: str) -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^([\w.-]+==[^ \\]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE))

    assert pins(name)
    assert pins(name) - pins("requirements-dev.lock") == set()


def test_the_lock_for_fleets_has_all_that_the_other_has() -> None:
    plain = (ROOT / "requirements.lock").read_text("utf-8")
    fleet = (ROOT / "requirements-fleet.lock").read_text("utf-8")
    assert set(re.findall(r"--hash=\S+", plain)) - set(re.findall(r"--hash=\S+", fleet)) == set()
    assert "\npsycopg==" in fleet

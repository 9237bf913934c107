"""What the doctor finds at home: files, store, mail, what listens."""

import datetime as dt
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from callbacks_kit import nodding
from doctor_kit import Bench, told
from mail_kit import MailServer, serving
from starlette.applications import Starlette

from trello_ops.adapters.store import open_store
from trello_ops.doctor import of_files, of_machine, of_mail, of_store, of_web
from trello_ops.doctor.finding import Level
from trello_ops.errors import StoreError
from trello_ops.jobs import pass_jobs
from trello_ops.ports import Services
from trello_ops.settings import Settings
from trello_ops.telemetry import Tally
from trello_ops.testing import MemoryStore, Outbox
from trello_ops.web import server
from trello_ops.web.health import health_routes, readiness
from trello_ops.zone_data import ZoneData


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


# ---- files


def test_sound_files_are_counted_and_the_first_problem_is_named(bench: Bench) -> None:
    assert told(of_files.files(bench.patient())) == (Level.FINE, "sound: 1 board, 1 task")
    (bench.folder / "boards" / "daily.yaml").write_text("title: [")
    level, message = told(of_files.files(bench.patient()))
    assert level is Level.BROKEN
    assert "daily.yaml:1:" in message


def test_wrong_settings_are_all_told(bench: Bench) -> None:
    patient = bench.patient()
    assert told(of_files.settings(patient))[0] is Level.FINE
    patient.complaints = ("one is missing", "one is no number")
    assert told(of_files.settings(patient)) == (Level.BROKEN, "one is missing; one is no number")


# ---- the machine


@pytest.mark.parametrize(
    ("system", "package", "level"),
    [("2025b", "2025c", Level.FINE), ("", "2024b", Level.LOOK), ("2025a", "2023c", Level.FINE)],
)
def test_time_zone_data_grows_old_half_a_year_after_its_year(system: str, package: str, level: Level) -> None:
    assert told(of_machine.of_zone_data(ZoneData(system, package), dt.date(2026, 6, 20)))[0] is level


# ---- the store


def made(bench: Bench) -> Path:
    with closing(open_store(bench.store, "shop")) as store:
        store.note_problem("daily", "closed", bench.clock.now())
    return bench.folder / "store.sqlite3"


def test_before_the_first_apply_there_is_no_store_and_none_is_made(bench: Bench) -> None:
    assert told(of_store.store(bench.patient())) == (Level.FINE, "there is none yet")
    assert not (bench.folder / "store.sqlite3").exists()


def test_a_store_is_told_with_its_size_and_what_is_free(bench: Bench) -> None:
    file = made(bench)
    level, message = told(of_store.store(bench.patient()))
    assert level is Level.FINE
    assert message.startswith(f"{file}, 0 MB, ")
    assert message.endswith(" MB free")


def test_an_older_store_is_told_and_left_as_it_is(bench: Bench) -> None:
    file = made(bench)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0003'")
    level, message = told(of_store.store(bench.patient()))
    assert (level, message.endswith("made by an older version")) == (Level.LOOK, True)
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone() == ("0003",)


def test_a_newer_store_is_refused_in_words(bench: Bench) -> None:
    with closing(sqlite3.connect(made(bench))) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"newer trello-ops .*9999.*install that version"):
        of_store.store(bench.patient())


def test_a_damaged_and_a_lost_store_are_refused(bench: Bench) -> None:
    file = made(bench)
    with file.open("r+b") as content:
        content.seek(4096)
        content.write(b"\x5a" * (file.stat().st_size - 8192))
    with pytest.raises(StoreError, match="is damaged"):
        of_store.store(bench.patient())
    file.unlink()
    with pytest.raises(StoreError, match="is gone"):
        of_store.store(bench.patient())


def test_a_disk_without_room_for_a_backup_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    made(bench)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100 * 2**20))
    level, message = told(of_store.store(bench.patient()))
    assert (level, message.endswith("100 MB free")) == (Level.LOOK, True)


def test_a_store_too_large_to_be_read_in_time_is_said_to_be(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(made(bench))) as database, database:
        database.execute("CREATE TABLE large (text)")
        rows = (("x" * 100,) for _ in range(200_000))
        database.executemany("INSERT INTO large VALUES (?)", rows)
    monkeypatch.setattr(of_store, "SECONDS", -1.0)
    level, message = told(of_store.store(bench.patient()))
    assert level is Level.FINE
    assert "too large to be read whole" in message


# ---- mail


def test_where_reports_go_is_told(bench: Bench) -> None:
    assert told(of_mail.mail(bench.patient()))[0] is Level.LOOK
    assert told(of_mail.mail(bench.patient(MAIL_DIR="out")))[1] == "reports are written to out, and not sent"
    found = of_mail.mail(bench.patient(SMTP_URL="smtp://amal:hunter2x9@mail.example.org:587"))
    assert told(found)[0] is Level.FINE
    assert "hunter2x9" not in f"{found}"


def test_a_test_mail_is_handed_over_or_refused(bench: Bench) -> None:
    post = MailServer()
    post.refused["nobody@example.org"] = "550 no such user"
    with serving(post) as port:
        patient = bench.patient(SMTP_URL=f"smtp://127.0.0.1:{port}?starttls=never")
        patient.mail_to = "amal@example.org"
        assert told(of_mail.test_mail(patient))[0] is Level.FINE
        patient.mail_to = "nobody@example.org"
        level, message = told(of_mail.test_mail(patient))
    assert (level, "550" in message) == (Level.BROKEN, True)
    assert post.recipients == ["amal@example.org"]
    assert b"Subject: Test of trello-ops" in post.accepted[0]


def test_a_heartbeat_is_named_and_not_pinged(bench: Bench) -> None:
    assert told(of_mail.heartbeat(bench.patient()))[1].startswith("not set")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/secret-of-the-check"
        found = of_mail.heartbeat(bench.patient(HEARTBEAT_URL=url))
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert told(found)[0] is Level.FINE
    assert "secret-of-the-check" not in f"{found}"


# ---- over HTTP


def public(bench: Bench, address: str) -> tuple[Level, str]:
    settings = {"PUBLIC_URL": address, "TRELLO_SECRET": "ab" * 16}
    return told(of_web.public_url(bench.patient(**settings)))


def test_a_public_address_that_answers_is_fine(bench: Bench) -> None:
    with nodding() as address:
        assert public(bench, address) == (
            Level.FINE, f"{address}/trello/webhook answers with status 200",
        )  # fmt: skip


def test_a_public_address_that_does_not_answer_or_is_another_s_is_told(bench: Bench) -> None:
    free, other = address_of_none(), Starlette()
    assert "does not answer" in public(bench, f"http://{free}")[1]
    with served(other) as where:
        level, message = public(bench, f"http://{where}")
    assert (level, message.endswith("status 404")) == (Level.LOOK, True)


def address_of_none() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"127.0.0.1:{probe.getsockname()[1]}"


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    address = address_of_none()
    host, port = address.split(":")
    entrance = server.listen((host, int(port)))
    with server.serving(app, entrance, Tally("refused", (), lambda: 0.0)):
        yield address


def test_an_address_to_listen_on_is_free_ours_or_somebody_else_s(bench: Bench) -> None:
    def found(address: str) -> tuple[Level, str]:
        return told(of_web.web_bind(bench.patient(WEB_BIND=address)))

    free = address_of_none()
    assert found(free) == (Level.FINE, f"{free} is free")
    services = Services(bench.trello, MemoryStore(), bench.clock, Outbox())
    daemon = Starlette(routes=health_routes(lambda: True, lambda: readiness(services, pass_jobs(Settings()))))
    with served(daemon) as where:
        assert found(where) == (Level.FINE, f"{where}: trello-ops listens there already")
    with served(Starlette()) as where:
        assert found(where) == (Level.BROKEN, f"{where} cannot be had: Address already in use")
    assert found("off")[0] is Level.FINE

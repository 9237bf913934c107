"""How the app takes up edited files, and what it makes of a job that fails."""

import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from live_kit import DAILY, small_shop
from structlog.testing import capture_logs

from trello_ops.adapters.clock import SystemClock
from trello_ops.app import App, open_app
from trello_ops.declaration_source import DeclarationSource, files_signature
from trello_ops.errors import Stopped, StoreError, TokenRefused, TrelloError
from trello_ops.jobs import Job
from trello_ops.operations import backoff
from trello_ops.operations.comparison_cache import ComparisonCache
from trello_ops.operations.context import Context
from trello_ops.render.card import InProcess
from trello_ops.settings import Settings, load
from trello_ops.testing.clock import FixedClock
from trello_ops.testing.store import MemoryStore

JOBS = 4


def test_no_job_works_with_what_the_files_said_before(tmp_path: Path) -> None:
    """Jobs begin together after an edit; one of them reads the files, and the others wait for it."""
    shop = small_shop(tmp_path)
    settings = load(
        {"TRELLO_OPS_BOARDS_DIR": str(shop / "boards"), "TRELLO_OPS_TEMPLATES_DIR": str(shop / "templates")},
        env_file=None,
    )
    source = DeclarationSource(settings, MemoryStore(), SystemClock(), InProcess())
    source.reload()
    (shop / "boards" / "daily.yaml").write_text(DAILY.replace("Quotidien", "Chaque jour"), "utf-8")
    together = threading.Barrier(JOBS)

    def title(_: int) -> str:
        together.wait()
        return source.reload().workspace.boards[0].title

    with ThreadPoolExecutor(JOBS) as jobs:
        assert set(jobs.map(title, range(JOBS))) == {"Chaque jour"}


# ---- files that nobody foresaw ----------------------------------------------------------------------


def declaration_problems(app: App) -> list[str]:
    """What `status` says of the files after one more pass, in which the job is done all the same."""
    assert app.run(Job("issue", 1, lambda _: None)) is None
    return [each.message for each in app.services.store.problems() if each.subject == "job:declaration"]


def edit(app: App, old: str, new: str) -> None:
    file = app.settings.boards_dir / "daily.yaml"
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")


def test_files_that_cannot_be_used_are_told_in_every_pass_while_all_goes_on(app: App) -> None:
    assert declaration_problems(app) == []
    edit(app, "title: Quotidien", "title: Chaque jour\nstart: 9999-12-31")
    for _ in range(3):
        (message,) = declaration_problems(app)
        assert "daily.yaml:2:8 start: 9999-12-31 is out of reach" in message
    assert app.context().workspace.boards[0].title == "Quotidien"
    edit(app, "\nstart: 9999-12-31", "")
    assert declaration_problems(app) == []
    assert app.context().workspace.boards[0].title == "Chaque jour"


@pytest.mark.parametrize("step", ["trello_ops.declaration_source.follow", "trello_ops.app.put_in_force"])
@pytest.mark.parametrize("error", [RecursionError(), MemoryError(), OverflowError()])
def test_what_goes_wrong_once_the_files_are_read_is_told_in_every_pass(
    app: App, step: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise error

    assert declaration_problems(app) == []
    edit(app, "title: Quotidien", "title: Chaque jour")
    with monkeypatch.context() as patched, capture_logs() as logs:
        patched.setattr(step, fails)
        for _ in range(3):
            (message,) = declaration_problems(app)
            assert f"for a reason that nobody foresaw ({type(error).__name__})" in message
            assert app.context().workspace.boards[0].title == "Quotidien"
    assert [line["event"] for line in logs].count("files.unforeseen") == 1, "one traceback for one edit"
    # What was to blame may be over by itself, such as a lack of memory.
    app.source.clock = MinutesLater(10)
    assert declaration_problems(app) == []
    assert app.context().workspace.boards[0].title == "Chaque jour"


class MinutesLater(SystemClock):
    """The machine's clock, some minutes on."""

    def __init__(self, minutes: float) -> None:
        self._ahead = 60 * minutes

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead


def test_a_file_that_cannot_be_read_for_a_while_is_read_again(app: App) -> None:
    """A disk that fails, too many open files: the file looks the same before and after."""
    assert declaration_problems(app) == []
    edit(app, "title: Quotidien", "title: Chaque jour")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("trello_ops.folder_files.limited", lambda *_: (_ for _ in ()).throw(OSError(5, "x")))
        (message,) = declaration_problems(app)
        assert "daily.yaml:1:1: cannot be read: Input/output error" in message
    assert len(declaration_problems(app)) == 1
    app.source.clock = MinutesLater(6)
    assert declaration_problems(app) == []
    assert app.context().workspace.boards[0].title == "Chaque jour"


def test_a_file_whose_rights_alone_change_is_read_again(app: App) -> None:
    file = app.settings.boards_dir / "daily.yaml"
    before = files_signature(app.settings.boards_dir)
    file.chmod(0o600)
    assert files_signature(app.settings.boards_dir) != before


# ---- a job that fails -------------------------------------------------------------------------------


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    shop = small_shop(tmp_path)
    return load(
        {
            "TRELLO_OPS_BOARDS_DIR": str(shop / "boards"),
            "TRELLO_OPS_TEMPLATES_DIR": str(shop / "templates"),
            "TRELLO_OPS_DATABASE_URL": f"sqlite:///{tmp_path / 'test.sqlite3'}",
        },
        env_file=None,
    )


@pytest.fixture
def app(chosen: Settings) -> Iterator[App]:
    made = open_app(chosen)
    yield made
    made.close()


class Pings(list[str]):
    """A heartbeat that remembers what it was told."""

    def begun(self) -> None:
        self.append("begun")

    def went_well(self) -> None:
        self.append("went well")

    def failed(self) -> None:
        self.append("failed")


def test_a_pass_that_a_stop_cuts_short_is_no_problem_and_neither_went_well_nor_failed(app: App) -> None:
    pings = Pings()
    watched = replace(app, services=replace(app.services, heartbeat=pings))
    assert watched.run(failing(Stopped("held back"))) is None
    assert app.services.store.problems() == ()
    assert pings == ["begun"]


def failing(error: Exception) -> Job:
    def run(_: Context) -> None:
        raise error

    return Job("issue", 1, run)


def test_a_known_error_is_a_problem_until_the_job_succeeds(app: App) -> None:
    assert isinstance(app.run(failing(TrelloError("no"))), TrelloError)
    assert [(p.subject, p.message) for p in app.services.store.problems()] == [("job:issue", "no")]
    assert app.run(Job("issue", 1, lambda _: None)) is None
    assert app.services.store.problems() == ()


def test_a_job_that_fails_for_hours_says_so_seldom_and_then_that_it_is_over(app: App) -> None:
    with capture_logs() as logs:
        for _ in range(100):
            app.run(failing(TrelloError("no")))
        for _ in range(2):
            app.run(Job("issue", 1, lambda _: None))
    said = [(line["event"], line["failures"]) for line in logs]
    assert said == [*(("job.failed", 2**n) for n in range(7)), ("job.recovered", 100)]


def test_failures_are_said_though_another_process_had_said_others(app: App) -> None:
    """What the store counts is everybody's, and stands still while the disk is full."""
    for _ in range(3):
        app.services.store.note_problem("job:issue", "no", app.services.clock.now())
    app.services.store.note_problem = lambda *_: None  # type: ignore[method-assign]
    with capture_logs() as logs:
        for _ in range(4):
            app.run(failing(TrelloError("no")))
    assert [line["failures"] for line in logs] == [1, 2, 4]


def test_a_bug_is_a_problem_and_goes_on_to_the_log(app: App) -> None:
    with pytest.raises(ZeroDivisionError):
        app.run(failing(ZeroDivisionError()))
    (problem,) = app.services.store.problems()
    assert problem.message == "unexpected ZeroDivisionError; see the log"


def test_a_store_that_cannot_even_hold_the_problem_is_one_error_and_no_more(app: App) -> None:
    def full(*_: object) -> None:
        raise StoreError("the disk is full; make room")

    app.services.store.note_problem = full  # type: ignore[method-assign]
    with capture_logs() as logs:
        error = app.run(failing(StoreError("the disk is full; make room")))
    assert isinstance(error, StoreError)
    assert [line["event"] for line in logs] == ["job.failed"], "there is no other place to say it"


def outlasting(app: App, minutes: float) -> list[str]:
    """What `status` tells while a pass of `issue` has lasted so long."""
    seen = list[str]()

    def run(context: Context) -> None:
        context.clock.sleep(minutes * 60)
        for _ in range(2):
            app.note_long_passes()
        seen.extend(f"{each.subject} {each.count}: {each.message}" for each in context.store.problems())

    assert app.run(Job("issue", 1, run)) is None
    return seen


def test_a_pass_that_outlasts_its_usual_time_by_far_is_a_problem_while_it_lasts(app: App) -> None:
    app = replace(app, services=replace(app.services, clock=FixedClock(app.services.clock.now())))
    assert outlasting(app, 9) == []
    said = "minutes, far longer than usual; see the log"
    assert outlasting(app, 91) == [f"job:issue 1: a pass has been under way for 91 {said}"]
    assert app.services.store.problems() == ()
    for _ in range(20):
        assert outlasting(app, 0) == []
    assert outlasting(app, 11) == [f"job:issue 1: a pass has been under way for 11 {said}"]


def test_jobs_that_are_always_long_are_none(app: App) -> None:
    app = replace(app, services=replace(app.services, clock=FixedClock(app.services.clock.now())))
    for _ in range(3):
        outlasting(app, 8)
    assert outlasting(app, 60) == []


def test_files_that_come_and_go_while_we_look_are_no_matter(tmp_path: Path) -> None:
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "never-was")
    (tmp_path / "there.yaml").touch()
    assert [Path(name).name for name, *_ in files_signature(tmp_path)] == ["there.yaml"]


def test_without_any_temporary_folder_it_says_what_to_do(
    chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a full disk: Python tries every such folder by writing to it."""

    def none_usable() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none_usable)
    with pytest.raises(StoreError, match=r"No usable temporary directory found.*set TMPDIR"):
        open_app(chosen)


# ---- trouble that is known --------------------------------------------------------------------------


def test_edited_files_end_every_pause(app: App, chosen: Settings) -> None:
    before = app.context()
    backoff.note_failure(before.services, before.runtime.backoff, "daily/parcels", "no")
    assert backoff.paused_subjects(before.services, app.context().runtime.backoff) == {"daily/parcels"}
    (chosen.boards_dir / "daily.yaml").write_text(DAILY.replace("Quotidien", "Chaque jour"), "utf-8")
    assert backoff.paused_subjects(before.services, app.context().runtime.backoff) == frozenset()


def test_edited_files_begin_with_no_board_compared(app: App, chosen: Settings) -> None:
    app.context().runtime.comparison_cache.waiting["daily"] = 1
    assert app.context().runtime.comparison_cache.waiting == {"daily": 1}
    (chosen.boards_dir / "daily.yaml").write_text(DAILY.replace("Quotidien", "Chaque jour"), "utf-8")
    assert asdict(app.context().runtime.comparison_cache) == asdict(ComparisonCache())


def test_edited_files_begin_no_other_process(app: App, chosen: Settings) -> None:
    """Else each edit would cost a look at every board, and a process that just began would need none."""
    before = app.context()
    (chosen.boards_dir / "daily.yaml").write_text(DAILY.replace("Quotidien", "Chaque jour"), "utf-8")
    after = app.context()
    assert after.workspace != before.workspace
    assert after.runtime.began == before.runtime.began <= app.services.clock.monotonic()


def test_while_the_token_is_refused_only_the_report_runs(app: App) -> None:
    refused = TokenRefused("invalid token")
    ran: list[str] = []

    def meets_the_refusal(_: Context) -> None:
        raise refused

    assert app.run(Job("observe", 1, meets_the_refusal)) is refused
    issue = Job("issue", 1, lambda _: ran.append("issue"))
    assert isinstance(app.run(issue), TokenRefused)
    assert app.run(Job("report", 1, lambda _: ran.append("report"), asks_trello=False)) is None
    assert ran == ["report"]
    assert [problem.subject for problem in app.services.store.problems()] == ["job:token"]
    assert [job.name for job in app.jobs() if not job.asks_trello] == ["report"]

"""Cards rendered in another process: as in this one, and whatever a template does, within a budget."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest

from trello_ops.core.calendar.occurrences import next_occurrence
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import Occurrence
from trello_ops.declared import load
from trello_ops.errors import InvalidDeclaration, RendererFailed
from trello_ops.messages import translated
from trello_ops.render.card import CardRenderer, InProcess, Progress, example_renderer, warnings
from trello_ops.render.card_files import CARDS, available, sources
from trello_ops.render.card_process import CardProcess
from trello_ops.render.card_wire import TOO_LARGE, TOO_LONG, Budget, Done, receive, send
from trello_ops.render.i18n import Translator

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

ROOT = Path(__file__).parents[2]
QUICK = Budget(cpu_seconds=0.3, seconds=20)
DAY = dt.date(2026, 11, 18)

posix = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system sets no such limits")


@pytest.fixture
def process() -> Iterator[CardProcess]:
    with closing(CardProcess(QUICK)) as process:
        yield process


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    """A folder with the sample templates."""
    for name, text in sources(ROOT / "templates").items():
        write(tmp_path, name, text)
    return tmp_path


def write(templates: Path, name: str, text: str) -> None:
    file = templates / CARDS / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")


@cache
def workspace() -> Workspace:
    found = load.read(ROOT / "boards", available(ROOT / "templates")).workspace
    assert found
    return found


def first(workspace: Workspace) -> Occurrence:
    board = workspace.boards[0]
    found = next_occurrence(workspace, board, board.tasks[0], DAY)
    assert found
    return found


def pid(process: CardProcess) -> int:
    assert process._worker
    return process._worker._process.pid


def is_alive(pid: int) -> bool:
    """Whether a process runs, as Linux tells; one that has ended may still be listed."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    return False


def until_gone(pid: int, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while is_alive(pid):
        assert time.monotonic() < end, "the process that renders goes on"
        time.sleep(0.02)


# ---- as in this process -----------------------------------------------------------------------------


def test_the_samples_come_out_as_in_this_process(process, templates):
    shop = workspace()
    kept = sources(templates)
    here, there = (each.renderer(shop, templates, kept) for each in (InProcess(), process))
    assert process.check(shop, templates) == InProcess().check(shop, templates)
    for board in shop.boards:
        for task in board.tasks:
            occurrence = next_occurrence(shop, board, task, DAY)
            assert occurrence
            assert there.card(occurrence) == here.card(occurrence)
            assert there.template_card(board.key, task.key) == here.template_card(board.key, task.key)
            assert there.sources(board.key, task.key) == here.sources(board.key, task.key)


def test_problems_and_warnings_are_those_of_this_process_and_can_be_translated(process, templates):
    write(templates, "stock.md", "{{ tsk }}")
    write(templates, "notes.txt", "Lu par personne")
    found = process.check(workspace(), templates)
    assert sorted(map(str, found.problems)) == sorted(
        map(str, InProcess().check(workspace(), templates).problems)
    )
    assert "inconnu" in translated(found.problems[0].message, Translator("fr"))
    assert process.check(None, templates).warnings == found.warnings != ()


def test_threads_take_turns(process, templates):
    shop = workspace()
    renderer = process.renderer(shop, templates, sources(templates))
    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(lambda _: renderer.card(first(shop)), range(40)))
    assert len(found) == 1


# ---- templates that run away ------------------------------------------------------------------------


def big(part: str, times: int) -> str:
    """A text that `times` doublings make of a part."""
    return f"{{% set a = {part} %}}" + "{% set a = a ~ a %}" * times


@posix
def test_each_that_runs_away_is_a_problem_at_its_line_beside_those_of_others(process, tmp_path):
    write(tmp_path, "a.md", "---\ntitle: Bien\n---\nBonjour\n\n{{ 1 | round(100000000, 'ceil') }}\n")
    joined = "{{ (a | list | join(a | truncate(60000)) | list | join(a)) | length }}"
    write(tmp_path, "référence.md", big("'x'", 15) + "\n" + joined)
    write(tmp_path, "c.md", "---\ntitle: \"{{ 1 | round(100000000, 'ceil') }}\"\n---\nBonjour")
    write(tmp_path, "d.md", big("'x'", 40))
    write(tmp_path, "wrong.md", "\n{{ tsk }}")
    found = process.check(workspace(), tmp_path).problems
    places = {(Path(each.file).name, each.line): each.message for each in found}
    assert set(places) == {("a.md", 6), ("référence.md", 2), ("c.md", 2), ("d.md", 1), ("wrong.md", 2)}
    assert places["a.md", 6] == places["c.md", 2] == TOO_LONG
    assert places["référence.md", 2] in {TOO_LONG, TOO_LARGE}
    assert places["d.md", 1] == TOO_LARGE


@posix
def test_a_partial_that_runs_away_is_named_once_however_many_bring_it(process, tmp_path):
    write(tmp_path, "_slow.md", "Une ligne\n{{ 1 | round(100000000, 'ceil') }}")
    for number in range(8):
        write(tmp_path, f"n{number}.md", "Bonjour {% include '_slow.md' %}")
    [problem] = process.check(workspace(), tmp_path).problems
    assert (Path(problem.file).name, problem.line, problem.message) == ("_slow.md", 2, TOO_LONG)


def test_one_with_thousands_of_mistakes_takes_no_other_with_it(process, templates):
    write(templates, "a.md", "{% include 'social-comments-weekly.md' %}\n" * 1200)
    found = process.check(workspace(), templates).problems
    assert {Path(each.file).name for each in found} == {"a.md"}


def test_what_a_template_makes_is_quoted_no_further_than_anyone_reads(process, templates):
    write(templates, "a.md", big("'x'", 21) + "{{ occurrence.day | date(a) }}")
    [problem] = process.check(workspace(), templates).problems
    assert problem.message.startswith("'date' does not know the format \"xxx")
    assert len(problem.message) < 11_000
    assert len(translated(problem.message, Translator("fr"))) < 11_000


class Beginnings(Progress):
    """Counts how often a budget was set anew."""

    def __init__(self) -> None:
        self.count = 0

    def begin(self) -> None:
        self.count += 1


def test_no_budget_is_for_a_whole_folder_which_may_hold_a_thousand(templates):
    write(templates, "stock.md", "{% include task.key ~ '.md' %}")
    shop, files = workspace(), len(sources(templates))
    task = next((b.key, t.key) for b in shop.boards for t in b.tasks if t.template == "stock.md")
    beginnings = [Beginnings() for _ in range(3)]
    warnings(templates, beginnings[0])
    next(example_renderer(shop, templates, beginnings[1]).problems())
    CardRenderer(shop, templates, None, beginnings[2]).sources(*task)
    assert all(each.count >= files for each in beginnings)
    assert beginnings[1].count >= 2 * files  # each is read, and then compared with all of them


@posix
def test_a_folder_full_of_them_is_given_up_on(process, tmp_path, monkeypatch):
    monkeypatch.setattr("trello_ops.render.card_process.MOST_ENDED", 2)
    for number in range(4):
        write(tmp_path, f"n{number}.md", "{{ 1 | round(100000000, 'ceil') }}")
    assert len(process.check(workspace(), tmp_path).problems) == 2


@posix
def test_one_that_is_slow_on_one_day_alone_keeps_back_that_card_alone(process, templates):
    shop = workspace()
    board = next(each for each in shop.boards if each.key == "daily")
    task = board.tasks[0]
    one = next_occurrence(shop, board, task, DAY)
    assert one
    other = next_occurrence(shop, board, task, one.day + dt.timedelta(1))
    assert other
    slow = f"{{% if occurrence.day | date('short') == '{one.day:%d/%m/%Y}' %}}\n"
    kept = {
        **sources(templates),
        task.template: slow + "{{ 1 | round(100000000, 'ceil') }}{% endif %}Bonjour",
    }
    renderer = process.renderer(shop, templates, kept)
    with pytest.raises(InvalidDeclaration) as refused:
        renderer.card(one)
    [problem] = refused.value.problems
    assert (Path(problem.file).name, problem.line, problem.message) == (task.template, 2, TOO_LONG)
    assert renderer.card(other).description.startswith("Bonjour")


def test_without_limits_of_the_system_time_is_up_all_the_same(tmp_path):
    write(tmp_path, "a.md", "\n{{ 1 | round(100000000, 'ceil') }}")
    with closing(CardProcess(Budget(cpu_seconds=0, seconds=0.5))) as process:
        found = process.check(workspace(), tmp_path).problems
    assert ("a.md", TOO_LONG) in {(Path(each.file).name, each.message) for each in found}


def test_the_words_are_french_too():
    french = Translator("fr")
    assert [translated(each, french) for each in (TOO_LONG, TOO_LARGE)] == [
        "demande bien trop de temps\u00a0: simplifiez-le",
        "demande bien trop de mémoire\u00a0: simplifiez-le",
    ]


# ---- the process itself -----------------------------------------------------------------------------


def test_it_follows_the_program_into_another_folder(process, templates, monkeypatch):
    elsewhere = templates.parent / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert process.check(workspace(), templates).problems == ()
    monkeypatch.chdir(templates.parent)
    elsewhere.rmdir()
    assert process.check(workspace(), Path(templates.name)).problems == ()


@posix
def test_a_signal_of_the_terminal_or_the_service_manager_does_not_end_it(process, templates):
    renderer = process.renderer(workspace(), templates, sources(templates))
    renderer.card(first(workspace()))
    before = pid(process)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(before, number)
    renderer.card(first(workspace()))
    assert pid(process) == before


def test_when_somebody_ends_it_another_goes_on_and_no_template_is_blamed(process, templates):
    renderer = process.renderer(workspace(), templates, sources(templates))
    renderer.card(first(workspace()))
    before = pid(process)
    os.kill(before, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    renderer.card(first(workspace()))
    assert pid(process) != before


def test_the_answer_to_a_request_that_was_broken_off_is_not_taken_for_the_next(
    process, templates, monkeypatch
):
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    renderer = process.renderer(workspace(), templates, sources(templates))
    text = renderer.card(first(workspace()))
    monkeypatch.setattr("trello_ops.render.card_process.receive", interrupted)
    with pytest.raises(KeyboardInterrupt):
        renderer.sources("daily", "sector-news")
    monkeypatch.undo()
    assert renderer.card(first(workspace())) == text


@posix
def test_it_ends_when_nothing_is_asked_and_is_started_again(templates):
    with closing(CardProcess(replace(QUICK, idle_seconds=0.1))) as process:
        renderer = process.renderer(workspace(), templates, sources(templates))
        renderer.card(first(workspace()))
        before = pid(process)
        until_gone(before)
        renderer.card(first(workspace()))
        assert pid(process) != before


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux tells of other processes")
def test_it_is_given_no_secret_and_no_open_file(process, templates, monkeypatch):
    monkeypatch.setenv("TRELLO_OPS_TRELLO_TOKEN", "hunter2")
    with (templates / "store").open("w"):
        process.check(None, templates)
        told = Path(f"/proc/{pid(process)}")
        assert b"hunter2" not in (told / "environ").read_bytes() + (told / "cmdline").read_bytes()
        assert not any(str(each.readlink()).endswith("store") for each in (told / "fd").iterdir())


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells of other processes")
def test_none_is_left_behind_when_the_program_is_killed_in_the_middle(templates):
    write(templates, "a.md", "{{ 1 | round(100000000, 'ceil') }}")
    program = f"""
import threading, time
from pathlib import Path
from trello_ops.declared import load
from trello_ops.render.card_files import available
from trello_ops.render.card_process import CardProcess
from trello_ops.render.card_wire import Budget
process = CardProcess(Budget(cpu_seconds=1.5))
shop = load.read(Path({str(ROOT / "boards")!r}), available(Path({str(ROOT / "templates")!r}))).workspace
threading.Thread(target=process.check, args=[shop, Path({str(templates)!r})], daemon=True).start()
while not process._worker:
    time.sleep(0.01)
time.sleep(1)
print(process._worker._process.pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    with parent, parent.stdout:
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.kill()
    until_gone(child)


def test_an_answer_of_which_the_end_is_missing_is_none():
    whole = BytesIO()
    send(whole, Done("x" * 100_000))
    with pytest.raises(EOFError):  # as when it is killed while it answers
        receive(BytesIO(whole.getvalue()[:70_000]))


def test_where_it_cannot_be_started_no_template_is_blamed(process, templates, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(templates / "nowhere"))
    with pytest.raises(RendererFailed, match="nowhere"):
        process.check(workspace(), templates)
    monkeypatch.undo()
    assert process.check(workspace(), templates).problems == ()

"""Printing: with a real browser, with none, and with one that fails."""

import shutil
from pathlib import Path

import pytest

from trello_ops.errors import RendererFailed
from trello_ops.render.pdf import BROWSERS, pdf

PAGE = "<!doctype html><html lang=fr><meta charset=utf-8><title>Été</title><p>Semaine 47</p></html>"


@pytest.mark.slow
@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="no Chromium here")
def test_a_present_browser_prints_it() -> None:
    printed = pdf(PAGE)
    assert printed.startswith(b"%PDF-")
    assert b"/Type /Page" in printed


def test_without_a_browser_it_says_what_to_do() -> None:
    with pytest.raises(RendererFailed, match="--format html"):
        pdf(PAGE, ("no-such-browser",))


def test_a_browser_that_fails_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "browser"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(RendererFailed, match="browser did not print the report"):
        pdf(PAGE, (str(broken),))


def test_a_browser_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    hung, noted = tmp_path / "browser", tmp_path / "pid"
    hung.write_text(f"#!/bin/sh\nsleep 60 &\necho $! > {noted}\nwait\n")
    hung.chmod(0o755)
    with pytest.raises(RendererFailed, match="did not print the report: TimeoutExpired"):
        pdf(PAGE, (str(hung),), seconds=1)
    status = Path(f"/proc/{noted.read_text().strip()}/stat")
    assert not status.exists() or status.read_text().split()[2] == "Z"

"""A page as a PDF, printed by a Chromium that is present."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from trello_ops.errors import RendererFailed
from trello_ops.messages import reason, say

BROWSERS: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
_SECONDS: Final = 60
_OPTIONS: Final = (
    "--headless=new",
    "--disable-gpu",
    "--disable-extensions",
    "--no-first-run",
    "--no-pdf-header-footer",
    # The page needs nothing else; what people wrote in it must not reach anybody.
    "--proxy-server=http://127.0.0.1:9",
)


def pdf(html: str, browsers: Sequence[str] = BROWSERS, seconds: float = _SECONDS) -> bytes:
    """The printed page. Raises `RendererFailed` where no browser is found, or none prints in time."""
    browser = next(filter(None, map(shutil.which, browsers)), None)
    if browser is None:
        raise RendererFailed(
            say(
                "A PDF needs Chromium or Chrome, and none was found. Install one, or write the report with"
                " --format html and print it from your browser."
            )
        )
    with TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        page, printed = Path(scratch) / "report.html", Path(scratch) / "report.pdf"
        page.write_text(html, "utf-8")
        command = [browser, *_options(scratch), f"--print-to-pdf={printed}", page.as_uri()]
        try:
            _run(command, seconds)
            return printed.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            why = reason(error) if isinstance(error, OSError) else type(error).__name__
            raise RendererFailed(
                say("%(browser)s did not print the report: %(why)s", browser=browser, why=why)
            ) from error


def _run(command: Sequence[str], seconds: float) -> None:
    """Run a command to its end. Raises `SubprocessError` where it fails, or takes longer."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603 (found by path)
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    ) as process:
        try:
            status = process.wait(seconds)
        finally:
            _end(process)
    if status:
        raise subprocess.CalledProcessError(status, command)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a browser with all of its own processes: under a script that starts it, it would go on."""
    with suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _options(scratch: str) -> tuple[str, ...]:
    own = (f"--user-data-dir={scratch}/profile",)
    # Chromium refuses its own sandbox to the administrator, as in a container.
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return (*_OPTIONS, *own, *(("--no-sandbox",) if root else ()))

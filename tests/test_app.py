"""How the app takes up edited files."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from live_kit import DAILY, small_shop

from trello_ops.app import Source
from trello_ops.settings import load

JOBS = 4


def test_no_job_works_with_what_the_files_said_before(tmp_path: Path) -> None:
    """Jobs begin together after an edit; one of them reads the files, and the others wait for it."""
    shop = small_shop(tmp_path)
    settings = load(
        {"TRELLO_OPS_BOARDS_DIR": str(shop / "boards"), "TRELLO_OPS_TEMPLATES_DIR": str(shop / "templates")},
        env_file=None,
    )
    source = Source.read(settings)
    (shop / "boards" / "daily.yaml").write_text(DAILY.replace("Quotidien", "Chaque jour"), "utf-8")
    together = threading.Barrier(JOBS)

    def title(_: int) -> str:
        together.wait()
        return source.reload().workspace.boards[0].title

    with ThreadPoolExecutor(JOBS) as jobs:
        assert set(jobs.map(title, range(JOBS))) == {"Chaque jour"}

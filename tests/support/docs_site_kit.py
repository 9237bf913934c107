"""The site of the documentation, as `make docs` builds it."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
OUTSIDE = {"start": "README.md", "contributing": "CONTRIBUTING.md", "changelog": "CHANGELOG.md"}
"""Pages of the site that lie outside of docs/."""
PAGES = sorted(
    [*(path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")), *OUTSIDE]
)


def build(folder: Path) -> Path:
    """Build it into a folder; this ends at the first page, link or anchor that is missing."""
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", folder],
        cwd=ROOT,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def file_of(site: Path, page: str) -> Path:
    """Where a page has become HTML; a README is its folder's index."""
    return (site / re.sub(r"README$", "index", page)).with_suffix(".html")

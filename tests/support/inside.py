"""Whether a path that somebody types leads out of the current folder."""

from pathlib import Path


def stays_inside(path: str) -> bool:
    """Whether what is made there lies in the current folder; a path that no system takes makes nothing."""
    try:
        return Path(path).resolve().is_relative_to(Path.cwd())
    except (OSError, ValueError):
        return True

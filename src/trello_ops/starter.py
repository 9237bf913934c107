"""The sample boards, templates and settings that a new folder starts from."""

from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).parent
_IN_A_WHEEL = _PACKAGE / "starter"
_CHECKOUT = _PACKAGE.parents[1]


@dataclass(frozen=True, slots=True)
class Starter:
    """Where the samples lie: two folders and a file."""

    boards: Path
    templates: Path
    env_example: Path


def find() -> Starter:
    """The samples of an installed wheel, else those of the checkout that this module belongs to."""
    if _IN_A_WHEEL.is_dir():
        return Starter(_IN_A_WHEEL / "boards", _IN_A_WHEEL / "templates", _IN_A_WHEEL / "env.example")
    return Starter(_CHECKOUT / "boards", _CHECKOUT / "templates", _CHECKOUT / ".env.example")

"""The sample boards, templates and settings that a new folder starts from."""

from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).parent
_IN_A_WHEEL = _PACKAGE / "starter"
_CHECKOUT = _PACKAGE.parents[1]

SHOP = "shop"
SAMPLES = (SHOP, "planned-week")
"""The samples by name: the shop's three checklists, and a week planned in half-days."""


@dataclass(frozen=True, slots=True)
class Starter:
    """Where a sample lies: two folders and a file."""

    boards: Path
    templates: Path
    env_example: Path


def find(sample: str = SHOP) -> Starter:
    """A sample of an installed wheel, else of the checkout that this module belongs to."""
    wheel = _IN_A_WHEEL.is_dir()
    root, env_example = (_IN_A_WHEEL, "env.example") if wheel else (_CHECKOUT, ".env.example")
    # The shop's lie where those of whoever tries the checkout do, so that they can be edited on the spot.
    folder = root if sample == SHOP else root / "samples" / sample
    return Starter(folder / "boards", folder / "templates", root / env_example)

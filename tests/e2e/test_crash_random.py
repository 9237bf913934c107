"""Two processes on one store in bad weather, killed and frozen by chance; `make soak` tells more stories."""

from pathlib import Path

import pytest
from crash_kit import processes
from effort import slow_but_for
from rivals import rival_story

DAYS_BY_SEED = {1: 1, 3: 1}


@pytest.mark.parametrize("seed", slow_but_for([], DAYS_BY_SEED))
def test_two_processes_that_die_and_freeze_make_every_card_once(tmp_path: Path, seed: int) -> None:
    with processes() as started:
        wrong, tally = rival_story(seed, DAYS_BY_SEED[seed], tmp_path, started)
    assert wrong == []
    assert tally["killed"] > 3

"""How much is tried: `make test` tries a quarter of what `make soak` tries, `make test-slow` three fifths."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import settings


def examples(most: int) -> int:
    """So many examples of a property where all is tried; elsewhere a share of them, five at least."""
    share = settings.default.max_examples / settings.get_profile("search").max_examples
    return max(5, round(most * share))


def slow_but_for(quick: Iterable[Any], cases: Iterable[Any]) -> list[Any]:
    """The cases of a parametrised test, of which all but the quick ones are left to `make test-slow`."""
    kept, every = list(quick), list(cases)
    assert all(case in every for case in kept), "a quick case is one of them"
    return [case if case in kept else pytest.param(*_values(case), marks=pytest.mark.slow) for case in every]


def _values(case: Any) -> tuple[Any, ...]:
    return case if isinstance(case, tuple) else (case,)

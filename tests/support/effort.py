"""How much is tried: `make test` tries a quarter of what `make test-slow` and `make soak` try."""

from hypothesis import settings


def examples(most: int) -> int:
    """So many examples of a property where all is tried; elsewhere a share of them, five at least."""
    share = settings.default.max_examples / settings.get_profile("thorough").max_examples
    return max(5, round(most * share))

"""Whatever files, arguments, settings, Trello and strangers do: no traceback, hang or secret, nothing lost.

`make soak` goes on for half an hour, with stories that nobody has told before (`tests/fuzz.py`).
"""

import pytest
from fuzz_kit.judge import KEY, PASSWORD, TOKEN, leaks, tracebacks
from fuzz_kit.run import WEIGHTS, Figures, for_seconds, fuzz, so_many

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

_FEW = {"board-files": 6, "templates": 2, "arguments": 8, "settings": 6, "answers": 1, "webhook-calls": 3}


def test_a_few_stories() -> None:
    figures = fuzz(1, so_many(_FEW))
    assert dict(figures.stories) == _FEW
    _judge(figures)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [1, 2])
def test_two_minutes_of_stories(seed: int) -> None:
    figures = fuzz(seed, for_seconds(120))
    assert set(figures.stories) == set(WEIGHTS)
    _judge(figures)


def _judge(figures: Figures) -> None:
    assert figures.findings == [], "\n".join(map(str, figures.findings))


# ---- the judge is judged ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shown",
    [
        f"refused: {TOKEN}",
        f"key={KEY[:14]}…",
        f"smtp://robot:{PASSWORD}@host",
        "Zi%25na%3A%20b%26ldi",
        TOKEN.encode().hex(),
        "AHJvYm90AFppJW5hOiBiJmxkaS9mw7xyK2FsbGU=",  # as a mail server is told user and password
    ],
)
def test_a_piece_of_a_secret_is_known_in_every_spelling(shown: str) -> None:
    assert leaks(shown)


def test_what_is_no_secret_is_let_pass() -> None:
    assert (
        leaks("the token is refused: set TRELLO_OPS_TRELLO_TOKEN to the one of robot, smtp://robot:***@host")
        == []
    )
    assert tracebacks("error: the file is no UTF-8 text") == []
    assert tracebacks("Traceback (most recent call last):\n  File x\nValueError: y") == [
        "traceback: ValueError: y"
    ]

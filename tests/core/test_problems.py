"""The subjects of problems, as text and back."""

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from trello_ops.core.problems import BoardMatter, ProblemSubject

KEYS = st.from_regex(r"[a-z0-9][a-z0-9-]*", fullmatch=True).filter(lambda key: key != "job")
SUBJECTS = st.one_of(
    st.builds(ProblemSubject, board=KEYS),
    st.builds(ProblemSubject, board=KEYS, task=KEYS),
    st.builds(ProblemSubject, board=KEYS, matter=st.sampled_from(BoardMatter)),
    st.builds(ProblemSubject, job=KEYS),
)


@settings(max_examples=examples(50))
@given(SUBJECTS)
def test_a_subject_reads_back_as_it_was_written(subject: ProblemSubject) -> None:
    assert ProblemSubject.parse(str(subject)) == subject


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("weekly", ProblemSubject("weekly")),
        ("weekly/stock", ProblemSubject("weekly", task="stock")),
        ("weekly:reading", ProblemSubject("weekly", matter=BoardMatter.READING)),
        ("weekly:issuing", ProblemSubject("weekly", matter=BoardMatter.ISSUING)),
        ("weekly:looking", ProblemSubject("weekly", matter=BoardMatter.LOOKING)),
        ("weekly:closed", ProblemSubject("weekly", matter=BoardMatter.CLOSED)),
        ("weekly:copies", ProblemSubject("weekly", matter=BoardMatter.COPIES)),
        ("weekly:limits", ProblemSubject("weekly", matter=BoardMatter.LIMITS)),
        ("weekly:webhook", ProblemSubject("weekly", matter=BoardMatter.WEBHOOK)),
        ("weekly:weather", ProblemSubject("weekly", matter="weather")),
        ("job", ProblemSubject("job")),
        ("job/stock", ProblemSubject("job", task="stock")),
        ("job:mail", ProblemSubject(job="mail")),
        ("job:reading", ProblemSubject(job="reading")),
    ],
)
def test_what_stores_and_frozen_reports_hold_can_be_read(text: str, subject: ProblemSubject) -> None:
    assert ProblemSubject.parse(text) == subject
    assert str(subject) == text


@given(st.text())
def test_no_text_is_refused(text: str) -> None:
    ProblemSubject.parse(text)

"""The keys of claims and their holders, as text and back."""

import datetime as dt
from dataclasses import replace

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.claims import ClaimKey, ClaimKind, Holder
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.mails import FORECAST, WHOLE, OwedMail, kind_of_board

KEYS = st.from_regex(r"[a-z0-9][a-z0-9-]*", fullmatch=True)
OCCURRENCES = st.builds(OccurrenceKey, KEYS, KEYS, st.dates())
CHANGES = st.one_of(KEYS, st.builds(lambda *parts: "/".join(parts), KEYS, st.just("list"), KEYS))
WEEKS = st.dates(dt.date(2000, 1, 3), dt.date(2100, 1, 1)).map(IsoWeek.of)
KINDS = st.one_of(st.sampled_from([WHOLE, FORECAST]), KEYS.map(kind_of_board))
CLAIMED = st.one_of(
    OCCURRENCES.map(ClaimKey.of_occurrence),
    CHANGES.map(ClaimKey.of_change),
    st.builds(OwedMail, WEEKS, st.one_of(st.emails(), st.text()), KINDS).map(ClaimKey.of_mail),
    OCCURRENCES.map(ClaimKey.of_nag),
    OCCURRENCES.map(ClaimKey.of_rows),
)


@settings(max_examples=examples(50))
@given(CLAIMED)
def test_a_claims_key_reads_back_as_it_was_written(key: ClaimKey) -> None:
    assert ClaimKey.parse(str(key)) == key


@given(OCCURRENCES)
def test_a_claim_names_the_occurrence_that_it_was_made_for(key: OccurrenceKey) -> None:
    assert ClaimKey.of_occurrence(key).occurrence == key
    assert ClaimKey.of_change(str(key)).occurrence is None
    assert ClaimKey.of_nag(key).nagged == key
    assert ClaimKey.of_nag(key).occurrence is ClaimKey.of_occurrence(key).nagged is None
    assert ClaimKey.parse("nag:of/nothing").nagged is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("weekly/stock/2026-11-16", ClaimKind.OCCURRENCE),
        ("mail/change/2026-11-16", ClaimKind.OCCURRENCE),
        ("change:weekly", ClaimKind.CHANGE),
        ("change:weekly/list/todo", ClaimKind.CHANGE),
        ("change:weekly/stock/2026-11-16", ClaimKind.CHANGE),
        ("mail:2026-W47:nadia@example.com", ClaimKind.MAIL),
        ("mail:2026-W47:“a:b”@example.com", ClaimKind.MAIL),
        ("nag:weekly/stock/2026-11-16", ClaimKind.NAG),
        ("rows:weekly/stock/2026-11-16", ClaimKind.ROWS),
        ("nag/stock/2026-11-16", ClaimKind.OCCURRENCE),
        ("occurrence:weekly", ClaimKind.OTHER),
        ("weekly/stock/20261116x", ClaimKind.OTHER),
        ("change", ClaimKind.OTHER),
        ("", ClaimKind.OTHER),
    ],
)
def test_what_stores_hold_can_be_read(text: str, kind: ClaimKind) -> None:
    assert ClaimKey.parse(text).kind is kind
    assert str(ClaimKey.parse(text)) == text


@given(st.text())
def test_no_key_is_changed_by_reading_it(text: str) -> None:
    assert str(ClaimKey.parse(text)) == text


@settings(max_examples=examples(50))
@given(st.builds(Holder, st.text(), st.integers(0, 2**22), st.from_regex(r"[0-9a-f]{6}", fullmatch=True)))
def test_a_holder_reads_back_as_it_was_written(holder: Holder) -> None:
    assert Holder.parse(str(holder)) == holder


@pytest.mark.parametrize("text", ["shop-1:4711:0a1b2c", "::1:4711:0a1b2c", "one", "", "a:b:c", "a:007:b"])
def test_every_holder_of_a_store_can_be_read(text: str) -> None:
    assert str(Holder.parse(text)) == text
    assert (Holder.parse(text).pid is None) is ("4711" not in text)


def test_the_claim_on_a_whole_report_is_as_older_versions_wrote_it() -> None:
    mail = OwedMail(IsoWeek(2026, 47), "nadia@example.com")
    assert str(ClaimKey.of_mail(mail)) == "mail:2026-W47:nadia@example.com"
    kinds = (WHOLE, FORECAST, kind_of_board("centre"), kind_of_board("nord"))
    assert len({str(ClaimKey.of_mail(replace(mail, kind=kind))) for kind in kinds}) == 4

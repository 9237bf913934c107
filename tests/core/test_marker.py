"""The marker, after all that editors and people do to text."""

import datetime as dt
import html
import re
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.marker import (
    bears_any,
    board_marker,
    card_marker,
    comparable,
    find_board,
    find_card_key,
    find_nag,
    find_template,
    nag_marker,
    same_template,
    template_marker,
)

KEY = OccurrenceKey("weekly", "link-test", dt.date(2026, 11, 16))
TOKEN = card_marker("zina", KEY)
TEMPLATE, BOARD = template_marker("zina", "weekly", "link-test"), board_marker("zina-o-beldi", "weekly")


def test_tokens_are_plain_ascii() -> None:
    assert TOKEN == "trello-ops:card:zina/weekly/link-test/2026-11-16"
    assert TEMPLATE == "trello-ops:template:zina/weekly/link-test"
    assert BOARD == "trello-ops:board:zina-o-beldi/weekly"


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"Tester les liens.\n\n— Ne supprimez pas cette ligne : {TOKEN}.",
        f"`{TOKEN}`",
        f"_{TOKEN}_",
        f"**{TOKEN}**",
        f"[{TOKEN}]({TOKEN})",
        f"<!-- {TOKEN} -->",
        f"« {TOKEN} »",
        f"{TOKEN} - à garder",
    ],
)
def test_a_marker_is_found_within_a_sentence(text: str) -> None:
    assert find_card_key(text, "zina") == KEY


@pytest.mark.parametrize(
    "text",
    [
        TOKEN.replace("-", r"\-"),
        TOKEN.replace("-", r"\-").replace(":", r"\:").replace("/", r"\/"),
        rf"\_{TOKEN}\_".replace("-", r"\-"),
        TOKEN.replace("-", "&#45;").replace("/", "&#x2F;").replace(":", "&colon;"),
        TOKEN.replace("-", "\u200b-"),
        "\ufeff" + "\u2060".join(TOKEN),
        "\u00ad".join(TOKEN),
        "\u200e".join(TOKEN),
        f"\u202a{TOKEN}\u202c",
        f"\u2066{TOKEN}\u2069",
        TOKEN.replace("/", "/\n"),
        TOKEN.replace("/", " /"),
        TOKEN.replace("link-", "link-\n"),
        TOKEN.replace("-ops:", "-ops:\r\n    "),
        TOKEN.replace(":", "\u00a0: "),
        f"> {TOKEN}",
        "> " + TOKEN.replace("/", "/\n> "),
        ">> " + TOKEN.replace("link-", "link-\n>> "),
        TOKEN.replace("link-", "link-\\\n"),
        TOKEN.replace("/", "/  \n"),
        "&gt; " + TOKEN.replace("/", "/\n&gt; "),
    ],
)
def test_a_marker_is_found_after_escaping_reflowing_and_quoting(text: str) -> None:
    assert find_card_key(text, "zina") == KEY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "trello-ops",
        "trello-ops:card:weekly/link-test",
        "trello-ops:card:weekly/2026-11-16",
        "trello-ops:cards:weekly/link-test/2026-11-16",
        "trello-ops card weekly/link-test/2026-11-16",
        "trello ops:card:weekly/link-test/2026-11-16",
        "trello-ops:card:weekly/link-test/2026-11-1",
        "trello-ops:card:weekly/link-test/2026-11-161",
        "trello-ops:card:weekly/link-test/2026-02-30",
        "trello-ops:card:weekly/link-test/0000-00-00",
        "trello-ops:card:Weekly/link-test/2026-11-16",
        "trello-ops:card:weekly/lïnk/2026-11-16",
        "trello-ops:card:weekly/link_test/2026-11-16",
        "trello-ops:card:-weekly/link-test/2026-11-16",
        "trello-ops:card:weekly/link-test/extra/2026-11-16",
        "trello-ops:card:zina/weekly/link-test/extra/2026-11-16",
        "trello-ops:card:weekly/link-test/٢٠٢٦-11-16",
        "trello-ops:card:weekly/link-test\n\n2026-11-16",
        TEMPLATE,
        BOARD,
    ],
)
def test_a_near_miss_is_no_marker(text: str) -> None:
    assert find_card_key(text, "zina") is None


def test_an_impossible_date_does_not_hide_the_marker_after_it() -> None:
    assert find_card_key(f"trello-ops:card:weekly/link-test/2026-99-99\n{TOKEN}", "zina") == KEY


OLD_TOKEN, OLD_TEMPLATE = TOKEN.replace("zina/", ""), TEMPLATE.replace("zina/", "")
"""As they were written before they named the workspace."""


def test_a_marker_of_another_workspace_is_none_of_ours() -> None:
    assert find_card_key(TOKEN, "other") is None
    assert find_template(TEMPLATE, "other") is None
    assert find_card_key(f"{card_marker('other', KEY)} {TOKEN}", "zina") is None, "the first one counts"
    assert not same_template(TEMPLATE, template_marker("other", "weekly", "link-test"))


def test_a_marker_that_names_no_workspace_is_ours_unless_that_must_be_sure() -> None:
    assert find_card_key(OLD_TOKEN, "zina") == KEY
    assert find_template(OLD_TEMPLATE, "zina") == ("weekly", "link-test")
    assert same_template(TEMPLATE, OLD_TEMPLATE)
    assert not same_template(TEMPLATE, OLD_TEMPLATE + "s")
    assert find_card_key(OLD_TOKEN, "zina", sure=True) is None
    assert find_card_key(TOKEN, "zina", sure=True) == KEY


def test_a_template_marker_that_was_broken_before_its_task_is_not_taken_for_an_old_one() -> None:
    assert find_template(TEMPLATE.replace("/link", "\n/link"), "zina") == ("weekly", "link-test")


@pytest.mark.parametrize(
    "text", [TOKEN, OLD_TOKEN, TEMPLATE, OLD_TEMPLATE, BOARD, TOKEN.replace("-", "&#45;")]
)
def test_whatever_is_a_marker_is_known_as_one(text: str) -> None:
    assert bears_any(f"Un\n`{text}`")


def test_texts_are_compared_without_the_workspace() -> None:
    assert comparable(f"Un `{TOKEN}` {TEMPLATE}, {BOARD}") == f"Un `{OLD_TOKEN}` {OLD_TEMPLATE}, {BOARD}"
    assert comparable(f"Un `{OLD_TOKEN}` {OLD_TEMPLATE}") == f"Un `{OLD_TOKEN}` {OLD_TEMPLATE}"


def test_the_kinds_of_marker_are_told_apart() -> None:
    assert find_template(TEMPLATE, "zina") == ("weekly", "link-test")
    assert find_board(BOARD) == ("zina-o-beldi", "weekly")
    assert (find_template(TOKEN, "zina"), find_template(BOARD, "zina")) == (None, None)
    assert (find_board(TOKEN), find_board(TEMPLATE)) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        f"Modèle : {TEMPLATE}",
        f"{TEMPLATE}.",
        f"{TEMPLATE}\n\n- une liste",
        f"{TEMPLATE} - à garder",
        f"{TEMPLATE}\nDes mots",
        f"{TEMPLATE}: à garder",
        f"_{TEMPLATE}_",
        TEMPLATE.replace("-", r"\-"),
        TEMPLATE.replace("link-", "link-\n"),
        TEMPLATE.replace("link-", "link-\n> "),
        TEMPLATE.replace("/", "/\n"),
        TEMPLATE.replace("/", "/\n") + "\n- une liste",
        TEMPLATE.replace("/", "/\n") + " - une suite",
    ],
)
def test_a_template_marker_is_found_whole_and_alone(text: str) -> None:
    assert find_template(text, "zina") == ("weekly", "link-test")


def test_a_board_marker_is_found_whole_when_it_was_broken_at_a_hyphen() -> None:
    assert find_board(BOARD.replace("/weekly", "/week-\nly")) == ("zina-o-beldi", "week-ly")
    assert find_board(board_marker("zina", "shop-daily").replace("shop-", "shop-\n")) == (
        "zina",
        "shop-daily",
    )


# ---- properties -------------------------------------------------------------------------------------

KEYS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
OCCURRENCES = st.builds(OccurrenceKey, KEYS, KEYS, st.dates(dt.date(1000, 1, 1)))
WORDS = st.text(st.characters(exclude_characters="\\&", exclude_categories=["Cs"]), max_size=60)
BREAKS = st.sampled_from(["", "\n", " \n", "\r\n", "\n> ", "\\\n", "\n    "])


@given(OCCURRENCES, WORDS, WORDS)
def test_every_key_is_found_in_any_text(key: OccurrenceKey, before: str, after: str) -> None:
    assume(not re.match(r"\s*[\d\\-]|.*trello", after, re.DOTALL))
    assert find_card_key(f"{before}\n{card_marker('zina', key)}\n{after}", "zina") == key


@given(KEYS, KEYS)
def test_every_template_and_board_is_found(first: str, second: str) -> None:
    assert find_template(template_marker(first, second, first), first) == (second, first)
    assert find_template(template_marker(first, second, first), "") is None
    assert find_board(board_marker(first, second)) == (first, second)


@given(OCCURRENCES, st.data())
def test_every_key_is_found_after_breaks_at_its_joints(key: OccurrenceKey, data: st.DataObject) -> None:
    pieces = re.split(r"(?<=[a-z0-9][-/:])(?=[a-z0-9])", card_marker("zina", key))
    broken = "".join(piece + data.draw(BREAKS) for piece in pieces[:-1]) + pieces[-1]
    assert find_card_key(broken, "zina") == key


@given(OCCURRENCES)
def test_every_key_is_found_after_escaping(key: OccurrenceKey) -> None:
    token = card_marker("zina", key)
    assert find_card_key(re.sub(r"([^a-z0-9])", r"\\\1", token), "zina") == key
    assert find_card_key("".join(f"&#{ord(letter)};" for letter in token), "zina") == key
    assert find_card_key(html.escape(f"<{token}>"), "zina") == key


@given(st.text(max_size=300))
def test_any_text_whatever_is_answered(text: str) -> None:
    for found in (find_card_key(text, "zina"), find_template(text, "zina"), find_board(text)):
        assert found is None or "trello-ops" in re.sub(r"[^a-z-]", "", html.unescape(text))


@pytest.mark.parametrize(
    "text",
    [
        "a" + " " * 16_000,
        "a " * 8_000,
        "a-\n" * 5_000,
        "a\n>" * 5_000,
        "a" + "\n>" * 8_000,
        "trello-ops:card:" + "a-" * 8_000,
        "trello-ops:card:" * 1_000,
        "trello-ops:card:a/" + "b" * 16_000 + "/2026-11-1",
        "trello-ops:card:a/b/" + "b" * 16_000 + "/2026-11-1",
        "trello-ops:template:a/" + "-" * 16_000,
        "\\" * 16_000,
        "&#" * 8_000,
    ],
)
def test_hostile_text_is_answered_at_once(text: str) -> None:
    began = time.process_time()
    assert find_card_key(text, "zina") is find_board(text) is None
    find_template(text, "zina")
    bears_any(text)
    comparable(text)
    assert time.process_time() - began < 1


# ---- comments


def test_a_comment_of_ours_is_known_by_its_last_line() -> None:
    key = OccurrenceKey("weekly", "stock", dt.date(2026, 11, 16))
    marked = nag_marker("zina", key, 12)
    for comment in (f"@amal Bonjour\n\n{marked}", marked, f"@amal\r\n\r\n{marked}\r\n"):
        assert find_nag(comment, "zina") == (key, 12)
        assert find_nag(comment, "other") is None


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "Fait",
        "> `trello-ops:nag:zina/weekly/stock/2026-11-16/1`",
        "`trello-ops:nag:zina/weekly/stock/2026-11-16/1` fait",
        "`trello-ops:nag:zina/weekly/stock/2026-11-16/1`\n\nfait",
        "`trello-ops:nag:zina/weekly/stock/2026-11-16/0`",
        "`trello-ops:nag:zina/weekly/stock/2026-02-30/1`",
        "`trello-ops:nag:zina/weekly/stock/2026-11-16`",
        "`trello-ops:card:zina/weekly/stock/2026-11-16`",
    ],
)
def test_what_somebody_else_writes_is_no_comment_of_ours(comment: str) -> None:
    assert find_nag(comment, "zina") is None

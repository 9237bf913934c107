"""A file that is no UTF-8 text is told for what it seems to be."""

import pytest

from trello_ops.plain_text import Unreadable, decoded

TEXT = "title: Hebdo\n# Réserve à côté\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_text_is_read_with_and_without_a_mark(encoding: str) -> None:
    assert decoded(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize(
    ("encoding", "said", "place"),
    [
        ("latin-1", "Latin-1 / Windows-1252 (“ANSI”) as it seems", (2, 4)),
        ("cp1252", "Latin-1 / Windows-1252 (“ANSI”) as it seems", (2, 4)),
        ("mac-roman", "Mac OS Roman as it seems", (2, 4)),
        ("utf-16", "UTF-16 (“Unicode”) as it seems", (1, 1)),
    ],
)
def test_another_encoding_is_named(encoding: str, said: str, place: tuple[int, int]) -> None:
    with pytest.raises(Unreadable, match="save it with the encoding UTF-8") as caught:
        decoded(TEXT.encode(encoding))
    assert said in str(caught.value)
    assert (caught.value.line, caught.value.column) == place


def test_columns_are_characters() -> None:
    with pytest.raises(Unreadable) as caught:
        decoded("# é\n# Noël ".encode("utf-8-sig") + b"\xe9")
    assert (caught.value.line, caught.value.column) == (2, 8)


@pytest.mark.parametrize(
    ("beginning", "said"),
    [
        (b"PK\x03\x04\x14\x00", "is an Excel, Word or ZIP file with another name"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is an old Excel or Word file with another name"),
        (b"%PDF-1.7", "is a PDF with another name"),
        (b"{\\rtf1\\ansi", "is rich text (RTF), not plain text"),
    ],
)
def test_other_kinds_of_files_are_named(beginning: bytes, said: str) -> None:
    with pytest.raises(Unreadable) as caught:
        decoded(beginning + b" title: Hebdo")
    assert str(caught.value).startswith(said)

"""The picture in docs/board-file.md shows what `validate` says today."""

from validate_picture import COMMAND, PICTURE, said, text_of


def test_the_picture_is_true() -> None:
    shown = f"$ {COMMAND} {said()}"
    assert "".join(shown.split()) in text_of(PICTURE.read_text("utf-8")), (
        "draw it anew by tests/support/validate_picture.py"
    )


def test_it_shows_twenty_mistakes() -> None:
    text = said()
    assert len(text.splitlines()) == 22
    assert "20 erreurs, 1 avertissement" in text.replace("\N{NO-BREAK SPACE}", " ")

"""Commands speak the workspace's language, or the one that is asked for."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from trello_ops.declared.glance import language

Invoke = Callable[..., Result]

BROKEN = "\tkey: shop\nlocale: fr # as we speak\n  people: [\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("locale: fr\n", "fr"),
        ("key: shop\nlocale : 'en'\n", "en"),
        ("\N{ZERO WIDTH NO-BREAK SPACE}key: shop\r\nlocale: fr\r\n", "fr"),
        ("name: Zina ô Beldi\n", None),
        ("locale: de\n", None),
        ("people:\n  locale: fr\n", None),
        (BROKEN, "fr"),
    ],
)
def test_the_language_is_known_by_its_line_alone(tmp_path: Path, text: str, found: str | None):
    (tmp_path / "workspace.yaml").write_text(text, "utf-8")

    assert language(tmp_path) == found


def test_a_file_in_another_encoding_has_a_language_too(tmp_path: Path):
    (tmp_path / "workspace.yml").write_bytes("name: Crème\nlocale: fr\n".encode("latin-1"))

    assert language(tmp_path) == "fr"


def test_without_a_workspace_there_is_no_language(tmp_path: Path):
    assert language(tmp_path) is None


def test_validate_speaks_french_where_the_workspace_does(folder: Path, invoke: Invoke):
    (folder / "boards/workspace.yaml").write_text(BROKEN, "utf-8")

    result = invoke("validate")

    assert "erreur" in result.stdout
    assert result.exit_code == 2


def test_the_language_asked_for_wins(folder: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TRELLO_OPS_LANG", "FR")

    assert "aucune erreur" in invoke("validate").stdout.lower()


def test_wrong_settings_are_told_in_the_language_asked_for(
    folder: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TRELLO_OPS_LANG", "fr")
    monkeypatch.setenv("TRELLO_OPS_SETTLE_SECONDS", "-1")

    assert "TRELLO_OPS_SETTLE_SECONDS doit être" in invoke("validate").stderr

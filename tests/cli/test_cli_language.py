"""Commands speak the workspace's language, or the one that is asked for."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from trello_ops import starter
from trello_ops.declared.glance import language

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

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
    assert "Semaine 49" in invoke("report").stdout


def test_wrong_settings_are_told_in_the_language_asked_for(
    folder: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TRELLO_OPS_LANG", "fr")
    monkeypatch.setenv("TRELLO_OPS_SETTLE_SECONDS", "-1")

    assert "TRELLO_OPS_SETTLE_SECONDS doit être" in invoke("validate").stderr


# ---- the sample, from its files to its report -------------------------------------------------------

_WORDS = """
about add again an and any are at be been board boards by card cards change changes checksum closed create
deleted due failed for from has have in is it its last late list made make member missed never no nobody
not nothing now of or problem problems read released since so some template that the them there they this to
until was week were what when which while with without yet you
"""
ENGLISH = frozenset(_WORDS.split())
"""Words that French does not have, and that are no names in files."""


def english_in(text: str) -> set[str]:
    """English words in what a command printed, without code, addresses, keys and names of files."""
    plain = re.sub(r"`[^`]*`|https?://\S+|\S*[/_.-]\w\S*|@\w+", " ", text)
    return ENGLISH & set(re.findall(r"\b[a-zà-ÿ]+\b", plain.lower()))  # no part of an id such as 6be1


@pytest.fixture
def french(folder: Path, trello: Any) -> Any:
    """One board of the sample in place of the folder's own: all three would wait for the request budget."""
    samples = starter.find()
    for name, source in (("boards", samples.boards), ("templates", samples.templates)):
        shutil.rmtree(folder / name)
        shutil.copytree(source, folder / name)
    for name in ("weekly", "monthly"):
        (folder / "boards" / f"{name}.yaml").unlink()
    return trello


def test_the_whole_way_of_a_shop_is_told_in_french(french: Any, invoke: Invoke) -> None:
    told = {}
    for arguments in (
        "validate", "plan", "preview parcels", "apply", "plan", "tick", "status", "history parcels",
        "history daily/parcels/2026-12-02", "report", "preview parcel", "history no/such",
    ):  # fmt: skip
        result = invoke(*arguments.split())
        # Logs are English, and so is what click says around a wrong argument.
        told[arguments] = re.sub(r"(?ms)Usage: .*?Error: Invalid value for [^:]*:|^\{.*?$", "", result.output)

    assert {arguments: found for arguments, text in told.items() if (found := english_in(text))} == {}
    assert "Aucune erreur" in told["validate"]
    assert "\N{NO-BREAK SPACE}: mise à jour des tableaux" in told["tick"]
    assert "créer le tableau «\N{NO-BREAK SPACE}Suivi quotidien\N{NO-BREAK SPACE}»" in told["apply"]
    assert "échéance\N{NO-BREAK SPACE}mer. 02/12/2026" in told["history parcels"]


def test_trouble_is_told_in_french(french: Any, invoke: Invoke) -> None:
    """It is kept in the store by one process, and told by another."""
    applied = invoke("apply")
    assert applied.exit_code == 0, applied.output
    french.control("faults", {"path": "/1/boards", "method": "GET", "status": 500, "count": 99})
    failed = invoke("tick")
    status = invoke("status")

    assert english_in(failed.stdout + status.stdout) == set()
    assert "Trello ne peut pas être lu pour l’instant" in status.stdout
    assert "Trello cannot be read now" in invoke("status", "--format", "json").stdout


def test_an_unsafe_plan_is_refused_in_french(french: Any, invoke: Invoke, monkeypatch: Any) -> None:
    monkeypatch.setenv("TRELLO_OPS_MAX_CARDS_CREATED", "3")
    refused = invoke("apply")

    assert refused.exit_code == 3
    assert english_in(refused.output) == set()
    assert "le plan créerait" in refused.stderr


def test_broken_files_stop_other_commands_in_french(french: Any, invoke: Invoke, folder: Path) -> None:
    board = folder / "boards" / "daily.yaml"
    board.write_text(board.read_text("utf-8").replace("cadence: daily", "cadence: quotidian"), "utf-8")
    refused = invoke("preview", "parcels")

    assert refused.exit_code == 2
    assert "contient `quotidian`\N{NO-BREAK SPACE}: vouliez-vous dire `quotidien`" in refused.stderr

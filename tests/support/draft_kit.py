"""Drafts as files in a folder that held nothing, read again."""

import datetime as dt
from pathlib import Path

from trello_ops.core.declared import Workspace
from trello_ops.declared.load import read
from trello_ops.draft import team, writing
from trello_ops.draft.model import Draft
from trello_ops.messages import translated
from trello_ops.render import card_process
from trello_ops.render.i18n import Translator

TODAY = dt.date(2026, 12, 2)
FRENCH = Translator("fr")


def write(draft: Draft, known: team.Team | None = None) -> writing.Written:
    """The files of a draft, in French; of a team that has no workspace.yaml unless one is `known`."""

    def tell(text: str) -> str:
        return translated(text, FRENCH)

    return writing.write(draft, writing.Place("drafted", known or team.Team(there=False), TODAY, tell, "fr"))


def drafted(folder: Path, draft: Draft) -> Workspace:
    """The declaration that a draft makes, without a problem, in a folder that held nothing."""
    written = write(draft)
    (folder / "boards").mkdir()
    (folder / "templates" / "cards").mkdir(parents=True)
    (folder / "boards" / "drafted.yaml").write_text(written.board, "utf-8")
    (folder / "boards" / "workspace.yaml").write_text(written.workspace, "utf-8")
    for name, text in written.templates.items():
        (folder / "templates" / "cards" / name).write_text(text, "utf-8")
    found = read(folder / "boards", written.templates)
    assert [str(each) for each in found.problems] == []
    assert found.workspace
    cards = card_process.shared().check(found.workspace, folder / "templates")
    assert [str(each) for each in cards.problems] == []
    return found.workspace

"""The folder that the demo leaves: reports, mails, the sandbox's state, and pages that show all of it."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import jinja2

from trello_ops.core.reporting.report import Report
from trello_ops.demo import pages
from trello_ops.errors import InvalidSettings
from trello_ops.render import report_html
from trello_ops.render.i18n import Translator

MARKER = ".trello-ops-demo"
"""The file that marks a folder of the demo: only in such a folder is anything deleted."""
MAIL, REPORTS, WORKSPACE = "mail", "reports", "workspace"
INDEX, STYLE, STATE = "index.html", "style.css", "sandbox-state.json"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BoardLink:
    """A board on the first page: its page, and how many cards are open and archived, template cards apart."""

    page: PurePosixPath
    title: str
    open: int
    archived: int


def clear(out: Path) -> None:
    """Make the folder, or delete what an earlier demo left in it.

    Raises `InvalidSettings` when it cannot be written, or when it holds anything and no demo made it.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()) and not (out / MARKER).is_file():
            raise InvalidSettings(
                (f"{out} is not empty and no demo made it: name another folder with --out",)
            )
        for name in (MAIL, REPORTS, WORKSPACE, str(pages.FOLDER), INDEX, STYLE, STATE):
            path = out / name
            if path.is_dir() and not path.is_symlink():  # of a link, only the link goes
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        (out / MARKER).write_text("`trello-ops demo` made this folder, and empties it when it runs again.\n")
    except OSError as error:
        raise InvalidSettings(
            (f"{out} cannot be written: {error.strerror}; name another with --out",)
        ) from error


def fill(out: Path, reports: Sequence[Report], state: Json, keys: Mapping[str, str]) -> None:
    """Write everything but the mails and the boards' pages, which are there already.

    `state` is the answer to `GET /sandbox/state`; `keys` names each board's page by the board's short link.
    """
    (out / STATE).write_text(_json(state), "utf-8")
    (out / REPORTS).mkdir()
    ours = {**pages.cards(state, keys), **{link: pages.board(link, keys) for link in keys}}
    for report in reports:
        html = _with_local_links(report_html.standalone(report), ours)
        (out / REPORTS / f"{report.week}.html").write_text(html, "utf-8")
        (out / REPORTS / f"{report.week}.json").write_text(_json(report.as_dict()), "utf-8")
    page = _environment().get_template(f"{INDEX}.j2")
    links = tuple(_boards(state, keys))
    # The first mail of each week, relative to the folder.
    found = {str(report.week): sorted((out / MAIL).glob(f"*{report.week}*.eml")) for report in reports}
    mails = {week: f"{MAIL}/{files[0].name}" for week, files in found.items() if files}
    shown = page.render(words=Translator("fr"), reports=reports, boards=links, mails=mails)
    (out / INDEX).write_text(shown, "utf-8")
    (out / STYLE).write_text(_environment().get_template(STYLE).render(), "utf-8")


def _boards(state: Json, keys: Mapping[str, str]) -> Iterator[BoardLink]:
    found = {board["shortLink"]: board for board in state["boards"]}
    for link in keys:
        cards = [card for card in state["cards"] if card["idBoard"] == found[link]["id"]]
        archived = sum(card["closed"] for card in cards)
        shown = sum(not (card["closed"] or card["isTemplate"]) for card in cards)
        yield BoardLink(pages.board(link, keys), found[link]["name"], shown, archived)


def _with_local_links(html: str, ours: Mapping[str, PurePosixPath]) -> str:
    """A report whose links lead to our pages: on trello.com there are no such cards and boards."""

    def local(link: re.Match[str]) -> str:
        return f'href="../{ours[link[1]]}"' if link[1] in ours else link[0]

    return re.sub(r'href="https://trello\.com/[bc]/(\w+)[^"]*"', local, html)


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader(__package__),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

"""The sandbox's own pages, saved as files: its boards and cards as a browser shows them."""

import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import requests

from trello_ops.demo.shop import SHOP
from trello_sandbox.web.pages import COOKIE

Json = dict[str, Any]

FOLDER = PurePosixPath("boards")
_INDEX = PurePosixPath("index.html")
# Safe on whole pages: quotation marks in what people wrote are escaped, so that none of it looks like a link.
_LINK = re.compile(r'href="(/[^"#]*)(#[^"]*)?"')
_TIMEOUT = 20


def keep(url: str, state: Json, keys: Mapping[str, str], out: Path) -> None:
    """Save the pages of a sandbox's boards and cards below `out`, as its robot sees them.

    `state` is the answer to `GET /sandbox/state`; `keys` names each board's file by the board's short link.
    What a page links to is kept too.
    """
    # Only addresses in links are rewritten. People's text cannot look like one: its quotes are escaped.
    waiting = [*(f"/b/{link}" for link in keys), *(f"/c/{link}" for link in cards(state, keys))]
    kept = {"/"}
    with requests.Session() as http:
        http.trust_env = False  # no proxy lies between us and this machine
        robot = next(each["id"] for each in state["members"] if each["username"] == SHOP.robot)
        http.cookies.set(COOKIE, robot)
        while waiting:
            address = waiting.pop()
            if address in kept:
                continue
            kept.add(address)
            answer = http.get(url + address, params={"still": "1"}, timeout=_TIMEOUT)
            answer.raise_for_status()
            page, own = answer.content.decode(), _file(address, keys)
            waiting += [link for link, _ in _LINK.findall(page)]
            (out / own).parent.mkdir(parents=True, exist_ok=True)
            (out / own).write_text(_with_files(page, own, keys), "utf-8")


def cards(state: Json, keys: Mapping[str, str]) -> dict[str, PurePosixPath]:
    """The file of every card on those boards, by the card's short link."""
    boards = {board["id"] for board in state["boards"] if board["shortLink"] in keys}
    links = (card["shortLink"] for card in state["cards"] if card["idBoard"] in boards)
    return {link: _file(f"/c/{link}", keys) for link in links}


def board(link: str, keys: Mapping[str, str]) -> PurePosixPath:
    """The file of the board with that short link."""
    return _file(f"/b/{link}", keys)


def _with_files(page: str, own: PurePosixPath, keys: Mapping[str, str]) -> str:
    """A page with its links turned into relative paths from its own file."""

    def local(link: re.Match[str]) -> str:
        target = os.path.relpath(_file(link[1], keys), own.parent)
        return f'href="{target}{link[2] or ""}"'

    return _LINK.sub(local, page)


def _file(address: str, keys: Mapping[str, str]) -> PurePosixPath:
    """The file for the page of that address."""
    path, _, query = address.partition("?")
    match path.split("/")[1:]:
        case ["b", link]:
            part = query.replace("list=", "-")
            return FOLDER / f"{keys[link]}{part}.html"
        case ["c", link]:
            return FOLDER / "cards" / f"{link}.html"
        case ["pages", name]:
            return FOLDER / name
    return _INDEX

"""Previews that change while somebody looks at them, over real HTTP."""

import datetime as dt
import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from html_page import Page
from live_kit import DAILY, small_shop, until
from site_kit import settings_of
from starlette.applications import Starlette
from starlette.middleware import Middleware

from trello_ops.app import App, open_app
from trello_ops.core.calendar.agenda import EVERYTHING, Choice
from trello_ops.core.links import Opens
from trello_ops.operations.links import new_link
from trello_ops.telemetry import Tally
from trello_ops.testing.clock import FixedClock
from trello_ops.web.changes import MOST
from trello_ops.web.headers import SecurityHeaders
from trello_ops.web.limits import Limits
from trello_ops.web.refused import REFUSED
from trello_ops.web.server import listen, serving
from trello_ops.web.shop import Shop
from trello_ops.web.site import Site

NOW = dt.datetime(2026, 11, 18, 7, 0, tzinfo=dt.UTC)
PATH = "/preview/daily/emails/changes"
PULSE = 0.6
GENEROUS = 20.0  # seconds, on a machine with other things to do


class Stream:
    """A browser's stream. Lines are what the server said, by what came first."""

    def __init__(self, address: tuple[str, int], path: str, **headers: str) -> None:
        self._connection = http.client.HTTPConnection(*address, timeout=GENEROUS)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request("GET", path, headers=named)
        self.answer = self._connection.getresponse()

    def line(self) -> str:
        """The next line that is not empty; "" once the stream has ended."""
        while line := self.answer.readline():
            if line.strip():
                return line.decode().rstrip("\n")
        return ""

    def event(self) -> tuple[str, Page]:
        """The next event: its id, and the page that is put in place."""
        while (line := self.line()).startswith(":"):
            pass
        assert line.startswith("id: "), line
        data = self.line()
        assert data.startswith("data: ")
        return line.removeprefix("id: "), Page(json.loads(data.removeprefix("data: ")))

    def rest(self) -> list[str]:
        """The lines until its end."""
        return list(iter(self.line, ""))

    def close(self) -> None:
        self.answer.close()
        self._connection.close()


@dataclass
class Served:
    """The pages of a small shop at an address; `stop` has the program end."""

    app: App
    folder: Path
    address: tuple[str, int]
    stop: threading.Event
    streams: list[Stream] = field(default_factory=list)

    @property
    def template(self) -> Path:
        return self.folder / "templates" / "cards" / "emails.md"

    @property
    def board(self) -> Path:
        return self.folder / "boards" / "daily.yaml"

    def link(self, choice: Choice = EVERYTHING, opens: Opens = Opens.PAGES) -> tuple[str, str]:
        """The name of a new link, and the cookie of whoever has it."""
        link, secret = new_link(self.app.services.store, self.app.services.clock, opens, choice)
        return link.name, f"trello-ops-8911={secret}"

    def open(self, path: str = PATH, cookie: str | None = None, **headers: str) -> Stream:
        cookie = self.link()[1] if cookie is None else cookie
        self.streams.append(Stream(self.address, path, cookie=cookie, **headers))
        return self.streams[-1]

    def status(self, path: str = PATH, cookie: str | None = None, **headers: str) -> int:
        """How a request is answered."""
        return self.open(path, cookie, **headers).answer.status


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    small_shop(tmp_path)
    clock, stop, entrance = FixedClock(NOW), threading.Event(), listen(("127.0.0.1", 0))
    with closing(open_app(settings_of(tmp_path), clock, stop.is_set)) as app:
        app.take_up()
        routes = Site(Shop.of(app), clock, Limits(app.settings, clock), pulse=PULSE).routes()
        site = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)])
        tally = Tally("webhook.refused", REFUSED, clock.monotonic)
        with serving(site, entrance, tally):
            made = Served(app, tmp_path, entrance.getsockname(), stop)
            yield made
            stop.set()
            for stream in made.streams:
                stream.close()


def write(path: Path, text: str) -> None:
    """As editors do: another file in its place."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text, "utf-8")
    fresh.replace(path)


def template(text: str) -> str:
    return f"---\n---\n{text}\n"


# ---- what changes


def test_an_edit_is_shown_within_seconds_and_each_once(served: Served) -> None:
    stream = served.open()
    _, first = stream.event()
    assert "Répondre." in first.texts("p")
    write(served.template, template("Répondre à toutes."))
    seen, edited = stream.event()
    assert "Répondre à toutes." in edited.texts("p")
    write(served.template, template("Répondre à toutes."))  # other times, the same text
    assert {stream.line() for _ in range(3)} == {": here"}
    write(served.board, DAILY.replace("title: E-mails", "title: Courrier"))
    again, renamed = stream.event()
    assert (renamed.texts("h1"), again != seen) == (["Courrier"], True)


def test_what_the_page_shows_already_is_not_sent(served: Served) -> None:
    seen, _ = served.open().event()
    anew, first = served.open(last_event_id=seen), served.open(f"{PATH}?seen={quote(seen)}")
    for stream in (anew, first):
        assert [stream.line() for _ in range(3)] == [": hello", ": here", ": here"]


def test_a_broken_file_shows_its_mistakes_until_it_is_mended(served: Served) -> None:
    stream = served.open()
    stream.event()
    write(served.template, template("{{ occurence.date }} <script>alert(1)</script>"))
    _, broken = stream.event()
    assert broken.texts("h1") == ["Les fichiers contiennent des erreurs"]
    assert broken.texts("code")[0].endswith("emails.md:3:4")
    assert broken.all("script") == []
    write(served.template, template("Répondre."))
    assert stream.event()[1].texts("h1") == ["E-mails"]


def test_a_template_without_end_holds_up_neither_the_stream_nor_pages(served: Served) -> None:
    cookie = served.link()[1]
    stream = served.open(cookie=cookie)
    stream.event()
    loop = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    write(served.template, template(loop))
    assert served.status("/calendar", cookie) == 200
    assert stream.event()[1].texts("code")[0].endswith("emails.md:3:1")
    write(served.template, template("Répondre."))
    assert stream.event()[1].texts("h1") == ["E-mails"]


def test_line_breaks_of_people_end_no_event(served: Served) -> None:
    stream = served.open()
    stream.event()
    write(served.template, template("a\r\rdata: x\r\n\r\nid: y\n\u2028retry: 1"))
    _, page = stream.event()
    assert "data: x" in page.texts("div", "description")[0]
    write(served.template, template("Ensuite."))
    assert "Ensuite." in stream.event()[1].texts("p")


# ---- who may


def test_a_stream_says_what_browsers_and_proxies_may_do_with_it(served: Served) -> None:
    stream = served.open(accept_encoding="gzip")
    headers = {name.lower(): value for name, value in stream.answer.getheaders()}
    assert stream.answer.status == 200
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert headers["content-security-policy"].startswith("default-src 'none';")
    assert "content-encoding" not in headers


def test_strangers_and_those_who_may_not_see_all_have_no_stream(served: Served) -> None:
    feed = served.link(opens=Opens.FEED)[1]
    board = served.link(Choice(board="daily"))[1]
    tried = {"": 403, "trello-ops-8911=x": 403, feed: 403, board: 404}
    assert {cookie: served.status(cookie=cookie) for cookie in tried} == tried


def test_what_is_no_task_or_another_host_has_none(served: Served) -> None:
    assert served.status("/preview/daily/none/changes") == 404
    assert served.status(f"{PATH}?date=x") == 404
    assert served.status(host="evil.example") == 421


def test_a_revoked_link_ends_the_stream_and_shows_nothing_more(served: Served) -> None:
    name, cookie = served.link()
    stream = served.open(cookie=cookie)
    stream.event()
    served.app.services.store.revoke_link(name, NOW)
    write(served.template, template("Que nul ne voie."))
    assert set(stream.rest()) <= {": here"}
    assert served.status(cookie=cookie) == 403


def test_a_task_that_leaves_ends_the_stream(served: Served) -> None:
    stream = served.open()
    stream.event()
    write(served.board, DAILY.replace("emails:", "letters:"))
    assert set(stream.rest()) <= {": here"}


# ---- how many, and how long


def test_there_is_room_for_some_and_again_once_one_left(served: Served) -> None:
    cookie = served.link()[1]
    streams = [served.open(cookie=cookie) for _ in range(MOST)]
    assert {stream.line() for stream in streams} == {": hello"}
    assert served.status(cookie=cookie) == 503
    assert served.status("/calendar", cookie) == 200
    for stream in streams:
        stream.close()
    until(lambda: served.status(cookie=cookie) == 200, GENEROUS)


def test_streams_end_at_once_when_the_program_does(served: Served) -> None:
    streams = [served.open() for _ in range(3)]
    for stream in streams:
        stream.event()
    served.stop.set()
    assert all(len(stream.rest()) <= 2 for stream in streams)

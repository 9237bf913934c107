"""The routes of the pages: who is visiting, what they see, and where they go after a form."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from trello_sandbox import errors
from trello_sandbox.api.app import Api
from trello_sandbox.api.call import Call
from trello_sandbox.api.credentials import Caller
from trello_sandbox.errors import ApiError
from trello_sandbox.params import Params
from trello_sandbox.state import access
from trello_sandbox.state.records import Board, Card, Member
from trello_sandbox.state.world import World
from trello_sandbox.web import acts, guard, views
from trello_sandbox.web.activity import comment, sentence
from trello_sandbox.web.markdown import html
from trello_sandbox.web.reader import Reader, preferred_language

if TYPE_CHECKING:
    from jinja2 import Environment

COOKIE = "trello_sandbox_person"
ARCHIVE = "archive"
_LONGEST_FORM = 400_000
_PAGE = re.compile(r"/(?:[bc]/[0-9A-Za-z]{8}(?:\?list=[0-9a-z]+)?(?:#c-[0-9A-Za-z]{8})?)?")
"""Where a form may ask to come back to: one of our pages, and no other site."""
_ASSETS = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page, allowed by the guard. `me` is who the visitor chose to be."""

    request: Request
    world: World
    me: Member
    reader: Reader
    form: Mapping[str, str]

    @property
    def still(self) -> bool:
        """Whether the page is to be kept as a file: `?still=1` leaves out its forms."""
        return "still" in self.request.query_params

    @property
    def link(self) -> str:
        """The short link, or id, in the address."""
        return str(self.request.path_params["link"])

    def board(self) -> Board:
        """The board of the address, if `me` may see it; else the API's error."""
        return self._call(board=self.link).board()

    def card(self) -> Card:
        """The card of the address, likewise."""
        return self._call(card=self.link).card()

    def _call(self, **path: str) -> Call:
        return Call(self.world, "GET", path, Params({}), Caller("", None, self.me))


Handler = Callable[[Visit], Response]


def routes(api: Api) -> list[Route]:
    """The pages of the sandbox that `api` serves."""
    pages = Pages(api)
    return [
        pages.route("/", pages.home),
        pages.route("/b/{link}", pages.board),
        pages.route("/b/{link}/{slug}", pages.board),
        pages.route("/c/{link}", pages.card),
        pages.route("/c/{link}/{slug}", pages.card),
        pages.route("/c/{link}/{act}", pages.act, "POST"),
        pages.route("/w/{link}", pages.workspace),
        pages.route("/me", pages.choose, "POST"),
        *(Route(f"/pages/{name}", _asset(name, kind)) for name, kind in _ASSETS.items()),
        pages.route("/{link}", pages.person),
    ]


def _asset(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    content = resources.files(__package__).joinpath(name).read_bytes()

    async def endpoint(_: Request) -> Response:
        return Response(content, media_type=kind, headers={**guard.HEADERS, "cache-control": "max-age=60"})

    return endpoint


class Pages:
    """Serves the pages of one sandbox. Every form goes through its API, in the visitor's name."""

    def __init__(self, api: Api) -> None:
        self.api = api

    @cached_property
    def _templates(self) -> "Environment":
        """Jinja, imported with the first page: a sandbox that nobody looks at starts faster without."""
        from jinja2 import Environment, PackageLoader, StrictUndefined

        templates = Environment(
            loader=PackageLoader(__package__),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        templates.filters["markdown"] = html
        return templates

    def route(self, path: str, handler: Handler, method: str = "GET") -> Route:
        """A route that lets the guard decide, finds out who visits, and shows the API's errors as pages."""

        async def endpoint(request: Request) -> Response:
            reason = guard.refused(request)
            if reason:
                return self._refused(request, 403, reason)
            form = await _form(request) if method == "POST" else {}
            if form is None:
                return self._refused(request, 413, "too_long")
            visit = self._visit(request, form)
            try:
                return handler(visit)
            except ApiError as refusal:
                return self._said_no(visit, refusal)

        return Route(path, endpoint, methods=[method])

    # ---- who is visiting

    def _visit(self, request: Request, form: Mapping[str, str]) -> Visit:
        """Who visits: the member that the cookie names, or else the first who is no robot."""
        world = self.api.sandbox.world
        team = views.team(world)
        people = (each for each in team if each.username != world.tenant.robot)
        me = _teammate(world, request.cookies.get(COOKIE, "")) or next(people, team[0])
        return Visit(request, world, me, self._reader(request), form)

    def _reader(self, request: Request) -> Reader:
        sandbox = self.api.sandbox
        language = preferred_language(request.headers.get("accept-language", ""))
        return Reader(language, sandbox.config.zone, sandbox.clock.now())

    def choose(self, visit: Visit) -> Response:
        """Let the visitor be somebody else from now on."""
        member = _teammate(visit.world, visit.form.get("person", ""))
        if member is None:
            raise errors.not_found()
        response = _see_other(_page(visit.form.get("back", "")) or "/")
        # No secret: it says who acts, and anybody on this machine may be anybody.
        response.set_cookie(COOKIE, member.id, httponly=True, samesite="lax")
        return response

    # ---- pages

    def home(self, visit: Visit) -> Response:
        """The open boards that the visitor may see."""
        boards = [
            views.board_tile(visit.world, board)
            for board in visit.world.boards.all()
            if not board.closed and access.may_read(visit.world, board, visit.me)
        ]
        return self._shown(
            visit,
            "home.html.j2",
            "/",
            boards=boards,
            workspace=visit.world.workspace.display_name,
            advice=self.api.sandbox.config.advice.get(visit.reader.language, ""),
        )

    def workspace(self, visit: Visit) -> Response:
        """Where the link of a Workspace leads: to the boards."""
        if visit.world.organizations.named(visit.link) is None:
            raise errors.not_found()
        return self.home(visit)

    def person(self, visit: Visit) -> Response:
        """Where the link of a member leads: nobody has a page of their own here."""
        if visit.world.members.named(visit.link) is None:
            raise errors.not_found()
        return self.home(visit)

    def board(self, visit: Visit) -> Response:
        """A board; with `?list=`, one of its lists, or its archive, in full."""
        board = visit.board()
        here = f"/b/{board.short_link}"
        asked = visit.request.query_params.get("list", "")
        if not asked:
            page = views.board_page(visit.world, board)
            return self._shown(visit, "board.html.j2", here, board=page)
        if asked == ARCHIVE:
            column = views.archive(visit.world, board)
        else:
            found = visit.world.lists.of("id_board", board.id).get(asked)
            if found is None:
                raise errors.not_found()
            column = views.column(visit.world, found)
        return self._shown(visit, "list.html.j2", f"{here}?list={column.id}", board=board, column=column)

    def card(self, visit: Visit) -> Response:
        """A card with its latest activity, or with all of it."""
        card = visit.card()
        every = visit.still or visit.request.query_params.get("activity") == "all"
        page = views.card_page(visit.world, card, every_entry=every)
        entries = [
            (
                views.face(visit.world, visit.world.members[each.id_member_creator]),
                each,
                sentence(visit.reader, each),
            )
            for each in page.entries
        ]
        here = f"/c/{card.short_link}"
        return self._shown(visit, "card.html.j2", here, page=page, entries=entries, comment=comment)

    # ---- forms

    def act(self, visit: Visit) -> Response:
        """Do what a form on a card says, then go back to where it was."""
        asked = acts.act(visit.request.path_params["act"], visit.link, visit.form)
        self.api.act(visit.me, asked.method, asked.path, asked.values)
        anchor = f"#{asked.anchor}" if asked.anchor else ""
        return _see_other(_page(visit.form.get("back", "")) or f"/c/{visit.card().short_link}{anchor}")

    # ---- answers

    def _shown(self, visit: Visit, template: str, here: str, **content: Any) -> Response:
        """A page. `here` is where its forms come back to."""
        people = [] if visit.still else [views.face(visit.world, each) for each in views.team(visit.world)]
        where = "" if visit.still else here
        shared = {"r": visit.reader, "here": where, "people": people, "me": views.face(visit.world, visit.me)}
        return self._rendered(200, template, {**shared, **content})

    def _said_no(self, visit: Visit, refusal: ApiError) -> Response:
        """A page for an error of the API: what it says, and what to do."""
        known = str(refusal.status) if refusal.status in (401, 404) else "other"
        answer = refusal.body["message"] if isinstance(refusal.body, dict) else refusal.body
        content = {
            "title": visit.reader.say(f"wrong_{known}", name=visit.me.full_name),
            "help": visit.reader.say(f"help_{known}"),
            "answer": answer if known == "other" else "",
        }
        here = _page(visit.request.url.path) or "/"
        response = self._shown(visit, "wrong.html.j2", here, **content)
        response.status_code = refusal.status
        return response

    def _refused(self, request: Request, status: int, reason: str) -> Response:
        """A page for a request that the guard, or its size, keeps out."""
        reader = self._reader(request)
        content = {"title": reader.say("wrong_refused"), "help": reader.say(reason), "answer": ""}
        return self._rendered(status, "wrong.html.j2", {"r": reader, "people": (), "here": "/", **content})

    def _rendered(self, status: int, template: str, content: Mapping[str, Any]) -> Response:
        text = self._templates.get_template(template).render(content)
        # Half a surrogate pair gets in by JSON, and is no UTF-8.
        return Response(
            text.encode("utf-8", "replace"), status, guard.HEADERS, media_type="text/html; charset=utf-8"
        )


def _teammate(world: World, member_id: str) -> Member | None:
    return next((each for each in views.team(world) if each.id == member_id), None)


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a submitted form; None for one that is too long."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM:
            return None
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _page(back: str) -> str:
    return back if _PAGE.fullmatch(back) else ""


def _see_other(address: str) -> Response:
    return Response(status_code=303, headers={**guard.HEADERS, "location": address})

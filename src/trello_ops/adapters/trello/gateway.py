"""Trello as core values, over py-trello's `fetch_json`.

py-trello's own objects cost too many requests (trello-behaviour.md#py-trello).
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import structlog
from trello import TrelloClient

from trello_ops.adapters.request_limit import RequestLimit
from trello_ops.adapters.trello import shapes
from trello_ops.adapters.trello.budget import Budget
from trello_ops.adapters.trello.shapes import Json
from trello_ops.adapters.trello.transport import TOKEN_HERE, TrelloSession
from trello_ops.adapters.trello.writes import Value, Write, iso, path, write_for
from trello_ops.core.bindings import Bindings
from trello_ops.core.identity import TrelloIdentity
from trello_ops.core.objectid import created_at, is_id
from trello_ops.core.planning.changes import (
    AddAssignee,
    AddMember,
    Change,
    CreateBoard,
    CreateCard,
    RemoveMember,
)
from trello_ops.core.trello import (
    Action,
    BoardSummary,
    Card,
    Comment,
    Grant,
    Member,
    Snapshot,
    Traffic,
    TrelloWorkspace,
    Webhook,
)
from trello_ops.errors import (
    NotFound,
    OutcomeUnknown,
    TokenRefused,
    TrelloError,
    Unauthorised,
    Unavailable,
)
from trello_ops.messages import say
from trello_ops.ports import Clock, Made

PAGE = 1000
"""The most cards or actions that Trello gives at once (trello-behaviour.md#paging)."""

_CHECKLISTS = {
    "checklists": "all",
    "checklist_fields": "name,pos,idCard",
    "checkItems": "all",
    "checkItem_fields": "name,state,pos",
}
_SECOND = dt.timedelta(seconds=1)  # all that an id tells of its time (trello-behaviour.md#ids)
_T = TypeVar("_T")

_log = structlog.get_logger()


def connect(
    url: str,
    key: str,
    token: str,
    *,
    timeout: float,
    requests_per_10s: int,
    budget_file: Path | None,
    clock: Clock,
    budget: RequestLimit[Any] | None = None,
) -> "Gateway":
    """Make a gateway to Trello or the sandbox; nothing is sent yet.

    `timeout` is in seconds and holds for each request as a whole. Processes that name the same `budget_file`
    share one limit of requests per ten seconds, unless a `budget` of another kind is given. Raises
    `StoreError` when it cannot be used, and `Unauthorised` for a key or token that cannot be one.
    """
    budget = budget or (
        Budget.shared(requests_per_10s, clock, budget_file, token)
        if budget_file
        else Budget.private(requests_per_10s, clock)
    )
    return Gateway(TrelloSession(url, key, token, budget=budget, clock=clock, timeout=timeout), clock)


class Gateway:
    """`ports.TrelloGateway` over HTTP. Safe to share between threads."""

    def __init__(self, session: TrelloSession, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        # Without key and token, which py-trello would put into queries: the session sends them in a header.
        self._client = TrelloClient(api_key="", http_service=session)
        self._identities: dict[str, TrelloIdentity] = {}  # by Trello Workspace

    def time(self, *, fresh: bool = False) -> dt.datetime:
        """Now by Trello's clock; by ours while no answer has told it. `fresh` asks Trello anew."""
        told = None if fresh else self._session.time()
        if told is None:
            self._read(path("members", "me"), lambda _: None, fields="username")
            told = self._session.time()
        return told or self._clock.now()

    def identity(self, workspace: str, *, ask: bool = True) -> TrelloIdentity:
        """Which Trello this is, with the token's account and a Trello Workspace (id or short name)."""
        session, known = self._session, self._identities.get(workspace)
        if known and known.world == session.world:
            return known
        if not ask:
            return dataclasses.replace(known or TrelloIdentity(session.address), world=session.world)
        me = self._read(path("members", "me"), shapes.member, fields=shapes.MEMBER_FIELDS)
        try:
            of = self._read(path("organizations", workspace), shapes.workspace, fields="name")
        except TokenRefused:
            raise
        except (NotFound, Unauthorised):
            of = TrelloWorkspace("", "", "")
        found = TrelloIdentity(session.address, session.world, me.id, me.username, of.id, of.name)
        self._identities[workspace] = found
        return found

    def grant(self) -> Grant:
        """What this token may do, and until when."""
        return self._read(f"/tokens/{TOKEN_HERE}", shapes.grant, fields="dateExpires,permissions")

    def workspaces(self) -> tuple[TrelloWorkspace, ...]:
        """The Trello Workspaces that this token's account is in."""
        where = path("members", "me", "organizations")
        return self._read(where, shapes.each(shapes.workspace), fields="name,displayName")

    def workspace_members(self, workspace: str) -> tuple[Member, ...]:
        """The accounts in a Trello Workspace (id or short name)."""
        where = path("organizations", workspace, "members")
        return self._read(where, shapes.each(shapes.member), fields=shapes.MEMBER_FIELDS)

    def account(self, name: str) -> Member:
        """An account by its username, in any case, or id."""
        # Few are asked for: this route has a limit of its own (trello-behaviour.md#rate-limits).
        return self._read(path("members", name.lower()), shapes.member, fields=shapes.MEMBER_FIELDS)

    def boards(self, workspace: str) -> tuple[BoardSummary, ...]:
        """Open boards of a Trello Workspace (id or short name) that this token sees."""
        return self._read(
            path("organizations", workspace, "boards"),
            shapes.each(shapes.board),
            filter="open",
            fields=shapes.BOARD_FIELDS,
        )

    def last_active(self, workspace: str) -> dict[str, dt.datetime | None]:
        """When each open board of a Trello Workspace was last active, by its id, in one request."""

        def by_id(answers: Any) -> dict[str, dt.datetime | None]:
            return {shapes.text(one, "id"): shapes.last_active(one) for one in shapes.listed(answers)}

        where = path("organizations", workspace, "boards")
        return self._read(where, by_id, filter="open", fields="dateLastActivity")

    def snapshot(self, board_id: str, *, checklists: bool = False) -> Snapshot:
        """The board as it is now, in one request; from 1,000 visible cards on, in one more per 1,000."""
        parts = _CHECKLISTS if checklists else {}
        seen = self._read(
            path("boards", board_id),
            shapes.snapshot,
            fields=shapes.SNAPSHOT_FIELDS,
            lists="all",
            list_fields=shapes.LIST_FIELDS,
            labels="all",
            label_fields=shapes.LABEL_FIELDS,
            labels_limit="1000",
            members="all",
            member_fields=shapes.MEMBER_FIELDS,
            cards="visible",
            card_fields=shapes.CARD_FIELDS,
            **parts,
        )
        if len(seen.cards) < PAGE:
            return seen
        # A full page may have been cut (trello-behaviour.md#reading), so the cards are read page by page.
        pages = self._card_pages(board_id, filter="visible", **parts)
        cards = {card.id: card for page in pages for card in page}
        return dataclasses.replace(seen, cards=tuple(cards.values()))

    def membership(self, board_id: str, member_id: str) -> str:
        """What an account is on a board; empty for one that is no member."""
        found = self._read(path("boards", board_id, "memberships"), shapes.each(shapes.membership))
        return dict(found).get(member_id, "")

    def card(self, card_id: str) -> Card:
        """One card with its checklists, archived or not."""
        return self._read(path("cards", card_id), shapes.card, fields=shapes.CARD_FIELDS, **_CHECKLISTS)

    def cards_since(self, board_id: str, since: dt.datetime) -> tuple[Card, ...]:
        """Every card of the board created at or after `since`, archived ones included."""
        second = since.replace(microsecond=0)  # a card's creation comes from its id
        found: dict[str, Card] = {}
        for page in self._card_pages(board_id, filter="all", since=iso(second)):
            found |= {card.id: card for card in page if card.created_at >= second}
            if any(card.created_at < second for card in page):
                break  # Trello ignored `since`: older pages hold nothing for us
        return tuple(found.values())

    def activity(self, board_id: str, since: dt.datetime) -> tuple[Action, ...]:
        """The board's actions at or after `since`, oldest first, however many."""
        found: dict[str, Action] = {}
        for page in self._action_pages(board_id, since):
            found |= {action.id: action for action in page}
            if any(action.at < since - _SECOND for action in page):
                break
        return tuple(sorted((a for a in found.values() if a.at >= since), key=lambda a: (a.at, a.id)))

    def comments(self, card_id: str) -> tuple[Comment, ...]:
        """A card's comments, oldest first: the newest fifty that Trello gives at once."""
        where = path("cards", card_id, "actions")
        found = self._read(where, shapes.each(shapes.comment), filter="commentCard")
        return tuple(sorted(found, key=lambda comment: (comment.at, comment.id)))

    def perform(self, change: Change, bindings: Bindings, send_before: float | None = None) -> Made:
        """Make one edit of Trello, with one request; two where a copied card must be set right.

        Raises `NotSent` when it could not leave before `send_before`, `OutcomeUnknown` when it may have been
        done, and ValueError for changes that do not touch Trello.
        """
        if isinstance(change, CreateBoard) and not is_id(change.workspace):
            # Files name the Workspace by its short name; arguments want the id (trello-behaviour.md#ids).
            where = path("organizations", change.workspace)
            workspace = self._read(where, lambda answer: shapes.text(answer, "id"), fields="id")
            change = dataclasses.replace(change, workspace=workspace)
        answer = self._write(write_for(change, bindings), send_before)
        # A copy may inherit what we asked it not to (trello-behaviour.md#copies).
        if isinstance(change, CreateCard) and (answer.get("isTemplate") or answer.get("dueComplete")):
            self._mend(answer["id"])
        return _made(change, answer)

    def traffic(self) -> Traffic:
        """How many requests there were, and how many count."""
        return self._session.traffic()

    def webhooks(self) -> tuple[Webhook, ...]:
        """Every webhook of this token, whoever made it."""
        # They are listed under the token only (trello-behaviour.md#webhooks).
        return self._read(f"/tokens/{TOKEN_HERE}/webhooks", shapes.each(shapes.webhook))

    def ensure_webhook(self, board_id: str, callback: str, webhook_id: str = "") -> Webhook:
        """Have `callback` called about a board, by a new webhook or by the one of `webhook_id`."""
        wanted: dict[str, Value] = {"callbackURL": callback, "idModel": board_id, "active": True}
        write = (
            Write("PUT", path("webhooks", webhook_id), wanted)
            if webhook_id
            else Write("POST", "/webhooks", {**wanted, "description": "trello-ops"})
        )
        return Webhook(self._write(write)["id"], board_id, callback)

    def remove_webhook(self, webhook_id: str) -> None:
        """Remove a webhook. No-op if absent."""
        with suppress(NotFound):
            self._write(Write("DELETE", path("webhooks", webhook_id), {}))

    def close(self) -> None:
        """Close the connections and the request budget."""
        self._session.close()

    def _mend(self, card_id: str) -> None:
        """Make a new card neither a template nor done. On failure only logs: the card itself stands."""
        try:
            self._write(Write("PUT", path("cards", card_id), {"isTemplate": False, "dueComplete": False}))
        except TrelloError as error:
            _log.warning("card.not_mended", card=card_id, error=str(error))

    def _card_pages(self, board_id: str, **query: str) -> Iterator[tuple[Card, ...]]:
        """A board's cards, page by page, from the newest to the oldest.

        Within a page they come by position, so the next page begins below the smallest id
        (trello-behaviour.md#paging).
        """
        before: str | None = None
        while True:
            page = self._read(
                path("boards", board_id, "cards"),
                shapes.each(shapes.card),
                fields=shapes.CARD_FIELDS,
                limit=str(PAGE),
                **query,
                **_before(before),
            )
            yield page
            oldest = min((card.id for card in page), default="")
            if len(page) < PAGE or oldest == before:
                return
            before = oldest

    def _action_pages(self, board_id: str, since: dt.datetime) -> Iterator[tuple[Action, ...]]:
        """A board's actions, page by page, from the newest to the oldest.

        Each page overlaps the next by the second at which it ends, since within a second Trello's ids are
        in no order. Where one second fills a page, the next begins below its smallest id.
        """
        before: str | None = None
        while True:
            page = self._read(
                path("boards", board_id, "actions"),
                shapes.each(shapes.action),
                filter=shapes.ACTION_TYPES,
                fields=shapes.ACTION_FIELDS,
                memberCreator="true",
                memberCreator_fields=shapes.MEMBER_FIELDS,
                member="true",
                member_fields=shapes.MEMBER_FIELDS,
                limit=str(PAGE),
                since=iso(since - _SECOND),
                **_before(before),
            )
            yield page
            oldest = min((action.id for action in page), default="")
            if len(page) < PAGE or oldest == before:
                return
            # The smallest id that Trello can give in the second after the oldest action's.
            following = f"{int((created_at(oldest) + _SECOND).timestamp()):08x}" + "0" * 16
            before = following if before is None or following < before else oldest

    def _read(self, where: str, shape: Callable[[Any], _T], **query: str) -> _T:
        """GET a path and read the answer. Raises `Unavailable` when it is not of a shape we know."""
        answer = self._client.fetch_json(where, query_params=query)
        try:
            return shape(answer)
        except shapes.MISSHAPEN as error:
            problem = f"{type(error).__name__}: {error}"
        raise Unavailable(
            say(
                "%(call)s: Trello's answer is not of the shape we know (%(problem)s).",
                call=f"GET /1{where}",
                problem=problem,
            )
        )

    def _write(self, write: Write, send_before: float | None = None) -> Json:
        with self._session.sending_before(send_before):
            answer: Json = self._client.fetch_json(
                write.path, http_method=write.method, post_args=dict(write.arguments)
            )
        return answer


def _before(trello_id: str | None) -> dict[str, str]:
    return {"before": trello_id} if trello_id else {}


def _made(change: Change, answer: Json) -> Made:
    """What a change made. Raises `OutcomeUnknown` when the answer does not tell it."""
    try:
        if isinstance(change, AddMember):
            # The answer is the board's members as they are now (trello-behaviour.md#members).
            members = shapes.listed(answer["members"])
            ids = {each["username"].lower(): shapes.text(each, "id") for each in members}
            made_id = ids[change.username.lower()]
        elif isinstance(change, AddAssignee | RemoveMember):
            return Made(change.card_id)  # the answer is the card's members
        else:
            made_id = answer["id"]
        return Made(made_id, shapes.maybe_text(answer, "shortUrl"), shapes.item_count(answer))
    except shapes.MISSHAPEN:
        pass
    raise OutcomeUnknown(
        say(
            "%(change)s: Trello did something, but its answer is not of the shape we know.",
            change=change.subject,
        )
    )

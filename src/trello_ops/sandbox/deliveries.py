"""Webhook deliveries: which actions reach which callback URL, signed, retried, and given up on.

Retries wait on the sandbox's clock, so that setting it forward brings them on. What is still to be sent is
lost with a restart.
"""

import asyncio
import base64
import contextlib
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from trello_ops.sandbox import access
from trello_ops.sandbox.actions import models_of, shown
from trello_ops.sandbox.callbacks import Callbacks
from trello_ops.sandbox.params import Params
from trello_ops.sandbox.records import Action, Json, Webhook
from trello_ops.sandbox.shapes import (
    BOARD,
    CHECKLIST,
    LIST,
    MEMBER,
    ORGANIZATION,
    WEBHOOK,
    card_shape,
    project,
)
from trello_ops.sandbox.state import World

RETRIES = (30, 60, 120)
"""Seconds after each failed attempt until the next; after the last one the delivery is dropped."""
_DISABLED_AFTER = dt.timedelta(days=30)
_DISABLED_ABOVE = 1_000
_GONE = 410
_FOR_GOOD = 3_600.0


@dataclass(slots=True)
class Delivery:
    """One action for one webhook: the bytes to send, when, and how often it was tried."""

    world: World
    webhook: Webhook
    body: bytes
    client: str
    due: dt.datetime
    tries: int = 0


class Deliveries:
    """Hears of every action and sends it on. Used on the event loop only."""

    def __init__(self, callbacks: Callbacks, secret: str, changed: Callable[[], None]) -> None:
        self._callbacks = callbacks
        self._secret = secret
        self._changed = changed
        self._waiting: list[Delivery] = []
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._woken = asyncio.Event()

    def hear(self, world: World, action: Action, client: str) -> None:
        """Queue an action for every webhook that watches something it is about."""
        if not len(world.webhooks):
            return
        for webhook in _watching(world, action):
            body = _body(world, webhook, action)
            self._waiting.append(Delivery(world, webhook, body, client, world.clock.now()))
        self.wake()

    def wake(self) -> None:
        """Look again at what is due: something new came, or the clock was set."""
        self._woken.set()

    def clear(self) -> None:
        self._waiting.clear()
        for task in self._sending.values():
            task.cancel()

    async def keep_sending(self) -> None:
        """Send what is due, one at a time to each webhook and in order. Runs until cancelled."""
        try:
            while True:
                self._woken.clear()
                self._start_due()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), self._pause())
        finally:
            self.clear()

    def _start_due(self) -> None:
        for delivery in list(self._waiting):
            busy = delivery.webhook.id in self._sending
            if not busy and delivery.due <= delivery.world.clock.now():
                self._waiting.remove(delivery)
                self._sending[delivery.webhook.id] = asyncio.create_task(self._send(delivery))

    def _pause(self) -> float:
        """Seconds until the next one is due; those of a busy webhook are looked at when it is free."""
        pauses = [
            (each.due - each.world.clock.now()).total_seconds()
            for each in self._waiting
            if each.webhook.id not in self._sending
        ]
        return max(0.0, min(pauses, default=_FOR_GOOD))

    async def _send(self, delivery: Delivery) -> None:
        webhook = delivery.webhook
        try:
            if _stands(delivery.world, webhook):
                headers = {"X-Trello-Webhook": signature(self._secret, delivery.body, webhook.callback_url)}
                if delivery.client:
                    headers["X-Trello-Client-Identifier"] = delivery.client
                url = webhook.callback_url
                status = await self._callbacks.ask("POST", url, headers, delivery.body)
                self._settle(delivery, status)
        finally:
            del self._sending[webhook.id]
            self.wake()

    def _settle(self, delivery: Delivery, status: object) -> None:
        world, webhook = delivery.world, delivery.webhook
        self._changed()
        if world.webhooks.get(webhook.id) is None:
            return
        if status == _GONE:
            world.webhooks.remove(webhook)
        elif isinstance(status, int) and 200 <= status < 300:
            webhook.failures, webhook.first_failure = 0, None
        else:
            _count_failure(world, webhook)
            self._try_again(delivery)

    def _try_again(self, delivery: Delivery) -> None:
        if delivery.tries < len(RETRIES):
            delivery.due = delivery.world.clock.now() + dt.timedelta(seconds=RETRIES[delivery.tries])
            delivery.tries += 1
            self._waiting.append(delivery)


def signature(secret: str, body: bytes, callback_url: str) -> str:
    """What X-Trello-Webhook holds: base64 of HMAC-SHA1 over the body's bytes and the callback URL."""
    mac = hmac.new(secret.encode(), body + callback_url.encode(), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode()


def _count_failure(world: World, webhook: Webhook) -> None:
    """Disabled are those that failed for 30 days and more than 1,000 times in a row."""
    webhook.failures += 1
    webhook.first_failure = webhook.first_failure or world.now()
    failing = world.clock.now() - dt.datetime.fromisoformat(webhook.first_failure)
    if failing >= _DISABLED_AFTER and webhook.failures > _DISABLED_ABOVE:
        webhook.active = False


def _watching(world: World, action: Action) -> Iterator[Webhook]:
    """The live webhooks on what an action is about."""
    for model_id in sorted(set(models_of(action))):
        for webhook in list(world.webhooks.of("id_model", model_id).values()):
            if _is_live(world, webhook):
                yield webhook


def _is_live(world: World, webhook: Webhook) -> bool:
    """Whether a webhook is to be told of something new: losing sight of its model disables it."""
    if not _stands(world, webhook):
        return False
    webhook.active = can_see(world, webhook.id_model, world.tokens[webhook.id_token].id_member)
    return webhook.active


def _stands(world: World, webhook: Webhook) -> bool:
    """Whether a webhook is still there and active; an expired token deletes it."""
    if world.webhooks.get(webhook.id) is None:
        return False
    if world.is_expired(world.tokens[webhook.id_token]):
        world.webhooks.remove(webhook)
        return False
    return webhook.active


def _body(world: World, webhook: Webhook, action: Action) -> bytes:
    said: Json = {
        "model": model_shape(world, webhook.id_model),
        "action": shown(world, action, Params({}), display=True),
    }
    if world.switches.webhook_in_body:
        said["webhook"] = project(WEBHOOK, world, webhook, ("all",))
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


# ---- what a webhook may watch


def model_shape(world: World, model_id: str) -> Json | None:
    """The board, list, card, checklist, member or Workspace of that id in full; None for none."""
    tables: tuple[tuple[Any, Any], ...] = (
        (world.boards, BOARD),
        (world.lists, LIST),
        (world.cards, card_shape(world)),
        (world.checklists, CHECKLIST),
        (world.members, MEMBER),
        (world.organizations, ORGANIZATION),
    )
    for table, shape in tables:
        record = table.get(model_id)
        if record is not None:
            return project(shape, world, record, (name for name in shape if name != "limits"))
    return None


def can_see(world: World, model_id: str, member_id: str) -> bool:
    """Whether a member may watch the model: what is on boards that they may read, people, own Workspaces."""
    organization = world.organizations.get(model_id)
    if organization:
        return member_id in organization.memberships
    placed = world.lists.get(model_id) or world.cards.get(model_id) or world.checklists.get(model_id)
    board = world.boards.get(placed.id_board if placed else model_id)
    if board:
        return access.may_read(world, board, world.members[member_id])
    return world.members.get(model_id) is not None

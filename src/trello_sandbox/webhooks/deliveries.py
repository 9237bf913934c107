"""Webhook deliveries: which actions reach which callback URL, signed, retried, and given up on.

Retries wait on the sandbox's clock, so setting it forward brings them on. What is still to be sent is part
of the world: after a restart with a data file it goes on, and what was under way is sent again.
"""

import asyncio
import base64
import contextlib
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any

from trello_sandbox.clock import trello_time
from trello_sandbox.params import Params
from trello_sandbox.serialisers.actions import serialise_action
from trello_sandbox.serialisers.boards import BOARD, LIST
from trello_sandbox.serialisers.cards import CHECKLIST, card_fields
from trello_sandbox.serialisers.fields import serialise
from trello_sandbox.serialisers.people import MEMBER, ORGANIZATION, WEBHOOK
from trello_sandbox.state import access
from trello_sandbox.state.action_log import references
from trello_sandbox.state.records import Action, Delivery, Json, Webhook
from trello_sandbox.state.world import World
from trello_sandbox.webhooks import callbacks

RETRIES = (30, 60, 120)
"""Seconds after each failed attempt until the next; after the last one the delivery is dropped."""
# Documented: a webhook is disabled when both are exceeded. One success resets both.
_DISABLED_AFTER = dt.timedelta(days=30)
_DISABLED_ABOVE = 1_000
_GONE = 410
_FOR_GOOD = 3_600.0


class Deliveries:
    """Hears of every action and sends it on, in the `world` of the moment. Used on the event loop only."""

    def __init__(self, secret: str, world: Callable[[], World], changed: Callable[[], None]) -> None:
        self._secret = secret
        self._world = world
        self._changed = changed
        self._sending: dict[str, asyncio.Task[None]] = {}  # by webhook
        self._woken = asyncio.Event()

    def hear(self, action: Action, client: str) -> None:
        """Queue an action for every webhook that watches something it is about."""
        world = self._world()
        if not len(world.webhooks):
            return
        for webhook in _watching(world, action):
            # The model as it is now: a retry sends the same bytes, whatever has changed since.
            body: Json = {
                "model": serialise_model(world, webhook.id_model),
                "action": serialise_action(world, action, Params({}), with_display=True),
            }
            if world.switches.webhook_in_body:
                body["webhook"] = serialise(WEBHOOK, world, webhook, ("all",))
            text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
            world.deliveries.add(Delivery(action.id + webhook.id, webhook.id, text, client, world.now()))
        self.wake()

    def wake(self) -> None:
        """Look again at what is due: something new came, or the clock was set."""
        self._woken.set()

    def stop(self) -> None:
        """Break off what is being sent. It stays in the world, to be sent again."""
        for task in self._sending.values():
            task.cancel()

    async def keep_sending(self) -> None:
        """Send what is due, one at a time to each webhook and in order. Runs until cancelled."""
        try:
            while True:
                self._woken.clear()
                world = self._world()
                now = world.now()
                for delivery in world.deliveries.all():
                    if delivery.due <= now and delivery.id_webhook not in self._sending:
                        sending = asyncio.create_task(self._send(world, delivery))
                        self._sending[delivery.id_webhook] = sending
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), self._pause())
        finally:
            self.stop()

    def _pause(self) -> float:
        """Seconds until the next one is due; those of a busy webhook are looked at when it is free."""
        world = self._world()
        dues = (each.due for each in world.deliveries.all() if each.id_webhook not in self._sending)
        first = min(dues, default=None)
        if first is None:
            return _FOR_GOOD
        return max(0.0, (dt.datetime.fromisoformat(first) - world.clock.now()).total_seconds())

    async def _send(self, world: World, delivery: Delivery) -> None:
        try:
            webhook = world.webhooks.get(delivery.id_webhook)
            if webhook is None or not _is_active(world, webhook):
                world.deliveries.remove(delivery)
                return
            url, body = webhook.callback_url, delivery.body.encode("utf-8", "surrogatepass")
            # The identifier lets a client ignore its own writes. It is no secret, and no proof.
            headers = {"X-Trello-Webhook": signature(self._secret, body, url)}
            if delivery.client:
                headers["X-Trello-Client-Identifier"] = delivery.client
            status = await callbacks.ask("POST", url, headers, body)
            _settle(world, webhook, delivery, status)
            self._changed()
        finally:
            del self._sending[delivery.id_webhook]
            self.wake()


def _settle(world: World, webhook: Webhook, delivery: Delivery, status: object) -> None:
    """What a callback URL's answer means for the delivery and for the webhook, if that is still there."""
    # Only for HEAD is 200 documented as the one good answer.
    succeeded = isinstance(status, int) and 200 <= status < 300
    if succeeded or status == _GONE or delivery.tries >= len(RETRIES):
        world.deliveries.remove(delivery)
    else:
        delivery.due = trello_time(world.clock.now() + dt.timedelta(seconds=RETRIES[delivery.tries]))
        delivery.tries += 1
    if world.webhooks.get(webhook.id) is None:
        return
    if status == _GONE:
        world.webhooks.remove(webhook)
    elif succeeded:
        webhook.failures, webhook.first_failure = 0, None
    else:
        webhook.failures += 1  # each attempt counts; whether Trello counts deliveries instead is unknown
        webhook.first_failure = webhook.first_failure or world.now()
        failing = world.clock.now() - dt.datetime.fromisoformat(webhook.first_failure)
        if failing >= _DISABLED_AFTER and webhook.failures > _DISABLED_ABOVE:
            webhook.active = False


def signature(secret: str, body: bytes, callback_url: str) -> str:
    """The X-Trello-Webhook header: base64 of HMAC-SHA1 over the body's bytes and the callback URL.

    The key is the secret of the API key, and the URL counts as it was registered, byte for byte.
    """
    # Trello's own sample hashes JSON that it has written anew, which fails where a byte differs.
    mac = hmac.new(secret.encode(), body + callback_url.encode(), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode()


# ---- who watches what


def _watching(world: World, action: Action) -> Iterator[Webhook]:
    """The active webhooks on what an action is about. Losing sight of its model disables a webhook."""
    for model_id in sorted(set(references(action))):
        for webhook in list(world.webhooks.of("id_model", model_id).values()):
            if _is_active(world, webhook):
                webhook.active = can_see(world, model_id, world.tokens[webhook.id_token].id_member)
                if webhook.active:
                    yield webhook


def _is_active(world: World, webhook: Webhook) -> bool:
    """Whether a webhook is still there and active. An expired token deletes it."""
    if world.webhooks.get(webhook.id) is None:
        return False
    if world.is_expired(world.tokens[webhook.id_token]):
        world.webhooks.remove(webhook)
        return False
    return webhook.active


def serialise_model(world: World, model_id: str) -> Json | None:
    """The board, list, card, checklist, member or Workspace of that id in full; None for none."""
    tables: tuple[tuple[Any, Any], ...] = (
        (world.boards, BOARD),
        (world.lists, LIST),
        (world.cards, card_fields(world)),
        (world.checklists, CHECKLIST),
        (world.members, MEMBER),
        (world.organizations, ORGANIZATION),
    )
    for table, fields in tables:
        record = table.get(model_id)
        if record is not None:
            return serialise(fields, world, record, (name for name in fields if name != "limits"))
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

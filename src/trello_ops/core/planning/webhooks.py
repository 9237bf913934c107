"""Which webhook of ours a board keeps, and which ones go.

Ours are the one that we bound by its id, and those on our board that call the address at which we listen now:
of a creation whose answer was lost, or of a store that was. Any other of the same token is somebody else's.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from trello_ops.core.trello import Webhook


@dataclass(frozen=True, slots=True)
class WebhookCare:
    """`keep` is the webhook that stays, if there is one: as it is when `right`, else to be set right."""

    keep: Webhook | None
    right: bool
    remove: tuple[Webhook, ...]


def webhook_care(
    listed: Iterable[Webhook], *, board_id: str | None, bound: str | None, callback: str | None, wanted: bool
) -> WebhookCare:
    """What one board's webhooks need; `wanted` says whether it shall have one.

    `board_id` and `bound` are Trello's ids of the board and of the webhook that the store remembers.
    """
    ours = [
        each for each in listed if each.id == bound or (each.model_id, each.callback) == (board_id, callback)
    ]
    fitting = [each for each in ours if each.model_id == board_id] if wanted else []
    exact = (each for each in fitting if each.callback == callback)
    keep = next(exact, next(iter(fitting), None))
    right = keep is not None and keep.callback == callback and keep.active
    return WebhookCare(keep, right, tuple(each for each in ours if each is not keep))

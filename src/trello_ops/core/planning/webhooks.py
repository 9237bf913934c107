"""Which webhook of ours a board keeps, and which ones go.

Ours are the one that we bound by its id, and those on our board that call the address at which we listen now,
which a creation with a lost answer, or a lost store, left behind. All others of the same token are left
alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from trello_ops.core.trello import Webhook


@dataclass(frozen=True, slots=True)
class WebhookCare:
    """What is to be done with a board's webhooks.

    `keep` stays, if there is one: as it is when `right`, else to be edited. The others of ours go.
    """

    keep: Webhook | None
    right: bool
    remove: tuple[Webhook, ...]


def webhook_care(
    listed: Iterable[Webhook], *, board_id: str | None, bound: str | None, callback: str | None, wanted: bool
) -> WebhookCare:
    """What to do with one board's webhooks; `wanted` says whether it should have one.

    `board_id` and `bound` are Trello's ids of the board and of the webhook that the store remembers.
    """
    ours = [
        each for each in listed if each.id == bound or (each.model_id, each.callback) == (board_id, callback)
    ]
    fitting = [each for each in ours if each.model_id == board_id] if wanted else []
    # One that calls the right address already comes first: Trello would refuse a second like it.
    exact = (each for each in fitting if each.callback == callback)
    keep = next(exact, next(iter(fitting), None))
    right = keep is not None and keep.callback == callback and keep.active
    return WebhookCare(keep, right, tuple(each for each in ours if each is not keep))

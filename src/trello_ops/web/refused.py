"""How many calls were refused, for `status`."""

from trello_ops.core.problems import CALLS
from trello_ops.messages import N_, joined, say
from trello_ops.ports import Services
from trello_ops.telemetry import Tally

REFUSED = ("forged", "replayed", "oversized", "malformed", "slow", "crowded")
"""Kinds of calls that are refused or ignored. The other kinds are `hint` and `own`."""

_OFTEN, _OVER = 60.0, 3600.0
"""Seconds between two notes, and without a refusal until the problem is over."""

_KINDS = {
    "forged": N_("%(count)s forged"),
    "replayed": N_("%(count)s replayed"),
    "oversized": N_("%(count)s oversized"),
    "malformed": N_("%(count)s malformed"),
    "slow": N_("%(count)s slow"),
    "crowded": N_("%(count)s crowded out"),
}


class RefusedCalls:
    """Keeps the problem `job:calls`, which is over when no call was refused for an hour."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._told = 0
        self._told_at: float | None = None

    def note(self, services: Services) -> None:
        """Note what is new, at most once a minute. Raises `StoreError`."""
        now, counts = services.clock.monotonic(), self._tally.counts_told()
        total = sum(counts.values())
        if self._told_at is not None and now < self._told_at + _OFTEN:
            return
        if total > self._told:
            kinds = joined(say(_KINDS[kind], count=count) for kind, count in counts.items())
            message = say(
                "calls to the webhook address were refused since the start of this process: %(kinds)s",
                kinds=kinds,
            )
            services.store.note_problem(str(CALLS), message, services.clock.now())
            self._told, self._told_at = total, now
        elif self._told_at is None or now >= self._told_at + _OVER:
            services.store.clear_problem(str(CALLS))  # also what a process before this one noted
            self._told_at = now

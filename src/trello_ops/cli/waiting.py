"""Waiting until claims that an earlier process left behind may be taken over."""

from trello_ops.cli.output import notice
from trello_ops.messages import say
from trello_ops.operations.claims import wait_for_settling
from trello_ops.operations.context import Context


def let_settle(context: Context) -> bool:
    """Wait until the open claims have settled or are gone. Returns whether there were any, settled or not.

    Claims that change meanwhile belong to a running daemon, and are not waited for a second time.
    """
    services = context.services
    claims, seconds = services.store.claims(), wait_for_settling(context)
    # On a slow machine they may have settled while the pass went on: there is nothing to wait for then.
    if seconds <= 0:
        return bool(claims)
    names = ", ".join(claim.key for claim in claims[:3]) + (", …" if len(claims) > 3 else "")
    notice(
        say(
            "An earlier attempt has not settled: %(names)s. What it sent may still arrive at Trello, so that"
            " it is left alone for up to %(seconds)s seconds before anybody looks.",
            names=names,
            seconds=f"{seconds:.0f}",
        )
    )
    end = services.clock.monotonic() + seconds
    # Looked at once a second: a claim may be released, and its holder may renew it, long before the end.
    while seconds > 0 and services.clock.monotonic() < end:
        services.clock.sleep(min(seconds, 1.0))
        seconds = wait_for_settling(context)
    return True

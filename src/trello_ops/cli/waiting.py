"""Waiting until claims that somebody left behind may be taken over."""

from trello_ops.cli.output import notice
from trello_ops.operations.claims import wait_for_settling
from trello_ops.operations.context import Context


def let_settle(context: Context) -> bool:
    """Wait for the open claims to settle or to go; whether there were any to wait for.

    Claims that change meanwhile belong to a daemon that is well: nobody waits for them twice.
    """
    services = context.services
    seconds = wait_for_settling(context)
    if seconds <= 0:
        return False
    claims = services.store.claims()
    names = ", ".join(claim.key for claim in claims[:3]) + (", …" if len(claims) > 3 else "")
    notice(
        f"An earlier attempt has not settled: {names}. What it sent may still arrive at Trello, so that it"
        f" is left alone for up to {seconds:.0f} seconds before anybody looks."
    )
    end = services.clock.monotonic() + seconds
    while seconds > 0 and services.clock.monotonic() < end:
        services.clock.sleep(min(seconds, 1.0))
        seconds = wait_for_settling(context)
    return True

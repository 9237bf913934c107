"""Whether a process of a fleet can do its work. How its shops fare is another matter, which metrics tell."""

from trello_ops.adapters.store import SqlStore
from trello_ops.errors import StoreError
from trello_ops.fleet.tending import Tending
from trello_ops.web.health import NO_STORE, STORE, Check


def readiness(tending: Tending) -> tuple[Check, ...]:
    """Whether the store answers, and this machine's clock is believed."""
    try:
        SqlStore(tending.database, "").declaration_version()
    except StoreError:
        return (NO_STORE,)
    astray = tending.is_astray
    why = "it is far from Trello's: no cards are made by it" if astray else "not known to be wrong"
    return (STORE, Check("clock", not astray, why))

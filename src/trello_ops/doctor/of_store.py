"""The store, and the disk that it is on."""

from typing import Final

from trello_ops.adapters.store import examine
from trello_ops.doctor.finding import Finding, Level, Patient
from trello_ops.messages import Number, joined, say
from trello_ops.own_store import store_address

SECONDS: Final = 30.0
"""For which a file is read from end to end."""

_MB: Final = 2**20
_LEAST: Final = 200 * _MB
"""Bytes that should be free, beside room for a copy of the store."""


def store(patient: Patient) -> Finding:
    """Whether the store can be used as it is, and whether there is room for it."""
    found = examine(store_address(patient.settings), SECONDS)
    if found is None:
        advice = say("`trello-ops apply` makes it.")
        return Finding("store", Level.FINE, say("there is none yet"), advice)
    told = [say("%(store)s, %(size)s MB", store=found.name, size=Number(round(found.size / _MB)))]
    if found.free is not None:
        told.append(say("%(free)s MB free", free=Number(round(found.free / _MB))))
    if not found.whole:
        told.append(say("too large to be read whole in %(seconds)s seconds", seconds=f"{SECONDS:g}"))
    said = joined(told)
    if not found.current:
        advice = say("Back it up: the next command that uses it brings its tables up to date.")
        return Finding("store", Level.LOOK, joined((said, say("made by an older version"))), advice)
    if found.free is not None and found.free < max(_LEAST, found.size):
        return Finding("store", Level.LOOK, said, say("Make room on the disk: a backup takes as much again."))
    return Finding("store", Level.FINE, said)


def can_be_opened(url: str) -> bool:
    """Whether there is a store that opening it would not change. Raises `StoreError`."""
    found = examine(url, 0)
    return found is not None and found.current

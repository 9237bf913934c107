"""The Plan: ordered changes, counted and hashed."""

import dataclasses
import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from trello_ops.core.card_text import CardText, Checklist
from trello_ops.core.mistakes import Mistake
from trello_ops.core.planning.amendments import FrozenCard
from trello_ops.core.planning.card_parts import Edit
from trello_ops.core.planning.changes import (
    Change,
    CreateTemplateCard,
    FillTemplateCard,
    Risk,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """The ordered changes that turn Trello as it is into what is declared.

    `mistakes` is what is wrong with the files all the same, as far as Trello showed it. `frozen` are the
    cards that stay as they were given, though their task was edited.
    """

    changes: tuple[Change, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    frozen: tuple[FrozenCard, ...] = ()

    def __len__(self) -> int:
        return len(self.changes)

    def only(self, risks: Collection[Risk]) -> "Plan":
        """The part of the plan that has one of these risks, in the same order."""
        return replace(self, changes=tuple(change for change in self.changes if change.risk in risks))

    @property
    def told(self) -> tuple[Change, ...]:
        """The changes as people count them: to fill a template card is part of making it."""
        made = {(c.board, c.key) for c in self.changes if isinstance(c, CreateTemplateCard)}
        return tuple(
            change
            for change in self.changes
            if not (isinstance(change, FillTemplateCard) and (change.board, change.task) in made)
        )

    @property
    def counts(self) -> Mapping[Risk, int]:
        """The number of changes of every risk, zeros included."""
        found = Counter(change.risk for change in self.changes)
        return {risk: found[risk] for risk in Risk}

    @property
    def checksum(self) -> str:
        """A hash of the changes alone, the same on every machine.

        Housekeeping is left out: it falls due by the hour, and the daemon asks nobody for it.
        """
        hashed = [change_as_dict(c) for c in self.changes if c.risk is not Risk.HOUSEKEEPING]
        text = json.dumps(hashed, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def change_as_dict(change: Change) -> dict[str, object]:
    """A change as JSON values, `change` naming its class."""
    # A plan's checksum is taken of this: a field that is added or renamed makes saved plans out of date.
    fields = {f.name: _plain(getattr(change, f.name)) for f in dataclasses.fields(change)}
    return {"change": type(change).__name__, "subject": change.subject, **fields}


def _plain(value: object) -> object:
    if isinstance(value, CardText | Checklist):
        return dataclasses.asdict(value)
    if isinstance(value, Edit):
        return {"from": _plain(value.before), "to": _plain(value.after)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dt.datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)

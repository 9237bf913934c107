"""Days that are counted from a board's named dates, such as 60 before `go_live`."""

import datetime as dt
from collections.abc import Sequence

from trello_ops.core.cadence import NamedDate
from trello_ops.declared.board_file import BoardFile
from trello_ops.declared.rhythm_words import Days
from trello_ops.located_yaml import Path
from trello_ops.messages import say
from trello_ops.wording import choose, shown


def named_by(on: Sequence[Days] | None) -> str:
    """The name of the date from which the days of `on` are counted; empty where they are not."""
    return next((days.counts_from for days in on or () if days.counts_from), "")


def named_date(file: BoardFile, on: Sequence[Days] | None) -> NamedDate | None:
    """The date from which the days of `on` are counted, if the board has it."""
    name, named = named_by(on), file.shape.dates or {}
    return NamedDate(name, named[name]) if name in named else None


def counted(file: BoardFile, on: Sequence[Days]) -> set[dt.date]:
    """The days that are counted from dates of the board, which it has."""
    named = file.shape.dates or {}
    return {named[d.counts_from] + dt.timedelta(days=d.counted) for d in on if d.counts_from in named}


def knows_its_date(file: BoardFile, path: Path, on: Sequence[Days] | None) -> bool:
    """Whether such a day stands alone in `on`, and the board has its date; else it is noted."""
    name, named = named_by(on), file.shape.dates or {}
    flaw = ""
    if name and on and len(on) > 1:
        flaw = say("counts from a named date beside other days: such a day stands alone in `on`")
    # A date that is said wrongly has its problem already.
    elif name and name not in named and not file.says(("dates", name)):
        advice = choose(name, named) if named else say("add it, such as `dates: {go_live: 2027-03-01}`")
        flaw = say("the board has no date `%(name)s`: %(advice)s", name=shown(name), advice=advice)
    if flaw:
        file.problem(path, flaw)
    return not flaw and (not name or name in named)

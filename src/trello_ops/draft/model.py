"""What a source says of duties, before it is a board file: pure values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, on which days and by what time, in the words of board files; each empty where unsaid."""

    cadence: str = ""
    on: tuple[str, ...] = ()
    due: str = ""

    def __or__(self, other: "Rhythm") -> "Rhythm":
        """This one, with what it does not say taken from the other; days go with their cadence."""
        days = self if self.cadence else other
        return Rhythm(days.cadence, days.on, self.due or other.due)


@dataclass(frozen=True, slots=True)
class DraftTask:
    """A duty. `theme` and `people` are as the source names them; `remarks` say what was guessed of it."""

    title: str
    rhythm: Rhythm = Rhythm()
    theme: str = ""
    people: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    description: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A board as a source tells it."""

    title: str
    tasks: tuple[DraftTask, ...]
    remarks: tuple[str, ...] = ()

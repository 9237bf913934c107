"""What the words about people mean: who takes turns, which weekdays somebody works, who is away.

Each function raises `ValueError` for a value that it does not understand, as those of `words` do.
"""

from collections.abc import Collection
from functools import partial

from pydantic import ValidationInfo

from trello_ops.core.people import TurnBy
from trello_ops.declared.words import NOBODY
from trello_ops.messages import Message, say
from trello_ops.suggestions import nearest
from trello_ops.wording import choose, near, shown

_MOST_LISTED = 10
"""Keys that a message lists: more would bury what it says."""
_FRENCH_TURNS = {"semaine": TurnBy.WEEK, "mois": TurnBy.MONTH}
TURN_WORDS = (*TurnBy, *_FRENCH_TURNS)
"""What `by` may say."""

_NOBODYS_TURN = say("`nobody` cannot take a turn: leave it out, and name two people or more")
_WITHIN_ROTATE = ("people", "by", "since")


# ---- Rounds -----------------------------------------------------------------------------------------


def kind_of_assignment(value: object) -> str:
    """Whether `assign` tells of a round, or names people."""
    return "round" if isinstance(value, dict) else "named"


def no_group_in_list(value: object) -> object:
    """What `assign` says, if it does not hide a round among people."""
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        raise ValueError(
            say(
                "holds a group within a list: write a round as `%(line)s`",
                line="assign: {rotate: [amal, karim]}",
            )
        )
    return value


def turns(value: object) -> object:
    """`[a, b]` is short for `{people: [a, b]}`."""
    return value if isinstance(value, dict) else {"people": value}


def at_least_two(people: tuple[str, ...]) -> tuple[str, ...]:
    """The same people, if they can take turns."""
    if len(people) > 1:
        return people
    if not people:
        raise ValueError(_NOBODYS_TURN)
    message = say(
        "needs two people or more, to take turns: write it like `[amal, karim]`, or `assign: %(one)s` without"
        " `rotate`",
        one=shown(people[0]),
    )
    raise ValueError(message)


def in_turn(name: str, info: ValidationInfo) -> str:
    """The key of somebody who takes turns."""
    if name == NOBODY:
        raise ValueError(_NOBODYS_TURN)
    known = getattr(info.context, "people", None)
    if known is not None and name not in known:
        raise ValueError(partial(unknown_person, name, known))
    return name


def unknown_person(name: str, known: Collection[str]) -> Message:
    """What is said of a key that no person has. Of many people not all are listed."""
    # People are called by their names too: `Inès Rami` for `ines`.
    advice = near(name, known) or near(name.partition(" ")[0], known)
    if not advice and len(known) > _MOST_LISTED:
        advice = say("write a key that stands under `people` in workspace.yaml")
    advice = advice or choose("", known)
    return say("there is no person `%(name)s`: %(advice)s", name=shown(name), advice=advice)


def turn_by(value: object) -> TurnBy:
    """How long somebody holds a turn."""
    if isinstance(value, str) and value in TURN_WORDS:
        return _FRENCH_TURNS.get(value) or TurnBy(value)
    advice = choose(str(value), list(TurnBy))
    raise ValueError(say("is `%(value)s`: %(advice)s", value=shown(value), advice=advice))


def place_of(name: str, known: Collection[str]) -> Message | None:
    """Where a name belongs that a group does not know (it knows `known`); `None` for other names."""
    if nearest(name, ["stand_in"]) and "absences" in known:
        return say(
            "write it in `absences`, as `%(line)s`",
            line="absences: [{from: 2026-11-02, to: 2026-11-06, stand_in: karim}]",
        )
    if name == "rotate" and "assign" in known:
        return say("write it in `assign`, as `%(line)s`", line="assign: {rotate: [amal, karim]}")
    if name in _WITHIN_ROTATE and list(known) == ["rotate"]:
        return say(
            "write it in `rotate`, as `%(line)s`",
            line="assign: {rotate: {people: [amal, karim], by: week, since: 2026-11-02}}",
        )
    return None

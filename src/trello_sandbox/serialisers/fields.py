"""How a record becomes Trello's JSON: by a serialiser for each field of its kind.

`Fields` map a field's name to a function of the world and the record, in the order in which Trello sends
them. The modules beside this one hold those of every kind.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from trello_sandbox.state.records import Json
from trello_sandbox.state.tables import Record
from trello_sandbox.state.world import World

R = TypeVar("R", bound=Record)
Fields = Mapping[str, Callable[[World, R], Any]]


def serialise(fields: Fields[R], world: World, record: R, names: Iterable[str]) -> Json:
    """The record's `id` and the named fields; `all` stands for every field.

    Trello leaves out names that it does not know, instead of complaining.
    """
    wanted = tuple(names)
    if "all" in wanted:
        wanted = tuple(fields)
    answer = {"id": record.id}  # always sent, whatever was asked for
    for name in wanted:
        if name in fields:
            answer[name] = fields[name](world, record)
    return answer

"""`GET /{object}/{id}/{field}`: one field of any object, named in any case."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from trello_sandbox import errors
from trello_sandbox.api.call import Call, Handler
from trello_sandbox.serialisers.fields import Fields
from trello_sandbox.state.tables import Record

R = TypeVar("R", bound=Record)


def reader(find: Callable[[Call], R], fields: Fields[R]) -> Handler:
    """A handler that reads the field named in the path off the record that `find` finds."""

    def read(call: Call) -> Any:
        record = find(call)
        return answer(fields[known(call, fields)](call.world, record))

    return read


def known(call: Call, fields: Collection[str]) -> str:
    """The field that a path names, in its own case. 400 for none."""
    named = call.path["field"].lower()
    found = next((each for each in fields if each.lower() == named), None)
    if found is None:
        raise errors.invalid_value("field")
    return found


def answer(value: Any) -> Any:
    """A field's value as a read of it alone answers: recorded bare for objects and lists."""
    return value if isinstance(value, dict | list) else {"_value": value}

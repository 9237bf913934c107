"""`GET /{object}/{id}/{field}`: one field of any object, as `{"_value": …}`."""

from collections.abc import Callable
from typing import TypeVar

from trello_sandbox import errors
from trello_sandbox.api.call import Call, Handler
from trello_sandbox.serialisers.fields import Shape
from trello_sandbox.state.records import Json
from trello_sandbox.state.world import Record

R = TypeVar("R", bound=Record)


def reader(find: Callable[[Call], R], shape: Shape[R]) -> Handler:
    """A handler that reads the field named in the path off the record that `find` finds."""

    def read(call: Call) -> Json:
        record, name = find(call), call.path["field"]
        if name not in shape:
            raise errors.invalid_value("field")
        return {"_value": shape[name](call.world, record)}

    return read

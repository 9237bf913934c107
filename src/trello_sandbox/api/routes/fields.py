"""`GET /{object}/{id}/{field}`: one field of any object, as `{"_value": …}`."""

from collections.abc import Callable
from typing import TypeVar

from trello_sandbox import errors
from trello_sandbox.api.call import Call, Handler
from trello_sandbox.serialisers.fields import Fields
from trello_sandbox.state.records import Json
from trello_sandbox.state.tables import Record

R = TypeVar("R", bound=Record)


def reader(find: Callable[[Call], R], fields: Fields[R]) -> Handler:
    """A handler that reads the field named in the path off the record that `find` finds."""

    def read(call: Call) -> Json:
        record, name = find(call), call.path["field"]
        if name not in fields:
            raise errors.invalid_value("field")
        return {"_value": fields[name](call.world, record)}

    return read

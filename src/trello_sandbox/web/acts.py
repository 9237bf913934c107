"""A form submitted on a card's page, as the request to the API that does the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from trello_sandbox import errors

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Act:
    """A request to the API, and the part of the card's page to come back to."""

    method: str
    path: str
    values: Mapping[str, str] = field(default_factory=dict)
    anchor: str = ""


def act(name: str, card: str, form: Form) -> Act:
    """What the form `name` asks for. ApiError for an unknown form or a missing field."""
    if name not in _FORMS:
        raise errors.not_found()
    return _FORMS[name](f"/cards/{quote(card, safe='')}", form)


def _field(form: Form, name: str) -> str:
    if name not in form:
        raise errors.invalid_value(name)
    return form[name]


def _item(card: str, form: Form) -> Act:
    # The item's id and its new state, so that a form that is sent twice does not undo itself.
    item_id, _, state = _field(form, "item").partition(" ")
    return Act("PUT", f"{card}/checkItem/{quote(item_id, safe='')}", {"state": state}, f"i-{item_id}")


_FORMS: Mapping[str, Callable[[str, Form], Act]] = {
    "tick": lambda card, form: Act("PUT", card, {"dueComplete": _field(form, "done")}),
    "item": _item,
    "move": lambda card, form: Act("PUT", card, {"idList": _field(form, "list"), "pos": "top"}),
    "archive": lambda card, form: Act("PUT", card, {"closed": _field(form, "closed")}),
    # Forms send CRLF whatever the reader's machine writes; comments made through the API have LF.
    "comment": lambda card, form: Act(
        "POST",
        f"{card}/actions/comments",
        {"text": _field(form, "text").replace("\r\n", "\n").strip()},
        "activity",
    ),
    "label": lambda card, form: (
        Act("DELETE", f"{card}/idLabels/{quote(form['off'], safe='')}")
        if "off" in form
        else Act("POST", f"{card}/idLabels", {"value": _field(form, "on")})
    ),
}

"""A document against its shape: every flaw in plain words and in its place, and what is sound of it."""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from trello_ops.declared.fields import References
from trello_ops.declared.findings import Findings
from trello_ops.declared.people_words import place_of
from trello_ops.declared.shape import Shape
from trello_ops.hidden_characters import complaint
from trello_ops.located_yaml import Document, Path, Value, lost_text
from trello_ops.messages import say, say_count
from trello_ops.suggestions import nearest
from trello_ops.wording import choose, sentence
from trello_ops.yaml_mistakes import no_space

MOST_TOLD = 200
"""Mistakes of one file that are told: more are of one kind, or the file is none of ours."""

_GROUPS = ("people", "themes", "slots", "tasks")
"""Fields in which one wrong entry leaves the others sound."""

_UNKNOWN = "extra_forbidden"
"""Pydantic's word for a name that a group does not know."""
_OF_LENGTH = frozenset({"missing", "string_too_short", "string_too_long"})
_FREE_TEXT = frozenset({"title", "description", "name", "reason"})
"""What people write as they like."""

_EMPTY = say("is empty: give it a value, or delete the line")

S = TypeVar("S", bound=Shape)


def check(
    document: Document,
    shape: type[S],
    references: References | None,
    stand_ins: Mapping[str, Value],
    findings: Findings,
) -> S | None:
    """The sound part of a document that holds names and values; `None` where too little is sound.

    What is wrong is added to the findings and left out. Where a required field is lost with it, its stand-in
    takes the place, so that one mistake does not hide the others.
    """
    _warn_of_lost_text(document, document.entries, findings)
    try:
        found = shape.model_validate(document.entries, context=references)
        flaws: list[Path] = []
    except ValidationError as error:
        flaws = _noted(document, shape, error.errors(include_url=False), findings)
    # Where a field may be left out, pydantic takes an empty value for its absence, and says nothing.
    for path in _empty_values(document.entries):
        lost = document.lost(path)
        message = lost_text(lost) if lost else no_space(str(path[-1])) or _EMPTY
        findings.problems.append(document.problem(path, message))
        flaws.append(path)
    return found if not flaws else _rest(document.entries, flaws, shape, references, stand_ins)


def _warn_of_lost_text(document: Document, value: Value, findings: Findings, path: Path = ()) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _warn_of_lost_text(document, inner, findings, (*path, key))
    elif (
        path[-1:]
        and value is not None
        and (path[-1] in _FREE_TEXT or path[0] in {"lists", "holiday_dates"})
        and (lost := document.lost(path))
    ):
        findings.warnings.append(document.problem(path, lost_text(lost)))


def _noted(
    document: Document, shape: type[Shape], details: list[ErrorDetails], findings: Findings
) -> list[Path]:
    """The paths that pydantic's errors are about. The first of them are added to the findings in words."""
    meant = {_meant(document, shape, each) for each in details[:MOST_TOLD] if each["type"] == _UNKNOWN}
    # What stands there by another name is not missing as well.
    details = [each for each in details if each["type"] != "missing" or _whole(document, each) not in meant]
    flaws = [_note(document, shape, detail, findings) for detail in details[:MOST_TOLD]]
    if more := details[MOST_TOLD:]:
        flaws += (document.placed(detail["loc"]) for detail in more)
        message = say_count(
            "%(count)s more mistake is not listed: correct these first",
            "%(count)s more mistakes are not listed: correct these first",
            len(more),
        )
        findings.problems.append(document.problem(flaws[MOST_TOLD], message))
    return flaws


def _meant(document: Document, shape: type[Shape], detail: ErrorDetails) -> Path:
    """The path that is meant by one with a name that is not known; empty where that cannot be told."""
    *group, name = _whole(document, detail)
    name = nearest(str(name).partition(":")[0], _names_at(shape, tuple(group))) or ""
    return (*group, name) if name else ()


def _whole(document: Document, detail: ErrorDetails) -> Path:
    """The path of what an error is about, with its name, be it in the text or missing."""
    path, name = document.placed(detail["loc"]), detail["loc"][-1]
    return path if path[-1:] == (name,) else (*path, name)


def _note(document: Document, shape: type[Shape], detail: ErrorDetails, findings: Findings) -> Path:
    """Add one of pydantic's errors to the findings, and return the path that it is about."""
    path = document.placed(detail["loc"])
    kind = detail["type"]
    if kind == "missing":
        path = (*path, str(detail["loc"][-1]))
    elif detail["input"] is None:
        return path  # an empty value, which `check` puts into better words
    of_name = kind == _UNKNOWN or detail["loc"][-1:] == ("[key]",)
    wrong = path[-1] if of_name else detail["input"]
    odd = complaint(wrong) if isinstance(wrong, str) and kind not in _OF_LENGTH else None
    message = odd or sentence(kind, detail.get("ctx", {}), detail["input"])
    if odd and of_name:
        problem = document.problem_with_key(path, odd)
    elif kind == _UNKNOWN:
        known = _names_at(shape, path[:-1])
        advice = place_of(str(path[-1]), known) or choose(str(path[-1]), known)
        problem = document.problem_with_key(path, say("is not a name known here: %(advice)s", advice=advice))
    elif detail["loc"][-1:] == ("[key]",):
        problem = document.problem_with_key(path, message)
    else:
        problem = document.problem(path, message)
    findings.problems.append(problem)
    return path


def _names_at(shape: Any, path: Path) -> tuple[str, ...]:
    """The names that a group at this path of the shape may hold."""
    for step in path:
        group = _group(shape)
        if _is_shape(group) and isinstance(step, str):
            shape = next(f.annotation for name, f in group.model_fields.items() if (f.alias or name) == step)
        else:
            shape = get_args(group)[-1] if get_origin(group) is dict else get_args(group)[0]
    while not _is_shape(group := _group(shape)):  # one group may stand for a list of one
        shape = get_args(group)[0]
    return tuple(field.alias or name for name, field in group.model_fields.items())


def _group(shape: Any) -> Any:
    """The group of names, the names by key, or the list, in what is around it."""
    while get_origin(shape) in {Annotated, Union, UnionType}:
        options = [each for each in get_args(shape) if _is_group(each)]
        shape = options[0] if get_origin(shape) is not Annotated else get_args(shape)[0]
    return shape


def _is_group(shape: Any) -> bool:
    if get_origin(shape) in {Annotated, Union, UnionType}:
        return any(map(_is_group, get_args(shape)))
    return get_origin(shape) is not None or _is_shape(shape)


def _is_shape(shape: Any) -> bool:
    return isinstance(shape, type) and issubclass(shape, BaseModel)


def _empty_values(value: Value, path: Path = ()) -> Iterator[Path]:
    if value is None:
        yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _empty_values(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _empty_values(inner, (*path, index))


def _rest(
    value: Mapping[str, Value],
    flaws: list[Path],
    shape: type[S],
    references: References | None,
    stand_ins: Mapping[str, Value],
) -> S | None:
    """What is sound without the entry of a group, or else the field, that each flaw lies in."""
    dropped = {path[:2] if path[0] in _GROUPS else path[:1] for path in flaws if path}
    kept: dict[str, Value] = {}
    for name, inner in value.items():
        if (name,) in dropped:
            continue
        if isinstance(inner, dict):
            kept[name] = {key: entry for key, entry in inner.items() if (name, key) not in dropped}
        else:
            kept[name] = inner
    try:
        return shape.model_validate({**stand_ins, **kept}, context=references)
    except ValidationError:
        return None

"""fleet.yaml: which shops there are, and by which key and token each is tended. It holds no secret itself."""

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from trello_ops.declared import words
from trello_ops.declared.check import check
from trello_ops.declared.fields import Key, Text, Title
from trello_ops.declared.findings import Findings
from trello_ops.declared.report_shapes import Recipients
from trello_ops.declared.shape import Shape
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.folder_files import Folder
from trello_ops.located_yaml import Document, parse
from trello_ops.located_yaml import Path as Place
from trello_ops.messages import Message, say
from trello_ops.plain_text import Unreadable
from trello_ops.wording import choose

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STAND_IN = re.compile(r"\{([^{}]*)\}")
_SECRET = re.compile(r"(?i)[0-9a-f]{24,}|ATT[A-Z]\w{12,}|(?<=://)[^\s`]+")
"""What a key, a token, or an address with a password looks like."""

_STAND_IN_BRACES = re.compile(r"\{.*[^\"'\s]?\{(?:NAME|name)\}")
"""Within braces, YAML takes those of a name for braces of its own."""

_QUOTES = say("text with `{NAME}` or `{name}` within braces is not understood: put it in quotes")
_A_SECRET = say(
    "looks like a secret, which stands in no file of a fleet: put it into the environment, or into a file of"
    " its own, and write the variable's name here, or `file:` and the path"
)
_ONE_OF_TWO = say(
    "should be the name of an environment variable, such as `TOKEN_{NAME}`, or `file:` and a path: one of"
    " the two"
)


# ---- Fields -----------------------------------------------------------------------------------------


def _not_secret(text: object) -> object:
    if isinstance(text, str) and _SECRET.search(text):
        raise ValueError(_A_SECRET)
    return text


def _variable(text: str) -> str:
    """The name of an environment variable. No message quotes it: it may be a secret all the same."""
    _not_secret(text)
    _stand_ins_known(text, {"NAME"})
    if not _VARIABLE.fullmatch(text.replace("{NAME}", "X")):
        raise ValueError(
            say("is no name of an environment variable: write letters, digits and `_`, such as `TRELLO_KEY`")
        )
    return text


def _file(text: str) -> str:
    if _SECRET.fullmatch(text):  # not a part: some keepers of secrets name files so
        raise ValueError(_A_SECRET)
    _stand_ins_known(text, {"name", "NAME"})
    return text


def _stand_ins_known(text: str, known: set[str]) -> None:
    for name in _STAND_IN.findall(text):
        if name not in known:
            advice = choose("", [f"{{{each}}}" for each in sorted(known)])
            raise ValueError(say("only a shop's name can be filled in here: %(advice)s", advice=advice))


def _as_group(name: str, value: object) -> object:
    """A text alone is short for a group with this one field."""
    return {name: value} if isinstance(value, str) else value


class SourceShape(Shape):
    """Where a secret is: in an environment variable, or in a file."""

    env: Annotated[str, AfterValidator(_variable)] | None = None
    file: Annotated[Text, AfterValidator(_file)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.env is None) == (self.file is None):
            raise ValueError(_ONE_OF_TWO)
        return self


def _is_fixed(source: SourceShape) -> SourceShape:
    if _STAND_IN.search(source.env or source.file or ""):
        raise ValueError(say("is a key for several shops, so that no shop's name can be filled in"))
    return source


Source = Annotated[SourceShape, BeforeValidator(lambda value: _as_group("env", value))]
_FixedSource = Annotated[Source, AfterValidator(_is_fixed)]
KeyName = Annotated[Key, BeforeValidator(_not_secret)]
_Labels = Annotated[tuple[Key, ...], BeforeValidator(words.one_or_several)]


class KeyShape(Shape):
    """A key of Trello's API."""

    key: _FixedSource
    secret: _FixedSource | None = None


class TendedShape(Shape):
    """What may be said of one shop, of several, or of all."""

    templates_from: Text | None = None
    key: KeyName | None = None
    token: Source | None = None
    labels: _Labels | None = None
    smtp: Source | None = None
    mail_from: Text | None = None
    notify: Source | None = None
    heartbeat: Source | None = None


class ShopShape(TendedShape):
    """A shop's folder, or a pattern that several match."""

    folder: Annotated[Text, AfterValidator(words.one_line)]


class AgencyShape(Shape):
    """Who gets the week of all shops, what these are called together, and in which language it is told."""

    to: Recipients
    name: Title | None = None
    locale: Literal["fr", "en"] = "fr"


class FleetShape(Shape):
    """fleet.yaml."""

    keys: dict[KeyName, KeyShape] = Field(default_factory=dict)
    defaults: TendedShape = TendedShape()
    report: AgencyShape | None = None
    shops: list[Annotated[ShopShape, BeforeValidator(lambda value: _as_group("folder", value))]] = Field(
        min_length=1
    )


# ---- Reading ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FleetFile:
    """A sound fleet.yaml, with the place of each of its values. Paths in it begin at its `folder`."""

    folder: Path
    said: FleetShape
    document: Document

    def problem(self, place: Place, message: str) -> Problem:
        """A problem with what stands at a place, or at as much of it as there is."""
        return without_secrets(self.document.problem(self.document.placed(place), message))


def read(path: Path) -> FleetFile:
    """Read fleet.yaml. Raises `InvalidDeclaration` with every problem, none of which quotes a secret."""
    findings = Findings()
    document = _document(path)
    findings.problems.extend(document.problems)
    said = None
    if document.entries:
        said = check(document, FleetShape, None, {"shops": ["-"]}, findings)
    elif not document.problems:
        findings.problem(document, (), say("should hold `name: value` lines, as docs/fleet.md shows"))
    if said:
        _check_keys(said, document, findings)
    if findings.problems or said is None:
        raise InvalidDeclaration(tuple(map(without_secrets, findings.sorted_problems())))
    return FleetFile(path.parent, said, document)


def _document(path: Path) -> Document:
    real = Path(os.path.realpath(path))
    try:
        text = Folder(real.parent).text(real)
    except Unreadable as error:
        raise InvalidDeclaration((Problem(str(path), error.line, error.column, "", error.message),)) from None
    document, lines = parse(text, str(path)), text.splitlines()
    problems = (
        replace(each, message=_QUOTES) if _STAND_IN_BRACES.search(lines[each.line - 1 :][0]) else each
        for each in document.problems
        if lines[each.line - 1 :]
    )
    return replace(document, problems=tuple(problems)) if document.value is None else document


def _check_keys(said: FleetShape, document: Document, findings: Findings) -> None:
    """Every key that shops name has to be there."""
    named: list[tuple[Place, TendedShape]] = [(("defaults",), said.defaults)]
    if document.has(("shops", 0)):
        named += [(("shops", at), shop) for at, shop in enumerate(said.shops)]
    for place, shape in named:
        if shape.key and shape.key not in said.keys:
            advice = choose(shape.key, said.keys)
            message = say("there is no key `%(name)s`: %(advice)s", name=shape.key, advice=advice)
            findings.problem(document, (*place, "key"), message)


def without_secrets(problem: Problem) -> Problem:
    """The same problem with `…` for whatever looks like a secret: people put them anywhere."""
    return replace(problem, path=_SECRET.sub("…", problem.path), message=_hidden(problem.message))


def _hidden(text: str) -> str:
    if isinstance(text, Message):
        values = {name: _hidden(v) if isinstance(v, str) else v for name, v in text.values.items()}
        return Message(text.template, values, text.plural)
    return _SECRET.sub("…", text)

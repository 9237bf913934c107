"""YAML that remembers where everything stands, so that messages can name line and column.

Scalars are read by YAML 1.2's core schema: `true`, `false`, `null`, whole and decimal numbers are values,
everything else is text, also `no`, `yes`, `12:30` and dates. Anchors, aliases and tags are refused.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Self, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from trello_ops.errors import Problem
from trello_ops.hidden_characters import HIDDEN, named, without
from trello_ops.messages import Message, Number, say
from trello_ops.wording import shown
from trello_ops.yaml_mistakes import hidden_at_sign, hidden_indent, lines_of, locate

Path: TypeAlias = tuple[str | int, ...]
Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"

DEEPEST = 40
"""Deeper nesting is refused; no file of ours comes near."""

MOST_VALUES = 10_000
"""Values in one text; no file of ours comes near that either."""

LONGEST = 5_000_000 if yaml.__with_libyaml__ else 500_000
"""Characters that are read in a few seconds."""

_MOST_DIGITS = 300
"""Digits of a whole number: Python reads more, but some it would not write any more."""

# libyaml is much faster where it is installed, but calls some errors by other words: see `_HINTS`.
_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_SIGN_AND_HIDDEN = re.compile(rf"([a-z_]+[{HIDDEN}]*:|-)[{HIDDEN}]")
_NO_SPACE_AFTER_DASH = re.compile(r"\s*(-[^\W\d]|[•▪·])")
_CUT = re.compile(r"\s+(#\S.*)")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

_TAB = say("a tab stands where spaces should be: indent with spaces")
_START = say("text that begins with `@`, `%%`, a backquote or a tab is not understood: put it in quotes")
_COLON = say(
    "a `:` stands where none can be: align the line with its neighbours, and put text with `: ` in quotes"
)
_ALIGN = say("the line does not fit the lines before it: align it with its neighbours, and check its quotes")
_DASH = say("a list ends here without saying so: begin the line with `- `, or indent it less")
_QUOTE = say("a quotation mark is never closed: add the closing one")
_BRACKET = say("a bracket is never closed, or a comma, a value, or quotes around text with `: ` are missing")
_ENTRY = say("a `-` stands where none can be: give each entry a line of its own, aligned with its neighbours")
_ESCAPE = say("a backslash stands in a text in double quotes: use single quotes instead")
_OTHER = say("this line is not understood: check its quotes, its colons and how far it is indented")
_HINTS = {
    "tab character": _TAB,
    "cannot start any token": _START,
    "mapping values are not allowed": _COLON,
    "expected key": _ALIGN,
    "expected <block end>": _ALIGN,
    "expected '-'": _DASH,
    "unexpected end of stream": _QUOTE,
    "expected ','": _BRACKET,
    "expected node content": _BRACKET,
    "sequence entries are not allowed": _ENTRY,
    "unknown escape character": _ESCAPE,
    "<document start>": _ALIGN,
    "directive": _START,
    "expected the node content": _BRACKET,
}
"""Our words by those of libyaml, or of PyYAML where libyaml is missing."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class _Marks:
    """Where keys and values stand, by path."""

    keys: dict[Path, Position] = field(default_factory=dict)
    values: dict[Path, Position] = field(default_factory=dict)
    cut: dict[Path, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """A parsed text: plain values, the problems found, and the place of every key and value.

    `value` is `None` for an empty text and after a syntax error. Of a duplicate key the first value stays.
    """

    file: str
    value: Value
    problems: tuple[Problem, ...]
    _marks: _Marks
    _first_line: int
    _other_names: Mapping[Path, Path] = field(default_factory=dict)

    def also(self, other_names: Mapping[Path, Path]) -> Self:
        """The same, but what stands at some paths is found at others too; problems name where it stands."""
        marks = self._marks
        keys = {other: marks.keys[path] for other, path in other_names.items() if path in marks.keys}
        values = {other: marks.values[path] for other, path in other_names.items() if path in marks.values}
        found = _Marks({**marks.keys, **keys}, {**marks.values, **values}, marks.cut)
        return replace(self, _marks=found, _other_names=other_names)

    @property
    def entries(self) -> dict[str, Value]:
        """The top-level names and their values; empty where the text is no mapping."""
        return self.value if isinstance(self.value, dict) else {}

    def lost(self, path: Path) -> str:
        """What follows a text without quotes behind ` #`, and seems to belong to it: `#1` of `Relever #1`."""
        return self._marks.cut.get(path, "")

    def where(self, path: Path) -> tuple[int, int]:
        """Line and column of a value; of the nearest ancestor's key where the path does not exist."""
        found = self._marks.values.get(path)
        return (found.line, found.column) if found else self.where_key(path[:-1])

    def where_key(self, path: Path) -> tuple[int, int]:
        """Line and column of a mapping entry's key; of the value where there is no key, as in a list."""
        found = self._marks.keys.get(path) or self._marks.values.get(path)
        if found:
            return found.line, found.column
        return self.where_key(path[:-1]) if path else (self._first_line, 1)

    def has(self, path: Path) -> bool:
        """Whether something stands there."""
        return path in self._marks.values

    def placed(self, path: Path) -> Path:
        """The steps of a path that stand in the text: one value may stand for a list of one, say."""
        found: Path = ()
        for step in path:
            if (*found, step) in self._marks.values:
                found = (*found, step)
        return found

    def problem(self, path: Path, message: str) -> Problem:
        """A problem with the value at a path, or with its absence."""
        return Problem(self.file, *self.where(path), dotted(self._own(path)), message)

    def problem_with_key(self, path: Path, message: str) -> Problem:
        """A problem with the name of an entry, not with its value."""
        return Problem(self.file, *self.where_key(path), dotted(self._own(path)), message)

    def _own(self, path: Path) -> Path:
        """The path at which it stands in the text."""
        beginnings = (path[:end] for end in range(len(path), 0, -1))
        other = next((each for each in beginnings if each in self._other_names), ())
        return self._other_names[other] + path[len(other) :] if other else path


def parse(text: str, file: str, first_line: int = 1) -> Document:
    """Read one YAML document; `first_line` is the number of the text's first line within `file`."""
    builder = _Builder(file, first_line)
    value: Value = None
    try:
        value = builder.build(text)
    except _Refused as refused:
        builder.problems.append(refused.problem)
    return Document(file, value, tuple(builder.problems), builder.marks, first_line)


def lost_text(lost: str) -> Message:
    """What is to be said of a text that ends before `lost`, which was meant to belong to it."""
    return say(
        "`%(lost)s` is lost, as a `#` after a space begins a remark: put the text in quotes", lost=shown(lost)
    )


def dotted(path: Path) -> str:
    """`("tasks", "stock", "on", 1)` as `tasks.stock.on[1]`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


class _Refused(Exception):
    """The text cannot be read any further."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message)


class _Builder:
    """Builds values from PyYAML's events."""

    # Events, not nodes: libyaml's composer recurses in C and takes the process down on deep nesting.

    def __init__(self, file: str, first_line: int) -> None:
        self.problems: list[Problem] = []
        self.marks = _Marks()
        self._file = file
        self._first_line = first_line
        self._events: Iterator[Event] = iter(())
        self._lines: list[str] = []
        self._long_quote: ScalarEvent | None = None
        self._values = 0

    def build(self, text: str) -> Value:
        if len(text) > LONGEST:
            message = say("is longer than %(most)s characters: split it", most=Number(LONGEST))
            raise _Refused(Problem(self._file, self._first_line, 1, "", message))
        # PyYAML refuses control characters as well, but with an error that names no line.
        if found := yaml.reader.Reader.NON_PRINTABLE.search(text):
            before = text[: found.start()]
            line = self._first_line + before.count("\n")
            column = found.start() - before.rfind("\n")
            message = say("holds the control character %(code)s: delete it", code=f"U+{ord(found[0]):04X}")
            raise _Refused(Problem(self._file, line, column, "", message))
        self._lines = lines_of(text)
        try:
            self._events = yaml.parse(text, Loader=_LOADER)
            return self._document()
        except yaml.MarkedYAMLError as error:
            raise _Refused(self._syntax_problem(error)) from error

    def _document(self) -> Value:
        next(self._events)
        if isinstance(next(self._events), StreamEndEvent):
            return None
        value = self._node(next(self._events), ())
        next(self._events)
        after = next(self._events)
        if isinstance(after, DocumentStartEvent):
            self._complain(after, (), say("a second document begins here: keep one in each file"))
        return value

    def _node(self, event: Event, path: Path) -> Value:
        # This calls itself for every level: without a limit, deep nesting would end in Python's own.
        if len(path) > DEEPEST:
            message = say("is nested more than %(most)s levels deep: simplify it", most=DEEPEST)
            raise _Refused(self._problem(event, (), message))
        self._values += 1  # not those kept: of names that come again, only the first is
        if self._values > MOST_VALUES:
            message = say("holds more than %(most)s values: split it", most=Number(MOST_VALUES))
            raise _Refused(self._problem(event, (), message))
        self.marks.values.setdefault(path, self._position(event))
        if isinstance(event, AliasEvent):
            self._complain(
                event, path, say("`*%(name)s` is not supported here: write the value out", name=event.anchor)
            )
        if tag := getattr(event, "tag", None):
            self._complain(
                event,
                path,
                say("the tag %(tag)s is not supported here: remove it; for text use quotes", tag=tag),
            )
        if isinstance(event, SequenceStartEvent):
            items: list[Value] = []
            while not isinstance(item := next(self._events), SequenceEndEvent):
                items.append(self._node(item, (*path, len(items))))
            return items
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        return self._scalar(event, path) if isinstance(event, ScalarEvent) else None

    def _mapping(self, path: Path) -> dict[str, Value]:
        entries: dict[str, Value] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._key(event, path)
            here = (*path, key)
            # YAML libraries keep the last one without a word: half of what somebody declared would vanish.
            if key in entries:
                first = self.marks.keys[here].line
                self._complain(
                    event, here, say("is already given in line %(line)s: keep one of the two", line=first)
                )
            self.marks.keys.setdefault(here, self._position(event))
            value = self._node(next(self._events), here)
            entries.setdefault(key, value)
        return entries

    def _key(self, event: Event, path: Path) -> str:
        """A key, which is text also where it was meant as a number, so that the rest can still be checked."""
        if not isinstance(event, ScalarEvent):
            raise _Refused(
                self._problem(
                    event,
                    path,
                    say("a name must be plain text: put text that begins with `{` or `[` in quotes"),
                )
            )
        self._remember(event)
        key = self._seen(event, path) if event.implicit[0] else event.value
        # `implicit[0]`: it stands there without quotes, so that its look decides its type.
        if event.implicit[0] and not isinstance(_resolve(key), str):
            self._complain(
                event, (*path, key), say("a name must be text: write it in quotes, '%(name)s'", name=key)
            )
        return key

    def _seen(self, event: ScalarEvent, path: Path) -> str:
        """A name without characters that cannot be seen, of which it complains."""
        key = without(event.value)
        if key != event.value:
            line = self._line_of(event)
            if message := hidden_indent(line):
                raise _Refused(self._problem(event, (), message))
            within = say("%(hidden)s stands in this name: delete it", hidden=named(event.value) or "")
            self._complain(event, (*path, key), hidden_at_sign(line) or within)
        return key

    def _scalar(self, event: ScalarEvent, path: Path) -> Value:
        self._remember(event)
        if not event.implicit[0]:
            return event.value
        # `title:` and such a space: no name and value to YAML, but one text.
        if _SIGN_AND_HIDDEN.match(event.value) and (message := hidden_at_sign(self._line_of(event))):
            raise _Refused(self._problem(event, path, message))
        line = self._line_of(event)
        if (dash := _NO_SPACE_AFTER_DASH.match(line)) and event.value.startswith(dash[1][0]):
            entry = f"- {line.strip()[1:].strip()}"
            message = say("an entry of a list is written `%(entry)s`", entry=entry)
            raise _Refused(self._problem(event, path, message))
        end = event.end_mark
        if end and (cut := _CUT.match(self._line(end.line), end.column)):
            self.marks.cut[path] = cut[1]
        try:
            return _resolve(event.value)
        except ValueError:
            self._complain(
                event, path, say("is a number with too many digits: put it in quotes if it is text")
            )
            return None

    def _syntax_problem(self, error: yaml.MarkedYAMLError) -> Problem:
        said = error.problem or error.context or ""
        hint = next((hint for words, hint in _HINTS.items() if words in said), _OTHER)
        line, column, found = locate(error, self._lines, self._long_quote)
        if hint is _START and not found and "\t" in self._lines[line][: column + 1]:
            found = _TAB
        message = say("is not valid YAML: %(hint)s", hint=found or hint)
        return Problem(self._file, line + self._first_line, column + 1, "", message)

    def _remember(self, event: ScalarEvent) -> None:
        """Note a text in quotes over several lines: if what follows is wrong, a quotation mark is missing."""
        begin, end = event.start_mark, event.end_mark
        long = begin and end and event.style in ("'", '"') and begin.line < end.line
        self._long_quote = event if long else None

    def _line_of(self, event: ScalarEvent) -> str:
        return self._line(event.start_mark.line) if event.start_mark else ""

    def _line(self, number: int) -> str:
        # A value that is missing at the very end stands below the last line.
        return self._lines[number] if number < len(self._lines) else ""

    def _complain(self, event: Event, path: Path, message: str) -> None:
        self.problems.append(self._problem(event, path, message))

    def _problem(self, event: Event, path: Path, message: str) -> Problem:
        position = self._position(event)
        return Problem(self._file, position.line, position.column, dotted(path), message)

    def _position(self, event: Event) -> Position:
        mark = event.start_mark
        return Position(mark.line + self._first_line, mark.column + 1) if mark else Position(1, 1)


def _resolve(text: str) -> bool | int | float | str | None:
    """A plain scalar's value by YAML 1.2's core schema. ValueError: too many digits."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _WHOLE.fullmatch(text):
        if len(text) > _MOST_DIGITS:
            raise ValueError(text)
        # Not by base 0 throughout: YAML 1.2 reads `012` as twelve, which Python refuses.
        return int(text, 0) if text.startswith(("0o", "0x")) else int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _INFINITE.fullmatch(text):
        return math.nan if text.endswith(("nan", "NaN", "NAN")) else float(text.replace(".", ""))
    return text

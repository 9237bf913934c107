"""Jinja, confined to what a card needs.

A template sees the values of its context, its neighbours in the folder, and the filters below. It calls
nothing but its own macros, `range` and what Jinja gives a loop or a block, so values have no methods.

Rounds of loops, calls and includes are counted together, output is cut off, only small numbers are
multiplied, there are no powers, and Python's own limit ends endless recursion. So the usual slips are told
with the same words on every machine, also on one that limits no memory. What else may run away is ended from
outside (`card_process.py`).
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any, cast, get_args

from jinja2 import FunctionLoader, StrictUndefined, Template, Undefined, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import FilterArgumentError, SecurityError, TemplateRuntimeError, TemplateSyntaxError
from jinja2.parser import Parser
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from trello_ops.messages import Message, Number, say
from trello_ops.render import card_context
from trello_ops.render.i18n import DateFormat, Translator
from trello_ops.render.template_file import TemplateFile, TemplateFolder, Text, instead

MOST_STEPS = 10_000
"""Rounds of loops, calls and includes in one text."""

LONGEST_OUTPUT = 100_000
"""Characters after which the output of one text is cut off."""

LARGEST_FACTOR = 1_000_000
"""The largest number that `*` and `%` take."""

DEEPEST = 100
"""Levels of nesting in one text, which a sum of as many numbers has as well."""

JINJA_FILTERS = (
    "capitalize", "default", "first", "join", "last", "length", "list", "lower", "map", "reject", "replace",
    "reverse", "round", "select", "sort", "title", "trim", "truncate", "unique", "upper",
)  # fmt: skip
"""Jinja's own filters that a template may use: those that always give the same, and not too much of it."""

JINJA_TESTS = (
    "defined", "divisibleby", "eq", "even", "ge", "gt", "in", "le", "lt", "ne", "none", "odd", "undefined",
)  # fmt: skip

_ROUNDS = "_rounds"
# CLDR's letters for days, weekdays, months and years; a date has no hours or minutes to write.
_DATE_PATTERN = re.compile(r"(?:[dEMLy]|'[^']*'|[^A-Za-z'])+")
_OWNERS = {type_: name for name, type_ in card_context.TYPES.items()} | {
    dt.date: say("a date"),
    dt.datetime: say("a moment"),
    str: say("a text"),
    int: say("a number"),
    tuple: say("a list"),
    list: say("a list"),
    LoopContext: "loop",
}


def unknown_name(name: str) -> str:
    """The message about a name that no template has."""
    return say(
        "'%(name)s' is unknown here%(instead)s", name=name, instead=instead(name, tuple(card_context.TYPES))
    )


def unknown_part(name: object, owner: type) -> str:
    """The message about a part that values of the type `owner` do not have."""
    parts = () if owner is int else tuple(part for part in dir(owner) if _is_value(owner, part))
    return say(
        "'%(name)s' is no part of %(owner)s%(instead)s",
        name=str(name),
        owner=_OWNERS.get(owner, owner.__name__),
        instead=instead(str(name), parts),
    )


def _is_value(owner: type, part: str) -> bool:
    """Whether a class's attribute is data: neither private, nor a method, nor a constant of the class."""
    found = getattr(owner, part)
    return not part.startswith("_") and hasattr(found, "__get__") and not callable(found)


def too_much(error: Exception) -> Message:
    """The message about a text at which Python gives up."""
    name = type(error).__name__
    return say("is too much for Jinja (%(error)s): simplify it, and shorten its numbers", error=name)


class Unknown(StrictUndefined):
    """A name that does not exist; using it says which ones do."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        if self._undefined_obj is missing:
            return unknown_name(str(self._undefined_name))
        return unknown_part(self._undefined_name, type(self._undefined_obj))


class _CountingGenerator(CodeGenerator):
    """Sends what every loop goes over through the filter that counts."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 (Jinja's)
        for loop in node.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, _ROUNDS, [], [], None, None, lineno=loop.lineno)
        super().visit_Template(node, frame)


class CardSandbox(ImmutableSandboxedEnvironment):
    """The environment of one folder and one locale; compiled texts are kept as long as it lives."""

    code_generator_class = _CountingGenerator
    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(
        self, folder: TemplateFolder, translator: Translator, at: Callable[[str, str], None]
    ) -> None:
        super().__init__(
            loader=FunctionLoader(self._load),
            undefined=Unknown,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=_written,
            auto_reload=False,  # each file is read once
            optimized=False,  # nothing is evaluated while it compiles, so that each line has its own error
        )
        self._tell_at = at
        self._folder = folder
        self._compiled: dict[tuple[str, Text], Template] = {}
        self._too_much: dict[str, tuple[Message, int]] = {}
        self._steps = 0
        # Jinja brings `lipsum`, `cycler`, `namespace` and filters that draw lots or format without limit.
        self.globals = {"range": self.globals["range"]}
        jinja: dict[str, Callable[..., Any]] = {name: self.filters[name] for name in JINJA_FILTERS}
        self.filters = {**jinja, **date_filters(translator), _ROUNDS: _rounds}
        self.tests = {name: self.tests[name] for name in JINJA_TESTS}

    def at(self, file: TemplateFile, text: Text) -> None:
        """Tell which text is in hand, to be blamed for whatever happens."""
        self._tell_at(file.name, text.path)

    def render_text(self, file: TemplateFile, text: Text, names: Mapping[str, object]) -> str:
        """The text with its values. Raises any error that a template may; cuts off after `LONGEST_OUTPUT`."""
        # Most check items hold no code, and so need no compiling.
        if "{" not in text.source:
            return text.source.strip()
        self.at(file, text)
        self._steps = 0
        pieces: list[str] = []
        length = 0
        for piece in self._template(file, text).generate(names):
            pieces.append(piece[:LONGEST_OUTPUT])
            length += len(piece)
            if length > LONGEST_OUTPUT:
                break
        return "".join(pieces).strip()

    def _template(self, file: TemplateFile, text: Text) -> Template:
        key = (file.name, text)
        if key not in self._compiled:
            code = self.compile(text.in_place, file.name, file.path)
            self._compiled[key] = Template.from_code(self, code, self.make_globals(None))
        return self._compiled[key]

    def line_of(self, file: TemplateFile, text: Text, line: int) -> int:
        """The line of a file that became this line of the Python that Jinja makes of a text."""
        return self._template(file, text).get_corresponding_lineno(line)

    def parsed(self, file: TemplateFile, text: Text) -> nodes.Template:
        """A text as Jinja's syntax tree. Raises `TemplateSyntaxError`."""
        self.at(file, text)
        return self.parse(text.in_place, file.name, file.path)

    def step(self, count: int = 1) -> None:
        """Count steps of the text that is being rendered. Raises `SecurityError` once there are too many."""
        self._steps += count
        if self._steps > MOST_STEPS:
            raise SecurityError(
                say("takes more than %(most)s steps: does it repeat without end?", most=Number(MOST_STEPS))
            )

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        try:
            file = self._folder.file(name)
        except LookupError:
            return None
        return file.body.in_place, file.path, lambda: True

    # ---- what Jinja asks its environment

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Jinja's syntax tree. Raises `TemplateSyntaxError`, also where Python gives up or would later on."""
        # A text that is too much is asked for again for each card, and takes long every time.
        if source in self._too_much:
            raise TemplateSyntaxError(*self._too_much[source], name, filename)
        parser = None
        try:
            parser = Parser(self, source, name, filename)
            tree = parser.parse()
            if (deep := _deepest(tree)) is None:
                return tree
            message = say("is nested more than %(most)s levels deep: simplify it", most=DEEPEST)
            self._too_much[source] = (message, deep.lineno)
        except TemplateSyntaxError:
            raise
        except Exception as error:  # noqa: BLE001 (Python gives up in several ways)
            # Else it is the first line of the text, behind the comment before it.
            line = parser.stream.current.lineno if parser else source.partition("#}")[0].count("\n") + 1
            self._too_much[source] = (too_much(error), line)
        raise TemplateSyntaxError(*self._too_much[source], name, filename)

    def get_template(self, *args: Any, **kwargs: Any) -> Template:
        """A file that a text includes, imports or extends: one step."""
        self.step()
        return super().get_template(*args, **kwargs)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may read an attribute: methods only if it may call them."""
        allowed = not callable(value) or self.is_safe_callable(value)
        return allowed and super().is_safe_attribute(obj, attr, value)

    def is_safe_callable(self, obj: Any) -> bool:
        """Whether a template may call this: its own macros and blocks, a loop and its methods, `range`."""
        return (
            isinstance(obj, Macro | BlockReference | LoopContext | Undefined)
            or isinstance(getattr(obj, "__self__", None), LoopContext)
            or obj is self.globals["range"]
        )

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A call from a template: one step, and one for each number of a range."""
        self.step()
        if not self.is_safe_callable(obj):
            raise SecurityError(say("something is called here that cannot be: remove its parentheses"))
        result = super().call(context, obj, *args, **kwargs)
        if isinstance(result, range):
            self.step(len(result))
        return result

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """One of `intercepted_binops`, which could make a text or a number too large for the machine."""
        small = all(isinstance(n, int | float) and abs(n) <= LARGEST_FACTOR for n in (left, right))
        if operator == "**" or not small:
            raise SecurityError(
                say(
                    "'%(operator)s' works between ordinary numbers only, and powers are not available",
                    operator=operator,
                )
            )
        return super().call_binop(context, operator, left, right)

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:  # noqa: ARG002 (Jinja's)
        """What stands for an attribute that a template may not read: using it raises `SecurityError`."""
        message = say(
            "'%(name)s' cannot be used in a template; to change a text, use a filter, like `| upper`",
            name=attribute,
        )
        return self.undefined(message, exc=SecurityError)


def _deepest(tree: nodes.Node) -> nodes.Node | None:
    """A node that lies deeper than `DEEPEST`, if there is any."""
    # Level by level, as whatever calls itself is what such a tree would bring down.
    level = [tree]
    for _ in range(DEEPEST):
        level = [child for node in level for child in node.iter_child_nodes()]
    return level[0] if level else None


@pass_context
def _written(_: Context, value: Any) -> Any:
    """Refuses to write what would come out as Python: `('Nadia', 'Karim')`, `Task(key=…)`, `None`."""
    if isinstance(value, str | int | float | dt.date | Undefined) and not isinstance(value, bool):
        return value
    if isinstance(value, tuple | list):
        raise TemplateRuntimeError(say('a list is written with a filter: add `| join(", ")`'))
    if name := next((name for name, type_ in card_context.TYPES.items() if isinstance(value, type_)), None):
        part = fields(card_context.TYPES[name])[0].name
        raise TemplateRuntimeError(
            say("'%(name)s' is no text: write a part of it, such as %(name)s.%(part)s", name=name, part=part)
        )
    raise TemplateRuntimeError(say("what stands between `{{` and `}}` is no text here"))


@pass_context
def _rounds(context: Context, values: Iterable[Any]) -> Iterator[Any]:
    """The values, each of which is a step."""
    # Jinja evaluates filters of constants while it compiles, but not those that are passed the context.
    sandbox = cast("CardSandbox", context.environment)
    for value in values:
        sandbox.step()
        yield value


def date_filters(translator: Translator) -> dict[str, Callable[..., str]]:
    """Filters that write dates as the locale does."""

    def date(value: Any, format: str = "full") -> str:  # noqa: A002 (CLDR's word)
        """The day; `format` is `full`, `long`, `medium`, `short`, `brief`, or letters like `d MMMM y`."""
        return translator.date(_day(value, "date"), _format(format, "date"))

    def time(value: Any) -> str:
        """The hour and minute."""
        moment = _moment(value, "time")
        return translator.time(moment, _zone(moment))

    def datetime(value: Any, format: str = "full") -> str:  # noqa: A002 (CLDR's word)
        """The day, in the format of `date`, and the time."""
        moment = _moment(value, "datetime")
        return translator.moment(moment, _zone(moment), _format(format, "datetime"))

    def month(value: Any) -> str:
        """The month and year."""
        return date(_day(value, "month"), "LLLL y")

    def weekday(value: Any) -> str:
        """The weekday's name."""
        return translator.weekday(_day(value, "weekday"))

    return {f.__name__: f for f in (date, datetime, month, time, weekday)}


def _format(format: str, filter_name: str) -> DateFormat:  # noqa: A002 (CLDR's word)
    """A named format, or a CLDR pattern of days, weekdays, months and years, which Babel takes as well."""
    if format not in get_args(DateFormat) and not _DATE_PATTERN.fullmatch(format):
        raise FilterArgumentError(
            say(
                "'%(filter)s' does not know the format \"%(format)s\": use %(formats)s, or letters as in"
                " `EEEE d MMMM y` or `dd/MM/y`",
                filter=filter_name,
                format=format,
                formats=", ".join(get_args(DateFormat)),
            )
        )
    return cast("DateFormat", format)


def _day(value: Any, filter_name: str) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    raise _unfit(value, say("'%(filter)s' needs a date such as occurrence.day", filter=filter_name))


def _moment(value: Any, filter_name: str) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    raise _unfit(value, say("'%(filter)s' needs a moment such as occurrence.due", filter=filter_name))


def _unfit(value: Any, needed: str) -> FilterArgumentError:
    """Says what was given instead."""
    str(value)  # a name that does not exist raises its own error here
    given = _OWNERS.get(type(value)) or say("something else")
    return FilterArgumentError(say("%(needed)s, and this is %(given)s", needed=needed, given=given))


def _zone(moment: dt.datetime) -> dt.tzinfo:
    """The context's moments are local and aware."""
    return cast("dt.tzinfo", moment.tzinfo)

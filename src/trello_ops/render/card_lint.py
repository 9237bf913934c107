"""What reading a template shows to be wrong, even in branches that no example card runs through."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import chain, groupby

from jinja2 import TemplateSyntaxError, nodes

from trello_ops.errors import Problem
from trello_ops.messages import Message, say
from trello_ops.render import card_context
from trello_ops.render.card_sandbox import JINJA_FILTERS, JINJA_TESTS, CardSandbox, unknown_name, unknown_part
from trello_ops.render.jinja_words import jinja_words
from trello_ops.render.template_file import TemplateFile, TemplateFolder, Text, instead

REFERENCES = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
_GIVEN_BY_JINJA = frozenset({"range", "loop", "self", "super", "caller", "varargs", "kwargs"})
_OUTSIDE_BLOCKS = say(
    "this text is in no block, so it would not appear: move it between `{%% block … %%}` and"
    " `{%% endblock %%}`"
)


@dataclass(frozen=True, slots=True)
class _Parsed:
    file: TemplateFile
    text: Text
    tree: nodes.Template
    names_made: frozenset[str]


def lint(
    folder: TemplateFolder, sandbox: CardSandbox, without: Collection[str], begin: Callable[[], None]
) -> Iterator[Problem]:
    """The problems of the folder's files: what cannot be parsed, then wrong names and lost text.

    Calls `begin` before each file that is not in `without`, and again before its names.
    """
    parsed = []
    for name in folder.names:
        if name in without:
            continue
        begin()
        file = folder.file(name)
        yield from file.problems
        for text in file.texts:
            try:
                tree = sandbox.parsed(file, text)
                parsed.append(_Parsed(file, text, tree, frozenset(_names_made(tree))))
            except TemplateSyntaxError as error:
                yield file.problem(error.lineno, syntax_message(error), text)
    yield from _Lint(folder, sandbox, parsed).problems(begin)


def syntax_message(error: TemplateSyntaxError) -> str:
    """The message about a text that Jinja cannot parse."""
    if isinstance(error.message, Message):  # ours
        return error.message
    return say("is not understood by Jinja: %(error)s", error=jinja_words(error.message or ""))


def uses_occurrence(tree: nodes.Template) -> bool:
    """Whether a text mentions the occurrence, or brings in another file, which may mention it."""
    named = any(name.name == "occurrence" for name in tree.find_all(nodes.Name))
    return named or any(True for _ in tree.find_all(REFERENCES))


class _Lint:
    """Checks all texts together, since a file may use names that another one sets."""

    def __init__(self, folder: TemplateFolder, sandbox: CardSandbox, parsed: Iterable[_Parsed]) -> None:
        self._folder = folder
        self._sandbox = sandbox
        self._parsed = tuple(parsed)
        self._bodies = {p.file.name: p.tree for p in self._parsed if p.text is p.file.body}
        self._own_names = frozenset(chain.from_iterable(p.names_made for p in self._parsed))

    def problems(self, begin: Callable[[], None]) -> Iterator[Problem]:
        """What is wrong with the names in every text, and text that would be lost."""
        for _, of_file in groupby(self._parsed, key=lambda parsed: parsed.file.name):
            begin()
            for parsed in of_file:
                self._sandbox.at(parsed.file, parsed.text)
                yield from self._problems_of(parsed)

    def _problems_of(self, parsed: _Parsed) -> Iterator[Problem]:
        findings = chain(
            self._unknown_names(parsed.tree),
            self._unknown_filters_and_tests(parsed.tree),
            self._missing_files(parsed.tree),
            self._lost_text(parsed.tree),
        )
        for line, message in findings:
            yield parsed.file.problem(line, message, parsed.text)

    def _unknown_names(self, tree: nodes.Template) -> Iterator[tuple[int, str]]:
        """Names that are not in the context, and parts that its values do not have."""
        known = {*card_context.TYPES, *_GIVEN_BY_JINJA, *self._own_names}
        for name in tree.find_all(nodes.Name):
            if name.ctx == "load" and name.name not in known:
                yield name.lineno, unknown_name(name.name)
        types = {name: t for name, t in card_context.TYPES.items() if name not in self._own_names}
        for access in tree.find_all(nodes.Getattr):
            owner = types.get(access.node.name) if isinstance(access.node, nodes.Name) else None
            if owner and access.attr not in {field.name for field in fields(owner)}:
                yield access.lineno, unknown_part(access.attr, owner)

    def _unknown_filters_and_tests(self, tree: nodes.Template) -> Iterator[tuple[int, str]]:
        ours = sorted(name for name in self._sandbox.filters if name not in JINJA_FILTERS and name[0] != "_")
        for used in tree.find_all(nodes.Filter):
            if used.name not in self._sandbox.filters:
                yield (
                    used.lineno,
                    say(
                        "'%(name)s' is no filter%(instead)s",
                        name=used.name,
                        instead=instead(used.name, (*ours, *JINJA_FILTERS)),
                    ),
                )
        for test in tree.find_all(nodes.Test):
            if test.name not in self._sandbox.tests:
                yield (
                    test.lineno,
                    say(
                        "'%(name)s' is no test%(instead)s",
                        name=test.name,
                        instead=instead(test.name, JINJA_TESTS),
                    ),
                )

    def _missing_files(self, tree: nodes.Template) -> Iterator[tuple[int, str]]:
        for reference in tree.find_all(REFERENCES):
            name = getattr(reference, "template", None)
            if isinstance(name, nodes.Const) and name.value not in self._folder.names:
                yield reference.lineno, self._folder.no_such_file(str(name.value))

    def _lost_text(self, tree: nodes.Template) -> Iterator[tuple[int, str]]:
        """A template that extends a layout shows that layout's blocks only; Jinja drops the rest silently."""
        extends = tree.find(nodes.Extends)
        if extends is None:
            return
        for data in (data for node in tree.body if isinstance(node, nodes.Output) for data in node.nodes):
            if isinstance(data, nodes.TemplateData) and (text := data.data.lstrip()):
                blank = data.data[: -len(text)].count("\n")
                yield data.lineno + blank, _OUTSIDE_BLOCKS
        layout = extends.template.value if isinstance(extends.template, nodes.Const) else None
        # Empty where the layout does not exist, which is a problem of its own.
        known = self._blocks_of(layout, frozenset())
        for block in tree.find_all(nodes.Block):
            if known and block.name not in known:
                message = say(
                    "'%(name)s' is no block of %(layout)s, so its text would not appear%(instead)s",
                    name=block.name,
                    layout=layout,
                    instead=instead(block.name, sorted(known)),
                )
                yield block.lineno, message

    def _blocks_of(self, name: str | None, seen: frozenset[str | None]) -> frozenset[str]:
        """The blocks of a layout and of the layouts that it extends itself."""
        tree = self._bodies.get(name) if name and name not in seen else None
        if tree is None:
            return frozenset()
        blocks = frozenset(block.name for block in tree.find_all(nodes.Block))
        above = tree.find(nodes.Extends)
        if above and isinstance(above.template, nodes.Const):
            return blocks | self._blocks_of(above.template.value, seen | {name})
        return blocks


def _names_made(tree: nodes.Template) -> Iterator[str]:
    """The names that a template makes itself: variables, loop variables, macros, imports."""
    for name in tree.find_all(nodes.Name):
        if name.ctx != "load":
            yield name.name
    for macro in tree.find_all(nodes.Macro):
        yield macro.name
    for module in tree.find_all(nodes.Import):
        yield module.target
    for imported in tree.find_all(nodes.FromImport):
        for entry in imported.names:
            yield entry if isinstance(entry, str) else entry[1]

"""What people read is made with `say` and its like, so that it can be translated: no sentence stands bare."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import trello_ops

PACKAGE = Path(trello_ops.__file__).parent

SAYING = {"say", "say_count", "gettext", "ngettext", "N_", "Message"}
"""The calls that make a text which can be translated."""

NOT_SHOWN = {
    # logs are English
    "debug", "info", "warning", "error", "exception",
    # so are --help, and the reference that is made of the shapes
    "option", "argument", "version_option", "link_command", "fleet_link_command", "format_option",
    "out_option", "Field",
    # patterns, and errors that only a bug brings about
    "compile", "fullmatch", "match", "search", "TypeError", "RuntimeError", "AssertionError",
}  # fmt: skip

ENGLISH_MODULES = {
    "cli/__init__.py": "--help and --version",
    "cli/init.py": "there is no workspace yet whose language could be known",
    "cli/sandbox.py": "as in cli/init.py; its boards may be another's",
    "starter.py": "as in cli/init.py",
    "service_units.py": "a remark in a unit",
    "cli/man.py": "as --help",
    "cli/options.py": "usage errors are click's, in English",
    "core/calendar/week.py": "as in cli/options.py",
    "web/listening.py": "a line of the log",
    "web/headers.py": "for browsers",
    "fleet/metrics.py": "for programs that collect metrics",
    "web/metrics.py": "as in fleet/metrics.py",
    "web/health.py": "as in fleet/metrics.py",
    "fleet/readiness.py": "as in fleet/metrics.py",
    "ports/mail.py": "for who writes a renderer",
    "telemetry.py": "how a line of the log is written",
    "declared/day_words.py": "what people write, not what they read",
    "declared/rhythm_names.py": "as in declared/day_words.py",
    "declared/date_words.py": "as in declared/day_words.py",
    "declared/duration_words.py": "as in declared/day_words.py",
    "declared/zones.py": "as in declared/day_words.py",
    "draft/columns.py": "as in declared/day_words.py",
    "suggestions.py": "as in declared/day_words.py",
    "declared/reference.py": "the reference page and the schemas are English",
    "render/jinja_words.py": "Jinja's sentences, by which ours are chosen",
}

ENGLISH_PACKAGES = {
    "testing/": "told to tests alone",
    "demo/": "as in cli/init.py; its reports are French",
    "adapters/store/migrations/": "SQL",
}

ENGLISH_TEXTS = {
    "noopener noreferrer nofollow": "for browsers",
    "  systemctl --user daemon-reload": "a command",
    "  systemctl --user enable --now …": "a command",
    "  systemctl --user status …    # ": "a command",
    "  loginctl enable-linger    # ": "a command",
    "… is not a change of Trello (…).": "a bug of ours",
    "… has no time zone; instants must be aware": "a bug of ours",
    "no name for an attachment: …": "a bug of ours",
    "no media type: …": "a bug of ours",
    "locale '…' is not translated; the languages are …": "a bug of ours, as shapes check it",
    "not what a webhook sends": "told to whoever calls the address",
    "not an id": "as above",
    "monday tuesday wednesday thursday friday saturday sunday": "names that board files may use",
    "mon tue wed thu fri sat sun": "as above",
    "lundi mardi mercredi jeudi vendredi samedi dimanche": "as above",
    "lun mar mer jeu ven sam dim": "as above",
    "  to: [nom@example.com]  …": "YAML of a drafted file",
    'title: "{{ task.title }}"': "as above",
    "{% if task.description %}{{ task.description }}{% endif %}\n": "a card template",
}

_SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE)\b")
_WORD = re.compile(r"\b[a-z]{2,}\b")


def sentences(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Texts of three words and more that are neither made to be translated nor kept from people."""
    if isinstance(node, ast.Call) and _name(node.func) in SAYING | NOT_SHOWN:
        return
    # Docstrings; and what is compared with or looked up by is no text of ours.
    if isinstance(node, ast.Compare) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return
    text = _text(node)
    if text is not None:
        if len(_WORD.findall(text)) >= 3 and text.count(" ") >= 2 and not _SQL.match(text):
            yield node.lineno, text  # type: ignore[attr-defined]
        return
    for child in _children(node):
        yield from sentences(child)


def _children(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Dict):
        return list(node.values)
    if isinstance(node, ast.AnnAssign) and _name(node.annotation) == "TypeAlias":
        return []
    skipped = {id(getattr(node, name, None)) for name in ("annotation", "returns")}
    return [child for child in ast.iter_child_nodes(node) if id(child) not in skipped]


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
        return "".join(map(str, parts))
    return None


def modules() -> list[str]:
    every = (path.relative_to(PACKAGE).as_posix() for path in sorted(PACKAGE.rglob("*.py")))
    return [each for each in every if not each.startswith(tuple(ENGLISH_PACKAGES))]


@pytest.mark.parametrize("module", [each for each in modules() if each not in ENGLISH_MODULES])
def test_no_sentence_stands_bare(module: str) -> None:
    tree = ast.parse((PACKAGE / module).read_text("utf-8"))
    bare = [f"{module}:{line} {text}" for line, text in sentences(tree) if text not in ENGLISH_TEXTS]
    assert bare == []


def test_the_exceptions_are_still_there() -> None:
    assert set(modules()) >= ENGLISH_MODULES.keys()
    trees = {module: ast.parse((PACKAGE / module).read_text("utf-8")) for module in modules()}
    found = {text for tree in trees.values() for _, text in sentences(tree)}
    assert found >= ENGLISH_TEXTS.keys()
    assert all(any(sentences(trees[module])) for module in ENGLISH_MODULES), "one of them needs no exception"


@pytest.mark.parametrize(
    "code",
    [
        "raise ValueError('is not a day at all')",
        "message = f'there is no {thing} at all here'",
        "yield path, 'is listed twice: delete one'",
        "told = {Turn.NEW: 'is new from now on'}",
    ],
)
def test_a_bare_sentence_is_found(code: str) -> None:
    assert len(list(sentences(ast.parse(code)))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "'''A docstring of a few words.'''",
        "raise ValueError(say('is not a day at all'))",
        "log.info('this is an event', error='one of many words')",
        "x: dict[str, int] = {'some key of words': 1}",
        "if 'some words of theirs' in said: pass",
        "sql = 'SELECT name of from where'",
    ],
)
def test_what_is_no_sentence_for_people_is_not_found(code: str) -> None:
    assert list(sentences(ast.parse(code))) == []

"""Where a mistake in YAML really is: parsers notice most of them some lines later."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import yaml

from trello_ops.hidden_characters import HIDDEN, complaint, named
from trello_ops.messages import Message, say


class Mistake(NamedTuple):
    """A mistake and its place; line and column count from 0."""

    line: int
    column: int
    message: Message | None


_LINE_ENDS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_BEGUN = ("simple key", "quoted scalar", "flow sequence", "flow mapping")
"""What PyYAML was reading when it is the beginning that is wrong."""

_HIDDEN_INDENT = re.compile(rf"\s*?[{HIDDEN}]")
_HIDDEN_AT_SIGN = re.compile(rf"\s*(?:- +)*[\w-]+(?:[{HIDDEN}]+:|:[{HIDDEN}])|\s*-[{HIDDEN}]")
_OPENING = re.compile(r"(?:[:,\[{-])\s*([“”„«‘])")
_BEGUN_BY = re.compile(r"\s*(?:- +)*[\w-]+:\s+([*&?>|%@`])")
_NO_SPACE = re.compile(r"\s*(?:- +)*([a-z_]+):(\S.*)")


_FAR = 4
"""Lines that may lie between such a character and where the parser stumbles."""


def lines_of(text: str) -> list[str]:
    """The lines as YAML counts them."""
    return _LINE_ENDS.split(text)


def locate(error: yaml.MarkedYAMLError, lines: Sequence[str], quoted: yaml.ScalarEvent | None) -> Mistake:
    """Where the mistake behind a syntax error is. `message` is `None` where the error's own words will do.

    `quoted` is a text in quotes over several lines that ends right before the error.
    """
    if quoted and quoted.start_mark:
        message = say("a quotation mark is never closed: add the closing one")
        return Mistake(quoted.start_mark.line, quoted.start_mark.column, message)
    begun = any(words in (error.context or "") for words in _BEGUN)
    mark = error.context_mark if begun and error.context_mark else error.problem_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    last = max((n for n, text in enumerate(lines) if text.strip()), default=0)
    # Parsers may notice only behind the end, where there is nothing to correct.
    if line > last:
        line, column = last, len(lines[last].rstrip())
    return _hidden(lines, line) or Mistake(line, column, _about(error, lines[line], column))


def no_space(text: str) -> Message | None:
    """What is to be said of a name and its value with nothing between colon and value, as `from:2027`."""
    if found := _NO_SPACE.fullmatch(text):
        return say("a space is missing after the colon: write `%(line)s`", line=f"{found[1]}: {found[2]}")
    return None


def hidden_indent(line: str) -> Message | None:
    """What is to be said of a line whose indentation holds characters that are no spaces to YAML."""
    if _HIDDEN_INDENT.match(line):
        return say(
            "%(hidden)s stands in the indentation: delete it, and type ordinary spaces",
            hidden=named(line) or "",
        )
    return None


def hidden_at_sign(line: str) -> Message | None:
    """What is to be said of a line in which one stands beside the colon of a name, or a dash."""
    found = _HIDDEN_AT_SIGN.match(line)
    return (
        say(
            "%(hidden)s stands beside the colon or dash: type an ordinary space", hidden=named(found[0]) or ""
        )
        if found
        else None
    )


def _hidden(lines: Sequence[str], until: int) -> Mistake | None:
    """The nearest line, not far back, in which a character that cannot be seen stands where it matters."""
    for number in range(until, max(until - _FAR, -1), -1):
        line = lines[number]
        if message := hidden_indent(line) or hidden_at_sign(line):
            column = re.search(f"[{HIDDEN}]", line)
            return Mistake(number, column.start() if column else 0, message)
    return None


def _about_value(line: str, column: int) -> Message | None:
    """What is to be said of a text without quotes that begins, or seems to end, by a sign of YAML's."""
    if column and line[:column].rstrip()[-1:] in tuple("\"']}"):
        return say("the text goes on behind a closing quotation mark or bracket: put all of it in quotes")
    begun = _BEGUN_BY.match(line)
    if begun and begun.start(1) <= column:
        return say("text that begins with `%(sign)s` is not understood: put it in quotes", sign=begun[1])
    return None


def _about(error: yaml.MarkedYAMLError, line: str, column: int) -> Message | None:
    if "could not find expected ':'" not in (error.problem or ""):
        # In the midst of a text they may well be meant: there it is the colon that is wrong.
        return complaint("".join(_OPENING.findall(line))) or _about_value(line, column)
    rest = line[column:]
    if message := no_space(rest.rstrip()):
        return message
    word = rest.split(maxsplit=1)
    if len(word) == 2 and re.fullmatch(r"[\w-]+", word[0]):
        value = word[1].strip(" =:>")
        return say("a colon is missing: write `%(line)s`", line=f"{word[0]}: {value}")
    return say("a colon is missing: write a name, a colon, a space and a value")

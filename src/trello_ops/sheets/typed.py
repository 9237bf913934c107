"""A cell as people type it → the value that a board file would have there.

Times, dates, yes and no, lists and names are taken as they come: `17h00`, `15/08/2027`, `oui`, `mar et jeu`,
`Amal Benali`. What is not understood is left as it is: what reads board files tells what is wrong with it.
"""

import re
from collections.abc import Collection, Mapping
from itertools import count
from typing import Final

from trello_ops.declared.date_words import as_date
from trello_ops.declared.day_words import as_clock
from trello_ops.errors import Problem
from trello_ops.located_yaml import Value
from trello_ops.sheets import cells
from trello_ops.sheets.columns import Column, Form, Names
from trello_ops.suggestions import folded

Vocabulary = Mapping[Names, Mapping[str, str]]
"""The key that each word means, folded, by what is named."""

_GROUPED: Final = ("{", "[", '"')
_AND: Final = re.compile(r"\s*[;\n]\s*|\s+(?:et|and)\s+")
_YES: Final = frozenset({"oui", "yes", "vrai", "x"})
_NO: Final = frozenset({"non", "no", "faux"})
_LONGEST_KEY: Final = 40


class NotAValue(ValueError):
    """What a cell says is no value at all; `problems` tell why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(problems)


def words(names: Mapping[str, str]) -> dict[str, str]:
    """The words for keys, which come with their names: both of them."""
    return {**{folded(name): key for key, name in names.items()}, **{folded(key): key for key in names}}


def first_names(names: Mapping[str, str]) -> dict[str, str]:
    """The first names that only one person has, as words for keys."""
    firsts = {key: folded(name.partition(" ")[0]) for key, name in names.items()}
    said = list(firsts.values())
    return {first: key for key, first in firsts.items() if said.count(first) == 1}


def key_from(title: str, taken: Collection[str], otherwise: str) -> str:
    """A key that nothing has: `ranger-le-stock` for `Ranger le stock`; another word where that gives none."""
    latin = folded(title).replace("œ", "oe").replace("æ", "ae")
    plain = re.sub("[^a-z0-9]+", "-", latin)[:_LONGEST_KEY].strip("-") or otherwise
    numbered = (f"{plain}-{number}" for number in count(2))
    return plain if plain not in taken else next(each for each in numbered if each not in taken)


def typed(column: Column, text: str, vocabulary: Vocabulary) -> Value:
    """The value that a column's cell says. Raises `NotAValue`."""
    known = vocabulary.get(column.names, {}) if column.names else {}
    if column.is_text:
        return _word(column, cells.read_text(text), known)
    grouped = text.startswith(_GROUPED)
    found, problems = cells.read(text if grouped else text.replace("\n", "; "))
    if problems:
        raise NotAValue(problems)
    if grouped and not isinstance(found, list):
        return found
    items = found if isinstance(found, list) else [found]
    if column.several and not grouped:
        items = [part for item in items for part in _parts(item)]
    meant: list[Value] = [_word(column, item, known) if isinstance(item, str) else item for item in items]
    return meant if column.is_list or len(meant) != 1 else meant[0]


def _parts(item: Value) -> list[Value]:
    """The values in a text that has a semicolon, a line break or an “and” between them."""
    if not isinstance(item, str) or not _AND.search(item):
        return [item]
    return [cells.read(part)[0] for part in _AND.split(item) if part]


def _word(column: Column, said: str, known: Mapping[str, str]) -> Value:
    """What one word means."""
    if column.form is Form.TIME:
        return as_clock(said) or said
    if column.form is Form.DATE and (date := as_date(said)):
        return date
    plain = folded(said)
    if column.form is Form.YES_OR_NO and plain in _YES | _NO:
        return plain in _YES
    if plain in known:
        return known[plain]
    return next((word for word in column.choices if plain == folded(word)), said) if column.only else said

"""The words of a search, and what they find. A subset of Trello's operators.

Words and "phrases" are looked for in titles, texts, comments and checklists. Operators: `name:`,
`description:`, `comment:`, `checklist:`, `list:`, `board:`, `label:` or `#`, `member:` or `@` (`me` for
oneself), `is:open|archived`, `has:attachments|description|members|comments|checklists`,
`due:complete|incomplete|overdue`. A `-` before any of them negates it. Unknown operators are plain words.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from trello_sandbox.state.action_log import COMMENTS
from trello_sandbox.state.records import Board, Card, Member
from trello_sandbox.state.world import World

_TERM = re.compile(r'(-?)(?:([a-z]+:)|([#@]))?(?:"([^"]*)"|(\S+))')
_SIGNS = {"#": "label", "@": "member"}


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase in lower case; `operator` is "" for a plain one."""

    operator: str
    text: str
    negated: bool


Test: TypeAlias = Callable[[World, Card, str], bool]


def parse(query: str) -> tuple[Term, ...]:
    """The terms of a query."""
    terms = []
    for match in _TERM.finditer(query.lower()):
        minus, operator, sign, phrase, word = match.groups(default="")
        name, text = operator.rstrip(":") or _SIGNS.get(sign, ""), phrase or word
        known = name in _TESTS
        terms.append(Term(name if known else "", text if known else operator + sign + text, bool(minus)))
    return tuple(terms)


def finds_card(world: World, card: Card, terms: tuple[Term, ...], me: Member) -> bool:
    """Whether every term holds of a card. Archived ones and those of closed boards are found too."""
    for term in terms:
        if term.operator:
            text = me.username if term.operator == "member" and term.text == "me" else term.text
            holds = _TESTS[term.operator](world, card, text)
        else:
            own = (card.name.lower(), card.desc.lower())
            texts = chain(own, _comments(world, card), _checklists(world, card))
            holds = any(term.text in text for text in texts)
        if holds == term.negated:
            return False
    return True


def finds_board(board: Board, terms: tuple[Term, ...]) -> bool:
    """Whether the plain words are all in the board's name or description."""
    return finds_text(terms, board.name, board.desc)


def finds_text(terms: tuple[Term, ...], *texts: str) -> bool:
    """Whether the plain words are all in one of the texts; operators alone find nothing."""
    words = [term for term in terms if not term.operator]
    held = " ".join(texts).lower()
    return bool(words) and all((term.text in held) != term.negated for term in words)


def _comments(world: World, card: Card) -> Iterator[str]:
    for action in world.actions.of("id_card", card.id).values() if card.comments else ():
        if action.type in COMMENTS:
            yield action.data["text"].lower()


def _checklists(world: World, card: Card) -> Iterator[str]:
    for checklist in world.checklists.of("id_card", card.id).values():
        yield checklist.name.lower()
        yield from (item.name.lower() for item in world.items_of(checklist))


def _has(world: World, card: Card, text: str) -> bool:
    held: dict[str, object] = {
        "attachments": card.attachments,
        "description": card.desc,
        "members": card.id_members,
        "comments": card.comments,
        "checklists": world.checklists.of("id_card", card.id),
    }
    return bool(held.get(text))


def _due(world: World, card: Card, text: str) -> bool:
    if card.due is None:
        return False
    overdue = not card.due_complete and card.due < world.now()
    states = {"complete": card.due_complete, "incomplete": not card.due_complete, "overdue": overdue}
    return states.get(text, False)


# Trello has more, such as `created:` and `sort:`. They are taken for plain words here.
_TESTS: dict[str, Test] = {
    "name": lambda _, card, text: text in card.name.lower(),
    "description": lambda _, card, text: text in card.desc.lower(),
    "comment": lambda world, card, text: any(text in each for each in _comments(world, card)),
    "checklist": lambda world, card, text: any(text in each for each in _checklists(world, card)),
    "list": lambda world, card, text: text in world.lists[card.id_list].name.lower(),
    "board": lambda world, card, text: text in (card.id_board, world.boards[card.id_board].name.lower()),
    "label": lambda world, card, text: any(
        text in label.name.lower() or text == label.color
        for label in (world.labels[each] for each in card.id_labels)
    ),
    "member": lambda world, card, text: any(
        text in (member.username.lower(), member.full_name.lower())
        for member in (world.members[each] for each in card.id_members)
    ),
    "is": lambda world, card, text: (
        text == ("archived" if card.closed or world.lists[card.id_list].closed else "open")
    ),
    "has": _has,
    "due": _due,
}

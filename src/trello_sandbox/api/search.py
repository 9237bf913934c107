"""The words of a search, and what they find. A subset of Trello's operators.

Words and "phrases" are looked for in titles, texts, comments and checklists. Operators: `name:`,
`description:`, `comment:`, `checklist:`, `list:`, `board:`, `label:` or `#`, `member:` or `@` (`me` for
oneself), `is:open|archived`, `has:attachments|description|members|comments|checklists`,
`due:complete|incomplete|overdue`; a `-` before any of them turns it round. Unknown ones are plain words.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from trello_sandbox.serialisers.fields import items_of
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


def parsed(query: str) -> tuple[Term, ...]:
    """The terms of a query."""
    return tuple(_term(*match.groups(default="")) for match in _TERM.finditer(query.lower()))


def _term(minus: str, operator: str, sign: str, phrase: str, word: str) -> Term:
    name, text = operator.rstrip(":") or _SIGNS.get(sign, ""), phrase or word
    if name in _TESTS:
        return Term(name, text, bool(minus))
    return Term("", operator + sign + text, bool(minus))


def finds_card(world: World, card: Card, terms: tuple[Term, ...], me: Member) -> bool:
    """Whether every term holds of a card. Archived ones and those of closed boards are found too."""
    return all(_holds(world, card, term, me) != term.negated for term in terms)


def _holds(world: World, card: Card, term: Term, me: Member) -> bool:
    if not term.operator:
        return any(term.text in text for text in _texts(world, card))
    text = me.username if term.operator == "member" and term.text == "me" else term.text
    return _TESTS[term.operator](world, card, text)


def finds_text(terms: tuple[Term, ...], *texts: str) -> bool:
    """Whether the plain words are all in one of the texts; nothing is found by operators alone."""
    words = [term for term in terms if not term.operator]
    held = " ".join(texts).lower()
    return bool(words) and all((term.text in held) != term.negated for term in words)


def _texts(world: World, card: Card) -> Iterator[str]:
    yield card.name.lower()
    yield card.desc.lower()
    if card.comments:
        yield from _comments(world, card)
    yield from _checklists(world, card)


def _comments(world: World, card: Card) -> Iterator[str]:
    for action in world.actions.of("id_card", card.id).values():
        if action.type in ("commentCard", "copyCommentCard"):
            yield action.data["text"].lower()


def _checklists(world: World, card: Card) -> Iterator[str]:
    for checklist in world.checklists.of("id_card", card.id).values():
        yield checklist.name.lower()
        yield from (item.name.lower() for item in items_of(world, checklist))


def _has_label(world: World, card: Card, text: str) -> bool:
    labels = (world.labels[each] for each in card.id_labels)
    return any(text in label.name.lower() or text == label.color for label in labels)


def _has_member(world: World, card: Card, text: str) -> bool:
    members = (world.members[each] for each in card.id_members)
    return any(text in (member.username.lower(), member.full_name.lower()) for member in members)


def _is(world: World, card: Card, text: str) -> bool:
    archived = card.closed or world.lists[card.id_list].closed
    return {"open": not archived, "archived": archived}.get(text, False)


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
    return {"complete": card.due_complete, "incomplete": not card.due_complete, "overdue": overdue}.get(
        text, False
    )


_TESTS: dict[str, Test] = {
    "name": lambda _, card, text: text in card.name.lower(),
    "description": lambda _, card, text: text in card.desc.lower(),
    "comment": lambda world, card, text: any(text in each for each in _comments(world, card)),
    "checklist": lambda world, card, text: any(text in each for each in _checklists(world, card)),
    "list": lambda world, card, text: text in world.lists[card.id_list].name.lower(),
    "board": lambda world, card, text: text in (card.id_board, world.boards[card.id_board].name.lower()),
    "label": _has_label,
    "member": _has_member,
    "is": _is,
    "has": _has,
    "due": _due,
}


def finds_board(board: Board, terms: tuple[Term, ...]) -> bool:
    return finds_text(terms, board.name, board.desc)

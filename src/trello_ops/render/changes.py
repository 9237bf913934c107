"""A sentence for every kind of change in a plan."""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import singledispatch
from typing import Final

from trello_ops.core.bindings import Kind
from trello_ops.core.cadence import NO_DAY
from trello_ops.core.card_text import Checklist
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.planning.card_parts import Part
from trello_ops.core.planning.changes import (
    AddAssignee,
    AddCheckItem,
    AddChecklist,
    AddComment,
    AddMember,
    AmendCard,
    ArchiveCard,
    ArchiveTemplateCard,
    ArchiveWithdrawn,
    Bind,
    Change,
    CreateBoard,
    CreateCard,
    CreateLabel,
    CreateList,
    CreateTemplateCard,
    EditBoard,
    EditLabel,
    EditList,
    EditTemplateCard,
    FillTemplateCard,
    MoveCard,
    RemoveMember,
    RetireTemplateCard,
    Risk,
    Unbind,
)
from trello_ops.messages import clauses, joined, say


@singledispatch
def describe(change: Change) -> str:
    """What a change does, in a few words. Names in it are not escaped: pass the text through `visible`."""
    raise TypeError(f"no words for {type(change).__name__}")


@describe.register
def _(change: CreateBoard) -> str:
    return say(
        "create board “%(title)s” in Trello Workspace %(workspace)s",
        title=change.title,
        workspace=change.workspace,
    )


@describe.register
def _(change: EditBoard) -> str:
    deeds = _all_of(
        change.reopen and say("open it again"),
        change.title is not None and say("rename to “%(title)s”", title=change.title),
        change.description is not None and say("write its key into the description"),
        change.visible and say("make visible to its Trello Workspace"),
    )
    return say("board: %(deeds)s", deeds=deeds)


@describe.register
def _(change: CreateList) -> str:
    return say("create list %(key)s “%(title)s”", key=change.key, title=change.title)


@describe.register
def _(change: EditList) -> str:
    deeds = _all_of(
        change.reopen and say("take out of the archive"),
        change.title is not None and say("rename to “%(title)s”", title=change.title),
        change.position is not None and say("move to its place"),
    )
    return say("list %(key)s: %(deeds)s", key=change.key, deeds=deeds)


@describe.register
def _(change: CreateLabel) -> str:
    return say(
        "create label %(key)s “%(title)s” (%(colour)s)",
        key=change.key,
        title=change.title,
        colour=change.colour,
    )


@describe.register
def _(change: EditLabel) -> str:
    return say(
        "label %(key)s: make it “%(title)s” (%(colour)s)",
        key=change.key,
        title=change.title,
        colour=change.colour,
    )


@describe.register
def _(change: AddMember) -> str:
    return say("add member %(key)s (@%(username)s)", key=change.key, username=change.username)


@describe.register
def _(change: CreateTemplateCard) -> str:
    return say(
        "create template card of %(task)s “%(title)s”%(items)s",
        task=change.key,
        title=change.text.title,
        items=_holding(change.text.checklists),
    )


@describe.register
def _(change: EditTemplateCard) -> str:
    return say(
        "template card of %(task)s: write its title “%(title)s” and description",
        task=change.task,
        title=change.text.title,
    )


@describe.register
def _(change: FillTemplateCard) -> str:
    return say(
        "template card of %(task)s: add what is missing%(items)s",
        task=change.task,
        items=_holding(change.checklists),
    )


@describe.register
def _(change: ArchiveTemplateCard) -> str:
    return say("archive template card of %(task)s (card %(card)s)", task=change.task, card=change.card_id)


@describe.register
def _(change: RetireTemplateCard) -> str:
    return say(
        "archive template card of %(task)s, which has left (card %(card)s)",
        task=change.task,
        card=change.card_id,
    )


@describe.register
def _(change: CreateCard) -> str:
    # In UTC, so that a plan reads the same on every machine.
    due = f"{change.due.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"
    return say(
        "create card %(key)s “%(title)s”, due %(due)s", key=_key(change.key), title=change.text.title, due=due
    )


@describe.register
def _(change: AddChecklist) -> str:
    return say("card %(card)s: add checklist “%(title)s”", card=change.card_id, title=change.title)


@describe.register
def _(change: AddComment) -> str:
    return say("card %(card)s: write a comment", card=change.card_id)


@describe.register
def _(change: AddCheckItem) -> str:
    return say("card %(card)s: add check item “%(title)s”", card=change.card_id, title=change.title)


@describe.register
def _(change: AddAssignee) -> str:
    return say(
        "card %(key)s: add %(person)s, to whom it was issued (%(url)s)",
        key=_key(change.key),
        person=change.person,
        url=change.url,
    )


@describe.register
def _(change: RemoveMember) -> str:
    return say("card %(card)s: take member %(member)s off", card=change.card_id, member=change.member_id)


@describe.register
def _(change: ArchiveCard) -> str:
    if change.risk is Risk.HOUSEKEEPING:
        return say("archive card %(key)s (%(url)s)", key=_key(change.key), url=change.url)
    return say("archive a copy of card %(key)s (%(url)s)", key=_key(change.key), url=change.url)


@describe.register
def _(change: ArchiveWithdrawn) -> str:
    return say(
        "archive card %(key)s, which the files no longer name (%(url)s)", key=_key(change.key), url=change.url
    )


@describe.register
def _(change: MoveCard) -> str:
    return say(
        "move card %(key)s to list %(list)s (%(url)s)", key=_key(change.key), list=change.to, url=change.url
    )


@describe.register
def _(change: AmendCard) -> str:
    parts = clauses((*_edits(change), *(_KEPT[part] for part in change.by_hand)))
    return say("amend card %(key)s (%(url)s): %(parts)s", key=_key(change.key), url=change.url, parts=parts)


def _edits(change: AmendCard) -> Iterator[str]:
    title, name, people = change.title, change.name, change.people
    if title:
        yield say("title “%(before)s” → “%(after)s”", before=title.before, after=title.after)
    elif name:
        yield say("in reports “%(before)s” → “%(after)s”", before=name.before, after=name.after)
    yield from _dates(change)
    if people:
        yield say("people %(before)s → %(after)s", before=_names(people.before), after=_names(people.after))
    if change.text:
        yield say("text")
    if change.items:
        yield say("add check items %(items)s", items=joined(f"“{item}”" for item in change.items))
    if not (change.writes or name or change.items):
        yield say("only the ledger: the card is as it should be")


def _dates(change: AmendCard) -> Iterator[str]:
    due, start = change.due, change.start
    if due:
        yield say("due %(before)s → %(after)s UTC", before=_minute(due.before), after=_minute(due.after))
    if start:
        yield say(
            "start %(before)s → %(after)s UTC", before=_minute(start.before), after=_minute(start.after)
        )


def _key(key: OccurrenceKey) -> str:
    # What comes once is known by its task: it has no date to speak of.
    return f"{key.board}/{key.task}" if key.date == NO_DAY else str(key)


def _names(keys: tuple[str, ...]) -> str:
    return ", ".join(keys) or say("nobody")


def _minute(instant: dt.datetime) -> str:
    # In UTC, so that a plan reads the same on every machine.
    return f"{instant.astimezone(dt.UTC):%Y-%m-%d %H:%M}"


_KEPT = {
    Part.TITLE: say("its title stays, as somebody changed it"),
    Part.TEXT: say("its text stays, as somebody changed it"),
    Part.DUE: say("its due stays, as somebody changed it"),
    Part.PEOPLE: say("its people stay, as somebody changed them"),
}


@describe.register
def _(change: Bind) -> str:
    return say(
        "take %(thing)s that is already there for ours (%(id)s)",
        thing=thing(change.kind, change.key),
        id=change.trello_id,
    )


@describe.register
def _(change: Unbind) -> str:
    return say("forget %(thing)s, which is gone from Trello", thing=thing(change.kind, change.key))


_KINDS: Final[Mapping[Kind, str]] = {
    Kind.BOARD: say("the board"),
    Kind.LIST: say("the list"),
    Kind.LABEL: say("the label"),
    Kind.PERSON: say("the person"),
    Kind.TEMPLATE: say("the template"),
    Kind.WEBHOOK: say("the webhook"),
}


def thing(kind: Kind, key: str) -> str:
    """Such as "the list todo"."""
    return joined(filter(None, (_KINDS[kind], key)), " ")


def _all_of(*deeds: str | bool) -> str:
    return joined(deed for deed in deeds if isinstance(deed, str))


def _holding(checklists: tuple[Checklist, ...]) -> str:
    items = sum(len(checklist.items) for checklist in checklists)
    return say(", check items: %(count)s", count=items) if items else ""

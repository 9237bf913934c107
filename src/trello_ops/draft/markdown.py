"""A Markdown checklist as a draft: headings are themes or rhythms, items tasks, nested items checklists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from trello_ops.draft import guess
from trello_ops.draft.model import MOST_TASKS, Draft, DraftChecklist, DraftTask, Rhythm
from trello_ops.draft.yaml_text import plain

_HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
_ITEM = re.compile(r"(\s*)(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?(\S.*)")
_PERSON = re.compile(r"\s*(?<![\w.])@([\w.-]*\w)")
_LONGEST_LINE = 20_000
"""Characters of a line that are read; a card's title has fewer."""

_EMPHASIS = re.compile(r"\*\*([^*]+)\*\*|__([^_]+)__|`([^`]+)`")


@dataclass
class _Place:
    """Where a line stands: the headings above it, and what they say."""

    title: str = ""
    themes: dict[int, str] = field(default_factory=dict)
    rhythms: dict[int, Rhythm] = field(default_factory=dict)

    def enter(self, level: int, heading: str) -> None:
        """Go below a heading."""
        for level_said in [each for each in (*self.themes, *self.rhythms) if each >= level]:
            self.themes.pop(level_said, None)
            self.rhythms.pop(level_said, None)
        bare = heading.rstrip(" :")
        if level == 1 and not self.title:
            self.title = bare
        elif found := guess.rhythm(bare):
            self.rhythms[level] = found
        else:
            self.themes[level] = bare

    @property
    def theme(self) -> str:
        """The nearest heading that names no rhythm."""
        return self.themes[max(self.themes)] if self.themes else ""

    @property
    def rhythm(self) -> Rhythm:
        """What the nearest heading says of a rhythm."""
        return self.rhythms[max(self.rhythms)] if self.rhythms else Rhythm()


@dataclass
class _Item:
    """An item that is a task, and what stands further in below it."""

    indent: int
    task: DraftTask
    steps: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def whole(self) -> DraftTask:
        """The task with all that belongs to it."""
        checklists = (DraftChecklist("", tuple(self.steps)),) if self.steps else ()
        return replace(self.task, checklists=checklists, description="\n".join(self.lines))


def read(text: str, name: str) -> Draft:
    """The draft of a checklist; `name` is its title where no heading gives one. Not all of too many tasks."""
    place, found = _Place(), list[_Item]()
    for line in _lines(text):
        if heading := _HEADING.match(line):
            place.enter(len(heading[1]), _plain(heading[2].rstrip().rstrip("#")))
        elif item := _ITEM.match(line):
            _add(found, len(item[1]), _plain(item[2]), place)
        elif found and line.startswith(" ") and line.strip():
            found[-1].lines.append(plain(line))
        if len(found) > MOST_TASKS:
            break
    return Draft(place.title or name, tuple(each.whole() for each in found))


def _lines(text: str) -> Iterator[str]:
    """The lines outside of code blocks."""
    fence = ""
    for line in (each[:_LONGEST_LINE].expandtabs(4) for each in text.splitlines()):
        bare = line.lstrip()
        if fence or bare.startswith(("```", "~~~")):
            fence = "" if fence and bare.startswith(fence) else fence or bare[:3]
        else:
            yield line


def _plain(text: str) -> str:
    bare = _EMPHASIS.sub(lambda found: found[1] or found[2] or found[3], text)
    return " ".join(plain(bare).split())


def _add(found: list[_Item], indent: int, text: str, place: _Place) -> None:
    """Add an item: a task, or a step of the last one where it stands further in."""
    if text and found and indent > found[-1].indent:
        found[-1].steps.append(text)
    elif text:
        found.append(_Item(indent, _task(text, place)))


def _task(text: str, place: _Place) -> DraftTask:
    people = tuple(dict.fromkeys(_PERSON.findall(text)))
    title, rhythm = " ".join(_PERSON.sub("", text).split()) or text, place.rhythm
    while found := guess.aside(title):
        title, said = found
        rhythm = guess.together(rhythm, said) or replace(said, due=said.due or rhythm.due)
    return DraftTask(title, rhythm, place.theme, people)

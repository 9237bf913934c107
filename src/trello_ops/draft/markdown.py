"""A Markdown checklist as a draft: headings are themes or rhythms, items tasks, nested items checklists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from trello_ops.draft import guess
from trello_ops.draft.model import Draft, DraftTask, Rhythm
from trello_ops.escape import one_line

_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*\s*$")
_ITEM = re.compile(r"(\s*)(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s*)?(.+)$")
_PERSON = re.compile(r"\s*@([\w.-]*\w)")
_ASIDE = re.compile(r"^(.+?)\s*(?:\(([^()]+)\)|\s[–—-]\s([^–—]+))$")
_EMPHASIS = re.compile(r"\*\*(.+?)\*\*|__(.+?)__|`(.+?)`")


@dataclass
class _Place:
    """Where a line stands: the headings above it, and what they say."""

    title: str = ""
    themes: dict[int, str] = field(default_factory=dict)
    rhythms: dict[int, Rhythm] = field(default_factory=dict)

    def enter(self, level: int, heading: str) -> None:
        """Go below a heading."""
        for said in (self.themes, self.rhythms):
            for deeper in [each for each in said if each >= level]:
                del said[deeper]
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


def read(text: str, name: str) -> Draft:
    """The draft of a checklist; `name` is its title where no heading gives one."""
    place = _Place()
    tasks: list[DraftTask] = []
    indents: list[int] = []
    for line in _lines(text):
        if heading := _HEADING.match(line):
            place.enter(len(heading[1]), _plain(heading[2]))
        elif item := _ITEM.match(line):
            indent = len(item[1])
            if tasks and indents and indent > indents[0]:
                tasks[-1] = replace(tasks[-1], items=(*tasks[-1].items, _plain(item[2])))
                continue
            indents = [indent]
            tasks.append(_task(_plain(item[2]), place))
    return Draft(place.title or name, tuple(tasks))


def _lines(text: str) -> Iterator[str]:
    """The lines outside of code blocks."""
    code = False
    for line in text.expandtabs(4).splitlines():
        if line.lstrip().startswith("```"):
            code = not code
        elif not code:
            yield line


def _plain(text: str) -> str:
    bare = _EMPHASIS.sub(lambda found: found[1] or found[2] or found[3], text)
    return one_line(bare)


def _task(text: str, place: _Place) -> DraftTask:
    people = tuple(dict.fromkeys(_PERSON.findall(text)))
    title, rhythm = _PERSON.sub("", text).strip() or text, place.rhythm
    while (aside := _ASIDE.match(title)) and (found := guess.rhythm(aside[2] or aside[3])):
        title, rhythm = aside[1], found | rhythm
    return DraftTask(title, rhythm, place.theme, people)

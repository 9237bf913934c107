"""A Markdown checklist as a draft: headings are themes or rhythms, items tasks, nested items checklists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from trello_ops.draft import guess
from trello_ops.draft.model import Draft, DraftChecklist, DraftTask, Rhythm
from trello_ops.draft.yaml_text import plain

_HEADING = re.compile(r"(#{1,6})\s+(\S.*)")
_ITEM = re.compile(r"(\s*)(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?(\S.*)")
_PERSON = re.compile(r"\s*(?<![\w.])@([\w.-]*\w)")
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


def read(text: str, name: str) -> Draft:
    """The draft of a checklist; `name` is its title where no heading gives one."""
    place, found = _Place(), list[tuple[int, DraftTask]]()
    for line in _lines(text):
        if heading := _HEADING.match(line):
            place.enter(len(heading[1]), _plain(heading[2].rstrip().rstrip("#")))
        elif item := _ITEM.match(line):
            _add(found, len(item[1]), _plain(item[2]), place)
        elif found and line.startswith(" ") and line.strip():
            outer, task = found[-1]
            found[-1] = outer, _with_more(task, plain(line))
    return Draft(place.title or name, tuple(task for _, task in found))


def _lines(text: str) -> Iterator[str]:
    """The lines outside of code blocks."""
    fence = ""
    for line in text.expandtabs(4).splitlines():
        bare = line.lstrip()
        if fence or bare.startswith(("```", "~~~")):
            fence = "" if fence and bare.startswith(fence) else fence or bare[:3]
        else:
            yield line


def _plain(text: str) -> str:
    return plain(_EMPHASIS.sub(lambda found: found[1] or found[2] or found[3], text))


def _add(found: list[tuple[int, DraftTask]], indent: int, text: str, place: _Place) -> None:
    """Add an item: a task, or a step of the last one where it stands further in."""
    if not text:
        return
    if found and indent > found[-1][0]:
        outer, task = found[-1]
        items = [item for each in task.checklists for item in each.items]
        found[-1] = outer, replace(task, checklists=(DraftChecklist("", (*items, text)),))
    else:
        found.append((indent, _task(text, place)))


def _with_more(task: DraftTask, text: str) -> DraftTask:
    """A task with another line below it: a remark, or what its last step goes on with."""
    return replace(task, description=f"{task.description}\n{text}".strip())


def _task(text: str, place: _Place) -> DraftTask:
    people = tuple(dict.fromkeys(_PERSON.findall(text)))
    title, rhythm = " ".join(_PERSON.sub("", text).split()) or text, place.rhythm
    while found := guess.aside(title):
        title, said = found
        rhythm = guess.together(rhythm, said) or replace(said, due=said.due or rhythm.due)
    return DraftTask(title, rhythm, place.theme, people)

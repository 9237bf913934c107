"""A draft as files: a board file with remarks, its card templates, and what the team's file lacks."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from trello_ops.core.cadence import Frequency
from trello_ops.core.declared import COLOURS
from trello_ops.draft.model import Draft, DraftTask
from trello_ops.escape import one_line
from trello_ops.located_yaml import parse
from trello_ops.messages import say
from trello_ops.suggestions import folded

_NO_YAML = re.compile("[\ufffe\uffff]")
_JINJA = re.compile(r"\{(?=[{%#])")
_LONGEST_KEY = 40
_UNSAID = "weekly"

Tell = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Team:
    """What workspace.yaml says already: titles of themes and names of people by key.

    `there` is whether there is such a file.
    """

    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    there: bool = True


@dataclass(frozen=True, slots=True)
class Written:
    """The texts of a board file, of its templates by name, and of a workspace.yaml where there is none."""

    board: str
    templates: Mapping[str, str]
    workspace: str
    guesses: int
    new_people: int
    new_themes: int


def write(draft: Draft, board: str, team: Team, today: dt.date, tell: Tell, language: str = "en") -> Written:
    """The files of a draft. `board` is the board's key; `tell` says a message in the reader's `language`."""
    return _Writer(draft, board, team, today, tell, language).written()


def key_of(text: str, taken: Mapping[str, object] | set[str]) -> str:
    """A key made of a text, another than those that are taken."""
    ascii_ = re.sub("[^a-z0-9]+", "-", folded(text.replace("œ", "oe").replace("Œ", "oe"))).strip("-")
    short = ascii_[:_LONGEST_KEY].rpartition("-")[0] if len(ascii_) > _LONGEST_KEY else ascii_
    base = short.strip("-") or ascii_[:_LONGEST_KEY] or "x"
    return next(key for n in range(1, 10_000) if (key := base if n == 1 else f"{base}-{n}") not in taken)


def scalar(text: str) -> str:
    """A text as a YAML value, in quotes where it needs them."""
    bare = _NO_YAML.sub("", one_line(text))
    if parse(f"x: {bare}", "").entries.get("x") == bare and not bare.endswith(":"):
        return bare
    return quoted(bare)


def quoted(text: str) -> str:
    """A text in YAML's double quotes."""
    bare = _NO_YAML.sub("", one_line(text)).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{bare}"'


def literal(text: str) -> str:
    """A text that a card template shows as it is."""
    return _JINJA.sub("{{ '{' }}", text)


class _Writer:
    """One draft, being written; keys are given in the order in which they are asked for."""

    def __init__(
        self, draft: Draft, board: str, team: Team, today: dt.date, tell: Tell, language: str
    ) -> None:
        self._language = language
        self._draft, self._board, self._team, self._tell = draft, board, team, tell
        self._monday = today - dt.timedelta(days=today.weekday())
        self._people: dict[str, str] = {}
        self._themes: dict[str, str] = {}
        self._templates: dict[str, str] = {}
        self._guesses = len(draft.remarks)
        self._cadence = _board_cadence(draft)

    def written(self) -> Written:
        tasks = list(self._tasks())
        return Written(
            board="\n".join([*self._head(), "", "tasks:", *tasks]),
            templates=self._templates,
            workspace="" if self._team.there else "\n".join(self._workspace()) + "\n",
            guesses=self._guesses,
            new_people=len(self._people),
            new_themes=len(self._themes),
        )

    # ---- the board

    def _head(self) -> Iterator[str]:
        for remark in self._draft.remarks:
            yield self._remark(remark)
        if self._team.there and (self._people or self._themes):
            yield f"# {self._tell(say('Add to workspace.yaml, without the `#`:'))}"
            yield from (f"# {line}" for line in self._additions())
        yield f"title: {scalar(self._draft.title)}"
        yield f"cadence: {self._cadence}"
        if self._cadence == Frequency.BIWEEKLY:
            yield f"anchor: {self._monday}"

    def _tasks(self) -> Iterator[str]:
        taken: set[str] = set()
        for task in self._draft.tasks:
            key = key_of(task.title, taken)
            taken.add(key)
            yield "\n".join((f"  {key}:", *(f"    {line}" for line in self._task(key, task)), ""))

    def _task(self, key: str, task: DraftTask) -> Iterator[str]:
        for remark in task.remarks:
            self._guesses += 1
            yield self._remark(remark)
        yield f"title: {scalar(task.title)}"
        yield f"theme: {self._theme(task.theme)}"
        yield f"template: {self._template(key, task)}"
        if task.description:
            yield f"description: {scalar(task.description)}"
        if task.people:
            keys = list(dict.fromkeys(map(self._person, task.people)))
            yield f"assign: {_one_or_list(keys)}"
        yield from self._rhythm(task)

    def _rhythm(self, task: DraftTask) -> Iterator[str]:
        said = task.rhythm
        if not said.cadence:
            self._guesses += 1
            yield self._remark(
                say(
                    "no rhythm was understood, so it goes by the board's, `%(cadence)s`",
                    cadence=self._cadence,
                )
            )
        elif said.cadence != self._cadence:
            yield f"cadence: {said.cadence}"
            if said.cadence == Frequency.BIWEEKLY:
                yield f"anchor: {self._monday}"
        if said.cadence == Frequency.BIWEEKLY:
            self._guesses += 1
            yield self._remark(say("a fortnight was begun on %(day)s", day=self._monday))
        if said.on:
            yield f"on: {_one_or_list(said.on)}"
        if said.due:
            yield f'due: "{said.due}"'

    def _template(self, key: str, task: DraftTask) -> str:
        name = f"{self._board}.md"
        if not task.items:
            self._templates.setdefault(name, "{% if task.description %}{{ task.description }}{% endif %}\n")
            return name
        name = f"{self._board}-{key}.md"
        items = (f"      - {quoted(literal(each))}" for each in task.items)
        title = quoted(self._tell(say("Steps")))
        body = "{% if task.description %}{{ task.description }}{% endif %}\n"
        lines = ("---", "checklists:", f"  - title: {title}", "    items:", *items, "---", body)
        self._templates[name] = "\n".join(lines)
        return name

    def _remark(self, text: str) -> str:
        return f"# {self._tell(say('to be checked: %(what)s', what=one_line(self._tell(text))))}"

    # ---- the team

    def _theme(self, title: str) -> str:
        title = title or self._tell(say("To be sorted"))
        return _found(title, {key: (said,) for key, said in self._team.themes.items()}) or self._new(
            title, self._themes, self._team.themes
        )

    def _person(self, name: str) -> str:
        return _found(name, self._team.people) or self._new(name, self._people, self._team.people)

    def _new(self, name: str, drafted: dict[str, str], known: Mapping[str, object]) -> str:
        same = next((key for key, said in drafted.items() if folded(said) == folded(name)), None)
        key = same or key_of(name, {**known, **drafted})
        drafted.setdefault(key, name)
        return key

    def _additions(self) -> Iterator[str]:
        if self._people or not self._team.there:
            yield "people:" if self._people else "people: {}"
        for key, name in self._people.items():
            username = f"{key.replace('-', '_')}_trello"
            remark = self._remark(say("the Trello username, which follows the @ in the profile"))
            yield from (f"  {key}:", f"    trello: {username}  {remark}", f"    name: {scalar(name)}")
        if self._themes:
            yield "themes:"
        for n, (key, title) in enumerate(self._themes.items(), len(self._team.themes)):
            # Every third: each colour has a light and a dark one behind it.
            colour = COLOURS[n * 3 % len(COLOURS)]
            yield from (f"  {key}:", f"    title: {scalar(title)}", f"    colour: {colour}")

    def _workspace(self) -> Iterator[str]:
        french = self._language == "fr"
        lines = (
            (f"key: {'equipe' if french else 'team'}", say("a short name for the team, which never changes")),
            (f"name: {scalar(self._draft.title)}", say("the team's name")),
            ("trello_workspace: xxx", say("what follows /w/ in the Workspace's address on trello.com")),
            (f"timezone: {'Europe/Paris' if french else 'Europe/London'}", say("the time zone")),
        )
        self._guesses += len(lines) + 1
        yield f"locale: {'fr' if french else 'en'}"
        yield from (f"{line}  {self._remark(what)}" for line, what in lines)
        if not self._themes:
            yield "themes: {}"
        yield from self._additions()
        yield "report:"
        yield f"  to: [nom@example.com]  {self._remark(say('who gets the weekly report'))}"


def _one_or_list(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"


def _board_cadence(draft: Draft) -> str:
    """The most frequent rhythm of the tasks, as a task's may only be rarer; weekly where one says none."""
    said = [task.rhythm.cadence or _UNSAID for task in draft.tasks]
    known = [each for each in Frequency if each in said]
    return str(known[0]) if known else _UNSAID


def _found(name: str, known: Mapping[str, tuple[str, ...]]) -> str | None:
    """The key of whoever is called so: by key, whole name, or a first name that only one of them has."""
    said = folded(name)
    whole = [key for key, names in known.items() if said in map(folded, (key, *names))]
    first = [key for key, names in known.items() if said in (folded(each).split(" ")[0] for each in names)]
    return whole[0] if whole else first[0] if len(first) == 1 else None

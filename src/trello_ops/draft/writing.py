"""A draft as files: a board file with remarks, its card templates, and what the team's file lacks."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from trello_ops.core import marker
from trello_ops.core.cadence import Frequency
from trello_ops.core.declared import DONE, TODO
from trello_ops.draft import team
from trello_ops.draft.model import Draft, DraftChecklist, DraftTask, Rhythm
from trello_ops.draft.team import Additions, Team, Tell
from trello_ops.draft.yaml_text import key_of, literal, name, names, plain, quoted, scalar
from trello_ops.messages import Number, say
from trello_ops.suggestions import folded

_UNSAID = Frequency.WEEKLY
_WITH_SLOTS = (Frequency.DAILY, Frequency.WEEKLY, Frequency.BIWEEKLY)
_LONGEST_TITLE = 16_000
_MOST_STEPS = 1000
"""Items of a source's checklist that are taken: a template of far more is none that people would do."""

_LONGEST_DESCRIPTION = 15_000
"""Characters: less than Trello takes, as a card shows more than what a draft says."""

_MOST_ITEMS = 200
"""Items that Trello takes in a checklist."""

_DESCRIPTION = "{% if task.description %}{{ task.description }}{% endif %}\n"
_DONE = frozenset(
    ["done", "finished", "complete", "fait", "faits", "faite", "termine", "termines", "terminee"]
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where and for whom a draft is written. `board` is its key, `today` the local day."""

    board: str
    team: Team
    today: dt.date
    tell: Tell
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Written:
    """The texts of a board file, of its templates by name, and of a workspace.yaml where there is none.

    `additions` is whether workspace.yaml must be added to.
    """

    board: str
    templates: Mapping[str, str]
    workspace: str
    guesses: int
    additions: bool


def write(draft: Draft, place: Place) -> Written:
    """The files of a draft."""
    return _Writer(draft, place).written()


class _Writer:
    """One draft, being written."""

    def __init__(self, draft: Draft, place: Place) -> None:
        title = _short(plain(draft.title), _LONGEST_TITLE) or place.board
        self._draft, self._place = replace(draft, title=title), place
        self._additions = Additions(self._draft, place.team, place.tell)
        self._templates: dict[str, str] = {}
        self._guesses = 0
        self._cadence = _board_cadence(draft)

    def written(self) -> Written:
        tasks = "\n".join(self._tasks())
        there, tell = self._place.team.there, self._place.tell
        workspace = team.new_workspace(self._draft, self._additions, tell, self._place.language)
        texts = ("\n".join(self._head()), "" if there else "".join(f"{line}\n" for line in workspace))
        return Written(
            board=f"{texts[0]}\n\ntasks:\n{tasks}",
            templates=self._templates,
            workspace=texts[1],
            guesses=self._guesses + self._additions.guesses,
            additions=there and bool(self._additions),
        )

    def _remark(self, text: str) -> str:
        self._guesses += 1
        return team.remarked(text, self._place.tell)

    # ---- the board

    def _head(self) -> Iterator[str]:
        yield from map(self._remark, self._draft.remarks)
        if self._place.team.there and self._additions:
            what = say("Add to workspace.yaml, without the `#`:")
            yield f"# {self._place.tell(what)}"
            yield from (f"# {line}" for line in self._additions.lines(alone=False))
        yield f"title: {scalar(self._draft.title)}"
        yield f"cadence: {self._cadence}"
        if self._cadence == Frequency.BIWEEKLY:
            yield f"anchor: {self._monday}"
        if not self._place.team.working and any(map(_counts_working_days, self._draft.tasks)):
            yield self._remark(say("the days that are worked"))
            yield "working_days: mon-fri"
        yield from self._lists()

    def _lists(self) -> Iterator[str]:
        named = [_short(title, _LONGEST_TITLE) for title in map(plain, self._draft.lists) if title]
        titles = list({title.casefold(): title for title in named}.values())
        if len(titles) < 2:
            return
        done = next((n for n, title in enumerate(titles) if _is_done(title)), len(titles) - 1)
        todo = 0 if done else 1
        yield self._remark(
            say(
                "new cards come to “%(todo)s”, and are done in “%(done)s”",
                todo=titles[todo],
                done=titles[done],
            )
        )
        yield "lists:"
        taken = {TODO, DONE}
        for n, title in enumerate(titles):
            key = {todo: TODO, done: DONE}.get(n) or key_of(title, taken)
            taken.add(key)
            yield f"  {name(key)}: {scalar(title)}"

    @property
    def _monday(self) -> dt.date:
        today = self._place.today
        return today - dt.timedelta(days=today.weekday())

    # ---- tasks

    def _tasks(self) -> Iterator[str]:
        taken: set[str] = set()
        for task in self._draft.tasks:
            key = key_of(task.title, taken)
            taken.add(key)
            yield "\n".join((f"  {name(key)}:", *(f"    {line}" for line in self._task(key, task)), ""))

    def _task(self, key: str, task: DraftTask) -> Iterator[str]:
        yield from map(self._remark, task.remarks)
        if len(task.title) > _LONGEST_TITLE:
            yield self._remark(say("the title was too long, and is cut"))
        if any(len(each.items) > _MOST_STEPS for each in task.checklists):
            yield self._remark(
                say("of its steps only the first %(most)s were taken", most=Number(_MOST_STEPS))
            )
        title = _short(plain(task.title) or "?", _LONGEST_TITLE)
        task = replace(task, title=title, description=_described(task))
        yield f"title: {scalar(task.title)}"
        yield f"theme: {name(self._theme(task))}"
        yield f"template: {self._template(key, task)}"
        if task.description and not _is_own(task):
            yield f"description: {scalar(task.description)}"
        people = [_short(each, _LONGEST_TITLE) for each in map(plain, task.people) if each]
        if people:
            keys = dict.fromkeys(map(self._additions.person, people))
            yield f"assign: {names([name(each) for each in keys])}"
        yield from self._rhythm(task)

    def _theme(self, task: DraftTask) -> str:
        title = plain(task.theme) or self._place.tell(say("To be sorted"))
        return self._additions.theme(_short(title, _LONGEST_TITLE))

    def _rhythm(self, task: DraftTask) -> Iterator[str]:
        said = task.rhythm
        if not said.cadence:
            yield self._remark(
                say(
                    "no rhythm was understood, so it goes by the board's, `%(cadence)s`",
                    cadence=self._cadence,
                )
            )
        elif said.cadence != self._cadence:
            yield f"cadence: {said.cadence}"
        if said.cadence == Frequency.ONCE and not said.on:
            said = replace(said, on=(str(self._place.today + dt.timedelta(days=7)),))
            yield self._remark(say("no date was understood, so it is a week from now"))
        yield from self._fortnight(said)
        yield from self._days(task, said)
        if said.month:
            yield f"month: {said.month}"
        if said.due:
            yield f'due: "{said.due}"'

    def _fortnight(self, said: Rhythm) -> Iterator[str]:
        if said.cadence != Frequency.BIWEEKLY:
            return
        if not said.anchor:
            yield self._remark(say("a fortnight was begun on %(day)s", day=self._monday))
        if said.anchor or self._cadence != Frequency.BIWEEKLY:
            yield f"anchor: {said.anchor or self._monday}"

    def _days(self, task: DraftTask, said: Rhythm) -> Iterator[str]:
        slot = team.find(task.slot, self._place.team.slots) if task.slot else None
        if slot and not said.on and (said.cadence or self._cadence) in _WITH_SLOTS:
            yield f"slot: {name(slot)}"
        elif task.slot:
            yield self._remark(
                say(
                    "the slot “%(slot)s”: add it to `slots` of workspace.yaml with its day, then write here"
                    " `slot: %(key)s` in place of `on`",
                    slot=task.slot,
                    key=slot or key_of(task.slot, ()),
                )
            )
        if said.on:
            yield f"on: {names(said.on)}"

    # ---- templates

    def _template(self, key: str, task: DraftTask) -> str:
        file = f"{self._place.board}.md"
        if not _is_own(task):
            self._templates.setdefault(file, _DESCRIPTION)
            return file
        file = f"{self._place.board}-{key}.md"
        self._templates[file] = "\n".join(self._own_template(task))
        return file

    def _own_template(self, task: DraftTask) -> Iterator[str]:
        yield from ("---", 'title: "{{ task.title }}"')
        checklists = list(_split(task.checklists))
        if checklists:
            yield "checklists:"
        for each in checklists:
            title = plain(each.title) or self._place.tell(say("Steps"))
            yield from (f"  - title: {quoted(literal(title))}", "    items:")
            yield from (f"      - {quoted(literal(item))}" for item in each.items)
        yield from ("---", f"{literal(task.description)}\n")


def _is_own(task: DraftTask) -> bool:
    """Whether a task needs a card template of its own."""
    return bool(task.checklists) or "\n" in task.description


def _described(task: DraftTask) -> str:
    """A task's description, without the markers by which the program knows its own cards."""
    lines = (_indented(line) for line in task.description.splitlines() if not marker.bears_any(line))
    text = _short("\n".join(lines).strip(), _LONGEST_DESCRIPTION)
    return "" if marker.bears_any(text) else text


def _indented(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))] + plain(line)


def _split(checklists: Iterable[DraftChecklist]) -> Iterator[DraftChecklist]:
    """The checklists, none of which has more items than Trello takes."""
    for each in checklists:
        items = [_short(item, _LONGEST_TITLE) for item in map(plain, each.items[:_MOST_STEPS]) if item]
        for begin in range(0, len(items), _MOST_ITEMS):
            part = tuple(items[begin : begin + _MOST_ITEMS])
            yield DraftChecklist(_short(each.title, _LONGEST_TITLE), part)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _counts_working_days(task: DraftTask) -> bool:
    return any(day.endswith("working day") for day in task.rhythm.on)


def _is_done(title: str) -> bool:
    return not _DONE.isdisjoint(folded(title).split(" "))


def _board_cadence(draft: Draft) -> str:
    """The most frequent rhythm of the tasks, as a task's may only be rarer; weekly where one says none."""
    said = [task.rhythm.cadence or _UNSAID for task in draft.tasks]
    return str(next((each for each in Frequency if each in said), _UNSAID))

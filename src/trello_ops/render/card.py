"""Card templates to card texts, and every problem of a folder of card templates."""

import datetime as dt
import re
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

from trello_ops.core import marker
from trello_ops.core.cadence import Cadence, DayTime, Frequency
from trello_ops.core.calendar.occurrences import next_occurrence
from trello_ops.core.card_text import CardText, Checklist
from trello_ops.core.declared import Board, Task, Theme, Workspace
from trello_ops.core.ledger import Occurrence
from trello_ops.core.rows import Table
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.folder_files import Folder
from trello_ops.messages import Number, say
from trello_ops.ports.render import Checked, RowTexts
from trello_ops.render import card_context, card_sources
from trello_ops.render.card_files import CARDS, available
from trello_ops.render.card_lint import lint, syntax_message, uses_occurrence
from trello_ops.render.card_rows import RowRenderer
from trello_ops.render.card_sandbox import CardSandbox, too_much
from trello_ops.render.card_wire import TOO_LARGE
from trello_ops.render.i18n import Translator
from trello_ops.render.report_template import REPORTS
from trello_ops.render.template_file import TemplateFile, TemplateFolder, Text
from trello_ops.unread_files import Wanted, unread

LONGEST = 16_384
"""Characters in a title, a description or a check item (trello-behaviour.md#lengths-and-time-outs)."""

MOST_ITEMS = 200
"""Items in one checklist (trello-behaviour.md#object-limits)."""

_HALVES = re.compile("[\ud800-\udfff]")
_DAYS = (dt.date(2026, 11, 18), dt.date(2026, 11, 30), dt.date(2026, 12, 31), dt.date(2028, 2, 29))
"""Days on which `check` tries every template: an ordinary one, a month's end, ISO week 53, a leap day."""


class Progress:
    """Is told how far rendering has come. Whoever sets it a budget counts from there."""

    def begin(self) -> None:
        """The next card, or the next file to be read, begins."""

    def at(self, file: str, path: str) -> None:
        """Jinja is now given the text at `path` of a file."""


class InProcess:
    """Implements `CardTemplates` in this process, where nothing ends a template that runs away."""

    def check(self, workspace: Workspace | None, templates: Path | Folder) -> Checked:
        """Every problem of every card template, each once, and the warnings."""
        problems = set[Problem]()
        if workspace:
            for found in example_renderer(workspace, templates).problems():
                problems |= found
        in_order = sorted(problems, key=lambda p: (p.file, p.line, p.column, p.message))
        return Checked(tuple(in_order), warnings(templates))

    def renderer(
        self, workspace: Workspace, templates: Path | Folder, kept: Mapping[str, str]
    ) -> "CardRenderer":
        """The renderer of the sources `kept` of a folder."""
        return CardRenderer(workspace, templates, kept)


def example_renderer(
    workspace: Workspace, templates: Path | Folder, progress: Progress | None = None
) -> "CardRenderer":
    """What a check renders with: a made-up task stands for each template that no task uses."""
    return CardRenderer(_with_unused_templates(workspace, available(templates)), templates, None, progress)


def warnings(templates: Path | Folder, progress: Progress | None = None) -> tuple[Problem, ...]:
    """What is worth a thought: files in the folder that are not read, and text that is lost."""
    # Imported late: what draws reports would take memory from cards.
    from trello_ops.render import report_check

    wanted = Wanted(Folder.of(templates) / CARDS, (".md",), nested=True)
    top = Folder.of(templates)
    found = [each for each in unread(wanted, top.path) if each.file != str(top.path / REPORTS)]
    found += report_check.warnings(templates)
    folder = TemplateFolder(templates / CARDS)
    for name in folder.names:
        (progress or Progress()).begin()
        found += folder.file(name).warnings
    return tuple(found)


class CardRenderer:
    """Implements `ports.CardRenderer` for a folder of templates, or for the sources that were `kept` of it.

    A renderer reads each file once, so make a new one for each pass: files may change in between.
    """

    def __init__(
        self,
        workspace: Workspace,
        templates: Path | Folder,
        kept: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._workspace = workspace
        self._progress = progress or Progress()
        self._folder = TemplateFolder(templates / CARDS, kept)
        self._translator = Translator(workspace.locale)
        self._sandbox = CardSandbox(self._folder, self._translator, self._progress.at)
        self._sources: dict[str, str] = {}

    def card(self, occurrence: Occurrence) -> CardText:
        """The text of an occurrence's card. Raises `InvalidDeclaration` for a template with problems."""
        self._progress.begin()
        key = occurrence.key
        board, task = self._declared(key.board, key.task, key.date)
        sheet = _Sheet(self._folder, self._sandbox, self._file(board, task))
        raw = self._names(board, task, occurrence, card_context.plain)
        # Trello shows titles and check items as they are written, and only the description as Markdown.
        title = sheet.required(sheet.file.front_matter.title, raw)
        checklists = sheet.checklists(raw)
        body = sheet.body(self._names(board, task, occurrence, card_context.markdown))
        sentence = self._translator.gettext("Card made automatically; please leave this line:")
        description = sheet.description(
            body, sentence, marker.card_marker(self._workspace.key, occurrence.key)
        )
        sheet.raise_problems()
        return CardText(title, description, checklists)

    def template_card(self, board: str, task: str) -> CardText | None:
        """The text of a task's template card, which holds the checklists that cards copy.

        `None` if there are none, or if they mention the occurrence and so differ from card to card; and of a
        row of a workbook, whose card is the only one of its task.
        """
        self._progress.begin()
        declared, found = self._declared(board, task)
        if found.row_of:
            return None
        sheet = _Sheet(self._folder, self._sandbox, self._file(declared, found))
        if sheet.uses_occurrence():
            return None
        checklists = sheet.checklists(self._names(declared, found, None, card_context.plain))
        sheet.raise_problems()
        if not checklists:
            return None
        gettext = self._translator.gettext
        body = gettext("The cards of this task are copied from this one. Please leave it as it is.")
        sentence = gettext("Template made automatically; please leave this line:")
        description = _with_marker(body, sentence, marker.template_marker(self._workspace.key, board, task))
        # The title is cut, since a task's may have the full length itself.
        return CardText(gettext("Template: %(title)s", title=found.title)[:LONGEST], description, checklists)

    def row_texts(self, board: str, task: str, table: Table) -> RowTexts:
        """The check items of these rows, by the task's `rows`. Raises `InvalidDeclaration` for its `item`."""
        declared, found = self._declared(board, task)
        if found.rows is None:
            return RowTexts(("",) * len(table.rows))
        place = f"{declared.key}.yaml", f"tasks.{found.key}.rows"
        said = partial(_message, folder=self._folder)
        renderer = RowRenderer(self._sandbox, self._translator, found.rows, place, said)
        return renderer.texts(table, self._progress.begin)

    def sources(self, board: str, task: str) -> str:
        """A text that differs once the task's template, or a file that it includes, was edited."""
        begin = self._progress.begin
        begin()
        file = self._file(*self._declared(board, task))
        if file.name not in self._sources:
            self._sources[file.name] = card_sources.fingerprint(self._folder, self._sandbox, file, begin)
        return self._sources[file.name]

    def problems(self, without: Collection[str] = (), after: int = 0) -> Iterator[set[Problem]]:
        """What is wrong with the templates, found by reading all and by rendering each on some days.

        The first set is what reading finds, each other one what a card shows. Left out are the files in
        `without`, templates that bring one of them, and the first `after` cards. Of a line that reading finds
        wrong, the rendering's problem is left out: it says the same again.
        """
        read = set(lint(self._folder, self._sandbox, without, self._progress.begin))
        yield read
        lines = {(problem.file, problem.line) for problem in read}
        usable = self._folder.usable
        examples = (
            (board, task, day)
            for board in self._workspace.boards
            for task in board.tasks
            if task.template in usable
            for day in _DAYS
        )
        for board, task, day in islice(examples, after, None):
            found = set() if self._brings(task, without) else self._problems_of(board, task, day)
            yield {each for each in found if (each.file, each.line) not in lines}

    def _brings(self, task: Task, files: Collection[str]) -> bool:
        """Whether a task's template is one of these files, or brings one of them in."""
        if not files:
            return False
        file = self._folder.file(task.template)
        brought = card_sources.closure(self._folder, self._sandbox, file, self._progress.begin, files)
        return not brought.keys().isdisjoint(files)

    def _problems_of(self, board: Board, task: Task, day: dt.date) -> set[Problem]:
        occurrence = next_occurrence(self._workspace, board, task, day)
        try:
            if occurrence:
                self.card(occurrence)
        except InvalidDeclaration as invalid:
            return set(invalid.problems)
        return set()

    def blamed(
        self, file: str, path: str, frames: Iterable[tuple[str, int]], message: str
    ) -> tuple[str, Problem]:
        """The template that was to blame for the end of the process, and its problem.

        `frames` are files and lines of the Python that Jinja made of templates, the innermost first.
        """
        found = self._folder.file(file)
        text = next(text for text in found.texts if text.path == path)
        # By the path as `faulthandler` writes it.
        files = map(self._folder.file, self._folder.names)
        dumped = {each.path.encode("ascii", "backslashreplace").decode(): each for each in files}
        for name, line in frames:
            if inner := dumped.get(name):
                within = text if inner is found else inner.body
                line_here = self._sandbox.line_of(inner, within, line)
                return inner.name, inner.problem(line_here, message, within)
        return found.name, found.problem(text.line, message, text)

    def _declared(self, board_key: str, task_key: str, date: dt.date | None = None) -> tuple[Board, Task]:
        workspace = self._workspace
        found = (
            workspace.task_of(board_key, task_key, date) if date else workspace.task_now(board_key, task_key)
        )
        if found is None:
            message = say(
                "%(task)s is no longer declared, so that its card cannot be written",
                task=f"{board_key}/{task_key}",
            )
            raise InvalidDeclaration((Problem(f"{board_key}.yaml", 1, 1, f"tasks.{task_key}", message),))
        return found

    def _file(self, board: Board, task: Task) -> TemplateFile:
        try:
            return self._folder.file(task.template)
        except LookupError:
            message = self._folder.no_such_file(task.template)
        problem = Problem(f"{board.key}.yaml", 1, 1, f"tasks.{task.key}.template", message)
        raise InvalidDeclaration((problem,))

    def _names(
        self, board: Board, task: Task, occurrence: Occurrence | None, escape: Callable[[str], str]
    ) -> Mapping[str, object]:
        return card_context.context(self._workspace, board, task, occurrence, escape).names()


class _Sheet:
    """One template file while it is rendered. It goes on after a problem, to find them all."""

    def __init__(self, folder: TemplateFolder, sandbox: CardSandbox, file: TemplateFile) -> None:
        self.file = file
        self._folder = folder
        self._sandbox = sandbox
        self._problems = list(file.problems)

    def raise_problems(self) -> None:
        """Raise `InvalidDeclaration` with every problem so far, if there is any."""
        if self._problems:
            raise InvalidDeclaration(tuple(self._problems))

    def uses_occurrence(self) -> bool:
        """Whether any checklist does. A text that Jinja does not understand is left to the rendering."""
        for checklist in self.file.front_matter.checklists:
            for text in (checklist.title, *checklist.items):
                with suppress(TemplateSyntaxError):
                    if uses_occurrence(self._sandbox.parsed(self.file, text)):
                        return True
        return False

    def checklists(self, names: Mapping[str, object]) -> tuple[Checklist, ...]:
        """The checklists, without items that come out empty, and without checklists that have no items."""
        found = []
        for texts in self.file.front_matter.checklists:
            items = tuple(filter(None, (self._line(text, names) for text in texts.items)))
            if len(items) > MOST_ITEMS:
                message = say(
                    "has %(count)s items, and Trello takes %(most)s: split it",
                    count=len(items),
                    most=MOST_ITEMS,
                )
                self._complain(texts.title, message)
            # Even where no item is left: a title that cannot be rendered is a mistake all the same.
            title = self.required(texts.title, names)
            if items:
                found.append(Checklist(title, items))
        return tuple(found)

    def required(self, text: Text, names: Mapping[str, object]) -> str:
        """A title, which must not come out empty."""
        line = self._line(text, names)
        if line == "":
            self._complain(text, say("comes out empty: there must always be a title"))
        return line or ""

    def _line(self, text: Text, names: Mapping[str, object]) -> str | None:
        """The text as one line; `None` if it cannot be rendered."""
        line = self._render(text, names)
        if line and len(line.splitlines()) > 1:
            self._complain(text, say("comes out as several lines: it must be one"))
        if line and len(line) > LONGEST:
            self._complain(text, say("is longer than %(most)s characters: shorten it", most=Number(LONGEST)))
        return line

    def body(self, names: Mapping[str, object]) -> str:
        """The rendered body; empty if it cannot be rendered."""
        return self._render(self.file.body, names) or ""

    def description(self, body: str, sentence: str, token: str) -> str:
        """The body and its marker line."""
        text = _with_marker(body, sentence, token)
        if len(text) > LONGEST:
            message = say(
                "the description is longer than %(most)s characters with its marker line: shorten it",
                most=Number(LONGEST),
            )
            self._complain(self.file.body, message)
        # Another marker in the text would make this card pass for another one, or for a board.
        if marker.bears_any(body):
            message = say(
                "the description holds a marker, which only the program may write: remove `trello-ops:…`"
            )
            self._complain(self.file.body, message)
        return text

    def _render(self, text: Text, names: Mapping[str, object]) -> str | None:
        try:
            rendered = self._sandbox.render_text(self.file, text, names)
        except Exception as error:  # noqa: BLE001 (a template may fail in as many ways as Python)
            self._problems.append(_located(error, self._folder, self.file, text))
            return None
        if _HALVES.search(rendered):  # as of `"\ud800"`, which can be sent to nobody
            self._complain(text, say("comes out with half of a character: write it as it is, without `\\u`"))
            return None
        return rendered

    def _complain(self, text: Text, message: str) -> None:
        self._problems.append(Problem(self.file.path, text.line, text.column, text.path, message))


def _with_marker(body: str, sentence: str, token: str) -> str:
    line = f"*{sentence}* `{token}`"
    return f"{body}\n\n---\n\n{line}" if body else line


def _located(error: Exception, folder: TemplateFolder, file: TemplateFile, text: Text) -> Problem:
    """The problem behind an exception, at the innermost line of a template that it passed through."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    if isinstance(error, TemplateSyntaxError) and error.filename:
        frames.append((error.filename, error.lineno))
    passed = ((found, line) for path, line in reversed(frames) if (found := folder.at(path)))
    failing, line = next(passed, (file, text.line))
    return failing.problem(line, _message(error, folder), text if failing is file else failing.body)


def _message(error: Exception, folder: TemplateFolder) -> str:
    if isinstance(error, TemplateSyntaxError):
        return syntax_message(error)
    if isinstance(error, TemplateNotFound):
        return folder.no_such_file(str(error.name))
    if isinstance(error, RecursionError):
        return say("includes, extends or calls itself without end")
    if isinstance(error, SyntaxError | MemoryError):  # of Python, into which Jinja translates
        return TOO_LARGE if isinstance(error, MemoryError) else too_much(error)
    if isinstance(error, TemplateError):
        return error.message or str(error)
    return say("cannot be rendered: %(error)s", error=str(error))


def _with_unused_templates(workspace: Workspace, names: frozenset[str]) -> Workspace:
    """The workspace with one more board, whose made-up tasks use the templates that no task uses."""
    unused = sorted(names - {task.template for _, task in workspace.tasks})
    theme = workspace.themes[0] if workspace.themes else Theme("example", "Example", "green")
    cadence = Cadence(Frequency.WEEKLY, (5,), DayTime(dt.time(17, 0)), workspace.timezone)
    tasks = tuple(Task(f"example-{n}", "Example", theme.key, name, cadence) for n, name in enumerate(unused))
    board = Board("unused-templates", "Example", Frequency.WEEKLY, (), tasks, workspace.timezone)
    return replace(workspace, boards=(*workspace.boards, board))

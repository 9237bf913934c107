"""What somebody does to the files. Each edit takes two numbers that choose; one that does not fit is none."""

from collections.abc import Callable, Collection
from copy import deepcopy
from dataclasses import dataclass, replace

from edit_kit.files import HIDDEN_AS, Files, TaskLines, task, template
from edit_kit.in_force import Force

_DUES = ("11:00", "15:00", "18:00", "20:30")
_RELEASES = ("00:00", "06:00", "09:30")
_WEEKDAYS: tuple[tuple[str, ...], ...] = (
    (),
    ("monday",),
    ("thursday",),
    ("friday",),
    ("sunday",),
    ("tuesday", "friday"),
)
_DAYS = {
    "daily": ((), ("mon-sat",), ("mon-fri",), ("tuesday", "thursday")),
    "weekly": _WEEKDAYS,
    "monthly": ((), ("20",), ("25",), ("last",), ("18", "last"), ("5",)),
}
_STARTS = ("", "2026-11-20", "2026-11-30", "2026-12-07")
_CADENCES = ("daily", "weekly", "monthly")
_FEWEST = 2


@dataclass(frozen=True)
class Editor:
    """Somebody at the files, who knows what is in force; `number` makes what they write unique."""

    files: Files
    in_force: Force
    people: Collection[str]
    number: int

    def do(self, what: str, pick: int, how: int) -> None:
        """Make one edit."""
        edit: Callable[[int, int], None] = getattr(self, f"_{what}")
        edit(pick, how)

    # ---- tasks

    def _rename(self, pick: int, how: int) -> None:
        board, chosen = self._task(pick)
        old = self.in_force.get(chosen.duty)
        to = old.key if old and how % 4 == 3 else f"{chosen.duty}-{self.number}"
        if self._is_free(board, to) or to == chosen.key:
            chosen.key = to
            self._arrive(board, chosen, says_was=bool(how % 2))

    def _move(self, pick: int, how: int) -> None:
        board, chosen = self._task(pick)
        others = [key for key in self._read() if key != board]
        if not others or not self._can_lose(board):
            return
        target = others[how // 2 % len(others)]
        if self._is_free(target, chosen.key):
            self.files.boards[board].tasks.remove(chosen)
            self.files.boards[target].tasks.append(chosen)
            chosen.on = chosen.on if self._cadence(board) == self._cadence(target) else ()
            self._arrive(target, chosen, says_was=bool(how % 2))

    def _delete(self, pick: int, _how: int) -> None:
        board, chosen = self._task(pick)
        if not self._can_lose(board):
            return
        self.files.boards[board].tasks.remove(chosen)
        old = self.in_force.get(chosen.duty)
        if old and (old.board, old.key) != (board, chosen.key):  # whoever puts it back undoes that too
            board, chosen = old.board, replace(chosen, key=old.key, was="")
        self.files.left.append((board, chosen))

    def _put_back(self, pick: int, _how: int) -> None:
        if self.files.left:
            board, chosen = self.files.left[pick % len(self.files.left)]
            if board in self.files.boards and self._is_free(board, chosen.key):
                self.files.left.remove((board, chosen))
                self.files.boards[board].tasks.append(replace(chosen, on=()))

    def _add(self, pick: int, _how: int) -> None:
        board = self._board(pick)
        made = replace(task(f"nouveau{self.number}"), assign=next(iter(self.files.people)))
        self.files.boards[board].tasks.append(made)
        self.files.templates[made.template] = template(made.duty)

    def _retime(self, pick: int, how: int) -> None:
        _, chosen = self._task(pick)
        chosen.due = _DUES[how % len(_DUES)]

    def _reday(self, pick: int, how: int) -> None:
        board, chosen = self._task(pick)
        days = _DAYS[self._cadence(board)]
        chosen.on = days[how % len(days)]

    def _restart(self, pick: int, how: int) -> None:
        _, chosen = self._task(pick)
        chosen.start = _STARTS[how % len(_STARTS)]

    def _reassign(self, pick: int, _how: int) -> None:
        _, chosen = self._task(pick)
        chosen.assign = next(key for key in self.files.people if key != chosen.assign)

    def _retitle(self, pick: int, how: int) -> None:
        _, chosen = self._task(pick)
        chosen.title = f"Tâche {chosen.duty} {how}"

    def _rename_person(self, pick: int, _how: int) -> None:
        """Wherever they are named."""
        old = list(self.files.people)[pick % 2]
        person, new = self.files.people.pop(old), f"{old.split('-')[0]}-{self.number}"
        self.files.people[new] = person
        person.was = old if old in self.people else person.was
        for _, each in (*self.files.tasks(), *self.files.left):
            each.assign = new if each.assign == old else each.assign

    # ---- questions and their answers

    def _answer_was(self, pick: int, _how: int) -> None:
        asked = self.files.asks(self.in_force)
        if asked:
            board, chosen = asked[pick % len(asked)]
            self._say_was(board, chosen)

    def _answer_new(self, pick: int, _how: int) -> None:
        asked = self.files.asks(self.in_force)
        if asked:
            _, chosen = asked[pick % len(asked)]
            if chosen.is_fresh:
                chosen.new, chosen.duty = True, f"{chosen.duty}-n{self.number}"

    def _forget_was(self, pick: int, _how: int) -> None:
        """A `was:` that has done its work is deleted; so is `new: true`."""
        done = [each for name, each in self.files.tasks() if self._is_taken_up(name, each)]
        if done:
            chosen = done[pick % len(done)]
            chosen.was, chosen.new = "", False
        for name, board in self.files.boards.items():
            if any(place.board == name for place in self.in_force.values()):
                board.was = ""

    # ---- boards

    def _recadence(self, pick: int, how: int) -> None:
        board = self.files.boards[self._board(pick)]
        if board.cadence != _CADENCES[how % 3]:
            board.cadence, board.on = _CADENCES[how % 3], ()
            for each in board.tasks:
                each.on = ()

    def _retime_board(self, pick: int, how: int) -> None:
        board = self.files.boards[self._board(pick)]
        board.due, board.release = _DUES[how % len(_DUES)], _RELEASES[how // 4 % len(_RELEASES)]

    def _reday_board(self, pick: int, how: int) -> None:
        board = self.files.boards[self._board(pick)]
        days = _DAYS[board.cadence]
        board.on = days[how % len(days)]

    def _rename_board(self, pick: int, how: int) -> None:
        old = self._board(pick)
        board = self.files.boards.pop(old)
        name = f"{board.title.split()[-1].lower()}-{self.number}"
        self.files.boards[name] = board
        known = {place.board for place in self.in_force.values()}
        board.was = old if how % 2 and old in known else board.was if how % 2 else ""

    def _vanish(self, pick: int, how: int) -> None:
        board = self.files.boards[self._board(pick)]
        is_copied = any(copied.title == board.title for copied in self.files.copies.values())
        if len(self._read()) > 1 and not is_copied:
            board.hidden_as = HIDDEN_AS[how % len(HIDDEN_AS)]

    def _come_back(self, _pick: int, _how: int) -> None:
        for board in self.files.boards.values():
            board.hidden_as = None

    def _copy(self, pick: int, _how: int) -> None:
        board = self._board(pick)
        self.files.copies[f"{board}-copie"] = deepcopy(self.files.boards[board])

    def _break(self, pick: int, _how: int) -> None:
        self.files.boards[self._board(pick)].broken = True

    def _mend(self, _pick: int, _how: int) -> None:
        """The copies too."""
        self.files.copies.clear()
        for board in self.files.boards.values():
            board.broken = False
        for name in self.files.templates:
            self.files.templates[name] = template(name.removesuffix(".md"))

    def _thin_out(self, _pick: int, how: int) -> None:
        """Four of the ten tasks of the big board at once, or all that are gone back again."""
        board = self.files.boards.get("grand")
        if board is None or how % 2:
            return
        while len(board.tasks) > 6:
            self.files.left.append(("grand", board.tasks.pop()))

    # ---- templates

    def _edit_template(self, pick: int, how: int) -> None:
        name = self._task(pick)[1].template
        self.files.templates[name] = template(name.removesuffix(".md"), f" {how}")

    def _break_template(self, pick: int, _how: int) -> None:
        self.files.templates[self._task(pick)[1].template] += "{{ "

    # ---- choosing

    def _read(self) -> list[str]:
        return [key for key, board in self.files.boards.items() if board.hidden_as is None]

    def _board(self, pick: int) -> str:
        return self._read()[pick % len(self._read())]

    def _task(self, pick: int) -> tuple[str, TaskLines]:
        there = [(name, each) for name, each in self.files.tasks() if name in self._read()]
        return there[pick % len(there)]

    def _can_lose(self, board: str) -> bool:
        return len(self.files.boards[board].tasks) >= _FEWEST

    def _cadence(self, board: str) -> str:
        return self.files.boards[board].cadence

    def _is_free(self, board: str, key: str) -> bool:
        return all(each.key != key for each in self.files.boards[board].tasks)

    def _arrive(self, board: str, chosen: TaskLines, *, says_was: bool) -> None:
        """Under a key, on a board, where it was not before."""
        chosen.is_fresh = (board, chosen.key) not in self.files.meant
        chosen.was, chosen.new = "", False
        if says_was:
            self._say_was(board, chosen)

    def _say_was(self, board: str, chosen: TaskLines) -> None:
        old = self.in_force.get(chosen.duty)
        if old and (old.board, old.key) != (board, chosen.key):
            known = {board, self.files.boards[board].was}
            chosen.was = old.key if old.board in known else f"{old.board}/{old.key}"

    def _is_taken_up(self, board: str, chosen: TaskLines) -> bool:
        place = self.in_force.get(chosen.duty)
        return (
            bool(place) and (place.board, place.key) == (board, chosen.key) and bool(chosen.was or chosen.new)
        )


TASK_EDITS = (
    "rename",
    "move",
    "delete",
    "put_back",
    "add",
    "retime",
    "reday",
    "restart",
    "reassign",
    "retitle",
)
BOARD_EDITS = (
    "recadence",
    "retime_board",
    "reday_board",
    "rename_board",
    "vanish",
    "come_back",
    "thin_out",
)
OTHER_EDITS = (
    "answer_was",
    "answer_new",
    "forget_was",
    "copy",
    "break",
    "mend",
    "edit_template",
    "break_template",
    "rename_person",
)

"""What the files said at any instant, what was in force then, and which duty each key stands for.

Whoever edits says which duty a key is meant for (`Version.meant`); the rest is read from the files' text.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from edit_kit.reckoning import Rule

_MANY, _SHARE = 10, 0.3
_INHERITED = ("on", "release", "due", "start")


@dataclass(frozen=True)
class Place:
    """Where a duty is declared, and when it is to be done; `was` are the places that it says it had."""

    board: str
    board_title: str
    key: str
    rule: Rule
    was: frozenset[tuple[str, str]] = frozenset()

    def follows(self, old: "Place") -> bool:
        """Whether it says itself that it is what was declared there."""
        return (old.board, old.key) in {(self.board, self.key), *self.was}


Force = Mapping[str, Place]
"""What is in force: a place for each duty."""


@dataclass(frozen=True)
class Version:
    """The files from an instant on, by path below the folder; `meant` tells the duty of (board, task)."""

    at: dt.datetime
    files: Mapping[str, str]
    meant: Mapping[tuple[str, str], str]

    @cached_property
    def boards(self) -> dict[str, Any] | None:
        """The board files as plain YAML, or `None` where something is wrong with the files."""
        try:
            boards = {
                Path(path).stem: yaml.load(text, yaml.BaseLoader)  # noqa: S506 - makes strings only
                for path, text in self.files.items()
                if path.startswith("boards/") and path.count("/") == 1 and path.lower().endswith(".yaml")
            }
        except yaml.YAMLError:
            return None
        boards.pop("workspace")
        titles = [board["title"] for board in boards.values()]
        templates = [text for path, text in self.files.items() if path.startswith("templates/")]
        is_whole = all(text.count("{{") == text.count("}}") for text in templates)
        return boards if is_whole and len(set(titles)) == len(titles) else None

    @cached_property
    def people(self) -> dict[str, str]:
        """The Trello username of each person, by key."""
        workspace = yaml.load(self.files["boards/workspace.yaml"], yaml.BaseLoader)  # noqa: S506 - strings only
        return {key: person["trello"] for key, person in workspace["people"].items()}

    @cached_property
    def places(self) -> Force:
        """Where each duty is declared."""
        return {
            self.meant[name, key]: Place(
                name, board["title"], key, _rule(board, task), _was(name, board, key, task)
            )
            for name, board in (self.boards or {}).items()
            for key, task in board["tasks"].items()
        }

    def is_taken_up(self, before: Force, *, by_apply: bool) -> bool:
        """Whether a robot puts any of it in force."""
        return self.boards is not None and (by_apply or not self.is_alarming(before))

    def taken_up(self, before: Force, *, by_apply: bool) -> Force:
        """What is in force once a robot has read these files; `by_apply`: a person has looked at them."""
        if not self.is_taken_up(before, by_apply=by_apply):
            return before
        held, asked = self._held_back(before), self.asks(before)
        renamed = {board.get("was", name): name for name, board in (self.boards or {}).items()}
        # What is asked about goes on as it was; with its board, where that has another name now.
        kept = (
            replace(before[duty], board=renamed.get(before[duty].board, before[duty].board)) for duty in asked
        )
        taken = {d: place for d, place in self.places.items() if d not in asked and place.board not in held}
        return taken | dict(zip(asked, kept, strict=True))

    def asks(self, before: Force) -> set[str]:
        """The duties that may have been renamed, and go on as they were until somebody says."""
        held = self._held_back(before)
        return {
            duty
            for duty, old in before.items()
            if old.board in held.values()
            or (duty in self.places and not self._is_sure(self.places[duty], old, held))
        }

    def _is_sure(self, new: Place, old: Place, held: Mapping[str, str]) -> bool:
        return new.board not in held and new.follows(old)

    def _held_back(self, before: Force) -> dict[str, str]:
        """New boards that look like ones that left, each with the old one; nobody has said so yet."""
        boards = self.boards or {}
        titles = {place.board: place.board_title for place in before.values()}
        left = {title: name for name, title in titles.items() if name not in self._named}
        new = [name for name, board in boards.items() if not {name, board.get("was")} & titles.keys()]
        return {name: left[boards[name]["title"]] for name in new if boards[name]["title"] in left}

    @property
    def _named(self) -> set[str]:
        """Every board that there is, or that one says it was."""
        boards = self.boards or {}
        return {*boards, *(board["was"] for board in boards.values() if "was" in board)}

    def is_alarming(self, before: Force) -> bool:
        """Whether so much is gone that only a person may put it in force."""
        going_on = {*self._named, *self._held_back(before).values()}
        if any(place.board not in going_on for place in before.values()):
            return True
        for name in {place.board for place in before.values()}:
            duties = [duty for duty, place in before.items() if place.board == name]
            gone = [duty for duty in duties if duty not in self.places]
            if len(duties) >= _MANY and len(gone) > _SHARE * len(duties):
                return True
        return False


def _rule(board: Mapping[str, Any], task: Mapping[str, Any]) -> Rule:
    said = {name: task.get(name, board.get(name)) for name in _INHERITED}
    days = said.pop("on")
    on = () if days is None else (days,) if isinstance(days, str) else tuple(days)
    return Rule(board["cadence"], on, **{name: text for name, text in said.items() if text is not None})


def _was(
    name: str, board: Mapping[str, Any], key: str, task: Mapping[str, Any]
) -> frozenset[tuple[str, str]]:
    said = task.get("was", key)
    boards = {name, board.get("was", name)}
    if "/" in said:
        former, _, said = said.partition("/")
        boards = {former}
    return frozenset((each, said) for each in boards)


@dataclass
class Chronicle:
    """The sequence of the files and of the robot's acts, and what follows from them."""

    versions: list[Version] = field(default_factory=list)
    people: Mapping[str, str] = field(default_factory=dict)
    _acts: list[dt.datetime] = field(default_factory=list)
    _seen: list[Version] = field(default_factory=list)
    _forces: list[Force] = field(default_factory=list)
    _duties: dict[tuple[str, str], str] = field(default_factory=dict)

    def edited(self, version: Version) -> None:
        self.versions.append(version)

    def acted(self, at: dt.datetime, *, by_apply: bool = False) -> None:
        """A pass, or an `apply` that was not refused."""
        self._acts.append(at)
        self._seen.append(self.versions[-1])
        version, before = self.versions[-1], self.now
        if version.is_taken_up(before, by_apply=by_apply):
            self.people = version.people
        self._forces.append(version.taken_up(before, by_apply=by_apply))
        self._duties |= self.versions[-1].meant
        self._duties |= {(place.board, place.key): duty for duty, place in self.now.items()}

    @property
    def now(self) -> Force:
        """What is in force since the robot's last act."""
        return self._forces[-1] if self._forces else {}

    def at(self, moment: dt.datetime) -> Force:
        """What was in force at an instant."""
        number = bisect_right(self._acts, moment)
        return self._forces[number - 1] if number else {}

    def act_after(self, moment: dt.datetime) -> dt.datetime:
        """The robot's first act after an instant."""
        return self._acts[min(bisect_right(self._acts, moment), len(self._acts) - 1)]

    def after(self, moment: dt.datetime) -> Force:
        """What the robot's first act after an instant put in force."""
        return self.at(self.act_after(moment))

    def meant_at(self, moment: dt.datetime) -> Force:
        """What would have been in force at an instant, had the robot read the files then."""
        number = bisect_right([version.at for version in self.versions], moment)
        return self.versions[max(0, number - 1)].taken_up(self.at(moment), by_apply=False)

    def asked_at(self, moment: dt.datetime, *, surely: bool = False) -> set[str]:
        """The duties of which the files asked at an instant whether they were renamed.

        What is asked beside an alarm, or was broken before any robot read it, is not asked `surely`.
        """
        number, before = bisect_right([version.at for version in self.versions], moment), self.at(moment)
        there = self.versions[:number]
        sound = next((version for version in reversed(there) if version.boards is not None), None)
        if sound is None:
            return set()

        def is_known(version: Version) -> bool:
            return version is there[-1] or any(each is version for each in self._seen)

        if surely:
            return sound.asks(before) if is_known(sound) and not sound.is_alarming(before) else set()
        # Files that are too alarming to be taken up, or broken before any robot read them, answer nothing of
        # what those before them asked.
        asked = set[str]()
        for version in (each for each in reversed(there) if each.boards is not None):
            asked |= version.asks(before)
            if is_known(version) and not version.is_alarming(before):
                break
        return asked

    def during(self, begin: dt.datetime, end: dt.datetime) -> Iterator[Force]:
        """All that was in force at some time from `begin` on, up to the first act after `end`."""
        first, last = bisect_right(self._acts, begin), bisect_right(self._acts, end)
        yield self.at(begin)
        yield from self._forces[first : last + 1]

    def username(self, key: str) -> str | None:
        """Of the person who last had a key."""
        return next((each.people[key] for each in reversed(self.versions) if key in each.people), None)

    def duty_of(self, key: str) -> str | None:
        """The duty that an occurrence's key, `board/task/date`, was last meant for."""
        board, task, _ = key.split("/")
        return self._duties.get((board, task))

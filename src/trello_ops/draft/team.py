"""Who and what a team's workspace.yaml knows already, and what a draft adds to it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trello_ops.core.declared import COLOURS
from trello_ops.draft import yaml_text
from trello_ops.draft.model import Draft
from trello_ops.draft.yaml_text import key_of
from trello_ops.folder_files import Folder
from trello_ops.located_yaml import Value, parse
from trello_ops.messages import say
from trello_ops.plain_text import Unreadable
from trello_ops.suggestions import folded

Names = Mapping[str, tuple[str, ...]]
_LONGEST_REMARK = 500

Tell = Callable[[str], str]
"""Says a message in the reader's language."""


@dataclass(frozen=True, slots=True)
class Team:
    """What workspace.yaml says: what people, themes and slots are called, by key.

    `there` is whether there is such a file, `working` whether it says which days are worked, `timezone` its
    time zone, however it is written.
    """

    people: Names = field(default_factory=dict)
    themes: Names = field(default_factory=dict)
    slots: Names = field(default_factory=dict)
    working: bool = False
    timezone: str = ""
    there: bool = True


def read(folder: Path) -> Team:
    """The team of a boards folder, as far as its workspace.yaml can be read: mistakes in it do no harm."""
    file = folder / "workspace.yaml"
    if not file.exists() and not file.is_symlink():
        return Team(there=False)
    try:
        found = parse(Folder(folder).text(file), str(file)).entries
    except Unreadable:
        return Team()
    return Team(
        people=_called(found.get("people"), "name", "trello"),
        themes=_called(found.get("themes"), "title"),
        slots=_called(found.get("slots")),
        working="working_days" in found,
        timezone=str(found.get("timezone", "")),
    )


def _called(group: Value, *fields: str) -> Names:
    entries = group.items() if isinstance(group, dict) else ()
    told = {key: each if isinstance(each, dict) else {} for key, each in entries}
    return {key: tuple(str(each[name]) for name in fields if name in each) for key, each in told.items()}


def find(name: str, known: Names) -> str | None:
    """The key of whoever is called so: by key, whole name, or a first name that only one of them has."""
    said = folded(name)
    whole = [key for key, names in known.items() if said in map(folded, (key, *names))]
    first = [key for key, names in known.items() if said in (folded(each).split(" ")[0] for each in names)]
    return whole[0] if whole else first[0] if len(first) == 1 else None


class Additions:
    """What a draft names and the team lacks; keys are given in the order in which they are asked for."""

    def __init__(self, draft: Draft, team: Team, tell: Tell) -> None:
        self._draft, self._team, self._tell = draft, team, tell
        self._people: dict[str, str] = {}
        self._themes: dict[str, str] = {}
        self._keys: dict[tuple[str, str], str] = {}
        self.guesses = 0

    def __bool__(self) -> bool:
        return bool(self._people or self._themes)

    def person(self, name: str) -> str:
        """The key of a person, who is added if the team lacks them."""
        username = self._draft.usernames.get(name, "")
        known = find(username, self._team.people) if username else None
        return known or self._key("person", name, self._people, self._team.people)

    def theme(self, title: str) -> str:
        """The key of a theme, which is added if the team lacks it."""
        return self._key("theme", title, self._themes, self._team.themes)

    def _key(self, kind: str, name: str, drafted: dict[str, str], known: Names) -> str:
        said = kind, folded(name)
        if said not in self._keys:
            self._keys[said] = find(name, known) or key_of(name, known.keys() | drafted.keys())
            if self._keys[said] not in known:
                drafted[self._keys[said]] = name
        return self._keys[said]

    def lines(self, *, alone: bool) -> Iterator[str]:
        """The people and themes to add; with `alone` for a file that has no others."""
        if self._people or alone:
            yield "people:" if self._people else "people: {}"
        for key, name in self._people.items():
            yield from self._person(key, name)
        if self._themes or alone:
            yield "themes:" if self._themes else "themes: {}"
        for n, (key, title) in enumerate(self._themes.items(), len(self._team.themes)):
            # Every third: each colour has a light and a dark one behind it.
            colour = self._draft.colours.get(title) or COLOURS[n * 3 % len(COLOURS)]
            yield from (
                f"  {yaml_text.name(key)}:",
                f"    title: {yaml_text.scalar(title)}",
                f"    colour: {colour}",
            )

    def _person(self, key: str, name: str) -> Iterator[str]:
        username = self._draft.usernames.get(name, "")
        remark = ""
        if not username:
            self.guesses += 1
            username = f"{key.replace('-', '_')}_trello"
            told = say("the Trello username, which follows the @ in the profile")
            remark = "  " + remarked(told, self._tell)
        yield f"  {yaml_text.name(key)}:"
        yield f"    trello: {yaml_text.scalar(username)}{remark}"
        yield f"    name: {yaml_text.scalar(name)}"


def remarked(text: str, tell: Tell) -> str:
    """A comment that says what is to be checked."""
    told = yaml_text.plain(tell(say("to be checked: %(what)s", what=text)))
    return f"# {told[:_LONGEST_REMARK]}"


def usual_zone(language: str) -> str:
    """The time zone of a team that has said none."""
    return "Europe/Paris" if language == "fr" else "Europe/London"


def new_workspace(draft: Draft, additions: Additions, tell: Tell, language: str) -> Iterator[str]:
    """The lines of a workspace.yaml for a team that has none."""
    french = language == "fr"
    name = yaml_text.scalar(draft.title)
    lines = (
        (f"key: {'equipe' if french else 'team'}", say("a short name for the team, which never changes")),
        (f"name: {name}", say("the team's name")),
        ("trello_workspace: xxx", say("what follows /w/ in the Workspace's address on trello.com")),
        (f"timezone: {usual_zone(language)}", say("the time zone")),
    )
    additions.guesses += len(lines) + 1
    yield f"locale: {'fr' if french else 'en'}"
    yield from (f"{line}  {remarked(what, tell)}" for line, what in lines)
    yield from additions.lines(alone=True)
    yield "report:"
    readers = say("who gets the weekly report")
    yield f"  to: [nom@example.com]  {remarked(readers, tell)}"

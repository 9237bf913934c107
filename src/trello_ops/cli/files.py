"""What commands say of the files: that they are broken, and what an edit will change."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from trello_ops.cli.output import local, notice, sentence
from trello_ops.cli.session import Session
from trello_ops.core.declared import Withdrawn
from trello_ops.core.planning.differences import Difference, Turn
from trello_ops.core.planning.named_dates import LateStart
from trello_ops.declared.load import BoardsFolder
from trello_ops.errors import Problem
from trello_ops.messages import say
from trello_ops.operations.declaration import Following, late_starts, open_cards
from trello_ops.render import declaration as words
from trello_ops.render.report_policy import edits

if TYPE_CHECKING:
    from trello_ops.app import App

# Told with file and line, as it is there that a person answers.
_SPOKEN_OF_BY_PLACE = frozenset({Turn.ASKED, Turn.WAITS, Turn.UNKNOWN})


@contextmanager
def reading(session: Session) -> "Iterator[App]":
    """The app for a command that only reads: while the files are broken, it goes by what is in force."""
    # Imported late: `validate` says what the files change without Trello, whose library takes a while.
    from trello_ops.app import open_app

    with closing(open_app(session.settings())) as app:
        before = app.source.before
        if app.source.broken and before:
            notice(
                say(
                    "The files have problems, so this goes by the declaration in force since %(since)s:",
                    since=local(before.since, before.declaration.workspace.timezone),
                )
            )
            notice(app.source.trouble)
        yield app


def ahead(
    following: Following | None, cards: dict[str, int], late_starts: Collection[LateStart]
) -> list[str]:
    """What the files change, and what becomes of counted days that are over, in sentences."""
    told = changes(following, cards) if following else []
    return [*told, *map(words.late_start, late_starts)]


def changes(following: Following, cards: dict[str, int]) -> list[str]:
    """What the files change of the declaration in force, in sentences; first, why it waits for `apply`."""
    workspace = following.declaration.workspace

    def archives(board: str) -> bool:
        found = workspace.board(board)
        return (found or workspace).withdrawn is Withdrawn.ARCHIVE

    told = [each for each in following.differences if each.turn not in _SPOKEN_OF_BY_PLACE]
    of_report = edits(following.before.declaration.workspace, workspace) if following.before else ()
    return [
        *words.what_waits((), following.alarms),
        *words.sentences(told, cards, archives),
        *(words.moved_date(each, cards) for each in following.moved_dates),
        *of_report,
    ]


def questions(differences: Iterable[Difference], found: BoardsFolder) -> list[Problem]:
    """What a person is asked, and `was:` that names nothing, each at its place."""
    return [
        found.about(each, words.sentence(each)) for each in differences if each.turn in _SPOKEN_OF_BY_PLACE
    ]


def announce(app: "App") -> None:
    """Say what the files change, before it is planned or done."""
    for message in announced(app):
        notice(message)


def announced(app: "App") -> list[str]:
    """What the files change of what is in force, in sentences."""
    following = app.source.following
    if following is None:
        return []
    store, now = app.services.store, app.services.clock.now()
    late = late_starts(store, following.declaration.workspace, now)
    # The first declaration changes nothing: all of it is in the plan.
    if not following.is_new or following.before is None:
        return list(map(sentence, ahead(None, {}, late)))
    asked = questions(following.differences, app.source.found)
    return [
        *(say("warning: %(message)s", message=problem.located) for problem in asked),
        *map(sentence, ahead(following, open_cards(store, now), late)),
    ]

"""From what Trello still shows to the ledger that was lost.

The calendar says which occurrences there were, and the markers which of them got a card. A card, its later
edits undone by the log, shows what it was made with. The log tells what was done, read by the same functions
as every day. What none of them tells is an uncertainty, and is never charged to anybody.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from trello_ops.core.bindings import Binding, Kind, Watermark
from trello_ops.core.calendar.occurrences import occurrences
from trello_ops.core.calendar.recurrence import LONGEST_OFFSET, longest_period
from trello_ops.core.calendar.rotation import without_turns
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import DONE, Board, Task, Workspace
from trello_ops.core.ledger import EventKind, IssuedCard, LedgerEntry, Occurrence, OccurrenceKey
from trello_ops.core.marker import find_card_key, find_template
from trello_ops.core.recovery.card_origin import frozen, stand_in
from trello_ops.core.recovery.evidence import BoardEvidence, CardTitle, Evidence, RebuiltPart
from trello_ops.core.recovery.missing import without_card
from trello_ops.core.recovery.rounds import with_turns
from trello_ops.core.recovery.uncertainty import Uncertainty, UncertaintyKind
from trello_ops.core.reporting.history import FrozenCounts, Past, with_week
from trello_ops.core.reporting.report import Report
from trello_ops.core.reporting.weekly import WeekFacts, weekly_report
from trello_ops.core.sights import ReadCursor
from trello_ops.core.tracking.events import CardObservation, new_events
from trello_ops.core.trello import Card
from trello_ops.messages import say


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a new store begins with.

    `waiting` are entries without card that are still to be issued, but only after looking on the board: a
    request of the lost store's process may land late. `reports` are those of every closed week, in order.
    """

    bindings: tuple[Binding, ...]
    watermarks: tuple[Watermark, ...]
    entries: tuple[LedgerEntry, ...]
    waiting: tuple[OccurrenceKey, ...]
    read_cursors: tuple[ReadCursor, ...]
    reports: tuple[Report, ...]
    uncertainties: tuple[Uncertainty, ...]


def rebuild(
    workspace: Workspace, boards: Sequence[BoardEvidence], card_title: CardTitle, now: dt.datetime
) -> Rebuilt:
    """The ledger of the boards that were read, the first read having begun at `now`."""
    evidence = Evidence.of(workspace, boards, card_title, now)
    parts = [_rebuild_board(evidence, shown) for shown in boards]
    urls = {shown.board.key: shown.snapshot.board.url for shown in boards}
    entries = tuple(
        sorted((e for part in parts for e in part.entries), key=lambda entry: entry.occurrence.urgency)
    )
    return Rebuilt(
        bindings=tuple(binding for shown in boards for binding in shown.bindings),
        # Up to now the ledger is complete: each task is owed from here on.
        watermarks=tuple(
            Watermark(shown.board.key, task.key, now) for shown in boards for task in shown.board.tasks
        ),
        entries=entries,
        waiting=tuple(key for part in parts for key in part.waiting),
        read_cursors=tuple(
            ReadCursor(shown.board.key, now, max((a.at for a in shown.log), default=None)) for shown in boards
        ),
        reports=tuple(_past_reports(workspace, entries, urls, now)),
        uncertainties=(
            *_absent(workspace, boards),
            *(uncertainty for part in parts for uncertainty in part.uncertainties),
        ),
    )


def _absent(workspace: Workspace, boards: Sequence[BoardEvidence]) -> Iterator[Uncertainty]:
    """What is missing on Trello that would give cards their meaning."""
    there = {shown.board.key for shown in boards}
    for board in workspace.boards:
        if board.key not in there:
            yield Uncertainty(
                board.key,
                UncertaintyKind.BOARD,
                say("no open board bears its marker: nothing of it is recovered"),
            )
    for shown in boards:
        if DONE not in shown.bound(Kind.LIST).values():
            yield Uncertainty(
                shown.board.key,
                UncertaintyKind.LIST,
                say(
                    "no open list has the title of its done list: cards that were moved there, and not"
                    " ticked, are taken for not done"
                ),
            )
        if workspace.excused.key not in shown.bound(Kind.LABEL).values():
            yield Uncertainty(
                shown.board.key,
                UncertaintyKind.LABEL,
                say("it lacks the excused label: nobody there is taken for excused"),
            )


# ---- one board --------------------------------------------------------------------------------------


def _rebuild_board(evidence: Evidence, shown: BoardEvidence) -> RebuiltPart:
    own = {key: card for key, card in evidence.cards.items() if key.board == shown.board.key}
    eldest = _first_card_times(evidence.workspace.key, shown, own)
    calendar = _calendar(evidence, shown.board, eldest)
    new = (task for task in shown.board.tasks if task.key not in eldest)
    # Nothing was owed before the board's first card of an occurrence; template cards may be older.
    first_issue = min((card.created_at for card in own.values()), default=evidence.now)
    missing = [
        occurrence
        for key, occurrence in calendar.items()
        if key not in own
        and occurrence.due > max(eldest[key.task], first_issue)
        and occurrence.release <= evidence.now
    ]
    issued = RebuiltPart.joined(
        _issued(evidence, shown, key, card, calendar.get(key)) for key, card in own.items()
    )
    issued, missing = with_turns(evidence.workspace, shown.board, issued, missing)
    return RebuiltPart.joined(
        [
            issued,
            *without_card(evidence, shown, own, [each for each in missing if each.skip is None]),
            RebuiltPart(tuple(LedgerEntry.of(each, evidence.now) for each in missing if each.skip)),
            *(_new(evidence, shown.board, task) for task in new),
        ]
    )


def _first_card_times(
    workspace: str, shown: BoardEvidence, own: Mapping[OccurrenceKey, Card]
) -> dict[str, dt.datetime]:
    """When the first card of each task was made, its template card included."""
    made = [(key.task, card.created_at) for key, card in own.items()]
    for card in shown.cards:
        template = find_template(card.description, workspace)
        if template and template[0] == shown.board.key:
            made.append((template[1], card.created_at))
    return dict(sorted(made, key=lambda each: each[1], reverse=True))  # the last of a task is its eldest


def _calendar(
    evidence: Evidence, board: Board, eldest: Mapping[str, dt.datetime]
) -> dict[OccurrenceKey, Occurrence]:
    """The occurrences that cards may stand for, by today's files: from before a task's first card on."""
    found: dict[OccurrenceKey, Occurrence] = {}
    for task in board.tasks:
        if task.key in eldest:
            # No card was made further from its occurrence, wherever the files then had release and due.
            reach = 2 * max(longest_period(task.cadence), LONGEST_OFFSET)
            since, until = eldest[task.key] - reach, evidence.now + reach
            # Whose turn it was, the cards tell better than the files of today.
            owed = occurrences(evidence.workspace, board, without_turns(task), since, until)
            found |= {occurrence.key: occurrence for occurrence in owed}
    return found


def _new(evidence: Evidence, board: Board, task: Task) -> RebuiltPart:
    """A task without any card is taken for new, and owed from now on."""
    # A request of the lost process for its first card may be under way: what is released waits as well.
    released = occurrences(evidence.workspace, board, task, evidence.now, evidence.now)
    message = say("no card of it was found: taken for new, and owed from now on")
    return RebuiltPart(
        entries=tuple(LedgerEntry.of(each, evidence.now) for each in released),
        waiting=tuple(each.key for each in released if each.skip is None),
        uncertainties=(Uncertainty(f"{board.key}/{task.key}", UncertaintyKind.NEW_TASK, message),),
    )


# ---- with a card ------------------------------------------------------------------------------------


def _issued(
    evidence: Evidence, shown: BoardEvidence, key: OccurrenceKey, card: Card, declared: Occurrence | None
) -> RebuiltPart:
    made = evidence.made(card)
    task = shown.board.task(key.task)
    base = declared or stand_in(shown.board, task, key, made)
    if base is None:
        message = say("the files know nothing of it, and its card %(url)s has no due: left out", url=card.url)
        return RebuiltPart(uncertainties=(Uncertainty(str(key), UncertaintyKind.DUE, message),))
    # On a board that is none of ours, the rules of its own board are the nearest that there are.
    place = card.board_id if card.board_id in evidence.rules else shown.snapshot.board.id
    title = evidence.card_title(base) if task else None
    # It has a card, whatever excuses it by today's files.
    base = replace(base, skip=None)
    occurrence, uncertainties = frozen(evidence.workspace, base, made, evidence.names[place], title)
    bare = LedgerEntry(
        occurrence, evidence.now, card=IssuedCard(card.id, card.url, card.created_at, card.created_at)
    )
    observation = CardObservation(
        card,
        evidence.log.get(card.id, ()),
        last_read_at=card.created_at,
        read_at=evidence.now,
        robot_comments=evidence.robot_comments.get(card.id, 0),
        robots=evidence.robots,
    )
    entry = replace(bare, events=new_events(bare, observation, evidence.rules[place]))
    return RebuiltPart(
        (entry,), uncertainties=(*uncertainties, *_of_the_card(evidence.workspace.key, entry, card))
    )


def _of_the_card(workspace: str, entry: LedgerEntry, card: Card) -> Iterator[Uncertainty]:
    key = str(entry.occurrence.key)
    if find_card_key(card.description, workspace) != entry.occurrence.key:
        yield Uncertainty(
            key,
            UncertaintyKind.MARKER,
            say("its card %(url)s lost the marker; known by the log", url=card.url),
        )
    if any(event.kind is EventKind.EXCUSED for event in entry.events):
        yield Uncertainty(
            key,
            UncertaintyKind.EXCUSED,
            say("nobody knows since when it is excused: taken for excused since its beginning"),
        )


# ---- reports ----------------------------------------------------------------------------------------


def _past_reports(
    workspace: Workspace, entries: Sequence[LedgerEntry], urls: Mapping[str, str], now: dt.datetime
) -> Iterator[Report]:
    """The reports of all closed weeks, in order, as of their closes. `urls` are the boards', by key."""
    zone, closes = workspace.timezone, workspace.report.closes_at
    if not entries:
        return
    due, done = defaultdict(list), defaultdict(list)
    for entry in entries:
        due[IsoWeek.at(entry.occurrence.due, zone)].append(entry)
        weeks = set()
        for at in (each.at for each in entry.events if each.kind is EventKind.DONE):
            # The report that tells of it is that of the next week to close: on a Monday morning, the last.
            week = IsoWeek.at(at, zone)
            last = week.previous()
            weeks.add(last if at < last.closes_at(zone, closes) else week)
        for week in weeks:
            done[week].append(entry)
    week, history = min(due), list[FrozenCounts]()
    past: Past = {}
    while week.closes_at(zone, closes) <= now:
        facts = WeekFacts(
            week, due[week], done[week], urls.keys(), board_urls=urls, history=history, past=past
        )
        report = weekly_report(workspace, facts, now, freeze=True)
        yield report
        history.append(FrozenCounts.of(report))
        past = with_week(past, workspace, report.occurrences)
        week = week.next()

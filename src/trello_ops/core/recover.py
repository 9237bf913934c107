"""From what Trello still shows to the ledger that was lost.

Which occurrences there were, the calendar says; which of them got a card, the markers; what a card was made
with, the card itself, less what its log says was changed since; what was done, the log, read by the same
functions as every day. What none of them tells is a doubt, and is never charged to anybody.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from trello_ops.core.cadence import LONGEST_OFFSET, longest_period
from trello_ops.core.card_origin import frozen, stand_in
from trello_ops.core.completion import Reading, new_completions
from trello_ops.core.compliance import WeekFacts, weekly_report
from trello_ops.core.doubt import About, Doubt
from trello_ops.core.marker import find_card_key, find_template
from trello_ops.core.missing import without_card
from trello_ops.core.model import (
    DONE,
    Binding,
    Board,
    Card,
    Fact,
    IssuedCard,
    Kind,
    LedgerEntry,
    Occurrence,
    OccurrenceKey,
    Sight,
    Task,
    Workspace,
)
from trello_ops.core.occurrence import occurrences
from trello_ops.core.report import Report
from trello_ops.core.traces import CardTitle, Part, Scene, Trace
from trello_ops.core.week import IsoWeek


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a new store begins with.

    `waiting` are entries without card that are still to be issued, by whoever has looked that no request of
    the lost ledger's holder lands late. `reports` are those of every closed week, in order.
    """

    bindings: tuple[Binding, ...]
    entries: tuple[LedgerEntry, ...]
    waiting: tuple[OccurrenceKey, ...]
    sights: tuple[Sight, ...]
    reports: tuple[Report, ...]
    doubts: tuple[Doubt, ...]


def rebuild(
    workspace: Workspace, traces: Sequence[Trace], card_title: CardTitle, now: dt.datetime
) -> Rebuilt:
    """The ledger of the boards that were read, the reading having begun at `now`."""
    scene = Scene.of(workspace, traces, card_title, now)
    parts = [_rebuild_board(scene, trace) for trace in traces]
    entries = tuple(sorted((e for part in parts for e in part.entries), key=_urgency))
    return Rebuilt(
        bindings=tuple(each for trace in traces for each in (*trace.bindings, *_owed_from(trace, now))),
        entries=entries,
        waiting=tuple(key for part in parts for key in part.waiting),
        sights=tuple(Sight(t.board.key, now, max((a.at for a in t.log), default=None)) for t in traces),
        reports=tuple(_past_reports(workspace, entries, [trace.board.key for trace in traces], now)),
        doubts=(*_absent(workspace, traces), *(doubt for part in parts for doubt in part.doubts)),
    )


def _owed_from(trace: Trace, now: dt.datetime) -> Iterator[Binding]:
    """Up to now the ledger is complete."""
    return (Binding(Kind.TASK, trace.board.key, task.key, "", now) for task in trace.board.tasks)


def _urgency(entry: LedgerEntry) -> tuple[dt.datetime, OccurrenceKey]:
    return entry.occurrence.due, entry.occurrence.key


def _absent(workspace: Workspace, traces: Sequence[Trace]) -> Iterator[Doubt]:
    """What the boards lack of that which gives cards their meaning."""
    there = {trace.board.key for trace in traces}
    for board in workspace.boards:
        if board.key not in there:
            yield Doubt(board.key, About.BOARD, "no open board bears its marker: nothing of it is recovered")
    for trace in traces:
        if DONE not in trace.bound(Kind.LIST).values():
            yield Doubt(
                trace.board.key,
                About.LIST,
                "no open list has the title of its done list: cards that were moved there, and not ticked,"
                " are taken for not done",
            )
        if workspace.excused.key not in trace.bound(Kind.LABEL).values():
            yield Doubt(
                trace.board.key, About.LABEL, "it lacks the excused label: nobody there is taken for excused"
            )


# ---- one board --------------------------------------------------------------------------------------


def _rebuild_board(scene: Scene, trace: Trace) -> Part:
    own = {key: card for key, card in scene.cards.items() if key.board == trace.board.key}
    eldest = _eldest_traces(trace, own)
    calendar = _calendar(scene, trace.board, eldest)
    new = (task for task in trace.board.tasks if task.key not in eldest)
    return Part.joined(
        [
            *(_issued(scene, trace, key, card, calendar.get(key)) for key, card in own.items()),
            *without_card(scene, trace, own, _missing(scene, own, eldest, calendar.values())),
            *(_new(scene, trace.board, task) for task in new),
        ]
    )


def _eldest_traces(trace: Trace, own: Mapping[OccurrenceKey, Card]) -> dict[str, dt.datetime]:
    """When the first card of each task was made, its template card included."""
    made = [(key.task, card.created_at) for key, card in own.items()]
    for card in trace.cards:
        template = find_template(card.description)
        if template and template[0] == trace.board.key:
            made.append((template[1], card.created_at))
    return dict(sorted(made, key=lambda each: each[1], reverse=True))  # the last of a task is its eldest


def _calendar(
    scene: Scene, board: Board, eldest: Mapping[str, dt.datetime]
) -> dict[OccurrenceKey, Occurrence]:
    """Whatever a card found may stand for, as the files have it today."""
    return {
        occurrence.key: occurrence
        for task in board.tasks
        if task.key in eldest
        for occurrence in _around(scene, board, task, eldest[task.key])
    }


def _around(scene: Scene, board: Board, task: Task, first_card: dt.datetime) -> tuple[Occurrence, ...]:
    """Those from before a task's first card to after now.

    No card was made further from its occurrence than that, wherever the files then had release and due.
    """
    reach = 2 * max(longest_period(task.cadence), LONGEST_OFFSET)
    return occurrences(scene.workspace, board, task, first_card - reach, scene.now + reach)


def _missing(
    scene: Scene,
    own: Mapping[OccurrenceKey, Card],
    eldest: Mapping[str, dt.datetime],
    calendar: Iterable[Occurrence],
) -> list[Occurrence]:
    """What was owed and has no card: owed since the task's first card, and since the board's first issue."""
    first_issue = min((card.created_at for card in own.values()), default=scene.now)
    return [
        occurrence
        for occurrence in calendar
        if occurrence.key not in own
        and occurrence.due > max(eldest[occurrence.key.task], first_issue)
        and occurrence.release <= scene.now
    ]


def _new(scene: Scene, board: Board, task: Task) -> Part:
    """Owed from now on. A request for its first card may be under way: what is released waits as well."""
    released = occurrences(scene.workspace, board, task, scene.now, scene.now)
    message = "no card of it was found: taken for new, and owed from now on"
    return Part(
        entries=tuple(LedgerEntry(each, scene.now) for each in released),
        waiting=tuple(each.key for each in released),
        doubts=(Doubt(f"{board.key}/{task.key}", About.NEW_TASK, message),),
    )


# ---- with a card ------------------------------------------------------------------------------------


def _issued(scene: Scene, trace: Trace, key: OccurrenceKey, card: Card, declared: Occurrence | None) -> Part:
    made = scene.made(card)
    task = trace.board.task(key.task)
    base = declared or stand_in(trace.board, task, key, made)
    if base is None:
        message = f"the files know nothing of it, and its card {card.url} has no due: left out"
        return Part(doubts=(Doubt(str(key), About.DUE, message),))
    place = card.board_id if card.board_id in scene.rules else trace.snapshot.board.id
    title = scene.card_title(base) if task else None
    occurrence, doubts = frozen(scene.workspace, base, made, scene.names[place], title)
    bare = LedgerEntry(
        occurrence, scene.now, card=IssuedCard(card.id, card.url, card.created_at, card.created_at)
    )
    reading = Reading(card, scene.log.get(card.id, ()), card.created_at, scene.now)
    entry = replace(bare, completions=new_completions(bare, reading, scene.rules[place]))
    return Part((entry,), doubts=(*doubts, *_of_the_card(entry, card)))


def _of_the_card(entry: LedgerEntry, card: Card) -> Iterator[Doubt]:
    key = str(entry.occurrence.key)
    if find_card_key(card.description) != entry.occurrence.key:
        yield Doubt(key, About.MARKER, f"its card {card.url} lost the marker; known by the log")
    if any(completion.fact is Fact.EXCUSED for completion in entry.completions):
        yield Doubt(
            key, About.EXCUSED, "nobody knows since when it is excused: taken for excused since its beginning"
        )


# ---- reports ----------------------------------------------------------------------------------------


def _past_reports(
    workspace: Workspace, entries: Sequence[LedgerEntry], boards: Collection[str], now: dt.datetime
) -> Iterator[Report]:
    """The reports of all closed weeks, in order, as of their closes."""
    zone, closes = workspace.timezone, workspace.report.closes_at
    if not entries:
        return
    due, done = defaultdict(list), defaultdict(list)
    for entry in entries:
        due[IsoWeek.at(entry.occurrence.due, zone)].append(entry)
        instants = (each.at for each in entry.completions if each.fact is Fact.DONE)
        for week in {_closing_after(at, zone, closes) for at in instants}:
            done[week].append(entry)
    week = min(due)
    while week.closes_at(zone, closes) <= now:
        facts = WeekFacts(week, due[week], done[week], boards)
        yield weekly_report(workspace, facts, now, freeze=True)
        week = week.next()


def _closing_after(moment: dt.datetime, zone: ZoneInfo, closes: dt.time) -> IsoWeek:
    """The week whose report tells what was done at an instant: the next to close."""
    week = IsoWeek.at(moment, zone)
    return week.previous() if moment < week.previous().closes_at(zone, closes) else week

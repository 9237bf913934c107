"""report: close each week once, and mail its report."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import structlog

from trello_ops.core import problems
from trello_ops.core.bindings import Kind
from trello_ops.core.cadence import Span
from trello_ops.core.calendar.agenda import Agenda
from trello_ops.core.calendar.recurrence import LONGEST_OFFSET
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import LedgerEntry, Occurrence
from trello_ops.core.mails import reports_of
from trello_ops.core.reporting.history import FrozenCounts, Past
from trello_ops.core.reporting.report import Report
from trello_ops.core.reporting.weekly import WeekFacts, weekly_report
from trello_ops.operations.calendar import calendar
from trello_ops.operations.context import Context
from trello_ops.operations.forecast import owe_forecasts
from trello_ops.operations.mailing import MAIL, send_owed
from trello_ops.operations.mistakes import PEOPLE
from trello_ops.operations.own_trello import require_own_trello
from trello_ops.operations.past import past
from trello_ops.operations.problems import lookup_subject
from trello_ops.operations.reconcile import WAITING
from trello_ops.operations.schedule import record_released, unrecorded

log = structlog.get_logger()

_DAY = dt.timedelta(days=1)


def report(context: Context) -> int:
    """Freeze every week that can be closed, then send what is owed; returns how many mails went out.

    Raises `OtherTrello`, as far as that is known without asking: reports go out while Trello is away.
    """
    require_own_trello(context, ask=False)
    # A week in which issuing failed would close as a perfect one, were nothing recorded here.
    undecided = record_released(context).undecided
    for week in _closed_weeks(context, undecided):
        if context.stopping() or not _freeze(context, week, undecided):
            break
    owe_forecasts(context)
    return send_owed(context)


@dataclass(frozen=True, slots=True)
class Around:
    """What was before a week, and what comes after it."""

    history: tuple[FrozenCounts, ...]
    past: Past
    ahead: Agenda


def account(context: Context, week: IsoWeek, known: Around | None = None) -> Report:
    """The report of a week: as frozen, or provisional as of now.

    A provisional report counts what still lies ahead as *open*, so that its total does not grow day by day.
    With what is `known` of the weeks around it, it takes a fraction of the time.
    """
    frozen = context.store.frozen(week)
    if frozen:
        return frozen
    facts = _facts_so_far(context, week)
    facts = _beside(facts, known or _around(context, facts))
    return weekly_report(context.workspace, facts, context.clock.now(), freeze=False)


def around(context: Context, week: IsoWeek) -> Around:
    """What an account of a week needs to know of those around it; of its own days it is not news."""
    return _around(context, _facts_so_far(context, week))


def progress(context: Context, week: IsoWeek) -> Report:
    """What is counted of a week so far, without what the weeks before and after it make of it."""
    return weekly_report(context.workspace, _facts_so_far(context, week), context.clock.now(), freeze=False)


def running_week(context: Context) -> IsoWeek:
    """The current week; as long as nothing ever fell due, the first in which something does."""
    zone = context.workspace.timezone
    now, first = context.clock.now(), context.store.first_due()
    if first is None or first <= now:
        return IsoWeek.at(now, zone)
    # What was recorded first need not fall due first: a weekly card may come out days before today's.
    return IsoWeek.at(min([first, *(each.due for each in unrecorded(context, now, first))]), zone)


def read_after_close(context: Context, week: IsoWeek, entries: Sequence[LedgerEntry]) -> frozenset[str]:
    """The keys of boards that were fully read after a week had closed and these entries' cards were known.

    A read counts from when it began. A card that was found after its board had been read may have been done
    before, so that such a read tells nothing of it.
    """
    closed = week.closes_at(context.workspace.timezone, context.workspace.report.closes_at)
    since: dict[str, dt.datetime] = {}
    for entry in entries:
        if entry.card:
            board = entry.occurrence.key.board
            since[board] = max(entry.card.confirmed_at, since.get(board, closed))
    cursors = context.store.read_cursors()
    return frozenset(
        b for b, cursor in cursors.items() if cursor.read_at >= max(closed, since.get(b, closed))
    )


def bound_accounts(context: Context) -> dict[str, str]:
    """The keys of people by the id of the Trello account that is bound to them on any board."""
    return {each.trello_id: each.key for each in context.store.bindings() if each.kind is Kind.PERSON}


# ---- closing ----------------------------------------------------------------------------------------


def _closed_weeks(context: Context, undecided: Sequence[Occurrence]) -> Iterator[IsoWeek]:
    """The weeks that have closed and are not frozen, in order, beginning with that of the first due."""
    store, zone, now = context.store, context.workspace.timezone, context.clock.now()
    frozen, dues = store.frozen_weeks(), [occurrence.due for occurrence in undecided]
    first = min([*dues, *filter(None, [store.first_due()])], default=None)
    if first is None:
        return
    week = frozen[-1].next() if frozen else IsoWeek.at(first, zone)
    while week.closes_at(zone, context.workspace.report.closes_at) <= now:
        yield week
        week = week.next()


def _freeze(context: Context, week: IsoWeek, undecided: Sequence[Occurrence]) -> bool:
    """Freeze a week if its boards were fully read, or waiting for that has ended; whether it is frozen.

    What is undecided is waited for as well: as long as its board was not read, its card may stand there.
    """
    store, now, zone = context.store, context.clock.now(), context.workspace.timezone
    closed = week.closes_at(zone, context.workspace.report.closes_at)
    open_questions = [o for o in undecided if IsoWeek.at(o.due, zone) == week]
    waits = now < closed + context.config.report_wait
    if waits and open_questions:
        return False
    # If any are left, waiting is over: they are recorded, lest the week close as a perfect one.
    store.record(open_questions, now)
    facts = _facts(context, week)
    boards = {entry.occurrence.key.board for entry in facts.entries if entry.card}
    if waits and (boards - set(facts.read_after_close) or _may_find_more(context, facts.entries)):
        return False
    # Not before: a week that waits to be frozen is looked at in every pass.
    made = weekly_report(context.workspace, _beside(facts, _around(context, facts)), now, freeze=True)
    if store.freeze(made, reports_of(context.workspace.report, week)):
        log.info("report.frozen", week=str(week), compliance=made.totals.compliance_rate)
    return True


def _may_find_more(context: Context, entries: Iterable[LedgerEntry]) -> bool:
    """Whether one of these that has no card may still turn out to have one.

    Its card is being made, or a lookup cannot tell.
    """
    store = context.store
    without = {entry.occurrence.key for entry in entries if entry.card is None}
    # A claim on its key: a card is being made, or a lost attempt at it has not settled.
    if {claim.key for claim in store.claims()} & {*map(str, without)}:
        return True
    waiting = [occurrence.key for occurrence in store.unissued() if occurrence.key in without]
    blind = {str(problems.ProblemSubject(job="issue")), *(lookup_subject(key.board) for key in waiting)}
    return bool(waiting) and any(problem.subject in blind for problem in store.problems())


def _facts(context: Context, week: IsoWeek) -> WeekFacts:
    store, zone = context.store, context.workspace.timezone
    closes = context.workspace.report.closes_at
    closed = week.closes_at(zone, closes)
    entries = store.due_between(week.begins_at(zone), week.next().begins_at(zone))
    return WeekFacts(
        week=week,
        entries=entries,
        done_later=store.completed_between(week.previous().closes_at(zone, closes), closed),
        read_after_close=read_after_close(context, week, entries),
        system=_troubles(context),
        board_urls={each.board: each.url for each in store.bindings() if each.kind is Kind.BOARD},
        outages=store.outages(week.begins_at(zone), week.next().begins_at(zone)),
        accounts=bound_accounts(context),
        sights=store.board_sights(),
    )


def _facts_so_far(context: Context, week: IsoWeek) -> WeekFacts:
    facts, now, zone = _facts(context, week), context.clock.now(), context.workspace.timezone
    ahead = unrecorded(context, week.begins_at(zone), week.next().begins_at(zone))
    entries = (*facts.entries, *(LedgerEntry.of(occurrence, now) for occurrence in ahead))
    in_order = sorted(entries, key=lambda entry: (entry.occurrence.due, entry.occurrence.key))
    return replace(facts, entries=in_order)


def _around(context: Context, facts: WeekFacts) -> Around:
    return Around(
        context.store.frozen_counts(),
        past(context, facts.week, facts.entries),
        calendar(context, _days_of(context.workspace, facts.week.next())),
    )


def _beside(facts: WeekFacts, known: Around) -> WeekFacts:
    return replace(facts, history=known.history, past=known.past, ahead=known.ahead)


def _days_of(workspace: Workspace, week: IsoWeek) -> Span:
    """The days, those of a week among them, of which something may fall due in it."""
    dues = [task.cadence.due for _, task in workspace.tasks]
    reach = max(
        (LONGEST_OFFSET if due.working_days else abs(due.offset_days) * _DAY for due in dues), default=_DAY
    )
    # A board may keep another time than the workspace.
    return Span(week.monday - reach - _DAY, week.sunday + reach + _DAY)


def _troubles(context: Context) -> tuple[str, ...]:
    """The subjects of problems, as a report names them."""
    subjects = [problem.subject for problem in context.store.problems()]
    # That changes wait, accounts were renamed or strangers call is for the admin to know; the report is the
    # manager's, and names no mail's recipient.
    told = (MAIL if problems.ProblemSubject.parse(each).about_mail else each for each in subjects)
    return tuple(dict.fromkeys(each for each in told if each not in (WAITING, PEOPLE, str(problems.CALLS))))

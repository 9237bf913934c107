"""The weekly report, made of the outcomes of its occurrences."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import (
    WITHDRAWN,
    BoardSight,
    EventKind,
    LedgerEntry,
    LedgerEvent,
    Occurrence,
    Outage,
)
from trello_ops.core.people import Absentee, Person
from trello_ops.core.reporting.outcome import Cutoff, Outcome, outcome_at
from trello_ops.core.reporting.report import DueMove, Group, Report, ReportedOccurrence, Totals
from trello_ops.core.tracking.events import excuse, is_done, is_unproven, withdrawal
from trello_ops.core.tracking.sight import out_of_sight
from trello_ops.core.trello import Member


def totals(outcomes: Iterable[Outcome | str]) -> Totals:
    """The figures of some occurrences. An outcome of another version counts as scheduled only."""
    counts = Counter(outcomes)
    judged = counts[Outcome.ON_TIME] + counts[Outcome.LATE] + counts[Outcome.MISSED]
    return Totals(
        scheduled=counts.total(),
        **{str(each): counts[each] for each in Outcome},
        compliance_rate=counts[Outcome.ON_TIME] / judged if judged else None,
    )


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """All that a week's report is made of.

    `entries` fell due in the week; `done_later` are entries of earlier weeks done since the
    week before closed; `read_after_close` holds the boards wholly read since this week closed; `outages`
    touch it. `accounts` are person keys by the id of the Trello account that is bound to them; `sights` say
    when boards were out of sight; `board_urls` are addresses by board key.
    """

    week: IsoWeek
    entries: Sequence[LedgerEntry]
    done_later: Sequence[LedgerEntry]
    read_after_close: Collection[str]
    system: tuple[str, ...] = ()
    outages: tuple[Outage, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)
    sights: tuple[BoardSight, ...] = ()
    board_urls: Mapping[str, str] = field(default_factory=dict)


def weekly_report(workspace: Workspace, facts: WeekFacts, now: dt.datetime, *, freeze: bool) -> Report:
    """The report of a week as of `now`; with `freeze`, the one that stays."""
    zone = workspace.timezone
    closes_at = facts.week.closes_at(zone, workspace.report.closes_at)
    cutoff, closed = min(now, closes_at), now >= closes_at
    people = _People.of(workspace, facts)
    lines = []
    for entry in facts.entries:
        # Until the board was read after the close, what was done in the last minutes is not known.
        final = closed and entry.occurrence.key.board in facts.read_after_close
        outcome = outcome_at(entry, Cutoff(cutoff, final=final), out_of_sight(entry, facts.sights))
        done = _counted_event(entry, cutoff)
        lines.append(_reported(_Account(workspace, people, entry, cutoff), outcome, done))
    late = tuple(_caught_up(workspace, people, facts, now))
    keys = {line.key for line in (*lines, *late)}
    named = [e for e in (*facts.done_later, *facts.entries) if str(e.occurrence.key) in keys]
    board_titles, theme_titles = _titles(workspace, named)
    return Report(
        workspace=workspace.key,
        name=workspace.name,
        locale=workspace.locale,
        week=facts.week,
        begins=facts.week.monday,
        ends=facts.week.sunday,
        closes_at=closes_at,
        frozen_at=now if freeze else None,
        timezone=zone.key,
        totals=totals(line.outcome for line in lines),
        boards=tuple(
            replace(group, url=facts.board_urls.get(group.key, ""))
            for group in _groups(lines, board_titles, lambda line: (line.board,))
        ),
        themes=_groups(lines, theme_titles, lambda line: (line.theme,)),
        # A card of two people counts for both, so these figures may add up to more than the boards'.
        people=_groups(lines, people.names(named), lambda line: line.assignees or ("",)),
        occurrences=tuple(lines),
        caught_up=late,
        system=facts.system,
        outages=facts.outages,
    )


def _caught_up(
    workspace: Workspace, people: "_People", facts: WeekFacts, now: dt.datetime
) -> Iterable[ReportedOccurrence]:
    """Occurrences of earlier weeks, not done when their week closed, that are done by now."""
    zone, time = workspace.timezone, workspace.report.closes_at
    until = min(now, facts.week.closes_at(zone, time))
    for entry in facts.done_later:
        week = IsoWeek.at(entry.occurrence.due, zone)
        closed = week.closes_at(zone, time)
        if week < facts.week and not is_done(entry.events, closed) and is_done(entry.events, until):
            outcome = outcome_at(entry, Cutoff(closed, final=True), out_of_sight(entry, facts.sights))
            account = _Account(workspace, people, entry, until)
            yield _reported(account, outcome, _last_done(entry, until))


@dataclass(frozen=True, slots=True)
class _Account:
    """What a report says of one entry, as of an instant."""

    workspace: Workspace
    people: "_People"
    entry: LedgerEntry
    at: dt.datetime

    def assignees(self, done: LedgerEvent | None) -> tuple[str, ...]:
        """The card's members when it was done; else, or if it had none, those it was given to."""
        # Who takes over a duty and does it gets the credit. Leaving an undone card frees nobody.
        if done is None:
            return self._people_now(self.entry.occurrence)
        on_card = dict.fromkeys(self._people_now(self.entry.recorded))
        for at, who, joins in sorted(self._moves(), key=lambda move: move[0]):
            if at <= done.at and joins:
                on_card[who] = None
            elif at <= done.at:
                on_card.pop(who, None)
        return tuple(on_card) or self._people_now(self.entry.as_of(done.at))

    def _moves(self) -> Iterator[tuple[dt.datetime, str, bool]]:
        """When somebody was put on the card, or taken off it, by amendments and by people."""
        before = self._people_now(self.entry.recorded)
        for each in self.entry.amendments:
            after = self._people_now(each.of_occurrence(self.entry.recorded))
            yield from ((each.at, who, False) for who in before if who not in after)
            yield from ((each.at, who, True) for who in after if who not in before)
            before = after
        for event in self.entry.events:
            if event.kind in {EventKind.ASSIGNED, EventKind.UNASSIGNED}:
                yield event.at, self.who(event.by) or "", event.kind is EventKind.ASSIGNED

    def _people_now(self, occurrence: Occurrence) -> tuple[str, ...]:
        """Whom it is assigned to, by the keys that they have now."""
        return tuple(dict.fromkeys(self.people.keys_now(occurrence)))

    def due_moves(self) -> tuple[DueMove, ...]:
        known = (e for e in self.entry.events if e.kind is EventKind.DUE_MOVED and e.at <= self.at)
        return tuple(DueMove(e.at, self.who(e.by)) for e in sorted(known, key=lambda event: event.at))

    def excused(self) -> LedgerEvent | None:
        """What excused it, where an action told it: a guessed instant says nothing worth reporting."""
        found = excuse(self.entry.events, self.at)
        return None if found is None or found.approximate else found

    def withdrawn(self) -> LedgerEvent | None:
        """What withdrew it, where nobody excused it."""
        by_person = excuse(self.entry.events, self.at)
        return None if by_person else withdrawal(self.entry.events, self.at)

    def who(self, member: Member | None) -> str | None:
        """A person's key, or the Trello username of anybody else."""
        return self.people.who(member)


def _reported(account: _Account, outcome: Outcome, done: LedgerEvent | None) -> ReportedOccurrence:
    entry, occurrence = account.entry, account.entry.occurrence
    withdrawn = account.withdrawn() if outcome is Outcome.EXCUSED else None
    excused = withdrawn or (account.excused() if outcome is Outcome.EXCUSED else None)
    due_moves = account.due_moves()
    board, task = _keys_now(account.workspace, occurrence)
    theme = account.workspace.theme(occurrence.theme)
    return ReportedOccurrence(
        key=str(occurrence.key),
        board=board,
        task=task,
        theme=theme.key if theme else occurrence.theme,
        title=occurrence.title,
        assignees=account.assignees(done),
        due_at=occurrence.due,
        outcome=outcome,
        completed_at=done.at if done else None,
        completed_by=account.who(done.by) if done else None,
        card_url=entry.card.url if entry.card else None,
        approximate=bool(done and done.approximate),
        note=WITHDRAWN if withdrawn else entry.skipped,
        unproven=done is not None and is_unproven(entry.events, account.at),
        due_moved_by=due_moves[-1].by if due_moves else None,
        excused_at=excused.at if excused else None,
        excused_by=account.who(excused.by) if excused else None,
        amended_at=entry.amended_at,
        due_moves=due_moves,
        absent=tuple(account.people.absentee_now(each) for each in occurrence.absent),
        nobody_left=occurrence.nobody_left,
    )


def _keys_now(workspace: Workspace, occurrence: Occurrence) -> tuple[str, str]:
    """The keys that its board and its task have now; a task that moved stays with the board of its card."""
    key = occurrence.key
    board, now = workspace.board_now(key.board), workspace.task_of(key.board, key.task, key.date)
    renamed = board and now and now[0] is board
    return board.key if board else key.board, now[1].key if now and renamed else key.task


def _counted_event(entry: LedgerEntry, at: dt.datetime) -> LedgerEvent | None:
    """The completion that counts: the one that made it done by its due, else the last one."""
    if not is_done(entry.events, at):
        return None
    due = min(entry.promised_due, at)
    return _last_done(entry, due if is_done(entry.events, due) else at)


def _last_done(entry: LedgerEntry, until: dt.datetime) -> LedgerEvent:
    return max((c for c in entry.events if c.kind is EventKind.DONE and c.at <= until), key=lambda c: c.at)


# ---- figures by board, theme and person -------------------------------------------------------------

_Keys = Callable[[ReportedOccurrence], Collection[str]]


def _groups(lines: Sequence[ReportedOccurrence], titles: dict[str, str], keys: _Keys) -> tuple[Group, ...]:
    """One group for each key of `titles`, in that order, then for others as they come up.

    Groups with nothing due stay in, at zero: a reader finds there the title of every key in the report.
    """
    found: dict[str, list[Outcome | str]] = {key: [] for key in titles}
    for line in lines:
        for key in keys(line):
            found.setdefault(key, []).append(line.outcome)
    return tuple(Group(key, titles.get(key, key), totals(outcomes)) for key, outcomes in found.items())


@dataclass(frozen=True, slots=True)
class _People:
    """Who is who: declared people, and by username those who are declared no more (`gone`).

    `keys` are all that those had, each with the one that they had last.
    """

    workspace: Workspace
    accounts: Mapping[str, str]
    gone: Mapping[str, Person]
    keys: Mapping[str, str]

    @classmethod
    def of(cls, workspace: Workspace, facts: WeekFacts) -> "_People":
        """The people of a week; of those who left, what was frozen when their occurrences were recorded."""
        entries = (*facts.done_later, *facts.entries)
        frozen = {person.key: person for entry in entries for person in entry.occurrence.people}
        left = [person for key, person in frozen.items() if workspace.person(key) is None]
        gone = {person.username.lower(): person for person in left}
        keys = {person.key: gone[person.username.lower()].key for person in left}
        return cls(workspace, facts.accounts, gone, keys)

    def who(self, member: Member | None) -> str | None:
        """A person's key, or the Trello username of anybody else."""
        if member is None:
            return None
        # The account that is bound, whatever it is called.
        bound = self.workspace.person(self.accounts.get(member.id, ""))
        declared = bound or self.workspace.person_of(member.username)
        person = declared or self.gone.get(member.username.lower())
        return person.key if person else member.username

    def keys_now(self, occurrence: Occurrence) -> Iterator[str]:
        """The keys that those have now to whom an occurrence was assigned."""
        frozen = {person.key: person.username for person in occurrence.people}
        for key in occurrence.assignees:
            # By the account first: somebody else may have the key by now, as where two changed places.
            by_account = self.workspace.person_of(frozen[key]) if key in frozen else None
            person = by_account or self.workspace.person(key)
            yield person.key if person else self.keys.get(key, key)

    def absentee_now(self, absentee: Absentee) -> Absentee:
        """Somebody who was away, and who took over, by the keys that they have now."""
        return replace(
            absentee, person=self._key_now(absentee.person), stand_in=self._key_now(absentee.stand_in)
        )

    def _key_now(self, key: str) -> str:
        person = self.workspace.person(key)
        return person.key if person else self.keys.get(key, key)

    def names(self, entries: Iterable[LedgerEntry]) -> dict[str, str]:
        """Names by key: of the declared people, then of who left but was assigned one of these."""
        left = {person.key: person.name for person in self.gone.values()}
        keys = (key for entry in entries for key in self.keys_now(entry.occurrence))
        assigned = {key: left[key] for key in keys if key in left}
        return {person.key: person.name for person in self.workspace.people} | assigned


def _titles(workspace: Workspace, entries: Sequence[LedgerEntry]) -> tuple[dict[str, str], dict[str, str]]:
    """The titles of boards and of themes, each by key: the declared ones first, in their order."""
    # What was frozen with an occurrence wins: a report of old weeks names boards as they were called then.
    occurrences = [entry.occurrence for entry in entries]
    boards = {b.key: b.title for b in workspace.boards}
    themes = {t.key: t.title for t in workspace.themes}
    for each in occurrences:
        theme = workspace.theme(each.theme)
        boards[_keys_now(workspace, each)[0]] = each.board_title
        themes[theme.key if theme else each.theme] = each.theme_title
    return boards, themes

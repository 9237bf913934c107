"""Why an occurrence counts as it does, in plain sentences of one language. Each is on one line."""

import datetime as dt
from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from trello_ops.core.days_off import Skip
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import CARD_DELETED, TOO_LATE, EventKind, EventSource
from trello_ops.core.people import Absentee
from trello_ops.core.reporting import explain
from trello_ops.core.reporting.explain import Fact, OccurrenceAccount
from trello_ops.core.reporting.outcome import Outcome, Rule
from trello_ops.core.trello import Member
from trello_ops.escape import one_line
from trello_ops.messages import N_, translated
from trello_ops.render.i18n import Translator
from trello_ops.render.rhythm import rhythm

OUTCOMES: Final = {
    Outcome.ON_TIME: N_("on time"),
    Outcome.LATE: N_("done late"),
    Outcome.MISSED: N_("not done"),
    Outcome.OPEN: N_("still open"),
    Outcome.EXCUSED: N_("to be left out (excused)"),
    Outcome.NOT_ISSUED: N_("not issued"),
}
"""How it counts."""

_HAPPENED: Final = {
    explain.RELEASED: N_("%(moment)s: released, so that its card may be made."),
    explain.RECORDED: N_("%(moment)s: recorded in the ledger."),
    explain.SKIPPED: N_("%(moment)s: recorded as one that gets no card: %(how)s."),
    explain.ISSUED: N_("%(moment)s: its card was made: %(how)s."),
    explain.AMENDED: N_("%(moment)s: edited board files changed its card."),
    explain.FELL_DUE: N_("%(moment)s: due."),
    explain.CLOSED: N_("%(moment)s: its week closed; what happens later counts no more."),
    explain.READ: N_("%(moment)s: its board was read after the close."),
    explain.AWAY: N_("%(moment)s: its board went out of sight."),
    explain.BACK: N_("%(moment)s: its board was to be seen again."),
    EventKind.DONE: N_("%(moment)s: done by %(who)s (%(how)s)."),
    EventKind.REOPENED: N_("%(moment)s: reopened by %(who)s (%(how)s)."),
    EventKind.EXCUSED: N_("%(moment)s: excused by %(who)s (%(how)s)."),
    EventKind.UNEXCUSED: N_("%(moment)s: excused no longer, by %(who)s (%(how)s)."),
    EventKind.KEPT: N_("%(moment)s: fetched back by %(who)s after it had been put away."),
    EventKind.PROVEN: N_("%(moment)s: it holds the proof that it requires."),
    EventKind.UNPROVEN: N_("%(moment)s: done without the proof that it requires; it counts all the same."),
    EventKind.ASSIGNED: N_("%(moment)s: %(who)s was put on the card."),
    EventKind.UNASSIGNED: N_("%(moment)s: %(who)s was taken off the card."),
    EventKind.DUE_MOVED: N_("%(moment)s: %(who)s moved the card’s due by hand; the declared one counts."),
    EventKind.WITHDRAWN: N_("%(moment)s: withdrawn, as the board files asked for it no more."),
    EventKind.REINSTATED: N_("%(moment)s: the board files asked for it again."),
    EventKind.NAGGED: N_("%(moment)s: the robot reminded people of it by a comment."),
    EventKind.TOUCHED: N_("%(moment)s: %(who)s touched the card first."),
    EventKind.AT_ONCE: N_("%(moment)s: all items of the card had been ticked within ten seconds."),
    EventKind.AUTOMATED: N_("%(moment)s: it was done by an automation; it counts all the same."),
}
_SEEN: Final = {
    EventSource.TICK: N_("by the tick of the card"),
    EventSource.LIST: N_("by the list that the card was moved to"),
    EventSource.CHECKLIST: N_("by its checklists"),
    EventSource.LABEL: N_("by the label of the card"),
    EventSource.ARCHIVE: N_("by its being archived, or fetched back"),
    EventSource.STATE: N_("by what the card showed when it was read"),
}
_BECAUSE: Final = {
    Rule.WITHDRAWN: N_(
        "the board files asked for it no more before it was done, and nobody pays for an edit"
    ),
    Rule.CALENDAR: N_("the calendar excuses it"),
    Rule.EXCUSED: N_("it is excused, by its label or its list"),
    Rule.SKIPPED: N_("the robot did not make its card, and nobody is charged for that"),
    Rule.NO_CARD: N_("it had no card when it was due, and nobody is charged for that"),
    Rule.CARD_AFTER_DUE: N_("its card came only after its due, and nobody is charged for that"),
    Rule.AHEAD: N_("it is not due yet"),
    Rule.DONE_IN_TIME: N_("it was done by its due, and did not stay reopened"),
    Rule.UNKNOWN_CARD: N_("nobody knows whether its card was brought in line with edited board files"),
    Rule.UNREAD: N_("it is not due yet, its week is not closed, or its board was not read since"),
    Rule.SHORT_TIME: N_(
        "its card was there for less than half of the time up to its due, and nobody is charged for that"
    ),
    Rule.BOARD_AWAY: N_(
        "its board was out of sight at its due, or for too long, and nobody is charged for that"
    ),
    Rule.DONE_LATE: N_("it was not done at its due, but was done later, before its week closed"),
    Rule.NOT_DONE: N_("it was not done when its week closed"),
}
"""Why, by the rule that decides."""


class OccurrenceWords:
    """Says an account in one language, with local times and the names of people."""

    def __init__(self, account: OccurrenceAccount, workspace: Workspace, t: Translator) -> None:
        self._account, self._workspace, self._t = account, workspace, t
        self._zone = ZoneInfo(account.report.timezone)

    def sentences(self) -> Iterator[str]:
        """What was declared, what happened, and what it counts as, in this order."""
        yield from self._declared()
        yield from self._planned()
        yield from map(self.fact, self._account.facts)
        yield self.conclusion()
        yield from self._otherwise()

    def fact(self, fact: Fact) -> str:
        """One thing that happened."""
        t, account = self._t, self._account
        template = _HAPPENED.get(fact.what)
        if fact.what == explain.RECORDED and not account.is_recorded:
            return t.gettext("Not in the ledger yet: it lies ahead.")
        moment = self._moment(fact.at)
        if fact.approximate:
            moment = t.gettext("%(moment)s at the earliest", moment=moment)
        if template is None:
            return one_line(f"{moment} {fact.what}")
        return t.gettext(template, moment=moment, who=self._who(fact.by), how=self._how(fact))

    def conclusion(self) -> str:
        """So it counts as this, because of that."""
        rule = self._account.rule
        return self._t.gettext(
            "So it counts as %(outcome)s: %(why)s.",
            outcome=self._t.gettext(OUTCOMES[rule.outcome]),
            why=self._t.gettext(_BECAUSE[rule]),
        )

    def _declared(self) -> Iterator[str]:
        t, occurrence, task = self._t, self._account.entry.occurrence, self._account.task
        title = one_line(occurrence.title)
        if task is None:
            yield t.gettext("“%(title)s” is declared no more.", title=title)
            return
        yield t.gettext(
            "“%(title)s” is declared: %(rhythm)s.", title=title, rhythm=one_line(rhythm(task.cadence, t))
        )

    def _planned(self) -> Iterator[str]:
        """For which day it was, who was to do it, and who was away."""
        t, entry = self._t, self._account.entry
        occurrence = entry.occurrence
        yield t.gettext("This one is for %(day)s.", day=t.day(occurrence.nominal_day))
        if occurrence.moved:
            why = one_line(translated(occurrence.moved.words, t))
            yield t.gettext("It was moved to %(day)s (%(why)s).", day=t.day(occurrence.day), why=why)
        names = ", ".join(self._person(key) for key in occurrence.assignees)
        if names:
            yield t.gettext("Assigned to %(who)s.", who=names)
        else:
            yield t.gettext("Assigned to nobody.")
        yield from map(self._away, occurrence.absent)
        if entry.promised_due > occurrence.due:
            yield t.gettext(
                "An edit brought its due forward; the later one, %(moment)s, still counts.",
                moment=self._moment(entry.promised_due),
            )

    def _away(self, absentee: Absentee) -> str:
        t, who = self._t, one_line(absentee.name)
        if not absentee.stand_in:
            return t.gettext("%(who)s was away.", who=who)
        other = self._person(absentee.stand_in)
        return t.gettext("%(who)s was away: %(other)s took over.", who=who, other=other)

    def _otherwise(self) -> Iterator[str]:
        t, account = self._t, self._account
        if not account.frozen_otherwise:
            return
        if account.line is None:
            yield t.gettext("The frozen report does not count it: it was recorded only afterwards.")
            return
        frozen = account.line.outcome
        yield t.gettext(
            "The report was frozen with “%(outcome)s”, by what was known then, and stays as it is.",
            outcome=t.gettext(OUTCOMES[frozen]) if isinstance(frozen, Outcome) else one_line(frozen),
        )

    def _how(self, fact: Fact) -> str:
        if fact.what == explain.SKIPPED:
            return self._why_skipped(fact.how)
        seen = _SEEN.get(EventSource(fact.how)) if fact.how in set(EventSource) else None
        return self._t.gettext(seen) if seen else one_line(fact.how)

    def _why_skipped(self, text: str) -> str:
        t = self._t
        if skip := Skip.parse(text):
            return one_line(translated(skip.words, t))
        if text == TOO_LATE:
            return t.gettext("its due had passed before the robot could make the card")
        if text == CARD_DELETED:
            return t.gettext("somebody deleted its card, and the record of it is lost")
        return one_line(text)

    def _who(self, member: Member | None) -> str:
        if member is None:
            return self._t.gettext("somebody who was not seen")
        person = self._workspace.person_of(member.username)
        return one_line(person.name if person else member.name or member.username)

    def _person(self, key: str) -> str:
        person = self._workspace.person(key)
        frozen = {each.key: each.name for each in self._account.entry.occurrence.people}
        return one_line(person.name if person else frozen.get(key, key))

    def _moment(self, instant: dt.datetime) -> str:
        return self._t.moment(instant, self._zone, "brief")

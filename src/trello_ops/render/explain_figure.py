"""What a figure of a report is made of, in plain sentences of one language. Each is on one line."""

from collections.abc import Iterator
from typing import Final
from zoneinfo import ZoneInfo

from trello_ops.core.reporting.explain import ALLOWANCE, SIGNAL, FigureAccount
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import ReportedOccurrence
from trello_ops.core.reporting.standing import Allowance, Outlook, Signal, Verdict, WeekCount
from trello_ops.escape import one_line
from trello_ops.messages import N_
from trello_ops.render.explain import OUTCOMES
from trello_ops.render.i18n import Translator

_VERDICTS: Final = {
    Verdict.NONE: N_("Nothing can be said of it yet: too few weeks came before, or nothing was judged."),
    Verdict.USUAL: N_("That is usual variation: within the limits, or no rarer than chance makes it."),
    Verdict.FALL: N_("That is a fall: below the limits, and too rare for chance."),
    Verdict.RISE: N_("That is a rise: above the limits, and too rare for chance."),
    Verdict.LASTING_FALL: N_(
        "That is a lasting fall: so many weeks in a row lie below the median that it is no chance."
    ),
    Verdict.LASTING_RISE: N_(
        "That is a lasting rise: so many weeks in a row lie above the median that it is no chance."
    ),
}
_OUTLOOKS: Final = {
    Outlook.HOLDS: N_("Both limits are at or above the target of %(target)s %%: it holds."),
    Outlook.CHANCE: N_("The target of %(target)s %% lies between the limits: meeting it is chance."),
    Outlook.CANNOT_HOLD: N_("Both limits are below the target of %(target)s %%: it cannot hold so."),
}  # fmt: skip
_COUNTED: Final = {
    "on_time": N_("On time: %(count)s"),
    "late": N_("Done late: %(count)s"),
    "missed": N_("Not done: %(count)s"),
    "open": N_("Still open: %(count)s"),
    "excused": N_("Excused: %(count)s"),
    "not_issued": N_("Not issued: %(count)s"),
    "completed": N_("Completed, on time or late: %(count)s"),
    "scheduled": N_("Scheduled: %(count)s"),
}


class FigureWords:
    """Says an account in one language, with local times."""

    def __init__(self, account: FigureAccount, t: Translator) -> None:
        self._account, self._t = account, t
        self._zone = ZoneInfo(account.report.timezone)

    def sentences(self) -> Iterator[str]:
        """The figure, then what it is made of."""
        if self._account.figure == SIGNAL:
            yield from self._signal()
        elif self._account.figure == ALLOWANCE:
            yield from self._allowance()
        else:
            yield self._counted()
            yield from map(self.line, self._account.lines)

    def gist(self) -> str:
        """The figure alone; with a signal, what it says of the week."""
        first = next(self.sentences())
        standing = self._account.standing
        if self._account.figure != SIGNAL or standing is None or standing.target is None:
            return first
        verdict = self._t.gettext(_VERDICTS[standing.signal.verdict])
        return f"{first}. {verdict}" if standing.signal.weeks else verdict

    def line(self, line: ReportedOccurrence) -> str:
        """One of the occurrences that it counts."""
        t = self._t
        outcome = t.gettext(OUTCOMES[line.outcome]) if isinstance(line.outcome, Outcome) else line.outcome
        due = t.moment(line.due_at, self._zone, "brief")
        values = {"key": line.key, "title": one_line(line.title), "due": due, "outcome": one_line(outcome)}
        if line.completed_at is None:
            return t.gettext("%(key)s “%(title)s”: due %(due)s, %(outcome)s", **values)
        done = t.moment(line.completed_at, self._zone, "brief")
        return t.gettext("%(key)s “%(title)s”: due %(due)s, done %(done)s, %(outcome)s", done=done, **values)

    def _counted(self) -> str:
        t, account = self._t, self._account
        if account.figure != "rate":
            return self._of_group(t.gettext(_COUNTED[account.figure], count=t.number(len(account.lines))))
        on_time = sum(line.outcome is Outcome.ON_TIME for line in account.lines)
        value = account.value
        rate = t.percent(value if isinstance(value, float) else None)
        return self._of_group(
            t.gettext(
                "%(rate)s on time: %(on_time)s of %(count)s that were on time, done late or not done",
                rate=rate,
                on_time=t.number(on_time),
                count=t.number(len(account.lines)),
            )
        )

    def _of_group(self, said: str) -> str:
        group = self._account.group
        return f"{said} ({one_line(group.title)})" if group else said

    # ---- signal

    def _signal(self) -> Iterator[str]:
        t, standing = self._t, self._account.standing
        if standing is None or standing.target is None:
            yield self._of_group(
                t.gettext("The report says no signal: it is older than signals, or has none of this.")
            )
            return
        signal = standing.signal
        if signal.weeks:
            yield self._of_group(self._week(signal.weeks[-1]))
        yield from self._limits(signal)
        yield t.gettext(_VERDICTS[signal.verdict])
        if signal.trial and signal.verdict is not Verdict.NONE:
            yield t.gettext("On trial: fewer than 12 weeks came before.")
        if standing.outlook:
            yield t.gettext(_OUTLOOKS[standing.outlook], target=standing.target)
        yield from map(self._week, signal.weeks[:-1])

    def _limits(self, signal: Signal) -> Iterator[str]:
        t = self._t
        if signal.p_bar is None or signal.lower is None or signal.upper is None:
            return
        yield t.ngettext(
            "The baseline, %(count)s week before, is at %(rate)s; its weeks vary %(sigma)s times as much as"
            " chance.",
            "The baseline, %(count)s weeks before, is at %(rate)s; its weeks vary %(sigma)s times as much as"
            " chance.",
            len(signal.weeks) - 1,
            rate=t.percent(signal.p_bar),
            sigma=t.number(round(signal.sigma_z or 1, 2)),
        )
        yield t.gettext(
            "So the limits for %(n)s are %(lower)s and %(upper)s.",
            n=t.number(signal.weeks[-1].n),
            lower=t.percent(signal.lower),
            upper=t.percent(signal.upper),
        )

    def _week(self, count: WeekCount) -> str:
        t = self._t
        return t.gettext(
            "%(week)s: %(on_time)s of %(n)s on time, %(rate)s",
            week=str(count.week),
            on_time=t.number(count.on_time),
            n=t.number(count.n),
            rate=t.percent(count.rate),
        )

    # ---- allowance

    def _allowance(self) -> Iterator[str]:
        t, standing = self._t, self._account.standing
        allowance: Allowance | None = standing.allowance if standing else None
        if standing is None or allowance is None or standing.target is None:
            yield self._of_group(
                t.gettext("The report says no allowance: it is older than those, or has none of this.")
            )
            return
        yield self._of_group(
            t.gettext(
                "%(used)s of %(allowed)s used: %(used)s of %(n)s were not on time over these weeks, where a"
                " target of %(target)s %% leaves room for %(allowed)s.",
                used=t.number(allowance.used),
                allowed=t.number(allowance.allowed),
                n=t.number(sum(each.n for each in self._account.recent)),
                target=standing.target,
            )
        )
        yield from map(self._week, self._account.recent)

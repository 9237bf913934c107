"""The first words of a report: its subject and its first sentence, which carry the whole verdict."""

from collections.abc import Iterator
from dataclasses import replace

from trello_ops.core.reporting.report import Report, Totals
from trello_ops.core.reporting.standing import LASTING, Outlook, Signal, Verdict
from trello_ops.render.i18n import Translator
from trello_ops.render.report_words import ReportWords

_LONGEST_SUBJECT = 78
"""Characters of a subject: what a line of a mail's head should have at most (RFC 5322)."""


def subject(report: Report, words: ReportWords) -> str:
    """The mail's subject: the first sentence, in fewer words where it would be too long."""
    found = [_first_words(report, words, verdict) for verdict in _ever_shorter(report, words)]
    # Numbers of impossible size alone make even the last one too long.
    return next((each for each in found if len(each) <= _LONGEST_SUBJECT), found[-1][:_LONGEST_SUBJECT])


def _ever_shorter(report: Report, words: ReportWords) -> Iterator[str]:
    """The verdict, then with ever less of what can be spared."""
    yield _verdict(report, words)
    yield _verdict(report, words, brief=True)
    settled = replace(report.standing.signal, trial=False)
    yield _verdict(replace(report, standing=replace(report.standing, signal=settled)), words, brief=True)
    yield outcome(report, words, brief=True)


def headline(report: Report, words: ReportWords) -> str:
    """The first sentence: as the subject, and that the target cannot be held, if so."""
    t, standing = words.translator, report.standing
    verdict = _verdict(report, words)
    if standing.outlook is Outlook.CANNOT_HOLD and standing.target is not None:
        verdict = t.gettext(
            "%(verdict)s; as things are, the target of %(target)s cannot be met",
            verdict=verdict,
            target=t.percent(standing.target / 100),
        )
    return _first_words(report, words, verdict)


def _first_words(report: Report, words: ReportWords, verdict: str) -> str:
    values = {"number": report.week.number, "verdict": verdict}
    # Whole sentences, although they share their parts: languages order them differently.
    if report.frozen_at:
        return words.translator.gettext("Week %(number)s: %(verdict)s", **values)
    return words.translator.gettext("Week %(number)s (provisional): %(verdict)s", **values)


def _verdict(report: Report, words: ReportWords, *, brief: bool = False) -> str:
    """How the week went, and whether that is news."""
    what, judged = outcome(report, words, brief=brief), report.totals.judged
    if not judged or report.standing.target is None:  # frozen before there were verdicts
        return what
    said = news(report.standing.signal, words)
    return words.translator.gettext("%(outcome)s – %(news)s", outcome=what, news=said)


def outcome(report: Report, words: ReportWords, *, brief: bool = False) -> str:
    """What was done, in a few words."""
    t, totals = words.translator, report.totals
    if totals.scheduled == 0:
        return t.gettext("nothing was due")
    if totals.compliance_rate is None and totals.open:
        return t.ngettext("%(count)s task open", "%(count)s tasks open", totals.open)
    if totals.compliance_rate is None:
        return t.gettext("nothing to rate")
    # Not by the rate, which is 100 % too where the rest is excused or open.
    if totals.on_time == totals.scheduled:
        return t.gettext("everything on time")
    rate, failures = words.rate(totals.compliance_rate), _failures(totals, words, brief=brief)
    if not failures:
        return t.gettext("%(rate)s on time", rate=rate)
    return t.gettext("%(failures)s, %(rate)s on time", rate=rate, failures=failures)


def _failures(totals: Totals, words: ReportWords, *, brief: bool) -> str:
    """Of what went wrong only the gravest kind, in fewer words if `brief`; empty where nothing did."""
    t = words.translator
    if totals.missed and brief:
        return t.ngettext("%(count)s missed", "%(count)s missed", totals.missed)
    if totals.missed:
        return t.ngettext("%(count)s task missed", "%(count)s tasks missed", totals.missed)
    if totals.completed == totals.scheduled:
        return t.ngettext("all done, %(count)s late", "all done, %(count)s late", totals.late)
    return t.ngettext("%(count)s task late", "%(count)s tasks late", totals.late) if totals.late else ""


def news(signal: Signal, words: ReportWords) -> str:
    """The verdict's own words."""
    t = words.translator
    said = verdict_words(signal.verdict, t)
    return (
        t.gettext("%(news)s (on trial)", news=said)
        if signal.trial and signal.verdict is not Verdict.NONE
        else said
    )


def verdict_words(verdict: Verdict, t: Translator) -> str:
    """What a verdict says, in two or three words."""
    return {
        Verdict.NONE: t.gettext("too early to compare"),
        Verdict.USUAL: t.gettext("usual variation"),
        Verdict.FALL: t.gettext("unusual fall"),
        Verdict.RISE: t.gettext("unusual rise"),
        Verdict.LASTING_FALL: t.gettext("lasting fall"),
        Verdict.LASTING_RISE: t.gettext("lasting rise"),
    }[verdict]


def lead(report: Report, words: ReportWords) -> str:
    """What the verdict goes by; empty where there is none to explain."""
    if report.standing.target is None or not report.totals.judged:
        return ""
    return " ".join(_explained(report.standing.signal, report.totals.judged, words))


def _explained(signal: Signal, judged: int, words: ReportWords) -> Iterator[str]:
    t = words.translator
    if signal.verdict is Verdict.NONE or signal.lower is None or signal.upper is None:
        yield t.gettext("A change can be told from chance once four weeks have been reported.")
        return
    # Limits are no rates: they may lie on 0 or 1, and are told in whole percent.
    limits = {"lower": t.percent(round(signal.lower, 2)), "upper": t.percent(round(signal.upper, 2))}
    usual = t.ngettext(
        "With %(count)s task a rate from %(lower)s to %(upper)s may be chance.",
        "With %(count)s tasks, a rate from %(lower)s to %(upper)s may be chance.",
        judged,
        **limits,
    )
    yield {
        Verdict.USUAL: t.gettext("Nothing points to a change."),
        Verdict.FALL: t.gettext("Chance does not explain so low a rate: something happened this week."),
        Verdict.RISE: t.gettext("Chance does not explain so high a rate: something happened this week."),
        Verdict.LASTING_FALL: t.gettext("For several weeks, work has been done less on time than before."),
        Verdict.LASTING_RISE: t.gettext("For several weeks, work has been done more on time than before."),
    }[signal.verdict]
    if signal.verdict not in LASTING:  # of which a single week's limits say nothing
        yield usual
    if signal.trial:
        yield t.ngettext(
            "It is compared with %(count)s week only.",
            "It is compared with %(count)s weeks only.",
            len(signal.weeks) - 1,
        )

"""The frozen reports, as a table or as JSON: `trello-ops report --list`."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from trello_ops.cli.codes import word
from trello_ops.cli.language import reader, spoken
from trello_ops.cli.output import local, table, to_json, utc
from trello_ops.core.reporting.standing import Verdict
from trello_ops.messages import say
from trello_ops.operations.past_reports import PastReport
from trello_ops.render.i18n import NO_RATE


def as_json(found: Iterable[PastReport]) -> str:
    """In the shape that docs/cli.md explains."""
    weeks = [
        {
            "week": str(each.week),
            "frozen_at": utc(each.frozen_at),
            "n": each.count.n,
            "on_time": each.count.on_time,
            "rate": each.count.rate,
            "verdict": str(each.signal.verdict),
            "trial": each.signal.trial,
            "mails_sent": each.mails_sent,
            "mails_owed": each.mails_owed,
        }
        for each in found
    ]
    return to_json({"weeks": weeks}) + "\n"


def as_text(found: Iterable[PastReport], zone: ZoneInfo) -> str:
    """A line for each."""
    rows = [_row(each, zone) for each in found]
    if not rows:
        return spoken(say("No week has closed yet.")) + "\n"
    return "".join(f"{line}\n" for line in table(rows, indent=""))


def _row(each: PastReport, zone: ZoneInfo) -> tuple[str, ...]:
    t = reader()
    return (
        str(each.week),
        say("%(on_time)s of %(n)s", on_time=each.count.on_time, n=each.count.n),
        t.percent(each.count.rate),
        NO_RATE if each.signal.verdict is Verdict.NONE else word(each.signal.verdict),
        say("closed %(moment)s", moment=local(each.frozen_at, zone)),
        say("mails: %(sent)s sent, %(owed)s owed", sent=each.mails_sent, owed=each.mails_owed),
    )

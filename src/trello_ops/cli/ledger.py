"""An occurrence of the ledger as JSON, with its line in its week's report."""

from trello_ops.cli.output import utc
from trello_ops.core.ledger import IssuedCard, LedgerEvent
from trello_ops.operations.report_lines import ReportedEntry


def as_dict(judged: ReportedEntry) -> dict[str, object]:
    """The line's keys, as docs/report-json.md has them, and what else the ledger knows."""
    entry, occurrence = judged.entry, judged.entry.occurrence
    return {
        **judged.line.as_dict(),
        "date": occurrence.key.date.isoformat(),
        "board_title": occurrence.board_title,
        "theme_title": occurrence.theme_title,
        "release_at": utc(occurrence.release),
        "recorded_at": utc(entry.recorded_at),
        "week": str(judged.week),
        "frozen": judged.frozen,
        "card": _card(entry.card) if entry.card else None,
        "completions": [_completion(completion) for completion in entry.completions],
    }


def _card(card: IssuedCard) -> dict[str, object]:
    return {
        "id": card.id,
        "url": card.url,
        "created_at": utc(card.created_at),
        "confirmed_at": utc(card.confirmed_at),
    }


def _completion(completion: LedgerEvent) -> dict[str, object]:
    by = completion.by
    return {
        "fact": completion.fact,
        "at": utc(completion.at),
        "seen": completion.seen,
        "by": {"id": by.id, "username": by.username, "name": by.name} if by else None,
        "action_id": completion.action_id,
        "approximate": completion.approximate,
    }

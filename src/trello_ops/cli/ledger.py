"""An occurrence of the ledger as JSON, with its line in its week's report."""

from trello_ops.cli.output import utc
from trello_ops.core.ledger import IssuedCard, LedgerEvent
from trello_ops.operations.report_lines import ReportedEntry


def as_dict(reported: ReportedEntry) -> dict[str, object]:
    """The line's keys, as docs/report-json.md has them, and what else the ledger knows."""
    entry, occurrence = reported.entry, reported.entry.occurrence
    return {
        **reported.line.as_dict(),
        "date": occurrence.key.date.isoformat(),
        "board_title": occurrence.board_title,
        "theme_title": occurrence.theme_title,
        "release_at": utc(occurrence.release),
        "recorded_at": utc(entry.recorded_at),
        "week": str(reported.week),
        "frozen": reported.frozen,
        "card": _card(entry.card) if entry.card else None,
        "completions": [_event(event) for event in entry.events],
    }


def _card(card: IssuedCard) -> dict[str, object]:
    return {
        "id": card.id,
        "url": card.url,
        "created_at": utc(card.created_at),
        "confirmed_at": utc(card.confirmed_at),
    }


def _event(event: LedgerEvent) -> dict[str, object]:
    by = event.by
    return {
        "fact": event.kind,
        "at": utc(event.at),
        "seen": event.source,
        "by": {"id": by.id, "username": by.username, "name": by.name} if by else None,
        "action_id": event.action_id,
        "approximate": event.approximate,
    }

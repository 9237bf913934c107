"""An occurrence of the ledger as JSON, with its line in its week's report."""

from trello_ops.cli.output import utc
from trello_ops.operations.report_lines import ReportedEntry


def as_dict(reported: ReportedEntry) -> dict[str, object]:
    """The keys of the report's line (docs/report-json.md), and what else the ledger knows."""
    entry, occurrence, card = reported.entry, reported.entry.occurrence, reported.entry.card
    return {
        **reported.line.as_dict(),
        "date": occurrence.key.date.isoformat(),
        "board_title": occurrence.board_title,
        "theme_title": occurrence.theme_title,
        "release_at": utc(occurrence.release),
        "recorded_at": utc(entry.recorded_at),
        "week": str(reported.week),
        "frozen": reported.frozen,
        "card": {
            "id": card.id,
            "url": card.url,
            "created_at": utc(card.created_at),
            "confirmed_at": utc(card.confirmed_at),
        }
        if card
        else None,
        "amendments": [
            {
                "at": utc(each.at),
                "title": each.title,
                "assignees": list(each.assignees),
                "due_at": utc(each.due),
                "written": each.written,
            }
            for each in entry.amendments
        ],
        # The keys are older than the names in the code; programs read them.
        "completions": [
            {
                "fact": event.kind,
                "at": utc(event.at),
                "seen": event.source,
                "by": {"id": by.id, "username": by.username, "name": by.name} if (by := event.by) else None,
                "action_id": event.action_id,
                "approximate": event.approximate,
            }
            for event in entry.events
        ],
    }

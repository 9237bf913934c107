"""The ledger's values as rows, and rows as values; the workspace comes on top."""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import RowMapping

from trello_ops.core.declared import CompleteWhen, DoneSignal, Proof
from trello_ops.core.ledger import (
    Claim,
    EventKind,
    EventSource,
    IssuedCard,
    LedgerEntry,
    LedgerEvent,
    Occurrence,
    OccurrenceKey,
)
from trello_ops.core.reporting.report import Report
from trello_ops.core.trello import Member


def from_entry(entry: LedgerEntry) -> dict[str, object]:
    """The occurrence alone: card and events are rows of their own."""
    values = {**asdict(entry.occurrence), **asdict(entry.occurrence.key)}
    del values["key"]
    values["complete_when"] = _from_rule(entry.occurrence.complete_when)
    return {**values, "skipped": entry.skipped, "recorded_at": entry.recorded_at}


def from_claim(claim: Claim) -> dict[str, object]:
    """Its version is the column `token`."""
    values = asdict(claim)
    values["token"] = values.pop("version")
    return values


def to_claim(row: RowMapping) -> Claim:
    return Claim(
        key=row["key"],
        version=row["token"],
        holder=row["holder"],
        attempted_at=row["attempted_at"],
        attempt=row["attempt"],
        unknown=row["unknown"],
    )


def from_card(key: OccurrenceKey, card: IssuedCard) -> dict[str, object]:
    return {
        **asdict(key),
        "card_id": card.id,
        "url": card.url,
        "created_at": card.created_at,
        "confirmed_at": card.confirmed_at,
    }


def from_report(report: Report) -> dict[str, object]:
    return {"week": str(report.week), "report": report.as_dict()}


def from_event(event: LedgerEvent) -> dict[str, object]:
    by = event.by
    return {
        **asdict(event.key),
        "fact": event.kind,
        "at": event.at,
        "seen": event.source,
        "by_id": by and by.id,
        "by_username": by and by.username,
        "by_name": by and by.name,
        "action_id": event.action_id,
    }


def to_key(row: RowMapping) -> OccurrenceKey:
    return OccurrenceKey(row["board"], row["task"], row["date"])


def to_occurrence(row: RowMapping) -> Occurrence:
    return Occurrence(
        key=to_key(row),
        board_title=row["board_title"],
        title=row["title"],
        theme=row["theme"],
        theme_title=row["theme_title"],
        assignees=tuple(row["assignees"]),
        day=row["day"],
        release=row["release"],
        due=row["due"],
        sequence=row["sequence"],
        complete_when=_to_rule(row["complete_when"]),
        requires=tuple(map(Proof, row["requires"])),
    )


def _from_rule(rule: CompleteWhen) -> dict[str, list[str]]:
    """`{"any": [...]}` or `{"all": [...]}`."""
    return {"all" if rule.require_all else "any": list(rule.signals)}


def _to_rule(stored: dict[str, list[str]]) -> CompleteWhen:
    ((how, signals),) = stored.items()
    return CompleteWhen(tuple(map(DoneSignal, signals)), require_all=how == "all")


def to_event(row: RowMapping) -> LedgerEvent:
    known = row["by_id"] is not None
    return LedgerEvent(
        key=to_key(row),
        kind=EventKind(row["fact"]),
        at=row["at"],
        source=EventSource(row["seen"]),
        by=Member(row["by_id"], row["by_username"], row["by_name"]) if known else None,
        action_id=row["action_id"],
    )


def to_entry(row: RowMapping, events: Iterable[LedgerEvent]) -> LedgerEntry:
    return LedgerEntry(
        occurrence=to_occurrence(row),
        recorded_at=row["recorded_at"],
        skipped=row["skipped"],
        card=_to_card(row) if row["card_id"] is not None else None,
        events=tuple(events),
    )


def _to_card(row: RowMapping) -> IssuedCard:
    return IssuedCard(row["card_id"], row["url"], row["created_at"], row["confirmed_at"])

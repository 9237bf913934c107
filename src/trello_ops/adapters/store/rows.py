"""The ledger's values as rows, and rows as values; the workspace comes on top."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import RowMapping

from trello_ops.core.claims import Claim
from trello_ops.core.days_off import Skip
from trello_ops.core.declared import CompleteWhen, DoneSignal, Proof
from trello_ops.core.ledger import (
    Amendment,
    EventKind,
    EventSource,
    Given,
    IssuedCard,
    LedgerEntry,
    LedgerEvent,
    Occurrence,
    OccurrenceKey,
)
from trello_ops.core.people import Absentee, Person
from trello_ops.core.reporting.agency import AgencyReport
from trello_ops.core.reporting.report import Report
from trello_ops.core.trello import Member


def from_entry(entry: LedgerEntry) -> dict[str, object]:
    """A row of `occurrences`. Card, events and amendments have rows of their own."""
    recorded = entry.recorded
    values = {**asdict(recorded), **asdict(recorded.key), **_from_calendar(recorded)}
    del values["key"], values["skip"]  # the one by the three above, the other by `skipped`
    rule = recorded.complete_when  # kept as `{"any": [...]}` or `{"all": [...]}`
    values["complete_when"] = {"all" if rule.require_all else "any": list(rule.signals)}
    values["people"] = [{"key": p.key, "username": p.username, "name": p.name} for p in recorded.people]
    return {**values, "skipped": entry.skipped, "recorded_at": entry.recorded_at}


def _from_calendar(values: Occurrence | Amendment) -> dict[str, object]:
    return {
        "moved": str(values.moved) if values.moved else "",
        "absent": [asdict(absentee) for absentee in values.absent],
    }


def _to_calendar(row: RowMapping) -> dict[str, Any]:
    """What days off, slots, rounds and absences made of an occurrence."""
    return {
        "nominal": row["nominal"],
        "moved": Skip.parse(row["moved"]),
        "start": row["start"],
        "turn": row["turn"],
        "absent": tuple(Absentee(**each) for each in row["absent"]),
    }


def from_claim(claim: Claim) -> dict[str, object]:
    """A row of `claims`. The version is the column `token`."""
    values = asdict(claim)
    values["token"] = values.pop("version")
    return values


def to_claim(row: RowMapping) -> Claim:
    """A claim from a row of `claims`."""
    return Claim(
        key=row["key"],
        version=row["token"],
        holder=row["holder"],
        attempted_at=row["attempted_at"],
        attempt=row["attempt"],
        unknown=row["unknown"],
    )


def from_card(key: OccurrenceKey, card: IssuedCard) -> dict[str, object]:
    """A row of `cards`."""
    return {
        **asdict(key),
        "card_id": card.id,
        "url": card.url,
        "created_at": card.created_at,
        "confirmed_at": card.confirmed_at,
        "given": str(card.given) if card.given else None,
    }


def from_amendment(amendment: Amendment) -> dict[str, object]:
    """A row of `amendments`."""
    values = {**asdict(amendment), **asdict(amendment.key), **_from_calendar(amendment)}
    del values["key"]
    return {**values, "given": str(amendment.given)}


def to_amendment(row: RowMapping) -> Amendment:
    """An amendment from a row of `amendments`."""
    return Amendment(
        key=to_key(row),
        at=row["at"],
        board_title=row["board_title"],
        title=row["title"],
        assignees=tuple(row["assignees"]),
        day=row["day"],
        due=row["due"],
        given=Given.parse(row["given"]),
        written=row["written"],
        **_to_calendar(row),
    )


def from_report(report: Report | AgencyReport) -> dict[str, object]:
    """A row of `reports`."""
    return {"week": str(report.week), "report": report.as_dict()}


def from_event(event: LedgerEvent) -> dict[str, object]:
    """A row of `completions`, still without `recorded_at`."""
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
    """The key of the occurrence that a row is about."""
    return OccurrenceKey(row["board"], row["task"], row["date"])


def to_occurrence(row: RowMapping) -> Occurrence:
    """An occurrence from a row of `occurrences`."""
    ((how, signals),) = row["complete_when"].items()
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
        complete_when=CompleteWhen(tuple(map(DoneSignal, signals)), require_all=how == "all"),
        requires=tuple(map(Proof, row["requires"])),
        people=tuple(Person(each["key"], each["username"], each["name"]) for each in row["people"]),
        skip=Skip.parse(row["skipped"]),
        **_to_calendar(row),
    )


def to_event(row: RowMapping) -> LedgerEvent:
    """An event from a row of `completions`."""
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
    """An entry from a row of `occurrences` joined with `cards`, and its events."""
    card = None
    if row["card_id"] is not None:
        given = Given.parse(row["given"]) if row["given"] else None
        card = IssuedCard(row["card_id"], row["url"], row["created_at"], row["confirmed_at"], given)
    return LedgerEntry(
        occurrence=to_occurrence(row),
        recorded_at=row["recorded_at"],
        skipped=row["skipped"],
        card=card,
        events=tuple(events),
    )

"""The Report: the account of one week, and its stable JSON shape (documented in docs/report-json.md)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.people import Absentee
from trello_ops.core.reporting.notice import Notice
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.standing import Standing, WeekCount
from trello_ops.core.reporting.standing_json import notice_as_dict, standing_as_dict, to_notice, to_standing
from trello_ops.core.sights import Outage


@dataclass(frozen=True, slots=True)
class Totals:
    """How many occurrences had each outcome. The six add up to `scheduled`."""

    scheduled: int
    on_time: int
    late: int
    missed: int
    open: int
    excused: int
    not_issued: int
    compliance_rate: float | None
    """on time ÷ (on time + late + missed), or `None` when that is zero. Unrounded."""

    @property
    def judged(self) -> int:
        """How many were on time, late or missed."""
        return self.on_time + self.late + self.missed

    @property
    def completed(self) -> int:
        """How many were done when the week closed."""
        return self.on_time + self.late

    def of_week(self, week: IsoWeek) -> WeekCount:
        """What these figures of a week count in its rate."""
        return WeekCount(week, self.judged, self.on_time)


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one board, theme or person; with an empty `key`, of what is assigned to no one.

    `url` is a board's address on Trello, empty where it is not known. `marked`: more of it was missed than
    chance explains.
    """

    key: str
    title: str
    totals: Totals
    url: str = ""
    marked: bool = False


@dataclass(frozen=True, slots=True)
class DueMove:
    """Somebody moved a card's due by hand, or removed it; `by` is named as in `completed_by`."""

    at: dt.datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class ReportedOccurrence:
    """One line of a report. `assignees` and `completed_by` are person keys.

    `completed_by` is the Trello username where the account is not a declared person, or `None` where
    nobody was seen. `approximate`: `completed_at` is the earliest instant that what we know allows.
    `note` says why the occurrence was skipped: `too_late` where its due had passed before the robot could
    make the card, `card_deleted` where its card is gone and the ledger was lost; `withdrawn` says that the
    files named it no more before it was due, since `excused_at`; where the calendar excused it, it is the
    text of a `Skip`; else it is empty.
    `outcome` is a plain string where another version froze the report with one that this one does not have.
    `unproven`: it was done without the proof that it requires. `due_moves` tells when and by whom the card's
    due was moved by hand, oldest first, and `due_moved_by` who did it last: it changes nothing about
    `due_at`, and reports of older versions name no other. `excused_at` and `excused_by` tell since when and
    by whom it is excused, where Trello's log told that. `amended_at` is when an edit of the files last
    changed what its card says; then title, assignees and due are those of the edit. `absent` are those who
    would have been assigned and were away; `nobody_left`: no one else was there. `excused_reason` is why it
    is excused: the text of a `Skip`, `withdrawn`, `label` or `list`, else empty. `assignee_names` are the
    names of `assignees`, in their order; empty in reports of older versions. `reopened`: it was done, and
    then undone at least once, before the week closed.
    """

    key: str
    board: str
    task: str
    theme: str
    title: str
    assignees: tuple[str, ...]
    due_at: dt.datetime
    outcome: Outcome | str
    completed_at: dt.datetime | None
    completed_by: str | None
    card_url: str | None
    approximate: bool = False
    note: str = ""
    unproven: bool = False
    due_moved_by: str | None = None
    excused_at: dt.datetime | None = None
    excused_by: str | None = None
    amended_at: dt.datetime | None = None
    due_moves: tuple[DueMove, ...] = ()
    absent: tuple[Absentee, ...] = ()
    nobody_left: bool = False
    excused_reason: str = ""
    assignee_names: tuple[str, ...] = ()
    reopened: bool = False

    def as_dict(self) -> dict[str, Any]:
        """JSON values in the documented shape."""
        return {
            **asdict(self),
            "assignees": list(self.assignees),
            "assignee_names": list(self.assignee_names),
            "due_at": _iso(self.due_at),
            "completed_at": _iso(self.completed_at),
            "excused_at": _iso(self.excused_at),
            "amended_at": _iso(self.amended_at),
            "due_moves": [{"at": _iso(move.at), "by": move.by} for move in self.due_moves],
            "outcome": str(self.outcome),
            "absent": [asdict(absentee) for absentee in self.absent],
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The account of the occurrences that fell due in one ISO week.

    `begins` and `ends` are its Monday and Sunday, local dates. `frozen_at` is `None` until the week is
    closed. `caught_up` are occurrences of earlier weeks that were done after their week had closed.
    `system` names what the robot itself has trouble with: a board, `board/task`, or a job. `outages` are the
    stretches in which a board was not read, as far as they touch the week. `standing` is how the week stands
    against those before it, and `board_standings` the same of boards that have a report of their own, by key.
    `needs_you` to `next_week` are its short lists. `people_shown`: whether people's figures are told.
    """

    workspace: str
    name: str
    locale: str
    week: IsoWeek
    begins: dt.date
    ends: dt.date
    closes_at: dt.datetime
    frozen_at: dt.datetime | None
    timezone: str
    totals: Totals
    boards: tuple[Group, ...]
    themes: tuple[Group, ...]
    people: tuple[Group, ...]
    occurrences: tuple[ReportedOccurrence, ...]
    caught_up: tuple[ReportedOccurrence, ...] = ()
    system: tuple[str, ...] = ()
    outages: tuple[Outage, ...] = ()
    standing: Standing = Standing()
    board_standings: Mapping[str, Standing] = field(default_factory=dict)
    needs_you: tuple[Notice, ...] = ()
    chronic: tuple[Notice, ...] = ()
    rare: tuple[Notice, ...] = ()
    doubtful: tuple[Notice, ...] = ()
    next_week: tuple[Notice, ...] = ()
    people_shown: bool = True

    def with_outcome(self, outcome: Outcome) -> tuple[ReportedOccurrence, ...]:
        """The lines with this outcome, in the report's order."""
        return tuple(o for o in self.occurrences if o.outcome is outcome)

    def as_dict(self) -> dict[str, Any]:
        """JSON values in the documented shape."""
        # Other programs read it, and frozen reports are kept in it: names are added, none is changed.
        return {
            "workspace": self.workspace,
            "name": self.name,
            "locale": self.locale,
            "week": str(self.week),
            "from": self.begins.isoformat(),
            "to": self.ends.isoformat(),
            "closes_at": _iso(self.closes_at),
            "frozen_at": _iso(self.frozen_at),
            "timezone": self.timezone,
            "totals": totals_as_dict(self.totals),
            "boards": [_group_as_dict(group) for group in self.boards],
            "themes": [_group_as_dict(group) for group in self.themes],
            "people": [_group_as_dict(group) for group in self.people],
            "occurrences": [line.as_dict() for line in self.occurrences],
            "caught_up": [line.as_dict() for line in self.caught_up],
            "system": list(self.system),
            "outages": [
                {"board": outage.board, "from": _iso(outage.since), "to": _iso(outage.until)}
                for outage in self.outages
            ],
            **standing_as_dict(self.standing),
            "board_standings": {
                key: standing_as_dict(standing) for key, standing in self.board_standings.items()
            },
            **{name: [notice_as_dict(notice) for notice in getattr(self, name)] for name in _LISTS},
            "people_shown": self.people_shown,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `as_dict`, which also reads what other versions froze.

        Reports are kept for ever: what was added since is empty in an old one, and what is not known here is
        left out.
        """
        return cls(
            workspace=data["workspace"],
            name=data["name"],
            locale=data["locale"],
            week=IsoWeek.parse(data["week"]),
            begins=dt.date.fromisoformat(data["from"]),
            ends=dt.date.fromisoformat(data["to"]),
            closes_at=_instant(data["closes_at"]),
            frozen_at=_moment(data["frozen_at"]),
            timezone=data["timezone"],
            totals=_totals(data["totals"]),
            boards=tuple(_group(group) for group in data["boards"]),
            themes=tuple(_group(group) for group in data["themes"]),
            people=tuple(_group(group) for group in data["people"]),
            occurrences=tuple(_line(line) for line in data["occurrences"]),
            caught_up=tuple(_line(line) for line in data.get("caught_up", ())),
            system=tuple(data.get("system", ())),
            outages=tuple(
                Outage(each["board"], _instant(each["from"]), _instant(each["to"]))
                for each in data.get("outages", ())
            ),
            standing=to_standing(data),
            board_standings={key: to_standing(each) for key, each in data.get("board_standings", {}).items()},
            **{name: tuple(map(to_notice, data.get(name, ()))) for name in _LISTS},
            people_shown=data.get("people_shown", True),
        )


_LISTS = ("needs_you", "chronic", "rare", "doubtful", "next_week")
"""The short lists of notices, as they are called in the value and in JSON."""


def _iso(moment: dt.datetime | None) -> str | None:
    """ISO 8601 in UTC with a `Z`."""
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if moment else None


_instant = dt.datetime.fromisoformat


def _moment(text: str | None) -> dt.datetime | None:
    return _instant(text) if text else None


def _group_as_dict(group: Group) -> dict[str, Any]:
    url = {"url": group.url} if group.url else {}
    return {
        "key": group.key,
        "title": group.title,
        **url,
        "marked": group.marked,
        **totals_as_dict(group.totals),
    }


def _group(data: Mapping[str, Any]) -> Group:
    return Group(data["key"], data["title"], _totals(data), data.get("url", ""), data.get("marked", False))


def totals_as_dict(totals: Totals) -> dict[str, Any]:
    """Figures as JSON values."""
    return {**asdict(totals), "completed": totals.completed}


def _totals(data: Mapping[str, Any]) -> Totals:
    # A report that was frozen before an outcome existed counts none of it.
    counts = {field.name: data.get(field.name, 0) for field in fields(Totals)}
    return Totals(**{**counts, "compliance_rate": data["compliance_rate"]})


def _line(data: Mapping[str, Any]) -> ReportedOccurrence:
    known = {field.name for field in fields(ReportedOccurrence)}
    outcome = data["outcome"]
    return ReportedOccurrence(
        **{
            **{name: value for name, value in data.items() if name in known},
            "assignees": tuple(data["assignees"]),
            "assignee_names": tuple(data.get("assignee_names", ())),
            "due_at": _instant(data["due_at"]),
            "completed_at": _moment(data["completed_at"]),
            "excused_at": _moment(data.get("excused_at")),
            "amended_at": _moment(data.get("amended_at")),
            "due_moves": tuple(DueMove(_instant(m["at"]), m["by"]) for m in data.get("due_moves", ())),
            "absent": tuple(Absentee(**each) for each in data.get("absent", ())),
            "outcome": Outcome(outcome) if outcome in set(Outcome) else outcome,
        }
    )

"""What people's edits mean: a test for each row of docs/edits.md."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

from shop_kit import EIGHT, PARIS, PlainCards, Shop, daily_task

from trello_ops.core.bindings import Kind
from trello_ops.core.cadence import Frequency
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import (
    Board,
    BoardList,
    CompleteWhen,
    DoneSignal,
    Housekeeping,
    Proof,
    Undone,
)
from trello_ops.core.ledger import EventKind, EventSource, LedgerEvent
from trello_ops.core.planning.changes import ArchiveCard, Risk
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import DueMove, ReportedOccurrence
from trello_ops.core.reporting.weekly import WeekFacts, weekly_report
from trello_ops.core.trello import Action, Card
from trello_ops.operations import reconcile

PAGE = Path(__file__).parents[2] / "docs" / "edits.md"
AMAL, KARIM = "amal_zina", "karim_zina"
DAY = "2026-11-16"
CLOSED = dt.datetime(2026, 11, 23, 8, tzinfo=PARIS)
BY_DEFAULT = CompleteWhen()
BY_CHECKLIST = CompleteWhen((DoneSignal.CHECKLIST_COMPLETE,))
BY_ARCHIVING = CompleteWhen((DoneSignal.ARCHIVED,))


def test_each_row_of_the_page_has_its_test() -> None:
    rows = re.findall(r"^\|.*\| `(test_\w+)` \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    tests = [
        name
        for name in globals()
        if name.startswith("test_") and name != "test_each_row_of_the_page_has_its_test"
    ]
    assert rows == tests


class Trial:
    """Today's card of one task, made and read an hour ago; a second board stands beside its own.

    `read_at` is when `facts` read it.
    """

    def __init__(self, rule: CompleteWhen = BY_DEFAULT, *requires: Proof) -> None:
        task = daily_task("parcels", complete_when=rule, requires=requires)
        self.shop = Shop(task, cards=PlainCards({"parcels": (EIGHT,)}))
        (board,) = self.shop.workspace.boards
        lists = (*board.lists, BoardList("ill", "Excusées"))
        self.shop.workspace = replace(
            self.shop.workspace, boards=(replace(board, lists=lists, excused_list="ill"), _second_board())
        )
        self.trello = self.shop.trello
        self.shop.apply()
        self.shop.issue()
        self.shop.observe()
        self.last_read = self.shop.clock.now()
        self.shop.advance(hours=1)
        self.acted_at = self.shop.clock.now()
        self.card = self.shop.cards_on()[0].id

    def list_id(self, key: str, board: str = "daily") -> str:
        return self.shop.store.bindings().id(Kind.LIST, board, key) or ""

    def label_id(self, key: str) -> str:
        return self.shop.store.bindings().id(Kind.LABEL, "daily", key) or ""

    def shown(self) -> Card:
        return self.trello.card(self.card)

    def check_all(self) -> None:
        for item in EIGHT.items:
            self.trello.check(self.card, item, by=AMAL)

    def facts(self) -> list[tuple[EventKind, dt.datetime, EventSource, str | None]]:
        """What a reading some minutes later adds to the ledger: fact, instant, how seen, by whom.

        What only makes a completion doubtful is left out.
        """
        known = len(self._events())
        self.shop.advance(minutes=7)
        self.read_at = self.shop.clock.now()
        self.shop.observe()
        for minutes in (0, 20, 20):
            self.shop.advance(minutes=minutes)
            assert self.shop.observe() == 0, "reading on adds something"
        return [
            (c.kind, c.at, c.source, c.by.username if c.by else None)
            for c in self._events()[known:]
            if c.kind not in DOUBTS
        ]

    def _events(self) -> tuple[LedgerEvent, ...]:
        return self.shop.entry("parcels", DAY).events

    def later(self) -> dt.datetime:
        self.shop.advance(minutes=10)
        return self.shop.clock.now()

    def line(self) -> ReportedOccurrence:
        """How the week's report, frozen or provisional, tells of it."""
        week = IsoWeek(2026, 47)
        frozen = self.shop.store.frozen(week)
        if frozen is None:
            facts = WeekFacts(week, [self.shop.entry("parcels", DAY)], [], {"daily"})
            frozen = weekly_report(self.shop.workspace, facts, self.shop.clock.now(), freeze=False)
        return next(line for line in frozen.occurrences if line.key == f"daily/parcels/{DAY}")

    def close(self) -> None:
        self.shop.clock.advance_to(CLOSED)
        self.shop.issue()
        self.shop.observe()
        self.shop.report()


DOUBTS = {EventKind.TOUCHED, EventKind.AT_ONCE, EventKind.AUTOMATED}


def _second_board() -> Board:
    lists = (BoardList("todo", "À faire"), BoardList("done", "Fini"))
    return Board("extra", "Autres", Frequency.DAILY, lists, (), PARIS)


def done(
    at: dt.datetime, source: EventSource, by: str | None = AMAL
) -> tuple[EventKind, dt.datetime, EventSource, str | None]:
    return EventKind.DONE, at, source, by


def reopened(
    at: dt.datetime, source: EventSource, by: str | None = KARIM
) -> tuple[EventKind, dt.datetime, EventSource, str | None]:
    return EventKind.REOPENED, at, source, by


# ---- done and open again ----------------------------------------------------------------------------


def test_ticked() -> None:
    trial = Trial()
    trial.trello.tick(trial.card, by=AMAL)
    assert trial.facts() == [done(trial.acted_at, EventSource.TICK)]
    trial = Trial(BY_CHECKLIST)
    trial.trello.tick(trial.card, by=AMAL)
    assert trial.facts() == []


def test_unticked() -> None:
    trial = Trial()
    trial.trello.tick(trial.card, by=AMAL)
    at = trial.later()
    trial.trello.untick(trial.card, by=KARIM)
    assert trial.facts() == [done(trial.acted_at, EventSource.TICK), reopened(at, EventSource.TICK)]


def test_unticked_after_the_close() -> None:
    trial = Trial()
    trial.trello.tick(trial.card, by=AMAL)
    trial.close()
    trial.trello.untick(trial.card, by=KARIM)
    assert trial.facts() == [reopened(CLOSED, EventSource.TICK)]
    assert trial.line().outcome is Outcome.ON_TIME


def test_moved_to_the_done_list() -> None:
    trial = Trial()
    trial.trello.move(trial.card, trial.list_id("done"), by=AMAL)
    assert trial.facts() == [done(trial.acted_at, EventSource.LIST)]


def test_moved_out_of_the_done_list() -> None:
    trial = Trial()
    trial.trello.move(trial.card, trial.list_id("done"), by=AMAL)
    at = trial.later()
    trial.trello.move(trial.card, trial.list_id("doing"), by=KARIM)
    assert trial.facts() == [done(trial.acted_at, EventSource.LIST), reopened(at, EventSource.LIST)]


def test_last_item_ticked() -> None:
    trial = Trial(BY_CHECKLIST)
    for item in EIGHT.items[:-1]:
        trial.trello.check(trial.card, item, by=AMAL)
    assert trial.facts() == []
    at = trial.later()
    trial.trello.check(trial.card, EIGHT.items[-1], by=KARIM)
    assert trial.facts() == [done(at, EventSource.CHECKLIST, KARIM)]


def test_item_unticked() -> None:
    trial = Trial(BY_CHECKLIST)
    trial.check_all()
    at = trial.later()
    trial.trello.check(trial.card, EIGHT.items[3], by=KARIM, complete=False)
    assert trial.facts() == [done(trial.acted_at, EventSource.CHECKLIST), reopened(at, EventSource.CHECKLIST)]


def test_item_added() -> None:
    trial = Trial(BY_CHECKLIST)
    trial.check_all()
    trial.later()
    trial.trello.add_item(trial.card, "encore")
    assert trial.facts() == [
        done(trial.acted_at, EventSource.CHECKLIST),
        reopened(trial.read_at, EventSource.STATE, None),
    ]
    at = trial.later()
    trial.trello.check(trial.card, "encore", by=KARIM)
    assert trial.facts() == [done(at, EventSource.CHECKLIST, KARIM)]


def test_open_item_removed() -> None:
    trial = Trial(BY_CHECKLIST)
    for item in EIGHT.items[:-1]:
        trial.trello.check(trial.card, item, by=AMAL)
    assert trial.facts() == []
    last_read = trial.shop.clock.now()
    trial.later()
    trial.trello.remove_item(trial.card, EIGHT.items[-1])
    assert trial.facts() == [done(last_read, EventSource.STATE, None)]
    assert trial.line().approximate


def test_archived() -> None:
    trial = Trial(BY_ARCHIVING)
    trial.trello.archive(trial.card, by=AMAL)
    assert trial.facts() == [done(trial.acted_at, EventSource.ARCHIVE)]
    trial = Trial()
    trial.trello.archive(trial.card, by=AMAL)
    assert trial.facts() == []
    at = trial.later()
    trial.trello.tick(trial.card, by=KARIM)
    assert trial.facts() == [done(at, EventSource.TICK, KARIM)]


def test_fetched_back() -> None:
    trial = Trial(BY_ARCHIVING)
    trial.trello.archive(trial.card, by=AMAL)
    at = trial.later()
    trial.trello.unarchive(trial.card, by=KARIM)
    assert trial.facts() == [
        done(trial.acted_at, EventSource.ARCHIVE),
        reopened(at, EventSource.ARCHIVE),
        (EventKind.KEPT, at, EventSource.ARCHIVE, KARIM),
    ]


def test_put_away_by_the_robot() -> None:
    for rule, archived in ((BY_DEFAULT, True), (BY_ARCHIVING, False)):
        trial = Trial(rule)
        (board, other), policy = trial.shop.workspace.boards, Housekeeping(undone=Undone.ARCHIVE)
        trial.shop.workspace = replace(
            trial.shop.workspace, boards=(replace(board, housekeeping=policy), other)
        )
        trial.close()
        reconcile.reconcile(trial.shop.context(), frozenset({Risk.HOUSEKEEPING}))
        assert trial.shown().closed == archived
        assert trial.facts() == []


def test_deleted() -> None:
    trial = Trial()
    trial.trello.tick(trial.card, by=AMAL)
    trial.later()
    trial.trello.delete(trial.card, by=KARIM)
    assert trial.facts() == [done(trial.acted_at, EventSource.TICK)]
    trial = Trial()
    trial.trello.delete(trial.card, by=KARIM)
    assert trial.facts() == []
    trial = Trial()
    trial.trello.tick(trial.card, by=AMAL)
    trial.trello.move(trial.card, trial.list_id("done"), by=AMAL)
    assert trial.facts() == [done(trial.acted_at, EventSource.TICK)]
    trial.trello.untick(trial.card, by=KARIM)
    trial.trello.delete(trial.card, by=KARIM)
    assert trial.facts() == [], "it lay in the done list"
    trial = Trial(CompleteWhen((DoneSignal.TICKED, DoneSignal.CHECKLIST_COMPLETE), require_all=True))
    trial.check_all()
    trial.later()
    trial.trello.delete(trial.card, by=KARIM)
    assert trial.facts() == [], "it was not ticked"
    trial = Trial(BY_CHECKLIST)
    trial.check_all()
    trial.trello.delete(trial.card, by=KARIM)
    assert trial.facts() == [done(trial.acted_at, EventSource.STATE, None)], "there may have been more items"


# ---- where it lies ----------------------------------------------------------------------------------


def test_moved_to_another_board_of_ours() -> None:
    trial = Trial()
    trial.trello.move_to_board(trial.card, trial.list_id("todo", "extra"), by=KARIM)
    assert trial.facts() == []
    at = trial.later()
    trial.trello.tick(trial.card, by=AMAL)
    assert trial.facts() == [done(at, EventSource.TICK)]
    at = trial.later()
    trial.trello.untick(trial.card, by=KARIM)
    assert trial.facts() == [reopened(at, EventSource.TICK)], "a done card elsewhere is followed too"
    at = trial.later()
    trial.trello.tick(trial.card, by=AMAL)
    trial.trello.move_to_board(trial.card, trial.list_id("todo"), by=KARIM)
    assert trial.facts() == [done(at, EventSource.TICK)], "and what was done there before it came back"
    trial.close()
    assert trial.line().outcome is Outcome.ON_TIME


def test_moved_to_the_done_list_of_another_board() -> None:
    trial = Trial()
    trial.trello.move_to_board(trial.card, trial.list_id("done", "extra"), by=KARIM)
    assert trial.facts() == [done(trial.acted_at, EventSource.LIST, KARIM)]
    trial = Trial()
    trial.trello.move(trial.card, trial.list_id("done"), by=AMAL)
    trial.later()
    trial.trello.move_to_board(trial.card, trial.list_id("done", "extra"), by=KARIM)
    assert trial.facts() == [done(trial.acted_at, EventSource.LIST)]


def test_moved_elsewhere() -> None:
    trial = Trial()
    trial.trello.move(trial.card, trial.list_id("done"), by=AMAL)
    at, elsewhere = trial.later(), trial.list_id("todo", "extra")
    bindings = trial.shop.store.bindings()
    for kind, key in ((Kind.BOARD, ""), (Kind.LIST, "todo"), (Kind.LIST, "done")):
        assert bindings.get(kind, "extra", key)
        trial.shop.store.unbind(kind, "extra", key)
    trial.trello.move_to_board(trial.card, elsewhere, by=KARIM)
    assert trial.facts() == [done(trial.acted_at, EventSource.LIST), reopened(at, EventSource.LIST)]
    last_read = trial.shop.clock.now()
    trial.later()
    trial.trello.tick(trial.card, by=AMAL)
    assert trial.facts() == [done(last_read, EventSource.STATE, None)]


def test_copied() -> None:
    trial = Trial()
    copy = trial.trello.copy(trial.card, by=KARIM)
    trial.trello.tick(copy.id, by=KARIM)
    assert trial.facts() == []
    offered = [c for c in reconcile.plan(trial.shop.context()).changes if isinstance(c, ArchiveCard)]
    assert [(change.card_id, change.risk) for change in offered] == [(copy.id, Risk.DESTRUCTIVE)]


def test_turned_into_a_template() -> None:
    trial = Trial()
    trial.trello.make_template(trial.card)
    trial.trello.tick(trial.card, by=AMAL)
    assert trial.facts() == [done(trial.acted_at, EventSource.TICK)]


def test_list_renamed() -> None:
    trial = Trial()
    trial.trello.rename_list(trial.list_id("done"), "Archives")
    trial.trello.move(trial.card, trial.list_id("done"), by=AMAL)
    assert trial.facts() == [done(trial.acted_at, EventSource.LIST)]


def test_list_archived() -> None:
    trial = Trial(CompleteWhen((DoneSignal.IN_DONE_LIST, DoneSignal.ARCHIVED)))
    trial.trello.archive_list(trial.list_id("todo"))
    assert trial.facts() == []
    at = trial.later()
    trial.trello.move(trial.card, trial.list_id("done"), by=AMAL)
    trial.trello.archive_list(trial.list_id("done"))
    assert trial.facts() == [done(at, EventSource.LIST)]


# ---- what it says -----------------------------------------------------------------------------------


def test_due_moved() -> None:
    trial = Trial()
    declared = trial.line().due_at
    trial.trello.move_due(trial.card, declared + dt.timedelta(days=3), by=KARIM)
    assert trial.facts() == [(EventKind.DUE_MOVED, trial.acted_at, EventSource.DUE, KARIM)]
    trial.shop.clock.advance_to(declared + dt.timedelta(hours=1))
    trial.trello.tick(trial.card, by=AMAL)
    trial.facts()
    line = trial.line()
    assert (line.due_at, line.outcome, line.due_moved_by) == (declared, Outcome.LATE, "karim")


def test_due_removed() -> None:
    trial = Trial()
    declared = trial.line().due_at
    trial.trello.move_due(trial.card, None, by=AMAL)
    assert trial.facts() == [(EventKind.DUE_MOVED, trial.acted_at, EventSource.DUE, AMAL)]
    assert (trial.line().due_at, trial.line().due_moved_by) == (declared, "amal")


def test_due_set_anew() -> None:
    trial = Trial()
    declared = trial.line().due_at
    trial.trello.move_due(trial.card, None, by=AMAL)
    assert trial.facts() == [(EventKind.DUE_MOVED, trial.acted_at, EventSource.DUE, AMAL)]
    at = trial.shop.clock.now()
    trial.trello.move_due(trial.card, declared + dt.timedelta(days=3), by=KARIM)
    assert trial.facts() == [(EventKind.DUE_MOVED, at, EventSource.DUE, KARIM)]
    line = trial.line()
    assert (line.due_at, line.due_moved_by) == (declared, "karim")
    assert line.due_moves == (DueMove(trial.acted_at, "amal"), DueMove(at, "karim"))


def test_theme_label_changed() -> None:
    trial = Trial()
    trial.trello.unlabel(trial.card, "Opérationnel")
    assert trial.facts() == []
    assert trial.line().theme == "operations"


def test_members_changed() -> None:
    trial = Trial()
    trial.trello.join(trial.card, KARIM, by=AMAL)
    trial.trello.leave(trial.card, AMAL, by=AMAL)
    joined = (EventKind.ASSIGNED, trial.acted_at, EventSource.MEMBER, KARIM)
    left = (EventKind.UNASSIGNED, trial.acted_at, EventSource.MEMBER, AMAL)
    assert trial.facts() == [joined, left]
    assert trial.line().assignees == ("amal",)
    trial.trello.tick(trial.card, by=KARIM)
    trial.facts()
    assert trial.line().assignees == ("karim",)
    trial.later()
    trial.trello.leave(trial.card, KARIM, by=KARIM)
    trial.facts()
    assert trial.line().assignees == ("karim",)


def test_title_edited() -> None:
    trial = Trial()
    trial.trello.write(trial.card, title="Autre chose")
    trial.trello.tick(trial.card, by=AMAL)
    assert trial.facts() == [done(trial.acted_at, EventSource.TICK)]
    assert trial.line().title == "Tâche parcels"


def test_marker_lost() -> None:
    trial = Trial()
    trial.trello.write(trial.card, description="Sans repère")
    trial.shop.issue()
    assert [card.id for card in trial.shop.cards_on()] == [trial.card]
    trial.trello.tick(trial.card, by=AMAL)
    assert trial.facts() == [done(trial.acted_at, EventSource.TICK)]


def test_done_without_proof() -> None:
    trial = Trial(BY_DEFAULT, Proof.COMMENT, Proof.CHECKLIST, Proof.ATTACHMENT)
    trial.trello.comment(trial.card, by=AMAL)
    trial.trello.attach(trial.card, by=AMAL)
    trial.trello.tick(trial.card, by=AMAL)
    assert trial.facts() == [
        done(trial.acted_at, EventSource.TICK),
        (EventKind.UNPROVEN, trial.acted_at, EventSource.TICK, AMAL),
    ]
    assert (trial.line().outcome, trial.line().unproven) == (Outcome.ON_TIME, True)


def test_proof_brought_later() -> None:
    trial = Trial(BY_DEFAULT, Proof.COMMENT)
    trial.trello.tick(trial.card, by=AMAL)
    trial.facts()
    last_read = trial.shop.clock.now()
    trial.later()
    trial.trello.comment(trial.card, by=AMAL)
    assert trial.facts() == [(EventKind.PROVEN, last_read, EventSource.STATE, None)]
    assert not trial.line().unproven


# ---- excused ----------------------------------------------------------------------------------------


def test_excused_by_label() -> None:
    trial = Trial()
    trial.trello.label(trial.card, "Excusé")
    assert trial.facts() == [(EventKind.EXCUSED, trial.last_read, EventSource.LABEL, None)]
    assert (trial.line().outcome, trial.line().excused_by) == (Outcome.EXCUSED, None)
    trial = Trial()
    trial.trello.label(trial.card, "Excusé")
    tell(trial, "addLabelToCard", labelled=frozenset({trial.label_id("excused")}))
    assert trial.facts() == [(EventKind.EXCUSED, trial.acted_at, EventSource.LABEL, KARIM)]
    assert (trial.line().excused_at, trial.line().excused_by) == (trial.acted_at, "karim")


def test_excused_label_taken_off() -> None:
    trial = Trial()
    trial.trello.label(trial.card, "Excusé")
    trial.facts()
    trial.later()
    trial.trello.unlabel(trial.card, "Excusé")
    assert trial.facts() == [(EventKind.UNEXCUSED, trial.read_at, EventSource.LABEL, None)]
    assert trial.line().outcome is Outcome.OPEN


def test_excused_label_deleted() -> None:
    trial = Trial()
    trial.trello.label(trial.card, "Excusé")
    trial.facts()
    trial.later()
    trial.trello.delete_label(trial.label_id("excused"))
    assert trial.facts() == []
    assert trial.line().outcome is Outcome.EXCUSED


def test_moved_to_the_excused_list() -> None:
    trial = Trial()
    trial.trello.move(trial.card, trial.list_id("ill"), by=KARIM)
    assert trial.facts() == [(EventKind.EXCUSED, trial.acted_at, EventSource.LIST, KARIM)]
    line = trial.line()
    assert (line.outcome, line.excused_at, line.excused_by) == (Outcome.EXCUSED, trial.acted_at, "karim")


def test_moved_out_of_the_excused_list() -> None:
    trial = Trial()
    trial.trello.move(trial.card, trial.list_id("ill"), by=KARIM)
    trial.facts()
    at = trial.later()
    trial.trello.move(trial.card, trial.list_id("doing"), by=AMAL)
    assert trial.facts() == [(EventKind.UNEXCUSED, at, EventSource.LIST, AMAL)]


def tell(trial: Trial, kind: str, **told: frozenset[str]) -> None:
    """Have the log tell what Trello tells webhooks only."""
    log = trial.trello._actions[trial.shown().board_id]
    log.append(
        Action("f" * 24, trial.acted_at, kind, trial.card, trial.trello.people[KARIM], **told)  # type: ignore[arg-type] # label ids only
    )

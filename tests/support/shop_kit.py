"""A small shop on the shipped fakes, in one process and with one clock."""

import copy
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from trello_ops.core.bindings import Kind
from trello_ops.core.cadence import Cadence, DayTime, Frequency
from trello_ops.core.calendar.agenda import Agenda
from trello_ops.core.card_text import CardText, Checklist
from trello_ops.core.declared import Board, BoardList, ReportPolicy, Task, Theme, Workspace
from trello_ops.core.ledger import LedgerEntry, Occurrence, OccurrenceKey
from trello_ops.core.mails import OwedMail
from trello_ops.core.marker import card_marker, template_marker
from trello_ops.core.people import Person
from trello_ops.core.planning.changes import EVERY_RISK
from trello_ops.core.reporting.report import Report
from trello_ops.core.rows import RowsNow, Table
from trello_ops.core.trello import Card
from trello_ops.errors import InvalidDeclaration, Problem, TrelloError, Unavailable
from trello_ops.operations import issue, observe, reconcile, report
from trello_ops.operations.backoff import Backoff
from trello_ops.operations.board_looks import BoardLooks
from trello_ops.operations.comparison_cache import ComparisonCache
from trello_ops.operations.context import Config, Context, Runtime
from trello_ops.operations.leases import LeasePolicy, Watch
from trello_ops.ports import Mail, RowTexts, Services
from trello_ops.testing import FakeTrello, FixedClock, MemoryStore, Outbox, SheetsInMemory
from trello_ops.testing.trello import Call

PARIS = ZoneInfo("Europe/Paris")
MONDAY = dt.datetime(2026, 11, 16, 8, 0, tzinfo=PARIS)
EIGHT = Checklist("Colis", tuple(f"étape {n}" for n in range(1, 9)))


def daily_task(key: str, due: str = "18:00", **more: object) -> Task:
    cadence = Cadence(Frequency.DAILY, (1, 2, 3, 4, 5, 6, 7), DayTime(dt.time.fromisoformat(due)), PARIS)
    task = Task(key, f"Tâche {key}", "operations", f"{key}.md", cadence, ("amal",))
    return replace(task, **more)  # type: ignore[arg-type]


def workspace_of(*tasks: Task) -> Workspace:
    board = Board(
        key="daily",
        title="Quotidien",
        frequency=Frequency.DAILY,
        lists=(BoardList("todo", "À faire"), BoardList("doing", "En cours"), BoardList("done", "Terminé")),
        tasks=tasks,
        timezone=PARIS,
    )
    return Workspace(
        key="zina",
        name="Zina ô Beldi",
        trello_workspace="zinaobeldi",
        locale="fr",
        timezone=PARIS,
        people=(Person("amal", "amal_zina", "Amal"), Person("karim", "karim_zina", "Karim")),
        themes=(Theme("operations", "Opérationnel", "orange"),),
        excused=Theme("excused", "Excusé", "black_light"),
        report=ReportPolicy(("manager@example.org",)),
        boards=(board,),
    )


@dataclass
class PlainCards:
    """A card renderer with checklists and texts by task; the checklists of `dated` use the occurrence."""

    checklists: dict[str, tuple[Checklist, ...]] = field(default_factory=dict)
    dated: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)
    workspace: str = "zina"

    def card(self, occurrence: Occurrence) -> CardText:
        key = occurrence.key
        held = self.checklists.get(key.task, ())
        if key.task in self.dated:
            held = tuple(Checklist(f"{c.title} {key.date}", c.items) for c in held)
        text = self.texts.get(key.task, "Texte")
        return CardText(
            f"{occurrence.title} {key.date}", f"{text}\n\n`{card_marker(self.workspace, key)}`", held
        )

    def row_texts(self, _board: str, _task: str, table: Table) -> RowTexts:
        """As of `{{ Produit }}`; of a table without that column, the mistake."""
        column = table.column("Produit")
        if column is None:
            problem = Problem("daily.yaml", 1, 1, "tasks.shooting.rows.item", "has no column `Produit`")
            raise InvalidDeclaration((problem,))
        return RowTexts(tuple(str(row.cell(column) or "") for row in table.rows))

    def sources(self, _board: str, task: str) -> str:
        return f"{self.texts.get(task)} {self.checklists.get(task)} {task in self.dated}"

    def template_card(self, board: str, task: str) -> CardText | None:
        held = self.checklists.get(task, ())
        if not held or task in self.dated:
            return None
        return CardText(f"Modèle {task}", f"`{template_marker(self.workspace, board, task)}`", held)


def plain_mail(account: Report, mail: OwedMail) -> Mail:
    return Mail(mail.recipient, f"{account.week}", "text", "<p>html</p>", f"<{account.week}@test>")


def plain_forecast(weeks: Sequence[tuple[Person, Agenda]], mail: OwedMail) -> Mail:
    text = "\n".join(f"{person.key} {each.occurrence.key}" for person, week in weeks for each in week.entries)
    return Mail(mail.recipient, f"forecast {mail.week}", text, "<p>html</p>", f"<forecast.{mail.week}@test>")


class Shop:
    """The context of an operation, and the verbs by name."""

    def __init__(self, *tasks: Task, cards: PlainCards | None = None) -> None:
        self.clock = FixedClock(MONDAY)
        self.trello = FakeTrello(self.clock, ("amal_zina", "karim_zina"), "zinaobeldi")
        self.store = MemoryStore()
        self.outbox = Outbox()
        self.sheets = SheetsInMemory()
        self.cards = cards or PlainCards()
        self.workspace = workspace_of(*tasks)
        self.restart()

    def restart(self) -> None:
        """As another process, which remembers nothing."""
        self.began = self.clock.monotonic()
        self.watch = Watch()
        self.looks = BoardLooks()
        self.rows_seen: dict[OccurrenceKey, tuple[Table, Task, RowsNow]] = {}
        self.backoff = Backoff()
        self.comparison_cache = ComparisonCache()

    def away(self, when: Callable[[Call], bool]) -> None:
        """At the next such call Trello is out of reach, and at that which asks whether it is."""
        for fits in (when, lambda call: call == "time"):
            self.trello.fail_next(Unavailable("away"), fits)

    def back_up(self) -> dict[str, Any]:
        """All that the store holds now."""
        return copy.deepcopy(self.store.__dict__, {id(self.store._alone): self.store._alone})

    def put_back(self, backup: dict[str, Any]) -> None:
        """What a store can be only while no process has it open."""
        self.store.__dict__.update(backup)
        self.restart()

    def context(self, holder: str = "one", watch: Watch | None = None) -> Context:
        return Context(
            services=Services(self.trello, self.store, self.clock, self.outbox, rows=self.sheets),
            workspace=self.workspace,
            render_card=self.cards,
            render_report=plain_mail,
            render_forecast=plain_forecast,
            runtime=Runtime(
                holder,
                self.began,
                watch or self.watch,
                self.backoff if holder == "one" else Backoff(),
                self.comparison_cache if holder == "one" else ComparisonCache(),
                looks=self.looks,
                rows=self.rows_seen,
            ),
            config=Config(LeasePolicy(settle=90, lease=120, request_timeout=20)),
        )

    def apply(self) -> reconcile.Applied:
        context = self.context()
        reconcile.free_settled_changes(context)
        return reconcile.apply(context, reconcile.plan(context).only(EVERY_RISK))

    def plan_is_empty(self) -> bool:
        return len(reconcile.plan(self.context())) == 0

    def issue(self) -> issue.Issued:
        return issue.issue(self.context())

    def observe(self) -> int:
        return observe.observe(self.context())

    def report(self) -> int:
        return report.report(self.context())

    def advance(self, **by: float) -> None:
        self.clock.advance(dt.timedelta(**by))

    def settle(self) -> None:
        """Look at the claims there are, then wait until nothing of them can still act."""
        for step in (self.issue, lambda: reconcile.free_settled_changes(self.context())):
            step()
        self.advance(seconds=211)

    # ---- looking

    def calls(self) -> list[Call]:
        """What is asked of Trello from now on; the list grows."""
        asked: list[Call] = []

        def note(call: Call) -> bool:
            asked.append(call)
            return False

        self.trello.fail_next(TrelloError("never"), when=note)
        return asked

    def cards_on(self, board: str = "daily") -> list[Card]:
        """Every card of ours but template cards, archived ones too."""
        board_id = self.store.bindings().id(Kind.BOARD, board)
        if board_id is None:
            return []
        cards = self.trello.cards_since(board_id, dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
        return [self.trello.card(card.id) for card in cards if not card.is_template]

    def entry(self, task: str, date: str) -> LedgerEntry:
        entry = self.store.entry(OccurrenceKey("daily", task, dt.date.fromisoformat(date)))
        assert entry is not None, f"{task} of {date} is not in the ledger"
        return entry


def parcels_shop() -> Shop:
    """One daily task with an eight-item checklist, applied."""
    made = Shop(daily_task("parcels"), cards=PlainCards({"parcels": (EIGHT,)}))
    made.apply()
    return made

"""Every statement of a store confines each of our tables to the store's own workspace.

What is read is not text but what SQLAlchemy makes it from, with the values that it is sent with: a table is
confined by `workspace = …` among what must hold of every row, or by sharing the column with one that is.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    CTE,
    BindParameter,
    BooleanClauseList,
    Column,
    ColumnElement,
    Delete,
    Engine,
    FromClause,
    Insert,
    Join,
    Select,
    Subquery,
    Update,
    and_,
    delete,
    event,
    exists,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.ddl import ExecutableDDLElement
from sqlalchemy.sql.elements import BinaryExpression, Grouping
from sqlalchemy.sql.selectable import Alias, CompoundSelect
from store_calls import CALLS, rebuilt
from store_kit import NOW

from trello_ops.adapters import store as package
from trello_ops.adapters.store import SqlStore, copying, schema, sql
from trello_ops.adapters.store.sql import open_database
from trello_ops.demo.postgres import Server

OURS, THEIRS = "zina", "amal"

EXCEPTIONS = {
    "agency.py": "tells of which shops a week is frozen",
    "backup.py": "copies a whole file",
    "bound.py": "asks to which Trello a whole file belongs, before it is opened",
    "copying.py": "copies whole databases",
    "examined.py": "tells whether a whole database is sound, and of which revision",
    "fleet_hints.py": "finds the workspace of a board that a call of Trello names",
    "fleet_looks.py": "tells of every shop how it fares",
    "fleet_tables.py": "makes tables",
    "key_budget.py": "counts the requests of a key, which workspaces share",
    "migrate.py": "makes tables",
    "postgres.py": "opens a database",
    "postgres_tables.py": "makes tables",
    "sqlite.py": "opens a database",
}
"""The modules that send statements but are no part of `SqlStore`, and why. `sql.workspaces` is one more."""


Values = dict[BindParameter[Any], list[object]]


@dataclass
class Reader:
    """Reads statements; `problems` are those that reach further than one workspace."""

    workspace: str
    read: int = 0
    problems: list[str] = field(default_factory=list)

    @contextmanager
    def reading(self) -> Iterator["Reader"]:
        """Of every engine, until the block ends."""
        event.listen(Engine, "before_cursor_execute", self._note)
        try:
            yield self
        finally:
            event.remove(Engine, "before_cursor_execute", self._note)

    def _note(
        self, _connection: object, _cursor: object, said: str, _given: object, context: Any, _many: bool
    ) -> None:
        if not re.search(rf"\b({'|'.join(schema.metadata.tables)})\b", said):
            return
        compiled = context.compiled
        if compiled is not None and isinstance(compiled.statement, ExecutableDDLElement):
            return
        self.read += 1
        if compiled is None or not self.confined(compiled, context.compiled_parameters):
            self.problems.append(said)

    def confined(self, compiled: Any, rows: list[dict[str, Any]]) -> bool:
        """Whether a statement with these values touches this workspace's rows alone."""
        statement = compiled.statement
        # One that is taken from SQLAlchemy's cache holds the values of when it was put there.
        values = {
            parameter: [row[name] for row in rows if name in row]
            for parameter, name in compiled.bind_names.items()
        }
        if isinstance(statement, Insert):
            return all(row.get("workspace") == self.workspace for row in rows)
        if isinstance(statement, Select | CompoundSelect):
            return self._all_confined(statement, values)
        if not isinstance(statement, Update | Delete):
            return False  # text tells nothing that could be read
        own = self._confined_among({statement.table}, _conjuncts(statement.whereclause), values)
        inner = _selects(statement.whereclause)
        return own == {statement.table} and all(self._select(s, values, own) for s in inner)

    def _all_confined(self, statement: Any, values: Values) -> bool:
        if isinstance(statement, CompoundSelect):
            return all(self._all_confined(each, values) for each in statement.selects)
        return self._select(statement, values, set())

    def _select(self, statement: Select[Any], values: Values, outer: set[FromClause]) -> bool:
        """One SELECT and all within it; `outer` are the tables, confined, of those around it."""
        leaves, conditions = set[FromClause](), _conjuncts(statement.whereclause)
        for source in statement.get_final_froms():
            found, joined = _leaves(source)
            leaves |= found
            conditions += joined
        leaves = leaves - outer or leaves  # as SQLAlchemy correlates: never all of them
        confined = self._confined_among(leaves | outer, conditions, values, outer)
        derived = [leaf.element for leaf in leaves if isinstance(leaf, Subquery | CTE)]
        scalar = [s for part in (*statement._raw_columns, *conditions) for s in _selects(part)]
        return (
            leaves <= confined
            and all(self._all_confined(each, values) for each in derived)
            and all(self._select(each, values, confined) for each in scalar)
        )

    def _confined_among(
        self,
        tables: set[FromClause],
        conditions: list[Any],
        values: Values,
        known: set[FromClause] = frozenset(),  # type: ignore[assignment]
    ) -> set[FromClause]:
        """Which of these tables the conditions confine. What is derived is confined by what it is made of."""
        found = {t for t in tables if t in known or isinstance(t, Subquery | CTE)}
        equal = [(c.left, c.right) for c in conditions if _is_equality(c)]
        while True:
            more = {
                here.table
                for one, two in equal
                for here, there in ((one, two), (two, one))
                if _is_workspace(here)
                and (self._is_ours(there, values) or (_is_workspace(there) and there.table in found))
            }
            if more <= found:
                return found
            found |= more

    def _is_ours(self, element: Any, values: Values) -> bool:
        return isinstance(element, BindParameter) and set(values.get(element, [])) == {self.workspace}


def _is_equality(condition: Any) -> bool:
    return isinstance(condition, BinaryExpression) and condition.operator is operators.eq


def _is_workspace(element: Any) -> bool:
    return isinstance(element, Column | ColumnElement) and getattr(element, "name", "") == "workspace"


def _conjuncts(condition: Any) -> list[Any]:
    """What must all hold for a condition to hold."""
    if condition is None:
        return []
    if isinstance(condition, Grouping):
        return _conjuncts(condition.element)
    if isinstance(condition, BooleanClauseList) and condition.operator is operators.and_:
        return [each for part in condition.clauses for each in _conjuncts(part)]
    return [condition]


def _leaves(source: FromClause) -> tuple[set[FromClause], list[Any]]:
    """The tables of a join, and what its conditions say of the right ones."""
    if isinstance(source, Join):
        (left, said), (right, more) = _leaves(source.left), _leaves(source.right)
        return left | right, said + more + _conjuncts(source.onclause)
    return {source}, []


def _selects(element: Any) -> list[Select[Any]]:
    return [] if element is None else [s for s in visitors.iterate(element) if isinstance(s, Select)]


# ---- the store


def use(url: str, *, read: Reader) -> None:
    """Every method of a store, beside another workspace with the same rows."""
    with closing(open_database(url)) as database:
        for workspace in (THEIRS, OURS):
            with read.reading() if workspace == OURS else _unread():
                store = SqlStore(database, workspace)
                store.restore(rebuilt(3), "one", NOW)
                for call in CALLS.values():
                    call(store)


@contextmanager
def _unread() -> Iterator[None]:
    yield


def test_each_statement_names_the_workspace(tmp_path: Path) -> None:
    reader = Reader(OURS)
    use(f"sqlite:///{tmp_path / 'apart.sqlite3'}", read=reader)
    assert reader.problems == []
    assert reader.read > len(CALLS)


@pytest.mark.slow
def test_so_it_does_on_a_server(postgres: Server) -> None:
    reader = Reader(OURS)
    use(postgres.create("apart"), read=reader)
    assert reader.problems == []
    assert reader.read > len(CALLS)


def test_of_another_workspace_none_is_confined(tmp_path: Path) -> None:
    """The reader would see a store that uses the key of another one."""
    reader = Reader("somebody-else")
    use(f"sqlite:///{tmp_path / 'apart.sqlite3'}", read=reader)
    assert len(reader.problems) == reader.read


# ---- what the reader sees

cards, entries = schema.cards, schema.occurrences
mine = cards.c.workspace == OURS
its = cards.c.workspace == entries.c.workspace
newest: Alias = cards.alias()  # type: ignore[assignment]

CONFINED = {
    "a condition": select(cards).where(mine, cards.c.board == "daily"),
    "a join": select(cards).join(entries, and_(its, cards.c.task == entries.c.task)).where(mine),
    "a subquery": select(select(cards).where(mine).subquery().c.task),
    "exists": select(cards).where(mine, exists().where(its, entries.c.task == cards.c.task)),
    "an update": update(cards).where(mine).values(url=""),
}
LOOSE = {
    "none": select(cards),
    "another": select(cards).where(cards.c.workspace == THEIRS),
    "an alternative": select(cards).where(or_(mine, cards.c.board == "daily")),
    "the contrary": select(cards).where(cards.c.workspace != OURS),
    "a join by other columns": select(cards, entries)
    .join(entries, cards.c.task == entries.c.task)
    .where(mine),
    "another table's": select(cards).where(entries.c.workspace == OURS),
    "an alias beside it": select(newest).where(mine, newest.c.task == cards.c.task),
    "a subquery": select(cards).where(mine, cards.c.task.in_(select(entries.c.task))),
    "exists": select(cards).where(mine, exists().where(entries.c.task == cards.c.task)),
    "a column": select(select(entries.c.task).limit(1).scalar_subquery()).select_from(cards).where(mine),
    "a union": select(cards).where(mine).union_all(select(cards)),
    "an update": update(cards).where(cards.c.board == "daily").values(url=""),
    "a delete": delete(cards).where(cards.c.task.in_(select(cards.c.task).where(mine))),
}


def confined(statement: Any) -> bool:
    compiled = statement.compile()
    return Reader(OURS).confined(compiled, [dict(compiled.params)])


@pytest.mark.parametrize("statement", CONFINED.values(), ids=CONFINED)
def test_a_confined_statement_is_found_to_be_so(statement: Any) -> None:
    assert confined(statement)


@pytest.mark.parametrize("statement", LOOSE.values(), ids=LOOSE)
def test_one_that_reaches_further_is_found(statement: Any) -> None:
    assert not confined(statement)


def test_each_row_that_is_added_names_the_workspace() -> None:
    rows = [{"workspace": OURS}, {"workspace": THEIRS}]
    assert Reader(OURS).confined(insert(cards).compile(), rows[:1])
    assert not Reader(OURS).confined(insert(cards).compile(), rows)


# ---- the exceptions


def test_whatever_else_sends_statements_is_known() -> None:
    folder = Path(package.__file__).parent
    sends = re.compile(r"\.(execute|scalars?|exec_driver_sql|_rows|_all|_add|_put)\(")
    parts = {Path(f"{part.__module__.rpartition('.')[2]}.py").name for part in SqlStore.__mro__[:-1]}
    found = {file.name for file in folder.glob("*.py") if sends.search(file.read_text(encoding="utf-8"))}
    assert found - parts == EXCEPTIONS.keys()


def loose(call: Callable[[str], object], tmp_path: Path) -> bool:
    url, reader = f"sqlite:///{tmp_path / 'one.sqlite3'}", Reader(OURS)
    with closing(open_database(url)) as database:
        SqlStore(database, OURS).restore(rebuilt(1), "one", NOW)
    with reader.reading():
        call(url)
    return reader.problems != []


def test_the_list_of_workspaces_and_a_copy_are_no_one_workspace_s(tmp_path: Path) -> None:
    assert loose(sql.workspaces, tmp_path)

    @contextmanager
    def silent(_steps: int) -> Iterator[Callable[[str], None]]:
        yield lambda _table: None

    (tmp_path / "copied").mkdir()
    target = f"sqlite:///{tmp_path / 'two.sqlite3'}"
    assert loose(lambda url: copying.copy_stores(url, target, silent), tmp_path / "copied")

"""What the commands over a fleet share: its file, which shops are chosen, and what is said of the others."""

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from trello_ops.adapters.store import Database, open_database
from trello_ops.app import App, open_app
from trello_ops.cli.language import speak, spoken
from trello_ops.cli.options import PathType
from trello_ops.cli.output import notice, table
from trello_ops.cli.session import Session
from trello_ops.declaration_source import language
from trello_ops.errors import InvalidDeclaration, TrelloOpsError
from trello_ops.escape import visible
from trello_ops.fleet.load import load_fleet
from trello_ops.fleet.standing import departed
from trello_ops.fleet.tenant import Fleet, Tenant
from trello_ops.messages import say
from trello_ops.own_store import store_address
from trello_ops.settings import Settings
from trello_ops.wording import choose, shown

F = TypeVar("F", bound=Callable[..., Any])


def file_option(command: F) -> F:
    """`--file`."""
    return click.option(
        "--file", "file", type=PathType(), default="fleet.yaml", show_default=True, metavar="FILE",
        help="What the fleet consists of.",
    )(command)  # fmt: skip


def shop_options(command: F) -> F:
    """`--shop` and `--label`."""
    labels = click.option(
        "--label", "labels", multiple=True, metavar="LABEL", help="Only shops with this label."
    )
    names = click.option(
        "--shop", "names", multiple=True, metavar="NAME", help="Only this shop; may be repeated."
    )
    return names(labels(command))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The shops that a command is about, and the database that they share.

    `problems` are those that keep shops from being tended, as far as the choice may be about them.
    """

    fleet: Fleet
    tenants: tuple[Tenant, ...]
    problems: Mapping[str, str]
    database: Database

    @contextmanager
    def app(self, tenant: Tenant) -> Iterator[App]:
        """One shop's app."""
        others = self.fleet.workspaces.values()
        with closing(open_app(tenant.settings, database=self.database, neighbours=others)) as app:
            yield app

    def said_of_others(self) -> Iterator[str]:
        """What is not tended, and why, in lines."""
        yield from section(say("Not tended"), sorted(self.problems.items()))
        gone = [(key, say("nothing of it is withdrawn")) for key in departed(self.fleet, self.database)]
        yield from section(say("No longer in fleet.yaml"), gone)

    @property
    def exit_code(self) -> int:
        """That of shops which cannot be tended."""
        return InvalidDeclaration.exit_code if self.problems else 0


def load(session: Session, file: Path, *, logs: bool = False) -> tuple[Settings, Fleet]:
    """The settings, and the fleet of a file. Raises `InvalidSettings` and `InvalidDeclaration`."""
    settings = session.settings(logs=logs, elsewhere=("trello_secret",))
    fleet = read(session, settings, file, logs=logs)
    if first := next(iter(fleet.tenants.values()), None):
        speak(language(first.settings))
    return settings, fleet


def read(session: Session, settings: Settings, file: Path, *, logs: bool = False) -> Fleet:
    """The fleet of a file, whose secrets are kept out of messages and logs from now on. Raises as `load`."""
    fleet = load_fleet(file)
    session.mask(settings, {*settings.secrets(), *fleet.secrets()}, logs=logs)
    return fleet


@contextmanager
def chosen(
    session: Session, file: Path, names: tuple[str, ...], labels: tuple[str, ...], *, new_store: bool = False
) -> Iterator[Chosen]:
    """The chosen shops: those of a name or a label; without either, all. Raises `click.BadParameter`."""
    settings, fleet = load(session, file)
    _require_known("--shop", names, {*fleet.tenants, *fleet.problems})
    _require_known("--label", labels, {label for each in fleet.tenants.values() for label in each.labels})
    every = not names and not labels
    tenants = tuple(
        tenant
        for name, tenant in fleet.tenants.items()
        if every or name in names or not set(labels).isdisjoint(tenant.labels)
    )
    # The labels of shops that cannot be tended are not known, so each of them may be meant.
    problems = {name: text for name, text in fleet.problems.items() if every or labels or name in names}
    with closing(open_database(store_address(settings), new=new_store)) as database:
        yield Chosen(fleet, tenants, problems, database)


def _require_known(option: str, given: tuple[str, ...], known: set[str]) -> None:
    for name in given:
        if name not in known:
            advice = choose(name, known)
            message = say("there is no `%(name)s` in the fleet: %(advice)s", name=shown(name), advice=advice)
            raise click.BadParameter(spoken(message), param_hint=option)


def told(session: Session, error: Exception) -> tuple[str, int]:
    """What to say of an error at one shop, which is to stop no other, and its exit code.

    A bug's traceback goes to standard error.
    """
    if isinstance(error, TrelloOpsError):
        return session.redact(spoken(error.message)), error.exit_code
    notice(session.redact("".join(traceback.format_exception(error))).rstrip())
    return spoken(say("unexpected %(error)s; see the log", error=type(error).__name__)), 1


def page(lines: Iterable[str]) -> str:
    """Lines as one text, which begins with no empty one."""
    return "\n".join(lines).lstrip("\n")


def section(title: str, rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """A title and a table below it, whose last column may have several lines; nothing without rows."""
    if rows:
        yield from ("", spoken(title))
        lasts = [spoken(row[-1]).splitlines() or [""] for row in rows]
        firsts = table([(*row[:-1], its[0]) for row, its in zip(rows, lasts, strict=True)])
        for first, its in zip(firsts, lasts, strict=True):
            yield first
            yield from (f"      {visible(line)}" for line in its[1:])

"""What `trello-ops link` and `trello-ops feed` have in common: secret addresses, made, listed and revoked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from trello_ops.app import App
from trello_ops.cli.files import reading
from trello_ops.cli.fleet_choice import chosen, file_option
from trello_ops.cli.language import speak, spoken
from trello_ops.cli.names import find_board, find_person
from trello_ops.cli.options import format_option
from trello_ops.cli.output import local, notice, table, to_json, utc
from trello_ops.cli.session import Session, pass_session
from trello_ops.core.calendar.agenda import Choice
from trello_ops.core.declared import Workspace
from trello_ops.core.links import Link, Opens, opened
from trello_ops.declaration_source import language
from trello_ops.errors import NotTended
from trello_ops.escape import visible
from trello_ops.messages import say
from trello_ops.operations.links import new_link
from trello_ops.settings import OFF, name_of
from trello_ops.web.addresses import below

AddressOf = Callable[[str, str], str]
"""The secret address by the address of the pages and a secret."""


def link_command(opens: Opens, address_of: AddressOf, about: str) -> click.Command:
    """A command that makes addresses of one kind, lists and revokes them."""

    @click.command(help=about)
    @_link_options
    @pass_session
    def command(session: Session, /, **asked: Any) -> None:
        with reading(session) as app:
            _act(app, Addresses(opens, address_of, app.settings.visited_at()), **asked)

    return command


def fleet_link_command(opens: Opens, address_of: AddressOf, about: str) -> click.Command:
    """The same for one shop of a fleet."""

    @click.command(help=about)
    @file_option
    @click.option("--shop", "name", required=True, metavar="NAME", help="The shop that it is about.")
    @_link_options
    @pass_session
    def command(session: Session, /, *, file: Path, name: str, **asked: Any) -> None:
        with chosen(session, file, (name,), ()) as choice:
            for reason in choice.problems.values():
                raise NotTended(reason)
            tenant = choice.fleet.tenants[name]
            speak(language(tenant.settings))
            base = tenant.settings.visited_at() + below(choice.fleet.workspaces[name])
            with choice.app(tenant) as app:
                _act(app, Addresses(opens, address_of, base), **asked)

    return command


@dataclass(frozen=True, slots=True)
class Addresses:
    """Those of one kind, below the address `base` of a shop's pages."""

    opens: Opens
    address_of: AddressOf
    base: str

    def of(self, secret: str) -> str:
        """The secret address."""
        return self.address_of(self.base, secret)


def _link_options(command: Callable[..., None]) -> Callable[..., None]:
    for add in reversed(
        (
            click.option("--board", metavar="BOARD", help="Open what concerns this board alone."),
            click.option("--person", metavar="PERSON", help="Open this person's own calendar alone."),
            click.option(
                "--list", "listed", is_flag=True, help="List the addresses that were made, without secrets."
            ),
            click.option(
                "--revoke", metavar="NAME", help="Have the address of this name open nothing any more."
            ),
            format_option("text", "json"),
        )
    ):
        command = add(command)
    return command


def _act(
    app: App, addresses: Addresses, *, listed: bool, revoke: str | None, form: str, **whose: str | None
) -> None:
    _require_one_act(listed=listed, revoke=revoke, whose=whose)
    if listed:
        click.echo(_list(app, addresses.opens, form))
    elif revoke is not None:
        click.echo(_revoked(app, addresses.opens, revoke, form))
    else:
        choice = _chosen(app.context().workspace, **whose)
        click.echo(_made(app, addresses, choice, form))


def _require_one_act(*, listed: bool, revoke: str | None, whose: dict[str, Any]) -> None:
    """Refuse options that exclude each other. Raises `click.UsageError`."""
    given = [listed, revoke is not None, *(value is not None for value in whose.values())]
    if sum(given) > 1:
        raise click.UsageError(
            spoken(say("--board, --person, --list and --revoke exclude each other: give one of them."))
        )


# ---- making -----------------------------------------------------------------------------------------


def _chosen(workspace: Workspace, *, board: str | None, person: str | None) -> Choice:
    """What was chosen, by the keys of now. Raises `click.BadParameter` with a suggestion."""
    return Choice(
        find_board(workspace, board, "--board").key if board is not None else "",
        find_person(workspace, person, "--person").key if person is not None else "",
    )


def _made(app: App, addresses: Addresses, choice: Choice, form: str) -> str:
    link, secret = new_link(app.services.store, app.services.clock, addresses.opens, choice)
    url = addresses.of(secret)
    if app.settings.web_bind == OFF:
        notice(say("Nothing answers there yet: %(setting)s is off.", setting=name_of("web_bind")))
    if form == "json":
        return to_json({**_as_dict(link), "url": url})
    notice(
        say(
            "Whoever has this address sees what it opens. It is shown this once; --revoke %(name)s ends it.",
            name=link.name,
        )
    )
    return url


# ---- listing and revoking ---------------------------------------------------------------------------


def _list(app: App, opens: Opens, form: str) -> str:
    found = [each for each in app.services.store.links() if each.opens is opens]
    if form == "json":
        return to_json({"links": [_as_dict(each) for each in found]})
    if not found:
        return spoken(say("No address was made yet."))
    workspace = app.context().workspace
    return "\n".join(table(_rows(found, workspace, workspace.timezone), indent=""))


def _rows(found: Iterable[Link], workspace: Workspace, zone: ZoneInfo) -> Iterable[tuple[str, ...]]:
    for each in found:
        made = say("made %(moment)s", moment=local(each.made_at, zone))
        yield each.name, each.board or each.person or say("everything"), made, _fate(each, workspace, zone)


def _fate(link: Link, workspace: Workspace, zone: ZoneInfo) -> str:
    if link.revoked_at:
        return say("revoked %(moment)s", moment=local(link.revoked_at, zone))
    if opened(link, workspace) is None:
        return say("opens nothing: not in the files any more")
    return ""


def _revoked(app: App, opens: Opens, name: str, form: str) -> str:
    store = app.services.store
    of_this_kind = any(each.name == name and each.opens is opens for each in store.links())
    link = store.revoke_link(name, app.services.clock.now()) if of_this_kind else None
    if link is None:
        message = say("there is no address '%(name)s': --list shows those that there are.", name=name)
        raise click.BadParameter(spoken(message), param_hint="--revoke")
    if form == "json":
        return to_json(_as_dict(link))
    return visible(spoken(say("%(name)s opens nothing any more.", name=link.name)))


def _as_dict(link: Link) -> dict[str, object]:
    return {
        "name": link.name,
        "opens": str(link.opens),
        "board": link.board or None,
        "person": link.person or None,
        "made_at": utc(link.made_at),
        "revoked_at": utc(link.revoked_at),
    }

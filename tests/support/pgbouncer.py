"""A pooler between nodes and PostgreSQL that gives each transaction whichever connection is free."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from callbacks_kit import free_port
from live_kit import until

from trello_ops.demo.postgres import Server

_CONNECTIONS = 4
"""To the server, for all nodes together: less than the threads of one, so that they take each other's."""

_SETTINGS = """\
[databases]
* = host=127.0.0.1 port={server} user=trello_ops
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
admin_users = trello_ops
pool_mode = transaction
default_pool_size = {connections}
"""


@dataclass(frozen=True, slots=True)
class Pooler:
    """A running pgbouncer."""

    port: int

    def url(self, address: str) -> str:
        """The URL of a database of the server, by way of the pooler."""
        name = address.rpartition("/")[2]
        return f"postgresql://trello_ops@127.0.0.1:{self.port}/{name}"

    def transactions(self, address: str) -> int:
        """How many transactions of a database went through it."""
        with psycopg.connect(self.url("/pgbouncer"), autocommit=True) as admin:
            cursor = psycopg.ClientCursor(admin)  # it knows the simple protocol alone
            rows = cursor.execute("SHOW STATS_TOTALS").fetchall()
        return next((row[1] for row in rows if row[0] == address.rpartition("/")[2]), 0)


@contextmanager
def pooler(server: Server, folder: Path) -> Iterator[Pooler]:
    """One in front of `server`, until the block ends. Without the program, the test is skipped."""
    # Debian keeps it where only an administrator looks.
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        pytest.skip("needs pgbouncer (Debian: apt install pgbouncer)")
    port = free_port()
    settings = folder / "pgbouncer.ini"
    settings.write_text(_SETTINGS.format(server=server.port, port=port, connections=_CONNECTIONS), "utf-8")
    with settings.open("rb") as given, (folder / "pgbouncer.log").open("wb") as log:
        process = subprocess.Popen(
            [program, "-q", "/dev/stdin"],  # others may not enter a test's folder
            stdin=given, stdout=log, stderr=log, user=server.account, group=server.account,
        )  # fmt: skip
    try:
        until(lambda: _answers(port))
        yield Pooler(port)
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False

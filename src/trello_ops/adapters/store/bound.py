"""To which Trello a database belongs, asked without opening it as a store."""

import sqlite3
from contextlib import closing

from trello_ops.adapters.store.sqlite import file_of


def may_belong_to(address: str, trello: str) -> bool:
    """Whether what a database holds may be of the Trello at that URL.

    One from before stores were bound may be of any, and so may one that cannot be read now.
    """
    file = file_of(address)
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
            bound = list(database.execute("SELECT address FROM trellos")) if "trellos" in tables else []
            if bound:
                return (trello,) in bound
            return "bindings" in tables and bool(database.execute("SELECT 1 FROM bindings").fetchone())
    except sqlite3.Error:
        return file.exists()

"""Links, and what becomes of them when the files change."""

import datetime as dt
from dataclasses import replace

from trello_ops.core.links import Link, Opens, followed

NOW = dt.datetime(2026, 11, 16, 7, 0, tzinfo=dt.UTC)


def link(name: str, board: str = "", person: str = "") -> Link:
    return Link(name, Opens.PAGES, NOW, board, person)


def test_links_follow_keys_that_change_places_and_end_with_what_left() -> None:
    boards = {"one": "two", "two": "one", "gone": None, "stays": "stays"}
    people = {"amal": "amal_b", "karim": None}
    every = [link("all"), link("a", "one"), link("b", "two"), link("c", "gone"), link("d", "stays")]
    every += [link("e", person="amal"), link("f", person="karim"), link("g", person="new_here")]
    every += [replace(link("h", "one"), revoked_at=NOW)]
    later = NOW + dt.timedelta(hours=1)
    assert list(followed(every, boards, people, later)) == [
        link("a", "two"),
        link("b", "one"),
        replace(link("c", "gone"), revoked_at=later),
        link("e", person="amal_b"),
        replace(link("f", person="karim"), revoked_at=later),
    ]

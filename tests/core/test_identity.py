"""When two identities are of one Trello."""

from dataclasses import replace

import pytest

from trello_ops.core.identity import Difference, TrelloIdentity

REAL = TrelloIdentity("https://api.trello.com", "", "m1", "robot", "w1", "zina")
LOCAL = TrelloIdentity("http://127.0.0.1:8910", "f00dfeed", "m2", "robot", "w2", "zina")
UNASKED = TrelloIdentity(REAL.address)

SAME = {
    "the same": (REAL, REAL),
    "renamed": (REAL, replace(REAL, username="zina-robot", workspace_name="zina-o-beldi")),
    "a local one at another port": (LOCAL, replace(LOCAL, address="http://127.0.0.1:9000")),
    "not asked yet": (REAL, UNASKED),
    "a local one, not asked yet": (LOCAL, TrelloIdentity(LOCAL.address)),
    "a Workspace that it does not show": (REAL, replace(REAL, workspace_id="", workspace_name="")),
    "a Workspace that it did not show": (replace(REAL, workspace_id=""), REAL),
}
OTHERS = {
    "real after local": (LOCAL, REAL, Difference.TRELLO),
    "local after real": (REAL, LOCAL, Difference.TRELLO),
    "real after local, not asked yet": (LOCAL, UNASKED, Difference.TRELLO),
    "another address": (REAL, replace(REAL, address="https://trello.example.org"), Difference.TRELLO),
    "local, begun anew": (LOCAL, replace(LOCAL, world="beef"), Difference.TRELLO),
    "local, seen to have begun anew": (LOCAL, TrelloIdentity(LOCAL.address, "beef"), Difference.TRELLO),
    "another account": (REAL, replace(REAL, member_id="m3"), Difference.ACCOUNT),
    "another Workspace": (REAL, replace(REAL, workspace_id="w3"), Difference.WORKSPACE),
}


@pytest.mark.parametrize("case", SAME)
def test_one_and_the_same(case: str) -> None:
    bound, found = SAME[case]
    assert bound.difference(found) is None


@pytest.mark.parametrize("case", OTHERS)
def test_another(case: str) -> None:
    bound, found, difference = OTHERS[case]
    assert bound.difference(found) is difference


def test_what_is_told_anew_is_kept() -> None:
    renamed = replace(REAL, username="zina-robot", workspace_name="zina-o-beldi")
    assert REAL.told(renamed) == renamed
    assert REAL.told(UNASKED) == REAL
    assert REAL.told(replace(renamed, workspace_id="", workspace_name="")) == replace(
        REAL, username="zina-robot"
    )


def test_its_name_tells_where_it_is_and_who_sees_it() -> None:
    assert str(REAL.sentence()) == "https://api.trello.com (account @robot, Workspace `zina`)"
    assert str(LOCAL.sentence()) == (
        "the local Trello f00dfe at http://127.0.0.1:8910 (account @robot, Workspace `zina`)"
    )
    assert str(UNASKED.sentence()) == "https://api.trello.com"

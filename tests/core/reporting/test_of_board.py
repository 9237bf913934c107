"""The report of one board alone."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from week_kit import CLOSE, WEEK, hour, line

from trello_ops.core.reporting.groups import groups, totals
from trello_ops.core.reporting.notice import Notice, Why
from trello_ops.core.reporting.of_board import of_board
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Group, Report, ReportedOccurrence
from trello_ops.core.reporting.standing import Signal, Standing, Verdict
from trello_ops.core.sights import Outage

MISSED = Outcome.MISSED
CENTRE, PORT = "centre", "port"
THEMES = {"service": "Service", "operations": "Opérationnel"}
FALL = Standing(90, Signal(Verdict.FALL))


def at(board: str, **more: object) -> ReportedOccurrence:
    return line(**{"board": board, **more})  # type: ignore[arg-type]


def report(*lines: ReportedOccurrence, **more: object) -> Report:
    made = Report(
        workspace="zina",
        name="Zina ô Beldi",
        locale="fr",
        week=WEEK,
        begins=WEEK.monday,
        ends=WEEK.sunday,
        closes_at=CLOSE,
        frozen_at=CLOSE,
        timezone="Europe/Paris",
        totals=totals(each.outcome for each in lines),
        boards=groups(lines, {CENTRE: "Centre", PORT: "Port"}, lambda each: (each.board,)),
        themes=groups(
            lines, {"service": "Service", "operations": "Opérationnel"}, lambda each: (each.theme,)
        ),
        people=groups(lines, {"karim": "Karim", "amina": "Amina"}, lambda each: each.assignees or ("",)),
        occurrences=lines,
    )
    return replace(made, **more)  # type: ignore[arg-type]


LINES = st.lists(
    st.builds(
        at,
        st.sampled_from([CENTRE, PORT]),
        outcome=st.sampled_from(Outcome),
        theme=st.sampled_from(["service", "operations", "gone"]),
        assignees=st.sampled_from([(), ("amina",), ("karim", "amina")]),
    ),
    max_size=9,
)


@given(LINES)
def test_the_boards_together_are_the_whole(lines: list[ReportedOccurrence]) -> None:
    whole = report(*lines)
    parts = [of_board(whole, key) for key in (CENTRE, PORT)]
    for part, group in zip(parts, whole.boards, strict=True):
        assert part.totals == group.totals
        assert part.boards == (group,)
        assert sum(each.totals.scheduled for each in part.themes) == len(part.occurrences)
        assert of_board(part, group.key) == replace(part, standing=Standing())
        assert Report.from_dict(json.loads(json.dumps(part.as_dict()))) == part
    assert len(lines) == sum(len(part.occurrences) for part in parts)


def test_it_stays_the_report_of_its_week_and_workspace() -> None:
    whole, part = report(at(CENTRE)), of_board(report(at(CENTRE)), CENTRE)
    same = ("workspace", "name", "locale", "week", "begins", "ends", "closes_at", "frozen_at", "timezone")
    assert [getattr(part, name) for name in same] == [getattr(whole, name) for name in same]
    assert [board.title for board in part.boards] == ["Centre"]


def test_it_has_the_boards_own_standing() -> None:
    whole = report(standing=Standing(90), board_standings={CENTRE: FALL})
    assert (of_board(whole, CENTRE).standing, of_board(whole, CENTRE).board_standings) == (FALL, {})
    assert of_board(whole, PORT).standing == Standing(), "one that has no report of its own"


def test_groups_keep_their_titles_and_order_and_those_without_a_line_are_left_out() -> None:
    part = of_board(report(at(CENTRE, assignees=()), at(CENTRE, assignees=("amina",)), at(PORT)), CENTRE)
    assert [(each.key, each.title, each.totals.scheduled) for each in part.themes] == [
        ("operations", "Opérationnel", 2)
    ]
    assert [(each.key, each.title) for each in part.people] == [("amina", "Amina"), ("", "")]


def test_a_theme_is_marked_by_what_the_board_missed_and_the_board_itself_never() -> None:
    fine = [at(CENTRE, theme="service") for _ in range(40)]
    bad = [at(CENTRE, outcome=MISSED) for _ in range(9)]
    whole = report(*fine, *bad, boards=(Group(CENTRE, "Centre", totals([MISSED]), marked=True),))
    part = of_board(whole, CENTRE)
    assert [(each.key, each.marked) for each in part.themes] == [("service", False), ("operations", True)]
    assert [each.marked for each in part.boards] == [False]
    elsewhere = [at(PORT) for _ in range(200)]
    alone = of_board(report(*bad, *elsewhere), CENTRE)
    assert [each.marked for each in alone.themes] == [False]


def test_what_was_caught_up_elsewhere_is_elsewhere() -> None:
    late = (at(CENTRE, task="a"), at(PORT, task="b"))
    assert of_board(report(caught_up=late), CENTRE).caught_up == late[:1]


@pytest.mark.parametrize(
    ("subject", "concerns"),
    [
        (CENTRE, True),
        (f"{CENTRE}/stock", True),
        (f"{CENTRE}:limits", True),
        (PORT, False),
        ("job:mail", True),
    ],
)
def test_troubles_of_another_board_are_left_out(subject: str, *, concerns: bool) -> None:
    assert of_board(report(system=(subject,)), CENTRE).system == (subject,) * concerns


def test_outages_are_the_boards() -> None:
    mine, other = Outage(CENTRE, hour(0), hour(40)), Outage(PORT, hour(0), hour(40))
    assert of_board(report(outages=(mine, other)), CENTRE).outages == (mine,)


@pytest.mark.parametrize("name", ["needs_you", "chronic", "rare", "doubtful", "next_week"])
def test_each_short_list_has_what_is_of_the_board(name: str) -> None:
    mine, other = Notice(Why.RARE, board=CENTRE, task="a"), Notice(Why.RARE, board=PORT, task="b")
    assert getattr(of_board(report(**{name: (mine, other)}), CENTRE), name) == (mine,)


def test_of_the_next_week_it_has_what_is_everybodys_and_who_works_there() -> None:
    everybodys = (Notice(Why.HOLIDAY, title="Aïd"), Notice(Why.CLOSURE, title="travaux"))
    hers = (Notice(Why.ABSENCE, title="Amina"), Notice(Why.OVERBOOKED, title="matin", who=("Amina",)))
    others = (Notice(Why.ABSENCE, title="Karim"), Notice(Why.OVERBOOKED, title="matin", who=("Karim",)))
    whole = report(at(CENTRE), next_week=(*everybodys, *hers, *others))
    assert of_board(whole, CENTRE).next_week == (*everybodys, *hers)


def test_of_a_board_that_a_report_lacks_it_says_nothing() -> None:
    part = of_board(report(at(CENTRE)), "gone")
    assert (part.boards, part.occurrences, part.totals.scheduled) == ((), (), 0)

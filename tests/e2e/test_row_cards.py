"""Rows of a workbook with cards of their own, over real HTTP: each once, whatever becomes of the workbook."""

import datetime as dt

import pytest
from live_kit import MONDAY, PARIS, Json, Shop, apply, one_pass
from row_kit import save

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.operations.report import account

pytestmark = pytest.mark.slow  # with the others of its kind

_POSTS = """\
title: Publications
cadence: weekly
on: fri
due: "18:00"
tasks:
  post:
    title: Publier
    theme: operations
    template: news.md
    assign: amal
    rows: {file: posts.xlsx, date: Date, key: Réf, item: "{{ Canal }} – {{ Sujet }}", cards: true}
"""
HEADINGS = ("Date", "Réf", "Canal", "Sujet")
SOAP = ("17/11/2026", "P1", "Instagram", "Savon noir")
OIL = ("19/11/2026", "P2", "TikTok", "Huile d’argan")
NEXT = ("24/11/2026", "P3", "Instagram", "Rassoul")
FRIDAY = dt.datetime(2026, 11, 20, 18, tzinfo=PARIS)


@pytest.fixture
def shop(bare: Shop) -> Shop:
    (bare.folder / "boards" / "posts.yaml").write_text(_POSTS, "utf-8")
    plan(bare, SOAP, OIL, NEXT)
    apply(bare.app)
    assert one_pass(bare.app) == {}
    return bare


def plan(shop: Shop, *rows: tuple[str, ...]) -> None:
    """Save the workbook with these rows."""
    save(shop.folder / "boards" / "posts.xlsx", HEADINGS, *rows)


def posts(shop: Shop) -> list[Json]:
    """All cards of the board that stand there, by title."""
    state = shop.trello.state()
    (board,) = (each for each in state["boards"] if each["name"] == "Publications")
    ours = [each for each in state["cards"] if each["idBoard"] == board["id"] and not each["closed"]]
    return sorted(ours, key=lambda card: str(card["name"]))


def names(shop: Shop) -> list[str]:
    return [card["name"] for card in posts(shop)]


def later(shop: Shop) -> dict[str, str]:
    """A pass some minutes later; the problems that `status` tells then."""
    shop.clock.advance(1200)
    assert one_pass(shop.app) == {}
    return {problem.subject: problem.message for problem in shop.app.services.store.problems()}


def test_each_row_of_the_week_has_a_card_of_its_own(shop: Shop) -> None:
    assert names(shop) == ["Instagram – Savon noir", "TikTok – Huile d’argan"], "and no template beside them"
    for card in posts(shop):
        assert dt.datetime.fromisoformat(card["due"]) == FRIDAY
    assert later(shop) == {}
    assert len(posts(shop)) == 2
    shop.clock.advance_to(MONDAY + dt.timedelta(days=7))
    assert one_pass(shop.app) == {}
    assert "Instagram – Rassoul" in names(shop)


def test_a_row_that_comes_later_gets_its_card_and_an_edited_one_is_the_same(shop: Shop) -> None:
    plan(shop, (*SOAP[:3], "Savon blanc"), OIL, ("18/11/2026", "P4", "Facebook", "Avis"))
    assert set(later(shop)) == {"job:apply"}, "as for every edit of a card that is out"
    apply(shop.app)
    assert names(shop) == ["Facebook – Avis", "Instagram – Savon blanc", "TikTok – Huile d’argan"]


def test_a_row_that_moves_to_another_week_comes_then_and_its_former_card_charges_nobody(shop: Shop) -> None:
    plan(shop, ("26/11/2026", *SOAP[1:]), ("20/11/2026", *OIL[1:]), NEXT)
    assert later(shop) == {}
    shop.clock.advance_to(MONDAY + dt.timedelta(days=7, hours=5))
    assert one_pass(shop.app) == {}
    soap = [card["due"] for card in posts(shop) if "Savon" in card["name"]]
    assert [dt.datetime.fromisoformat(due) for due in soap] == [FRIDAY, FRIDAY + dt.timedelta(days=7)]
    report = account(shop.app.context(), IsoWeek(2026, 47))
    told = {line.key: line.outcome for line in report.occurrences if "posts/" in line.key}
    assert told == {"posts/post-p1/2026-11-20": "excused", "posts/post-p2/2026-11-20": "missed"}


def test_rows_count_one_by_one_in_the_report_and_a_deleted_one_charges_nobody(shop: Shop) -> None:
    soap, _ = posts(shop)
    shop.trello.tick(soap, "amal_zina")
    assert later(shop) == {}
    plan(shop, SOAP, NEXT)
    assert later(shop) == {}
    shop.clock.advance_to(dt.datetime(2026, 11, 23, 8, tzinfo=PARIS))
    assert one_pass(shop.app) == {}
    report = account(shop.app.context(), IsoWeek(2026, 47))
    told = {line.title: (line.key, line.outcome) for line in report.occurrences if "posts/" in line.key}
    assert told == {
        "Instagram – Savon noir": ("posts/post-p1/2026-11-20", "on_time"),
        "TikTok – Huile d’argan": ("posts/post-p2/2026-11-20", "excused"),
    }


def test_while_the_workbook_cannot_be_read_its_rows_stay_and_status_says_so(shop: Shop) -> None:
    (shop.folder / "boards" / "posts.xlsx").write_bytes(b"PK\x03\x04 being saved")
    (shop.folder / "boards" / "daily.yaml").write_text(
        (shop.folder / "boards" / "daily.yaml").read_text("utf-8").replace("title: Colis", "title: Paquets"),
        "utf-8",
    )
    message = later(shop)["job:declaration"]
    assert "posts.yaml:11:" in message
    assert "`posts.xlsx` is no whole workbook" in message
    assert len(posts(shop)) == 2
    assert shop.app.context().workspace.board("daily").task("parcels").title == "Paquets", "in force"
    shop.clock.advance_to(MONDAY + dt.timedelta(days=7))
    one_pass(shop.app)
    assert "Instagram – Rassoul" in names(shop), "as it was known before"
    plan(shop, SOAP, OIL, NEXT)
    assert "job:declaration" not in later(shop)


def test_rows_that_make_place_for_others_raise_no_question_and_no_alarm(shop: Shop) -> None:
    many = [(f"{17 + n % 4}/11/2026", f"A{n}", "Instagram", f"Sujet {n}") for n in range(20)]
    plan(shop, *many)
    assert later(shop) == {}
    assert len([name for name in names(shop) if "Sujet" in name]) == 20
    plan(shop, *((f"{24 + n % 4}/11/2026", f"B{n}", "Instagram", f"Idée {n}") for n in range(20)))
    assert later(shop) == {}
    shop.clock.advance_to(MONDAY + dt.timedelta(days=7))
    assert one_pass(shop.app) == {}
    assert len([name for name in names(shop) if "Idée" in name]) == 20


def test_a_board_whose_rows_are_all_gone_has_no_tasks_and_goes_on(shop: Shop) -> None:
    plan(shop)
    assert later(shop) == {}
    assert [board.key for board in shop.app.context().workspace.boards if not board.tasks] == ["posts"]
    apply(shop.app)
    plan(shop, NEXT)
    assert later(shop) == {}
    shop.clock.advance_to(MONDAY + dt.timedelta(days=7))
    assert one_pass(shop.app) == {}
    assert "Instagram – Rassoul" in names(shop)


def test_an_answer_that_was_lost_makes_no_second_card(shop: Shop) -> None:
    plan(shop, SOAP, OIL, ("18/11/2026", "P4", "Facebook", "Avis"))
    shop.trello.fault(method="POST", path="/1/cards$", lose_answer=True)
    for _ in range(4):
        later(shop)
    assert names(shop).count("Facebook – Avis") == 1

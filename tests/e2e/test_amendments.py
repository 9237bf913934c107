"""Cards that are out follow edited files, over real HTTP: listed by `plan`, made by `apply`, reported by."""

import datetime as dt
from pathlib import Path

import pytest
from live_kit import DAILY, EIGHT, EMAILS, NEWS, PARCELS, PARIS, Json, Shop, apply, items, one_pass

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.planning.changes import EVERY_RISK, AmendCard
from trello_ops.core.planning.plan import Plan
from trello_ops.core.reporting.report import ReportedOccurrence
from trello_ops.operations import reconcile
from trello_ops.operations.report import account
from trello_ops.render import plan as words

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

TUESDAY = dt.datetime(2026, 11, 17, 8, tzinfo=PARIS)


@pytest.fixture
def out(shop: Shop) -> Shop:
    """Today's cards are out, and were read."""
    one_pass(shop.app)
    shop.clock.advance(1200)
    assert one_pass(shop.app) == {}
    return shop


def edit(shop: Shop, *replaced: tuple[str, str], file: str = "boards/daily.yaml") -> None:
    path: Path = shop.folder / file
    text = path.read_text("utf-8")
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    one_pass(shop.app)  # takes the edit up; nobody but `apply` touches a card


def plan(shop: Shop) -> Plan:
    return reconcile.plan(shop.app.context())


def amended(shop: Shop) -> list[str]:
    return [str(change.key) for change in plan(shop).changes if isinstance(change, AmendCard)]


def line(shop: Shop, key: str) -> ReportedOccurrence:
    lines = account(shop.app.context(), IsoWeek(2026, 47)).occurrences
    return next(each for each in lines if each.key == key)


def moment(card: Json) -> dt.datetime:
    return dt.datetime.fromisoformat(card["due"]).astimezone(PARIS)


def test_an_edit_of_everything(out: Shop) -> None:
    edit(
        out,
        ('due: "18:00"', 'due: "20:00"'),
        ("title: Colis, theme", "title: Envois, theme"),
        ("assign: [amal, karim]", "assign: karim"),
    )
    edit(
        out,
        ("Colis du", "Envois du"),
        ("'Étape 8'", "'Étape 8', Photographier"),
        ("Préparer et envoyer.", "Préparer, peser et envoyer."),
        file="templates/cards/parcels.md",
    )
    before = out.trello.card(PARCELS)
    assert before["name"].startswith("Colis"), "a pass of the daemon's jobs leaves the card as it is"
    waiting = [each.message for each in out.app.services.store.problems() if each.subject == "job:apply"]
    assert len(waiting) == 1, "and says that something waits for a person"

    assert sorted(amended(out)) == sorted([PARCELS, EMAILS, NEWS])
    told = next(each for each in words.text(plan(out)).splitlines() if PARCELS in each)
    for part in ("“Colis du", "“Envois du", "due 2026-11-16 17:00 → 2026-11-16 19:00 UTC"):
        assert part in told
    assert "people amal, karim → karim" in told
    assert "add check items “Photographier”" in told

    out.trello.forget_requests()
    apply(out.app)
    writes = [each for each in out.trello.writes() if each["path"] == f"/1/cards/{before['id']}"]
    assert [each["method"] for each in writes] == ["PUT"], "one request for the card itself"
    card = out.trello.card(PARCELS)
    assert card["name"].startswith("Envois du")
    assert "Préparer, peser" in card["desc"]
    assert moment(card).hour == 20
    assert len(card["idMembers"]) == 1
    assert [name for name, _ in items(out.trello.state(), card)] == [*EIGHT, "Photographier"]
    assert plan(out).changes == ()
    assert plan(out).frozen == ()

    out.clock.advance_to(dt.datetime(2026, 11, 16, 19, tzinfo=PARIS))
    out.trello.tick(card, "karim_zina")
    assert one_pass(out.app) == {}
    reported = line(out, PARCELS)
    assert (reported.title, reported.assignees, reported.outcome) == ("Envois", ("karim",), "on_time")
    assert (reported.due_moved_by, reported.completed_by) == (None, "karim")
    assert reported.due_at.astimezone(PARIS).hour == 20
    assert reported.amended_at is not None
    assert line(out, EMAILS).outcome == "open", "its new due lies ahead"


def test_what_people_changed_stays_and_what_is_done_or_past_stays(out: Shop) -> None:
    by_hand, done = out.trello.card(PARCELS), out.trello.card(EMAILS)
    out.trello.act("amal_zina", "PUT", f"/cards/{by_hand['id']}", name="À ma façon", desc="Mon texte")
    out.trello.tick(done, "amal_zina")
    edit(out, ("title: Colis,", "title: Envois,"), ("title: E-mails,", "title: Courriel,"))
    assert amended(out) == []
    assert "changed by hand: 1" in words.text(plan(out))
    assert "done: 1" in words.text(plan(out))
    out.clock.advance_to(TUESDAY)
    one_pass(out.app)
    edit(out, ("title: Actualité,", "title: Veille,"))
    assert "past due" in words.text(plan(out))
    assert not {PARCELS, EMAILS, NEWS} & set(amended(out)), "of today only"
    apply(out.app)
    named = {card["id"]: card["name"] for card in out.trello.state()["cards"]}
    assert named[by_hand["id"]] == "À ma façon"
    assert [out.trello.card(key)["name"] for key in (EMAILS, NEWS)] == ["E-mails", "Actualité"]
    assert line(out, NEWS).title == "Actualité"


@pytest.mark.parametrize(
    "fault",
    [{"lose_answer": True}, {"reset": True}, {"status": 504, "body": "Gateway Timeout"}],
    ids=["answer lost", "reset", "504"],
)
def test_a_broken_amendment_is_looked_at_again(out: Shop, fault: Json) -> None:
    edit(out, ("title: Colis,", "title: Envois,"), ('due: "18:00"', 'due: "20:00"'))
    out.trello.fault(method="PUT", path="/1/cards/", **fault)
    context = out.app.context()
    applied = reconcile.apply(context, reconcile.plan(context).only(EVERY_RISK))
    assert len(applied.failed) == 1, "and the other cards follow"
    out.heal()
    apply(out.app)
    assert [moment(out.trello.card(key)).hour for key in (PARCELS, EMAILS, NEWS)] == [20, 20, 20]
    assert plan(out).changes == ()
    assert out.app.services.store.claims() == ()


def test_an_edit_put_back_changes_nothing(out: Shop) -> None:
    edit(out, ("title: Colis,", "title: Envois,"))
    (out.folder / "boards" / "daily.yaml").write_text(DAILY, "utf-8")
    one_pass(out.app)
    assert plan(out).changes == ()
    assert plan(out).frozen == ()

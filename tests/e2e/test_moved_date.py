"""A launch whose go-live is moved, over real HTTP: set up late, moved back and forth, told in French."""

import datetime as dt

import pytest
from live_kit import PARIS, Json, Shop, apply, one_pass

from trello_ops.cli.files import ahead
from trello_ops.messages import translated
from trello_ops.operations import reconcile
from trello_ops.operations.declaration import late_starts, open_cards
from trello_ops.render import plan as words
from trello_ops.render.i18n import Translator

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

_LAUNCH = """\
title: Lancement
cadence: once
dates: {go_live: 2026-12-15}
release: {time: "00:00", offset_days: -7}
assign: amal
tasks:
"""
for _task, _title, _on in (
    ("aim", "Fixer le but", "{before: go_live, days: 40}"),
    ("domain", "Réserver le nom de domaine", "{before: go_live, days: 25}"),
    ("photos", "Faire les photos", "{before: go_live, days: 22}"),
    ("open", "Ouvrir la boutique", "{before: go_live}"),
    ("thanks", "Remercier les premiers clients", "{after: go_live, days: 7}"),
):
    _LAUNCH += f"  {_task}: {{title: {_title}, theme: operations, template: news.md, on: {_on}}}\n"


@pytest.fixture
def launch(bare: Shop) -> Shop:
    (bare.folder / "boards" / "launch.yaml").write_text(_LAUNCH, "utf-8")
    apply(bare.app)
    one_pass(bare.app)
    bare.clock.advance(1200)
    assert one_pass(bare.app) == {}
    return bare


def move(shop: Shop, before: str, after: str) -> list[str]:
    """Write another go-live; what `plan` tells of it in French."""
    path = shop.folder / "boards" / "launch.yaml"
    text = path.read_text("utf-8")
    assert f"go_live: {before}" in text
    path.write_text(text.replace(f"go_live: {before}", f"go_live: {after}"), "utf-8")
    shop.app.source.reload()
    french = Translator("fr")
    context, foreseen = shop.app.planned()
    plan = words.text(reconcile.plan(context, foreseen), french)
    store, now, following = shop.app.services.store, shop.app.services.clock.now(), shop.app.source.following
    assert following
    late = late_starts(store, following.declaration.workspace, now)
    told = ahead(following, open_cards(store, now), late)
    return [*(translated(each, french) for each in told), *plan.splitlines()]


def card(shop: Shop, task: str) -> Json:
    return shop.trello.card(f"launch/{task}/2000-01-01")


def days(shop: Shop) -> dict[str, str]:
    """When the cards that there are fall due."""
    found = {}
    for task in ("aim", "domain", "photos", "open", "thanks"):
        if its := shop.trello.cards(f"launch/{task}/2000-01-01"):
            assert len(its) == 1, f"{task} has two cards"
            due = dt.datetime.fromisoformat(its[0]["due"]).astimezone(PARIS)
            found[task] = f"{due:%m-%d}"
    return found


def test_go_live_is_moved_in_the_middle(launch: Shop) -> None:
    assert days(launch) == {"aim": "11-24", "domain": "11-20", "photos": "11-23"}, "the first came at once"
    launch.trello.tick(card(launch, "domain"), "amal_zina")
    launch.clock.advance(1200)
    assert one_pass(launch.app) == {}

    said = "\n".join(move(launch, "2026-12-15", "2027-01-19")).replace("\xa0", " ")
    for part in (
        "`go_live` de `launch` passe du 2026-12-15 au 2027-01-19, et les jours de 5 tâches avec elle :",
        "`apply` déplace les échéances de 2 cartes ouvertes",
        "~ mettre à jour la carte launch/photos (http",
        "échéance 2026-11-23 17:00 → 2026-12-28 17:00 UTC",
        "= 1 carte reste telle quelle, bien que sa tâche ait été modifiée (faites : 1)",
    ):
        assert part in said
    assert "change de jours" not in said, "one line tells it of all"
    one_pass(launch.app)
    apply(launch.app)
    assert days(launch) == {"aim": "12-10", "domain": "11-20", "photos": "12-28"}
    assert "Rien à changer." in move(launch, "2027-01-19", "2027-01-19")


def test_an_overdue_card_is_neither_moved_nor_charged_for_it(launch: Shop) -> None:
    launch.trello.tick(card(launch, "aim"), "amal_zina")
    launch.clock.advance_to(dt.datetime(2026, 11, 23, 8, tzinfo=PARIS))
    assert one_pass(launch.app) == {}
    assert launch.outcome("launch/domain/2000-01-01") == "missed"
    said = "\n".join(move(launch, "2026-12-15", "2027-01-19"))
    assert "les cartes faites ou en retard restent telles quelles" in said
    assert "launch/domain" not in said
    one_pass(launch.app)
    apply(launch.app)
    assert days(launch)["domain"] == "11-20"
    assert launch.outcome("launch/domain/2000-01-01") == "missed"


def test_what_is_over_by_a_nearer_date_is_told_before_it_comes(launch: Shop) -> None:
    said = "\n".join(move(launch, "2026-12-15", "2026-11-30")).replace("\xa0", " ")
    assert "(nouvelle échéance déjà passée : 3)" in said
    one_pass(launch.app)
    assert set(days(launch)) == {"aim", "domain", "photos"}
    said = "\n".join(move(launch, "2026-11-30", "2026-11-14")).replace("\xa0", " ")
    assert (
        "`go_live` de `launch` est passée, tout comme les jours de 1 tâche qui n’a jamais eu de carte : "
        "aucune ne vient, sauf si la date est repoussée (`open`)"
    ) in said.replace("le jour de", "les jours de")
    one_pass(launch.app)
    assert "open" not in days(launch)


def test_the_first_plan_tells_what_comes_at_once(bare: Shop) -> None:
    (bare.folder / "boards" / "launch.yaml").write_text(_LAUNCH, "utf-8")
    said = "\n".join(move(bare, "2026-12-15", "2026-12-15")).replace("\xa0", " ")
    assert (
        "`launch` : compté depuis `go_live`, le jour de 1 tâche est déjà passé ; sa carte vient tout de"
        " suite, à faire d’ici au 2026-11-24 (`aim`)"
    ) in said

"""Cards put away, fetched back and copied, over HTTP."""

from datetime import timedelta

from live_kit import NEWS, PARCELS, Shop, one_pass

LATE = """\
housekeeping: {archive_done_after: 7, undone: {move_to: doing}}
"""


def test_cards_are_put_away_and_people_get_to_keep_them(shop: Shop) -> None:
    trello, board_file = shop.trello, shop.folder / "boards" / "daily.yaml"
    board_file.write_text(board_file.read_text("utf-8") + LATE, "utf-8")
    one_pass(shop.app)
    trello.tick(trello.card(PARCELS), by="amal_zina")
    one_pass(shop.app)
    shop.clock.advance(timedelta(days=7, hours=1).total_seconds())
    for _ in range(3):  # read, and freeze the week; put away
        assert one_pass(shop.app) == {}
    assert trello.card(PARCELS)["closed"]
    undone = trello.card(NEWS)
    doing = next(each["id"] for each in trello.state()["lists"] if each["name"] == "En cours")
    assert (undone["closed"], undone["idList"]) == (False, doing)

    trello.act("amal_zina", "PUT", f"/cards/{trello.card(PARCELS)['id']}", closed="false")
    trello.move(undone, "À faire", by="karim_zina")
    for _ in range(3):
        shop.clock.advance(600)
        assert one_pass(shop.app) == {}
    assert not trello.card(PARCELS)["closed"]
    assert trello.card(NEWS)["idList"] != doing
    assert shop.outcomes()[PARCELS] == "on_time"


def test_a_copy_made_by_a_person_is_a_problem_until_it_is_archived(shop: Shop) -> None:
    one_pass(shop.app)
    trello, original = shop.trello, shop.trello.card(NEWS)
    copy = trello.act("karim_zina", "POST", "/cards", idList=original["idList"], idCardSource=original["id"])
    one_pass(shop.app)
    problems = {each.subject: each.message for each in shop.app.services.store.problems()}
    assert f"{copy['shortUrl']} of {NEWS}" in problems["daily:copies"]
    trello.act("karim_zina", "PUT", f"/cards/{copy['id']}", closed="true")
    one_pass(shop.app)
    assert shop.app.services.store.problems() == ()

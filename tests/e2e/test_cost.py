"""What a card costs, and a comparison of a board with its file."""

from live_kit import EIGHT, PARCELS, Shop, items, one_pass

from trello_ops.core.bindings import Kind


def test_a_card_with_eight_items_is_one_request(shop: Shop) -> None:
    board = shop.folder / "boards" / "daily.yaml"
    kept = [
        line for line in board.read_text("utf-8").splitlines() if not line.startswith(("  emails", "  news"))
    ]
    board.write_text("\n".join(kept), "utf-8")
    shop.trello.forget_requests()

    shop.job("issue")

    assert [(each["method"], each["path"]) for each in shop.trello.requests()] == [("POST", "/1/cards")]
    card = shop.trello.card(PARCELS)
    assert items(shop.trello.state(), card) == [(item, False) for item in EIGHT]
    assert (card["name"], card["isTemplate"], card["dueComplete"]) == ("Colis du 2026-11-16", False, False)


def test_a_board_in_order_is_compared_in_one_request(shop: Shop) -> None:
    assert one_pass(shop.app) == {}
    shop.trello.forget_requests()

    shop.job("reconcile")

    (asked,) = shop.trello.requests()
    board = shop.app.services.store.bindings().id(Kind.BOARD, "daily")
    assert (asked["method"], asked["path"]) == ("GET", f"/1/boards/{board}")

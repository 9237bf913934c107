"""trellio, an asynchronous client that checks answers with pydantic, works with the sandbox as its base URL.

It is fetched the first time, as only these tests need it; being under the GPL, it is no part of what we ship.
"""

import asyncio
import sys

import pytest
from fetched import fetched

NAME, VERSION = "trellio-client", "1.8.0"


@pytest.fixture(scope="module")
def trellio():
    """The module. Of what it needs, httpx and pydantic, it uses our own."""
    home = fetched(f"{NAME}-{VERSION}", _install)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(home))
        import trellio

        yield trellio


def _install(folder):
    options = [
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--retries",
        "1",
        "--target",
        str(folder),
    ]
    return [sys.executable, "-m", "pip", "install", *options, f"{NAME}=={VERSION}"]


@pytest.fixture
def use(trellio, trello):
    """Runs a coroutine function with a client of the robot's, or of whoever has the token."""

    def use(work, token=trello.token):
        async def used():
            client = trellio.TrellioClient(trello.handle.key, token, trello.handle.url, initial_delay=0)
            async with client:
                return await work(client)

        return asyncio.run(used())

    return use


def test_boards_lists_cards_and_labels_with_trellio(use):
    async def work(client):
        board = await client.create_board("Shop", "Ours")
        assert [(each.id, each.description) for each in await client.list_boards()] == [(board.id, "Ours")]
        assert (await client.update_board(board.id, name="The shop")).name == "The shop"
        first, *others = await client.list_lists(board.id)
        assert [each.name for each in (first, *others)] == ["To Do", "Doing", "Done"]
        inbox = await client.create_list(board.id, "Inbox")
        assert inbox.pos < first.pos
        assert (await client.update_list(inbox.id, closed=True)).closed
        label = await client.create_label("Urgent", "red", board.id)
        assert (await client.update_label(label.id, color="lime")).color == "lime"
        assert label.id in [each.id for each in await client.list_board_labels(board.id)]
        card = await client.create_card(first.id, "Parcels", desc="Send them")
        await client.add_label_to_card(card.id, label.id)
        assert (await client.get_card(card.id)).id_labels == [label.id]
        await client.remove_label_from_card(card.id, label.id)
        due = "2026-11-20T16:00:00.000Z"
        moved = await client.update_card(card.id, idList=others[0].id, due=due, dueComplete=True)
        assert (moved.id_list, moved.due, moved.due_complete) == (others[0].id, due, True)
        assert (moved.id_labels, moved.description) == ([], "Send them")
        assert await client.list_cards(first.id) == []
        assert [each.id for each in await client.list_cards(others[0].id)] == [card.id]
        await client.delete_label(label.id)
        await client.delete_card(card.id)
        await client.delete_board(board.id)
        return await client.list_boards()

    assert use(work) == []


def test_what_is_on_a_card_with_trellio(use, trello):
    card = trello.board().card()["id"]

    async def work(client):
        me = await client.get_me()
        checklist = await client.create_checklist(card, "Steps")
        pack = await client.create_check_item(checklist.id, "Pack")
        send = await client.create_check_item(checklist.id, "Send", pos="top")
        assert (await client.update_check_item(card, pack.id, state="complete")).state == "complete"
        assert [each.id for each in await client.list_check_items(checklist.id)] == [send.id, pack.id]
        await client.delete_check_item(checklist.id, send.id)
        (found,) = await client.list_card_checklists(card)
        assert [(each.name, each.state) for each in found.check_items] == [("Pack", "complete")]
        comment = await client.add_comment(card, "Soon")
        assert comment.id_member_creator == me.id
        await client.update_comment(comment.id, "Sooner")
        assert [each.text for each in await client.list_comments(card)] == ["Sooner"]
        link = await client.create_attachment(card, "https://example.org", "Guide")
        assert await client.get_attachment(card, link.id) == link
        assert [each.name for each in await client.list_attachments(card)] == ["Guide"]
        await client.delete_comment(comment.id)
        await client.delete_attachment(card, link.id)
        await client.delete_checklist(checklist.id)
        return await client.get_card(card)

    badges = use(work).badges
    assert (badges["checkItems"], badges["comments"], badges["attachments"]) == (0, 0, 0)


def test_members_webhooks_and_search_with_trellio(use, trello, receiver):
    desk = trello.board()
    amal = desk.invite("amal_zina")
    card = desk.card(name="Parcels")["id"]

    async def work(client):
        assert amal in [each.id for each in await client.list_board_members(desk.id)]
        assert (await client.get_member("amal_zina")).id == amal
        hook = await client.create_webhook(receiver.url, desk.id, "Ours")
        assert await client.get_webhook(hook.id) == hook
        await client.update_card(card, name="All parcels")
        receiver.wait(1)
        assert not (await client.update_webhook(hook.id, active=False)).active
        await client.delete_webhook(hook.id)
        return await client.search("parcels", model_types="cards", id_boards=desk.id)

    assert [each.id for each in use(work).cards] == [card]


def test_trellio_is_told_what_is_wrong_and_tries_again(use, trellio, trello):
    async def unknown(client):
        await client.get_card("5f" * 12)

    for token, status in ((trello.token, 404), ("0" * 64, 401)):
        with pytest.raises(trellio.TrelloAPIError) as refused:
            use(unknown, token)
        assert refused.value.status_code == status
    trello.control("POST", "faults", {"path": "/1/members/me", "status": 429, "count": 2})
    assert use(lambda client: client.get_me()).username == "robot"
    assert trello.control("GET", "faults") == []

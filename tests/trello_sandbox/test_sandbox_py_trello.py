"""py-trello's own objects, written for real Trello, work against the sandbox."""

import datetime as dt

import pytest
import requests
from trello import TrelloClient
from trello.exceptions import ResourceUnavailable, Unauthorized


class Redirected(requests.Session):
    """Sends what is meant for Trello to the sandbox."""

    def __init__(self, url):
        super().__init__()
        self.url = url

    def request(self, method, url, *args, **kwargs):
        for host in ("https://api.trello.com", "https://trello.com"):
            url = url.replace(host, self.url)
        return super().request(method, url, *args, timeout=10, **kwargs)


@pytest.fixture(params=["oauth", "query"])
def client(request, trello):
    """Both ways in which py-trello sends its credentials."""
    way = {"token": trello.token} if request.param == "oauth" else {"api_secret": trello.token}
    with Redirected(trello.handle.url) as session:
        yield TrelloClient(trello.handle.key, http_service=session, **way)


def test_a_board_is_worked_on_with_py_trello(client):
    organization = client.list_organizations()[0]
    board = client.add_board("Shop", organization_id=organization.id, permission_level="org")
    assert [each.id for each in client.list_boards("open")] == [board.id]
    assert [each.name for each in board.open_lists()] == ["To Do", "Doing", "Done"]
    first = board.add_list("Inbox", pos="bottom")
    label = board.add_label("Urgent", "red_dark")
    card = first.add_card(
        "Parcels", desc="Send them", labels=[label], due="2026-11-20T16:00:00Z", position="top"
    )
    assert (card.name, card.desc, card.labels[0].name) == ("Parcels", "Send them", "Urgent")
    checklist = card.add_checklist("Steps", ["pack", "send"], itemstates=[False, True])
    assert [item["state"] for item in checklist.items] == ["incomplete", "complete"]
    checklist.set_checklist_item("pack", checked=True)
    card.comment("Done soon")
    card.set_name("All parcels")
    card.set_due_complete()
    card.change_list(board.open_lists()[1].id)
    card.attach(name="guide", url="https://example.org")
    again = client.get_card(card.id)
    assert (again.name, again.is_due_complete, again.idShort) == ("All parcels", True, 1)
    assert again.due_date == dt.datetime(2026, 11, 20, 16, tzinfo=dt.UTC)
    assert [item["checked"] for item in again.checklists[0].items] == [True, True]
    assert again.comments[0]["data"]["text"] == "Done soon"
    assert [move["destination"]["name"] for move in card.list_movements()] == ["Doing"]
    assert [each.id for each in board.all_cards()] == [card.id]
    card.set_closed(True)
    assert [each.id for each in board.closed_cards()] == [card.id]
    card.delete()
    assert board.fetch_actions("deleteCard")[0]["data"]["card"]["id"] == card.id
    board.close()
    assert client.list_boards("open") == []


def test_errors_are_those_py_trello_knows(client, trello):
    with pytest.raises(ResourceUnavailable) as unknown:
        client.get_card("5f" * 12)
    assert unknown.value._status == 404
    stranger = TrelloClient(trello.handle.key, api_secret="0" * 64, http_service=client.http_service)
    with pytest.raises(Unauthorized):
        stranger.list_boards()


def test_stars_search_and_members_with_py_trello(client, trello):
    organization = client.list_organizations()[0]
    board = client.add_board("Shop", organization_id=organization.id)
    star = client.add_star(board.id, position="top")
    assert [(each.id, each.board_id) for each in client.list_stars()] == [(star.id, board.id)]
    client.delete_star(star)
    assert client.list_stars() == []
    card = board.open_lists()[0].add_card("Parcels for Fès")
    found = client.search("parcels", models=["cards", "boards"], board_ids=[board.id], cards_limit=5)
    assert [each.id for each in found] == [card.id]
    board.add_member(client.get_member("amal_zina"))
    assert [each.username for each in board.get_members()] == ["robot", "amal_zina"]
    assert [each.username for each in organization.get_members()][:2] == ["robot", "amal_zina"]
    card.assign(client.get_member("amal_zina").id)
    assert [each["id"] for each in client.get_member("amal_zina").fetch_cards()] == [card.id]


def test_whole_lists_and_comments_with_py_trello(client):
    board = client.add_board("Shop")
    to_do, doing, done = board.open_lists()
    first, second = to_do.add_card("one"), to_do.add_card("two")
    to_do.move_all_cards(done)
    assert [each.name for each in done.list_cards()] == ["one", "two"]
    done.archive_all_cards()
    assert [each.name for each in board.closed_cards()] == ["one", "two"]
    comment = first.comment("first")
    first.update_comment(comment["id"], "second")
    assert [each["data"]["text"] for each in first.get_comments()] == ["second"]
    first.delete_comment(comment)
    assert list(first.get_comments()) == []
    first.attach(url="https://example.org/guide", name="Guide")
    attachment = first.get_attachments()[0]
    assert (attachment.name, attachment.url) == ("Guide", "https://example.org/guide")
    first.remove_attachment(attachment.id)
    assert first.get_attachments() == []
    other = client.add_board("Other")
    second.change_board(other.id)
    assert [each.id for each in other.all_cards()] == [second.id]
    doing.move_to_board(other)
    assert doing.id in [each.id for each in other.open_lists()]
    assert board.get_custom_field_definitions() == []


def test_webhooks_with_py_trello(client, trello, receiver):
    board = client.add_board("Shop")
    made = client.create_hook(receiver.url, board.id, desc="ours", token=trello.token)
    assert (made.id_model, receiver.heads) == (board.id, 1)
    hooks = client.list_hooks(trello.token)
    assert [(each.id, each.callback_url, each.active) for each in hooks] == [(made.id, receiver.url, True)]
    board.open_lists()[0].add_card("told")
    assert receiver.wait(1)[0]["action"]["data"]["card"]["name"] == "told"
    hooks[0].delete()
    assert client.list_hooks(trello.token) == []

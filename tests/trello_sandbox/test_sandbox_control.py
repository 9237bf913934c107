"""The control routes: clock, reset, faults, switches, the request log, and the data file."""

import dataclasses
import datetime as dt
import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest
import requests
from clock_kit import now

from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.config import Tenant
from trello_sandbox.server import SandboxConfig, running
from trello_sandbox.switches import Switches


def created(object_id):
    return dt.datetime.fromtimestamp(int(object_id[:8], 16), dt.UTC)


def set_clock(trello, now):
    return trello.control("POST", "clock", {"now": now})


# ---- who may

NO_NAME_OF_OURS = ("evil.example", "evil.example:8910", "127.0.0.1.evil.example", "10.0.0.1", "")
OTHER_PAGES = ("http://evil.example", "null", "http://127.0.0.1:1")


@pytest.mark.parametrize(
    "headers", [*({"Host": each} for each in NO_NAME_OF_OURS), *({"Origin": each} for each in OTHER_PAGES)]
)
def test_websites_control_nothing(trello, headers):
    url = f"{trello.handle.url}/sandbox"
    assert requests.get(f"{url}/state", headers=headers, timeout=9).status_code == 403
    refused = requests.post(f"{url}/switches", json={"retry_after": True}, headers=headers, timeout=9)
    assert (refused.status_code, "this machine only" in refused.json()["error"]) == (403, True)
    assert trello.control("GET", "switches")["retry_after"]["on"] is False


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "[::1]", "127.0.0.9"])
def test_this_machine_controls_by_every_name_it_has(trello, name):
    for headers in ({"Host": f"{name}:8910"}, {"Host": f"{name}:8910", "Origin": f"http://{name}:8910"}):
        assert requests.get(f"{trello.handle.url}/sandbox/clock", headers=headers, timeout=9).ok


# ---- clock and reset


def test_the_clock_goes_where_it_is_set_and_ticks_on(trello):
    set_clock(trello, "2026-11-16T06:59:00Z")
    desk = trello.board()
    set_clock(trello, "2026-11-16T06:59:59.500Z")
    card = desk.card()
    assert created(card["id"]) == dt.datetime(2026, 11, 16, 6, 59, 59, tzinfo=dt.UTC)
    assert card["dateLastActivity"].startswith("2026-11-16T06:59:59.")
    time.sleep(0.6)
    assert trello.control("GET", "clock")["now"].startswith("2026-11-16T07:00:00.")
    headers = trello.ask("GET", "/members/me").headers
    assert dt.datetime.fromtimestamp(int(headers["x-server-time"]) / 1000, dt.UTC).year == 2026


def test_ids_of_an_empty_trello_begin_where_the_clock_is_set(trello):
    set_clock(trello, "2024-02-01T08:00:00Z")
    assert created(trello.board().id) == dt.datetime(2024, 2, 1, 8, tzinfo=dt.UTC)
    assert trello.control("GET", "state")["boards"][0]["dateLastActivity"].startswith("2024-02-01T08:00:0")


def test_ids_only_grow_even_when_the_clock_is_set_back(trello, desk):
    ids = []
    for told in ("2097-01-01T00:00:00+01:00", "2020-01-01T00:00:00Z", "2097-01-01T00:00:00", None):
        set_clock(trello, told)
        ids += [desk.card()["id"], desk.card()["id"]]
    assert ids == sorted(set(ids))
    assert created(ids[0]) == dt.datetime(2096, 12, 31, 23, tzinfo=dt.UTC)
    shown = dt.datetime.fromisoformat(trello.control("GET", "clock")["now"])
    assert abs(shown - now()) < dt.timedelta(seconds=5)


def test_reset_empties_the_world_and_keeps_people_tokens_and_switches(trello, desk):
    amal = trello.person("amal_zina")
    set_clock(trello, "2097-01-01T00:00:00Z")
    desk.card()
    trello.turn(retry_after=True)
    trello.control("POST", "faults", {"status": 500})
    before = trello.control("GET", "state")
    trello.control("POST", "reset")
    after = trello.control("GET", "state")
    assert [after[kind] for kind in ("boards", "lists", "labels", "cards", "actions")] == [[]] * 5
    assert [each["id"] for each in after["members"]] == [each["id"] for each in before["members"]]
    assert amal.get("/members/me")["username"] == "amal_zina"
    assert trello.control("GET", "switches")["retry_after"]["on"] is True
    assert created(trello.board().id).year < 2097
    assert trello.control("GET", "requests")["requests"][0]["path"] == "/1/members/me"


def test_reset_makes_the_workspace_as_at_first(trello):
    def workspace():
        read = {"fields": "displayName,desc", "members": "all", "memberships": "all"}
        found = trello.get("/organizations/zinaobeldi", **read)
        kinds = [(each["idMember"], each["memberType"]) for each in found.pop("memberships")]
        return {**found, "kinds": kinds}

    def people():
        return [each["username"] for each in workspace()["members"]]

    trello.person("newcomer")
    trello.control("POST", "reset")
    before = workspace()
    amal = trello.get("/members/amal_zina")["id"]
    trello.put("/organizations/zinaobeldi/members/youssef_zina", type="admin")
    trello.delete(f"/organizations/zinaobeldi/members/{amal}")
    trello.put("/organizations/zinaobeldi/members", email="guest@example.org")
    trello.put("/organizations/zinaobeldi", displayName="Renamed", desc="else")
    assert workspace() != before
    trello.control("POST", "reset")
    assert workspace() == before
    assert {"amal_zina", "newcomer"} <= set(people())
    assert "guest_at_exampleorg" not in people()


def test_a_newcomer_gets_a_token_and_joins_the_workspace(trello):
    granted = trello.control("POST", "tokens", {"username": "sara", "name": "Sara Alami"})
    assert granted["member"]["fullName"] == "Sara Alami"
    assert "sara" in {each["username"] for each in trello.get("/organizations/zinaobeldi/members")}
    assert dataclasses.replace(trello, token=granted["token"]).get("/members/me")["username"] == "sara"


# ---- faults


def fail(trello, **fault):
    trello.control("POST", "faults", [fault])


def cards(trello):
    return trello.control("GET", "state")["cards"]


def create(trello, desk):
    return trello.ask("POST", "/cards", json={"idList": desk.lists[0], "name": "Card"})


def test_a_status_is_answered_in_place_of_doing_anything(trello, desk):
    fail(trello, method="POST", path="/1/cards", status=503, body="busy", count=2)
    assert [(create(trello, desk).status_code, create(trello, desk).text)] == [(503, "busy")]
    assert trello.control("GET", "faults") == []
    assert create(trello, desk).status_code == 200
    assert len(cards(trello)) == 1


def test_a_fault_strikes_the_requests_that_match_after_those_let_through(trello, desk):
    fail(trello, method="put", path=r"/1/cards/\w+/closed$", status=500, skip=1, body={"error": "x"})
    card = create(trello, desk).json()
    path = f"/card/{card['id']}/closed/"
    answers = [trello.ask("PUT", path, json={"value": "true"}).status_code for _ in range(3)]
    assert answers == [200, 500, 200]


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("503", "a fault is an object with some of "),
        ({"stat": 503}, "a fault is an object with some of "),
        ({"count": "twice"}, "a fault's count cannot be 'twice'"),
        ({"seed": [1]}, "a fault's seed cannot be [1]"),
        ({"path": "("}, "path '(' is no regular expression: "),
    ],
)
def test_a_fault_that_is_none_is_refused(trello, order, said):
    answer = requests.post(f"{trello.handle.url}/sandbox/faults", json=order, timeout=9)
    assert (answer.status_code, answer.json()["error"].startswith(said)) == (400, True)
    assert trello.control("GET", "faults") == []


def test_faults_can_be_taken_back(trello, desk):
    fail(trello, path="/1", status=500)
    trello.control("DELETE", "faults")
    assert create(trello, desk).status_code == 200


def test_a_delay_waits_and_then_serves(trello, desk):
    fail(trello, path="/1/cards", delay=0.2)
    started = time.monotonic()
    assert create(trello, desk).status_code == 200
    assert time.monotonic() - started >= 0.2


def test_a_client_that_does_not_wait_has_still_written(trello, desk):
    fail(trello, path="/1/cards", delay=0.4)
    with pytest.raises(requests.ReadTimeout):
        trello.session.post(
            f"{trello.handle.url}/1/cards", json={"idList": desk.lists[0]}, headers=trello.auth, timeout=0.1
        )
    assert cards(trello) == []
    time.sleep(0.5)
    assert len(cards(trello)) == 1


def test_a_reset_drops_the_connection_and_does_nothing(trello, desk):
    fail(trello, path="/1/cards", reset=True)
    with pytest.raises(requests.ConnectionError):
        create(trello, desk)
    assert cards(trello) == []
    entry = trello.control("GET", "requests")["requests"][-1]
    assert (entry["status"], entry["fault"], entry["route"]) == (None, "reset", "/cards")


def test_a_lost_answer_drops_the_connection_after_the_write(trello, desk):
    fail(trello, path="/1/cards", lose_answer=True)
    with pytest.raises(requests.ConnectionError):
        create(trello, desk)
    assert len(cards(trello)) == 1
    assert trello.control("GET", "requests")["requests"][-1]["status"] is None


def test_a_late_write_lands_after_the_connection_was_dropped(trello, desk):
    fail(trello, path="/1/cards", land_after=0.2)
    with pytest.raises(requests.ConnectionError):
        create(trello, desk)
    assert cards(trello) == []
    time.sleep(0.4)
    assert len(cards(trello)) == 1
    assert trello.control("GET", "requests")["counts"]["POST /cards"] == 1


def test_a_reset_of_the_world_forgets_what_would_land(trello, desk):
    fail(trello, path="/1/boards", land_after=0.2)
    with pytest.raises(requests.ConnectionError):
        trello.ask("POST", "/boards", json={"name": "Late"})
    trello.control("POST", "reset")
    time.sleep(0.3)
    assert trello.control("GET", "state")["boards"] == []


def test_an_answer_may_come_by_drips(trello, desk):
    fail(trello, method="POST", path="/1/cards", trickle=0.0001)
    began = time.monotonic()
    card = create(trello, desk).json()
    assert time.monotonic() - began > 0.0001 * len(json.dumps(card))
    assert [each["id"] for each in cards(trello)] == [card["id"]]
    fail(trello, method="POST", path="/1/cards", trickle=1)
    body = {"idList": desk.lists[0], "name": "Card"}
    answer = trello.session.post(
        f"{trello.handle.url}/1/cards", json=body, headers=trello.auth, stream=True, timeout=9
    )
    assert (answer.status_code, next(answer.iter_content(1))) == (200, b"{")
    answer.close()
    assert len(cards(trello)) == 2


def test_a_fault_may_strike_one_persons_requests_only(trello, desk):
    amal = trello.person("amal_zina")
    desk.invite("amal_zina")
    fail(trello, path="/1/cards", by="amal_zina", status=503)
    assert [create(each, desk).status_code for each in (trello, amal, amal)] == [200, 503, 200]
    fail(trello, path="/1/cards", by="robot", status=503)
    stranger = trello.session.post(f"{trello.handle.url}/1/cards", data="{", timeout=9)
    assert stranger.status_code != 503


def test_a_fault_may_strike_by_chance(trello, desk):
    def struck(seed):
        trello.control("DELETE", "faults")
        fail(trello, path="/1/cards", count=1000, probability=0.5, seed=seed, status=503)
        return [create(trello, desk).status_code == 503 for _ in range(40)]

    first = struck(1)
    assert struck(1) == first
    assert struck(2) != first
    assert 5 < sum(first) < 35
    trello.control("DELETE", "faults")
    fail(trello, path="/1/cards", probability=0, status=503)
    assert create(trello, desk).status_code == 200


@pytest.mark.parametrize(
    ("fault", "at_once", "in_the_end"),
    [({"reset": True}, 0, 0), ({"lose_answer": True}, 1, 1), ({"land_after": 0.3}, 0, 1)],
)
def test_a_held_request_is_not_answered_while_its_client_waits(trello, desk, fault, at_once, in_the_end):
    fail(trello, path="/1/cards", hold=True, **fault)
    with socket.create_connection(trello.handle.url.removeprefix("http://").split(":")) as client:
        body = json.dumps({"idList": desk.lists[0], "name": "Card"})
        lines = ["POST /1/cards HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
        lines += [f"Content-Length: {len(body)}", f"Authorization: {trello.auth['Authorization']}"]
        client.sendall("\r\n".join([*lines, "", body]).encode())
        underway = {"held": [{"method": "POST", "path": "/1/cards", "fault": next(iter(fault))}]}
        underway["landing"] = int("land_after" in fault)
        until(lambda: trello.control("GET", "underway") == underway)
        assert len(cards(trello)) == at_once
    until(lambda: trello.control("GET", "underway") == {"held": [], "landing": 0})
    assert len(cards(trello)) == in_the_end


@pytest.mark.parametrize("path", ["/1/boards", "/sandbox/clock"])
def test_a_request_whose_client_is_gone_before_its_end_is_none(trello, caplog, path):
    trello.control("DELETE", "requests")
    with socket.create_connection(trello.handle.url.removeprefix("http://").split(":")) as client:
        lines = [f"POST {path}?name=Half HTTP/1.1", "Host: localhost", "Content-Length: 50"]
        lines.append(f"Authorization: {trello.auth['Authorization']}")
        client.sendall("\r\n".join([*lines, "", ""]).encode())
        time.sleep(0.1)
    time.sleep(0.1)
    assert trello.control("GET", "state")["boards"] == []
    assert trello.control("GET", "requests")["total"] == 0
    assert caplog.records == []


def until(true):
    deadline = time.monotonic() + 5
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# ---- switches


def test_every_switch_turns_both_ways_and_is_explained(trello):
    table = trello.control("GET", "switches")
    assert set(table) == {each.name for each in dataclasses.fields(Switches)}
    assert all(row["doc"].endswith(".") for row in table.values())
    kinds = {name: type(row["default"]) for name, row in table.items()}
    for on in (True, False):
        settings = {name: kind(7 * on) for name, kind in kinds.items()}
        turned = trello.control("POST", "switches", settings)
        assert {name: row["on"] for name, row in turned.items()} == settings


def test_success_may_be_202(trello, desk):
    trello.turn(answer_202=True)
    assert create(trello, desk).status_code == 202
    assert trello.ask("GET", f"/boards/{desk.id}").status_code == 202
    assert trello.ask("GET", "/nothing").status_code == 404
    trello.turn(answer_202=False)


def test_the_longest_url_is_a_guess(trello, desk):
    path = f"/boards/{desk.id}"
    assert trello.ask("GET", path, params={"fields": "x" * 3000}).status_code == 200
    trello.turn(short_urls=True)
    assert trello.ask("GET", path, params={"fields": "x" * 3000}).status_code == 414


# ---- the request log


def test_the_log_counts_requests_by_route_and_holds_no_credentials(trello, desk):
    trello.control("DELETE", "requests")
    desk.card()
    desk.card()
    secret = {"key": trello.handle.key, "token": trello.token}
    requests.get(f"{trello.handle.url}/1/members/me/boards", params={**secret, "filter": "open"}, timeout=5)
    trello.get(f"/tokens/{trello.token}")
    trello.get(
        "/batch", urls=f"/tokens/{trello.token},/members/me?token={trello.token}&key={trello.handle.key}"
    )
    log = trello.control("GET", "requests")
    assert log["counts"] == {
        "POST /cards": 2,
        "GET /members/{member}/boards": 1,
        "GET /tokens/{token}": 1,
        "GET /batch": 1,
    }
    assert log["total"] == 5
    assert log["requests"][2]["query"] == {"filter": "open"}
    entry = log["requests"][0]
    assert (entry["method"], entry["path"], entry["status"], entry["username"]) == (
        "POST",
        "/1/cards",
        200,
        "robot",
    )
    assert 0 < entry["seconds"] < 1
    assert not any(each in str(log) for each in secret.values())


# ---- the data file


def test_a_data_file_keeps_everything_over_a_restart(tmp_path, session, client_for):
    # Own links begin with the port, which is another one after a restart here.
    config = shop_sandbox(port=0, data=tmp_path / "trello.json", rate_limit=False, links="trello")
    with running(config) as handle:
        trello = client_for(handle)
        set_clock(trello, "2097-01-01T00:00:00Z")
        desk = trello.board()
        card = desk.card(idMembers=[desk.invite("amal_zina")])
        desk.checklist(card, "one", "two")
        amal = trello.person("amal_zina")
        before = trello.control("GET", "state")
    text = config.data.read_text(encoding="utf-8")
    assert not any(each in text for each in (config.key, config.token, config.secret, amal.token))
    again = dataclasses.replace(config, token="f" * 64)
    with running(again) as handle:
        trello, earlier = client_for(handle), dataclasses.replace(client_for(handle), token=config.token)
        after = trello.control("GET", "state")
        assert {**after, "now": ""} == {**before, "now": ""}
        assert dataclasses.replace(amal, handle=handle).get("/members/me")["username"] == "amal_zina"
        assert earlier.ask("GET", "/members/me").text == "invalid token"
        assert trello.post("/cards", idList=desk.lists[0])["id"] > max(
            each["id"] for each in after["actions"]
        )
    assert [path.name for path in tmp_path.iterdir()] == ["trello.json"]


def world_of(trello):
    return trello.ask("GET", "/members/me").headers["x-trello-sandbox"]


def test_a_world_has_an_id_that_no_other_has(tmp_path, client_for):
    kept = shop_sandbox(port=0, data=tmp_path / "trello.json", rate_limit=False)
    worlds = []
    for config in (kept, kept, shop_sandbox(port=0), shop_sandbox(port=0)):
        with running(config) as handle:
            trello = client_for(handle)
            trello.board()
            worlds.append(world_of(trello))
    assert worlds[0] == worlds[1]
    assert len(set(worlds)) == 3


def test_a_world_that_was_emptied_is_another(trello):
    before = world_of(trello)
    trello.control("POST", "reset")
    assert world_of(trello) != before


def test_a_data_file_from_before_there_were_ids_of_worlds_is_given_one(tmp_path, client_for):
    config = shop_sandbox(port=0, data=tmp_path / "trello.json", rate_limit=False)
    with running(config) as handle:
        client_for(handle).board(name="Kept")
    content = json.loads(config.data.read_text(encoding="utf-8"))
    del content["world_id"]
    config.data.write_text(json.dumps(content), encoding="utf-8")
    worlds = set()
    for _ in range(2):
        with running(config) as handle:
            worlds.add(world_of(client_for(handle)))
    assert len(worlds) == 1


def test_who_is_configured_later_joins_a_kept_world(tmp_path, client_for):
    data, shop = tmp_path / "trello.json", Tenant("shop", "The Shop", people={"ann": "Ann Baker"})
    with running(SandboxConfig(port=0, data=data, tenant=shop)) as handle:
        trello = client_for(handle)
        trello.post("/boards", name="Kept")
        ann = trello.get("/organizations/shop/members")[1]
    later = Tenant("bakery", "The Bakery", people={"ann": "Ann Baker", "ben": "Ben Brown"})
    with running(SandboxConfig(port=0, data=data, tenant=later)) as handle:
        trello = client_for(handle)
        members = trello.get("/organizations/bakery/members")
        assert [each["username"] for each in members] == ["robot", "ann", "ben"]
        assert trello.get("/organizations/bakery")["displayName"] == "The Bakery"
    assert members[1]["id"] == ann["id"]


def test_a_data_file_from_before_a_table_there_is_now_will_do(tmp_path, client_for):
    config = shop_sandbox(port=0, data=tmp_path / "trello.json", rate_limit=False)
    with running(config) as handle:
        client_for(handle).board(name="Kept")
    content = json.loads(config.data.read_text(encoding="utf-8"))
    del content["tables"]["deliveries"]
    config.data.write_text(json.dumps(content), encoding="utf-8")
    with running(config) as handle:
        assert [each["name"] for each in client_for(handle).control("GET", "state")["boards"]] == ["Kept"]


def test_a_change_is_saved_within_seconds_without_a_shutdown(tmp_path, session, client_for):
    config = shop_sandbox(port=0, data=tmp_path / "trello.json", rate_limit=False)
    with running(config) as handle:
        client_for(handle).post("/boards", name="Kept")
        deadline = time.monotonic() + 5
        while not config.data.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert "Kept" in config.data.read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"tables": 1}'])
def test_a_file_that_is_no_data_file_is_refused(tmp_path, content):
    path = tmp_path / "other.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"other\.json"), running(shop_sandbox(port=0, data=path)):
        pass


def test_what_is_no_file_is_neither_read_nor_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)  # like a device, it may never end, and saving would put a file in its place
    with pytest.raises(ValueError, match="pipe is no file"), running(shop_sandbox(port=0, data=pipe)):
        pass
    assert pipe.is_fifo()


# ---- serving


SERVE = """
import sys
from trello_sandbox.server import SandboxConfig, serve
serve(SandboxConfig(port=0), ready=lambda url: print(url, flush=True))
print("ended", flush=True)
"""


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_serve_blocks_until_a_signal_and_returns(ending):
    command = [sys.executable, "-W", "error", "-c", SERVE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().strip()
        assert requests.get(f"{url}/sandbox/clock", timeout=5).status_code == 200
        process.send_signal(ending)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "ended\n", "")


def test_latency_slows_every_answer(session, client_for):
    with running(shop_sandbox(port=0, latency_ms=150)) as handle:
        started = time.monotonic()
        client_for(handle).get("/members/me")
        assert time.monotonic() - started >= 0.15


def test_jitter_varies_the_latency_either_way(session, client_for):
    with running(shop_sandbox(port=0, latency_ms=40, jitter_ms=40)) as handle:
        client, taken = client_for(handle), []
        for _ in range(15):
            started = time.monotonic()
            client.get("/members/me")
            taken.append(time.monotonic() - started)
    assert min(taken) < 0.04 < max(taken)


def test_an_address_that_is_taken_is_an_error(server):
    port = int(server.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"), running(shop_sandbox(port=port)):
        pass


def test_settings_do_not_show_their_secrets():
    config = shop_sandbox()
    assert (len(config.key), len(config.token), len(config.secret)) == (32, 64, 64)
    assert not any(each in repr(config) for each in (config.key, config.token, config.secret))

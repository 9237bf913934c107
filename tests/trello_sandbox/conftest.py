"""One sandbox for all these tests, emptied before each, and a small client to talk to it."""

import dataclasses
import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.server import Handle, running


@dataclasses.dataclass
class Client:
    """Talks to the sandbox as one member. `get`, `post`, `put` and `delete` insist on 200."""

    handle: Handle
    session: requests.Session
    token: str

    @property
    def auth(self) -> dict[str, str]:
        return {"Authorization": f'OAuth oauth_consumer_key="{self.handle.key}", oauth_token="{self.token}"'}

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        """Any request below /1, whatever comes of it."""
        headers = {**self.auth, **options.pop("headers", {})}
        return self.session.request(
            method, f"{self.handle.url}/1{path}", headers=headers, timeout=10, **options
        )

    def get(self, path: str, **params: Any) -> Any:
        return _good(self.ask("GET", path, params=params))

    def post(self, path: str, **values: Any) -> Any:
        return _good(self.ask("POST", path, json=values))

    def put(self, path: str, **values: Any) -> Any:
        return _good(self.ask("PUT", path, json=values))

    def delete(self, path: str) -> Any:
        return _good(self.ask("DELETE", path))

    def control(self, method: str, name: str, sent: Any = None) -> Any:
        return _good(self.session.request(method, f"{self.handle.url}/sandbox/{name}", json=sent, timeout=10))

    def turn(self, **switches: bool) -> None:
        self.control("POST", "switches", switches)

    def board(self, **values: Any) -> "Desk":
        """A board of the Workspace, with its lists."""
        organization = self.get("/organizations/zinaobeldi")["id"]
        board = self.post("/boards", **{"name": "Board", "idOrganization": organization, **values})
        return Desk(self, board["id"], [each["id"] for each in self.get(f"/boards/{board['id']}/lists")])

    def person(self, username: str) -> "Client":
        """The same sandbox, as somebody of the team."""
        granted = self.control("POST", "tokens", {"username": username})
        return Client(self.handle, self.session, granted["token"])


@dataclasses.dataclass
class Desk:
    """A board to work on."""

    client: Client
    id: str
    lists: list[str]

    def card(self, **values: Any) -> Any:
        return self.client.post("/cards", **{"idList": self.lists[0], "name": "Card", **values})

    def checklist(self, card: Any, *items: str) -> Any:
        checklist = self.client.post(f"/cards/{card['id']}/checklists", name="Steps")
        for name in items:
            self.client.post(f"/checklists/{checklist['id']}/checkItems", name=name)
        return self.client.get(f"/checklists/{checklist['id']}")

    def invite(self, username: str) -> str:
        """Put somebody on the board; answers their id."""
        member: str = self.client.get(f"/members/{username}")["id"]
        self.client.put(f"/boards/{self.id}/members/{member}", type="normal")
        return member

    def actions(self, **params: Any) -> Any:
        return self.client.get(f"/boards/{self.id}/actions", **params)


def _good(response: requests.Response) -> Any:
    assert response.status_code == 200, f"{response.status_code} {response.text}"
    return response.json()


@pytest.fixture(scope="session")
def server() -> Iterator[Handle]:
    with running(shop_sandbox(port=0, rate_limit=False)) as handle:
        yield handle


@pytest.fixture(scope="session")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


@pytest.fixture
def trello(server: Handle, session: requests.Session) -> Client:
    """The robot, in an empty Trello with every switch at its default."""
    client = Client(server, session, server.token)
    client.control("POST", "reset")
    table = client.control("GET", "switches")
    client.turn(**{name: row["default"] for name, row in table.items()})
    return client


@pytest.fixture
def desk(trello: Client) -> Desk:
    return trello.board()


@pytest.fixture(scope="session")
def client_for(session: requests.Session) -> Callable[[Handle], Client]:
    """Makes the robot's client for a sandbox of the test's own."""
    return lambda handle: Client(handle, session, handle.token)


# ---- a callback URL


@dataclasses.dataclass
class Receiver:
    """A callback URL of the test's own. `statuses` are answered in turn, then 200 for ever."""

    url: str = ""
    heads: int = 0
    head_status: int = 200
    statuses: list[int] = dataclasses.field(default_factory=list)
    posts: list[tuple[Any, bytes]] = dataclasses.field(default_factory=list)

    def wait(self, count: int, timeout: float = 5) -> list[Any]:
        """The bodies of that many deliveries, once they came."""
        deadline = time.monotonic() + timeout
        while len(self.posts) < count and time.monotonic() < deadline:
            time.sleep(0.005)
        assert len(self.posts) == count, [json.loads(body)["action"]["type"] for _, body in self.posts]
        return [json.loads(body) for _, body in self.posts]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with _receiving() as told:
        yield told


@pytest.fixture(scope="module")
def callback() -> Iterator[str]:
    """A callback URL that answers as long as the module's tests run."""
    with _receiving() as told:
        yield told.url


@contextmanager
def _receiving() -> Iterator[Receiver]:
    told = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            told.heads += 1
            self._answer(told.head_status)

        def do_POST(self) -> None:
            told.posts.append((self.headers, self.rfile.read(int(self.headers["content-length"]))))
            self._answer(told.statuses.pop(0) if told.statuses else 200)

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_address[1]}/hook?for=test"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()

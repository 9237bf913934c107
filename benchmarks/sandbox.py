"""What the sandbox bears: cards made and read a second, and memory, beside a bare Starlette app.

    python benchmarks/sandbox.py [cards]

Sandbox and peer run in processes of their own and are asked over eight kept-alive connections each, in one
run. The peer answers constant JSON to everything, so it is the most that the server underneath can do.
Cards are made 5,000 to a board, as Trello allows; the first board's are timed, the rest are for memory.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECTIONS = 8
BOARD = 5_000
SANDBOX = """
from trello_sandbox.server import SandboxConfig, serve
config = SandboxConfig(port=0, rate_limit=False, key="0" * 32, token="0" * 64)
serve(config, lambda url: print(url, flush=True))
"""
PEER = """
import socket, uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

async def answer(request):
    await request.body()
    return JSONResponse({"id": "0" * 24, "name": "Card"})

app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
sock = socket.create_server(("127.0.0.1", 0), backlog=256)
sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
print(f"http://127.0.0.1:{sock.getsockname()[1]}", flush=True)
config = uvicorn.Config(app, http="h11", log_config=None, access_log=False, timeout_keep_alive=600)
uvicorn.Server(config).run(sockets=[sock])
"""
HEADERS = (
    "Host: sandbox\r\nContent-Type: application/json\r\n"
    f'Authorization: OAuth oauth_consumer_key="{"0" * 32}", oauth_token="{"0" * 64}"\r\n'
)


@dataclass(frozen=True)
class Served:
    """A server in a process of its own."""

    url: str
    pid: int

    def megabytes(self) -> float:
        """The memory that is resident now."""
        shown = subprocess.run(["ps", "-o", "rss=", "-p", str(self.pid)], capture_output=True, check=True)
        return int(shown.stdout) / 1024


@contextlib.contextmanager
def served(code: str) -> Iterator[Served]:
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Served(process.stdout.readline().strip(), process.pid)
        finally:
            process.terminate()


class Line:
    """One kept-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self, method: str, path: str, body: object = None) -> bytes:
        sent = json.dumps(body).encode() if body is not None else b""
        head = f"{method} {path} HTTP/1.1\r\n{HEADERS}Content-Length: {len(sent)}\r\n\r\n"
        self.writer.write(head.encode() + sent)
        answer = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        assert answer.startswith(b"http/1.1 200"), answer
        length = int(answer.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return await self.reader.readexactly(length)


async def lines(server: Served) -> list[Line]:
    where = urlsplit(server.url)
    return [Line(*await asyncio.open_connection(where.hostname, where.port)) for _ in range(CONNECTIONS)]


async def asked(at: list[Line], requests: list[tuple[str, str, object]]) -> tuple[float, list[bytes]]:
    """Requests a second, all connections busy, and the answers."""
    waiting = iter(requests)

    async def work(line: Line) -> list[bytes]:
        return [await line.ask(*request) for request in waiting]

    begun = time.perf_counter()
    answers = await asyncio.gather(*(work(line) for line in at))
    return len(requests) / (time.perf_counter() - begun), [each for some in answers for each in some]


async def new_list(line: Line) -> str:
    board = json.loads(await line.ask("POST", "/1/boards", {"name": "Bench"}))
    found: str = json.loads(await line.ask("GET", f"/1/boards/{board['id']}/lists"))[0]["id"]
    return found


def making(in_list: str, count: int) -> list[tuple[str, str, object]]:
    return [("POST", "/1/cards", {"idList": in_list, "name": f"Card {n}"}) for n in range(count)]


def reading(answers: list[bytes]) -> list[tuple[str, str, object]]:
    return [("GET", f"/1/cards/{json.loads(each)['id']}", None) for each in answers]


async def main(cards: int) -> None:
    with served(SANDBOX) as sandbox, served(PEER) as peer:
        ours, theirs = await lines(sandbox), await lines(peer)
        at_start = sandbox.megabytes()
        first = making(await new_list(ours[0]), min(BOARD, cards))
        makes, made = await asked(ours, first)
        peer_makes, _ = await asked(theirs, first)
        reads, _ = await asked(ours, reading(made))
        peer_reads, _ = await asked(theirs, reading(made))
        print(f"{'':24}{'sandbox':>10}{'bare app':>10}{'ratio':>8}")
        for name, mine, bare in (("cards made/s", makes, peer_makes), ("cards read/s", reads, peer_reads)):
            print(f"{name:24}{mine:10.0f}{bare:10.0f}{mine / bare:8.2f}")
        left = cards - len(first)
        while left > 0:
            await asked(ours, making(await new_list(ours[0]), min(BOARD, left)))
            left -= BOARD
        held = sandbox.megabytes()
        print(f"{f'MB at {cards:,} cards':24}{held:10.0f}{peer.megabytes():10.0f}")
        print(f"{'bytes a card':24}{(held - at_start) * 2**20 / cards:10.0f}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))

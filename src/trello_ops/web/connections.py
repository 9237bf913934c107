"""Who is connected, and who has to leave: heads in time, and limits in all and for each address."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from trello_ops.telemetry import Tally
from trello_ops.web.visitors import place_of


class Connections:
    """The open ones, that which has been silent longest first. Belongs to one event loop.

    Where there are too many, in all or of one address, the longest silent of them is closed and counted as
    `crowded`: a genuine call is over within milliseconds, so it is never that one.
    """

    def __init__(self, tally: Tally, patience: float, most: int, most_of_address: int) -> None:
        self.tally, self.patience = tally, patience
        self._most, self._most_of_address = most, most_of_address
        self._all: dict[Connection, str] = {}

    def admit(self, connection: "Connection") -> None:
        """Take in a connection, in place of another if need be."""
        place = place_of(connection.client[0] if connection.client else "")
        self._all[connection] = place
        neighbours = [each for each, there in self._all.items() if there == place]
        if len(neighbours) > self._most_of_address:
            neighbours[0].turn_away("crowded")
        elif len(self._all) > self._most:
            next(iter(self._all)).turn_away("crowded")

    def heard(self, connection: "Connection") -> None:
        """Note that a connection has just been answered."""
        if connection in self._all:
            self._all[connection] = self._all.pop(connection)

    def forget(self, connection: "Connection") -> None:
        """Note that a connection is closed."""
        self._all.pop(connection, None)


class Connection(H11Protocol):
    """uvicorn's HTTP, which waits for a head no longer than `Connections.patience` seconds.

    uvicorn itself sets a head no limit, and its pause between two requests ends with the first byte.
    """

    _timer: asyncio.TimerHandle | None = None

    def __init__(self, open_ones: Connections, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._open = open_ones

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._await_head()
        self._open.admit(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._stop_waiting()
        self._open.forget(self)
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Begin to wait for the next head."""
        self._open.heard(self)
        self._await_head()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Count what is no HTTP."""
        self._open.tally.count("malformed")
        super().send_400_response(msg)

    def turn_away(self, kind: str) -> None:
        """Close without a word."""
        self._open.tally.count(kind)
        self._open.forget(self)
        self._stop_waiting()
        self.transport.abort()

    def _await_head(self) -> None:
        self._stop_waiting()
        self._timer = self.loop.call_later(self._open.patience, self._end_if_late)

    def _stop_waiting(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _end_if_late(self) -> None:
        # A request that is being answered has had its head in time, and the app sees to its body.
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or cycle.response_complete:
            self.turn_away("slow")

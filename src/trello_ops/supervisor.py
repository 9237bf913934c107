"""What a service manager such as systemd hears of this process, by the protocol of sd_notify(3)."""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

READY: Final = "READY=1"
ALIVE: Final = "WATCHDOG=1"
STOPPING: Final = "STOPPING=1"


def tell(state: str, env: Mapping[str, str] = os.environ) -> None:
    """Tell it one of the states above. Where nobody asked to be told, or listens, nothing happens."""
    address = env.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    if address.startswith("@"):
        address = "\0" + address[1:]  # an abstract address of Linux: no file stands for it
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaking:
        speaking.setblocking(False)  # a manager that does not read must not hold up the daemon
        speaking.sendto(state.encode(), address)

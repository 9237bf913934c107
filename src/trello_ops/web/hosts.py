"""The names by which this server may be asked for: another would be that of a page that pretends to be us."""

import ipaddress
import socket
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from trello_ops.settings import Settings


@dataclass(frozen=True, slots=True)
class Hosts:
    """Names of this server, in lower case and without ports."""

    names: frozenset[str]

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """This machine, and the host of the public address."""
        public = urlsplit(settings.public_url or "").hostname
        return cls(frozenset(filter(None, ("localhost", socket.gethostname().lower(), public))))

    def are_ours(self, host: str) -> bool:
        """Whether a request's `Host` names us. A bare address is no name that somebody could point at us."""
        name = host_name(host)
        if name in self.names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


def host_name(host: str) -> str:
    """The name in a `Host`, in lower case and without the port; empty where there is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""

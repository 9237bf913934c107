"""Whose request it is: what counts as one address, behind proxies too."""

import ipaddress
from collections.abc import Collection, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Networks = Collection[IPv4Network | IPv6Network]


def place_of(text: str) -> str:
    """What counts as one address: of IPv6 the network, in which a single machine has as many as it likes."""
    address = _address(text)
    if address is None or address.version == 4:
        return str(address or text)
    return str(ipaddress.ip_network((int(address), 64), strict=False))


def visitor(peer: str, forwarded: Iterable[str], proxies: Networks) -> str:
    """Who asks: `peer` or, where that is a trusted proxy, whom the proxies name in X-Forwarded-For.

    Each adds at the end the one that it was called by, some in a line of their own; what stands before the
    word of the first of ours is anybody's. What is no address is not believed.
    """
    asks = peer
    for hop in reversed(",".join(forwarded).split(",")):
        named = _address(_without_port(hop.strip()))
        if named is None or not _is_of(asks, proxies):
            break
        asks = str(named)
    return asks


def _is_of(text: str, networks: Networks) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in networks)


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _without_port(hop: str) -> str:
    """Some proxies name the port as well: `203.0.113.5:4711`, `[2001:db8::5]:4711`."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop

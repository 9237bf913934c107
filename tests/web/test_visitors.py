"""Whose request it is, behind any chain of proxies."""

from ipaddress import ip_network

import pytest

from trello_ops.web.visitors import place_of, visitor

PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8:1::/48"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "asks"),
    [
        ("198.51.100.1", ["203.0.113.5"], "198.51.100.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["192.0.2.66, 203.0.113.5"], "203.0.113.5"),
        # A proxy that adds a line leaves that of the visitor before it.
        ("10.0.0.1", ["192.0.2.66", "203.0.113.5"], "203.0.113.5"),
        # Of several proxies of ours, each names the one before it.
        ("10.0.0.1", ["192.0.2.66, 203.0.113.5, 10.0.0.2,10.0.0.3"], "203.0.113.5"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", ["203.0.113.5:4711"], "203.0.113.5"),
        ("10.0.0.1", ["[2001:db8::5]:4711"], "2001:db8::5"),
        ("10.0.0.1", ["2001:db8::5"], "2001:db8::5"),
        ("2001:db8:1::7", ["::ffff:203.0.113.5"], "203.0.113.5"),
        ("::ffff:10.0.0.1", ["203.0.113.5"], "203.0.113.5"),
        ("10.0.0.1", ["203.0.113.5, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.5, "], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.5, " + "x" * 60_000], "10.0.0.1"),
        ("", ["203.0.113.5"], ""),
    ],
)
def test_a_visitor_is_whom_our_own_proxies_name(peer: str, forwarded: list[str], asks: str) -> None:
    assert visitor(peer, forwarded, PROXIES) == asks


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("2001:db8::5", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        # Otherwise all of IPv4 would be one machine's network.
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("", ""),
    ],
)
def test_a_place_is_an_address_or_a_network_of_ipv6(address: str, place: str) -> None:
    assert place_of(address) == place

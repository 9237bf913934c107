"""Who may ask for a page, and what a browser may do with it.

The pages ask for no password, so only browsers on this machine get them: the connection must come from it,
and the name in the address must be its own, lest a website points a name of its own here (DNS rebinding).
A form counts only when it was sent from one of our pages (`Origin`).
"""

import ipaddress
from collections.abc import Mapping

from starlette.requests import Request

HEADERS: Mapping[str, str] = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with no-referrer, browsers send forms with `Origin: null`
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


def refused(request: Request) -> str:
    """Why this request gets no page, as a key of the dictionary; "" when it gets one."""
    host = request.headers.get("host", "")
    if request.client is None or not _is_loopback(request.client.host) or not _is_loopback(_name(host)):
        return "not_this_machine"
    if request.method == "POST" and request.headers.get("origin") != f"http://{host}":
        return "not_from_here"
    return ""


def _name(host: str) -> str:
    """The name in a `Host` header, without port and brackets."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).strip("[]")


def _is_loopback(name: str) -> bool:
    try:
        return name.lower() == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False

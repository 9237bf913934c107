"""Who may ask for a page or a control route, and what a browser may do with a page.

Neither asks for a password, so only this machine gets them: the connection must come from it, and the name
in the address must be its own, lest a website points a name of its own here (DNS rebinding). A form counts
only when it was sent from one of our pages (`Origin`); a program, which sends none, may use a control route.
"""

from collections.abc import Mapping

from starlette.requests import Request

from trello_sandbox.webhooks.callbacks import is_loopback

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
    if not _from_this_machine(request):
        return "not_this_machine"
    if request.method == "POST" and not _from_our_page(request):
        return "not_from_here"
    return ""


def may_control(request: Request) -> bool:
    """Whether this request gets a control route: a program of this machine, or one of our pages."""
    return _from_this_machine(request) and ("origin" not in request.headers or _from_our_page(request))


def _from_this_machine(request: Request) -> bool:
    host = _name(request.headers.get("host", ""))
    return request.client is not None and is_loopback(request.client.host) and is_loopback(host.lower())


def _from_our_page(request: Request) -> bool:
    return request.headers.get("origin") == f"http://{request.headers.get('host', '')}"


def _name(host: str) -> str:
    """The name in a `Host` header, without port and brackets."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).strip("[]")

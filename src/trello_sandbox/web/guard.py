"""Who may ask for a page or a control route, and what a browser may do with a page.

Neither asks for a password, so only this machine gets them. The connection must come from it, and the host
in the address must be one of its names: a website could point a name of its own here (DNS rebinding). A form
must be sent from one of our pages, by its `Origin`; a program sends none, and may use the control routes.
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
    """Why this request gets no page, as a key of `Reader.say`; "" when it gets one."""
    if not _from_this_machine(request):
        return "not_this_machine"
    if request.method == "POST" and not _from_our_page(request):
        return "not_from_here"
    return ""


def may_control(request: Request) -> bool:
    """Whether this request gets a control route: a program of this machine, or one of our pages."""
    return _from_this_machine(request) and ("origin" not in request.headers or _from_our_page(request))


def _from_this_machine(request: Request) -> bool:
    host = request.headers.get("host", "")
    name, colon, port = host.rpartition(":")
    name = (name if colon and port.isdecimal() else host).strip("[]")  # brackets are around IPv6 addresses
    return request.client is not None and is_loopback(request.client.host) and is_loopback(name.lower())


def _from_our_page(request: Request) -> bool:
    return request.headers.get("origin") == f"http://{request.headers.get('host', '')}"

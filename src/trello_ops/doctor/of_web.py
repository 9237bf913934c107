"""Whether the daemon can be reached, from here and from where Trello calls."""

import json
import socket
from typing import Final

from trello_ops.adapters.answering import answer
from trello_ops.adapters.trello import webhook
from trello_ops.doctor.finding import Finding, Level, Patient
from trello_ops.messages import reason, say

_ANY: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where what listens there is asked
_OK: Final = 200


def public_url(patient: Patient) -> Finding:
    """Whether the address that Trello calls answers as Trello wants it to."""
    callback = webhook.callback(patient.settings.public_url)
    if callback is None:
        return Finding("public_url", Level.FINE, say("not set"))
    advice = say("Look whether `trello-ops run` runs, and whether the proxy passes this path on to it.")
    try:
        status, _ = answer("HEAD", callback)  # as Trello asks before it makes a webhook
    except OSError as error:
        said = say(
            "%(address)s does not answer from here (%(error)s)", address=callback, error=type(error).__name__
        )
        return Finding("public_url", Level.LOOK, said, advice)
    said = say("%(address)s answers with status %(status)s", address=callback, status=status)
    return Finding("public_url", Level.FINE if status == _OK else Level.LOOK, said, advice * (status != _OK))


def web_bind(patient: Patient) -> Finding:
    """Whether the daemon can listen where it is to, or does already."""
    address = patient.settings.web_address()
    if address is None:
        return Finding("web_bind", Level.FINE, say("nothing listens, as it is off"))
    where = patient.settings.web_bind
    try:
        socket.create_server(address, family=_family(address[0])).close()
    except OSError as error:
        if _is_ours(address):
            said = say("%(address)s: trello-ops listens there already", address=where)
            return Finding("web_bind", Level.FINE, said)
        said = say("%(address)s cannot be had: %(why)s", address=where, why=reason(error))
        advice = say("Stop what listens there, or set TRELLO_OPS_WEB_BIND.")
        return Finding("web_bind", Level.BROKEN, said, advice)
    return Finding("web_bind", Level.FINE, say("%(address)s is free", address=where))


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _is_ours(address: tuple[str, int]) -> bool:
    """Whether a daemon of ours answers there: no other program has this to say of its health."""
    host, port = address
    asked = _ANY.get(host, host)
    try:
        _, said = answer("GET", f"http://{f'[{asked}]' if ':' in asked else asked}:{port}/health/live")
        return "live" in json.loads(said)
    except (OSError, ValueError, TypeError):
        return False

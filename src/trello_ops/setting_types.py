"""Types of settings, and how their values are understood. No message quotes one: it may hold a password."""

import errno
import os
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from trello_ops.addresses import split_url, web_url
from trello_ops.messages import reason, say


def public_url(url: str) -> str:
    """An address that others reach, as they write it."""
    url = web_url(
        url,
        example="https://trello-ops.example.org",
        contents=say("a host, perhaps a path, and nothing more"),
        unencrypted=say("should begin with https:// (http:// is for the sandbox on this machine only)"),
    )
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError(say("should be written as browsers send it, without spaces and accents"))
    if "//" in split_url(url).path:
        raise ValueError(say("should have single slashes in its path: proxies make one of two, or do not"))
    return url


trello_url = partial(
    web_url,
    example="https://api.trello.com",
    contents=say("a host and nothing more: key and token have settings of their own"),
    unencrypted=say("would send key and token unencrypted: use https:// (http:// is for this machine only)"),
)


def usable_path(path: Path) -> Path:
    """A path that the system understands, whether anything is there or not."""
    try:
        path.stat()
    except OSError as error:
        if error.errno in {errno.ENAMETOOLONG, errno.ELOOP}:
            raise ValueError(say("is no path that can be used: %(why)s", why=reason(error))) from None
    except ValueError:
        raise ValueError(say("holds a character that no path has: delete it, or type it anew")) from None
    return path


FilePath = Annotated[Path, AfterValidator(usable_path)]


def networks(said: object) -> object:
    """Addresses and networks with commas between."""
    if not isinstance(said, str):
        return said
    try:
        return tuple(ip_network(each.strip(), strict=False) for each in said.split(","))
    except ValueError:
        example = "10.0.0.0/8, 192.0.2.7"
        raise ValueError(
            say("should be addresses or networks with commas between, such as %(example)s", example=example)
        ) from None


def folders(said: object) -> object:
    """Paths, separated like those of PATH."""
    return tuple(filter(None, said.split(os.pathsep))) if isinstance(said, str) else said


Seconds = Annotated[float, Field(gt=0, le=86_400)]
LowerCase = BeforeValidator(str.lower)
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(networks)]

"""The declaration: all that the files say, as one value. The one in force is kept in the store."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from trello_ops.core.declared import Workspace


@dataclass(frozen=True, slots=True)
class Declaration:
    """A workspace with the sources of its card templates, by name (`stock.md`)."""

    workspace: Workspace
    templates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InForce:
    """The declaration that the robot works by: its version, counted from 1, and since when."""

    version: int
    since: dt.datetime
    declaration: Declaration

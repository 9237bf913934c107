"""What the words of the weekly report mean: from a value as YAML gives it to the value that the core uses.

Each function raises `ValueError` for a value that it does not understand, as those of `words` do.
"""

import re

from trello_ops.core.declared import AttachedForm
from trello_ops.declared.words import one_or_several, refuse_several
from trello_ops.messages import say
from trello_ops.wording import choose, shown

PERCENT_PATTERN = r"[0-9]+\s?%?"


def target(value: object) -> int:
    """A whole percentage from 1 to 100, also written `90 %`."""
    found = re.fullmatch(PERCENT_PATTERN, value.strip()) if isinstance(value, str) else None
    percent = int(re.sub(r"\D", "", found[0])[:4]) if found else value
    if isinstance(percent, int) and not isinstance(percent, bool) and 1 <= percent <= 100:
        return percent
    # Who writes a share means a percentage.
    share = isinstance(value, float) and 0.01 <= value < 1
    meant = str(round(100 * value)) if share and isinstance(value, float) else "90"
    raise ValueError(
        say(
            "is `%(value)s`: write a whole percentage from 1 to 100, such as `%(meant)s`",
            value=shown(value),
            meant=meant,
        )
    )


def addresses(value: object) -> object:
    """E-mail addresses, one or several."""
    refuse_several(value)
    return one_or_several(value)


def attach(value: object) -> object:
    """Forms of a report, one or several."""
    refuse_several(value, list(AttachedForm))
    return one_or_several(value)


def attached_form(value: object) -> AttachedForm:
    """A form in which a report can be attached."""
    if isinstance(value, str) and value in set(AttachedForm):
        return AttachedForm(value)
    advice = choose(str(value), list(AttachedForm))
    raise ValueError(
        say("a report cannot be attached as `%(value)s`: %(advice)s", value=shown(value), advice=advice)
    )

"""By what mail programs know a mail again, and whose it is said to be."""

import hashlib

from trello_ops.core.mails import WHOLE, OwedMail
from trello_ops.escape import one_line

_DOMAIN = "trello-ops.invalid"
"""A Message-ID needs a domain to be unique in, and neither the sender's nor the recipient's is ours.
`.invalid` (RFC 6761) never belongs to anybody, and stays the same when the sender changes."""

_LONGEST_NAME = 120


def message_id(workspace: str, mail: OwedMail, *, provisional: bool = False) -> str:
    """The same for every attempt at a mail, so that mail programs show one that was sent twice only once.

    A provisional report has another, so that it does not hide the final one.
    """
    # A digest, since the Message-ID is passed on when a mail is forwarded or answered.
    who = hashlib.sha256(mail.recipient.strip().lower().encode()).hexdigest()[:16]
    week = f"{mail.week}.provisional" if provisional else str(mail.week)
    # Keys are lower-case letters, digits and hyphens.
    about = "" if mail.kind == WHOLE else f".{mail.kind.replace(':', '-')}"
    return f"<trello-ops.{workspace}.{week}{about}.{who}@{_DOMAIN}>"


def sender_name(workspace: str, board: str = "") -> str:
    """What the sender is called: the workspace's name, and the title of the board that it is about."""
    return " – ".join(filter(None, (one_line(workspace), one_line(board))))[:_LONGEST_NAME]

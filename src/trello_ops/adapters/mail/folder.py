"""Mails as .eml files in a folder, which mail programs can open."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from trello_ops.adapters.mail.message import compose
from trello_ops.errors import MailError
from trello_ops.messages import reason, say
from trello_ops.ports import Mail
from trello_ops.private_files import atomic_file, private_folder


class FolderMailer:
    """Writes each mail to an .eml file, named after its Message-ID."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    @property
    def identity(self) -> str:
        """The folder."""
        return str(self._folder)

    def send(self, mail: Mail, at: dt.datetime, confirm: Callable[[], None] = lambda: None) -> None:
        """Write the file, whole or not at all. Sending again replaces it."""
        message = compose(mail, self._sender, at)
        path = self._folder / f"{quote(mail.message_id.strip('<>'), safe='@')}.eml"
        # As late as can be, so that the file is not written twice by two processes.
        confirm()
        try:
            private_folder(self._folder)
            with atomic_file(path) as unfinished:
                unfinished.write_bytes(message.as_bytes())
        except OSError as error:
            problem = say(
                "the mail could not be written to %(path)s: %(reason)s", path=str(path), reason=reason(error)
            )
            raise MailError(problem) from error

"""By which ways people hear of things, as settings choose them."""

from pathlib import Path
from typing import Final

from trello_ops.adapters.heartbeat import HttpHeartbeat
from trello_ops.adapters.mail import FolderMailer, SmtpMailer
from trello_ops.adapters.notify import AppriseNotifier
from trello_ops.addresses import SmtpServer
from trello_ops.ports import Clock, Heartbeat, Mailer, Notifier
from trello_ops.ports.heartbeat import NoHeartbeat
from trello_ops.ports.notify import NoNotifier
from trello_ops.settings import Settings

_MAIL_FOLDER: Final = Path("mail")
"""Where reports go as .eml files while no mail server is set, so that none is lost."""


def mailer_of(settings: Settings) -> Mailer:
    """The way that mails go."""
    if settings.smtp_url:
        return SmtpMailer(SmtpServer.parse(settings.smtp_url.get_secret_value()), settings.mail_from)
    return FolderMailer(settings.mail_dir or _MAIL_FOLDER, settings.mail_from)


def notifier_of(settings: Settings) -> Notifier:
    """The second channel, for what cannot be mailed."""
    return AppriseNotifier(settings.notify_url.get_secret_value()) if settings.notify_url else NoNotifier()


def heartbeat_of(settings: Settings, clock: Clock) -> Heartbeat:
    """Who watches whether passes go well."""
    if settings.heartbeat_url is None:
        return NoHeartbeat()
    return HttpHeartbeat(settings.heartbeat_url.get_secret_value(), clock.monotonic)

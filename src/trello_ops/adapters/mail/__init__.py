"""Mailers: SMTP, and .eml files in a folder."""

from trello_ops.adapters.mail.folder import FolderMailer
from trello_ops.adapters.mail.message import compose
from trello_ops.adapters.mail.smtp import SmtpMailer
from trello_ops.adapters.mail.smtp_line import StepLimits

__all__ = ["FolderMailer", "SmtpMailer", "StepLimits", "compose"]

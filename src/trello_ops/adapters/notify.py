"""A second channel by apprise: chat, text message, push and a hundred others, by one address."""

import logging

import structlog

log = structlog.get_logger()


class AppriseNotifier:
    """Sends to one apprise address. It holds credentials, and stands in no log line."""

    def __init__(self, url: str) -> None:
        self._url = url

    def tell(self, title: str, text: str) -> bool:
        """Whether it was handed over. Both are plain text without secrets."""
        # Imported late: it knows more than a hundred services, and is asked once in a blue moon.
        import apprise

        # What it logs names addresses.
        logging.getLogger("apprise").disabled = True
        sender = apprise.Apprise()
        if not sender.add(self._url):
            log.warning("notify.not_understood")
            return False
        try:
            told = bool(sender.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT))
        except Exception as error:  # noqa: BLE001 (a hundred plugins, none of which may hold up a mail)
            log.warning("notify.failed", error=type(error).__name__)
            return False
        if not told:
            log.warning("notify.refused")
        return told

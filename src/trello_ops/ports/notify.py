"""The port to a second channel, for what cannot be told by mail."""

from typing import Protocol


class Notifier(Protocol):
    """Tells an admin something at once. Never raises."""

    def tell(self, title: str, text: str) -> bool:
        """Whether it was handed over. Both are plain text without secrets."""


class NoNotifier:
    """There is no second channel."""

    def tell(self, title: str, text: str) -> bool:  # noqa: ARG002 (the port's)
        """Tell nobody."""
        return False

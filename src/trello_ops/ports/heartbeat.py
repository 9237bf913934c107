"""The port to whoever raises the alarm when the robot falls silent."""

from typing import Protocol


class Heartbeat(Protocol):
    """Tells an outside watch how passes go. Never raises, and never holds up a pass for long."""

    def begun(self) -> None:
        """A pass begins."""

    def went_well(self) -> None:
        """A pass did all its work, and no job is failing."""

    def failed(self) -> None:
        """A pass did not do its work."""


class NoHeartbeat:
    """Nobody watches."""

    def begun(self) -> None:
        """Tell nobody."""

    def went_well(self) -> None:
        """Tell nobody."""

    def failed(self) -> None:
        """Tell nobody."""

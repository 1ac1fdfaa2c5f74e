"""What every driver is to its camera."""

from collections.abc import Callable
from enum import Enum, auto
from typing import Protocol

from vedette.wire.multipart import Part


class Phase(Enum):
    """How far an attempt has come; in silence it says what the silence means."""

    RESOLVING = auto()
    CONNECTING = auto()
    WAITING = auto()  # connected, not one byte yet
    RECEIVING = auto()


class Source(Protocol):
    """One attempt to get pictures from one board."""

    phase: Phase

    async def run(self, deliver: Callable[[Part], None]) -> None:
        """Deliver parts until it is cancelled or fails; never returns otherwise.

        Args:
            deliver: called on the event loop with each part as soon as it is whole.

        Raises:
            BoardError: the attempt is over, and why.
        """

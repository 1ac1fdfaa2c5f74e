"""What every driver is to its camera."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from vedette.boards import Recognition, recognise, recognise_still
from vedette.sources.target import Target
from vedette.wire.http import ResponseHead
from vedette.wire.multipart import Part


class Phase(Enum):
    """How far an attempt has come; in silence it says what the silence means."""

    RESOLVING = auto()
    CONNECTING = auto()
    WAITING = auto()  # connected, not one byte yet
    RECEIVING = auto()


@dataclass(frozen=True, slots=True)
class Observation:
    """What a board has said about itself by the way it answers.

    Attributes:
        target: what was asked for, redirects followed.
        head: status and headers of its answer.
        peer: its numeric address.
        leads: the first bytes of the stream were a boundary; None where that was not seen, or it is a still picture.
    """

    target: Target
    head: ResponseHead
    peer: str
    leads: bool | None = None

    def recognise(self) -> Recognition | None:
        """Which firmware answers like this; None where nobody knows."""
        head, path = self.head, self.target.path
        if head.content_type == "image/jpeg":
            return recognise_still(head.headers, head.version, path)
        boundary = head.boundary.decode("latin-1") if head.boundary else None
        return recognise(head.headers, head.version, boundary, path, boundary_first=self.leads)


class Source(Protocol):
    """One attempt to get pictures from one board."""

    @property
    def phase(self) -> Phase:
        """How far it has come."""

    @property
    def interval(self) -> float:
        """Seconds between pictures where they are fetched one by one; 0 for a stream."""

    @property
    def words(self) -> int:
        """Parts that came and were no pictures, as from firmware that says in text that it has none."""

    @property
    def observed(self) -> Observation | None:
        """What the board's answer looked like; None before it came."""

    async def run(self, deliver: Callable[[Part], None]) -> None:
        """Deliver parts until it is cancelled or fails; never returns otherwise.

        Args:
            deliver: called on the event loop with each part as soon as it is whole.

        Raises:
            BoardError: the attempt is over, and why.
        """

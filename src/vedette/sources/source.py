"""What every driver is to its camera."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

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


class Source(Protocol):
    """One attempt to get pictures from one board.

    Attributes:
        phase: how far it has come.
        interval: seconds between pictures where they are fetched one by one; 0 for a stream.
        words: parts that came and were no pictures, as from firmware that says in text that it has none.
        observed: what the board's answer looked like; None before it came.
    """

    @property
    def phase(self) -> Phase: ...

    @property
    def interval(self) -> float: ...

    @property
    def words(self) -> int: ...

    @property
    def observed(self) -> Observation | None: ...

    async def run(self, deliver: Callable[[Part], None]) -> None:
        """Deliver parts until it is cancelled or fails; never returns otherwise.

        Args:
            deliver: called on the event loop with each part as soon as it is whole.

        Raises:
            BoardError: the attempt is over, and why.
        """

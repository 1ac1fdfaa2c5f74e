"""The newest refused frames of one camera, so that a person can look at what its board sends.

A few of each cause, not a few over all: a flood of one cause must not wash away the others. What is kept is bounded:
`KEPT` frames of four causes at `BODY_LIMIT` bytes are 8 MB for a camera that sends its worst of everything.
"""

from dataclasses import dataclass
from enum import StrEnum

from vedette.wire.jpeg import read_size

KEPT = 4  # of each cause
BODY_LIMIT = 512 * 1024  # bytes kept of one: a picture of UXGA is 100 to 300 KB, and its beginning shows the damage


class Cause(StrEnum):
    """Why a frame was refused, in the words of the contract's counters."""

    TRUNCATED = "truncated"
    CORRUPT = "corrupt"
    OVERSIZE = "oversize"
    WRONG_SIZE = "wrong_size"


@dataclass(frozen=True, slots=True)
class Reject:
    """One refused frame.

    Attributes:
        number: 1 for the camera's first, then counting.
        timestamp: seconds since the epoch at which it arrived.
        cause: as it was counted.
        detail: what was found, in a few words.
        body: as it came, up to `BODY_LIMIT` bytes; empty where it was over the reader's limit and is gone.
        length: bytes that came; 0 where they are gone.
    """

    number: int
    timestamp: float
    cause: Cause
    detail: str
    body: bytes
    length: int

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height in pixels, as far as its headers can be read; looked up when asked for, not on arrival."""
        return read_size(self.body)


class Rejects:
    """Written to on the engine's loop; may be read from any thread, since what it holds is replaced, never changed."""

    def __init__(self) -> None:
        self._count = 0
        self._kept: dict[Cause, tuple[Reject, ...]] = dict.fromkeys(Cause, ())

    def add(self, cause: Cause, timestamp: float, detail: str, body: bytes = b"") -> None:
        """Keep one, and let go of the oldest of its cause."""
        self._count += 1
        reject = Reject(self._count, timestamp, cause, detail, body[:BODY_LIMIT], len(body))
        self._kept[cause] = (*self._kept[cause], reject)[-KEPT:]

    def newest_first(self) -> list[Reject]:
        """What is kept, of all causes."""
        kept = [reject for rejects in self._kept.values() for reject in rejects]
        return sorted(kept, key=lambda reject: reject.number, reverse=True)

    def find(self, number: int) -> Reject | None:
        """The one of that number; None where it is gone, or never was."""
        return next((reject for reject in self.newest_first() if reject.number == number), None)

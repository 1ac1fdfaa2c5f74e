"""How fast frames come: over the last five seconds, or the last eight frames if those took longer."""

from collections import deque
from dataclasses import dataclass

_WINDOW = 5.0  # seconds
_AT_LEAST = 8  # frames


@dataclass(frozen=True, slots=True)
class Rate:
    """What a `RateMeter` has measured.

    Attributes:
        fps: frames a second.
        bytes_per_s: of JPEG, without framing.
    """

    fps: float
    bytes_per_s: float


class RateMeter:
    """Fed on the engine's loop; `rate` may be read from any thread, since it is replaced and never changed.

    Attributes:
        rate: None before the second frame.
    """

    def __init__(self) -> None:
        self.rate: Rate | None = None
        self._frames: deque[tuple[float, int]] = deque()
        self._bytes = 0

    def add(self, arrival: float, size: int) -> None:
        """Count a frame of ``size`` bytes that came at ``arrival`` (monotonic seconds)."""
        frames = self._frames
        frames.append((arrival, size))
        self._bytes += size
        while len(frames) > _AT_LEAST and frames[0][0] < arrival - _WINDOW:
            self._bytes -= frames.popleft()[1]
        span = arrival - frames[0][0]
        if span > 0:
            self.rate = Rate((len(frames) - 1) / span, (self._bytes - frames[0][1]) / span)

    def restart(self) -> None:
        """Forget: a pause between two connections is no frame interval."""
        self.rate = None
        self._frames.clear()
        self._bytes = 0

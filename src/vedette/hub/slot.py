"""The latest frame of a camera, and who wants to hear of it.

The camera never waits for a consumer: the slot is overwritten, and each sink takes what it can.
"""

from typing import Protocol

from vedette.frame import Frame
from vedette.hub.health import Health


class Sink(Protocol):
    """A consumer. Its methods are called on the engine's loop, and return at once."""

    def take_frame(self, frame: Frame) -> None:
        """A new frame has arrived."""

    def take_health(self, health: Health) -> None:
        """The camera's state or reason has changed; comes before the first frame of an online camera."""


class Slot:
    """Holds one frame.

    Attributes:
        latest: the newest good frame since the server started; may be read from any thread.
    """

    def __init__(self) -> None:
        self.latest: Frame | None = None
        self._sinks: tuple[Sink, ...] = ()

    def add(self, sink: Sink) -> None:
        """Let a sink hear of everything from now on."""
        self._sinks = (*self._sinks, sink)

    def remove(self, sink: Sink) -> None:
        """Let a sink hear of nothing more; harmless when it hears of nothing."""
        self._sinks = tuple(other for other in self._sinks if other is not sink)

    def publish_frame(self, frame: Frame) -> None:
        """Overwrite the frame, and tell all sinks."""
        self.latest = frame
        for sink in self._sinks:
            sink.take_frame(frame)

    def publish_health(self, health: Health) -> None:
        """Tell all sinks how the camera is."""
        for sink in self._sinks:
            sink.take_health(health)

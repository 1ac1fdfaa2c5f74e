"""One look at a camera: its newest picture, for a thread that can wait a moment for it.

A camera on demand is woken by it, and stays connected for its own while; so does one that nobody watches get its next
frame checked in full.
"""

from concurrent.futures import Future
from concurrent.futures import TimeoutError as WaitedTooLong

from vedette.frame import Frame
from vedette.hub import Camera, Engine, Health, State

PATIENCE = 6.0  # seconds: a board that is asked takes one to four for its first picture


class OneLook:
    """The sink of one request; see `vedette.hub.Sink`.

    Args:
        engine: on whose loop the camera lives.
        camera: that is looked at.
    """

    def __init__(self, engine: Engine, camera: Camera) -> None:
        self._engine = engine
        self._camera = camera
        self._found: Future[Frame | None] = Future()

    def wait(self, seconds: float = PATIENCE) -> Frame | None:
        """The next good frame; None where none came in time, or none will. From any thread but the engine's."""
        self._engine.post(self._begin)
        try:
            return self._found.result(seconds)
        except WaitedTooLong:
            return None
        finally:
            self._engine.post(self._end)

    def take_frame(self, frame: Frame) -> None:
        """See `Sink.take_frame`."""
        if not self._found.done() and self._camera.presentable() is frame:
            self._found.set_result(frame)

    def take_health(self, health: Health) -> None:
        """See `Sink.take_health`: nobody waits for a camera that is away."""
        if not self._found.done() and health.state in {State.OFFLINE, State.DISABLED}:
            self._found.set_result(None)

    def _begin(self) -> None:
        self._camera.attend()
        self._camera.slot.add(self)

    def _end(self) -> None:
        self._camera.slot.remove(self)
        self._camera.release()

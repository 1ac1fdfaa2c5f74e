"""One look at a camera: its newest picture, for a thread that can wait a moment for it.

A camera on demand is woken by it, and stays connected for its own while; so does one that nobody watches get its next
frame checked in full.
"""

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as WaitedTooLong

from vedette.errors import RequestError
from vedette.frame import Frame
from vedette.hub import Engine, Health, Rendition, State

PATIENCE = 6.0  # seconds: a board that is asked takes one to four for its first picture


class OneLook:
    """The sink of one request; see `vedette.hub.Sink`.

    Args:
        engine: on whose loop the camera lives.
        find: gives what is looked at; called on the loop.
    """

    def __init__(self, engine: Engine, find: Callable[[], Rendition]) -> None:
        self._engine = engine
        self._find = find
        self._seen: Rendition | None = None
        self._found: Future[Frame | None] = Future()

    def wait(self, seconds: float) -> Frame | None:
        """The next good frame; None where none came in time, or none will. From any thread but the engine's."""
        self._engine.post(self._begin)
        try:
            return self._found.result(seconds)
        except WaitedTooLong:
            return None
        finally:
            self._engine.post(self._end)

    def give_up(self) -> None:
        """The server stops; on the engine's loop."""
        if not self._found.done():
            self._found.set_result(None)

    def take_frame(self, frame: Frame) -> None:
        """See `Sink.take_frame`."""
        if not self._found.done() and self._seen is not None and self._seen.presentable() is frame:
            self._found.set_result(frame)

    def take_health(self, health: Health) -> None:
        """See `Sink.take_health`: nobody waits for a camera that is away."""
        if not self._found.done() and health.state in {State.OFFLINE, State.DISABLED}:
            self._found.set_result(None)

    def _begin(self) -> None:
        try:
            self._seen = self._find()
        except RequestError:  # it is no more, or too much is being made by now
            self._found.set_result(None)
            return
        self._seen.slot.add(self)
        self._seen.attend()
        if (frame := self._seen.fresh_frame()) is not None and not self._found.done():
            self._found.set_result(frame)  # another one who looks had it made just now

    def _end(self) -> None:
        if self._seen is not None:
            self._seen.slot.remove(self)
            self._seen.release()

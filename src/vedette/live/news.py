"""News of the cameras: how all of them are, told to whoever wants to hear it, walls and readers of `/api/stream` alike.

A change of health is told within a tenth of a second, figures every two seconds, and nothing while nobody listens. All
listeners get the same report, described once.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from vedette.clock import Clock, Timer
from vedette.frame import Frame
from vedette.hub import Camera, Health, Hub, Slot

_FIGURES_EVERY = 2.0  # seconds
_CHANGES_AFTER = 0.1  # seconds: when a router restarts, many cameras change at once


class Description(NamedTuple):
    """One camera at one moment.

    Attributes:
        id: of the camera.
        text: the API's JSON of it.
        mark: equal to an earlier description's when nothing has changed but time.
    """

    id: str
    text: str
    mark: object


class Report(NamedTuple):
    """All cameras at one moment.

    Attributes:
        number: 1 for the first report since the server started, then counting.
        cameras: in the hub's order.
        changed: the ids of those whose health has changed since the report before.
    """

    number: int
    cameras: tuple[Description, ...]
    changed: frozenset[str]

    @property
    def ids(self) -> tuple[str, ...]:
        """Which cameras it speaks of; only the same ones can be compared."""
        return tuple(camera.id for camera in self.cameras)

    @property
    def texts(self) -> Iterable[str]:
        """The API's JSON of each camera."""
        return (camera.text for camera in self.cameras)


class Listener(Protocol):
    """Who wants to hear. Called on the engine's loop, and returns at once."""

    def hear(self, report: Report) -> None:
        """There is something new; only the newest report matters."""


class News:
    """Tells all listeners. Everything here happens on the engine's loop.

    Args:
        hub: the cameras.
        clock: for the rhythm.
        describe: gives a description of each camera, in the hub's order.
    """

    def __init__(self, hub: Hub, clock: Clock, describe: Callable[[], Iterable[Description]]) -> None:
        self._clock = clock
        self._describe = describe
        self._listeners: tuple[Listener, ...] = ()
        self._untold: set[str] = set()
        self._reports = 0
        self._timer: Timer | None = None
        self._due = 0.0
        self._sinks: dict[str, tuple[Slot, _HealthSink]] = {}
        for camera in hub.cameras.values():
            self.add(camera)

    def add(self, camera: Camera) -> None:
        """There is one more camera in the hub."""
        sink = _HealthSink(self, camera.id)
        camera.slot.add(sink)
        self._sinks[camera.id] = (camera.slot, sink)

    def remove(self, camera: Camera) -> None:
        """A camera is no more in the hub."""
        slot, sink = self._sinks.pop(camera.id)
        slot.remove(sink)
        self._untold.discard(camera.id)

    def tell_now(self) -> None:
        """Tell all listeners at once: the cameras are others, or in another order."""
        if self._timer is not None:
            self._timer.cancel()
        self._tell()

    def join(self, listener: Listener) -> Report:
        """Let a listener hear everything from now on, once each; gives how all is now."""
        if listener not in self._listeners:
            self._listeners = (*self._listeners, listener)
        self._plan(_FIGURES_EVERY)
        return self._report(frozenset())

    def leave(self, listener: Listener) -> None:
        """A listener has heard enough; harmless when it has left before."""
        self._listeners = tuple(other for other in self._listeners if other is not listener)

    def is_untold(self, camera_id: str) -> bool:
        """Whether a camera's health has changed and nobody has heard of it yet."""
        return camera_id in self._untold

    def stop(self) -> None:
        """Say no more."""
        self._listeners = ()
        if self._timer is not None:
            self._timer.cancel()

    def change(self, camera_id: str) -> None:
        """A camera's health has changed."""
        if self._listeners:
            self._untold.add(camera_id)
            self._plan(_CHANGES_AFTER)

    def _plan(self, delay: float) -> None:
        due = self._clock.monotonic() + delay
        if self._timer is not None:
            if self._due <= due:
                return
            self._timer.cancel()
        self._due = due
        self._timer = self._clock.call_later(delay, self._tell)

    def _tell(self) -> None:
        self._timer = None
        untold, self._untold = frozenset(self._untold), set()
        if not self._listeners:
            return
        report = self._report(untold)
        for listener in self._listeners:
            listener.hear(report)
        self._plan(_FIGURES_EVERY)

    def _report(self, changed: frozenset[str]) -> Report:
        self._reports += 1
        return Report(self._reports, tuple(self._describe()), changed)


class _HealthSink:
    """Hears of one camera's health; see `vedette.hub.Sink`."""

    def __init__(self, news: News, camera_id: str) -> None:
        self._news = news
        self._camera_id = camera_id

    def take_frame(self, frame: Frame) -> None:
        """Frames are figures: they are told in their time."""

    def take_health(self, health: Health) -> None:  # noqa: ARG002 - the report tells it, with everything else
        self._news.change(self._camera_id)

"""A camera's viewers: the fan-out.

While frames come, each is written to every viewer. While the camera is away its viewers stay, and get its last
picture once a second with the camera's state, or a placeholder from a camera that never gave any.
"""

from collections.abc import Callable

from vedette.clock import Clock, Timer
from vedette.frame import Frame
from vedette.hub import Camera, Health, State
from vedette.live.picture import Picture
from vedette.live.placeholder import Placeholders
from vedette.live.viewer import Viewer

REPEAT_AFTER = 1.0  # seconds; the contract's "at least once a second" while a camera is away


class Channel:
    """The sink of one camera for all its viewers. Everything here happens on the engine's loop.

    Args:
        camera: whose pictures these are.
        placeholders: where a picture comes from when there is none.
        clock: for the repetition.
    """

    def __init__(self, camera: Camera, placeholders: Placeholders, clock: Clock) -> None:
        self._camera = camera
        self._placeholders = placeholders
        self._clock = clock
        self._viewers: tuple[Viewer, ...] = ()
        self._repeat: Timer | None = None
        camera.slot.add(self)

    @property
    def viewers(self) -> tuple[Viewer, ...]:
        """Who looks; replaced, never changed, and may be read from any thread."""
        return self._viewers

    def join(self, viewer: Viewer) -> None:
        """A viewer has come: it sees something at once."""
        self._viewers = (*self._viewers, viewer)
        self._show(viewer.offer)
        self._keep_repeating()

    def leave(self, viewer: Viewer) -> None:
        """A viewer has gone; harmless when it has gone before."""
        self._viewers = tuple(other for other in self._viewers if other is not viewer)

    def take_frame(self, frame: Frame) -> None:
        """See `Sink.take_frame`. The hot path: one part is prepared, and written to each viewer."""
        if not self._viewers:
            return
        picture = Picture(frame.jpeg, frame.timestamp, State.ONLINE.value)
        for viewer in self._viewers:
            viewer.offer(picture)

    def take_health(self, health: Health) -> None:
        """See `Sink.take_health`."""
        if health.state is not State.ONLINE and self._viewers:
            self._show(self._offer_to_all)
            self._keep_repeating()

    def _offer_to_all(self, picture: Picture) -> None:
        for viewer in self._viewers:
            viewer.offer(picture)

    def _show(self, offer: Callable[[Picture], None]) -> None:
        """Show what there is, with the camera's state beside it."""
        latest, health = self._camera.slot.latest, self._camera.health
        if latest is not None:
            offer(Picture(latest.jpeg, latest.timestamp, health.state.value))
        else:
            self._placeholders.show(self._camera.name, health, offer)

    def _keep_repeating(self) -> None:
        if self._repeat is None and self._viewers and self._camera.health.state is not State.ONLINE:
            self._repeat = self._clock.call_later(REPEAT_AFTER, self._again)

    def _again(self) -> None:
        self._repeat = None
        if self._camera.health.state is not State.ONLINE:
            self._show(self._offer_to_all)
        self._keep_repeating()

"""The viewers of one look at a camera, or at a mosaic: the fan-out.

While frames come, each is written to every viewer. While the camera is away its viewers stay, and get its last
picture once a second, dimmed and labelled, with the time at which it came and the camera's state; or a placeholder from
a camera that never gave any. Such a picture is drawn once for all of them, and shown only while what it says is true:
until it is drawn they keep what they have, and one that is drawn too late is thrown away.
"""

from collections.abc import Callable
from typing import Protocol

from vedette.clock import Clock, Timer
from vedette.frame import Frame
from vedette.hub import Health, Slot, State
from vedette.live.away import AwayPictures
from vedette.live.picture import Picture
from vedette.live.viewer import Viewer
from vedette.picture import Notice

REPEAT_AFTER = 1.0  # seconds; the contract's "at least once a second" while a camera is away

_Scene = tuple[int, State, Notice]  # the last frame's number, the state, and what is said of it


class Subject(Protocol):
    """What is looked at: see `vedette.hub.Rendition`."""

    slot: Slot

    @property
    def name(self) -> str:
        """What people read."""

    @property
    def health(self) -> Health:
        """How it is."""

    def attend(self) -> None:
        """Somebody begins to look."""

    def release(self) -> None:
        """Somebody has looked away."""

    def presentable(self) -> Frame | None:
        """The newest picture for whoever begins to look."""


class Channel:
    """The sink of one subject for all its viewers. Everything here happens on the engine's loop.

    Args:
        camera: whose pictures these are.
        away: where a picture comes from while it is not live.
        clock: for the repetition.
    """

    def __init__(self, camera: Subject, away: AwayPictures, clock: Clock) -> None:
        self._camera = camera
        self._away = away
        self._clock = clock
        self._viewers: tuple[Viewer, ...] = ()
        self._closed = False
        self._repeat: Timer | None = None
        self._asked: _Scene | None = None
        self._drawn: tuple[_Scene, Picture] | None = None
        camera.slot.add(self)

    @property
    def viewers(self) -> tuple[Viewer, ...]:
        """Who looks; replaced, never changed, and may be read from any thread."""
        return self._viewers

    def join(self, viewer: Viewer) -> None:
        """A viewer has come: it sees something at once, or as soon as that is drawn."""
        if self._closed:
            viewer.end()
            return
        self._viewers = (*self._viewers, viewer)
        if len(self._viewers) == 1:
            self._camera.attend()
        self._show(viewer.offer)
        self._keep_repeating()

    def leave(self, viewer: Viewer) -> None:
        """A viewer has gone; harmless when it has gone before."""
        before = self._viewers
        self._viewers = tuple(other for other in before if other is not viewer)
        if before and not self._viewers:
            self._camera.release()

    def close(self) -> None:
        """The camera is no more, or the server stops: end all viewers, also one that is just on its way here."""
        self._camera.slot.remove(self)
        self._closed = True
        for viewer in self._viewers:
            viewer.end()

    def take_frame(self, frame: Frame) -> None:
        """See `Sink.take_frame`. The hot path: one part is prepared, and written to each viewer."""
        if not self._viewers:
            return
        picture = Picture(frame.jpeg, frame.timestamp, State.ONLINE.value)
        for viewer in self._viewers:
            viewer.offer(picture)

    def take_health(self, health: Health) -> None:
        """See `Sink.take_health`."""
        if health.state is State.ONLINE:
            self._asked = self._drawn = None
        elif self._viewers:
            self._show(self._offer_to_all)
            self._keep_repeating()

    def _offer_to_all(self, picture: Picture) -> None:
        for viewer in self._viewers:
            viewer.offer(picture)

    def _show(self, offer: Callable[[Picture], None]) -> None:
        """Show what there is. Where that has to be drawn first, it is offered to all when it is."""
        latest = self._camera.presentable()
        if self._camera.health.state is not State.ONLINE:
            scene = self._scene()
            if self._drawn is not None and self._drawn[0] == scene:
                offer(self._drawn[1])
            elif self._asked != scene:
                self._asked = scene
                self._away.draw(
                    scene[2], latest, lambda: self._is_wanted(scene), lambda jpeg: self._take_drawn(scene, jpeg)
                )
        elif latest is not None:
            offer(Picture(latest.jpeg, latest.timestamp, State.ONLINE.value))

    def _scene(self) -> _Scene:
        latest, health = self._camera.presentable(), self._camera.health
        notice = self._away.describe(self._camera.name, health, latest)
        return (latest.sequence if latest is not None else 0, health.state, notice)

    def _is_wanted(self, scene: _Scene) -> bool:
        """Whether a picture still says how it is; if not, another has been asked for, or none is needed."""
        wanted = bool(self._viewers) and self._camera.health.state is not State.ONLINE and self._scene() == scene
        if not wanted and self._asked == scene:
            self._asked = None
        return wanted

    def _take_drawn(self, scene: _Scene, jpeg: bytes) -> None:
        if self._is_wanted(scene):
            latest = self._camera.presentable()
            timestamp = latest.timestamp if latest is not None else self._clock.time()
            self._drawn = (scene, Picture(jpeg, timestamp, scene[1].value))
            self._offer_to_all(self._drawn[1])

    def _keep_repeating(self) -> None:
        if self._repeat is None and self._viewers and self._camera.health.state is not State.ONLINE:
            self._repeat = self._clock.call_later(REPEAT_AFTER, self._again)

    def _again(self) -> None:
        self._repeat = None
        if self._viewers and self._camera.health.state is not State.ONLINE:
            self._show(self._offer_to_all)
        self._keep_repeating()

"""A mosaic as something to look at: many cameras in one picture, at a rate of its own.

It never stops because one camera did: what is away is shown as it was, dimmed, with since when. A picture is made when
any tile has changed, and only those tiles are drawn anew; with nothing new it is repeated once a second. Everything
happens on the engine's loop; the drawing in a thread of the renditions', in its turn.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from itertools import islice

from vedette.clock import Clock, Timer
from vedette.frame import Frame
from vedette.hub import Camera, Health, Hub, Renditions, Slot, State
from vedette.live.away import AwayPictures
from vedette.live.look import MosaicLook
from vedette.picture import MOST_CELLS, Mosaic, Recipe, Tile, Turn, choose_columns
from vedette.wire.jpeg_header import read_size

GATHER = 1.0  # seconds that the first picture waits at most for those of cameras that are there
_GATHER_EVERY = 0.1  # seconds
REPEAT_AFTER = 1.0  # seconds: whoever looks at a still wall knows that it is there
_EARLY = 0.01  # seconds that a picture may come before its time: timers are not exact
_USUAL_SHAPE = 4 / 3
_NARROW, _WIDE = 0.5, 2.5  # of a tile; what is more so is shown with more black around it

_log = logging.getLogger(__name__)


class MosaicFeed:
    """See `vedette.live.channel.Subject`.

    Args:
        look: which cameras, and how.
        hub: all there are.
        renditions: whose threads draw.
        away: what is said of a camera that is.
        clock: for the rate.

    Attributes:
        slot: the newest picture, and who hears of it.
        health: a wall is there as long as one of its cameras is in the configuration.
    """

    name = "Wall"

    def __init__(self, look: MosaicLook, hub: Hub, renditions: Renditions, away: AwayPictures, clock: Clock) -> None:
        self.slot = Slot()
        self.health = Health(State.ONLINE, clock.time())
        self._look = look
        self._hub = hub
        self._renditions = renditions
        self._away = away
        self._clock = clock
        self._seen: dict[str, Camera] = {}
        self._mosaic: Mosaic | None = None
        self._form: tuple[int, float] | None = None  # how many cells it has, and their shape
        self._shown: Sequence[Tile] = ()
        self._drawing = False
        self._attended = 0.0
        self._begun = self._published = float("-inf")
        self._sequence = 0
        self._attending = 0
        self._timer: Timer | None = None

    def attend(self) -> None:
        """Somebody begins to look."""
        self._attending += 1
        if self._attending == 1:
            self._attended = self._clock.monotonic()
            self._tick()

    def release(self) -> None:
        """Somebody has looked away."""
        self._attending -= 1
        if self._attending:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        for camera in self._seen.values():
            camera.release()
        self._seen = {}

    def presentable(self) -> Frame | None:
        """The newest picture; None before there is one."""
        return self.slot.latest

    def _tick(self) -> None:
        interval = 1 / self._look.fps
        self._follow()
        if self._gathers():
            self._timer = self._clock.call_later(_GATHER_EVERY, self._tick)
            return
        self._timer = self._clock.call_later(min(interval, REPEAT_AFTER), self._tick)
        if self._drawing:
            self._renditions.miss()
            return
        tiles = [self._tile(camera) for camera in self._seen.values()]
        self._become(State.ONLINE if tiles else State.OFFLINE)
        if not tiles:
            return
        if tiles != self._shown and self._clock.monotonic() - self._begun >= interval - _EARLY:
            self._draw(tiles)
        elif self.slot.latest is not None and self._clock.monotonic() - self._published >= REPEAT_AFTER:
            self._publish(self.slot.latest)

    def _gathers(self) -> bool:
        """There is no picture yet, and cameras that nobody has watched will have given one in a moment."""
        if self.slot.latest is not None or self._clock.monotonic() - self._attended >= GATHER:
            return False
        return any(
            camera.health.state is State.ONLINE and camera.presentable() is None for camera in self._seen.values()
        )

    def _become(self, state: State) -> None:
        """It is away only when all its cameras have gone: then the last picture stays, and says so."""
        if self.health.state is not state:
            why = None if state is State.ONLINE else "None of its cameras is in the configuration any more."
            self.health = Health(state, self._clock.time(), explanation=why)
            self.slot.publish_health(self.health)

    def _follow(self) -> None:
        """Look at those cameras that there are by now, in their order."""
        before, self._seen = self._seen, self._wanted()
        for key, camera in self._seen.items():
            if before.get(key) is not camera:
                camera.attend()
        for key, camera in before.items():
            if self._seen.get(key) is not camera:
                camera.release()

    def _wanted(self) -> dict[str, Camera]:
        cameras = self._hub.cameras
        keys = cameras if self._look.cameras is None else [key for key in self._look.cameras if key in cameras]
        # what the narrowest mosaic has no room for is left out
        return {key: cameras[key] for key in islice(keys, MOST_CELLS)}

    def _tile(self, camera: Camera) -> Tile:
        frame, health = camera.presentable(), camera.health
        notice = None
        if health.state is not State.ONLINE:
            notice = self._away.describe(camera.name, health, frame)
        number = frame.sequence if frame is not None else 0
        return Tile(
            (camera.id, number), frame.jpeg if frame is not None else None, camera.name, notice, _turn_of(camera)
        )

    def _draw(self, tiles: Sequence[Tile]) -> None:
        self._drawing = True
        self._begun = self._clock.monotonic()
        timestamps = [seen.timestamp for key in self._seen if (seen := self._seen[key].presentable()) is not None]
        self._renditions.submit(
            partial(self._make, tiles, self._shape()),
            partial(self._take, tiles, max(timestamps, default=self._clock.time())),
        )

    def _shape(self) -> float:
        """Of a tile: the middle one of the cameras'."""
        shapes = sorted(width / height for width, height in map(_size_of, self._seen.values()) if width and height)
        return min(max(shapes[len(shapes) // 2], _NARROW), _WIDE) if shapes else _USUAL_SHAPE

    def _make(self, tiles: Sequence[Tile], shape: float) -> bytes:
        """In a thread; one at a time."""
        if self._mosaic is None or self._form != (len(tiles), shape):
            columns = self._look.columns or choose_columns(len(tiles), shape)
            self._mosaic = Mosaic(
                self._look.width, columns, len(tiles), self._away.lettering, shape=shape, label=self._look.label
            )
            self._form = (len(tiles), shape)
        return self._mosaic.draw(tiles)

    def _take(self, tiles: Sequence[Tile], timestamp: float, made: Future[bytes]) -> None:
        self._drawing = False
        self._shown = tiles
        if (error := made.exception()) is not None:
            _log.error("a fault of Vedette's own, in a mosaic; please report it", exc_info=error)
            return
        jpeg = made.result()
        width, height = read_size(jpeg) or (0, 0)
        self._sequence += 1
        self._publish(Frame(jpeg, self._sequence, timestamp, self._clock.monotonic(), width, height))

    def _publish(self, frame: Frame) -> None:
        self._published = self._clock.monotonic()
        self.slot.publish_frame(frame)


def _turn_of(camera: Camera) -> Turn:
    """What is to be done with its pictures so that they are the right way up."""
    return Recipe(camera.turn.flip, camera.turn.rotate).turn


def _size_of(camera: Camera) -> tuple[int, int]:
    """Width and height as its pictures are to be seen; zero where nobody knows."""
    frame = camera.presentable()
    return _turn_of(camera).size(frame.width, frame.height) if frame is not None else (0, 0)

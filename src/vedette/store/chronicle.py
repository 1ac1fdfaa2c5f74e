"""The history of health as it happens: hears of every camera, and hands the writer what is to be kept.

Everything here happens on the engine's loop, and nothing waits: a look at each camera every ten seconds, a tenth of
them at a time, rows every minute, outages at once.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from vedette.clock import Clock, Timer
from vedette.frame import Frame
from vedette.hub import CameraStatus, Health, Slot, State
from vedette.store.outage import OutageWatch
from vedette.store.tables import health_samples, heartbeat, outages
from vedette.store.tally import Look, Tally
from vedette.store.upkeep import KEEP, Sweep
from vedette.store.writer import Writer

_LOOK_EVERY = 1.0  # seconds, at
_TURNS = 10  # part of the cameras: 500 at once would take 10 ms of the loop, and are looked at by fifties
_WRITE_EVERY = 60.0  # seconds: what a power cut may take from the samples; each writing costs flash a page a camera
_SWEEP_EVERY = 86400.0  # seconds


class Watched(Protocol):
    """A camera, as far as its history is concerned."""

    id: str
    slot: Slot

    def status(self) -> CameraStatus:
        """See `vedette.hub.Camera.status`."""


class Chronicle:
    """Keeps the history of all cameras.

    Args:
        cameras: to keep it of.
        before: rows of the bucket at hand that were written before the server was started again, by camera.
        writer: what puts it into the database.
        clock: for all times.
    """

    def __init__(
        self, cameras: Iterable[Watched], before: Mapping[str, dict[str, Any]], writer: Writer, clock: Clock
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._watches = [_CameraWatch(self, camera, clock, before.get(camera.id)) for camera in cameras]
        self._timer: Timer | None = None
        self._turn = 0
        self._write_at = clock.monotonic() + _WRITE_EVERY
        self._sweep_at = self._write_at
        self._stopped = False

    def start(self) -> None:
        """Begin to look."""
        self._beat()
        self._timer = self._clock.call_later(_LOOK_EVERY, self._look)

    def stop(self) -> None:
        """End all outages, and hand over what there is; nothing is heard afterwards."""
        if self._timer is not None:
            self._timer.cancel()
        self._stopped = True
        self._end(self._watches)

    def add(self, camera: Watched) -> None:
        """Keep the history of one more camera."""
        self._watches.append(_CameraWatch(self, camera, self._clock, None))

    def remove(self, camera: Watched) -> None:
        """A camera is no more: what there is of it is written, and stays."""
        watch = next(watch for watch in self._watches if watch.camera is camera)
        self._watches.remove(watch)
        self._end([watch])

    def _end(self, watches: list["_CameraWatch"]) -> None:
        self._writer.put(outages, [row for watch in watches if (row := watch.end())])
        self._write(watches)

    def tell(self, outage: dict[str, Any]) -> None:
        """An outage has begun, changed or ended."""
        if not self._stopped:
            self._writer.put(outages, [outage])
            self._beat()  # so that an outage never begins after the last sign of life

    def _look(self) -> None:
        self._timer = self._clock.call_later(_LOOK_EVERY, self._look)
        for watch in self._watches[self._turn :: _TURNS]:
            watch.look()
        self._turn = (self._turn + 1) % _TURNS
        if self._turn == 0:
            self._upkeep()

    def _upkeep(self) -> None:
        now = self._clock.monotonic()
        if now >= self._write_at:
            self._write_at = now + _WRITE_EVERY
            self._write(self._watches)
        if now >= self._sweep_at:
            self._sweep_at = now + _SWEEP_EVERY
            self._writer.do(Sweep(self._clock.time() - KEEP))
        self._writer.nudge()

    def _write(self, watches: list["_CameraWatch"]) -> None:
        self._writer.put(health_samples, [row for watch in watches for row in watch.tally.rows()])
        self._beat()

    def _beat(self) -> None:
        self._writer.put(heartbeat, [{"id": 1, "at": self._clock.time()}])


class _CameraWatch:
    """Hears of one camera; see `vedette.hub.Sink`."""

    def __init__(self, chronicle: Chronicle, camera: Watched, clock: Clock, before: dict[str, Any] | None) -> None:
        self._chronicle = chronicle
        self.camera = camera
        self._clock = clock
        self._outage = OutageWatch(camera.id)
        self.tally = Tally(camera.id, clock.time(), clock.monotonic(), _look_at(camera.status()), before)
        camera.slot.add(self)

    def take_frame(self, frame: Frame) -> None:
        """Frames are counted by the camera itself."""

    def take_health(self, health: Health) -> None:
        self._advance()
        if (row := self._outage.take(health)) is not None:
            self._chronicle.tell(row)

    def look(self) -> None:
        status = self._advance()
        if status.health.state is State.ONLINE and status.last_frame_age_s is not None:
            self.tally.note_age(status.last_frame_age_s)

    def end(self) -> dict[str, Any] | None:
        self.camera.slot.remove(self)
        self._advance()
        return self._outage.end(self._clock.time())

    def _advance(self) -> CameraStatus:
        status = self.camera.status()
        self.tally.advance(self._clock.time(), self._clock.monotonic(), _look_at(status))
        return status


def _look_at(status: CameraStatus) -> Look:
    return Look(status.health.state, status.frames, status.rejected.total)

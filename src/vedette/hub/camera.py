"""A camera: a board as Vedette knows it.

The one handler that retries. It runs one source at a time, checks each part once, on arrival, and publishes what is
good; it decides when silence has lasted too long and what it meant. Everything here happens on the engine's loop,
except `Camera.status`.
"""

import asyncio
import logging
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any
from urllib.parse import urlsplit

from vedette.clock import Clock, Timer
from vedette.config import CameraConfig
from vedette.errors import BoardError, Reason
from vedette.frame import Frame
from vedette.hub.backoff import delay
from vedette.hub.health import Health, State, explain
from vedette.hub.rate import RateMeter
from vedette.hub.slot import Slot
from vedette.sources import Phase, Source
from vedette.wire.jpeg import BadJpegError, Damage, inspect
from vedette.wire.multipart import Part

ATTEMPT_LIMIT = 10.0  # seconds without a good frame end an attempt: round trips of 2.9 s are normal, 10 s are not
STALE_AFTER = 3.0  # seconds, or
STALE_INTERVALS = 5  # of the camera's own mean frame intervals, if that is longer


@dataclass(frozen=True, slots=True)
class Rejected:
    """Frames that went nowhere, by cause."""

    truncated: int = 0
    corrupt: int = 0
    oversize: int = 0
    wrong_size: int = 0


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """What a camera is and does at one moment. Counters are since the start of the server; None is not known."""

    id: str
    name: str
    firmware: str | None
    health: Health
    last_frame_age_s: float | None
    fps: float | None
    bytes_per_s: float | None
    width: int | None
    height: int | None
    frames: int
    rejected: Rejected
    reconnects: int


class Camera:
    """One camera.

    Args:
        camera_id: as in the configuration.
        config: what the user wants of it.
        url: where its stream is.
        firmware: the contract's word for it; None where nobody knows.
        make_source: makes the driver for one attempt.
        clock: for all waiting.
        random: for jitter.

    Attributes:
        slot: its newest frame, and who hears of it.
        health: replaced, never changed; may be read from any thread.
    """

    def __init__(
        self,
        camera_id: str,
        config: CameraConfig,
        url: str,
        firmware: str | None,
        make_source: Callable[[], Source],
        clock: Clock,
        random: Random,
    ) -> None:
        self.id = camera_id
        self.name = config.name or camera_id
        self.firmware = firmware
        self.enabled = config.enabled
        self.slot = Slot()
        self.health = Health(State.CONNECTING if config.enabled else State.DISABLED, clock.time())
        self._host = urlsplit(url).hostname or url
        self._checked = config.check != "off"
        self._make_source = make_source
        self._clock = clock
        self._random = random
        self._log = _CameraLog(logging.getLogger(__name__), {"camera": camera_id})
        self._task: asyncio.Task[None] | None = None
        self._watch: Timer | None = None
        self._attempt: asyncio.Task[None] | None = None
        self._attempt_began = 0.0
        self._attempt_frames = 0
        self._attempt_rejects = 0
        self._silent = False  # the attempt at hand was ended by the watch
        self._meter = RateMeter()
        self._frames = 0
        self._rejected = dict.fromkeys(("truncated", "corrupt", "oversize"), 0)
        self._reconnects = 0

    def status(self) -> CameraStatus:
        """How it is now; may be called from any thread, and never waits.

        Each value is replaced in one step by the engine; two of them may be a frame apart.
        """
        health, latest, rate = self.health, self.slot.latest, self._meter.rate
        flowing = rate is not None and health.state is State.ONLINE
        return CameraStatus(
            id=self.id,
            name=self.name,
            firmware=self.firmware,
            health=health,
            last_frame_age_s=max(0.0, self._clock.monotonic() - latest.arrival) if latest else None,
            fps=rate.fps if flowing and rate else self._no_rate(health),
            bytes_per_s=rate.bytes_per_s if flowing and rate else self._no_rate(health),
            width=latest.width or None if latest else None,
            height=latest.height or None if latest else None,
            frames=self._frames,
            rejected=Rejected(**self._rejected),
            reconnects=self._reconnects,
        )

    def fresh_frame(self) -> Frame | None:
        """The newest frame if the camera is online and it is not stale; may be called from any thread."""
        latest = self.slot.latest
        if latest is None or self.health.state is not State.ONLINE:
            return None
        return latest if self._clock.monotonic() - latest.arrival < self._stale_after() else None

    def start(self) -> None:
        """Begin, unless it is disabled."""
        if self.enabled:
            self._task = asyncio.create_task(self._live(), name=f"camera-{self.id}")

    async def stop(self) -> None:
        """End its connection, and wait until that is done."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    # Trying, and trying again.

    async def _live(self) -> None:
        failures = 0
        while True:
            error = await self._try()
            failures = 0 if self._attempt_frames else failures + 1
            self._lost(error)
            await self._pause(delay(error.reason, failures, self._random))

    async def _try(self) -> BoardError:
        """Run one source to its end, and say how it ended."""
        source = self._make_source()
        self._attempt_began = self._clock.monotonic()
        self._attempt_frames = self._attempt_rejects = 0
        self._silent = False
        self._meter.restart()
        self._attempt = asyncio.create_task(source.run(self._take))
        self._keep_watch()
        try:
            await self._attempt
        except BoardError as error:
            return error
        except asyncio.CancelledError:
            if not self._silent:
                raise
            return self._read_silence(source.phase)
        except Exception:  # noqa: BLE001 - the task's edge: one camera's fault must not end its healing
            self._log.exception("a fault of Vedette's own; please report it")
            return BoardError(Reason.STALLED, "a fault of Vedette's own; see its log")
        finally:
            if self._watch is not None:
                self._watch.cancel()
        return BoardError(Reason.STALLED, "the stream ended")

    def _read_silence(self, phase: Phase) -> BoardError:
        """What ten seconds without a good frame mean."""
        if self._attempt_rejects and not self._attempt_frames:
            return BoardError(Reason.ALL_FRAMES_BAD)
        match phase:
            case Phase.RESOLVING:
                return BoardError(Reason.NAME_UNKNOWN, "no answer from the name server")
            case Phase.CONNECTING:
                return BoardError(Reason.UNREACHABLE)
            case Phase.WAITING:
                return BoardError(Reason.SLOT_BUSY)
            case Phase.RECEIVING:
                return BoardError(Reason.ALL_FRAMES_BAD if self._attempt_rejects else Reason.STALLED)

    async def _pause(self, seconds: float) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        timer = self._clock.call_later(seconds, partial(_settle, done))
        try:
            await done
        finally:
            timer.cancel()

    # The watch: one timer, set to the next moment at which silence would mean something.

    def _last_sign(self) -> float:
        latest = self.slot.latest
        return latest.arrival if latest is not None and self._attempt_frames else self._attempt_began

    def _stale_after(self) -> float:
        rate = self._meter.rate
        return max(STALE_AFTER, STALE_INTERVALS / rate.fps) if rate and rate.fps else STALE_AFTER

    def _keep_watch(self) -> None:
        silence = self._clock.monotonic() - self._last_sign()
        if silence >= ATTEMPT_LIMIT:
            self._silent = True
            if self._attempt is not None:
                self._attempt.cancel()
            return
        limits = [ATTEMPT_LIMIT]
        if self.health.state is State.ONLINE:
            if silence >= self._stale_after():
                bad = self._attempt_rejects > 0
                self._set(State.STALE, BoardError(Reason.ALL_FRAMES_BAD if bad else Reason.STALLED))
            else:
                limits.append(self._stale_after())
        self._watch = self._clock.call_later(min(limits) - silence, self._keep_watch)

    # What arrives.

    def _take(self, part: Part) -> None:
        """Check one part, and publish it or count it."""
        width = height = 0
        if part.oversize:
            self._reject("oversize")
            return
        if self._checked:
            try:
                info = inspect(part.body)
            except BadJpegError as bad:
                self._reject(Damage(bad.damage).value)
                return
            width, height = info.width, info.height
        self._frames += 1
        frame = Frame(part.body, self._frames, self._clock.time(), self._clock.monotonic(), width, height)
        if not self._attempt_frames and self.slot.latest is not None:
            self._reconnects += 1
        self._attempt_frames += 1
        self._attempt_rejects = 0
        self._meter.add(frame.arrival, len(frame.jpeg))
        if self.health.state is not State.ONLINE:
            self.slot.latest = frame  # so that whoever hears of the new state already finds its picture
            self._set(State.ONLINE)
            self._log.info("online, %dx%d", width, height)
            if self._watch is not None:
                self._watch.cancel()
            self._keep_watch()
        self.slot.publish_frame(frame)

    def _reject(self, cause: str) -> None:
        self._rejected[cause] += 1
        self._attempt_rejects += 1

    def _lost(self, error: BoardError) -> None:
        if self.health.state is not State.OFFLINE or self.health.reason is not error.reason:
            self._log.warning("%s", explain(error, self._host))
            self._set(State.OFFLINE, error)

    def _set(self, state: State, error: BoardError | None = None) -> None:
        same = self.health.state is state
        since = self.health.since if same else self._clock.time()
        reason = error.reason if error else None
        self.health = Health(state, since, reason, explain(error, self._host) if error else None)
        self.slot.publish_health(self.health)

    def _no_rate(self, health: Health) -> float | None:
        """No frames flow while it is away; before its first frame, or right after its return, nothing is measured."""
        return None if self.slot.latest is None or health.state is State.ONLINE else 0.0


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


class _CameraLog(logging.LoggerAdapter[logging.Logger]):
    """Names the camera in each line."""

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        return f"[{self.extra['camera']}] {msg}" if self.extra else msg, kwargs

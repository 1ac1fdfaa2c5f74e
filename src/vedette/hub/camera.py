"""A camera: a board as Vedette knows it.

The one handler that retries. It runs one source at a time, has each part checked once, on arrival, and publishes what
is good; it decides when silence has lasted too long and what it meant. Everything here happens on the engine's loop,
except `Camera.status` and `Camera.fresh_frame`.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, MutableMapping
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

from vedette.clock import Clock, Timer, pause
from vedette.config import CameraConfig
from vedette.errors import BoardError, Reason
from vedette.frame import Frame
from vedette.hub.acquaintance import Acquaintance
from vedette.hub.ailments import Ailments, CameraWarning
from vedette.hub.backoff import delay
from vedette.hub.controlport import ControlPort
from vedette.hub.health import FROZEN, Health, State, explain, read_silence
from vedette.hub.intake import Intake, MakeChecks
from vedette.hub.orientation import Orientation
from vedette.hub.powercycle import PowerCycler
from vedette.hub.rate import RateMeter
from vedette.hub.rejects import Rejects
from vedette.hub.slot import Slot
from vedette.hub.status import CameraStatus
from vedette.hub.whereabouts import Whereabouts
from vedette.sources import OutOfReachError, Phase, Source

ATTEMPT_LIMIT = 10.0  # seconds without a good frame end an attempt: round trips of 2.9 s are normal, 10 s are not
STALE_AFTER = 3.0  # seconds, or
STALE_INTERVALS = 5  # of the camera's own mean frame intervals, if that is longer
_TICK = 0.001  # seconds that a timer waits at least: less may be nothing to a clock that counts in floats
BRIEF = 1.5  # seconds that an attempt lasts at least to count as a good one, once
BRIEF_ATTEMPTS = 3  # in a row were shorter
LINGER = 10.0  # seconds that an on-demand camera stays connected when the last one has looked away


@dataclass(frozen=True, slots=True)
class BoardLinks:
    """How a camera gets at its board; built in `cameras.py`.

    Attributes:
        host: as people know it, for explanations.
        make_source: makes the driver for one attempt.
        make_checks: makes the arrival checks, of what takes their verdicts.
        control: the board's control port.
        whereabouts: where the board is.
        power: switches a board off and on; None where nobody has said how.
    """

    host: str
    make_source: Callable[[], Source]
    make_checks: MakeChecks
    control: ControlPort
    whereabouts: Whereabouts
    power: PowerCycler | None = None


class Camera:
    """One camera.

    Args:
        camera_id: as in the configuration.
        config: what the user wants of it.
        links: how it gets at its board.
        clock: for all waiting.
        random: for jitter.

    Attributes:
        name: what people read.
        slot: its newest frame, and who hears of it.
        on_status: called whenever the board's `/status` has been read; set by whoever keeps its settings.
        orientation: how its pictures are to be turned.
        turn: what of that is left to do, because its sensor does not; may be read from any thread.
        health: replaced, never changed; may be read from any thread.
    """

    def __init__(self, camera_id: str, config: CameraConfig, links: BoardLinks, clock: Clock, random: Random) -> None:
        self.id = camera_id
        self.slot = Slot()
        self.orientation = self.turn = Orientation()
        self.on_status: Callable[[], None] | None = None
        self._clock = clock
        self._random = random
        self._log = _CameraLog(logging.getLogger(__name__), {"camera": camera_id})
        self._ailments = Ailments()
        self._intake = Intake(
            links.make_checks,
            clock,
            self._ailments,
            self._stale_after,
            self._may_repeat,
            self._publish,
            self._not_fresh,
        )
        self._take(config, links)
        self.health = Health(self._first_state(), clock.time())
        self._attending = 0
        self._linger: Timer | None = None
        self._task: asyncio.Task[None] | None = None
        self._errand: asyncio.Task[None] | None = None
        self._watch: Timer | None = None
        self._attempt: asyncio.Task[None] | None = None
        self._source: Source | None = None
        self._attempt_began = 0.0
        self._attempt_frames = 0
        self._silent = False  # the attempt at hand was ended by the watch
        self._failed_with: Reason | None = None  # the last attempt; what is said of it may since have become more exact
        self._meter = RateMeter()
        self._newest_in_full: Frame | None = None
        self._reconnects = 0

    def _take(self, config: CameraConfig, links: BoardLinks) -> None:
        """What the user wants of it, and how it gets at its board."""
        self.name = config.name or self.id
        self.enabled = config.enabled
        self.on_demand = config.connect == "on-demand"
        self._wants_full_checks = config.check == "full"
        self._aim(Orientation.of(config.flip, config.rotate))
        self._links = links
        self._board = Acquaintance(
            config.firmware,
            links.control,
            links.whereabouts,
            self._intake,
            self._ailments,
            self._clock,
            partial(self._log.info, "%s"),
        )
        links.control.on_status = self._status_read

    @property
    def host(self) -> str:
        """The board's, as the configuration has it."""
        return self._links.host

    @property
    def port(self) -> ControlPort:
        """The board's control port; another one once the camera has been reconfigured."""
        return self._links.control

    @property
    def firmware(self) -> str | None:
        """The contract's word for it; None where nobody knows yet. May be read from any thread."""
        return self._board.family

    @property
    def rejects(self) -> Rejects:
        """The newest frames that were refused; may be read from any thread."""
        return self._intake.rejects

    def status(self) -> CameraStatus:
        """How it is now; may be called from any thread, and never waits.

        Each value is replaced in one step by the engine; two of them may be a frame apart.
        """
        health, latest, rate, now = self.health, self.slot.latest, self._meter.rate, self._clock.monotonic()
        flowing = rate is not None and health.state is State.ONLINE
        fps = rate.fps if flowing and rate else self._no_rate(health)
        width, height = (latest.width, latest.height) if latest else (0, 0)
        if self.orientation.rotate:
            width, height = height, width
        return CameraStatus(
            id=self.id,
            name=self.name,
            firmware=self.firmware,
            health=health,
            last_frame_age_s=max(0.0, now - latest.arrival) if latest else None,
            fps=fps,
            bytes_per_s=rate.bytes_per_s if flowing and rate else self._no_rate(health),
            width=width or None,
            height=height or None,
            frames=self._intake.frames,
            rejected=self._intake.rejected,
            reconnects=self._reconnects,
            reboots=self._intake.reboots,
            warnings=self._warnings(now, fps),
            control=self._links.control.state,
            board=self._ailments.itself.recent(now),
        )

    def _warnings(self, now: float, fps: float | None) -> tuple[CameraWarning, ...]:
        found = self._ailments.warnings(now, fps)
        power = self._links.power.warning() if self._links.power is not None else None
        return found if power is None else (*found, power)

    def fresh_frame(self) -> Frame | None:
        """The newest frame if the camera is online and it is not stale; may be called from any thread."""
        latest = self.slot.latest
        if latest is None or self.health.state is not State.ONLINE:
            return None
        return latest if self._clock.monotonic() - latest.arrival < self._stale_after() else None

    def presentable(self) -> Frame | None:
        """The newest frame that has been checked as closely as is wanted, for whoever begins to look.

        While nobody looks most frames are checked by their markers only; then the next one, which is checked in full,
        is as near as the camera's next frame, and None is given. Of a camera that is not online, the newest frame that
        was checked in full. May be called from any thread.
        """
        latest = self.slot.latest
        if latest is None or latest.gray is not None or not self._wants_full_checks or self._ailments.overloaded:
            return latest
        return None if self.health.state is State.ONLINE else self._newest_in_full

    # Its life: always, or while somebody looks.

    def start(self) -> None:
        """Begin, unless it is disabled or waits for somebody to look."""
        if self._links.power is not None and self.enabled:
            self._links.power.start()
        if self.enabled and (self._attending or not self.on_demand):
            self._begin()

    async def stop(self) -> None:
        """End its connection, and wait until that is done."""
        if self._linger is not None:
            self._linger.cancel()
        tasks = [task for task in (self._task, self._errand) if task is not None]
        self._task = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._intake.stop()
        if self._links.power is not None:
            await self._links.power.stop()

    async def retire(self) -> None:
        """The camera is no more: who still looks at it, or comes too late, does not begin it again."""
        self.enabled = False
        await self.stop()

    def rename(self, name: str | None) -> None:
        """People call it something else."""
        self.name = name or self.id
        self.slot.publish_health(self.health)

    def orient(self, orientation: Orientation) -> None:
        """Its pictures are to be turned like this; by its sensor, when that says that it does."""
        self._aim(orientation)
        self.slot.publish_health(self.health)  # the picture of a camera that is away is turned otherwise, too

    def _aim(self, orientation: Orientation) -> None:
        """What the sensor has confirmed, and is still wanted, it does until it says otherwise."""
        done = self.orientation.flips - self.turn.flips
        self.orientation, self.turn = orientation, orientation.without(done)

    def sensor_flips(self, names: frozenset[str]) -> None:
        """The sensor confirms that it does these flips, which are wanted."""
        self.turn = self.orientation.without(names)

    async def reconfigure(self, config: CameraConfig, links: BoardLinks) -> None:
        """Begin anew as the user wants it by now. Its viewers stay, and its counters go on.

        The last picture stays too, and what its sensor has confirmed, unless another address means that it may be
        another board's.
        """
        await self.retire()  # and whoever comes to look meanwhile does not begin it
        self._linger = None
        if links.host != self._links.host:
            self.slot.latest = self._newest_in_full = None
            self.turn = self.orientation
        self._ailments = Ailments()
        self._intake.renew(links.make_checks, self._ailments)
        self._take(config, links)
        self._meter.restart()
        self._set(self._first_state())
        self.start()

    def attend(self) -> None:
        """Somebody begins to look, or to record; each call is ended by one of `release`."""
        self._attending += 1
        self._intake.watch(watched=True)
        if self._linger is not None:
            self._linger.cancel()
            self._linger = None
        if self.enabled and self._task is None:
            self._begin()

    def release(self) -> None:
        """Somebody has looked away."""
        self._attending -= 1
        self._intake.watch(watched=self._attending > 0)
        if not self._attending and self.on_demand and self._task is not None:
            self._linger = self._clock.call_later(LINGER, self._fall_idle)

    def _begin(self) -> None:
        if self.health.state is State.IDLE:
            self._set(State.CONNECTING)
        self._task = asyncio.create_task(self._live(), name=f"camera-{self.id}")

    def _fall_idle(self) -> None:
        if self._linger is not None:
            self._linger.cancel()
            self._linger = None
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._errand is not None:
            self._errand.cancel()
        self._end_attempt()
        self._set(State.IDLE)

    def _first_state(self) -> State:
        if not self.enabled:
            return State.DISABLED
        return State.IDLE if self.on_demand else State.CONNECTING

    # Trying, and trying again.

    async def _live(self) -> None:
        failures = brief = 0
        while True:
            error = await self._try()
            lasted = self._clock.monotonic() - self._attempt_began
            # One that gives a picture and closes again and again is no better than one that gives none.
            brief = brief + 1 if self._attempt_frames and lasted < BRIEF else 0
            failures = 0 if self._attempt_frames and brief <= BRIEF_ATTEMPTS else failures + 1
            if self.health.state is not State.OFFLINE or error.reason is not self._failed_with:
                self._lost(error)
            self._failed_with = error.reason
            wait = delay(error.reason, failures, self._random, lasted)
            if failures:
                self._run_errand(partial(self._look_around, error))
            await pause(self._clock, wait)

    async def _try(self) -> BoardError:
        """Run one source to its end, and say how it ended."""
        source = self._source = self._links.make_source()
        self._attempt_began = self._clock.monotonic()
        self._attempt_frames = 0
        self._silent = False
        self._meter.restart()
        self._intake.begin()
        attempt = self._attempt = asyncio.create_task(source.run(self._intake.take))
        self._keep_watch()
        try:
            return await self._outcome(attempt, source)
        finally:
            attempt.cancel()
            if self._attempt is attempt:  # and no other has begun meanwhile
                self._end_attempt()

    def _end_attempt(self) -> None:
        self._attempt = None
        if self._watch is not None:
            self._watch.cancel()
        self._intake.begin()

    async def _outcome(self, attempt: "asyncio.Task[None]", source: Source) -> BoardError:
        try:
            await attempt
        except BoardError as error:
            await self._intake.settle()  # what came before the end is good or bad, whatever the end was
            return error if self._attempt_frames else self._without_frames() or error
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not self._silent or (task is not None and task.cancelling()):  # the camera is to stop, perhaps also
                raise
            return self._read_silence(source)
        except Exception:  # noqa: BLE001 - the task's edge: one camera's fault must not end its healing
            self._log.exception("a fault of Vedette's own; please report it")
            return BoardError(Reason.STALLED, "a fault of Vedette's own; see its log")
        return BoardError(Reason.STALLED, "the stream ended")

    def _read_silence(self, source: Source) -> BoardError:
        """What ten seconds without a good frame mean."""
        return self._why_not_fresh() if source.phase is Phase.RECEIVING else read_silence(source.phase)

    def _why_not_fresh(self) -> BoardError:
        """Connected, and no good frame: what came instead?"""
        return self._without_frames() or BoardError(Reason.STALLED)

    def _without_frames(self) -> BoardError | None:
        """What came in place of good frames; None where nothing did."""
        if self._intake.frozen:
            return BoardError(Reason.SENSOR_SILENT, FROZEN)
        lately = self._clock.monotonic() - self._intake.bad_at < max(1.0, 3 * self._interval())
        if self._intake.bad and (lately or not self._attempt_frames):
            return BoardError(Reason.ALL_FRAMES_BAD)
        if self._source is not None and self._source.words and not self._attempt_frames:
            return BoardError(Reason.SENSOR_SILENT)  # firmware that says in words that it has no picture
        return None

    # The watch: one timer, set to the next moment at which silence would mean something.

    def _last_sign(self) -> float:
        latest = self.slot.latest
        return latest.arrival if latest is not None and self._attempt_frames else self._attempt_began

    @property
    def _asked_interval(self) -> float:
        """Seconds between pictures where they are fetched one by one; 0 for a stream, and where nothing has begun."""
        return self._source.interval if self._source is not None else 0.0

    def _interval(self) -> float:
        """Seconds between frames, as measured, or as far as nothing is measured, as they are asked for."""
        rate = self._meter.rate
        return max(1 / rate.fps if rate and rate.fps else 0.0, self._asked_interval)

    def _may_repeat(self) -> bool:
        """A server of single pictures that is no board may give the same one for minutes, and nothing is wrong."""
        return self._asked_interval > 0 and self._board.family in {None, "generic"}

    def _stale_after(self) -> float:
        return max(STALE_AFTER, STALE_INTERVALS * self._interval())

    def _attempt_limit(self) -> float:
        return ATTEMPT_LIMIT + self._asked_interval

    def _keep_watch(self) -> None:
        silence = self._clock.monotonic() - self._last_sign()
        limit = self._attempt_limit()
        if silence >= limit:
            self._silent = True
            if self._attempt is not None:
                self._attempt.cancel()
            return
        limits = [limit]
        if self.health.state is State.ONLINE:
            if silence >= self._stale_after():
                self._not_fresh()
            else:
                limits.append(self._stale_after())
        self._watch = self._clock.call_later(max(_TICK, min(limits) - silence), self._keep_watch)

    def _watch_anew(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._keep_watch()

    # What arrives.

    def _publish(self, frame: Frame) -> None:
        if not self._attempt_frames and self.slot.latest is not None:
            self._reconnects += 1
        self._attempt_frames += 1
        if self._attempt_frames == 1 and self._source is not None:
            self._run_errand(partial(self._board.meet, self._source))
        if frame.gray is not None:
            self._newest_in_full = frame
        self._meter.add(frame.arrival, len(frame.jpeg))
        if self._board.init_size is not None:
            self._ailments.measured(frame.arrival, len(frame.jpeg), self._board.init_size)
        if self.health.state is not State.ONLINE:
            self.slot.latest = frame  # so that whoever hears of the new state already finds its picture
            self._set(State.ONLINE)
            self._log.info("online, %dx%d", frame.width, frame.height)
            self._watch_anew()
        self.slot.publish_frame(frame)

    def _not_fresh(self) -> None:
        """A picture has come that is no news."""
        if self.health.state is State.ONLINE:
            self._set(State.STALE, self._why_not_fresh())

    # What else there is to learn about the board, without hurry: one errand at a time.

    def _run_errand(self, errand: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if self._errand is not None:
            self._errand.cancel()
        self._errand = asyncio.create_task(self._guard(errand))

    async def _guard(self, errand: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await errand()
        except Exception:  # noqa: BLE001 - the task's edge: learning must not harm a camera
            self._log.exception("a fault of Vedette's own; please report it")

    async def _look_around(self, error: BoardError) -> None:
        better = await self._board.look_around(error)
        if self.health.state is State.OFFLINE:
            self._lost(better)

    def _status_read(self) -> None:
        if self.on_status is not None:
            self.on_status()

    # What becomes of it.

    def _lost(self, error: BoardError) -> None:
        explanation = self._explain(error)
        if self.health.state is not State.OFFLINE or self.health.reason is not error.reason:
            self._log.warning("%s", explanation)
            self._set(State.OFFLINE, error)
        elif self.health.explanation != explanation:
            self._set(State.OFFLINE, error)

    def _explain(self, error: BoardError) -> str:
        return explain(error, self._links.host, self._ailments.words(self._clock.monotonic()))

    def _set(self, state: State, error: BoardError | None = None) -> None:
        before = self.health.state
        if before is State.ONLINE and state in {State.STALE, State.OFFLINE}:
            self._ailments.lost(self._clock.monotonic())
        since = self.health.since if before is state else self._clock.time()
        self.health = Health(state, since, error.reason if error else None, self._explain(error) if error else None)
        self.slot.publish_health(self.health)
        if self._links.power is not None and not isinstance(error, OutOfReachError):  # which no power cut would change
            latest = self.slot.latest
            self._links.power.tend(self.health, self._clock.monotonic() - latest.arrival if latest else None)

    def _no_rate(self, health: Health) -> float | None:
        """No frames flow while it is away; before its first frame, or right after its return, nothing is measured."""
        return None if self.slot.latest is None or health.state is State.ONLINE else 0.0


class _CameraLog(logging.LoggerAdapter[logging.Logger]):
    """Names the camera in each line."""

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        return f"[{self.extra['camera']}] {msg}" if self.extra else msg, kwargs

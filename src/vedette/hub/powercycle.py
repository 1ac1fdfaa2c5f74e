"""Cuts a board's power through a smart plug, when nothing else helps.

Some hangs of camera sensors survive every soft reset (easytarget/esp32-cam-webserver#294). A power cut is the last
resort, and never hurried: only in an outage that it can help, only after minutes without a frame, with a pause that
doubles up to six hours, and so many times a day. What a power cut cannot help (a wrong password, address or path) never
leads to one; and as somebody else may be streaming from a busy board, or a picture be damaged by weak Wi-Fi, those
outages wait six times as long.
"""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from urllib.parse import urlsplit

from vedette.clock import Clock, Timer, pause
from vedette.config import PowerCycleConfig
from vedette.errors import Reason
from vedette.hub.ailments import HOUR, CameraWarning
from vedette.hub.health import Health, State
from vedette.hub.plugs import Answer, Plug

_HELPED = frozenset({Reason.UNREACHABLE, Reason.REFUSED, Reason.STALLED, Reason.SENSOR_SILENT})
_DOUBTFUL = frozenset({Reason.SLOT_BUSY, Reason.ALL_FRAMES_BAD})
_DOUBTFUL_TIMES = 6  # half an hour in place of five minutes
_LONGEST_PAUSE = 6 * 3600.0  # seconds
_DAY = 86400.0  # seconds
_APART = 10.0  # seconds between any two power cuts: boards that start together draw their peak current together
_ON_TRIES = 5  # a plug that was switched off must not stay so because of one lost packet
_ON_PAUSE = 3.0  # seconds between those
_STOP_WITHIN = 2.0  # seconds that switching on again may take at the end

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PowerCycle:
    """One attempt to cut a board's power.

    Attributes:
        time: seconds since the epoch.
        ok: the plug has obeyed, as far as its answer tells.
        detail: what it said, or why it could not be asked.
    """

    time: float
    ok: bool
    detail: str


class Pacing:
    """Shared by all cameras: one power cut at a time, and none twice at one plug within the pause.

    Boards behind one plug have the same URL; after its power cut the others wait as long as the one that asked.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._newest: float | None = None
        self._at: dict[str, float] = {}

    def take(self, url: str, pause_after: float) -> float:
        """Claim the next power cut: 0 if it may happen now, and is noted; else the seconds to wait before asking."""
        now = self._clock.monotonic()
        free = [now]
        if self._newest is not None:
            free.append(self._newest + _APART)
        if url in self._at:
            free.append(self._at[url] + pause_after)
        wait = max(free) - now
        if wait <= 0:
            self._newest = self._at[url] = now
        return wait


class PowerCycler:
    """Cuts one board's power when nothing else helps. On the engine's loop; attributes may be read from any thread.

    Args:
        camera_id: as in the configuration, for the log.
        config: the camera's ``power_cycle``.
        pacing: shared by all cameras.
        clock: for all waiting.

    Attributes:
        last: the newest attempt, or None.
        count: power cuts since the server started, without attempts at which the plug did not obey.
    """

    def __init__(self, camera_id: str, config: PowerCycleConfig, pacing: Pacing, clock: Clock) -> None:
        self.last: PowerCycle | None = None
        self.count = 0
        self._id = camera_id
        self._config = config
        self._pacing = pacing
        self._clock = clock
        self._plug = Plug(config, clock)
        self._running = False
        self._reason: Reason | None = None  # of the outage at hand, if a power cut can help it
        self._since = 0.0  # when that began
        self._last_frame = -_DAY
        self._attempts = 0  # in this outage
        self._newest = -_DAY  # when the newest was
        self._cuts: deque[float] = deque(maxlen=config.per_day)  # when the newest were that the plug obeyed
        self._timer: Timer | None = None
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    def start(self) -> None:
        """Begin to act."""
        self._running = True
        self._plan()

    def warning(self) -> CameraWarning | None:
        """What was done within the last hour, for the camera's page; may be called from any thread."""
        last = self.last
        if last is None or self._clock.time() - last.time > HOUR:
            return None
        minutes = round((self._clock.time() - last.time) / 60)
        when = f"{minutes} min ago" if minutes else "just now"
        if not last.ok:
            return CameraWarning(
                "power_cycle_failed", f"The plug was to cut its power {when}, and failed: {last.detail}."
            )
        times = "once" if self.count == 1 else f"{self.count} times"
        return CameraWarning(
            "power_cycled",
            f"Its power was cut {when}, since nothing else helped; {times} since the start of the server.",
        )

    async def stop(self) -> None:
        """Cease. A plug that has been switched off is switched on again first, if it answers within 2 s."""
        self._running = False
        self._cancel_timer()
        if self._task is None:
            return
        self._hurry.set()
        timer = self._clock.call_later(_STOP_WITHIN, self._task.cancel)
        await asyncio.gather(self._task, return_exceptions=True)
        timer.cancel()

    def tend(self, health: Health, last_frame_age: float | None) -> None:
        """Call whenever the camera's health has changed.

        Args:
            health: how it is now.
            last_frame_age: seconds since its newest frame; None where there was none.
        """
        now = self._clock.monotonic()
        if last_frame_age is not None:
            self._last_frame = now - last_frame_age
        away = health.state in {State.STALE, State.OFFLINE}
        reason = health.reason if away and health.reason in _HELPED | _DOUBTFUL else None
        if reason is not None and self._reason is None:
            self._since, self._attempts = now, 0
        self._reason = reason
        self._plan()

    # One timer, set to the moment at which a power cut would be due.

    def _plan(self, at_least: float = 0.0) -> None:
        self._cancel_timer()
        if self._running and self._reason is not None and self._task is None:
            self._timer = self._clock.call_later(max(self._wait(self._reason), at_least), self._act)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self, reason: Reason) -> float:
        """Seconds until the next power cut is due, as far as this camera goes."""
        patience = float(self._config.after) * (_DOUBTFUL_TIMES if reason in _DOUBTFUL else 1)
        due = max(self._since + patience, self._last_frame + self._config.after)
        due = max(due, self._newest + self._pause())
        if len(self._cuts) == self._config.per_day:
            due = max(due, self._cuts[0] + _DAY)
        return max(0.0, due - self._clock.monotonic())

    def _pause(self) -> float:
        """Seconds after the newest attempt, doubled for each in this outage but the first."""
        longest = max(_LONGEST_PAUSE, float(self._config.pause))
        return min(self._config.pause * 2.0 ** max(0, self._attempts - 1), longest)

    def _act(self) -> None:
        wait = self._pacing.take(self._config.url, self._config.pause)
        if wait > 0:
            self._plan(wait)
            return
        self._attempts += 1
        self._newest = self._clock.monotonic()
        self._task = asyncio.create_task(self._cycle(), name=f"power-cycle-{self._id}")
        self._task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._task = None
        if not task.cancelled() and task.exception() is not None:
            _log.error("[%s] a fault of Vedette's own; please report it", self._id, exc_info=task.exception())
        self._plan()

    # The power cut.

    async def _cycle(self) -> None:
        _log.warning("[%s] no pictures: its power is cut at %s", self._id, urlsplit(self._config.url).hostname)
        moment = self._clock.time()
        answer = await self._plug.ask(self._config.url)
        if self._config.url_on is not None:
            answer = await self._switch_on(self._config.url_on, answer)
        if answer.ok:
            self.count += 1
            self._cuts.append(self._newest)
        self.last = PowerCycle(moment, answer.ok, answer.detail)
        level = logging.INFO if answer.ok else logging.WARNING
        _log.log(level, "[%s] the plug: %s", self._id, answer.detail)

    async def _switch_on(self, url: str, off: Answer) -> Answer:
        """Restore the power, whatever the plug said before: it may have obeyed, and its answer been lost."""
        if off.ok:
            await self._pause_or_hurry(self._config.off_seconds)
        for attempt in range(_ON_TRIES):
            if attempt:
                await self._pause_or_hurry(_ON_PAUSE)
            on = await self._plug.ask(url)
            if on.ok:
                return off
        if not off.ok:
            return off
        return Answer(ok=False, detail=f"it was switched off, and perhaps not on again: {on.detail}")

    async def _pause_or_hurry(self, seconds: float) -> None:
        waits = {asyncio.ensure_future(pause(self._clock, seconds)), asyncio.ensure_future(self._hurry.wait())}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

"""The arrival checks of one camera: in order, one at a time, and never on the engine's loop.

A broken frame goes nowhere, and nobody waits for a check that comes too late. So each part is checked in full, by the
picture pool, while the camera is watched and the pool keeps up. Otherwise its markers are looked at, here on the loop
(13 us), and one part a second is checked in full:

* with nobody watching;
* overloaded: a fourth part came while three waited for the one at hand, and that one has been there for `WAITING_AGE`.
  (Several that come at once, after a moment's silence, are no overload.) Then all that wait go by their markers, at
  once; `HOLD` seconds later full checks are tried again, and `TRIAL` seconds without another overload end it.

Parts are handed on in the order in which they came, whatever was looked at.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from vedette.clock import Clock, Timer
from vedette.config import Check
from vedette.picture import Checked, check, check_markers
from vedette.wire.jpeg import BadJpegError, Damage
from vedette.wire.multipart import Part

WAITING_LIMIT = 3  # parts behind the one at hand, and
WAITING_AGE = 0.12  # seconds of the one at hand, as three at 25 fps: nobody should see older ones
WAITING_MOST = 32  # parts, however young: a megabyte
SAMPLE_INTERVAL = 1.0  # seconds between full checks where markers are the rule
HOLD = 10.0  # seconds without full checks after an overload
TRIAL = 2.0  # seconds of full checks without an overload: it is over

_log = logging.getLogger(__name__)


class Arrival(NamedTuple):
    """A part, and when its last byte reached the server.

    Attributes:
        part: as it came.
        timestamp: seconds since the epoch.
        monotonic: the same moment on the monotonic clock.
    """

    part: Part
    timestamp: float
    monotonic: float


class Checks:
    """The checks of one camera. Everything is called, and calls back, on the engine's loop.

    Args:
        post: does something on the loop soon, from any thread (`Engine.post`).
        pool: where full checks happen.
        clock: for the sampling and for `overloaded`.
        mode: the camera's ``check``: full, markers or off.
        accept: takes what may go out, in order.
        refuse: takes what may not: the part, the damage, a sentence's worth of detail.
        overload_changed: hears that `overloaded` has become another.

    Attributes:
        watched: somebody looks at the camera; set by it. While False, one part a second is checked in full.
        overloaded: the pool does not keep up, and most parts are checked by their markers only.
    """

    def __init__(
        self,
        post: Callable[[Callable[[], object]], object],
        pool: Executor,
        clock: Clock,
        mode: Check,
        accept: Callable[[Arrival, Checked], None],
        refuse: Callable[[Arrival, Damage, str], None],
        overload_changed: Callable[[], None] = lambda: None,
    ) -> None:
        self.watched = True
        self.overloaded = False
        self._post = post
        self._pool = pool
        self._clock = clock
        self._mode = mode
        self._accept = accept
        self._refuse = refuse
        self._overload_changed = overload_changed
        self._waiting: deque[_Job] = deque()
        self._at_hand: _Job | None = None  # in the pool, and its verdict is awaited
        self._busy = False  # the pool has one of ours, awaited or given up
        self._sparing = False  # overloaded, and not on trial
        self._next_sample = 0.0
        self._timer: Timer | None = None
        self._settled: asyncio.Future[None] | None = None  # somebody waits for all verdicts

    def take(self, part: Part) -> None:
        """Check a part that has just arrived whole; its verdict comes at once or later."""
        arrival = Arrival(part, self._clock.time(), self._clock.monotonic())
        self._waiting.append(_Job(arrival, in_full=self._wants_full(arrival.monotonic)))
        if len(self._waiting) > WAITING_LIMIT and self._is_late(arrival.monotonic):
            self._spare()
        self._go_on()

    async def settle(self) -> None:
        """Wait until all that was taken has its verdict; or until it is forgotten."""
        if self._at_hand is not None:
            self._settled = asyncio.get_running_loop().create_future()
            await self._settled

    def restart(self) -> None:
        """Forget the parts under way: no verdict on what came before is given after this. Also for the end."""
        self._waiting.clear()
        self._at_hand = None
        self._tell_settled()

    def stop(self) -> None:
        """Forget the parts under way, and the overload."""
        self.restart()
        self._sparing = self.overloaded = False
        if self._timer is not None:
            self._timer.cancel()

    def _is_late(self, now: float) -> bool:
        oldest = self._at_hand or self._waiting[0]
        return now - oldest.arrival.monotonic >= WAITING_AGE or len(self._waiting) > WAITING_MOST

    def _wants_full(self, now: float) -> bool:
        if self._mode != "full":
            return False
        if self.watched and not self._sparing:
            return True
        if self._busy or now < self._next_sample:
            return False
        self._next_sample = now + SAMPLE_INTERVAL
        return True

    def _go_on(self) -> None:
        """Check what waits, up to the first that the pool must do."""
        while self._waiting and self._at_hand is None:
            if self._waiting[0].in_full:
                if not self._busy:
                    self._begin(self._waiting.popleft())
                return
            arrival = self._waiting.popleft().arrival
            self._hand_on(arrival, self._look(arrival.part.body))
        if self._at_hand is None:
            self._tell_settled()

    def _tell_settled(self) -> None:
        if self._settled is not None and not self._settled.done():
            self._settled.set_result(None)

    def _begin(self, job: "_Job") -> None:
        self._at_hand = job
        self._busy = True
        self._pool.submit(self._check, job)

    def _check(self, job: "_Job") -> None:
        """In a thread of the pool."""
        body = job.arrival.part.body
        verdict: Checked | BadJpegError
        try:
            verdict = check(body)
        except BadJpegError as bad:
            verdict = bad
        except Exception:  # noqa: BLE001 - the thread's edge: our own fault must not stop the camera
            _log.exception("a fault of Vedette's own in the arrival check; please report it")
            verdict = self._look(body)
        self._post(partial(self._finish, job, verdict))

    def _finish(self, job: "_Job", verdict: Checked | BadJpegError) -> None:
        self._busy = False
        if job is self._at_hand:
            self._at_hand = None
            self._hand_on(job.arrival, verdict)
        self._go_on()

    def _look(self, body: bytes) -> Checked | BadJpegError:
        """What can be said without decoding."""
        if self._mode == "off":
            return Checked(body, None)
        try:
            return check_markers(body)
        except BadJpegError as bad:
            return bad

    def _hand_on(self, arrival: Arrival, verdict: Checked | BadJpegError) -> None:
        if isinstance(verdict, BadJpegError):
            self._refuse(arrival, verdict.damage, verdict.detail)
        else:
            self._accept(arrival, verdict)

    # Overload.

    def _spare(self) -> None:
        """Give up the check at hand, and let all that wait go by their markers."""
        if self._at_hand is not None:
            self._waiting.appendleft(self._at_hand)
            self._at_hand = None
        for job in self._waiting:
            job.in_full = False
        self._sparing = True
        self._next_sample = self._clock.monotonic() + SAMPLE_INTERVAL
        self._set_timer(HOLD, self._try_again)
        self._set_overloaded(now=True)

    def _try_again(self) -> None:
        self._sparing = False
        self._set_timer(TRIAL, partial(self._set_overloaded, now=False))

    def _set_timer(self, delay: float, act: Callable[[], object]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.call_later(delay, act)

    def _set_overloaded(self, *, now: bool) -> None:
        changed = now is not self.overloaded
        self.overloaded = now
        if changed:
            self._overload_changed()


@dataclass(slots=True, eq=False)
class _Job:
    arrival: Arrival
    in_full: bool

"""Watches the engine's loop: how late it comes to what is due, and who held it.

A timer on the loop notes twice a second how late it was called: the loop's lag. A thread looks 50 ms after each of
those moments whether it was called at all; if not, something holds the loop, and the engine's stack says what. It is a
sample: who holds the loop once and briefly may escape, who does it again and again does not. More often would find more
and cost more: a wake-up of an idle server was measured at 0.15 ms, and both together at 0.07 % of a core. The timer
counts whole milliseconds (libuv), so a lag below one is none.
"""

import logging
import sys
import threading
from dataclasses import dataclass
from types import FrameType

from vedette.clock import Clock, Timer
from vedette.hub.engine import Engine

EVERY = 0.5  # seconds
HELD_AFTER = 0.05  # seconds; law 9 of the architecture
_REMEMBERED = 120  # measurements: the last minute
_SAME_AGAIN = 60.0  # seconds before the same holder is named again
_OUR_PACKAGE = __name__.partition(".")[0]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lag:
    """How late the loop was over the last minute, in seconds."""

    mean: float
    max: float


class Watchdog:
    """Measures from the engine's start to its stop.

    Args:
        engine: whose loop is watched; running when `start` is called.
        clock: when the loop is late.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._lags: list[float] = []  # a ring, so that it can be read while it is written
        self._beats = 0
        self._due = 0.0
        self._timer: Timer | None = None
        self._watched = 0
        self._named: dict[str, float] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    @property
    def lag(self) -> Lag | None:
        """The loop's lag; may be read from any thread. None before the first measurement."""
        lags = self._lags.copy()
        return Lag(sum(lags) / len(lags), max(lags)) if lags else None

    def start(self) -> None:
        """Begin."""
        self._watched = self._engine.call(threading.get_ident)
        self._engine.call(self._plan)
        self._thread.start()

    def stop(self) -> None:
        """End; harmless when it has not begun. The engine still runs."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)
        self._engine.post(self._rest)

    # On the loop.

    def _plan(self) -> None:
        self._due = self._clock.monotonic() + EVERY
        self._timer = self._clock.call_later(EVERY, self._beat)

    def _beat(self) -> None:
        lag = max(0.0, self._clock.monotonic() - self._due)
        if len(self._lags) < _REMEMBERED:
            self._lags.append(lag)
        else:
            self._lags[self._beats % _REMEMBERED] = lag
        self._beats += 1
        self._plan()

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    # In the watchdog's thread.

    def _run(self) -> None:
        while not self._stopped.wait(max(0.0, self._due + HELD_AFTER - self._clock.monotonic())):
            due = self._due
            if self._clock.monotonic() >= due + HELD_AFTER:
                self._look(due)

    def _look(self, due: float) -> None:
        """The loop has not come to what was due: see who holds it, and for how long."""
        holder = describe_holder(sys._current_frames().get(self._watched))  # noqa: SLF001 - documented, if with a dash
        if self._due != due:
            return  # it has come to it meanwhile: what was seen is somebody else
        while self._due == due and not self._stopped.wait(HELD_AFTER):
            pass
        held = self._clock.monotonic() - due
        self._named = {known: until for known, until in self._named.items() if until > due}
        if holder not in self._named:
            self._named[holder] = due + _SAME_AGAIN
            _log.warning("the engine's loop was late by about %.0f ms: %s", held * 1000, holder)


def describe_holder(innermost: FrameType | None) -> str:
    """Say where a thread is: our own innermost function, and what it called, if that is not ours."""
    frame, called = innermost, None
    while frame is not None:
        package = frame.f_globals.get("__name__", "")
        if package.partition(".")[0] == _OUR_PACKAGE:
            if frame.f_code.co_name == "_run" and package == Engine.__module__:
                break  # the loop itself
            return f"held by {_place(frame)}, in {_place(called)}" if called else f"held by {_place(frame)}"
        called = called or frame
        frame = frame.f_back
    return f"held by {_place(called)}" if called else "this machine was too busy"


def _place(frame: FrameType) -> str:
    return f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_qualname}:{frame.f_lineno}"

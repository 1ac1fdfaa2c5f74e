"""Time as an argument.

Everything that waits takes a ``Clock``. The system's clock counts on the running event loop; a test's clock is
moved by hand, so that an hour of outage passes in a millisecond. ``call_later`` is the only primitive: what is
waited for is always something that can be cancelled.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """Something that will happen unless it is cancelled."""

    def cancel(self) -> None:
        """Make it not happen. Harmless when it has happened."""


class Clock(Protocol):
    """Where now comes from, and later."""

    def time(self) -> float:
        """Seconds since the epoch."""

    def monotonic(self) -> float:
        """Seconds that never run backwards; only differences mean something."""

    def call_later(self, delay: float, callback: Callable[[], object]) -> Timer:
        """Call back on the event loop's thread after ``delay`` seconds."""


class SystemClock:
    """The machine's clocks, and the running event loop's timers."""

    def time(self) -> float:
        """See `Clock.time`."""
        return time.time()

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        return time.monotonic()

    def call_later(self, delay: float, callback: Callable[[], object]) -> Timer:
        """See `Clock.call_later`; must be called on the event loop's thread."""
        return asyncio.get_running_loop().call_later(delay, callback)

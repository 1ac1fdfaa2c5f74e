"""A clock that is moved by hand: an hour of outage in a millisecond."""

import asyncio
import heapq
import itertools
from collections.abc import Callable


class FakeTimer:
    """See `vedette.clock.Timer`."""

    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class FakeClock:
    """A `vedette.clock.Clock` that stands still until it is moved."""

    def __init__(self) -> None:
        self._now = 1000.0
        self._timers: list[tuple[float, int, Callable[[], object], FakeTimer]] = []
        self._order = itertools.count()

    def time(self) -> float:
        return 1_700_000_000.0 + self._now

    def monotonic(self) -> float:
        return self._now

    def call_later(self, delay: float, callback: Callable[[], object]) -> FakeTimer:
        timer = FakeTimer()
        heapq.heappush(self._timers, (self._now + delay, next(self._order), callback, timer))
        return timer

    def pending(self) -> int:
        return sum(not timer.cancelled for *_, timer in self._timers)

    def next_due(self) -> float:
        """Seconds until the next thing happens."""
        return min(due for due, _, _, timer in self._timers if not timer.cancelled) - self._now

    def move(self, seconds: float) -> None:
        """Let time pass, and what falls due happen; for code without tasks."""
        end = self._now + seconds
        while self._timers and self._timers[0][0] <= end:
            due, _, callback, timer = heapq.heappop(self._timers)
            self._now = max(self._now, due)
            if not timer.cancelled:
                callback()
        self._now = end

    async def advance(self, seconds: float) -> None:
        """Let time pass, and tasks run whenever something falls due."""
        end = self._now + seconds
        await settle()
        while self._timers and self._timers[0][0] <= end:
            due, _, callback, timer = heapq.heappop(self._timers)
            self._now = max(self._now, due)
            if not timer.cancelled:
                callback()
                await settle()
        self._now = end


async def settle() -> None:
    """Let every task run until it waits for something other than the loop."""
    for _ in range(20):
        await asyncio.sleep(0)

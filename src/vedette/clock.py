"""Time as an argument.

Everything that waits takes a ``Clock``. The system's clock counts on the running event loop; a test's clock is
moved by hand, so that an hour of outage passes in a millisecond. ``call_later`` is the only primitive: what is
waited for is always something that can be cancelled.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


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


async def pause(clock: Clock, seconds: float) -> None:
    """Wait, on the event loop; where there is nothing to wait for, let others go first."""
    if seconds <= 0:
        await asyncio.sleep(0)
        return
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    timer = clock.call_later(seconds, partial(_settle, done))
    try:
        await done
    finally:
        timer.cancel()


async def within(clock: Clock, seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """Do some work, and no longer than that.

    Raises:
        TimeoutError: it was not done in time, and has been cancelled.
    """
    task = asyncio.create_task(work)
    timer = clock.call_later(seconds, task.cancel)
    try:
        await asyncio.wait((task,))
    finally:
        timer.cancel()
        task.cancel()
    if task.cancelled():
        raise TimeoutError
    return task.result()


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)

import asyncio
import time

from vedette.clock import SystemClock


def test_the_systems_clock_tells_the_systems_time() -> None:
    clock = SystemClock()
    assert abs(clock.time() - time.time()) < 5
    first = clock.monotonic()
    assert clock.monotonic() >= first


def test_later_comes_unless_it_is_cancelled() -> None:
    async def story() -> list[str]:
        clock, happened = SystemClock(), []
        done = asyncio.Event()
        clock.call_later(0, lambda: happened.append("cancelled")).cancel()
        clock.call_later(0, lambda: happened.append("came"))
        clock.call_later(0.001, done.set)
        await asyncio.wait_for(done.wait(), 10)
        return happened

    assert asyncio.run(story()) == ["came"]

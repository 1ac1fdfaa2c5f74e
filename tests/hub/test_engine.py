import asyncio
import threading

import pytest

from vedette.errors import ServerError
from vedette.hub import Engine


async def nothing() -> None:
    """Nothing is open."""


def test_what_is_called_happens_on_the_engines_thread(engine: Engine) -> None:
    assert engine.call(lambda: threading.current_thread().name) == "engine"
    assert engine.call(lambda: asyncio.get_running_loop().is_running())


def test_what_takes_its_time_is_waited_for_and_is_ended_where_that_is_too_long(engine: Engine) -> None:
    ended = threading.Event()

    async def brief() -> str:
        await asyncio.sleep(0)
        return "done"

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    assert engine.run(brief) == "done"
    with pytest.raises(ServerError, match="not answered within"):
        engine.run(endless, timeout=0.05)
    assert ended.wait(5)


def test_an_error_comes_back_to_who_called(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError):
        engine.call(lambda: 1 // 0)


def test_who_waits_for_a_busy_engine_is_told(engine: Engine) -> None:
    release = threading.Event()
    engine.post(release.wait)
    with pytest.raises(ServerError, match="not answered within"):
        engine.call(lambda: None, timeout=0.05)
    release.set()
    assert engine.call(lambda: "again") == "again"


def test_a_stopped_engine_finishes_first_and_then_refuses() -> None:
    engine = Engine()
    engine.start()
    finished = []

    async def finish() -> None:
        finished.append(threading.current_thread().name)

    engine.stop(finish)
    engine.stop(finish)
    assert finished == ["engine"]
    assert not engine.running
    with pytest.raises(ServerError, match="not running"):
        engine.call(lambda: None)
    engine.post(lambda: None)


def test_a_finish_that_hangs_does_not_hold_the_stop() -> None:
    engine = Engine()
    engine.start()

    async def hang() -> None:
        await asyncio.Event().wait()

    engine.stop(hang, timeout=0.1)
    assert not engine.running

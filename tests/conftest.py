"""What all tests share."""

from collections.abc import Iterator

import pytest
from tests.fake_clock import FakeClock

from vedette.hub import Engine


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def engine() -> Iterator[Engine]:
    """An engine that runs, with nothing open."""

    async def nothing() -> None:
        pass

    engine = Engine()
    engine.start()
    yield engine
    engine.stop(nothing)

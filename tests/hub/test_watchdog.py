import logging
import sys
import threading
from collections.abc import Iterator
from functools import partial

import pytest
from tests.fake_clock import FakeClock

from vedette.clock import SystemClock
from vedette.hub import Engine, Watchdog
from vedette.hub.watchdog import EVERY, HELD_AFTER, describe_holder


@pytest.fixture
def watchdog(engine: Engine) -> Iterator[Watchdog]:
    watchdog = Watchdog(engine, SystemClock())
    watchdog.start()
    yield watchdog
    watchdog.stop()


def test_who_holds_the_loop_is_named_once_and_the_lag_is_measured(
    engine: Engine, watchdog: Watchdog, caplog: pytest.LogCaptureFixture
) -> None:
    named = threading.Event()
    logger = logging.getLogger("vedette.hub.watchdog")

    def notice(_: logging.LogRecord) -> bool:
        named.set()
        return True

    logger.addFilter(notice)
    try:
        engine.post(partial(threading.Event().wait, EVERY + 4 * HELD_AFTER))
        assert named.wait(20)
    finally:
        logger.removeFilter(notice)
    assert "held by threading." in caplog.messages[0]
    assert watchdog.lag is not None
    assert watchdog.lag.max >= HELD_AFTER


def test_before_the_first_measurement_nothing_is_known(engine: Engine, clock: FakeClock) -> None:
    watchdog = Watchdog(engine, clock)
    assert watchdog.lag is None
    watchdog.stop()


def test_mean_and_greatest_lag_are_those_of_the_last_minute(engine: Engine, clock: FakeClock) -> None:
    watchdog = Watchdog(engine, clock)
    watchdog._plan()
    clock._now += 0.3  # the loop is held
    clock.move(EVERY - 0.3)
    assert watchdog.lag is not None
    assert watchdog.lag.max == 0
    due = watchdog._due
    clock._now = due + 0.3
    clock.move(0)
    assert watchdog.lag.max == pytest.approx(0.3)
    assert watchdog.lag.mean == pytest.approx(0.15)
    clock.move(61)
    assert watchdog.lag.max == 0


def test_a_watchdog_that_was_stopped_leaves_no_timer(engine: Engine, clock: FakeClock) -> None:
    watchdog = Watchdog(engine, clock)
    watchdog.start()
    watchdog.stop()
    engine.call(lambda: None)
    assert clock.pending() == 0


def test_a_holder_is_our_function_and_what_it_waits_for(engine: Engine) -> None:
    release = threading.Event()
    asking = threading.Thread(target=engine.call, args=(release.wait,))
    asking.start()

    def where() -> str:
        assert asking.ident is not None
        return describe_holder(sys._current_frames()[asking.ident])

    try:
        while ", in threading." not in where():
            pass
        assert where().startswith("held by vedette.hub.engine.Engine.run:")
    finally:
        release.set()
        asking.join()


def test_nothing_of_ours_on_the_stack_means_a_busy_machine() -> None:
    assert describe_holder(None).startswith("this machine")

"""A camera's flip, by its sensor where that says what it does."""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.control.conftest import Bench
from tests.fake_clock import settle

from vedette.boards import FIRMWARES, OV2640, OV3660, Sensor
from vedette.hub import Orientation, State
from vedette.hub.orientation import MIRROR, UPSIDE_DOWN
from vedette.simulator import Fault


def told(story: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run a story on a loop of its own."""

    @functools.wraps(story)
    def run(*args: Any, **kwargs: Any) -> None:
        asyncio.run(story(*args, **kwargs))  # type: ignore[arg-type]

    return run


def flipping(orientation: Orientation, firmware: str = "cameraserver", sensor: Sensor = OV2640) -> Bench:
    bench = Bench(FIRMWARES[firmware], sensor=sensor)
    bench.camera.orientation = orientation
    bench.keeper.start()
    return bench


async def meet(bench: Bench) -> None:
    await bench.connect()
    await bench.clock.advance(2)


def flipped(bench: Bench) -> frozenset[str] | None:
    """What the keeper says that the sensor does."""
    return bench.camera.flipped


def written(bench: Bench) -> list[str]:
    return [target for target in bench.board.requests if target.startswith("/control")]


@pytest.mark.parametrize(
    ("flip", "rotate", "sensor", "expected"),
    [
        ("horizontal", 0, OV2640, {"/control?var=hmirror&val=1"}),
        ("vertical", 0, OV2640, {"/control?var=vflip&val=1"}),
        ("none", 180, OV2640, {"/control?var=hmirror&val=1", "/control?var=vflip&val=1"}),
        ("both", 180, OV2640, set()),
        ("horizontal", 90, OV2640, {"/control?var=hmirror&val=1"}),
        ("vertical", 0, OV3660, {"/control?var=vflip&val=0"}),
    ],
    ids=[
        "mirror",
        "upside down",
        "half a turn",
        "nothing in all",
        "before a quarter turn",
        "one turned by its firmware",
    ],
)
@told
async def test_the_sensor_is_told_to_flip(flip: str, rotate: int, sensor: Sensor, expected: set[str]) -> None:
    bench = flipping(Orientation.of(flip, rotate), "cameraserver", sensor)
    await meet(bench)
    assert set(written(bench)) == expected
    assert flipped(bench) == bench.camera.orientation.flips
    await bench.keeper.stop()


@told
async def test_before_the_sensor_confirms_nothing_is_left_to_it() -> None:
    bench = flipping(Orientation.of("horizontal", 0))
    assert flipped(bench) is None
    bench.board.faults = frozenset({Fault.WRITE_LOST})
    bench.answer = lambda target: 500 if "hmirror" in target else None
    await meet(bench)
    assert flipped(bench) == frozenset()
    await bench.keeper.stop()


@told
async def test_what_a_board_does_not_report_is_not_left_to_its_sensor() -> None:
    """`/status` of core 2.x has no vflip."""
    bench = flipping(Orientation.of("both", 0), "cameraserver-2")
    await meet(bench)
    assert set(written(bench)) == {"/control?var=hmirror&val=1"}
    assert flipped(bench) == frozenset({MIRROR})
    await bench.keeper.stop()


@told
async def test_what_is_set_by_name_is_the_users_and_the_flip_is_done_to_the_pictures() -> None:
    bench = Bench(FIRMWARES["cameraserver"], wanted={"hmirror": True})
    bench.camera.orientation = Orientation.of("both", 0)
    bench.keeper.start()
    await meet(bench)
    assert bench.board.settings.values["hmirror"] == 1
    assert flipped(bench) == frozenset({UPSIDE_DOWN})
    await bench.keeper.stop()


@told
async def test_a_flip_that_is_wanted_no_more_is_taken_back() -> None:
    bench = flipping(Orientation.of("horizontal", 0))
    await meet(bench)
    bench.camera.orientation = Orientation()
    bench.keeper.want({})
    await settle()
    await bench.clock.advance(1)
    assert written(bench) == ["/control?var=hmirror&val=1", "/control?var=hmirror&val=0"]
    assert flipped(bench) == frozenset()
    await bench.keeper.stop()


@told
async def test_a_flip_that_is_taken_away_together_with_the_connection_is_taken_back() -> None:
    """Whoever keeps the settings then is another keeper."""
    bench = flipping(Orientation.of("horizontal", 0))
    await meet(bench)
    bench.camera.orientation = Orientation()
    await bench.renew({})
    await meet(bench)
    assert written(bench) == ["/control?var=hmirror&val=1", "/control?var=hmirror&val=0"]
    await bench.keeper.stop()


@told
async def test_a_flip_that_the_user_has_set_by_name_since_is_not_taken_back() -> None:
    bench = flipping(Orientation.of("horizontal", 0))
    await meet(bench)
    bench.camera.orientation = Orientation()
    bench.keeper.want({"hmirror": True})
    await bench.renew({})
    await meet(bench)
    assert bench.board.settings.values["hmirror"] == 1
    assert written(bench) == ["/control?var=hmirror&val=1"]
    await bench.keeper.stop()


@told
async def test_while_the_camera_is_reconfigured_its_sensor_does_what_it_did() -> None:
    bench = flipping(Orientation.of("horizontal", 0))
    await meet(bench)
    bench.camera.port = bench.make_port()
    bench.set_state(State.CONNECTING)
    assert flipped(bench) == frozenset({MIRROR})
    await bench.keeper.stop()


@told
async def test_a_flip_that_the_board_refuses_is_logged_as_refused(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    bench = flipping(Orientation.of("horizontal", 0))
    bench.answer = lambda target: 500 if "hmirror" in target else None
    await meet(bench)
    assert [record.getMessage() for record in caplog.records] == ["[porch] hmirror: The board refused on (error 500)."]
    await bench.keeper.stop()


@told
async def test_after_a_reboot_the_sensor_flips_again() -> None:
    bench = flipping(Orientation.of("horizontal", 0))
    await meet(bench)
    await bench.reboot()
    await bench.clock.advance(1)
    assert bench.board.settings.values["hmirror"] == 1
    assert flipped(bench) == frozenset({MIRROR})
    await bench.keeper.stop()

"""Keepers with real cameras, on real sockets, against simulated boards."""

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from random import Random
from typing import Any

import pytest

from vedette.boards import FIRMWARES, OV2640, OV5640
from vedette.cameras import Shared, build_camera
from vedette.clock import SystemClock
from vedette.config import CameraConfig
from vedette.control import Command, Keepers
from vedette.control.keeper import REBOOT_PATIENCE
from vedette.hub import Engine, Hub
from vedette.simulator import Fault, Simulator, Timings
from vedette.sources import Reach

WANTED = {
    "resolution": "640x480",
    "quality": 30,
    "hmirror": True,
    "vflip": True,
    "ae_level": 2,
    "wb_mode": 2,
    "aec2": False,
}


class House:
    """Cameras, their boards, and the keepers between."""

    def __init__(self, engine: Engine, boards: Simulator, shared: Shared) -> None:
        self.engine = engine
        self.boards = boards
        self.keepers = Keepers(shared.clock)
        self.hub = Hub(
            build_camera(
                f"board-{number}",
                CameraConfig.model_validate(
                    {"url": boards.stream_url(number), "control_url": boards.control_url(number)}
                ),
                shared,
            )
            for number in range(len(boards.boards))
        )

    def start(self, wanted: dict[str, Any]) -> None:
        def begin() -> None:
            for camera in self.hub.cameras.values():
                self.keepers.add(camera, wanted)
            self.hub.start()

        self.engine.call(begin)

    async def stop(self) -> None:
        await self.keepers.stop()
        await self.hub.stop()

    def want(self, wanted: dict[str, Any]) -> None:
        self.engine.call(lambda: self.keepers.want("board-0", wanted))

    def is_settled(self, camera_id: str = "board-0") -> bool:
        return not self.keepers.settings(camera_id).pending

    def has(self, number: int, wanted: dict[str, Any]) -> bool:
        settings = self.boards.boards[number].settings
        values = {**settings.values, "resolution": "{}x{}".format(*settings.size), "xclk": settings.xclk}
        return all(values[name] == value for name, value in wanted.items())


def wait(condition: Callable[[], object], seconds: float = 20.0) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not come true"
        time.sleep(0.01)
    return time.monotonic() - began


@pytest.fixture
def house(engine, tmp_path) -> Iterator[Callable[..., House]]:
    with ThreadPoolExecutor(2) as pool, contextlib.ExitStack() as stack:

        def build(wanted: dict[str, Any], *firmwares: str, **options: Any) -> House:
            known = [FIRMWARES[name] for name in firmwares or ("cameraserver",)]
            simulator = Simulator(known, len(known), size=(320, 240), timings=Timings(boot=0.3), **options)
            boards = stack.enter_context(simulator)
            made = House(engine, boards, Shared.build(engine, pool, SystemClock(), Random(1), tmp_path, Reach()))
            stack.callback(engine.run, made.stop)
            made.start(wanted)
            return made

        yield build


def test_every_era_ends_as_wanted(house):
    home = house(WANTED, "cameraserver", "cameraserver-2", "cameraserver-1.0", "easytarget", "mjpeg2sd")
    for number in range(5):
        key = f"board-{number}"
        wait(partial(home.has, number, WANTED))
        wait(partial(home.is_settled, key))
        assert home.keepers.settings(key).refused == {}
        assert home.keepers.settings(key).reported["resolution"] == "640x480"


def test_a_reboot_restores_everything_within_five_seconds_of_the_first_frame(house):
    home = house(WANTED)
    wait(lambda: home.has(0, WANTED))
    wait(home.is_settled)
    camera = home.hub.cameras["board-0"]
    home.boards.reboot(0)
    sequence = camera.slot.latest.sequence
    wait(lambda: camera.slot.latest.sequence > sequence)
    assert wait(lambda: home.has(0, WANTED)) < 5


def test_a_board_that_loses_one_write_in_three_ends_as_wanted(house):
    home = house(WANTED, sensors=OV5640, faults=[Fault.WRITE_LOST])
    wait(lambda: home.has(0, WANTED))
    wait(home.is_settled)
    assert home.keepers.settings("board-0").refused == {}


def test_a_change_keeps_the_connection(house):
    home = house({}, sensors=OV2640, lamp=True)
    wait(lambda: home.keepers.settings("board-0").controls)
    home.want({"special_effect": 2})
    wait(lambda: home.has(0, {"special_effect": 2}))
    home.want({"led_intensity": 40, "xclk": 10, "resolution": "800x600"})
    wait(home.is_settled)
    assert home.has(0, {"led_intensity": 40, "xclk": 10, "resolution": "800x600"})
    assert home.boards.boards[0].counters.stream_connections == 1


def test_a_control_port_that_comes_up_later_than_the_stream_delays_the_restoring_little(house):
    home = house(WANTED)
    wait(lambda: home.has(0, WANTED))
    wait(home.is_settled)
    camera = home.hub.cameras["board-0"]
    home.boards.set_faults(0, Fault.CONTROL_DEAD)
    home.boards.reboot(0)
    sequence = camera.slot.latest.sequence
    wait(lambda: camera.slot.latest.sequence > sequence)
    began = time.monotonic()
    wait(lambda: time.monotonic() - began > 1.5)
    home.boards.set_faults(0)
    wait(lambda: home.has(0, WANTED))
    assert time.monotonic() - began < 5, "the contract's"


@pytest.mark.parametrize("firmware", ["easytarget", "mjpeg2sd"])
def test_a_board_that_restarts_before_it_answers_has_done_what_it_was_told(firmware, house):
    home = house({}, firmware)
    wait(lambda: Command.REBOOT in home.keepers.settings("board-0").commands)
    began = time.monotonic()
    home.engine.run(lambda: home.keepers.command("board-0", Command.REBOOT), 10)
    assert time.monotonic() - began < REBOOT_PATIENCE + 1
    wait(lambda: home.boards.boards[0].counters.reboots == 1)

"""What is written to a board's control port, and what becomes of it."""

import json
from itertools import pairwise

import pytest

from vedette.boards import FIRMWARES, OV2640, OV3660, OV5640
from vedette.simulator import Fault, Simulator, Timings
from vedette.wire.jpeg import inspect

WRITES = {"cameraserver": "/control?var=contrast&val={}", "mjpeg2sd": "/control?contrast={}"}


def size_of(jpeg: bytes) -> tuple[int, int]:
    info = inspect(jpeg)
    return info.width, info.height


@pytest.mark.parametrize("name", WRITES)
def test_every_third_write_is_answered_and_forgotten(name, run, get):
    simulator: Simulator = run(FIRMWARES[name], faults=[Fault.WRITE_LOST])
    contrast = []
    for number in range(6):
        value = number % 3 - 1
        assert get(simulator.control_url(), WRITES[name].format(value))[0].status == 200
        contrast.append(simulator.boards[0].settings.values["contrast"])
    assert contrast == [-1, 0, 0, -1, 0, 0]


def test_a_board_that_is_well_again_forgets_nothing(run, get):
    simulator = run(faults=[Fault.WRITE_LOST])
    simulator.set_faults(0)
    for value in (1, 2, -1, -2):
        get(simulator.control_url(), f"/control?var=contrast&val={value}")
        assert simulator.boards[0].settings.values["contrast"] == value


def test_the_clock_of_the_sensor_is_set_and_told(run, get, status):
    simulator = run()
    assert get(simulator.control_url(), "/xclk?xclk=8")[0].status == 200
    assert status(simulator)["xclk"] == 8
    assert get(simulator.control_url(), "/xclk?xclk=0")[0].status == 500
    assert get(simulator.control_url(), "/xclk")[0].status == 404
    assert status(simulator)["xclk"] == 8


@pytest.mark.parametrize(("number", "text"), [(0, b"0"), (1, b"54"), (2, b"86")])
def test_a_register_is_told_in_decimals_and_sensors_are_dealt_out(number, text, run, get):
    simulator = run(count=3, sensors=[OV2640, OV3660, OV5640])
    assert get(simulator.control_url(number), "/greg?reg=12298&mask=255")[1] == text
    assert get(simulator.control_url(number), "/greg?reg=12298")[0].status == 404


def test_requests_are_kept_in_their_order(run, get):
    simulator = run()
    targets = ["/status", "/control?var=quality&val=20", "/greg?reg=1&mask=1", "/xclk?xclk=8", "/nothing"]
    for target in (*targets, "/counters"):
        get(simulator.control_url(), target)
    assert list(simulator.boards[0].requests) == targets


def test_a_lamp_is_an_option(run, get, status):
    simulator = run(lamp=True)
    get(simulator.control_url(), "/control?var=led_intensity&val=7")
    assert status(simulator)["led_intensity"] == 7
    assert json.loads(get(run().control_url(), "/status")[1])["led_intensity"] == -1


def test_a_change_of_size_sends_what_was_in_the_queue_and_then_nothing_for_a_while(run, connect, get):
    simulator = run(size=(320, 240), timings=Timings(resize=0.3))
    client = connect(simulator.stream_url()).ask()
    client.read_parts(3)
    get(simulator.control_url(), "/control?var=framesize&val=1")
    client.until(lambda client: client.parts and size_of(client.parts[-1].body) == (160, 120))
    sizes = [size_of(part.body) for part in client.parts]
    assert sizes == sorted(sizes, reverse=True), "none of the old ones among the new ones"
    stamps = [float(part.timestamp) for part in client.parts]
    gaps = [later - earlier for earlier, later in pairwise(stamps)]
    assert gaps[sizes.index((160, 120)) - 1] >= 0.2

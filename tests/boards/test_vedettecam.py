"""The firmware of this project, against its own source: what is data here is a line of C++ there."""

import re
from pathlib import Path

import pytest

from vedette.boards import OV2640, OV3660, OV5640, RESOLUTION, VEDETTE_CAM, Era, Sensor, controls_for
from vedette.boards.framesizes import FRAMESIZES
from vedette.simulator.settings import VEDETTE_CAM_VERSION

SOURCE = Path(__file__).parents[2] / "firmware" / "vedette_cam" / "src"
ESCAPES = {r"\r": "\r", r"\n": "\n", r"\"": '"'}
SENSORS = (OV2640, OV3660, OV5640)


def strings(file: str, start: str, end: str) -> str:
    """The text between two marks of a source file, as the compiler joins its strings."""
    text = (SOURCE / file).read_text().split(start)[1].split(end)[0]
    joined = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))
    return re.sub(r"\\.", lambda match: ESCAPES[match[0]], joined)


def test_the_head_of_the_stream_is_the_firmwares():
    assert VEDETTE_CAM.framing.head == strings("core/multipart.h", "kStreamHead[] =", ";\n\n")


def test_a_parts_head_is_the_firmwares():
    wanted = strings("core/multipart.cpp", "snprintf(text, room,\n", ",\n            ")
    told = VEDETTE_CAM.framing.before + VEDETTE_CAM.framing.part_head
    stamp = "{seconds}.{microseconds:06d}"
    assert told == wanted.replace("%lu", "{length}").replace("%s", stamp)


def ranges() -> dict[str, list[tuple[int, int]]]:
    """Of each of the firmware's variables, for each sensor."""
    table = (SOURCE / "core/variables.cpp").read_text().replace("kSwitch,", "{0, 1},").replace("kSwitch}", "{0, 1}}")
    rows = re.findall(r'\{"(\w+)", \{(\{.*?\})\}\}', table)
    pairs = {name: re.findall(r"\{(-?\d+), (-?\d+)\}", row) for name, row in rows}
    return {name: [(int(low), int(high)) for low, high in each] for name, each in pairs.items()}


@pytest.mark.parametrize(("place", "sensor"), list(enumerate(SENSORS)), ids=[sensor.name for sensor in SENSORS])
def test_every_variable_has_the_firmwares_range(place: int, sensor: Sensor):
    wanted = {name: each[place] for name, each in ranges().items() if name != "framesize"}
    assert len(wanted) == 25
    assert {name: (each.low, each.high) for name, each in VEDETTE_CAM.variables(sensor).items()} == wanted
    low, high = ranges()["framesize"][place]
    assert (low, FRAMESIZES[Era.D][high]) == (0, sensor.largest)


def test_the_status_has_the_firmwares_keys_in_its_order():
    words = re.findall(r'(?:text|number)\("(\w+)"', (SOURCE / "core/reports.cpp").read_text().split("write_status(")[1])
    assert VEDETTE_CAM.status_keys == (*words[:7], *ranges())


def test_what_a_board_says_when_it_refuses_is_the_firmwares():
    assert VEDETTE_CAM.refusal is not None
    written = strings("core/reports.cpp", "char message[128];", ",\n")
    assert written == VEDETTE_CAM.refusal.message.replace("{viewer}", "%s").replace("{seconds}", "%lu")
    handlers, web = (SOURCE / "device/handlers.cpp").read_text(), (SOURCE / "device/web.cpp").read_text()
    assert '"Retry-After", "10"' in handlers
    assert VEDETTE_CAM.refusal.code in (SOURCE / "core/reports.cpp").read_text()
    assert VEDETTE_CAM.auth is not None
    assert VEDETTE_CAM.auth.challenge.replace('"', r"\"") in web
    assert "the sensor gives no frames" in (SOURCE / "device/streamer.cpp").read_text()
    routes = set(re.findall(r'add\(server, web, "([^"]+)"', web))
    assert VEDETTE_CAM.auth.guards is not None
    assert routes - VEDETTE_CAM.auth.guards == {"/", "/setup"}


def test_the_times_of_a_vanished_viewer_are_the_firmwares():
    slot = (SOURCE / "core/slot.h").read_text()
    times = {name: float(value) for name, value in re.findall(r"(k\w+) = (\d+) \* kSecond", slot)}
    assert (times["kNoByte"], times["kOneFrame"]) == (VEDETTE_CAM.byte_timeout, VEDETTE_CAM.frame_timeout)


def test_the_simulated_board_has_the_version_of_the_firmware_that_is_here():
    assert f'kVersion[] = "{VEDETTE_CAM_VERSION}"' in (SOURCE / "core/reports.h").read_text()


def test_a_sensor_that_nobody_sets_at_boot_begins_as_its_driver_has_it():
    reported = dict.fromkeys(VEDETTE_CAM.status_keys, 0)
    controls = {each.name: each for each in controls_for(VEDETTE_CAM, (OV3660,), (Era.D,), reported)}
    assert [controls[name].default for name in ("vflip", "brightness", "saturation")] == [False, 0, 0]
    assert (controls["quality"].low, controls["quality"].high) == (4, 63)
    assert (controls["xclk"].low, controls["xclk"].high) == (6, 24)
    assert controls[RESOLUTION].options[-1] == "2048x1536"

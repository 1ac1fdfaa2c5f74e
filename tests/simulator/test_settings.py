import json

import pytest

from vedette.boards import CAMERASERVER, CAMERASERVER_1_0, FIRMWARES, OV2640, OV3660, OV5640
from vedette.simulator.settings import Settings

COMMON = [
    "framesize",
    "quality",
    "brightness",
    "contrast",
    "saturation",
    "sharpness",
    "special_effect",
    "wb_mode",
    "awb",
    "awb_gain",
    "aec",
    "aec2",
    "ae_level",
    "aec_value",
    "agc",
    "agc_gain",
    "gainceiling",
    "bpc",
    "wpc",
    "raw_gma",
    "lenc",
    "hmirror",
    "dcw",
    "colorbar",
    "led_intensity",
]


def keys_of(settings: Settings) -> list[str]:
    return list(json.loads(settings.status()))


def test_the_status_of_core_3_has_its_keys_in_the_firmwares_order():
    keys = keys_of(Settings(CAMERASERVER, (640, 480)))
    registers, rest = keys[: keys.index("xclk")], keys[keys.index("xclk") :]
    assert registers[0] == "0xd3"
    assert all(key.startswith("0x") for key in registers)
    assert [key for key in rest if key != "vflip"] == ["xclk", "pixformat", *COMMON]  # some builds of 3.x forget vflip


def test_the_status_of_core_1_names_no_pixel_format():
    keys = keys_of(Settings(CAMERASERVER_1_0, (640, 480)))
    assert "pixformat" not in keys
    assert "xclk" not in keys
    assert "vflip" in keys
    assert set(COMMON) - {"led_intensity"} <= set(keys)


def test_the_status_after_a_boot_is_the_sensors_defaults():
    status = json.loads(Settings(CAMERASERVER, (640, 480)).status())
    assert {name: status[name] for name in OV2640.variables if name in status} == {
        name: variable.default for name, variable in OV2640.variables.items() if name in status
    }
    assert (status["xclk"], status["pixformat"], status["sharpness"]) == (20, 4, 0)
    assert status["led_intensity"] == -1


@pytest.mark.parametrize(
    ("firmware", "size", "number"),
    [
        (CAMERASERVER, (640, 480), 10),
        (CAMERASERVER, (320, 240), 6),
        (CAMERASERVER_1_0, (640, 480), 6),
        (CAMERASERVER_1_0, (320, 240), 4),
        (CAMERASERVER, (641, 481), -1),
    ],
)
def test_the_framesize_is_its_number_in_the_firmwares_era(firmware, size, number):
    assert json.loads(Settings(firmware, size).status())["framesize"] == number


ATOI = {
    "12": 12,
    "+12": 12,
    " 12": 12,
    "\t12": 12,
    "012": 12,
    "12abc": 12,
    "12.9": 12,
    "12 13": 12,
    "0x10": 0,
    "": 0,
    "abc": 0,
    "-": 0,
    "--5": 0,
    "- 5": 0,
    ".5": 0,
    "\u0663": 0,  # a digit, but none of C's
}


@pytest.mark.parametrize(("text", "value"), ATOI.items(), ids=[repr(text) for text in ATOI])
def test_a_value_is_read_as_atoi_does(text, value):
    settings = Settings(CAMERASERVER, (640, 480))
    settings.control("quality", "40")
    assert settings.control("quality", text)
    assert settings.values["quality"] == value


@pytest.mark.parametrize("name", OV2640.variables)
def test_a_variable_takes_its_range_and_nothing_beyond(name):
    settings = Settings(CAMERASERVER, (640, 480), lamp=True)
    variable = OV2640.variables[name]
    for value in (variable.low, variable.high):
        assert settings.control(name, str(value))
        assert json.loads(settings.status())[name] == value
    for value in (variable.low - 1, variable.high + 1, 10**30):
        assert not settings.control(name, str(value))
        assert json.loads(settings.status())[name] == variable.high


@pytest.mark.parametrize("name", ["sharpness", "denoise", "pixformat", "xclk", "0xd3", "Quality", "", "no-such-thing"])
def test_what_the_firmware_has_no_branch_for_cannot_be_set(name):
    settings = Settings(CAMERASERVER, (640, 480))
    before = settings.status()
    assert not settings.control(name, "1")
    assert settings.status() == before


@pytest.mark.parametrize(
    ("firmware", "number", "size"),
    [
        (CAMERASERVER, 10, (640, 480)),
        (CAMERASERVER, 15, (1600, 1200)),
        (CAMERASERVER, 0, (96, 96)),
        (CAMERASERVER_1_0, 10, (1600, 1200)),
        (CAMERASERVER_1_0, 0, (160, 120)),
    ],
)
def test_a_framesize_means_the_size_of_its_era(firmware, number, size):
    settings = Settings(firmware, (320, 240))
    assert settings.control("framesize", str(number))
    assert settings.size == size
    assert json.loads(settings.status())["framesize"] == number


@pytest.mark.parametrize("number", [-1, 16, 24, 25, 1000], ids=str)
def test_a_framesize_the_sensor_does_not_have_is_refused(number):
    settings = Settings(CAMERASERVER, (320, 240))
    assert not settings.control("framesize", str(number))
    assert settings.size == (320, 240)


def test_junk_as_framesize_is_the_smallest_one():
    settings = Settings(CAMERASERVER, (320, 240))
    assert settings.control("framesize", "VGA")
    assert settings.size == (96, 96)


def test_mjpeg2sd_tells_how_long_it_has_been_up():
    status = json.loads(Settings(FIRMWARES["mjpeg2sd"], (640, 480)).status(uptime=93_784.9))
    assert status["up_time"] == "1-02:03:04"


@pytest.mark.parametrize(("firmware", "name"), [("cameraserver", "led_intensity"), ("easytarget", "lamp")])
def test_a_lamp_can_be_set_where_there_is_one(firmware, name):
    without, lit = Settings(FIRMWARES[firmware], (640, 480)), Settings(FIRMWARES[firmware], (640, 480), lamp=True)
    assert not without.control(name, "5")
    assert json.loads(without.status())[name] == -1
    assert json.loads(lit.status())[name] == 0
    assert lit.control(name, "5")
    assert json.loads(lit.status())[name] == 5


@pytest.mark.parametrize(
    ("sensor", "works"), [(OV2640, 1), (OV3660, 0)], ids=lambda value: getattr(value, "name", value)
)
def test_aec2_of_an_ov2640_reads_inverted_until_it_is_written(sensor, works):
    settings = Settings(CAMERASERVER, (640, 480), sensor)
    assert json.loads(settings.status())["aec2"] == 0
    assert settings.works("aec2") == works
    settings.control("aec2", "0")
    assert json.loads(settings.status())["aec2"] == settings.works("aec2") == 0


@pytest.mark.parametrize(
    ("sensor", "chip"), [(OV2640, (0, 0)), (OV3660, (0x36, 0x60)), (OV5640, (0x56, 0x40))], ids=lambda v: str(v)[:20]
)
def test_the_chip_tells_its_number(sensor, chip):
    settings = Settings(CAMERASERVER, (640, 480), sensor)
    assert (settings.register(0x300A), settings.register(0x300B)) == chip
    assert settings.register(0x3000) == 0

from typing import Any

import pytest

from vedette.boards import FIRMWARES, OV2640, OV3660, Control, Era, Sensor, controls_for
from vedette.control.checking import check
from vedette.control.presets import presets_for

BOARDS = [(name, sensor) for name in FIRMWARES for sensor in (OV2640, OV3660) if FIRMWARES[name].control is not None]


def of(name: str, sensor: Sensor) -> tuple[tuple[Control, ...], dict[str, Any]]:
    firmware = FIRMWARES[name]
    controls = controls_for(firmware, (sensor,), (Era.D,), dict.fromkeys(firmware.status_keys, 0))
    return controls, {preset.name: preset.settings for preset in presets_for(controls, firmware.init_size)}


@pytest.mark.parametrize(("name", "sensor"), BOARDS, ids=lambda value: getattr(value, "name", value))
def test_a_preset_is_made_of_what_the_board_takes(name, sensor):
    controls, presets = of(name, sensor)
    assert list(presets) == ["day", "night", "fast", "sharp"]
    for settings in presets.values():
        assert check(settings, {control.name: control for control in controls}, {}, None) == settings


def test_the_night_uses_all_the_gain_there_is():
    assert of("cameraserver", OV2640)[1]["night"]["gainceiling"] == 6
    assert of("cameraserver", OV3660)[1]["night"]["gainceiling"] == 511


def test_the_sharpest_picture_is_one_that_fits_into_the_boards_buffers():
    assert of("cameraserver", OV3660)[1]["sharp"]["resolution"] == "1600x1200"
    assert of("easytarget", OV2640)[1]["sharp"]["resolution"] == "800x600"
    assert of("easytarget", OV2640)[1]["fast"]["resolution"] == "640x480"


def test_a_board_without_controls_has_no_presets():
    assert presets_for((), None) == ()

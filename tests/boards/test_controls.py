import pytest

from vedette.boards import (
    FIRMWARES,
    OV2640,
    OV3660,
    OV5640,
    RESOLUTION,
    SENSORS,
    Control,
    Era,
    Group,
    Kind,
    Sensor,
    controls_for,
    why_no_controls,
    widest_controls,
)

WITH = [name for name, firmware in FIRMWARES.items() if firmware.control is not None]
WITHOUT = [name for name in FIRMWARES if name not in WITH]


def of(
    name: str, *sensors: Sensor, eras: tuple[Era, ...] = (Era.C,), without: tuple[str, ...] = (), **reported: int
) -> dict[str, Control]:
    firmware = FIRMWARES[name]
    status = {key: 0 for key in firmware.status_keys if key not in without} | reported
    return {control.name: control for control in controls_for(firmware, sensors, eras, status)}


@pytest.mark.parametrize("name", WITHOUT)
def test_a_firmware_that_takes_no_settings_has_no_controls_and_a_sentence(name):
    assert of(name) == {}
    assert why_no_controls(FIRMWARES[name].family).endswith(".")
    assert why_no_controls(FIRMWARES[name].family) != why_no_controls(None)


@pytest.mark.parametrize("name", WITH)
@pytest.mark.parametrize("sensor", SENSORS.values(), ids=lambda sensor: sensor.name)
def test_every_variable_of_the_sensor_and_the_firmware_is_offered_in_its_range(name, sensor):
    firmware, controls = FIRMWARES[name], of(name, sensor)
    variables = dict(sensor.variables) | {
        key: variable for key, variable in firmware.extra.items() if not key.startswith("face_")
    }
    if "led_intensity" not in firmware.status_keys:
        del variables["led_intensity"]
    assert set(controls) - {RESOLUTION, "xclk"} == set(variables) - {"xclk"}
    for key, variable in variables.items():
        control = controls[key]
        match control.kind:
            case Kind.INT:
                assert (control.low, control.high) == (variable.low, variable.high)
            case Kind.BOOL:
                assert (variable.low, variable.high) == (0, 1)
            case Kind.CHOICE:
                assert (control.options[0], control.options[-1]) == (variable.low, variable.high)
                assert len(control.options) == len(control.labels)


@pytest.mark.parametrize("name", WITH)
def test_a_control_is_in_words(name):
    for control in of(name, OV2640).values():
        assert control.title[0].isupper()
        assert control.title.replace(" ", "").isascii()
        assert not control.hint or control.hint.endswith(".")
        assert isinstance(control.group, Group)


def test_the_groups_stand_together():
    groups = [control.group for control in widest_controls()]
    assert list(dict.fromkeys(groups)) == list(Group)
    assert groups == sorted(groups, key=list(Group).index)


def test_the_gain_ceiling_is_a_choice_of_an_ov2640_and_a_number_of_the_others():
    assert of("cameraserver", OV2640)["gainceiling"].labels == ("2x", "4x", "8x", "16x", "32x", "64x", "128x")
    assert (of("cameraserver", OV3660)["gainceiling"].kind, of("cameraserver", OV3660)["gainceiling"].high) == (
        Kind.INT,
        511,
    )


def test_of_two_sensors_that_answer_alike_both_ranges_are_offered_and_only_a_common_default():
    both = of("cameraserver", OV3660, OV5640)
    assert both["aec_value"].high == 1920
    assert (both["brightness"].default, both["vflip"].default, both["contrast"].default) == (None, None, 0)
    assert both[RESOLUTION].options[-1] == "2560x1920"


def test_a_sensor_that_nobody_knows_has_what_all_sensors_take():
    unknown = of("easytarget")
    assert (unknown["brightness"].low, unknown["brightness"].high) == (-2, 2)
    assert unknown[RESOLUTION].options[-1] == "1600x1200"


def test_sizes_are_those_of_the_eras_in_question_smallest_first():
    assert of("cameraserver-1.0", eras=(Era.A,))[RESOLUTION].options == (
        *("160x120", "128x160", "176x144", "240x176", "320x240", "400x296"),
        *("640x480", "800x600", "1024x768", "1280x1024", "1600x1200"),
    )
    assert "480x320" in of("cameraserver", OV2640, eras=(Era.C, Era.D))[RESOLUTION].options
    assert of("cameraserver", OV5640, eras=(Era.D,))[RESOLUTION].options[-1] == "2592x1944"
    assert of("cameraserver", OV3660, eras=(Era.D,))[RESOLUTION].options[-1] == "2048x1536"


@pytest.mark.parametrize(
    ("name", "gone", "reported"),
    [
        ("cameraserver", "led_intensity", {"led_intensity": -1}),
        ("easytarget", "lamp", {"lamp": -1}),
        ("easytarget", "autolamp", {"lamp": -1}),
        ("cameraserver-1.0", "led_intensity", {}),
        ("cameraserver-1.0", "xclk", {"xclk": 20}),
    ],
)
def test_what_the_board_does_not_have_is_not_offered(name, gone, reported):
    assert gone not in of(name, OV2640, **reported)


def test_vflip_is_offered_though_some_builds_do_not_report_it():
    assert "vflip" in of("cameraserver-2", OV2640)
    assert "raw_gma" not in of("cameraserver", OV2640, without=("raw_gma",))


@pytest.mark.parametrize("name", WITH)
def test_faces_and_pixel_formats_are_not_offered(name):
    assert not {key for key in of(name, OV2640) if key.startswith("face_") or key in {"pixformat", "framesize"}}


def test_the_widest_range_has_everything():
    widest = {control.name: control for control in widest_controls()}
    assert {key for name in WITH for sensor in SENSORS.values() for key in of(name, sensor)} == set(widest)
    for name in WITH:
        for sensor in SENSORS.values():
            for control in of(name, sensor, eras=tuple(Era)).values():
                most = widest[control.name]
                if None not in {control.low, control.high, most.low, most.high}:
                    assert min(control.low or 0, most.low or 0) == (most.low or 0)
                    assert max(control.high or 0, most.high or 0) == (most.high or 0)

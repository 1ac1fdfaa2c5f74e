import pytest

from vedette.boards import OV2640, OV3660, OV5640, SENSORS

SWITCHES = dict.fromkeys(
    ["awb", "awb_gain", "aec", "aec2", "agc", "bpc", "wpc", "raw_gma", "lenc", "hmirror", "vflip", "dcw", "colorbar"],
    (0, 1),
)
SAME = {"quality": (0, 63), "special_effect": (0, 6), "wb_mode": (0, 4), "led_intensity": (0, 255)} | SWITCHES
RANGES = {
    "OV2640": SAME
    | {
        "brightness": (-2, 2),
        "contrast": (-2, 2),
        "saturation": (-2, 2),
        "ae_level": (-2, 2),
        "aec_value": (0, 1200),
        "agc_gain": (0, 30),
        "gainceiling": (0, 6),
    },
    "OV3660": SAME
    | {
        "brightness": (-3, 3),
        "contrast": (-3, 3),
        "saturation": (-4, 4),
        "ae_level": (-5, 5),
        "aec_value": (0, 1536),
        "agc_gain": (0, 64),
        "gainceiling": (0, 511),
    },
}
RANGES["OV5640"] = RANGES["OV3660"] | {"aec_value": (0, 1920)}

each_sensor = pytest.mark.parametrize("sensor", SENSORS.values(), ids=SENSORS)


@each_sensor
def test_a_sensor_has_every_variable_in_its_range(sensor):
    assert {name: (variable.low, variable.high) for name, variable in sensor.variables.items()} == RANGES[sensor.name]


@each_sensor
def test_the_variables_stand_in_the_order_of_the_status(sensor):
    assert list(sensor.variables) == list(OV2640.variables)


@each_sensor
def test_defaults_are_in_range_but_for_a_lamp_that_is_not_there(sensor):
    for name, variable in sensor.variables.items():
        assert variable.low <= variable.default <= variable.high or (name, variable.default) == ("led_intensity", -1)


@each_sensor
def test_every_option_has_its_number(sensor):
    for variable in sensor.variables.values():
        assert not variable.options or len(variable.options) == variable.high - variable.low + 1


@each_sensor
def test_sharpness_and_noise_reduction_cannot_be_set(sensor):
    assert not {"sharpness", "denoise", "framesize"} & set(sensor.variables)


def test_the_ov3660_boots_upside_down_bright_and_pale():
    variables = OV3660.variables
    assert [variables[name].default for name in ("vflip", "brightness", "saturation")] == [1, 1, -2]


def test_the_sensors_are_told_by_their_first_register():
    assert OV2640.registers[0] == "0xd3"
    assert OV3660.registers[0] == OV5640.registers[0] == "0x3400"


def test_the_largest_pictures_are_the_sensors():
    assert [sensor.largest for sensor in SENSORS.values()] == [(1600, 1200), (2048, 1536), (2592, 1944)]

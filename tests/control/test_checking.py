import pytest

from vedette.boards import FIRMWARES, OV2640, OV3660, OV5640, Control, Era, Sensor, controls_for, widest_controls
from vedette.control.checking import check
from vedette.errors import RequestError


def of(firmware: str, *sensors: Sensor, eras: tuple[Era, ...] = (Era.D,)) -> dict[str, Control]:
    known = FIRMWARES[firmware]
    reported = dict.fromkeys(known.status_keys, 0)
    return {control.name: control for control in controls_for(known, sensors, eras, reported)}


CONTROLS = of("cameraserver", OV2640)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("quality", 0, 0),
        ("quality", 63, 63),
        ("brightness", -2, -2),
        ("hmirror", True, True),
        ("hmirror", 0, False),
        ("hmirror", 1, True),
        ("wb_mode", 4, 4),
        ("gainceiling", 6, 6),
        ("resolution", "800x600", "800x600"),
        ("resolution", " 800X600 ", "800x600"),
        ("resolution", "800×600", "800x600"),  # noqa: RUF001 - as people write it
        ("quality", None, None),
    ],
)
def test_a_good_value_is_kept_in_one_form(name, value, kept):
    [(key, got)] = check({name: value}, CONTROLS, {}, None).items()
    assert key == name
    assert got == kept
    assert type(got) is type(kept)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("quality", 64, ("a whole number from 0 to 63", "got 64")),
        ("quality", -1, ("a whole number from 0 to 63", "got -1")),
        ("quality", True, ("a whole number from 0 to 63", "got true")),
        ("quality", 12.0, ("a whole number from 0 to 63", "got 12.0")),
        ("quality", "12", ("a whole number from 0 to 63", "got '12'")),
        ("quality", [12], ("a whole number from 0 to 63", "got a list")),
        ("quality", {}, ("a whole number from 0 to 63", "got a table")),
        ("quality", 10**400, ("a whole number from 0 to 63", "a far larger number")),
        ("hmirror", 2, ("true or false", "got 2")),
        ("hmirror", "on", ("true or false", "got 'on'")),
        ("hmirror", 1.0, ("true or false", "got 1.0")),
        ("wb_mode", 5, ("one of 0 (auto), 1 (sunny), 2 (cloudy), 3 (office), 4 (home)", "got 5")),
        ("wb_mode", True, ("0 (auto)", "got true")),
        ("wb_mode", "auto", ("0 (auto)", "got 'auto'")),
        ("gainceiling", 7, ("0 (2x)", "6 (128x)", "got 7")),
        ("resolution", "801x600", ("800x600", "1600x1200", "got '801x600'")),
        ("resolution", "2048x1536", ("1600x1200", "got '2048x1536'")),
        ("resolution", "large", ("800x600", "got 'large'")),
        ("resolution", 11, ("800x600", "got 11")),
    ],
)
def test_a_wrong_value_is_refused_with_what_it_takes_and_what_came(name, value, words):
    with pytest.raises(RequestError) as error:
        check({"contrast": 1, name: value}, CONTROLS, {}, None)
    assert (error.value.status, error.value.code, error.value.field) == (422, "setting_out_of_range", name)
    assert error.value.message.startswith(f"{name} takes ")
    assert all(word in error.value.message for word in words)


@pytest.mark.parametrize("sensor", [OV2640, OV3660, OV5640], ids=lambda sensor: sensor.name)
def test_the_range_is_that_of_the_sensor(sensor):
    controls = of("cameraserver", sensor)
    for name, variable in sensor.variables.items():
        for value in (variable.low, variable.high):
            assert check({name: value}, controls, {}, None) == {name: value}
        for value in (variable.low - 1, variable.high + 1):
            with pytest.raises(RequestError) as error:
                check({name: value}, controls, {}, None)
            assert error.value.field == name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("qualty", "did you mean 'quality'?"),
        ("framesize", "use resolution"),
        ("pixformat", "no setting 'pixformat'"),
        ("face_detect", "no setting"),
        ("x" * 1000, "no setting text"),
    ],
)
def test_an_unknown_setting_is_refused_with_a_suggestion(name, words):
    with pytest.raises(RequestError) as error:
        check({name: 1}, CONTROLS, {}, None)
    assert (error.value.status, error.value.code, error.value.field) == (422, "setting_unknown", name)
    assert words in error.value.message


def test_whatever_is_wanted_can_be_taken_away():
    assert check({"qualty": None}, CONTROLS, {"qualty": 4}, None) == {"qualty": None}
    with pytest.raises(RequestError):
        check({"qualty": None}, CONTROLS, {}, None)


def test_a_camera_without_controls_says_why():
    with pytest.raises(RequestError, match="in its own file"):
        check({"quality": 4}, {}, {}, "Its settings are in its own file.")


def test_while_nobody_knows_the_board_what_some_board_takes_is_taken():
    widest = {control.name: control for control in widest_controls()}
    good = {"aec_value": 1920, "gainceiling": 511, "resolution": "2592x1944", "lampLevel": 15, "brightness": -3}
    assert check(good, widest, {}, None) == good
    for name, value in {"aec_value": 1921, "gainceiling": 512, "resolution": "3000x2000", "lampLevel": 256}.items():
        with pytest.raises(RequestError) as error:
            check({name: value}, widest, {}, None)
        assert error.value.code == "setting_out_of_range"
    with pytest.raises(RequestError, match="96x96 to 2592x1944"):
        check({"resolution": "1x1"}, widest, {}, None)

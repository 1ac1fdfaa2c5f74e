import json

import pytest

from vedette.boards import (
    CAMERASERVER,
    CAMERASERVER_1_0,
    CAMERASERVER_2,
    EASYTARGET,
    FIRMWARES,
    MJPEG2SD,
    OV2640,
    OV3660,
    OV5640,
    VEDETTE_CAM,
    Era,
    Firmware,
    Sensor,
    StatusReport,
    recognise,
    recognise_challenge,
    recognise_status,
    recognise_still,
)
from vedette.simulator.settings import Settings

STREAMING = [firmware for firmware in FIRMWARES.values() if not firmware.stills_only]


def seen(firmware: Firmware) -> tuple[dict[str, str], str, str]:
    """What a source sees of a firmware's stream."""
    status, *lines = firmware.framing.head.rstrip("\r\n").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return headers, status[5:8], firmware.framing.boundary


@pytest.mark.parametrize("firmware", STREAMING, ids=lambda firmware: firmware.name)
def test_every_firmware_is_recognised_by_its_stream(firmware):
    found = recognise(*seen(firmware), firmware.stream_target(), boundary_first=firmware.framing.boundary_first)
    assert found is not None
    assert found.family == firmware.family
    assert firmware.name in found.firmwares
    assert {FIRMWARES[name].family for name in found.firmwares} == {firmware.family}


@pytest.mark.parametrize("firmware", STREAMING, ids=lambda firmware: firmware.name)
def test_the_path_and_the_head_are_enough_for_the_family(firmware):
    headers, _, boundary = seen(firmware)
    found = recognise(headers, None, boundary, firmware.stream_target())
    assert found is not None
    assert found.family == firmware.family


def test_cores_2_and_3_send_the_same_bytes():
    found = recognise(*seen(CAMERASERVER), "/stream", boundary_first=True)
    assert found is not None
    assert found.firmwares == ("cameraserver", "cameraserver-2")
    assert found.likeliest is CAMERASERVER


def test_a_path_that_somebody_changed_does_not_hide_the_firmware():
    found = recognise(*seen(CAMERASERVER), "/yard")
    assert found is not None
    assert found.family == "cameraserver"


def test_tasmotas_picture_that_is_a_stream_is_recognised():
    for path in ("/cam.jpg", "/cam.mjpeg", "/stream"):
        found = recognise(*seen(FIRMWARES["tasmota"]), path)
        assert found is not None
        assert found.family == "tasmota"


def test_any_resolution_of_wificam_is_recognised():
    found = recognise(*seen(FIRMWARES["wificam"]), "/1024x768.mjpeg", boundary_first=False)
    assert found is not None
    assert found.firmwares == ("wificam",)


@pytest.mark.parametrize(
    ("headers", "version", "boundary"),
    [
        ({"content-type": "multipart/x-mixed-replace;boundary=another"}, "1.1", "another"),
        ({"content-type": "multipart/x-mixed-replace"}, "1.1", None),
        ({"content-type": "text/html"}, "1.1", None),
    ],
)
def test_what_nobody_sends_is_nobodys(headers, version, boundary):
    assert recognise(headers, version, boundary, "/stream") is None


def status_of(firmware: Firmware, size: tuple[int, int] = (320, 240), sensor: Sensor = OV2640) -> StatusReport | None:
    return recognise_status(Settings(firmware, size, sensor).status().decode())


@pytest.mark.parametrize(
    ("firmware", "family"),
    [
        (CAMERASERVER, "cameraserver"),
        (CAMERASERVER_2, "cameraserver"),
        (CAMERASERVER_1_0, "cameraserver"),
        (EASYTARGET, "easytarget"),
        (MJPEG2SD, "mjpeg2sd"),
        (VEDETTE_CAM, "vedette_cam"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_every_status_is_recognised(firmware, family):
    report = status_of(firmware)
    assert report is not None
    assert report.family == family
    assert firmware.era in report.eras
    assert report.eras_for((320, 240)) == (firmware.era,)  # QVGA tells the eras of each firmware apart


def test_without_a_frame_the_era_stays_open():
    report = status_of(CAMERASERVER)
    assert report is not None
    assert report.eras == (Era.C, Era.D)
    assert report.framesize == 6
    assert report.eras_for((641, 481)) == ()


@pytest.mark.parametrize(
    ("sensor", "sensors"), [(OV2640, (OV2640,)), (OV3660, (OV3660, OV5640)), (OV5640, (OV3660, OV5640))]
)
def test_the_sensor_is_told_as_far_as_it_can_be(sensor, sensors):
    report = status_of(CAMERASERVER, sensor=sensor)
    assert report is not None
    assert report.sensors == sensors


@pytest.mark.parametrize("sensor", [OV2640, OV3660, OV5640], ids=lambda sensor: sensor.name)
def test_vedette_cam_names_its_sensor(sensor):
    report = status_of(VEDETTE_CAM, sensor=sensor)
    assert report is not None
    assert (report.sensors, report.eras, report.has_lamp) == ((sensor,), (Era.D,), False)


def test_a_sensor_that_vedette_cam_does_not_know_is_left_open():
    report = recognise_status('{"firmware":"vedette_cam","sensor":"other","framesize":6,"quality":12}')
    assert report is not None
    assert (report.family, report.sensors) == ("vedette_cam", ())


def test_a_board_that_wants_its_token_first_is_told_by_the_way_it_asks():
    assert recognise_challenge('Basic realm="vedette_cam"') == "vedette_cam"
    assert recognise_challenge('Basic realm="Login Required"') is None
    assert recognise_challenge("") is None


def test_core_1_does_not_tell_its_sensor():
    report = status_of(CAMERASERVER_1_0)
    assert report is not None
    assert report.sensors == ()
    assert report.has_lamp is None


@pytest.mark.parametrize(("lamp", "there"), [(-1, False), (0, True), (100, True)])
@pytest.mark.parametrize("key", ["led_intensity", "lamp"])
def test_a_lamp_is_there_unless_it_is_minus_one(key, lamp, there):
    report = recognise_status(json.dumps({"framesize": 6, "quality": 12, key: lamp}))
    assert report is not None
    assert report.has_lamp is there


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "{}", '{"quality": 12}', "<html>", '{"framesize": 6}'])
def test_what_is_no_status_is_nobodys(text):
    assert recognise_status(text) is None


def test_a_number_that_is_none_is_not_guessed():
    report = recognise_status('{"framesize": "VGA", "quality": 12}')
    assert report is not None
    assert report.framesize is None
    assert report.eras_for((640, 480)) == report.eras


@pytest.mark.parametrize(
    "firmware", [firmware for firmware in FIRMWARES.values() if firmware.still_path], ids=lambda firmware: firmware.name
)
def test_a_single_picture_tells_its_firmware_or_nothing(firmware):
    lines = [line.partition(": ") for line in firmware.still_head.split("\r\n")[1:] if line]
    path = firmware.still_target()
    known = recognise_still({name: value for name, _, value in lines}, "1.1", path)
    if "{" in firmware.still_path:
        assert known is None
    else:
        assert known is not None
        if firmware.stills_only:
            assert known.family == firmware.family


def test_a_picture_from_anywhere_is_nobodys():
    assert (
        recognise_still({"Content-Type": "image/jpeg", "Server": "nginx", "Content-Length": "5"}, "1.1", "/a.jpg")
        is None
    )

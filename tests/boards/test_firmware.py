import pytest

from vedette.boards import (
    ARKHIPENKO,
    CAMERASERVER,
    CAMERASERVER_1_0,
    CAMERASERVER_2,
    EASYTARGET,
    FIRMWARES,
    MJPEG2SD,
    TASMOTA,
    WIFICAM,
    Era,
    SecondClient,
)
from vedette.wire.http import ResponseHead, ResponseReader

FAMILIES = {
    "cameraserver": "cameraserver",
    "cameraserver-2": "cameraserver",
    "cameraserver-1.0": "cameraserver",
    "easytarget": "easytarget",
    "mjpeg2sd": "mjpeg2sd",
    "mjpeg2sd-stream": "mjpeg2sd",
    "esphome": "esphome",
    "esphome-snapshot": "esphome",
    "tasmota": "tasmota",
    "tasmota-2": "tasmota",
    "tasmota-old": "tasmota",
    "arkhipenko": "generic",
    "micro-rtsp": "micro-rtsp",
    "wificam": "wificam",
    "asynccam": "asynccam",
    "vedette_cam": "vedette_cam",
    "generic": "generic",
    "generic-still": "generic",
}
STREAMING = [firmware for firmware in FIRMWARES.values() if not firmware.stills_only]
each_stream = pytest.mark.parametrize("firmware", STREAMING, ids=lambda firmware: firmware.name)


def test_each_firmware_is_found_by_its_name_and_belongs_to_a_family():
    assert {name: firmware.family for name, firmware in FIRMWARES.items()} == FAMILIES
    assert all(firmware.name == name for name, firmware in FIRMWARES.items())
    assert len({firmware.title for firmware in FIRMWARES.values()}) == len(FIRMWARES)


@pytest.mark.parametrize("firmware", [CAMERASERVER, CAMERASERVER_2, CAMERASERVER_1_0], ids=lambda each: each.name)
def test_camerawebserver_is_where_it_has_always_been(firmware):
    assert (firmware.control_port, firmware.stream_port) == (80, 81)
    assert (firmware.stream_path, firmware.still_path) == ("/stream", "/capture")
    assert firmware.sensor_timeout == 4.0  # FB_GET_TIMEOUT


@each_stream
def test_the_head_is_http_and_declares_the_boundary_that_is_sent(firmware):
    heads: list[ResponseHead] = []
    framing = firmware.framing
    blank_line = "" if framing.head.endswith("\r\n\r\n") else "\r\n"  # some leave it to the boundary
    ResponseReader(heads.append, lambda _: None).feed((framing.head + blank_line).encode("ascii"))
    assert heads[0].status == 200
    assert heads[0].content_type == "multipart/x-mixed-replace"
    assert heads[0].boundary == framing.boundary.encode()
    assert ("transfer-encoding" in heads[0].headers) is framing.chunked
    assert f"--{framing.boundary}\r\n" in framing.before + framing.after


@each_stream
def test_a_boundary_stands_between_any_two_parts(firmware):
    framing = firmware.framing
    assert (framing.boundary in framing.before) is not (framing.boundary in framing.after)
    assert framing.part_head.endswith("\r\n\r\n")
    assert "Content-Length: {length" in framing.part_head


def test_some_firmwares_send_no_boundary_before_the_first_part():
    without = {firmware.name for firmware in STREAMING if not firmware.framing.boundary_first}
    assert without == {"cameraserver-1.0", "tasmota-old", "wificam", "asynccam"}


def test_some_firmwares_send_their_head_before_there_is_a_picture():
    late = {firmware.name for firmware in STREAMING if not firmware.framing.head_at_once}
    assert late == {"cameraserver", "cameraserver-2", "cameraserver-1.0", "mjpeg2sd", "mjpeg2sd-stream", "vedette_cam"}


def test_a_second_viewer_fares_as_the_firmware_has_it():
    assert {firmware.name: firmware.second_client for firmware in STREAMING} == {
        "cameraserver": SecondClient.WAITS,
        "cameraserver-2": SecondClient.WAITS,
        "cameraserver-1.0": SecondClient.WAITS,
        "easytarget": SecondClient.WAITS,
        "mjpeg2sd": SecondClient.STEALS,
        "mjpeg2sd-stream": SecondClient.REFUSED,
        "esphome": SecondClient.WAITS,
        "tasmota": SecondClient.STEALS,
        "tasmota-2": SecondClient.SEVERAL,
        "tasmota-old": SecondClient.STEALS,
        "arkhipenko": SecondClient.SEVERAL,
        "micro-rtsp": SecondClient.WAITS,
        "wificam": SecondClient.WAITS,
        "asynccam": SecondClient.SEVERAL,
        "vedette_cam": SecondClient.REFUSED,
        "generic": SecondClient.SEVERAL,
    }
    assert ARKHIPENKO.most_clients == 10


def test_one_thread_means_one_port_and_waiting():
    for firmware in FIRMWARES.values():
        waits_on_one_port = firmware.one_port and firmware.second_client is SecondClient.WAITS
        assert firmware.one_thread is waits_on_one_port, firmware.name


def test_single_pictures_stand_where_the_stream_would():
    stills = [firmware for firmware in FIRMWARES.values() if firmware.stills_only]
    assert [firmware.name for firmware in stills] == ["esphome-snapshot", "generic-still"]
    assert all(firmware.stream_path == firmware.still_path for firmware in stills)


def test_wificams_url_names_the_resolution():
    assert WIFICAM.stream_target((320, 240)) == "/320x240.mjpeg"
    assert WIFICAM.still_target((320, 240)) == "/320x240.jpg"
    assert CAMERASERVER.stream_target() == "/stream"
    assert FIRMWARES["esphome"].still_target() is None


def test_mjpeg2sds_password_guards_the_page_and_the_stream_alone():
    assert MJPEG2SD.auth is not None
    guarded = [path for path in ("/", "/sustain", "/control", "/status") if MJPEG2SD.auth.guards_path(path)]
    assert guarded == ["/", "/sustain"]
    assert TASMOTA.auth is not None
    assert TASMOTA.auth.guards_path("/anything")
    assert CAMERASERVER.auth is None


def test_the_eras_are_those_of_the_cores():
    eras = {CAMERASERVER: Era.D, CAMERASERVER_2: Era.C, CAMERASERVER_1_0: Era.A, EASYTARGET: Era.C, MJPEG2SD: Era.D}
    assert all(firmware.era is era for firmware, era in eras.items())


def test_the_status_differs_from_core_to_core():
    assert CAMERASERVER.status_has_pixformat
    assert CAMERASERVER_2.status_has_pixformat
    assert not CAMERASERVER_1_0.status_has_pixformat
    assert [("vflip" in each.status_keys) for each in (CAMERASERVER, CAMERASERVER_2, CAMERASERVER_1_0)] == [
        *(True, False, True)
    ]


def test_old_cores_have_room_for_512_bytes_of_headers():
    limits = {name: firmware.header_limit for name, firmware in FIRMWARES.items()}
    assert (limits["cameraserver-1.0"], limits["cameraserver-2"], limits["easytarget"]) == (512, 512, 512)
    assert limits["cameraserver"] == 1024
    assert limits["tasmota"] is None

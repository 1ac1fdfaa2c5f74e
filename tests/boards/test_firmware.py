import pytest

from vedette.boards import CAMERASERVER, CAMERASERVER_1_0, FIRMWARES, OV2640, Era
from vedette.wire.http import ResponseHead, ResponseReader

BOUNDARY = "123456789000000000000987654321"


def test_each_firmware_is_found_by_its_name():
    assert dict(FIRMWARES) == {"cameraserver": CAMERASERVER, "cameraserver-1.0": CAMERASERVER_1_0}
    assert all(firmware.name == name for name, firmware in FIRMWARES.items())


@pytest.mark.parametrize("firmware", FIRMWARES.values(), ids=FIRMWARES)
def test_camerawebserver_is_where_it_has_always_been(firmware):
    assert (firmware.control_port, firmware.stream_port) == (80, 81)
    assert (firmware.stream_path, firmware.still_path) == ("/stream", "/capture")
    assert firmware.family == "cameraserver"
    assert firmware.sensor_timeout == 4.0  # FB_GET_TIMEOUT


@pytest.mark.parametrize("firmware", FIRMWARES.values(), ids=FIRMWARES)
def test_the_head_is_http_and_declares_the_boundary_that_is_sent(firmware):
    heads: list[ResponseHead] = []
    ResponseReader(heads.append, lambda _: None).feed((firmware.framing.head + "\r\n").encode("ascii"))
    assert heads[0].status == 200
    assert heads[0].content_type == "multipart/x-mixed-replace"
    assert heads[0].boundary == BOUNDARY.encode()
    assert heads[0].headers["transfer-encoding"] == "chunked"
    assert firmware.framing.boundary == f"\r\n--{BOUNDARY}\r\n"
    assert firmware.framing.chunked


def test_newer_cores_say_more_in_their_head():
    assert CAMERASERVER.framing.head == (
        "HTTP/1.1 200 OK\r\n"
        f"Content-Type: multipart/x-mixed-replace;boundary={BOUNDARY}\r\n"
        "Transfer-Encoding: chunked\r\n"
        "Access-Control-Allow-Origin: *\r\n"
        "X-Framerate: 60\r\n"
    )
    assert CAMERASERVER_1_0.framing.head == (
        "HTTP/1.1 200 OK\r\n"
        f"Content-Type: multipart/x-mixed-replace;boundary={BOUNDARY}\r\n"
        "Transfer-Encoding: chunked\r\n"
    )


def test_the_boundary_moved_to_the_front_with_core_2():
    assert CAMERASERVER.framing.boundary_first
    assert not CAMERASERVER_1_0.framing.boundary_first


def test_part_heads_are_the_firmwares_to_the_byte():
    values = {"length": 12345, "seconds": 7, "microseconds": 89}
    assert CAMERASERVER.framing.part_head.format(**values) == (
        "Content-Type: image/jpeg\r\nContent-Length: 12345\r\nX-Timestamp: 7.000089\r\n\r\n"
    )
    assert CAMERASERVER_1_0.framing.part_head.format(**values) == (
        "Content-Type: image/jpeg\r\nContent-Length: 12345\r\n\r\n"
    )


def test_the_eras_are_those_of_the_cores():
    assert CAMERASERVER.era is Era.D
    assert CAMERASERVER_1_0.era is Era.A
    assert CAMERASERVER.status_has_pixformat
    assert not CAMERASERVER_1_0.status_has_pixformat


# Sensors.

RANGES = {
    "quality": (0, 63),
    "brightness": (-2, 2),
    "contrast": (-2, 2),
    "saturation": (-2, 2),
    "special_effect": (0, 6),
    "wb_mode": (0, 4),
    "ae_level": (-2, 2),
    "aec_value": (0, 1200),
    "agc_gain": (0, 30),
    "gainceiling": (0, 6),
    "led_intensity": (0, 255),
} | dict.fromkeys(
    ["awb", "awb_gain", "aec", "aec2", "agc", "bpc", "wpc", "raw_gma", "lenc", "hmirror", "vflip", "dcw", "colorbar"],
    (0, 1),
)


def test_the_ov2640_has_every_variable_in_its_range():
    assert {name: (variable.low, variable.high) for name, variable in OV2640.variables.items()} == RANGES


def test_defaults_are_in_range_but_for_a_lamp_that_is_not_there():
    for name, variable in OV2640.variables.items():
        assert variable.low <= variable.default <= variable.high or (name, variable.default) == ("led_intensity", -1)


def test_sharpness_and_noise_reduction_cannot_be_set():
    assert "sharpness" not in OV2640.variables
    assert "denoise" not in OV2640.variables
    assert "framesize" not in OV2640.variables


def test_the_ov2640_is_told_by_its_first_register_and_ends_at_uxga():
    assert OV2640.registers[0] == "0xd3"
    assert OV2640.largest == (1600, 1200)

"""CameraWebServer, the example that comes with arduino-esp32, and what was made of it.

Sources: espressif/arduino-esp32, `libraries/ESP32/examples/Camera/CameraWebServer/app_httpd.cpp`, tags 1.0.4, 2.0.x
and 3.x; espressif/esp-idf, `components/esp_http_server` (order of the response headers, chunks, sockets);
easytarget/esp32-cam-webserver 4.x, `app_httpd.cpp` and `API.md`.
"""

from dataclasses import replace
from types import MappingProxyType

from vedette.boards.firmware import Dialect, Firmware
from vedette.boards.framesizes import Era
from vedette.boards.framing import B1, Framing, delimiter
from vedette.boards.sensors import SWITCH_OFF, Variable

_SENSOR_KEYS = (
    *("quality", "brightness", "contrast", "saturation", "sharpness", "special_effect", "wb_mode", "awb", "awb_gain"),
    *("aec", "aec2", "ae_level", "aec_value", "agc", "agc_gain", "gainceiling", "bpc", "wpc", "raw_gma", "lenc"),
)
_FACE_KEYS = ("face_detect", "face_enroll", "face_recognize")
_STILL_HEAD = (
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: image/jpeg\r\n"
    "Content-Length: {length}\r\n"
    "Content-Disposition: inline; filename=capture.jpg\r\n"
)
_STREAM_HEAD = (
    f"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary={B1}\r\nTransfer-Encoding: chunked\r\n"
)
_ANY_ORIGIN = "Access-Control-Allow-Origin: *\r\n"
_PART_HEAD = "Content-Type: image/jpeg\r\nContent-Length: {length}\r\n"

CAMERASERVER = Firmware(
    name="cameraserver",
    family="cameraserver",
    title="CameraWebServer (arduino-esp32 3.x)",
    control_port=80,
    stream_port=81,
    stream_path="/stream",
    still_path="/capture",
    framing=Framing(
        head=_STREAM_HEAD + _ANY_ORIGIN + "X-Framerate: 60\r\n\r\n",
        chunked=True,
        boundary=B1,
        before=delimiter(B1),
        part_head=_PART_HEAD + "X-Timestamp: {seconds}.{microseconds:06d}\r\n\r\n",
    ),
    still_head=_STILL_HEAD + _ANY_ORIGIN + "X-Timestamp: {seconds}.{microseconds:06d}\r\n\r\n",
    status_path="/status",
    status_keys=(
        *("registers", "xclk", "pixformat", "framesize"),
        *(*_SENSOR_KEYS, "hmirror", "vflip", "dcw", "colorbar", "led_intensity"),
    ),
    control=Dialect.VAR_VAL,
    xclk_target="/xclk?xclk={value}",
    era=Era.D,
    init_size=(1600, 1200),
    header_limit=1024,  # CONFIG_HTTPD_MAX_REQ_HDR_LEN of its core
)

CAMERASERVER_2 = replace(
    CAMERASERVER,
    name="cameraserver-2",
    title="CameraWebServer (arduino-esp32 2.x)",
    status_keys=(
        *("registers", "xclk", "pixformat", "framesize"),
        *(*_SENSOR_KEYS, "hmirror", "dcw", "colorbar", "led_intensity", "face_detect"),
    ),
    extra=MappingProxyType({"face_detect": SWITCH_OFF}),
    era=Era.C,
    header_limit=512,  # arduino-esp32#5969
)

CAMERASERVER_1_0 = replace(
    CAMERASERVER,
    name="cameraserver-1.0",
    title="CameraWebServer (arduino-esp32 1.0.x)",
    framing=Framing(
        head=_STREAM_HEAD + "\r\n",
        chunked=True,
        boundary=B1,
        before="",
        part_head=_PART_HEAD + "\r\n",
        after=delimiter(B1),
    ),
    still_head=_STILL_HEAD + "\r\n",
    status_keys=("framesize", *_SENSOR_KEYS, "vflip", "hmirror", "dcw", "colorbar", *_FACE_KEYS),
    extra=MappingProxyType(dict.fromkeys(_FACE_KEYS, SWITCH_OFF)),
    xclk_target=None,
    era=Era.A,
    header_limit=512,  # arduino-esp32#2983
)

EASYTARGET = replace(
    CAMERASERVER,
    name="easytarget",
    family="easytarget",
    title="easytarget esp32-cam-webserver 4.x",
    stream_path="/",
    framing=Framing(
        head=_STREAM_HEAD + _ANY_ORIGIN + "\r\n",
        chunked=True,
        boundary=B1,
        before="",
        part_head=_PART_HEAD + "\r\n",
        after=delimiter(B1),
        opening=delimiter(B1),
    ),
    still_head=_STILL_HEAD + _ANY_ORIGIN + "\r\n",
    status_keys=(
        *("lamp", "autolamp", "min_frame_time", "framesize", "quality", "xclk", *_SENSOR_KEYS[1:]),
        *("vflip", "hmirror", "dcw", "colorbar", "cam_name", "code_ver", "rotate", "stream_url"),
    ),
    extra=MappingProxyType(
        {
            "lamp": Variable(0, 100, -1),  # per cent; -1: no lamp
            "autolamp": SWITCH_OFF,
            "min_frame_time": Variable(0, 10_000, 0),  # ms
            "rotate": Variable(-90, 90, 0),  # of the firmware's own page only (esp32-cam-webserver#315)
            "xclk": Variable(2, 20, 8),  # MHz
        }
    ),
    reboot_target="/control?var=reboot&val=1",
    stop_target="/stop",
    saves_settings=True,
    save_target="/control?var=save_prefs&val=1",
    clear_target="/control?var=clear_prefs&val=1",
    xclk_target=None,
    era=Era.C,
    init_size=(800, 600),
    header_limit=512,
)

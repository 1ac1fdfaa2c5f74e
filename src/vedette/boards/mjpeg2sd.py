"""ESP32-CAM_MJPEG2SD: records to its own card, and streams from port 80 in tasks of their own.

Two streams: the page's (`?stream=0`), which refuses a second viewer, and the one for recorders (`?video=1`), which must
be enabled, and drops the viewer it has for a new one. Its password guards `/` and `/sustain` alone: `/control` and
`/status` answer anybody.

Source: s60sc/ESP32-CAM_MJPEG2SD 10.9, `streamServer.cpp` (`showStream`, `appSpecificSustainHandler`), `webServer.cpp`
(`checkAuth`, `controlHandler`, `statusHandler`).
"""

from dataclasses import replace
from types import MappingProxyType

from vedette.boards.firmware import Auth, AuthScheme, Dialect, Firmware, Refusal, SecondClient
from vedette.boards.framesizes import Era
from vedette.boards.framing import B1, Framing, delimiter
from vedette.boards.sensors import SWITCH_OFF, Variable

MJPEG2SD = Firmware(
    name="mjpeg2sd",
    family="mjpeg2sd",
    title="ESP32-CAM_MJPEG2SD 10.9, the stream for recorders",
    control_port=80,
    stream_port=80,
    stream_path="/sustain?video=1",
    still_path="/control?still=1",
    framing=Framing(
        head=(
            "HTTP/1.1 200 OK\r\n"
            f"Content-Type: multipart/x-mixed-replace;boundary={B1}\r\n"
            "Transfer-Encoding: chunked\r\n"
            "Access-Control-Allow-Origin: *\r\n\r\n"
        ),
        chunked=True,
        boundary=B1,
        before=delimiter(B1),
        part_head="Content-Type: image/jpeg\r\nContent-Length: {length:>10}\r\n\r\n",  # %10u
    ),
    still_head=(
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: image/jpeg\r\n"
        "Content-Length: {length}\r\n"
        "Content-Disposition: inline; filename=capture.jpg\r\n\r\n"
    ),
    status_path="/status",
    status_keys=(  # all of them texts; it names more, of its card, its clock and its motors
        *("clockUTC", "up_time", "fw_version", "lampLevel", "framesize", "fps", "xclkMhz", "quality", "brightness"),
        *("contrast", "saturation", "sharpness", "denoise", "special_effect", "wb_mode", "awb", "awb_gain", "aec"),
        *("aec2", "ae_level", "aec_value", "agc", "agc_gain", "gainceiling", "bpc", "wpc", "raw_gma", "lenc"),
        *("hmirror", "vflip", "dcw", "colorbar"),
    ),
    control=Dialect.KEY_VALUE,
    extra=MappingProxyType(
        {
            "fps": Variable(1, 60, 20),
            "sharpness": Variable(-3, 3, 0),
            "denoise": Variable(0, 8, 4),
            "xclkMhz": Variable(8, 20, 20),
            "lampLevel": Variable(0, 15, 0),
            "record": SWITCH_OFF,
        }
    ),
    reboot_target="/control?reset=1",
    saves_settings=True,
    save_target="/control?save=1",
    era=Era.D,
    init_size=(1600, 1200),
    second_client=SecondClient.STEALS,
    auth=Auth(AuthScheme.BASIC, frozenset({"/", "/sustain"}), "Basic", "Unauthorised"),
    header_limit=1024,
    sensor_timeout=None,
)

MJPEG2SD_STREAM = replace(
    MJPEG2SD,
    name="mjpeg2sd-stream",
    title="ESP32-CAM_MJPEG2SD 10.9, the stream of its page",
    stream_path="/sustain?stream=0",
    second_client=SecondClient.REFUSED,
    refusal=Refusal(500, "No free task"),
)

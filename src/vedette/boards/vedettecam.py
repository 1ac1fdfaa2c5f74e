"""vedette_cam, the firmware of this project (`firmware/vedette_cam`): one viewer, and words for everybody else.

It answers on port 80 while its stream runs, so that a second viewer is told who has the place; port 81 has the stream
once more, for what is configured for CameraWebServer. Its mDNS records name the stream on port 80, and so does this.
Settings survive a reboot by themselves.

Source: `firmware/vedette_cam/src`: `core/multipart.*` (the stream), `core/reports.cpp` (status, refusals),
`core/variables.cpp` (ranges), `core/token.cpp`, `device/streamer.cpp`, `device/handlers.cpp`, `device/web.cpp`.
"""

from types import MappingProxyType

from vedette.boards.firmware import Auth, AuthScheme, Dialect, Firmware, Refusal, SecondClient
from vedette.boards.framesizes import Era
from vedette.boards.framing import Framing, delimiter
from vedette.boards.sensors import Variable

_BOUNDARY = "vedettecam"
_NO_STORE = "Cache-Control: no-store\r\n"
_SILENT = '{"error":{"code":"sensor_silent","message":"the sensor gives no frames"}}'
_GUARDED = ("/status", "/health", "/control", "/capture", "/reboot", "/update", "/stream")

VEDETTE_CAM = Firmware(
    name="vedette_cam",
    family="vedette_cam",
    title="vedette_cam",
    control_port=80,
    stream_port=80,
    second_stream_port=81,
    stream_path="/stream",
    still_path="/capture",
    framing=Framing(
        head=(
            "HTTP/1.1 200 OK\r\n"
            f"Content-Type: multipart/x-mixed-replace;boundary={_BOUNDARY}\r\n"
            f"{_NO_STORE}"
            "Connection: close\r\n\r\n"
        ),
        chunked=False,
        boundary=_BOUNDARY,
        before=delimiter(_BOUNDARY),
        part_head=(
            "Content-Type: image/jpeg\r\nContent-Length: {length}\r\nX-Timestamp: {seconds}.{microseconds:06d}\r\n\r\n"
        ),
        failure=(
            "HTTP/1.1 503 Service Unavailable\r\n"
            "Content-Type: application/json\r\n"
            f"Content-Length: {len(_SILENT)}\r\n"
            f"{_NO_STORE}\r\n{_SILENT}"
        ),
        head_waits=True,
    ),
    still_head=(
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: image/jpeg\r\n"
        "Content-Length: {length}\r\n"
        "X-Timestamp: {seconds}.{microseconds:06d}\r\n"
        f"{_NO_STORE}\r\n"
    ),
    status_path="/status",
    status_keys=(
        *("firmware", "version", "name", "board", "sensor", "resolution", "pixformat", "xclk", "framesize", "quality"),
        *("brightness", "contrast", "saturation", "special_effect", "wb_mode", "awb", "awb_gain", "aec", "aec2"),
        *("ae_level", "aec_value", "agc", "agc_gain", "gainceiling", "bpc", "wpc", "raw_gma", "lenc", "hmirror"),
        *("vflip", "dcw", "colorbar", "led_intensity"),
    ),
    control=Dialect.VAR_VAL,
    extra=MappingProxyType(
        {
            "xclk": Variable(6, 24, 20),  # MHz
            "quality": Variable(4, 63, 12),  # finer ones fit no buffer
        }
    ),
    bare_sensor=True,
    reboot_target="/reboot",
    saves_settings=True,
    health_path="/health",
    era=Era.D,  # it refuses to be compiled with another
    init_size=(1600, 1200),  # the sensor's largest; an OV2640 is on most boards
    second_client=SecondClient.REFUSED,
    refusal=Refusal(
        status=503,
        phrase="Service Unavailable",
        headers=f"Retry-After: 10\r\n{_NO_STORE}",
        code="slot_busy",
        message="{viewer} has been streaming for {seconds} s; this board serves one viewer at a time",
    ),
    auth=Auth(
        AuthScheme.BASIC,
        frozenset(_GUARDED),
        'Basic realm="vedette_cam"',
        token=True,
        headers=_NO_STORE,
        body='{"error":{"code":"token_required","message":"this board wants its token"}}',
    ),
    header_limit=1024,  # CONFIG_HTTPD_MAX_REQ_HDR_LEN of its core
    sensor_timeout=8.0,  # two tries of the driver's 4 s (`Streamer::next_frame`)
    frame_timeout=20.0,  # `StreamSlot::kOneFrame`
    byte_timeout=5.0,  # `StreamSlot::kNoByte`
)

"""Two firmwares on Arduino's `WebServer` that frame alike.

The header block ends with one line end, and the boundary's own first line end makes the blank line. Both
ignore short writes, so Content-Length can exceed the bytes before the next boundary.

Sources: arkhipenko/esp32-cam-mjpeg-multiclient, `esp32_camera_mjpeg_multiclient.ino`; rzeldent/esp32cam-rtsp,
`src/main.cpp` (`handle_stream`, `handle_snapshot`); arduino-esp32, `libraries/WebServer` (order of the headers).
"""

from vedette.boards.firmware import Auth, AuthScheme, Firmware, SecondClient
from vedette.boards.framing import B1, Framing, delimiter

_HEAD = (
    f"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: multipart/x-mixed-replace; boundary={B1}\r\n"
)
_PART_HEAD = "Content-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n"

ARKHIPENKO = Firmware(
    name="arkhipenko",
    family="generic",
    title="arkhipenko esp32-cam-mjpeg-multiclient",
    control_port=80,
    stream_port=80,
    stream_path="/mjpeg/1",
    still_path="/jpg",
    framing=Framing(
        head=_HEAD,
        chunked=False,
        boundary=B1,
        before="",
        part_head=_PART_HEAD,
        after=delimiter(B1),
        opening=delimiter(B1),
    ),
    still_head=(
        "HTTP/1.1 200 OK\r\nContent-disposition: inline; filename=capture.jpg\r\nContent-type: image/jpeg\r\n\r\n"
    ),
    init_size=(640, 480),
    second_client=SecondClient.SEVERAL,
    most_clients=10,
    answers_all=True,
    sensor_timeout=None,
)

MICRO_RTSP = Firmware(
    name="micro-rtsp",
    family="micro-rtsp",
    title="rzeldent esp32cam-rtsp (Micro-RTSP)",
    control_port=80,
    stream_port=80,
    stream_path="/stream",
    still_path="/snapshot",
    framing=Framing(
        head=_HEAD,
        chunked=False,
        boundary=B1,
        before=delimiter(B1),
        part_head=_PART_HEAD,
    ),
    still_head=(
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: image/jpeg\r\n"
        "Cache-Control: no-cache, no-store, must-revalidate\r\n"
        "Content-Length: {length}\r\n"
        "Connection: close\r\n\r\n"
    ),
    one_thread=True,
    auth=Auth(AuthScheme.BASIC, frozenset({"/config", "/flash"}), 'Basic realm="ESP32CAM-RTSP"'),
    sends_empty=True,
)

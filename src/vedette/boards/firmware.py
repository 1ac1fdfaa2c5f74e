"""The firmwares: ports, paths, and how each frames its stream, byte for byte.

Sources: arduino-esp32, `libraries/ESP32/examples/Camera/CameraWebServer/app_httpd.cpp`, tags 1.0.4 and 3.x;
esp-idf, `components/esp_http_server` (order of the response headers, chunks, sockets).
"""

from dataclasses import dataclass, replace
from types import MappingProxyType

from vedette.boards.framesizes import Era

_B1 = "123456789000000000000987654321"


@dataclass(frozen=True, slots=True)
class Framing:
    """A stream on the wire.

    Attributes:
        head: status line and headers of the response, each ended by CR LF, without the blank line.
        chunked: each write of the firmware travels as a chunk of its own.
        boundary: the bytes between parts, line ends included.
        boundary_first: the boundary stands before each part; otherwise behind each picture, and not before the first.
        part_head: `str.format` template of a part's headers, blank line included; takes ``length``, and ``seconds``
            and ``microseconds`` since the board booted.
    """

    head: str
    chunked: bool
    boundary: str
    boundary_first: bool
    part_head: str


@dataclass(frozen=True, slots=True)
class Firmware:
    """What runs on a board.

    Attributes:
        name: as `vedette sim --firmware` takes it.
        family: the configuration's and the API's word for it.
        title: as people know it.
        control_port: of the page, `/status`, `/control` and `/capture`.
        stream_port: of the stream.
        stream_path: where the stream is.
        still_path: where a single picture is.
        framing: the stream on the wire.
        still_headers: `str.format` template of the extra headers of a still picture.
        era: which table its framesize numbers index.
        status_has_pixformat: `/status` names the pixel format; core 1.0.x is told by its absence.
        sensor_timeout: seconds after which it gives up on a sensor that delivers nothing, and closes.
    """

    name: str
    family: str
    title: str
    control_port: int
    stream_port: int
    stream_path: str
    still_path: str
    framing: Framing
    still_headers: str
    era: Era
    status_has_pixformat: bool
    sensor_timeout: float


CAMERASERVER = Firmware(
    name="cameraserver",
    family="cameraserver",
    title="CameraWebServer (arduino-esp32 3.x)",
    control_port=80,
    stream_port=81,
    stream_path="/stream",
    still_path="/capture",
    framing=Framing(
        head=(
            "HTTP/1.1 200 OK\r\n"
            f"Content-Type: multipart/x-mixed-replace;boundary={_B1}\r\n"
            "Transfer-Encoding: chunked\r\n"
            "Access-Control-Allow-Origin: *\r\n"
            "X-Framerate: 60\r\n"
        ),
        chunked=True,
        boundary=f"\r\n--{_B1}\r\n",
        boundary_first=True,
        part_head=(
            "Content-Type: image/jpeg\r\nContent-Length: {length}\r\nX-Timestamp: {seconds}.{microseconds:06d}\r\n\r\n"
        ),
    ),
    still_headers=(
        "Content-Disposition: inline; filename=capture.jpg\r\n"
        "Access-Control-Allow-Origin: *\r\n"
        "X-Timestamp: {seconds}.{microseconds:06d}\r\n"
    ),
    era=Era.D,
    status_has_pixformat=True,
    sensor_timeout=4.0,
)

CAMERASERVER_1_0 = replace(
    CAMERASERVER,
    name="cameraserver-1.0",
    title="CameraWebServer (arduino-esp32 1.0.x)",
    framing=Framing(
        head=(
            "HTTP/1.1 200 OK\r\n"
            f"Content-Type: multipart/x-mixed-replace;boundary={_B1}\r\n"
            "Transfer-Encoding: chunked\r\n"
        ),
        chunked=True,
        boundary=f"\r\n--{_B1}\r\n",
        boundary_first=False,
        part_head="Content-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n",
    ),
    still_headers="Content-Disposition: inline; filename=capture.jpg\r\n",
    era=Era.A,
    status_has_pixformat=False,
)

FIRMWARES = MappingProxyType({firmware.name: firmware for firmware in (CAMERASERVER, CAMERASERVER_1_0)})

"""ESPHome's esp32_camera_web_server: one path on a port of the user's choice, in one of two modes.

It writes its stream by hand, as HTTP/1.0, and takes one connection at a time. A sensor that gives no picture within 5 s
ends the stream with a part of plain text.

Source: esphome/esphome, `components/esp32_camera_web_server/camera_web_server.cpp`.
"""

from dataclasses import replace

from vedette.boards.firmware import Firmware
from vedette.boards.framing import B1, NO_STREAM, Framing, delimiter

ESPHOME = Firmware(
    name="esphome",
    family="esphome",
    title="ESPHome esp32_camera_web_server, mode stream",
    control_port=8080,  # that of the documentation's example
    stream_port=8080,
    stream_path="/",
    still_path=None,
    framing=Framing(
        head=(
            "HTTP/1.0 200 OK\r\n"
            "Access-Control-Allow-Origin: *\r\n"
            "Connection: close\r\n"
            f"Content-Type: multipart/x-mixed-replace;boundary={B1}\r\n\r\n"
        ),
        chunked=False,
        boundary=B1,
        before="",
        part_head="Content-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n",
        after=delimiter(B1),
        opening=f"--{B1}\r\n",
        failure=f"Content-Type: text/plain\r\n\r\nNo frames send.\r\n--{B1}\r\n",
    ),
    still_head="",
    one_thread=True,
    header_limit=512,
    sensor_timeout=5.0,  # IMAGE_REQUEST_TIMEOUT
)

ESPHOME_SNAPSHOT = replace(
    ESPHOME,
    name="esphome-snapshot",
    title="ESPHome esp32_camera_web_server, mode snapshot",
    control_port=8081,
    stream_port=8081,
    still_path="/",
    framing=NO_STREAM,
    still_head=(
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: image/jpeg\r\n"
        "Content-Length: {length}\r\n"
        "Content-Disposition: inline; filename=capture.jpg\r\n\r\n"
    ),
    stills_only=True,
)

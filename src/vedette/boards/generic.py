"""Cameras that are no ESP32: plain multipart MJPEG, and one URL that gives one picture per request."""

from vedette.boards.firmware import Auth, AuthScheme, Firmware, SecondClient
from vedette.boards.framing import NO_STREAM, Framing

_BOUNDARY = "frame"

GENERIC = Firmware(
    name="generic",
    family="generic",
    title="An IP camera with MJPEG",
    control_port=80,
    stream_port=80,
    stream_path="/video.mjpg",
    still_path="/image.jpg",
    framing=Framing(
        head=(
            "HTTP/1.1 200 OK\r\n"
            f"Content-Type: multipart/x-mixed-replace; boundary={_BOUNDARY}\r\n"
            "Cache-Control: no-cache\r\n"
            "Connection: close\r\n\r\n"
        ),
        chunked=False,
        boundary=_BOUNDARY,
        before=f"--{_BOUNDARY}\r\n",
        part_head="Content-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n",
        after="\r\n",
    ),
    still_head=(
        "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {length}\r\nCache-Control: no-cache\r\n"
        "Connection: close\r\n\r\n"
    ),
    second_client=SecondClient.SEVERAL,
    most_clients=8,
    auth=Auth(AuthScheme.BASIC),
)

GENERIC_STILL = Firmware(
    name="generic-still",
    family="generic",
    title="An IP camera with single pictures only",
    control_port=80,
    stream_port=80,
    stream_path="/image.jpg",
    still_path="/image.jpg",
    framing=NO_STREAM,
    still_head=GENERIC.still_head,
    stills_only=True,
    second_client=SecondClient.SEVERAL,
    most_clients=8,
    auth=Auth(AuthScheme.BASIC),
)

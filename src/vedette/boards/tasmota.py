"""Tasmota's webcam driver: MJPEG on port 81 under three names, one of them ending in .jpg.

The first driver has one viewer, and closes its connection when another one comes; the second has several, and drops
one whose frame takes more than 20 s. Builds before June 2021 sent no boundary before the first part (Tasmota#12376).

Sources: arendst/Tasmota, `xdrv_81_esp32_webcam.ino` (`HandleWebcamMjpegTask`) and `xdrv_81_esp32_webcam_task.ino`.
"""

from dataclasses import replace

from vedette.boards.firmware import Auth, AuthScheme, Firmware, SecondClient
from vedette.boards.framing import B2, Framing, delimiter

_HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary={B2}\r\n\r\n"
_PART_HEAD = "Content-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n"

TASMOTA = Firmware(
    name="tasmota",
    family="tasmota",
    title="Tasmota webcam",
    control_port=80,
    stream_port=81,
    stream_path="/stream",
    other_paths=("/cam.mjpeg", "/cam.jpg"),
    still_path="/snapshot.jpg",
    framing=Framing(
        head=_HEAD,
        chunked=False,
        boundary=B2,
        before=f"--{B2}\r\n",
        part_head=_PART_HEAD,
        after="\r\n",
    ),
    still_head=(
        "HTTP/1.1 200 OK\r\n"
        "Content-Type: image/jpeg\r\n"
        "Content-Disposition: inline; filename=snapshot.jpg\r\n"
        "Content-Length: {length}\r\n"
        "Connection: close\r\n\r\n"
    ),
    init_size=(1600, 1200),
    second_client=SecondClient.STEALS,
    auth=Auth(AuthScheme.BASIC),
)

TASMOTA_OLD = replace(
    TASMOTA,
    name="tasmota-old",
    title="Tasmota webcam before June 2021",
    framing=Framing(
        head=_HEAD,
        chunked=False,
        boundary=B2,
        before="",
        part_head=_PART_HEAD,
        after=delimiter(B2),
    ),
)

TASMOTA_2 = replace(
    TASMOTA,
    name="tasmota-2",
    title="Tasmota webcam, driver with tasks",
    second_client=SecondClient.SEVERAL,
    most_clients=5,
    sensor_timeout=None,
    frame_timeout=20.0,
)

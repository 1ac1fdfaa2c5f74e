"""The two examples of yoursunny's esp32cam library.

WifiCam: the URL names the resolution, and asking for it sets it for the whole board; a stream blocks everything else.
AsyncCam: several connections at a time. Neither writes a boundary before the first part (esp32cam#67, go2rtc#545).

Sources: yoursunny/esp32cam, `src/esp32cam/mjpeg.cpp`, `camera.cpp`, `asyncweb.cpp`, `examples/WifiCam/handlers.cpp`,
`examples/AsyncCam/handlers.cpp`; ESPAsyncWebServer, `WebResponses.cpp` (headers of a response without a length).
"""

from vedette.boards.firmware import Firmware, SecondClient
from vedette.boards.framing import B2, Framing, delimiter

_PART_HEAD = "Content-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n"

WIFICAM = Firmware(
    name="wificam",
    family="wificam",
    title="yoursunny esp32cam WifiCam",
    control_port=80,
    stream_port=80,
    stream_path="/{width}x{height}.mjpeg",
    still_path="/{width}x{height}.jpg",
    framing=Framing(
        head=f"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary={B2}\r\n\r\n",
        chunked=False,
        boundary=B2,
        before="",
        part_head=_PART_HEAD,
        after=delimiter(B2),
    ),
    still_head=("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"),
    init_size=(1024, 768),
    one_thread=True,
    frame_timeout=10.0,  # MjpegConfig::frameTimeout
)

ASYNCCAM = Firmware(
    name="asynccam",
    family="asynccam",
    title="yoursunny esp32cam AsyncCam",
    control_port=80,
    stream_port=80,
    stream_path="/cam.mjpeg",
    other_paths=("/continuous.mjpeg",),
    still_path="/cam.jpg",
    framing=Framing(
        head=(
            "HTTP/1.1 200 OK\r\n"
            f"Content-Type: multipart/x-mixed-replace;boundary={B2}\r\n"
            "Connection: close\r\n"
            "Accept-Ranges: none\r\n\r\n"
        ),
        chunked=False,
        boundary=B2,
        before="",
        part_head=_PART_HEAD,
        after=delimiter(B2),
    ),
    still_head=("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nConnection: close\r\nAccept-Ranges: none\r\n\r\n"),
    init_size=(1024, 768),
    second_client=SecondClient.SEVERAL,
    most_clients=4,
    frame_timeout=10.0,
)

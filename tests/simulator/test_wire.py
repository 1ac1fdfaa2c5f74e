"""Every firmware's stream and still picture, to the byte, against what its source writes."""

import pytest

from vedette.boards import FIRMWARES
from vedette.simulator.framing import encode_frame, encode_stream_head

JPEG = b"\xff\xd8picture\xff\xd9"  # 11 bytes
B1 = b"123456789000000000000987654321"
B2 = b"e8b8c539-047d-4777-a985-fbba6edff11e"
TYPED = b"Content-Type: image/jpeg\r\nContent-Length: 11\r\n\r\n"

ESPRESSIF = (
    b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=" + B1 + b"\r\nTransfer-Encoding: chunked\r\n"
)
ORIGIN = b"Access-Control-Allow-Origin: *\r\n"
CHUNKED_B1 = b"24\r\n\r\n--" + B1 + b"\r\n\r\n"
CHUNKED_JPEG = b"b\r\n" + JPEG + b"\r\n"
CHUNKED_TYPED = b"30\r\n" + TYPED + b"\r\n"
STAMPED = b"Content-Type: image/jpeg\r\nContent-Length: 11\r\nX-Timestamp: 12.500000\r\n\r\n"
PADDED = b"Content-Type: image/jpeg\r\nContent-Length:         11\r\n\r\n"
CORE_3 = CHUNKED_B1 + b"48\r\n" + STAMPED + b"\r\n" + CHUNKED_JPEG
CORE_1 = CHUNKED_TYPED + CHUNKED_JPEG + CHUNKED_B1
S60 = CHUNKED_B1 + b"38\r\n" + PADDED + b"\r\n" + CHUNKED_JPEG
TAIL_B1 = b"\r\n--" + B1 + b"\r\n"
TAIL_B2 = b"\r\n--" + B2 + b"\r\n"
YOURSUNNY = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=" + B2 + b"\r\n"
WEBSERVER = (
    b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n"
    b"Content-Type: multipart/x-mixed-replace; boundary=" + B1 + b"\r\n"
)

# The head with what is written once, and two pictures.
STREAMS = {
    "cameraserver": (ESPRESSIF + ORIGIN + b"X-Framerate: 60\r\n\r\n", CORE_3 * 2),
    "cameraserver-2": (ESPRESSIF + ORIGIN + b"X-Framerate: 60\r\n\r\n", CORE_3 * 2),
    "cameraserver-1.0": (ESPRESSIF + b"\r\n", CORE_1 * 2),
    "easytarget": (ESPRESSIF + ORIGIN + b"\r\n" + CHUNKED_B1, CORE_1 * 2),
    "mjpeg2sd": (ESPRESSIF + ORIGIN + b"\r\n", S60 * 2),
    "mjpeg2sd-stream": (ESPRESSIF + ORIGIN + b"\r\n", S60 * 2),
    "esphome": (
        b"HTTP/1.0 200 OK\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n"
        b"Content-Type: multipart/x-mixed-replace;boundary=" + B1 + b"\r\n\r\n--" + B1 + b"\r\n",
        (TYPED + JPEG + TAIL_B1) * 2,
    ),
    "tasmota": (YOURSUNNY + b"\r\n", (b"--" + B2 + b"\r\n" + TYPED + JPEG + b"\r\n") * 2),
    "tasmota-2": (YOURSUNNY + b"\r\n", (b"--" + B2 + b"\r\n" + TYPED + JPEG + b"\r\n") * 2),
    "tasmota-old": (YOURSUNNY + b"\r\n", (TYPED + JPEG + TAIL_B2) * 2),
    "arkhipenko": (WEBSERVER + TAIL_B1, (TYPED + JPEG + TAIL_B1) * 2),
    "micro-rtsp": (WEBSERVER, (TAIL_B1 + TYPED + JPEG) * 2),
    "wificam": (YOURSUNNY + b"\r\n", (TYPED + JPEG + TAIL_B2) * 2),
    "asynccam": (YOURSUNNY + b"Connection: close\r\nAccept-Ranges: none\r\n\r\n", (TYPED + JPEG + TAIL_B2) * 2),
    "vedette_cam": (
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=vedettecam\r\n"
            b"Cache-Control: no-store\r\nConnection: close\r\n\r\n"
        ),
        (b"\r\n--vedettecam\r\n" + STAMPED + JPEG) * 2,
    ),
    "generic": (
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n"
            b"Cache-Control: no-cache\r\nConnection: close\r\n\r\n"
        ),
        (b"--frame\r\n" + TYPED + JPEG + b"\r\n") * 2,
    ),
}

COUNTED = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 11\r\n"
INLINE = b"Content-Disposition: inline; filename=capture.jpg\r\n"
STILLS = {
    "cameraserver": COUNTED + INLINE + ORIGIN + b"X-Timestamp: 12.500000\r\n\r\n",
    "cameraserver-2": COUNTED + INLINE + ORIGIN + b"X-Timestamp: 12.500000\r\n\r\n",
    "cameraserver-1.0": COUNTED + INLINE + b"\r\n",
    "easytarget": COUNTED + INLINE + ORIGIN + b"\r\n",
    "mjpeg2sd": COUNTED + INLINE + b"\r\n",
    "mjpeg2sd-stream": COUNTED + INLINE + b"\r\n",
    "esphome-snapshot": COUNTED + INLINE + b"\r\n",
    "tasmota": (
        b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Disposition: inline; filename=snapshot.jpg\r\n"
        b"Content-Length: 11\r\nConnection: close\r\n\r\n"
    ),
    "arkhipenko": (
        b"HTTP/1.1 200 OK\r\nContent-disposition: inline; filename=capture.jpg\r\nContent-type: image/jpeg\r\n\r\n"
    ),
    "micro-rtsp": (
        b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nCache-Control: no-cache, no-store, must-revalidate\r\n"
        b"Content-Length: 11\r\nConnection: close\r\n\r\n"
    ),
    "wificam": COUNTED + b"Connection: close\r\n\r\n",
    "asynccam": (b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nConnection: close\r\nAccept-Ranges: none\r\n\r\n"),
    "vedette_cam": COUNTED + b"X-Timestamp: 12.500000\r\nCache-Control: no-store\r\n\r\n",
    "generic": COUNTED + b"Cache-Control: no-cache\r\nConnection: close\r\n\r\n",
    "generic-still": COUNTED + b"Cache-Control: no-cache\r\nConnection: close\r\n\r\n",
}
STILLS["tasmota-2"] = STILLS["tasmota-old"] = STILLS["tasmota"]


@pytest.mark.parametrize("name", [name for name, firmware in FIRMWARES.items() if not firmware.stills_only])
def test_a_stream_is_its_firmwares_to_the_byte(name):
    framing = FIRMWARES[name].framing
    head, parts = STREAMS[name]
    assert encode_stream_head(framing) == head
    assert encode_frame(framing, JPEG, 12.5, len(JPEG)) * 2 == parts


@pytest.mark.parametrize("name", [name for name, firmware in FIRMWARES.items() if firmware.still_path])
def test_a_still_picture_has_its_firmwares_head_to_the_byte(name):
    values = {"length": len(JPEG), "seconds": 12, "microseconds": 500_000}
    assert FIRMWARES[name].still_head.format(**values).encode("ascii") == STILLS[name]


@pytest.mark.parametrize("name", STREAMS)
def test_on_a_socket_it_begins_with_that_head(name, run, connect):
    client = connect(run(FIRMWARES[name]).stream_url()).ask()
    client.read_parts(2)
    assert client.wire.startswith(STREAMS[name][0])


@pytest.mark.parametrize("name", STILLS)
def test_on_a_socket_a_still_picture_is_one(name, run, connect, decode):
    simulator = run(FIRMWARES[name], size=(160, 120))
    client = connect(simulator.control_url()).ask(FIRMWARES[name].still_target((160, 120)))
    client.until(lambda client: client.wire.endswith(b"\xff\xd9"))
    picture = client.wire.partition(b"\r\n\r\n")[2]
    assert decode(picture).shape == (120, 160, 3)
    if b"Content-Length" in STILLS[name]:
        assert client.response.ended
    else:
        assert client.read_to_the_end().endswith(picture)


def test_esphomes_failure_is_its_text_part_to_the_byte():
    assert FIRMWARES["esphome"].framing.failure.encode() == (
        b"Content-Type: text/plain\r\n\r\nNo frames send.\r\n--" + B1 + b"\r\n"
    )

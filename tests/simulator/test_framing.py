import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.boards import CAMERASERVER, CAMERASERVER_1_0, FIRMWARES
from vedette.simulator.framing import encode_frame, encode_stream_head, encode_write
from vedette.wire.http import ResponseReader
from vedette.wire.multipart import MultipartReader

JPEG = b"\xff\xd8picture\xff\xd9"
STREAMING = [firmware for firmware in FIRMWARES.values() if not firmware.stills_only]


def test_the_stream_of_core_3_is_the_firmwares_to_the_byte():
    framing = CAMERASERVER.framing
    assert encode_stream_head(framing) + encode_frame(framing, JPEG, 12.5, len(JPEG)) == (
        b"HTTP/1.1 200 OK\r\n"
        b"Content-Type: multipart/x-mixed-replace;boundary=123456789000000000000987654321\r\n"
        b"Transfer-Encoding: chunked\r\n"
        b"Access-Control-Allow-Origin: *\r\n"
        b"X-Framerate: 60\r\n"
        b"\r\n"
        b"24\r\n\r\n--123456789000000000000987654321\r\n\r\n"
        b"48\r\nContent-Type: image/jpeg\r\nContent-Length: 11\r\nX-Timestamp: 12.500000\r\n\r\n\r\n"
        b"b\r\n\xff\xd8picture\xff\xd9\r\n"
    )


def test_the_stream_of_core_1_is_the_firmwares_to_the_byte():
    framing = CAMERASERVER_1_0.framing
    assert encode_stream_head(framing) + encode_frame(framing, JPEG, 12.5, len(JPEG)) == (
        b"HTTP/1.1 200 OK\r\n"
        b"Content-Type: multipart/x-mixed-replace;boundary=123456789000000000000987654321\r\n"
        b"Transfer-Encoding: chunked\r\n"
        b"\r\n"
        b"30\r\nContent-Type: image/jpeg\r\nContent-Length: 11\r\n\r\n\r\n"
        b"b\r\n\xff\xd8picture\xff\xd9\r\n"
        b"24\r\n\r\n--123456789000000000000987654321\r\n\r\n"
    )


@pytest.mark.parametrize("firmware", STREAMING, ids=lambda firmware: firmware.name)
def test_a_length_may_be_left_out_or_be_wrong(firmware):
    assert b"Content-Length" not in encode_frame(firmware.framing, JPEG, 1.0, None)
    assert b"Content-Type: image/jpeg\r\n" in encode_frame(firmware.framing, JPEG, 1.0, None)
    assert re.search(rb"\r\nContent-Length: +99\r\n", encode_frame(firmware.framing, JPEG, 1.0, 99))


@pytest.mark.parametrize(
    ("uptime", "said"), [(0.0, b"0.000000"), (0.000001, b"0.000001"), (1.5, b"1.500000"), (86400.25, b"86400.250000")]
)
def test_the_timestamp_is_the_uptime_in_microseconds(uptime, said):
    assert b"\r\nX-Timestamp: " + said + b"\r\n" in encode_frame(CAMERASERVER.framing, JPEG, uptime, len(JPEG))


def test_each_write_is_a_chunk_of_its_own():
    assert encode_write(CAMERASERVER.framing, b"x" * 255) == b"ff\r\n" + b"x" * 255 + b"\r\n"


FRAMES = st.lists(
    st.tuples(st.binary(max_size=200).map(lambda middle: b"\xff\xd8" + middle + b"\xff\xd9"), st.floats(0, 1e6)),
    max_size=5,
)


@pytest.mark.parametrize("firmware", STREAMING, ids=lambda firmware: firmware.name)
@settings(max_examples=100, deadline=None)
@given(frames=FRAMES, cuts=st.lists(st.integers(0, 1500), max_size=12))
def test_what_every_firmware_sends_reads_back_without_a_fault(firmware, frames, cuts):
    framing = firmware.framing
    wire = encode_stream_head(framing)
    wire += b"".join(encode_frame(framing, jpeg, uptime, len(jpeg)) for jpeg, uptime in frames)
    readers: list[MultipartReader] = []
    parts = []
    response = ResponseReader(
        lambda head: readers.append(MultipartReader(head.boundary)), lambda piece: parts.extend(readers[0].feed(piece))
    )
    for start, end in pairwise([0, *sorted(min(cut, len(wire)) for cut in cuts), len(wire)]):
        response.feed(wire[start:end])
    assert [part.body for part in parts] == [jpeg for jpeg, _ in frames]
    assert bool(readers) is (b"\r\n\r\n" in wire)
    assert all(reader.faults == 0 for reader in readers)
    assert not response.ended
    if "X-Timestamp" in framing.part_head:
        assert all(
            float(part.timestamp or "nan") == int(uptime * 1e6) / 1e6
            for part, (_, uptime) in zip(parts, frames, strict=True)
        )
    else:
        assert all(part.timestamp is None for part in parts)

import contextlib
import json
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from vedette.wire.wall import (
    BadMessageError,
    Drawn,
    Want,
    decode_binary,
    decode_text,
    encode_cameras,
    encode_picture,
)


def read(data: bytes) -> Frame:
    """What a client's own protocol makes of it."""
    client = ClientProtocol(parse_uri("ws://localhost/"), state=State.OPEN, max_size=None)
    client.receive_data(data)
    (frame,) = client.events_received()
    assert isinstance(frame, Frame)
    return frame


@pytest.mark.parametrize("size", [0, 100, 125, 126, 65535, 65536, 300_000])
def test_a_picture_is_a_binary_message_of_sixteen_bytes_and_the_jpeg(size):
    jpeg = bytes(range(256)) * (size // 256) + bytes(size % 256)
    frame = read(encode_picture(513, 7, 1_700_000_000.25, jpeg))
    assert (frame.opcode, frame.fin) == (Opcode.BINARY, True)
    assert frame.data == b"\x01\x00\x02\x01\x00\x00\x00\x07" + struct.pack("!d", 1_700_000_000.25) + jpeg


def test_a_sequence_number_goes_round_after_32_bits():
    assert read(encode_picture(0, (1 << 32) + 5, 0.0, b"")).data[4:8] == b"\x00\x00\x00\x05"


def test_the_cameras_are_a_text_message_of_the_apis_own_words():
    frame = read(encode_cameras(['{"id":"porch","name":"Hütte"}', '{"id":"gate"}']))
    assert frame.opcode is Opcode.TEXT
    assert json.loads(bytes(frame.data)) == {
        "type": "cameras",
        "cameras": [{"id": "porch", "name": "Hütte"}, {"id": "gate"}],
    }
    assert json.loads(bytes(read(encode_cameras([])).data)) == {"type": "cameras", "cameras": []}


def test_what_a_client_says():
    assert decode_binary(b"\x02\x01\x00\x00\x00\x07") == Drawn(513, 7)
    assert decode_text(b'{"type": "want", "cameras": ["porch", "gate"]}') == Want(("porch", "gate"), {})
    assert decode_text(b'{"type": "want", "cameras": [], "later": 1}') == Want((), {})


@pytest.mark.parametrize("data", [b"", b"\x00" * 5, b"\x00" * 7])
def test_a_binary_message_of_another_length_is_refused(data):
    with pytest.raises(BadMessageError):
        decode_binary(data)


@pytest.mark.parametrize(
    "text",
    [
        *(b"", b"{", b"[]", b"1", b"null", b'"want"', b"{}", b'{"type": "wish", "cameras": []}', b'{"type": "want"}'),
        *(b'{"type": "want", "cameras": "porch"}', b'{"type": "want", "cameras": [1]}', b"\xff\xfe", b"[" * 10_000),
    ],
)
def test_a_text_message_that_is_no_wish_is_refused(text):
    with pytest.raises(BadMessageError):
        decode_text(text)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_understood_or_refused(data):
    for decode in (decode_binary, decode_text):
        with contextlib.suppress(BadMessageError):
            decode(data)

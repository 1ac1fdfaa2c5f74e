"""Messages of `/wall.ws`, as `docs/wall-protocol.md` has them: frames out, acknowledgements and wishes in.

WebSocket framing is `websockets`' business; a frame is made once for all walls that get it.
"""

import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from websockets.frames import Frame as WebSocketFrame
from websockets.frames import Opcode

_PICTURE = struct.Struct("!BBHId")  # kind, zero, the camera's number, sequence, seconds since the epoch
_DRAWN = struct.Struct("!HI")  # the camera's number, sequence
_KIND_PICTURE = 1
WIDEST = 8192  # pixels of a screen's side
_SEQUENCES = 1 << 32


class BadMessageError(Exception):
    """A client sent what the protocol does not know."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture has been drawn: the camera's number, and the picture's sequence number modulo 2^32."""

    number: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Want:
    """Pictures are wanted of these cameras, by id, and of no others.

    Attributes:
        cameras: by id.
        widths: how wide some of them are shown, in pixels of the screen.
    """

    cameras: tuple[str, ...]
    widths: Mapping[str, int]


def wrap_sequence(sequence: int) -> int:
    """A frame's sequence number as it goes over the wire."""
    return sequence % _SEQUENCES


def encode_picture(number: int, sequence: int, timestamp: float, jpeg: bytes) -> bytes:
    """A picture, framed for any client.

    Args:
        number: the camera's, its position in the list of cameras.
        sequence: the frame's.
        timestamp: seconds since the epoch at which it reached the server.
        jpeg: the picture.
    """
    head = _PICTURE.pack(_KIND_PICTURE, 0, number, wrap_sequence(sequence), timestamp)
    return WebSocketFrame(Opcode.BINARY, b"".join((head, jpeg))).serialize(mask=False)


def encode_cameras(answers: Iterable[str]) -> bytes:
    """The state of all cameras, framed for any client; each answer is the API's JSON of one camera."""
    text = f'{{"type":"cameras","cameras":[{",".join(answers)}]}}'
    return WebSocketFrame(Opcode.TEXT, text.encode()).serialize(mask=False)


def decode_binary(data: bytes) -> Drawn:
    """What a client says in a binary message.

    Raises:
        BadMessageError: it is nothing that the protocol knows.
    """
    if len(data) != _DRAWN.size:
        raise BadMessageError(f"a binary message of {len(data)} bytes")
    return Drawn(*_DRAWN.unpack(data))


def decode_text(text: bytes) -> Want:
    """What a client says in a text message.

    Raises:
        BadMessageError: it is nothing that the protocol knows.
    """
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessageError("a text that is no JSON") from None
    if not isinstance(message, dict) or message.get("type") != "want":
        raise BadMessageError("a message of an unknown type")
    cameras = message.get("cameras")
    if not isinstance(cameras, list) or not all(isinstance(camera, str) for camera in cameras):
        raise BadMessageError("a wish without a list of cameras")
    return Want(tuple(cameras), _read_widths(message.get("widths", {})))


def _read_widths(widths: object) -> Mapping[str, int]:
    """How wide cameras are shown; whole numbers, as a page rounds them."""
    if not isinstance(widths, dict) or not all(_is_width(width) for width in widths.values()):
        raise BadMessageError(f"widths that are no whole numbers from 1 to {WIDEST}")
    return widths


def _is_width(width: object) -> bool:
    return isinstance(width, int) and not isinstance(width, bool) and 1 <= width <= WIDEST

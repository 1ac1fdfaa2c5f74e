"""multipart/x-mixed-replace: the tolerant reader of what boards send, the strict writer of what viewers get.

The reader's law: **a part is whole when Content-Length bytes have arrived with EOI at their end** (padding after it
allowed), and is handed out at that moment. Only otherwise is it held and looked through at the next boundary: waiting
for that boundary always would cost a whole frame time. So a length that is missing, zero, too long or too short costs
40 ms and never a picture.

It accepts a boundary that is missing, leading, trailing, doubled, or another one than the header declares; more line
ends than belong there; lengths with spaces. It holds no more than `FRAME_LIMIT` bytes of body and `HEAD_LIMIT` of head.

    HEAD ──blank line──▶ COUNTED ──bytes there, EOI──▶ (part) ──▶ HEAD
      │                     └─────────bytes there, no EOI──┐
      └──no usable length──▶ SCANNING ◀────────────────────┘ ──boundary──▶ (part) ──▶ HEAD
                                └──over the limit──▶ SKIPPING ──boundary──▶ (oversize) ──▶ HEAD
"""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from vedette.wire.jpeg import EOI, SOI

FRAME_LIMIT = 2 * 1024 * 1024  # an OV5640 at 5 MP reaches 800 KB (esp32-camera#717)
HEAD_LIMIT = 8 * 1024  # part headers are 60 to 100 bytes

_LINE = re.compile(rb"\r?\n")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_HEADER = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*(.*?)[ \t]*$")
_LINE_ENDS = b"\r\n"
_PADDING = b"\x00\r\n"
_AROUND = 64  # bytes looked at before and behind a picture for line ends and padding; boards pad to 4 or 16
_OVERLAP = 80  # bytes kept of what was looked through: RFC 2046 allows a boundary 70, and dashes and line ends more
_SHORTEST_BOUNDARY = 4  # with its dashes: a shorter one would be found in every picture


class Part(NamedTuple):
    """One part as it came.

    Attributes:
        body: the JPEG, or what was sent in its place; empty where it was over the limit.
        timestamp: the board's X-Timestamp, usually seconds since it booted; None where it sent none.
        oversize: the body was longer than `FRAME_LIMIT` and was thrown away.
    """

    body: bytes
    timestamp: str | None = None
    oversize: bool = False


class _State(Enum):
    HEAD = auto()
    COUNTED = auto()
    SCANNING = auto()
    SKIPPING = auto()


class MultipartReader:
    """Bytes in, parts out.

    Args:
        boundary: as the Content-Type header declares it, or None.
        frame_limit: bytes of the largest picture that is taken.

    Attributes:
        faults: how often the framing was not as declared: a wrong length, bytes between parts.
        words: parts that were no pictures, or said that they are none: a text, or a length of nothing.
    """

    def __init__(self, boundary: bytes | None, frame_limit: int = FRAME_LIMIT) -> None:
        self.faults = 0
        self.words = 0
        self._frame_limit = frame_limit
        self._delimiter = _delimiter(boundary)
        self._learned = False
        self._state = _State.HEAD
        self._buffer = bytearray()  # HEAD: the head so far; SCANNING, SKIPPING: the body so far
        self._scanned = 0  # bytes of the buffer in which no delimiter can begin any more
        self._pieces: list[bytes] = []  # COUNTED
        self._missing = 0  # COUNTED: bytes still to come
        self._timestamp: str | None = None
        self._is_picture = True

    @property
    def missing(self) -> int:
        """Bytes until the part at hand is counted out; 0 where nobody knows."""
        return self._missing if self._state is _State.COUNTED else 0

    def feed(self, data: bytes) -> list[Part]:
        """Take what has arrived; give the parts that it completes, mostly none or one."""
        if self._state is _State.COUNTED and len(data) < self._missing:  # the hot path: a piece of a picture
            self._pieces.append(data)
            self._missing -= len(data)
            return []
        return list(self._advance(data))

    def finish(self) -> list[Part]:
        """The connection has ended: give the pictures that were whole and only waited for more."""
        parts: list[Part] = []
        while self._state is _State.COUNTED:  # what a length counted too much may be the next part
            held, self._pieces = b"".join(self._pieces), []
            self._state = _State.SCANNING
            parts += self._advance(held)
        if self._state is _State.SCANNING:
            parts += [part for part in self._picture(bytes(self._buffer)) if part.oversize or _is_whole(part.body)]
        self._expect_head()
        return parts

    def _advance(self, data: bytes) -> Iterator[Part]:
        rest: bytes | None = data
        while rest is not None:
            match self._state:
                case _State.HEAD:
                    rest = self._read_head(rest)
                case _State.COUNTED:
                    rest, part = self._count(rest)
                    if part is not None:
                        yield part
                case _State.SCANNING:
                    rest, body = self._scan(rest)
                    if body is not None:
                        yield from self._picture(body)
                case _State.SKIPPING:
                    rest, found = self._skip(rest)
                    if found:
                        yield Part(b"", self._timestamp, oversize=True)

    # Every step below takes bytes and gives back those it leaves for the next step, or None when it needs more.

    def _read_head(self, data: bytes) -> bytes | None:
        self._buffer += data
        del self._buffer[: _first_not_in(self._buffer, _LINE_ENDS)]
        if self._buffer.startswith(SOI):  # a picture without any header
            return self._begin(bytes(self._buffer), {})
        end = _BLANK_LINE.search(self._buffer, 0, HEAD_LIMIT + 1)
        if end is None:
            return self._bound_head()
        lines = _LINE.split(bytes(self._buffer[: end.start()]))
        rest = bytes(self._buffer[end.end() :])
        headers = self._parse_head(lines)
        if headers is None:
            self._buffer = bytearray()
            return rest or None
        return self._begin(rest, headers)

    def _bound_head(self) -> bytes | None:
        """Forget what cannot be a head any more, but for what may be the beginning of one."""
        seen = HEAD_LIMIT + 1
        if len(self._buffer) < seen:
            return None
        self.faults += 1
        picture = self._buffer.find(SOI, 0, seen)
        if picture >= 0:
            return self._begin(bytes(self._buffer[picture:]), {})
        boundary = self._buffer.rfind(self._delimiter, 0, seen) if self._delimiter else -1
        del self._buffer[: boundary if boundary > 0 else seen - _OVERLAP]
        return b""

    def _parse_head(self, lines: list[bytes]) -> dict[bytes, bytes] | None:
        """Headers of the part; None where there were none, as between two boundaries or in noise."""
        headers: dict[bytes, bytes] = {}
        for line in lines:
            if line.startswith(b"--"):
                self._learn(line)
                headers.clear()
            elif match := _HEADER.match(line):
                headers[match[1].lower()] = match[2]
            elif line:
                self.faults += 1
        return headers or None

    def _learn(self, line: bytes) -> None:
        """Take the boundary from the stream itself: it is the one that counts."""
        boundary = line.rstrip(b" \t")
        if self._learned or len(boundary) < _SHORTEST_BOUNDARY:
            return
        if self._delimiter is None or not boundary.startswith(self._delimiter):
            self._delimiter = boundary
        self._learned = True

    def _begin(self, rest: bytes, headers: dict[bytes, bytes]) -> bytes:
        """A body begins."""
        timestamp = headers.get(b"x-timestamp")
        self._timestamp = timestamp.decode("latin-1") if timestamp is not None else None
        kind = headers.get(b"content-type", b"image/").lower()
        self._is_picture = kind.startswith(b"image/")
        length = headers.get(b"content-length", b"")
        self._buffer = bytearray()
        self._scanned = 0
        if length.isdigit() and 0 < int(length.lstrip(b"0")[:12] or b"0") <= self._frame_limit:
            self._missing = int(length)
            self._state = _State.COUNTED
        else:
            self._state = _State.SCANNING
            if length:
                self.faults += 1
            if length.isdigit() and not int(length[:12]):
                self.words += 1  # said here, and not at the next boundary, which may be long in coming
        return rest

    def _count(self, data: bytes) -> tuple[bytes | None, Part | None]:
        piece = data[: self._missing]
        self._pieces.append(piece)
        self._missing -= len(piece)
        if self._missing:
            return None, None
        body = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces = []
        rest = data[len(piece) :]
        if not self._is_picture:
            self.words += 1
            self._expect_head()
            return rest, None
        if _is_whole(body):
            self._expect_head()
            return rest, Part(body, self._timestamp)
        self.faults += 1
        self._state = _State.SCANNING
        return body + rest, None

    def _scan(self, data: bytes) -> tuple[bytes | None, bytes | None]:
        """Look for the delimiter behind a body whose length nobody knows."""
        self._buffer += data
        end = self._find_delimiter()
        if end is None and self._scanned <= self._frame_limit + _AROUND:
            return None, None
        if end is None or end > self._frame_limit + _AROUND:
            self._state = _State.SKIPPING
            self._scanned = 0
            rest, self._buffer = bytes(self._buffer), bytearray()
            return rest, None
        body, rest = bytes(self._buffer[:end]), bytes(self._buffer[end:])
        self._expect_head()
        return rest, body

    def _skip(self, data: bytes) -> tuple[bytes | None, bool]:
        """Let an endless body pass, holding only what the beginning of a delimiter may be."""
        self._buffer += data
        end = self._find_delimiter()
        if end is None:
            del self._buffer[: self._scanned]
            self._scanned = 0
            return None, False
        rest = bytes(self._buffer[end:])
        self._expect_head()
        return rest, self._is_picture

    def _find_delimiter(self) -> int | None:
        """Where the boundary begins; as long as none was seen, also where something behind EOI looks like one."""
        places = []
        if self._delimiter is not None and (found := self._buffer.find(self._delimiter, self._scanned)) >= 0:
            places.append((found + len(self._delimiter), found))
        if not self._learned and (match := _DASHES_BEHIND_EOI.search(self._buffer, self._scanned)):
            places.append((match.end(), match.start(1)))
        if places:
            return min(places)[1]  # the one that is complete first, so that it does not matter in which pieces it came
        overlap = _OVERLAP if not self._learned else len(self._delimiter or b"") - 1
        self._scanned = max(self._scanned, len(self._buffer) - overlap)
        return None

    def _picture(self, body: bytes) -> Iterator[Part]:
        """What stood between two boundaries, less the line ends around it."""
        if not self._is_picture:
            self.words += 1
        if not self._is_picture or not body.strip(_LINE_ENDS):
            return
        start = _first_not_in(body[:_AROUND], _LINE_ENDS)
        if body.startswith(SOI, start):
            body = body[start:]
        end = body.rfind(EOI, max(0, len(body) - _AROUND))
        if end >= 0 and not body[end + 2 :].strip(_LINE_ENDS):
            body = body[: end + 2]
        else:
            body = body.removesuffix(b"\n").removesuffix(b"\r")
        if len(body) > self._frame_limit:
            yield Part(b"", self._timestamp, oversize=True)
        else:
            yield Part(body, self._timestamp)

    def _expect_head(self) -> None:
        self._state = _State.HEAD
        self._buffer = bytearray()
        self._scanned = 0


_DASHES_BEHIND_EOI = re.compile(rb"\xff\xd9\r?\n?(--[!-~])")


def _delimiter(boundary: bytes | None) -> bytes | None:
    """The bytes before each part. Some boards declare the boundary with its dashes on."""
    if boundary is None:
        return None
    return boundary if boundary.startswith(b"--") else b"--" + boundary


def _first_not_in(data: bytes | bytearray, characters: bytes) -> int:
    position = 0
    while position < len(data) and data[position] in characters:
        position += 1
    return position


def _is_whole(body: bytes) -> bool:
    if not body.startswith(SOI):
        return False
    return body.endswith(EOI) or body[-_AROUND:].rstrip(_PADDING).endswith(EOI)


# The writer. What viewers get, byte for byte as the contract has it.

VIEWER_BOUNDARY = b"vedette"
VIEWER_CONTENT_TYPE = "multipart/x-mixed-replace;boundary=vedette"

# A browser paints an <img> part only when the next part's headers arrive; so it gets them right behind each picture.
ADVANCE_HEAD = b"--vedette\r\nContent-Type: image/jpeg\r\n\r\n"


def encode_part(jpeg: bytes, timestamp: float, state: str) -> bytes:
    """One part, complete: boundary, headers, picture, line end.

    Args:
        jpeg: the picture.
        timestamp: seconds since the epoch at which it reached the server.
        state: the camera's state, a word of the contract.
    """
    head = (
        f"--vedette\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n"
        f"X-Timestamp: {timestamp:.6f}\r\nX-Vedette-State: {state}\r\n\r\n"
    )
    return b"".join((head.encode("ascii"), jpeg, b"\r\n"))


def encode_advance_part(jpeg: bytes) -> bytes:
    """One picture for a browser, its own head already sent: the picture and the next part's head."""
    return b"".join((jpeg, b"\r\n", ADVANCE_HEAD))

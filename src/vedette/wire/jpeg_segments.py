"""What a JPEG is made of: marker segments, and what is said of one that breaks their grammar.

Source of the grammar: ITU-T T.81, annex B.
"""

from collections.abc import Iterator
from enum import StrEnum

SOI = b"\xff\xd8"
EOI = b"\xff\xd9"
DHT, DQT, DRI, SOS, COM = 0xC4, 0xDB, 0xDD, 0xDA, 0xFE
# Markers are looked at on the engine's loop: 2 MB of empty segments or of fill bytes would hold it for 200 ms.
_MOST_SEGMENTS = 500  # a header has a dozen, and thirty more with a large colour profile
_LONGEST_FILL = 500  # bytes


class Damage(StrEnum):
    """What is wrong with a frame, in the words of the contract's counters."""

    TRUNCATED = "truncated"
    CORRUPT = "corrupt"


class BadJpegError(Exception):
    """A frame that must go nowhere."""

    def __init__(self, damage: Damage, detail: str) -> None:
        super().__init__(f"{damage.value}: {detail}")
        self.damage = damage
        self.detail = detail


def segments(data: bytes, position: int) -> Iterator[tuple[int, int, int]]:
    """The marker segments from a position up to SOS: the marker, where the payload starts and where it ends.

    Raises:
        BadJpegError: the data ends, or what comes is none.
    """
    size = len(data)
    for _ in range(_MOST_SEGMENTS):
        at = position
        while at < size and data[at] == 0xFF and at - position <= _LONGEST_FILL:
            at += 1
        if at + 3 > size:
            raise BadJpegError(Damage.TRUNCATED, "it ends inside its headers")
        if at == position:
            raise BadJpegError(Damage.CORRUPT, f"no marker at byte {position}")
        marker = data[at]
        if marker < 0xC0 or 0xD0 <= marker <= 0xD9 or marker == 0xFF:  # reserved; RSTn, SOI, EOI; still fill
            raise BadJpegError(Damage.CORRUPT, f"marker {marker:#04x} among the headers")
        length = data[at + 1] << 8 | data[at + 2]
        if length < 2:
            raise BadJpegError(Damage.CORRUPT, f"a segment of length {length}")
        position = at + 1 + length
        if position > size:
            raise BadJpegError(Damage.TRUNCATED, "it ends inside its headers")
        yield marker, at + 3, position
        if marker == SOS:
            return
    raise BadJpegError(Damage.CORRUPT, "a header without end")

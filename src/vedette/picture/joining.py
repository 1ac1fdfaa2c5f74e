"""Two JPEGs, one below the other, made one without decoding: their scans with a restart marker between them.

A restart marker lets a decoder begin anew in the middle of a scan. So a scan that ends at a whole row of MCUs can be
followed by another that was coded for itself, if both were coded with the same tables: which they are when the same
library made both from the same header. The pictures' coefficients stay what they are.

Source of the grammar: ITU-T T.81, annexes B and F.1.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vedette.wire.jpeg_segments import DQT, SOI, SOS, segments
from vedette.wire.jpeg_tables import read_quantization

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SOF_SEQUENTIAL = (0xC0, 0xC1)
_ADOBE = 0xEE
_MOST_UNITS = 0xFFFF  # between two restart markers
_FIRST_RESTART = b"\xff\xd0"
_BLOCK = 8
# Where the k-th value of a table, which goes in a zigzag, stands in the block: row, column.
_ZIGZAG = sorted(
    ((row, column) for row in range(_BLOCK) for column in range(_BLOCK)),
    key=lambda at: (sum(at), at[0] if sum(at) % 2 else at[1]),
)


class CannotJoinError(Exception):
    """These two cannot be made one picture in this way."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A baseline JPEG of one scan, cut in two.

    Attributes:
        header: from SOI to where the scan begins.
        size_at: where height and width stand in it, two bytes each.
        sos_at: where the marker of the scan's header stands in it.
        scan: with the EOI behind it.
        units: MCUs.
        whole: the lowest row of MCUs is complete.
        luma_steps: float32, (8, 8): the quantization table of the first component.
    """

    header: bytes
    size_at: int
    sos_at: int
    scan: memoryview
    units: int
    whole: bool
    luma_steps: "NDArray[np.float32]"

    @classmethod
    def of(cls, jpeg: bytes) -> "Cut":
        """Cut a JPEG that libturbojpeg wrote.

        Raises:
            CannotJoinError: its first component is not luma, or is not the one with the most samples.
        """
        size_at = sos_at = position = 0
        payload = b""
        tables: dict[int, bytes] = {}
        for marker, start, position in segments(jpeg, len(SOI)):
            if marker in _SOF_SEQUENTIAL:
                size_at, payload = start + 1, jpeg[start:position]
            elif marker == DQT:
                for number, wide, at in read_quantization(jpeg[start:position]):
                    tables[number] = jpeg[start + at : start + at + (128 if wide else 64)]
            elif marker == _ADOBE:
                raise CannotJoinError("its colours are not luma and chroma")
            elif marker == SOS:
                sos_at = start - 4
        if not payload or payload[5] not in {1, 3}:
            raise CannotJoinError("it is not gray, or luma and chroma")
        return cls(
            jpeg[:position],
            size_at,
            sos_at,
            memoryview(jpeg)[position:],
            *_units(payload),
            _steps(tables[payload[8]]),
        )

    def above(self, other: "Cut") -> bytes:
        """One picture of both, this one above the ``other``.

        Raises:
            CannotJoinError: they were not coded alike, or this one's height is not whole MCUs, or they are too large.
        """
        if self.all_but_height != other.all_but_height:
            raise CannotJoinError("they were not coded alike")
        if not self.whole:
            raise CannotJoinError("the upper one ends inside a row of MCUs")
        if not other.units <= self.units <= _MOST_UNITS:
            raise CannotJoinError(f"no restart marker goes between {self.units} and {other.units} units")
        height = sum(int.from_bytes(cut.header[cut.size_at : cut.size_at + 2], "big") for cut in (self, other))
        return b"".join(
            (
                self.header[: self.size_at],
                height.to_bytes(2, "big"),
                self.header[self.size_at + 2 : self.sos_at],
                b"\xff\xdd\x00\x04",  # DRI
                self.units.to_bytes(2, "big"),
                self.header[self.sos_at :],
                self.scan[:-2],
                _FIRST_RESTART,
                other.scan,
            )
        )

    @property
    def all_but_height(self) -> tuple[bytes, bytes]:
        """What must be the same in two headers."""
        return self.header[: self.size_at], self.header[self.size_at + 2 :]


def _units(payload: bytes) -> tuple[int, bool]:
    """How many MCUs a frame header speaks of, and whether the lowest row of them is complete."""
    height, width = (int.from_bytes(payload[at : at + 2], "big") for at in (1, 3))
    factors = [payload[at] for at in range(7, len(payload), 3)]
    across, down = max(factor >> 4 for factor in factors), max(factor & 15 for factor in factors)
    if len(factors) == 1:
        across = down = 1
    elif factors[0] != across << 4 | down:
        raise CannotJoinError("its luma is not what it has most samples of")
    rows = -(-height // (_BLOCK * down))
    return -(-width // (_BLOCK * across)) * rows, height == rows * _BLOCK * down


def _steps(table: bytes) -> "NDArray[np.float32]":
    values = np.frombuffer(table, ">u2" if len(table) == 128 else np.uint8)
    steps = np.empty((_BLOCK, _BLOCK), np.float32)
    steps[tuple(zip(*_ZIGZAG, strict=True))] = values
    return steps

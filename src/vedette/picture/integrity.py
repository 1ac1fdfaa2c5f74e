"""The arrival check: whether a frame is a whole picture, and its small gray copy for those who watch for motion.

One strict decode serves both. At an eighth of the size only the mean of each 8x8 block is computed, but every
entropy-coded byte is read, so that it finds what a full decode finds at a third of the cost (171 of 220 damaged
frames, 0.42 ms of CPU for VGA; with the marker walk 186). It releases the GIL.

What a decoder does not see is a scan that lost its way and found it again after the right number of blocks: every
code was a code. But the means are coded as differences, so that all that follow are off by what was misread, and often
so far that no samples of 0 to 255 have such a mean. A decoder cuts them off at black and white. So the frame is decoded
with the quantization step of the luma's mean halved: then the means fill half of the range, and those that cannot be
stand out in the rest. That costs the small copy one level here and there, and of 769 frames with 64 random bytes it
lets 11 pass where the decoder alone lets 60 (`benchmarks/integrity.py`).
"""

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import simplejpeg

from vedette.wire.jpeg import BadJpegError, Damage, JpegInfo, complete, walk

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SCALE = 8
_BLACK, _GRAY, _WHITE = 0, 128, 255
_SLACK = 8  # levels beyond black and white: an encoder's rounding is one or two


class Checked(NamedTuple):
    """A frame that may go out.

    Attributes:
        jpeg: from SOI to EOI, without padding, with Huffman tables.
        info: what its header says; None where nobody looked (``check = "off"``).
        gray: uint8, (ceil(height / 8), ceil(width / 8)), read-only; None where only the markers were looked at.
    """

    jpeg: bytes
    info: JpegInfo | None
    gray: "NDArray[np.uint8] | None" = None


def check_markers(data: bytes) -> Checked:
    """Look at the markers only: 13 us for VGA.

    Raises:
        BadJpegError: the picture is cut off, or breaks the grammar.
    """
    header, length = walk(data)
    return Checked(_tidy(data, length, bare=header.tables_at is not None), JpegInfo.of(header, length))


def check(data: bytes) -> Checked:
    """Look at the markers, and decode.

    Raises:
        BadJpegError: the picture is cut off, breaks the grammar, or its scan does not decode into a picture.
    """
    header, length = walk(data)
    jpeg = _tidy(data, length, bare=header.tables_at is not None)
    gray = _decode(jpeg) if header.luma_step_at is None else _decode_in_range(jpeg, header.luma_step_at)
    gray.flags.writeable = False
    return Checked(jpeg, JpegInfo.of(header, length), gray)


def _tidy(data: bytes, length: int, *, bare: bool) -> bytes:
    """The picture alone, and complete; the very same bytes where it came so."""
    jpeg = data if length == len(data) else data[:length]
    return complete(jpeg) if bare else jpeg


def _decode(jpeg: bytes | bytearray) -> "NDArray[np.uint8]":
    try:
        gray = simplejpeg.decode_jpeg(jpeg, "GRAY", min_height=1, min_width=1, min_factor=_SCALE, strict=True)
    except ValueError as error:
        detail = str(error)
        damage = Damage.TRUNCATED if "premature end" in detail else Damage.CORRUPT
        raise BadJpegError(damage, detail) from None
    means: NDArray[np.uint8] = gray[:, :, 0]
    return means


def _decode_in_range(jpeg: bytes, step_at: int) -> "NDArray[np.uint8]":
    """Decode, and refuse what no camera can have seen."""
    step = jpeg[step_at]
    halved = bytearray(jpeg)
    halved[step_at] = (step + 1) // 2
    means = _decode(halved)
    levels, lowest, highest = _stretching(step)
    if means.min() < lowest or means.max() > highest:
        raise BadJpegError(Damage.CORRUPT, "it is darker than black or brighter than white")
    return levels[means]


@lru_cache(255)
def _stretching(step: int) -> "tuple[NDArray[np.uint8], int, int]":
    """What decoded means stand for, by the undamaged step; and the lowest and the highest that may be."""
    levels = (np.arange(256) - _GRAY) * (step / ((step + 1) // 2)) + _GRAY
    slack = _SLACK + step / 16  # a step is an eighth of a level, and a coefficient is rounded by half a step
    possible = np.flatnonzero((levels >= _BLACK - slack) & (levels <= _WHITE + slack))
    table = np.clip(np.rint(levels), _BLACK, _WHITE).astype(np.uint8)
    return table, int(possible[0]), int(possible[-1])

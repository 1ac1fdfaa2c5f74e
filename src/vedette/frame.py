"""The frame: what flows through the house.

A frame is made once, on arrival, and never changed, copied or decoded on its way to a plain viewer.
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Frame(NamedTuple):
    """One JPEG picture with its times. A tuple: made hundreds of times a second, at a third of a dataclass's cost.

    Attributes:
        jpeg: the picture as the board sent it, from SOI to EOI; with Huffman tables where it sent none.
        sequence: 1 for a camera's first frame since the server started, then counting.
        timestamp: seconds since the epoch at which the last byte reached the server.
        arrival: the same moment on the monotonic clock, for ages.
        width: pixels, from the JPEG's frame header; 0 where nobody looked (``check = "off"``).
        height: pixels, likewise.
        gray: the arrival check's decode, uint8, (ceil(height / 8), ceil(width / 8)), not to be written to; None where
            the frame was checked by its markers only.
    """

    jpeg: bytes
    sequence: int
    timestamp: float
    arrival: float
    width: int
    height: int
    gray: "NDArray[np.uint8] | None" = None

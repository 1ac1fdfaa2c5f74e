"""The frame: what flows through the house.

A frame is made once, on arrival, and never changed, copied or decoded on its way to a plain viewer.
"""

from typing import NamedTuple


class Frame(NamedTuple):
    """One JPEG picture with its times. A tuple: made hundreds of times a second, at a third of a dataclass's cost.

    Attributes:
        jpeg: the picture as the board sent it, from SOI to EOI.
        sequence: 1 for a camera's first frame since the server started, then counting.
        timestamp: seconds since the epoch at which the last byte reached the server.
        arrival: the same moment on the monotonic clock, for ages.
        width: pixels, from the JPEG's frame header; 0 where nobody looked (``check = "off"``).
        height: pixels, likewise.
    """

    jpeg: bytes
    sequence: int
    timestamp: float
    arrival: float
    width: int
    height: int

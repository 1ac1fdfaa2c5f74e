"""The strip along a picture's lower edge: whose it is on the left, the time on the right.

The strip begins at a row that is a multiple of 16, whatever the picture's subsampling, so that it is the same whichever
way it gets into the picture. Its height and its letters follow the picture's size.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vedette.picture.canvas import Canvas
from vedette.picture.lettering import Lettering

if TYPE_CHECKING:
    from numpy.typing import NDArray

_GRID = 16  # rows of the tallest unit that a JPEG of ours is coded in
_SHARE, _LEAST = 0.04, 14  # of the picture's height (or of three quarters of its width, where that is less); pixels
_NARROWEST = 32  # pixels
_GROUND, _INK, _PALE = (16, 16, 16), (240, 240, 240), (200, 200, 200)

# Shares of the strip's height.
_TYPE, _LEAST_TYPE = 0.66, 9
_MARGIN = 0.25
_BELOW = 0.36  # of the size of type: from the middle of the strip to the baseline
_BETWEEN = "  "
_NAME_FIRST = 0.5  # of the room: a name that has so much is shortened; with less, the time is left out


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said.

    Attributes:
        text: on the left: the camera's name, in any script.
        clock: on the right: the time. Left out where there is no room.
    """

    text: str
    clock: str = ""


def strip_height(width: int, height: int) -> int:
    """Rows of the strip in a picture of that size (pixels); 0 where the picture is too small for one."""
    wanted = max(_LEAST, round(_SHARE * min(height, 0.75 * width)))
    top = (height - wanted) // _GRID * _GRID
    return height - top if width >= _NARROWEST and top >= height - top else 0


def draw_strip(caption: Caption, width: int, height: int, lettering: Lettering) -> "NDArray[np.uint8]":
    """The strip of ``width`` x ``height`` pixels, gray: uint8, (height, width), read-only."""
    canvas = Canvas(width, height, _GROUND)
    margin = max(2, round(height * _MARGIN))
    name, clock, size = _fit(caption, width - 2 * margin, height, lettering)
    baseline = round(height / 2 + size * _BELOW)
    lettering.write(canvas, name, (margin + lettering.width(name, size) // 2, baseline), size, _INK)
    middle = width - margin - lettering.width(clock, size) // 2
    lettering.write(canvas, clock, (middle, baseline), size, _PALE)
    strip: NDArray[np.uint8] = np.ascontiguousarray(canvas.pixels[:, :, 1])
    strip.flags.writeable = False
    return strip


def _fit(caption: Caption, room: int, height: int, lettering: Lettering) -> tuple[str, str, int]:
    """The name and the time as they fit beside each other, and their size; without the time if they do not."""
    largest = round(height * _TYPE)
    name, clock = lettering.readable(caption.text), lettering.readable(caption.clock)
    if not clock:
        name, size = lettering.fit(name, largest, _LEAST_TYPE, room)
        return name, "", size
    _, size = lettering.fit(f"{name}{_BETWEEN}{clock}", largest, _LEAST_TYPE, room)
    beside = room - lettering.width(_BETWEEN + clock, size)
    if lettering.width(name, size) > beside and beside < _NAME_FIRST * room:
        return _fit(Caption(caption.text), room, height, lettering)
    return lettering.fit(name, size, size, beside)[0], clock, size

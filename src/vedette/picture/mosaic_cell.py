"""One cell of a mosaic: a camera's picture, whole and in its own shape, with its name; or that there is none.

The decoder scales on its way, and a resize that sees fewer pixels does the rest (`pixels`): with encoding 1.0 ms of CPU
for 800x600 to 320x240, where decoding in full takes 1.7.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import cv2

from vedette.picture.away import Notice, dim, write_notice
from vedette.picture.canvas import Canvas
from vedette.picture.lettering import Lettering
from vedette.picture.mosaic_grid import MOST_CELLS
from vedette.picture.pixels import decode, header_of, turned
from vedette.picture.recipe import Turn
from vedette.picture.sign import Sign, draw_sign

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_GROUND = (53, 62, 75)  # where no picture ever was; dimmed, it is as dark as that of `away`
_ROOM_FOR_WORDS = 56  # pixels of height: below, there is room for a sign only
_LEAST_SIGN = 12

# Of the cell's height, or of three quarters of its width where that is less; and pixels.
_TYPE, _LEAST_TYPE, _MOST_TYPE = 0.07, 10, 26
_SHADE = 0.55
_INK = (240, 242, 245)


@dataclass(frozen=True, slots=True)
class Tile:
    """What a cell shows. Equal ones show the same; the JPEG itself is not compared.

    Attributes:
        key: which picture of which camera it is: another one has another key.
        jpeg: None for a camera that never gave any.
        name: shown at the lower left where there are labels; in any script.
        notice: what is said of a picture that is not live; None for one that is.
        turn: what is done with the picture.
    """

    key: Hashable
    jpeg: bytes | None = field(compare=False, repr=False)
    name: str
    notice: Notice | None = None
    turn: Turn = Turn.NONE


class CellPainter:
    """Paints cells of one size, in one thread at a time.

    Args:
        width: pixels.
        height: pixels.
        lettering: draws names.
        label: names are wanted.
    """

    def __init__(self, width: int, height: int, lettering: Lettering, *, label: bool) -> None:
        self._canvas = Canvas(width, height)
        self._base = min(height, round(0.75 * width))
        self._lettering = lettering
        self._label = label
        self._mask_of = lru_cache(MOST_CELLS)(self._draw_name)

    def paint(self, tile: Tile) -> Canvas:
        """A picture of the cell; good until the next one is painted."""
        canvas, notice = self._canvas, tile.notice
        if tile.jpeg is None or not self._show(tile.jpeg, tile.turn):
            canvas.pixels[:] = _GROUND[::-1]
            words = "no picture yet" if tile.jpeg is None else "damaged picture"
            notice = notice or Notice(Sign.CONNECTING if tile.jpeg is None else Sign.STALE, tile.name, words, "")
        if notice is not None:
            dim(canvas)
            if self._base >= _ROOM_FOR_WORDS:
                write_notice(canvas, notice, self._lettering)
                return canvas  # its name stands there
            place = (canvas.width / 2, canvas.height / 3)  # a name, where there is one, has the lower half
            draw_sign(canvas, notice.sign, place, max(_LEAST_SIGN, self._base // 3))
        if self._label and tile.name:
            self._write(tile.name)
        return canvas

    def _show(self, jpeg: bytes, turn: Turn) -> bool:
        """Show the picture as large as it fits, on black; False if it cannot be decoded."""
        try:
            header = header_of(jpeg)
            shown = self._fit(*turn.size(header.width, header.height))
            pixels = turned(decode(jpeg, header, turn.size(*shown), quick=True), turn)
        except ValueError:
            return False
        left, top = (self._canvas.width - shown[0]) // 2, (self._canvas.height - shown[1]) // 2
        if left or top:
            self._canvas.pixels[:] = 0
        area = self._canvas.pixels[top : top + shown[1], left : left + shown[0]]
        cv2.cvtColor(pixels, cv2.COLOR_BGRA2BGR, dst=area)
        return True

    def _fit(self, width: int, height: int) -> tuple[int, int]:
        """The largest size of that shape that fits."""
        scale = min(self._canvas.width / width, self._canvas.height / height)
        return max(1, round(width * scale)), max(1, round(height * scale))

    def _write(self, name: str) -> None:
        mask = self._mask_of(name)
        top = self._canvas.height - mask.shape[0]
        strip = self._canvas.pixels[top:, : mask.shape[1]]
        strip[:] = cv2.convertScaleAbs(strip, alpha=1 - _SHADE)
        self._canvas.stain(mask, 0, top, _INK)

    def _draw_name(self, name: str) -> "NDArray[np.uint8]":
        size = min(_MOST_TYPE, max(_LEAST_TYPE, round(self._base * _TYPE)))
        pad = size // 2
        text, size = self._lettering.fit(name, size, _LEAST_TYPE, self._canvas.width - 2 * pad)
        strip = Canvas(self._lettering.width(text, size) + 2 * pad, round(1.7 * size))
        self._lettering.write(strip, text, (strip.width // 2, round(1.2 * size)), size, (255, 255, 255))
        return strip.pixels[:, :, 0].copy()

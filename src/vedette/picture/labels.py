"""Labels burnt in without touching what is above them.

The picture is cut off above the strip (in the same pass as it is turned), and a strip is put below it that is coded
with the picture's own tables (`joining.py`). The strip is drawn and coded once for a caption; a frame whose caption is
known costs no more than a turn. libturbojpeg's callback for every row of blocks would do the same, but takes the GIL
two hundred times a frame, and waits each time for whoever has it: it is used on strips alone.
"""

import ctypes
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from vedette.picture.caption import Caption, draw_strip, strip_height
from vedette.picture.joining import Cut
from vedette.picture.lettering import Lettering
from vedette.picture.recipe import Turn
from vedette.picture.turbojpeg import TurboJpeg

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK = 8
_CENTRE = 128
_STRIPS_KEPT = 256  # of each kind: a caption lasts a second, and a wall has sixty-four; 50 KB each at 1600x1200
_SCALE = np.sqrt(np.where(np.arange(_BLOCK) == 0, 1, 2) / _BLOCK)
_COSINES = np.cos(np.outer(np.arange(_BLOCK), 2 * np.arange(_BLOCK) + 1) * np.pi / (2 * _BLOCK))
_DCT = (_SCALE[:, None] * _COSINES).astype(np.float32)

Made = TypeVar("Made")


class _Kept(Generic[Made]):
    """The things used last. Threads that want the same at the same time may each make it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[Hashable, Made] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        return made


class Labels:
    """Draws strips, and puts them under pictures; for any number of threads."""

    def __init__(self, lettering: Lettering) -> None:
        self._lettering = lettering
        self._drawn: _Kept[NDArray[np.uint8]] = _Kept(_STRIPS_KEPT)
        self._blank: _Kept[bytes] = _Kept(_STRIPS_KEPT)
        self._coded: _Kept[Cut] = _Kept(_STRIPS_KEPT)

    def draw(self, caption: Caption, width: int, height: int) -> "NDArray[np.uint8] | None":
        """The strip for a picture of that size: uint8, (rows, width), gray; None where it is too small for one."""
        rows = strip_height(width, height)
        if not rows:
            return None
        return self._drawn.get((caption, width, rows), lambda: draw_strip(caption, width, rows, self._lettering))

    def burn_in(self, library: TurboJpeg, jpeg: bytes, turn: Turn, size: tuple[int, int], caption: Caption) -> bytes:
        """Turn a picture and label it.

        Args:
            library: does it.
            jpeg: the picture, its header checked.
            turn: which way.
            size: width and height that it has after the turn.
            caption: what is said.

        Raises:
            TurboJpegError: the picture is damaged, or of a kind that cannot be turned.
            CannotJoinError: it is of a kind that no strip can be put under.
        """
        drawn = self.draw(caption, *size)
        if drawn is None:
            return library.transform(jpeg, turn)
        rows = len(drawn)
        top = library.transform(jpeg, turn, size[1] - rows)
        cut = Cut.of(top)
        blank = self._blank.get((cut.header, rows), lambda: library.transform(top, rows=rows))
        coded = self._coded.get((cut.header, caption, rows), lambda: _code(library, blank, drawn))
        return cut.above(coded)


def _code(library: TurboJpeg, blank: bytes, drawn: "NDArray[np.uint8]") -> Cut:
    """A strip as a JPEG of its own, in the place of what ``blank``, of the same size, shows."""
    blocks = _blocks(drawn, Cut.of(blank).luma_steps)

    def fill(address: int, count: int, component: int, row: int) -> None:
        if component:
            ctypes.memset(address, 0, count * blocks.itemsize * _BLOCK * _BLOCK)
        elif row < len(blocks):  # a row that only fills up the last MCUs is not coded
            ctypes.memmove(address, blocks[row].ctypes.data, blocks[row].nbytes)

    return Cut.of(library.transform(blank, blocks=fill))


def _blocks(drawn: "NDArray[np.uint8]", steps: "NDArray[np.float32]") -> "NDArray[np.int16]":
    """Quantized coefficients: int16, (rows of blocks, blocks, 8, 8); beyond the edges as at the edges."""
    down, across = (-length % _BLOCK for length in drawn.shape)
    whole = np.pad(drawn, ((0, down), (0, across)), "edge").astype(np.float32) - _CENTRE
    rows, columns = (length // _BLOCK for length in whole.shape)
    blocks = whole.reshape(rows, _BLOCK, columns, _BLOCK).swapaxes(1, 2)
    return np.rint(_DCT @ blocks @ _DCT.T / steps).astype(np.int16, order="C")

"""A JPEG that is put together from cells, each encoded by itself: what did not change is not encoded again.

A restart marker ends each cell's row of MCUs. Prediction starts anew behind it, so what stands between two of them does
not depend on what is beside it, and the picture's scan is the rows of all cells in turn, with the markers counted
anew. A changed cell of sixteen costs a sixteenth, and nothing has to be decoded or kept but bytes. The price are some
five bytes a row of a cell: 1 % of a mosaic of 4x4 and 1280x960 pixels. Every decoder reads restart markers: they are
baseline (ITU-T T.81, B.2.4.4 and E.1.4).
"""

import re
from typing import TYPE_CHECKING

import cv2
import numpy as np

from vedette.picture.mosaic_grid import MCU, Grid
from vedette.wire.jpeg import EOI, SOI
from vedette.wire.jpeg_segments import segments

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SOF0 = 0xC0
_RESTARTS = tuple(bytes((0xFF, 0xD0 + number)) for number in range(8))
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")  # in a scan, FF before anything else but 00 is a marker


class Scan:
    """The cells of a mosaic, encoded; black at first. Baseline, 4:2:0, the standard Huffman tables.

    Args:
        grid: where they are.
        quality: libjpeg's, 1 to 100.
    """

    def __init__(self, grid: Grid, quality: int) -> None:
        self._grid = grid
        self._options = (
            *(cv2.IMWRITE_JPEG_QUALITY, quality),
            *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420),
            *(cv2.IMWRITE_JPEG_RST_INTERVAL, grid.cell_width // MCU),
        )
        jpeg = self._encode(np.zeros((grid.cell_height, grid.cell_width, 3), np.uint8))
        *_, (_, _, self._start) = segments(jpeg, len(SOI))  # of the scan: all cells have the same header
        self._header = _with_size(jpeg[: self._start], *grid.size)
        black = self._split(jpeg)
        self._rows = len(black)  # of MCUs, in a cell
        count = grid.columns * grid.rows * self._rows
        self._pieces = [b""] * (2 * count)  # a row of a cell, the marker behind it, and so on
        self._pieces[1::2] = [_RESTARTS[number % 8] for number in range(count)]
        self._pieces[-1] = EOI
        for number in range(grid.columns * grid.rows):
            self._put(number, black)

    def replace(self, number: int, pixels: "NDArray[np.uint8]") -> None:
        """Put other pixels (cell_height, cell_width, 3; uint8; BGR) into a cell."""
        self._put(number, self._split(self._encode(pixels)))

    def join(self) -> bytes:
        """The whole as a JPEG."""
        return b"".join((self._header, *self._pieces))

    def _put(self, number: int, rows: list[bytes]) -> None:
        row, column = divmod(number, self._grid.columns)
        first = row * self._rows * self._grid.columns + column
        behind = (row + 1) * self._rows * self._grid.columns
        self._pieces[2 * first : 2 * behind : 2 * self._grid.columns] = rows

    def _encode(self, pixels: "NDArray[np.uint8]") -> bytes:
        done, jpeg = cv2.imencode(".jpg", pixels, self._options)
        if not done:
            raise RuntimeError("OpenCV could not encode a picture")
        return jpeg.tobytes()

    def _split(self, jpeg: bytes) -> list[bytes]:
        """The rows of MCUs."""
        return _RESTART.split(jpeg[self._start : -len(EOI)])


def _with_size(header: bytes, width: int, height: int) -> bytes:
    at = next(start for marker, start, _ in segments(header, len(SOI)) if marker == _SOF0) + 1  # behind the precision
    return header[:at] + height.to_bytes(2, "big") + width.to_bytes(2, "big") + header[at + 4 :]

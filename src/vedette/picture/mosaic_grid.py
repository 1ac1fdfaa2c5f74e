"""How a mosaic is divided: so many columns and rows of cells, all of one size.

Cells are made of whole MCUs, so that each can be encoded by itself (`mosaic_scan.py`). Hence a mosaic is at most as
wide as was asked for, and often a little narrower.
"""

import math
from dataclasses import dataclass

MCU = 16  # pixels, both ways: an MCU of 4:2:0
NARROWEST, WIDEST = 160, 4096  # pixels of a mosaic
_HIGHEST = 4096
_LEAST = 2 * MCU  # pixels of a cell, both ways: something can be seen, and the sign of a camera that is away
MOST_CELLS = (NARROWEST // _LEAST) * (_HIGHEST // _LEAST)  # cells that find room in the narrowest


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns and rows; a cell's number counts along the rows.

    Attributes:
        columns: cells in a row.
        rows: of which the last may have empty cells at its end.
        cell_width: pixels, a multiple of `MCU`.
        cell_height: the same.
    """

    columns: int
    rows: int
    cell_width: int
    cell_height: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole in pixels."""
        return self.columns * self.cell_width, self.rows * self.cell_height


def divide(width: int, columns: int, count: int, shape: float) -> Grid:
    """The grid for ``count`` cameras.

    Args:
        width: of the whole, in pixels, `NARROWEST` to `WIDEST`; it becomes no wider.
        columns: a wish: where cells would be smaller than 32 pixels, or the whole higher than 4096, it is the nearest
            number with which they are not.
        count: 1 to 640.
        shape: a cell's width / its height.

    Raises:
        ValueError: one of them is out of range.
    """
    if not NARROWEST <= width <= WIDEST:
        raise ValueError(f"a mosaic is {NARROWEST} to {WIDEST} pixels wide, not {width}")
    if not 1 <= count <= MOST_CELLS:
        raise ValueError(f"a mosaic shows 1 to {MOST_CELLS} cameras, not {count}")
    if not 0.2 <= shape <= 5:
        raise ValueError(f"a cell's width is 0.2 to 5 times its height, not {shape}")
    columns = min(max(columns, math.ceil(count / (_HIGHEST // _LEAST))), count, width // _LEAST)
    rows = math.ceil(count / columns)
    cell_width = width // columns // MCU * MCU
    cell_height = _whole_mcus(cell_width / shape)
    if rows * cell_height > _HIGHEST:
        cell_height = _HIGHEST // rows // MCU * MCU
        cell_width = min(cell_width, _whole_mcus(cell_height * shape))
    return Grid(columns, rows, cell_width, cell_height)


def choose_columns(count: int, shape: float = 4 / 3, screen: float = 16 / 9) -> int:
    """The number of columns with which ``count`` cameras are seen the largest, with the fewest empty cells.

    Args:
        count: of cameras, at least one.
        shape: theirs: width / height.
        screen: that of what they are seen on.
    """

    def merit(columns: int) -> tuple[float, int, int]:
        rows = math.ceil(count / columns)
        width = min(screen / columns, shape / rows)  # of a cell, on a screen of height 1
        return round(width, 6), -columns * rows, columns

    return max(range(1, count + 1), key=merit)


def _whole_mcus(pixels: float) -> int:
    return max(_LEAST, round(pixels / MCU) * MCU)

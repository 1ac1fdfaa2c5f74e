"""Many cameras in one picture: any number, of any sizes and shapes, and only what changed is drawn again.

A cell is decoded, painted and encoded when its tile is another than before, so a camera that is away costs its notice
once and nothing afterwards; the others go on. Nothing a camera sends makes it fail: a picture that cannot be decoded is
a cell that says so. Measured by `benchmarks/mosaics.py`.
"""

from collections.abc import Sequence

from vedette.picture.lettering import Lettering
from vedette.picture.mosaic_cell import CellPainter, Tile
from vedette.picture.mosaic_grid import divide
from vedette.picture.mosaic_scan import Scan

_QUALITY = 80  # libjpeg's


class Mosaic:
    """One mosaic; drawn by one thread at a time.

    Args:
        width: in pixels, at most; cells are multiples of 16, and so it may be a little less.
        columns: a wish; see `mosaic_grid.divide`.
        count: of cameras.
        lettering: draws names and notices.
        shape: of a cell, width / height.
        label: each cell shows its camera's name.
        quality: libjpeg's, 1 to 100.

    Raises:
        ValueError: width, count or shape is out of range.
    """

    def __init__(
        self,
        width: int,
        columns: int,
        count: int,
        lettering: Lettering,
        *,
        shape: float = 4 / 3,
        label: bool = False,
        quality: int = _QUALITY,
    ) -> None:
        self.grid = divide(width, columns, count, shape)
        self._painter = CellPainter(self.grid.cell_width, self.grid.cell_height, lettering, label=label)
        self._scan = Scan(self.grid, quality)
        self._shown: list[Tile | None] = [None] * count
        self._jpeg = b""

    def draw(self, tiles: Sequence[Tile]) -> bytes:
        """A JPEG (baseline, 4:2:0) of all tiles; the very same bytes as before where none changed.

        Raises:
            ValueError: they are not as many as there are cameras.
        """
        changed = False
        for number, (shown, tile) in enumerate(zip(self._shown, tiles, strict=True)):
            if tile != shown:
                self._scan.replace(number, self._painter.paint(tile).pixels)
                self._shown[number] = tile
                changed = True
        if changed:
            self._jpeg = self._scan.join()
        return self._jpeg

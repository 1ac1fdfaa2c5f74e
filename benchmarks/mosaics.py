"""What a mosaic costs beside the plain way, which decodes all pictures in full, resizes, concatenates and encodes.

Milliseconds of CPU for one picture of many cameras, 1280 pixels wide; all ways in one run and in turn:

* ``plain``: `cv2.imdecode`, `cv2.resize`, `cv2.vconcat` of `cv2.hconcat`, `cv2.imencode`. What it is when one camera's
  picture changes, too: it keeps nothing. Its cells are the mosaic's, its resize is OpenCV's default, which is quick and
  rough; ``area`` is the same with `cv2.INTER_AREA`, which looks as a mosaic does;
* ``all``, ``one``, ``none``: the mosaic when so many tiles changed; ``labelled``: all, with names.

The goals are for 16 cameras of 800x600. With MALLOC_MMAP_THRESHOLD_ and MALLOC_TRIM_THRESHOLD_ in the environment, both
268435456, glibc spares the plain way most of its page faults.

    python -m benchmarks.mosaics --raw mosaics.json
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from benchmarks.integrity import encode_to_size

from vedette.picture import Lettering, Mosaic, Tile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vedette.picture.mosaic_grid import Grid

SIZES = {"VGA": (640, 480, 25_000), "SVGA": (800, 600, 42_000), "UXGA": (1600, 1200, 114_000)}
SIDES = (2, 4, 8)  # columns, and as many rows
WIDTH = 1280
QUALITY = 80
MEASURED_FOR_GOALS = "4x4 SVGA"
GOALS = {"all": 0.6, "one": 0.2}  # of plain
WAYS = ("plain", "area", "all", "labelled", "one", "none")


def cpu_of(act: Callable[[], object]) -> float:
    """CPU ms of a call, all threads."""
    began = time.process_time()
    act()
    return (time.process_time() - began) * 1e3


def draw_plainly(jpegs: Sequence[bytes], grid: Grid, interpolation: int) -> bytes:
    """The plain way."""
    cell = (grid.cell_width, grid.cell_height)
    pictures = [cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR) for jpeg in jpegs]
    cells = [cv2.resize(picture, cell, interpolation=interpolation) for picture in pictures if picture is not None]
    rows = [cv2.hconcat(cells[at : at + grid.columns]) for at in range(0, len(cells), grid.columns)]
    _, jpeg = cv2.imencode(".jpg", cv2.vconcat(rows), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return bytes(jpeg)


class Wall:
    """A mosaic whose cameras show something new when they are told to."""

    def __init__(self, jpegs: Sequence[bytes], side: int, lettering: Lettering, *, label: bool) -> None:
        self.mosaic = Mosaic(WIDTH, side, side * side, lettering, label=label, quality=QUALITY)
        self._tiles = [Tile((number, 0), jpeg, f"Camera {number}") for number, jpeg in enumerate(jpegs)]
        self._sequence = 0
        self.draw(len(jpegs))

    def draw(self, changed: int) -> bytes:
        """Draw, after the first so many changed."""
        self._sequence += 1
        for number in range(changed):
            tile = self._tiles[number]
            self._tiles[number] = Tile((number, self._sequence), tile.jpeg, tile.name)
        return self.mosaic.draw(self._tiles)


def measure(jpeg: bytes, side: int, lettering: Lettering, rounds: int) -> dict[str, list[float]]:
    """CPU ms of every way, by rounds."""
    jpegs = [bytes(bytearray(jpeg)) for _ in range(side * side)]  # memory of their own, as in life
    wall = Wall(jpegs, side, lettering, label=False)
    labelled = Wall(jpegs, side, lettering, label=True)
    grid = wall.mosaic.grid
    ways: dict[str, Callable[[], object]] = {
        "plain": partial(draw_plainly, jpegs, grid, cv2.INTER_LINEAR),
        "area": partial(draw_plainly, jpegs, grid, cv2.INTER_AREA),
        "all": partial(wall.draw, len(jpegs)),
        "labelled": partial(labelled.draw, len(jpegs)),
        "one": partial(wall.draw, 1),
        "none": partial(wall.draw, 0),
    }
    found: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            found[way].append(cpu_of(ways[way]))
    return found


def main() -> int:
    """Print medians; the status is 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--raw", type=Path, help="write every round's figures to this file, as JSON")
    wanted = parser.parse_args()
    versions = ", ".join(
        f"{name} {metadata.version(name)}" for name in ("opencv-python-headless", "simplejpeg", "numpy")
    )
    print(f"python -m benchmarks.mosaics {' '.join(sys.argv[1:])}")
    print(
        f"{versions}; Python {sys.version.split()[0]}; CPU ms, median of {wanted.rounds} rounds; in brackets: x plain\n"
    )
    lettering = Lettering()
    raw: dict[str, dict[str, list[float]]] = {}
    medians: dict[str, dict[str, float]] = {}
    for name, size in SIZES.items():
        jpeg = encode_to_size(*size)
        for side in SIDES:
            case = f"{side}x{side} {name}"
            raw[case] = measure(jpeg, side, lettering, wanted.rounds)
            medians[case] = {way: statistics.median(rounds) for way, rounds in raw[case].items()}
            plain = medians[case]["plain"]
            print(f"{case}: " + ", ".join(f"{way} {ms:.2f} ({ms / plain:.2f})" for way, ms in medians[case].items()))
    if wanted.raw:
        wanted.raw.write_text(json.dumps(raw, indent=1) + "\n")
    measured = medians[MEASURED_FOR_GOALS]
    good = {way: measured[way] <= goal * measured["plain"] for way, goal in GOALS.items()}
    print()
    for way, goal in GOALS.items():
        print(f"goal ({MEASURED_FOR_GOALS}, {way} at most {goal:g} x plain): {'met' if good[way] else 'MISSED'}")
    return 0 if all(good.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

"""What each recipe costs a frame, beside doing the same with OpenCV; both in turn, in one run, in one thread.

* ``recipe``: `vedette.picture.Renderer`, as the picture pool calls it;
* ``opencv``: `cv2.imdecode`, do it, `cv2.imencode`, as people write it: OpenCV's own quality (95) and 4:2:0;
* ``alike``: the same with a quality at which OpenCV's JPEG is about as long as the board's.

Goals are of ``opencv``. Pictures are synthetic, of the lengths that boards send. ms of CPU, median over the rounds.

    python -m benchmarks.pictures --raw pictures.json
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from vedette.picture import Caption, Flip, Recipe, Renderer, find_turbojpeg
from vedette.picture.turbojpeg import TurboJpeg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

SIZES = {"VGA": (640, 480, 25), "SVGA": (800, 600, 42), "HD": (1280, 720, 75), "UXGA": (1600, 1200, 114)}  # pixels, KB
SAMPLINGS = {"4:2:2": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422, "4:2:0": cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420}
BURST = 10  # calls that are timed together, with a caption of their own: ten frames a second, the least that is usual
SMALL = 320


class Work(NamedTuple):
    """A recipe, the same in OpenCV, and the ratio that is the goal."""

    name: str
    recipe: Recipe
    pixels: Callable[[Pixels], object]
    goal: float | None


def write(pixels: Pixels) -> Pixels:
    """A label as OpenCV draws it."""
    height, width = pixels.shape[:2]
    cv2.rectangle(pixels, (0, height - 24), (width, height), (16, 16, 16), -1)
    cv2.putText(pixels, "Front porch", (6, height - 7), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (240,) * 3, 1, cv2.LINE_AA)
    cv2.putText(pixels, "12:03:45", (width - 96, height - 7), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (240,) * 3, 1, cv2.LINE_AA)
    return pixels


def shrink(pixels: Pixels) -> Pixels:
    """To a tile of a wall."""
    height = round(pixels.shape[0] * SMALL / pixels.shape[1])
    return np.asarray(cv2.resize(pixels, (SMALL, height), interpolation=cv2.INTER_AREA), np.uint8)


WORKS = (
    Work("horizontal flip", Recipe(Flip.HORIZONTAL), lambda pixels: cv2.flip(pixels, 1), 0.55),
    Work("vertical flip", Recipe(Flip.VERTICAL), lambda pixels: cv2.flip(pixels, 0), 0.65),
    Work("half turn", Recipe(rotate=180), lambda pixels: cv2.flip(pixels, -1), 0.65),
    Work("quarter turn", Recipe(rotate=90), lambda pixels: cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE), 0.75),
    Work("three quarters", Recipe(rotate=270), lambda pixels: cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE), 0.75),
    Work("label", Recipe(label=True), write, 0.6),
    Work(
        "label and half turn",
        Recipe(rotate=180, label=True),
        lambda pixels: write(np.asarray(cv2.flip(pixels, -1), np.uint8)),
        None,
    ),
    Work(f"{SMALL} wide", Recipe(width=SMALL), shrink, None),
    Work(f"{SMALL} wide, label", Recipe(width=SMALL, label=True), lambda pixels: write(shrink(pixels)), None),
    Work("quality 60", Recipe(quality=60), lambda pixels: pixels, None),
)


def paint(width: int, height: int) -> Pixels:
    """BGR: soft colours, a few edges, a little noise."""
    random = np.random.default_rng(1)
    coarse = random.integers(0, 256, (height // 96 + 2, width // 96 + 2, 3)).astype(np.uint8)
    pixels = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
    noise = random.normal(0, 4, (height, width, 1)).astype(np.float32)
    return np.asarray(np.clip(pixels + noise, 0, 255), np.uint8)


def encode_to_length(pixels: Pixels, kilobytes: int, *options: int) -> tuple[bytes, int]:
    """The JPEG of the best quality that is not longer, and that quality."""
    for quality in range(95, 1, -1):
        jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality, *options])[1].tobytes()
        if len(jpeg) <= kilobytes * 1000:
            return jpeg, quality
    raise SystemExit("such a picture cannot be so short")


def by_opencv(jpeg: bytes, act: Callable[[Pixels], object], *options: int) -> object:
    """The way of everybody else."""
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    return cv2.imencode(".jpg", act(pixels), options)  # type: ignore[arg-type, call-overload]


def cpu_of(act: Callable[[], object]) -> float:
    """CPU ms of one call, all threads."""
    began = time.process_time()
    for _ in range(BURST):
        act()
    return (time.process_time() - began) / BURST * 1e3


def measure(renderer: Renderer, jpeg: bytes, alike: int, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Milliseconds of each round, by the work and the way."""
    seconds = iter(range(1_000_000))
    times: dict[str, dict[str, list[float]]] = {work.name: {} for work in WORKS}
    for _ in range(rounds):
        for work in WORKS:
            caption = Caption(
                "Front porch", f"12:03:{next(seconds) % 60:02}"
            )  # another one each round: drawn in its time

            def run(work: Work = work, caption: Caption = caption) -> object:
                return renderer.render(jpeg, work.recipe, caption)

            def opencv(work: Work = work) -> object:
                return by_opencv(jpeg, work.pixels)

            def as_long(work: Work = work) -> object:
                return by_opencv(jpeg, work.pixels, cv2.IMWRITE_JPEG_QUALITY, alike)

            for way, act in (("recipe", run), ("opencv", opencv), ("alike", as_long)):
                times[work.name].setdefault(way, []).append(cpu_of(act))
    return times


def judged(found: dict[str, dict[str, list[float]]]) -> Iterator[tuple[Work, dict[str, float], float, bool]]:
    """Each work with its medians, its ratio and whether that is within the goal."""
    for work in WORKS:
        figures = {way: statistics.median(each) for way, each in found[work.name].items()}
        ratio = figures["recipe"] / figures["opencv"]
        yield work, figures, ratio, work.goal is None or ratio <= work.goal


def report(found: dict[str, dict[str, list[float]]]) -> bool:
    """Print a table; true where all goals are met."""
    good = True
    print(f"  {'':22}{'recipe':>8}{'opencv':>8}{'alike':>8}{'ratio':>8}{'goal':>7}{'to alike':>10}")
    for work, figures, ratio, met in judged(found):
        goal = "" if work.goal is None else f"{work.goal:.2f}"
        row = "".join(f"{figures[way]:8.2f}" for way in ("recipe", "opencv", "alike"))
        alike = figures["recipe"] / figures["alike"]
        print(f"  {work.name:22}{row}{ratio:8.2f}{goal:>7}{alike:10.2f}{'' if met else '  MISSED'}")
        good = good and met
    return good


def main() -> int:
    """Print the tables; the status is 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--library", help="a libturbojpeg, by its file; the system's where there is none")
    parser.add_argument("--raw", type=Path, help="write all figures there")
    wanted = parser.parse_args()
    library = TurboJpeg(wanted.library) if wanted.library else find_turbojpeg()
    if library is None:
        raise SystemExit("libturbojpeg is not there: apt-get install libturbojpeg0")
    renderer = Renderer(library)
    versions = ", ".join(
        f"{name} {metadata.version(name)}" for name in ("opencv-python-headless", "simplejpeg", "numpy")
    )
    print(f"python -m benchmarks.pictures {' '.join(sys.argv[1:])}".rstrip())
    print(f"{versions}; Python {sys.version.split()[0]}; CPU ms per frame, median of {wanted.rounds} rounds of {BURST}")
    all_found: dict[str, dict[str, dict[str, list[float]]]] = {}
    good = True
    for name in wanted.sizes:
        width, height, kilobytes = SIZES[name]
        pixels = paint(width, height)
        for sampling, factor in SAMPLINGS.items():
            jpeg, _ = encode_to_length(pixels, kilobytes, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, factor)
            _, alike = encode_to_length(pixels, kilobytes)
            found = all_found[f"{name} {sampling}"] = measure(renderer, jpeg, alike, wanted.rounds)
            print(f"\n{name} {width}x{height} {sampling}, {len(jpeg) / 1000:.1f} KB (alike: quality {alike})")
            good = report(found) and good
    if wanted.raw:
        raw = {"versions": versions, "calls": BURST, "ms": all_found}
        wanted.raw.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")
    print(f"\ngoals: {'met' if good else 'MISSED'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

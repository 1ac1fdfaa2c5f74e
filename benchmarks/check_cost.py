"""What the arrival check costs: CPU per frame against the bare decode, all in one run, the ways in turn.

* ``walk``: the markers, which a camera with ``check = "markers"`` pays on the engine's loop;
* ``decode``: simplejpeg's strict one at an eighth of the size, gray: the floor;
* ``check``: walk, decode and the look at its range, as a thread of the pool does them;
* ``all told``: a frame through `Checks`, an engine and a pool of two threads, and of that the ``engine``'s thread.
  Frames come from timers on the loop, 25 a second for each camera; what timers and taking cost without any check is
  subtracted. Threads sleep between frames, as they do in life, and find cold caches when they wake: hence one camera
  pays more than the sum of its parts, and many pay less than one.

    python -m benchmarks.check_cost
"""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import metadata
from typing import TYPE_CHECKING

import simplejpeg
from benchmarks.integrity import encode_to_size

from vedette.clock import SystemClock
from vedette.hub import Engine
from vedette.hub.checks import Arrival, Checks
from vedette.picture import Checked, check, check_markers
from vedette.wire.multipart import Part

if TYPE_CHECKING:
    from collections.abc import Callable

    from vedette.config import Check
    from vedette.wire.jpeg import Damage

SIZES = {"VGA": (640, 480, 25_000), "SVGA": (800, 600, 42_000), "UXGA": (1600, 1200, 114_000)}
INTERVAL = 0.04  # seconds between the frames of a camera
CAMERAS = (1, 8)
GOAL = 700.0  # us of CPU for a checked VGA frame


def cpu_of(act: Callable[[], object], count: int) -> float:
    """CPU us of one call, this thread."""
    began = time.thread_time()
    for _ in range(count):
        act()
    return (time.thread_time() - began) / count * 1e6


def decode(jpeg: bytes) -> None:
    """The floor."""
    simplejpeg.decode_jpeg(jpeg, "GRAY", min_height=1, min_width=1, min_factor=8)


class Feed:
    """Feeds cameras' checks from timers on the engine's loop, and waits for the verdicts."""

    def __init__(self, jpeg: bytes, mode: Check, cameras: int, count: int) -> None:
        self._part = Part(jpeg)
        self._mode = mode
        self._cameras = cameras
        self._left = self._awaited = self._count = count
        self._by_markers = 0
        self._clock = SystemClock()
        self._done = threading.Event()

    def run(self, engine: Engine, pool: ThreadPoolExecutor) -> tuple[float, float]:
        """CPU us for a frame: of the process, and of the engine's thread."""

        def begin() -> None:
            for number in range(self._cameras):
                checks = Checks(engine.post, pool, self._clock, self._mode, self._accept, self._refuse)
                self._clock.call_later(number * INTERVAL / self._cameras, partial(self._feed, checks))

        process, thread = time.process_time(), engine.call(time.thread_time)
        engine.post(begin)
        if not self._done.wait(120):
            raise SystemExit("a whole frame was refused, or the checks do not come to an end")
        if self._mode == "full" and self._by_markers:
            print(f"overloaded: {self._by_markers} of {self._count} by their markers; repeat this on a quieter machine")
        thread = engine.call(time.thread_time) - thread
        return (time.process_time() - process) / self._count * 1e6, thread / self._count * 1e6

    def _feed(self, checks: Checks) -> None:
        if self._left:
            self._left -= 1
            self._clock.call_later(INTERVAL, partial(self._feed, checks))
            checks.take(self._part)

    def _accept(self, _arrival: Arrival, checked: Checked) -> None:
        self._by_markers += checked.gray is None
        self._awaited -= 1
        if not self._awaited:
            self._done.set()

    def _refuse(self, _arrival: Arrival, damage: Damage, detail: str) -> None:
        print(f"a whole frame was refused: {damage}, {detail}")


def measure(jpeg: bytes, engine: Engine, pool: ThreadPoolExecutor, count: int) -> dict[str, float]:
    """One round of all ways."""
    found = {
        "walk": cpu_of(lambda: check_markers(jpeg), count),
        "decode": cpu_of(lambda: decode(jpeg), count),
        "check": cpu_of(lambda: check(jpeg), count),
    }
    for cameras in CAMERAS:
        off, markers, full = (Feed(jpeg, mode, cameras, count).run(engine, pool) for mode in ("off", "markers", "full"))
        found[f"{cameras} all told"] = full[0] - off[0]
        found[f"{cameras} engine"] = full[1] - off[1]
        found[f"{cameras} engine, markers"] = markers[1] - off[1]
        found[f"{cameras} timers"] = off[1]
    return found


def row(medians: dict[str, float], *ways: str) -> str:
    """Some of the figures."""
    return ", ".join(f"{way} {medians[way]:.0f}" for way in ways)


async def nothing() -> None:
    """Nothing is open."""


def main() -> int:
    """Print medians; the status is 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--frames", type=int, default=100, help="of each way in a round")
    wanted = parser.parse_args()
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("simplejpeg", "numpy", "uvloop"))
    print(f"python -m benchmarks.check_cost {' '.join(sys.argv[1:])}")
    print(f"{versions}; Python {sys.version.split()[0]}; CPU us per frame, median of {wanted.rounds} rounds\n")
    engine = Engine()
    engine.start()
    good = False
    with ThreadPoolExecutor(2, "picture") as pool:
        for name, size in SIZES.items():
            jpeg = encode_to_size(*size)
            rounds = [measure(jpeg, engine, pool, wanted.frames) for _ in range(wanted.rounds)]
            medians = {way: statistics.median(each[way] for each in rounds) for way in rounds[0]}
            print(f"{name}, {len(jpeg) / 1000:.1f} KB: " + row(medians, "walk", "decode", "check"))
            for cameras in CAMERAS:
                ways = [f"{cameras} {way}" for way in ("all told", "engine", "engine, markers", "timers")]
                ratio = medians[ways[0]] / medians["decode"]
                print(f"  cameras: {row(medians, *ways)}; all told {ratio:.2f} x decode")
            if name == "VGA":
                good = max(medians[f"{cameras} all told"] for cameras in CAMERAS) < GOAL
    engine.stop(nothing)
    print(f"\ngoal (VGA all told under {GOAL:.0f} us): {'met' if good else 'MISSED'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

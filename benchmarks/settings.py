"""How soon a change of a setting, or of the configuration, is there; and who notices it that should not.

    python -m benchmarks.settings
    python -m benchmarks.settings --runs 20 --cameras 50

One simulated board with CameraWebServer 3.x for the settings, at 20 frames a second, and a viewer of it:

* quality, resolution: from the `PATCH` to the first frame at the viewer that shows it (fewer bytes, another size). The
  resolution restarts the sensor, which takes 0.4 s of it.
* reboot: the board forgets twelve settings. From the first frame afterwards at the viewer, which never reconnected, to
  the moment at which the board has all of them again.
* write-lost: the board answers every third write and forgets it. From the `PATCH` of seven settings to the moment at
  which all are confirmed.

A server with many cameras, all on boards of their own at 5 frames a second, for the configuration:

* rename by page, rename by hand: from the `PATCH`, or the writing of the file, to the new name in the API.
* add by hand: from the writing of the file to the new camera's first frame.
* gap: the longest silence of another camera's viewer while all this happens, in its own frame times.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.ledger import make_parser, serving_boards
from benchmarks.programs import BenchmarkError
from benchmarks.serving import perform, table

from vedette.boards import CAMERASERVER
from vedette.simulator import Fault, Simulator, Timings
from vedette.wire.jpeg_header import read_size

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator

    from benchmarks.serving import Server, Stage

WITHIN_S = 60.0
FPS = 20.0
WALL_FPS = 5.0
GOALS = {"quality": 1.0, "resolution": 1.0, "reboot": 5.0}
FORGOTTEN: dict[str, Any] = {
    "resolution": "640x480",
    "quality": 30,
    "brightness": 1,
    "contrast": -1,
    "saturation": 1,
    "ae_level": 1,
    "wb_mode": 2,
    "hmirror": True,
    "vflip": True,
    "bpc": True,
    "lenc": False,
    "gainceiling": 3,
}
LOST = dict(list(FORGOTTEN.items())[1:8])


@dataclass
class Round:
    """One thing that was measured: seconds, or frame times for the gap."""

    what: str
    took: list[float]


class Looker:
    """A viewer in a thread: when each frame came, how long it was, and its size in pixels."""

    def __init__(self, server: Server, camera: str) -> None:
        self.frames: list[tuple[float, int, tuple[int, int]]] = []
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=WITHIN_S)
        self._connection.request("GET", f"/cameras/{camera}/stream.mjpg")
        self._stream = self._connection.getresponse()
        threading.Thread(target=self._read, daemon=True).start()
        wait_for(lambda: self.frames, "the viewer has a frame")

    def _read(self) -> None:
        try:
            while line := self._stream.readline():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
                    while self._stream.readline().strip():
                        pass
                    body = self._stream.read(length)
                    self.frames.append((time.monotonic(), length, read_size(body) or (0, 0)))
        except (OSError, ValueError, AttributeError):  # it is being closed
            return

    def close(self) -> None:
        """Look no more."""
        self._connection.close()

    def first(self, shows: Callable[[tuple[float, int, tuple[int, int]]], bool], since: float) -> float:
        """When the first frame came that shows it."""
        found: list[float] = []

        def look() -> bool:
            found.extend(frame[0] for frame in self.frames if frame[0] >= since and shows(frame))
            return bool(found)

        wait_for(look, "a frame shows it")
        return found[0]


def wait_for(ready: Callable[[], object], what: str) -> float:
    """Until it is so; gives the moment."""
    deadline = time.monotonic() + WITHIN_S
    while not ready():
        if time.monotonic() > deadline:
            raise BenchmarkError(f"not within {WITHIN_S:.0f} s: {what}")
        time.sleep(0.005)
    return time.monotonic()


def patch(server: Server, path: str, body: dict[str, Any]) -> float:
    """Change something; gives the moment at which it was asked for."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=WITHIN_S)) as connection:
        at = time.monotonic()
        connection.request("PATCH", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise BenchmarkError(f"PATCH {path}: {answer.status} {answer.read().decode()}")
        answer.read()
    return at


def settings(server: Server) -> Any:
    """Of the one camera."""
    return json.loads(server.ask("/api/cameras/c0/settings"))


def is_settled(server: Server) -> bool:
    """All is as it is wanted."""
    told = settings(server)
    return bool(told["controls"]) and not told["pending"] and not told["refused"]


def measure_settings(stage: Stage, options: argparse.Namespace) -> Iterator[Round]:
    """One board."""
    timings = Timings(boot=6.0)
    with ExitStack() as stack:
        simulator = stack.enter_context(Simulator(CAMERASERVER, 1, size=(640, 480), fps=FPS, timings=timings))
        urls = [(simulator.stream_url(), simulator.control_url())]
        server = stack.enter_context(serving_boards(stage, urls))
        looker = stack.enter_context(closing(Looker(server, "c0")))
        board = simulator.boards[0]
        wait_for(lambda: settings(server)["controls"], "its controls are known")
        yield Round("quality", [change_quality(server, looker, number) for number in range(options.runs)])
        yield Round("resolution", [change_resolution(server, looker, number) for number in range(options.runs)])
        patch(server, "/api/cameras/c0/settings", FORGOTTEN)
        wait_for(lambda: is_settled(server), "all is confirmed")

        def has_all() -> bool:
            values = {name: board.settings.values.get(name) for name in FORGOTTEN if name != "resolution"}
            return board.settings.size == (640, 480) and values == {name: FORGOTTEN[name] for name in values}

        def is_back(counted: int) -> bool:
            return board.counters.frames_sent > counted and not has_all()

        took = []
        for _ in range(max(1, options.runs // 4)):
            counted = board.counters.frames_sent
            simulator.reboot(0)
            wait_for(partial(is_back, counted), "it is back")
            back = looker.first(lambda _: True, time.monotonic())
            took.append(max(0.0, wait_for(has_all, "it has all again") - back))
            time.sleep(timings.boot + 2)
        yield Round("reboot", took)
        simulator.set_faults(0, Fault.WRITE_LOST)
        yield Round("write-lost", [lose_writes(server, number) for number in range(options.runs)])


def change_quality(server: Server, looker: Looker, number: int) -> float:
    """From fine to coarse and back: the frames' lengths tell."""
    before = median(frame[1] for frame in looker.frames[-10:])
    quality = 50 if number % 2 == 0 else 12
    at = patch(server, "/api/cameras/c0/settings", {"quality": quality})
    came = looker.first(lambda frame: frame[1] < 0.8 * before if number % 2 == 0 else frame[1] > 1.2 * before, at)
    wait_for(lambda: is_settled(server), "quality is confirmed")
    time.sleep(1)
    return came - at


def change_resolution(server: Server, looker: Looker, number: int) -> float:
    """From one size to another and back."""
    size = (800, 600) if number % 2 == 0 else (640, 480)
    at = patch(server, "/api/cameras/c0/settings", {"resolution": f"{size[0]}x{size[1]}"})
    came = looker.first(lambda frame: frame[2] == size, at)
    wait_for(lambda: is_settled(server), "the resolution is confirmed")
    return came - at


def lose_writes(server: Server, number: int) -> float:
    """Seven settings, each another value than before."""
    changes = LOST if number % 2 == 0 else dict.fromkeys(LOST, 0) | {"hmirror": False, "quality": 20}
    at = patch(server, "/api/cameras/c0/settings", changes)
    return wait_for(lambda: is_settled(server), "all is confirmed") - at


def measure_roster(stage: Stage, options: argparse.Namespace) -> Iterator[Round]:
    """Many boards."""
    count = options.cameras
    with ExitStack() as stack:
        simulator = stack.enter_context(Simulator(CAMERASERVER, count + 1, size=(320, 240), fps=WALL_FPS))
        urls = [(simulator.stream_url(number), simulator.control_url(number)) for number in range(count)]
        server = stack.enter_context(serving_boards(stage, urls))
        file = next(stage.folder.glob(f"server-{server.port}/vedette.toml"))
        looker = stack.enter_context(closing(Looker(server, "c0")))

        def name_of(camera: str) -> str:
            return str(json.loads(server.ask(f"/api/cameras/{camera}"))["name"])

        def is_called(name: str) -> bool:
            return name_of("c1") == name

        began = time.monotonic()
        took = []
        for number in range(options.runs):
            name = f"page {number}"
            at = patch(server, "/api/cameras/c1", {"name": name})
            took.append(wait_for(partial(is_called, name), "the new name") - at)
        yield Round("rename by page", took)
        took = []
        for number in range(options.runs):
            name, text = f"hand {number}", file.read_text(encoding="utf-8")
            before = name_of("c1")
            at = time.monotonic()
            file.write_text(text.replace(f'"{before}"', f'"{name}"'), encoding="utf-8")
            took.append(wait_for(partial(is_called, name), "the new name") - at)
        yield Round("rename by hand", took)
        added = f'[cameras.new]\nurl = "{simulator.stream_url(count)}"\n'
        at = time.monotonic()
        file.write_text(file.read_text(encoding="utf-8") + added, encoding="utf-8")
        wait_for(lambda: b'"id":"new"' in server.ask("/api/cameras"), "the new camera")
        wait_for(lambda: json.loads(server.ask("/api/cameras/new"))["frames"], "its first frame")
        yield Round("add by hand", [time.monotonic() - at])
        times = [frame[0] for frame in looker.frames if frame[0] >= began]
        yield Round("gap", [max(after - before for before, after in pairwise(times)) * WALL_FPS])


def measure(stage: Stage, options: argparse.Namespace) -> Iterator[Round]:
    """All of it."""
    yield from measure_settings(stage, options)
    yield from measure_roster(stage, options)


def tell(rounds: list[Round]) -> str:
    """A line for each, goals beside."""
    rows = []
    for each in rounds:
        goal = GOALS.get(each.what)
        verdict = "" if goal is None else "PASS" if max(each.took) < goal else "MISS"
        unit = "frame times" if each.what == "gap" else "s"
        figures = (
            f"{median(each.took):.2f}",
            f"{max(each.took):.2f}",
            unit,
            f"worst < {goal:.0f}" if goal else "",
            verdict,
        )
        rows.append((each.what, str(len(each.took)), *figures))
    return table(("what", "runs", "median", "worst", "", "goal", ""), rows)


def main() -> int:
    """Measure, and print a table."""
    parser = make_parser(__doc__)
    parser.add_argument("--runs", type=int, default=20, help="of each; a quarter of them reboots")
    parser.add_argument("--cameras", type=int, default=50, help="on the server whose configuration is changed")
    options = parser.parse_args()
    return perform("settings", options, lambda stage: measure(stage, options), tell)


if __name__ == "__main__":
    sys.exit(main())

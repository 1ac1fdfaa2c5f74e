"""The complaints of the old `opencv_server`'s users, each with a test that it is gone.

It read `CPU at 100 % when a stream is lost in the multiple view`, `over time all feeds show "unavailable" although one
has failed`, `settings in the multiple view go to camera 4`, and OpenCV's `invalid slice` noise when sizes differ.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.end_to_end.harness import Server, Viewer, wait_until

from vedette.simulator import Fault, Simulator
from vedette.wire.jpeg_header import read_size

Boards = Callable[..., Simulator]
Serve = Callable[..., Server]
Watch = Callable[..., Viewer]

NOISE = ("slice", "traceback", "error", "opencv", "corrupt jpeg", "premature end", "extraneous bytes")
COUNT = 4
OUTAGES = 6
DIMMED = 0.8  # of its brightness has a tile that is live, and less one that is not
WALL = "/wall.mjpg?columns=2&width=640&fps=5&label=0"
OLD_WALL = "/multi_video_feed/"


@pytest.fixture
def boards(make_boards: Boards) -> Simulator:
    return make_boards(COUNT, fps=10, size=(320, 240))


@pytest.fixture
def server(boards: Simulator, serve: Serve) -> Server:
    tables = (
        f'[cameras.{number + 1}]\nurl = "{boards.stream_url(number)}"\ncontrol_url = "{boards.control_url(number)}"'
        for number in range(COUNT)
    )
    server = serve({}, "\n".join(tables))
    for number in range(COUNT):
        server.wait_for_state(str(number + 1), "online")
    return server


class Reader:
    """Takes whatever comes to a viewer, in a thread of its own."""

    def __init__(self, viewer: Viewer) -> None:
        self.parts = 0
        self.fault: Exception | None = None
        self.last = b""
        self._viewer = viewer
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(20)
        assert self.fault is None, self.fault

    def _read(self) -> None:
        try:
            while not self._over.is_set():
                self.last = self._viewer.part().body
                self.parts += 1
        except Exception as fault:  # noqa: BLE001 - told in `stop`
            self.fault = fault


@pytest.fixture
def readers(server: Server, watch: Watch) -> Iterator[list[Reader]]:
    """Of each camera's stream, of a camera's flipped one, and of the wall by its new name and its old one."""
    paths = [f"/cameras/{number + 1}/stream.mjpg" for number in range(COUNT)]
    paths += ["/cameras/1/stream.mjpg?rotate=90", WALL, OLD_WALL]
    readers = [Reader(watch(server, path)) for path in paths]
    yield readers
    for reader in readers:
        reader.stop()


def cpu_seconds(server: Server) -> float:
    """What the server has used, all its threads."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_while(server: Server, seconds: float) -> float:
    before = cpu_seconds(server)
    time.sleep(seconds)  # what is measured is a span of time
    return cpu_seconds(server) - before


@pytest.mark.parametrize("lost", [1, COUNT], ids=["one", "all"])
def test_cpu_at_100_percent_when_a_stream_is_lost(
    lost: int, server: Server, boards: Simulator, readers: list[Reader]
) -> None:
    """A camera that is away costs less than one that is there; a core that spins would be many times as much."""
    wait_until(lambda: all(reader.parts > 5 for reader in readers))
    live = cpu_while(server, 4)
    for number in range(lost):
        boards.set_faults(number, Fault.REFUSE)
    for number in range(lost):
        server.wait_for_state(str(number + 1), "offline")
    before = [reader.parts for reader in readers]
    away = cpu_while(server, 4)
    assert away < live + 1.0, f"{away:.2f} s of CPU in 4 s, where {live:.2f} s were used before: something spins"
    wait_until(lambda: all(reader.parts > seen for reader, seen in zip(readers, before, strict=True)))


def test_all_tiles_unavailable_after_a_while(server: Server, boards: Simulator, watch: Watch) -> None:
    """One camera fails again and again: it comes back each time, and no other is ever touched by it."""
    wall, others = Reader(watch(server, WALL)), Reader(watch(server, "/cameras/1/stream.mjpg"))
    wait_until(lambda: wall.parts > 10)
    bright = brightness(wall.last)

    def shown() -> list[bool]:
        return [now > DIMMED * before for now, before in zip(brightness(wall.last), bright, strict=True)]

    for _ in range(OUTAGES):
        boards.cut(0)
        boards.set_faults(0, Fault.REFUSE)
        server.wait_for_state("1", "offline")
        assert [server.camera(str(number))["state"] for number in range(2, COUNT + 1)] == ["online"] * (COUNT - 1)
        boards.set_faults(0)
        server.wait_for_state("1", "online")
    assert [server.camera(str(number + 1))["reconnects"] for number in range(COUNT)] == [OUTAGES, 0, 0, 0]
    wait_until(lambda: all(shown()), what="every tile shows its camera, and none that it is away")
    boards.set_faults(0, Fault.REFUSE)
    wait_until(lambda: shown() == [False, True, True, True], what="what is away is told from what is there")
    wall.stop()
    others.stop()


def brightness(jpeg: bytes) -> list[float]:
    """Of each of four tiles."""
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    height, width = picture.shape[0] // 2, picture.shape[1] // 2
    corners = [(row * height, column * width) for row in (0, 1) for column in (0, 1)]
    return [float(picture[top : top + height, left : left + width].mean()) for top, left in corners]


def test_settings_that_hit_camera_4(server: Server, boards: Simulator, readers: list[Reader]) -> None:
    """Whatever is watched, by whomever: what is set on a camera goes to its board alone."""
    wait_until(lambda: all(reader.parts for reader in readers))

    for number in range(COUNT):
        camera = str(number + 1)
        wait_until(lambda camera=camera: server.get(f"/api/cameras/{camera}/settings").json["controls"])  # type: ignore[misc]
        before = boards.call(lambda: [dict(board.settings.values) for board in boards.boards])
        wanted = {"ae_level": -2 + number, "hmirror": True}
        assert server.send("PATCH", f"/api/cameras/{camera}/settings", wanted).status == 200
        wait_until(lambda camera=camera: not server.get(f"/api/cameras/{camera}/settings").json["pending"])  # type: ignore[misc]
        after = boards.call(lambda: [dict(board.settings.values) for board in boards.boards])
        changed = [position for position in range(COUNT) if before[position] != after[position]]
        assert changed == [number]
        assert (after[number]["ae_level"], after[number]["hmirror"]) == (-2 + number, 1)


def test_invalid_slice_noise_when_sizes_differ(make_boards: Boards, serve: Serve, watch: Watch) -> None:
    """Sizes that differ, and change under way, are drawn without a word."""
    sizes = [(160, 120), (320, 240), (800, 600), (1024, 768)]
    boards = [make_boards(fps=8, size=size) for size in sizes]
    server = serve({f"c{number}": each.stream_url() for number, each in enumerate(boards)})
    for number in range(COUNT):
        server.wait_for_state(f"c{number}", "online")
    readers = [Reader(watch(server, path)) for path in (WALL, OLD_WALL, "/cameras/c0/stream.mjpg?width=300&label=1")]
    wait_until(lambda: all(reader.parts > 5 for reader in readers))
    boards[0].set_faults(0, Fault.MIXED_SIZES)
    boards[1].set_faults(0, Fault.SIZE_CHANGE)
    boards[2].set_faults(0, Fault.TRUNCATE)
    before = [reader.parts for reader in readers]
    wait_until(lambda: all(reader.parts > seen + 20 for reader, seen in zip(readers, before, strict=True)), 40)
    for reader in readers:
        reader.stop()
    assert [(read_size(reader.last) or (0, 0))[0] for reader in readers[:2]] == [640, 1280]
    said = server.output().lower()
    assert [noise for noise in NOISE if noise in said] == []

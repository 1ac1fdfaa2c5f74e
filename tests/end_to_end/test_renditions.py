"""Pictures that are made for viewers, on a real server: what comes is decoded and held against what the board sent."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from tests.end_to_end.harness import Seen, Server, Viewer, wait_until

from vedette.boards import CAMERASERVER, FIRMWARES
from vedette.simulator import Fault, Simulator
from vedette.wire.jpeg import inspect

Boards = Callable[..., Simulator]
Serve = Callable[..., Server]
Watch = Callable[..., Viewer]
Pixels = Any  # an array: rows, columns, three colours

STREAM = "/cameras/porch/stream.mjpg"
SNAPSHOT = "/cameras/porch/snapshot.jpg"
SIZE = (320, 240)
STRIP = 16  # rows at the lower edge of a picture of that size

# What is asked for, what that makes of a picture, and how far a pixel may be from it on average.
WISHES: dict[str, tuple[Callable[[Pixels], Pixels], float]] = {
    "": (lambda picture: picture, 0),
    "flip=horizontal": (lambda picture: picture[:, ::-1], 1),
    "flip=vertical": (lambda picture: picture[::-1], 1),
    "flip=both": (lambda picture: picture[::-1, ::-1], 1),
    "rotate=90": (lambda picture: np.rot90(picture, -1), 1),
    "rotate=180": (lambda picture: np.rot90(picture, 2), 1),
    "rotate=270": (lambda picture: np.rot90(picture, 1), 1),
    "flip=horizontal&rotate=90": (lambda picture: np.rot90(picture[:, ::-1], -1), 1),
    "width=160": (lambda picture: cv2.resize(picture, (160, 120), interpolation=cv2.INTER_AREA), 6),
    "rotate=90&width=160": (lambda picture: cv2.resize(np.rot90(picture, -1), (160, 213)), 8),
    "width=4096": (lambda picture: picture, 0),
    "quality=30": (lambda picture: picture, 6),
    "label=1": (lambda picture: picture, 12),
}


def decode(jpeg: bytes) -> Pixels:
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    inspect(jpeg)
    return picture


def difference(one: Pixels, other: Pixels) -> float:
    """Of two pictures, on average; a pixel's values are 0 to 255."""
    assert one.shape == other.shape
    return float(np.abs(one.astype(np.int16) - other).mean())


def collect(viewer: Viewer, count: int) -> dict[float, Seen]:
    """So many live pictures, by their time."""
    found: dict[float, Seen] = {}
    while len(found) < count:
        part = viewer.part()
        if part.state == "online":
            found[part.timestamp] = part
    return found


def renditions(server: Server) -> Any:
    return server.get("/api/server").json["renditions"]


@pytest.fixture
def board(make_boards: Boards) -> Simulator:
    return make_boards(fps=10, size=SIZE)


@pytest.fixture
def server(board: Simulator, serve: Serve) -> Server:
    server = serve({"porch": board.stream_url()})
    server.wait_for_state("porch", "online")
    return server


@pytest.fixture
def originals(server: Server, watch: Watch) -> "Originals":
    return Originals(watch(server, STREAM))


class Originals:
    """What came from the board, by its time."""

    def __init__(self, viewer: Viewer) -> None:
        self._viewer = viewer
        first = viewer.part()  # whatever is seen from now on comes here too
        self._found = {first.timestamp: first.body}

    def of(self, timestamp: float) -> bytes:
        while timestamp not in self._found:
            part = self._viewer.part()
            assert part.timestamp <= timestamp, "it was not sent to who looks at all"
            self._found[part.timestamp] = part.body
        return self._found[timestamp]


def test_a_stream_shows_what_is_asked_for(server: Server, originals: Originals, watch: Watch) -> None:
    for query, (make, tolerance) in WISHES.items():
        seen = collect(watch(server, f"{STREAM}?{query}"), 5)
        for timestamp, part in sorted(seen.items()):
            before = originals.of(timestamp)
            assert difference(decode(part.body), make(decode(before))) <= tolerance, query
            assert (part.body == before) == (tolerance == 0), query


def test_a_snapshot_shows_what_is_asked_for(server: Server, originals: Originals) -> None:
    for query, (make, tolerance) in WISHES.items():
        answer = server.get(f"{SNAPSHOT}?{query}")
        assert answer.status == 200
        before = originals.of(float(answer.headers["X-Timestamp"]))
        assert difference(decode(answer.body), make(decode(before))) <= tolerance, query
        assert (answer.body == before) == (tolerance == 0), query


def test_a_label_is_a_strip_that_can_be_read_and_nothing_else_is_touched(
    server: Server, originals: Originals, watch: Watch
) -> None:
    for timestamp, part in sorted(collect(watch(server, f"{STREAM}?label=1"), 3).items()):
        picture, before = decode(part.body), decode(originals.of(timestamp))
        strip = picture[-STRIP:]
        assert strip.min() < 40, "its ground is dark"
        assert strip.max() > 180, "its letters are bright"
        assert (strip.max(axis=(0, 2)) > 120).sum() > 20, "there are several"
        assert np.median(strip) < 40
        assert difference(picture[: -2 * STRIP], before[: -2 * STRIP]) < 1


def test_a_rate_is_kept(make_boards: Boards, serve: Serve, watch: Watch) -> None:
    server = serve({"porch": make_boards(fps=25, size=(160, 120)).stream_url()})
    server.wait_for_state("porch", "online")
    for path in (f"{STREAM}?fps=4", f"{STREAM}?fps=4&width=80"):
        times = sorted(collect(watch(server, path), 9))  # at which the server got them, whenever we do
        assert (times[-1] - times[0]) / 8 > 0.2
    times = sorted(collect(watch(server, "/wall.mjpg?fps=2&width=160"), 5))
    assert (times[-1] - times[0]) / 4 > 0.4


def test_many_viewers_of_one_recipe_get_the_same_pictures_made_once(
    make_boards: Boards, serve: Serve, watch: Watch
) -> None:
    boards = make_boards(fps=5, size=SIZE)
    server = serve({"porch": boards.stream_url()})
    server.wait_for_state("porch", "online")
    viewers = [watch(server, f"{STREAM}?flip=horizontal") for _ in range(200)]
    bodies: dict[float, set[bytes]] = {}
    seen: list[int] = []
    began = time.monotonic()
    while time.monotonic() - began < 13:  # more than two of the load's windows
        for viewer in viewers:
            part = viewer.part()
            bodies.setdefault(part.timestamp, set()).add(part.body)
        seen.append(len(bodies))
    assert all(len(same) == 1 for same in bodies.values())
    load = renditions(server)
    assert load["in_use"] == 1
    assert 0 < load["pictures_per_s"] <= 6, "the camera's rate, and not that of two hundred"
    assert server.camera("porch")["viewers"] == 200
    assert boards.call(lambda: boards.boards[0].counters.stream_connections) == 1
    for viewer in viewers:
        viewer.sock.close()
    wait_until(lambda: renditions(server)["in_use"] == 0, what="nothing is made for nobody")


def test_originals_are_byte_for_byte_while_others_are_made(board: Simulator, server: Server, watch: Watch) -> None:
    others = [watch(server, f"{STREAM}?width={width}&label=1") for width in range(100, 300, 10)]
    viewer = watch(server, STREAM)
    before = server.camera("porch")["frames"]
    for _ in range(30):
        part = viewer.part()
        assert part.body in board.call(lambda: set(board.boards[0].sent))
    assert server.camera("porch")["frames"] - before <= 60
    assert {np.shape(decode(other.part().body))[1] for other in others} == set(range(100, 300, 10))


def test_viewers_of_a_rendition_stay_through_an_outage_and_see_it_dimmed(
    board: Simulator, server: Server, watch: Watch
) -> None:
    viewers = [watch(server, f"{STREAM}?{query}") for query in ("rotate=90", "width=160&label=1", "fps=1")]
    bright = [decode(next(iter(collect(viewer, 1).values())).body) for viewer in viewers]
    late = watch(server, f"{STREAM}?width=80")
    board.set_faults(0, Fault.REFUSE)
    server.wait_for_state("porch", "offline")
    new = watch(server, f"{STREAM}?rotate=180")
    for viewer, before in zip(viewers, bright, strict=True):
        part = viewer.part()
        while part.state != "offline":
            part = viewer.part()
        assert decode(part.body).shape == before.shape, "as it was seen"
        assert decode(part.body).mean() < 0.8 * before.mean()
    assert new.part().state == "offline"
    board.set_faults(0)
    for viewer in (*viewers, late, new):
        part = viewer.part()
        while part.state != "online":
            part = viewer.part()
    assert server.get(f"{SNAPSHOT}?rotate=90").status == 200


def test_a_wall_of_all_sizes_goes_on_when_a_camera_is_lost(make_boards: Boards, serve: Serve, watch: Watch) -> None:
    sizes = [(160, 120), (320, 240), (640, 480), (800, 600)]
    boards = [make_boards(fps=5, size=size) for size in sizes]
    server = serve({f"c{number}": each.stream_url() for number, each in enumerate(boards)})
    for number in range(4):
        server.wait_for_state(f"c{number}", "online")
    wall = watch(server, "/wall.mjpg?columns=2&width=640&fps=10&label=0")
    shape = decode(wall.part().body).shape

    def cell(picture: Pixels, number: int) -> Pixels:
        height, width = shape[0] // 2, shape[1] // 2
        row, column = divmod(number, 2)
        return picture[row * height : (row + 1) * height, column * width : (column + 1) * width]

    before = decode(wall.part().body)
    while min(float(cell(before, number).mean()) for number in range(4)) < 40:  # the last has not come yet
        before = decode(wall.part().body)
    boards[1].set_faults(0, Fault.REFUSE)
    server.wait_for_state("c1", "offline")
    after = decode(wall.part().body)
    while cell(after, 1).mean() > 0.8 * cell(before, 1).mean():
        after = decode(wall.part().body)
    still = cell(after, 1)
    changed = dict.fromkeys((0, 2, 3), 0)
    for _ in range(100):
        picture = decode(wall.part().body)
        for number in changed:
            changed[number] += difference(cell(picture, number), cell(after, number)) > 0
        if min(changed.values()) > 5:
            break
    assert min(changed.values()) > 5, "the others go on"
    assert difference(cell(picture, 1), still) < 20, "and it stays as it is"
    assert picture.shape == shape
    boards[1].set_faults(0)
    while cell(picture, 1).mean() < 0.9 * cell(before, 1).mean():
        picture = decode(wall.part().body)
    assert "invalid" not in server.output().lower()


def test_a_camera_that_is_removed_leaves_the_wall_and_one_that_is_added_joins_it(
    make_boards: Boards, serve: Serve, watch: Watch, tmp_path: Path
) -> None:
    boards = make_boards(2, fps=5, size=SIZE)
    server = serve({"c0": boards.stream_url(0), "c1": boards.stream_url(1)})
    wall = watch(server, "/wall.mjpg?columns=1&width=320&fps=10")
    two = decode(wall.part().body).shape
    file = tmp_path / "vedette.toml"
    text = file.read_text()
    assert server.send("DELETE", "/api/cameras/c0").status == 204
    while decode(wall.part().body).shape[0] >= two[0]:
        pass
    assert server.get("/wall.mjpg?cameras=c0").status == 404
    file.write_text(text)
    while decode(wall.part().body).shape != two:
        pass


# The camera's own flip and turn.


def flipped(boards: Simulator, lines: str, number: int = 0) -> str:
    return f'[cameras.porch]\nurl = "{boards.stream_url(number)}"\n{lines}\n'


def of_the_sensor(boards: Simulator) -> tuple[int, int]:
    """What the board's sensor does: its mirror, and upside down."""
    values = boards.call(lambda: dict(boards.boards[0].settings.values))
    return values.get("hmirror", 0), values.get("vflip", 0)


def does(boards: Simulator, wanted: tuple[int, int]) -> bool:
    return of_the_sensor(boards) == wanted


def control(boards: Simulator) -> str:
    return f'control_url = "{boards.control_url()}"'


def is_the_boards(boards: Simulator, viewer: Viewer) -> bool:
    """The next live picture is one that the board has sent."""
    part = next(iter(collect(viewer, 1).values()))
    return part.body in boards.call(lambda: set(boards.boards[0].sent))


def test_a_sensor_that_confirms_does_the_flip_and_pictures_go_through_as_they_are(
    make_boards: Boards, serve: Serve, watch: Watch
) -> None:
    boards = make_boards(1, CAMERASERVER, fps=10, size=SIZE)
    server = serve({}, flipped(boards, f'{control(boards)}\nflip = "horizontal"\nrotate = 180'))
    server.wait_for_state("porch", "online")
    wait_until(lambda: of_the_sensor(boards) == (0, 1), what="its sensor does what is left of both")
    viewer = watch(server, STREAM)
    wait_until(lambda: is_the_boards(boards, viewer), what="nothing is left to do")
    assert all(is_the_boards(boards, viewer) for _ in range(10))
    assert renditions(server)["in_use"] == 0


@pytest.mark.parametrize("firmware", ["micro-rtsp", "generic"])
def test_where_no_sensor_can_be_told_the_server_flips(
    make_boards: Boards, serve: Serve, watch: Watch, firmware: str
) -> None:
    boards = make_boards(1, FIRMWARES[firmware], fps=10, size=SIZE)
    server = serve({}, flipped(boards, f'flip = "horizontal"\nrotate = 90\nfirmware = "{firmware}"'))
    server.wait_for_state("porch", "online")
    part = next(iter(collect(watch(server, STREAM), 1).values()))
    seen = decode(part.body)
    assert seen.shape[:2] == (SIZE[0], SIZE[1])
    sent = boards.call(lambda: list(boards.boards[0].sent))
    assert min(difference(seen, np.rot90(decode(jpeg)[:, ::-1], -1)) for jpeg in sent[-20:]) < 1
    status = server.camera("porch")
    assert (status["width"], status["height"]) == (SIZE[1], SIZE[0])
    answer = server.get(SNAPSHOT)
    assert decode(answer.body).shape[:2] == (SIZE[0], SIZE[1])
    undone = watch(server, f"{STREAM}?flip=horizontal&rotate=90")  # by what the viewer wishes for
    assert is_the_boards(boards, undone)


def test_a_flip_that_is_changed_in_the_file_counts_at_once_and_no_connection_is_lost(
    make_boards: Boards, serve: Serve, watch: Watch, tmp_path: Path
) -> None:
    boards = make_boards(1, CAMERASERVER, fps=10, size=SIZE)
    server = serve({}, flipped(boards, f'{control(boards)}\nflip = "none"'))
    server.wait_for_state("porch", "online")
    viewer = watch(server, STREAM)
    assert is_the_boards(boards, viewer)
    file = tmp_path / "vedette.toml"

    def looks_right(*, plain: bool) -> bool:
        """It is the board's own, or else it is turned."""
        part = next(iter(collect(viewer, 1).values()))
        if plain:
            return part.body in boards.call(lambda: set(boards.boards[0].sent))
        return bool(decode(part.body).shape[:2] == (SIZE[0], SIZE[1]))

    for flip, rotate, sensor, plain in (
        ("horizontal", 0, (1, 0), True),
        ("both", 0, (1, 1), True),
        ("none", 90, (0, 0), False),
        ("none", 0, (0, 0), True),
    ):
        lines = [line for line in file.read_text().splitlines() if not line.startswith(("flip", "rotate"))]
        file.write_text("\n".join([*lines, f'flip = "{flip}"', f"rotate = {rotate}"]) + "\n")
        wait_until(partial(does, boards, sensor), what=f"the sensor does {flip}")
        wait_until(partial(looks_right, plain=plain), what=f"{flip} {rotate}")
    assert boards.call(lambda: boards.boards[0].counters.stream_connections) == 1

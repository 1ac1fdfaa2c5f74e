"""A mosaic on a fake clock: cameras and the drawing thread in the hands of the test, pictures really drawn."""

from datetime import UTC
from typing import Any

import cv2
import numpy as np
import pytest
from tests.fake_clock import FakeClock
from tests.hand_pool import HandPool
from tests.still_camera import StillCamera

from vedette.frame import Frame
from vedette.hub import Health, Hub, Orientation, Renditions, State
from vedette.live import AwayPictures, MosaicLook
from vedette.live.mosaic import GATHER, MosaicFeed
from vedette.picture import Canvas, Renderer, Tile, Turn
from vedette.wire.jpeg_header import read_size

COLOURS = [(40, 40, 220), (40, 220, 40), (220, 40, 40), (200, 200, 60)]  # blue, green, red: one for each camera
PICTURES = [Canvas(64, 48, colour).encode(90) for colour in COLOURS]
PORTRAIT = Canvas(48, 64, (40, 40, 220)).encode(90)


class Rig:
    """Cameras, a mosaic of them, and a sink that keeps what comes."""

    def __init__(self, clock: FakeClock, count: int = 3) -> None:
        self.clock = clock
        self.pool = HandPool()
        self.renditions = Renditions(lambda act: act(), Renderer(None), clock, pool=self.pool)
        self.cameras = [StillCamera(f"c{number}") for number in range(count)]
        self.hub = Hub(self.cameras)  # type: ignore[arg-type]  # it keeps them, and no more
        self.away = AwayPictures(None, self.pool, clock, UTC)  # type: ignore[arg-type]  # only its words are asked for
        self.frames: list[Frame] = []
        self.healths: list[Health] = []

    def look(self, **wishes: Any) -> MosaicFeed:
        look = MosaicLook(**{"width": 320, "columns": 2, "label": False, **wishes})
        feed = MosaicFeed(look, self.hub, self.renditions, self.away, self.clock)
        feed.slot.add(self)
        feed.attend()
        self.pool.work()
        return feed

    def take_frame(self, frame: Frame) -> None:
        self.frames.append(frame)

    def take_health(self, health: Health) -> None:
        self.healths.append(health)

    def arrive(self, number: int, jpeg: bytes | None = None) -> None:
        slot = self.cameras[number].slot
        sequence = slot.latest.sequence + 1 if slot.latest else 1
        width, height = read_size(jpeg or PICTURES[number]) or (0, 0)
        slot.publish_frame(
            Frame(jpeg or PICTURES[number], sequence, self.clock.time(), self.clock.monotonic(), width, height)
        )

    def become(self, number: int, state: State, explanation: str | None = None) -> None:
        camera = self.cameras[number]
        camera.health = Health(state, self.clock.time(), None, explanation)
        camera.slot.publish_health(camera.health)

    def move(self, seconds: float) -> None:
        """Let time pass; what is to be drawn is drawn at once."""
        for _ in range(round(seconds * 20)):
            self.clock.move(0.05)
            self.pool.work()

    def arrange(self, cameras: list[StillCamera]) -> None:
        self.cameras = cameras
        self.hub.arrange(cameras)  # type: ignore[arg-type]


@pytest.fixture
def rig(clock: FakeClock) -> Rig:
    return Rig(clock)


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """All tiles that are painted."""
    tiles: list[Any] = []
    paint = cell_painter().paint

    def note(self: Any, tile: Tile) -> Any:
        tiles.append(tile)
        return paint(self, tile)

    monkeypatch.setattr(cell_painter(), "paint", note)
    return tiles


def cell_painter() -> Any:
    from vedette.picture.mosaic_cell import CellPainter  # noqa: PLC0415 - not for others

    return CellPainter


def cells(frame: Frame, columns: int, rows: int) -> list[str]:
    """What is in each cell, in a word; seen where no sign and no words are."""
    picture = cv2.imdecode(np.frombuffer(frame.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    height, width = picture.shape[0] // rows, picture.shape[1] // columns
    return [
        word(picture[row * height + height // 6, column * width + width // 4])
        for row in range(rows)
        for column in range(columns)
    ]


def word(pixel: Any) -> str:
    colour = np.array([int(pixel[2]), int(pixel[1]), int(pixel[0])])
    distances = [int(np.abs(colour - np.array(known)).max()) for known in COLOURS]
    nearest = int(np.argmin(distances))
    return f"c{nearest}" if distances[nearest] < 25 else "dark" if colour.max() < 150 else "?"


def test_all_cameras_are_shown_in_the_hubs_order(rig: Rig) -> None:
    for number in range(3):
        rig.arrive(number)
    rig.look()
    assert [cells(frame, 2, 2) for frame in rig.frames] == [["c0", "c1", "c2", "dark"]]
    rig.arrange([rig.cameras[2], rig.cameras[0], rig.cameras[1]])
    rig.move(0.25)
    assert cells(rig.frames[-1], 2, 2) == ["c2", "c0", "c1", "dark"]


def test_those_that_are_named_are_shown_in_that_order_and_no_others_are_looked_at(rig: Rig) -> None:
    for number in range(3):
        rig.arrive(number)
    feed = rig.look(cameras=("c2", "c0"))
    assert cells(rig.frames[0], 2, 1) == ["c2", "c0"]
    assert [camera.attending for camera in rig.cameras] == [1, 0, 1]
    feed.release()
    assert [camera.attending for camera in rig.cameras] == [0, 0, 0]


def test_nothing_happens_when_the_last_has_looked_away(rig: Rig) -> None:
    for number in range(3):
        rig.arrive(number)
    feed = rig.look()
    feed.attend()
    feed.release()
    assert rig.cameras[0].attending == 1
    feed.release()
    rig.arrive(0)
    rig.move(5)
    assert len(rig.frames) == 1
    assert rig.clock.pending() == 0
    assert rig.renditions._known == {}


def test_only_what_has_changed_is_painted_anew(rig: Rig, painted: list[Any]) -> None:
    for number in range(3):
        rig.arrive(number)
    rig.look()
    assert [tile.key[0] for tile in painted] == ["c0", "c1", "c2"]
    for _ in range(3):
        rig.arrive(1)
        rig.move(0.25)
    assert [tile.key[0] for tile in painted[3:]] == ["c1"] * 3
    assert len(rig.frames) == 4


def test_with_nothing_new_the_same_picture_is_repeated_once_a_second_and_nothing_is_drawn(
    rig: Rig, painted: list[Any]
) -> None:
    for number in range(3):
        rig.arrive(number)
    rig.look()
    first, done = rig.frames[0], len(painted)
    rig.move(10)
    assert 9 <= len(rig.frames) - 1 <= 10
    assert all(frame.jpeg is first.jpeg for frame in rig.frames)
    assert len(painted) == done


@pytest.mark.parametrize("fps", [0.5, 5.0, 15.0])
def test_it_has_the_rate_that_is_asked_for_whatever_the_cameras_do(rig: Rig, fps: float) -> None:
    for number in range(3):
        rig.arrive(number)
    rig.look(fps=fps)
    rig.frames.clear()
    for _ in range(400):  # 20 frames a second from each
        for number in range(3):
            rig.arrive(number)
        rig.move(0.05)
    assert len(rig.frames) == pytest.approx(20 * fps, abs=1)


def test_a_lost_camera_is_dimmed_and_said_and_the_others_go_on(rig: Rig, painted: list[Any]) -> None:
    for number in range(3):
        rig.arrive(number)
    rig.look()
    rig.become(1, State.OFFLINE, "It is off.")
    rig.move(0.25)
    assert cells(rig.frames[-1], 2, 2) == ["c0", "dark", "c2", "dark"]
    notice = painted[-1].notice
    assert (notice.name, notice.why) == ("c1", "It is off.")
    assert notice.words.startswith("away since ")
    painted.clear()
    before = len(rig.frames)
    for _ in range(200):  # 50 s of outage
        rig.arrive(0)
        rig.arrive(2)
        rig.move(0.25)
    assert len(rig.frames) - before == 200
    assert {tile.key[0] for tile in painted} == {"c0", "c2"}, "the lost one costs nothing"
    rig.become(1, State.ONLINE)
    rig.arrive(1)
    rig.move(0.25)
    assert cells(rig.frames[-1], 2, 2) == ["c0", "c1", "c2", "dark"]


def test_a_camera_that_never_gave_a_picture_has_a_tile(rig: Rig) -> None:
    rig.become(0, State.CONNECTING)
    rig.arrive(1)
    rig.arrive(2)
    rig.look()
    assert cells(rig.frames[0], 2, 2) == ["dark", "c1", "c2", "dark"]


def test_a_picture_that_cannot_be_decoded_is_a_tile_that_says_so_and_the_others_go_on(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(3):
        rig.arrive(number)
    rig.look()
    rig.arrive(1, b"\xff\xd8 nothing \xff\xd9")
    rig.arrive(0)
    rig.move(0.25)
    assert cells(rig.frames[-1], 2, 2) == ["c0", "dark", "c2", "dark"]
    rig.arrive(1)
    rig.move(0.25)
    assert cells(rig.frames[-1], 2, 2) == ["c0", "c1", "c2", "dark"]
    assert caplog.text == ""


def test_cameras_come_and_go_while_it_is_watched(rig: Rig) -> None:
    for number in range(3):
        rig.arrive(number)
    rig.look()
    gone, added = rig.cameras[0], StillCamera("c3")
    rig.arrange([rig.cameras[1], rig.cameras[2]])
    rig.move(0.25)
    assert cells(rig.frames[-1], 2, 1) == ["c1", "c2"]
    assert gone.attending == 0
    rig.arrange([*rig.cameras, gone, added])
    added.slot.publish_frame(Frame(PICTURES[3], 1, 0.0, 0.0, 64, 48))
    rig.move(0.25)
    assert cells(rig.frames[-1], 2, 2) == ["c1", "c2", "c0", "c3"]
    assert [camera.attending for camera in rig.cameras] == [1, 1, 1, 1]


def test_a_camera_that_is_replaced_under_its_id_is_looked_at_in_its_place(rig: Rig) -> None:
    for number in range(3):
        rig.arrive(number)
    rig.look()
    old, new = rig.cameras[1], StillCamera("c1")
    new.slot.publish_frame(Frame(PICTURES[3], 7, 0.0, 0.0, 64, 48))
    rig.arrange([rig.cameras[0], new, rig.cameras[2]])
    rig.move(0.25)
    assert (old.attending, new.attending) == (0, 1)
    assert cells(rig.frames[-1], 2, 2) == ["c0", "c3", "c2", "dark"]


def test_when_all_its_cameras_have_gone_it_is_away_until_one_is_back(rig: Rig) -> None:
    for number in range(3):
        rig.arrive(number)
    feed = rig.look(cameras=("c0", "c1"))
    cameras = rig.cameras
    rig.arrange([cameras[2]])
    rig.move(5)
    assert [health.state for health in rig.healths] == [State.OFFLINE]
    assert "configuration" in (rig.healths[0].explanation or "")
    assert len(rig.frames) == 1, "what is not live is never shown as if it were"
    assert feed.presentable() is rig.frames[0]
    assert [camera.attending for camera in cameras] == [0, 0, 0]
    rig.arrange(cameras)
    rig.move(0.25)
    assert [health.state for health in rig.healths] == [State.OFFLINE, State.ONLINE]
    rig.arrive(0)
    rig.move(0.25)
    assert cells(rig.frames[-1], 2, 1) == ["c0", "c1"]


def test_a_drawing_that_takes_its_time_delays_nothing_but_itself(rig: Rig, clock: FakeClock) -> None:
    for number in range(3):
        rig.arrive(number)
    rig.look()
    rig.arrive(0)
    clock.move(0.25)  # it is being drawn
    for _ in range(20):
        rig.arrive(1)
        clock.move(0.25)
    assert len(rig.pool.waiting) == 1
    assert len(rig.frames) == 1
    rig.pool.work()
    assert len(rig.frames) == 2
    rig.move(0.25)
    assert len(rig.frames) == 3


def test_our_own_fault_ends_nothing(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(3):
        rig.arrive(number)
    rig.look()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cell_painter(), "paint", lambda *_: 1 / 0)
        rig.arrive(0)
        rig.move(0.25)
    assert "please report it" in caplog.text
    rig.arrive(0)
    rig.move(0.25)
    assert cells(rig.frames[-1], 2, 2) == ["c0", "c1", "c2", "dark"]


def test_it_is_cut_to_the_cameras_shape_also_where_their_pictures_come_later(clock: FakeClock) -> None:
    rig = Rig(clock, count=4)
    rig.look()
    assert rig.frames == [], "pictures that come in a moment are waited for"
    rig.move(GATHER + 0.2)
    width, height = read_size(rig.frames[-1].jpeg) or (0, 0)
    assert width > height
    for number in range(4):
        rig.arrive(number, PORTRAIT)
    rig.move(0.25)
    width, height = read_size(rig.frames[-1].jpeg) or (0, 0)
    assert width < height
    assert cells(rig.frames[-1], 2, 2) == ["c0"] * 4


def test_a_camera_is_shown_the_way_up_that_it_is_meant_to_be(rig: Rig) -> None:
    halves = np.zeros((48, 64, 3), np.uint8)
    halves[:, :32] = COLOURS[0][::-1]
    halves[:, 32:] = COLOURS[2][::-1]
    jpeg = cv2.imencode(".jpg", halves)[1].tobytes()
    rig.cameras[0].turn = Orientation.of("horizontal", 0)
    rig.arrive(0, jpeg)
    feed = rig.look(cameras=("c0",), columns=1)
    rig.move(0.25)
    assert cells(rig.frames[-1], 2, 1) == ["c2", "c0"]
    feed.release()


@pytest.mark.parametrize("count", [1, 5, 64])
def test_the_best_grid_is_found_for_any_number(clock: FakeClock, count: int) -> None:
    rig = Rig(clock, count)
    rig.look(columns=None, width=640)
    rig.move(GATHER + 0.2)
    width, height = read_size(rig.frames[-1].jpeg) or (0, 0)
    assert 500 < width <= 640
    assert 0.4 < width / height < 4


def test_a_camera_is_shown_as_it_is_meant_to_be_seen(rig: Rig, painted: list[Any]) -> None:
    rig.cameras[0].turn = Orientation.of("none", 90)
    for number in range(3):
        rig.arrive(number)
    rig.look()
    assert [tile.turn for tile in painted] == [Turn.QUARTER, Turn.NONE, Turn.NONE]
    painted.clear()
    rig.cameras[0].turn = Orientation()
    rig.move(0.25)
    assert [(tile.key[0], tile.turn) for tile in painted] == [("c0", Turn.NONE)]


def test_at_a_slow_rate_the_picture_is_repeated_every_second_all_the_same(rig: Rig, painted: list[Any]) -> None:
    for number in range(3):
        rig.arrive(number)
    rig.look(fps=0.1)
    assert len(rig.frames) == 1
    for _ in range(30):
        rig.arrive(0)
        rig.move(1)
    assert len(rig.frames) >= 27, "but in the seconds in which one is being made"
    drawn = {frame.sequence for frame in rig.frames}
    assert drawn in ({1, 2, 3}, {1, 2, 3, 4}), "every ten seconds"
    assert len([tile for tile in painted if tile.key[0] == "c0"]) == len(drawn)

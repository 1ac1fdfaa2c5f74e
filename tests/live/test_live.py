"""Channels and snapshots on a real engine, of cameras in the hands of the test; pictures are really made."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from tests.fake_clock import FakeClock
from tests.live.conftest import RecordingViewer, ToldPictures
from tests.still_camera import StillCamera

from vedette.errors import RequestError
from vedette.frame import Frame
from vedette.hub import Engine, Health, Hub, Renditions, State
from vedette.live import Adoption, Live, Look, MosaicLook
from vedette.live import live as module
from vedette.live.viewer import GeneratorViewer
from vedette.picture import Canvas, Recipe, Renderer
from vedette.wire.jpeg_header import read_size
from vedette.wire.multipart import MultipartReader

JPEG = Canvas(64, 48, (90, 120, 60)).encode(80)
PORCH, SMALL = Look("porch"), Look("porch", Recipe(width=32))
PATIENCE = 20.0  # seconds; nothing takes one


class SeenCamera(StillCamera):
    """One that tells whenever somebody begins to look."""

    def __init__(self, camera_id: str) -> None:
        super().__init__(camera_id)
        self.attended = threading.Semaphore(0)

    def attend(self) -> None:
        super().attend()
        self.attended.release()


class House:
    """Two cameras, an engine, and whoever looks."""

    def __init__(self, engine: Engine, clock: FakeClock, away: ToldPictures) -> None:
        self.engine = engine
        self.clock = clock
        self.cameras = [SeenCamera("porch"), SeenCamera("gate")]
        self.hub = Hub(self.cameras)  # type: ignore[arg-type]  # it keeps them, and no more
        self.renditions = Renditions(engine.post, Renderer(None), clock)
        self.live = Live(engine, self.hub, self.renditions, Adoption(engine), away, clock)  # type: ignore[arg-type]

    def call(self, act: Callable[[], Any]) -> Any:
        return self.engine.call(act)

    def arrive(self, camera: int = 0, jpeg: bytes = JPEG) -> Frame:
        slot = self.cameras[camera].slot
        number = slot.latest.sequence + 1 if slot.latest else 1
        frame = Frame(jpeg, number, self.clock.time(), self.clock.monotonic(), 64, 48)
        self.call(lambda: slot.publish_frame(frame))
        return frame

    def become(self, camera: int, state: State) -> None:
        def change() -> None:
            self.cameras[camera].health = Health(state, self.clock.time())
            self.cameras[camera].slot.publish_health(self.cameras[camera].health)

        self.call(change)

    def look(self, look: Look | MosaicLook = PORCH) -> "Eye":
        eye = Eye(self.live.open_generator(look, advance=False))
        self.call(lambda: None)  # it has joined
        return eye

    def attending(self) -> list[int]:
        there = [camera for camera in self.cameras if camera.id in self.hub.cameras]
        return list(self.call(lambda: [camera.attending for camera in there]))


class Eye:
    """A viewer that is iterated."""

    def __init__(self, viewer: GeneratorViewer) -> None:
        self.viewer = viewer
        self._parts = iter(viewer)
        self._pool = ThreadPoolExecutor(1)

    def see(self) -> bytes | None:
        """The next picture; None where the stream has ended."""
        part = self._pool.submit(next, self._parts, None).result(PATIENCE)
        return None if part is None else MultipartReader(b"vedette").feed(part)[0].body

    def leave(self) -> None:
        self.viewer.close()
        self._pool.shutdown(wait=False)


@pytest.fixture
def house(engine: Engine, clock: FakeClock, away: ToldPictures) -> Iterator[House]:
    house = House(engine, clock, away)
    yield house
    engine.run(house.live.stop)
    house.renditions.stop()


@pytest.fixture
def ask(house: House) -> Iterator[Callable[..., "Future[Frame | None]"]]:
    """Ask for a snapshot, in a thread."""
    with ThreadPoolExecutor(16) as pool:
        yield lambda look=SMALL: pool.submit(house.live.snapshot, look)


# Channels.


def test_a_channel_opens_for_the_first_viewer_of_a_look_and_goes_with_the_last(house: House) -> None:
    assert house.attending() == [0, 0]
    first, second = house.look(), house.look()
    assert house.live.viewer_count("porch") == 2
    assert house.attending() == [1, 0], "one channel looks for both"
    house.arrive()
    assert first.see() == second.see() == JPEG
    first.leave()
    assert house.attending() == [1, 0]
    second.leave()
    assert house.attending() == [0, 0]
    assert house.live.viewer_count("porch") == 0
    assert house.call(lambda: dict(house.renditions._known)) == {}
    house.arrive()
    again = house.look()
    assert again.see() == JPEG
    again.leave()


def test_each_look_has_a_channel_of_its_own_and_all_are_counted(house: House) -> None:
    eyes = [house.look(look) for look in (PORCH, SMALL, SMALL, Look("porch", fps=1.0), Look("gate"))]
    assert house.attending() == [3, 1]
    assert [house.live.viewer_count(camera) for camera in ("porch", "gate", "nobody")] == [4, 1, 0]
    house.arrive()
    assert [read_size(eye.see() or b"") for eye in eyes[:4]] == [(64, 48), (32, 24), (32, 24), (64, 48)]
    for eye in eyes:
        eye.leave()
    assert house.attending() == [0, 0]


def test_leaving_twice_or_without_ever_having_joined_is_harmless(house: House) -> None:
    eye, other = house.look(), house.look()
    stranger = house.look(Look("nobody"))
    assert stranger.see() is None
    for leaving in (stranger, stranger, eye, eye):
        leaving.leave()
    assert house.call(lambda: house.live.viewer_count("porch")) == 1
    house.arrive()
    assert other.see() == JPEG


def test_when_a_camera_is_removed_the_streams_of_all_its_looks_end_and_it_is_let_go(house: House) -> None:
    eyes = [house.look(look) for look in (PORCH, SMALL, SMALL)]
    other = house.look(Look("gate"))
    porch = house.cameras[0]

    def remove() -> None:
        house.hub.arrange([house.cameras[1]])  # type: ignore[list-item]
        house.live.remove(porch)  # type: ignore[arg-type]

    house.call(remove)
    assert [eye.see() for eye in eyes] == [None, None, None]
    for eye in eyes:
        eye.leave()
    assert house.call(lambda: porch.attending) == 0
    assert porch.slot._sinks == ()
    assert house.look().see() is None, "who comes too late"
    house.arrive(1)
    assert other.see() == JPEG
    assert house.attending() == [1]


def test_a_camera_that_is_added_again_under_its_id_is_another(house: House) -> None:
    old_eye, old = house.look(), house.cameras[0]
    new = SeenCamera("porch")

    def replace() -> None:
        house.hub.arrange([new, house.cameras[1]])  # type: ignore[list-item]
        house.live.remove(old)  # type: ignore[arg-type]

    house.call(replace)
    house.cameras[0] = new
    new_eye = house.look()
    house.arrive()
    assert new_eye.see() == JPEG
    assert old_eye.see() is None
    old_eye.leave()  # later than the new one came
    assert house.call(lambda: house.live.viewer_count("porch")) == 1
    house.arrive()
    assert new_eye.see() == JPEG
    assert (old.attending, house.attending()) == (0, [1, 0])


def test_viewers_are_looked_after_and_all_end_with_the_server(
    house: House, clock: FakeClock, make_viewer: Callable[[], RecordingViewer]
) -> None:
    looked: list[float] = []
    viewer = make_viewer()
    viewer.look_after = looked.append  # type: ignore[assignment, method-assign]
    house.call(lambda: house.live._join(SMALL, viewer))
    house.call(house.live.start)
    house.call(lambda: clock.move(15))
    assert len(looked) == 3
    eye = house.look(MosaicLook())
    house.engine.run(house.live.stop)
    assert viewer.ended
    while eye.see() is not None:
        pass
    assert house.look().see() is None
    house.call(lambda: clock.move(60))
    assert len(looked) == 3


def test_there_is_a_limit_to_mosaics_and_equal_ones_are_one(house: House) -> None:
    eyes = [house.look(MosaicLook(width=200 + number)) for number in range(module.MOSAICS)]
    house.live.check(MosaicLook(width=200))
    with pytest.raises(RequestError) as refused:
        house.live.check(MosaicLook(width=100))
    assert (refused.value.status, refused.value.code) == (503, "too_many_mosaics")
    assert house.look(MosaicLook(width=100)).see() is None, "who was let in just before is not, either"
    eyes[0].leave()
    house.call(lambda: None)
    house.live.check(MosaicLook(width=100))
    for eye in eyes[1:]:
        eye.leave()
    assert house.attending() == [0, 0]


def test_a_mosaic_of_what_there_is_not_is_refused(house: House) -> None:
    with pytest.raises(RequestError, match="nobody"):
        house.live.check(MosaicLook(cameras=("porch", "nobody")))
    house.hub.arrange([])
    with pytest.raises(RequestError) as refused:
        house.live.check(MosaicLook())
    assert (refused.value.status, refused.value.code) == (404, "no_cameras")


# Snapshots.


def test_a_snapshot_that_needs_nothing_done_is_the_newest_frame_at_once(house: House, ask: Any) -> None:
    frame = house.arrive()
    assert ask(PORCH).result(PATIENCE) is frame
    assert ask(Look("porch", Recipe(width=64))).result(PATIENCE) is frame
    assert house.attending() == [0, 0]


def test_a_snapshot_waits_until_it_is_made_and_looks_no_longer(house: House, ask: Any) -> None:
    frame = house.arrive()
    made = ask().result(PATIENCE)
    assert (made.sequence, read_size(made.jpeg)) == (frame.sequence, (32, 24))
    assert house.attending() == [0, 0]


def test_a_snapshot_that_others_watch_already_is_theirs(house: House, ask: Any) -> None:
    house.arrive()
    eye = house.look(SMALL)
    seen = eye.see()
    assert ask().result(PATIENCE).jpeg == seen
    assert house.attending() == [1, 0]


@pytest.mark.parametrize("look", [PORCH, SMALL])
def test_a_snapshot_waits_for_the_next_frame_where_the_last_was_hardly_checked(
    house: House, ask: Any, look: Look
) -> None:
    house.arrive()
    house.cameras[0].unchecked = True
    asked = ask(look)
    assert house.cameras[0].attended.acquire(timeout=PATIENCE)
    house.cameras[0].unchecked = False
    frame = house.arrive()
    assert asked.result(PATIENCE).sequence == frame.sequence


def test_nobody_waits_for_a_camera_that_is_away(house: House, ask: Any) -> None:
    house.arrive()
    for state in (State.OFFLINE, State.STALE, State.DISABLED, State.CONNECTING):
        house.become(0, state)
        assert ask().result(PATIENCE) is None
    assert not house.cameras[0].attended.acquire(blocking=False)


def test_a_snapshot_gives_up_when_the_camera_goes_away(house: House, ask: Any) -> None:
    house.arrive()
    house.cameras[0].unchecked = True
    asked = ask()
    assert house.cameras[0].attended.acquire(timeout=PATIENCE)
    house.become(0, State.OFFLINE)
    assert asked.result(PATIENCE) is None
    assert house.attending() == [0, 0]


def test_a_camera_that_sleeps_is_woken_by_a_snapshot(house: House, ask: Any) -> None:
    camera = house.cameras[0]
    camera.on_demand = True
    house.become(0, State.IDLE)
    asked = ask()
    assert camera.attended.acquire(timeout=PATIENCE)
    house.become(0, State.ONLINE)
    house.arrive()
    assert read_size(asked.result(PATIENCE).jpeg) == (32, 24)


def test_few_may_wait_and_the_threads_of_the_others_are_free(
    house: House, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TURN", 0.01)
    monkeypatch.setattr(module, "_THERE", PATIENCE)
    camera = house.cameras[0]
    house.arrive()
    camera.unchecked = True
    waiting = [ask() for _ in range(2)]
    assert camera.attended.acquire(timeout=PATIENCE)
    while house.live._looks.acquire(blocking=False):  # the second is on its way
        house.live._looks.release()
    for _ in range(4):
        with pytest.raises(RequestError) as refused:
            ask().result(PATIENCE)
        assert (refused.value.status, refused.value.code) == (503, "snapshots_busy")
    camera.unchecked = False
    frame = house.arrive()
    assert [asked.result(PATIENCE).sequence for asked in waiting] == [frame.sequence] * 2


def test_many_at_once_get_their_pictures_in_turn(house: House, ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TURN", PATIENCE)
    house.arrive()
    looks = [Look("porch", Recipe(width=16 + number)) for number in range(12)]
    asked = [ask(look) for look in looks for _ in range(3)]
    widths = [(read_size(one.result(PATIENCE).jpeg) or (0, 0))[0] for one in asked]
    assert widths == [look.recipe.width for look in looks for _ in range(3)]
    assert house.attending() == [0, 0]
    assert house.call(lambda: dict(house.renditions._known)) == {}


def test_a_snapshot_of_nobody_is_refused(house: House) -> None:
    with pytest.raises(RequestError, match="nobody"):
        house.live.snapshot(Look("nobody"))


def test_who_waits_for_a_snapshot_is_let_go_when_the_server_stops(house: House, ask: Any) -> None:
    house.cameras[0].on_demand = True
    house.become(0, State.IDLE)
    asked = ask()
    assert house.cameras[0].attended.acquire(timeout=PATIENCE)
    house.engine.run(house.live.stop, PATIENCE)
    assert asked.result(PATIENCE) is None
    assert ask().result(PATIENCE) is None, "and nobody begins to"

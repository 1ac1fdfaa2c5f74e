"""Renditions: a still camera, a pool in the hands of the test, and pictures that are really made."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.fake_clock import FakeClock
from tests.hand_pool import HandPool
from tests.still_camera import StillCamera

from vedette.errors import RequestError
from vedette.frame import Frame
from vedette.hub import Health, Orientation, Renditions, State
from vedette.hub import renditions as module
from vedette.picture import Canvas, Flip, Recipe, Renderer
from vedette.wire.jpeg_header import read_size

SMALL = Recipe(width=32)


class Eye:
    """A sink that writes down what it gets."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.healths: list[State] = []

    def take_frame(self, frame: Frame) -> None:
        self.frames.append(frame)

    def take_health(self, health: Health) -> None:
        self.healths.append(health.state)


class Rig:
    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.pool = HandPool()
        self.renditions = Renditions(lambda act: act(), Renderer(None), clock, pool=self.pool)
        self.renditions._free = 1
        self.camera = StillCamera()
        self.jpeg = Canvas(64, 48, (90, 120, 60)).encode(80)

    def look(self, recipe: Recipe, fps: float | None = None, camera: StillCamera | None = None) -> tuple[Any, Eye]:
        rendition = self.renditions.find(camera or self.camera, recipe, fps)  # type: ignore[arg-type]
        eye = Eye()
        rendition.slot.add(eye)
        rendition.attend()
        return rendition, eye

    def arrive(self, camera: StillCamera | None = None, jpeg: bytes | None = None) -> Frame:
        slot = (camera or self.camera).slot
        number = slot.latest.sequence + 1 if slot.latest else 1
        width, height = read_size(self.jpeg) or (0, 0)
        frame = Frame(jpeg or self.jpeg, number, self.clock.time(), self.clock.monotonic(), width, height)
        slot.publish_frame(frame)
        return frame


@pytest.fixture
def rig(clock: FakeClock) -> Rig:
    return Rig(clock)


def numbers(eye: Eye) -> list[int]:
    return [frame.sequence for frame in eye.frames]


def test_a_picture_is_made_once_for_all_who_want_the_same(rig: Rig) -> None:
    first, one = rig.look(SMALL)
    second, other = rig.look(SMALL)
    assert first is second
    frame = rig.arrive()
    assert rig.pool.work() == 1
    assert one.frames == other.frames
    made = one.frames[0]
    assert (made.sequence, made.timestamp, made.width, made.height) == (frame.sequence, frame.timestamp, 32, 24)
    assert read_size(made.jpeg) == (32, 24)


@pytest.mark.parametrize(
    "recipe", [Recipe(), Recipe(width=64), Recipe(width=100)], ids=["as it is", "so wide", "wider"]
)
def test_what_needs_nothing_done_is_the_very_frame_that_came(rig: Rig, recipe: Recipe) -> None:
    rendition, eye = rig.look(recipe)
    frame = rig.arrive()
    assert eye.frames == [frame]
    assert eye.frames[0].jpeg is frame.jpeg
    assert rendition.presentable() is frame
    assert not rig.pool.waiting


def test_nothing_is_made_while_nobody_looks(rig: Rig) -> None:
    rendition, eye = rig.look(SMALL)
    assert rig.camera.attending == 1
    rendition.release()
    assert rig.camera.attending == 0
    rig.arrive()
    assert not rig.pool.waiting
    assert rendition.presentable() is None, "what is kept would be old for who comes next"
    assert rig.renditions.find(rig.camera, SMALL) is not rendition  # type: ignore[arg-type]
    assert eye.frames == []


def test_who_begins_to_look_gets_the_picture_there_is(rig: Rig) -> None:
    rig.arrive()
    rendition, eye = rig.look(SMALL)
    assert rendition.presentable() is None
    rig.pool.work()
    assert numbers(eye) == [1]
    assert rendition.presentable() is eye.frames[0]
    assert rendition.fresh_frame() is eye.frames[0]


def test_while_one_is_made_only_the_newest_waits(rig: Rig) -> None:
    _, eye = rig.look(SMALL)
    for _ in range(5):
        rig.arrive()
    assert rig.pool.work() == 2
    assert numbers(eye) == [1, 5]


def test_nothing_is_made_that_nobody_could_take(rig: Rig) -> None:
    free = False
    rendition = rig.renditions.find(rig.camera, SMALL)  # type: ignore[arg-type]
    eye = Eye()
    rendition.slot.add(eye)

    def wants() -> bool:
        return free

    rendition.attend(wants)
    for _ in range(5):
        rig.arrive()
    assert rig.pool.work() == 0
    free = True
    rendition.look_again()
    assert rig.pool.work() == 1
    assert numbers(eye) == [5], "the newest by then"
    free = False
    rig.arrive()
    rendition.attend()  # somebody who takes every picture
    assert rig.pool.work() == 1
    rendition.release()
    rig.arrive()
    assert rig.pool.work() == 0
    assert rig.renditions.load().missed_per_s == 0, "nobody missed them"
    rendition.release(wants)
    assert rig.camera.attending == 0


def test_when_there_is_too_much_to_do_all_get_as_many_pictures(rig: Rig) -> None:
    cameras = [StillCamera(f"c{number}") for number in range(4)]
    eyes = [rig.look(SMALL, camera=camera)[1] for camera in cameras]
    for _ in range(20):  # one picture can be made in the time in which each camera gives three
        for camera in cameras:
            for _ in range(3 if camera is cameras[0] else 1):
                rig.arrive(camera)
        rig.pool.work(1)
    counts = [len(eye.frames) for eye in eyes]
    assert sum(counts) == 20
    assert counts == [5, 5, 5, 5], "also where one camera is three times as quick"


def test_what_is_left_out_is_told(rig: Rig, clock: FakeClock) -> None:
    rig.look(SMALL)
    rig.look(Recipe())
    for _ in range(60):
        rig.arrive()
        rig.arrive()
        rig.pool.work(1)
        clock.move(0.1)
    load = rig.renditions.load()
    assert load.in_use == 1, "what is sent as it came is no work"
    assert load.pictures_per_s == pytest.approx(10, rel=0.1)
    assert load.missed_per_s == pytest.approx(10, rel=0.1)
    clock.move(60)
    assert rig.renditions.load().missed_per_s == 0


def test_a_rate_is_kept_although_the_camera_is_not_even(rig: Rig, clock: FakeClock) -> None:
    _, eye = rig.look(Recipe(), fps=5.0)
    for step in range(200):
        rig.arrive()
        clock.move(0.08 if step % 2 else 0.12)
    assert len(eye.frames) == pytest.approx(100, abs=3)


def test_a_slow_rate_makes_no_more_than_it_shows(rig: Rig, clock: FakeClock) -> None:
    _, eye = rig.look(SMALL, fps=0.5)
    for _ in range(100):
        rig.arrive()
        rig.pool.work()
        clock.move(0.1)
    assert len(eye.frames) == 5


def test_the_cameras_own_turn_comes_before_the_recipe(rig: Rig) -> None:
    rig.camera.turn = Orientation.of("none", 90)
    rendition, eye = rig.look(Recipe())
    rig.arrive()
    rig.pool.work()
    assert (eye.frames[0].width, eye.frames[0].height) == (48, 64)
    rig.camera.turn = Orientation()  # its sensor does it, or nobody wants it any more
    frame = rig.arrive()
    assert eye.frames[-1] is frame
    assert rendition.effective().plain


def test_a_viewers_turn_may_undo_the_cameras(rig: Rig) -> None:
    rig.camera.turn = Orientation.of("horizontal", 0)
    _, eye = rig.look(Recipe(flip=Flip.HORIZONTAL))
    assert eye.frames == []
    frame = rig.arrive()
    assert eye.frames == [frame]


def test_the_last_picture_of_a_camera_that_is_away_is_made_but_never_shown_as_live(rig: Rig) -> None:
    rig.arrive()
    rig.camera.health = Health(State.OFFLINE, 0.0)
    rendition, eye = rig.look(SMALL)
    rig.pool.work()
    assert eye.frames == []
    assert eye.healths == [State.OFFLINE], "so that whoever shows it looks again"
    assert read_size(rendition.presentable().jpeg) == (32, 24)
    assert rendition.fresh_frame() is None


def test_a_frame_that_cannot_be_decoded_is_left_out_and_the_next_one_is_made(rig: Rig) -> None:
    _, eye = rig.look(SMALL)
    rig.arrive(jpeg=b"\xff\xd8 nothing")
    rig.arrive()
    rig.pool.work()
    assert numbers(eye) == [2]


def test_our_own_fault_ends_nothing(
    rig: Rig, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, eye = rig.look(SMALL)
    with monkeypatch.context() as patched:
        patched.setattr(rig.renditions.renderer, "render", lambda *_: 1 / 0)
        rig.arrive()
        rig.pool.work()
    assert "please report it" in caplog.text
    rig.arrive()
    rig.pool.work()
    assert numbers(eye) == [2]


def test_what_nobody_could_take_for_long_is_not_shown_as_the_newest(rig: Rig, clock: FakeClock) -> None:
    rendition, _ = rig.look(SMALL)
    rig.arrive()
    rig.pool.work()
    assert rendition.presentable() is not None
    asleep = lambda: False  # noqa: E731 - what a wall says that has not drawn its last picture
    rendition.attend(asleep)
    rendition.release()
    for _ in range(60):
        clock.move(1)
        rig.arrive()
        rig.pool.work()
    assert rendition.presentable() is None
    assert rendition.fresh_frame() is None
    rendition.attend()
    rig.pool.work()
    assert rendition.presentable().sequence == 61
    rig.camera.health = Health(State.OFFLINE, 0.0)
    clock.move(60)
    assert rendition.presentable().sequence == 61, "of a camera that is away it is the last"


def test_a_slow_rate_shows_at_once_that_a_camera_is_back(rig: Rig, clock: FakeClock) -> None:
    _, eye = rig.look(Recipe(), fps=0.1)
    rig.arrive()
    rig.camera.health = Health(State.OFFLINE, 0.0)
    rig.camera.slot.publish_health(rig.camera.health)
    rig.camera.health = Health(State.ONLINE, 0.0)
    rig.camera.slot.publish_health(rig.camera.health)
    clock.move(1)
    rig.arrive()
    assert numbers(eye) == [1, 2]


def test_the_picture_of_another_board_is_never_published(rig: Rig) -> None:
    _, eye = rig.look(SMALL)
    rig.arrive()  # is being made
    rig.camera.slot.latest = None  # the camera is reconfigured to another host
    rig.camera.slot.publish_health(Health(State.CONNECTING, 0.0))
    rig.clock.move(1)
    first = rig.arrive()
    rig.camera.health = Health(State.ONLINE, 0.0)
    rig.camera.slot.publish_health(rig.camera.health)
    rig.pool.work()
    assert [(frame.sequence, frame.timestamp) for frame in eye.frames] == [(1, first.timestamp)]


def test_the_last_picture_of_a_camera_that_is_away_is_turned_when_that_is_wanted(rig: Rig) -> None:
    rendition, _ = rig.look(SMALL)
    rig.arrive()
    rig.pool.work()
    rig.camera.health = Health(State.OFFLINE, 0.0)
    rig.camera.slot.publish_health(rig.camera.health)
    assert rig.pool.work() == 0
    rig.camera.turn = Orientation.of("none", 90)
    rig.camera.slot.publish_health(rig.camera.health)
    rig.pool.work()
    made = rendition.presentable()
    assert (made.width, made.height) == (32, 43)


def test_one_camera_does_not_take_all(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FORMS", 3)
    looks = [rig.look(Recipe(width=16 + number))[0] for number in range(3)]
    with pytest.raises(RequestError) as refused:
        rig.look(Recipe(width=30))
    assert refused.value.status == 503
    rig.look(SMALL, camera=StillCamera("gate"))
    looks[0].release()
    rig.look(Recipe(width=30))


def test_there_is_a_limit_and_it_is_said(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT", 2)
    rig.look(Recipe(width=16))
    rig.look(Recipe(width=17))
    with pytest.raises(RequestError) as refused:
        rig.look(Recipe(width=18))
    assert (refused.value.status, refused.value.code) == (503, "too_many_renditions")
    rig.look(Recipe(width=17))
    rig.look(Recipe())  # as it comes, it always does


def test_a_picture_that_is_made_too_late_never_follows_a_newer_one(rig: Rig) -> None:
    rig.camera.turn = Orientation.of("none", 90)
    rendition, eye = rig.look(Recipe())
    rig.arrive()  # is being turned
    rig.camera.turn = Orientation()
    newer = rig.arrive()
    rig.pool.work()
    assert eye.frames == [newer]
    assert rendition.presentable() is newer


def test_of_another_board_under_the_same_id_no_older_picture_is_shown(rig: Rig) -> None:
    rendition, eye = rig.look(SMALL)
    plain, _ = rig.look(Recipe())
    rig.arrive()
    rig.pool.work()
    rig.arrive()  # is being made when the camera is connected to otherwise
    rig.camera.slot.latest = None
    rig.camera.health = Health(State.CONNECTING, 0.0)
    rig.camera.slot.publish_health(rig.camera.health)
    rig.pool.work()
    assert numbers(eye) == [1]
    assert rendition.presentable() is plain.presentable() is None


def test_a_snapshot_that_needs_nothing_done_is_never_of_a_camera_that_has_gone(rig: Rig) -> None:
    rig.look(Recipe())
    rig.arrive()
    other = StillCamera()
    frame = rig.arrive(other)
    assert rig.renditions.ready(other, Recipe()) is frame  # type: ignore[arg-type]


def test_when_the_server_stops_nothing_more_is_begun(rig: Rig) -> None:
    rig.look(SMALL)
    rig.renditions.stop()
    rig.arrive()  # the cameras end after it
    assert not rig.pool.waiting


def test_the_threads_stand_behind_the_server_whatever_its_own_priority() -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def lower() -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 11)
        module._step_back()

    with ThreadPoolExecutor(1, initializer=lower) as pool:
        assert pool.submit(priority).result(10) == 11 + module.NICE

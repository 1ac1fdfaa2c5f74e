"""A channel on a fake clock, and viewers that write down what they are offered."""

from collections import deque
from collections.abc import Callable
from typing import Any

import pytest
from tests.fake_clock import FakeClock

from vedette.frame import Frame
from vedette.hub import Health, Slot, State
from vedette.live.channel import Channel
from vedette.live.picture import Picture
from vedette.picture import Canvas, Notice, Sign


class RecordingViewer:
    """A viewer in the hands of a test."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self.ended = False

    def offer(self, picture: Picture) -> None:
        self.pictures.append(picture)

    def look_after(self, now: float) -> None: ...

    def end(self) -> None:
        self.ended = True

    @property
    def bodies(self) -> list[bytes]:
        return [picture.plain.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for picture in self.pictures]

    @property
    def states(self) -> list[str]:
        return [state_of(picture) for picture in self.pictures]


class StillCamera:
    """What a channel knows of a camera, changed by the test alone: a real one would look for its board."""

    def __init__(self) -> None:
        self.name = "Front porch"
        self.slot = Slot()
        self.health = Health(State.CONNECTING, 0.0)
        self.attended: list[bool] = []
        self.unchecked = False  # the newest frame has been checked by its markers only

    def presentable(self) -> Frame | None:
        return None if self.unchecked else self.slot.latest

    def attend(self) -> None:
        self.attended.append(True)

    def release(self) -> None:
        self.attended.append(False)


class ToldPictures:
    """Pictures of a camera that is away, drawn when the test says so; their bytes tell what is on them."""

    def __init__(self) -> None:
        self.drawn = 0
        self.at_once = True
        self._waiting: deque[Callable[[], None]] = deque()

    def describe(self, name: str, health: Health, _frame: Frame | None) -> Notice:
        return Notice(Sign.AWAY, name, str(health.state), str(health.reason or ""))

    def draw(
        self, notice: Notice, frame: Frame | None, _wanted: Callable[[], bool], done: Callable[[bytes], None]
    ) -> None:
        def finish() -> None:
            self.drawn += 1
            what = frame.jpeg if frame else b"nothing"
            done(what + f", dim: {notice.name} {notice.words} {notice.why}".encode())

        self._waiting.append(finish)
        if self.at_once:
            self.finish()

    def finish(self) -> None:
        """What was asked for is drawn now, in its order."""
        while self._waiting:
            self._waiting.popleft()()


def state_of(picture: Picture) -> str:
    head = picture.plain.partition(b"\r\n\r\n")[0].decode()
    return head.partition("X-Vedette-State: ")[2].partition("\r\n")[0]


@pytest.fixture
def camera() -> StillCamera:
    return StillCamera()


@pytest.fixture
def away() -> ToldPictures:
    return ToldPictures()


@pytest.fixture
def channel(camera: StillCamera, away: ToldPictures, clock: FakeClock) -> Channel:
    return Channel(camera, away, clock)  # type: ignore[arg-type]


@pytest.fixture
def make_viewer() -> Callable[[], RecordingViewer]:
    return RecordingViewer


@pytest.fixture
def send(camera: StillCamera, clock: FakeClock) -> Callable[[bytes], Frame]:
    """A frame arrives at the camera."""

    def arrive(body: bytes) -> Frame:
        number = camera.slot.latest.sequence + 1 if camera.slot.latest else 1
        frame = Frame(body, number, clock.time(), clock.monotonic(), 64, 48)
        camera.slot.publish_frame(frame)
        return frame

    return arrive


@pytest.fixture
def become(camera: StillCamera, clock: FakeClock) -> Callable[..., None]:
    """The camera's health changes."""

    def change(state: Any, reason: Any = None) -> None:
        camera.health = Health(state, clock.time(), reason)
        camera.slot.publish_health(camera.health)

    return change


@pytest.fixture(scope="session")
def jpeg() -> bytes:
    return Canvas(64, 48, (90, 120, 60)).encode(80)

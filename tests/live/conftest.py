"""A channel on a fake clock, and viewers that write down what they are offered."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from tests.fake_clock import FakeClock

from vedette.config import CameraConfig
from vedette.frame import Frame
from vedette.hub import Camera, Health
from vedette.live.channel import Channel
from vedette.live.picture import Picture
from vedette.picture import Canvas
from vedette.sources import Source


class RecordingViewer:
    """A viewer in the hands of a test."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []

    def offer(self, picture: Picture) -> None:
        self.pictures.append(picture)

    def look_after(self, now: float) -> None: ...

    def end(self) -> None: ...

    @property
    def bodies(self) -> list[bytes]:
        return [picture.plain.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for picture in self.pictures]

    @property
    def states(self) -> list[str]:
        return [state_of(picture) for picture in self.pictures]


class InstantPlaceholders:
    """Placeholders that are there at once, and tell what they were asked for."""

    def show(self, name: str, health: Health, offer: Callable[[Picture], None]) -> None:
        text = f"{name}: {health.reason or health.state}"
        offer(Picture(text.encode(), 5.0, health.state.value))


def never() -> Source:
    raise AssertionError("this camera is never started")


def state_of(picture: Picture) -> str:
    head = picture.plain.partition(b"\r\n\r\n")[0].decode()
    return head.partition("X-Vedette-State: ")[2].partition("\r\n")[0]


@pytest.fixture
def camera(clock: FakeClock) -> Camera:
    url = "http://192.168.0.123:81/stream"
    return Camera("porch", CameraConfig(url=url, name="Front porch"), url, None, never, clock, Random(1))


@pytest.fixture
def channel(camera: Camera, clock: FakeClock) -> Channel:
    return Channel(camera, InstantPlaceholders(), clock)  # type: ignore[arg-type]


@pytest.fixture
def make_viewer() -> Callable[[], RecordingViewer]:
    return RecordingViewer


@pytest.fixture
def send(camera: Camera, clock: FakeClock) -> Callable[[bytes], Frame]:
    """A frame arrives at the camera."""

    def arrive(body: bytes) -> Frame:
        number = camera.slot.latest.sequence + 1 if camera.slot.latest else 1
        frame = Frame(body, number, clock.time(), clock.monotonic(), 64, 48)
        camera.slot.publish_frame(frame)
        return frame

    return arrive


@pytest.fixture
def become(camera: Camera, clock: FakeClock) -> Callable[..., None]:
    """The camera's health changes."""

    def change(state: Any, reason: Any = None) -> None:
        camera.health = Health(state, clock.time(), reason)
        camera.slot.publish_health(camera.health)

    return change


@pytest.fixture(scope="session")
def jpeg() -> bytes:
    return Canvas(64, 48, (90, 120, 60)).encode(80)

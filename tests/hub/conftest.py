"""A camera on a fake clock, fed by a source that does what the test says."""

import asyncio
from collections.abc import Callable
from random import Random

import pytest
from tests.fake_clock import FakeClock

from vedette.config import CameraConfig
from vedette.errors import BoardError
from vedette.frame import Frame
from vedette.hub import Camera, Health
from vedette.picture import Canvas
from vedette.sources import Phase
from vedette.wire.multipart import Part


class ScriptedSource:
    """A driver in the hands of a test."""

    def __init__(self) -> None:
        self.phase = Phase.RESOLVING
        self.deliver: Callable[[Part], None] | None = None
        self.cancelled = False
        self._end: asyncio.Future[None] | None = None

    async def run(self, deliver: Callable[[Part], None]) -> None:
        self.deliver = deliver
        self._end = asyncio.get_running_loop().create_future()
        try:
            await self._end
        except asyncio.CancelledError:
            self.cancelled = True
            raise

    def part(self, body: bytes) -> None:
        assert self.deliver is not None
        self.phase = Phase.RECEIVING
        self.deliver(Part(body))

    def oversize(self) -> None:
        assert self.deliver is not None
        self.deliver(Part(b"", oversize=True))

    def fail(self, error: Exception) -> None:
        assert self._end is not None
        self._end.set_exception(error)


class Rig:
    """A camera, its sources in order of their making, and what a sink has heard."""

    def __init__(self, clock: FakeClock, **config: object) -> None:
        self.clock = clock
        self.sources: list[ScriptedSource] = []
        self.frames: list[Frame] = []
        self.healths: list[Health] = []
        url = "http://192.168.0.123:81/stream"
        self.camera = Camera(
            "porch",
            CameraConfig.model_validate({"url": url, **config}),
            url,
            None,
            self._make_source,
            clock,
            Random(1),
        )
        self.camera.slot.add(self)

    def take_frame(self, frame: Frame) -> None:
        self.frames.append(frame)

    def take_health(self, health: Health) -> None:
        self.healths.append(health)

    @property
    def source(self) -> ScriptedSource:
        return self.sources[-1]

    @property
    def state(self) -> str:
        return self.camera.health.state.value

    @property
    def reason(self) -> str | None:
        reason = self.camera.health.reason
        return reason.value if reason else None

    async def fail(self, error: BoardError) -> None:
        self.source.fail(error)
        await self.clock.advance(0)

    def _make_source(self) -> ScriptedSource:
        self.sources.append(ScriptedSource())
        return self.sources[-1]


@pytest.fixture
def make_rig(clock: FakeClock) -> Callable[..., Rig]:
    return lambda **config: Rig(clock, **config)


@pytest.fixture(scope="session")
def jpeg() -> bytes:
    return Canvas(64, 48, (90, 120, 60)).encode(80)

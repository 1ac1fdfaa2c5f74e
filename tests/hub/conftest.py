"""A camera on a fake clock, fed by a source that does what the test says."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from random import Random
from typing import TYPE_CHECKING, TypeVar, cast

import pytest
from tests.fake_clock import FakeClock

from vedette.config import CameraConfig
from vedette.errors import BoardError, Reason
from vedette.frame import Frame
from vedette.hub import BoardLinks, Camera, Checks, ControlPort, Health
from vedette.picture import Canvas
from vedette.sources import Answer, Observation, Phase
from vedette.wire.multipart import Part

if TYPE_CHECKING:
    from vedette.hub.whereabouts import Whereabouts

T = TypeVar("T")


class ScriptedSource:
    """A driver in the hands of a test."""

    def __init__(self) -> None:
        self.phase = Phase.RESOLVING
        self.interval = 0.0
        self.words = 0
        self.observed: Observation | None = None
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

    def part(self, body: bytes, timestamp: str | None = None) -> None:
        assert self.deliver is not None
        self.phase = Phase.RECEIVING
        self.deliver(Part(body, timestamp))

    def oversize(self) -> None:
        assert self.deliver is not None
        self.deliver(Part(b"", oversize=True))

    def fail(self, error: Exception) -> None:
        assert self._end is not None
        self._end.set_exception(error)


class Finder:
    """Knows where the board is, or hears that it has gone; see `vedette.hub.whereabouts`."""

    def __init__(self) -> None:
        self.note: str | None = None
        self.learned: list[str] = []
        self.searches = 0

    async def learn(self, peer: str) -> None:
        self.learned.append(peer)

    async def search(self) -> None:
        self.searches += 1


class SameThread(Executor):
    """A pool that does at once what it is given."""

    def submit(self, act: Callable[..., T], /, *args: object, **kwargs: object) -> Future[T]:
        done: Future[T] = Future()
        done.set_result(act(*args, **kwargs))
        return done


class Rig:
    """A camera, its sources in order of their making, and what a sink has heard.

    Attributes:
        answers: what the board's control port gives for each URL; a URL that is missing is refused.
        asked: the URLs that were asked for.
    """

    def __init__(self, clock: FakeClock, **config: object) -> None:
        self.clock = clock
        self.finder = Finder()
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.sources: list[ScriptedSource] = []
        self.frames: list[Frame] = []
        self.healths: list[Health] = []
        wanted = self.config(**config)
        self.camera = Camera("porch", wanted, self.links(wanted), clock, Random(1))
        self.camera.slot.add(self)

    @staticmethod
    def config(**config: object) -> CameraConfig:
        return CameraConfig.model_validate({"url": "http://192.168.0.123:81/stream", **config})

    def links(self, wanted: CameraConfig, host: str = "192.168.0.123") -> BoardLinks:
        return BoardLinks(
            host=host,
            make_source=self._make_source,
            make_checks=partial(Checks, lambda act: act(), SameThread(), self.clock, wanted.check),
            control=ControlPort(host, None, self._fetch),
            whereabouts=cast("Whereabouts", self.finder),
        )

    async def reconfigure(self, host: str = "192.168.0.123", **config: object) -> None:
        wanted = self.config(**config)
        await self.camera.reconfigure(wanted, self.links(wanted, host))
        await self.clock.advance(0)

    async def _fetch(self, url: str, **_options: object) -> Answer:
        self.asked.append(url)
        if url not in self.answers:
            raise BoardError(Reason.REFUSED)
        return self.answers[url]

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

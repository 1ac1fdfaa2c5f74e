"""A board's timeline, replayed to the server's own camera: what its history then says of outages.

The camera, its driver, its checks, its health and the database are the product's; the clock is moved by hand, and the
way to the board is `fake_air`. A day takes about a minute.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, TypeVar, cast

from benchmarks.fake_air import Air, AirLoop
from tests.fake_clock import FakeClock

from vedette.config import CameraConfig
from vedette.hub import BoardLinks, Camera, Checks, ControlPort
from vedette.picture import Canvas
from vedette.sources import Access, FixedWhereabouts, HttpSource, fetch
from vedette.store import Database, History, Store
from vedette.store.address import resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.timeline import Timeline

    from vedette.boards import Firmware
    from vedette.hub.whereabouts import Whereabouts

T = TypeVar("T")

HOST = "192.168.0.123"
FPS = 2.0  # pictures a second: the fewest with which a camera is stale after three seconds, as with any more
_CAMERA = "board"
_OUTAGES = 10_000  # more than a day has


@dataclass(frozen=True)
class Outage:
    """As the server's history has it: seconds since the day began, and the contract's word for the reason."""

    start: float
    end: float
    reason: str | None


@dataclass(frozen=True)
class Served:
    """What the server saw of one board.

    Attributes:
        outages: oldest first; one that lasts when the day ends, ends with it.
        reboots: that it noticed.
        frames: that it took.
    """

    outages: tuple[Outage, ...]
    reboots: int
    frames: int


class _Inline(Executor):
    """A pool that does at once what it is given: on this clock no time passes meanwhile."""

    def submit(self, act: Callable[..., T], /, *args: object, **kwargs: object) -> Future[T]:
        done: Future[T] = Future()
        done.set_result(act(*args, **kwargs))
        return done


class _StaysPut(FixedWhereabouts):
    """A board that keeps its address, and is looked for nowhere else; see `vedette.hub.whereabouts`."""

    note: str | None = None

    async def learn(self, peer: str) -> None:
        """Nothing to learn."""

    async def search(self) -> None:
        """Nowhere to search."""


def replay(timeline: Timeline, firmware: Firmware, seed: int, fps: float = FPS, starts: float = 0.0) -> Served:
    """Let the server look at one board from the timeline's beginning to its end.

    Args:
        timeline: when the board can be reached.
        firmware: what it sends.
        seed: of the server's jitter.
        fps: pictures a second.
        starts: the server, so many seconds after the timeline begins.
    """
    clock = FakeClock()
    air = Air(timeline, firmware, _pictures(), fps, clock)
    began = clock.time()
    with tempfile.TemporaryDirectory() as name, asyncio.Runner(loop_factory=lambda: AirLoop(air)) as runner:
        folder = Path(name)
        camera = _camera(firmware, clock, seed)
        runner.run(_live(camera, clock, folder, starts, timeline.stretches[-1].end))
        with contextlib.closing(Database(resolve(None, folder))) as database:
            rows = History(database, clock).outages(_OUTAGES, _CAMERA)
    outages = (Outage(row.start - began, (row.end or clock.time()) - began, row.reason) for row in reversed(rows))
    status = camera.status()
    return Served(tuple(outages), status.reboots or 0, status.frames)


async def _live(camera: Camera, clock: FakeClock, folder: Path, starts: float, ends: float) -> None:
    await clock.advance(starts)
    with contextlib.closing(Store(None, folder, clock)) as store:
        chronicle = store.chronicle([camera])
        chronicle.start()
        camera.start()
        await clock.advance(ends - starts)
        chronicle.stop()
        await camera.stop()


def _camera(firmware: Firmware, clock: FakeClock, seed: int) -> Camera:
    url = f"http://{HOST}:{firmware.stream_port}{firmware.stream_path}"
    config = CameraConfig.model_validate({"url": url})
    whereabouts = _StaysPut(HOST)
    access = Access(None)
    links = BoardLinks(
        host=HOST,
        make_source=lambda: HttpSource(url, access, clock, whereabouts),
        make_checks=partial(Checks, lambda act: act(), _Inline(), clock, config.check),
        control=ControlPort(HOST, None, partial(fetch, access=access, clock=clock, whereabouts=whereabouts), clock),
        whereabouts=cast("Whereabouts", whereabouts),
    )
    return Camera(_CAMERA, config, links, clock, Random(seed))  # noqa: S311 - jitter


def _pictures() -> list[bytes]:
    """A few that differ by their noise, as those of a sensor do."""
    pictures = []
    for seed in range(4):
        canvas = Canvas(160, 120)
        canvas.gradient((120, 150, 180), (60, 80, 50), grain=4.0, seed=seed)
        pictures.append(canvas.encode(70))
    return pictures

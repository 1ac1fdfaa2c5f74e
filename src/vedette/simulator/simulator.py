"""A handful of boards on real sockets, in a thread of their own."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, Self, TypeVar

from vedette.boards import OV2640, AuthScheme, Firmware, Sensor
from vedette.simulator.board import Board
from vedette.simulator.faults import PARADE, Fault
from vedette.simulator.guard import Credentials
from vedette.simulator.scene import SceneBook
from vedette.simulator.schedule import Entry
from vedette.simulator.settings import Size
from vedette.simulator.station import Station
from vedette.simulator.storm import MEAN_BAD, MEAN_GOOD, weather
from vedette.simulator.timings import Timings

_log = logging.getLogger(__name__)
T = TypeVar("T")

_PARADE_GOOD, _PARADE_BAD = 12.0, 8.0  # seconds


class Simulator:
    """Boards that run from ``__enter__`` to ``__exit__``.

    Args:
        firmware: what runs on them; several are dealt out by turns.
        count: how many.
        host: what to listen on.
        port: of board 0's control server; its stream has the next one, board 1 the next two. 0 takes free ones.
        size: width and height of the pictures in pixels.
        fps: pictures a second.
        faults: of every board, from the start.
        parade: make each board misbehave now and then, each time in another way.
        names: of the boards, as far as they go.
        credentials: user name and password, asked for by every firmware that can.
        scheme: how they are asked for, where it is not the firmware's way.
        sensors: the boards' camera chip; several are dealt out by turns.
        lamp: the boards have a lamp, where their firmware knows of one.
        seed: of everything that is left to chance.
        schedule: faults by the clock; see `vedette.simulator.schedule`.
        storm: mean seconds of good and of bad weather; faults come at random, as ``seed`` has it. None for none.
        timings: how long troubles take.

    Raises:
        ServerError: a port is taken (from ``__enter__``).
    """

    def __init__(
        self,
        firmware: Firmware | Sequence[Firmware],
        count: int = 1,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        size: Size = (640, 480),
        fps: float = 25.0,
        faults: Iterable[Fault] = (),
        parade: bool = False,
        names: tuple[str, ...] = (),
        credentials: Credentials | None = None,
        scheme: AuthScheme | None = None,
        sensors: Sensor | Sequence[Sensor] = OV2640,
        lamp: bool = False,
        seed: int = 0,
        schedule: Sequence[Entry] = (),
        storm: tuple[float, float] | None = None,
        timings: Timings | None = None,
    ) -> None:
        self._host = host
        self._first_port = port
        self._parade = parade
        self._schedule = tuple(schedule)
        self._storm = storm
        self._seed = seed
        self._size = size
        wrong = frozenset(faults)
        firmwares = (firmware,) if isinstance(firmware, Firmware) else tuple(firmware)
        chips = (sensors,) if isinstance(sensors, Sensor) else tuple(sensors)
        scenes = SceneBook()
        self._stations = [
            Station(
                Board(
                    *(firmwares[number % len(firmwares)], _name(names, number), scenes, number, size, fps, wrong),
                    credentials=credentials,
                    scheme=scheme,
                    sensor=chips[number % len(chips)],
                    lamp=lamp,
                    seed=seed,
                    timings=timings,
                ),
                host,
            )
            for number in range(count)
        ]
        self._loop: asyncio.AbstractEventLoop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)
        self._plays: list[asyncio.Task[None]] = []

    @property
    def boards(self) -> list[Board]:
        """The boards; to be changed on the simulator's loop only, by way of `call`."""
        return [station.board for station in self._stations]

    @property
    def _host_in_url(self) -> str:
        return f"[{self._host}]" if ":" in self._host else self._host

    def stream_url(self, number: int = 0) -> str:
        """Where a board's stream is, or its pictures where it has single ones only."""
        station = self._stations[number]
        target = station.board.firmware.stream_target(self._size)
        return f"http://{self._host_in_url}:{station.stream_port}{target}"

    def second_stream_url(self, number: int = 0) -> str:
        """Where a board's stream is once more, of firmware that has it on two ports."""
        station = self._stations[number]
        return f"http://{self._host_in_url}:{station.second_port}{station.board.firmware.stream_target(self._size)}"

    def control_url(self, number: int = 0) -> str:
        """Where a board's control port is."""
        return f"http://{self._host_in_url}:{self._stations[number].control_port}/"

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._wait(self._start())
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def call(self, act: Callable[[], T]) -> T:
        """Do something on the simulator's loop, and wait for it."""

        async def on_the_loop() -> T:
            return act()

        return self._wait(on_the_loop())

    def set_faults(self, number: int, *faults: Fault) -> None:
        """Make a board misbehave from now on, or well again."""
        self._wait(self._stations[number].set_faults(frozenset(faults)))

    def cut(self, number: int) -> None:
        """Cut a board's connections, as a power cut with a friendly router would."""
        self._wait(self._stations[number].cut())

    def reboot(self, number: int) -> None:
        """Reset a board as a power cut does; waits until it listens again."""
        self._wait(self._stations[number].reboot())

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _start(self) -> None:
        for number, station in enumerate(self._stations):
            if self._first_port:
                station.control_port = self._first_port + 2 * number
                station.stream_port = station.second_port = station.control_port + 1
        await asyncio.gather(*(station.board.boot() for station in self._stations))
        for station in self._stations:
            await station.start()
        if self._parade:
            self._play(self._march)
        if self._storm is not None:
            self._play(self._rage)
        if self._schedule:
            self._plays.append(asyncio.create_task(self._follow()))

    def _play(self, play: Callable[[int, Station], Coroutine[Any, Any, None]]) -> None:
        """Let something happen to each board."""
        self._plays += [asyncio.create_task(play(*entry)) for entry in enumerate(self._stations)]

    async def _march(self, number: int, station: Station) -> None:
        turn = number
        await asyncio.sleep(_PARADE_GOOD / 2 * (1 + number % 4))
        while True:
            fault = PARADE[turn % len(PARADE)]
            turn += 1
            await _inflict(station, frozenset((fault,)))
            await asyncio.sleep(_PARADE_BAD)
            await _inflict(station, frozenset())
            await asyncio.sleep(_PARADE_GOOD)

    async def _rage(self, number: int, station: Station) -> None:
        started = self._loop.time()
        good, bad = self._storm or (MEAN_GOOD, MEAN_BAD)
        for squall in weather(self._seed, number, good=good, bad=bad):
            await asyncio.sleep(started + squall.at - self._loop.time())
            await _inflict(station, frozenset((squall.fault,)))
            await asyncio.sleep(started + squall.at + squall.duration - self._loop.time())
            await _inflict(station, frozenset())

    async def _follow(self) -> None:
        started = self._loop.time()
        while True:
            for entry in self._schedule:
                await asyncio.sleep(started + entry.at - self._loop.time())
                for number, station in enumerate(self._stations):
                    if not entry.again and entry.board in {None, number}:
                        await _inflict(station, entry.faults)
            if not self._schedule[-1].again:
                return
            started += self._schedule[-1].at

    def _end(self) -> None:
        if not self._thread.is_alive():
            return
        with contextlib.suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(timeout=5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    async def _stop(self) -> None:
        for play in self._plays:
            play.cancel()
        for station in self._stations:
            await station.end()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._loop.shutdown_default_executor()


async def _inflict(station: Station, faults: frozenset[Fault]) -> None:
    _log.info("%s: %s", station.board.name, "+".join(sorted(faults)) or "well again")
    await station.set_faults(faults)


def _name(names: tuple[str, ...], number: int) -> str:
    return names[number] if number < len(names) else f"Board {number + 1}"

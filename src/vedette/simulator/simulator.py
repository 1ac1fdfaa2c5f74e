"""A handful of boards on real sockets, in a thread of their own."""

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Self, TypeVar

from vedette.boards import Firmware
from vedette.errors import ServerError
from vedette.simulator.board import Board
from vedette.simulator.faults import PARADE, Fault
from vedette.simulator.scene import SceneBook
from vedette.simulator.settings import Size

_log = logging.getLogger(__name__)
T = TypeVar("T")
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]

_BACKLOG = 5  # esp_http_server's
_PARADE_GOOD, _PARADE_BAD = 12.0, 8.0  # seconds


class Simulator:
    """Boards that run from ``__enter__`` to ``__exit__``.

    Args:
        firmware: what runs on all of them.
        count: how many.
        host: what to listen on.
        port: of board 0's control server; its stream has the next one, board 1 the next two. 0 takes free ones.
        size: width and height of the pictures in pixels.
        fps: pictures a second.
        faults: of every board, from the start.
        parade: make each board misbehave now and then, each time in another way.
        names: of the boards, as far as they go.

    Raises:
        ServerError: a port is taken (from ``__enter__``).
    """

    def __init__(
        self,
        firmware: Firmware,
        count: int = 1,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        size: Size = (640, 480),
        fps: float = 25.0,
        faults: Iterable[Fault] = (),
        parade: bool = False,
        names: tuple[str, ...] = (),
    ) -> None:
        self._host = host
        self._first_port = port
        self._parade = parade
        scenes = SceneBook()
        self._stations = [
            _Station(Board(firmware, _name(names, number), scenes, number, size, fps, frozenset(faults)))
            for number in range(count)
        ]
        self._loop: asyncio.AbstractEventLoop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="simulator", daemon=True)
        self._parades: list[asyncio.Task[None]] = []

    @property
    def boards(self) -> list[Board]:
        """The boards; to be changed on the simulator's loop only, by way of `call`."""
        return [station.board for station in self._stations]

    @property
    def _host_in_url(self) -> str:
        return f"[{self._host}]" if ":" in self._host else self._host

    def stream_url(self, number: int = 0) -> str:
        """Where a board's stream is."""
        station = self._stations[number]
        return f"http://{self._host_in_url}:{station.stream_port}{station.board.firmware.stream_path}"

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
        self._wait(self._stations[number].set_faults(frozenset(faults), self._host))

    def cut(self, number: int) -> None:
        """Cut a board's connections, as a power cut with a friendly router would."""
        self._wait(self._stations[number].cut())

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _start(self) -> None:
        await asyncio.gather(*(station.board.boot() for station in self._stations))
        for number, station in enumerate(self._stations):
            if self._first_port:
                station.control_port = self._first_port + 2 * number
                station.stream_port = station.control_port + 1
            await station.listen(self._host)
            if Fault.REFUSE in station.board.faults:
                await station.power_off()
        if self._parade:
            self._parades = [
                asyncio.create_task(self._misbehave(number, station)) for number, station in enumerate(self._stations)
            ]

    async def _misbehave(self, number: int, station: "_Station") -> None:
        turn = number
        await asyncio.sleep(_PARADE_GOOD / 2 * (1 + number % 4))
        while True:
            fault = PARADE[turn % len(PARADE)]
            turn += 1
            _log.info("%s: %s", station.board.name, fault.value)
            await station.set_faults(frozenset((fault,)), self._host)
            await asyncio.sleep(_PARADE_BAD)
            await station.set_faults(frozenset(), self._host)
            await asyncio.sleep(_PARADE_GOOD)

    def _end(self) -> None:
        if not self._thread.is_alive():
            return
        with contextlib.suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(timeout=5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    async def _stop(self) -> None:
        for parade in self._parades:
            parade.cancel()
        for station in self._stations:
            await station.power_off()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._loop.shutdown_default_executor()


class _Station:
    """A board with its two listening sockets."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.control_port = 0
        self.stream_port = 0
        self._listeners: list[socket.socket] = []
        self._connections: set[asyncio.Task[None]] = set()

    async def listen(self, host: str) -> None:
        self.control_port = self._listen(self.board.serve_control, host, self.control_port)
        self.stream_port = self._listen(self.board.serve_stream, host, self.stream_port)

    def _listen(self, serve: Serve, host: str, port: int) -> int:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
        except OSError as error:
            raise ServerError(f"cannot listen on {host}:{port}: {error.strerror or error}") from None
        listener.settimeout(0)
        self._listeners.append(listener)
        asyncio.get_running_loop().add_reader(listener, self._accept, listener, serve)
        return int(listener.getsockname()[1])

    def _accept(self, listener: socket.socket, serve: Serve) -> None:
        """Each connection is known from the moment it is taken, so that none outlives its board."""
        try:
            connection, _ = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # it has gone again
        task = asyncio.create_task(_carry(connection, serve))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        task.add_done_callback(lambda _: connection.close())

    async def set_faults(self, faults: frozenset[Fault], host: str) -> None:
        before, self.board.faults = self.board.faults, faults
        if Fault.REFUSE in faults:
            await self.power_off()
        elif Fault.REFUSE in before:
            await self.board.boot()
            await self.listen(host)
        elif Fault.SLOT_BUSY in before:
            await self.cut()  # the other client has left

    async def cut(self) -> None:
        connections = list(self._connections)
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    async def power_off(self) -> None:
        listeners, self._listeners = self._listeners, []
        for listener in listeners:
            asyncio.get_running_loop().remove_reader(listener)
            listener.close()
        await self.cut()


async def _carry(connection: socket.socket, serve: Serve) -> None:
    connection.settimeout(0)
    reader, writer = await asyncio.open_connection(sock=connection)
    try:
        await serve(reader, writer)
    finally:
        writer.transport.abort()


def _name(names: tuple[str, ...], number: int) -> str:
    return names[number] if number < len(names) else f"Board {number + 1}"

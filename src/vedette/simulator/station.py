"""A board with its listening sockets: what of it can be reached, and how it resets.

A hard reset sends nothing: its connections stay open and silent, nothing listens while it boots, and then it is back
with its uptime and its settings forgotten.
"""

import asyncio
import contextlib
import logging
import socket
from enum import Enum, auto

from vedette.errors import ServerError
from vedette.simulator.board import Board
from vedette.simulator.faults import Fault

_log = logging.getLogger(__name__)

_BACKLOG = 5  # esp_http_server's
_LEFT_OPEN = 64  # connections of earlier lives that are kept open at most
_ENDLESS = (Fault.REBOOT, Fault.BROWNOUT_LOOP)


class Door(Enum):
    """One listening socket."""

    CONTROL = auto()
    STREAM = auto()
    BOTH = auto()
    SECOND = auto()  # where the stream of a board with one server is too


class Station:
    """One board on real sockets, on the simulator's loop.

    Args:
        board: that stands here.
        host: what to listen on.

    Attributes:
        control_port: 0 until it listens, or the one it is to take.
        stream_port: the same, where the firmware has two servers.
        second_port: of the stream once more, where the firmware has that.
    """

    def __init__(self, board: Board, host: str) -> None:
        self.board = board
        self.control_port = 0
        self.stream_port = 0
        self.second_port = 0
        self._host = host
        self._listeners: dict[Door, socket.socket] = {}
        self._walls: list[socket.socket] = []  # what keeps a deaf port deaf
        self._connections: dict[asyncio.Task[None], tuple[Door, socket.socket]] = {}
        self._left_open: list[socket.socket] = []
        self._booting = False
        self._resets: asyncio.Task[None] | None = None
        self._reset: asyncio.Task[None] | None = None
        board.on_reboot = self._reset_soon

    async def start(self) -> None:
        """Take the ports of a board that has booted, and begin with what is wrong.

        Raises:
            ServerError: a port is taken.
        """
        for door in self._doors():
            self._open(door)
        await self._arrange(frozenset(), first=True)

    async def set_faults(self, faults: frozenset[Fault]) -> None:
        """Make the board misbehave from now on, or well again."""
        before = self.board.faults
        self.board.misbehave(faults)
        if Fault.REFUSE in before - faults or (self.board.diary is not None and self.board.diary.restarted_offline):
            await self.board.boot()
        if Fault.SLOT_BUSY in before - faults or Fault.SWAP_DEVICE in before ^ faults:
            await self.cut()  # the other client has left; another device knows nothing of connections
        await self._arrange(before)

    async def reboot(self) -> None:
        """Reset, and be back when it has booted."""
        self._booting = True
        try:
            await self._abandon()
            self._close_doors(set(self._listeners))
            await asyncio.sleep(self.board.timings.boot)
            self.board.counters.reboots += 1
            await self.board.boot()
        finally:
            self._booting = False
        await self._arrange(self.board.faults)

    async def cut(self, door: Door | None = None) -> None:
        """Close connections, those of one door or all of them."""
        tasks = [task for task, (taken_by, _) in self._connections.items() if door in {None, taken_by}]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if door is None:
            for connection in self._left_open:
                connection.close()
            self._left_open.clear()

    async def end(self) -> None:
        """Close everything."""
        for task in (self._resets, self._reset):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        self._close_doors(set(self._listeners))
        self._take_walls_down()
        await self.cut()

    def _doors(self) -> set[Door]:
        if not self.board.firmware.one_port:
            return {Door.CONTROL, Door.STREAM}
        return {Door.BOTH} if self.board.firmware.second_stream_port is None else {Door.BOTH, Door.SECOND}

    async def _arrange(self, before: frozenset[Fault], *, first: bool = False) -> None:
        """Listen where it is to be listened, as the faults have it now."""
        faults = self.board.faults
        deaf = Fault.UNREACHABLE in faults
        wanted = set() if self._booting or deaf or Fault.REFUSE in faults else self._doors()
        wanted -= {Door.CONTROL} if Fault.CONTROL_DEAD in faults else set()
        wanted -= {Door.STREAM} if Fault.STREAM_DEAD in faults else set()
        if deaf and Fault.UNREACHABLE not in (set() if first else before):
            await self._abandon()
        shut = set(self._listeners) - wanted
        self._close_doors(shut)
        if not self._booting:
            for door in self._doors() if Fault.REFUSE in faults else shut:
                await self.cut(door)
        self._take_walls_down()
        for door in wanted - set(self._listeners):
            self._open(door)
        if deaf and not self._booting:
            self._put_walls_up()
        self._arrange_resets(before, first=first)

    def _port(self, door: Door) -> int:
        ports = {Door.STREAM: self.stream_port, Door.SECOND: self.second_port}
        return ports.get(door, self.control_port)

    def _bind(self, door: Door, backlog: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        port = self._port(door)
        try:
            listener = socket.create_server((self._host, port), family=family, backlog=backlog)
        except OSError as error:
            raise ServerError(f"cannot listen on {self._host}:{port}: {error.strerror or error}") from None
        listener.settimeout(0)
        return listener

    def _open(self, door: Door) -> None:
        listener = self._bind(door, _BACKLOG)
        self._listeners[door] = listener
        port = int(listener.getsockname()[1])
        if door in {Door.CONTROL, Door.BOTH}:
            self.control_port = port
        if door in {Door.STREAM, Door.BOTH}:
            self.stream_port = port
        if door is Door.SECOND:
            self.second_port = port
        asyncio.get_running_loop().add_reader(listener, self._accept, listener, door)

    def _close_doors(self, doors: set[Door]) -> None:
        for door in doors:
            listener = self._listeners.pop(door)
            asyncio.get_running_loop().remove_reader(listener)
            listener.close()

    def _put_walls_up(self) -> None:
        """Make connecting time out: a full backlog that nobody empties, to which Linux answers nothing at all."""
        for door in self._doors():
            listener = self._bind(door, 0)
            self._walls.append(listener)
            for _ in range(2):
                filler = socket.socket(listener.family)
                filler.settimeout(0)
                with contextlib.suppress(BlockingIOError):
                    filler.connect(listener.getsockname())
                self._walls.append(filler)

    def _take_walls_down(self) -> None:
        for wall in reversed(self._walls):
            wall.close()
        self._walls.clear()

    def _accept(self, listener: socket.socket, door: Door) -> None:
        """Each connection is known from the moment it is taken, so that none outlives its board unnoticed."""
        try:
            connection, _ = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # it has gone again
        task = asyncio.create_task(self._carry(connection, door))
        self._connections[task] = door, connection
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        _, connection = self._connections.pop(task)
        connection.close()

    async def _carry(self, connection: socket.socket, door: Door) -> None:
        connection.settimeout(0)
        reader, writer = await asyncio.open_connection(sock=connection)
        try:
            await self.board.serving.serve(
                reader, writer, stream=door is not Door.CONTROL, control=door in {Door.CONTROL, Door.BOTH}
            )
        finally:
            writer.transport.abort()

    async def _abandon(self) -> None:
        """Forget all connections without a word to the other side: a second descriptor keeps each of them open."""
        for _, connection in list(self._connections.values()):
            with contextlib.suppress(OSError):
                self._left_open.append(connection.dup())
        tasks = list(self._connections)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        while len(self._left_open) > _LEFT_OPEN:
            self._left_open.pop(0).close()

    def _reset_soon(self) -> None:
        if not self._booting:
            self._reset = asyncio.create_task(self.reboot())

    def _arrange_resets(self, before: frozenset[Fault], *, first: bool) -> None:
        """Reset again and again, as long as a fault asks for it; the first time at once, unless it starts with it."""
        asked = self.board.faults & set(_ENDLESS)
        if asked == before & set(_ENDLESS) and not first:
            return
        if self._resets is not None:
            self._resets.cancel()
            self._resets = None
        if asked:
            timings = self.board.timings
            every = timings.brownout_every if Fault.BROWNOUT_LOOP in asked else timings.reboot_every
            self._resets = asyncio.create_task(self._reset_every(every, every if first else 0.0))

    async def _reset_every(self, every: float, delay: float) -> None:
        await asyncio.sleep(delay)
        while True:
            _log.info("%s resets", self.board.name)
            reboot = asyncio.create_task(self.reboot())  # a fault that ends does not leave a board half booted
            self._reset = reboot
            await asyncio.shield(reboot)
            await asyncio.sleep(every)

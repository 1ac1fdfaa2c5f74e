"""Connections to one board: who asks for what on which port, and what comes back.

What the firmware does with a second viewer, and what faults put in the place of an answer, is decided here.
"""

import asyncio
import contextlib
import re
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from vedette.boards import SecondClient
from vedette.simulator.control import NOTHING_THERE, PAGE, Control
from vedette.simulator.faults import Fault
from vedette.simulator.guard import Guard
from vedette.simulator.requests import HeadersTooLongError, Request, answer, read_request
from vedette.simulator.shots import Shots
from vedette.simulator.stream import Stream
from vedette.simulator.viewers import FullError

if TYPE_CHECKING:
    from vedette.simulator.board import Board

_SIZED = re.compile(r"/(\d+)x(\d+)\.(mjpeg|jpg)")  # of WifiCam
_LENGTH_LINE = re.compile(r"Content-Length: [^\r]*\r\n")
_STATUSES = (Fault.UNAUTHORIZED, Fault.NOT_FOUND, Fault.HEADERS_TOO_LONG, Fault.ERROR, Fault.UNAVAILABLE)
_SOMEBODY_ELSE = "192.168.0.77"
_OTHER_DEVICE = answer(
    200, b"<!doctype html><title>Printer</title><p>Toner is low.", "Server: HP HTTP Server\r\nConnection: close\r\n"
)


class Serving:
    """Answers one board's connections.

    Args:
        board: that they are made to.
        guard: of its password; None where it asks for none.
    """

    def __init__(self, board: "Board", guard: Guard | None) -> None:
        self._board = board
        self._guard = guard
        self._control = Control(board)
        self._shots = Shots(board)
        self._one_request = asyncio.Lock()

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, stream: bool, control: bool
    ) -> None:
        """One connection, from accept to close; which of the two servers took it, or that there is but one."""
        waits = stream and self._board.firmware.second_client is SecondClient.WAITS
        turn: AbstractAsyncContextManager[None] = self._board.viewers.turn() if waits else nullcontext()
        counted: AbstractContextManager[None] = (
            nullcontext() if control else self._counted()
        )  # on a port of its own, all want the stream
        try:
            with counted:
                async with turn:
                    await self._converse(reader, writer, stream=stream, control=control)
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            pass  # the client has gone, which is its right
        await _close(writer)

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        self._board.counters.stream_connections += 1
        self._board.counters.stream_clients += 1
        try:
            yield
        finally:
            self._board.counters.stream_clients -= 1

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, stream: bool, control: bool
    ) -> None:
        while True:
            try:
                request = await read_request(reader, self._board.firmware.header_limit)
            except HeadersTooLongError:
                writer.write(answer(431, b"Header fields are too long"))
                return
            if Fault.SWAP_DEVICE in self._board.faults:
                writer.write(_OTHER_DEVICE)
                return
            if stream and not control:
                await self._answer_stream(request, reader, writer)
                return
            if stream and self._is_stream(request):
                with self._counted():
                    await self._answer_stream(request, reader, writer)
                return
            async with self._one_request:
                response = await self._answer_control(request)
            writer.write(response)
            await writer.drain()
            if not _keeps_open(response):
                return

    def _is_stream(self, request: Request) -> bool:
        firmware = self._board.firmware
        if match := _SIZED.fullmatch(request.path):
            return "{" in firmware.stream_path and match[3] == "mjpeg"
        for target in (firmware.stream_path, *firmware.other_paths):
            path, _, query = target.partition("?")
            if request.path == path and (not query or query.partition("=")[0] in request.query):
                return True
        return False

    # The stream, or what is there in its place.

    async def _answer_stream(
        self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if Fault.SLOT_BUSY in self._board.faults:
            await self._answer_busy(request, reader, writer)
        elif instead := self._instead(request):
            writer.write(instead)
        elif Fault.ENDLESS_HEAD in self._board.faults:
            await self._write_endlessly(writer)
        elif not self._is_stream(request):
            writer.write(answer(404, NOTHING_THERE))
        elif self._board.firmware.stills_only:
            await self._send_still(reader, writer)
        else:
            self._set_size(request)
            await self._watch(reader, writer)

    async def _answer_busy(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody else has the place: vedette_cam says so, the others say nothing."""
        refusal = self._board.firmware.refusal
        if refusal is None or not refusal.code:
            await reader.read()
        elif self._guard and (stop := self._guard.refuse(request)):
            writer.write(stop)
        else:
            self._refuse(writer, _SOMEBODY_ELSE, int(self._board.fault_age(Fault.SLOT_BUSY)))

    def _refuse(self, writer: asyncio.StreamWriter, viewer: str, seconds: int) -> None:
        refusal = self._board.firmware.refusal
        if refusal is not None:
            kind = "application/json" if refusal.code else "text/html"
            body = refusal.body(viewer, seconds).encode("ascii")
            writer.write(answer(refusal.status, body, refusal.headers, kind=kind, phrase=refusal.phrase))

    def _instead(self, request: Request) -> bytes | None:
        """A short answer in place of the stream."""
        if self._guard and (refusal := self._guard.refuse(request)):
            return refusal
        for fault in _STATUSES:
            if fault in self._board.faults:
                status = int(fault.value)
                return answer(status, b"", 'WWW-Authenticate: Basic realm="board"\r\n' if status == 401 else "")
        hops = int(request.query.get("hop", "0") or "0")
        if Fault.REDIRECT_LOOP in self._board.faults or (Fault.REDIRECT in self._board.faults and not hops):
            start = request.target.partition("hop=")[0].rstrip("?&")
            mark = "&" if "?" in start else "?"
            return answer(302, b"", f"Location: {start}{mark}hop={hops + 1}\r\n")
        return answer(200, PAGE) if Fault.WRONG_TYPE in self._board.faults else None

    def _set_size(self, request: Request) -> None:
        """WifiCam's URL sets the resolution of the whole board."""
        if match := _SIZED.fullmatch(request.path):
            self._board.settings.size = int(match[1]), int(match[2])

    async def _watch(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with self._board.viewers.place(str(writer.get_extra_info("peername")[0])):
                await Stream(self._board, reader, writer).run()
        except FullError:
            first = self._board.viewers.first
            if self._board.firmware.second_client is SecondClient.REFUSED and first is not None:
                self._refuse(writer, first.address, int(first.watched()))
            else:
                await asyncio.sleep(self._board.timings.close_wait)

    async def _write_endlessly(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while Fault.ENDLESS_HEAD in self._board.faults:
            writer.write(b"X-Nothing: " + b"n" * 500 + b"\r\n")
            await writer.drain()
            await asyncio.sleep(0.01)

    # Everything else.

    async def _answer_control(self, request: Request) -> bytes:
        if self._guard and (refusal := self._guard.refuse(request)):
            return refusal
        if self._is_still(request):
            self._board.counters.captures += 1
            if "{" in self._board.firmware.stream_path:
                self._set_size(request)
            jpeg = await self._board.take_picture(
                int(self._board.uptime() * self._board.fps), self._board.settings.size
            )
            return self._still_head(len(jpeg), self._board.uptime()) + jpeg
        return self._control.answer(request)

    def _is_still(self, request: Request) -> bool:
        still = self._board.firmware.still_path
        if still is None:
            return False
        if "{" in still:
            match = _SIZED.fullmatch(request.path)
            return match is not None and match[3] == "jpg"
        path, _, query = still.partition("?")
        return request.path == path and (not query or query.partition("=")[0] in request.query)

    def _still_head(self, length: int | None, taken: float) -> bytes:
        template = self._board.firmware.still_head
        if length is None:
            template = _LENGTH_LINE.sub("", template)
        seconds, microseconds = divmod(int(taken * 1_000_000), 1_000_000)
        return template.format(length=length, seconds=seconds, microseconds=microseconds).encode("ascii")

    async def _send_still(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The picture of a board that has nothing else, with its faults."""
        if Fault.SENSOR_SILENT in self._board.faults:
            await asyncio.sleep(self._board.firmware.sensor_timeout or 0.0)
            writer.write(answer(500, b"Server has encountered an unexpected error"))
            return
        number, self._board.counters.captures = self._board.counters.captures, self._board.counters.captures + 1
        shot = await self._shots.take(int(self._board.uptime() * self._board.fps), number)
        if shot is None:
            return
        self._board.sent.append(shot.jpeg)
        await self._board.write_head(writer, self._still_head(shot.length, shot.taken))
        broken = self._board.faults & {Fault.STALL, Fault.HANG, Fault.DROP}
        writer.write(shot.jpeg[: len(shot.jpeg) // 2] if broken else shot.jpeg)
        await writer.drain()
        self._board.counters.frames_sent += not broken
        if self._board.faults & {Fault.STALL, Fault.HANG}:
            await reader.read()


def _keeps_open(response: bytes) -> bool:
    """Whether the connection takes another request behind this answer."""
    head = response.partition(b"\r\n\r\n")[0].lower()
    return b"content-length:" in head and b"connection: close" not in head


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(1):
            await writer.wait_closed()

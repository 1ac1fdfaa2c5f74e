"""One simulated board: its slot, its counters, its answers.

It behaves as esp_http_server does: one thread for each of its two servers, so that a second client of
the stream connects, hears nothing, and is served when the first one leaves; settings that a reboot forgets.
"""

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from vedette.boards import Firmware
from vedette.simulator.faults import Fault
from vedette.simulator.framing import encode_frame, encode_stream_head
from vedette.simulator.scene import Scene, SceneBook, draw_strip
from vedette.simulator.settings import Settings, Size

_SEND_TIMEOUT = 5.0  # seconds; esp_http_server's default, after which a dead client frees the slot
_REQUEST_LIMIT = 1024  # bytes of request headers; more is answered with 431
_FAULT_DELAY = 2.0  # seconds of good pictures before a stall or a drop
_REMEMBERED = 256  # frames kept for tests that compare what arrived with what was sent

_PAGE = b"<!doctype html><title>Simulated board</title><p>A simulated board: /status, /control, /capture, /counters."


@dataclass(slots=True)
class Counters:
    """What a board has accepted and done since it was made; a reboot does not forget it."""

    stream_connections: int = 0
    streams_served: int = 0
    stream_clients: int = 0  # connected now, the waiting ones too
    frames_sent: int = 0
    captures: int = 0
    control_requests: int = 0
    status_requests: int = 0


class Board:
    """One board.

    Args:
        firmware: what runs on it.
        name: shown in the picture.
        scenes: where its pictures come from.
        variant: which scene it looks at.
        size: width and height in pixels.
        fps: pictures a second.
        faults: what it does wrong; the set may be changed at any time on the simulator's loop.

    Attributes:
        counters: for tests, and at `/counters` of the control port.
        sent: the newest pictures, as they went out.
    """

    def __init__(
        self,
        firmware: Firmware,
        name: str,
        scenes: SceneBook,
        variant: int,
        size: Size,
        fps: float,
        faults: frozenset[Fault],
    ) -> None:
        self.firmware = firmware
        self.name = name
        self.faults = faults
        self.counters = Counters()
        self.sent: deque[bytes] = deque(maxlen=_REMEMBERED)
        self.settings = Settings(firmware, size)
        self._first_size = size
        self._scenes = scenes
        self._variant = variant
        self._fps = fps
        self._booted = 0.0
        self._scene: Scene | None = None
        self._strip: tuple[str, Scene | None, bytes] = ("", None, b"")
        self._slot = asyncio.Lock()
        self._control = asyncio.Lock()

    async def boot(self) -> None:
        """Start the clock that X-Timestamp shows, forget all settings, and draw."""
        self.settings = Settings(self.firmware, self._first_size)
        self._booted = asyncio.get_running_loop().time()
        await self._look()

    def _uptime(self) -> float:
        return asyncio.get_running_loop().time() - self._booted

    async def _look(self) -> Scene:
        """The scene in the size and quality that are set; drawing it takes what a sensor's restart takes."""
        quality = max(25, 92 - self.settings.values["quality"])
        size = self.settings.size
        if self._scene is None or (self._scene.size, self._scene.quality) != (size, quality):
            self._scene = await self._scenes.find(self._variant, size, self._fps, quality)
        return self._scene

    async def _picture(self, index: int) -> bytes:
        scene = await self._look()
        clock = f"{datetime.now().astimezone():%H:%M:%S}"
        if self._strip[:2] != (clock, scene):
            self._strip = (clock, scene, draw_strip(scene.size[0], scene.quality, self.name, clock))
        return scene.compose(self._strip[2], index)

    # The stream's server.

    async def serve_stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection to the stream's port, from accept to close."""
        self.counters.stream_connections += 1
        self.counters.stream_clients += 1
        try:
            async with self._slot:
                await self._answer_stream(reader, writer)
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            pass  # the client has gone, which is its right
        finally:
            self.counters.stream_clients -= 1
            await _close(writer)

    async def _answer_stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if Fault.SLOT_BUSY in self.faults:
            await reader.read()
            return
        target = await _read_request(reader)
        if target is None:
            writer.write(_response(431, b"Header fields are too long"))
        elif Fault.SENSOR_SILENT in self.faults:
            await asyncio.sleep(self.firmware.sensor_timeout)
        elif error := self._error():
            writer.write(_response(error, b"", 'WWW-Authenticate: Basic realm="board"\r\n' if error == 401 else ""))
        elif Fault.WRONG_TYPE in self.faults:
            writer.write(_response(200, _PAGE))
        elif urlsplit(target).path != self.firmware.stream_path:
            writer.write(_response(404, b"Nothing matches the given URI"))
        else:
            self.counters.streams_served += 1
            await self._stream(reader, writer)

    def _error(self) -> int | None:
        errors = (Fault.UNAUTHORIZED, Fault.NOT_FOUND, Fault.ERROR)
        return next((int(error.value) for error in errors if error in self.faults), None)

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(encode_stream_head(self.firmware.framing))
        started = self._uptime()
        async for index in self._ticks():
            faulty = self._uptime() - started >= _FAULT_DELAY
            if faulty and Fault.STALL in self.faults:
                await reader.read()
                return
            part = self._encode(await self._picture(index), index)
            if faulty and Fault.DROP in self.faults:
                writer.write(part[: len(part) // 2])
                return
            writer.write(part)
            async with asyncio.timeout(_SEND_TIMEOUT):
                await writer.drain()
            self.counters.frames_sent += 1

    def _encode(self, jpeg: bytes, index: int) -> bytes:
        """One picture as it goes out, with what is wrong about it."""
        length: int | None = None if Fault.NO_LENGTH in self.faults else len(jpeg)
        if Fault.GARBAGE in self.faults:
            jpeg = random.Random(index).randbytes(len(jpeg))  # noqa: S311 - noise, not a secret
        elif Fault.TRUNCATE in self.faults and index % 4 == 3:
            jpeg = jpeg[: len(jpeg) // 2]
            length = None if length is None else len(jpeg)
        elif Fault.WRONG_LENGTH in self.faults and length is not None:
            length += (-100, 100)[index % 2]
        self.sent.append(jpeg)
        return encode_frame(self.firmware.framing, jpeg, self._uptime(), length)

    async def _ticks(self) -> AsyncIterator[int]:
        """Count frames at the board's rate; a slow client makes it skip, as a sensor with its newest frame does."""
        started = self._uptime()
        index = -1
        while True:
            due = int((self._uptime() - started) * self._fps)
            if due <= index:
                await asyncio.sleep((index + 1) / self._fps - (self._uptime() - started))
                due = max(index + 1, int((self._uptime() - started) * self._fps))
            index = due
            yield index

    # The control port's server.

    async def serve_control(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection to the control port; requests are answered one at a time."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while (target := await _read_request(reader)) is not None:
                async with self._control:
                    writer.write(await self._answer_control(target))
                await writer.drain()
            writer.write(_response(431, b"Header fields are too long"))
        await _close(writer)

    async def _answer_control(self, target: str) -> bytes:
        address = urlsplit(target)
        if address.path == self.firmware.still_path:
            return await self._capture()
        match address.path:
            case "/":
                return _response(200, _PAGE)
            case "/status":
                self.counters.status_requests += 1
                return _response(200, self.settings.status(), kind="application/json")
            case "/control":
                self.counters.control_requests += 1
                return self._set(parse_qs(address.query, keep_blank_values=True))
            case "/counters":  # ours alone: what tests count on
                return _response(200, _json(asdict(self.counters)), kind="application/json")
            case _:
                return _response(404, b"Nothing matches the given URI")

    def _set(self, query: dict[str, list[str]]) -> bytes:
        if "var" not in query or "val" not in query:
            return _response(404, b"Nothing matches the given URI")
        if not self.settings.control(query["var"][0], query["val"][0]):
            return _response(500, b"Server has encountered an unexpected error")
        return _response(200, b"", "Access-Control-Allow-Origin: *\r\n")

    async def _capture(self) -> bytes:
        self.counters.captures += 1
        jpeg = await self._picture(int(self._uptime() * self._fps))
        seconds, microseconds = divmod(int(self._uptime() * 1_000_000), 1_000_000)
        extra = self.firmware.still_headers.format(seconds=seconds, microseconds=microseconds)
        return _response(200, jpeg, extra, kind="image/jpeg")


_PHRASES = {
    200: "OK",
    401: "Unauthorized",
    404: "Not Found",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
}


def _response(status: int, body: bytes, extra: str = "", kind: str = "text/html") -> bytes:
    head = f"HTTP/1.1 {status} {_PHRASES[status]}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
    return head.encode("ascii") + body


def _json(counters: dict[str, int]) -> bytes:
    return ("{" + ",".join(f'"{name}":{value}' for name, value in counters.items()) + "}").encode("ascii")


async def _read_request(reader: asyncio.StreamReader) -> str | None:
    """The target of a GET; None where the headers are longer than a board takes.

    Raises:
        asyncio.IncompleteReadError: the client has gone.
    """
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        return None
    if len(head) > _REQUEST_LIMIT:
        return None
    words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    return words[1] if len(words) == 3 else "/"


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(1):
            await writer.wait_closed()

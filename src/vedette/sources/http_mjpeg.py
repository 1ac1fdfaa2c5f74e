"""MJPEG over HTTP: one connection, one request, parts until it ends."""

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit

from vedette.clock import Clock
from vedette.errors import BoardError, Reason
from vedette.sources.source import Phase
from vedette.wire.http import BadResponseError, ResponseHead, ResponseReader, build_request
from vedette.wire.multipart import MultipartReader, Part

_BUFFER_SIZE = 64 * 1024
# SO_RCVLOWAT: 94 us a frame in pieces were measured, against 229 without; it takes two calls of 3 us, so not for less
# than three pieces of 1,460 bytes. The kernel grows the socket's buffer to hold what is asked for.
_WAKE_WORTH = 4 * 1024
_WAKE_LIMIT = 256 * 1024
# A board whose sensor is dead answers nothing and closes after 4 s (FB_GET_TIMEOUT); whoever closes sooner has
# another reason.
_SENSOR_TIMEOUT = 3.0


class HttpMjpegSource:
    """Reads one board's stream.

    Args:
        url: ``http://HOST[:PORT]/PATH``, as the configuration has checked it.
        credentials: user name and password for HTTP Basic authentication, or None.
        clock: tells a sensor's time-out from a connection that was cut.
    """

    def __init__(self, url: str, credentials: tuple[str, str] | None, clock: Clock) -> None:
        address = urlsplit(url)
        self._host = address.hostname or ""
        self._port = address.port or 80
        target = (address.path or "/") + (f"?{address.query}" if address.query else "")
        self._request = build_request(self._host, self._port, target, credentials)
        self._clock = clock
        self.phase = Phase.RESOLVING

    async def run(self, deliver: Callable[[Part], None]) -> None:
        """See `Source.run`."""
        transport, stream = await self._connect(deliver)
        try:
            await stream.ended
        finally:
            transport.abort()

    async def _connect(self, deliver: Callable[[Part], None]) -> tuple[asyncio.Transport, "_Stream"]:
        loop = asyncio.get_running_loop()
        try:
            infos = await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise BoardError(Reason.NAME_UNKNOWN, self._host) from error
        self.phase = Phase.CONNECTING
        failure: OSError | None = None
        for *_, address in infos:
            try:
                return await loop.create_connection(
                    lambda: _Stream(self, self._request, deliver), _numeric_host(address), self._port
                )
            except OSError as error:
                failure = error
        if isinstance(failure, ConnectionRefusedError):
            raise BoardError(Reason.REFUSED, f"port {self._port}") from failure
        detail = os.strerror(failure.errno) if failure and failure.errno else "no answer"
        raise BoardError(Reason.UNREACHABLE, detail) from failure

    def now(self) -> float:
        """Monotonic seconds."""
        return self._clock.monotonic()


def _numeric_host(address: tuple[Any, ...]) -> str:
    """The host of a socket address, with the scope that a link-local one needs."""
    return f"{address[0]}%{address[3]}" if len(address) == 4 and address[3] else str(address[0])


class _Stream(asyncio.BufferedProtocol):
    """The connection, from the request to its end.

    Attributes:
        ended: fails with a `BoardError` when the stream is over; never succeeds.
    """

    def __init__(self, source: HttpMjpegSource, request: bytes, deliver: Callable[[Part], None]) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._source = source
        self._request = request
        self._deliver = deliver
        self._view = memoryview(bytearray(_BUFFER_SIZE))
        self._response = ResponseReader(self._on_head, self._on_body)
        self._parts: MultipartReader | None = None
        self._socket: Any = None
        self._wake_at = 1
        self._progress = source.now()  # when the connection was made, or the newest part came

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._source.phase = Phase.WAITING
        self._progress = self._source.now()  # not sooner: the protocol is made before the connection
        if sys.platform == "linux":
            self._socket = transport.get_extra_info("socket")
        cast("asyncio.WriteTransport", transport).write(self._request)  # uvloop's is one, though no subclass

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio's name; the buffer has one size
        return self._view

    def buffer_updated(self, nbytes: int) -> None:
        self._source.phase = Phase.RECEIVING
        try:
            self._response.feed(self._view[:nbytes])
        except BoardError as error:
            self._fail(error)
        except BadResponseError as error:
            reason = Reason.NOT_MJPEG if self._parts is None else Reason.STALLED
            self._fail(BoardError(reason, f"what it sends is not HTTP ({error})"))
        else:
            if self._response.ended:
                self._fail(self._closed())
            elif self._parts is not None:
                self._wake_when(self._parts.missing)

    def _wake_when(self, missing: int) -> None:
        """Sleep until the rest of the frame is there: over Wi-Fi it comes in twenty pieces, and each would wake us."""
        wake_at = min(missing, _WAKE_LIMIT) if missing >= _WAKE_WORTH else 1
        if wake_at != self._wake_at and self._socket is not None:
            self._wake_at = wake_at
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, wake_at)

    def eof_received(self) -> bool:
        self._fail(self._closed())
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        waiting = self._source.phase is Phase.WAITING
        self._fail(BoardError(Reason.STALLED, "the connection was reset") if exc and not waiting else self._closed())

    def _on_head(self, head: ResponseHead) -> None:
        if head.status == 401:
            raise BoardError(Reason.AUTH_REQUIRED)
        if head.status != 200:
            raise BoardError(Reason.HTTP_ERROR, str(head.status))
        if not head.content_type.startswith("multipart/"):
            raise BoardError(Reason.NOT_MJPEG, head.content_type or "no content type")
        self._parts = MultipartReader(head.boundary)

    def _on_body(self, piece: bytes) -> None:
        if self._parts is not None and (parts := self._parts.feed(piece)):
            self._hand_out(parts)

    def _hand_out(self, parts: list[Part]) -> None:
        self._progress = self._source.now()
        for part in parts:
            self._deliver(part)

    def _closed(self) -> BoardError:
        """What it means that the board closed the connection."""
        silent = self._source.now() - self._progress >= _SENSOR_TIMEOUT
        if self._parts is not None:
            self._hand_out(self._parts.finish())
        if silent:
            return BoardError(Reason.SENSOR_SILENT)
        if self._source.phase is Phase.WAITING:
            return BoardError(Reason.REFUSED, "it closed the connection without an answer")
        return BoardError(Reason.STALLED, "the board closed the connection")

    def _fail(self, error: BoardError) -> None:
        if not self.ended.done():
            self.ended.set_exception(error)

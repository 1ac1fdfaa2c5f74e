"""Pictures over HTTP: one connection at a time, one request, parts until it ends.

What the board answers decides how it is read: ``multipart/…`` is a stream; ``image/jpeg`` is a single picture, and the
next one is asked for after `interval` seconds, on firmware that has nothing else.
"""

import asyncio
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any, cast

from vedette.boards import read_complaint
from vedette.clock import Clock, pause
from vedette.errors import BoardError, Reason
from vedette.sources.access import Access
from vedette.sources.connection import FixedWhereabouts, Whereabouts, connect, peer_of, resolve
from vedette.sources.reach import USUAL_REACH, Reach
from vedette.sources.source import Observation, Phase
from vedette.sources.target import Target
from vedette.wire.http import BadResponseError, ResponseHead, ResponseReader, build_request
from vedette.wire.multipart import FRAME_LIMIT, MultipartReader, Part

STILL_INTERVAL = 1.0  # seconds between single pictures, where nothing else is wanted

_BUFFER_SIZE = 64 * 1024
# SO_RCVLOWAT: 94 us a frame in pieces were measured, against 229 without; it takes two calls of 3 us, so not for less
# than three pieces of 1,460 bytes. The kernel grows the socket's buffer to hold what is asked for.
_WAKE_WORTH = 4 * 1024
_WAKE_LIMIT = 256 * 1024
# A board whose sensor is dead answers nothing and closes after 4 s (FB_GET_TIMEOUT); whoever closes sooner has
# another reason.
_SENSOR_TIMEOUT = 3.0
_DETOURS = 4  # redirects and challenges before one attempt gives up: each is one request
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_BUSY_PHRASE = "No free"  # ESP32-CAM_MJPEG2SD: "500 No free task"
_TOLD = MappingProxyType({"slot_busy": Reason.SLOT_BUSY, "sensor_silent": Reason.SENSOR_SILENT})  # vedette_cam's words
_COMPLAINT_LIMIT = 1024  # bytes; vedette_cam's have 256 at most


class HttpSource:
    """Reads one board's pictures.

    Args:
        url: ``http://HOST[:PORT]/PATH``, as the configuration has checked it.
        access: how it is let in.
        clock: for the pace of single pictures; tells a sensor's time-out from a connection that was cut.
        whereabouts: where the board is; by default where the URL says.
        interval: seconds between single pictures.
        reach: where it may go, redirects too.
    """

    def __init__(
        self,
        url: str,
        access: Access,
        clock: Clock,
        whereabouts: Whereabouts | None = None,
        interval: float = STILL_INTERVAL,
        reach: Reach = USUAL_REACH,
    ) -> None:
        self._target = Target.of(url)
        self._access = access
        self._clock = clock
        self._whereabouts = whereabouts or FixedWhereabouts(self._target.host)
        self._interval = interval
        self._reach = reach
        self._peer = ""
        self.phase = Phase.RESOLVING
        self.interval = 0.0
        self.words = 0
        self.observed: Observation | None = None

    async def run(self, deliver: Callable[[Part], None]) -> None:
        """See `Source.run`."""
        detours = 0
        while True:
            began = self.now()
            try:
                await self._exchange(deliver)
            except _DetourError as detour:
                detours += 1
                if detours > _DETOURS:
                    raise BoardError(Reason.HTTP_ERROR, "redirects without end") from None
                self._target = detour.target
            else:
                detours = 0
                self.interval = self._interval
                await pause(self._clock, began + self._interval - self.now())

    async def _exchange(self, deliver: Callable[[Part], None]) -> None:
        """One request; returns where the answer was a single picture."""
        addresses = await self._addresses()
        if self.phase is Phase.RESOLVING:  # of single pictures only the first shows how far the attempt has come
            self.phase = Phase.CONNECTING
        transport, stream = await connect(addresses, self._target.port, lambda: _Stream(self, deliver))
        try:
            self._peer = peer_of(transport)
            await self._whereabouts.verify(self._peer)
            target = self._target
            stream.ask(build_request(*target, authorization=self._access.authorization(target.path)))
            await stream.ended
        finally:
            stream.forget()
            transport.abort()

    async def _addresses(self) -> list[str]:
        """Judged anew for each connection: a name may mean another machine by now."""
        target = self._target
        return await resolve(await self._whereabouts.address(), target.port, self._reach, target.host)

    # What the connection asks of its source.

    def now(self) -> float:
        """Monotonic seconds."""
        return self._clock.monotonic()

    def read_start(self, data: bytes) -> None:
        """Look at the first bytes of a stream: some firmware begins with a boundary, some does not."""
        if self.observed is not None:
            self.observed = replace(self.observed, leads=data.lstrip(b"\r\n").startswith(b"--"))

    def read_head(self, head: ResponseHead) -> None:
        """Look at an answer's status and kind. An error that is JSON says more with its body.

        Raises:
            BoardError: these are no pictures.
            _DetourError: another request may give some.
        """
        if head.status in _REDIRECTS and "location" in head.headers:
            raise _DetourError(self._target.redirected(head.headers["location"]))
        if head.status == 401:
            if self._access.learn(head.headers.get("www-authenticate", "")):
                raise _DetourError(self._target)
            raise BoardError(Reason.AUTH_REQUIRED)
        if head.status == 200:
            if not head.content_type.startswith("multipart/") and head.content_type != "image/jpeg":
                raise BoardError(Reason.NOT_MJPEG, head.content_type or "no content type")
            self.observed = Observation(self._target, head, self._peer)
        elif head.phrase.startswith(_BUSY_PHRASE):
            raise BoardError(Reason.SLOT_BUSY, "it says that it has no room for another viewer")
        elif head.content_type != "application/json":
            raise BoardError(Reason.HTTP_ERROR, str(head.status))

    def read_complaint(self, head: ResponseHead, body: bytes) -> BoardError:
        """What an error means that the board explains in words."""
        complaint = read_complaint(body.decode("utf-8", "replace"))
        if complaint is None or complaint.code not in _TOLD:
            more = f": {complaint.message}" if complaint is not None and complaint.message else ""
            return BoardError(Reason.HTTP_ERROR, f"{head.status}{more}")
        reason = _TOLD[complaint.code]
        if reason is Reason.SLOT_BUSY:
            return BoardError(reason, f"{complaint.viewer or 'another viewer'} has its only place")
        return BoardError(reason)


class _DetourError(Exception):
    """Another request is needed."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.url)
        self.target = target


class _Stream(asyncio.BufferedProtocol):
    """The connection, from the request to its end.

    Attributes:
        ended: succeeds when a single picture has been delivered; else fails with why this is over.
    """

    def __init__(self, source: HttpSource, deliver: Callable[[Part], None]) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # Seen, or asyncio would complain of it: who waits may have been cancelled, even while it was connecting.
        self.ended.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        self._source = source
        self._deliver = deliver
        self._view = memoryview(bytearray(_BUFFER_SIZE))
        self._response = ResponseReader(self._on_head, self._on_body)
        self._parts: MultipartReader | None = None
        self._still: bytearray | None = None
        self._complaint: bytearray | None = None  # the body of an error
        self._transport: asyncio.WriteTransport | None = None
        self._socket: Any = None
        self._wake_at = 1
        self._heard = self._begun = False
        self._progress = source.now()  # when it was asked, or the newest part came

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if sys.platform == "linux":
            self._socket = transport.get_extra_info("socket")
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's is one, though no subclass

    def ask(self, request: bytes) -> None:
        """Send the request: whoever is connected is the one."""
        if self._source.phase is not Phase.RECEIVING:
            self._source.phase = Phase.WAITING
        self._progress = self._source.now()
        if self._transport is not None:
            self._transport.write(request)

    def forget(self) -> None:
        """Nobody waits for its end any more."""
        self.ended.cancel()

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio's name; the buffer has one size
        return self._view

    def buffer_updated(self, nbytes: int) -> None:
        self._source.phase = Phase.RECEIVING
        self._heard = True
        try:
            self._response.feed(self._view[:nbytes])
        except (BoardError, _DetourError) as error:
            self._fail(error)
        except BadResponseError as error:
            reason = Reason.NOT_MJPEG if self._response.head is None else Reason.STALLED
            self._fail(BoardError(reason, f"what it sends is not HTTP ({error})"))
        else:
            if self._response.ended:
                self._finish()
            elif self._parts is not None:
                self._source.words = self._parts.words
                self._wake_when(self._parts.missing)

    def _wake_when(self, missing: int) -> None:
        """Sleep until the rest of the frame is there: over Wi-Fi it comes in twenty pieces, and each would wake us."""
        wake_at = min(missing, _WAKE_LIMIT) if missing >= _WAKE_WORTH else 1
        if wake_at != self._wake_at and self._socket is not None:
            self._wake_at = wake_at
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, wake_at)

    def eof_received(self) -> bool:
        self._finish()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None and self._heard:
            self._fail(BoardError(Reason.STALLED, "the connection was reset"))
        else:
            self._finish()

    def _on_head(self, head: ResponseHead) -> None:
        if head.status == 500 and self._source.now() - self._progress >= _SENSOR_TIMEOUT:
            raise BoardError(Reason.SENSOR_SILENT)  # it has waited for a picture in vain
        self._source.read_head(head)
        if head.status != 200:
            self._complaint = bytearray()
        elif head.content_type == "image/jpeg":
            self._still = bytearray()
        else:
            self._parts = MultipartReader(head.boundary)

    def _on_body(self, piece: bytes) -> None:
        if self._parts is not None:
            if not self._begun:
                self._begun = True
                self._source.read_start(piece)
            if parts := self._parts.feed(piece):
                self._hand_out(parts)
        elif self._still is not None:
            self._still += piece
            if len(self._still) > FRAME_LIMIT:
                self._deliver_still(Part(b"", oversize=True))
        elif self._complaint is not None:
            self._complaint += piece
            if len(self._complaint) > _COMPLAINT_LIMIT:
                self._finish()

    def _hand_out(self, parts: list[Part]) -> None:
        self._progress = self._source.now()
        for part in parts:
            self._deliver(part)

    def _deliver_still(self, part: Part) -> None:
        if not self.ended.done():
            self._deliver(part)
            self.ended.set_result(None)

    def _finish(self) -> None:
        """The answer is complete, or the board has closed the connection, which for some firmware is the same."""
        if self.ended.done():
            return
        head = self._response.head
        if self._complaint is not None and head is not None:
            self._fail(self._source.read_complaint(head, bytes(self._complaint[:_COMPLAINT_LIMIT])))
        elif self._still:
            self._deliver_still(Part(bytes(self._still), head.headers.get("x-timestamp") if head else None))
        elif self._still is not None and self._response.ended:  # a picture of no bytes, by its own account
            self._source.words += 1
            self.ended.set_result(None)
        else:
            self._fail(self._closed())

    def _closed(self) -> BoardError:
        """What it means that the board closed the connection."""
        silent = self._source.now() - self._progress >= _SENSOR_TIMEOUT
        if self._parts is not None:
            self._hand_out(self._parts.finish())
        if silent:
            return BoardError(Reason.SENSOR_SILENT)
        if not self._heard:
            return BoardError(Reason.REFUSED, "it closed the connection without an answer")
        return BoardError(Reason.STALLED, "the board closed the connection")

    def _fail(self, error: BoardError | _DetourError) -> None:
        if not self.ended.done():
            self.ended.set_exception(error)

"""One subscriber of one camera's pictures.

A viewer holds at most one picture that it could not send yet, always the newest.
"""

import array
import asyncio
import fcntl
import queue
import socket
import sys
import termios
from collections import deque
from collections.abc import Callable, Iterator
from typing import Protocol, cast

from vedette.live.picture import Picture
from vedette.wire.multipart import ADVANCE_HEAD

FLOOD_LIMIT = 64 * 1024  # bytes: a viewer has nothing to say after its request
PATIENCE = 30.0  # seconds without any progress end a viewer

# What the kernel may hoard for one viewer: what is in it when the road is blocked is old when it arrives.
_UNSENT_LIMIT = 8 * 1024  # bytes


class Viewer(Protocol):
    """What the fan-out knows of a viewer. All on the engine's loop."""

    def offer(self, picture: Picture) -> None:
        """Show this, now or as soon as there is room; never blocks."""

    def look_after(self, now: float) -> None:
        """Give up on a viewer that makes no progress; called every few seconds."""

    def end(self) -> None:
        """End it: the server stops, or may no longer show this."""


class Patience:
    """Whether a peer whose socket is full still takes something, however little."""

    def __init__(self) -> None:
        self._outstanding = 0
        self._since: float | None = None  # when it was first seen with this much outstanding

    def renew(self) -> None:
        """There is room in the socket again."""
        self._since = None

    def ends(self, transport: asyncio.Transport, now: float) -> bool:
        """Ask every few seconds while the socket is full; true when nothing has moved for too long."""
        outstanding = outstanding_bytes(transport)
        if self._since is None or outstanding != self._outstanding:
            self._since, self._outstanding = now, outstanding
        return now - self._since >= PATIENCE


class SocketViewer(asyncio.Protocol):
    """A viewer whose socket the engine owns.

    Args:
        head: the response's head, which goes out first.
        advance: send each next part's head right behind each picture, for browsers.
        joined: called when the connection stands, with this viewer.
        left: called once when it is gone, likewise.

    Attributes:
        skipped: pictures that it did not get because its socket was full.
    """

    def __init__(
        self,
        head: bytes,
        *,
        advance: bool,
        joined: Callable[["SocketViewer"], None],
        left: Callable[["SocketViewer"], None],
    ) -> None:
        self.skipped = 0
        self._head = head + (ADVANCE_HEAD if advance else b"")
        self._advance = advance
        self._joined = joined
        self._left = left
        self._transport: asyncio.Transport | None = None
        self._ready = False
        self._newest: Picture | None = None  # not sent yet
        self._received = 0
        self._patience = Patience()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is the engine's now."""
        self._transport = transport = cast("asyncio.Transport", transport)  # uvloop's is one, though no subclass
        transport.set_write_buffer_limits(high=0)
        self._ready = True
        transport.write(self._head)
        self._joined(self)

    def offer(self, picture: Picture) -> None:
        """See `Viewer.offer`."""
        if self._ready and self._transport is not None:
            self._transport.write(picture.advance if self._advance else picture.plain)
        else:
            self.skipped += self._newest is not None
            self._newest = picture

    def pause_writing(self) -> None:
        """The socket is full."""
        self._ready = False

    def resume_writing(self) -> None:
        """There is room again: send what is newest by now."""
        self._ready = True
        self._patience.renew()
        if self._newest is not None:
            newest, self._newest = self._newest, None
            self.offer(newest)

    def data_received(self, data: bytes) -> None:
        """A viewer has nothing to say."""
        self._received += len(data)
        if self._received > FLOOD_LIMIT:
            self.end()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - a viewer may go as it likes
        """It is gone, for whatever reason."""
        self._ready = False
        self._transport = None
        self._left(self)

    def look_after(self, now: float) -> None:
        """See `Viewer.look_after`."""
        if not self._ready and self._transport is not None and self._patience.ends(self._transport, now):
            self.end()

    def end(self) -> None:
        """See `Viewer.end`. Aborted, not closed: an unread buffer would hold the socket."""
        if self._transport is not None:
            self._transport.abort()


class GeneratorViewer:
    """A viewer served by a thread of a WSGI server that keeps its socket: iterate it for bytes.

    The engine overwrites the box and then leaves a token if there is none; the thread takes the token and then empties
    the box. So neither waits for the other, and no picture is left lying.
    """

    def __init__(self, *, advance: bool, left: Callable[["GeneratorViewer"], None]) -> None:
        self._advance = advance
        self._left = left
        self._ended = False
        self._box: deque[Picture] = deque(maxlen=1)
        self._tokens: queue.SimpleQueue[None] = queue.SimpleQueue()

    def offer(self, picture: Picture) -> None:
        """See `Viewer.offer`."""
        self._box.append(picture)
        if self._tokens.empty():
            self._tokens.put(None)

    def look_after(self, now: float) -> None:
        """See `Viewer.look_after`: the WSGI server looks after its own sockets."""

    def end(self) -> None:
        """See `Viewer.end`."""
        self._ended = True
        self._tokens.put(None)

    def __iter__(self) -> Iterator[bytes]:
        if self._advance:
            yield ADVANCE_HEAD
        while True:
            self._tokens.get()
            if self._ended:
                return
            if self._box:
                picture = self._box.pop()
                yield picture.advance if self._advance else picture.plain

    def close(self) -> None:
        """The WSGI server is done with it."""
        self._left(self)


def prepare_socket(sock: socket.socket) -> None:
    """Make the kernel hold little for a viewer, and notice when it has vanished."""
    sock.settimeout(0)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if sys.platform == "linux":
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_LIMIT)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(PATIENCE * 1000))


def outstanding_bytes(transport: asyncio.Transport) -> int:
    """Bytes that were sent and have not been acknowledged: ours, and the kernel's where the system tells."""
    waiting = transport.get_write_buffer_size()
    sock = transport.get_extra_info("socket")
    if sys.platform != "linux" or sock is None:
        return waiting
    count = array.array("i", [0])
    fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, count)
    return waiting + count[0]

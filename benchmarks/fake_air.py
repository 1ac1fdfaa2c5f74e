"""An event loop from which one board can be reached, over the air of a timeline, on a clock that is moved by hand.

The server's own drivers connect through it and notice no difference: name, connection, request, answer and parts are
bytes and errors as from a socket. What a network does here is this, and no more:

* While the board's connection works, everything arrives, at once and whole.
* While it does not, whoever connects is not answered: a packet goes out after 0, 1 and 2 s, and after 3 s the system
  says that there is no way to the host, as Linux does where nobody answers for an address.
* What was connected when the Wi-Fi was lost never goes on, though it comes back: the board's stack ends its connections
  with its address (lwIP, `tcp_netif_ip_addr_changed`), and a sender that nobody acknowledges gives up after 5 s
  (esp_http_server, `send_wait_timeout`). The server hears of it as it would: by the reset that answers the probe of
  an idle connection (`sources/connection.py`: after 3 s, then each 2 s), once the board can be reached; or it gives up
  itself.
* The board takes a viewer as soon as it has an address; nobody else looks at it.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from typing import TYPE_CHECKING, Any

from vedette.clock import Timer, pause
from vedette.simulator.framing import encode_frame, encode_stream_head
from vedette.simulator.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.timeline import Timeline

    from vedette.boards import Firmware
    from vedette.clock import Clock

_PACKETS = (0.0, 1.0, 1.0)  # seconds before each
_GIVES_UP = 1.0  # seconds after the last one
_PROBED_AFTER, _PROBED_EVERY = 3.0, 2.0  # seconds
_STATUS = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"
_NOTHING_THERE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class Air:
    """One board and the way to it.

    Args:
        timeline: when it can be reached.
        firmware: what it sends.
        pictures: what it sees, over and over; no two that follow each other alike.
        fps: pictures a second.
        clock: whose now, when this is made, is the beginning of the timeline.
    """

    def __init__(
        self, timeline: Timeline, firmware: Firmware, pictures: Sequence[bytes], fps: float, clock: Clock
    ) -> None:
        self.firmware = firmware
        self.clock = clock
        self.interval = 1 / fps
        self._timeline = timeline
        self._pictures = pictures
        self._began = clock.monotonic()
        self._settings = Settings(firmware, (160, 120))

    def up_since(self) -> float | None:
        """See `Timeline.up_since`, now."""
        return self._timeline.up_since(self._now())

    def part(self, number: int) -> bytes:
        """A part of the stream, as it is sent now."""
        jpeg = self._pictures[number % len(self._pictures)]
        return encode_frame(self.firmware.framing, jpeg, self._uptime(), len(jpeg))

    def status(self) -> bytes:
        """The answer to a question for the board's status."""
        body = self._settings.status(self._uptime())
        return _STATUS.format(len(body)).encode("ascii") + body

    async def connect(
        self, make_protocol: Callable[[], asyncio.BaseProtocol], host: str, port: int
    ) -> tuple[asyncio.Transport, asyncio.BaseProtocol]:
        """As `loop.create_connection` does it."""
        for wait in _PACKETS:
            if wait:
                await pause(self.clock, wait)
            since = self.up_since()
            if since is None:
                continue
            if port not in {self.firmware.stream_port, self.firmware.control_port}:
                raise ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
            protocol = make_protocol()
            transport = _Connection(self, protocol, (host, port), since)
            protocol.connection_made(transport)
            return transport, protocol
        await pause(self.clock, _GIVES_UP)
        raise OSError(errno.EHOSTUNREACH, os.strerror(errno.EHOSTUNREACH))

    def _now(self) -> float:
        return self.clock.monotonic() - self._began

    def _uptime(self) -> float:
        return self._now() - self._timeline.booted(self._now())


class AirLoop(asyncio.SelectorEventLoop):
    """An event loop whose connections all go through the same air."""

    def __init__(self, air: Air) -> None:
        super().__init__()
        self._air = air

    async def create_connection(  # type: ignore[override] # of its forms, the one that drivers use
        self, protocol_factory: Callable[[], asyncio.BaseProtocol], host: str, port: int
    ) -> tuple[asyncio.Transport, asyncio.BaseProtocol]:
        """See `Air.connect`."""
        return await self._air.connect(protocol_factory, host, port)


class _Connection(asyncio.Transport):
    """The server's end of one connection, and the board's task at the other."""

    def __init__(self, air: Air, protocol: asyncio.BaseProtocol, peer: tuple[str, int], since: float) -> None:
        super().__init__()
        self._air = air
        self._protocol = protocol
        self._peer = peer
        self._since = since
        self._socket = socket.socket()  # never connected: it takes the options that drivers set
        self._request = b""
        self._sent = 0
        self._heard = air.clock.monotonic()
        self._timer: Timer | None = None
        self._closed = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": self._peer, "socket": self._socket}.get(name, default)

    def is_closing(self) -> bool:
        return self._closed

    def close(self) -> None:
        self.abort()

    def abort(self) -> None:
        self._end(None)

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        """The request; it travels in no time."""
        self._request += data
        if not self._request.endswith(b"\r\n\r\n"):
            return
        path = self._request.split(b" ", 2)[1].decode("ascii")
        firmware = self._air.firmware
        if path == firmware.stream_path:
            self._tick()
        else:
            self._arrive(self._air.status() if path == firmware.status_path else _NOTHING_THERE)

    def _tick(self) -> None:
        """One picture; or the connection turns out to be dead."""
        clock = self._air.clock
        if self._air.up_since() != self._since:
            self._probe()
            return
        part = self._air.part(self._sent)
        self._arrive(part if self._sent else encode_stream_head(self._air.firmware.framing) + part)
        self._sent += 1
        self._heard = clock.monotonic()
        if not self._closed:
            self._timer = clock.call_later(self._air.interval, self._tick)

    def _probe(self) -> None:
        """The system asks whether the other end still knows of this connection: it does not."""
        idle = self._air.clock.monotonic() - self._heard
        if idle >= _PROBED_AFTER and self._air.up_since() is not None:
            self._end(ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET)))
            return
        wait = _PROBED_AFTER - idle if idle < _PROBED_AFTER else _PROBED_EVERY
        self._timer = self._air.clock.call_later(wait, self._probe)

    def _arrive(self, data: bytes) -> None:
        protocol = self._protocol
        if isinstance(protocol, asyncio.Protocol):
            protocol.data_received(data)
        elif isinstance(protocol, asyncio.BufferedProtocol):
            while data and not self._closed:
                buffer = memoryview(protocol.get_buffer(len(data)))
                taken = min(len(buffer), len(data))
                buffer[:taken] = data[:taken]
                protocol.buffer_updated(taken)
                data = data[taken:]

    def _end(self, error: Exception | None) -> None:
        if self._closed:
            return
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        self._socket.close()
        asyncio.get_running_loop().call_soon(self._protocol.connection_lost, error)

"""Walls: the pictures of many cameras and the state of all, over one WebSocket each (`docs/wall-protocol.md`).

A camera's picture is framed once for all walls. A wall has at most one picture of each camera under way; the next is
sent when that one is drawn, and is then the newest. Cameras that wait for room in the socket take turns.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Iterable

from websockets.frames import CloseCode, Opcode
from websockets.frames import Frame as WebSocketFrame
from websockets.protocol import State
from websockets.server import ServerProtocol

from vedette.clock import Clock, Timer
from vedette.frame import Frame
from vedette.hub import Camera, Health, Hub
from vedette.live.adoption import Adoption
from vedette.live.news import News, Report
from vedette.live.road import Road
from vedette.wire.wall import BadMessageError, decode_binary, decode_text, encode_cameras, encode_picture, wrap_sequence

MESSAGE_LIMIT = 64 * 1024  # bytes of one message from a client
_FLOOD_LIMIT = 1024 * 1024  # bytes from a client between two looks after it
_LOOK_AFTER_EVERY = 5.0  # seconds


class _Picture:
    """A frame on its way to walls; framed when the first of them takes it."""

    __slots__ = ("_frame", "_message", "_number", "camera_id", "sequence")

    def __init__(self, camera_id: str, number: int, frame: Frame) -> None:
        self.camera_id = camera_id
        self._number = number
        self.sequence = wrap_sequence(frame.sequence)
        self._frame = frame
        self._message: bytes | None = None

    @property
    def message(self) -> bytes:
        if self._message is None:
            frame = self._frame
            self._message = encode_picture(self._number, frame.sequence, frame.timestamp, frame.jpeg)
        return self._message


class _Tile:
    """One camera on one wall."""

    __slots__ = ("newest", "queued", "under_way")

    def __init__(self) -> None:
        self.newest: _Picture | None = None  # not sent yet
        self.under_way: int | None = None  # the sequence number of the picture that is not drawn yet
        self.queued = False


class Wall(asyncio.Protocol):
    """One client, from the answered handshake to the end. Everything here happens on the engine's loop.

    Args:
        walls: all of them, and what there is to show.
        protocol: with the handshake accepted.
        answer: the bytes of the accepted handshake.
    """

    def __init__(self, walls: "Walls", protocol: ServerProtocol, answer: bytes) -> None:
        self._walls = walls
        self._protocol = protocol
        self._answer = answer
        self._road = Road(walls.clock, self._pump)
        self._tiles: dict[str, _Tile] = {}
        self._queue: deque[str] = deque()  # cameras that wait for room, the longest first
        self._words: bytes | None = None  # the newest news of all cameras, not sent yet
        self._received = 0

    @property
    def wanted(self) -> frozenset[str]:
        """The cameras whose pictures it wants; may be read from any thread."""
        return frozenset(self._tiles)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is the engine's now."""
        self._road.open(transport).write(self._answer)
        self._walls.join(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - a client may go as it likes
        """It is gone, for whatever reason."""
        self._road.close()
        self._look_at({})
        self._walls.leave(self)

    def tell(self, words: bytes) -> None:
        """News of all cameras: sent before any picture, and only the newest."""
        self._words = words
        self._pump()

    def offer(self, picture: _Picture) -> None:
        """A new picture of a camera: sent now, when its turn comes, or never."""
        tile = self._tiles.get(picture.camera_id)
        if tile is None:
            return
        tile.newest = picture
        if tile.under_way is None and not tile.queued:
            tile.queued = True
            self._queue.append(picture.camera_id)
            self._pump()

    def rearrange(self) -> None:
        """The cameras have other numbers: what is under way by the old ones counts no more."""
        self._queue.clear()
        self._look_at({camera: _Tile() for camera in self._tiles if self._walls.has(camera)})

    def pause_writing(self) -> None:
        """The socket is full."""
        self._road.block()

    def resume_writing(self) -> None:
        """There is room again."""
        self._road.unblock()

    def look_after(self, now: float) -> None:
        """Give up on a client that makes no progress; called every few seconds."""
        self._received = 0
        self._road.look_after(now)

    def end(self) -> None:
        """The server stops, or may no longer show this."""
        if self._road.free is not None and self._protocol.state is State.OPEN:
            self._protocol.send_close(CloseCode.GOING_AWAY)
            self._write_protocol()
        self._road.abort()  # what is written has gone out, or never would

    def data_received(self, data: bytes) -> None:
        """The client speaks."""
        self._received += len(data)
        if self._received > _FLOOD_LIMIT:
            self._road.abort()
            return
        self._protocol.receive_data(data)
        try:
            for event in self._protocol.events_received():
                if isinstance(event, WebSocketFrame):
                    self._hear(event)
        except BadMessageError as error:
            self._refuse(str(error))
        self._write_protocol()

    def eof_received(self) -> bool:
        """End of file means gone."""
        return False

    def _hear(self, message: WebSocketFrame) -> None:
        if message.opcode is Opcode.BINARY and message.fin:
            drawn = decode_binary(bytes(message.data))
            self._drawn(drawn.number, drawn.sequence)
        elif message.opcode is Opcode.TEXT and message.fin:
            self._want(decode_text(bytes(message.data)).cameras)
        elif message.opcode in {Opcode.BINARY, Opcode.TEXT, Opcode.CONT}:
            raise BadMessageError("a message in fragments")

    def _want(self, cameras: Iterable[str]) -> None:
        before = self._tiles
        wanted = [camera for camera in dict.fromkeys(cameras) if self._walls.has(camera)]
        self._look_at({camera: before.get(camera) or _Tile() for camera in wanted})
        for camera in wanted:
            if camera not in before and (picture := self._walls.newest(camera)):
                self.offer(picture)

    def _look_at(self, tiles: dict[str, _Tile]) -> None:
        before, self._tiles = self._tiles, tiles
        for camera in tiles.keys() - before.keys():
            self._walls.attend(camera)
        for camera in before.keys() - tiles.keys():
            self._walls.release(camera)

    def _drawn(self, number: int, sequence: int) -> None:
        camera = self._walls.camera_at(number)
        tile = self._tiles.get(camera) if camera is not None else None
        if camera is None or tile is None or tile.under_way != sequence:
            return
        tile.under_way = None
        if tile.newest is not None and not tile.queued:
            tile.queued = True
            self._queue.append(camera)
            self._pump()

    def _pump(self) -> None:
        """Send what fits: words first, then a picture of each camera in turn."""
        while (self._words is not None or self._queue) and (transport := self._road.free) is not None:
            if self._words is not None:
                words, self._words = self._words, None
                transport.write(words)
            else:
                self._send(self._queue.popleft(), transport)

    def _send(self, camera: str, transport: asyncio.Transport) -> None:
        tile = self._tiles.get(camera)
        if tile is None:
            return  # nobody wants it any more
        tile.queued = False
        picture, tile.newest = tile.newest, None
        if picture is not None:
            tile.under_way = picture.sequence
            transport.write(picture.message)

    def _refuse(self, why: str) -> None:
        if self._protocol.state is State.OPEN:
            self._protocol.fail(CloseCode.UNSUPPORTED_DATA, why)

    def _write_protocol(self) -> None:
        """Send what the WebSocket protocol itself has to say: pongs and closing."""
        for data in self._protocol.data_to_send():
            transport = self._road.transport
            if transport is None:
                return
            if data:
                transport.write(data)
            else:
                transport.close()


class Walls:
    """All walls, and what they show.

    Args:
        hub: the cameras; a camera's number is its position there.
        adoption: how sockets get to the engine.
        clock: for looking after.
        news: of the cameras; the picture of a camera whose health has changed waits for them.
    """

    def __init__(self, hub: Hub, adoption: Adoption, clock: Clock, news: News) -> None:
        self._hub = hub
        self._adoption = adoption
        self.clock = clock
        self._news = news
        self._walls: tuple[Wall, ...] = ()
        self._care: Timer | None = None
        self._sinks: dict[str, _CameraSink] = {}
        self._ids: tuple[str, ...] = ()
        self._numbers: dict[str, int] = {}
        self.rearrange()

    def rearrange(self) -> None:
        """The cameras are others, or in another order: all walls are told, and get pictures by the new numbers."""
        cameras = self._hub.cameras
        for gone in self._sinks.keys() - cameras.keys():
            sink = self._sinks.pop(gone)
            sink.camera.slot.remove(sink)
        for camera in cameras.values():
            if camera.id not in self._sinks:
                self._sinks[camera.id] = sink = _CameraSink(self, camera)
                camera.slot.add(sink)
        self._ids = tuple(cameras)
        self._numbers = {camera_id: number for number, camera_id in enumerate(self._ids)}
        for wall in self._walls:
            wall.rearrange()
        self._news.tell_now()
        for camera_id in self._ids:
            self._offer(camera_id)

    def adopt(self, sock: socket.socket, protocol: ServerProtocol, answer: bytes) -> None:
        """Take a connection over, from any thread: the socket is the engine's from now on."""
        self._adoption.adopt(sock, lambda: Wall(self, protocol, answer))

    def viewer_count(self, camera_id: str) -> int:
        """How many walls want a camera; may be called from any thread."""
        return sum(camera_id in wall.wanted for wall in self._walls)

    def has(self, camera_id: str) -> bool:
        """Whether there is such a camera."""
        return camera_id in self._numbers

    def camera_at(self, number: int) -> str | None:
        """The camera of that number; None where there is none."""
        return self._ids[number] if number < len(self._ids) else None

    def attend(self, camera_id: str) -> None:
        """A wall begins to look at a camera; see `Camera.attend`."""
        self._sinks[camera_id].camera.attend()

    def release(self, camera_id: str) -> None:
        """A wall has looked away; nothing where the camera is no more."""
        if camera_id in self._sinks:
            self._sinks[camera_id].camera.release()

    def newest(self, camera_id: str) -> _Picture | None:
        """The newest picture of a camera, live or not, for a wall that begins to look."""
        frame = self._sinks[camera_id].camera.presentable()
        return _Picture(camera_id, self._numbers[camera_id], frame) if frame is not None else None

    def join(self, wall: Wall) -> None:
        """A wall has come: it hears of all cameras at once."""
        self._walls = (*self._walls, wall)
        wall.tell(encode_cameras(self._news.join(self).texts))
        if self._care is None:
            self._care = self.clock.call_later(_LOOK_AFTER_EVERY, self._look_after)

    def leave(self, wall: Wall) -> None:
        """A wall has gone."""
        self._walls = tuple(other for other in self._walls if other is not wall)
        if not self._walls:
            self._news.leave(self)

    async def stop(self) -> None:
        """End all walls."""
        if self._care is not None:
            self._care.cancel()
        for wall in self._walls:
            wall.end()

    def show(self, camera_id: str, frame: Frame) -> None:
        """A camera has a new frame."""
        if self._walls and not self._news.is_untold(camera_id):
            picture = _Picture(camera_id, self._numbers[camera_id], frame)
            for wall in self._walls:
                wall.offer(picture)

    def hear(self, report: Report) -> None:
        """See `vedette.live.news.Listener`: words first, then the pictures that waited for them."""
        words = encode_cameras(report.texts)
        for wall in self._walls:
            wall.tell(words)
        for camera_id in report.changed:
            self._offer(camera_id)

    def _offer(self, camera_id: str) -> None:
        if self._walls and (picture := self.newest(camera_id)) is not None:
            for wall in self._walls:
                wall.offer(picture)

    def _look_after(self) -> None:
        self._care = None
        now = self.clock.monotonic()
        for wall in self._walls:
            wall.look_after(now)
        if self._walls:
            self._care = self.clock.call_later(_LOOK_AFTER_EVERY, self._look_after)


class _CameraSink:
    """Tells the walls of one camera; see `vedette.hub.Sink`."""

    def __init__(self, walls: Walls, camera: Camera) -> None:
        self._walls = walls
        self.camera = camera

    def take_frame(self, frame: Frame) -> None:
        self._walls.show(self.camera.id, frame)

    def take_health(self, health: Health) -> None:
        """The news tell it."""

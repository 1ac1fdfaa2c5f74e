"""Walls: the pictures of many cameras and the state of all, over one WebSocket each (`docs/wall-protocol.md`).

A wall gets each camera's pictures about as large as it shows them: in one of a few widths, so that walls and screens of
all kinds share them, and never larger than they came. A picture is framed once for all who get it. A wall has at most
one picture of each camera under way; the next is sent when that one is drawn, and is then the newest. Cameras that wait
for room in the socket take turns.
"""

import asyncio
import socket
from collections import deque
from collections.abc import Mapping

from websockets.frames import CloseCode, Opcode
from websockets.frames import Frame as WebSocketFrame
from websockets.protocol import State
from websockets.server import ServerProtocol

from vedette.clock import Clock, Timer
from vedette.errors import RequestError
from vedette.frame import Frame
from vedette.hub import Health, Hub, Rendition, Renditions
from vedette.hub import State as CameraState
from vedette.live.adoption import Adoption
from vedette.live.news import News, Report
from vedette.live.road import Road
from vedette.picture import Recipe
from vedette.wire.wall import BadMessageError, decode_binary, decode_text, encode_cameras, encode_picture, wrap_sequence

MESSAGE_LIMIT = 64 * 1024  # bytes of one message from a client
_FLOOD_LIMIT = 1024 * 1024  # bytes from a client between two looks after it
WIDTHS = (160, 240, 320, 400, 480, 640, 800, 1024, 1280, 1600)  # pixels; more, and it is sent as it came
_WAITED = 0.2  # seconds: a picture that has waited so long for room in the socket is made anew
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
    def arrival(self) -> float:
        """When the frame came, on the monotonic clock."""
        return self._frame.arrival

    @property
    def message(self) -> bytes:
        if self._message is None:
            frame = self._frame
            self._message = encode_picture(self._number, frame.sequence, frame.timestamp, frame.jpeg)
        return self._message


class _Tile:
    """One camera on one wall."""

    __slots__ = ("newest", "queued", "screen", "under_way")

    def __init__(self, screen: "_Screen") -> None:
        self.screen = screen
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
        self._want({})
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

    def could_take(self, camera_id: str) -> bool:
        """Whether a picture of a camera would be sent, or take the place of one that has waited for some time."""
        tile = self._tiles.get(camera_id)
        if tile is None or tile.under_way is not None:
            return False
        return tile.newest is None or self._walls.clock.monotonic() - tile.newest.arrival > _WAITED

    def rearrange(self) -> None:
        """The cameras have other numbers: what is under way by the old ones counts no more."""
        self._queue.clear()
        for tile in self._tiles.values():
            tile.newest = tile.under_way = None
            tile.queued = False
        self._want({camera: tile.screen.width for camera, tile in self._tiles.items()})

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
            want = decode_text(bytes(message.data))
            self._want({camera: choose_width(want.widths.get(camera)) for camera in want.cameras})
        elif message.opcode in {Opcode.BINARY, Opcode.TEXT, Opcode.CONT}:
            raise BadMessageError("a message in fragments")

    def _want(self, widths: Mapping[str, int | None]) -> None:
        """Pictures of these cameras from now on, as wide as this; of those that it had so before nothing comes anew."""
        before = dict(self._tiles)
        tiles: dict[str, _Tile] = {}
        new: list[_Tile] = []
        for camera, width in widths.items():
            if not self._walls.has(camera):
                continue
            old = before.get(camera)
            if old is not None and old.screen.width == width and self._walls.is_current(old.screen):
                tiles[camera] = before.pop(camera)
                continue
            tiles[camera] = tile = _Tile(self._walls.open(camera, width, self))
            tile.under_way = old.under_way if old is not None else None
            new.append(tile)
        self._tiles = tiles
        for tile in before.values():
            self._walls.close(tile.screen, self)
        for tile in new:
            if (picture := tile.screen.newest()) is not None:
                self.offer(picture)
            tile.screen.rendition.look_again()

    def _drawn(self, number: int, sequence: int) -> None:
        camera = self._walls.camera_at(number)
        tile = self._tiles.get(camera) if camera is not None else None
        if camera is None or tile is None or tile.under_way != sequence:
            return
        tile.under_way = None
        if tile.newest is None:
            tile.screen.rendition.look_again()
        elif not tile.queued:
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
        if tile is None or not tile.queued:
            return  # nobody wants it any more; or it was wanted anew meanwhile, and has had its turn
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
        renditions: their pictures, in all widths.
        adoption: how sockets get to the engine.
        clock: for looking after.
        news: of the cameras; the picture of a camera whose health has changed waits for them.
    """

    def __init__(self, hub: Hub, renditions: Renditions, adoption: Adoption, clock: Clock, news: News) -> None:
        self._hub = hub
        self._renditions = renditions
        self._adoption = adoption
        self.clock = clock
        self._news = news
        self._walls: tuple[Wall, ...] = ()
        self._care: Timer | None = None
        self._screens: dict[str, dict[int | None, _Screen]] = {}  # by camera and width
        self._ids: tuple[str, ...] = ()
        self._numbers: dict[str, int] = {}
        self.rearrange()

    def rearrange(self) -> None:
        """The cameras are others, or in another order: all walls are told, and get pictures by the new numbers."""
        self._ids = tuple(self._hub.cameras)
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

    def number_of(self, camera_id: str) -> int | None:
        """The camera's number; None where it is no more."""
        return self._numbers.get(camera_id)

    def is_untold(self, camera_id: str) -> bool:
        """Whether a camera's health has changed, and the walls have not heard of it yet."""
        return self._news.is_untold(camera_id)

    def open(self, camera_id: str, width: int | None, wall: Wall) -> "_Screen":
        """Show a wall a camera in some width from now on; where too much is made already, as it comes."""
        screens = self._screens.setdefault(camera_id, {})
        screen = screens.get(width)
        if screen is None or not self.is_current(screen):
            camera = self._hub.cameras[camera_id]
            try:
                rendition = self._renditions.find(camera, Recipe(width=width))
            except RequestError:
                rendition = self._renditions.find(camera, Recipe())
            screens[width] = screen = _Screen(self, rendition, width)
        screen.join(wall)
        return screen

    def close(self, screen: "_Screen", wall: Wall) -> None:
        """Show it to a wall no more."""
        screen.leave(wall)
        camera_id = screen.camera_id
        if not screen.walls and self._screens.get(camera_id, {}).get(screen.width) is screen:
            del self._screens[camera_id][screen.width]
            if not self._screens[camera_id]:
                del self._screens[camera_id]

    def is_current(self, screen: "_Screen") -> bool:
        """Whether the camera that it shows is the one of that id."""
        return self._hub.cameras.get(screen.camera_id) is screen.rendition.camera

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

    def hear(self, report: Report) -> None:
        """See `vedette.live.news.Listener`: words first, then the pictures that waited for them."""
        words = encode_cameras(report.texts)
        for wall in self._walls:
            wall.tell(words)
        for camera_id in report.changed:
            self._offer(camera_id)

    def _offer(self, camera_id: str) -> None:
        for screen in tuple(self._screens.get(camera_id, {}).values()):
            screen.offer_newest()

    def _look_after(self) -> None:
        self._care = None
        now = self.clock.monotonic()
        for wall in self._walls:
            wall.look_after(now)
        if self._walls:
            self._care = self.clock.call_later(_LOOK_AFTER_EVERY, self._look_after)


class _Screen:
    """One camera in one width, for all walls that show it so; see `vedette.hub.Sink`."""

    def __init__(self, walls: Walls, rendition: Rendition, width: int | None) -> None:
        self.rendition = rendition
        self.width = width
        self.camera_id = rendition.camera.id
        self.walls: tuple[Wall, ...] = ()
        self._all = walls

    def join(self, wall: Wall) -> None:
        self.walls = (*self.walls, wall)
        if len(self.walls) == 1:
            self.rendition.slot.add(self)
            self.rendition.attend(self._is_wanted)

    def leave(self, wall: Wall) -> None:
        before = self.walls
        self.walls = tuple(other for other in before if other is not wall)
        if before and not self.walls:
            self.rendition.slot.remove(self)
            self.rendition.release(self._is_wanted)

    def _is_wanted(self) -> bool:
        return any(wall.could_take(self.camera_id) for wall in self.walls)

    def newest(self) -> _Picture | None:
        """The newest picture there is, live or not, for a wall that begins to look."""
        frame, number = self.rendition.presentable(), self._all.number_of(self.camera_id)
        return _Picture(self.camera_id, number, frame) if frame is not None and number is not None else None

    def offer_newest(self) -> None:
        if (picture := self.newest()) is not None:
            for wall in self.walls:
                wall.offer(picture)

    def take_frame(self, frame: Frame) -> None:
        number = self._all.number_of(self.camera_id)
        if number is not None and not self._all.is_untold(self.camera_id):
            picture = _Picture(self.camera_id, number, frame)
            for wall in self.walls:
                wall.offer(picture)

    def take_health(self, health: Health) -> None:
        """The news tell it. But the last picture of a camera that is away may have been made only now."""
        if health.state is not CameraState.ONLINE and not self._all.is_untold(self.camera_id):
            self.offer_newest()


def choose_width(shown: int | None) -> int | None:
    """The least width of the ladder that is not less than what is shown, in pixels; None for as it comes."""
    return None if shown is None else next((width for width in WIDTHS if width >= shown), None)

"""All channels, and the ways into them: a socket to adopt, or a generator to iterate."""

import asyncio
import logging
import socket
from functools import partial
from typing import TypeVar

from vedette.clock import Clock, Timer
from vedette.hub import Engine, Hub
from vedette.live.channel import Channel
from vedette.live.placeholder import Placeholders
from vedette.live.viewer import GeneratorViewer, SocketViewer, Viewer, prepare_socket

_log = logging.getLogger(__name__)

_LOOK_AFTER_EVERY = 5.0  # seconds

V = TypeVar("V", bound=Viewer)


class Live:
    """The viewers of all cameras.

    Args:
        engine: whose loop owns the viewers' sockets.
        hub: whose cameras they look at.
        placeholders: what they see before a first picture.
        clock: for all waiting.
    """

    def __init__(self, engine: Engine, hub: Hub, placeholders: Placeholders, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._channels = {camera_id: Channel(camera, placeholders, clock) for camera_id, camera in hub.cameras.items()}
        self._adopting: set[asyncio.Task[None]] = set()
        self._timer: Timer | None = None

    def viewer_count(self, camera_id: str) -> int:
        """How many look at a camera; may be called from any thread."""
        return len(self._channels[camera_id].viewers)

    def adopt(self, camera_id: str, sock: socket.socket, head: bytes, *, advance: bool) -> None:
        """Take a connection over, from any thread: the socket is the engine's from now on.

        Args:
            camera_id: of a camera that exists.
            sock: connected; nothing of the answer has been sent on it.
            head: the answer's status line and headers.
            advance: it is a browser's.
        """
        self._engine.post(lambda: self._adopt(self._channels[camera_id], sock, head, advance=advance))

    def open_generator(self, camera_id: str, *, advance: bool) -> GeneratorViewer:
        """A viewer for a server's thread to iterate; from any thread."""
        channel = self._channels[camera_id]
        viewer = GeneratorViewer(advance=advance, left=lambda left: self._engine.post(partial(channel.leave, left)))
        self._engine.post(partial(channel.join, viewer))
        return viewer

    def start(self) -> None:
        """Begin to look after the viewers; on the engine's loop."""
        self._timer = self._clock.call_later(_LOOK_AFTER_EVERY, self._look_after)

    async def stop(self) -> None:
        """End all viewers; on the engine's loop."""
        if self._timer is not None:
            self._timer.cancel()
        for channel in self._channels.values():
            for viewer in channel.viewers:
                viewer.end()

    def _adopt(self, channel: Channel, sock: socket.socket, head: bytes, *, advance: bool) -> None:
        task = asyncio.get_running_loop().create_task(_carry(channel, sock, head, advance=advance))
        self._adopting.add(task)
        task.add_done_callback(self._adopting.discard)

    def _look_after(self) -> None:
        now = self._clock.monotonic()
        for channel in self._channels.values():
            for viewer in channel.viewers:
                viewer.look_after(now)
        self.start()


async def _carry(channel: Channel, sock: socket.socket, head: bytes, *, advance: bool) -> None:
    viewer = SocketViewer(head, advance=advance, joined=channel.join, left=channel.leave)
    try:
        prepare_socket(sock)
        await asyncio.get_running_loop().connect_accepted_socket(lambda: viewer, sock)
    except OSError as error:  # it has gone already
        sock.close()
        _log.debug("a viewer left before its first picture: %s", error)

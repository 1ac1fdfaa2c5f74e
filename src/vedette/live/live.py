"""All channels, and the ways into them: a socket to adopt, or a generator to iterate."""

import socket
from functools import partial
from threading import BoundedSemaphore

from vedette.clock import Clock, Timer
from vedette.frame import Frame
from vedette.hub import Camera, Engine, Hub, State, camera_unknown
from vedette.live.adoption import Adoption
from vedette.live.away import AwayPictures
from vedette.live.channel import Channel
from vedette.live.onelook import OneLook
from vedette.live.viewer import GeneratorViewer, SocketViewer

_LOOK_AFTER_EVERY = 5.0  # seconds
_LOOKS = 2  # snapshots that may wait for their picture: each holds a thread of the WSGI server, which has four


class Live:
    """The viewers of all cameras.

    Args:
        engine: whose loop owns the viewers' sockets.
        hub: whose cameras they look at.
        adoption: how sockets get there.
        away: what they see while a camera is not live.
        clock: for all waiting.
    """

    def __init__(self, engine: Engine, hub: Hub, adoption: Adoption, away: AwayPictures, clock: Clock) -> None:
        self._engine = engine
        self._adoption = adoption
        self._clock = clock
        self._away = away
        self._channels: dict[str, Channel] = {}
        for camera in hub.cameras.values():
            self.add(camera)
        self._timer: Timer | None = None
        self._looks = BoundedSemaphore(_LOOKS)

    def add(self, camera: Camera) -> None:
        """There is one more camera."""
        self._channels = self._channels | {camera.id: Channel(camera, self._away, self._clock)}

    def remove(self, camera: Camera) -> None:
        """A camera is no more: its viewers' streams end."""
        channel = self._channels[camera.id]
        self._channels = {key: other for key, other in self._channels.items() if other is not channel}
        channel.close()

    def viewer_count(self, camera_id: str) -> int:
        """How many look at a camera; may be called from any thread."""
        channel = self._channels.get(camera_id)
        return len(channel.viewers) if channel is not None else 0

    def snapshot(self, camera: Camera) -> Frame | None:
        """A fresh frame, checked as closely as the configuration wants; None where there is none.

        Waits for the next one where the camera is asleep, or was not watched; from any thread but the engine's.
        """
        fresh = camera.fresh_frame()
        if fresh is not None and camera.presentable() is fresh:
            return fresh
        asleep = camera.on_demand and camera.health.state in {State.IDLE, State.CONNECTING}
        if (fresh is None and not asleep) or not self._looks.acquire(blocking=False):
            return None
        try:
            return OneLook(self._engine, camera).wait()
        finally:
            self._looks.release()

    def channel(self, camera_id: str) -> Channel:
        """Where a camera's viewers join.

        Raises:
            RequestError: there is no such camera.
        """
        channel = self._channels.get(camera_id)
        if channel is None:
            raise camera_unknown(camera_id)
        return channel

    def adopt(self, channel: Channel, sock: socket.socket, head: bytes, *, advance: bool) -> None:
        """Take a connection over, from any thread: the socket is the engine's from now on.

        Args:
            channel: what is looked at; one that has been closed meanwhile ends the connection.
            sock: connected; nothing of the answer has been sent on it.
            head: the answer's status line and headers.
            advance: it is a browser's.
        """
        self._adoption.adopt(
            sock,
            lambda: SocketViewer(head, advance=advance, clock=self._clock, joined=channel.join, left=channel.leave),
        )

    def open_generator(self, channel: Channel, *, advance: bool) -> GeneratorViewer:
        """A viewer for a server's thread to iterate; from any thread."""
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
            channel.close()

    def _look_after(self) -> None:
        now = self._clock.monotonic()
        for channel in self._channels.values():
            for viewer in channel.viewers:
                viewer.look_after(now)
        self.start()

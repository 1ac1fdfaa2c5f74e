"""All channels, and the ways into them: a socket to adopt, or a generator to iterate.

A channel is there as long as somebody looks: it opens for the first viewer of a look, and goes with the last.
"""

import socket
from functools import partial
from threading import BoundedSemaphore

from vedette.clock import Clock, Timer
from vedette.errors import RequestError
from vedette.frame import Frame
from vedette.hub import Camera, Engine, Hub, Renditions, State
from vedette.live.adoption import Adoption
from vedette.live.away import AwayPictures
from vedette.live.channel import Channel, Subject
from vedette.live.look import Look, MosaicLook
from vedette.live.mosaic import MosaicFeed
from vedette.live.onelook import PATIENCE, OneLook
from vedette.live.viewer import GeneratorViewer, SocketViewer, Viewer

MOSAICS = 16  # at a time: each is a thread's work
_LOOK_AFTER_EVERY = 5.0  # seconds
_LOOKS = 2  # snapshots that may wait for their picture: each holds a thread of the WSGI server, which has four
_TURN = 1.0  # seconds that one more waits for its turn, of a camera that is there
_THERE = 2.0  # seconds for the next picture of a camera that is there
_MOSAIC = ""  # no camera's id


class Live:
    """The viewers of all cameras.

    Args:
        engine: whose loop owns the viewers' sockets.
        hub: whose cameras they look at.
        renditions: who makes other pictures of the cameras'.
        adoption: how sockets get there.
        away: what they see while a camera is not live.
        clock: for all waiting.
    """

    def __init__(
        self, engine: Engine, hub: Hub, renditions: Renditions, adoption: Adoption, away: AwayPictures, clock: Clock
    ) -> None:
        self._engine = engine
        self._hub = hub
        self._renditions = renditions
        self._adoption = adoption
        self._clock = clock
        self._away = away
        self._channels: dict[str, dict[Look | MosaicLook, Channel]] = {}  # by camera; replaced, never changed
        self._joined: dict[Viewer, Channel] = {}
        self._timer: Timer | None = None
        self._stopped = False
        self._looks = BoundedSemaphore(_LOOKS)
        self._open_looks: set[OneLook] = set()

    def remove(self, camera: Camera) -> None:
        """A camera is no more: its viewers' streams end."""
        for channel in tuple(self._channels.get(camera.id, {}).values()):
            channel.close()
        self._channels = {key: channels for key, channels in self._channels.items() if key != camera.id}

    def viewer_count(self, camera_id: str) -> int:
        """How many look at a camera, in whatever form, mosaics among them; may be called from any thread."""
        return sum(
            len(channel.viewers)
            for key in (camera_id, _MOSAIC)
            for look, channel in self._channels.get(key, {}).items()
            if isinstance(look, Look) or look.cameras is None or camera_id in look.cameras
        )

    def check(self, look: Look | MosaicLook) -> None:
        """Whether there is such a thing to look at; from any thread.

        Raises:
            RequestError: there is no such camera, or too much is being made already.
        """
        if isinstance(look, Look):
            self._renditions.check(self._hub.find(look.camera_id), look.recipe, look.fps)
            return
        for camera_id in look.cameras or ():
            self._hub.find(camera_id)
        if not self._hub.cameras:
            raise RequestError(404, "no_cameras", "There is no camera yet: this server's page says how to add one.")
        mosaics = self._channels.get(_MOSAIC, {})
        if look not in mosaics and len(mosaics) >= MOSAICS:
            raise RequestError(503, "too_many_mosaics", f"{MOSAICS} mosaics are being made already: try later.")

    def snapshot(self, look: Look) -> Frame | None:
        """A fresh frame, checked as closely as the configuration wants; None where there is none.

        Waits for the next one where the camera is asleep, was not watched, or the picture has to be made; from any
        thread but the engine's.

        Raises:
            RequestError: there is no such camera, too much is being made already, or too many wait.
        """
        camera = self._hub.find(look.camera_id)
        self._renditions.check(camera, look.recipe)
        there = camera.fresh_frame() is not None
        asleep = camera.on_demand and camera.health.state in {State.IDLE, State.CONNECTING}
        if not there and not asleep:
            return None
        if there and (ready := self._renditions.ready(camera, look.recipe)) is not None:
            return ready
        if not self._looks.acquire(timeout=_TURN if there else 0):
            raise RequestError(503, "snapshots_busy", "Too many snapshots are being waited for: try again in a moment.")
        one = OneLook(self._engine, lambda: self._renditions.find(camera, look.recipe))
        self._open_looks.add(one)
        try:
            return None if self._stopped else one.wait(_THERE if there else PATIENCE)
        finally:
            self._open_looks.discard(one)
            self._looks.release()

    def adopt(self, look: Look | MosaicLook, sock: socket.socket, head: bytes, *, advance: bool) -> None:
        """Take a connection over, from any thread: the socket is the engine's from now on.

        Args:
            look: at what; where that is no more, the connection ends.
            sock: connected; nothing of the answer has been sent on it.
            head: the answer's status line and headers.
            advance: it is a browser's.
        """
        joined, left = partial(self._join, look), partial(self._leave, look)
        self._adoption.adopt(
            sock, lambda: SocketViewer(head, advance=advance, clock=self._clock, joined=joined, left=left)
        )

    def open_generator(self, look: Look | MosaicLook, *, advance: bool) -> GeneratorViewer:
        """A viewer for a server's thread to iterate; from any thread."""
        viewer = GeneratorViewer(advance=advance, left=lambda left: self._engine.post(partial(self._leave, look, left)))
        self._engine.post(partial(self._join, look, viewer))
        return viewer

    def start(self) -> None:
        """Begin to look after the viewers; on the engine's loop."""
        self._timer = self._clock.call_later(_LOOK_AFTER_EVERY, self._look_after)

    async def stop(self) -> None:
        """End all viewers; on the engine's loop."""
        self._stopped = True
        for one in tuple(self._open_looks):
            one.give_up()
        if self._timer is not None:
            self._timer.cancel()
        for channels in tuple(self._channels.values()):
            for channel in tuple(channels.values()):
                channel.close()

    # Joining and leaving.

    def _join(self, look: Look | MosaicLook, viewer: Viewer) -> None:
        key = _key(look)
        channel = self._channels.get(key, {}).get(look)
        if channel is None:
            subject = self._open(look)
            if subject is None:
                viewer.end()
                return
            channel = Channel(subject, self._away, self._clock)
            self._channels = {**self._channels, key: {**self._channels.get(key, {}), look: channel}}
        self._joined[viewer] = channel
        channel.join(viewer)

    def _open(self, look: Look | MosaicLook) -> Subject | None:
        """What is looked at; None where that is no more, or there is too much of it by now."""
        try:
            self.check(look)
            if self._stopped:
                return None
            if isinstance(look, Look):
                return self._renditions.find(self._hub.find(look.camera_id), look.recipe, look.fps)
        except RequestError:
            return None
        return MosaicFeed(look, self._hub, self._renditions, self._away, self._clock)

    def _leave(self, look: Look | MosaicLook, viewer: Viewer) -> None:
        channel = self._joined.pop(viewer, None)
        if channel is None:
            return
        channel.leave(viewer)
        key = _key(look)
        if not channel.viewers and self._channels.get(key, {}).get(look) is channel:
            channel.close()
            others = {other: each for other, each in self._channels[key].items() if each is not channel}
            self._channels = {**self._channels, key: others}

    def _look_after(self) -> None:
        now = self._clock.monotonic()
        for channels in self._channels.values():
            for channel in channels.values():
                for viewer in channel.viewers:
                    viewer.look_after(now)
        self.start()


def _key(look: Look | MosaicLook) -> str:
    return look.camera_id if isinstance(look, Look) else _MOSAIC

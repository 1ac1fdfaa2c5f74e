"""One subscriber of one camera's pictures.

A viewer holds at most one picture that it could not send yet, always the newest.
"""

from collections.abc import Callable, Iterator
from typing import Protocol

from vedette.clock import Clock
from vedette.live.listener import Listener
from vedette.live.mailbox import Mailbox
from vedette.live.picture import Picture
from vedette.wire.multipart import ADVANCE_HEAD


class Viewer(Protocol):
    """What the fan-out knows of a viewer. All on the engine's loop."""

    def offer(self, picture: Picture) -> None:
        """Show this, now or as soon as there is room; never blocks."""

    def look_after(self, now: float) -> None:
        """Give up on a viewer that makes no progress; called every few seconds."""

    def end(self) -> None:
        """End it: the server stops, or may no longer show this."""


class SocketViewer(Listener):
    """A viewer whose socket the engine owns.

    Args:
        head: the response's head, which goes out first.
        advance: send each next part's head right behind each picture, for browsers.
        clock: for looking again whether a slow viewer has room.
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
        clock: Clock,
        joined: Callable[["SocketViewer"], None],
        left: Callable[["SocketViewer"], None],
    ) -> None:
        super().__init__(head + (ADVANCE_HEAD if advance else b""), clock, joined, left)
        self.skipped = 0
        self._advance = advance
        self._newest: Picture | None = None  # not sent yet

    def offer(self, picture: Picture) -> None:
        """See `Viewer.offer`."""
        if (transport := self._road.free) is not None:
            transport.write(picture.advance if self._advance else picture.plain)
            self._newest = None
        else:
            self.skipped += self._newest is not None
            self._newest = picture

    def _pump(self) -> None:
        if self._newest is not None:
            self.offer(self._newest)


class GeneratorViewer:
    """A viewer served by a thread of a WSGI server that keeps its socket: iterate it for bytes."""

    def __init__(self, *, advance: bool, left: Callable[["GeneratorViewer"], None]) -> None:
        self._advance = advance
        self._left = left
        self._mailbox: Mailbox[Picture] = Mailbox()

    def offer(self, picture: Picture) -> None:
        """See `Viewer.offer`."""
        self._mailbox.put(picture)

    def look_after(self, now: float) -> None:
        """See `Viewer.look_after`: the WSGI server looks after its own sockets."""

    def end(self) -> None:
        """See `Viewer.end`."""
        self._mailbox.end()

    def __iter__(self) -> Iterator[bytes]:
        if self._advance:
            yield ADVANCE_HEAD
        for picture in self._mailbox:
            if picture is not None:
                yield picture.advance if self._advance else picture.plain

    def close(self) -> None:
        """The WSGI server is done with it."""
        self._left(self)

"""`/api/stream`: the news as server-sent events, on sockets that the engine owns.

A reader first gets all cameras, then each that differs from what it was told last. One whose socket is full is skipped:
it keeps no queue, only the newest report, and once there is room it is told the difference at once.
"""

import socket
from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol

from vedette.clock import Clock, Timer
from vedette.hub import Engine
from vedette.live.adoption import Adoption
from vedette.live.listener import Listener
from vedette.live.mailbox import Mailbox
from vedette.live.news import News, Report
from vedette.wire.eventstream import HEARTBEAT, encode_event, encode_retry

_RETRY = encode_retry(2000)  # milliseconds: as often as figures come
_LOOK_AFTER_EVERY = 5.0  # seconds
_BEAT_EVERY = 3  # looks: 15 s, below the minute after which proxies give up


class Bulletin:
    """A report on its way to readers; what it says to one is encoded once for all who were told the same before."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._encoded: dict[int, bytes] = {}

    def since(self, told: Report | None) -> bytes:
        """The events for a reader who was told that; none where nothing has changed. May be called from any thread."""
        key = told.number if told else 0
        if key not in self._encoded:
            self._encoded[key] = self._encode(told)
        return self._encoded[key]

    def _encode(self, told: Report | None) -> bytes:
        number = self.report.number
        if told is None or told.ids != self.report.ids:
            return encode_event("cameras", number, f"[{','.join(self.report.texts)}]")
        pairs = zip(told.cameras, self.report.cameras, strict=True)
        return b"".join(encode_event("camera", number, now.text) for before, now in pairs if before.mark != now.mark)


class Reader(Protocol):
    """What the newsfeed knows of a reader. All on the engine's loop."""

    def hear(self, bulletin: Bulletin) -> None:
        """Tell this, now or as soon as there is room; never blocks."""

    def beat(self) -> None:
        """Show that the line is alive."""

    def look_after(self, now: float) -> None:
        """Give up on a reader that makes no progress; called every few seconds."""

    def end(self) -> None:
        """End it: the server stops, or may no longer show this."""


class SocketReader(Listener):
    """A reader whose socket the engine owns.

    Args:
        head: the response's head, which goes out first.
        clock: for looking again whether a slow reader has room.
        joined: called when the connection stands, with this reader.
        left: called once when it is gone, likewise.
    """

    def __init__(
        self,
        head: bytes,
        clock: Clock,
        joined: Callable[["SocketReader"], None],
        left: Callable[["SocketReader"], None],
    ) -> None:
        super().__init__(head + _RETRY, clock, joined, left)
        self._told: Report | None = None
        self._newest: Bulletin | None = None  # not told yet

    def hear(self, bulletin: Bulletin) -> None:
        """See `Reader.hear`."""
        self._newest = bulletin
        self._pump()

    def beat(self) -> None:
        """See `Reader.beat`."""
        if self._newest is None and (transport := self._road.free) is not None:
            transport.write(HEARTBEAT)

    def _pump(self) -> None:
        """Tell the newest, if it leaves at once."""
        if self._newest is not None and (transport := self._road.free) is not None:
            bulletin, self._newest = self._newest, None
            if words := bulletin.since(self._told):
                transport.write(words)
            self._told = bulletin.report


class GeneratorReader:
    """A reader served by a thread of a WSGI server that keeps its socket: iterate it for bytes."""

    def __init__(self, left: Callable[["GeneratorReader"], None]) -> None:
        self._left = left
        self._beat = False
        self._mailbox: Mailbox[Bulletin] = Mailbox()

    def hear(self, bulletin: Bulletin) -> None:
        """See `Reader.hear`."""
        self._mailbox.put(bulletin)

    def beat(self) -> None:
        """See `Reader.beat`."""
        self._beat = True
        self._mailbox.wake()

    def look_after(self, now: float) -> None:
        """See `Reader.look_after`: the WSGI server looks after its own sockets."""

    def end(self) -> None:
        """See `Reader.end`."""
        self._mailbox.end()

    def __iter__(self) -> Iterator[bytes]:
        yield _RETRY
        told: Report | None = None
        for bulletin in self._mailbox:
            words = b""
            if bulletin is not None:
                words, told = bulletin.since(told), bulletin.report
            if words or self._beat:
                self._beat = False
                yield words or HEARTBEAT

    def close(self) -> None:
        """The WSGI server is done with it."""
        self._left(self)


class Newsfeed:
    """All readers, and the ways in: a socket to adopt, or a generator to iterate.

    Args:
        engine: whose loop owns the readers' sockets.
        news: what they hear.
        adoption: how sockets get there.
        clock: for all waiting.
    """

    def __init__(self, engine: Engine, news: News, adoption: Adoption, clock: Clock) -> None:
        self._engine = engine
        self._news = news
        self._adoption = adoption
        self._clock = clock
        self._readers: tuple[Reader, ...] = ()
        self._care: Timer | None = None
        self._looks = 0

    def adopt(self, sock: socket.socket, head: bytes) -> None:
        """Take a connection over, from any thread: the socket is the engine's from now on.

        Args:
            sock: connected; nothing of the answer has been sent on it.
            head: the answer's status line and headers.
        """
        self._adoption.adopt(sock, lambda: SocketReader(head, self._clock, joined=self.join, left=self.leave))

    def open_generator(self) -> GeneratorReader:
        """A reader for a server's thread to iterate; from any thread."""
        reader = GeneratorReader(left=lambda left: self._engine.post(partial(self.leave, left)))
        self._engine.post(partial(self.join, reader))
        return reader

    @property
    def reader_count(self) -> int:
        """How many read; may be called from any thread."""
        return len(self._readers)

    def join(self, reader: Reader) -> None:
        """A reader has come: it hears of all cameras at once."""
        self._readers = (*self._readers, reader)
        reader.hear(Bulletin(self._news.join(self)))
        if self._care is None:
            self._care = self._clock.call_later(_LOOK_AFTER_EVERY, self._look_after)

    def leave(self, reader: Reader) -> None:
        """A reader has gone; harmless when it has gone before."""
        self._readers = tuple(other for other in self._readers if other is not reader)
        if not self._readers:
            self._news.leave(self)

    def hear(self, report: Report) -> None:
        """See `vedette.live.news.Listener`."""
        bulletin = Bulletin(report)
        for reader in self._readers:
            reader.hear(bulletin)

    async def stop(self) -> None:
        """End all readers; on the engine's loop."""
        if self._care is not None:
            self._care.cancel()
        for reader in self._readers:
            reader.end()

    def _look_after(self) -> None:
        self._care = None
        self._looks += 1
        now = self._clock.monotonic()
        for reader in self._readers:
            reader.look_after(now)
            if self._looks % _BEAT_EVERY == 0:
                reader.beat()
        if self._readers:
            self._care = self._clock.call_later(_LOOK_AFTER_EVERY, self._look_after)

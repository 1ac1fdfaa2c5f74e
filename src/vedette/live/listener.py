"""A connection on which only the server speaks: what viewers of a stream and readers of the news have in common.

The client has had its say in its request. Whatever else it sends is read, so that its end is noticed, and thrown away;
a flood of it ends the connection.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from vedette.clock import Clock
from vedette.live.road import Road

FLOOD_LIMIT = 64 * 1024  # bytes


class Listener(asyncio.Protocol):
    """A client whose socket the engine owns; a subclass says what it is told, as far as `_road` is free.

    Args:
        head: what goes out first: the response's head, and what belongs behind it.
        clock: for looking again whether a slow client has room.
        joined: called when the connection stands, with this listener.
        left: called once when it is gone, likewise.
    """

    def __init__(
        self, head: bytes, clock: Clock, joined: Callable[[Any], object], left: Callable[[Any], object]
    ) -> None:
        self._head = head
        self._joined = joined
        self._left = left
        self._road = Road(clock, self._pump)
        self._received = 0

    def _pump(self) -> None:
        """There is room: tell what is newest by now."""
        raise NotImplementedError

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is the engine's now."""
        self._road.open(transport).write(self._head)
        self._joined(self)

    def pause_writing(self) -> None:
        """The socket is full."""
        self._road.block()

    def resume_writing(self) -> None:
        """There is room again."""
        self._road.unblock()

    def data_received(self, data: bytes) -> None:
        """It has nothing to say."""
        self._received += len(data)
        if self._received > FLOOD_LIMIT:
            self.end()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - it may go as it likes
        """It is gone, for whatever reason."""
        self._road.close()
        self._left(self)

    def look_after(self, now: float) -> None:
        """Give up on it if it makes no progress; called every few seconds."""
        self._road.look_after(now)

    def end(self) -> None:
        """The server stops, or may no longer tell it this."""
        self._road.abort()

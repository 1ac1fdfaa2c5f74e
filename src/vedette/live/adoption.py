"""Sockets that become the engine's: viewers' and walls' alike."""

import asyncio
import logging
import socket
from collections.abc import Callable

from vedette.hub import Engine
from vedette.live.road import prepare_socket

_log = logging.getLogger(__name__)


class Adoption:
    """Takes connections over from whatever thread accepted them.

    Args:
        engine: on whose loop they live from then on.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._under_way: set[asyncio.Task[None]] = set()

    def adopt(self, sock: socket.socket, make: Callable[[], asyncio.Protocol]) -> None:
        """Take a connection over, from any thread; ``make`` is called on the loop."""
        self._engine.post(lambda: self._begin(sock, make))

    def _begin(self, sock: socket.socket, make: Callable[[], asyncio.Protocol]) -> None:
        task = asyncio.get_running_loop().create_task(_carry(sock, make))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


async def _carry(sock: socket.socket, make: Callable[[], asyncio.Protocol]) -> None:
    try:
        prepare_socket(sock)
        await asyncio.get_running_loop().connect_accepted_socket(make, sock)
    except OSError as error:  # it has gone already
        sock.close()
        _log.debug("a viewer left before its first picture: %s", error)

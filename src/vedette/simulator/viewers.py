"""Who gets the stream: what a firmware does with a second viewer, on the simulator's loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from vedette.boards import Firmware, SecondClient


class FullError(Exception):
    """There are as many viewers as the firmware serves."""


@dataclass(frozen=True, slots=True, eq=False)
class Viewer:
    """One of them.

    Attributes:
        address: numeric.
        task: that sends to it.
        since: when it came, on the loop's clock.
    """

    address: str
    task: asyncio.Task[Any]
    since: float

    def watched(self) -> float:
        """For how many seconds."""
        return asyncio.get_running_loop().time() - self.since


class Viewers:
    """The viewers of one board's stream.

    Attributes:
        vanished: how many have been given up because they took nothing any more.
    """

    def __init__(self, firmware: Firmware) -> None:
        self._firmware = firmware
        self._turn = asyncio.Lock()
        self._watching: list[Viewer] = []
        self.vanished = 0

    @property
    def first(self) -> Viewer | None:
        """Whoever has come before the others; None where nobody watches."""
        return self._watching[0] if self._watching else None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for the only thread of a server; those who came first are served first."""
        async with self._turn:
            yield

    @asynccontextmanager
    async def place(self, address: str = "unknown") -> AsyncIterator[None]:
        """Watch the stream, from a connection's own task.

        Args:
            address: of the viewer, numeric.

        Raises:
            FullError: nobody is served beyond so many.
        """
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a viewer is a task")
        if len(self._watching) >= self._firmware.most_clients:
            if self._firmware.second_client is not SecondClient.STEALS:
                raise FullError
            self._watching.pop(0).task.cancel()
        viewer = Viewer(address, task, asyncio.get_running_loop().time())
        self._watching.append(viewer)
        try:
            yield
        except TimeoutError:
            self.vanished += 1
            raise
        finally:
            if viewer in self._watching:
                self._watching.remove(viewer)

    def end(self) -> None:
        """Close every viewer's connection."""
        for viewer in self._watching:
            viewer.task.cancel()

"""Who gets the stream: what a firmware does with a second viewer, on the simulator's loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from vedette.boards import Firmware, SecondClient


class FullError(Exception):
    """There are as many viewers as the firmware serves."""


class Viewers:
    """The viewers of one board's stream."""

    def __init__(self, firmware: Firmware) -> None:
        self._firmware = firmware
        self._turn = asyncio.Lock()
        self._watching: list[asyncio.Task[Any]] = []

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for the only thread of a server; those who came first are served first."""
        async with self._turn:
            yield

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Watch the stream, from a connection's own task.

        Raises:
            FullError: nobody is served beyond so many.
        """
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a viewer is a task")
        if len(self._watching) >= self._firmware.most_clients:
            if self._firmware.second_client is not SecondClient.STEALS:
                raise FullError
            self._watching.pop(0).cancel()
        self._watching.append(task)
        try:
            yield
        finally:
            if task in self._watching:
                self._watching.remove(task)

    def end(self) -> None:
        """Close every viewer's connection."""
        for task in self._watching:
            task.cancel()

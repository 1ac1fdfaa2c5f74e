"""Changing the size of a board's pictures, whose number it does not say.

A number is written, and the frames say what it meant: they must have the wanted size within three seconds. While the
sensor restarts, frames of the old size still come from its queue; they mean nothing. A third size means that the number
belongs to another era, which is learnt; nothing at all means that the write was lost, or that the number stands for the
size that the board has.
"""

from collections.abc import Callable

from vedette.clock import Clock, pause
from vedette.control.knowledge import Knowledge
from vedette.control.sizes import Size, write_size
from vedette.hub import ControlPort

WITHIN = 3.0  # seconds from a write to frames of that size (boards.md, section 2)

_SETTLED = 0.5  # seconds after which a third size is no remnant any more
_LOOK_EVERY = 0.05


class Resizing:
    """Of one board.

    Args:
        seen: gives the size of the newest frame; None where there is none.
        knowledge: of the board, which grows.
        clock: for all waiting.
    """

    def __init__(self, seen: Callable[[], Size | None], knowledge: Knowledge, clock: Clock) -> None:
        self._seen = seen
        self._knowledge = knowledge
        self._clock = clock

    async def resize(self, port: ControlPort, size: Size) -> str | None:
        """Try once; whether it has worked, the frames say. Gives a sentence where it never can.

        Raises:
            BoardError: the board does not answer.
        """
        number = self._knowledge.number_for(size)
        if number is None:
            return f"No number is known by which this board could be told {write_size(size)}."
        before = self._seen()
        status = await port.write("framesize", number)
        if status != 200:
            return f"The board refused {write_size(size)} (error {status})."
        after = await self._watch(size, before)
        if after is None:
            return None
        if after == before and not await self._has_taken(port, number):
            return None  # lost on the way, and worth another try
        if self._knowledge.pair(number, after):
            return None
        return f"For the number {number} the board sends {write_size(after)}, which is in no known table of sizes."

    async def _watch(self, size: Size, before: Size | None) -> Size | None:
        """The size of its frames once they have settled."""
        ends = self._clock.monotonic() + WITHIN
        other, since = before, 0.0
        while (now := self._clock.monotonic()) < ends:
            seen = self._seen()
            if seen == size:
                return seen
            if seen != other:
                other, since = seen, now
            if other != before and now - since >= _SETTLED:
                return other
            await pause(self._clock, _LOOK_EVERY)
        return self._seen()

    async def _has_taken(self, port: ControlPort, number: int) -> bool:
        return bool(await port.ask()) and port.told and port.status.get("framesize") == number

"""One viewer's stream: head, parts at the board's rate, and whatever is wrong with them at the moment.

A fault begins and ends with the next picture. How long troubles take stands in `Timings`.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from vedette.simulator.alteration import alter_head, encode_part, is_text
from vedette.simulator.faults import Fault
from vedette.simulator.framing import encode_part_head, encode_write
from vedette.simulator.shots import Shot, Shots

if TYPE_CHECKING:
    from vedette.simulator.board import Board

_DRIPS = 24  # pieces of a picture that trickles
_LOOK_AGAIN = 0.05  # seconds


class Stream:
    """What one viewer gets.

    Args:
        board: whose stream it is.
        reader: of the viewer's connection.
        writer: of the same.
    """

    def __init__(self, board: "Board", reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._board = board
        self._framing = board.firmware.framing
        self._reader = reader
        self._writer = writer
        self._shots = Shots(board)
        self._sent = 0

    async def run(self) -> None:
        """Send until the viewer leaves, or a fault ends it.

        Raises:
            ConnectionError: the viewer has gone.
            TimeoutError: it has not read for longer than the firmware waits.
        """
        board = self._board
        if self._framing.head_at_once:
            await self._send_head()
        started = board.uptime()
        async for index in self._ticks():
            if Fault.SENSOR_SILENT in board.faults:
                if not await self._fall_silent():
                    return
            elif shot := await self._shots.take(index, self._sent):
                if not await self._send_shot(shot, is_due=board.uptime() - started >= board.fault_delay):
                    return
            elif self._shots.dry:
                self._write_failure()
                return

    async def _send_shot(self, shot: Shot, *, is_due: bool) -> bool:
        """Send one picture, and the head before the first; False where the stream is over."""
        board = self._board
        if is_due and Fault.HANG in board.faults:
            await self._reader.read()
            return False
        if is_due and Fault.STALL in board.faults:
            return await self._stall()
        if shot.jpeg and not is_text(board.faults, self._sent):
            board.sent.append(shot.jpeg)
        part = encode_part(self._framing, shot.jpeg, shot.length, shot.taken, board.faults, self._sent)
        if not self._sent:
            board.counters.streams_served += 1
            if not self._framing.head_at_once:
                await self._send_head()
        if not await self._send(part, is_due=is_due):
            return False
        self._sent += 1
        board.counters.frames_sent += 1
        return True

    async def _stall(self) -> bool:
        """Say nothing while the fault lasts; False where the viewer has left meanwhile."""
        gone = asyncio.create_task(self._reader.read())
        try:
            while Fault.STALL in self._board.faults and not gone.done():
                await asyncio.wait((gone,), timeout=_LOOK_AGAIN)
        finally:
            left = gone.done()
            gone.cancel()
        return not left

    async def _send_head(self) -> None:
        head, opening = self._framing.head.encode("ascii"), self._framing.opening.encode("ascii")
        if Fault.NO_FIRST_BOUNDARY in self._board.faults:
            opening = b""
            head += b"" if head.endswith(b"\r\n\r\n") else b"\r\n"
        head = alter_head(head, self._board.faults) + encode_write(self._framing, opening)
        await self._board.write_head(self._writer, head)

    async def _fall_silent(self) -> bool:
        """What the firmware makes of a sensor that gives nothing; False where it closes."""
        firmware = self._board.firmware
        if firmware.sensor_timeout is None:
            await self._reader.read()
            return False
        await asyncio.sleep(firmware.sensor_timeout)
        if firmware.sends_empty:
            self._writer.write(self._framing.before.encode("ascii") + encode_part_head(self._framing, 0.0, 0))
            await self._drain()
        else:
            self._write_failure()
        return firmware.sends_empty

    def _write_failure(self) -> None:
        """What the firmware says in place of a first picture."""
        if not self._sent:
            self._writer.write(self._framing.failure.encode("ascii"))

    async def _send(self, part: bytes, *, is_due: bool) -> bool:
        """Send one part; False where the stream is over. ``is_due``: it has run long enough for a drop."""
        faults = self._board.faults
        if is_due and Fault.DROP in faults:
            self._writer.write(part[: len(part) // 2])
            return False
        if Fault.WIFI_BLIPS in faults:
            await asyncio.sleep(self._board.blip_left())
        if Fault.SLOW_DRIP in faults:
            await self._trickle(part)
        else:
            self._writer.write(part)
        await self._drain()
        return True

    async def _trickle(self, part: bytes) -> None:
        step = -(-len(part) // _DRIPS)
        for start in range(0, len(part), step):
            self._writer.write(part[start : start + step])
            await self._drain()
            await asyncio.sleep(self._board.timings.drip / _DRIPS)

    async def _drain(self) -> None:
        firmware = self._board.firmware
        async with asyncio.timeout(firmware.frame_timeout):
            if firmware.byte_timeout is None:
                await self._writer.drain()
            else:
                await self._drain_watchfully(firmware.byte_timeout)

    async def _drain_watchfully(self, patience: float) -> None:
        """Wait for the viewer as long as it takes something now and then.

        Raises:
            TimeoutError: it has taken no byte for that many seconds.
        """
        draining = asyncio.ensure_future(self._writer.drain())
        try:
            while not draining.done():
                left = self._writer.transport.get_write_buffer_size()
                await asyncio.wait((draining,), timeout=patience)
                if not draining.done() and self._writer.transport.get_write_buffer_size() >= left:
                    raise TimeoutError
            draining.result()
        finally:
            draining.cancel()

    async def _ticks(self) -> AsyncIterator[int]:
        """Count frames at the board's rate; a slow client makes it skip, as a sensor with its newest frame does."""
        board = self._board
        started = board.uptime()
        index = -1
        while True:
            due = int((board.uptime() - started) * board.fps)
            if due <= index:
                await asyncio.sleep((index + 1) / board.fps - (board.uptime() - started))
                due = max(index + 1, int((board.uptime() - started) * board.fps))
            index = due
            yield index

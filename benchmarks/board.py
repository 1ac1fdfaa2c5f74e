"""The source: plays boards with CameraWebServer 3.x, one per port, for the benchmarks.

Frames are real pictures of one exact size, a few different ones in turn. The wire is the firmware's: HTTP/1.1, chunked;
boundary, part head and JPEG are chunks of their own; the boundary stands before each part; X-Timestamp counts seconds
since boot; a second client connects and waits until the first has left.

It owns its pace: frame k is due at a fixed time, however late the one before it was. Its own CPU is not counted.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import signal
import time
from typing import TYPE_CHECKING

import cv2
import numpy as np
import uvloop

if TYPE_CHECKING:
    from collections.abc import Iterator

BOUNDARY = "123456789000000000000987654321"
RESPONSE_HEAD = (
    "HTTP/1.1 200 OK\r\n"
    f"Content-Type: multipart/x-mixed-replace;boundary={BOUNDARY}\r\n"
    "Transfer-Encoding: chunked\r\n"
    "Access-Control-Allow-Origin: *\r\n"
    "X-Framerate: 60\r\n"
    "\r\n"
).encode()
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

PIECE = 1460
"""Bytes of a piece: what one TCP segment carries over a Wi-Fi of MTU 1500."""

SPREAD_S = 0.030
"""How long the pieces of one frame take: an ESP32's Wi-Fi at 1 MB/s needs about 30 ms for 30 KB."""

FRAMES = 8
"""Different frames in the loop: enough that nobody sends the same bytes twice in a row."""

STEPS = 9
"""Halvings of the grain's strength: then the picture fills all but a few per cent of the bytes."""

STAMP_NONE = f"sent {0:020}".encode()
"""Where a stamp belongs in a frame: the text of a comment, with the nanoseconds since the epoch (viewers.c -e)."""

STAMP = b"\xff\xfe" + (len(STAMP_NONE) + 2).to_bytes(2, "big") + STAMP_NONE
"""The comment segment, right behind SOI."""

COMMENT_MOST = 65533
"""The longest payload of a JPEG comment: its 16-bit length counts itself."""


def chunk(payload: bytes) -> bytes:
    """One HTTP chunk."""
    return b"%x\r\n%b\r\n" % (len(payload), payload)


class Scene:
    """A gradient under grain. The stronger the grain, the more bytes its JPEG has."""

    def __init__(self, seed: int, width: int, height: int) -> None:
        across = np.linspace(0, 160, width, dtype=np.float32)
        down = np.linspace(0, 80, height, dtype=np.float32)
        gradient = np.roll(down[:, None] + across[None, :], seed * width // FRAMES, axis=1)
        self._gradient = gradient[:, :, None]
        self._grain = np.random.default_rng(seed).standard_normal((height, width, 3), dtype=np.float32)

    def jpeg(self, strength: float) -> bytes:
        """The picture with grain of this strength, in grey levels."""
        pixels = np.clip(self._gradient + strength * self._grain, 0, 255).astype(np.uint8)
        done, jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 80])
        if not done:
            raise SystemExit("OpenCV did not encode the picture")
        return jpeg.tobytes()


def pad(jpeg: bytes, size: int) -> bytes:
    """Fills a JPEG up to exactly `size` bytes with comment segments behind its SOI."""
    comments = b""
    missing = size - len(jpeg)
    while missing > 0:
        # A segment has 4 bytes of its own, so 1 to 3 bytes can never be filled: leave none of them over.
        payload = missing - 4 if missing - 4 <= COMMENT_MOST else COMMENT_MOST - 4
        comments += b"\xff\xfe" + (payload + 2).to_bytes(2, "big") + bytes(payload)
        missing -= payload + 4
    return jpeg[:2] + comments + jpeg[2:]


def stamped(jpeg: bytes) -> bytes:
    """The same picture with room for a stamp."""
    return jpeg[:2] + STAMP + jpeg[2:]


def frame_of(size: int, seed: int) -> bytes:
    """A decodable JPEG of exactly `size` bytes, nearly all of them picture and the rest comment."""
    width, height = (640, 480) if size < 60_000 else (1024, 768)
    scene = Scene(seed, width, height)
    most = size - 4  # the least a comment needs
    low, high = 0.0, 64.0
    best = scene.jpeg(low)
    if len(best) > most:
        raise SystemExit(f"a picture of {width}x{height} does not fit into {size} bytes")
    for _ in range(STEPS):
        middle = (low + high) / 2
        jpeg = scene.jpeg(middle)
        if len(jpeg) > most:
            high = middle
        else:
            low, best = middle, jpeg
    return pad(best, size)


class Board:
    """One board: its picture slot, its clock and its pace."""

    def __init__(self, frames: list[bytes], fps: float, *, phase: float, in_pieces: bool, stamps: bool) -> None:
        self._frames = frames
        self._interval = 1 / fps
        self._phase = phase
        self._in_pieces = in_pieces
        self._stamps = stamps
        self._booted = time.monotonic()
        self._slot = asyncio.Lock()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one client, until it leaves."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            request = await reader.readuntil(b"\r\n\r\n")
            if request.startswith(b"GET /stream "):
                async with self._slot:
                    await self._stream(writer)
            else:
                writer.write(NOT_FOUND)
        writer.close()

    async def _stream(self, writer: asyncio.StreamWriter) -> None:
        """Sends frames at their due times; ends with the ConnectionError of a client that has left."""
        await self._send(writer, RESPONSE_HEAD)
        for due, jpeg in zip(self._due_times(), itertools.cycle(self._frames), strict=False):
            await asyncio.sleep(due - time.monotonic())
            part = self._part(jpeg)
            if self._stamps:
                part = self._stamp(part, due)
            if self._in_pieces:
                await self._send_in_pieces(writer, part, due)
            else:
                await self._send(writer, part)

    def _due_times(self) -> Iterator[float]:
        """From the next due time on. All boards count from zero, so that their phases stay apart."""
        first = int(time.monotonic() / self._interval) + 1
        return (self._phase + number * self._interval for number in itertools.count(first))

    def _part(self, jpeg: bytes) -> bytes:
        uptime = int(time.monotonic() - self._booted)
        # The fraction is zero on 3.x: its %06d gets the upper half of a 64-bit number.
        head = f"Content-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\nX-Timestamp: {uptime}.000000\r\n\r\n"
        return chunk(f"\r\n--{BOUNDARY}\r\n".encode()) + chunk(head.encode()) + chunk(jpeg)

    def _stamp(self, part: bytes, due: float) -> bytes:
        """With the time at which its last byte goes out: now, or with the last piece."""
        pieces = len(range(0, len(part), PIECE))
        last = due + SPREAD_S * (1 - 1 / pieces) if self._in_pieces else time.monotonic()
        sent = time.time_ns() + round((last - time.monotonic()) * 1e9)
        return part.replace(STAMP_NONE, f"sent {sent:020}".encode(), 1)

    async def _send_in_pieces(self, writer: asyncio.StreamWriter, part: bytes, due: float) -> None:
        starts = range(0, len(part), PIECE)
        for number, start in enumerate(starts):
            await asyncio.sleep(due + number * SPREAD_S / len(starts) - time.monotonic())
            await self._send(writer, part[start : start + PIECE])

    @staticmethod
    async def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
        if writer.is_closing():  # uvloop's write() would call it a programming error
            raise ConnectionResetError
        writer.write(data)
        await writer.drain()


async def run(arguments: argparse.Namespace) -> None:
    """Plays all boards until it is stopped."""
    room = len(STAMP) if arguments.stamp else 0
    frames = [frame_of(arguments.bytes - room, seed) for seed in range(FRAMES)]
    if arguments.stamp:
        frames = [stamped(jpeg) for jpeg in frames]
    async with contextlib.AsyncExitStack() as stack:
        for number in range(arguments.count):
            phase = number / arguments.count / arguments.fps
            board = Board(frames, arguments.fps, phase=phase, in_pieces=arguments.pieces, stamps=arguments.stamp)
            port = arguments.port + number
            await stack.enter_async_context(await asyncio.start_server(board.serve, "127.0.0.1", port))
        print(f"{arguments.count} boards from port {arguments.port}", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Reads the options and runs."""
    parser = argparse.ArgumentParser(description="Plays CameraWebServer boards on 127.0.0.1, one per port.")
    parser.add_argument("--count", type=int, default=1, help="boards (default %(default)s)")
    parser.add_argument("--port", type=int, required=True, help="port of the first; the others follow it")
    parser.add_argument("--fps", type=float, default=25, help="frames a second (default %(default)s)")
    parser.add_argument("--bytes", type=int, default=30_000, help="size of a JPEG (default %(default)s)")
    parser.add_argument("--pieces", action="store_true", help="in 1460-byte pieces over 30 ms, not at once")
    parser.add_argument("--stamp", action="store_true", help="write into each JPEG when it was sent (viewers.c -e)")
    arguments = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # there is nothing to put in order
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(arguments))


if __name__ == "__main__":
    main()

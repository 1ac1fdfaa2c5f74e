"""Viewers that look at every frame: MJPEG readers of cameras and a wall of all of them, on connections never renewed.

    python benchmarks/part_viewers.py --port 5100 --log FILE [--wall] c0 c1 c2

Each frame is one line of the log: viewer (`stream` or `wall`), camera, monotonic seconds at which its last byte was
there, the camera's state, its X-Timestamp, a digest of its bytes, and what `vedette.picture.check` found (`good`, or a
word for the damage). A viewer whose connection ends logs the state `ended`, and does not come back.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import json
import struct
import time
from pathlib import Path
from typing import IO, NamedTuple

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from vedette.picture import check
from vedette.wire.jpeg import BadJpegError

ENDED = "ended"
ONLINE = "online"
GOOD = "good"
MOST = 8 * 1024 * 1024
"""Bytes of a part head or a message."""

PICTURE = struct.Struct("!BBHId")
"""A wall's picture: kind, zero, the camera's number, sequence, seconds since the epoch (docs/wall-protocol.md)."""

REMEMBERED = 4096
"""Verdicts kept: a wall and a stream show the same frames."""


class Seen(NamedTuple):
    """One frame at one viewer."""

    viewer: str
    camera: str
    at: float
    state: str
    timestamp: float
    digest: str
    verdict: str

    def line(self) -> str:
        """As it is logged."""
        return " ".join(map(str, self)) + "\n"

    @classmethod
    def read(cls, line: str) -> Seen:
        """From its line."""
        viewer, camera, at, state, timestamp, digest, verdict = line.split()
        return cls(viewer, camera, float(at), state, float(timestamp), digest, verdict)


def digest_of(jpeg: bytes) -> str:
    """What stands for a picture."""
    return hashlib.blake2b(jpeg, digest_size=12).hexdigest()


class Log:
    """Where frames are written down."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._verdicts: dict[str, str] = {}

    def frame(self, viewer: str, camera: str, state: str, timestamp: float, jpeg: bytes) -> None:
        """A frame has just come whole."""
        at, digest = time.monotonic(), digest_of(jpeg)
        if digest not in self._verdicts:
            if len(self._verdicts) >= REMEMBERED:
                self._verdicts.clear()
            self._verdicts[digest] = verdict_on(jpeg)
        self._file.write(Seen(viewer, camera, at, state, timestamp, digest, self._verdicts[digest]).line())

    def end(self, viewer: str, camera: str) -> None:
        """A connection has ended."""
        self._file.write(Seen(viewer, camera, time.monotonic(), ENDED, 0.0, "-", GOOD).line())


def verdict_on(jpeg: bytes) -> str:
    """What the arrival check makes of a frame that went out."""
    try:
        check(jpeg)
    except BadJpegError as bad:
        return bad.damage.value
    return GOOD


async def view(port: int, camera: str, log: Log) -> None:
    """One camera's stream, to its end."""
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=MOST)
        request = f"GET /cameras/{camera}/stream.mjpg HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
        writer.write(request.encode("ascii"))
        await reader.readuntil(b"\r\n\r\n")
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
            fields = dict(line.lower().split(": ", 1) for line in head[1:] if line)
            jpeg = (await reader.readexactly(int(fields["content-length"]) + 2))[:-2]
            log.frame("stream", camera, fields["x-vedette-state"], float(fields["x-timestamp"]), jpeg)
    log.end("stream", camera)


async def view_wall(port: int, log: Log) -> None:
    """All cameras on one wall, which draws at once."""
    with contextlib.suppress(OSError, WebSocketException):
        async with connect(f"ws://127.0.0.1:{port}/wall.ws", max_size=MOST, compression=None) as wall:
            cameras: list[str] = []
            async for message in wall:
                if isinstance(message, str):
                    found = json.loads(message)["cameras"]
                    if not cameras:
                        cameras = [camera["id"] for camera in found]
                        await wall.send(json.dumps({"type": "want", "cameras": cameras}))
                    continue
                _, _, number, sequence, timestamp = PICTURE.unpack_from(message)
                log.frame("wall", cameras[number], ONLINE, timestamp, message[PICTURE.size :])
                await wall.send(struct.pack("!HI", number, sequence))
    log.end("wall", "-")


async def run(arguments: argparse.Namespace, log: Log) -> None:
    """All viewers, until the program is ended."""
    viewers = [view(arguments.port, camera, log) for camera in arguments.cameras]
    if arguments.wall:
        viewers.append(view_wall(arguments.port, log))
    await asyncio.gather(*viewers)
    await asyncio.Event().wait()


def main() -> None:
    """Reads the options and runs."""
    parser = argparse.ArgumentParser(description="Looks at every frame of some cameras.")
    parser.add_argument("cameras", nargs="+", help="ids, a stream's viewer for each")
    parser.add_argument("--port", type=int, required=True, help="of the server, on 127.0.0.1")
    parser.add_argument("--log", type=Path, required=True, help="where frames are written down")
    parser.add_argument("--wall", action="store_true", help="a wall of all cameras too")
    arguments = parser.parse_args()
    with arguments.log.open("w", encoding="ascii", buffering=1) as file:
        asyncio.run(run(arguments, Log(file)))


if __name__ == "__main__":
    main()

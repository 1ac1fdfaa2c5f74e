"""Which parser reads a board's chunked answer: httptools or h11. CPU per frame, the two in turn.

The bytes are the simulator's own CameraWebServer stream, frames of 30 KB, once in pieces as Wi-Fi brings them and once
in reads of 64 KB. Both must give the same body.

    python -m benchmarks.http_parsers
"""

from __future__ import annotations

import hashlib
import statistics
import time
from importlib import metadata
from typing import TYPE_CHECKING

import h11

from vedette.boards import CAMERASERVER
from vedette.simulator.framing import encode_frame, encode_stream_head
from vedette.wire.http import ResponseReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FRAMES = 200
FRAME_BYTES = 30_000
PIECES = {"1460-byte pieces": 1460, "64 KB reads": 65536}
ROUNDS = 5


def stream() -> bytes:
    """An answer of `FRAMES` pictures; what is in them does not matter to these parsers."""
    picture = bytes(range(256)) * (FRAME_BYTES // 256)
    framing = CAMERASERVER.framing
    frames = (encode_frame(framing, picture, number / 25, len(picture)) for number in range(FRAMES))
    return encode_stream_head(framing) + b"".join(frames)


def read_with_httptools(pieces: Iterable[bytes]) -> str:
    """The body's digest."""
    digest = hashlib.md5(usedforsecurity=False)
    reader = ResponseReader(lambda _: None, digest.update)
    for piece in pieces:
        reader.feed(piece)
    return digest.hexdigest()


def read_with_h11(pieces: Iterable[bytes]) -> str:
    """The body's digest."""
    digest = hashlib.md5(usedforsecurity=False)
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/stream", headers=[("Host", "board")]))
    connection.send(h11.EndOfMessage())
    for piece in pieces:
        connection.receive_data(piece)
        while (event := connection.next_event()) is not h11.NEED_DATA:
            if isinstance(event, h11.Data):
                digest.update(event.data)
    return digest.hexdigest()


def digest_only(pieces: Iterable[bytes]) -> str:
    """What both do beside parsing."""
    digest = hashlib.md5(usedforsecurity=False)
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def us_per_frame(read: Callable[[Iterable[bytes]], str], pieces: list[bytes]) -> float:
    """CPU microseconds for a frame, one thread."""
    began = time.thread_time()
    read(pieces)
    return (time.thread_time() - began) / FRAMES * 1e6


def main() -> None:
    """Measure in turn, and print medians less what the digest costs."""
    data = stream()
    print(
        f"httptools {metadata.version('httptools')}, h11 {metadata.version('h11')}; {FRAMES} frames of 30 KB, chunked"
    )
    for name, size in PIECES.items():
        pieces = [data[start : start + size] for start in range(0, len(data), size)]
        if read_with_httptools(pieces) != read_with_h11(pieces):
            raise SystemExit("the two parsers read different bodies")
        rounds = [
            [us_per_frame(read, pieces) for read in (read_with_httptools, read_with_h11, digest_only)]
            for _ in range(ROUNDS)
        ]
        ours, theirs, digest = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(
            f"{name:>17}: httptools {ours - digest:6.1f} us a frame, h11 {theirs - digest:6.1f} us, "
            f"ratio {(ours - digest) / (theirs - digest):.2f}"
        )


if __name__ == "__main__":
    main()

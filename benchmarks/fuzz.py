"""Coverage-guided fuzzing of `wire/`: any bytes, in any pieces, give no exception but the named ones.

    python -m benchmarks.fuzz -max_total_time=3600 -seed=1 CORPUS_FOLDER tests/data/fuzz

Options are libFuzzer's. The first byte of an input picks the target, the second how the rest is cut into pieces. Beside
exceptions it looks for broken promises: parts that depend on the pieces, parts or buffers over the limit.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import atheris

with atheris.instrument_imports(include=["vedette.wire"]):
    from vedette.wire.auth import read_challenge
    from vedette.wire.http import BadResponseError, ResponseHead, ResponseReader
    from vedette.wire.jpeg import BadJpegError, complete, inspect, read_size
    from vedette.wire.mdns import read_addresses
    from vedette.wire.multipart import HEAD_LIMIT, MultipartReader, Part
    from vedette.wire.wall import BadMessageError, decode_binary, decode_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMIT = 700  # of a frame: small, so that inputs of a few hundred bytes go beyond it
BOUNDARIES = (b"B", b"--B", None, b"123456789000000000000987654321")


def pieces(data: bytes, how: int) -> Iterator[bytes]:
    """Cut into pieces of one to a few bytes, or not at all."""
    size = how % 16 or len(data) or 1
    for start in range(0, len(data), size):
        yield data[start : start + size]


def read_parts(data: bytes, how: int, boundary: bytes | None) -> list[Part]:
    """What a reader makes of it; its promises are checked on the way."""
    reader = MultipartReader(boundary, LIMIT)
    parts: list[Part] = []
    for piece in pieces(data, how):
        parts += reader.feed(piece)
        held = len(reader._buffer) + sum(map(len, reader._pieces))  # noqa: SLF001 - what is promised is inside
        if held > LIMIT + HEAD_LIMIT + len(piece) + 256:
            raise AssertionError(f"{held} bytes are held")
    parts += reader.finish()
    if any(len(part.body) > LIMIT for part in parts):
        raise AssertionError("a part over the limit")
    return parts


def fuzz_multipart(data: bytes, how: int) -> None:
    """Parts do not depend on the pieces."""
    boundary = BOUNDARIES[how >> 6]
    if read_parts(data, how, boundary) != read_parts(data, 0, boundary):
        raise AssertionError("parts depend on the pieces")


def fuzz_board(data: bytes, how: int) -> None:
    """A board's whole answer: head, transfer encoding, parts, pictures."""
    parts: list[MultipartReader] = []

    def take_head(head: ResponseHead) -> None:
        parts.append(MultipartReader(head.boundary, LIMIT))

    def take_body(piece: bytes) -> None:
        for part in parts[0].feed(piece):
            fuzz_jpeg(part.body, how)

    reader = ResponseReader(take_head, take_body)
    with contextlib.suppress(BadResponseError):
        for piece in pieces(data, how):
            reader.feed(piece)


def fuzz_jpeg(data: bytes, _how: int) -> None:
    """Verdict or information; and what is done with a picture that is whole, or is not."""
    read_size(data)
    with contextlib.suppress(BadJpegError):
        info = inspect(data)
        if not 0 < info.length <= len(data):
            raise AssertionError(f"a picture of {info.length} bytes in {len(data)}")
        completed = complete(data)
        inspect(completed)
        if complete(completed) != completed:
            raise AssertionError("a completed picture that is not complete")


def fuzz_challenge(data: bytes, _how: int) -> None:
    """What a board asks for; what is answered fits on one line."""
    challenge = read_challenge(data.decode("latin-1"))
    if challenge is not None and not challenge.answer(("u", "p"), "/").isprintable():
        raise AssertionError("an answer that breaks its line")


def fuzz_mdns(data: bytes, _how: int) -> None:
    """What anybody on the network says about a name."""
    read_addresses(data, "board.local")


def fuzz_wall(data: bytes, _how: int) -> None:
    """What a wall's client says."""
    for decode in (decode_binary, decode_text):
        with contextlib.suppress(BadMessageError):
            decode(data)


TARGETS: tuple[Callable[[bytes, int], None], ...] = (
    fuzz_multipart,
    fuzz_board,
    fuzz_jpeg,
    fuzz_wall,
    fuzz_challenge,
    fuzz_mdns,
)


def test_one_input(data: bytes) -> None:
    """One execution."""
    if len(data) > 2:
        TARGETS[data[0] % len(TARGETS)](data[2:], data[1])


if __name__ == "__main__":
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()

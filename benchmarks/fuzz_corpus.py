"""Inputs for the fuzzers: every firmware's dialect, every fault of framing, every kind of damage, in small.

    python -m benchmarks.fuzz_corpus tests/data/fuzz

The same bytes each time. Each file is named after its content, and begins with the two bytes that `benchmarks.fuzz`
reads: the target, and how the rest is cut into pieces.
"""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from vedette.boards import CAMERASERVER, ESPHOME, FIRMWARES, Framing
from vedette.picture import Canvas
from vedette.simulator.alteration import alter_head, alter_picture, encode_part
from vedette.simulator.damage import DAMAGES, HARMLESS
from vedette.simulator.faults import Fault
from vedette.simulator.framing import encode_stream_head

BOARD, JPEG, CHALLENGE = 1, 2, 4  # the targets' numbers
HOW = 7  # pieces of seven bytes
PARTS = 5
IN_THE_FRAMING = (
    *(Fault.NO_LENGTH, Fault.WRONG_LENGTH, Fault.ZERO_LENGTH, Fault.SHORT_WRITE, Fault.NO_FIRST_BOUNDARY),
    *(Fault.NO_BOUNDARY_HEADER, Fault.OTHER_BOUNDARY, Fault.DOUBLE_BOUNDARY, Fault.NO_EOI, Fault.PADDED),
    *(Fault.CHUNKED_GARBAGE, Fault.TEXT_PARTS, Fault.TRUNCATE, Fault.JOINED, Fault.NESTED),
)
CHALLENGES = (
    'Basic realm="Login Required"',
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf", opaque="FQhe"',
    'Basic realm="a, Digest of it", Digest nonce="x\\\\\\"y", realm=z, qop=auth',
)


def stream(framing: Framing, faults: frozenset[Fault], jpeg: bytes) -> bytes:
    """A board's whole answer."""
    random = Random(1)  # noqa: S311 - damage, not a secret
    wire = alter_head(encode_stream_head(framing), faults)
    for number in range(PARTS):
        body, length = alter_picture(jpeg, faults, number, random)
        wire += encode_part(framing, body, length, 1.5 + number, faults, number)
    return wire


def inputs() -> Iterator[bytes]:
    """All of them."""
    jpeg = Canvas(16, 16, (90, 120, 60)).encode(30)
    for firmware in FIRMWARES.values():
        if not firmware.stills_only:
            yield bytes((BOARD, HOW)) + stream(firmware.framing, frozenset(), jpeg)
        if firmware.still_path is not None:
            head = firmware.still_head.format(length=len(jpeg), seconds=1, microseconds=0)
            yield bytes((BOARD, HOW)) + head.encode() + jpeg
    for fault in IN_THE_FRAMING:
        for firmware in (CAMERASERVER, ESPHOME):
            yield bytes((BOARD, HOW)) + stream(firmware.framing, frozenset((fault,)), jpeg)
    for change in (*DAMAGES.values(), *HARMLESS.values()):
        textured = Canvas(48, 48)
        textured.gradient((200, 30, 60), (10, 120, 250), grain=20.0, seed=1)
        yield bytes((JPEG, HOW)) + change(textured.encode(40), Random(1))  # noqa: S311 - the same
    for challenge in CHALLENGES:
        yield bytes((CHALLENGE, HOW)) + challenge.encode()


def main() -> None:
    """Write what is not there yet."""
    folder = Path(sys.argv[1])
    found = set(inputs())
    for data in found:
        (folder / hashlib.sha256(data).hexdigest()[:12]).write_bytes(data)
    print(f"{len(found)} inputs, {sum(map(len, found)) // 1024} KB, in {folder}")


if __name__ == "__main__":
    main()

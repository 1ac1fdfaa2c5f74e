"""What faults make of a picture and of the bytes around it. Pure: no sockets, no clock."""

import contextlib
import re
from collections.abc import Set as AbstractSet
from random import Random

from vedette.boards import Framing
from vedette.simulator.damage import DAMAGES, HARMLESS, TCP_SEGMENT
from vedette.simulator.faults import Fault
from vedette.simulator.framing import encode_part_head, encode_write
from vedette.simulator.scene import Size

_EVERY = 4  # damage comes to every fourth picture, so that good ones remain to be told from it
_GIANT = 2_200_000  # bytes: more than readers take
_COMMENT = b"\xff\xfe"
_COMMENT_MOST = 65533  # bytes of a JPEG comment: its 16-bit length counts itself
_BOUNDARY = re.compile(rb"; ?boundary=[^\r]*")
_TEXT_PART = b"Content-Type: text/plain\r\n\r\nNo frames send.\r\n"  # ESPHome's, to the byte

_JUNK = 4  # pictures after a change of size among which old ones are found

SIZE_FAULTS = frozenset((Fault.SIZE_CHANGE, Fault.MIXED_SIZES))
SPOILING = frozenset(fault for fault in Fault if fault.value in DAMAGES)


def alter_picture(jpeg: bytes, faults: AbstractSet[Fault], number: int, random: Random) -> tuple[bytes, int | None]:
    """What is sent in place of a picture, and the length that is claimed for it (None for no claim).

    Args:
        jpeg: a whole picture.
        faults: of the board.
        number: of the picture, from 0.
        random: what is left to chance.
    """
    for fault in faults:
        if fault.value in HARMLESS:
            jpeg = HARMLESS[fault.value](jpeg, random)
    if number % _EVERY == _EVERY - 1:
        for fault in sorted(faults & SPOILING):
            with contextlib.suppress(ValueError):  # what another fault has spoilt before may be no picture any more
                jpeg = DAMAGES[fault.value](jpeg, random)
    if Fault.GIANT_PART in faults and number % 8 == 7:
        jpeg = inflate(jpeg, _GIANT)
    if Fault.GARBAGE in faults:
        jpeg = random.randbytes(len(jpeg))
    return _claim_length(jpeg, faults, number)


def _claim_length(jpeg: bytes, faults: AbstractSet[Fault], number: int) -> tuple[bytes, int | None]:
    if Fault.NO_LENGTH in faults:
        return jpeg, None
    if Fault.ZERO_LENGTH in faults and number % 2:
        return (jpeg if number % _EVERY == 1 else b""), 0
    if Fault.SHORT_WRITE in faults and number % _EVERY == _EVERY - 1:
        return jpeg[: -min(TCP_SEGMENT, len(jpeg) // 3)], len(jpeg)
    if Fault.WRONG_LENGTH in faults:
        return jpeg, len(jpeg) + (-100, 100)[number % 2]
    return jpeg, len(jpeg)


def alter_size(wanted: Size, faults: AbstractSet[Fault], age: float, every: float, fps: float) -> Size:
    """The size of a picture where sizes change by themselves.

    Args:
        wanted: the size that is set: width and height in pixels.
        faults: of the board.
        age: seconds since the fault began.
        every: seconds from one change to the next; the first comes at once.
        fps: pictures a second.
    """
    turn, since = divmod(age, every)
    is_other = int(turn) % 2 == 0
    if Fault.MIXED_SIZES in faults and int(since * fps) in range(1, _JUNK, 2):
        is_other = not is_other
    return ((320, 240) if wanted != (320, 240) else (160, 120)) if is_other else wanted


def inflate(jpeg: bytes, length: int) -> bytes:
    """The same picture with so many bytes, or a few more: comments stand behind its SOI."""
    comments = b""
    while (missing := length - len(jpeg) - len(comments)) > 0:
        payload = min(max(missing - 4, 0), _COMMENT_MOST)
        comments += _COMMENT + (payload + 2).to_bytes(2, "big") + bytes(payload)
    return jpeg[:2] + comments + jpeg[2:]


def alter_head(head: bytes, faults: AbstractSet[Fault]) -> bytes:
    """The stream's head with what is wrong about its boundary."""
    if Fault.NO_BOUNDARY_HEADER in faults:
        return _BOUNDARY.sub(b"", head)
    if Fault.OTHER_BOUNDARY in faults:
        return _BOUNDARY.sub(b"; boundary=another", head)
    return head


def is_text(faults: AbstractSet[Fault], number: int) -> bool:
    """Whether part ``number`` is a text in place of a picture."""
    return Fault.TEXT_PARTS in faults and number % _EVERY == _EVERY - 1


def encode_part(
    framing: Framing, jpeg: bytes, length: int | None, uptime: float, faults: AbstractSet[Fault], number: int
) -> bytes:
    """One part on the wire, with what is wrong about its framing.

    Args:
        framing: the firmware's.
        jpeg: what to send as picture.
        length: what Content-Length claims, or None.
        uptime: seconds since the board booted.
        faults: of the board.
        number: of the part, from 0.
    """
    before, after = framing.before.encode("ascii"), framing.after.encode("ascii")
    if Fault.NO_FIRST_BOUNDARY in faults and number == 0:
        before = b""
    if Fault.DOUBLE_BOUNDARY in faults:
        boundary = framing.boundary.encode("ascii")
        before, after = (each * 2 if boundary in each else each for each in (before, after))
    writes = [before, encode_part_head(framing, uptime, length), jpeg, after]
    if is_text(faults, number):
        writes[1:3] = [_TEXT_PART]
    wire = b"".join(encode_write(framing, write) for write in writes)
    if Fault.CHUNKED_GARBAGE in faults and framing.chunked and number % 10 == 9:
        return b"zz" + wire[2:]
    return wire

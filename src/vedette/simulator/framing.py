"""A firmware's stream on the wire, byte for byte, from its `Framing`."""

import re

from vedette.boards import Framing

_LENGTH_LINE = re.compile(r"Content-Length: [^\r]*\r\n")


def encode_stream_head(framing: Framing) -> bytes:
    """Status line, headers, and what is written once before the first part."""
    return framing.head.encode("ascii") + encode_write(framing, framing.opening.encode("ascii"))


def encode_frame(framing: Framing, jpeg: bytes, uptime: float, length: int | None) -> bytes:
    """One picture with what the firmware puts around it.

    Args:
        framing: the firmware's.
        jpeg: the picture.
        uptime: seconds since the board booted.
        length: what Content-Length claims; None leaves the header out, as some firmware does.
    """
    return b"".join(
        encode_write(framing, write)
        for write in (
            framing.before.encode("ascii"),
            encode_part_head(framing, uptime, length),
            jpeg,
            framing.after.encode("ascii"),
        )
    )


def encode_part_head(framing: Framing, uptime: float, length: int | None) -> bytes:
    """A part's headers, blank line included; as for `encode_frame`."""
    seconds, microseconds = divmod(int(uptime * 1_000_000), 1_000_000)
    template = framing.part_head if length is not None else _LENGTH_LINE.sub("", framing.part_head)
    return template.format(length=length, seconds=seconds, microseconds=microseconds).encode("ascii")


def encode_write(framing: Framing, data: bytes) -> bytes:
    """What one write of the firmware becomes: a chunk, or the bare bytes. An empty one becomes nothing."""
    return b"%x\r\n%b\r\n" % (len(data), data) if framing.chunked and data else data

"""A firmware's stream on the wire, byte for byte, from its `Framing`."""

from vedette.boards import Framing


def encode_stream_head(framing: Framing) -> bytes:
    """Status line and headers, blank line included."""
    return (framing.head + "\r\n").encode("ascii")


def encode_frame(framing: Framing, jpeg: bytes, uptime: float, length: int | None) -> bytes:
    """One picture with what the firmware puts around it.

    Args:
        framing: the firmware's.
        jpeg: the picture.
        uptime: seconds since the board booted.
        length: what Content-Length claims; None leaves the header out, as some firmware does.
    """
    seconds, microseconds = divmod(int(uptime * 1_000_000), 1_000_000)
    part_head = framing.part_head.format(length=length, seconds=seconds, microseconds=microseconds)
    if length is None:
        part_head = part_head.replace("Content-Length: None\r\n", "")
    head, boundary = part_head.encode("ascii"), framing.boundary.encode("ascii")
    writes = (boundary, head, jpeg) if framing.boundary_first else (head, jpeg, boundary)
    return b"".join(encode_write(framing, write) for write in writes)


def encode_write(framing: Framing, data: bytes) -> bytes:
    """What one write of the firmware becomes: a chunk, or the bare bytes."""
    return b"%x\r\n%b\r\n" % (len(data), data) if framing.chunked else data

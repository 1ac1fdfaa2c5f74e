"""The segments of a JPEG that hold tables, and the scan's header: each looked at by itself.

Source of the grammar: ITU-T T.81, annex B.
"""

from collections.abc import Iterator

from vedette.wire.jpeg_segments import BadJpegError, Damage

_ALL_IN_FULL = b"\x00\x3f\x00"  # the first and the last coefficient of a scan, and the bits left for others


def read_quantization(payload: bytes) -> Iterator[tuple[int, bool, int]]:
    """The tables of a DQT segment: number, whether its values are of 16 bits, where they begin.

    Raises:
        BadJpegError: one of them cannot be.
    """
    position = 0
    if not payload:
        raise BadJpegError(Damage.CORRUPT, "an empty quantization table")
    while position < len(payload):
        precision, table = payload[position] >> 4, payload[position] & 15
        size = 128 if precision else 64
        values = payload[position + 1 : position + 1 + size]
        if precision > 1 or table > 3 or len(values) != size:
            raise BadJpegError(Damage.CORRUPT, "a damaged quantization table")
        if (0 in values) if not precision else any(not (a | b) for a, b in zip(*[iter(values)] * 2, strict=True)):
            raise BadJpegError(Damage.CORRUPT, "a quantization table with a zero")
        yield table, bool(precision), position + 1
        position += 1 + size


def read_huffman(payload: bytes) -> dict[int, int]:
    """The tables of a DHT segment: class and number as they stand there, and the first symbol.

    Raises:
        BadJpegError: one of them cannot be.
    """
    tables: dict[int, int] = {}
    position = 0
    while position < len(payload):
        name, counts = payload[position], payload[position + 1 : position + 17]
        symbols = payload[position + 17 : position + 17 + sum(counts)]
        position += 17 + sum(counts)
        if name & 0xEC or len(counts) != 16 or position > len(payload):
            raise BadJpegError(Damage.CORRUPT, "a damaged Huffman table")
        taken = sum(count << (16 - length) for length, count in enumerate(counts, 1))
        # The code of ones alone belongs to nobody; a mean's difference has at most 15 bits.
        if taken >= 1 << 16 or (not name & 0x10 and max(symbols, default=0) > 15):
            raise BadJpegError(Damage.CORRUPT, "an impossible Huffman table")
        if symbols:
            tables[name] = symbols[0]
    return tables


def check_scan_header(payload: bytes, *, sequential: bool) -> None:
    """Look at the payload of an SOS segment.

    Args:
        payload: what follows its length.
        sequential: the picture is; then each scan says that it has all coefficients in full.

    Raises:
        BadJpegError: it cannot be one.
    """
    if not payload or not 1 <= payload[0] <= 4 or len(payload) != 4 + 2 * payload[0]:
        raise BadJpegError(Damage.CORRUPT, "a damaged scan header")
    if sequential and payload[-3:] != _ALL_IN_FULL:
        raise BadJpegError(Damage.CORRUPT, "a part of the coefficients in a picture that is not progressive")

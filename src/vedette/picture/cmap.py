"""Which characters a font file has: its ``cmap`` table, of which two formats are in use (OpenType 1.9, "cmap").

Pillow draws what a font has and a box for what it has not, and does not say which it was.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

_HEADER = 12  # bytes before the list of tables
_SEGMENTS, _GROUPS = 4, 12  # the formats: segments of 16-bit characters, and groups of 32-bit ones


def read_characters(path: Path) -> frozenset[int]:
    """The code points for which a TrueType or OpenType file has a glyph.

    Raises:
        ValueError: it has no table that is understood here.
    """
    font = path.read_bytes()
    start = _find_table(font, b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    offsets = {struct.unpack_from(">I", font, start + 8 + 8 * number)[0] for number in range(count)}
    tables = {struct.unpack_from(">H", font, start + offset)[0]: start + offset for offset in offsets}
    if _GROUPS in tables:
        return frozenset(_read_groups(font, tables[_GROUPS]))
    if _SEGMENTS in tables:
        return frozenset(_read_segments(font, tables[_SEGMENTS]))
    raise ValueError(f"{path.name} has no table of Unicode characters")


def _find_table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for number in range(count):
        name, _, start, _ = struct.unpack_from(">4sIII", font, _HEADER + 16 * number)
        if name == tag:
            return int(start)
    raise ValueError(f"this font has no table {tag!r}")


def _read_groups(font: bytes, start: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">I", font, start + 12)
    for number in range(count):
        first, last, _ = struct.unpack_from(">III", font, start + 16 + 12 * number)
        yield from range(first, last + 1)


def _read_segments(font: bytes, start: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", font, start + 6)
    count = doubled // 2
    row = f">{count}H"
    ends = struct.unpack_from(row, font, start + 14)
    starts = struct.unpack_from(row, font, start + 16 + doubled)
    deltas = struct.unpack_from(row, font, start + 16 + 2 * doubled)
    ranges_at = start + 16 + 3 * doubled
    ranges = struct.unpack_from(row, font, ranges_at)
    for number, (first, last, delta, reach) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if reach:  # an index into what follows the ranges, counted from the place of this one
                (glyph,) = struct.unpack_from(">H", font, ranges_at + 2 * number + reach + 2 * (code - first))
                if not glyph:
                    continue
            if (glyph + delta) & 0xFFFF:
                yield code

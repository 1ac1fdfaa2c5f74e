"""What happens to a picture on its way: each kind of damage as a function of its bytes and a source of chance.

Pure: the same bytes and the same `Random` give the same result, which always differs from the input in the way its
name says. The kinds are those that boards, their memory and their radio were seen to make (esp32-camera#162, #244;
esp32-cam-webserver#290). Damage to the scan stays inside the entropy-coded bytes: headers and EOI remain whole.
"""

from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType

from vedette.wire.jpeg import EOI, SOI

Damager = Callable[[bytes, Random], bytes]

TCP_SEGMENT = 1460  # bytes: what one lost packet carried
_DQT, _DHT, _SOS = 0xDB, 0xC4, 0xDA
_NOISE = 64  # bytes
_ZEROS = 512  # bytes: half a DMA buffer of the driver


def split(jpeg: bytes) -> tuple[bytes, bytes, bytes]:
    """Headers up to and with the scan's, the entropy-coded scan, and the rest from EOI on.

    Raises:
        ValueError: it is no whole JPEG with a scan of at least four bytes.
    """
    start = next((end for marker, _, end in _segments(jpeg) if marker == _SOS), None)
    end = jpeg.rfind(EOI)
    if start is None or end - start < 4:
        raise ValueError("no whole JPEG")
    return jpeg[:start], jpeg[start:end], jpeg[end:]


def truncate(jpeg: bytes, random: Random) -> bytes:
    """Cut off somewhere in the scan; a twentieth of it or more is missing, so that something can be seen."""
    head, scan, _ = split(jpeg)
    return head + scan[: random.randrange(1, len(scan) - len(scan) // 20)]


def truncate_with_eoi(jpeg: bytes, random: Random) -> bytes:
    """Cut off somewhere in the scan, and EOI put behind it, as old drivers do with a frame that overran its buffer."""
    return truncate(jpeg, random).rstrip(b"\xff") + EOI


def cut_in_header(jpeg: bytes, random: Random) -> bytes:
    """Cut off before the scan has begun."""
    return jpeg[: random.randrange(len(SOI), len(split(jpeg)[0]))]


def lose_eoi(jpeg: bytes, _random: Random) -> bytes:
    """EOI alone is missing."""
    head, scan, _ = split(jpeg)
    return head + scan


def repeat_header(jpeg: bytes, _random: Random) -> bytes:
    """Everything up to the scan comes twice."""
    return split(jpeg)[0] + jpeg


def nest(jpeg: bytes, random: Random) -> bytes:
    """A whole picture stands inside the scan of another."""
    head, scan, tail = split(jpeg)
    place = random.randrange(1, len(scan))
    return head + scan[:place] + jpeg + scan[place:] + tail


def join(jpeg: bytes, _random: Random) -> bytes:
    """Two pictures behind one another in one part."""
    return jpeg + jpeg


def lose_chunk(jpeg: bytes, random: Random) -> bytes:
    """One TCP segment of the scan is missing; of a scan that is smaller than three, a third."""
    head, scan, tail = split(jpeg)
    lost = min(TCP_SEGMENT, len(scan) // 3)
    place = random.randrange(1, len(scan) - lost)
    return head + scan[:place] + scan[place + lost :] + tail


def add_noise(jpeg: bytes, random: Random) -> bytes:
    """64 bytes of the scan are random ones."""
    return _overwrite(jpeg, random, random.randbytes(_NOISE))


def add_zeros(jpeg: bytes, random: Random) -> bytes:
    """512 bytes of the scan are zero."""
    return _overwrite(jpeg, random, bytes(_ZEROS))


def flip_bit(jpeg: bytes, random: Random) -> bytes:
    """One bit of the scan is the other way; not in its last byte, whose end is padding."""
    head, scan, tail = split(jpeg)
    changed = bytearray(scan)
    changed[random.randrange(len(scan) - 1)] ^= 1 << random.randrange(8)
    return head + changed + tail


def zero_table(jpeg: bytes, random: Random) -> bytes:
    """One value of the first quantization table is zero, which no table may hold."""
    start, _ = _first_table(jpeg)
    place = start + 1 + random.randrange(64)
    return jpeg[:place] + b"\0" + jpeg[place + 1 :]


def shorten_table(jpeg: bytes, random: Random) -> bytes:
    """Bytes of the first quantization table are missing, and its length says so."""
    start, end = _first_table(jpeg)
    kept = start + random.randrange(1, 65)
    return jpeg[: start - 2] + (kept - start + 2).to_bytes(2, "big") + jpeg[start:kept] + jpeg[end:]


def lose_tables(jpeg: bytes, _random: Random) -> bytes:
    """There is no quantization table at all."""
    return _without(jpeg, _DQT)


def change_tables(jpeg: bytes, random: Random) -> bytes:
    """The first quantization table is another legal one: nothing but the look of the picture gives it away."""
    start, _ = _first_table(jpeg)
    values = jpeg[start + 1 : start + 65]
    shift = random.randrange(1, 255)
    changed = bytes((value - 1 + shift) % 255 + 1 for value in values)
    return jpeg[: start + 1] + changed + jpeg[start + 65 :]


DAMAGES: Mapping[str, Damager] = MappingProxyType(
    {
        "truncate": truncate,
        "truncate-eoi": truncate_with_eoi,
        "cut-header": cut_in_header,
        "no-eoi": lose_eoi,
        "header-twice": repeat_header,
        "nested": nest,
        "joined": join,
        "lost-chunk": lose_chunk,
        "noise": add_noise,
        "zero-run": add_zeros,
        "bitflip": flip_bit,
        "dqt-zero": zero_table,
        "dqt-short": shorten_table,
        "dqt-missing": lose_tables,
        "dqt-wrong": change_tables,
    }
)


def drop_huffman(jpeg: bytes, _random: Random) -> bytes:
    """The picture without its Huffman tables, as in AVI: readers are to take the standard ones."""
    return _without(jpeg, _DHT)


def pad(jpeg: bytes, random: Random) -> bytes:
    """Zeros behind EOI, as a driver sends them that rounds a buffer up."""
    return jpeg + bytes(random.randrange(1, 64))


# Strange, but the picture is whole and must be accepted.
HARMLESS: Mapping[str, Damager] = MappingProxyType({"no-huffman": drop_huffman, "padded": pad})


def _segments(jpeg: bytes) -> list[tuple[int, int, int]]:
    """The marker segments up to the scan: marker, where its marker starts, and where the segment ends."""
    found = []
    position = len(SOI)
    while position + 4 <= len(jpeg) and jpeg[position] == 0xFF:
        marker, end = jpeg[position + 1], position + 2 + int.from_bytes(jpeg[position + 2 : position + 4], "big")
        found.append((marker, position, end))
        if marker == _SOS:
            break
        position = end
    return found


def _first_table(jpeg: bytes) -> tuple[int, int]:
    """Where the payload of the first quantization segment starts and ends."""
    for marker, start, end in _segments(jpeg):
        if marker == _DQT:
            return start + 4, end
    raise ValueError("no quantization table")


def _without(jpeg: bytes, unwanted: int) -> bytes:
    """The same without the segments of one marker."""
    segments = _segments(jpeg)
    kept = b"".join(jpeg[start:end] for marker, start, end in segments if marker != unwanted)
    return SOI + kept + jpeg[segments[-1][2] :]


def _overwrite(jpeg: bytes, random: Random, pattern: bytes) -> bytes:
    """Put bytes over the scan where they make a difference."""
    head, scan, tail = split(jpeg)
    pattern = pattern[: len(scan) // 3]
    changed = scan
    while changed == scan:
        place = random.randrange(1, len(scan) - len(pattern))
        changed = scan[:place] + pattern + scan[place + len(pattern) :]
    return head + changed + tail

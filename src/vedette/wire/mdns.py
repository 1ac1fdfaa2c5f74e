"""Names that end in ``.local``: one question, and what is answered (RFC 6762).

A one-shot query (section 5.1) from any port but 5353 is answered to that port alone (section 6.7), so that nothing
has to be joined or kept open. Only IPv4 addresses are asked for and read. An answer may come from anybody: what is
no answer to the question gives nothing, and never an error.
"""

import struct
from collections.abc import Iterator
from ipaddress import IPv4Address

_A = 1  # the type of a record with an IPv4 address
_IN = 1  # the class of the internet
_FLUSH = 0x8000  # RFC 6762, section 10.2: the top bit of the class is mDNS' own
_ANSWER = 0x8000
_POINTER = 0xC0
_LONGEST_LABEL = 63
_LONGEST_NAME = 253  # RFC 1035: 255 bytes on the wire
_MOST_RECORDS = 64  # boards send some five; a loop over 65,535 of a hostile packet would be long


def build_query(name: str) -> bytes:
    """The question for the IPv4 address of ``name``.

    Raises:
        ValueError: no DNS name is written like that.
    """
    labels = name.rstrip(".").encode("ascii").split(b".")
    if not all(1 <= len(label) <= _LONGEST_LABEL for label in labels) or len(name) > _LONGEST_NAME:
        raise ValueError("not a DNS name")
    question = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    return struct.pack("!6H", 0, 0, 1, 0, 0, 0) + question + struct.pack("!2H", _A, _IN)


def read_addresses(packet: bytes, name: str) -> tuple[str, ...]:
    """The IPv4 addresses that an answer gives for ``name``, in its order; none if it is no answer to that."""
    try:
        wanted = name.rstrip(".").lower().encode("ascii")
        return tuple(str(address) for owner, address in _records(packet) if owner == wanted)
    except (IndexError, struct.error, UnicodeEncodeError):
        return ()


def _records(packet: bytes) -> Iterator[tuple[bytes, IPv4Address]]:
    _, flags, questions, *counts = struct.unpack_from("!6H", packet)
    if not flags & _ANSWER or questions + sum(counts) > _MOST_RECORDS:
        return
    at = 12
    for _ in range(questions):
        _, at = _name(packet, at)
        at += 4
    for _ in range(sum(counts)):
        owner, at = _name(packet, at)
        kind, family, _, length = struct.unpack_from("!2HIH", packet, at)
        at += 10
        if kind == _A and family & ~_FLUSH == _IN and length == 4:
            yield owner, IPv4Address(struct.unpack_from("!4s", packet, at)[0])
        at += length


def _name(packet: bytes, at: int) -> tuple[bytes, int]:
    """The name that begins at ``at``, in lower case, and where what follows it begins.

    Raises:
        IndexError: it does not end within the packet, or runs in a circle.
    """
    labels: list[bytes] = []
    end = None
    limit = at  # a pointer leads to what stands before it (RFC 1035, section 4.1.4), so no circle is possible
    while size := packet[at]:
        if size & _POINTER:
            end = end or at + 2
            at = (size & ~_POINTER) << 8 | packet[at + 1]
            if at >= limit:
                raise IndexError
            limit = at
        else:
            labels.append(packet[at + 1 : at + 1 + size].lower())
            at += 1 + size
    return b".".join(labels), end or at + 1

"""Names that end in .local: the bytes of a question and of its answers."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.wire.mdns import build_query, read_addresses

QUESTION = b"\x05porch\x05local\x00\x00\x01\x00\x01"
POINTER_TO_QUESTION = b"\xc0\x0c"


def answer(records: bytes, count: int, *, question: bytes = b"") -> bytes:
    return struct.pack("!6H", 0, 0x8400, 1 if question else 0, count, 0, 0) + question + records


def record(owner: bytes, data: bytes, kind: int = 1, family: int = 0x8001) -> bytes:
    return owner + struct.pack("!2HIH", kind, family, 120, len(data)) + data


PORCH = record(b"\x05porch\x05local\x00", bytes([192, 168, 0, 77]))


def test_a_question_asks_for_one_ipv4_address() -> None:
    assert build_query("porch.local") == b"\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00" + QUESTION
    assert build_query("porch.local.") == build_query("porch.local")


@pytest.mark.parametrize("name", ["", "a..local", "x" * 64 + ".local", ".".join(["abc"] * 64)])
def test_what_is_no_dns_name_is_not_asked_for(name: str) -> None:
    with pytest.raises(ValueError, match="not a DNS name"):
        build_query(name)


def test_an_answer_is_read_whole_and_with_the_question_repeated_and_pointed_to() -> None:
    assert read_addresses(answer(PORCH, 1), "porch.local") == ("192.168.0.77",)
    pointing = record(POINTER_TO_QUESTION, bytes([10, 0, 0, 9]))
    assert read_addresses(answer(pointing, 1, question=QUESTION), "Porch.local.") == ("10.0.0.9",)


def test_upper_and_lower_case_are_the_same_name() -> None:
    loud = record(b"\x05PORCH\x05LocaL\x00", bytes([192, 168, 0, 77]))
    assert read_addresses(answer(loud, 1), "porch.local") == ("192.168.0.77",)


def test_other_records_beside_it_are_passed_over() -> None:
    beside = record(b"\x05porch\x05local\x00", b"\0" * 16, kind=28) + record(b"\x04gate\x05local\x00", bytes(4))
    assert read_addresses(answer(beside + PORCH, 3), "porch.local") == ("192.168.0.77",)


def test_an_answer_for_another_name_or_class_gives_nothing() -> None:
    assert read_addresses(answer(PORCH, 1), "gate.local") == ()
    chaos = record(b"\x05porch\x05local\x00", bytes(4), family=3)
    assert read_addresses(answer(chaos, 1), "porch.local") == ()


def test_a_question_is_no_answer() -> None:
    packet = bytearray(answer(PORCH, 1))
    packet[2] = 0
    assert read_addresses(bytes(packet), "porch.local") == ()


def test_an_answer_cut_anywhere_gives_nothing() -> None:
    whole = answer(PORCH, 1)
    assert all(read_addresses(whole[:end], "porch.local") == () for end in range(len(whole)))


@pytest.mark.parametrize("pointer", [12, 13, 60], ids=["to itself", "into itself", "forward"])
def test_a_pointer_that_does_not_lead_back_gives_nothing(pointer: int) -> None:
    packet = answer(record(bytes([0xC0, pointer]), bytes(4)), 1) + b"\0" * 60
    assert read_addresses(packet, "porch.local") == ()


def test_a_hostile_number_of_records_is_not_walked() -> None:
    assert read_addresses(struct.pack("!6H", 0, 0x8400, 0, 65535, 0, 0) + PORCH * 70, "porch.local") == ()


@given(st.binary(max_size=200))
def test_no_packet_is_an_error(tail: bytes) -> None:
    for packet in (tail, answer(tail, 2, question=QUESTION)):
        for address in read_addresses(packet, "porch.local"):
            assert address.count(".") == 3

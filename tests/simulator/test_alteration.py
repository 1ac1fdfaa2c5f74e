from random import Random

import pytest

from vedette.boards import CAMERASERVER, ESPHOME
from vedette.picture import Canvas
from vedette.simulator import Fault
from vedette.simulator.alteration import alter_head, alter_picture, alter_size, encode_part, inflate
from vedette.simulator.framing import encode_frame
from vedette.wire.jpeg import inspect

JPEG = b"\xff\xd8picture\xff\xd9"


def test_without_a_fault_nothing_changes():
    assert alter_picture(JPEG, frozenset(), 3, Random(1)) == (JPEG, len(JPEG))
    assert alter_head(b"Content-Type: x;boundary=y\r\n", frozenset()) == b"Content-Type: x;boundary=y\r\n"
    for firmware in (CAMERASERVER, ESPHOME):
        part = encode_part(firmware.framing, JPEG, len(JPEG), 1.5, frozenset(), 3)
        assert part == encode_frame(firmware.framing, JPEG, 1.5, len(JPEG))


def test_what_is_no_picture_survives_every_damage():
    assert alter_picture(JPEG, frozenset({Fault.TRUNCATE, Fault.BITFLIP}), 3, Random(1)) == (JPEG, len(JPEG))


@pytest.mark.parametrize("length", [1000, 70_000, 200_000])
def test_an_inflated_picture_has_its_length_and_is_the_same(length):
    jpeg = Canvas(16, 16).encode(80)
    inflated = inflate(jpeg, length)
    assert length <= len(inflated) <= length + 4, "a comment has at least four bytes"
    assert inflated.endswith(jpeg[2:])
    assert inspect(inflated).length == len(inflated)
    assert inflate(jpeg, 10) == jpeg


@pytest.mark.parametrize(
    ("fault", "sizes"),
    [(Fault.SIZE_CHANGE, "oooooooowwwwwwww"), (Fault.MIXED_SIZES, "owowoooowowowwww")],
)
def test_old_sizes_are_mixed_into_the_first_pictures_after_a_change(fault, sizes):
    """At four pictures a second, o for the other size, w for the wanted one."""
    seen = [alter_size((640, 480), {fault}, number / 4, 2.0, 4.0) for number in range(16)]
    assert "".join({(640, 480): "w", (320, 240): "o"}[size] for size in seen) == sizes


def test_the_other_size_is_always_another_one():
    assert alter_size((320, 240), {Fault.SIZE_CHANGE}, 0.0, 2.0, 4.0) == (160, 120)


def test_a_boundary_is_lost_or_another():
    head = CAMERASERVER.framing.head.encode()
    assert b"Content-Type: multipart/x-mixed-replace\r\n" in alter_head(head, {Fault.NO_BOUNDARY_HEADER})
    other = alter_head(head, {Fault.OTHER_BOUNDARY})
    assert b"Content-Type: multipart/x-mixed-replace; boundary=another\r\n" in other

from random import Random

import numpy as np
import pytest

from vedette.picture import Canvas
from vedette.simulator.damage import DAMAGES, HARMLESS, TCP_SEGMENT, split
from vedette.wire.jpeg import EOI, SOI, BadJpegError, Damage, inspect

SEEDS = range(20)
# What the walk over the markers finds; damage inside the scan is a decoder's business, and needs its own eyes.
FOUND_BY_MARKERS = {
    "truncate": Damage.TRUNCATED,
    "cut-header": Damage.TRUNCATED,
    "no-eoi": Damage.TRUNCATED,
    "header-twice": Damage.CORRUPT,
    "nested": Damage.CORRUPT,
    "joined": Damage.CORRUPT,
    "dqt-zero": Damage.CORRUPT,
    "dqt-short": Damage.CORRUPT,
}
IN_THE_SCAN = ("truncate", "truncate-eoi", "lost-chunk", "noise", "zero-run", "bitflip")


def draw(restart_interval: int) -> bytes:
    canvas = Canvas(320, 240)
    canvas.gradient((90, 140, 200), (230, 220, 190), grain=6.0)
    canvas.disc((160, 120), 60, (220, 80, 60))
    return canvas.encode(80, restart_interval)


PLAIN, WITH_RESTARTS = draw(0), draw(20)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("jpeg", [PLAIN, WITH_RESTARTS], ids=["plain", "with restarts"])
@pytest.mark.parametrize("name", [*DAMAGES, *HARMLESS])
def test_the_same_chance_does_the_same_and_always_something(name, jpeg, seed):
    damage = {**DAMAGES, **HARMLESS}[name]
    damaged = damage(jpeg, Random(seed))
    assert type(damaged) is bytes
    assert damaged != jpeg
    assert damaged == damage(jpeg, Random(seed))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", FOUND_BY_MARKERS)
def test_what_breaks_the_grammar_is_found_by_its_markers(name, seed):
    with pytest.raises(BadJpegError) as caught:
        inspect(DAMAGES[name](PLAIN, Random(seed)))
    assert caught.value.damage is FOUND_BY_MARKERS[name]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", IN_THE_SCAN)
def test_what_damages_the_scan_leaves_the_headers_alone(name, seed):
    damaged = DAMAGES[name](PLAIN, Random(seed))
    assert damaged.startswith(split(PLAIN)[0])
    assert damaged.endswith(EOI) is (name != "truncate")


def difference(name: str, seed: int) -> tuple[bytes, bytes]:
    return split(PLAIN)[1], split(DAMAGES[name](PLAIN, Random(seed)))[1]


@pytest.mark.parametrize("seed", SEEDS)
def test_one_bit_is_one_bit(seed):
    before, after = difference("bitflip", seed)
    assert sum((one ^ other).bit_count() for one, other in zip(before, after, strict=True)) == 1
    assert before[-1] == after[-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_lost_chunk_is_1460_bytes_and_all_else_stays(seed):
    before, after = difference("lost-chunk", seed)
    assert len(before) - len(after) == TCP_SEGMENT == 1460
    same = next(place for place, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1])
    assert before.endswith(after[same:])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "length"), [("noise", 64), ("zero-run", 512)])
def test_what_is_overwritten_is_one_run(name, length, seed):
    before, after = difference(name, seed)
    changed = [place for place, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
    assert 0 < changed[-1] - changed[0] < length
    if name == "zero-run":
        assert bytes(512) in after


@pytest.mark.parametrize("seed", SEEDS)
def test_a_truncated_picture_misses_what_can_be_seen(seed):
    assert PLAIN.startswith(DAMAGES["truncate"](PLAIN, Random(seed)))
    before, after = difference("truncate-eoi", seed)
    assert before.startswith(after)
    assert len(after) < len(before) * 0.96


def test_tables_are_missing_short_or_wrong():
    assert b"\xff\xdb" in split(PLAIN)[0]
    assert b"\xff\xdb" not in split(DAMAGES["dqt-missing"](PLAIN, Random(1)))[0]
    wrong = DAMAGES["dqt-wrong"](PLAIN, Random(1))
    assert inspect(wrong).length == len(PLAIN)
    assert split(wrong)[1:] == split(PLAIN)[1:]


def test_pictures_behind_and_inside_one_another():
    assert DAMAGES["joined"](PLAIN, Random(1)).count(SOI + b"\xff") == 2
    nested = DAMAGES["nested"](PLAIN, Random(1))
    assert PLAIN in nested[1:]
    assert DAMAGES["header-twice"](PLAIN, Random(1)).endswith(PLAIN)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_harmless_is_the_same_picture(name, decode):
    strange = HARMLESS[name](PLAIN, Random(1))
    assert inspect(strange).width == 320
    assert np.array_equal(decode(strange), decode(PLAIN))


@pytest.mark.parametrize("rubbish", [b"", b"picture", SOI + EOI, PLAIN[:200], PLAIN[:-2]])
def test_what_is_no_picture_cannot_be_damaged(rubbish):
    with pytest.raises(ValueError, match="JPEG"):
        DAMAGES["truncate"](rubbish, Random(1))

import pytest

from vedette.hub.rejects import BODY_LIMIT, KEPT, Cause, Rejects
from vedette.picture import Canvas
from vedette.wire.jpeg import Damage


def test_the_newest_few_of_each_cause_are_kept_and_a_flood_of_one_leaves_the_others() -> None:
    rejects = Rejects()
    rejects.add(Cause.TRUNCATED, 1.0, "cut", b"x")
    for number in range(100):
        rejects.add(Cause.CORRUPT, 2.0 + number, "bent", b"y")
    kept = rejects.newest_first()
    assert [reject.number for reject in kept] == [101, 100, 99, 98, 1]
    assert [reject.cause for reject in kept] == [Cause.CORRUPT] * KEPT + [Cause.TRUNCATED]
    assert (kept[0].timestamp, kept[0].detail, kept[0].body, kept[0].length) == (101.0, "bent", b"y", 1)


def test_one_is_found_by_its_number_until_it_is_gone() -> None:
    rejects = Rejects()
    for number in range(1, KEPT + 2):
        rejects.add(Cause.WRONG_SIZE, 0.0, str(number))
    assert rejects.find(1) is None
    assert rejects.find(99) is None
    found = rejects.find(2)
    assert found is not None
    assert found.detail == "2"


def test_of_a_giant_the_beginning_is_kept_and_its_length_known() -> None:
    rejects = Rejects()
    rejects.add(Cause.CORRUPT, 0.0, "big", bytes(BODY_LIMIT + 1))
    (reject,) = rejects.newest_first()
    assert len(reject.body) == BODY_LIMIT
    assert reject.length == BODY_LIMIT + 1


def test_the_size_is_read_off_what_is_left_of_its_header() -> None:
    rejects = Rejects()
    jpeg = Canvas(64, 48).encode(80)
    rejects.add(Cause.TRUNCATED, 0.0, "cut", jpeg[:-20])
    rejects.add(Cause.CORRUPT, 0.0, "no picture", b"<html>")
    rejects.add(Cause.OVERSIZE, 0.0, "over 2 MB")
    assert [reject.size for reject in rejects.newest_first()] == [None, None, (64, 48)]


@pytest.mark.parametrize("damage", Damage)
def test_each_damage_is_a_cause(damage: Damage) -> None:
    assert Cause(damage.value)

import pytest

from vedette.hub import Orientation
from vedette.hub.orientation import FLIPS, MIRROR, UPSIDE_DOWN
from vedette.picture import Flip


@pytest.mark.parametrize(
    ("flip", "rotate", "flips", "quarter"),
    [
        ("none", 0, set(), 0),
        ("horizontal", 0, {MIRROR}, 0),
        ("vertical", 0, {UPSIDE_DOWN}, 0),
        ("both", 0, FLIPS, 0),
        ("none", 90, set(), 90),
        ("none", 180, FLIPS, 0),
        ("none", 270, FLIPS, 90),
        ("horizontal", 180, {UPSIDE_DOWN}, 0),
        ("both", 270, set(), 90),
    ],
)
def test_every_orientation_is_two_flips_and_a_quarter_turn(
    flip: str, rotate: int, flips: set[str], quarter: int
) -> None:
    assert Orientation.of(flip, rotate) == Orientation(frozenset(flips), quarter)


def test_what_the_sensor_does_is_not_left_to_do() -> None:
    whole = Orientation.of("both", 90)
    assert whole.without(frozenset({MIRROR})) == Orientation(frozenset({UPSIDE_DOWN}), 90)
    assert whole.without(FLIPS).flip is Flip.NONE
    assert whole.flip is Flip.BOTH

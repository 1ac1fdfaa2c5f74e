import itertools

import numpy as np
import pytest
from tests.picture.samples import turned

from vedette.picture.recipe import Flip, Recipe, Turn

ROTATIONS = (0, 90, 180, 270)
PICTURE = np.arange(12).reshape(3, 4)
FLIPPED = {
    Flip.NONE: PICTURE,
    Flip.HORIZONTAL: PICTURE[:, ::-1],
    Flip.VERTICAL: PICTURE[::-1],
    Flip.BOTH: PICTURE[::-1, ::-1],
}


@pytest.mark.parametrize("rotate", ROTATIONS)
@pytest.mark.parametrize("flip", Flip)
def test_a_picture_is_flipped_first_and_then_rotated_clockwise(flip, rotate):
    turn = Recipe(flip, rotate).turn
    wanted = np.rot90(FLIPPED[flip], -rotate // 90)
    assert np.array_equal(turned(PICTURE, turn), wanted)
    assert turn.size(4, 3) == wanted.shape[::-1]


@pytest.mark.parametrize(("first", "second"), list(itertools.product(Turn, Turn)))
def test_two_turns_are_one(first, second):
    assert np.array_equal(turned(PICTURE, first.then(second)), turned(turned(PICTURE, first), second))


@pytest.mark.parametrize(
    ("own", "viewers"), list(itertools.product(itertools.product(Flip, ROTATIONS), itertools.product(Flip, ROTATIONS)))
)
def test_a_viewers_wish_comes_behind_the_cameras_own(own, viewers):
    flip, rotate = viewers
    wish = Recipe(flip, rotate, 320, 70, label=True).after(*own)
    assert wish.turn is Recipe(*own).turn.then(Recipe(*viewers).turn)
    assert (wish.width, wish.quality, wish.label) == (320, 70, True)


def test_wishes_that_come_to_the_same_are_equal():
    wishes = {
        Recipe(*viewers).after(*own) for own in itertools.product(Flip, ROTATIONS) for viewers in [(Flip.NONE, 0)]
    }
    assert len(wishes) == 8
    assert Recipe(Flip.BOTH).after(Flip.NONE, 180) == Recipe()
    assert Recipe().after(Flip.VERTICAL, 0) == Recipe(Flip.VERTICAL)
    assert Recipe().after(Flip.BOTH, 0) == Recipe(rotate=180)


def test_a_wish_for_nothing_is_plain():
    assert Recipe().plain
    assert Recipe(Flip.BOTH, 180).plain
    for wish in (Recipe(Flip.BOTH), Recipe(rotate=90), Recipe(width=1), Recipe(quality=1), Recipe(label=True)):
        assert not wish.plain


@pytest.mark.parametrize("wrong", [{"rotate": 45}, {"rotate": 360}, {"width": 0}, {"quality": 0}, {"quality": 101}])
def test_what_cannot_be_wished_says_so(wrong):
    with pytest.raises(ValueError, match="not"):
        Recipe(**wrong)

import pytest

from vedette.boards import buffer_limit, is_near_limit


@pytest.mark.parametrize(("size", "limit"), [((1600, 1200), 384_000), ((800, 600), 96_000), ((320, 240), 15_360)])
def test_a_buffer_holds_a_fifth_of_its_pixels(size, limit):
    assert buffer_limit(size) == limit


def test_a_picture_is_near_the_limit_beyond_80_per_cent():
    assert not is_near_limit(76_800, (800, 600))
    assert is_near_limit(76_801, (800, 600))

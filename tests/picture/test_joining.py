import pytest
from tests.picture import turbojpegs
from tests.picture.samples import coefficients, encode, paint

from vedette.picture import check
from vedette.picture.joining import CannotJoinError, Cut
from vedette.picture.turbojpeg import TurboJpeg
from vedette.wire.jpeg import inspect


@pytest.fixture(scope="module", params=turbojpegs.ALL)
def library(request: pytest.FixtureRequest) -> TurboJpeg:
    return turbojpegs.load(request.param)


@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0", "4:4:0", "4:1:1", "gray"])
@pytest.mark.parametrize("lower", [16, 40, 104])
def test_two_pictures_become_one_with_the_coefficients_of_both(library, subsampling, lower):
    one, other = encode(paint(304, 208, 1), subsampling), encode(paint(304, lower, 2), subsampling)
    cuts = [Cut.of(library.transform(jpeg)) for jpeg in (one, other)]
    joined = cuts[0].above(cuts[1])
    check(joined)
    assert (inspect(joined).width, inspect(joined).height) == (304, 208 + lower)
    upper, below, both = (coefficients(library, jpeg) for jpeg in (one, other, joined))
    assert both == {component: upper[component] + below[component] for component in upper}


def test_what_was_not_coded_alike_is_not_joined(library):
    cut = Cut.of(library.transform(encode(paint(304, 208))))
    for jpeg in (
        encode(paint(304, 16), "4:2:0"),
        encode(paint(304, 16), "gray"),
        encode(paint(304, 16), "4:2:2", 1, 50),
        encode(paint(288, 16)),
    ):
        with pytest.raises(CannotJoinError, match="alike"):
            cut.above(Cut.of(library.transform(jpeg)))


def test_the_upper_one_ends_with_a_whole_row_and_is_not_the_smaller(library):
    whole, broken, small = (Cut.of(library.transform(encode(paint(64, rows)))) for rows in (64, 60, 16))
    with pytest.raises(CannotJoinError, match="inside a row"):
        broken.above(small)
    with pytest.raises(CannotJoinError, match="restart marker"):
        small.above(whole)
    assert inspect(whole.above(broken)).height == 124


def test_a_picture_of_too_many_units_is_not_joined(library):
    large, small = (Cut.of(library.transform(encode(paint(2592, rows), "gray"))) for rows in (1944, 16))
    with pytest.raises(CannotJoinError, match="78732"):
        large.above(small)


def test_a_picture_of_other_colours_is_not_cut():
    jpeg = encode(paint(64, 64))
    with pytest.raises(CannotJoinError, match="luma and chroma"):
        Cut.of(jpeg[:2] + b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00" + jpeg[2:])

import numpy as np
import pytest
from tests.picture import turbojpegs
from tests.picture.samples import OV_SIZES, coefficients, colours, distance, encode, luma, paint

from vedette.picture import Caption, Flip, Lettering, Recipe, Renderer, check
from vedette.picture.caption import draw_strip, strip_height
from vedette.picture.turbojpeg import TurboJpeg
from vedette.wire.jpeg import inspect

PORCH = Caption("Front porch", "12:03:45")
LABEL = Recipe(label=True)


@pytest.fixture(scope="module")
def lettering() -> Lettering:
    return Lettering()


@pytest.fixture(scope="module", params=turbojpegs.ALL)
def library(request: pytest.FixtureRequest) -> TurboJpeg:
    return turbojpegs.load(request.param)


@pytest.mark.parametrize("turn", [(Flip.NONE, 0), (Flip.VERTICAL, 0), (Flip.NONE, 90)], ids=["", "flip", "quarter"])
@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0", "4:4:0", "gray"])
@pytest.mark.parametrize("size", [(800, 600), (400, 296), (96, 96)], ids=str)
def test_above_the_strip_every_coefficient_is_what_it_was(library, lettering, size, subsampling, turn):
    renderer, (flip, rotate) = Renderer(library, lettering), turn
    jpeg = encode(paint(*size), subsampling)
    before, after = (renderer.render(jpeg, Recipe(flip, rotate, label=label), PORCH) for label in (False, True))
    info = inspect(after)
    assert (info.width, info.height) == (inspect(before).width, inspect(before).height)
    rows = strip_height(info.width, info.height)
    assert np.array_equal(luma(after)[:-rows], luma(before)[:-rows])
    was, now = coefficients(library, before), coefficients(library, after)
    for component, blocks in was.items():
        above = (info.height - rows) * len(blocks) // (8 * len(was[0]))
        if info.height % 16:
            above = (info.height - rows) // (8 * round(len(was[0]) / len(blocks)))
        assert now[component][:above] == blocks[:above]
        assert now[component][above:] != blocks[above:]


@pytest.mark.parametrize("subsampling", ["4:2:2", "4:2:0"])
@pytest.mark.parametrize("size", OV_SIZES, ids=str)
def test_the_strip_shows_what_was_drawn_and_passes_for_whole(library, lettering, size, subsampling):
    after = Renderer(library, lettering).render(encode(paint(*size), subsampling), LABEL, PORCH)
    check(after)
    rows = strip_height(*size)
    drawn = draw_strip(PORCH, size[0], rows, lettering)
    assert distance(luma(after)[-rows:], drawn)[0] < 6
    assert np.ptp(colours(after)[-rows + 1 :], axis=2).max() <= 1, "it has no colour"


@pytest.mark.parametrize("quality", [10, 95])
def test_the_strip_is_as_coarse_as_the_picture(library, lettering, quality):
    renderer = Renderer(library, lettering)
    jpeg = encode(paint(640, 480), "4:2:2", 1, quality)
    rows = strip_height(640, 480)
    off, _ = distance(luma(renderer.render(jpeg, LABEL, PORCH))[-rows:], draw_strip(PORCH, 640, rows, lettering))
    assert off < (12 if quality == 10 else 1)


def test_each_caption_and_each_table_has_its_own_strip(library, lettering):
    renderer = Renderer(library, lettering)
    pictures = [encode(paint(320, 240), kind, 1, quality) for kind in ("4:2:2", "4:2:0") for quality in (50, 80)]
    captions = [PORCH, Caption("Front porch", "12:03:46"), Caption("Gate", "12:03:45"), Caption("Front porch")]
    first = [renderer.render(jpeg, LABEL, caption) for jpeg in pictures for caption in captions]
    again = [renderer.render(jpeg, LABEL, caption) for jpeg in pictures for caption in captions]
    fresh = [Renderer(library, lettering).render(jpeg, LABEL, caption) for jpeg in pictures for caption in captions]
    assert len(set(first)) == len(first)
    assert first == again == fresh


def test_without_the_library_it_looks_the_same(library, lettering):
    for size in ((640, 480), (176, 144)):
        jpeg = encode(paint(*size), "4:2:0")
        one, other = (Renderer(way, lettering).render(jpeg, LABEL, PORCH) for way in (library, None))
        assert distance(colours(one), colours(other))[0] < 2


def test_what_cannot_be_joined_is_drawn_on(library, lettering):
    jpeg = encode(
        paint(640, 480), "4:1:1"
    )  # a quarter turn makes MCUs of 8x32 of it, and the strip begins at the 448th
    after = Renderer(library, lettering).render(jpeg, Recipe(rotate=90, label=True), PORCH)
    rows = strip_height(480, 640)
    assert inspect(after).height == 640
    assert distance(luma(after)[-rows:], draw_strip(PORCH, 480, rows, lettering))[0] < 6


@pytest.mark.parametrize("size", OV_SIZES, ids=str)
def test_the_strip_follows_the_pictures_size(size):
    rows = strip_height(*size)
    assert 14 <= rows <= 0.2 * size[1]
    assert (size[1] - rows) % 16 == 0


@pytest.mark.parametrize("size", [(1, 1), (16, 16), (31, 400), (640, 20)], ids=str)
def test_a_picture_without_room_has_no_label(library, lettering, size):
    jpeg = encode(paint(*size))
    assert strip_height(*size) == 0
    for way in (library, None):
        assert distance(luma(Renderer(way, lettering).render(jpeg, LABEL, PORCH)), luma(jpeg))[0] < 3


def ink(strip: np.ndarray, left: int, right: int) -> int:
    return int((strip[:, left:right] > 100).sum())


def test_the_name_is_on_the_left_and_the_time_on_the_right(lettering):
    strip = draw_strip(PORCH, 640, 32, lettering)
    assert ink(strip, 0, 200)
    assert not ink(strip, 200, 500)
    assert ink(strip, 500, 640)


def test_where_there_is_no_room_for_both_the_time_is_left_out(lettering):
    alone = draw_strip(Caption("Front porch"), 96, 16, lettering)
    assert np.array_equal(draw_strip(PORCH, 96, 16, lettering), alone)
    both = draw_strip(Caption("gate", "12:03:45"), 96, 16, lettering)
    assert not np.array_equal(both, draw_strip(Caption("gate"), 96, 16, lettering))


@pytest.mark.parametrize(
    "name", ["", "x" * 100, "長い名前" * 25, "\u0301" * 50, "a\u202eb\x00", "ह" * 100, "\U0001f3e0" * 30]
)
@pytest.mark.parametrize("clock", ["", "12:03:45", "away since 14 Feb 12:03"])
def test_any_name_fits(lettering, name, clock):
    for width, rows in ((96, 16), (640, 32)):
        strip = draw_strip(Caption(name, clock), width, rows, lettering)
        assert strip.shape == (rows, width)
        assert not ink(strip, 0, 2)
        assert not ink(strip, width - 2, width)


def test_names_of_any_script_are_drawn_and_not_replaced(lettering):
    replaced = draw_strip(Caption("\N{REPLACEMENT CHARACTER}" * 2), 640, 32, lettering)
    for name in ("前門", "현관", "שע", "मा", "дв", "หน", "玄関"):
        strip = draw_strip(Caption(name), 640, 32, lettering)
        assert ink(strip, 0, 640) > 60
        assert not np.array_equal(strip, replaced)

from concurrent.futures import ThreadPoolExecutor
from random import Random

import cv2
import numpy as np
import pytest
from tests.picture import turbojpegs
from tests.picture.samples import SAMPLINGS, colours, distance, encode, luma, paint, turned

from vedette.picture import Caption, Flip, Lettering, Recipe, Renderer
from vedette.picture.recipe import Turn
from vedette.picture.turbojpeg import TurboJpeg
from vedette.simulator.damage import drop_huffman
from vedette.wire.jpeg import inspect

PORCH = Caption("Front porch", "12:03:45")


@pytest.fixture(scope="module")
def lettering() -> Lettering:
    return Lettering()


@pytest.fixture(scope="module", params=turbojpegs.ALL)
def library(request: pytest.FixtureRequest) -> TurboJpeg:
    return turbojpegs.load(request.param)


def size_of(jpeg: bytes) -> tuple[int, int]:
    info = inspect(jpeg)
    return info.width, info.height


def test_it_says_whether_anything_is_lost_and_what_to_do_about_it(library, lettering):
    assert Renderer(library, lettering).lossless
    assert Renderer(library, lettering).why_not is None
    assert not Renderer(None, lettering).lossless
    assert "libturbojpeg0" in str(Renderer(None, lettering).why_not)


def test_where_there_is_nothing_to_do_the_bytes_are_the_boards(library, lettering):
    jpeg = encode(paint(320, 240))
    for way in (library, None):
        renderer = Renderer(way, lettering)
        for recipe in (Recipe(), Recipe(width=320), Recipe(width=4000), Recipe(Flip.BOTH, 180), Recipe(label=True)):
            assert renderer.render(jpeg, recipe, None) is jpeg
        assert renderer.render(jpeg, Recipe(), PORCH) is jpeg, "a label nobody asked for"


def test_a_turn_alone_loses_nothing(library, lettering):
    jpeg = encode(paint(320, 240))
    renderer = Renderer(library, lettering)
    for flip in Flip:
        recipe = Recipe(flip, 180)
        assert distance(luma(renderer.render(jpeg, recipe, None)), turned(luma(jpeg), recipe.turn))[1] == 0


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("flip", Flip)
def test_without_the_library_the_picture_is_the_same_but_for_the_encoder(library, lettering, flip, rotate):
    jpeg = encode(paint(640, 480), "4:2:0")
    one, other = (Renderer(way, lettering).render(jpeg, Recipe(flip, rotate), None) for way in (library, None))
    assert distance(colours(one), colours(other))[0] < 2


@pytest.mark.parametrize(
    ("size", "rotate", "width", "wanted"),
    [
        ((1600, 1200), 0, 320, (320, 240)),
        ((800, 600), 0, 799, (799, 599)),
        ((800, 600), 0, 401, (401, 301)),
        ((1280, 720), 90, 320, (320, 569)),
        ((1600, 1200), 270, 100, (100, 133)),
        ((1600, 1200), 0, 1, (1, 1)),
        ((400, 1), 0, 320, (320, 1)),
        ((96, 96), 90, 320, (96, 96)),
    ],
    ids=str,
)
def test_it_is_scaled_to_the_width_that_is_seen(library, lettering, size, rotate, width, wanted):
    jpeg = encode(np.asarray(cv2.resize(paint(32, 24), size, interpolation=cv2.INTER_CUBIC)))
    recipe = Recipe(Flip.HORIZONTAL, rotate, width)
    after = Renderer(library, lettering).render(jpeg, recipe, None)
    assert size_of(after) == wanted
    near = cv2.resize(np.ascontiguousarray(turned(colours(jpeg), recipe.turn)), wanted, interpolation=cv2.INTER_AREA)
    assert distance(colours(after), np.asarray(near))[0] < 6


def test_a_lower_quality_takes_fewer_bytes(library, lettering):
    jpeg = encode(paint(640, 480))
    sizes = [
        len(Renderer(library, lettering).render(jpeg, Recipe(quality=quality), None)) for quality in (95, 60, 20, 1)
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 4


def test_a_scaled_picture_has_its_label_in_its_own_size(library, lettering):
    jpeg = encode(paint(1600, 1200))
    plain, labelled = (
        colours(Renderer(library, lettering).render(jpeg, Recipe(width=320, label=label), PORCH))
        for label in (False, True)
    )
    assert distance(plain[:208], labelled[:208])[1] == 0
    assert labelled[-15:].min() < 40
    assert labelled[-15:].max() > 200


def test_a_picture_without_huffman_tables_has_the_standard_ones_and_not_those_of_the_one_before(library, lettering):
    jpeg = encode(paint(320, 240))
    for way in (library, None):
        renderer = Renderer(way, lettering)
        for recipe in (Recipe(rotate=180), Recipe(label=True), Recipe(width=100)):
            wanted = renderer.render(jpeg, recipe, PORCH)
            renderer.render(encode(paint(320, 240), "4:2:2", cv2.IMWRITE_JPEG_OPTIMIZE, 1), recipe, PORCH)
            assert renderer.render(drop_huffman(jpeg, Random(0)), recipe, PORCH) == wanted


@pytest.mark.parametrize("subsampling", [*SAMPLINGS, "gray"])
@pytest.mark.parametrize("size", [(1, 1), (8, 8), (15, 17), (239, 177)], ids=str)
def test_odd_sizes_are_turned_too(library, lettering, size, subsampling):
    jpeg = encode(paint(*size), subsampling)
    for turn in Turn:
        mirrored, degrees = turn.value
        recipe = Recipe(Flip.HORIZONTAL if mirrored else Flip.NONE, degrees, label=True)
        for way in (library, None):
            width, height = turn.size(*size_of(Renderer(way, lettering).render(jpeg, recipe, PORCH)))
            assert size[0] - 32 < width <= size[0]
            assert size[1] - 16 < height <= size[1]


@pytest.mark.parametrize(
    "data", [b"", b"no picture", b"\xff\xd8\xff\xd9", encode(paint(320, 240))[:-3000], encode(paint(320, 240))[:400]]
)
@pytest.mark.parametrize("recipe", [Recipe(rotate=90), Recipe(label=True), Recipe(width=100), Recipe(quality=50)])
def test_what_cannot_be_decoded_says_so(library, lettering, data, recipe):
    for way in (library, None):
        with pytest.raises(ValueError, match="no JPEG"):
            Renderer(way, lettering).render(data, recipe, PORCH)


def test_four_threads_do_what_one_does(library, lettering):
    renderer = Renderer(library, lettering)
    recipes = [
        Recipe(Flip.VERTICAL),
        Recipe(rotate=90, label=True),
        Recipe(label=True),
        Recipe(width=100, label=True),
        Recipe(rotate=270, quality=60),
    ]
    jpegs = [encode(paint(*size)) for size in ((320, 240), (176, 144), (96, 96))]
    jobs = [
        (jpeg, recipe, Caption("porch", str(number))) for jpeg in jpegs for recipe in recipes for number in range(8)
    ]
    alone = [Renderer(library, lettering).render(*job) for job in jobs]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda job: renderer.render(*job), jobs)) == alone

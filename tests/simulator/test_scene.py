import asyncio
from itertools import pairwise

import numpy as np
import pytest

from vedette.boards import FRAMESIZES, OV2640, Era
from vedette.simulator.scene import STRIP_HEIGHT, Scene, SceneBook, draw_scene, draw_strip
from vedette.wire.jpeg import inspect

SIZES = [size for size in FRAMESIZES[Era.D] if all(map(int.__le__, size, OV2640.largest))]


@pytest.mark.parametrize("quality", [25, 80, 92])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_picture_is_whole_and_of_its_size(size, quality, decode):
    scene = draw_scene(0, size, 0.5, quality)
    strip = draw_strip(size[0], quality, "Porch", "12:34:56")
    for index in range(len(scene.scans)):
        jpeg = scene.compose(strip, index)
        info = inspect(jpeg)
        assert ((info.width, info.height), info.subsampling, info.length) == (size, "4:2:2", len(jpeg))
        assert decode(jpeg).shape == (size[1], size[0], 3)


@pytest.mark.parametrize("size", [(96, 96), (160, 120), (640, 480)], ids=str)
def test_every_picture_of_the_loop_differs_from_the_next(size, decode):
    scene = draw_scene(1, size, 25.0, 80)
    strip = draw_strip(size[0], 80, "Porch", "12:34:56")
    pictures = [decode(scene.compose(strip, index)) for index in range(len(scene.scans) + 1)]
    assert all(not np.array_equal(*pair) for pair in pairwise(pictures))
    assert np.array_equal(pictures[0], pictures[-1])


def test_the_strip_changes_above_and_the_scene_below(decode):
    scene = draw_scene(2, (320, 240), 2.0, 80)
    porch = draw_strip(320, 80, "Porch", "12:34:56")
    garden = draw_strip(320, 80, "Garden", "12:34:57")
    one, other, later = (decode(scene.compose(*each)) for each in ((porch, 0), (garden, 0), (porch, 1)))
    assert np.array_equal(one[STRIP_HEIGHT:], other[STRIP_HEIGHT:])
    assert not np.array_equal(one[:STRIP_HEIGHT], other[:STRIP_HEIGHT])
    assert np.array_equal(one[:STRIP_HEIGHT], later[:STRIP_HEIGHT])
    assert not np.array_equal(one[STRIP_HEIGHT:], later[STRIP_HEIGHT:])


def test_name_and_clock_are_light_on_dark(decode):
    scene = draw_scene(0, (640, 480), 0.5, 80)
    strip = decode(scene.compose(draw_strip(640, 80, "Porch", "12:34:56"), 0))[:STRIP_HEIGHT]
    left, middle, right = strip[:, :160], strip[:, 240:400], strip[:, 480:]
    assert left.max() > 200
    assert right.max() > 200
    assert middle.max() < 80


def test_boards_see_different_things(decode):
    strip = draw_strip(160, 80, "Porch", "12:34:56")
    pictures = [decode(draw_scene(variant, (160, 120), 0.5, 80).compose(strip, 0)) for variant in range(4)]
    assert all(not np.array_equal(pictures[0], other) for other in pictures[1:])


@pytest.mark.parametrize(("fps", "frames"), [(0.1, 2), (1.0, 4), (25.0, 100), (60.0, 120)])
def test_the_loop_is_some_seconds_long_and_never_long_to_draw(fps, frames):
    assert len(draw_scene(0, (96, 96), fps, 80).scans) == frames


def test_a_scene_is_drawn_once_for_all_who_see_it():
    async def find_three() -> tuple[Scene, Scene, Scene]:
        book = SceneBook()
        key = (0, (96, 96), 1.0, 80)
        return await asyncio.gather(book.find(*key), book.find(*key), book.find(1, *key[1:]))

    one, again, other = asyncio.run(find_three())
    assert one is again
    assert one is not other


def test_one_who_does_not_wait_for_a_scene_takes_it_from_nobody():
    async def leave_early() -> Scene:
        book = SceneBook()
        key = (0, (96, 96), 1.0, 80)
        impatient, patient = (asyncio.create_task(book.find(*key)) for _ in range(2))
        await asyncio.sleep(0)
        impatient.cancel()
        scene = await patient
        assert impatient.cancelled()
        return scene

    assert asyncio.run(leave_early()).size == (96, 96)

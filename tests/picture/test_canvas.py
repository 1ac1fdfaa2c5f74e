from typing import Any

import cv2
import numpy as np
import pytest

from vedette.picture import Canvas
from vedette.picture.canvas import text_width
from vedette.wire.jpeg import inspect

RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


def colour_at(canvas: Canvas, x: int, y: int) -> tuple[int, ...]:
    """Red, green, blue."""
    return tuple(int(value) for value in canvas.pixels[y, x][::-1])


def is_mostly_blue(canvas: Canvas, x: int, y: int) -> bool:
    """Thin lines are smoothed, so that no pixel has quite their colour."""
    red, green, blue = colour_at(canvas, x, y)
    return blue > 200 and red < 40 and green < 40


def decode(jpeg: bytes) -> Any:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def test_a_new_canvas_is_of_one_colour():
    canvas = Canvas(20, 10, (1, 2, 3))
    assert canvas.pixels.shape == (10, 20, 3)
    assert {colour_at(canvas, x, y) for x in range(20) for y in range(10)} == {(1, 2, 3)}


def test_a_new_canvas_is_black_unless_told_otherwise():
    assert not Canvas(8, 8).pixels.any()


def test_a_copy_is_drawn_on_by_itself():
    original = Canvas(20, 10, RED)
    copy = original.copy()
    assert np.array_equal(copy.pixels, original.pixels)
    copy.disc((10, 5), 3, BLUE)
    assert colour_at(copy, 10, 5) == BLUE
    assert colour_at(original, 10, 5) == RED


def test_pasting_makes_it_the_same():
    canvas, other = Canvas(20, 10, RED), Canvas(20, 10, GREEN)
    canvas.paste(other)
    other.disc((10, 5), 3, BLUE)
    assert {colour_at(canvas, x, 5) for x in range(20)} == {GREEN}


def test_a_gradient_runs_from_top_to_bottom():
    canvas = Canvas(4, 11)
    canvas.gradient((0, 100, 200), (100, 0, 200))
    assert colour_at(canvas, 0, 0) == (0, 100, 200)
    assert colour_at(canvas, 3, 5) == (50, 50, 200)
    assert colour_at(canvas, 0, 10) == (100, 0, 200)


def test_grain_is_repeatable_and_stays_within_the_range_of_a_byte():
    canvases = [Canvas(40, 40) for _ in range(3)]
    for canvas, seed in zip(canvases, (1, 1, 2), strict=True):
        canvas.gradient(BLACK, WHITE, grain=8.0, seed=seed)
    assert np.array_equal(canvases[0].pixels, canvases[1].pixels)
    assert not np.array_equal(canvases[0].pixels, canvases[2].pixels)
    assert canvases[0].pixels[0].max() < 100  # nothing wrapped round from black to white
    assert canvases[0].pixels[-1].min() > 155


def test_shapes_fill_their_inside_and_nothing_else():
    canvas = Canvas(40, 40)
    canvas.polygon([(5, 5), (20, 5), (20, 20), (5, 20)], RED)
    canvas.disc((30, 30), 5, GREEN)
    canvas.line((0, 38), (39, 38), BLUE)
    assert colour_at(canvas, 12, 12) == RED
    assert colour_at(canvas, 30, 30) == GREEN
    assert is_mostly_blue(canvas, 20, 38)
    assert colour_at(canvas, 2, 2) == BLACK
    assert colour_at(canvas, 23, 30) == BLACK


def test_shapes_may_reach_beyond_the_picture():
    canvas = Canvas(40, 40)
    canvas.polygon([(-50, -50), (90, -50), (90, 90), (-50, 90)], RED)
    canvas.disc((-5, 20), 10, GREEN)
    canvas.line((-9, 30), (99, 30), BLUE)
    assert colour_at(canvas, 39, 39) == RED
    assert colour_at(canvas, 1, 20) == GREEN
    assert is_mostly_blue(canvas, 20, 30)


def test_a_shape_moves_by_less_than_a_pixel():
    one, other = Canvas(40, 40), Canvas(40, 40)
    one.disc((20.0, 20.0), 5, WHITE)
    other.disc((20.25, 20.0), 5, WHITE)
    assert not np.array_equal(one.pixels, other.pixels)


@pytest.mark.parametrize("height", [9, 14, 26])
def test_text_takes_the_width_that_was_foretold(height):
    canvas = Canvas(600, 60)
    width = canvas.text("Board 12:34:56", 10, 40, height, WHITE)
    assert width == text_width("Board 12:34:56", height)
    columns = np.flatnonzero(canvas.pixels.any(axis=(0, 2)))
    rows = np.flatnonzero(canvas.pixels.any(axis=(1, 2)))
    assert columns.min() >= 9
    assert columns.max() <= 10 + width + 1
    assert abs(rows.max() - 40) <= 1  # it stands on its line


def test_taller_text_is_taller_and_wider():
    heights, widths = [], []
    for height in (9, 14, 26, 60):
        canvas = Canvas(600, 100)
        widths.append(canvas.text("BOARD", 10, 80, height, WHITE))
        heights.append(np.count_nonzero(canvas.pixels.any(axis=(1, 2))))
    assert heights == sorted(set(heights))
    assert widths == sorted(set(widths))


def test_letters_beyond_ascii_are_question_marks():
    drawn, expected = Canvas(200, 40), Canvas(200, 40)
    drawn.text("K\u00fcche \u2615", 5, 30, 14, WHITE)
    expected.text("K?che ?", 5, 30, 14, WHITE)
    assert np.array_equal(drawn.pixels, expected.pixels)
    assert text_width("K\u00fcche", 14) == text_width("K?che", 14)


@pytest.mark.parametrize("size", [(16, 8), (33, 17), (640, 480)], ids=str)
def test_the_jpeg_is_baseline_422_of_its_size(size):
    width, height = size
    canvas = Canvas(width, height, RED)
    jpeg = canvas.encode(90)
    info = inspect(jpeg)
    assert (info.width, info.height) == size
    assert (info.subsampling, info.length) == ("4:2:2", len(jpeg))
    assert b"\xff\xc0" in jpeg
    assert b"\xff\xdd" not in jpeg
    assert np.abs(decode(jpeg).astype(int) - canvas.pixels).max() < 8


def test_restart_markers_stand_where_they_are_asked_for():
    canvas = Canvas(64, 32)
    canvas.gradient(RED, BLUE)
    jpeg = canvas.encode(80, restart_interval=4)
    assert [jpeg.count(bytes((0xFF, 0xD0 + number))) for number in range(4)] == [1, 1, 1, 0]
    assert np.array_equal(decode(jpeg), decode(canvas.encode(80)))


def test_a_higher_quality_is_a_larger_picture():
    canvas = Canvas(160, 120)
    canvas.gradient(RED, BLUE, grain=5.0)
    lengths = [len(canvas.encode(quality)) for quality in (25, 60, 92)]
    assert lengths == sorted(set(lengths))


def test_what_is_left_of_a_damaged_picture_is_shown_without_a_word_on_the_terminal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    jpeg = Canvas(640, 480, WHITE).encode(90)
    cut = Canvas.from_jpeg(jpeg[: len(jpeg) // 2] + b"\xff\xd9")
    assert (cut.width, cut.height) == (640, 480)
    assert colour_at(cut, 20, 20) == WHITE
    assert capfd.readouterr() == ("", "")


def test_a_picture_larger_than_any_camera_sends_is_not_decoded() -> None:
    jpeg = Canvas(16, 8).encode(90)
    at = jpeg.index(b"\xff\xc0") + 5
    with pytest.raises(ValueError, match="6000x6000"):
        Canvas.from_jpeg(jpeg[:at] + (6000).to_bytes(2, "big") * 2 + jpeg[at + 4 :])

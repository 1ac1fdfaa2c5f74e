import numpy as np
import pytest
import simplejpeg

from vedette.picture import Canvas, Lettering, Notice, Sign, Tile
from vedette.picture.away import dim, write_notice
from vedette.picture.mosaic_cell import CellPainter
from vedette.picture.pixels import header_of, redraw
from vedette.picture.recipe import Turn

AWAY = Notice(Sign.AWAY, "Barn", "away since 12:03", "Nothing answers at 192.168.0.123: the board is off.")


def scene(width: int = 640, height: int = 480) -> bytes:
    canvas = Canvas(width, height)
    canvas.gradient((120, 170, 230), (60, 110, 50), grain=8)
    canvas.disc((width / 3, height / 4), height / 6, (220, 40, 30))
    return canvas.encode(90)


def test_a_lost_cameras_cell_is_its_last_picture_with_the_away_pictures_own_dimming_and_words() -> None:
    lettering = Lettering()
    painter = CellPainter(320, 240, lettering, label=True)
    expected = CellPainter(320, 240, lettering, label=False).paint(Tile(0, scene(), "Barn")).copy()
    dim(expected)
    write_notice(expected, AWAY, lettering)
    assert np.array_equal(painter.paint(Tile(0, scene(), "Barn", AWAY)).pixels, expected.pixels)


@pytest.mark.parametrize("turn", Turn)
def test_a_cell_shows_a_picture_as_a_viewer_who_wishes_it_turned_and_scaled_sees_it(turn: Turn) -> None:
    jpeg = scene(640, 480)
    width, height = turn.size(320, 240)
    shown = CellPainter(width, height, Lettering(), label=False).paint(Tile(0, jpeg, "", None, turn)).pixels
    seen = Canvas.from_jpeg(redraw(jpeg, header_of(jpeg), turn, width, 100)).pixels
    assert np.abs(shown.astype(int) - seen).mean() < 2


def test_a_picture_larger_than_any_camera_sends_is_not_decoded() -> None:
    giant = simplejpeg.encode_jpeg(np.full((5008, 5008, 1), 250, np.uint8), 80, "GRAY", "Gray")
    painter = CellPainter(320, 240, Lettering(), label=False)
    damaged = painter.paint(Tile(0, b"no picture", "Barn")).copy()
    assert np.array_equal(painter.paint(Tile(1, giant, "Barn")).pixels, damaged.pixels)

from itertools import product

import pytest

from vedette.picture import choose_columns
from vedette.picture.mosaic_grid import MCU, Grid, divide


def test_sixteen_cameras_fill_a_mosaic() -> None:
    grid = divide(1280, 4, 16, 4 / 3)
    assert grid == Grid(4, 4, 320, 240)
    assert grid.size == (1280, 960)


def test_whatever_is_asked_for_it_has_room_for_all_and_knows_bounds() -> None:
    counts, shapes = (1, 2, 3, 7, 16, 63, 64, 100, 399, 400, 640), (0.2, 9 / 16, 1, 4 / 3, 16 / 9, 5)
    for width, columns, count, shape in product((160, 161, 320, 1279, 4096), (-1, 1, 2, 5, 20, 1000), counts, shapes):
        grid = divide(width, columns, count, shape)
        assert grid.columns * (grid.rows - 1) < count <= grid.columns * grid.rows
        assert grid.size[0] <= width
        assert grid.size[1] <= 4096
        assert grid.cell_width >= 32
        assert grid.cell_height >= 32
        assert grid.cell_width % MCU == grid.cell_height % MCU == 0


def test_columns_are_as_asked_for_where_they_have_room() -> None:
    assert divide(1280, 5, 23, 4 / 3).columns == 5
    assert divide(160, 20, 400, 4 / 3).columns == 5, "32 pixels are the least"
    assert divide(1280, 1, 400, 4 / 3).columns == 4, "4096 pixels are the highest"
    assert divide(1280, 8, 3, 4 / 3).columns == 3, "no more than cameras"


def test_cells_get_smaller_where_the_whole_would_be_too_high() -> None:
    grid = divide(4096, 1, 8, 4 / 3)
    assert grid == Grid(1, 8, 688, 512)


@pytest.mark.parametrize(
    ("width", "count", "shape"), [(159, 1, 1), (4097, 1, 1), (320, 0, 1), (320, 641, 1), (320, 1, 0.1), (320, 1, 6)]
)
def test_what_is_out_of_range_is_refused(width: int, count: int, shape: float) -> None:
    with pytest.raises(ValueError, match=r"to"):
        divide(width, 1, count, shape)


@pytest.mark.parametrize(
    ("count", "columns"),
    [(1, 1), (2, 2), (3, 2), (4, 2), (5, 3), (6, 3), (9, 3), (16, 4), (25, 5), (36, 6), (400, 24)],
)
def test_columns_are_chosen_so_that_cameras_are_seen_large(count: int, columns: int) -> None:
    assert choose_columns(count) == columns


def test_columns_follow_the_shapes_of_cameras_and_screen() -> None:
    assert choose_columns(4, screen=9 / 16) == 1
    assert choose_columns(4, shape=3 / 4) == 4
    assert choose_columns(64, screen=4 / 3) == 8


def test_no_other_number_of_columns_shows_cameras_larger() -> None:
    for count, shape, screen in product(range(1, 66), (3 / 4, 4 / 3, 16 / 9), (9 / 16, 4 / 3, 16 / 9)):
        widths = {columns: min(screen / columns, shape / -(-count // columns)) for columns in range(1, count + 1)}
        assert widths[choose_columns(count, shape, screen)] == pytest.approx(max(widths.values()), abs=1e-6)

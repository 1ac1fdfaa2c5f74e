"""Pixels and JPEG coefficients: the only door to OpenCV, Pillow, simplejpeg and libturbojpeg."""

from vedette.picture.away import Notice, draw_away
from vedette.picture.canvas import Canvas
from vedette.picture.caption import Caption
from vedette.picture.integrity import Checked, check, check_markers
from vedette.picture.lettering import Lettering
from vedette.picture.mosaic import Mosaic
from vedette.picture.mosaic_cell import Tile
from vedette.picture.mosaic_grid import MOST_CELLS, choose_columns
from vedette.picture.recipe import Flip, Recipe, Turn
from vedette.picture.render import Renderer
from vedette.picture.sign import Sign
from vedette.picture.thumbnail import shrink
from vedette.picture.turbojpeg import find_turbojpeg

__all__ = [
    "MOST_CELLS",
    "Canvas",
    "Caption",
    "Checked",
    "Flip",
    "Lettering",
    "Mosaic",
    "Notice",
    "Recipe",
    "Renderer",
    "Sign",
    "Tile",
    "Turn",
    "check",
    "check_markers",
    "choose_columns",
    "draw_away",
    "find_turbojpeg",
    "shrink",
]

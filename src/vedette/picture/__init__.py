"""Pixels: the only door to OpenCV, Pillow and simplejpeg."""

from vedette.picture.away import Notice, draw_away
from vedette.picture.canvas import Canvas
from vedette.picture.integrity import Checked, check, check_markers
from vedette.picture.lettering import Lettering
from vedette.picture.sign import Sign
from vedette.picture.thumbnail import shrink

__all__ = ["Canvas", "Checked", "Lettering", "Notice", "Sign", "check", "check_markers", "draw_away", "shrink"]

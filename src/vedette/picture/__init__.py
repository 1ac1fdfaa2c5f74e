"""Pixels: the only door to OpenCV."""

from vedette.picture.canvas import Canvas

__all__ = ["Canvas"]

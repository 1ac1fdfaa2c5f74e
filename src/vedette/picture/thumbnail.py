"""A small copy of a picture, to know a camera by."""

import cv2

from vedette.picture.canvas import Canvas

_QUALITY = 75  # libjpeg's: 320 x 240 take some 8 KB


def shrink(jpeg: bytes, width: int) -> bytes:
    """A JPEG at most ``width`` pixels wide, in the same shape; a narrower one as it came.

    Raises:
        ValueError: it cannot be decoded.
    """
    whole = Canvas.from_jpeg(jpeg)
    if whole.width <= width:
        return jpeg
    small = Canvas(width, max(1, round(whole.height * width / whole.width)))
    cv2.resize(whole.pixels, (small.width, small.height), dst=small.pixels, interpolation=cv2.INTER_AREA)
    return small.encode(_QUALITY)

"""A small copy of a picture, to know a camera by."""

from vedette.picture.pixels import header_of, redraw

_QUALITY = 75  # libjpeg's: 320 x 240 take some 8 KB


def shrink(jpeg: bytes, width: int) -> bytes:
    """A JPEG at most ``width`` pixels wide, in the same shape; a narrower one as it came.

    Raises:
        ValueError: it cannot be decoded.
    """
    header = header_of(jpeg)
    return jpeg if header.width <= width else redraw(jpeg, header, width=width, quality=_QUALITY)

"""A picture decoded, changed and encoded: for what cannot be done to its coefficients.

Decoding stops at the smallest of JPEG's own scales (1/2, 1/4, 1/8) that is not too small; of those between, 7/8 of
800x600 took twice as long as the whole picture. What is left to do is mostly less than a half, where linear
interpolation comes as near to a Lanczos filter as OpenCV's averaging of areas (within 3 dB, at 46 dB and more), in a
fifth of its time. What a JPEG says of itself in EXIF (which way up it is) is not looked at, as `turbojpeg.py` does not.
"""

from typing import TYPE_CHECKING

import cv2
import numpy as np
import simplejpeg

from vedette.picture.recipe import Turn
from vedette.wire.jpeg import BadJpegError
from vedette.wire.jpeg_header import Header, read_header

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_ROTATIONS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_SCALES = (8, 4, 2)
_STEEP = 0.5  # of the size: where less is left, two neighbours are no mean of what was there
QUALITY = 80
"""libjpeg's, where nobody wishes another: an OV2640's 10 to 12."""


def header_of(jpeg: bytes) -> Header:
    """What its header says, checked.

    Raises:
        ValueError: it has none that can be read.
    """
    try:
        return read_header(jpeg)[0]
    except BadJpegError as error:
        raise ValueError(f"this is no JPEG that can be decoded: {error}") from None


def scaled(size: tuple[int, int], width: int | None) -> tuple[int, int]:
    """The size of a picture that was scaled down to at most ``width``, in the same shape."""
    if width is None or width >= size[0]:
        return size
    return width, max(1, round(size[1] * width / size[0]))


def redraw(
    jpeg: bytes,
    header: Header,
    turn: Turn = Turn.NONE,
    width: int | None = None,
    quality: int | None = None,
    strip: "Callable[[int, int], NDArray[np.uint8] | None] | None" = None,
) -> bytes:
    """Decode, turn, scale, label and encode.

    Args:
        jpeg: the picture.
        header: its own.
        turn: which way.
        width: pixels: scaled down, after the turn, to at most so wide.
        quality: libjpeg's.
        strip: gives for a width and height what is laid over the lower rows: uint8, (rows, width), gray.

    Raises:
        ValueError: it cannot be decoded.
    """
    target = scaled(turn.size(header.width, header.height), width)
    pixels = turned(decode(jpeg, header, turn.size(*target)), turn)
    if strip is not None and (rows := strip(*target)) is not None:
        pixels[-len(rows) :] = rows[:, :, None]
    return bytes(simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), quality or QUALITY, "BGR", "420", fastdct=False))


def decode(jpeg: bytes, header: Header, size: tuple[int, int], *, quick: bool = False) -> "NDArray[np.uint8]":
    """A picture's pixels in another size: uint8, (height, width, 3), BGR.

    Args:
        jpeg: the picture.
        header: its own.
        size: width and height.
        quick: (height, width, 4), of which the last means nothing: that is decoded and resized some 5 % quicker. And
            colours are not smoothed where the decoder brings them to the size of the luma.

    Raises:
        ValueError: it cannot be decoded.
    """
    width, height = _least(header, size)
    colours = "BGRX" if quick else "BGR"
    try:
        pixels: NDArray[np.uint8] = simplejpeg.decode_jpeg(
            jpeg, colours, fastupsample=quick, min_width=width, min_height=height
        )
    except ValueError as error:
        raise ValueError(f"this is no JPEG that can be decoded: {error}") from None
    if (width, height) == size:
        return pixels
    steep = size[0] < width * _STEEP or size[1] < height * _STEEP
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if steep else cv2.INTER_LINEAR), np.uint8)


def turned(pixels: "NDArray[np.uint8]", turn: Turn) -> "NDArray[np.uint8]":
    """Pixels (height, width, colours) the other way up; the very same where there is nothing to turn."""
    mirrored, degrees = turn.value
    if turn is Turn.MIRROR_VERTICALLY:
        return np.asarray(cv2.flip(pixels, 0), np.uint8)
    if turn is Turn.TRANSPOSE:
        return np.asarray(cv2.transpose(pixels), np.uint8)
    if mirrored:
        pixels = np.asarray(cv2.flip(pixels, 1), np.uint8)
    return np.asarray(cv2.rotate(pixels, _ROTATIONS[degrees]), np.uint8) if degrees else pixels


def _least(header: Header, size: tuple[int, int]) -> tuple[int, int]:
    """The smallest that the decoder makes of it that is not smaller than ``size``; else the whole."""
    for scale in _SCALES:
        width, height = -(-header.width // scale), -(-header.height // scale)
        if width >= size[0] and height >= size[1]:
            return width, height
    return header.width, header.height

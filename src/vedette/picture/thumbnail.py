"""A small copy of a picture, to know a camera by."""

import cv2
import numpy as np

_QUALITY = 75  # libjpeg's: 320 x 240 take some 8 KB


def shrink(jpeg: bytes, width: int) -> bytes:
    """A JPEG at most ``width`` pixels wide, in the same shape; a narrower one as it came.

    Raises:
        ValueError: it cannot be decoded.
    """
    try:
        pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:  # nothing at all, or a size that is out of all bounds
        pixels = None
    if pixels is None:
        raise ValueError("this is no JPEG that can be decoded")
    height, full_width = pixels.shape[:2]
    if full_width <= width:
        return jpeg
    size = (width, max(1, round(height * width / full_width)))
    done, small = cv2.imencode(
        ".jpg", cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    if not done:
        raise ValueError("OpenCV could not encode it")
    return small.tobytes()

"""A picture to draw on, and to take a JPEG from.

Colours are (red, green, blue), 0 to 255. Lengths are pixels. Letters are OpenCV's own, which are quick and ASCII only:
what is beyond them is drawn as a question mark. `Lettering` has all others.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import cv2
import numpy as np
import simplejpeg

from vedette.picture.pixels import header_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

Colour = tuple[int, int, int]
Point = tuple[float, float]

_SHIFT = 4  # OpenCV's fixed-point coordinates: sixteenths of a pixel, so that slow things move smoothly
_FONT = cv2.FONT_HERSHEY_DUPLEX


class Canvas:
    """An RGB picture of width x height pixels, held as OpenCV holds it (height, width, 3; uint8; BGR)."""

    def __init__(self, width: int, height: int, colour: Colour = (0, 0, 0)) -> None:
        self.width = width
        self.height = height
        self.pixels: NDArray[np.uint8] = np.empty((height, width, 3), np.uint8)
        self.pixels[:] = colour[::-1]

    @classmethod
    def from_jpeg(cls, jpeg: bytes) -> "Canvas":
        """The picture of a JPEG, in its size; what is damaged of it as the decoder guesses it.

        OpenCV would decode it too, but writes what it thinks of it to the standard error output.

        Raises:
            ValueError: it cannot be decoded.
        """
        header = header_of(jpeg)
        canvas = cls(header.width, header.height)
        simplejpeg.decode_jpeg(jpeg, "BGR", buffer=canvas.pixels, strict=False)
        return canvas

    def copy(self) -> "Canvas":
        """The same picture, to be drawn on further."""
        other = Canvas(self.width, self.height)
        other.paste(self)
        return other

    def paste(self, other: "Canvas") -> None:
        """Become a copy of another picture of the same size."""
        np.copyto(self.pixels, other.pixels)

    def gradient(self, top: Colour, bottom: Colour, grain: float = 0.0, seed: int = 0) -> None:
        """Fill from top to bottom; ``grain`` is the standard deviation of noise, as a cheap sensor has it."""
        rows = np.linspace(np.array(top[::-1], float), np.array(bottom[::-1], float), self.height)
        picture = np.repeat(rows[:, None, :], self.width, axis=1)
        if grain:
            picture = picture + np.random.default_rng(seed).normal(0, grain, picture.shape)
        self.pixels[:] = np.clip(picture, 0, 255).astype(np.uint8)

    def dim(self, brightness: float, colour: float) -> None:
        """Darken: ``brightness`` is what is left of the light, ``colour`` what is left of the colours; 0 to 1."""
        gray = cv2.cvtColor(cv2.cvtColor(self.pixels, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
        cv2.addWeighted(self.pixels, brightness * colour, gray, brightness * (1 - colour), 0, dst=self.pixels)

    def shade(self, top: int, bottom: int, opacity: float) -> None:
        """Lay black over the rows from ``top`` to ``bottom``."""
        rows = self.pixels[max(0, top) : max(0, bottom)]
        if rows.size:
            rows[:] = cv2.convertScaleAbs(rows, alpha=1 - opacity)

    def stain(self, mask: "NDArray[np.uint8]", left: int, top: int, colour: Colour) -> None:
        """Lay a colour on where ``mask`` (height, width; 0 to 255) says how much; what is outside is left out."""
        height, width = mask.shape
        seen = mask[max(0, -top) : max(0, self.height - top), max(0, -left) : max(0, self.width - left)]
        area = self.pixels[max(0, top) : max(0, top + height), max(0, left) : max(0, left + width)]
        share = seen[..., None] / np.float32(255)
        area[:] = area * (1 - share) + np.array(colour[::-1], np.float32) * share

    def polygon(self, points: Sequence[Point], colour: Colour) -> None:
        """Fill a polygon."""
        corners = np.array([[round(x * (1 << _SHIFT)), round(y * (1 << _SHIFT))] for x, y in points], np.int32)
        cv2.fillPoly(self.pixels, [corners], colour[::-1], cv2.LINE_AA, _SHIFT)

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        """Fill a circle."""
        x, y = (round(value * (1 << _SHIFT)) for value in centre)
        cv2.circle(self.pixels, (x, y), round(radius * (1 << _SHIFT)), colour[::-1], -1, cv2.LINE_AA, _SHIFT)

    def arc(self, centre: Point, radius: float, angles: tuple[float, float], colour: Colour, thickness: int) -> None:
        """Draw part of a circle: from one angle to the other, in degrees, clockwise from the right."""
        x, y = (round(value * (1 << _SHIFT)) for value in centre)
        axes = (round(radius * (1 << _SHIFT)),) * 2
        cv2.ellipse(self.pixels, (x, y), axes, 0, *angles, colour[::-1], thickness, cv2.LINE_AA, _SHIFT)

    def line(self, start: Point, end: Point, colour: Colour, thickness: int = 1) -> None:
        """Draw a line."""
        ends = [(round(x * (1 << _SHIFT)), round(y * (1 << _SHIFT))) for x, y in (start, end)]
        cv2.line(self.pixels, ends[0], ends[1], colour[::-1], thickness, cv2.LINE_AA, _SHIFT)

    def text(self, text: str, left: int, baseline: int, height: int, colour: Colour) -> int:
        """Write one line; ``height`` is what OpenCV calls it, about 4/3 of a capital. Gives the width it took."""
        shown = text.encode("ascii", "replace").decode()
        thickness = max(1, height // 12)
        scale = cv2.getFontScaleFromHeight(_FONT, height, thickness)
        cv2.putText(self.pixels, shown, (left, baseline), _FONT, scale, colour[::-1], thickness, cv2.LINE_AA)
        return text_width(text, height)

    def encode(self, quality: int, restart_interval: int = 0) -> bytes:
        """A baseline JPEG in 4:2:2, as the boards send it.

        Args:
            quality: libjpeg's, 1 to 100.
            restart_interval: MCUs (16x8 pixels) between restart markers; 0 for none.
        """
        done, jpeg = cv2.imencode(
            ".jpg",
            self.pixels,
            [
                *(cv2.IMWRITE_JPEG_QUALITY, quality),
                *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422),
                *(cv2.IMWRITE_JPEG_RST_INTERVAL, restart_interval),
            ],
        )
        if not done:
            raise RuntimeError("OpenCV could not encode a picture")
        return jpeg.tobytes()


def text_width(text: str, height: int) -> int:
    """Pixels that `Canvas.text` takes for a line."""
    thickness = max(1, height // 12)
    scale = cv2.getFontScaleFromHeight(_FONT, height, thickness)
    (width, _), _ = cv2.getTextSize(text.encode("ascii", "replace").decode(), _FONT, scale, thickness)
    return int(width)

"""The signs of states that are not live: the same as on the pages (`web/templates/_icons.html`), drawn with lines."""

from collections.abc import Sequence
from enum import Enum
from itertools import pairwise

from vedette.picture.canvas import Canvas, Colour, Point

_GRID = 16  # the pages' signs are drawn on 16 by 16
_STROKE = 1.6
_RED, _AMBER, _GREY = (255, 123, 112), (247, 189, 74), (163, 176, 185)


class Sign(Enum):
    """A state that a picture can be in when it is not live, with its colour."""

    AWAY = "away"
    STALE = "stale"
    CONNECTING = "connecting"
    IDLE = "idle"
    DISABLED = "disabled"

    @property
    def colour(self) -> Colour:
        """Never alone: the sign's shape and a word say the same."""
        return {Sign.AWAY: _RED, Sign.STALE: _AMBER}.get(self, _GREY)


def draw_sign(canvas: Canvas, sign: Sign, centre: Point, size: int) -> None:
    """Draw a sign, ``size`` pixels wide and high."""
    pen = _Pen(canvas, centre, size / _GRID, sign.colour)
    match sign:
        case Sign.AWAY:  # a broken link
            for turned in (False, True):
                pen.half_link(turned=turned)
        case Sign.STALE:  # a clock
            pen.arc((8, 8), 6.1, (0, 360))
            pen.lines([(8, 4.6), (8, 8), (10.3, 9.6)])
        case Sign.CONNECTING:
            for middle in (3, 8, 13):
                pen.dot((middle, 8), 1.7)
        case Sign.IDLE:
            for x in (5.5, 10.5):
                pen.lines([(x, 3.5), (x, 12.5)])
        case Sign.DISABLED:
            pen.arc((8, 8), 6.1, (0, 360))
            pen.lines([(3.8, 12.2), (12.2, 3.8)])


class _Pen:
    """Draws on the grid of the signs."""

    def __init__(self, canvas: Canvas, centre: Point, scale: float, colour: Colour) -> None:
        self._canvas = canvas
        self._centre = centre
        self._scale = scale
        self._colour = colour
        self._thickness = max(1, int(_STROKE * scale))

    def lines(self, points: Sequence[Point]) -> None:
        for start, end in pairwise(points):
            self._canvas.line(self._place(start), self._place(end), self._colour, self._thickness)

    def arc(self, centre: Point, radius: float, angles: tuple[float, float]) -> None:
        place, length = self._place(centre), radius * self._scale
        self._canvas.arc(place, length, angles, self._colour, self._thickness)

    def dot(self, centre: Point, radius: float) -> None:
        self._canvas.disc(self._place(centre), radius * self._scale, self._colour)

    def half_link(self, *, turned: bool) -> None:
        """One end of a chain's link that opens towards the middle, with two rays; or the same turned by 180 degrees."""
        turn = [(16 - x, 16 - y) if turned else (x, y) for x, y in _HALF_LINK]
        self.lines(turn[0:2])
        self.lines(turn[2:4])
        self.arc(turn[4], 3.2, (38.7, 218.7) if turned else (218.7, 398.7))
        self.lines(turn[5:7])
        self.lines(turn[7:9])

    def _place(self, point: Point) -> Point:
        x, y = self._centre
        return x + (point[0] - _GRID / 2) * self._scale, y + (point[1] - _GRID / 2) * self._scale


# Two straight sides, the centre of the bend between them (half a circle of 3.2), and two rays.
_HALF_LINK: tuple[Point, ...] = (
    *((7, 4), (8.2, 2.8)),
    *((13.2, 6.8), (11.6, 8.4)),
    (10.7, 4.8),
    *((11, 14.6), (11, 12.7)),
    *((14.6, 11), (12.7, 11)),
)

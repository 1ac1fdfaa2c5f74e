"""What is wished of a camera's picture: which way up, how wide, how good, labelled or not.

The eight ways up are a group: every flip and rotation, one behind another, is one of them. A `Turn` is one of the
eight, a mirroring from left to right or none and then a rotation; `Flip` and degrees are how people say it.
"""

from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from functools import lru_cache


class Flip(StrEnum):
    """Which sides change places: ``horizontal`` is left and right, as in a mirror."""

    NONE = "none"
    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"
    BOTH = "both"


class Turn(Enum):
    """One of the eight ways up: (mirrored from left to right, then rotated by these degrees clockwise)."""

    NONE = (False, 0)
    QUARTER = (False, 90)
    HALF = (False, 180)
    THREE_QUARTERS = (False, 270)
    MIRROR = (True, 0)
    TRANSVERSE = (True, 90)
    MIRROR_VERTICALLY = (True, 180)
    TRANSPOSE = (True, 270)

    def then(self, other: "Turn") -> "Turn":
        """The one that does the same as this one and the ``other`` behind it."""
        mirrored, degrees = self.value
        again, more = other.value
        return Turn((mirrored != again, ((-degrees if again else degrees) + more) % 360))

    @property
    def swaps_sides(self) -> bool:
        """Width becomes height."""
        return self.value[1] in {90, 270}

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height after it."""
        return (height, width) if self.swaps_sides else (width, height)


_FLIPS = {
    Flip.NONE: Turn.NONE,
    Flip.HORIZONTAL: Turn.MIRROR,
    Flip.VERTICAL: Turn.MIRROR_VERTICALLY,
    Flip.BOTH: Turn.HALF,
}
_ROTATIONS = (0, 90, 180, 270)


@lru_cache  # there are sixteen, and each frame of each camera asks
def _turn_of(flip: Flip, rotate: int) -> Turn:
    return _FLIPS[flip].then(Turn((False, rotate)))


@dataclass(frozen=True, slots=True)
class Recipe:
    """A wish; the key of a rendition.

    Attributes:
        flip: first.
        rotate: then, in degrees clockwise: 0, 90, 180 or 270.
        width: pixels: scaled down to at most so wide, as it is seen after the turn; never up. None: as it is.
        quality: libjpeg's, 1 to 100. None: the board's own coefficients where no other wish needs an encoder, else a
            good default.
        label: the name and the time along the lower edge.
    """

    flip: Flip = Flip.NONE
    rotate: int = 0
    width: int | None = None
    quality: int | None = None
    label: bool = False

    def __post_init__(self) -> None:
        if self.rotate not in _ROTATIONS:
            raise ValueError(f"a rotation is by 0, 90, 180 or 270 degrees, not {self.rotate}")
        if self.width is not None and self.width < 1:
            raise ValueError(f"a picture is at least 1 pixel wide, not {self.width}")
        if self.quality is not None and not 1 <= self.quality <= 100:
            raise ValueError(f"quality is 1 to 100, not {self.quality}")

    @property
    def plain(self) -> bool:
        """There is nothing to do: the board's own bytes are what is wished."""
        return self.width is None and self.leaves(0)

    def leaves(self, width: int) -> bool:
        """A picture so wide needs nothing done (pixels; 0 where nobody knows how wide it is)."""
        if self.width is not None and not 0 < width <= self.width:
            return False
        return self.quality is None and not self.label and self.turn is Turn.NONE

    @property
    def turn(self) -> Turn:
        """Flip and rotation in one."""
        return _turn_of(self.flip, self.rotate)

    def after(self, flip: Flip, rotate: int) -> "Recipe":
        """The same wish for pictures that are flipped and rotated so before: a viewer's, behind a camera's own.

        In its simplest form, so that wishes that come to the same are equal.
        """
        turn = Recipe(flip, rotate).turn.then(self.turn)
        for simplest, flipped in _FLIPS.items():
            if flipped is turn and simplest is not Flip.BOTH:
                return replace(self, flip=simplest, rotate=0)
        mirrored, degrees = turn.value
        return replace(self, flip=Flip.HORIZONTAL if mirrored else Flip.NONE, rotate=degrees)

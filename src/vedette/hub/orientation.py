"""Which way up a camera's pictures are: what the user wants, and who does it.

The sensor does it for nothing. What it does not confirm is done to the pictures, and so are quarter turns, which no
sensor can.
"""

from dataclasses import dataclass

from vedette.picture.recipe import Flip

MIRROR, UPSIDE_DOWN = "hmirror", "vflip"  # the sensors' own variables
FLIPS = frozenset((MIRROR, UPSIDE_DOWN))
_WORDS = {
    frozenset(): Flip.NONE,
    frozenset((MIRROR,)): Flip.HORIZONTAL,
    frozenset((UPSIDE_DOWN,)): Flip.VERTICAL,
    FLIPS: Flip.BOTH,
}


@dataclass(frozen=True, slots=True)
class Orientation:
    """A flip, and then a turn.

    Attributes:
        flips: the sensor's variables that would do the flip; half a turn is both.
        rotate: what is left of the turn: 0 or 90 degrees clockwise.
    """

    flips: frozenset[str] = frozenset()
    rotate: int = 0

    @classmethod
    def of(cls, flip: str, rotate: int) -> "Orientation":
        """As the configuration says it: a flip, then 0, 90, 180 or 270 degrees clockwise."""
        flips = next(names for names, word in _WORDS.items() if word == flip)
        if rotate >= 180:
            flips = FLIPS ^ flips
        return cls(flips, rotate % 180)

    def without(self, names: frozenset[str]) -> "Orientation":
        """What is left to do where the sensor does some of the flips."""
        return Orientation(self.flips - names, self.rotate)

    @property
    def flip(self) -> Flip:
        """The flips in one word."""
        return _WORDS[self.flips]

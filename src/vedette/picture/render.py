"""A recipe applied to a camera's picture, the cheapest way that works.

What is only turned and labelled keeps its coefficients, through libturbojpeg: nothing is lost, and it costs half of a
decode and an encode. Where the library is missing, and for what it refuses (sizes below one MCU, colours that are not
luma and chroma, labels on more than 65,535 MCUs), and wherever a size or a quality is asked for, the pixels are decoded
and encoded.
"""

from vedette.picture.caption import Caption
from vedette.picture.joining import CannotJoinError
from vedette.picture.labels import Labels
from vedette.picture.lettering import Lettering
from vedette.picture.pixels import header_of, redraw
from vedette.picture.recipe import Recipe, Turn
from vedette.picture.turbojpeg import TurboJpeg, TurboJpegError
from vedette.wire.jpeg import complete
from vedette.wire.jpeg_header import Header

_WHY_NOT = (
    "libturbojpeg was not found: pictures are flipped, rotated and labelled by decoding and encoding them again, which "
    "costs up to twice as much and a little of their quality. On Debian: sudo apt-get install libturbojpeg0"
)
_UNITS = {  # pixels of an MCU: across, down
    "gray": (8, 8),
    "4:4:4": (8, 8),
    "4:2:2": (16, 8),
    "4:2:0": (16, 16),
    "4:4:0": (8, 16),
    "4:1:1": (32, 8),
}
# The sides that change places: what an incomplete MCU stands at there cannot be turned.
_RIGHT_AND_LEFT = {Turn.MIRROR, Turn.HALF, Turn.THREE_QUARTERS, Turn.TRANSVERSE}
_TOP_AND_BOTTOM = {Turn.MIRROR_VERTICALLY, Turn.HALF, Turn.QUARTER, Turn.TRANSVERSE}


class Renderer:
    """Applies recipes; for any number of threads.

    Args:
        library: `find_turbojpeg`'s; None does without.
        lettering: for labels.

    Attributes:
        lossless: turns and labels lose nothing.
        why_not: a sentence that says why they do; None where they do not.
    """

    def __init__(self, library: TurboJpeg | None, lettering: Lettering | None = None) -> None:
        self._library = library
        self._labels = Labels(lettering or Lettering())
        self.lossless = library is not None
        self.why_not = None if self.lossless else _WHY_NOT

    def render(self, jpeg: bytes, recipe: Recipe, caption: Caption | None) -> bytes:
        """The picture after the recipe; the same bytes where there is nothing to do.

        Args:
            jpeg: a JPEG.
            recipe: what to do.
            caption: for a recipe with a label.

        Raises:
            ValueError: it cannot be decoded.
        """
        if recipe.plain:
            return jpeg
        header, turn = header_of(jpeg), recipe.turn
        if header.tables_at is not None:
            jpeg = complete(jpeg)  # without, libturbojpeg takes those of the picture before
        said = caption if recipe.label else None
        width = recipe.width
        if width is not None and width >= turn.size(header.width, header.height)[0]:
            width = None
        if width is None and recipe.quality is None:
            if turn is Turn.NONE and said is None:
                return jpeg
            if (kept := self._without_loss(jpeg, header, turn, said)) is not None:
                return kept
        strip = None if said is None else lambda across, down: self._labels.draw(said, across, down)
        return redraw(jpeg, header, turn, width, recipe.quality, strip)

    def _without_loss(self, jpeg: bytes, header: Header, turn: Turn, caption: Caption | None) -> bytes | None:
        """The picture turned and labelled as it is; None where that cannot be done."""
        size = turned_size(header, turn)
        if self._library is None or size is None:
            return None
        try:
            if caption is None:
                return self._library.transform(jpeg, turn)
            return self._labels.burn_in(self._library, jpeg, turn, size, caption)
        except (TurboJpegError, CannotJoinError):
            return None  # damaged, which the decoder will say; or unusual


def turned_size(header: Header, turn: Turn) -> tuple[int, int] | None:
    """Width and height of a picture that is turned without loss; None where it cannot be.

    What an incomplete row or column of MCUs shows is left out where it would have to change sides: 800x600 in 4:2:0 is
    800x592 after a vertical flip, because an MCU has 16 rows.
    """
    unit = _UNITS.get(header.subsampling)
    if unit is None:
        return None
    width, height = header.width, header.height
    if turn in _RIGHT_AND_LEFT:
        width -= width % unit[0]
    if turn in _TOP_AND_BOTTOM:
        height -= height % unit[1]
    return turn.size(width, height) if width and height else None

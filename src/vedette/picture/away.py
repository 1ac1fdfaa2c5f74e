"""The picture of a camera that is away: the last good one, dimmed, with a band that says whose, since when and why.

It can never be mistaken for a live one, even in a screenshot. A camera that never gave a picture has a plain ground in
its place. Sizes follow the picture's, so that the words are read on 160x120 pixels as on 1600x1200.
"""

from dataclasses import dataclass

from vedette.picture.canvas import Canvas, Colour
from vedette.picture.lettering import Lettering
from vedette.picture.sign import Sign, draw_sign

_PLAIN_SIZE = (640, 480)
_PLAIN_GROUND = (24, 28, 34)
_DIMMED = (0.45, 0.35)  # what is left of brightness and colour
_SHADE = 0.6
_INK, _PALE = (240, 242, 245), (176, 186, 197)
_QUALITY = 80

# Shares of the picture's height (or of three quarters of its width, where that is less), and the least in pixels.
_NAME, _LEAST_NAME = 0.07, 11
_WORDS, _LEAST_WORDS = 0.052, 9
_WHY, _LEAST_WHY = 0.038, 10
_SIGN, _LEAST_SIGN = 0.1, 14
_WHY_FROM = 200  # pixels of height: below, the explanation would leave no picture
_WHY_LINES = 3
_NARROWER = (0.9, 0.8, 0.7)  # of the width, to even out its lines
_LEADING = 1.4  # from one baseline to the next, in sizes of type
_MARGIN = 0.04  # of the width


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said.

    Attributes:
        sign: and its colour.
        name: the camera's, in any script.
        words: its state and since when: "away since 12:03".
        why: the reason in a sentence; may be empty. Left out where there is no room.
    """

    sign: Sign
    name: str
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: int
    colour: Colour


def draw_away(notice: Notice, jpeg: bytes | None, lettering: Lettering) -> bytes:
    """A JPEG (4:2:2) that says it is not live; in the size of ``jpeg``, or of 640x480 pixels where there is none.

    A ``jpeg`` that cannot be decoded is as none.
    """
    canvas = _ground(jpeg)
    write_notice(canvas, notice, lettering)
    return canvas.encode(_QUALITY)


def dim(canvas: Canvas) -> None:
    """Make a picture such that nobody takes it for a live one."""
    canvas.dim(*_DIMMED)


def write_notice(canvas: Canvas, notice: Notice, lettering: Lettering) -> None:
    """Lay the band with the words across the middle of a picture."""
    base = min(canvas.height, round(0.75 * canvas.width))
    width = round(canvas.width * (1 - 2 * _MARGIN))
    lines = list(_lines(notice, base, width, lettering))
    sign = max(_LEAST_SIGN, round(base * _SIGN))
    pad = sign // 2
    height = sign + sum(round(line.size * _LEADING) for line in lines)
    top = (canvas.height - height) // 2
    canvas.shade(top - pad, top + height + pad, _SHADE)
    draw_sign(canvas, notice.sign, (canvas.width / 2, top + sign / 2), sign)
    baseline = top + sign
    for line in lines:
        baseline += round(line.size * _LEADING)
        lettering.write(canvas, line.text, (canvas.width // 2, baseline), line.size, line.colour)


def _ground(jpeg: bytes | None) -> Canvas:
    if jpeg is not None:
        try:
            canvas = Canvas.from_jpeg(jpeg)
        except ValueError:
            return Canvas(*_PLAIN_SIZE, _PLAIN_GROUND)
        dim(canvas)
        return canvas
    return Canvas(*_PLAIN_SIZE, _PLAIN_GROUND)


def _lines(notice: Notice, base: int, width: int, lettering: Lettering) -> list[_Line]:
    name = max(_LEAST_NAME, round(base * _NAME))
    words = max(_LEAST_WORDS, round(base * _WORDS))
    lines = [
        _Line(*lettering.fit(notice.name, name, max(_LEAST_NAME, name * 2 // 3), width), _INK),
        _Line(*lettering.fit(notice.words, words, _LEAST_WORDS, width), notice.sign.colour),
    ]
    if notice.why and base >= _WHY_FROM:
        size = max(_LEAST_WHY, round(base * _WHY))
        lines += [_Line(text, size, _PALE) for text in _wrap(notice.why, size, width, lettering)]
    return lines


def _wrap(why: str, size: int, width: int, lettering: Lettering) -> list[str]:
    """The whole explanation where it fits; else what stands before its first colon, which is what is wrong."""
    lines = lettering.wrap(why, size, width, _WHY_LINES)
    if _is_cut(lines):
        why = why.partition(": ")[0]
        lines = lettering.wrap(why, size, width, _WHY_LINES)
    for share in _NARROWER:  # so that no word stands alone in the last line
        narrower = lettering.wrap(why, size, round(width * share), _WHY_LINES)
        if len(narrower) != len(lines) or _is_cut(narrower):
            break
        lines = narrower
    return lines


def _is_cut(lines: list[str]) -> bool:
    return bool(lines) and lines[-1].endswith("\N{HORIZONTAL ELLIPSIS}")

"""Letters of any script: which font has them, how wide a line is, and how it is made to fit.

A character is drawn with the first font that has it; one that none has, or that cannot be seen, as the replacement
mark. Shaping and the order of right-to-left letters are HarfBuzz' and FriBidi's where Pillow brings them (its wheels
do), within the letters of one font; where a right-to-left line needs several fonts, their pieces stand from right to
left. Drawing happens in threads of the picture pool, one line at a time.
"""

import math
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont, features

from vedette.picture.canvas import Canvas, Colour
from vedette.picture.cmap import read_characters

_FOLDER = Path(__file__).with_name("fonts")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_MARKS = {"Mn", "Mc", "Me"}  # they belong to the letter before them
_JOINERS = {"\u200c", "\u200d"}  # invisible, and they change how their neighbours are joined
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_RIGHT_TO_LEFT = {"R", "AL"}
_SIZES_KEPT = 64  # of a font's sizes in use: a camera's picture needs two or three


def _font_files() -> tuple[Path, ...]:
    """In the order in which they are asked; `fonts/README.md` says what each is for."""
    noto = sorted(_FOLDER.glob("NotoSans*.ttf"))
    return (_FOLDER / "DejaVuSans.ttf", *noto, _FOLDER / "DroidSansFallback.ttf", _FOLDER / "unifont_upper.otf")


class _Face:
    """One font file; read when its first letter is asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.sized = lru_cache(_SIZES_KEPT)(self._open)

    @cached_property
    def characters(self) -> frozenset[int]:
        return read_characters(self._path)

    def _open(self, size: int) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(str(self._path), size)


@dataclass(frozen=True, slots=True)
class _Run:
    """Letters of one font."""

    face: _Face
    text: str


class Lettering:
    """Writes lines on a `Canvas`. Sizes are those of type, in pixels; a capital is about 0.7 of it."""

    def __init__(self) -> None:
        self._faces = tuple(_Face(path) for path in _font_files())
        self._shapes = features.check("raqm")
        self._lock = threading.Lock()  # for fonts, which are no thread's own; held while a line is measured or drawn

    def readable(self, text: str) -> str:
        """The text with the replacement mark for each character that cannot be drawn."""
        shown: list[str] = []
        for char in unicodedata.normalize("NFC", text):
            drawable = self._face_of(char) is not None
            if char in _JOINERS or (drawable and unicodedata.category(char) not in _UNSEEN):
                shown.append(char)
            elif unicodedata.category(char) != "Mn":  # what only asks for a letter's other look can go
                shown.append(_REPLACEMENT)
        return "".join(shown)

    def width(self, text: str, size: int) -> int:
        """Pixels that a line takes."""
        with self._lock:
            return math.ceil(sum(self._length(run, size, self._direction(text)) for run in self._runs(text)))

    def fit(self, text: str, size: int, least: int, width: int) -> tuple[str, int]:
        """The text and the size at which it is at most ``width`` wide: smaller, and only then shortened."""
        text = self.readable(text)
        while size > least and self.width(text, size) > width:
            size -= max(1, size // 12)
        return self._shorten(text, max(size, least), width), max(size, least)

    def wrap(self, text: str, size: int, width: int, most: int) -> list[str]:
        """Lines of at most ``width`` pixels, broken at spaces where there are any; the last may end in an ellipsis."""
        words = self.readable(text).split()
        lines: list[str] = []
        while words and len(lines) < most - 1:
            count = len(words)
            while count > 1 and self.width(" ".join(words[:count]), size) > width:
                count -= 1
            line = " ".join(words[:count])
            rest = words[count:]
            if self.width(line, size) > width:  # one word, longer than a line
                head = self._head(line, size, width)
                rest = [line[len(head) :], *rest]
                line = head
            lines.append(line)
            words = rest
        return [*lines, self._shorten(" ".join(words), size, width)] if words else lines

    def write(self, canvas: Canvas, text: str, place: tuple[int, int], size: int, colour: Colour) -> None:
        """Draw a line, its middle at ``place[0]`` and its baseline at ``place[1]``."""
        direction = self._direction(text)
        with self._lock:
            runs = list(self._runs(text))[:: -1 if _is_right_to_left(text) else 1]
            lengths = [self._length(run, size, direction) for run in runs]
            mask = Image.new("L", (math.ceil(sum(lengths)) + 2 * size, 3 * size))  # room for what hangs over
            draw, x = ImageDraw.Draw(mask), float(size)
            for run, length in zip(runs, lengths, strict=True):
                font = run.face.sized(size)
                draw.text((x, 2 * size), run.text, 255, font, anchor="ls", direction=direction)
                x += length
        canvas.stain(np.asarray(mask), place[0] - mask.width // 2, place[1] - 2 * size, colour)

    def _shorten(self, text: str, size: int, width: int) -> str:
        if self.width(text, size) <= width:
            return text
        return self._head(text, size, width - self.width(_ELLIPSIS, size)).rstrip() + _ELLIPSIS

    def _head(self, text: str, size: int, width: int) -> str:
        """As many of the first letters as fit, but one."""
        letters = _letters(text)
        count = len(letters)
        while count > 1 and self.width("".join(letters[:count]), size) > width:
            count -= 1
        return "".join(letters[:count])

    def _length(self, run: _Run, size: int, direction: str | None) -> float:
        return run.face.sized(size).getlength(run.text, direction=direction)

    def _direction(self, text: str) -> str | None:
        if not self._shapes:
            return None  # Pillow without raqm takes none
        return "rtl" if _is_right_to_left(text) else "ltr"

    def _runs(self, text: str) -> Iterator[_Run]:
        """Pieces of one font each. What is no letter, and what belongs to the letter before, stays with its font."""
        face, piece = self._faces[0], ""
        for char in text:
            stays = piece and not char.isalpha() and (char in _JOINERS or ord(char) in face.characters)
            wanted = face if stays else self._face_of(char) or self._faces[0]
            if wanted is not face and piece:
                yield _Run(face, piece)
                piece = ""
            face, piece = wanted, piece + char
        if piece:
            yield _Run(face, piece)

    def _face_of(self, char: str) -> _Face | None:
        return next((face for face in self._faces if ord(char) in face.characters), None)


def _letters(text: str) -> list[str]:
    """Letters with the marks that belong to them."""
    letters: list[str] = []
    for char in text:
        if letters and (char in _JOINERS or unicodedata.category(char) in _MARKS or letters[-1][-1] == "\u200d"):
            letters[-1] += char
        else:
            letters.append(char)
    return letters


def _is_right_to_left(text: str) -> bool:
    """As the line's first letter that has a direction."""
    kinds = (unicodedata.bidirectional(char) for char in text)
    return next((kind for kind in kinds if kind in {"L", *_RIGHT_TO_LEFT}), "L") in _RIGHT_TO_LEFT

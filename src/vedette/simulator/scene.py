"""What a simulated board sees: a windmill that turns, a ball that rolls, and above them the board's name and a clock.

The scene is drawn once, as a loop of a few seconds, and shared by all boards that show it. The strip with name and
clock is drawn once a second for each board that streams. Both are JPEGs with a restart marker behind every row of
MCUs; prediction starts anew at each of them, so a strip and a scene are joined to one picture by putting their scans
behind one another: 16 boards at 25 pictures a second cost next to nothing.

Real boards send no restart markers, and a decoder that finds one mends what was damaged before it: a flipped bit spoils
a row instead of all that follows. So a board with a fault that damages pictures shows a *plain* scene, without restart
markers and, as it cannot be joined to one, without the strip.
"""

import asyncio
import math
from dataclasses import dataclass

from vedette.picture import Canvas
from vedette.picture.canvas import Colour, text_width
from vedette.wire.jpeg import EOI

Size = tuple[int, int]

STRIP_HEIGHT = 64  # eight rows of MCUs: restart markers count modulo eight, so the scene's need no new numbers
LOOP_SECONDS = 4.0
_LOOP_FRAMES = 120  # at most: rates over 30 a second get a shorter loop
_PLAIN_FRAMES = 12  # of a plain scene, whose pictures are spoilt anyway: it is there at once
_RST7 = b"\xff\xd7"
_SOS = b"\xff\xda"
_SOF0 = b"\xff\xc0"


@dataclass(frozen=True, slots=True)
class _Palette:
    sky: Colour
    horizon: Colour
    hills: Colour
    field: Colour
    mill: Colour
    ball: Colour


_PALETTES = (
    _Palette((86, 140, 200), (226, 222, 196), (98, 130, 110), (108, 152, 84), (238, 230, 214), (226, 84, 60)),
    _Palette((58, 44, 92), (238, 142, 96), (84, 58, 88), (66, 60, 70), (246, 214, 180), (250, 208, 92)),
    _Palette((12, 20, 44), (44, 66, 104), (22, 38, 58), (24, 50, 48), (170, 184, 200), (128, 220, 214)),
    _Palette((148, 176, 196), (236, 236, 230), (176, 190, 196), (226, 230, 228), (120, 84, 66), (70, 110, 190)),
)


@dataclass(frozen=True, slots=True)
class Scene:
    """A loop of pictures without their upper strip.

    Attributes:
        size: width and height in pixels of the whole picture.
        header: the JPEG up to the scan, for the whole picture.
        scans: the scans of the lower part, one a frame; of the whole picture where it is plain.
        plain: without restart markers and strip.
    """

    size: Size
    quality: int
    header: bytes
    scans: tuple[bytes, ...]
    plain: bool = False

    def compose(self, strip: bytes, index: int) -> bytes:
        """The whole JPEG number ``index`` of the loop, below a strip drawn by `draw_strip`; a plain one has none."""
        if self.plain:
            return b"".join((self.header, self.scans[index % len(self.scans)], EOI))
        return b"".join((self.header, strip, _RST7, self.scans[index % len(self.scans)], EOI))


class SceneBook:
    """Every scene that was drawn, for all boards of one simulator that see the same."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[int, Size, float, int, bool], asyncio.Task[Scene]] = {}

    async def find(self, variant: int, size: Size, fps: float, quality: int, *, plain: bool = False) -> Scene:
        """The scene, drawn in a thread where it is a new one; see `draw_scene`."""
        key = (variant % len(_PALETTES), size, fps, quality, plain)
        if key not in self._drawn:
            self._drawn[key] = asyncio.create_task(asyncio.to_thread(draw_scene, *key[:4], plain=plain))
        return await asyncio.shield(self._drawn[key])


def draw_scene(variant: int, size: Size, fps: float, quality: int, *, plain: bool = False) -> Scene:
    """Draw a loop of pictures.

    Args:
        variant: which scene; any number.
        size: width and height in pixels; the height more than `STRIP_HEIGHT`.
        fps: pictures a second at which it will be shown.
        quality: libjpeg's, 1 to 100.
        plain: without restart markers, and without room for a strip.
    """
    width, height = size
    palette = _PALETTES[variant % len(_PALETTES)]
    background = _background(palette, width, height if plain else height - STRIP_HEIGHT, variant)
    frames = max(2, min(_PLAIN_FRAMES if plain else _LOOP_FRAMES, round(LOOP_SECONDS * fps)))
    restarts = 0 if plain else _row_of_mcus(width)
    jpegs = [_draw_moment(background, palette, index / frames, quality, restarts) for index in range(frames)]
    header, _ = _split(jpegs[0])
    return Scene(size, quality, _with_height(header, height), tuple(_split(jpeg)[1] for jpeg in jpegs), plain)


def draw_strip(width: int, quality: int, name: str, clock: str) -> bytes:
    """The scan of the upper strip: the board's name at left, the time at right."""
    strip = Canvas(width, STRIP_HEIGHT, (18, 22, 28))
    capitals = max(9, min(26, width // 28))
    baseline = (STRIP_HEIGHT + capitals) // 2
    margin = width // 40
    strip.text(name, margin, baseline, capitals, (240, 242, 245))
    strip.text(clock, width - margin - text_width("00:00:00", capitals), baseline, capitals, (160, 214, 255))
    return _split(strip.encode(quality, _row_of_mcus(width)))[1]


def _background(palette: _Palette, width: int, height: int, seed: int) -> Canvas:
    canvas = Canvas(width, height)
    canvas.gradient(palette.sky, palette.horizon, grain=2.0, seed=seed)
    canvas.disc((width * 0.18, height * 0.24), height * 0.09, palette.mill)
    ridge = [(width * step / 24, height * (0.56 + 0.07 * math.sin(step * 0.9 + seed * 2))) for step in range(25)]
    canvas.polygon([*ridge, (width, height), (0, height)], palette.hills)
    field = [(0, height * 0.78), (width * 0.5, height * 0.70), (width, height * 0.76), (width, height), (0, height)]
    canvas.polygon(field, palette.field)
    foot, top = height * 0.80, height * 0.36
    middle, half = width * 0.70, height * 0.075
    tower = [(middle - half, foot), (middle - half * 0.6, top), (middle + half * 0.6, top), (middle + half, foot)]
    canvas.polygon(tower, palette.mill)
    return canvas


def _draw_moment(background: Canvas, palette: _Palette, phase: float, quality: int, restarts: int) -> bytes:
    """One picture of the loop; ``phase`` runs from 0 to 1, and 1 looks like 0."""
    canvas = background.copy()
    width, height = canvas.width, canvas.height
    hub = (width * 0.70, height * 0.36)
    for sail in range(4):
        angle = math.tau * (phase + sail) / 4
        _draw_sail(canvas, hub, height * 0.30, angle, palette.ball)
    canvas.disc(hub, height * 0.02, palette.mill)
    swing = (1 - math.cos(math.tau * phase)) / 2
    radius = height * 0.05
    x = width * (0.08 + 0.5 * swing)
    centre = (x, height * 0.88 - abs(math.sin(math.tau * phase * 2)) * height * 0.12)
    canvas.disc((x, height * 0.93), radius * 0.7, palette.hills)
    canvas.disc(centre, radius, palette.ball)
    canvas.disc((centre[0] - radius * 0.3, centre[1] - radius * 0.3), radius * 0.25, palette.mill)
    return canvas.encode(quality, restarts)


def _draw_sail(canvas: Canvas, hub: tuple[float, float], length: float, angle: float, colour: Colour) -> None:
    along = (math.cos(angle), math.sin(angle))
    across = (-along[1] * length * 0.09, along[0] * length * 0.09)
    near = (hub[0] + along[0] * length * 0.18, hub[1] + along[1] * length * 0.18)
    far = (hub[0] + along[0] * length, hub[1] + along[1] * length)
    corners = [near, far, (far[0] + across[0], far[1] + across[1]), (near[0] + across[0], near[1] + across[1])]
    canvas.polygon(corners, colour)
    canvas.line(hub, far, colour, max(1, round(length * 0.03)))


def _row_of_mcus(width: int) -> int:
    return -(-width // 16)  # an MCU of 4:2:2 is 16x8 pixels


def _split(jpeg: bytes) -> tuple[bytes, bytes]:
    """Headers up to and with the scan's, and the scan without EOI."""
    start = jpeg.index(_SOS)  # the first: no table of quality 25 or better holds a byte FF
    scan = start + 2 + int.from_bytes(jpeg[start + 2 : start + 4], "big")
    return jpeg[:scan], jpeg[scan : -len(EOI)]


def _with_height(header: bytes, height: int) -> bytes:
    field = header.index(_SOF0) + 5
    return header[:field] + height.to_bytes(2, "big") + header[field + 2 :]

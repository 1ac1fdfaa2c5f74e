"""Framesize numbers, which mean something else on every second firmware.

Four tables have existed (esp32-camera, `driver/include/sensor.h` and its history). Size is therefore always said as
width and height, and a number only ever stands beside the era it belongs to.
"""

from enum import StrEnum
from types import MappingProxyType

Size = tuple[int, int]


class Era(StrEnum):
    """Which table a firmware was built with."""

    A = "arduino-esp32 1.0.0 to 1.0.4"
    B = "ESP-IDF driver of 12/2019 to 3/2020"
    C = "arduino-esp32 1.0.5 to 3.0.x"
    D = "esp32-camera 2.0.14 (November 2024), arduino-esp32 3.1 and newer"


_LARGE: tuple[Size, ...] = (
    (1920, 1080),
    (720, 1280),
    (864, 1536),
    (2048, 1536),
    (2560, 1440),
    (2560, 1600),
    (1080, 1920),
    (2560, 1920),
)

FRAMESIZES = MappingProxyType(
    {
        Era.A: (
            *((160, 120), (128, 160), (176, 144), (240, 176), (320, 240), (400, 296)),
            *((640, 480), (800, 600), (1024, 768), (1280, 1024), (1600, 1200), (2048, 1536)),
        ),
        Era.B: (
            *((96, 96), (160, 120), (128, 160), (176, 144), (240, 176), (240, 240), (320, 240), (400, 296)),
            *((640, 480), (800, 600), (1024, 768), (1280, 1024), (1600, 1200), (2048, 1536)),
        ),
        Era.C: (
            *((96, 96), (160, 120), (176, 144), (240, 176), (240, 240), (320, 240), (400, 296), (480, 320)),
            *((640, 480), (800, 600), (1024, 768), (1280, 720), (1280, 1024), (1600, 1200)),
            *_LARGE,
        ),
        Era.D: (
            *((96, 96), (160, 120), (128, 128), (176, 144), (240, 176), (240, 240), (320, 240), (320, 320)),
            *((400, 296), (480, 320), (640, 480), (800, 600), (1024, 768), (1280, 720), (1280, 1024), (1600, 1200)),
            *_LARGE,
            (2592, 1944),
        ),
    }
)


def framesize_index(era: Era, size: Size) -> int | None:
    """The number of ``size`` (width, height in pixels) in an era's table; None where it has none."""
    table = FRAMESIZES[era]
    return table.index(size) if size in table else None


def eras_that_fit(number: int, size: Size) -> tuple[Era, ...]:
    """The eras in whose tables this number stands for this size: pair what `/status` says with a frame's own header."""
    return tuple(era for era, table in FRAMESIZES.items() if 0 <= number < len(table) and table[number] == size)

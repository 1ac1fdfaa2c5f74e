"""The sensors and their variables, as `/control` and `/status` of CameraWebServer know them.

Sources: esp32-camera, `sensors/ov2640.c`, `ov3660.c`, `ov5640.c`; arduino-esp32, `app_httpd.cpp` (`cmd_handler`,
`status_handler`, `print_reg`), its pages, and `CameraWebServer.ino` (what it sets on an OV3660 at boot).
"""

from dataclasses import dataclass, field
from types import MappingProxyType

from vedette.boards.framesizes import Size


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting: a whole number.

    Attributes:
        low: the least it takes.
        high: the most it takes.
        default: what it is after a boot.
        options: what the numbers mean, from ``low`` on; empty where they are just numbers.
    """

    low: int
    high: int
    default: int
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sensor:
    """A camera chip.

    Attributes:
        name: as printed on it.
        largest: width and height in pixels.
        registers: the keys of the register dump at the head of `/status`; they tell the sensor.
        variables: by name, in the order of `/status`; ``framesize`` is not among them, its range is its era's.
            ``sharpness`` and ``denoise`` are not either: `/control` has no branch for them, and answers 500.
        driver_defaults: those that begin otherwise where nobody sets them at boot.
    """

    name: str
    largest: Size
    registers: tuple[str, ...]
    variables: MappingProxyType[str, Variable]
    driver_defaults: MappingProxyType[str, Variable] = field(default_factory=lambda: MappingProxyType({}))


SWITCH_OFF = Variable(0, 1, 0)
SWITCH_ON = Variable(0, 1, 1)

_EFFECTS = ("no effect", "negative", "grayscale", "red tint", "green tint", "blue tint", "sepia")
_WHITE_BALANCES = ("auto", "sunny", "cloudy", "office", "home")

OV2640 = Sensor(
    name="OV2640",
    largest=(1600, 1200),
    registers=("0xd3", "0x111", "0x132"),
    variables=MappingProxyType(
        {
            "quality": Variable(0, 63, 12),
            "brightness": Variable(-2, 2, 0),
            "contrast": Variable(-2, 2, 0),
            "saturation": Variable(-2, 2, 0),
            "special_effect": Variable(0, 6, 0, _EFFECTS),
            "wb_mode": Variable(0, 4, 0, _WHITE_BALANCES),
            "awb": SWITCH_ON,
            "awb_gain": SWITCH_ON,
            "aec": SWITCH_ON,
            "aec2": SWITCH_OFF,
            "ae_level": Variable(-2, 2, 0),
            "aec_value": Variable(0, 1200, 168),
            "agc": SWITCH_ON,
            "agc_gain": Variable(0, 30, 5),
            "gainceiling": Variable(0, 6, 0, ("2x", "4x", "8x", "16x", "32x", "64x", "128x")),
            "bpc": SWITCH_OFF,
            "wpc": SWITCH_ON,
            "raw_gma": SWITCH_ON,
            "lenc": SWITCH_ON,
            "hmirror": SWITCH_OFF,
            "vflip": SWITCH_OFF,
            "dcw": SWITCH_ON,
            "colorbar": SWITCH_OFF,
            "led_intensity": Variable(0, 255, -1),  # -1: no lamp
        }
    ),
)

# OV3660 and OV5640 answer `/status` with the same dump: which of the two it is, only the size of a frame may tell.
_REGISTERS = (
    *(f"{register:#x}" for register in (0x3400, 0x3402, 0x3404, 0x3406, 0x3500, 0x3503, 0x350A, 0x350C)),
    *(f"{register:#x}" for register in range(0x5480, 0x5491)),
    *(f"{register:#x}" for register in range(0x5380, 0x538C)),
    *(f"{register:#x}" for register in range(0x5580, 0x558B)),
)

OV3660 = Sensor(
    name="OV3660",
    largest=(2048, 1536),
    registers=_REGISTERS,
    variables=MappingProxyType(
        dict(OV2640.variables)
        | {
            "brightness": Variable(-3, 3, 1),
            "contrast": Variable(-3, 3, 0),
            "saturation": Variable(-4, 4, -2),
            "ae_level": Variable(-5, 5, 0),
            "aec_value": Variable(0, 1536, 168),
            "agc_gain": Variable(0, 64, 5),
            "gainceiling": Variable(0, 511, 0),
            "vflip": SWITCH_ON,
        }
    ),
    driver_defaults=MappingProxyType(
        {"brightness": Variable(-3, 3, 0), "saturation": Variable(-4, 4, 0), "vflip": SWITCH_OFF}
    ),
)

OV5640 = Sensor(
    name="OV5640",
    largest=(2592, 1944),
    registers=_REGISTERS,
    variables=MappingProxyType(
        dict(OV3660.variables)
        | {
            "brightness": Variable(-3, 3, 0),
            "saturation": Variable(-4, 4, 0),
            "aec_value": Variable(0, 1920, 168),
            "vflip": SWITCH_OFF,
        }
    ),
)

SENSORS = MappingProxyType({sensor.name: sensor for sensor in (OV2640, OV3660, OV5640)})

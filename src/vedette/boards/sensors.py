"""The sensors and their variables, as `/control` and `/status` of CameraWebServer know them.

Source: esp32-camera, `sensors/ov2640.c`; arduino-esp32, `app_httpd.cpp` (`cmd_handler`, `status_handler`).
"""

from dataclasses import dataclass
from types import MappingProxyType

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting of a sensor: a whole number from ``low`` to ``high``, and what it is after a boot."""

    low: int
    high: int
    default: int


@dataclass(frozen=True, slots=True)
class Sensor:
    """A camera chip.

    Attributes:
        name: as printed on it.
        largest: width and height in pixels.
        registers: the keys of the register dump at the head of `/status`; they tell the sensor.
        variables: by name, in the order of `/status`; ``framesize`` is not among them, its range is its era's.
    """

    name: str
    largest: Size
    registers: tuple[str, ...]
    variables: MappingProxyType[str, Variable]


_SWITCH_OFF = Variable(0, 1, 0)
_SWITCH_ON = Variable(0, 1, 1)

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
            "special_effect": Variable(0, 6, 0),
            "wb_mode": Variable(0, 4, 0),
            "awb": _SWITCH_ON,
            "awb_gain": _SWITCH_ON,
            "aec": _SWITCH_ON,
            "aec2": _SWITCH_OFF,
            "ae_level": Variable(-2, 2, 0),
            "aec_value": Variable(0, 1200, 168),
            "agc": _SWITCH_ON,
            "agc_gain": Variable(0, 30, 5),
            "gainceiling": Variable(0, 6, 0),
            "bpc": _SWITCH_OFF,
            "wpc": _SWITCH_ON,
            "raw_gma": _SWITCH_ON,
            "lenc": _SWITCH_ON,
            "hmirror": _SWITCH_OFF,
            "vflip": _SWITCH_OFF,
            "dcw": _SWITCH_ON,
            "colorbar": _SWITCH_OFF,
            "led_intensity": Variable(0, 255, -1),
        }
    ),
)

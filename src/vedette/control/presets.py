"""Presets: values that make sense together, as far as a board has the controls for them.

They are a place to begin, from the sensors' data sheets and the firmwares' pages, and were not tuned on a board.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from vedette.boards import RESOLUTION, Control, Kind
from vedette.control.sizes import Size, read_size, write_size


@dataclass(frozen=True, slots=True)
class Preset:
    """One of them.

    Attributes:
        name: for programs.
        title: for people.
        settings: values by name, within the board's ranges.
    """

    name: str
    title: str
    settings: Mapping[str, int | bool | str]


_AUTOMATIC = MappingProxyType({"aec": 1, "agc": 1, "awb": 1, "awb_gain": 1})
_MOST = 10_000  # whatever the range ends with
_PRESETS = (
    ("day", "Day", {**_AUTOMATIC, "aec2": 0, "ae_level": 0, "gainceiling": 1, "wb_mode": 0, "special_effect": 0}),
    # without colours, whose noise is the worst in the dark
    ("night", "Night", {**_AUTOMATIC, "aec2": 1, "ae_level": 2, "gainceiling": _MOST, "lenc": 1, "special_effect": 2}),
)
_SHAPES = (  # OV2640: 25 pictures a second up to SVGA, 12.5 beyond (ESP32-CAM_MJPEG2SD, README)
    ("fast", "Fast", (640, 480), {"quality": 15, "min_frame_time": 0}),
    ("sharp", "Sharp", (1600, 1200), {"quality": 10, "lenc": 1, "raw_gma": 1, "dcw": 1}),
)


def presets_for(controls: tuple[Control, ...], room: Size | None) -> tuple[Preset, ...]:
    """The presets that a board with these controls has.

    Args:
        controls: of the board.
        room: for which size its buffers were made: pictures of a larger one may not fit. None where nobody knows.
    """
    by_name = {control.name: control for control in controls}
    found = [Preset(name, title, _within(by_name, values)) for name, title, values in _PRESETS]
    for name, title, size, values in _SHAPES:
        settings = _within(by_name, values)
        if resolution := _largest(by_name.get(RESOLUTION), size, room or size):
            settings[RESOLUTION] = resolution
        found.append(Preset(name, title, settings))
    return tuple(Preset(each.name, each.title, MappingProxyType(each.settings)) for each in found if each.settings)


def _within(controls: Mapping[str, Control], values: Mapping[str, int]) -> dict[str, int | bool | str]:
    return {name: _nearest(controls[name], value) for name, value in values.items() if name in controls}


def _nearest(control: Control, value: int) -> int | bool:
    if control.kind is Kind.BOOL:
        return bool(value)
    if control.kind is Kind.CHOICE:
        return min(
            (option for option in control.options if isinstance(option, int)), key=lambda each: abs(each - value)
        )
    low, high = control.low or 0, control.high or 0
    return min(max(low, value), high)


def _largest(control: Control | None, most: Size, room: Size) -> str | None:
    """The largest resolution, of the sensor's own shape, that is no larger than these two."""
    if control is None:
        return None
    sizes = [read_size(str(option)) for option in control.options]
    area = min(most[0] * most[1], room[0] * room[1])
    fitting = [size for size in sizes if size and size[0] * 3 == size[1] * 4 and size[0] * size[1] <= area]
    return write_size(fitting[-1]) if fitting else None

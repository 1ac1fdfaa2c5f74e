"""What can be set on a board: every control that its firmware and sensor take, with its range and its words.

Only what the firmware really takes is offered: out of range an OV2640 reads past its table, and what `/control` has no
branch for is answered with 500. The resolution is always said as width and height, never as a framesize number.

Sources: the ranges stand with the sensors and firmwares; the words are those of the firmwares' own pages
(arduino-esp32, `camera_index.h`; easytarget, `index_ov2640.h`; ESP32-CAM_MJPEG2SD, `data/MJPEG2SD.htm`), in plain ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from vedette.boards.firmware import Firmware
from vedette.boards.firmwares import FIRMWARES
from vedette.boards.framesizes import FRAMESIZES, Era, Size
from vedette.boards.sensors import OV2640, SENSORS, Sensor, Variable

RESOLUTION = "resolution"
"""The one control that is no variable of the board's: it stands for ``framesize``."""

UNREPORTED = frozenset(("vflip",))
"""What some builds take and do not report: vflip is missing in `/status` of core 2.x and of some 3.x."""


class Kind(StrEnum):
    """What a control takes."""

    INT = "int"
    BOOL = "bool"
    CHOICE = "choice"


class Group(StrEnum):
    """Where it stands on the page."""

    PICTURE = "picture"
    COLOUR = "colour"
    ORIENTATION = "orientation"
    LIGHT = "light"
    EXPERT = "expert"


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that can be set.

    Attributes:
        name: the firmware's variable, or `RESOLUTION`.
        kind: what it takes.
        low: the least whole number of an `INT`; None of the others.
        high: the most.
        options: the values of a `CHOICE`: numbers, or sizes as ``WxH``, smallest first.
        labels: what the options mean, one word for each.
        title: as people know it.
        group: where it stands on the page.
        default: what it is after a boot; None where nobody knows, or where boards differ.
        hint: a sentence on what it does, or what to take care of.
    """

    name: str
    kind: Kind
    low: int | None
    high: int | None
    options: tuple[int | str, ...]
    labels: tuple[str, ...]
    title: str
    group: Group
    default: int | bool | str | None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    group: Group
    title: str
    hint: str = ""


_LAMP_HINT = "A lamp that stays on heats the board."
_CLOCK_HINT = "In MHz. Some clocks disturb the board's own Wi-Fi; 8 does so the least. The sensor restarts."

_ENTRIES = (  # in the order of the page
    _Entry(RESOLUTION, Group.PICTURE, "Resolution", "A change restarts the sensor: the picture stops for a moment."),
    _Entry("quality", Group.PICTURE, "Quality", "Lower is better and larger. Below 10 pictures may not fit."),
    _Entry("ae_level", Group.PICTURE, "Exposure", "How bright the automatic exposure makes the picture."),
    _Entry("brightness", Group.PICTURE, "Brightness"),
    _Entry("contrast", Group.PICTURE, "Contrast"),
    _Entry("sharpness", Group.PICTURE, "Sharpness"),
    _Entry("denoise", Group.PICTURE, "Noise reduction"),
    _Entry("fps", Group.PICTURE, "Pictures a second"),
    _Entry("wb_mode", Group.COLOUR, "White balance"),
    _Entry("awb", Group.COLOUR, "Automatic white balance"),
    _Entry("awb_gain", Group.COLOUR, "White balance gain", "Lets the white balance change the colours' gain."),
    _Entry("saturation", Group.COLOUR, "Saturation"),
    _Entry("special_effect", Group.COLOUR, "Special effect"),
    _Entry("hmirror", Group.ORIENTATION, "Mirror", "Left and right change places, in the sensor itself."),
    _Entry("vflip", Group.ORIENTATION, "Flip", "Top and bottom change places, in the sensor itself."),
    _Entry("rotate", Group.ORIENTATION, "Rotation on the board's own page", "The stream is not rotated by it."),
    _Entry("lamp", Group.LIGHT, "Lamp", "In per cent. " + _LAMP_HINT),
    _Entry("led_intensity", Group.LIGHT, "Lamp", _LAMP_HINT),
    _Entry("lampLevel", Group.LIGHT, "Lamp", _LAMP_HINT),
    _Entry("autolamp", Group.LIGHT, "Lamp only while somebody looks"),
    _Entry("aec", Group.LIGHT, "Automatic exposure"),
    _Entry("aec2", Group.LIGHT, "Exposure by the image processor", "AEC DSP, also called night mode."),
    _Entry("aec_value", Group.LIGHT, "Exposure time", "In lines; used without automatic exposure."),
    _Entry("agc", Group.LIGHT, "Automatic gain"),
    _Entry("agc_gain", Group.LIGHT, "Gain", "Used without automatic gain."),
    _Entry("gainceiling", Group.LIGHT, "Gain ceiling", "The most that automatic gain may use: more is noisier."),
    _Entry("bpc", Group.EXPERT, "Black point correction", "Mends pixels that are always dark."),
    _Entry("wpc", Group.EXPERT, "White point correction", "Mends pixels that are always bright."),
    _Entry("raw_gma", Group.EXPERT, "Gamma correction"),
    _Entry("lenc", Group.EXPERT, "Lens correction", "Brightens the corners."),
    _Entry("dcw", Group.EXPERT, "Downsize with filter", "DCW: without it small pictures are cut from a larger one."),
    _Entry("colorbar", Group.EXPERT, "Colour bars", "A test pattern in place of the picture."),
    _Entry("xclk", Group.EXPERT, "Sensor clock", _CLOCK_HINT),
    _Entry("xclkMhz", Group.EXPERT, "Sensor clock", _CLOCK_HINT),
    _Entry("min_frame_time", Group.EXPERT, "Least time between pictures", "In milliseconds; slows the stream down."),
    _Entry("record", Group.EXPERT, "Record on the board's card"),
)

_XCLK = Variable(2, 20, 20)  # MHz; the OV2640 is good for 20, and the sketch starts it with that
_ROTATIONS = (-90, 0, 90)  # all that easytarget's page knows
_LAMPS = ("lamp", "led_intensity")  # -1 where there is none
_NEEDS_LAMP = MappingProxyType({"autolamp": "lamp"})


def controls_for(
    firmware: Firmware, sensors: tuple[Sensor, ...], eras: tuple[Era, ...], reported: Mapping[str, int]
) -> tuple[Control, ...]:
    """What can be set on one board, in the order of the page; nothing where its firmware takes no settings.

    Args:
        firmware: what runs on it.
        sensors: which it may have: where there are several, all that one of them takes. None where nobody knows:
            then what an OV2640 takes, because all sensors take that.
        eras: whose framesize numbers it may understand.
        reported: its newest status, as far as it is numbers.
    """
    if firmware.control is None:
        return ()
    known = sensors or (OV2640,)
    made: list[Control] = []
    for entry in _ENTRIES:
        if entry.name == RESOLUTION:
            made.append(_resolution(entry, sizes_for(eras, known)))
        elif variables := _variables(entry.name, firmware, known, reported):
            made.append(_control(entry, variables))
    return tuple(made)


def sizes_for(eras: Iterable[Era], sensors: Iterable[Sensor]) -> tuple[Size, ...]:
    """Every size that one of these tables has and one of these sensors can deliver; smallest first."""
    largest = [sensor.largest for sensor in sensors]
    sizes = {size for era in eras for size in FRAMESIZES[era] if any(fits(size, most) for most in largest)}
    return tuple(sorted(sizes, key=lambda size: (size[0] * size[1], size)))


def fits(size: Size, largest: Size) -> bool:
    """Whether a sensor of this largest size delivers the other one; portrait sizes are cut from its middle."""
    return size[0] <= largest[0] and size[1] <= largest[1]


@cache
def widest_controls() -> tuple[Control, ...]:
    """What some firmware with some sensor takes: the most that can be said of a board that nobody has met."""
    everything = [
        control
        for firmware in FIRMWARES.values()
        for sensor in SENSORS.values()
        for control in controls_for(firmware, (sensor,), tuple(Era), _all_reported(firmware))
    ]
    names = dict.fromkeys(entry.name for entry in _ENTRIES)
    return tuple(_widest([control for control in everything if control.name == name]) for name in names)


def why_no_controls(family: str | None) -> str:
    """Why nothing can be set, in a sentence; for a firmware without controls, or None for one that is unknown yet."""
    if family is None:
        return "Nothing is known of this board yet: what can be set shows once it has been online."
    return _NOTES.get(family, "This camera takes no settings that Vedette knows of.")


_NOTES = MappingProxyType(
    {
        "esphome": "ESPHome takes no settings while it runs: they stand in the board's own YAML file.",
        "tasmota": (
            "Tasmota's webcam is set in its own console, with WcResolution, WcBrightness and the like; "
            "Vedette does not do that."
        ),
        "micro-rtsp": (
            "Micro-RTSP answers nothing else while its stream runs: its settings are on the board's own page, /config."
        ),
        "wificam": "WifiCam has one setting, the resolution, and it stands in the camera's url.",
        "asynccam": "AsyncCam's example takes no settings: they are compiled into the board.",
    }
)


def _variables(
    name: str, firmware: Firmware, sensors: tuple[Sensor, ...], reported: Mapping[str, int]
) -> tuple[Variable, ...]:
    """The ranges under that name, one for each sensor where the sensor decides; none where it is not offered."""
    if name in firmware.extra:
        found: tuple[Variable, ...] = (firmware.extra[name],)
    elif name == "xclk" and firmware.xclk_target is not None:
        found = (_XCLK,)
    else:
        known = (firmware.variables(sensor) for sensor in sensors)
        found = tuple(variables[name] for variables in known if name in variables)
    lamp = _NEEDS_LAMP.get(name, name)
    if lamp in _LAMPS and reported.get(lamp, -1) < 0:
        return ()
    silent = name in UNREPORTED or (name in firmware.extra and name not in firmware.status_keys)
    return found if silent or name in reported else ()


def _control(entry: _Entry, variables: tuple[Variable, ...]) -> Control:
    low, high = min(each.low for each in variables), max(each.high for each in variables)
    defaults = {each.default for each in variables}
    default = max(low, defaults.pop()) if len(defaults) == 1 else None
    words = {each.options for each in variables}
    if entry.name == "rotate":
        return _choice(entry, _ROTATIONS, ("to the left", "not at all", "to the right"), default)
    if len(words) == 1 and (labels := words.pop()):
        return _choice(entry, tuple(range(low, high + 1)), labels, default)
    if (low, high) == (0, 1):
        switch = None if default is None else bool(default)
        return Control(entry.name, Kind.BOOL, None, None, (), (), entry.title, entry.group, switch, entry.hint)
    return Control(entry.name, Kind.INT, low, high, (), (), entry.title, entry.group, default, entry.hint)


def _choice(
    entry: _Entry, options: tuple[int | str, ...], labels: tuple[str, ...], default: int | str | None
) -> Control:
    return Control(entry.name, Kind.CHOICE, None, None, options, labels, entry.title, entry.group, default, entry.hint)


def _resolution(entry: _Entry, sizes: tuple[Size, ...]) -> Control:
    return _choice(
        entry,
        tuple(f"{width}x{height}" for width, height in sizes),
        tuple(f"{width} × {height}" for width, height in sizes),  # noqa: RUF001 - for people
        None,
    )


def _all_reported(firmware: Firmware) -> Mapping[str, int]:
    return dict.fromkeys(firmware.status_keys, 0)


def _widest(same: list[Control]) -> Control:
    """One that takes whatever one of these takes; all have the same name."""
    widest = same[0]
    for other in same[1:]:
        if widest.name == RESOLUTION:
            widest = max(widest, other, key=lambda control: len(control.options))
        elif other.kind is Kind.INT:
            lows = [control.low for control in (widest, other) if control.low is not None]
            highs = [control.high for control in (widest, other) if control.high is not None]
            entry = _Entry(other.name, other.group, other.title, other.hint)
            widest = _control(entry, (Variable(min(lows), max(highs), min(lows)),))
    return widest

"""What a board is, from what it says: the head of its stream, or its `/status`.

Pure functions over the table of firmwares. Some firmwares cannot be told apart, because the bytes are the same; then
all that fit are named, and the family where they agree on one.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from vedette.boards.firmware import Firmware
from vedette.boards.firmwares import FIRMWARES
from vedette.boards.framesizes import Era, Size, eras_that_fit
from vedette.boards.framing import Framing
from vedette.boards.sensors import OV2640, OV3660, OV5640, SENSORS, Sensor
from vedette.boards.vedettecam import VEDETTE_CAM

_MOST = 2**31 - 1  # a board counts in 32 bits
_PLAIN = re.compile(r"\s*[+-]?[0-9]{1,10}\s*")


@dataclass(frozen=True, slots=True)
class Recognition:
    """What fits the head of a stream.

    Attributes:
        family: the configuration's word.
        firmwares: names of all firmwares that fit; the likeliest first.
    """

    family: str
    firmwares: tuple[str, ...]

    @property
    def likeliest(self) -> Firmware:
        """The first of those that fit."""
        return FIRMWARES[self.firmwares[0]]


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What a `/status` says about its board.

    Attributes:
        family: the configuration's word.
        eras: which tables its framesize numbers may index; see `StatusReport.eras_for`.
        sensors: which sensors it may have; more than one where they answer alike, none where nothing tells.
        framesize: the number as it came; None where there is none.
        has_lamp: it names a lamp, and that there is one; None where it does not say.
    """

    family: str
    eras: tuple[Era, ...]
    sensors: tuple[Sensor, ...]
    framesize: int | None
    has_lamp: bool | None

    def eras_for(self, size: Size) -> tuple[Era, ...]:
        """The eras that are left once a frame has shown its size, in pixels; QVGA after a boot tells most apart."""
        if self.framesize is None:
            return self.eras
        fitting = eras_that_fit(self.framesize, size)
        return tuple(era for era in self.eras if era in fitting)


def recognise(
    headers: Mapping[str, str],
    version: str | None,
    boundary: str | None,
    path: str,
    *,
    boundary_first: bool | None = None,
) -> Recognition | None:
    """Tell the firmware by its stream.

    Args:
        headers: of the response; names in any case.
        version: of the status line, ``1.0`` or ``1.1``; None where it is not known.
        boundary: as the header declares it, without dashes.
        path: that was asked for, with or without its query.
        boundary_first: whether the body began with a boundary; None where it has not been seen.

    Returns:
        None where no firmware sends such a head.
    """
    names = {name.lower() for name in headers}
    ranked = sorted(
        (
            (_distance(firmware, path, names, boundary_first=boundary_first), place, firmware)
            for place, firmware in enumerate(FIRMWARES.values())
            if not firmware.stills_only and _can_be(firmware.framing, headers, version, boundary)
        ),
        key=lambda entry: entry[:2],
    )
    if not ranked:
        return None
    fitting = [firmware for distance, _, firmware in ranked if distance == ranked[0][0]]
    return Recognition(fitting[0].family, tuple(firmware.name for firmware in fitting))


def recognise_still(headers: Mapping[str, str], version: str | None, path: str) -> Recognition | None:
    """Tell the firmware by the head of a single picture: its headers, and where it was.

    Firmware that has nothing but single pictures is likelier than one whose stream would have been asked for.

    Args:
        headers: of the response; names in any case.
        version: of the status line; None where it is not known.
        path: that was asked for, with or without its query.

    Returns:
        None where no firmware sends such a head.
    """
    names = {name.lower() for name in headers}
    fitting = [
        firmware
        for firmware in FIRMWARES.values()
        if firmware.still_path is not None
        and _names_in(firmware.still_head) == names
        and version in {None, firmware.still_head.partition(" ")[0].removeprefix("HTTP/")}
    ]
    fitting.sort(key=lambda firmware: (firmware.still_path != path, not firmware.stills_only))
    if not fitting or (fitting[0].still_path != path and not fitting[0].stills_only):
        return None
    return Recognition(fitting[0].family, (fitting[0].name,))


def recognise_status(text: str) -> StatusReport | None:
    """Tell family, eras and sensor by the body of `/status`; None where it is nobody's that is known."""
    try:
        status = json.loads(text)
    except (ValueError, RecursionError):  # the latter from a hostile one
        return None
    if not isinstance(status, dict) or "framesize" not in status or "quality" not in status:
        return None
    framesize = whole_number(status["framesize"])
    lamp = whole_number(status.get("lamp", status.get("led_intensity")))
    has_lamp = None if lamp is None else lamp >= 0
    if status.get("firmware") == VEDETTE_CAM.family:
        said = SENSORS.get(str(status.get("sensor")))
        return StatusReport(VEDETTE_CAM.family, (Era.D,), (said,) if said else (), framesize, has_lamp)
    if "code_ver" in status or "autolamp" in status:
        return StatusReport("easytarget", (Era.C, Era.D, Era.A), (), framesize, has_lamp)
    if "fw_version" in status or "xclkMhz" in status or "lampLevel" in status:
        return StatusReport("mjpeg2sd", (Era.D, Era.C), (), framesize, None)
    # arduino-esp32 1.0.5 and 1.0.6 came with the table of era C, 1.0.4 and older with that of era A.
    eras = (Era.C, Era.D) if "pixformat" in status else (Era.A, Era.C, Era.B)
    return StatusReport("cameraserver", eras, _sensors(status), framesize, has_lamp)


def recognise_challenge(challenge: str) -> str | None:
    """Tell the family by the WWW-Authenticate header of a board that wants its password first; None for most."""
    own = (firmware for firmware in FIRMWARES.values() if firmware.auth is not None and firmware.auth.token)
    return next((firmware.family for firmware in own if firmware.auth and firmware.auth.challenge == challenge), None)


def _can_be(framing: Framing, headers: Mapping[str, str], version: str | None, boundary: str | None) -> bool:
    lower = {name.lower(): value for name, value in headers.items()}
    chunked = "chunked" in lower.get("transfer-encoding", "").lower()
    said = framing.head.partition(" ")[0].removeprefix("HTTP/")
    return boundary == framing.boundary and chunked == framing.chunked and version in {None, said}


def _distance(firmware: Firmware, path: str, names: set[str], *, boundary_first: bool | None) -> int:
    """How far what was seen is from what the firmware sends; paths and headers may be changed by whoever built it."""
    framing = firmware.framing
    wrong_start = boundary_first is not None and boundary_first != framing.boundary_first
    return 4 * wrong_start + 3 * (not _has_path(firmware, path)) + len(_header_names(framing) ^ names)


def _has_path(firmware: Firmware, path: str) -> bool:
    paths = (firmware.stream_path, *firmware.other_paths)
    if path in paths:
        return True
    if "{" in firmware.stream_path:
        size, _, kind = path.rpartition("/")[2].partition(".")
        width, _, height = size.partition("x")
        return kind == "mjpeg" and width.isdecimal() and height.isdecimal()
    return "?" not in path and path in {each.partition("?")[0] for each in paths}


def _header_names(framing: Framing) -> set[str]:
    return _names_in(framing.head)


def _names_in(head: str) -> set[str]:
    return {line.partition(":")[0].lower() for line in head.split("\r\n")[1:] if line}


def _sensors(status: Mapping[str, object]) -> tuple[Sensor, ...]:
    if OV2640.registers[0] in status:
        return (OV2640,)
    return (OV3660, OV5640) if OV3660.registers[0] in status else ()


def whole_number(value: object) -> int | None:
    """A number, or MJPEG2SD's text of one; None for what no board's `int` can be."""
    if isinstance(value, str):
        value = int(value) if _PLAIN.fullmatch(value) else None
    return int(value) if isinstance(value, int) and abs(value) <= _MOST else None

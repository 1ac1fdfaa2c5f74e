"""A board's settings, its `/status` and its `/control`, as the firmwares of the CameraWebServer kind have them."""

import json
import re
import zlib

from vedette.boards import FRAMESIZES, OV2640, Dialect, Firmware, Sensor, framesize_index

Size = tuple[int, int]

VEDETTE_CAM_VERSION = "0.1.0"

_ATOI = re.compile(r"\s*([+-]?[0-9]+)")
_CHIP_REGISTER = 0x300A  # `ov3660_regs.h`, `ov5640_regs.h`
_CTRL0, _AEC_SELECT = 0xC2, 0x40  # `ov2640.c`, set_aec2: the bit is set where it is off
_CHIPS = {"OV3660": bytes((0x36, 0x60)), "OV5640": bytes((0x56, 0x40))}
_LAMPS = frozenset(("lamp", "led_intensity"))
_CONSTANTS = {"sharpness": 0, "pixformat": 4, "xclk": 20}  # where they are no variable of the firmware's


class Settings:
    """Everything that a reboot forgets.

    Attributes:
        size: width and height in pixels.
        values: of the sensor's variables, and of the firmware's own, as they are reported.
        xclk: the sensor's clock in MHz, where the firmware has `/xclk`.
    """

    def __init__(
        self, firmware: Firmware, size: Size, sensor: Sensor = OV2640, name: str = "Board", *, lamp: bool = False
    ) -> None:
        self._firmware = firmware
        self._sensor = sensor
        self._name = name
        self.size = size
        self._known = firmware.variables(sensor)
        self.values = {name: variable.default for name, variable in self._known.items()}
        self.xclk = _CONSTANTS["xclk"]
        self._lamp = lamp
        if lamp:
            self.values |= dict.fromkeys(_LAMPS & self.values.keys(), 0)
        self._aec2_is_inverted = sensor is OV2640  # until it is written; esp32-camera, `ov2640.c`, init_status

    def works(self, name: str) -> int:
        """What the sensor really does, which is not always what it reports."""
        value = self.values[name]
        return 1 - value if name == "aec2" and self._aec2_is_inverted else value

    def register(self, number: int) -> int:
        """One byte of the sensor's registers, as far as it is simulated; else 0."""
        if self._sensor is OV2640 and number == _CTRL0:
            return 0 if self.works("aec2") else _AEC_SELECT
        chip = _CHIPS.get(self._sensor.name, b"")
        place = number - _CHIP_REGISTER
        return chip[place] if 0 <= place < len(chip) else 0

    def copy(self, other: "Settings", but: tuple[str, ...] = ()) -> None:
        """Have what the other one has, as settings that were saved do; ``but`` these variables."""
        kept = {name: value for name, value in other.values.items() if name not in but}
        self.size, self.values, self.xclk = other.size, self.values | kept, other.xclk

    def status(self, uptime: float = 0.0) -> bytes:
        """The JSON of `/status`, keys in the firmware's order; ``uptime`` is seconds since the board booted."""
        status: dict[str, int | str] = {}
        for key in self._firmware.status_keys:
            if key == "registers":
                status |= dict.fromkeys(self._sensor.registers, 0)
            else:
                status[key] = _uptime(uptime) if key == "up_time" else self._value(key)
        if self._firmware.control is Dialect.KEY_VALUE:  # MJPEG2SD writes every value as a text
            status = {key: str(value) for key, value in status.items()}
        return json.dumps(status, separators=(",", ":")).encode("ascii")

    def _value(self, key: str) -> int | str:
        texts = {
            "cam_name": self._name,
            "code_ver": "simulated",
            "fw_version": "10.9",
            "stream_url": f"http://board:{self._firmware.stream_port}{self._firmware.stream_path}",
            "clockUTC": "0",
            "firmware": self._firmware.family,
            "version": VEDETTE_CAM_VERSION,
            "name": f"vedette-{zlib.crc32(self._name.encode()) & 0xFFFFFF:06x}",  # of three bytes of its MAC address
            "board": "AI-Thinker",
            "sensor": self._sensor.name,
            "resolution": f"{self.size[0]}x{self.size[1]}",
        }
        if key == "framesize":
            index = None if self._firmware.era is None else framesize_index(self._firmware.era, self.size)
            return -1 if index is None else index  # a size nobody's table has, asked for by --size
        if key == "rotate":
            return str(self.values[key])  # esp32-cam-webserver prints this one between quotes
        if key == "xclk" and key not in self.values:
            return self.xclk
        return texts[key] if key in texts else self.values.get(key, _CONSTANTS.get(key, 0))

    def control(self, variable: str, text: str) -> bool:
        """Set one variable; False where the firmware answers 500. Text is read as C's ``atoi`` does: junk is 0."""
        value = to_int(text)
        if variable == "framesize" and self._firmware.era is not None:
            table = FRAMESIZES[self._firmware.era]
            if not 0 <= value < len(table):
                return False  # a real OV2640 reads past its table
            if any(wanted > largest for wanted, largest in zip(table[value], self._sensor.largest, strict=True)):
                return False
            self.size = table[value]
            return True
        known = self._known.get(variable)
        if known is None or not known.low <= value <= known.high or (variable in _LAMPS and not self._lamp):
            return False
        self.values[variable] = value
        if variable == "aec2":
            self._aec2_is_inverted = False
        return True


def to_int(text: str) -> int:
    """As C's ``atoi`` reads it: junk is 0."""
    match = _ATOI.match(text)
    return int(match[1]) if match else 0


def _uptime(seconds: float) -> str:
    """MJPEG2SD's: days-hours:minutes:seconds."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours // 24}-{hours % 24:02}:{minute:02}:{second:02}"

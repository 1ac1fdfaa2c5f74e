"""A board's settings, its `/status` and its `/control`, as the firmwares of the CameraWebServer kind have them."""

import json
import re

from vedette.boards import FRAMESIZES, OV2640, Dialect, Firmware, Sensor, framesize_index

Size = tuple[int, int]

_ATOI = re.compile(r"\s*([+-]?[0-9]+)")
_CONSTANTS = {"sharpness": 0, "pixformat": 4, "xclk": 20}  # where they are no variable of the firmware's


class Settings:
    """Everything that a reboot forgets.

    Attributes:
        size: width and height in pixels.
        values: of the sensor's variables, and of the firmware's own.
    """

    def __init__(self, firmware: Firmware, size: Size, sensor: Sensor = OV2640, name: str = "Board") -> None:
        self._firmware = firmware
        self._sensor = sensor
        self._name = name
        self.size = size
        self._known = dict(sensor.variables) | dict(firmware.extra)
        self.values = {name: variable.default for name, variable in self._known.items()}

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
        }
        if key == "framesize":
            index = None if self._firmware.era is None else framesize_index(self._firmware.era, self.size)
            return -1 if index is None else index  # a size nobody's table has, asked for by --size
        if key == "rotate":
            return str(self.values[key])  # esp32-cam-webserver prints this one between quotes
        return texts[key] if key in texts else self.values.get(key, _CONSTANTS.get(key, 0))

    def control(self, variable: str, text: str) -> bool:
        """Set one variable; False where the firmware answers 500. Text is read as C's ``atoi`` does: junk is 0."""
        match = _ATOI.match(text)
        value = int(match[1]) if match else 0
        if variable == "framesize" and self._firmware.era is not None:
            table = FRAMESIZES[self._firmware.era]
            if not 0 <= value < len(table):
                return False  # a real OV2640 reads past its table
            if any(wanted > largest for wanted, largest in zip(table[value], self._sensor.largest, strict=True)):
                return False
            self.size = table[value]
            return True
        known = self._known.get(variable)
        if known is None or not known.low <= value <= known.high:
            return False
        self.values[variable] = value
        return True


def _uptime(seconds: float) -> str:
    """MJPEG2SD's: days-hours:minutes:seconds."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours // 24}-{hours % 24:02}:{minute:02}:{second:02}"

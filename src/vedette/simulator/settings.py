"""A board's settings, its `/status` and its `/control`, as CameraWebServer has them."""

import json
import re

from vedette.boards import FRAMESIZES, OV2640, Firmware, framesize_index

Size = tuple[int, int]

_ATOI = re.compile(r"\s*([+-]?[0-9]+)")


class Settings:
    """Everything that a reboot forgets.

    Attributes:
        size: width and height in pixels.
        values: of the sensor's variables.
    """

    def __init__(self, firmware: Firmware, size: Size) -> None:
        self._firmware = firmware
        self.size = size
        self.values = {name: variable.default for name, variable in OV2640.variables.items()}

    def status(self) -> bytes:
        """The JSON of `/status`, keys in the firmware's order."""
        status: dict[str, int] = dict.fromkeys(OV2640.registers, 0)
        if self._firmware.status_has_pixformat:
            status |= {"xclk": 20, "pixformat": 4}
        index = framesize_index(self._firmware.era, self.size)
        status["framesize"] = -1 if index is None else index  # a size nobody's table has, asked for by --size
        for name, value in self.values.items():
            status[name] = value
            if name == "saturation":
                status["sharpness"] = 0
        return json.dumps(status, separators=(",", ":")).encode("ascii")

    def control(self, variable: str, text: str) -> bool:
        """Set one variable; False where the firmware answers 500. Text is read as C's ``atoi`` does: junk is 0."""
        match = _ATOI.match(text)
        value = int(match[1]) if match else 0
        if variable == "framesize":
            table = FRAMESIZES[self._firmware.era]
            if not 0 <= value < len(table):
                return False  # a real OV2640 reads past its table
            if any(wanted > largest for wanted, largest in zip(table[value], OV2640.largest, strict=True)):
                return False
            self.size = table[value]
            return True
        known = OV2640.variables.get(variable)
        if known is None or not known.low <= value <= known.high:
            return False
        self.values[variable] = value
        return True

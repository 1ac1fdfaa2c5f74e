"""The board's control port, judged apart from its stream: one can die while the other goes on.

Seen in esp32-cam-webserver#217. It is asked seldom, and one thing at a time. What it says tells three things: that the
board is alive when its stream is not; which firmware and sensor it has; and that it has booted, when its settings have
fallen back to their defaults.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

from vedette.boards import FIRMWARES, OV2640, Firmware, StatusReport, recognise_status
from vedette.errors import BoardError
from vedette.sources import Answer

Fetch = Callable[[str], Awaitable[Answer]]

_LONGEST_UPTIME = 1e9  # seconds: thirty years
_UPTIME = re.compile(r"(?:(\d+)-)?(\d+):(\d\d):(\d\d)")  # ESP32-CAM_MJPEG2SD: days-hours:minutes:seconds


class ControlPort:
    """One board's. Asked on the engine's loop; attributes may be read from any thread.

    Args:
        host: of the board, for the address that its firmware implies.
        url: as the configuration has it; None for the firmware's own port.
        fetch: asks the board for one URL.

    Attributes:
        online: it answered when it was last asked; None before.
        report: what its last status told; None where it told nothing.
        uptime: seconds, where the firmware says it.
        settings_lost: of the last two statuses the newer shows defaults where the older one had something else.
    """

    def __init__(self, host: str, url: str | None, fetch: Fetch) -> None:
        self.online: bool | None = None
        self.report: StatusReport | None = None
        self.uptime: float | None = None
        self.settings_lost = False
        self._host = f"[{host}]" if ":" in host else host
        self._url = url
        self._fetch = fetch
        self._firmware: Firmware | None = None
        self._status: Mapping[str, Any] | None = None

    def know(self, firmware: Firmware) -> None:
        """The board's firmware is known now: it implies where to ask."""
        self._firmware = firmware

    @property
    def state(self) -> Literal["online", "offline"] | None:
        """`online` as the contract has it."""
        if self.online is None:
            return None
        return "online" if self.online else "offline"

    @property
    def base(self) -> str | None:
        """``http://HOST[:PORT]`` of the control port; None where nobody knows, or a running stream blocks it."""
        if self._url is not None:
            return self._url.rstrip("/")
        if self._firmware is None or self._firmware.one_thread:
            return None
        port = self._firmware.control_port
        return f"http://{self._host}" + ("" if port == 80 else f":{port}")

    @property
    def status_url(self) -> str | None:
        """Where its status is; None where it has none."""
        path = self._firmware.status_path if self._firmware is not None else None
        return f"{self.base}{path}" if self.base is not None and path is not None else None

    async def ask(self) -> bool | None:
        """Ask for the status, and learn from it; True where it answered, None where there is nothing to ask."""
        url = self.status_url
        if url is None:
            return None
        try:
            answer = await self._fetch(url)
        except BoardError:
            self.online = False
            return False
        self.online = True
        self._learn(answer)
        return True

    def _learn(self, answer: Answer) -> None:
        text = answer.body.decode("utf-8", "replace")
        self.report = recognise_status(text)
        self.settings_lost = False
        if self.report is None:
            return
        status = json.loads(text)
        self.uptime = _uptime(status)
        self.settings_lost = self._status is not None and _has_fallen_back(self._status, status)
        self._status = status


def firmware_of(family: str) -> Firmware | None:
    """The likeliest firmware of a family; None for ``auto`` and for what nobody knows."""
    return next((firmware for firmware in FIRMWARES.values() if firmware.family == family), None)


def _uptime(status: Mapping[str, Any]) -> float | None:
    value = status.get("uptime", status.get("up_time"))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if abs(value) < _LONGEST_UPTIME else None
    match = _UPTIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    days, hours, minutes, seconds = (int(text or 0) for text in match.groups())
    return float(((days * 24 + hours) * 60 + minutes) * 60 + seconds)


def _has_fallen_back(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whatever was set, two settings at least, is the default of a sensor that has just been started.

    One alone may have been set back by a person.
    """
    defaults = {name: variable.default for name, variable in OV2640.variables.items()}
    was_set = [name for name, default in defaults.items() if name in after and before.get(name, default) != default]
    sizes = [status.get("framesize") for status in (before, after)]
    lost = [name for name in was_set if after[name] == defaults[name]]
    return len(lost) == len(was_set) and len(lost) + (sizes[0] != sizes[1]) > 1

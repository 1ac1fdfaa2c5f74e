"""The board's control port, judged apart from its stream: one can die while the other goes on.

Seen in esp32-cam-webserver#217. It is asked seldom, and one thing at a time: whatever is asked or written waits for
what went before, and a short while longer. What it says tells three things: that the board is alive when its stream is
not; which firmware and sensor it has; and that it has booted, when its settings have fallen back to their defaults.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, Protocol

from vedette.boards import (
    FIRMWARES,
    OV2640,
    BoardHealth,
    Dialect,
    Firmware,
    StatusReport,
    read_health,
    recognise_status,
    whole_number,
)
from vedette.clock import Clock, SystemClock, pause
from vedette.errors import BoardError, Reason
from vedette.sources import Answer

PAUSE = 0.1  # seconds after each write: a board is one slow thread, and its stream has the better right to it
_NOT_NOW = 503  # vedette_cam's answer while its sensor is being started again: no refusal
_LONGEST_UPTIME = 1e9  # seconds: thirty years
_DEFAULTS = MappingProxyType({name: variable.default for name, variable in OV2640.variables.items()})
_UPTIME = re.compile(r"(?:(\d+)-)?(\d+):(\d\d):(\d\d)")  # ESP32-CAM_MJPEG2SD: days-hours:minutes:seconds


class Fetch(Protocol):
    """Asks a board for one URL; see `vedette.sources.fetch`."""

    def __call__(self, url: str, *, patience: float | None = None) -> Awaitable[Answer]:
        """Gives the answer, or raises `BoardError`."""


class ControlPort:
    """One board's. Asked on the engine's loop; attributes may be read from any thread.

    Args:
        host: of the board, for the address that its firmware implies.
        url: as the configuration has it; None for the firmware's own port.
        fetch: asks the board for one URL.
        clock: for the pause after a write.

    Attributes:
        online: it answered when it was last asked; None before.
        told: the last answer to a question was a status that told something. An error, or what is no status, says
            nothing about the board's settings.
        answered: the last answer to a question was a status, even if it told nothing: a sensor may not run.
        report: what the last status told that told something; None before.
        status: the last status that told something, as far as it is whole numbers; replaced, never changed.
        uptime: seconds, where the firmware's status says it.
        health: what the board last said of itself; None before, and where its firmware has no such word.
        settings_lost: of the last two statuses the newer shows defaults where the older one had something else, and
            that was not written here.
        writes: how often it has been written to, and has answered.
        on_status: called whenever a status has been read that told something.
    """

    def __init__(self, host: str, url: str | None, fetch: Fetch, clock: Clock | None = None) -> None:
        self.online: bool | None = None
        self.told = False
        self.answered = False
        self.report: StatusReport | None = None
        self.status: Mapping[str, int] = MappingProxyType({})
        self.uptime: float | None = None
        self.health: BoardHealth | None = None
        self.settings_lost = False
        self.writes = 0
        self.on_status: Callable[[], None] | None = None
        self._clock = clock or SystemClock()
        self._one_request = asyncio.Lock()
        self._host = f"[{host}]" if ":" in host else host
        self._url = url
        self._fetch = fetch
        self._firmware: Firmware | None = None
        self._expected: Mapping[str, Any] | None = None

    def know(self, firmware: Firmware) -> None:
        """The board's firmware is known now: it implies where to ask."""
        self._firmware = firmware

    @property
    def firmware(self) -> Firmware | None:
        """What runs on the board: as its last status has it, where that is another family than was believed."""
        if self.report is not None and (self._firmware is None or self._firmware.family != self.report.family):
            return firmware_of(self.report.family)
        return self._firmware

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
        async with self._one_request:
            url = self.status_url
            if url is None:
                return None
            try:
                answer = await self._fetch(url)
            except BoardError:
                self.online = self.told = self.answered = False
                return False
            self.online = True
            self._learn(answer)
        if self.told and self.on_status is not None:
            self.on_status()
        return True

    async def ask_health(self) -> BoardHealth | None:
        """Ask how the board says that it is, and keep it; None where it does not say.

        Whether the port answers at all is for its status to tell.
        """
        async with self._one_request:
            path = self.firmware.health_path if self.firmware is not None else None
            if self.base is None or path is None:
                return None
            try:
                answer = await self._fetch(f"{self.base}{path}")
            except BoardError:
                return None
        health = read_health(answer.body.decode("utf-8", "replace")) if answer.head.status == 200 else None
        self.health = health or self.health
        return health

    async def write(self, name: str, value: int) -> int:
        """Set one variable of the board's.

        Args:
            name: as the firmware calls it.
            value: within its range: this is the last hand before a board that may read past its tables.

        Returns:
            The status of the answer: 200 where the board has taken it, 500 where it has refused.

        Raises:
            BoardError: there is no answer, or it is "not now", or nobody knows how this board is written to.
        """
        status = (await self.get(_target_of(self.firmware, name, value), PAUSE)).head.status
        if status == _NOT_NOW:
            raise BoardError(Reason.HTTP_ERROR, str(status))
        self.writes += 1
        if status == 200:
            self._expect(name, value)
        return status

    async def get(self, target: str, pause_after: float = 0.0, patience: float | None = None) -> Answer:
        """Ask the control port for one path and query, when everything else has been answered.

        Args:
            target: path and query.
            pause_after: seconds that whatever comes next waits.
            patience: seconds for the answer once the request has gone out.

        Raises:
            NoAnswerError: the request has gone out, and there is no answer.
            BoardError: there is no answer, or nobody knows where the control port is.
        """
        async with self._one_request:
            if self.base is None:
                raise BoardError(Reason.UNREACHABLE, "nobody knows its control port")
            answer = await self._fetch(f"{self.base}{target}", patience=patience)
            self.online = True
            if pause_after:
                await pause(self._clock, pause_after)
            return answer

    def _expect(self, name: str, value: int) -> None:
        """What has been written back to its default on purpose is no sign of a restart; nor is a size."""
        if self._expected is not None and (name == "framesize" or value == _DEFAULTS.get(name)):
            self._expected = {**self._expected, name: value}

    def _learn(self, answer: Answer) -> None:
        text = answer.body.decode("utf-8", "replace")
        report = recognise_status(text) if answer.head.status == 200 else None
        self.told = self.answered = report is not None
        self.settings_lost = False
        if report is None:
            return
        self.report = report
        if report.framesize is None:
            self.told = False  # vedette_cam whose sensor does not run: it says who it is, and nothing of its settings
            return
        status = json.loads(text)
        self.uptime = _uptime(status)
        self.settings_lost = self._expected is not None and _has_fallen_back(self._expected, status)
        self._expected = status
        numbers = ((name, whole_number(value)) for name, value in status.items())
        self.status = MappingProxyType({name: number for name, number in numbers if number is not None})


def firmware_of(family: str) -> Firmware | None:
    """The likeliest firmware of a family; None for ``auto`` and for what nobody knows."""
    return next((firmware for firmware in FIRMWARES.values() if firmware.family == family), None)


def _target_of(firmware: Firmware | None, name: str, value: int) -> str:
    """Path and query that set a variable, in the firmware's dialect."""
    if firmware is None or firmware.control is None:
        raise BoardError(Reason.UNREACHABLE, "nobody knows how its settings are written")
    if name == "xclk" and firmware.xclk_target is not None:
        return firmware.xclk_target.format(value=value)
    if firmware.control is Dialect.KEY_VALUE:
        return f"/control?{name}={value}"
    return f"/control?var={name}&val={value}"


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
    was_set = [name for name, default in _DEFAULTS.items() if name in after and before.get(name, default) != default]
    sizes = [status.get("framesize") for status in (before, after)]
    lost = [name for name in was_set if after[name] == _DEFAULTS[name]]
    return len(lost) == len(was_set) and len(lost) + (sizes[0] != sizes[1]) > 1

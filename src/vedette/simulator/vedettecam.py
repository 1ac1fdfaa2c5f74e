"""The control port of vedette_cam: settings with a sentence for whoever is wrong, `/health`, and `/reboot`.

Source: `firmware/vedette_cam/src/device/handlers.cpp`, `core/settings.cpp` (what is taken, and the words of a refusal).
"""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from vedette.boards import FRAMESIZES, Era, framesize_index
from vedette.boards.controls import fits
from vedette.simulator.diary import Diary
from vedette.simulator.requests import answer
from vedette.simulator.saving import NOT_KEPT

if TYPE_CHECKING:
    from vedette.simulator.board import Board

_NO_STORE = "Cache-Control: no-store\r\n"
_RESTART_AFTER = 0.5  # seconds, so that the answer goes out (`Caretaker::kAnswerFirst`)
_LONGEST = 23  # characters of a name or a value
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_SIZE = re.compile(r"([0-9]{1,4})x([0-9]{1,4})")
_SIZES = ("framesize", "resolution")

Handler = Callable[[Mapping[str, str]], bytes]


class VedetteCam:
    """Answers one board's control requests.

    Args:
        board: that they are made to.
        diary: of that board.
        is_lost: tells whether a write is one that the board answers and forgets.
    """

    def __init__(self, board: "Board", diary: Diary, is_lost: Callable[[], bool]) -> None:
        self._board = board
        self._diary = diary
        self._is_lost = is_lost

    def handlers(self) -> dict[str, Handler]:
        """What is answered where."""
        return {
            "/": lambda _: answer(302, extra="Location: /status\r\n"),
            "/status": self._status,
            "/health": lambda _: _say(200, self._diary.health()),
            "/control": self._set,
            "/reboot": self._reboot,
        }

    def refuse_path(self) -> bytes:
        """For a path that it does not know."""
        return _complain(404, "no_such_address", "there is nothing here")

    def _status(self, _query: Mapping[str, str]) -> bytes:
        self._board.counters.status_requests += 1
        return answer(200, self._board.settings.status(self._board.uptime()), _NO_STORE, kind="application/json")

    def _set(self, query: Mapping[str, str]) -> bytes:
        self._board.counters.control_requests += 1
        name, value = query.get("var", "x" * 99), query.get("val", "x" * 99)
        if len(name) > _LONGEST or len(value) > _LONGEST:
            return _complain(404, "parameter_missing", "say /control?var=NAME&val=VALUE")
        number = _number(name, value)
        if number is None or not self._is_in_range(name, number):
            return _complain(500, "refused", self._explain(name))
        if self._is_lost():
            return answer(200)
        if not self._board.settings.control("framesize" if name in _SIZES else name, str(number)):
            return _complain(500, "sensor_refused", "the sensor did not take it")
        if name not in NOT_KEPT:
            self._diary.saving.change(self._board.uptime())
        return answer(200)

    def _is_in_range(self, name: str, number: int) -> bool:
        sensor = self._board.sensor
        if name in _SIZES:
            table = FRAMESIZES[Era.D]
            return 0 <= number < len(table) and fits(table[number], sensor.largest)
        variable = self._board.firmware.variables(sensor).get(name)
        return variable is not None and variable.low <= number <= variable.high

    def _explain(self, name: str) -> str:
        sensor = self._board.sensor
        if name in _SIZES:
            width, height = sensor.largest
            return f"a size this {sensor.name} has, as WIDTHxHEIGHT, at most {width}x{height}"
        variable = self._board.firmware.variables(sensor).get(name)
        if variable is None:
            return "there is no setting of this name"
        return f"{name} takes a whole number from {variable.low} to {variable.high}"

    def _reboot(self, _query: Mapping[str, str]) -> bytes:
        self._diary.want_restart()
        asyncio.get_running_loop().call_later(_RESTART_AFTER, self._board.on_reboot)
        return _say(200, {"restarting": True})


def _number(name: str, value: str) -> int | None:
    """What is to be written; None for what is no number, and no size either."""
    if name in _SIZES and (size := _SIZE.fullmatch(value)):
        return framesize_index(Era.D, (int(size[1]), int(size[2])))
    if name == "resolution" or not _NUMBER.fullmatch(value):
        return None
    return int(value)


def _say(status: int, what: Mapping[str, Any]) -> bytes:
    text = json.dumps(what, separators=(",", ":"))
    return answer(status, text.encode("ascii"), _NO_STORE, kind="application/json")


def _complain(status: int, code: str, message: str) -> bytes:
    return _say(status, {"error": {"code": code, "message": message}})

"""The control port of one board: page, settings, single pictures, and what Vedette's tests count on."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from vedette.boards import FRAMESIZES, Dialect, Era
from vedette.simulator.faults import Fault
from vedette.simulator.requests import Request, answer
from vedette.simulator.settings import to_int
from vedette.simulator.vedettecam import VedetteCam

if TYPE_CHECKING:
    from vedette.simulator.board import Board

PAGE = b"<!doctype html><title>Simulated board</title><p>A simulated board: /status, /control, /capture, /counters."
NOTHING_THERE = b"Nothing matches the given URI"
_ANY_ORIGIN = "Access-Control-Allow-Origin: *\r\n"
_REFUSAL = b"Server has encountered an unexpected error"
_LOST_EVERY = 3  # writes, under `write-lost`
_CLOCKS = range(1, 41)  # MHz that a sensor's clock can be set to
# Of CameraWebServer 2 and newer: what each needs.
_TOOLS = {"/reg": ("reg", "mask", "val"), "/resolution": ("sx",)}


class Control:
    """Answers one board's control requests."""

    def __init__(self, board: "Board") -> None:
        self._board = board
        self._writes = 0
        firmware = board.firmware
        self._own = VedetteCam(board, board.diary, self._is_lost) if board.diary is not None else None
        self._handlers: dict[str, Callable[[Mapping[str, str]], bytes]] = {
            "/": lambda _: answer(200, PAGE),
            "/counters": self._count,
        }
        if firmware.status_path is not None:
            self._handlers[firmware.status_path] = self._status
        if firmware.control is not None:
            self._handlers["/control"] = self._set
        if firmware.stop_target is not None:
            self._handlers[firmware.stop_target] = self._stop
        if firmware.family == "cameraserver" and firmware.status_has_pixformat:
            self._handlers |= {path: _use_tool(needed) for path, needed in _TOOLS.items()}
            self._handlers |= {"/greg": self._read_register, "/xclk": self._set_clock}
        if firmware.family == "wificam":
            self._handlers["/resolutions.csv"] = _list_sizes
        if self._own is not None:
            self._handlers |= self._own.handlers()

    def answer(self, request: Request) -> bytes:
        """The whole answer; empty where the firmware gives none."""
        if request.path != "/counters":
            self._board.requests.append(request.target)
        handler = self._handlers.get(request.path)
        if handler is not None:
            return handler(request.query)
        if self._board.firmware.answers_all:
            return answer(200, f"Server is running!\n\nURI: {request.path}\n".encode("latin-1"), kind="text / plain")
        return self._own.refuse_path() if self._own is not None else answer(404, NOTHING_THERE)

    def _status(self, _query: Mapping[str, str]) -> bytes:
        self._board.counters.status_requests += 1
        return answer(200, self._board.settings.status(self._board.uptime()), _ANY_ORIGIN, kind="application/json")

    def _count(self, _query: Mapping[str, str]) -> bytes:
        """Ours alone: what tests count on."""
        counters = json.dumps(asdict(self._board.counters), separators=(",", ":"))
        return answer(200, counters.encode("ascii"), kind="application/json")

    def _stop(self, _query: Mapping[str, str]) -> bytes:
        self._board.end_streams()
        return answer(200, b"Stream stopped")

    def _set(self, query: Mapping[str, str]) -> bytes:
        self._board.counters.control_requests += 1
        if self._board.firmware.control is Dialect.KEY_VALUE:
            return self._set_key(query)
        if "var" not in query or "val" not in query:
            return answer(404, NOTHING_THERE)
        if self._command(query["var"]):
            return b"" if query["var"] == "reboot" else answer(200, b"", _ANY_ORIGIN)  # it resets before it answers
        if self._is_lost():
            return answer(200, b"", _ANY_ORIGIN)
        if not self._board.settings.control(query["var"], query["val"]):
            return answer(500, _REFUSAL)
        return answer(200, b"", _ANY_ORIGIN)

    def _set_clock(self, query: Mapping[str, str]) -> bytes:
        if "xclk" not in query:
            return answer(404, NOTHING_THERE)
        clock = to_int(query["xclk"])
        if clock not in _CLOCKS:
            return answer(500, _REFUSAL)
        if not self._is_lost():
            self._board.settings.xclk = clock
        return answer(200, b"", _ANY_ORIGIN)

    def _read_register(self, query: Mapping[str, str]) -> bytes:
        if not query.keys() >= {"reg", "mask"}:
            return answer(404, NOTHING_THERE)
        value = self._board.settings.register(to_int(query["reg"])) & to_int(query["mask"])
        return answer(200, str(value).encode("ascii"), _ANY_ORIGIN)

    def _is_lost(self) -> bool:
        """Whether this write is one that the board answers and forgets."""
        self._writes += 1
        return Fault.WRITE_LOST in self._board.faults and self._writes % _LOST_EVERY == 0

    def _set_key(self, query: Mapping[str, str]) -> bytes:
        """MJPEG2SD's: an unknown key is no error."""
        for key, text in query.items():
            if not self._command({"reset": "reboot", "save": "save_prefs"}.get(key, key)) and not self._is_lost():
                self._board.settings.control(key, text)
        return answer(200)

    def _command(self, name: str) -> bool:
        """Do what is no setting; False where it is one, or where the firmware does not know it."""
        firmware = self._board.firmware
        if name == "reboot" and firmware.reboot_target is not None:
            self._board.on_reboot()
        elif name in {"save_prefs", "clear_prefs"} and firmware.saves_settings:
            self._board.keep_settings(keep=name == "save_prefs")
        else:
            return False
        return True


def _use_tool(needed: tuple[str, ...]) -> Callable[[Mapping[str, str]], bytes]:
    def use(query: Mapping[str, str]) -> bytes:
        if not query.keys() >= set(needed):
            return answer(404, NOTHING_THERE)
        return answer(200, b"", _ANY_ORIGIN)

    return use


def _list_sizes(_query: Mapping[str, str]) -> bytes:
    sizes = "".join(f"{width}x{height}\r\n" for width, height in FRAMESIZES[Era.D][:16])
    return answer(200, sizes.encode("ascii"), kind="text/csv")

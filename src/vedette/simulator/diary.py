"""What a board with vedette_cam knows of itself: its restarts, its Wi-Fi, its sensor. That is its `/health`.

Its counter of restarts is in memory that only a power cut erases. A brownout is told by the chip, and is not one of the
restarts that the firmware asks for itself. Without Wi-Fi it restarts every three minutes; `unreachable` is that.

Sources: `firmware/vedette_cam/src/core/reports.cpp` (`write_health`), `restarts.*`, `reasons.cpp`, `supervisor.h`.
"""

from typing import TYPE_CHECKING, Any

from vedette.simulator.faults import Fault
from vedette.simulator.saving import NOT_KEPT, Saving
from vedette.simulator.settings import VEDETTE_CAM_VERSION

if TYPE_CHECKING:
    from vedette.simulator.board import Board

_CAUSES = ("wifi", "sensor", "request", "update")
_REASONS = {  # those that are played
    200: ("BEACON_TIMEOUT", "the access point fell silent"),
    201: ("NO_AP_FOUND", "no network of that name is in reach"),
}
_ATTEMPT = 6.0  # seconds: a scan of all channels, and the pause before the next one
_LAST_RESORT = 180.0  # seconds without Wi-Fi until it restarts
_PER_FAILURE = 4.0  # seconds: esp32-camera's FB_GET_TIMEOUT
_PER_POWER_CYCLE = 3  # frames in vain
_RSSI, _WEAK_RSSI = -61, -84  # dBm
_HEAP_FREE, _HEAP_LEAST, _PSRAM_FREE = 131_072, 118_240, 3_145_728  # bytes: what an AI-Thinker has left, about


class Diary:
    """Of one board.

    Attributes:
        saving: when its settings go to flash.
        restarted_offline: it has restarted itself while nobody could reach it, and is to boot.
    """

    def __init__(self, board: "Board") -> None:
        self._board = board
        self.saving = Saving(self._keep)
        self.restarted_offline = False
        self._restarts = dict.fromkeys(_CAUSES, 0)
        self._last_cause: str | None = None
        self._cause: str | None = None  # of the restart that is under way
        self._reset_reason = "power_on"
        self._disconnects = self._drops = self._failures = 0
        self._reason: int | None = None
        self._sent_before = self._vanished_before = 0

    def want_restart(self) -> None:
        """Somebody has asked for it: it saves, and restarts in a moment."""
        self._cause = "request"
        self.saving.save_now(self._board.uptime())

    def boot(self) -> None:
        """It starts, for the reason that shows in what was wrong; settings that were due are in flash."""
        self.saving.is_pending(self._board.uptime())
        self.saving.forget()
        if self._cause is not None:
            self._count(self._cause)
            self._reset_reason = "software"
        elif Fault.BROWNOUT_LOOP in self._board.faults:
            self._reset_reason = "brownout"
        else:
            self._reset_reason = "power_on"
            self._restarts = dict.fromkeys(_CAUSES, 0)
            self._last_cause = None
        if not self.restarted_offline:
            self._disconnects, self._reason = 0, None
        self._cause = None
        self.restarted_offline = False
        self._drops = self._failures = 0
        self._sent_before = self._board.counters.frames_sent
        self._vanished_before = self._board.viewers.vanished

    def misbehave(self, before: frozenset[Fault], after: frozenset[Fault]) -> None:
        """What is wrong changes; to be called while the ages of the old faults can still be asked for."""
        if Fault.UNREACHABLE in before - after:
            self._regain_wifi(self._board.fault_age(Fault.UNREACHABLE))
        if Fault.SENSOR_SILENT in before - after:
            self._failures += self._failing()

    def health(self) -> dict[str, Any]:
        """What `/health` says, keys in the firmware's order."""
        board, viewer = self._board, self._board.viewers.first
        failures = self._failures + self._failing()
        return {
            "firmware": board.firmware.family,
            "version": VEDETTE_CAM_VERSION,
            "uptime_s": int(board.uptime()),
            "reset_reason": self._reset_reason,
            "restarts": {
                "total": sum(self._restarts.values()),
                "last_cause": self._last_cause,
                **self._restarts,
                "wifi_in_row": 0,  # it has an address, or nobody could ask
                "sensor_in_row": 0,
            },
            "wifi": {
                "rssi_dbm": _WEAK_RSSI if Fault.WIFI_BLIPS in board.faults else _RSSI,
                "disconnects": self._disconnects,
                "drops": self._drops,
                "last_disconnect": self._last_disconnect(),
            },
            "memory": {"heap_free": _HEAP_FREE, "heap_least": _HEAP_LEAST, "psram_free": _PSRAM_FREE},
            "temperature_c": None,  # the first ESP32's sensor is not calibrated
            "sensor": {
                "works": Fault.SENSOR_SILENT not in board.faults,
                "frame_failures": failures,
                "power_cycles": failures // _PER_POWER_CYCLE,
            },
            "stream": {
                "viewer": viewer.address if viewer else None,
                "viewer_s": int(viewer.watched()) if viewer else None,
                "frames_sent": board.counters.frames_sent - self._sent_before,
                "viewers_vanished": board.viewers.vanished - self._vanished_before,
            },
            "update_pending": False,
            "settings_unsaved": self.saving.is_pending(board.uptime()),
        }

    def _regain_wifi(self, away: float) -> None:
        restarts, rest = divmod(away, _LAST_RESORT)
        for _ in range(int(restarts)):
            self._count("wifi")
        if restarts:
            self._cause, self.restarted_offline = "wifi", True
            self._restarts["wifi"] -= 1  # the last one is counted when it boots
        attempts = int(rest // _ATTEMPT)
        self._disconnects = attempts if restarts else self._disconnects + 1 + attempts
        self._reason = 201 if attempts or restarts else 200

    def _count(self, cause: str) -> None:
        self._restarts[cause] += 1
        self._last_cause = cause

    def _failing(self) -> int:
        """Frames asked for in vain while the sensor has been silent."""
        if Fault.SENSOR_SILENT not in self._board.faults:
            return 0
        return int(self._board.fault_age(Fault.SENSOR_SILENT) / _PER_FAILURE)

    def _last_disconnect(self) -> dict[str, Any] | None:
        if self._reason is None:
            return None
        name, meaning = _REASONS[self._reason]
        return {"code": self._reason, "name": name, "meaning": meaning}

    def _keep(self) -> None:
        self._board.keep_settings(keep=True, but=NOT_KEPT)

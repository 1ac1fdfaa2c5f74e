"""What a board says of its own health: the `/health` of vedette_cam, read.

Everything in it is somebody else's word: what is of another type, or beyond what a board can mean, is not known, and
words are short and of one line. Nothing that a board sends raises.

Source: `firmware/vedette_cam/src/core/reports.cpp`, `write_health`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

_MOST = 2**32 - 1  # a board counts in 32 bits
_LONGEST_UPTIME = 10**9  # seconds: thirty years
_RSSI = (-127, -1)  # dBm: esp-idf's `int8_t`; 0 is how Arduino's core says that it does not know
_TEMPERATURE = (-55, 150)  # °C: more than the sensor of an S3 can tell
_LONGEST_WORDS = 80  # characters; the longest meaning of a disconnect reason has 62


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Why Wi-Fi was lost or refused.

    Attributes:
        code: esp-idf's `wifi_err_reason_t`.
        name: esp-idf's, without ``WIFI_REASON_``.
        meaning: for people.
    """

    code: int | None = None
    name: str | None = None
    meaning: str | None = None

    @property
    def words(self) -> str:
        """What to call it; never empty of one that was read."""
        return self.meaning or self.name or f"reason {self.code}"


@dataclass(frozen=True, slots=True)
class Restarts:
    """How often a board has restarted itself since its power came, by cause."""

    wifi: int | None = None
    sensor: int | None = None
    request: int | None = None
    update: int | None = None


@dataclass(frozen=True, slots=True)
class BoardHealth:
    """What a board says of itself; None where it does not say, or nobody knows what it means.

    Attributes:
        uptime: seconds since it booted.
        reset_reason: of its last boot, in esp-idf's words: ``power_on``, ``brownout``, ``software``, ``panic`` …
        restarts: those that it asked for itself.
        last_restart: the cause of the last one of these: ``wifi``, ``sensor``, ``request`` or ``update``.
        rssi: strength of the access point's signal, in dBm.
        disconnects: how often Wi-Fi was lost or refused since it booted.
        last_disconnect: why, the last time.
        heap_free: bytes.
        heap_least: bytes that were free when there were fewest.
        psram_free: bytes.
        temperature: of the chip's inside, in °C; an ESP32-S3's.
        sensor_works: its camera sensor gives pictures.
        sensor_failures: frames that it did not give.
        viewer: who has its stream; empty where nobody has.
        viewer_seconds: for how long.
    """

    uptime: float | None = None
    reset_reason: str | None = None
    restarts: Restarts = Restarts()
    last_restart: str | None = None
    rssi: int | None = None
    disconnects: int | None = None
    last_disconnect: Disconnect | None = None
    heap_free: int | None = None
    heap_least: int | None = None
    psram_free: int | None = None
    temperature: float | None = None
    sensor_works: bool | None = None
    sensor_failures: int | None = None
    viewer: str | None = None
    viewer_seconds: int | None = None


_NOTHING = BoardHealth()


def read_health(text: str) -> BoardHealth | None:
    """Read a board's `/health`; None for what is none, or tells nothing."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):  # the latter from a hostile one
        return None
    if not isinstance(told, dict):
        return None
    wifi, memory, stream = _table(told, "wifi"), _table(told, "memory"), _table(told, "stream")
    restarts, sensor = _table(told, "restarts"), _table(told, "sensor")
    works = sensor.get("works")
    health = BoardHealth(
        uptime=_number(told.get("uptime_s"), 0, _LONGEST_UPTIME),
        reset_reason=_reset_reason(told.get("reset_reason")),
        restarts=Restarts(
            wifi=_count(restarts.get("wifi")),
            sensor=_count(restarts.get("sensor")),
            request=_count(restarts.get("request")),
            update=_count(restarts.get("update")),
        ),
        last_restart=_words(restarts.get("last_cause")),
        rssi=_rounded(wifi.get("rssi_dbm")),
        disconnects=_count(wifi.get("disconnects")),
        last_disconnect=_disconnect(wifi.get("last_disconnect")),
        heap_free=_count(memory.get("heap_free")),
        heap_least=_count(memory.get("heap_least")),
        psram_free=_count(memory.get("psram_free")),
        temperature=_number(told.get("temperature_c"), *_TEMPERATURE),
        sensor_works=works if isinstance(works, bool) else None,
        sensor_failures=_count(sensor.get("frame_failures")),
        viewer="" if "viewer" in stream and stream["viewer"] is None else _words(stream.get("viewer")),
        viewer_seconds=_count(stream.get("viewer_s")),
    )
    return None if health == _NOTHING else health


def _table(told: Mapping[str, object], name: str) -> Mapping[str, object]:
    table = told.get(name)
    return table if isinstance(table, dict) else {}


def _number(value: object, least: float, most: float) -> float | None:
    """Within bounds, which NaN never is."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        return None
    return float(value)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST else None


def _rounded(value: object) -> int | None:
    rssi = _number(value, *_RSSI)
    return None if rssi is None else round(rssi)


def _words(value: object) -> str | None:
    """One short line that can be printed anywhere; None where nothing is left."""
    if not isinstance(value, str):
        return None
    start = value[: 4 * _LONGEST_WORDS]
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in start).split())
    return line[:_LONGEST_WORDS] or None


def _reset_reason(value: object) -> str | None:
    words = _words(value)
    return None if words == "unknown" else words


def _disconnect(value: object) -> Disconnect | None:
    if not isinstance(value, dict):
        return None
    told = Disconnect(_count(value.get("code")), _words(value.get("name")), _words(value.get("meaning")))
    return None if told == Disconnect() else told

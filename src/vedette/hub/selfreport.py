"""What a board says of itself, and what of that a person should hear.

A board is believed about itself: its own word for a restart stands above what is guessed here. What may change within
minutes, signal and heat, is forgotten when the board has not been heard for some; why it restarted is not.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from vedette.boards import BoardHealth, Restarts

BELIEVED = 200.0  # seconds: it is asked once a minute, and on a weak signal a question may be lost

# dBm. At -61 to -64 pings took 62 ms on the mean, at -70 242 ms, and one in 46 was lost (AI-on-the-edge-device#3558).
# Between the two nothing changes: what a board hears goes up and down by some dB where nobody moves.
WEAK_BELOW, GOOD_FROM = -70, -65

# °C inside the chip. 80 is usual (Prusa-Firmware-ESP32-Cam#50); boards that stop were seen at more than 90
# (esp32-cam-webserver#152, Tasmota#12877).
HOT_ABOVE, COOL_FROM = 90.0, 85.0

MOVE_IT = "Move the board or the access point, or give it an external antenna."


@dataclass(frozen=True, slots=True)
class Restart:
    """Why a board has restarted, by its own word.

    Attributes:
        words: what it was; stands behind "the last was".
        weak_power: its supply is to blame, or what is before that.
        remedy: a sentence that says what would help, beside a better supply; empty where there is nothing to do.
    """

    words: str
    weak_power: bool = False
    remedy: str = ""


_CRASH = Restart("a crash of its program", remedy="Update its firmware. Weak power can do that too.")
_HANG = Restart("a watchdog: its program hung", remedy="Update its firmware. Weak power can do that too.")

# By esp-idf's `esp_reset_reason_t`, as vedette_cam writes it: firmware/vedette_cam/src/core/reports.cpp.
_RESETS = MappingProxyType(
    {
        "brownout": Restart("a brownout: its supply is too weak", weak_power=True),
        "power_glitch": Restart("a glitch of its power: its supply is too weak", weak_power=True),
        "power_on": Restart(
            "its power coming back", weak_power=True, remedy="Look for a loose plug, and for who switches it."
        ),
        "panic": _CRASH,
        "cpu_lockup": _CRASH,
        "interrupt_watchdog": _HANG,
        "task_watchdog": _HANG,
        "other_watchdog": _HANG,
        "external": Restart("its reset button, or what is wired to it"),
        "software": Restart("of its own accord"),
    }
)
# What it restarts itself for: firmware/vedette_cam/src/core/restarts.h.
_OWN = MappingProxyType(
    {
        "wifi": Restart("its own remedy for lost Wi-Fi", remedy=MOVE_IT),
        "sensor": Restart(
            "its own remedy for a sensor that gave no pictures", remedy="Check power and the camera's ribbon cable."
        ),
        "request": Restart("asked for by somebody"),
        "update": Restart("an update of its firmware"),
    }
)


class SelfReport:
    """What one board says of itself. Told on the engine's loop; may be asked from any thread."""

    def __init__(self) -> None:
        self._told: tuple[float, BoardHealth] | None = None
        self._weak = False
        self._hot = False

    def take(self, now: float, health: BoardHealth) -> None:
        """The board has said how it is; ``now`` in monotonic seconds, as everywhere here."""
        rssi, temperature = health.rssi, health.temperature
        self._weak = rssi is not None and rssi < (GOOD_FROM if self._weak else WEAK_BELOW)
        self._hot = temperature is not None and temperature > (COOL_FROM if self._hot else HOT_ABOVE)
        self._told = (now, health)

    def recent(self, now: float) -> BoardHealth | None:
        """What it has said lately; None where that is too long ago."""
        told = self._told
        return told[1] if told is not None and now - told[0] <= BELIEVED else None

    def weak_signal(self, now: float) -> str | None:
        """A sentence, while its signal is weak."""
        health = self.recent(now)
        if health is None or health.rssi is None or not self._weak:
            return None
        return (
            f"Weak signal: the board hears its access point at {health.rssi} dBm; "
            f"below {WEAK_BELOW} dBm pictures come late or get lost. {MOVE_IT}"
        )

    def heat(self, now: float) -> str | None:
        """A sentence, while it is hot."""
        health = self.recent(now)
        if health is None or health.temperature is None or not self._hot:
            return None
        return (
            f"Hot: {health.temperature:.0f} °C inside the board's chip, and boards stop when they are hot. "
            "Give it air or a heat sink, keep its lamp off, or choose fewer or smaller pictures."
        )

    def silent_sensor(self, now: float) -> str | None:
        """A sentence, where it says that its sensor does not work."""
        health = self.recent(now)
        return (
            "The board itself says that its sensor does not work." if health and health.sensor_works is False else None
        )

    def lost_wifi(self, now: float) -> str | None:
        """Why it lost Wi-Fi, the last time that it did; without a final stop."""
        health = self.recent(now)
        return health.last_disconnect.words if health is not None and health.last_disconnect is not None else None

    def restart(self) -> Restart | None:
        """Why it has restarted, the last time that it did, however long ago it said so."""
        return restart_of(self._told[1]) if self._told is not None else None


def restart_of(health: BoardHealth) -> Restart | None:
    """Why a board has last restarted; None where it does not say."""
    reason = health.reset_reason
    if reason is None:
        return None
    own = _OWN.get(health.last_restart or "") if reason == "software" else None
    return own or _RESETS.get(reason) or Restart(f"what it calls {reason.replace('_', ' ')}")


class Signal(StrEnum):
    """How well a board hears its access point, in a word."""

    GOOD = "good"
    FAIR = "fair"
    WEAK = "weak"


def signal_of(rssi: int) -> Signal:
    """The word for so many dBm."""
    if rssi < WEAK_BELOW:
        return Signal.WEAK
    return Signal.GOOD if rssi >= GOOD_FROM else Signal.FAIR


def own_restarts(restarts: Restarts) -> str:
    """How often a board has restarted itself to be well again, and why: "2 for lost Wi-Fi"; empty where never."""
    counted = ((restarts.wifi, "for lost Wi-Fi"), (restarts.sensor, "for its sensor"))
    return ", ".join(f"{count} {cause}" for count, cause in counted if count)


def in_words(health: BoardHealth) -> str | None:
    """What a person may want to know of it, in a sentence; None where there is nothing of that."""
    restart, again, gone = restart_of(health), own_restarts(health.restarts), health.last_disconnect
    said = (
        None if health.rssi is None else f"{signal_of(health.rssi)} signal ({health.rssi} dBm)",
        None if health.temperature is None else f"{health.temperature:.0f} °C inside its chip",
        restart and f"its last start was {restart.words}",
        again and f"restarts of its own since its power came: {again}",
        gone and f"it was last without Wi-Fi: {gone.words}",
    )
    found = "; ".join(part for part in said if part)
    return f"The board last said: {found}." if found else None


def what_happened(before: BoardHealth, after: BoardHealth, *, restarted: bool) -> str | None:
    """What has happened to a board between two reports of its own, in a sentence; None where nothing has.

    Args:
        before: the older report.
        after: the newer one.
        restarted: it has booted between them.
    """
    if restarted:
        restart = restart_of(after)
        return f"the board says that its last restart was {restart.words}" if restart is not None else None
    lost, gone = after.disconnects, after.last_disconnect
    if lost is None or gone is None or lost <= (before.disconnects or 0):
        return None
    return f"the board says that it was without Wi-Fi: {gone.words}"

"""What a board's own clock tells: X-Timestamp is the time since it booted.

Running backwards it tells a reboot; so does, on a new connection, less time than has passed here: but the first frames
of a connection may have waited in the board since the last one ended (esp32-camera#363). Standing still it tells that a
picture is an old one. What firmware 3.x prints may lack the fraction, so that it stands still for up to a
second anyway; and a camera that is no board may send the time of day, which people set.
"""

from enum import Enum, auto

_TIME_OF_DAY = 1e8  # seconds: no board runs for three years, and no clock of this century shows less
_JITTER = 0.5  # seconds that a clock may run backwards without meaning anything
_BEHIND = 5.0  # seconds by which the boot must have moved: a picture may be that long on its way
_WAITING = 5  # frames at the beginning of a connection that may be old: boards have one to four buffers
_DRIFT = 1e-4  # of a cheap crystal, with a margin


class Reading(Enum):
    """What one time stamp means."""

    UNKNOWN = auto()  # there is none, or none that means anything
    LATER = auto()
    SAME = auto()
    REBOOTED = auto()


class BoardClock:
    """The clock of one board, as its frames show it.

    Attributes:
        known: it has ever shown the time since a boot.
    """

    def __init__(self) -> None:
        self.known = False
        self._ticks = False  # it has been seen to go on: one that never has tells nothing by standing still
        self._stamp = 0.0
        self._arrival = 0.0
        self._booted = 0.0  # when it would have, by the frame that was on its way for the shortest time

    def read(self, text: str | None, arrival: float, number: int) -> Reading:
        """Look at one frame's time stamp.

        Args:
            text: X-Timestamp, or None.
            arrival: monotonic seconds.
            number: of the frame in its connection, from 0.
        """
        stamp = _seconds(text)
        if stamp is None:
            return Reading.UNKNOWN
        known, before, passed = self.known, self._stamp, arrival - self._arrival
        self.known, self._stamp, self._arrival = True, stamp, arrival
        if not known:
            self._booted = arrival - stamp
            return Reading.LATER
        drifted = self._booted + passed * _DRIFT
        if stamp < before - _JITTER or (number == _WAITING and arrival - stamp > drifted + _BEHIND):
            self._booted = arrival - stamp
            return Reading.REBOOTED
        self._booted = min(drifted, arrival - stamp)
        if stamp == before:
            return Reading.SAME if self._ticks else Reading.UNKNOWN
        self._ticks = True
        return Reading.LATER


def _seconds(text: str | None) -> float | None:
    try:
        stamp = float(text) if text is not None else -1.0
    except ValueError:
        return None
    return stamp if 0 <= stamp < _TIME_OF_DAY else None

"""What is wrong with a board that still sends pictures, or will be soon: in words, with what would help.

Everything here is judged over the last hour or the last minute, and forgotten with them.
"""

from dataclasses import dataclass

from vedette.boards import buffer_limit, is_near_limit
from vedette.hub.selfreport import MOVE_IT, Restart, SelfReport

HOUR, MINUTE = 3600.0, 60.0
MANY_REBOOTS = 3  # an hour: nobody switches a board off and on that often
UNSTABLE_LOSSES = 5  # an hour
DAMAGED_AT_LEAST = 3  # frames a minute, and
DAMAGED_SHARE = (
    0.02  # of all: intact pictures with a damaged scan are 0.03 to 0.3 % on a healthy board (esp32-camera#244)
)
_REMEMBERED = 256

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CameraWarning:
    """One thing that is wrong.

    Attributes:
        code: for programs.
        message: a sentence for a person, with what would help.
    """

    code: str
    message: str


class Ailments:
    """What one board suffers from. Told on the engine's loop; may be asked from any thread.

    Attributes:
        overloaded: this server cannot check every frame in full.
        control_lost: the stream runs, and the control port, which did answer, does so no more.
        note: where the board was found, if not where it should be.
        itself: what the board says of itself.
    """

    def __init__(self) -> None:
        self.overloaded = False
        self.control_lost = False
        self.note: str | None = None
        self.itself = SelfReport()
        self._reboots: tuple[float, ...] = ()
        self._losses: tuple[float, ...] = ()
        self._rejects: tuple[float, ...] = ()
        self._near: tuple[float, int, Size] | None = None  # when, bytes, and for which size the buffer was made

    def rebooted(self, now: float) -> None:
        """The board has booted."""
        self._reboots = _recent(self._reboots, now)

    def lost(self, now: float) -> None:
        """The board was online, and is not any more."""
        self._losses = _recent(self._losses, now)

    def rejected(self, now: float) -> None:
        """A frame was refused."""
        self._rejects = _recent(self._rejects, now)

    def measured(self, now: float, length: int, init_size: Size) -> None:
        """A frame of that many bytes came from a board whose buffers were made for that size."""
        if is_near_limit(length, init_size) and (self._near is None or length >= self._near[1] or self._past(now)):
            self._near = (now, length, init_size)

    def reboots_in_the_last_hour(self, now: float) -> int:
        """How often it has booted."""
        return _count(self._reboots, now, HOUR)

    def words(self, now: float) -> str:
        """What stands behind the explanation of a board that is away; empty where nothing does."""
        reboots = self.reboots_in_the_last_hour(now)
        restarts = _often(reboots, self.itself.restart()) if _is_often(reboots) else None
        return " ".join(sentence for sentence in (restarts, self.itself.silent_sensor(now), self.note) if sentence)

    def warnings(self, now: float, fps: float | None) -> tuple[CameraWarning, ...]:
        """All that is wrong now, the worst first.

        Args:
            now: monotonic seconds.
            fps: frames a second; None where nobody knows.
        """
        found = (
            self._restarts(now),
            self._stability(now),
            _warn("weak_signal", self.itself.weak_signal(now)),
            _warn("hot_board", self.itself.heat(now)),
            self._damage(now, fps),
            self._buffer(now),
            self._control(),
            _warn("check_overloaded", _OVERLOADED if self.overloaded else None),
            _warn("moved", self.note),
        )
        return tuple(warning for warning in found if warning is not None)

    def _restarts(self, now: float) -> CameraWarning | None:
        reboots = self.reboots_in_the_last_hour(now)
        if not _is_often(reboots):
            return None
        restart = self.itself.restart()
        if restart is None:
            return CameraWarning("weak_power", f"Weak power: {reboots} reboots in an hour. {_SUPPLY}")
        told = (
            f"{reboots} reboots in an hour; the board says that the last was {restart.words}. {restart.remedy}".rstrip()
        )
        if restart.weak_power:
            return CameraWarning("weak_power", f"Weak power: {told} {_SUPPLY}")
        return CameraWarning("reboots", told)

    def _stability(self, now: float) -> CameraWarning | None:
        losses = _count(self._losses, now, HOUR)
        if losses < UNSTABLE_LOSSES or _is_often(self.reboots_in_the_last_hour(now)):
            return None
        why = self.itself.lost_wifi(now)
        said = f"The board says why it was last without Wi-Fi: {why}. " if why is not None else ""
        return CameraWarning(
            "unstable", f"It was lost {losses} times in an hour: weak Wi-Fi, or weak power. {said}{MOVE_IT}"
        )

    def _damage(self, now: float, fps: float | None) -> CameraWarning | None:
        rejects = _count(self._rejects, now, MINUTE)
        if rejects < DAMAGED_AT_LEAST or rejects <= DAMAGED_SHARE * (rejects + (fps or 0.0) * MINUTE):
            return None
        many = f"{rejects}" if rejects < _REMEMBERED else f"more than {_REMEMBERED - 1}"
        return CameraWarning(
            "damaged_frames",
            f"{many} pictures of the last minute came damaged and were not shown: weak power, weak Wi-Fi, "
            "or a quality setting that is too fine for the board's memory.",
        )

    def _buffer(self, now: float) -> CameraWarning | None:
        if self._near is None or self._past(now):
            return None
        _, length, size = self._near
        return CameraWarning(
            "frame_near_limit",
            f"Pictures reach {length // 1000} KB, and the board has room for {buffer_limit(size) // 1000} KB: on a "
            "brighter day they will be cut off or lost. Raise the quality number by 4, or choose a smaller size.",
        )

    def _past(self, now: float) -> bool:
        return self._near is None or now - self._near[0] > MINUTE

    def _control(self) -> CameraWarning | None:
        if not self.control_lost:
            return None
        return CameraWarning(
            "control_silent",
            "The stream runs, but the board's control port does not answer: its settings can be neither read nor "
            "changed. Restarting the board helps.",
        )


_SUPPLY = "Use a supply of 5 V and 2 A, and a short, thick cable."
_OVERLOADED = (
    "This computer is too busy to check every picture in full: most are checked by their markers only. "
    'Fewer or smaller pictures help, or check = "markers" for cameras that need it least.'
)


def _warn(code: str, message: str | None) -> CameraWarning | None:
    return CameraWarning(code, message) if message else None


def _is_often(reboots: int) -> bool:
    return reboots >= MANY_REBOOTS


def _often(reboots: int, restart: Restart | None) -> str:
    why = ": its power is weak" if restart is None else f"; it says that the last was {restart.words}"
    return f"It has restarted {reboots} times within an hour{why}."


def _recent(times: tuple[float, ...], now: float) -> tuple[float, ...]:
    return (*times[1 - _REMEMBERED :], now)


def _count(times: tuple[float, ...], now: float, window: float) -> int:
    return sum(now - moment < window for moment in times)

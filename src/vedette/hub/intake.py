"""What arrives from one board: checked once, in order, and sorted into what is published and what goes nowhere.

Beside the pictures it reads what they tell about the board: its clock (reboots), the same bytes again (a sensor that
has stopped), frames of a size that does not fit (junk from a queue). Everything here happens on the engine's loop.
"""

import logging
from collections.abc import Callable

from vedette.clock import Clock
from vedette.frame import Frame
from vedette.hub.ailments import Ailments
from vedette.hub.boardclock import BoardClock, Reading
from vedette.hub.checks import Arrival, Checks
from vedette.hub.freeze import FreezeWatch
from vedette.hub.rejects import Cause, Rejects
from vedette.hub.sizes import Size, SizeSorter
from vedette.hub.status import Rejected
from vedette.picture import Checked
from vedette.wire.jpeg import Damage
from vedette.wire.multipart import Part

_log = logging.getLogger(__name__)

MakeChecks = Callable[
    [Callable[[Arrival, Checked], None], Callable[[Arrival, Damage, str], None], Callable[[], None]], Checks
]


class Intake:
    """One camera's.

    Args:
        make_checks: makes the arrival checks, of what takes their verdicts.
        clock: for times of arrival.
        ailments: hears of reboots, of refused frames and of overload.
        patience: seconds after which the camera is stale, at the moment.
        may_repeat: the same picture may come for minutes, and nothing is wrong.
        publish: takes good frames, in order.
        stopped: hears of each frame that is no news, from a sensor that has stopped.

    Attributes:
        arrivals: parts of this attempt that were whole pictures, published or not.
        frames: good ones since the start of the server; the newest has this number.
        bad: frames of this attempt that were refused since the newest good one.
        bad_at: when the newest frame was refused, in monotonic seconds.
        reboots: of the board; None where nothing has told.
        rejects: the newest refused frames; may be read from any thread.
    """

    def __init__(
        self,
        make_checks: MakeChecks,
        clock: Clock,
        ailments: Ailments,
        patience: Callable[[], float],
        may_repeat: Callable[[], bool],
        publish: Callable[[Frame], None],
        stopped: Callable[[], None],
    ) -> None:
        self.arrivals = 0
        self.frames = 0
        self.bad = 0
        self.bad_at = 0.0
        self.reboots: int | None = None
        self.rejects = Rejects()
        self._clock = clock
        self._ailments = ailments
        self._patience = patience
        self._may_repeat = may_repeat
        self._publish = publish
        self._stopped = stopped
        self._meet(make_checks)
        self._sizes: SizeSorter[tuple[Arrival, Checked]] = SizeSorter()
        self._rejected = dict.fromkeys(Cause, 0)

    def _meet(self, make_checks: MakeChecks) -> None:
        self._checks = make_checks(self._accept, self._refuse, self._overload_changed)
        self._checks.watched = False
        self._board_clock = BoardClock()
        self._freeze = FreezeWatch()

    def renew(self, make_checks: MakeChecks, ailments: Ailments) -> None:
        """It may be another board from now on, or be checked otherwise. Counters go on."""
        watched = self._checks.watched
        self._checks.stop()
        self._ailments = ailments
        self._meet(make_checks)
        self._checks.watched = watched

    @property
    def frozen(self) -> bool:
        """The sensor gives the same picture again and again."""
        return self._freeze.frozen and self.arrivals > 0

    @property
    def tells_time(self) -> bool:
        """The board's pictures show its clock."""
        return self._board_clock.known

    @property
    def rejected(self) -> Rejected:
        """Refused frames since the start of the server, by cause; may be read from any thread."""
        return Rejected(**{cause.value: count for cause, count in self._rejected.items()})

    def watch(self, *, watched: bool) -> None:
        """Somebody looks at the camera, or nobody does."""
        self._checks.watched = watched

    def begin(self) -> None:
        """A new connection: what was under way on the last one is forgotten."""
        self._checks.restart()
        self._sizes.restart()
        self.arrivals = self.bad = 0

    async def settle(self) -> None:
        """Wait until all that has arrived has its verdict."""
        await self._checks.settle()

    def stop(self) -> None:
        """The camera stops."""
        self._checks.stop()

    def take(self, part: Part) -> None:
        """A part has arrived whole."""
        if part.oversize:
            self._reject(Cause.OVERSIZE, self._clock.time(), "longer than any picture of a board", b"")
        else:
            self._checks.take(part)

    def rebooted(self) -> None:
        """The board has restarted, by whatever sign."""
        self.reboots = (self.reboots or 0) + 1
        self._ailments.rebooted(self._clock.monotonic())

    def would_see_reboots(self) -> None:
        """There is something that would show one."""
        self.reboots = self.reboots or 0

    def _accept(self, arrival: Arrival, checked: Checked) -> None:
        reading = self._board_clock.read(arrival.part.timestamp, arrival.monotonic, self.arrivals)
        self.arrivals += 1
        if reading is Reading.REBOOTED:
            self.rebooted()
        elif self._board_clock.known:
            self.would_see_reboots()
        if reading is not Reading.UNKNOWN or not self._may_repeat():
            self._freeze.look(checked.jpeg, reading, arrival.monotonic, self._patience())
        if self._freeze.frozen:
            self._stopped()
            return
        size = _size(checked)
        good, junk = self._sizes.sort(size, (arrival, checked))
        for came, found in junk:
            width, height = _size(found)
            self._reject(Cause.WRONG_SIZE, came.timestamp, f"{width}x{height} between others", found.jpeg)
        for came, found in good:  # all of this size
            self.bad = 0
            self.frames += 1
            self._publish(Frame(found.jpeg, self.frames, came.timestamp, came.monotonic, *size, found.gray))

    def _refuse(self, arrival: Arrival, damage: Damage, detail: str) -> None:
        self._reject(Cause(damage.value), arrival.timestamp, detail, arrival.part.body)

    def _reject(self, cause: Cause, timestamp: float, detail: str, body: bytes) -> None:
        self._rejected[cause] += 1
        self.bad += 1
        self.bad_at = self._clock.monotonic()
        self._ailments.rejected(self.bad_at)
        self.rejects.add(cause, timestamp, detail, body)

    def _overload_changed(self) -> None:
        self._ailments.overloaded = self._checks.overloaded
        if self._checks.overloaded:
            _log.warning("this computer is too busy: most pictures are checked by their markers only")


def _size(checked: Checked) -> Size:
    """Pixels; zeros where nobody looked."""
    return (checked.info.width, checked.info.height) if checked.info else (0, 0)

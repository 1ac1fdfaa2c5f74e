"""What has been learnt about one board: its sensor, and what its framesize numbers mean.

Neither is said by the board itself. OV3660 and OV5640 answer `/status` alike; and a number such as 11 is 1280x720,
800x600 or 1280x1024, as the driver's age has it. Both show in pairs of a number and the size of a frame that was taken
under it. What is learnt is kept until the process ends, or until the board contradicts it. What is *sent* is held to
more: behind each new connection there may be another board, or another firmware on it.
"""

from collections.abc import Iterable, Mapping

from vedette.boards import (
    FRAMESIZES,
    OV2640,
    OV3660,
    OV5640,
    Control,
    Era,
    Firmware,
    Sensor,
    StatusReport,
    eras_that_fit,
    framesize_index,
)
from vedette.boards.controls import fits
from vedette.control.sizes import Size

CHIP_TARGET = "/greg?reg=12298&mask=255"
"""Asks for register 0x300A, the upper half of the chip's number; the answer is decimal (`ov3660_regs.h`)."""

AEC2_TARGET = "/greg?reg=194&mask=64"
"""Asks an OV2640 for the bit of its register CTRL0 that switches aec2 off (`ov2640.c`, set_aec2)."""

_LATER = 10.0  # seconds; a change of size shows in the frames within three
_CHIPS = {0x36: OV3660, 0x56: OV5640}
_BOOTED_OV3660 = {"vflip": 1, "brightness": 1, "saturation": -2}  # CameraWebServer.ino sets them on this one alone


class Knowledge:
    """Of one board.

    Attributes:
        sensors: which it may have; none where nothing tells.
        eras: whose framesize numbers it may understand, the likeliest first.
        asked_chip: the board has answered the question for its chip, or has said that it does not know it.
        firmware: what ran on it when it was met last; None before.
        offered: what could be set on it then, in the order of the page.
        is_to_be_reset: somebody wants its defaults, and it has not had them yet.
        flipped: which of its sensor's flips the configuration's `flip` and `rotate` have set: those that are wanted no
            more are taken back, whoever keeps the settings by then.
    """

    def __init__(self) -> None:
        self.sensors: tuple[Sensor, ...] = ()
        self.eras: tuple[Era, ...] = ()
        self.asked_chip = False
        self.firmware: Firmware | None = None
        self.offered: tuple[Control, ...] = ()
        self.is_to_be_reset = False
        self.flipped: frozenset[str] = frozenset()
        self._possible: tuple[Era, ...] = ()
        self._open: tuple[Era, ...] = ()  # what this connection has not ruled out
        self._doubt: tuple[int, Size, float] | None = None
        self._seen: tuple[str, tuple[Sensor, ...]] | None = None

    def read(self, report: StatusReport) -> None:
        """Learn from a status; what was learnt before stays, as long as it is of the same kind of board."""
        seen = report.family, report.sensors
        if seen != self._seen:
            self._seen, self.sensors, self.asked_chip = seen, report.sensors, False
        if report.eras != self._possible:
            self.eras = self._possible = self._open = report.eras
            self._doubt = None

    def reconnect(self) -> None:
        """A new connection: the board may be another one, and what it does not say is no longer certain."""
        self._open = self._possible

    @property
    def doubts_chip(self) -> bool:
        """`/status` leaves two sensors, and the board has not been asked."""
        return len(self.sensors) > 1 and not self.asked_chip

    def guess(self, status: Mapping[str, int]) -> None:
        """Learn from the values that a board has begun with, where it does not tell its chip."""
        if len(self.sensors) > 1 and _BOOTED_OV3660.items() <= status.items():
            self.sensors = (OV3660,)

    def notice(self, number: int, size: Size, now: float) -> None:
        """A status and a frame of about the same moment; ``now`` is in seconds.

        Where they contradict what is known, somebody else may just have changed the size. So they count only when the
        same is seen again later: what follows from a wrong table may be a number that the board does not have. What is
        sent heeds them at once; see `in_question`.
        """
        if self.eras and not set(self.eras) & set(eras_that_fit(number, size)):
            doubt, self._doubt = self._doubt, (number, size, now)
            if doubt is None or doubt[:2] != (number, size):
                return
            if now - doubt[2] < _LATER:
                self._doubt = doubt
                return
        self._doubt = None
        self.pair(number, size)

    def pair(self, number: int, size: Size) -> bool:
        """Learn from a frame of this size that was taken under this framesize number; False where no table fits."""
        if size[0] > OV3660.largest[0] and self.sensors == (OV3660, OV5640):
            self.sensors = (OV5640,)
        fitting = eras_that_fit(number, size)
        for known in (self.eras, self._possible, tuple(Era)):
            if left := tuple(era for era in known if era in fitting):
                self.eras = left
                self._open = tuple(era for era in self._open if era in fitting) or left
                self._doubt = None
                return True
        return False

    def chip(self, text: str) -> None:
        """Learn from the answer to `CHIP_TARGET`."""
        self.asked_chip = True
        if text.strip().isdecimal() and (sensor := _CHIPS.get(int(text))):
            self.sensors = (sensor,)

    @property
    def may_be_ov2640(self) -> bool:
        """It is one, or nothing tells."""
        return not self.sensors or OV2640 in self.sensors

    @property
    def in_question(self) -> tuple[Era, ...]:
        """The eras that the board may have by all that was seen on this connection, the likeliest first.

        What contradicts counts at once here: those that it fits stand first.
        """
        doubted: tuple[Era, ...] = ()
        if self._doubt is not None:
            fitting = eras_that_fit(*self._doubt[:2])
            doubted = tuple(era for era in self._possible if era in fitting) or fitting
        return tuple(dict.fromkeys((*doubted, *self.eras, *self._open)))

    def number_for(self, size: Size) -> int | None:
        """The framesize number to write for a size; None where no table has it.

        Never one that another era in question does not have, or that its sensor cannot deliver: an OV2640 reads past
        its table. Where that leaves none, a number that tells the eras apart comes first.
        """
        eras = self.in_question
        numbers = [number for era in eras if (number := framesize_index(era, size)) is not None]
        safe = [number for number in numbers if self._is_safe(number)]
        if safe:
            return safe[0]
        return self._telling() if numbers and len(eras) > 1 else None

    def _is_safe(self, number: int) -> bool:
        largest = [sensor.largest for sensor in self.sensors or (OV2640,)]
        return all(
            number < len(FRAMESIZES[era]) and any(fits(FRAMESIZES[era][number], most) for most in largest)
            for era in self.in_question
        )

    def _telling(self) -> int | None:
        """The safe number that means the most different things, the largest of them."""
        eras = self.in_question
        numbers = [number for number in range(max(len(FRAMESIZES[era]) for era in eras)) if self._is_safe(number)]
        different = {number: len(_meanings(number, eras)) for number in numbers}
        telling = [number for number, meanings in different.items() if meanings > 1]
        return max(telling, key=lambda number: (different[number], number), default=None)


def _meanings(number: int, eras: Iterable[Era]) -> set[Size]:
    return {FRAMESIZES[era][number] for era in eras}

"""What is known of a board beside its pictures: its firmware, its control port, where it is.

Learned without hurry, and never over a second connection to its stream: the firmware from the way it answers, the rest
from its control port, which is asked when a connection begins, once a minute while pictures come, and when they do not.
A board may serve pictures before its control port answers: until that has told something, it is asked more often. What
the board says of its own health is asked right after its status, and once a minute at most while it is away, or while
its status tells nothing because its sensor does not run.
"""

from collections.abc import Callable
from math import inf

from vedette.clock import Clock, pause
from vedette.config import Firmware as Family
from vedette.errors import BoardError, Reason
from vedette.hub.ailments import Ailments
from vedette.hub.controlport import ControlPort, firmware_of
from vedette.hub.health import QUEUE_FULL
from vedette.hub.intake import Intake
from vedette.hub.selfreport import what_happened
from vedette.hub.whereabouts import Whereabouts
from vedette.sources import Source

ASK_EVERY = 60.0  # seconds between questions to the control port while pictures come

# Seconds between the questions of a connection until one has told something, the last one for ever: wanted settings are
# to be back five seconds after the first picture, and take a second or two to write.
UNTIL_MET = (0.5, 0.5, 1.0, 1.0, 2.0, 5.0, 10.0)

_BOOTED_LATER = 5.0  # seconds: whole ones are told, and an answer may be on its way for some
_LOST = frozenset({Reason.UNREACHABLE, Reason.NAME_UNKNOWN})
_WORTH_A_LOOK = _LOST | {Reason.SLOT_BUSY, Reason.SENSOR_SILENT, Reason.REFUSED}


class Acquaintance:
    """With one board. Everything on the engine's loop; attributes may be read from any thread.

    Args:
        family: the configuration's word for its firmware; ``auto`` where nobody knows.
        control: its control port.
        whereabouts: where it is.
        intake: what arrives from it.
        ailments: what it suffers from.
        clock: for the pace.
        say: takes a sentence for the log.

    Attributes:
        family: the contract's word for its firmware; None where nobody knows yet.
        init_size: for which size its frame buffers were made, in pixels; None where nobody knows.
    """

    def __init__(
        self,
        family: Family,
        control: ControlPort,
        whereabouts: Whereabouts,
        intake: Intake,
        ailments: Ailments,
        clock: Clock,
        say: Callable[[str], None],
    ) -> None:
        self.family: str | None = None if family == "auto" else family
        self.init_size: tuple[int, int] | None = None
        self._control = control
        self._whereabouts = whereabouts
        self._intake = intake
        self._ailments = ailments
        self._clock = clock
        self._say = say
        self._health_asked = -inf
        self._answered_alone = False  # when it was last looked for, its control port answered and its stream did not
        self._booted: float | None = None  # by the uptime that it says, on our clock
        if firmware := firmware_of(family):
            control.know(firmware)
            self.init_size = firmware.init_size

    async def meet(self, source: Source) -> None:
        """A connection has given its first picture: who is it? Then ask how it is, until cancelled."""
        self._answered_alone = False
        if source.observed is None:
            return
        self._recognise(source)
        await self._whereabouts.learn(source.observed.peer)
        self._ailments.note = self._whereabouts.note
        waits = iter(UNTIL_MET)
        has_met = False
        while True:
            answered_before = self._control.online
            answers = await self._ask()
            if answers and (self._control.told or self._is_health_due()):
                await self._ask_health()
            self._ailments.control_lost = answers is False and bool(answered_before or self._ailments.control_lost)
            has_met = has_met or answers is None or self._control.told
            await pause(self._clock, ASK_EVERY if has_met else next(waits, UNTIL_MET[-1]))

    async def look_around(self, error: BoardError) -> BoardError:
        """An attempt has failed: is the board alive on its other port, or somewhere else? Gives what it was, then."""
        self._ailments.control_lost = False  # a board that is away altogether is another matter
        if error.reason in _LOST:
            await self._whereabouts.search()
            self._ailments.note = self._whereabouts.note
        answered_before, self._answered_alone = self._answered_alone, False
        if error.reason not in _WORTH_A_LOOK or not await self._ask():
            return error
        if self._is_health_due():
            await self._ask_health()
        # Once may be a board that has just come back: its stream was asked a moment too soon.
        self._answered_alone = error.reason is Reason.UNREACHABLE
        return BoardError(Reason.SLOT_BUSY, QUEUE_FULL) if self._answered_alone and answered_before else error

    def _recognise(self, source: Source) -> None:
        observed = source.observed
        if observed is None or (self.family is not None and self.init_size is not None):
            return
        known = observed.recognise()
        if self.family is None:
            self.family = known.family if known else "generic"
        if known is not None and known.family == self.family:
            self._control.know(known.likeliest)
            self.init_size = known.likeliest.init_size

    async def _ask(self) -> bool | None:
        """Ask the control port; see `ControlPort.ask`."""
        answers = await self._control.ask()
        if answers and self._control.told:
            self._intake.would_see_reboots()
            uptime = self._control.uptime
            # Of a board whose uptime is known settings that have fallen back tell nothing more.
            if self._has_booted(uptime) if uptime is not None else self._booted is None and self._control.settings_lost:
                self._restarted()
        return answers

    def _is_health_due(self) -> bool:
        """The board is there, and has not been asked for a while."""
        return self._control.answered and self._clock.monotonic() - self._health_asked >= ASK_EVERY

    async def _ask_health(self) -> None:
        """Ask what the board says of itself, and say in the log what has become of it since it last did."""
        self._health_asked = self._clock.monotonic()
        before = self._control.health
        health = await self._control.ask_health()
        if health is None:
            return
        self._ailments.itself.take(self._clock.monotonic(), health)
        has_booted = health.uptime is not None and self._has_booted(health.uptime)
        if has_booted:
            self._restarted()
        if before is not None and (happened := what_happened(before, health, restarted=has_booted)) is not None:
            self._say(happened)

    def _restarted(self) -> None:
        if not self._intake.tells_time:  # whose pictures have told, or will
            self._intake.rebooted()

    def _has_booted(self, uptime: float) -> bool:
        """Since it last said for how long it has been running."""
        booted, before = self._clock.monotonic() - uptime, self._booted
        self._booted = booted
        return before is not None and booted > before + _BOOTED_LATER

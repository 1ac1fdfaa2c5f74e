"""What is wanted of one board against what it has: what is due, what is done, and what will never be.

Pure bookkeeping: it writes nothing and waits for nothing.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Mapping

from vedette.boards import RESOLUTION, Control
from vedette.clock import Clock
from vedette.control.checking import normalise, unknown
from vedette.control.report import Setting
from vedette.control.resizing import WITHIN

_LOST_EVERY = 3  # a write in three, from boards on weak Wi-Fi; see `Standing.took`
ROUNDS = 5  # of writing one value; a board that loses one write in three needs two or three

# What decides first: the size, which restarts the sensor; then switches, before the values that count without them.
_FIRST = (RESOLUTION, "xclk", "xclkMhz", "awb", "awb_gain", "wb_mode", "aec", "aec2", "agc")

Value = int | bool | str


class Standing:
    """Of one board.

    Args:
        wanted: by name, as the configuration has it; may be wrong.
        reported: gives what the board has, by name.
        is_told_once: names what is written once per connection, whatever is reported.
        clock: tells how long ago the size was changed.

    Attributes:
        wanted: as above; changed by `want`.
        besides: wanted for the sake of something else, in the form in which it is compared; what is wanted by name
            goes before.
        controls: what may be set, by name.
    """

    def __init__(
        self,
        wanted: Mapping[str, Setting],
        reported: Callable[[], Mapping[str, Value]],
        is_told_once: Callable[[str], bool],
        clock: Clock,
    ) -> None:
        self.wanted = dict(wanted)
        self.besides: dict[str, Value] = {}
        self.controls: Mapping[str, Control] = {}
        self._reported = reported
        self._is_told_once = is_told_once
        self._clock = clock
        self._once: dict[str, Value] = {}
        self._taken: dict[str, Value] = {}  # on this connection, with a 200
        self._turns: dict[str, set[int]] = {}  # in which of the turns of losing that was; of `_taken`
        self._tries: Counter[str] = Counter()
        self._refusals: dict[str, tuple[Value, str]] = {}
        self._resized = float("-inf")

    # What is wanted.

    def want(self, wanted: Mapping[str, Setting]) -> None:
        """These from now on, and no others."""
        for name in {*self.wanted, *wanted}:
            if self.wanted.get(name) != wanted.get(name):
                self._forget(name)
        self.wanted = dict(wanted)
        self._once = {name: value for name, value in self._once.items() if name not in wanted}

    def want_once(self, values: Mapping[str, Value]) -> None:
        """These until the board has had them, except where something else is wanted."""
        self._once = {name: value for name, value in values.items() if name not in self.wanted}
        for name in self._once:
            self._forget(name)

    def targets(self) -> dict[str, Value]:
        """Everything that is to be, in the form in which it is compared; without what is wrong."""
        targets = {**self._once, **self.besides}
        for name, value in self.wanted.items():
            if name in self.controls:
                with contextlib.suppress(ValueError):
                    targets[name] = normalise(self.controls[name], value)
        return targets

    # What has been tried.

    def begin(self) -> None:
        """A new connection: the board may have restarted, and then it knows nothing."""
        self._taken.clear()
        self._turns.clear()
        self._tries.clear()
        self._refusals.clear()
        self._resized = float("-inf")

    def took(self, name: str, value: Value, number: int = 0) -> None:
        """The board has answered that it has taken this.

        What it does not report is believed once it was written twice: a board that loses a write in three, whichever
        of the three that is, has then had one of them.

        Args:
            name: of what was written.
            value: that was written.
            number: of the write, counting all that went to the board.
        """
        if self._taken.get(name) != value:
            self._turns[name] = set()
        self._turns.setdefault(name, set()).add(number % _LOST_EVERY)
        self._taken[name] = value
        if name == RESOLUTION:
            self._resized = self._clock.monotonic()

    def refuse(self, name: str, value: Value, why: str) -> None:
        """The board will not have this."""
        self._refusals[name] = value, why

    def reconsider(self, name: str) -> None:
        """What the board has refused of this was perhaps something else than was meant: worth another try."""
        self._refusals.pop(name, None)

    def judge(self, name: str, value: Value) -> None:
        """It was written, and the board has been asked again: has it helped?"""
        if name in self._refusals or self.targets().get(name) != value:
            return
        if self.holds(name, value):
            self._tries.pop(name, None)
            return
        self._tries[name] += 1
        if self._tries[name] >= ROUNDS:
            kept = self._reported().get(name)
            self.refuse(name, value, f"The board keeps {'what it has' if kept is None else shown(kept)}.")

    def is_resizing(self) -> bool:
        """Frames of the old size may still come."""
        return self._clock.monotonic() - self._resized < WITHIN

    # How it stands.

    def due(self) -> list[str]:
        """What is to be written, in a sensible order."""
        self._once = {name: value for name, value in self._once.items() if self._is_open(name, value)}
        names = [name for name, value in self.targets().items() if name in self.controls and self._is_open(name, value)]
        order = [*_FIRST, *self.controls]
        return sorted(names, key=order.index)

    def holds(self, name: str, value: Value) -> bool:
        """The board is known to have this value."""
        if self._is_told_once(name) and self._taken.get(name) != value:
            return False
        if name == RESOLUTION and self._taken.get(name) == value and self.is_resizing():
            return True  # what comes now of another size was in its queue
        reported = self._reported().get(name)
        if reported is not None:
            return reported == value
        return self._taken.get(name) == value and len(self._turns[name]) > 1

    def held(self) -> frozenset[str]:
        """Names of what is wanted, and so."""
        return frozenset(
            name for name, value in self.targets().items() if name in self.wanted and self.holds(name, value)
        )

    def refusal(self, name: str) -> str | None:
        """Why a setting that is wanted will not be; None where nothing speaks against it."""
        control = self.controls.get(name)
        if control is None:
            return unknown(name, self.controls)
        try:
            value = normalise(control, self.wanted[name])
        except ValueError as error:
            return str(error)
        return self.refused(name, value)

    def refused(self, name: str, value: Value) -> str | None:
        """Why the board will not have this value; None where it has it, or has not refused it."""
        refused = self._refusals.get(name)
        return refused[1] if refused is not None and refused[0] == value and not self.holds(name, value) else None

    def _is_open(self, name: str, value: Value) -> bool:
        """It is not as it should be, and there is hope."""
        refused = self._refusals.get(name)
        return not self.holds(name, value) and (refused is None or refused[0] != value)

    def _forget(self, name: str) -> None:
        self._refusals.pop(name, None)
        self._tries.pop(name, None)


def shown(value: Value) -> str:
    """As a person would say it."""
    return ("on" if value else "off") if isinstance(value, bool) else str(value)

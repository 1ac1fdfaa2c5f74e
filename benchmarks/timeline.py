"""How a board was over a day, as `firmware/tests/play_day.cpp` prints it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

DAY = 86400.0  # seconds
UP, REBOOTING = "up", "rebooting"


class Stretch(NamedTuple):
    """A time in which nothing changed, in seconds since the day began; `condition` is the program's word."""

    start: float
    end: float
    condition: str


@dataclass(frozen=True)
class Timeline:
    """One board's day.

    Attributes:
        stretches: one after the other, without a gap, the first from 0.
    """

    stretches: tuple[Stretch, ...]

    @classmethod
    def read(cls, text: str, day: float = DAY) -> Timeline:
        """The timeline of lines with milliseconds and a word each.

        Args:
            text: the lines.
            day: seconds at which it ends.

        Raises:
            ValueError: the lines are not in order, or the first is not at 0.
        """
        rows = [line.split() for line in text.splitlines()]
        starts = [int(milliseconds) / 1000 for milliseconds, _ in rows]
        if not starts or starts[0] != 0 or starts != sorted(starts):
            raise ValueError("a timeline begins at 0 and goes on in order")
        ends = [*starts[1:], day]
        return cls(tuple(Stretch(*row) for row in zip(starts, ends, (word for _, word in rows), strict=True)))

    def at(self, moment: float) -> Stretch:
        """What holds at this second of the day."""
        return self.stretches[bisect_right(self.stretches, moment, key=lambda stretch: stretch.start) - 1]

    def up_since(self, moment: float) -> float | None:
        """When the connection that works at this moment was made; None where none does."""
        stretch = self.at(moment)
        return stretch.start if stretch.condition == UP else None

    def booted(self, moment: float) -> float:
        """When the board had last booted."""
        boots = (stretch.end for stretch in self.stretches if stretch.condition == REBOOTING and stretch.end <= moment)
        return max(boots, default=0.0)

    @property
    def offline(self) -> list[tuple[float, float]]:
        """The times in which nothing came through, joined where they touch: start and end."""
        joined: list[tuple[float, float]] = []
        for start, end, condition in self.stretches:
            if condition == UP:
                continue
            if joined and joined[-1][1] == start:
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        return joined

    @property
    def restarts(self) -> int:
        """How often the board restarted; that it booted when the day began is none."""
        return sum(stretch.condition == REBOOTING and stretch.start > 0 for stretch in self.stretches)


def minutes(spans: list[tuple[float, float]]) -> float:
    """How long they are in all."""
    return sum(end - start for start, end in spans) / 60


class Trouble(NamedTuple):
    """One line of a script: when it begins and ends, in seconds since midnight, and what people call it."""

    start: float
    end: float
    title: str


def read_troubles(text: str) -> list[Trouble]:
    """The troubles of a script, as far as a plot shows them; `firmware/tests/day.cpp` reads, and checks, all of it."""
    troubles = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        at, _kind, _lost, _refused, lasts, _every, title = line.split(None, 6)
        hours, minute, second = map(int, at.split(":"))
        start = hours * 3600.0 + minute * 60 + second
        length = 0.0 if lasts == "-" else float(lasts[:-1]) * (60 if lasts.endswith("m") else 1)
        troubles.append(Trouble(start, start + length, title))
    return troubles

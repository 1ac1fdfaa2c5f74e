"""A random storm that is always the same for the same seed: which fault comes to which board, when, and for how long.

Each board has weather of its own, drawn from the seed and its number alone: one more board, or a longer storm, changes
nothing about the others. Pure: `Simulator` plays it, and benchmarks read it to know what was wrong when.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from random import Random

from vedette.simulator.faults import Fault

MEAN_GOOD, MEAN_BAD = 20.0, 8.0  # seconds
_SHORTEST, _LONGEST = 0.2, 4.0  # of the mean: an exponential distribution without its ends


@dataclass(frozen=True, slots=True)
class Squall:
    """One fault of one board.

    Attributes:
        at: seconds from the start of the storm.
        board: its number, from 0.
        fault: what is wrong.
        duration: seconds.
    """

    at: float
    board: int
    fault: Fault
    duration: float


def weather(
    seed: int,
    board: int,
    *,
    good: float = MEAN_GOOD,
    bad: float = MEAN_BAD,
    faults: Sequence[Fault] = tuple(Fault),
) -> Iterator[Squall]:
    """One board's troubles, without an end.

    Args:
        seed: of the storm.
        board: its number.
        good: mean seconds between two troubles.
        bad: mean seconds of one.
        faults: that may come.
    """
    random = Random(f"{seed}:{board}")  # noqa: S311 - weather, not a secret
    at = 0.0
    while True:
        at += _draw(random, good)
        duration = _draw(random, bad)
        yield Squall(round(at, 3), board, random.choice(faults), round(duration, 3))
        at += duration


def storm(
    seed: int,
    boards: int,
    length: float,
    *,
    good: float = MEAN_GOOD,
    bad: float = MEAN_BAD,
    faults: Sequence[Fault] = tuple(Fault),
) -> list[Squall]:
    """The troubles of so many boards that begin within ``length`` seconds, in their order; see `weather`."""
    each = (weather(seed, board, good=good, bad=bad, faults=faults) for board in range(boards))
    squalls = [squall for one in each for squall in takewhile(lambda squall: squall.at < length, one)]
    return sorted(squalls, key=lambda squall: (squall.at, squall.board))


def _draw(random: Random, mean: float) -> float:
    return mean * min(max(random.expovariate(1.0), _SHORTEST), _LONGEST)

"""When which fault: a schedule as a person writes it.

    0 stall, 10 none, 20 drop+truncate, 35 again

Entries are separated by commas or line ends. Each is a time in seconds from the start and what is wrong from then on:
`none`, one fault, or several joined by `+`; `@2` behind it means board 2 alone (counted from 0), otherwise all boards
do the same. `again` starts over. What stands behind a `#` is a comment.
"""

import re
from dataclasses import dataclass

from vedette.simulator.faults import Fault

_ENTRY = re.compile(r"(\d+(?:\.\d+)?)\s+([a-z0-9+-]+)\s*(?:@\s*(\d+))?")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is wrong from a moment on.

    Attributes:
        at: seconds from the start of the schedule.
        faults: none for a board that is well.
        board: its number; None for all boards.
        again: start over, in place of any fault.
    """

    at: float
    faults: frozenset[Fault]
    board: int | None = None
    again: bool = False


def read_schedule(text: str) -> tuple[Entry, ...]:
    """The entries in the order of their times.

    Raises:
        ValueError: an entry is not understood; the message quotes it.
    """
    lines = (line.partition("#")[0] for line in text.splitlines())
    words = [word.strip() for line in lines for word in line.split(",")]
    entries = sorted((_read_entry(word) for word in words if word), key=lambda entry: entry.at)
    if not entries:
        raise ValueError("the schedule has no entry")
    for entry in entries:
        if entry.again and (entry is not entries[-1] or not entry.at):
            raise ValueError("'again' belongs at the end of a schedule, at a time after its start")
    return tuple(entries)


def _read_entry(text: str) -> Entry:
    match = _ENTRY.fullmatch(text)
    if match is None:
        raise ValueError(f"expected SECONDS FAULT such as '10 stall' or '20 drop+truncate@1', got {text!r}")
    at, board = float(match[1]), None if match[3] is None else int(match[3])
    if match[2] in {"none", "again"}:
        return Entry(at, frozenset(), board, again=match[2] == "again")
    names = match[2].split("+")
    unknown = [name for name in names if name not in set(Fault)]
    if unknown:
        raise ValueError(f"no fault {unknown[0]!r} in {text!r}; --list-faults lists them")
    return Entry(at, frozenset(Fault(name) for name in names), board)

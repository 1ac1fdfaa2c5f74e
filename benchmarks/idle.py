"""What the server costs while nobody watches: its CPU in per cent of a core, with four cameras at full rate.

    python -m benchmarks.idle
    python -m benchmarks.idle --cameras 1 --rounds 5

The cameras' check is the default. Frames come in pieces, as over Wi-Fi, and at once; beside it the same server with no
camera at all.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.fanout import SETTLE_S
from benchmarks.serving import Boards, Stage, Window, make_parser, perform, running_boards, running_server, table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

NONE = "no camera"


@dataclass(frozen=True)
class Round:
    """One server in one window."""

    frames_come: str
    round: int
    cpu_share: float
    fps: float
    memory_kb: int
    waited: float
    steal: float


def measure(stage: Stage, options: argparse.Namespace) -> Iterator[Round]:
    """All manners in turn."""
    for number in range(options.rounds):
        yield measure_server(stage, [], NONE, number, options.seconds)
        for pieces in (True, False):
            boards = Boards(options.cameras, options.fps, options.bytes, pieces)
            with running_boards(stage, boards) as ports:
                yield measure_server(stage, ports, boards.manner, number, options.seconds)


def measure_server(stage: Stage, ports: list[int], manner: str, number: int, seconds: float) -> Round:
    """One window of one server."""
    with running_server(stage, ports) as server:
        time.sleep(SETTLE_S)
        frames = server.frames()
        window = Window(server.program)
        time.sleep(seconds)
        spent = window.close()
        return Round(
            frames_come=manner,
            round=number,
            cpu_share=spent.cpu_share,
            fps=(server.frames() - frames) / spent.seconds / max(1, len(ports)),
            memory_kb=server.program.memory_kb(),
            waited=spent.waited,
            steal=spent.steal,
        )


def tell(rounds: list[Round]) -> str:
    """Medians."""
    rows = []
    for manner in dict.fromkeys(each.frames_come for each in rounds):
        here = [each for each in rounds if each.frames_come == manner]
        shares = sorted(each.cpu_share for each in here)
        rows.append(
            (
                manner,
                f"{median(shares):.2%} ({shares[0]:.2%}-{shares[-1]:.2%})",
                f"{median(each.fps for each in here):.1f}",
                f"{median(each.memory_kb for each in here) / 1024:.1f}",
                f"{max(each.waited for each in here):.1%}",
                f"{max(each.steal for each in here):.1%}",
            )
        )
    heads = ("frames come", "of a core", "fps of each", "memory MB", "waited", "steal")
    return (
        f"{table(heads, rows)}\n\n"
        "Medians of the rounds (least-most). Memory: resident (Rss). Waited, steal: the worst round's."
    )


def main() -> int:
    """Reads the options and runs."""
    parser = make_parser(__doc__, rounds=3, seconds=10)
    parser.add_argument("--cameras", type=int, default=4, help="how many")
    options = parser.parse_args()
    return perform("idle", options, lambda stage: measure(stage, options), tell)


if __name__ == "__main__":
    sys.exit(main())

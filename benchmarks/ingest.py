"""What it costs to take a frame in: CPU per frame with nobody watching, beside OpenCV on the same boards.

    python -m benchmarks.ingest
    python -m benchmarks.ingest --check off markers full --no-opencv

Sixteen boards at full rate, their frames in pieces as over Wi-Fi and at once; the product and OpenCV
(opencv_reader.py) take turns at them. OpenCV's figure has the decoding in it: `VideoCapture` has no way around it, and
a server built on it pays for it. The product gives every viewer the frame as it came.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.fanout import HERE, READY_S, SETTLE_S
from benchmarks.programs import BenchmarkError, Program
from benchmarks.serving import Boards, Spent, Stage, Window, make_parser, perform, running_boards, running_server, table

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

OPENCV = "OpenCV"


@dataclass(frozen=True)
class Round:
    """One contender in one window."""

    frames_come: str
    contender: str
    round: int
    us_per_frame: float
    cpu_share: float
    taken: float
    waited: float
    steal: float


def measure(stage: Stage, options: argparse.Namespace) -> Iterator[Round]:
    """The product with each check and OpenCV in turn."""
    for pieces in (True, False):
        boards = Boards(options.boards, options.fps, options.bytes, pieces)
        with running_boards(stage, boards) as ports:
            for number in range(options.rounds):
                for check in options.check:
                    yield measure_product(stage, boards, ports, check, number, options.seconds)
                if options.opencv:
                    yield measure_opencv(stage, boards, ports, number, options.seconds)


def measure_product(stage: Stage, boards: Boards, ports: list[int], check: str, number: int, seconds: float) -> Round:
    """One window of the product; its own counters say how many frames it took."""
    with running_server(stage, ports, check=check) as server:
        time.sleep(SETTLE_S)
        frames = server.frames()
        window = Window(server.program)
        time.sleep(seconds)
        spent = window.close()
        return make_round(boards, f"check {check}", number, server.frames() - frames, spent)


def measure_opencv(stage: Stage, boards: Boards, ports: list[int], number: int, seconds: float) -> Round:
    """One window of OpenCV."""
    command: list[str | Path] = [sys.executable, HERE / "opencv_reader.py", "--seconds", str(seconds)]
    command += [f"http://127.0.0.1:{port}/stream" for port in ports]
    with Program(command, core=stage.server_cores, folder=stage.folder) as program:
        program.read_line(READY_S + 10)
        window = Window(program)
        read = json.loads(program.read_line(seconds + 10))
        return make_round(boards, OPENCV, number, read["frames"], window.close())


def make_round(boards: Boards, contender: str, number: int, frames: int, spent: Spent) -> Round:
    """The figures of a window."""
    if not frames:
        raise BenchmarkError(f"{contender}: not one frame in {spent.seconds:.1f} s")
    return Round(
        frames_come=boards.manner,
        contender=contender,
        round=number,
        us_per_frame=spent.cpu_s / frames * 1e6,
        cpu_share=spent.cpu_share,
        taken=frames / (boards.count * boards.fps * spent.seconds),
        waited=spent.waited,
        steal=spent.steal,
    )


def tell(rounds: list[Round]) -> str:
    """Medians, the spread of the cost in brackets."""
    rows = []
    for manner, contender in dict.fromkeys((each.frames_come, each.contender) for each in rounds):
        here = [each for each in rounds if (each.frames_come, each.contender) == (manner, contender)]
        rivals = [each.us_per_frame for each in rounds if (each.frames_come, each.contender) == (manner, OPENCV)]
        costs = sorted(each.us_per_frame for each in here)
        rows.append(
            (
                manner,
                contender,
                f"{median(costs):.0f} ({costs[0]:.0f}-{costs[-1]:.0f})",
                f"1/{median(rivals) / median(costs):.1f}" if rivals and contender != OPENCV else "",
                f"{median(each.cpu_share for each in here):.1%}",
                f"{median(each.taken for each in here):.1%}",
                f"{max(each.waited for each in here):.1%}",
                f"{max(each.steal for each in here):.1%}",
            )
        )
    heads = ("frames come", "contender", "us/frame", "of OpenCV's", "of a core", "taken", "waited", "steal")
    return (
        f"{table(heads, rows)}\n\n"
        "Medians of the rounds (least-most). Taken: of the frames the boards offered. Waited, steal: the worst\n"
        "round's."
    )


def main() -> int:
    """Reads the options and runs."""
    parser = make_parser(__doc__, rounds=3, seconds=5)
    parser.add_argument("--boards", type=int, default=16, help="how many")
    parser.add_argument("--check", choices=["off", "markers", "full"], nargs="+", default=["off"], help="the cameras'")
    parser.add_argument("--no-opencv", dest="opencv", action="store_false", help="the product alone")
    options = parser.parse_args()
    also = ["opencv-python-headless"] if options.opencv else []
    return perform("ingest", options, lambda stage: measure(stage, options), tell, also=also)


if __name__ == "__main__":
    sys.exit(main())

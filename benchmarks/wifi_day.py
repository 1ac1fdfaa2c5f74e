"""A day of scripted Wi-Fi trouble: how long boards are offline, and for how long the server's cameras are away.

    python -m benchmarks.wifi_day --svg firmware/docs/day.svg --raw benchmarks/results/wifi-day.json

`firmware/tests/day.script` is played on the host to vedette_cam's own supervisor, and to the rules of the Arduino core
under Espressif's example, as it is and with two patches (`make -C firmware day`). What comes of it is replayed to the
server's camera on a clock that is moved by hand (`replay.py`), and read from its history. The network itself is
replayed too, as a board that would be online whenever one could be: that is the floor for both columns.

Most of what the example loses depends on when the first trouble comes that its core gives up on. So each board also
plays the day begun at every other hour; the least and the most minutes of these 24 days stand in the last column.

Nothing here is measured on a board. The same seed gives the same figures. Takes two to five minutes.
"""

from __future__ import annotations

import argparse
import json
import logging
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from benchmarks.day_plot import Row, draw
from benchmarks.replay import FPS, Served, replay
from benchmarks.timeline import Timeline, minutes, read_troubles

from vedette.boards import CAMERASERVER, FIRMWARES, VEDETTE_CAM

ROOT = Path(__file__).resolve().parents[1]
FIRMWARE = ROOT / "firmware"
SCRIPT = FIRMWARE / "tests" / "day.script"
PLAYER = FIRMWARE / "build" / "day" / "play"

BOARDS = {
    "network": ("the network itself", VEDETTE_CAM.name),
    "vedette_cam": ("vedette_cam", VEDETTE_CAM.name),
    "example": ("CameraWebServer", CAMERASERVER.name),
    "five_minutes": ("… + five-minute check", CAMERASERVER.name),
    "patched": ("… + stay_connected.h", CAMERASERVER.name),
}
"""What people call it, and what it sends, by the word that the player takes."""

STARTS = 10.0  # seconds: the server, when every board has booted
HOURS = range(24)


@dataclass(frozen=True)
class Result:
    """One board's day.

    Attributes:
        name: what people call it.
        timeline: how the board was.
        served: what the server saw.
        elsewhere: minutes that the board was offline, for each hour at which the day could have begun.
    """

    name: str
    timeline: Timeline
    served: Served
    elsewhere: tuple[float, ...]

    @property
    def outages(self) -> list[tuple[float, float]]:
        """The server's: start and end."""
        return [(outage.start, outage.end) for outage in self.served.outages]

    @property
    def figures(self) -> dict[str, float]:
        """All of them, by name; times in minutes."""
        longest = max(((end - start) / 60 for start, end in self.outages), default=0.0)
        return {
            "board_offline": round(minutes(self.timeline.offline), 2),
            "server_outages": round(minutes(self.outages), 2),
            "count": len(self.outages),
            "longest": round(longest, 2),
            "restarts": self.timeline.restarts,
            "restarts_noticed": self.served.reboots,
            "least_elsewhere": round(min(self.elsewhere), 2),
            "most_elsewhere": round(max(self.elsewhere), 2),
        }


def build_player() -> None:
    """Build the program that plays the boards."""
    subprocess.run(["make", "--silent", "-C", str(FIRMWARE), "day"], check=True)


def play(script: Path, board: str, hour: int = 0) -> Timeline:
    """How one board takes the script, begun at that hour."""
    command = [str(PLAYER), str(script), board, str(hour)]
    return Timeline.read(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def run_board(board: str, script: Path, seed: int, fps: float) -> Result:
    """One board's day."""
    logging.getLogger("vedette").setLevel(logging.CRITICAL)  # a day of it is its history's business
    name, firmware = BOARDS[board]
    timeline = play(script, board)
    served = replay(timeline, FIRMWARES[firmware], seed, fps, STARTS)
    return Result(name, timeline, served, tuple(minutes(play(script, board, hour).offline) for hour in HOURS))


def table(results: list[Result]) -> str:
    """The figures, as Markdown: minutes, but for the numbers of outages and of restarts."""
    rows = [
        ("board", "board offline", "server's outages", "how many", "longest", "restarts", "begun at any hour"),
        ("---",) * 7,
    ]
    for result in results:
        figures = result.figures
        rows.append(
            (
                *(result.name, f"{figures['board_offline']:.1f}", f"{figures['server_outages']:.1f}"),
                *(f"{figures['count']:.0f}", f"{figures['longest']:.1f}", f"{figures['restarts']:.0f}"),
                f"{figures['least_elsewhere']:.0f} to {figures['most_elsewhere']:.0f}",
            )
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def plot(script: Path, results: list[Result]) -> str:
    """The picture."""
    rows = [
        Row(
            result.name,
            result.timeline.offline,
            result.outages,
            f"{result.figures['board_offline']:.0f}",
            f"{result.figures['server_outages']:.0f}",
        )
        for result in results
    ]
    words = (f"{row.name}: {row.board} minutes offline, {row.server} in the server's history" for row in rows)
    summary = f"One strip of 24 hours for each board under the same script. {'; '.join(words)}."
    return draw(read_troubles(script.read_text(encoding="utf-8")), results[0].timeline.offline, rows, summary)


def raw(results: list[Result], seed: int, fps: float) -> str:
    """Everything, as JSON."""
    boards = {
        result.name: result.figures
        | {"offline": result.timeline.offline, "outages": [asdict(outage) for outage in result.served.outages]}
        for result in results
    }
    return json.dumps({"seed": seed, "fps": fps, "boards": boards}, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Plays, prints, and writes what is asked for."""
    parser = argparse.ArgumentParser(description="A day of scripted Wi-Fi trouble, on a clock that is moved by hand.")
    parser.add_argument("--script", type=Path, default=SCRIPT)
    parser.add_argument("--seed", type=int, default=1, help="of the server's jitter")
    parser.add_argument("--fps", type=float, default=FPS)
    parser.add_argument("--svg", type=Path, help="where the plot goes")
    parser.add_argument("--raw", type=Path, help="where all figures go, as JSON")
    arguments = parser.parse_args()
    build_player()
    one = partial(run_board, script=arguments.script, seed=arguments.seed, fps=arguments.fps)
    with ProcessPoolExecutor() as pool:
        results = list(pool.map(one, BOARDS))
    print(table(results))
    if arguments.svg:
        arguments.svg.write_text(plot(arguments.script, results), encoding="utf-8")
    if arguments.raw:
        arguments.raw.write_text(raw(results, arguments.seed, arguments.fps), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

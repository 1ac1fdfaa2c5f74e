"""Whether pages still answer while many watch: `GET /` under plain `waitress-serve` with its defaults.

    python -m benchmarks.pages --viewers 500

Board at 25 frames a second of 30 KB, the viewers of `viewers.c`; the page is asked for again and again over a new
connection each time, without viewers and with them, and the time from connecting to the last byte is taken.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
import urllib.request
from importlib import metadata
from pathlib import Path

from benchmarks.fanout import BUILD, HERE, READY_S, build, camera_is_online
from benchmarks.programs import BenchmarkError, Program, free_port

ASKED = 200


def ask(port: int) -> list[float]:
    """Milliseconds for each of `ASKED` answers."""
    times = []
    for _ in range(ASKED):
        began = time.perf_counter()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
            answer.read()
        times.append((time.perf_counter() - began) * 1000)
        time.sleep(0.01)
    return times


def describe(times: list[float]) -> str:
    """Median, p99 and worst."""
    ordered = sorted(times)
    p99 = ordered[len(ordered) * 99 // 100]
    return f"median {statistics.median(ordered):6.1f} ms, p99 {p99:6.1f}, max {ordered[-1]:6.1f}"


def measure(viewers: int, folder: Path, cores: list[int | None]) -> None:
    """Start board, server and viewers, and ask."""
    board_port, port = free_port(), free_port()
    configuration = folder / "vedette.toml"
    configuration.write_text(
        f'[storage]\npath = "{folder}/data"\n[cameras.c0]\nurl = "http://127.0.0.1:{board_port}/stream"\n'
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("VEDETTE_")}
    server: list[str | Path] = [
        Path(sys.executable).with_name("waitress-serve"),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    watching: list[str | Path] = [
        BUILD / "viewers",
        "-p",
        str(port),
        "-g",
        "/cameras/c0/stream.mjpg",
        "-n",
        str(viewers),
        "-s",
        "12",
    ]
    with (
        Program([sys.executable, HERE / "board.py", "--port", str(board_port)], core=cores[-1], folder=folder) as board,
        Program(
            [*server, "--call", "vedette:create_app"],
            core=cores[0],
            folder=folder,
            environment=environment | {"VEDETTE_CONFIG": str(configuration)},
        ) as waitress,
    ):
        board.read_line(READY_S)
        waitress.wait_until(lambda: camera_is_online(port), READY_S, "online with its camera")
        print(f"  without viewers: {describe(ask(port))}")
        with Program(watching, core=cores[-1], folder=folder) as program:
            program.read_line(READY_S)
            print(f"with {viewers:>3} viewers: {describe(ask(port))}")
            seen = json.loads(program.read_line(30))
    print(f"delivered {seen['frames'] / (25 * seen['seconds'] * viewers):.1%} of 25 frames a second to each of them")


def main() -> None:
    """Read options, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viewers", type=int, default=500)
    options = parser.parse_args()
    build()
    print(f"waitress-serve {metadata.version('waitress')}, vedette {metadata.version('vedette')}, {ASKED} times GET /")
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        cores: list[int | None] = [*sorted(os.sched_getaffinity(0))]
        try:
            measure(options.viewers, Path(folder), cores)
        except BenchmarkError as error:
            raise SystemExit(f"pages: {error}") from None


if __name__ == "__main__":
    main()

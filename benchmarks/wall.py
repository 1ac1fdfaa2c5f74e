"""The wall in a real Chromium: how often each tile is drawn, over how many connections, and what it costs the server.

    python -m benchmarks.wall --cameras 16 --fps 10

Boards, server and browser share the machine; the browser, without a graphics card, takes most of it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path

from benchmarks.fanout import READY_S
from benchmarks.programs import BenchmarkError, Program, cpu_between, free_port
from playwright.sync_api import Page, sync_playwright

FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
COUNTS = "[...document.querySelectorAll('.tile')].map(tile => Number(tile.dataset.drawn ?? 0))"
WARM_UP = 4.0
ESTABLISHED = "01"


def connections_to(port: int) -> int:
    """Established connections to the server, from its side."""
    rows = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    ours = f":{port:04X}"
    return sum(row.split()[1].endswith(ours) and row.split()[3] == ESTABLISHED for row in rows)


def rates(page: Page, seconds: float) -> list[float]:
    """Pictures a second drawn in each tile."""
    before, began = page.evaluate(COUNTS), time.monotonic()
    time.sleep(seconds)
    after, took = page.evaluate(COUNTS), time.monotonic() - began
    return [(late - early) / took for early, late in zip(before, after, strict=True)]


def measure(options: argparse.Namespace, folder: Path) -> None:
    """Start boards, server and browser, and count."""
    port = free_port()
    boards_port = free_port() % 10_000 + 20_000  # below what the system hands out itself
    lines = ["[server]", f"port = {port}", "[storage]", f'path = "{folder}/data"']
    for number in range(options.cameras):
        lines += [f"[cameras.c{number}]", f'url = "http://127.0.0.1:{boards_port + 2 * number + 1}/stream"']
    configuration = folder / "vedette.toml"
    configuration.write_text("\n".join(lines) + "\n")
    vedette = Path(sys.executable).with_name("vedette")
    sim = ["--count", str(options.cameras), "--port", str(boards_port), "--fps", str(options.fps)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("VEDETTE_")}
    with (
        Program([vedette, "sim", *sim, "--size", options.size], core=None, folder=folder) as boards,
        sync_playwright() as playwright,
    ):
        for _ in range(options.cameras):
            boards.read_line(READY_S)
        command: list[str | Path] = [vedette, "serve", "-c", configuration]
        with Program(command, core=None, folder=folder, environment=environment) as server:
            server.read_line(READY_S)
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(f"http://127.0.0.1:{port}/", wait_until="domcontentloaded")
            time.sleep(WARM_UP)
            before = server.cpu()
            drawn = sorted(rates(page, options.seconds))
            cpu = cpu_between(before, server.cpu()) / options.seconds
            held = connections_to(port)
            version = browser.version
            browser.close()
    print(f"vedette {metadata.version('vedette')}, Chromium {version}, {options.cameras} cameras {options.size}")
    print(
        f"boards {options.fps:g} a second; drawn a second in each tile: least {drawn[0]:.1f}, "
        f"median {statistics.median(drawn):.1f}, most {drawn[-1]:.1f}"
    )
    print(f"connections of the page: {held}; the server's CPU: {cpu:.1%} of a core")


def main() -> None:
    """Read options, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=16)
    parser.add_argument("--fps", type=float, default=10)
    parser.add_argument("--size", default="800x600")
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wall-") as folder:
        try:
            measure(options, Path(folder))
        except BenchmarkError as error:
            raise SystemExit(f"wall: {error}") from None


if __name__ == "__main__":
    main()

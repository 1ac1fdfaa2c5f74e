"""The wall in a real Chromium: how often each tile is drawn, how old pictures are, and what it costs the server.

    python -m benchmarks.wall_page                                  # 36 cameras of 800x600 at 10 fps; 36 <img> tags
    python -m benchmarks.wall_page --cameras 64 --fps 5
    python -m benchmarks.wall_page --minutes 10 --ways page         # is the browser's memory flat?
    python -m benchmarks.wall_page --mbit 4 --ways page             # a link of 4 Mbit/s to the browser
    python -m benchmarks.wall_page --raw benchmarks/results/wall_page.json

Boards, server and browser share the machine; the browser, without a graphics card, takes most of it. Drawn pictures
are counted in the page. The age of a picture is the clock's time minus its timestamp, when the socket hands it to the
page. The link is a proxy that lets so many bits a second through to the browser and holds little. A browser does not
say when it paints a part of an <img>: those are looked at with every frame of the screen, and counted when their middle
has changed, which costs the browser more than showing them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.fanout import READY_S
from benchmarks.programs import BenchmarkError, Program, cpu_between, free_port, free_ports
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
SCREEN = (1920, 1080)
WARM_UP_S = 6.0
MEMORY_EVERY_S = 15.0
FAIR = 0.5  # of the mean rate, for the slowest tile
FRESH_S = 1.0
BUFFER = 16 * 1024  # bytes the link holds: a tenth of a second or less is what a home's router holds at best
PIECE = 4096
TAGS = """ids => {
  document.body.innerHTML = ids.map((id) => `<img width=300 src=/cameras/${id}/stream.mjpg>`).join("");
  const canvas = new OffscreenCanvas(64, 48);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  globalThis.changes = ids.map(() => 0);
  const looks = ids.map(() => "");
  const look = () => {
    requestAnimationFrame(look);
    document.querySelectorAll("img").forEach((img, index) => {
      if (!img.naturalWidth) return;
      context.drawImage(img, (img.naturalWidth - 64) / 2, (img.naturalHeight - 48) / 2, 64, 48, 0, 0, 64, 48);
      const now = context.getImageData(0, 0, 64, 48).data.join();
      if (now !== looks[index]) changes[index] += 1;
      looks[index] = now;
    });
  };
  look();
}"""
COUNTS = "[...document.querySelectorAll('.tile')].map(tile => Number(tile.dataset.drawn ?? 0))"
LOOK_OUT = """
  globalThis.arrivals = { count: 0, bytes: 0, ages: [], widths: {} };
  const Plain = globalThis.WebSocket;
  globalThis.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        if (!(data instanceof ArrayBuffer)) return;
        arrivals.count += 1;
        arrivals.bytes += data.byteLength;
        arrivals.ages.push(Date.now() / 1000 - new DataView(data).getFloat64(8));
      });
    }
  };
"""


@dataclass
class Row:
    """One way of showing the cameras, measured once."""

    way: str
    cameras: int
    fps: float
    size: str
    mbit: float | None
    seconds: float
    rates: list[float]
    server_cpu: float
    browser_cpu: float
    bytes_per_s: float
    ages: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)

    @property
    def fair(self) -> float:
        """The slowest tile's share of the mean."""
        mean = statistics.fmean(self.rates)
        return min(self.rates) / mean if mean else 0.0


class Link:
    """A TCP proxy on 127.0.0.1 whose way to the client carries so many bits a second, over all connections together."""

    def __init__(self, target: int, mbit: float) -> None:
        self._target = target
        self._rate = mbit * 1e6 / 8
        self._free_at = time.monotonic()
        self._turn = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket()
                server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
                server.connect(("127.0.0.1", self._target))
                client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._carry, args=(client, server, False), daemon=True).start()
                threading.Thread(target=self._carry, args=(server, client, True), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, slowly: bool) -> None:  # noqa: FBT001 - one of two ways
        with suppress(OSError):
            while piece := source.recv(PIECE):
                if slowly:
                    self._wait(len(piece))
                sink.sendall(piece)
        for sock in (source, sink):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _wait(self, length: int) -> None:
        with self._turn:
            now = time.monotonic()
            self._free_at = max(now, self._free_at) + length / self._rate
            wait = self._free_at - now
        time.sleep(wait)


def bytes_sent(pid: int) -> int:
    """Bytes that a process has written to anything, sockets with it."""
    lines = Path(f"/proc/{pid}/io").read_text(encoding="ascii").splitlines()
    return int(lines[1].split()[1])


def children_cpu() -> dict[int, float]:
    """CPU seconds of this process' children and theirs: what is not a Program of ours is the browser."""
    found = [os.getpid()]
    clocks = {}
    for pid in found:  # grows while it is walked
        with suppress(OSError):
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                found += map(int, children.read_text(encoding="ascii").split())
            if b"chrom" in Path(f"/proc/{pid}/cmdline").read_bytes():
                clocks[pid] = time.clock_gettime((~pid << 3) | 2)
    return clocks


def memory_of(page: Page) -> float:
    """Resident megabytes of the browser's processes, after its garbage has been collected."""
    page.request_gc()
    total = 0
    for pid in children_cpu():
        with suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def measure(browser: Browser, way: str, port: int, server: Program, options: argparse.Namespace) -> Row:
    """Open the page in one way, and count."""
    page = browser.new_page(viewport={"width": SCREEN[0], "height": SCREEN[1]})
    page.add_init_script(LOOK_OUT)
    ids = [f"c{number}" for number in range(options.cameras)]
    page.goto(f"http://127.0.0.1:{port}/{'' if way == 'page' else 'healthz'}", wait_until="domcontentloaded")
    if way == "img":
        page.evaluate(TAGS, ids)
    time.sleep(WARM_UP_S)

    def counts() -> list[int]:
        return list(page.evaluate(COUNTS if way == "page" else "changes"))

    page.evaluate("arrivals.ages = []")
    before, cpu, own, sent, began = counts(), server.cpu(), children_cpu(), bytes_sent(server.pid), time.monotonic()
    seconds = options.minutes * 60 or options.seconds
    memory = []
    while (left := began + seconds - time.monotonic()) > 0:
        if options.minutes:
            memory.append(memory_of(page))
        time.sleep(min(left, MEMORY_EVERY_S))
    after, took = counts(), time.monotonic() - began
    row = Row(
        way=way,
        cameras=options.cameras,
        fps=options.fps,
        size=options.size,
        mbit=options.mbit,
        seconds=took,
        rates=[(late - early) / took for early, late in zip(before, after, strict=True)],
        server_cpu=cpu_between(cpu, server.cpu()) / took,
        browser_cpu=cpu_between(own, children_cpu()) / took,
        bytes_per_s=(bytes_sent(server.pid) - sent) / took,
        ages=page.evaluate("arrivals.ages") if way == "page" else [],
        memory_mb=memory,
    )
    page.close()
    return row


def describe(row: Row) -> str:
    """What a person reads of it."""
    rates = sorted(row.rates)
    moved = sum(rate > 0 for rate in rates)
    drawn = f"a tile a second, least {rates[0]:.1f}, median {statistics.median(rates):.1f}, most {rates[-1]:.1f}"
    cost = f"server {row.server_cpu:.1%} of a core, browser {row.browser_cpu:.1%}"
    lines = [
        f"{row.way:>4}: {drawn}; tiles that moved {moved} of {row.cameras}",
        f"      {cost}, written by the server {row.bytes_per_s / 1e6:.2f} MB/s",
    ]
    if row.ages:
        ages = sorted(row.ages)
        lines.append(
            f"      age on arrival: median {statistics.median(ages):.3f} s, p99 {ages[len(ages) * 99 // 100]:.3f}, "
            f"oldest {ages[-1]:.3f}; older than {FRESH_S:g} s: {sum(age > FRESH_S for age in ages)} of {len(ages)}"
        )
    if row.mbit:
        lines.append(f"      slowest tile {row.fair:.0%} of the mean rate (goal: at least {FAIR:.0%})")
    if row.memory_mb:
        samples = row.memory_mb
        third = max(1, len(samples) // 3)
        lines.append(
            f"      the browser's memory: first third {statistics.fmean(samples[:third]):.0f} MB, "
            f"last third {statistics.fmean(samples[-third:]):.0f}, most {max(samples):.0f}"
        )
    return "\n".join(lines)


def run(options: argparse.Namespace, folder: Path) -> tuple[str, list[Row]]:
    """Start boards, server, link and browser; measure each way. Gives the browser's version too."""
    port = free_port()
    boards_port = free_ports(2 * options.cameras)
    lines = ["[server]", f"port = {port}", "[storage]", f'path = "{folder}/data"']
    for number in range(options.cameras):
        lines += [f"[cameras.c{number}]", f'url = "http://127.0.0.1:{boards_port + 2 * number + 1}/stream"']
    configuration = folder / "vedette.toml"
    configuration.write_text("\n".join(lines) + "\n")
    vedette = Path(sys.executable).with_name("vedette")
    sim = ["--count", str(options.cameras), "--port", str(boards_port), "--fps", str(options.fps)]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("VEDETTE_")}
    with ExitStack() as stack:
        command: list[str | Path] = [vedette, "sim", *sim, "--size", options.size]
        boards = stack.enter_context(Program(command, core=None, folder=folder))
        for _ in range(options.cameras):
            boards.read_line(READY_S)
        command = [vedette, "serve", "-c", configuration]
        server = stack.enter_context(Program(command, core=None, folder=folder, environment=environment))
        server.read_line(READY_S)
        link = stack.enter_context(closing(Link(port, options.mbit))).port if options.mbit else port
        playwright = stack.enter_context(sync_playwright())
        rows = []
        for way in options.ways:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
            rows.append(measure(browser, way, link, server, options))
            version = browser.version
            browser.close()
    return version, rows


def main() -> None:
    """Read options, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=36)
    parser.add_argument("--fps", type=float, default=10)
    parser.add_argument("--size", default="800x600")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument(
        "--minutes", type=float, default=0, help="instead of seconds, with the browser's memory sampled"
    )
    parser.add_argument("--mbit", type=float, default=None, help="of the link to the browser; unlimited without")
    parser.add_argument("--ways", nargs="+", choices=["page", "img"], default=["page", "img"])
    parser.add_argument("--raw", type=Path, help="where the figures go, as JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wall-page-") as folder:
        try:
            version, rows = run(options, Path(folder))
        except BenchmarkError as error:
            raise SystemExit(f"wall_page: {error}") from None
    command = " ".join(["python -m benchmarks.wall_page", *sys.argv[1:]])
    versions = f"vedette {metadata.version('vedette')}, Chromium {version}, Python {sys.version.split()[0]}"
    print(
        f"{command}\n{versions}\n{options.cameras} cameras {options.size}, {options.fps:g} a second, screen 1920x1080"
    )
    for row in rows:
        print(describe(row))
    if options.raw:
        found = {"command": command, "versions": versions, "rows": [asdict(row) for row in rows]}
        options.raw.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""The fan-out benchmark: what one delivered frame costs the product, against the floor, measured in the same run.

    python -m benchmarks.fanout --help

One board (board.py) at full rate; floor and product take turns at it, each with the same number of viewers
(viewers.c). Cost is the CPU clock of the server's processes over the window, divided by the frames that reached
viewers complete, fresh and for the first time.

On one machine and its loopback: send() includes the kernel's receiving side, and the viewers throw payload away
unread. Trust the ratio, not the microseconds. The server has one core, all others share another; with one core only
nothing is pinned, and then even the ratio says little.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import platform
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.programs import BenchmarkError, Program, cpu_between, free_port, listens, steal_ticks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

HERE = Path(__file__).resolve().parent
BUILD = HERE / "build"

READY_S = 30.0
"""How long a program may take to be ready, and the viewers to get a first frame each."""

SETTLE_S = 1.0
"""Between ready and the first viewer: start-up work must not count, neither as CPU nor as memory of viewers."""

STREAM = "/cameras/c0/stream.mjpg"


@dataclass(frozen=True)
class Plan:
    """What is asked for, and where it runs."""

    viewers: list[int]
    sizes: list[int]
    fps: float
    rounds: int
    seconds: float
    warm_up: float
    pieces: bool
    check: str | None
    vedette: Path
    folder: Path
    server_core: int | None
    client_core: int | None


@dataclass(frozen=True)
class Figures:
    """One contender in one round."""

    contender: str
    bytes: int
    viewers: int
    round: int
    us_per_frame: float
    cpu_share: float
    delivered: float
    least: int
    most: int
    repeated: int
    not_online: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    memory_idle_kb: int
    memory_kb: int
    steal: float
    connected_after_s: float

    @property
    def kb_per_viewer(self) -> float:
        """Memory each viewer added."""
        return (self.memory_kb - self.memory_idle_kb) / self.viewers


# ---- the contenders: each is started, waited for, and ends with its `with` ----


@contextlib.contextmanager
def running_board(plan: Plan, size: int) -> Iterator[int]:
    """A board's port."""
    port = free_port()
    options = ["--port", str(port), "--fps", str(plan.fps), "--bytes", str(size)]
    command: list[str | Path] = [sys.executable, HERE / "board.py", *options, *(["--pieces"] if plan.pieces else [])]
    with Program(command, core=plan.client_core, folder=plan.folder) as board:
        board.read_line(READY_S)
        yield port


@contextlib.contextmanager
def running_floor(plan: Plan, board: int) -> Iterator[tuple[Program, int]]:
    """The floor and its port."""
    port = free_port()
    command: list[str | Path] = [BUILD / "floor", str(port), str(board)]
    with Program(command, core=plan.server_core, folder=plan.folder) as server:
        server.wait_until(lambda: listens(port), READY_S, "listening")
        yield server, port


@contextlib.contextmanager
def running_product(plan: Plan, board: int) -> Iterator[tuple[Program, int]]:
    """The product and its port, its camera being online."""
    port = free_port()
    with tempfile.TemporaryDirectory(dir=plan.folder) as storage:
        configuration = Path(storage) / "vedette.toml"
        configuration.write_text(product_configuration(plan, port, board, storage), encoding="utf-8")
        # An override in the environment would silently measure something else.
        environment = {key: value for key, value in os.environ.items() if not key.startswith("VEDETTE_")}
        command: list[str | Path] = [plan.vedette, "serve", "-c", configuration]
        with Program(command, core=plan.server_core, folder=plan.folder, environment=environment) as server:
            server.wait_until(lambda: camera_is_online(port), READY_S, "online with its camera")
            yield server, port


def product_configuration(plan: Plan, port: int, board: int, storage: str) -> str:
    """The product's configuration file: its defaults, one camera, and nobody has to sign in."""
    lines = [
        "[server]",
        'host = "127.0.0.1"',
        f"port = {port}",
        "[auth]",
        'mode = "open"',
        "[storage]",
        f"path = {json.dumps(storage)}",
        "[cameras.c0]",
        f'url = "http://127.0.0.1:{board}/stream"',
    ]
    if plan.check:
        lines.append(f'check = "{plan.check}"')
    return "\n".join([*lines, ""])


def camera_is_online(port: int) -> bool:
    """Whether the product says that frames of its one camera arrive."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/api/cameras")
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    if response.status != http.client.OK:
        raise BenchmarkError(f"GET /api/cameras: {response.status} {response.reason}")
    return any(camera["id"] == "c0" and camera["state"] == "online" for camera in json.loads(body))


CONTENDERS = {"floor": running_floor, "product": running_product}


# ---- measuring ----


def measure(plan: Plan, contender: str, board: int, size: int, viewers: int, number: int) -> Figures:
    """Starts a contender, lets the viewers watch it, and reads its clocks at both ends of their window."""
    with CONTENDERS[contender](plan, board) as (server, port):
        time.sleep(SETTLE_S)
        idle_kb = server.memory_kb()
        times = {"-w": plan.warm_up, "-s": plan.seconds, "-t": READY_S}
        options = [word for option, value in times.items() for word in (option, str(value))]
        command: list[str | Path] = [BUILD / "viewers", "-p", str(port), "-g", STREAM, "-n", str(viewers), *options]
        with Program(command, core=plan.client_core, folder=plan.folder) as watching:
            opened = json.loads(watching.read_line(READY_S + plan.warm_up + 5))
            cpu, steal = server.cpu(), steal_ticks()
            time.sleep(plan.seconds / 2)
            busy_kb = server.memory_kb()
            seen = json.loads(watching.read_line(plan.seconds + 5))
            cpu_s, steal_share = cpu_between(cpu, server.cpu()), share(steal, steal_ticks())
    if not seen["frames"]:
        raise BenchmarkError(f"{contender}: no frame reached any of {viewers} viewers in {plan.seconds} s")
    return Figures(
        contender=contender,
        bytes=size,
        viewers=viewers,
        round=number,
        us_per_frame=cpu_s / seen["frames"] * 1e6,
        cpu_share=cpu_s / seen["seconds"],
        delivered=seen["frames"] / (plan.fps * seen["seconds"] * viewers),
        **{key: seen[key] for key in ("least", "most", "repeated", "not_online", "p50_ms", "p99_ms", "max_ms")},
        memory_idle_kb=idle_kb,
        memory_kb=busy_kb,
        steal=steal_share,
        connected_after_s=opened["connected_after_s"],
    )


def share(before: tuple[int, int], after: tuple[int, int]) -> float:
    """The share of stolen ticks between two readings."""
    return (after[0] - before[0]) / max(1, after[1] - before[1])


def measure_all(plan: Plan, rounds: list[Figures]) -> None:
    """Floor and product in turn, for every size and number of viewers; adds to `rounds` as it goes."""
    for size in plan.sizes:
        with running_board(plan, size) as board:
            for viewers in plan.viewers:
                for number in range(plan.rounds):
                    for contender in CONTENDERS:
                        figures = measure(plan, contender, board, size, viewers, number)
                        rounds.append(figures)
                        print(progress(figures), file=sys.stderr, flush=True)


# ---- telling ----


def progress(figures: Figures) -> str:
    """One round in one line."""
    return (
        f"{figures.bytes:>7} bytes {figures.viewers:>5} viewers  round {figures.round + 1}  "
        f"{figures.contender:<8}{figures.us_per_frame:8.1f} us  {figures.delivered:6.1%}"
    )


COLUMNS = "{:>7} {:>7}  {:>20} {:>20} {:>6}  {:>13} {:>13} {:>13} {:>9} {:>6}"


def table(rounds: list[Figures]) -> str:
    """Medians over the rounds, the spread of the cost in brackets."""
    lines = [
        COLUMNS.format("bytes", "viewers", "floor", "product", "ratio", "delivered", "p50", "p99", "memory", "steal"),
        COLUMNS.format("", "", "us/frame", "us/frame", "", "floor product", "ms", "ms", "KB/viewer", "most"),
    ]
    for size, viewers in dict.fromkeys((each.bytes, each.viewers) for each in rounds):
        here = [each for each in rounds if (each.bytes, each.viewers) == (size, viewers)]
        floor, product = ([each for each in here if each.contender == name] for name in CONTENDERS)
        if floor and product:
            lines.append(row(floor, product))
    return "\n".join(lines)


def row(floor: list[Figures], product: list[Figures]) -> str:
    """One size and number of viewers."""

    def middle(pick: Callable[[Figures], float], form: str) -> str:
        return f"{median(map(pick, floor)):{form}} {median(map(pick, product)):{form}}"

    def cost(figures: list[Figures]) -> str:
        costs = sorted(each.us_per_frame for each in figures)
        return f"{median(costs):.1f} ({costs[0]:.1f}-{costs[-1]:.1f})"

    ratio = median(each.us_per_frame for each in product) / median(each.us_per_frame for each in floor)
    return COLUMNS.format(
        floor[0].bytes,
        floor[0].viewers,
        cost(floor),
        cost(product),
        f"{ratio:.2f}",
        middle(lambda each: each.delivered, "6.1%"),
        middle(lambda each: each.p50_ms, "6.2f"),
        middle(lambda each: each.p99_ms, "6.2f"),
        f"{median(each.kb_per_viewer for each in product):.1f}",
        f"{max(each.steal for each in floor + product):.1%}",
    )


def circumstances(module: str = "benchmarks.fanout", also: Sequence[str] = ()) -> dict[str, str]:
    """What the figures of a benchmark depend on, to be printed with them; the versions `also` of more packages."""
    compiler = subprocess.run(["cc", "--version"], capture_output=True, text=True, check=True).stdout
    processor = [
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    return {
        "command": shlex.join(["python", "-m", module, *sys.argv[1:]]),
        "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": f"{os.cpu_count()} x {processor[0] if processor else platform.machine()}",
        "kernel": platform.release(),
        "compiler": compiler.splitlines()[0],
        "python": platform.python_version(),
        **{name: version_of(name) for name in ("vedette", "uvloop", "waitress", *also)},
    }


def version_of(distribution: str) -> str:
    """The installed version, in words if there is none."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "not installed"


# ---- running ----


def build(names: Sequence[str] = ("floor", "viewers")) -> None:
    """Compiles the C programs."""
    BUILD.mkdir(exist_ok=True)
    for name in names:
        options = ["-O2", "-Wall", "-Wextra", "-Werror"]
        subprocess.run(["cc", *options, "-o", BUILD / name, HERE / f"{name}.c"], check=True)


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description="CPU per delivered frame: the product against a floor in C, in the same run.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--viewers", type=int, nargs="+", default=[10, 200, 1000], help="numbers of viewers")
    parser.add_argument("--bytes", type=int, nargs="+", default=[30_000], help="sizes of a frame, e.g. 30000 100000")
    parser.add_argument("--fps", type=float, default=25, help="frames a second")
    parser.add_argument("--rounds", type=int, default=3, help="turns of floor and product")
    parser.add_argument("--seconds", type=float, default=5, help="length of a window")
    parser.add_argument("--warm-up", type=float, default=1, help="seconds before it")
    parser.add_argument("--pieces", action="store_true", help="the board sends 1460-byte pieces over 30 ms")
    parser.add_argument("--check", choices=["full", "markers", "off"], help="the camera's check, if not the default")
    parser.add_argument(
        "--vedette", type=Path, default=Path(sys.executable).with_name("vedette"), help="the product's program"
    )
    parser.add_argument("--raw", type=Path, help="where every round's figures go, as JSON")
    return parser.parse_args()


def make_plan(options: argparse.Namespace, folder: Path) -> Plan:
    """Options and cores: the server alone on the first core, the others on the second."""
    vedette = options.vedette.absolute()
    if not vedette.exists():
        raise BenchmarkError(f"there is no {vedette}: install the product, or say --vedette")
    cores: list[int | None] = [*sorted(os.sched_getaffinity(0))]
    server_core, client_core = cores[:2] if len(cores) > 1 else (None, None)
    return Plan(
        viewers=options.viewers,
        sizes=options.bytes,
        fps=options.fps,
        rounds=options.rounds,
        seconds=options.seconds,
        warm_up=options.warm_up,
        pieces=options.pieces,
        check=options.check,
        vedette=vedette,
        folder=folder,
        server_core=server_core,
        client_core=client_core,
    )


def report(rounds: list[Figures], raw: Path | None) -> None:
    """Prints what was measured and keeps the raw figures, also of a run that did not come to its end."""
    around: dict[str, Any] = circumstances()
    if raw:
        raw.write_text(json.dumps(around | {"rounds": [asdict(each) for each in rounds]}, indent=1) + "\n")
    print("\n".join(f"{key:>9}  {value}" for key, value in around.items()))
    print()
    print(table(rounds))
    print("\nMedians of the rounds (least-most). Memory: resident (Rss), the product's. Steal: the worst round's.")


def main() -> int:
    """Builds, measures, reports. Exit status 1 if a measurement failed, 130 if it was interrupted."""
    options = read_options()
    # Ends like Ctrl-C, so that every `with` ends its program.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    rounds: list[Figures] = []
    status = 0
    try:
        build()
        with tempfile.TemporaryDirectory(prefix="fanout-") as folder:
            plan = make_plan(options, Path(folder))
            if plan.client_core is None:
                print("one core only: nothing is pinned, the figures say little", file=sys.stderr)
            else:
                os.sched_setaffinity(0, {plan.client_core})
            measure_all(plan, rounds)
    except (BenchmarkError, subprocess.CalledProcessError) as error:
        print(f"fanout: {error}", file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        print("fanout: interrupted", file=sys.stderr)
        status = 130
    if rounds:
        report(rounds, options.raw)
    return status


if __name__ == "__main__":
    sys.exit(main())

"""What the benchmarks of the running server share: boards, `vedette serve` on them, viewers, rounds and the report.

A benchmark is a function that yields its rounds, each a dataclass, one after the other; `perform` gives it a stage,
keeps what it yields, and reports that, also when it is interrupted. As in the fan-out benchmark the server has one
core and everything else another.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from benchmarks.fanout import BUILD, HERE, READY_S, STREAM, build, circumstances, share
from benchmarks.programs import BenchmarkError, Program, cpu_between, free_port, free_ports, steal_ticks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from _typeshed import DataclassInstance

STREAMS = STREAM.replace("c0", "c%d")
"""The path that viewers ask for who are spread over cameras."""

CONNECT_TIMEOUT_S = 5.0

CONGESTION_CONTROL = Path("/proc/sys/net/ipv4/tcp_congestion_control")
"""How the kernel paces what it sends, unless it is told otherwise."""

R = TypeVar("R", bound="DataclassInstance")


@dataclass(frozen=True)
class Stage:
    """Where it all runs.

    Attributes:
        folder: for what the programs write; removed at the end.
        vedette: the product's program.
        server_cores: the server's; None does not pin it.
        client_core: everybody else's; None does not pin them.
    """

    folder: Path
    vedette: Path
    server_cores: set[int] | None
    client_core: int | None


@dataclass(frozen=True)
class Boards:
    """What boards do.

    Attributes:
        count: how many.
        fps: frames a second of each.
        size: bytes of a frame.
        pieces: they trickle as over Wi-Fi, or send each frame at once.
        stamp: they write into each frame when they sent it.
    """

    count: int = 1
    fps: float = 25
    size: int = 30_000
    pieces: bool = False
    stamp: bool = False

    @property
    def manner(self) -> str:
        """How frames come, in a word or two."""
        return "pieces" if self.pieces else "at once"


class Server:
    """The product, running.

    Attributes:
        program: it and its children.
        port: where it answers, on 127.0.0.1.
    """

    def __init__(self, program: Program, port: int) -> None:
        self.program = program
        self.port = port

    def ask(self, path: str) -> bytes:
        """The body of a page.

        Raises:
            BenchmarkError: any answer but 200.
            OSError, http.client.HTTPException: no answer.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=CONNECT_TIMEOUT_S)
        with contextlib.closing(connection):
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
        if response.status != http.client.OK:
            raise BenchmarkError(f"GET {path}: {response.status} {response.reason}")
        return body

    def cameras(self) -> list[dict[str, Any]]:
        """What `/api/cameras` says."""
        answer: list[dict[str, Any]] = json.loads(self.ask("/api/cameras"))
        return answer

    def frames(self) -> int:
        """Frames it has taken in so far, of all cameras."""
        return sum(camera["frames"] for camera in self.cameras())

    def all_online(self) -> bool:
        """Whether frames of every camera arrive."""
        try:
            return all(camera["state"] == "online" for camera in self.cameras())
        except (OSError, http.client.HTTPException):
            return False


# ---- what runs: each is started, waited for, and ends with its `with` ----


@contextlib.contextmanager
def running_boards(stage: Stage, boards: Boards, *, inside: Sequence[str] = ()) -> Iterator[list[int]]:
    """The ports of boards; `inside` is a command that runs another one somewhere else."""
    first = free_ports(boards.count)
    options = {"--port": first, "--count": boards.count, "--fps": boards.fps, "--bytes": boards.size}
    command: list[str | Path] = [*inside, sys.executable, HERE / "board.py"]
    command += [str(word) for pair in options.items() for word in pair]
    command += ["--pieces"] * boards.pieces + ["--stamp"] * boards.stamp
    with Program(command, core=stage.client_core, folder=stage.folder) as program:
        program.read_line(READY_S)
        yield list(range(first, first + boards.count))


@contextlib.contextmanager
def running_server(
    stage: Stage,
    ports: Sequence[int],
    *,
    check: str | None = None,
    program: Sequence[str | Path] = (),
    options: Sequence[str] = (),
) -> Iterator[Server]:
    """The product, with a camera for each port, all of them online.

    Args:
        stage: where.
        ports: of the boards.
        check: the cameras' check, if not the default.
        program: what to start in place of the product's program and its command `serve`.
        options: for it, behind `-c FILE`.
    """
    port = free_port()
    with tempfile.TemporaryDirectory(dir=stage.folder) as storage:
        path = write_configuration(Path(storage), "127.0.0.1", port, ports, check)
        command: list[str | Path] = [*(program or (stage.vedette, "serve")), "-c", path, *options]
        with Program(command, core=stage.server_cores, folder=stage.folder, environment=clean_environment()) as running:
            server = Server(running, port)
            running.wait_until(server.all_online, READY_S, "online with its cameras")
            yield server


def write_configuration(folder: Path, host: str, port: int, boards: Sequence[int], check: str | None) -> Path:
    """The product's configuration file: its defaults, cameras c0, c1, …, and nobody has to sign in."""
    lines = ["[server]", f'host = "{host}"', f"port = {port}", "[auth]", 'mode = "open"']
    lines += ["[storage]", f"path = {json.dumps(str(folder))}"]
    for number, board in enumerate(boards):
        lines += [f"[cameras.c{number}]", f'url = "http://127.0.0.1:{board}/stream"']
        lines += [f'check = "{check}"'] if check else []
    path = folder / "vedette.toml"
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return path


def clean_environment() -> dict[str, str]:
    """Ours without overrides of the configuration: they would silently measure something else."""
    return {key: value for key, value in os.environ.items() if not key.startswith("VEDETTE_")}


@contextlib.contextmanager
def watching(
    stage: Stage,
    port: int,
    *,
    viewers: int,
    seconds: float,
    cameras: int = 1,
    warm_up: float = 1.0,
    end_to_end: bool = False,
    inside: Sequence[str] = (),
    query: str = "",
) -> Iterator[Program]:
    """Viewers, spread over the cameras. They run from here on; `opened` and `seen` wait for their window."""
    options = {
        "-p": port,
        "-g": STREAMS + query,
        "-n": viewers,
        "-c": cameras,
        "-w": warm_up,
        "-s": seconds,
        "-t": READY_S,
    }
    command: list[str | Path] = [*inside, BUILD / "viewers", *(str(word) for pair in options.items() for word in pair)]
    with Program([*command, *["-e"] * end_to_end], core=stage.client_core, folder=stage.folder) as program:
        yield program


def opened(program: Program, warm_up: float = 1.0) -> None:
    """Waits until the viewers' window opens."""
    program.read_line(READY_S + warm_up + 5)


def seen(program: Program, seconds: float) -> dict[str, Any]:
    """What the viewers saw in their window of so many seconds, once it closes."""
    figures: dict[str, Any] = json.loads(program.read_line(seconds + 5))
    if not figures["frames"]:
        raise BenchmarkError(f"no frame reached any of {figures['viewers']} viewers in {seconds} s")
    return figures


@dataclass(frozen=True)
class Spent:
    """What a program used in a window.

    Attributes:
        seconds: the window's length.
        cpu_s: CPU seconds, with its children's.
        waited: how long its threads, added up, waited for a core, of the window.
        steal: the share of time that the host took from the machine.
    """

    seconds: float
    cpu_s: float
    waited: float
    steal: float

    @property
    def cpu_share(self) -> float:
        """Of one core."""
        return self.cpu_s / self.seconds


class Window:
    """A program's clocks, from here on."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._waited = program.waited()
        self._steal = steal_ticks()
        self._began = time.monotonic()
        self._cpu = program.cpu()

    def close(self) -> Spent:
        """What they showed since."""
        cpu_s = cpu_between(self._cpu, self._program.cpu())
        seconds = time.monotonic() - self._began
        waited = (self._program.waited() - self._waited) / seconds
        return Spent(seconds, cpu_s, waited, share(self._steal, steal_ticks()))


# ---- running a benchmark ----


def make_parser(description: str | None, *, rounds: int, seconds: float) -> argparse.ArgumentParser:
    """A parser with the options that all benchmarks of the server have."""
    parser = argparse.ArgumentParser(
        description=(description or "").splitlines()[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--fps", type=float, default=25, help="frames a second of a board")
    parser.add_argument("--bytes", type=int, default=30_000, help="size of a frame")
    parser.add_argument("--rounds", type=int, default=rounds, help="turns of everything")
    parser.add_argument("--seconds", type=float, default=seconds, help="length of a window")
    parser.add_argument("--unpinned", action="store_true", help="let the server have all cores, not one of its own")
    parser.add_argument(
        "--vedette", type=Path, default=Path(sys.executable).with_name("vedette"), help="the product's program"
    )
    parser.add_argument("--raw", type=Path, help="where every round's figures go, as JSON")
    return parser


def make_stage(options: argparse.Namespace, folder: Path) -> Stage:
    """The server alone on the first core, the others on the second."""
    vedette = options.vedette.absolute()
    if not vedette.exists():
        raise BenchmarkError(f"there is no {vedette}: install the product, or say --vedette")
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) == 1:
        print("one core only: nothing is pinned, the figures say little", file=sys.stderr)
        return Stage(folder, vedette, None, None)
    os.sched_setaffinity(0, {cores[1]})
    return Stage(folder, vedette, set(cores) if options.unpinned else {cores[0]}, cores[1])


def perform(
    name: str,
    options: argparse.Namespace,
    measure: Callable[[Stage], Iterable[R]],
    tell: Callable[[list[R]], str],
    *,
    also: Sequence[str] = (),
) -> int:
    """Builds, measures, reports. Exit status 1 if a measurement failed, 130 if it was interrupted.

    Args:
        name: the benchmark's.
        options: what `make_parser` has read.
        measure: yields rounds.
        tell: the report of some rounds, at least one.
        also: packages whose versions matter beside the product's.
    """
    # Both end like Ctrl-C, so that every `with` ends its program.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    rounds: list[R] = []
    status = 0
    try:
        build(["viewers"])
        with tempfile.TemporaryDirectory(prefix=f"{name}-") as folder:
            for each in measure(make_stage(options, Path(folder))):
                rounds.append(each)
                print("  ".join(f"{key} {short(value)}" for key, value in asdict(each).items()), file=sys.stderr)
    except (BenchmarkError, OSError, http.client.HTTPException, subprocess.SubprocessError) as error:
        print(f"{name}: {str(error) or type(error).__name__}", file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        print(f"{name}: interrupted", file=sys.stderr)
        status = 130
    if rounds:
        around: dict[str, Any] = circumstances(f"benchmarks.{name}", also)
        around["tcp"] = CONGESTION_CONTROL.read_text(encoding="ascii").strip()
        if options.raw:
            raw = around | {"rounds": [asdict(each) for each in rounds]}
            options.raw.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")
        width = max(map(len, around))
        print("\n".join(f"{key:>{width}}  {value}" for key, value in around.items()))
        print(f"\n{tell(rounds)}")
    return status


def short(value: object) -> str:
    """A figure for the line of a round."""
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
    return f"({len(value)} values)" if isinstance(value, list) else str(value)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns to the right, the first one to the left."""
    lines = [heads, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join(
        "  ".join(
            f"{cell:<{width}}" if column == 0 else f"{cell:>{width}}"
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )

"""How old the pictures are that a viewer with a slow road gets, while others with a good one lose nothing.

    python -m benchmarks.fresh
    python -m benchmarks.fresh --no-link          # without root

A board at 25 frames a second of 30 KB, six times what the slow viewer can take. In two ways:

* reader: over loopback, a viewer that reads 125 kB/s through a receive buffer of 16 KB;
* link: a viewer that reads all it can get, at the other end of a link of 1 Mbit/s. Board, server and the good viewers
  are in a network namespace of their own, the slow viewer in another, and between them is a veth pair with
  `tc qdisc add ... tbf rate 1mbit burst 8kb latency 50ms`. Both namespaces live as long as a process in each, their
  addresses are nowhere else, and this machine's own network is left alone. Needs root, ip, tc, unshare and nsenter.

Age is the time at which a picture's last byte was read, less its X-Timestamp. A frame alone takes size / rate.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.fanout import HERE, READY_S
from benchmarks.programs import BenchmarkError, Program, free_port
from benchmarks.serving import (
    Boards,
    Stage,
    Window,
    clean_environment,
    make_parser,
    opened,
    perform,
    running_boards,
    running_server,
    seen,
    table,
    watching,
    write_configuration,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

WARM_UP_S = 5.0
TIMES_OUT_S = 120.0
"""When a namespace's process ends by itself."""

NEAR, FAR = "192.0.2.1", "192.0.2.2"  # TEST-NET-1: nobody's address
SHAPE = "tbf rate {rate:.0f}bit burst 8kb latency 50ms"
TOOLS = ("ip", "tc", "unshare", "nsenter")


@dataclass(frozen=True)
class Round:
    """One way in one window."""

    way: str
    round: int
    ages: list[float]
    median_s: float
    p95_s: float
    max_s: float
    fps: float
    kb_per_s: float
    repeated: int
    good_delivered: float
    good_least: int
    good_offered: float
    good_p99_ms: float
    waited: float
    steal: float


@dataclass(frozen=True)
class Link:
    """Two namespaces: commands that run another one inside the server's and inside the viewer's."""

    server: list[str]
    viewer: list[str]


def measure(stage: Stage, options: argparse.Namespace) -> Iterator[Round]:
    """Both ways in turn."""
    why_not = link_hindrance() if options.link else "not wanted"
    if why_not:
        print(f"No shaped link: {why_not}.")
    for number in range(options.rounds):
        yield measure_reader(stage, options, number)
        if not why_not:
            yield measure_link(stage, options, number)


def measure_reader(stage: Stage, options: argparse.Namespace, number: int) -> Round:
    """A slow reader over loopback."""
    reading = ["--rate", str(options.rate), "--receive-buffer", str(options.receive_buffer)]
    with (
        running_boards(stage, Boards(1, options.fps, options.bytes)) as ports,
        running_server(stage, ports) as server,
    ):
        return measure_ages(stage, options, "reader", number, server.program, server.port, reading)


def measure_link(stage: Stage, options: argparse.Namespace, number: int) -> Round:
    """A reader behind a slow link."""
    with (
        shaped_link(stage, options.rate * 8) as link,
        running_boards(stage, Boards(1, options.fps, options.bytes), inside=link.server) as ports,
        tempfile.TemporaryDirectory(dir=stage.folder) as storage,
    ):
        port = free_port()
        path = write_configuration(Path(storage), "0.0.0.0", port, ports, None)  # noqa: S104 - in its own namespace
        command: list[str | Path] = [*link.server, stage.vedette, "serve", "-c", path]
        environment = clean_environment()
        with Program(command, core=stage.server_cores, folder=stage.folder, environment=environment) as server:
            server.read_line(READY_S)  # it answers; whether its camera is online the viewers will see
            reading = ["--host", NEAR, "--rate", "0"]
            return measure_ages(stage, options, "link", number, server, port, reading, link)


def measure_ages(
    stage: Stage,
    options: argparse.Namespace,
    way: str,
    number: int,
    server: Program,
    port: int,
    reading: Sequence[str],
    link: Link | None = None,
) -> Round:
    """One window of the slow viewer and of the good ones beside it."""
    times = ["--port", str(port), "--after", str(WARM_UP_S), "--seconds", str(options.seconds)]
    command: list[str | Path] = [
        *(link.viewer if link else []),
        sys.executable,
        HERE / "slow_reader.py",
        *times,
        *reading,
    ]
    with (
        Program(command, core=stage.client_core, folder=stage.folder) as slow,
        watching(
            stage,
            port,
            viewers=options.viewers,
            seconds=options.seconds,
            warm_up=WARM_UP_S,
            inside=link.server if link else (),
        ) as good,
    ):
        opened(good, WARM_UP_S)
        window = Window(server)
        figures = seen(good, options.seconds)
        spent = window.close()
        read = json.loads(slow.read_line(READY_S))
    ages = sorted(read["ages"])
    if not ages:
        raise BenchmarkError(f"{way}: no picture reached the slow viewer in {options.seconds:g} s")
    offered = options.fps * figures["seconds"]
    return Round(
        way=way,
        round=number,
        ages=ages,
        median_s=median(ages),
        p95_s=ages[len(ages) * 95 // 100],
        max_s=ages[-1],
        fps=len(ages) / options.seconds,
        kb_per_s=read["received"] / options.seconds / 1000,
        repeated=read["repeated"] + read["not_online"],
        good_delivered=figures["frames"] / (offered * options.viewers),
        good_least=figures["least"],
        good_offered=offered,
        good_p99_ms=figures["p99_ms"],
        waited=spent.waited,
        steal=spent.steal,
    )


# ---- the shaped link ----


def link_hindrance() -> str | None:
    """Why there can be no link here."""
    if os.geteuid() != 0:
        return "it needs root"
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    return f"there is no {', no '.join(missing)}" if missing else None


@contextlib.contextmanager
def shaped_link(stage: Stage, rate: float) -> Iterator[Link]:
    """Two namespaces with a link of `rate` bits a second between them; gone with the processes that hold them."""
    with running_namespace(stage) as server, running_namespace(stage) as viewer:
        link = Link(server=enter(server), viewer=enter(viewer))
        run(link.server, f"ip link add near type veth peer name far netns {viewer.pid}")
        for inside, device, address in ((link.server, "near", NEAR), (link.viewer, "far", FAR)):
            run(inside, f"ip addr add {address}/30 dev {device}")
            run(inside, f"ip link set {device} up")
            run(inside, "ip link set lo up")
        run(link.server, f"tc qdisc add dev near root {SHAPE.format(rate=rate)}")
        yield link


@contextlib.contextmanager
def running_namespace(stage: Stage) -> Iterator[Program]:
    """A process in a network namespace of its own."""
    ours = Path("/proc/self/ns/net").readlink()
    command = ["unshare", "--net", "sleep", str(TIMES_OUT_S)]
    with Program(command, core=stage.client_core, folder=stage.folder) as program:

        def apart() -> bool:
            return Path(f"/proc/{program.pid}/ns/net").readlink() != ours

        program.wait_until(apart, READY_S, "in a namespace of its own")
        yield program


def enter(namespace: Program) -> list[str]:
    """The command that runs another one in there."""
    return ["nsenter", f"--net=/proc/{namespace.pid}/ns/net"]


def run(inside: Sequence[str], command: str) -> None:
    """Runs a short command in a namespace."""
    done = subprocess.run([*inside, *command.split()], capture_output=True, text=True, timeout=READY_S, check=False)
    if done.returncode:
        raise BenchmarkError(f"{command}: {done.stderr.strip()}")


# ---- telling ----


def tell(rounds: list[Round]) -> str:
    """Medians; of the greatest age the worst."""
    rows = []
    for way in dict.fromkeys(each.way for each in rounds):
        here = [each for each in rounds if each.way == way]
        rows.append(
            (
                way,
                f"{median(each.median_s for each in here):.3f}",
                f"{median(each.p95_s for each in here):.3f}",
                f"{max(each.max_s for each in here):.3f}",
                f"{median(each.fps for each in here):.1f}",
                f"{median(each.kb_per_s for each in here):.0f}",
                f"{median(each.good_delivered for each in here):.1%}",
                f"{min(each.good_least - each.good_offered for each in here):+.1f}",
                f"{median(each.good_p99_ms for each in here):.1f}",
                f"{max(each.waited for each in here):.1%}",
                f"{max(each.steal for each in here):.1%}",
            )
        )
    heads = ("slow by", "age s", "p95", "max", "fps", "kB/s", "good ones", "fewest", "p99 ms", "waited", "steal")
    return (
        f"{table(heads, rows)}\n\n"
        "Medians of the rounds; max: of all rounds. Good ones: what they got of the board's frames; fewest: what the\n"
        "one that got least has more or less than the board sent (a window may begin within a frame: -1 is no loss)."
    )


def main() -> int:
    """Reads the options and runs."""
    parser = make_parser(__doc__, rounds=3, seconds=10)
    parser.add_argument("--viewers", type=int, default=20, help="good ones")
    parser.add_argument("--rate", type=float, default=125_000, help="what the slow viewer can take, in bytes a second")
    parser.add_argument("--receive-buffer", type=int, default=16384, help="SO_RCVBUF of the slow reader")
    parser.add_argument("--no-link", dest="link", action="store_false", help="only the slow reader")
    options = parser.parse_args()
    return perform("fresh", options, lambda stage: measure(stage, options), tell)


if __name__ == "__main__":
    sys.exit(main())

"""What viewers cost who stop reading, whether others notice, and when they are gone.

    python -m benchmarks.stalled
    python -m benchmarks.stalled --stalled 1000 --rounds 1

200 good viewers, and 200 more that ask for the same stream and never read. A calm window comes first; then the stalled
ones connect, and one window goes on until the last of them has been ended or the patience of this benchmark is over.
The most that was ever used counts, less what was used just before the stalled ones came:

* process: the server's resident memory (Rss);
* server's sockets: what the kernel holds for the server's ends of these connections (`ss -m`, from iproute2);
* both ends: all TCP memory of this machine (`/proc/net/sockstat`). The stalled viewers' own receive buffers are in it,
  which in real life are on other machines, and it is counted in pages of which up to 1 MB lies idle per core.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.fanout import READY_S, SETTLE_S
from benchmarks.programs import BenchmarkError
from benchmarks.serving import (
    CONNECT_TIMEOUT_S,
    Boards,
    Server,
    Stage,
    Window,
    make_parser,
    opened,
    perform,
    running_boards,
    running_server,
    seen,
    table,
    watching,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

POLL_S = 0.5
LOOK_S = 4.0
"""Between two looks at memory: they cost the viewers' core some milliseconds."""

BURST = 50
"""Stalled viewers that ask before the next ones do: fewer than any backlog."""


@dataclass(frozen=True)
class Memory:
    """In KB."""

    process: int
    server_sockets: int
    all_sockets: int


@dataclass(frozen=True)
class Round:
    """One server. Memory in KB for each stalled viewer."""

    round: int
    stalled: int
    process_kb: float
    server_sockets_kb: float
    all_sockets_kb: float
    first_gone_s: float
    all_gone_s: float
    left_at_end: int
    calm_delivered: float
    calm_p99_ms: float
    delivered: float
    least: int
    offered: float
    p99_ms: float
    max_ms: float
    waited: float
    steal: float

    @property
    def kb(self) -> float:
        """Process and its sockets."""
        return self.process_kb + self.server_sockets_kb


def measure(stage: Stage, options: argparse.Namespace) -> Iterator[Round]:
    """Round after round."""
    if not shutil.which("ss"):
        print("No figure for the server's sockets: there is no ss.")
    for number in range(options.rounds):
        with (
            running_boards(stage, Boards(1, options.fps, options.bytes)) as ports,
            running_server(stage, ports) as server,
        ):
            time.sleep(SETTLE_S)
            yield measure_server(stage, options, server, number)


def measure_server(stage: Stage, options: argparse.Namespace, server: Server, number: int) -> Round:
    """A calm window, then one with the stalled viewers."""
    with watching(stage, server.port, viewers=options.viewers, seconds=options.seconds) as good:
        opened(good)
        calm = seen(good, options.seconds)
    with watching(stage, server.port, viewers=options.viewers, seconds=options.patience) as good:
        opened(good)
        window, ends = Window(server.program), time.monotonic() + options.patience
        before = memory_of(server)
        with stalled_viewers(server.port, options.stalled) as came:
            most, gone, left = follow(server, options, came, ends - 1)
            figures = seen(good, options.patience)
        spent = window.close()
    offered = options.fps * figures["seconds"]
    return Round(
        round=number,
        stalled=options.stalled,
        process_kb=(most.process - before.process) / options.stalled,
        server_sockets_kb=(most.server_sockets - before.server_sockets) / options.stalled,
        all_sockets_kb=(most.all_sockets - before.all_sockets) / options.stalled,
        first_gone_s=gone[0],
        all_gone_s=gone[1],
        left_at_end=left,
        calm_delivered=calm["frames"] / (options.fps * calm["seconds"] * options.viewers),
        calm_p99_ms=calm["p99_ms"],
        delivered=figures["frames"] / (offered * options.viewers),
        least=figures["least"],
        offered=offered,
        p99_ms=figures["p99_ms"],
        max_ms=figures["max_ms"],
        waited=spent.waited,
        steal=spent.steal,
    )


@contextlib.contextmanager
def stalled_viewers(port: int, count: int) -> Iterator[float]:
    """Viewers that ask and never read; when the last one asked."""
    request = f"GET /cameras/c0/stream.mjpg HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    with contextlib.ExitStack() as stack:
        for number in range(count):
            sock = socket.create_connection(("127.0.0.1", port), timeout=CONNECT_TIMEOUT_S)
            stack.enter_context(sock)
            sock.sendall(request)
            if number % BURST == BURST - 1:
                time.sleep(0.1)
        yield time.monotonic()


def follow(
    server: Server, options: argparse.Namespace, came: float, until: float
) -> tuple[Memory, tuple[float, float], int]:
    """The most memory; seconds until the first and the last stalled viewer are gone, infinite if not; how many stay."""
    most = memory_of(server)
    first = last = float("inf")
    everybody = options.viewers + options.stalled
    seen_all, look_at = False, came + LOOK_S
    while time.monotonic() < until:
        viewers = server.cameras()[0]["viewers"]
        now = time.monotonic() - came
        seen_all = seen_all or viewers == everybody
        if seen_all and viewers < everybody:
            first = min(first, now)
        if seen_all and viewers == options.viewers:
            last = now
            break
        if time.monotonic() >= look_at:
            look_at += LOOK_S
            used = memory_of(server)
            most = Memory(*(max(pair) for pair in zip(astuple(most), astuple(used), strict=True)))
        time.sleep(POLL_S)
    if not seen_all:
        raise BenchmarkError(f"the server never had all {everybody} viewers at the same time")
    return most, (first, last), viewers - options.viewers


# ---- memory ----


def memory_of(server: Server) -> Memory:
    """What is used now."""
    return Memory(server.program.memory_kb(), kernel_kb(server.port), all_tcp_kb())


def kernel_kb(port: int) -> int:
    """What the kernel holds for sockets of this port: received and unread, queued or unacknowledged, reserved."""
    if not shutil.which("ss"):
        return 0
    command = ["ss", "--tcp", "--memory", "--numeric", "--no-header", "state", "established", f"sport = :{port}"]
    listed = subprocess.run(command, capture_output=True, text=True, timeout=READY_S, check=True).stdout
    # skmem:(r<received>,rb<limit>,t<being sent>,tb<limit>,f<reserved>,w<queued>,...); t's bytes are in w too
    found = re.findall(r"skmem:\(r(\d+),rb\d+,t\d+,tb\d+,f(\d+),w(\d+)", listed)
    return sum(int(number) for each in found for number in each) // 1024


def all_tcp_kb() -> int:
    """All TCP memory of this machine."""
    lines = Path("/proc/net/sockstat").read_text(encoding="ascii").splitlines()
    words = next(line for line in lines if line.startswith("TCP:")).split()
    return int(words[words.index("mem") + 1]) * os.sysconf("SC_PAGE_SIZE") // 1024


# ---- telling ----


def tell(rounds: list[Round]) -> str:
    """Medians; of the rates the worst."""
    here = rounds

    def spread(values: list[float], form: str) -> str:
        return f"{median(values):{form}} ({min(values):{form}}-{max(values):{form}})"

    rows = [
        ("a stalled viewer, process", f"{spread([each.process_kb for each in here], '.1f')} KB"),
        ("  and the server's sockets", f"{spread([each.server_sockets_kb for each in here], '.1f')} KB"),
        ("  together", f"{spread([each.kb for each in here], '.1f')} KB"),
        ("  sockets of both ends", f"{spread([each.all_sockets_kb for each in here], '.1f')} KB"),
        ("first one gone after", f"{spread([each.first_gone_s for each in here], '.1f')} s"),
        ("all gone after", f"{spread([each.all_gone_s for each in here], '.1f')} s"),
        ("good ones, calm", f"{min(each.calm_delivered for each in here):.1%}"),
        ("  p99", f"{median(each.calm_p99_ms for each in here):.2f} ms"),
        ("good ones, with stalled", f"{min(each.delivered for each in here):.1%}"),
        ("  fewest of one", f"{min(each.least - each.offered for each in here):+.1f} frames"),
        ("  p99", f"{median(each.p99_ms for each in here):.2f} ms"),
        ("waited", f"{max(each.waited for each in here):.1%}"),
        ("steal", f"{max(each.steal for each in here):.1%}"),
    ]
    return (
        f"{table((f'{here[0].stalled} stalled viewers', 'median (least-most)'), rows)}\n\n"
        "The good ones: the worst round's share of the board's frames. Waited, steal: the worst round's."
    )


def main() -> int:
    """Reads the options and runs."""
    parser = make_parser(__doc__, rounds=3, seconds=5)
    parser.add_argument("--viewers", type=int, default=200, help="good ones")
    parser.add_argument("--stalled", type=int, default=200, help="that never read")
    parser.add_argument("--patience", type=float, default=50, help="seconds until the stalled ones have to be gone")
    options = parser.parse_args()
    return perform("stalled", options, lambda stage: measure(stage, options), tell)


if __name__ == "__main__":
    sys.exit(main())

"""Whether pictures stay in step while the server's own process has something else to do.

    python -m benchmarks.undisturbed
    python -m benchmarks.undisturbed --conditions calm both --rounds 5

Sixteen boards and 200 viewers spread over them. Conditions take turns, each with a freshly started server:

* calm: nothing else;
* thread: a thread in the server's process computes in pure Python for 20 ms of every 100 (disturbed_server.py);
* page: a client asks for the server's largest page over and over, as fast as it is answered;
* both: both.

All four start the server in the same way. Two latencies, both up to the last byte at the viewer: from the frame's last
byte reaching the server, as its X-Timestamp says, and from the board sending that byte, which also has in it how late
the server was to read.
"""

from __future__ import annotations

import contextlib
import http.client
import sys
import threading
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.fanout import HERE, SETTLE_S
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
    from pathlib import Path

CALM = "calm"
CONDITIONS = {CALM: (False, False), "thread": (True, False), "page": (False, True), "both": (True, True)}
"""Whether the thread computes, and whether the client asks."""


@dataclass(frozen=True)
class Round:
    """One condition in one window."""

    frames_come: str
    condition: str
    round: int
    rates: list[float]
    delivered: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    board_p50_ms: float
    board_p99_ms: float
    board_max_ms: float
    cpu_share: float
    page: str
    page_bytes: int
    pages_per_s: float
    page_ms: float
    waited: float
    steal: float

    @property
    def worst_rate(self) -> float:
        """Of the camera that fared worst."""
        return min(self.rates)


class Asker(threading.Thread):
    """Asks for one page on one connection, again as soon as it is answered.

    Attributes:
        times: seconds of each answer.
        failure: why it stopped, if nobody told it to.
    """

    def __init__(self, port: int, page: str) -> None:
        super().__init__(daemon=True)
        self.times: list[float] = []
        self.failure: Exception | None = None
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=CONNECT_TIMEOUT_S)
        self._page = page
        self._stopping = threading.Event()

    def run(self) -> None:
        """Until told to stop."""
        try:
            with contextlib.closing(self._connection):
                while not self._stopping.is_set():
                    self._ask()
        except (OSError, http.client.HTTPException, BenchmarkError) as error:
            self.failure = error

    def _ask(self) -> None:
        began = time.monotonic()
        self._connection.request("GET", self._page)
        response = self._connection.getresponse()
        response.read()
        if response.status != http.client.OK:
            raise BenchmarkError(f"GET {self._page}: {response.status} {response.reason}")
        self.times.append(time.monotonic() - began)

    def stop(self) -> None:
        """Wait for the last answer."""
        self._stopping.set()
        self.join(CONNECT_TIMEOUT_S + 1)


@contextlib.contextmanager
def asking(port: int, page: str, *, wanted: bool) -> Iterator[Asker]:
    """A client that asks all the time, or one that never does."""
    asker = Asker(port, page)
    if wanted:
        asker.start()
    try:
        yield asker
    finally:
        if wanted:
            asker.stop()


def measure(stage: Stage, options: argparse.Namespace) -> Iterator[Round]:
    """Every condition in turn, in both manners."""
    for pieces in (False, True):
        boards = Boards(options.boards, options.fps, options.bytes, pieces, stamp=True)
        with running_boards(stage, boards) as ports:
            for number in range(options.rounds):
                for condition in options.conditions:
                    yield measure_condition(stage, options, boards, ports, condition, number)


def measure_condition(
    stage: Stage, options: argparse.Namespace, boards: Boards, ports: list[int], condition: str, number: int
) -> Round:
    """One window."""
    computes, asks = CONDITIONS[condition]
    program: list[str | Path] = [sys.executable, HERE / "disturbed_server.py"]
    busy = ["--busy-ms", str(options.busy_ms if computes else 0)]
    with running_server(stage, ports, program=program, options=busy) as server:
        time.sleep(SETTLE_S)
        page, size = largest_page(server)
        with (
            watching(
                stage,
                server.port,
                viewers=options.viewers,
                seconds=options.seconds,
                cameras=boards.count,
                end_to_end=True,
            ) as viewers,
            asking(server.port, page, wanted=asks) as asker,
        ):
            opened(viewers)
            window, asked = Window(server.program), len(asker.times)
            figures = seen(viewers, options.seconds)
            spent, answers = window.close(), asker.times[asked:]
            if asks and (asker.failure or not answers):
                raise BenchmarkError(f"GET {page} again and again: {asker.failure or 'no answer'}")
    watchers = [len(range(camera, options.viewers, boards.count)) for camera in range(boards.count)]
    offered = boards.fps * figures["seconds"]
    return Round(
        frames_come=boards.manner,
        condition=condition,
        round=number,
        rates=[got / (offered * each) for got, each in zip(figures["per_camera"], watchers, strict=True)],
        delivered=figures["frames"] / (offered * options.viewers),
        **{f"{name}_ms": figures[f"{name}_ms"] for name in ("p50", "p99", "max")},
        **{f"board_{name}_ms": figures[f"board_{name}_ms"] for name in ("p50", "p99", "max")},
        cpu_share=spent.cpu_share,
        page=page,
        page_bytes=size,
        pages_per_s=len(answers) / figures["seconds"],
        page_ms=median(answers) * 1000 if answers else 0.0,
        waited=spent.waited,
        steal=spent.steal,
    )


def largest_page(server: Server) -> tuple[str, int]:
    """The larger one of the server's pages with its size: all cameras, or one of them."""
    sizes = {page: len(server.ask(page)) for page in ("/", "/cameras/c0")}
    page = max(sizes, key=lambda each: sizes[each])
    return page, sizes[page]


def tell(rounds: list[Round]) -> str:
    """Medians, and what each condition adds to the calm p99."""
    rows = []
    for manner, condition in dict.fromkeys((each.frames_come, each.condition) for each in rounds):
        here = [each for each in rounds if (each.frames_come, each.condition) == (manner, condition)]
        calm = [each for each in rounds if (each.frames_come, each.condition) == (manner, CALM)]
        rows.append(
            (
                manner,
                condition,
                f"{median(each.worst_rate for each in here):.1%}",
                f"{median(each.delivered for each in here):.1%}",
                f"{median(each.p50_ms for each in here):.2f}",
                f"{median(each.p99_ms for each in here):.2f}",
                f"{added([each.p99_ms for each in here], [each.p99_ms for each in calm])}",
                f"{median(each.board_p50_ms for each in here):.2f}",
                f"{median(each.board_p99_ms for each in here):.2f}",
                f"{added([each.board_p99_ms for each in here], [each.board_p99_ms for each in calm])}",
                f"{median(each.cpu_share for each in here):.0%}",
                f"{median(each.pages_per_s for each in here):.0f}",
                f"{max(each.waited for each in here):.1%}",
                f"{max(each.steal for each in here):.1%}",
            )
        )
    latency = ("p50", "p99", "added")
    heads = (
        *("frames come", "condition", "worst camera", "all cameras"),
        *(f"arrival {latency[0]}", *latency[1:], f"board {latency[0]}", *latency[1:]),
        *("of a core", "pages/s", "waited", "steal"),
    )
    pages = f"The page: {rounds[0].page}, {rounds[0].page_bytes} bytes."
    return (
        f"{table(heads, rows)}\n\n"
        "Medians of the rounds. Cameras: the rate that reached viewers, of the boards'. Times up to the viewer in ms,\n"
        "from arrival at the server and from the board; added: to the calm p99. Waited, steal: the worst round's.\n"
        f"{pages}"
    )


def added(times: list[float], calm: list[float]) -> str:
    """What a condition adds to the median."""
    return f"{median(times) - median(calm):+.1f}" if calm and times != calm else ""


def main() -> int:
    """Reads the options and runs."""
    parser = make_parser(__doc__, rounds=3, seconds=5)
    parser.add_argument("--boards", type=int, default=16, help="how many")
    parser.add_argument("--viewers", type=int, default=200, help="how many, spread over the boards")
    parser.add_argument("--busy-ms", type=float, default=20, help="what the thread computes of every 100 ms")
    parser.add_argument("--conditions", choices=list(CONDITIONS), nargs="+", default=list(CONDITIONS), help="in turn")
    options = parser.parse_args()
    return perform("undisturbed", options, lambda stage: measure(stage, options), tell)


if __name__ == "__main__":
    sys.exit(main())

"""How long after a fault a viewer that never reconnected sees its camera again; and how long others take.

    python -m benchmarks.recovery
    python -m benchmarks.recovery --boards 5 --peers --faults drop stall-dead

Twenty boards with CameraWebServer 3.x, a camera and a viewer for each. Every board has each fault once, at a moment and
for a time of its own, drawn from the seed. The clock runs from the end of the fault to the first frame at the viewer
that is online and left its board after that end. What is a fault, for how long, and where its end is:

* drop: the board closes the connection in the middle of a picture, after every 2 s of pictures; 2 to 20 s. The end is
  the last time that it does so.
* power-cut: dark for 2 to 20 s: every packet is lost both ways, and the board's connections are gone without a word.
  Then the board joins the network, answers what arrives on the dead connection with a reset and refuses new ones for a
  second. The end is when its server listens.
* stall-back: out of range for 2 to 20 s: every packet is lost both ways; the board keeps its connection as long as its
  send time-out of 5 s lets it, with a send buffer of four segments. The end is the first moment at which packets pass:
  what has backed off meanwhile, ours and the board's, backs off into the time that counts.
* stall-reset: lost packets for 2 to 20 s, meanwhile the board has been reset, and answers what arrives on the dead
  connection with a reset. The end is the first moment at which packets pass.
* stall: pictures stop for 2 to 20 s, the connection stays open. The end is the moment from which on the board sends
  again, on that connection or on another.
* stall-dead: pictures stop for 2 to 20 s, the connection stays open and acknowledges everything. The end is the moment
  from which on a new connection is served; the old one stays dead for ever.
* slot-busy: another client has the stream, for 2 to 20 s. The end is when it closes its connection.
* sensor-silent: no pictures, the firmware closes after 4 s and takes the next connection; 2 to 20 s. The end is the
  moment from which on the sensor delivers to a new connection.
* reboot: a reset: dark for 2 to 5 s, refused for another. The end is when its server listens.
* refuse: connections are closed and new ones refused, 2 to 20 s. The end is when the board listens.
* wifi-blip: as stall-back, 1 to 5 s.
* brownout: a reset again and again, 3 s of boot, 2 s of pictures, for 5 to 20 s. The end is when it listens for good.

The peers read the boards themselves: ffmpeg with all its reconnection and OpenCV's `VideoCapture` in a loop that opens
it anew. A frame of ffmpeg's counts when it left its board after the end of the fault; OpenCV's, which are pixels, when
`read` gave it then, be it an old one. `never`: not within 60 s of the end, or the program has ended.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import struct
import sys
import threading
import time
from bisect import bisect_left
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import inf
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Protocol

from benchmarks.airwaves import on_the_air
from benchmarks.fanout import HERE, READY_S
from benchmarks.ledger import keep_ledgers, looking, make_parser, serving_boards
from benchmarks.part_viewers import ONLINE, digest_of
from benchmarks.programs import BenchmarkError, Program
from benchmarks.serving import Window, perform, table

from vedette.boards import CAMERASERVER
from vedette.simulator import Fault, Simulator

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.airwaves import Air
    from benchmarks.ledger import Ledger, Sightings
    from benchmarks.part_viewers import Seen
    from benchmarks.serving import Stage

    from vedette.simulator.station import Station

NEVER_S = 60.0
STAGGER_S = 5.0
"""Within which the faults of all boards begin."""

SETTLE_S = 3.0
REFUSED_S = 1.0
"""From joining the network to a server that listens."""

BOOT_S, UP_S = 3.0, 2.0
SEND_BUFFER = 4 * 1440
"""An ESP32's TCP_SND_BUF."""

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: to close is to reset."""

GOALS = dict.fromkeys(("drop", "power-cut", "stall", "stall-back", "stall-reset", "stall-dead"), (2.0, 6.0))
GOALS["slot-busy"] = (inf, 12.0)
"""Seconds: median and worst."""


class Ward:
    """Boards and what happens to them. Each of its faults lasts so many seconds and gives its end."""

    def __init__(self, simulator: Simulator, air: Air, boards: int) -> None:
        self.simulator = simulator
        self.ledgers = keep_ledgers(simulator)
        self._air = air
        self.urls = [self._urls(number) for number in range(boards)]

    def _urls(self, number: int) -> tuple[str, str]:
        stream, control = (
            url.replace("0.0.0.0", self._air.address(number))  # noqa: S104 - in its own namespace
            for url in (self.simulator.stream_url(number), self.simulator.control_url(number))
        )
        return stream, control

    def inflict(self, number: int, seconds: float, *faults: Fault) -> float:
        """What the simulator knows itself."""
        self.simulator.set_faults(number, *faults)
        time.sleep(seconds)
        self.simulator.set_faults(number)
        return time.monotonic()

    def drop(self, number: int, seconds: float) -> float:
        """See `drop`."""
        self.inflict(number, seconds, Fault.DROP)
        self.simulator.cut(number)
        return time.monotonic()

    def cut_power(self, number: int, seconds: float) -> float:
        """See `power-cut`."""
        self._air.silence(number)
        self._vanish(number)
        time.sleep(seconds)
        self.simulator.set_faults(number, Fault.REFUSE)
        self._air.restore(number)
        time.sleep(REFUSED_S)
        self.simulator.set_faults(number)
        return time.monotonic()

    def lose(self, number: int, seconds: float) -> float:
        """See `stall-back`."""
        for connection in self._connections(number):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self._air.silence(number)
        time.sleep(seconds)
        self._air.restore(number)
        return time.monotonic()

    def reset(self, number: int, seconds: float) -> float:
        """See `stall-reset`."""
        self._air.silence(number)
        self._vanish(number)
        self.inflict(number, seconds, Fault.REFUSE)
        self._air.restore(number)
        return time.monotonic()

    def stall(self, number: int, seconds: float) -> float:
        """See `stall`."""
        return self.inflict(number, seconds, Fault.STALL)

    def hang(self, number: int, seconds: float) -> float:
        """See `stall-dead`."""
        return self.inflict(number, seconds, Fault.HANG)

    def silence_sensor(self, number: int, seconds: float) -> float:
        """See `sensor-silent`."""
        return self.inflict(number, seconds, Fault.SENSOR_SILENT)

    def refuse(self, number: int, seconds: float) -> float:
        """See `refuse`."""
        return self.inflict(number, seconds, Fault.REFUSE)

    def brown_out(self, number: int, seconds: float) -> float:
        """See `brownout`."""
        began = time.monotonic()
        end = self.cut_power(number, BOOT_S - REFUSED_S)
        while time.monotonic() - began < seconds:
            time.sleep(UP_S)
            end = self.cut_power(number, BOOT_S - REFUSED_S)
        return end

    def occupy(self, number: int, seconds: float) -> float:
        """See `slot-busy`: a client that waits behind ours, whose connection is then closed."""
        host, port = self.urls[number][0].removeprefix("http://").partition("/")[0].split(":")
        with socket.create_connection((host, int(port))) as client:
            client.sendall(b"GET /stream HTTP/1.1\r\nHost: board\r\n\r\n")
            time.sleep(0.1)
            self.simulator.call(self.simulator.boards[number].end_streams)
            ends = time.monotonic() + seconds
            while time.monotonic() < ends:
                client.recv(1 << 16)
        return time.monotonic()

    def _vanish(self, number: int) -> None:
        """Its connections are gone, and whatever it says about that is lost."""
        for connection in self._connections(number):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.simulator.cut(number)

    def _connections(self, number: int) -> list[socket.socket]:
        station: Station = self.simulator._stations[number]  # noqa: SLF001 - nobody else needs a board's sockets
        return self.simulator.call(lambda: [each for _, each in station._connections.values()])  # noqa: SLF001


FAULTS: dict[str, tuple[Callable[[Ward, int, float], float], float, float]] = {
    "drop": (Ward.drop, 2, 20),
    "power-cut": (Ward.cut_power, 2, 20),
    "stall-back": (Ward.lose, 2, 20),
    "stall-reset": (Ward.reset, 2, 20),
    "stall": (Ward.stall, 2, 20),
    "stall-dead": (Ward.hang, 2, 20),
    "slot-busy": (Ward.occupy, 2, 20),
    "sensor-silent": (Ward.silence_sensor, 2, 20),
    "reboot": (Ward.cut_power, 2, 5),
    "refuse": (Ward.refuse, 2, 20),
    "wifi-blip": (Ward.lose, 1, 5),
    "brownout": (Ward.brown_out, 5, 20),
}
"""How, and for how many seconds."""


@dataclass(frozen=True)
class Round:
    """One fault, once for each board.

    Attributes:
        reader: who was to see the boards again.
        lasted: seconds of the fault.
        took: seconds from its end to a picture, board by board; None for never.
    """

    reader: str
    fault: str
    lasted: list[float]
    took: list[float | None]
    waited: float
    steal: float

    @property
    def all(self) -> list[float]:
        """Infinite for never."""
        return [inf if seconds is None else seconds for seconds in self.took]


class Reader(Protocol):
    """Whoever looks at the boards."""

    def first_after(self, number: int, end: float) -> float | None:
        """When it had the first picture of a board that is newer than that; None as long as it has none."""


def trouble(ward: Ward, fault: str, boards: int, seed: int) -> list[tuple[float, float]]:
    """Let every board have a fault; how long it lasted and when it ended, board by board."""
    act, least, most = FAULTS[fault]

    def suffer(number: int) -> tuple[float, float]:
        random = Random(f"{seed}:{fault}:{number}")  # noqa: S311 - the time of a fault
        time.sleep(random.uniform(0, STAGGER_S))
        began = time.monotonic()
        end = act(ward, number, random.uniform(least, most))
        return end - began, end

    with ThreadPoolExecutor(boards) as pool:
        return list(pool.map(suffer, range(boards)))


def recover(ward: Ward, reader: Reader, fault: str, boards: int, seed: int) -> tuple[list[float], list[float | None]]:
    """How long the fault lasted, and how long it took the reader to see each board again."""
    troubles = trouble(ward, fault, boards, seed)
    deadline = max(end for _, end in troubles) + NEVER_S
    while True:
        seen = [reader.first_after(number, end) for number, (_, end) in enumerate(troubles)]
        if None not in seen or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    took = [
        at - end if at is not None and at - end <= NEVER_S else None
        for at, (_, end) in zip(seen, troubles, strict=True)
    ]
    return [lasted for lasted, _ in troubles], took


class VedetteViewers:
    """Viewers of the product."""

    def __init__(self, sightings: Sightings, ledgers: list[Ledger]) -> None:
        self._sightings = sightings
        self._ledgers = ledgers
        self._live: list[list[Seen]] = [[] for _ in ledgers]

    def first_after(self, number: int, end: float) -> float | None:
        """See `Reader.first_after`."""
        for frame in self._sightings.look():
            if frame.state == ONLINE:
                self._live[int(frame.camera[1:])].append(frame)
        live = self._live[number]
        for frame in live[bisect_left(live, end, key=lambda frame: frame.at) :]:
            sent = self._ledgers[number].sent_at(frame.digest, frame.at)
            if sent is not None and sent >= end:
                return frame.at
        return None


class Ffmpegs:
    """An ffmpeg for each board, which hands on the JPEGs that it reads."""

    OPTIONS = (
        *("-reconnect", "1", "-reconnect_streamed", "1", "-reconnect_at_eof", "1", "-reconnect_delay_max", "10"),
        *("-rw_timeout", "10000000", "-f", "mpjpeg"),
    )

    def __init__(self, stage: Stage, stack: contextlib.ExitStack, ward: Ward, boards: int) -> None:
        self._ledgers = ward.ledgers
        self._seen: list[list[tuple[float, str]]] = [[] for _ in range(boards)]
        for number in range(boards):
            words = ["ffmpeg", "-nostdin", "-loglevel", "error", *self.OPTIONS, "-i", ward.urls[number][0]]
            command = [*words, "-map", "0:v", "-c", "copy", "-f", "image2pipe", "-flush_packets", "1", "pipe:1"]
            program = stack.enter_context(Program(command, core=stage.client_core, folder=stage.folder))
            threading.Thread(target=self._read, args=(number, program), daemon=True).start()
        wait_for_all(lambda: all(self._seen), "ffmpeg")

    def _read(self, number: int, program: Program) -> None:
        pipe = program._process.stdout  # noqa: SLF001 - lines are no way to read pictures
        held = b""
        with contextlib.suppress(ValueError, OSError):  # it is being ended
            while pipe and (data := pipe.read(1 << 16)):
                *jpegs, held = (held + data).split(b"\xff\xd9\xff\xd8")
                for jpeg in jpegs:
                    whole = b"\xff\xd8" + jpeg.removeprefix(b"\xff\xd8") + b"\xff\xd9"
                    self._seen[number].append((time.monotonic(), digest_of(whole)))

    def first_after(self, number: int, end: float) -> float | None:
        """See `Reader.first_after`."""
        for at, digest in self._seen[number]:
            sent = self._ledgers[number].sent_at(digest, at)
            if at >= end and sent is not None and sent >= end:
                return at
        return None


class OpencvLoops:
    """OpenCV, opened anew whenever it fails."""

    def __init__(self, stage: Stage, stack: contextlib.ExitStack, ward: Ward, boards: int) -> None:
        self._seen: list[list[float]] = [[] for _ in range(boards)]
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        command: list[str | Path] = [
            sys.executable,
            HERE / "opencv_reopener.py",
            *(stream for stream, _ in ward.urls[:boards]),
        ]
        program = stack.enter_context(Program(command, core=stage.client_core, folder=stage.folder))
        threading.Thread(target=self._read, args=(program,), daemon=True).start()
        wait_for_all(lambda: all(self._seen), "OpenCV")

    def _read(self, program: Program) -> None:
        with contextlib.suppress(BenchmarkError, ValueError, OSError):  # it is being ended
            while True:
                number, at = program.read_line(NEVER_S * 2).split()
                self._seen[int(number)].append(float(at))

    def first_after(self, number: int, end: float) -> float | None:
        """See `Reader.first_after`."""
        return next((at for at in self._seen[number] if at >= end), None)


PEERS: dict[str, type[Ffmpegs | OpencvLoops]] = {"ffmpeg": Ffmpegs, "opencv": OpencvLoops}


def wait_for_all(ready: Callable[[], bool], who: str) -> None:
    """Until it has a picture of every board."""
    deadline = time.monotonic() + READY_S
    while not ready():
        if time.monotonic() > deadline:
            raise BenchmarkError(f"{who} had no picture of every board after {READY_S:.0f} s")
        time.sleep(0.1)


def measure(stage: Stage, options: argparse.Namespace) -> Iterator[Round]:
    """The product at every fault, then each peer at every fault."""
    with (
        on_the_air(options.boards) as air,
        Simulator(CAMERASERVER, options.boards, host="0.0.0.0", fps=options.fps, seed=options.seed) as simulator,  # noqa: S104
    ):
        air.leave_boards()
        ward = Ward(simulator, air, options.boards)
        with serving_boards(stage, ward.urls) as server, looking(stage, server, options.boards) as sightings:
            viewers = VedetteViewers(sightings, ward.ledgers)
            for fault in options.faults:
                time.sleep(SETTLE_S)
                window = Window(server.program)
                lasted, took = recover(ward, viewers, fault, options.boards, options.seed)
                spent = window.close()
                yield Round("vedette", fault, lasted, took, spent.waited, spent.steal)
        boards = min(options.boards, options.peer_boards)
        for peer in options.peers:
            for fault in options.faults:
                time.sleep(SETTLE_S)
                with contextlib.ExitStack() as stack:
                    reader = PEERS[peer](stage, stack, ward, boards)
                    lasted, took = recover(ward, reader, fault, boards, options.seed)
                yield Round(peer, fault, lasted, took, 0.0, 0.0)


def tell(rounds: list[Round]) -> str:
    """A line for each reader and fault, goals beside."""

    def say(seconds: float) -> str:
        return "never" if seconds == inf else f"{seconds:.2f}"

    rows = []
    for each in rounds:
        typical, worst = GOALS.get(each.fault, (inf, inf)) if each.reader == "vedette" else (inf, inf)
        goal = ", ".join(f"{word} < {most:.0f}" for word, most in (("median", typical), ("worst", worst)) if most < inf)
        hit = median(each.all) < typical and max(each.all) < worst
        verdict = ("PASS" if hit else "MISS") if goal else ""
        figures = (say(median(each.all)), say(max(each.all)), str(each.all.count(inf)), goal, verdict)
        rows.append((each.reader, each.fault, str(len(each.took)), *figures))
    heads = ("reader", "fault", "runs", "median s", "worst s", "never", "goal", "")
    waited, steal = max(each.waited for each in rounds), max(each.steal for each in rounds)
    return f"{table(heads, rows)}\n\nWaited {waited:.1%}, steal {steal:.1%}: the worst round's of the product."


def main() -> int:
    """Reads the options and runs."""
    parser = make_parser(__doc__)
    parser.add_argument("--boards", type=int, default=20, help="runs of each fault, all at once")
    parser.add_argument("--peer-boards", type=int, default=5, help="the same for the peers")
    parser.add_argument("--peers", choices=list(PEERS), nargs="*", default=list(PEERS), help="which ones")
    parser.add_argument("--faults", choices=list(FAULTS), nargs="+", default=list(FAULTS), help="in turn")
    parser.add_argument("--fps", type=float, default=10, help="frames a second of a board")
    parser.add_argument("--seed", type=int, default=1, help="of moments and times")
    options = parser.parse_args()
    return perform("recovery", options, lambda stage: measure(stage, options), tell, also=["opencv-python-headless"])


if __name__ == "__main__":
    sys.exit(main())

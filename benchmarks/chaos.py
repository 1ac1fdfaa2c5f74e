"""Every fault at every firmware, at random, for minutes: does everything heal, does anything grow, does damage get out?

    python -m benchmarks.chaos
    python -m benchmarks.chaos --minutes 2 --boards 12 --seed 7

Boards with all firmwares in turn, each with weather of its own (`vedette.simulator.storm`, by the seed): good for 20 s
and bad for 8 s in the mean, every fault that the simulator knows. A viewer of each camera and a wall of all of them
look at every frame, on connections that are never renewed. Pictures count as damaged when their board has not sent
exactly these bytes as a whole picture, or when the check refuses them. Faults of the answer come with a cut, or a
connection that stands would never meet them.

* healed: from the moment at which a fault is taken back (a board that is booting then boots on) to the first frame at
  the stream's viewer that is online and left its board later than that. The goal is about the last fault of a board.
  Where the server says that only a person can help (password, no MJPEG) it tries once a minute: such a fault in the
  last minute allows what is left of that minute on top.
* undisturbed: gaps between two frames of a camera that has no fault, from 2 s after it was healed; and, to compare, of
  all cameras in the 10 s before the storm. What the board was late with, by its ledger, is not the server's; the
  viewers' own lateness is not told from it. Frame times are the board's, or the second between single pictures.
* growth: the median of the last quarter of the storm less that of the second; the first is warm-up.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise, takewhile, zip_longest
from math import inf
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Self

from benchmarks.ledger import keep_ledgers, looking, make_parser, serving_boards
from benchmarks.part_viewers import GOOD, ONLINE
from benchmarks.programs import BenchmarkError
from benchmarks.serving import Window, perform, table

from vedette.boards import FIRMWARES
from vedette.simulator import Fault, Simulator, weather
from vedette.simulator.storm import MEAN_BAD, MEAN_GOOD

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from benchmarks.ledger import Ledger
    from benchmarks.part_viewers import Seen
    from benchmarks.serving import Server, Spent, Stage

    from vedette.boards import Firmware

HEALED_S = 15.0
"""The goal: from a board's last fault to its picture."""

PERSON_S = 60.0
"""Between two attempts where only a person can help."""

PERSON = {"auth_required", "not_mjpeg", "name_unknown"}
"""Reasons of that sort, in the words of the contract."""

CALM_AFTER_S = 2.0
STILL_S = 1.0
"""Between two pictures of a board that gives single ones."""

GAP = 2.0
"""The goal for gaps, in frame times."""

OVERLOADED = "check_overloaded"
"""The warning's code."""

SAMPLES = 60
QUIET_S = 5.0
"""Behind the storm, so that the last sample finds everything at rest."""

AT_ANSWER = {
    *(Fault.SLOT_BUSY, Fault.UNAUTHORIZED, Fault.NOT_FOUND, Fault.HEADERS_TOO_LONG, Fault.ERROR, Fault.UNAVAILABLE),
    *(Fault.REDIRECT, Fault.REDIRECT_LOOP, Fault.WRONG_TYPE, Fault.SLOW_HEAD, Fault.ENDLESS_HEAD),
    *(Fault.NO_FIRST_BOUNDARY, Fault.NO_BOUNDARY_HEADER, Fault.OTHER_BOUNDARY),
}
"""Faults that a connection which stands never meets: with them comes a cut."""

LULL_S = 10.0
"""Before the storm, to compare its gaps with."""

APART = {Fault.BITFLIP, Fault.DQT_WRONG}
"""Damage that may leave a picture which nothing in it gives away: counted apart."""

MEMORY = "memory, KB"
GROWTH = {"threads": 0.0, "open files": 2.0, MEMORY: 4096.0}
"""What may come between the second quarter and the last: files are sockets of cameras that just then connect, and the
newest refused frames are kept of more and more causes."""


@dataclass(frozen=True)
class Plan:
    """What is asked for.

    Attributes:
        boards: how many.
        seconds: of storm.
        seed: of it.
        fps: frames a second of a board.
        faults: that may come.
        good: mean seconds without a fault.
        bad: mean seconds of one.
    """

    boards: int = 24
    seconds: float = 600
    seed: int = 1
    fps: float = 10
    faults: tuple[Fault, ...] = tuple(Fault)
    good: float = MEAN_GOOD
    bad: float = MEAN_BAD


@dataclass
class Trouble:
    """One fault of one board. Monotonic seconds.

    Attributes:
        board: its number.
        fault: what was wrong.
        began: when it came.
        ended: when it was taken back.
        person: only a person could help, as the server saw it then.
        healed: the first frame after it; None where another fault came before that, or none came.
    """

    board: int
    fault: Fault
    began: float
    ended: float
    person: bool
    healed: float | None = None


@dataclass(frozen=True)
class Sample:
    """The server at one moment of the storm."""

    at: float
    threads: int
    files: int
    kb: int
    overloaded: bool


@dataclass(frozen=True)
class Round:
    """One storm.

    Attributes:
        frames: at viewers, live ones.
        refused: pictures at viewers that the check refuses, also those that the server has drawn.
        strange: live pictures that were never sent whole, by what was wrong with their board.
        spoilt: damaged pictures that boards sent, likewise.
        damaged: pictures that should not have gone out: refused, or strange and not of a kind that is counted apart.
        troubles: all faults.
        samples: of the server.
        lull_gaps: how many there were before the storm.
        lull_wide: of these, how many reached two frame times, without what the board was late with.
        lull_worst_gap: of these, in frame times, likewise.
        gaps: how many there were in the storm, of cameras without a fault.
        wide: of these, how many reached two frame times at the viewer.
        wide_ours: likewise, without what the board was late with.
        worst_gap: in frame times, at the viewer.
        worst_gap_ours: likewise, without what the board was late with.
        overloaded: samples in which some camera was checked by its markers only, and said so.
        viewers_waited: how long the viewers waited for a core, of the time.
        waited: likewise the server's threads.
        steal: what the host took.
    """

    boards: int
    seed: int
    seconds: float
    frames: int
    wall_frames: int
    refused: int
    strange: dict[str, int]
    spoilt: dict[str, int]
    damaged: int
    troubles: list[Trouble]
    samples: list[Sample]
    lull_gaps: int
    lull_wide: int
    lull_worst_gap: float
    gaps: int
    wide: int
    wide_ours: int
    worst_gap: float
    worst_gap_ours: float
    overloaded: int
    viewers_waited: float
    waited: float
    steal: float

    def person_before(self, trouble: Trouble) -> float:
        """Seconds from a trouble's end for which the server may still wait for a person, for it or one before."""
        ends = (
            other.ended
            for other in self.troubles
            if other.board == trouble.board and other.person and other.ended <= trouble.ended
        )
        return max((PERSON_S + end - trouble.ended for end in ends if end + PERSON_S > trouble.ended), default=0.0)

    def last_ones(self) -> list[tuple[Trouble, float]]:
        """Each board's last fault, and within how many seconds it is to be healed."""
        last = {trouble.board: trouble for trouble in self.troubles}
        return [(trouble, HEALED_S + self.person_before(trouble)) for trouble in last.values()]

    def growth(self) -> dict[str, float]:
        """From the second quarter to the last."""
        quarter = len(self.samples) // 4
        parts = self.samples[quarter : 2 * quarter], self.samples[-quarter:]
        early, late = ([median(kind) for kind in zip(*map(figures, part), strict=True)] for part in parts)
        return {name: last - first for name, first, last in zip(GROWTH, early, late, strict=True)}


def figures(sample: Sample) -> tuple[int, int, int]:
    """What may grow, in the order of `GROWTH`."""
    return sample.threads, sample.files, sample.kb


class Storm:
    """The weather of all boards, each in a thread of its own.

    Attributes:
        troubles: those that are over.
        failure: of the server, to answer.
    """

    def __init__(self, plan: Plan, simulator: Simulator, server: Server) -> None:
        self.troubles: list[Trouble] = []
        self.failure: Exception | None = None
        self._plan = plan
        self._simulator = simulator
        self._server = server
        self._stopping = threading.Event()
        self._began = time.monotonic()
        self._threads = [threading.Thread(target=self._rage, args=(number,)) for number in range(plan.boards)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    @property
    def over(self) -> bool:
        """No board has a fault, and none will."""
        return not any(thread.is_alive() for thread in self._threads)

    def _rage(self, number: int) -> None:
        plan = self._plan
        squalls = weather(plan.seed, number, good=plan.good, bad=plan.bad, faults=plan.faults)
        for squall in takewhile(lambda squall: squall.at < plan.seconds, squalls):
            if self._waited_in_vain(squall.at):
                return
            began = time.monotonic()
            self._simulator.set_faults(number, squall.fault)
            if squall.fault in AT_ANSWER:
                self._simulator.cut(number)
            if self._waited_in_vain(squall.at + squall.duration):
                return
            self._simulator.set_faults(number)
            ended = time.monotonic()
            try:
                reason = json.loads(self._server.ask(f"/api/cameras/c{number}"))["reason"]
            except (OSError, http.client.HTTPException) as error:
                self.failure = error
                return
            self.troubles.append(Trouble(number, squall.fault, began, ended, reason in PERSON))

    def _waited_in_vain(self, at: float) -> bool:
        return self._stopping.wait(max(0.0, self._began + at - time.monotonic()))


def rage(stage: Stage, plan: Plan) -> Round:
    """One storm, until all boards are healed or it has been too long."""
    with Simulator(tuple(FIRMWARES.values()), plan.boards, fps=plan.fps, seed=plan.seed) as simulator:
        ledgers = keep_ledgers(simulator)
        urls = [(simulator.stream_url(number), simulator.control_url(number)) for number in range(plan.boards)]
        with serving_boards(stage, urls) as server, looking(stage, server, plan.boards, wall=True) as sightings:
            began, windows = time.monotonic(), [Window(each) for each in (server.program, sightings.program)]
            time.sleep(LULL_S)
            samples = [take_sample(server, time.monotonic() - began)]
            with Storm(plan, simulator, server) as storm:
                while not storm.over:
                    time.sleep(plan.seconds / SAMPLES)
                    sightings.look()
                    samples.append(take_sample(server, time.monotonic() - began))
            if storm.failure is not None:
                raise BenchmarkError(f"the server does not answer: {storm.failure!r}")
            account = Account(plan, ledgers, storm.troubles, began)
            deadline = time.monotonic() + HEALED_S + PERSON_S
            while account.unhealed(sightings.all) and time.monotonic() < deadline:
                time.sleep(1)
                sightings.look()
            time.sleep(QUIET_S)
            sightings.look()
            samples.append(take_sample(server, time.monotonic() - began))
            spent = [window.close() for window in windows]
            return account.close(sightings.all, samples, *spent)


def take_sample(server: Server, at: float) -> Sample:
    """How much the server has of everything now."""
    process = Path(f"/proc/{server.program.pid}")
    codes = {warning["code"] for camera in server.cameras() for warning in camera["warnings"]}
    return Sample(
        at,
        threads=len(list((process / "task").iterdir())),
        files=len(list((process / "fd").iterdir())),
        kb=server.program.memory_kb(),
        overloaded=OVERLOADED in codes,
    )


class Account:
    """What a storm was, from what boards sent and viewers saw."""

    def __init__(self, plan: Plan, ledgers: Sequence[Ledger], troubles: list[Trouble], began: float) -> None:
        self._plan = plan
        self._ledgers = ledgers
        self._began = began
        self._troubles = sorted(troubles, key=lambda trouble: trouble.began)

    def unhealed(self, seen: Sequence[Seen]) -> int:
        """Write down when each trouble was healed; gives how many boards are not, after their last one."""
        count = 0
        for number, live in enumerate(self._live(seen)):
            mine = self._of(number)
            times = [frame.at for frame in live]
            for trouble, following in zip_longest(mine, mine[1:]):
                last = bisect_right(times, following.began) if following else len(times)
                found = live[bisect_left(times, trouble.ended) : last]
                trouble.healed = next((frame.at for frame in found if self._left_after(frame, trouble.ended)), None)
            count += bool(mine) and mine[-1].healed is None
        return count

    def close(self, seen: Sequence[Seen], samples: list[Sample], spent: Spent, viewers: Spent) -> Round:
        """All of it."""
        self.unhealed(seen)
        strange: Counter[str] = Counter()
        damaged = 0
        distinct = {(frame.camera, frame.digest): frame for frame in seen}.values()
        for frame in distinct:
            ledger = self._ledgers[number_of(frame)]
            kinds = ledger.spoilt.get(frame.digest, frozenset())
            is_strange = frame.state == ONLINE and frame.digest not in ledger.whole
            if is_strange:
                strange[named(kinds)] += 1
            damaged += frame.verdict != GOOD or (is_strange and not (kinds and kinds <= APART))
        gaps = [gap for number, live in enumerate(self._live(seen)) for gap in self._gaps(number, live)]
        lull = [ours for at, _, ours in gaps if at < self._began + LULL_S]
        gaps = [gap for gap in gaps if gap[0] >= self._began + LULL_S]
        return Round(
            boards=self._plan.boards,
            seed=self._plan.seed,
            seconds=samples[-1].at,
            frames=sum(frame.viewer == "stream" and frame.state == ONLINE for frame in seen),
            wall_frames=sum(frame.viewer == "wall" for frame in seen),
            refused=sum(frame.verdict != GOOD for frame in distinct),
            strange=dict(strange),
            spoilt=dict(Counter(named(faults) for each in self._ledgers for faults in each.spoilt.values())),
            damaged=damaged,
            troubles=self._troubles,
            samples=samples,
            lull_gaps=len(lull),
            lull_wide=sum(ours >= GAP for ours in lull),
            lull_worst_gap=max(lull, default=0.0),
            gaps=len(gaps),
            wide=sum(gap >= GAP for _, gap, _ in gaps),
            wide_ours=sum(ours >= GAP for _, _, ours in gaps),
            worst_gap=max((gap for _, gap, _ in gaps), default=0.0),
            worst_gap_ours=max((ours for _, _, ours in gaps), default=0.0),
            overloaded=sum(sample.overloaded for sample in samples),
            viewers_waited=viewers.waited,
            waited=spent.waited,
            steal=spent.steal,
        )

    def _live(self, seen: Sequence[Seen]) -> list[list[Seen]]:
        """Live frames at the viewer of each camera's stream."""
        cameras: list[list[Seen]] = [[] for _ in range(self._plan.boards)]
        for frame in seen:
            if frame.viewer == "stream" and frame.state == ONLINE:
                cameras[number_of(frame)].append(frame)
        return cameras

    def _of(self, number: int) -> list[Trouble]:
        return [trouble for trouble in self._troubles if trouble.board == number]

    def _left_after(self, frame: Seen, moment: float) -> bool:
        sent = self._ledgers[number_of(frame)].sent_at(frame.digest, frame.at)
        return sent is not None and sent >= moment

    def _gaps(self, number: int, live: list[Seen]) -> Iterator[tuple[float, float, float]]:
        """Gaps without a fault: when, and in frame times: at the viewer, and without what the board was late with."""
        stills = firmware_of(number).stills_only
        frame_time = STILL_S if stills else 1 / self._plan.fps
        ledger = self._ledgers[number]
        mine = self._of(number)
        begins = [self._began, *(trouble.healed + CALM_AFTER_S if trouble.healed else inf for trouble in mine)]
        ends = [*(trouble.began for trouble in mine), inf]
        times = [frame.at for frame in live]
        for begin, end in zip(begins, ends, strict=True):
            for first, second in pairwise(live[bisect_left(times, begin) : bisect_right(times, end)]):
                gap = second.at - first.at
                late = 0.0 if stills else lateness(ledger, first, second, frame_time)
                yield first.at, gap / frame_time, (gap - late) / frame_time


def lateness(ledger: Ledger, first: Seen, second: Seen, frame_time: float) -> float:
    """Seconds that a board was late with its pictures between two of them; it is not a single one's server's."""
    begin, end = (ledger.sent_at(frame.digest, frame.at) for frame in (first, second))
    if begin is None or end is None:
        return 0.0
    sent = ledger.sent[bisect_left(ledger.sent, begin) : bisect_right(ledger.sent, end)]
    return sum(max(0.0, after - before - frame_time) for before, after in pairwise(sent))


def firmware_of(number: int) -> Firmware:
    """What runs on a board."""
    firmwares = tuple(FIRMWARES.values())
    return firmwares[number % len(firmwares)]


def number_of(frame: Seen) -> int:
    """Its board's."""
    return int(frame.camera[1:])


def named(faults: frozenset[Fault]) -> str:
    """In a word."""
    return "+".join(sorted(faults)) or "unknown"


def tell(rounds: list[Round]) -> str:
    """Goal by goal."""
    return "\n\n".join(
        section for each in rounds for section in (resources(each), damage(each), healing(each), goals(each))
    )


def resources(each: Round) -> str:
    """What the server had, a dozen times."""
    step = -(-len(each.samples) // 12)
    shown = [*each.samples[:-1:step], each.samples[-1]]
    rows = [
        (f"{sample.at:.0f} s", str(sample.threads), str(sample.files), f"{sample.kb / 1024:.1f} MB") for sample in shown
    ]
    threads, files, kb = each.growth().values()
    rows.append(("growth", f"{threads:+.0f}", f"{files:+.0f}", f"{kb / 1024:+.1f} MB"))
    return table(("server after", "threads", "open files", "memory"), rows)


def damage(each: Round) -> str:
    """What was sent, and what of it went out."""
    kinds = sorted({*each.spoilt, *each.strange})
    rows = [
        (kind + " *" * (kind in APART), str(each.spoilt.get(kind, 0)), str(each.strange.get(kind, 0))) for kind in kinds
    ]
    words = f"{each.frames} live frames at streams, {each.wall_frames} at the wall; the check refuses {each.refused}."
    counted = table(("damage", "sent", "delivered"), rows)
    return f"{counted}\n\n* counted apart. Delivered: pictures that reached a stream's viewer or the wall. {words}"


def healing(each: Round) -> str:
    """By fault, slowest first; without those that fell into a minute of waiting for a person."""
    rows = []
    troubles = [trouble for trouble in each.troubles if not each.person_before(trouble)]
    for fault in {trouble.fault for trouble in troubles}:
        mine = [trouble for trouble in troubles if trouble.fault is fault]
        took = [trouble.healed - trouble.ended for trouble in mine if trouble.healed]
        if took:
            times = f"{len(mine)}", f"{len(took)}", f"{median(took):.1f}", f"{max(took):.1f}"
            rows.append((max(took), (fault.value, *times)))
    heads = ("fault", "times", "healed before the next", "median s", "worst s")
    return table(heads, [row for _, row in sorted(rows, reverse=True)])


def goals(each: Round) -> str:
    """Hit or missed."""
    growth = each.growth()
    total = each.frames + each.wall_frames
    share = each.wide_ours / max(1, each.gaps)
    all_told = f"with the boards' own lateness {each.worst_gap:.2f}, {each.wide}"
    calm = f"before the storm {each.lull_worst_gap:.2f}, {each.lull_wide} of {each.lull_gaps}"
    rows = [
        heal_goal(each),
        (
            not each.damaged,
            "no damaged picture delivered",
            f"{each.damaged} of {sum(each.spoilt.values())}, among {total} frames",
        ),
        (
            all(growth[name] <= most for name, most in GROWTH.items()),
            "no growth of threads, files, memory",
            ", ".join(f"{name} {value:+.0f}" for name, value in growth.items()),
        ),
        (
            not each.wide_ours,
            f"gaps without a fault under {GAP:.0f} frame times",
            (
                f"worst {each.worst_gap_ours:.2f}, {each.wide_ours} of {each.gaps} ({share:.3%}) were not; "
                f"{all_told}; {calm}"
            ),
        ),
    ]
    lines = [f"{'PASS' if hit else 'MISS'}  {goal}: {figure}" for hit, goal, figure in rows]
    lines.append(f"overloaded in {each.overloaded} of {len(each.samples)} samples")
    lines.append(f"waited {each.waited:.1%}, the viewers {each.viewers_waited:.1%}; steal {each.steal:.1%}")
    return "\n".join(lines)


def heal_goal(each: Round) -> tuple[bool, str, str]:
    """Whether the boards were live again in time after their last fault, and which were not."""
    last = each.last_ones()
    took = {trouble.board: trouble.healed - trouble.ended if trouble.healed else inf for trouble, _ in last}
    plain = [trouble.board for trouble, limit in last if limit == HEALED_S]
    late = [
        f"; board {trouble.board} ({firmware_of(trouble.board).name}), {trouble.fault}: "
        f"{took[trouble.board]:.1f} s of {limit:.0f}"
        for trouble, limit in last
        if took[trouble.board] > limit
    ]
    worst = max((took[board] for board in plain), default=0.0)
    figure = f"{len(last)} boards, worst {worst:.1f} s; {len(last) - len(plain)} where only a person can help"
    return not late, f"live again within {HEALED_S:.0f} s of the last fault", figure + "".join(late)


def measure(stage: Stage, options: argparse.Namespace) -> Iterator[Round]:
    """One storm."""
    faults = tuple(Fault(name) for name in options.faults) if options.faults else tuple(Fault)
    yield rage(stage, Plan(options.boards, options.minutes * 60, options.seed, options.fps, faults))


def main() -> int:
    """Reads the options and runs."""
    parser = make_parser(__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="of storm; healing comes on top")
    parser.add_argument("--boards", type=int, default=24, help="how many")
    parser.add_argument("--seed", type=int, default=1, help="of the storm")
    parser.add_argument("--fps", type=float, default=10, help="frames a second of a board")
    parser.add_argument("--faults", nargs="+", help="only these, by the names of `vedette sim --list-faults`")
    options = parser.parse_args()
    return perform("chaos", options, lambda stage: measure(stage, options), tell)


if __name__ == "__main__":
    sys.exit(main())

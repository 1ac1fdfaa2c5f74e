"""The programs a benchmark starts: each on its core, watched through /proc, and ended whatever happens.

Linux only: CPU clocks of other processes and /proc.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

STOP_S = 5.0
"""How long a program may take to end when it is asked to, before it is killed."""

POLL_S = 0.05


_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def _die_with_parent() -> None:
    """Between fork and exec: even a benchmark that is killed leaves nothing running."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class BenchmarkError(Exception):
    """A measurement that cannot be trusted or did not come about; the message says which and why."""


class Program:
    """One running program with its children. A context manager: leaving it ends them all."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        core: int | set[int] | None,
        folder: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = Path(command[0]).name
        self._log = folder / f"{self.name}-{time.monotonic_ns()}.log"
        everywhere = os.sched_getaffinity(0)
        # A child inherits its parent's core, and so do its threads from their first instruction on.
        if core is not None:
            os.sched_setaffinity(0, {core} if isinstance(core, int) else core)
        try:
            with self._log.open("wb") as log:
                self._process = subprocess.Popen(
                    [str(word) for word in command],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    bufsize=0,
                    cwd=folder,
                    env=environment,
                    start_new_session=True,  # Ctrl-C is for us; we end our programs ourselves
                    preexec_fn=_die_with_parent,  # noqa: PLW1509 - it makes one system call and takes no lock
                )
        finally:
            os.sched_setaffinity(0, everywhere)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_S)
        self._signal(signal.SIGKILL)  # whoever of its children is left, too
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def failure(self, what: str) -> BenchmarkError:
        """The error for a program that did not do its part, with its last words."""
        words = self._log.read_text(errors="replace").splitlines()[-12:]
        return BenchmarkError("\n    ".join([f"{self.name} {what}", *words]))

    def read_line(self, timeout: float) -> str:
        """The next line of its output. Raises BenchmarkError if none comes in time or it ends without one."""
        assert self._process.stdout  # noqa: S101 - a pipe was asked for
        ready, _, _ = select.select([self._process.stdout], [], [], timeout)
        if not ready:
            raise self.failure(f"said nothing for {timeout:.0f} s")
        line = self._process.stdout.readline()
        if not line:
            raise self.failure("ended early")
        return line.decode()

    def wait_until(self, ready: Callable[[], bool], timeout: float, what: str) -> None:
        """Asks again and again, until `ready` says so. Raises BenchmarkError at the time-out or if it ends."""
        deadline = time.monotonic() + timeout
        while not ready():
            if self._process.poll() is not None:
                raise self.failure(f"ended before it was {what}")
            if time.monotonic() > deadline:
                raise self.failure(f"was not {what} after {timeout:.0f} s")
            time.sleep(POLL_S)

    def cpu(self) -> dict[int, float]:
        """CPU seconds so far of it and each of its children, by process id, from the clocks that count in ns.

        Not from /proc/*/stat: its ticks of 4 ms or 10 ms beat with a camera's 25 frames a second.
        """
        clocks = {}
        for pid in self._tree():
            # <linux/posix-timers.h>: MAKE_PROCESS_CPUCLOCK(pid, CPUCLOCK_SCHED)
            with contextlib.suppress(OSError):  # a child that has just ended
                clocks[pid] = time.clock_gettime((~pid << 3) | 2)
        return clocks

    def waited(self) -> float:
        """Seconds that its threads could have run and had no core: somebody else's work, or that of another of them."""
        total = 0
        for pid in self._tree():
            for schedule in Path(f"/proc/{pid}/task").glob("*/schedstat"):
                with contextlib.suppress(OSError):
                    total += int(schedule.read_text(encoding="ascii").split()[1])
        return total / 1e9

    def memory_kb(self) -> int:
        """Resident memory of it and its children; what the kernel buffers for its sockets is not in it.

        Rss from smaps_rollup, which counts: VmRSS is an estimate, off by more than a viewer needs, and Pss moves with
        every other Python that starts or ends on the machine. Shared pages count once per process: use differences.
        """
        total = 0
        for pid in self._tree():
            with contextlib.suppress(OSError):
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Rss:"))
        return total

    def _tree(self) -> list[int]:
        found = [self._process.pid]
        for pid in found:  # grows while it is walked
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                with contextlib.suppress(OSError):
                    found += map(int, children.read_text(encoding="ascii").split())
        return found


def cpu_between(before: dict[int, float], after: dict[int, float]) -> float:
    """CPU seconds spent between two readings, by children born meanwhile as well."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def steal_ticks() -> tuple[int, int]:
    """Ticks the host took from this machine, and all ticks, since it started."""
    first = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0]
    # user nice system idle iowait irq softirq steal; what follows is part of user and nice already
    ticks = [int(word) for word in first.split()[1:9]]
    return ticks[7], sum(ticks)


def free_port() -> int:
    """A port on 127.0.0.1 nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def free_ports(count: int) -> int:
    """The first of so many ports in a row on 127.0.0.1 that nobody listens on just now."""
    for _ in range(100):
        first = 20_000 + free_port() % 10_000  # below what the system gives to outgoing connections
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError, OverflowError):
            for port in range(first, first + count):
                stack.enter_context(socket.create_server(("127.0.0.1", port)))
            return first
    raise BenchmarkError(f"no {count} free ports in a row")


def listens(port: int) -> bool:
    """Whether somebody accepts connections on this port of 127.0.0.1."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True

"""A Wi-Fi that can be lost: simulated boards, each at the end of a virtual cable of its own.

Boards live in one network namespace and everybody else in another, with a veth pair for each board between them. On a
cable that is silenced both ends throw every packet away (`tc qdisc … blackhole`) and tell nobody: connections stay
open, retransmissions back off, names of neighbours go stale, as when a board is out of range or without power. This
machine's own network is left alone. Needs root, ip, tc and nsenter.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from benchmarks.programs import BenchmarkError

if TYPE_CHECKING:
    from collections.abc import Iterator

TOOLS = ("ip", "tc", "nsenter")

_LIBC = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000  # <linux/sched.h>


def _check(result: int, what: str) -> None:
    if result:
        raise BenchmarkError(f"{what}: {os.strerror(ctypes.get_errno())}")


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError(f"{' '.join(words)}: {done.stderr.strip()}")


class Air:
    """Cables 0, 1, … Whoever makes it stands among the boards, and goes over to the others with `leave_boards`."""

    def __init__(self, cables: int) -> None:
        missing = [tool for tool in TOOLS if not shutil.which(tool)]
        if missing or os.geteuid():
            raise BenchmarkError(f"a network of its own needs {', '.join(missing) or 'root'}")
        self._here = _new_namespace()
        self._boards = _new_namespace()
        for cable in range(cables):
            _run("ip", "link", "add", f"board{cable}", "type", "veth", "peer", "name", f"near{cable}")
            _run("ip", "address", "add", f"{self.address(cable)}/30", "dev", f"board{cable}")
            _run("ip", "link", "set", f"board{cable}", "up")
            _run("ip", "link", "set", f"near{cable}", "netns", _path(self._here))
            self._run_here("ip", "address", "add", f"10.78.{cable}.1/30", "dev", f"near{cable}")
            self._run_here("ip", "link", "set", f"near{cable}", "up")

    def address(self, cable: int) -> str:
        """Of the board at the end of a cable."""
        return f"10.78.{cable}.2"

    def leave_boards(self) -> None:
        """From now on this thread, its threads and its programs are on the other side."""
        _check(_LIBC.setns(self._here, 0), "setns")

    def silence(self, cable: int) -> None:
        """Nothing gets through."""
        self._tc(cable, "replace", "blackhole")

    def restore(self, cable: int) -> None:
        """Everything gets through."""
        self._tc(cable, "del")

    def _tc(self, cable: int, verb: str, *kind: str) -> None:
        self._run_here("tc", "qdisc", verb, "dev", f"near{cable}", "root", *kind)
        _run("nsenter", f"--net={_path(self._boards)}", "tc", "qdisc", verb, "dev", f"board{cable}", "root", *kind)

    def _run_here(self, *words: str) -> None:
        _run("nsenter", f"--net={_path(self._here)}", *words)

    def close(self) -> None:
        """The namespaces end with the last program in them."""
        os.close(self._here)
        os.close(self._boards)


def _new_namespace() -> int:
    """Go into a new network namespace; gives a descriptor of it."""
    _check(_LIBC.unshare(_CLONE_NEWNET), "unshare")
    _run("ip", "link", "set", "lo", "up")
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY)


def _path(descriptor: int) -> str:
    return f"/proc/{os.getpid()}/fd/{descriptor}"


@contextlib.contextmanager
def on_the_air(cables: int) -> Iterator[Air]:
    """Cables, and this thread among the boards; it comes back to where it was."""
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        with contextlib.closing(Air(cables)) as air:
            yield air
    finally:
        _check(_LIBC.setns(before, 0), "setns")
        os.close(before)

"""What simulated boards cost: CPU of `vedette sim` while every board is read at full rate.

python -m benchmarks.boards --count 16 --fps 25
"""

from __future__ import annotations

import argparse
import json
import os
import selectors
import socket
import sys
import tempfile
import time
import urllib.request
from importlib import metadata
from pathlib import Path

from benchmarks.fanout import READY_S
from benchmarks.programs import BenchmarkError, Program, cpu_between, free_port


def watch_all(ports: list[int], seconds: float) -> None:
    """Read every stream and throw it away."""
    with selectors.DefaultSelector() as selector:
        for port in ports:
            sock = socket.create_connection(("127.0.0.1", port), timeout=5)
            sock.sendall(b"GET /stream HTTP/1.1\r\nHost: board\r\n\r\n")
            sock.settimeout(0)
            selector.register(sock, selectors.EVENT_READ)
        buffer = bytearray(1 << 20)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for key, _ in selector.select(0.1):
                assert isinstance(key.fileobj, socket.socket)  # noqa: S101 - nothing else was registered
                key.fileobj.recv_into(buffer)
        for key in list(selector.get_map().values()):
            assert isinstance(key.fileobj, socket.socket)  # noqa: S101 - likewise
            key.fileobj.close()


def frames_sent(port: int) -> int:
    """What a board says that it has sent."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/counters", timeout=5) as answer:
        return int(json.load(answer)["frames_sent"])


def main() -> None:
    """Start the boards, read them all, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=16)
    parser.add_argument("--fps", type=float, default=25)
    parser.add_argument("--size", default="800x600")
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    cores: list[int | None] = [*sorted(os.sched_getaffinity(0))]
    port = free_port() % 10_000 + 20_000  # below what the system hands out itself
    sim = ["sim", "--count", str(options.count), "--port", str(port), "--size", options.size, "--fps", str(options.fps)]
    with tempfile.TemporaryDirectory(prefix="boards-") as name:
        command: list[str | Path] = [Path(sys.executable).with_name("vedette"), *sim]
        try:
            with Program(command, core=cores[0], folder=Path(name)) as boards:
                for _ in range(options.count):
                    boards.read_line(READY_S)
                before = boards.cpu()
                watch_all([port + 2 * number + 1 for number in range(options.count)], options.seconds)
                spent = cpu_between(before, boards.cpu())
                sent = sum(frames_sent(port + 2 * number) for number in range(options.count))
        except BenchmarkError as error:
            raise SystemExit(f"boards: {error}") from None
    print(f"vedette {metadata.version('vedette')}: {' '.join(sim)}")
    print(
        f"{spent / options.seconds:.1%} of a core, {spent / sent * 1e6:.0f} us a frame, "
        f"{sent / options.count / options.seconds:.1f} frames a second from each board"
    )


if __name__ == "__main__":
    main()

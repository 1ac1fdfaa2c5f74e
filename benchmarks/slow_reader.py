"""One viewer behind a slow road, and how old the pictures are that it gets: for fresh.py.

    python benchmarks/slow_reader.py --port 5100 --rate 125000 --receive-buffer 16384

A picture's age is the time at which its last byte was read, less its X-Timestamp, the time at which the server had it.
Prints one JSON line after the window, with every age in seconds. With `--rate 0` it reads what comes, and the road is
slow by itself.
"""

from __future__ import annotations

import argparse
import json
import socket
import sys
import time
from dataclasses import dataclass, field

PIECE = 1460
"""Bytes read at once: what a segment carries."""

SILENCE_S = 15.0
HEAD_MOST = 4096


@dataclass
class Seen:
    """What came in the window."""

    ages: list[float] = field(default_factory=list)
    received: int = 0
    repeated: int = 0
    not_online: int = 0


class Road:
    """A connection that gives no more than so many bytes a second.

    Attributes:
        received: bytes so far.
    """

    def __init__(self, sock: socket.socket, rate: float) -> None:
        self.received = 0
        self._sock = sock
        self._rate = rate
        self._due = time.monotonic()
        self._bytes = b""

    def read_head(self) -> dict[str, str]:
        """The lines up to a blank one: names in lower case; what has no colon counts for nothing."""
        while b"\r\n\r\n" not in (head := self._bytes.lstrip(b"\r\n")):
            if len(head) > HEAD_MOST:
                sys.exit("a head without an end")
            self._receive()
        head, _, self._bytes = head.partition(b"\r\n\r\n")
        lines = (line.partition(":") for line in head.decode("latin-1").split("\r\n"))
        return {name.lower(): value.strip() for name, _, value in lines}

    def skip(self, size: int) -> None:
        """Read so many bytes and forget them."""
        while len(self._bytes) < size:
            size -= len(self._bytes)
            self._bytes = b""
            self._receive()
        self._bytes = self._bytes[size:]

    def _receive(self) -> None:
        if self._rate:
            wait = self._due - time.monotonic()
            if wait > 0:
                time.sleep(wait)
        piece = self._sock.recv(PIECE)
        if not piece:
            sys.exit("the server hung up")
        self.received += len(piece)
        self._bytes += piece
        if self._rate:  # what was not used up while nothing came is lost, as on a real road
            self._due = max(self._due, time.monotonic() - PIECE / self._rate) + len(piece) / self._rate


def connect(arguments: argparse.Namespace) -> socket.socket:
    """The connection, its request sent."""
    sock = socket.socket()
    if arguments.receive_buffer:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, arguments.receive_buffer)
    sock.settimeout(SILENCE_S)
    sock.connect((arguments.host, arguments.port))
    sock.sendall(f"GET {arguments.path} HTTP/1.1\r\nHost: {arguments.host}:{arguments.port}\r\n\r\n".encode())
    return sock


def read_parts(road: Road, after: float, seconds: float) -> Seen:
    """Read, and note what comes in the window that opens `after` seconds from now."""
    opens = time.monotonic() + after
    seen, before, previous = Seen(), 0, ""
    while True:
        head = road.read_head()
        road.skip(int(head["content-length"]))
        now, wall = time.monotonic(), time.time()
        stamp = head["x-timestamp"]
        if now < opens:
            before = road.received
        elif now > opens + seconds:
            return seen
        elif head.get("x-vedette-state") != "online":
            seen.not_online += 1
        elif stamp == previous:
            seen.repeated += 1
        else:
            seen.ages.append(wall - float(stamp))
            seen.received = road.received - before
        previous = stamp


def main() -> None:
    """Reads the options and the stream."""
    parser = argparse.ArgumentParser(description="Reads a stream slowly and tells the age of its pictures.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--path", default="/cameras/c0/stream.mjpg")
    parser.add_argument("--rate", type=float, default=125_000, help="bytes a second; 0: no limit")
    parser.add_argument("--receive-buffer", type=int, default=0, help="SO_RCVBUF; 0: the system's")
    parser.add_argument("--after", type=float, default=5, help="seconds before the window")
    parser.add_argument("--seconds", type=float, default=10, help="length of the window")
    arguments = parser.parse_args()
    with connect(arguments) as sock:
        road = Road(sock, arguments.rate)
        if (status := next(iter(road.read_head()), "")) and "200" not in status:
            sys.exit(f"{arguments.path} answered: {status}")
        seen = read_parts(road, arguments.after, arguments.seconds)
    print(json.dumps(vars(seen)), flush=True)


if __name__ == "__main__":
    main()

"""What the end-to-end tests drive: servers, viewers, and waiting for what must come true."""

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vedette.wire.http import ResponseHead, ResponseReader

VEDETTE = [sys.executable, "-m", "vedette"]

START_WITHIN = 30.0
STOP_WITHIN = 5.0  # the contract's


def wait_until(condition: Callable[[], object], seconds: float = 20.0, what: str = "") -> None:
    """Wait for something that must become true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what or condition}"
        time.sleep(0.02)


@dataclass
class Answer:
    """An HTTP answer."""

    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Server:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    url: str
    log: Path

    @property
    def address(self) -> tuple[str, int]:
        host, port = self.url.removeprefix("http://").rstrip("/").split(":")
        return host, int(port)

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask(urllib.request.Request(self.url.rstrip("/") + path, headers=headers))  # noqa: S310 - our own server

    def send(self, method: str, path: str, body: object = None, if_match: str | None = None) -> Answer:
        """A request that changes something, as a program sends it."""
        content = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if content is not None else {}
        if if_match is not None:
            headers["If-Match"] = if_match
        url = self.url.rstrip("/") + path
        return self._ask(urllib.request.Request(url, content, headers, method=method))  # noqa: S310 - our own server

    def _ask(self, request: urllib.request.Request) -> Answer:
        try:
            with urllib.request.urlopen(request, timeout=15) as response:  # noqa: S310 - our own server
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def camera(self, camera_id: str) -> Any:
        return self.get(f"/api/cameras/{camera_id}").json

    def wait_for_state(self, camera_id: str, state: str, seconds: float = 20.0) -> None:
        wait_until(lambda: self.camera(camera_id)["state"] == state, seconds, f"{camera_id} is {state}")

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(STOP_WITHIN)

    def output(self) -> str:
        return self.log.read_text()


@dataclass
class Seen:
    """A part that a viewer got."""

    headers: dict[str, str]
    body: bytes

    @property
    def timestamp(self) -> float:
        return float(self.headers["x-timestamp"])

    @property
    def state(self) -> str:
        return self.headers["x-vedette-state"]


@dataclass
class Viewer:
    """A strict client: reads parts exactly as the contract writes them, and nothing else."""

    sock: socket.socket
    head: ResponseHead | None = None
    _body: bytearray = field(default_factory=bytearray)
    _reader: ResponseReader | None = None

    def ask(self, path: str, *headers: str) -> None:
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{self.sock.getpeername()[1]}", *headers]
        self.sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
        self._reader = ResponseReader(self._take_head, self._take_body)
        while self.head is None:
            self._receive()

    def part(self) -> Seen:
        """The next part; asserts the contract's framing byte for byte."""
        while b"\r\n\r\n" not in self._body:
            self._receive()
        head, _, _ = bytes(self._body).partition(b"\r\n\r\n")
        lines = head.decode("ascii").split("\r\n")
        assert lines[0] == "--vedette"
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
        assert headers["content-type"] == "image/jpeg"
        start, length = len(head) + 4, int(headers["content-length"])
        while len(self._body) < start + length + 2:
            self._receive()
        assert self._body[start + length : start + length + 2] == b"\r\n"
        body = bytes(self._body[start : start + length])
        del self._body[: start + length + 2]
        return Seen(headers, body)

    def _receive(self) -> None:
        data = self.sock.recv(256 * 1024)
        if not data:
            raise EOFError("the server closed the stream")
        assert self._reader is not None
        self._reader.feed(data)

    def _take_head(self, head: ResponseHead) -> None:
        self.head = head

    def _take_body(self, piece: bytes) -> None:
        self._body += piece


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def answers(server: Server) -> bool:
    try:
        return server.get("/readyz").status == 200
    except OSError:
        return False

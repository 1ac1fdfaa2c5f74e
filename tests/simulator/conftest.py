"""Boards that run for one test, and clients that speak to them on bare sockets."""

import contextlib
import json
import select
import socket
import time
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urlsplit

import cv2
import numpy as np
import pytest

from vedette.boards import CAMERASERVER
from vedette.simulator import Simulator
from vedette.wire.http import ResponseHead, ResponseReader, build_request
from vedette.wire.multipart import MultipartReader, Part

WITHIN = 20.0  # seconds that anything may take before a test gives up


class Client:
    """One connection, and everything that came over it."""

    def __init__(self, url: str, *, receive_buffer: int | None = None) -> None:
        address = urlsplit(url)
        self.target = address.path + (f"?{address.query}" if address.query else "")
        self.host, self.port = address.hostname or "", address.port or 80
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(WITHIN)
        try:
            self.socket.connect((self.host, self.port))
        except OSError:
            self.socket.close()
            raise
        self.wire = b""
        self.body = b""
        self.parts: list[Part] = []
        self.multipart: MultipartReader | None = None
        self.response = ResponseReader(self.on_head, self.on_body)

    def on_head(self, head: ResponseHead) -> None:
        if head.content_type.startswith("multipart/"):
            self.multipart = MultipartReader(head.boundary)

    def on_body(self, piece: bytes) -> None:
        self.body += piece
        if self.multipart:
            self.parts += self.multipart.feed(piece)

    def ask(self, target: str | None = None, *lines: bytes) -> Self:
        request = build_request(self.host, self.port, target or self.target)
        self.socket.sendall(request[:-2] + b"".join(line + b"\r\n" for line in lines) + b"\r\n")
        return self

    def receive(self) -> bool:
        """Take what comes next; False at the end."""
        data = self.socket.recv(65536)
        self.wire += data
        if data:
            self.response.feed(data)
        return bool(data)

    def until(self, condition: Callable[[Self], object]) -> Self:
        while not condition(self):
            assert self.receive(), "the board has closed the connection"
        return self

    def read_parts(self, count: int) -> list[Part]:
        return self.until(lambda client: len(client.parts) >= count).parts

    def read_answer(self) -> ResponseHead | None:
        """One answer that has an end of its own."""
        self.until(lambda client: client.response.ended)
        return self.response.head

    def read_to_the_end(self) -> bytes:
        with contextlib.suppress(ConnectionResetError):
            while self.receive():
                pass
        return self.wire

    def hears_nothing(self) -> bool:
        """The connection is open, and nothing has come over it."""
        return not self.wire and not select.select([self.socket], [], [], 0)[0]


@pytest.fixture
def wait_until():
    def wait(condition):
        deadline = time.monotonic() + WITHIN
        while not condition():
            assert time.monotonic() < deadline, "it did not come true"
            time.sleep(0.005)

    return wait


@pytest.fixture
def run():
    """Start boards: small pictures, many a second."""
    with contextlib.ExitStack() as stack:

        def start(firmware=CAMERASERVER, count=1, **changes):
            options: dict[str, Any] = {"size": (160, 120), "fps": 100.0} | changes
            return stack.enter_context(Simulator(firmware, count, **options))

        yield start


@pytest.fixture
def connect():
    with contextlib.ExitStack() as stack:

        def open_client(url, **options):
            client = Client(url, **options)
            stack.callback(client.socket.close)
            return client

        yield open_client


@pytest.fixture
def get(connect):
    """One request, one answer: its head and its body."""

    def ask(url, target, *lines):
        client = connect(url).ask(target, *lines)
        head = client.read_answer()
        client.socket.close()
        return head, client.body

    return ask


@pytest.fixture
def status(get):
    def ask(simulator, number=0):
        return json.loads(get(simulator.control_url(number), "/status")[1])

    return ask


@pytest.fixture
def decode(capfd):
    """The pixels of a JPEG, which the decoder must not complain about."""

    def pixels(jpeg):
        picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        assert "JPEG" not in capfd.readouterr().err
        return picture

    return pixels

"""A viewer of every camera, all in one thread: each must keep its connection, and get whole pictures only."""

import selectors
import socket
import threading
from collections.abc import Iterable
from typing import Self

from tests.end_to_end.harness import Server

from vedette.picture import check
from vedette.wire.http import ResponseHead, ResponseReader
from vedette.wire.jpeg import BadJpegError

_BLANK_LINE = b"\r\n\r\n"
_READ = 256 * 1024  # bytes


class Onlooker:
    """One viewer.

    Attributes:
        parts: that have come.
        live: of them, those from a camera that is online.
        complaint: what it must not have seen; None as long as all is well.
    """

    def __init__(self, camera: str) -> None:
        self.camera = camera
        self.parts = self.live = 0
        self.complaint: str | None = None
        self._body = bytearray()
        self._reader = ResponseReader(self._take_head, self._take_body)

    def take(self, data: bytes) -> None:
        """Bytes have come; none where the server has closed."""
        if not data:
            self._complain("the server closed the stream")
            return
        self._reader.feed(data)
        while self._take_part():
            pass

    def _take_head(self, head: ResponseHead) -> None:
        if head.status != 200:
            self._complain(f"the server answered {head.status}")

    def _take_body(self, piece: bytes) -> None:
        self._body += piece

    def _take_part(self) -> bool:
        head, blank, rest = self._body.partition(_BLANK_LINE)
        lines = head.decode("ascii").split("\r\n")
        if not blank:
            return False
        headers = dict(line.split(": ", 1) for line in lines[1:])
        length = int(headers["Content-Length"])
        if len(rest) < length + 2:
            return False
        self._look(bytes(rest[:length]), headers["X-Vedette-State"])
        self._body = rest[length + 2 :]
        return True

    def _look(self, jpeg: bytes, state: str) -> None:
        self.parts += 1
        try:
            check(jpeg)
        except BadJpegError as bad:
            self._complain(f"part {self.parts}, {state}: {bad.damage}, {bad.detail}")
        self.live += state == "online"

    def _complain(self, about: str) -> None:
        self.complaint = self.complaint or about


class Crowd:
    """Viewers of these cameras, from ``__enter__`` to ``__exit__``.

    Args:
        server: where they look.
        cameras: by id, one viewer each.
    """

    def __init__(self, server: Server, cameras: Iterable[str]) -> None:
        self._server = server
        self.onlookers = [Onlooker(camera) for camera in cameras]
        self._selector = selectors.DefaultSelector()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="crowd", daemon=True)

    def __enter__(self) -> Self:
        for onlooker in self.onlookers:
            sock = socket.create_connection(self._server.address)
            sock.sendall(f"GET /cameras/{onlooker.camera}/stream.mjpg HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            self._selector.register(sock, selectors.EVENT_READ, onlooker)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]  # they are sockets
        self._selector.close()

    def _run(self) -> None:
        while not self._over.is_set():
            for key, _ in self._selector.select(0.1):
                data = key.fileobj.recv(_READ)  # type: ignore[union-attr]
                key.data.take(data)
                if not data:
                    self._selector.unregister(key.fileobj)
                    key.fileobj.close()  # type: ignore[union-attr]

"""From a WSGI answer to a viewer: the hand-off, or the generator.

Under waitress the request's socket is handed to the engine, and waitress' thread is free again after a millisecond.
waitress has no interface for that: the socket is found through the owner of the bound method in
``waitress.client_disconnected``, and waitress is told to let go by its own `ClientDisconnected`. Both are tested
against the real server, its version is pinned, and where either is missing the generator serves the same pictures.
"""

import contextlib
import fcntl
import logging
import resource
import socket
from collections.abc import Callable, Iterable, Iterator
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, Never

from flask import Response
from waitress.channel import ClientDisconnected

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_log = logging.getLogger(__name__)

# waitress watches its own sockets with select(), which cannot name a descriptor above 1023: ours stay out of its way.
_FIRST_DESCRIPTOR = 2048
_PAGES = 2  # threads of waitress that generators leave for everything else


class HandOffResponse(Response):
    """An answer whose socket is handed to the engine. No cache keeps it, and no proxy holds it back.

    Args:
        adopt: called with the socket, and with the head that this answer has.
        generate: opens a generator for a server that keeps its sockets; None where only a socket will do.
        content_type: of the answer.
    """

    def __init__(
        self,
        adopt: Callable[[socket.socket, bytes], None],
        generate: Callable[[], Iterable[bytes]] | None = None,
        content_type: str | None = None,
    ) -> None:
        super().__init__(content_type=content_type)
        self.headers["Cache-Control"] = "no-store"
        self.headers["X-Accel-Buffering"] = "no"  # nginx collects answers otherwise
        self._adopt = adopt
        self._generate = generate

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer as WSGI asks, or not at all: then the socket has been handed off."""
        if environ["REQUEST_METHOD"] == "HEAD":
            start_response(self.status, self._header_list())
            return ()
        sock = _take_socket(environ)
        if sock is not None:
            self._adopt(sock, self._head())
            return _HandedOff()
        if self._generate is None:
            start_response("501 Not Implemented", [("Content-Type", "text/plain")])
            return (b"This server keeps its sockets, so it serves no walls: use the streams and snapshots.\n",)
        if not _may_generate(environ):
            start_response("503 Service Unavailable", [("Content-Type", "text/plain"), ("Retry-After", "5")])
            return (b"Too many viewers: this server may open no more connections. Raise its limit of open files.\n",)
        start_response(self.status, self._header_list())
        return self._generate()

    def _header_list(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.headers if name.lower() != "content-length"]

    def _head(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status}", *(f"{name}: {value}" for name, value in self._header_list())]
        lines += [f"Date: {formatdate(usegmt=True)}", "Connection: close"]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class _HandedOff:
    """What waitress gets in place of an answer: it lets the connection go without a word."""

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> Never:
        raise ClientDisconnected


def _take_socket(environ: "WSGIEnvironment") -> socket.socket | None:
    """A duplicate of the request's socket, if this server can give it away and descriptors are left."""
    channel = _waitress_channel(environ)
    sock = getattr(channel, "socket", None)
    if not isinstance(sock, socket.socket) or channel.total_outbufs_len:
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = min(_FIRST_DESCRIPTOR, soft // 2)
    with contextlib.suppress(OSError):
        return socket.socket(fileno=fcntl.fcntl(sock.fileno(), fcntl.F_DUPFD_CLOEXEC, lowest))
    _log.warning("no descriptor left for a viewer (limit of open files: %d); serving it from a thread", soft)
    return None


def _may_generate(environ: "WSGIEnvironment") -> bool:
    """Under waitress a generator holds a thread for as long as it is watched: never let them take all."""
    channel = _waitress_channel(environ)
    if channel is None:
        return True
    dispatcher = channel.server.task_dispatcher
    return bool(dispatcher.active_count <= max(1, len(dispatcher.threads) - _PAGES))


def _waitress_channel(environ: "WSGIEnvironment") -> Any:
    check: Callable[[], bool] | None = environ.get("waitress.client_disconnected")
    return getattr(check, "__self__", None)


class QuietHandOff(logging.Filter):
    """Drops waitress' line about a client that was handed off: it says "Client disconnected", which is not so."""

    def filter(self, record: logging.LogRecord) -> bool:
        """See `logging.Filter.filter`."""
        return not (record.levelno == logging.INFO and str(record.msg).startswith("Client disconnected while serving"))

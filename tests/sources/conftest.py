"""One attempt at a board: a simulated one, or a thread that says odd things on a bare socket."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from vedette.boards import CAMERASERVER
from vedette.errors import BoardError
from vedette.simulator import Simulator
from vedette.sources import Access, HttpSource
from vedette.wire.multipart import Part

WITHIN = 20.0  # seconds that anything may take before a test gives up

LOOPS = {"asyncio": asyncio.new_event_loop}
with contextlib.suppress(ImportError):
    import uvloop

    LOOPS["uvloop"] = uvloop.new_event_loop


@pytest.fixture(params=LOOPS)
def run_async(request):
    """Run one coroutine on each kind of loop; whatever the loop complains of is a failure."""

    def run(coroutine: Coroutine[Any, Any, object]) -> object:
        complaints: list[object] = []
        with asyncio.Runner(loop_factory=LOOPS[request.param]) as runner:
            runner.get_loop().set_exception_handler(lambda _, context: complaints.append(context))
            result = runner.run(asyncio.wait_for(coroutine, WITHIN))
        assert not complaints
        return result

    return run


class Attempt:
    """What became of one attempt.

    Attributes:
        parts: what was delivered.
        error: how it ended; None where it was told to stop.
        source: the driver.
    """

    def __init__(self, source: HttpSource) -> None:
        self.source = source
        self.parts: list[Part] = []
        self.error: BoardError | None = None
        self.enough = asyncio.Event()
        self.wanted = 1_000_000

    def deliver(self, part: Part) -> None:
        self.parts.append(part)
        if len(self.parts) >= self.wanted:
            self.enough.set()

    async def run(self) -> None:
        try:
            await self.source.run(self.deliver)
        except BoardError as error:
            self.error = error
        raise AssertionError("a driver never returns") if self.error is None else asyncio.CancelledError

    async def until_enough(self, count: int) -> "Attempt":
        """Take as many parts, then stop it; or until it fails."""
        self.wanted = count
        task = asyncio.create_task(self.run())
        enough = asyncio.create_task(self.enough.wait())
        await asyncio.wait([task, enough], return_when=asyncio.FIRST_COMPLETED)
        enough.cancel()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled(), task.exception()
        return self


@pytest.fixture
def attempt(run_async, clock):
    """Try a board until so many parts were delivered or it failed."""

    def try_it(url, credentials=None, parts=1_000_000, access=None):
        async def on_the_loop() -> Attempt:
            source = HttpSource(url, access or Access(credentials), clock, interval=0.0)
            return await Attempt(source).until_enough(parts)

        return run_async(on_the_loop())

    return try_it


class Board:
    """A server that takes one connection after another and does with each what a test says, then closes it.

    Args:
        behave: takes a connection whose request has been read.
        host: what to listen on.
        waits: let the client close first.

    Attributes:
        requests: what each client asked, head only.
        asked: a request has come.
        left: a client has closed its connection.
    """

    def __init__(
        self, behave: Callable[[socket.socket], object], host: str = "127.0.0.1", *, waits: bool = False
    ) -> None:
        self.behave = behave
        self.waits = waits
        self.requests: list[bytes] = []
        self.asked = threading.Event()
        self.left = threading.Event()
        self.listener = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def url(self, path: str = "/stream", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def serve(self) -> None:
        while True:
            connection, _ = self.listener.accept()
            with connection:
                connection.settimeout(WITHIN)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with contextlib.suppress(ConnectionError):
                    request = b""
                    while not request.endswith(b"\r\n\r\n") and (data := connection.recv(4096)):
                        request += data
                    if not request:
                        return  # close() has knocked, or a client that changed its mind
                    self.requests.append(request)
                    self.asked.set()
                    self.behave(connection)
                if self.waits:
                    self.wait_for_the_client_to_leave(connection)

    def wait_for_the_client_to_leave(self, connection: socket.socket) -> None:
        with contextlib.suppress(ConnectionError):
            while connection.recv(4096):
                pass
        self.left.set()

    def close(self) -> None:
        with contextlib.suppress(OSError), socket.create_connection(self.listener.getsockname()[:2]):
            pass
        self.thread.join(WITHIN)
        self.listener.close()
        assert not self.thread.is_alive()


@pytest.fixture
def board():
    """Make a board of a function that takes a connection whose request has been read, or of the bytes to answer."""
    with contextlib.ExitStack() as stack:

        def make(behave=b"", **options):
            if isinstance(behave, bytes):
                answer = behave
                made = Board(lambda connection: connection.sendall(answer), **options)
            else:
                made = Board(behave, **options)
            stack.callback(made.close)
            return made

        yield make


@pytest.fixture
def simulate():
    """Start simulated boards: small pictures, many a second."""
    with contextlib.ExitStack() as stack:

        def start(firmware=CAMERASERVER, **changes):
            options: dict[str, Any] = {"size": (160, 120), "fps": 100.0} | changes
            return stack.enter_context(Simulator(firmware, **options))

        yield start

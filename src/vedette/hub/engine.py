"""The engine: one event loop in one thread, which owns every long-lived socket.

The door between it and the rest of the process is narrow: `call` and `run` (do this, and tell me), `post` (do this).
"""

import asyncio
import concurrent.futures
import contextlib
import logging
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from vedette.errors import ServerError

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Engine:
    """A loop (uvloop where it installs, asyncio's own elsewhere) in a thread named ``engine``.

    It is started after any fork, and only once: build another one to start again.
    """

    def __init__(self) -> None:
        self._loop = _new_loop()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._running = threading.Event()

    @property
    def running(self) -> bool:
        """It has been started and not stopped."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Start the thread, and wait until its loop runs."""
        self._thread.start()
        self._running.wait()

    def stop(self, finish: Callable[[], Coroutine[Any, Any, None]], timeout: float = 4.0) -> None:
        """Let ``finish`` close what is open, then end the thread; after ``timeout`` seconds, whatever it does."""
        if not self._thread.is_alive():
            return
        with contextlib.suppress(concurrent.futures.TimeoutError):
            asyncio.run_coroutine_threadsafe(finish(), self._loop).result(timeout)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=1.0)

    def call(self, act: Callable[[], T], timeout: float = 5.0) -> T:
        """Do something on the loop, and give what it gives.

        Raises:
            ServerError: the engine has not answered in time, or is not running.
        """

        async def on_the_loop() -> T:
            return act()

        return self.run(on_the_loop, timeout)

    def run(self, act: Callable[[], Coroutine[Any, Any, T]], timeout: float = 5.0) -> T:
        """Do something on the loop that takes its time, and give what it gives.

        Raises:
            ServerError: as `call`; what was begun is cancelled.
        """
        if not self._thread.is_alive():
            raise ServerError("the engine is not running")
        future = asyncio.run_coroutine_threadsafe(act(), self._loop)
        try:
            return future.result(timeout)
        except concurrent.futures.TimeoutError:
            future.cancel()
            raise ServerError(f"the engine has not answered within {timeout:g} s") from None

    def post(self, act: Callable[[], object]) -> None:
        """Do something on the loop soon; when the engine has stopped, do nothing."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(act)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.call_soon(self._running.set)
        try:
            self._loop.run_forever()
        finally:
            self._finish()

    def _finish(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()


def _new_loop() -> asyncio.AbstractEventLoop:
    try:
        import uvloop  # noqa: PLC0415 - it is optional
    except ImportError:
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = uvloop.new_event_loop()
    return loop

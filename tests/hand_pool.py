"""A pool that works when it is told to: what waits for pictures is tested without waiting."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class HandPool(Executor):
    """Does what was asked for when the test says so."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: work(*args, **kwargs)))
        return future

    def work(self, times: int = 1_000) -> int:
        done = 0
        while self.waiting and done < times:
            future, act = self.waiting.popleft()
            done += 1
            try:
                future.set_result(act())
            except Exception as error:  # noqa: BLE001 - as any executor
                future.set_exception(error)
        return done

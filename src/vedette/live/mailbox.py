"""From the engine to one thread: the newest letter, and no other."""

import queue
from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Mailbox(Generic[T]):
    """A box for one letter. The engine fills it and never waits; one thread iterates it, and waits for the next.

    The engine overwrites the box and then leaves a token if there is none; the thread takes the token and then empties
    the box. So neither waits for the other, and no letter is left lying.
    """

    def __init__(self) -> None:
        self._ended = False
        self._box: deque[T] = deque(maxlen=1)
        self._tokens: queue.SimpleQueue[None] = queue.SimpleQueue()

    def put(self, letter: T) -> None:
        """Leave a letter in place of any that lies there."""
        self._box.append(letter)
        self.wake()

    def wake(self) -> None:
        """Let the thread go once round, with or without a letter."""
        if self._tokens.empty():
            self._tokens.put(None)

    def end(self) -> None:
        """End the iteration; what lies in the box stays there."""
        self._ended = True
        self._tokens.put(None)

    def __iter__(self) -> Iterator[T | None]:
        """The newest letter each time; None where the box is empty."""
        while True:
            self._tokens.get()
            if self._ended:
                return
            yield self._box.pop() if self._box else None

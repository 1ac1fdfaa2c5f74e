"""Frames of another size: a change, or junk from a queue.

After a change of its framesize a board sends what still lies in its buffers, in any order. So a frame of another size
is held until the next one agrees with it; where that has the old size again, the held one was junk. Nobody's canvas is
fixed: the newest agreed size is the size.
"""

from typing import Generic, NamedTuple, TypeVar

Size = tuple[int, int]
T = TypeVar("T")


class Sorted(NamedTuple, Generic[T]):
    """What became of a frame, and of the one held before it, in order.

    Attributes:
        good: may be published.
        junk: may not.
    """

    good: tuple[T, ...] = ()
    junk: tuple[T, ...] = ()


class SizeSorter(Generic[T]):
    """Sorts one connection's frames by whether their size is agreed."""

    def __init__(self) -> None:
        self._size: Size | None = None
        self._held: tuple[Size, T] | None = None

    def sort(self, size: Size, frame: T) -> Sorted[T]:
        """Look at one frame of ``size`` (width and height in pixels)."""
        held, self._held = self._held, None
        if self._size is None or size == self._size:
            self._size = size
            return Sorted((frame,), (held[1],) if held else ())
        if held is not None and held[0] == size:
            self._size = size
            return Sorted((held[1], frame))
        self._held = (size, frame)
        return Sorted((), (held[1],) if held else ())

    def restart(self) -> None:
        """A new connection: its first frame has the right size."""
        self._size = self._held = None

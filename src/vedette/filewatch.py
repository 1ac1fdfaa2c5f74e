"""Noticing that a file has been changed by somebody else: a thread that looks twice a second.

Looking beats being told: it works on every file system, over a network too, and an editor that replaces the file is
no special case. What has changed is only taken when the next look finds it the same: who writes may not be ready.
"""

import contextlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path

EVERY = 0.5  # seconds

_Stamp = tuple[int, ...]
_NEVER: _Stamp = (-1,)
_MISSING: _Stamp = ()

_log = logging.getLogger(__name__)


class FileWatch:
    """Calls somebody when a file is another one.

    Args:
        path: need not exist.
        changed: called in the watch's own thread.
    """

    def __init__(self, path: Path, changed: Callable[[], None]) -> None:
        self._path = path
        self._changed = changed
        self._told = _NEVER  # what it was when somebody was called: whatever it is at first, nobody has seen it here
        self._seen = _NEVER
        self._nudged = False
        self._hurry = threading.Event()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="config", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def nudge(self) -> None:
        """Look now, and call whether it is another one or not; also from a signal's handler."""
        self._nudged = True
        self._hurry.set()

    def stop(self) -> None:
        """Look no more."""
        self._stopped = True
        self._hurry.set()

    def look(self) -> None:
        """Look once."""
        nudged, self._nudged = self._nudged, False
        stamp, before = _stamp_of(self._path), self._seen
        self._seen = stamp
        if nudged or (stamp == before and stamp != self._told):
            self._told = stamp
            self._changed()

    def _run(self) -> None:
        while not self._stopped:
            try:
                self.look()
            except Exception:  # noqa: BLE001 - the thread's edge: one mistake must not end the watch
                _log.exception("a fault of Vedette's own; please report it")
            self._hurry.wait(EVERY)
            self._hurry.clear()


def _stamp_of(path: Path) -> _Stamp:
    """What changes with a file's content, and can be had without reading it."""
    with contextlib.suppress(OSError):
        status = path.stat()
        return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
    return _MISSING

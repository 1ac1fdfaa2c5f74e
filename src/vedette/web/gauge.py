"""What the server itself uses: `GET /api/server`, and the head of the health page.

Read from the system's own files and the standard library: what is asked for here is one line each, which is no reason
for a dependency. Where a system does not tell, the answer is null.
"""

import contextlib
import os
import shutil
import threading
import time
from pathlib import Path

from pydantic import BaseModel, Field

from vedette.clock import Clock
from vedette.hub import Renditions
from vedette.hub.watchdog import Watchdog
from vedette.version import __version__
from vedette.web.answers import rfc3339

_NOTABLE = 0.05  # of the pictures that are made: fewer are missed by chance
_CPU_OVER = 1.0  # seconds: a share of less is mostly noise


class LoopLagAnswer(BaseModel):
    """How late the engine's loop was over the last minute, in milliseconds."""

    mean: float
    max: float


class RenditionsAnswer(BaseModel):
    """Pictures that are made for viewers: turned, scaled, labelled. Over the last seconds."""

    in_use: int = Field(description="forms of cameras' pictures that somebody looks at")
    pictures_per_s: float = Field(description="that are made")
    missed_per_s: float = Field(description="that are left out, evenly, because there is too much to do")
    lossless: bool = Field(description="turns and labels lose nothing, because libturbojpeg is there")
    note: str | None = Field(description="what is wrong, in a sentence")


class ServerAnswer(BaseModel):
    """The server itself. Null is what this system does not tell, or what is not measured yet."""

    version: str
    since: str = Field(description="when it was started; RFC 3339, UTC")
    viewers: int = Field(description="streams watched; a wall counts once for each of its cameras")
    cpu_percent: float | None = Field(description="100 is one core; since the last question, at least a second")
    memory_bytes: int | None = Field(description="resident")
    threads: int
    open_files: int | None
    loop_lag_ms: LoopLagAnswer | None
    data_free_bytes: int | None
    data_total_bytes: int | None
    renditions: RenditionsAnswer


class ServerGauge:
    """Reads what this process and its data folder use; from any of the web's threads.

    Args:
        watchdog: who knows the loop's lag.
        folder: the data folder.
        clock: for the time of the start, and for the share of the CPU.
        renditions: who makes pictures for viewers.
    """

    def __init__(self, watchdog: Watchdog, folder: Path, clock: Clock, renditions: Renditions) -> None:
        self._watchdog = watchdog
        self._folder = folder
        self._clock = clock
        self._renditions = renditions
        self._since = clock.time()
        self._lock = threading.Lock()
        self._read = (clock.monotonic(), time.process_time())
        self._cpu: float | None = None

    def read(self, viewers: int) -> ServerAnswer:
        """How it is now."""
        lag = self._watchdog.lag
        free, total = self._disk()
        return ServerAnswer(
            version=__version__,
            since=rfc3339(self._since),
            viewers=viewers,
            cpu_percent=self._cpu_percent(),
            memory_bytes=_memory_bytes(),
            threads=threading.active_count(),
            open_files=_open_files(),
            loop_lag_ms=lag and LoopLagAnswer(mean=round(lag.mean * 1000, 2), max=round(lag.max * 1000, 2)),
            data_free_bytes=free,
            data_total_bytes=total,
            renditions=self._tell_renditions(),
        )

    def _tell_renditions(self) -> RenditionsAnswer:
        load, renderer = self._renditions.load(), self._renditions.renderer
        made, missed = round(load.pictures_per_s, 1), round(load.missed_per_s, 1)
        note = renderer.why_not
        if missed > _NOTABLE * made:
            note = (
                f"Too many pictures are to be flipped, scaled or labelled: {made:g} a second are made, and "
                f"{missed:g} are left out, evenly. Ask for fewer forms, smaller ones, or a lower fps."
            )
        return RenditionsAnswer(
            in_use=load.in_use, pictures_per_s=made, missed_per_s=missed, lossless=renderer.lossless, note=note
        )

    def _cpu_percent(self) -> float | None:
        """Many may ask at once: the share is measured anew when the last measurement is a second old."""
        with self._lock:
            now, used = self._clock.monotonic(), time.process_time()
            before, used_before = self._read
            if now - before >= _CPU_OVER:
                self._cpu = round(100 * (used - used_before) / (now - before), 1)
                self._read = (now, used)
            return self._cpu

    def _disk(self) -> tuple[int | None, int | None]:
        try:
            usage = shutil.disk_usage(self._folder)
        except OSError:
            return None, None
        return usage.free, usage.total


def _memory_bytes() -> int | None:
    with contextlib.suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    return None


def _open_files() -> int | None:
    with contextlib.suppress(OSError):
        return sum(1 for _ in Path("/dev/fd").iterdir())
    return None

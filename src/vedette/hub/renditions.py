"""All renditions: each found by whoever wants the same, and made in turn by a few threads of their own.

Bounded in number and in CPU. When the threads do not keep up, frames are left out, and as the rendition that has waited
longest comes first, every one gets as many pictures as the others. The threads have a lower priority than everything
else: what viewers get as it came is never slowed by what others want made. Everything here happens on the engine's
loop, except `Renditions.check` and `Renditions.load`.
"""

import contextlib
import logging
import os
import threading
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial

from vedette.clock import Clock
from vedette.errors import RequestError
from vedette.frame import Frame
from vedette.hub.camera import Camera
from vedette.hub.rendition import Rendition
from vedette.picture import Caption, Recipe, Renderer
from vedette.wire.jpeg_header import read_size

LIMIT = 1024  # renditions at a time: 500 boards on walls of two sizes
FORMS = 32  # of one camera: walls have ten
MOST_THREADS = 4  # and one less than the machine has cores: the loop and the arrival checks need theirs
NICE = 5  # added to the threads' niceness
_WINDOW = 5.0  # seconds that the load is told of

_log = logging.getLogger(__name__)

_Key = tuple[str, Recipe, float | None]


@dataclass(frozen=True, slots=True)
class RenditionLoad:
    """How much is asked of the renditions, over the last seconds.

    Attributes:
        in_use: renditions that somebody looks at, and that are not the camera's pictures as they are.
        pictures_per_s: that were made.
        missed_per_s: that would have been made, had there been time.
    """

    in_use: int
    pictures_per_s: float
    missed_per_s: float


class Renditions:
    """Makes what is asked for.

    Args:
        post: does something on the loop soon, from any thread (`Engine.post`).
        renderer: does the work on pixels.
        clock: for the load.
        zone: of the times on labels; None is the machine's own.
        pool: where pictures are made; None for threads of its own.
    """

    def __init__(
        self,
        post: Callable[[Callable[[], object]], object],
        renderer: Renderer,
        clock: Clock,
        zone: tzinfo | None = None,
        pool: Executor | None = None,
    ) -> None:
        self.renderer = renderer
        self._post = post
        self._zone = zone
        self._free = max(1, min(MOST_THREADS, (os.cpu_count() or 1) - 1))
        self._pool = pool or ThreadPoolExecutor(self._free, "rendition", initializer=_step_back)
        self._known: dict[_Key, Rendition] = {}
        self._forms: Counter[str] = Counter()  # by camera: renditions that are not its pictures as they come
        self._queue: deque[Callable[[], Future[bytes] | None]] = deque()
        self._load = _LoadMeter(clock)
        self._stopped = False

    def check(self, camera: Camera, recipe: Recipe, fps: float | None = None) -> None:
        """Whether `find` would give one now; from any thread.

        Raises:
            RequestError: there are too many.
        """
        if (camera.id, recipe, fps) in self._known or _is_as_it_comes(recipe, fps):
            return
        if self._forms[camera.id] >= FORMS:
            raise RequestError(
                503, "too_many_renditions", f"{FORMS} sizes and forms of this camera's pictures are being made already."
            )
        if self._forms.total() >= LIMIT:
            raise RequestError(
                503, "too_many_renditions", f"{LIMIT} sizes and forms of pictures are being made already: try later."
            )

    def find(self, camera: Camera, recipe: Recipe, fps: float | None = None) -> Rendition:
        """The rendition of that recipe: the same for all who ask, as long as one of them attends.

        Raises:
            RequestError: there are too many.
        """
        key = (camera.id, recipe, fps)
        found = self._known.get(key)
        if found is not None and found.camera is camera:
            return found
        if found is not None:  # of a camera that is no more
            self.forget(found)
        self.check(camera, recipe, fps)
        self._known[key] = made = Rendition(camera, recipe, fps, self)
        self._forms[camera.id] += not _is_as_it_comes(recipe, fps)
        return made

    def ready(self, camera: Camera, recipe: Recipe) -> Frame | None:
        """A fresh picture that need not be made any more; None where there is none. From any thread."""
        known = self._known.get((camera.id, recipe, None))
        if known is None or known.camera is not camera:
            known = Rendition(camera, recipe, None, self)
        return known.fresh_frame()

    def forget(self, rendition: Rendition) -> None:
        """Nobody attends to it any more."""
        key = (rendition.camera.id, rendition.recipe, rendition.fps)
        if self._known.get(key) is rendition:
            del self._known[key]
            self._forms[rendition.camera.id] -= not _is_as_it_comes(rendition.recipe, rendition.fps)

    def load(self) -> RenditionLoad:
        """How much is asked; from any thread."""
        return self._load.read(sum(not known.effective().plain for known in tuple(self._known.values())))

    def stop(self) -> None:
        """Make nothing more."""
        self._stopped = True  # frames come until the cameras end
        self._queue.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)

    # Whose turn it is.

    def enqueue(self, rendition: Rendition) -> None:
        """A rendition has a frame to make, and none under way."""
        self._queue.append(partial(self._begin, rendition))
        self._go_on()

    def miss(self) -> None:
        """A frame will not be made: there is a newer one."""
        self._load.missed()

    def submit(self, work: Callable[[], bytes], done: Callable[[Future[bytes]], object]) -> None:
        """Do other work on pixels, when it is its turn; ``done`` is called on the loop, unless the server stops."""
        self._queue.append(lambda: self._start(work, done))
        self._go_on()

    def _go_on(self) -> None:
        while self._free and self._queue and not self._stopped:
            if self._queue.popleft()() is not None:
                self._free -= 1

    def _begin(self, rendition: Rendition) -> Future[bytes] | None:
        frame = rendition.take_next()
        if frame is None:
            return None
        recipe = rendition.effective()
        caption = Caption(rendition.name, self._time(frame.timestamp)) if recipe.label else None
        return self._start(
            partial(self.renderer.render, frame.jpeg, recipe, caption), partial(self._finish, rendition, frame)
        )

    def _start(self, work: Callable[[], bytes], done: Callable[[Future[bytes]], object]) -> Future[bytes]:
        future = self._pool.submit(work)
        future.add_done_callback(lambda made: self._post(partial(self._take, made, done)))
        return future

    def _take(self, made: Future[bytes], done: Callable[[Future[bytes]], object]) -> None:
        self._free += 1
        try:
            if not made.cancelled():
                self._load.made()
                done(made)
        finally:
            self._go_on()

    def _finish(self, rendition: Rendition, frame: Frame, made: Future[bytes]) -> None:
        error = made.exception()
        if error is None:
            jpeg = made.result()
            width, height = read_size(jpeg) or (0, 0)
            rendition.publish(frame._replace(jpeg=jpeg, width=width, height=height, gray=None))
            return
        rendition.publish(None)
        if isinstance(error, ValueError):
            _log.debug("[%s] a frame cannot be decoded: %s", rendition.camera.id, error)
        else:
            _log.error("a fault of Vedette's own, in a rendition; please report it", exc_info=error)

    def _time(self, timestamp: float) -> str:
        return f"{datetime.fromtimestamp(timestamp, self._zone):%Y-%m-%d %H:%M:%S}"


def _is_as_it_comes(recipe: Recipe, fps: float | None) -> bool:
    return recipe.plain and fps is None


class _LoadMeter:
    """Counts over windows of some seconds; read from any thread, which may see the last one or the one before."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since = clock.monotonic()
        self._made = self._missed = 0
        self._last = (0.0, 0.0)

    def made(self) -> None:
        self._roll()
        self._made += 1

    def missed(self) -> None:
        self._roll()
        self._missed += 1

    def read(self, in_use: int) -> RenditionLoad:
        idle = self._clock.monotonic() - self._since > 2 * _WINDOW
        made, missed = (0.0, 0.0) if idle else self._last
        return RenditionLoad(in_use, made, missed)

    def _roll(self) -> None:
        now = self._clock.monotonic()
        passed = now - self._since
        if passed >= _WINDOW:
            self._last = (self._made / passed, self._missed / passed)
            self._since, self._made, self._missed = now, 0, 0


def _step_back() -> None:
    """Let this thread run when nothing else does; where the system has no such thing, as any other."""
    with contextlib.suppress(AttributeError, OSError):
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICE)

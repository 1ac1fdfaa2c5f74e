"""What viewers see of a camera that is not live: its last picture, dimmed and labelled, or a placeholder.

The words are those of the pages (`web/templates/_states.html`). Drawing happens in the picture pool, one picture at a
time, so that when a router takes all cameras away the pool has another thread for the pictures of those that are there.
"""

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from vedette.clock import Clock
from vedette.frame import Frame
from vedette.hub import Engine, Health, State
from vedette.picture import Lettering, Notice, Sign, draw_away

_log = logging.getLogger(__name__)

_SIGNS = {
    State.CONNECTING: Sign.CONNECTING,
    State.STALE: Sign.STALE,
    State.OFFLINE: Sign.AWAY,
    State.IDLE: Sign.IDLE,
    State.DISABLED: Sign.DISABLED,
}
_OTHERWISE = {
    State.CONNECTING: "waiting for its first frame",
    State.STALE: "connected, but no fresh frame",
    State.OFFLINE: "no connection to the board",
    State.IDLE: "connects when somebody looks",
    State.DISABLED: "switched off in the configuration",
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # whatever the locale
_SINCE = {State.STALE, State.OFFLINE}  # whose beginning is the last picture's time; the others are nobody's fault


@dataclass(frozen=True, slots=True)
class _Wish:
    notice: Notice
    frame: Frame | None
    wanted: Callable[[], bool]
    done: Callable[[bytes], None]


class AwayPictures:
    """Draws what a channel shows while its camera is not online. Everything but the drawing is on the engine's loop.

    Args:
        engine: whose loop that is.
        pool: where drawing happens.
        clock: for what is today.
        zone: of the times on pictures; None is the machine's own.

    Attributes:
        lettering: what words are drawn with.
    """

    def __init__(self, engine: Engine, pool: Executor, clock: Clock, zone: tzinfo | None) -> None:
        self._engine = engine
        self._pool = pool
        self._clock = clock
        self._zone = zone
        self.lettering = Lettering()
        self._wishes: deque[_Wish] = deque()
        self._drawing = False

    def describe(self, name: str, health: Health, frame: Frame | None) -> Notice:
        """What is to be said of a camera of that name and health, whose last picture is ``frame``."""
        words = _SIGNS[health.state].value
        if health.state in _SINCE:
            since = frame.timestamp if frame is not None else health.since
            words += f" since {clock_time(since, self._clock.time(), self._zone)}"
        return Notice(_SIGNS[health.state], name, words, health.explanation or _OTHERWISE[health.state])

    def draw(
        self, notice: Notice, frame: Frame | None, wanted: Callable[[], bool], done: Callable[[bytes], None]
    ) -> None:
        """Draw when it is its turn, if it is ``wanted`` then, and give the JPEG to ``done``."""
        self._wishes.append(_Wish(notice, frame, wanted, done))
        self._draw_next()

    def _draw_next(self) -> None:
        while self._wishes and not self._drawing:
            wish = self._wishes.popleft()
            if wish.wanted():
                self._begin(wish)

    def _begin(self, wish: _Wish) -> None:
        jpeg = wish.frame.jpeg if wish.frame is not None else None
        future = self._pool.submit(draw_away, wish.notice, jpeg, self.lettering)
        self._drawing = True
        future.add_done_callback(lambda drawn: self._engine.post(lambda: self._take(wish, drawn)))

    def _take(self, wish: _Wish, drawn: Future[bytes]) -> None:
        self._drawing = False
        if drawn.cancelled():
            return  # the server stops
        if (error := drawn.exception()) is not None:
            _log.error("a fault of Vedette's own, in drawing; please report it", exc_info=error)
            if wish.frame is not None:  # a picture without the picture says as much
                self._wishes.appendleft(replace(wish, frame=None))
        else:
            wish.done(drawn.result())
        self._draw_next()


def clock_time(then: float, now: float, zone: tzinfo | None) -> str:
    """The hour and minute; with the date before it when that is not today's: "14 Feb 12:03", "14 Feb 2025 12:03"."""
    moment, today = (datetime.fromtimestamp(seconds, zone).astimezone(zone) for seconds in (then, now))
    if moment.date() == today.date():
        return f"{moment:%H:%M}"
    year = f" {moment.year}" if moment.year != today.year else ""
    return f"{moment.day} {_MONTHS[moment.month - 1]}{year} {moment:%H:%M}"

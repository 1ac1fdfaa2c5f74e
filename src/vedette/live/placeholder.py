"""The picture of a camera that never gave one: its name, and what is wrong, in a few words."""

import textwrap
from collections.abc import Callable
from concurrent.futures import Executor, Future

from vedette.clock import Clock
from vedette.hub import Engine, Health
from vedette.live.picture import Picture
from vedette.picture import Canvas

_SIZE = (640, 480)
_GROUND, _BAND = (24, 28, 34), (36, 42, 50)
_INK, _PALE, _AMBER = (240, 242, 245), (168, 178, 190), (255, 190, 92)
_QUALITY = 80
_REMEMBERED = 64

_Key = tuple[str, str, str | None]


class Placeholders:
    """Draws each placeholder once, in a thread of the picture pool.

    Args:
        engine: on whose loop everything but the drawing happens.
        pool: where drawing happens.
        clock: for the time they bear.
    """

    def __init__(self, engine: Engine, pool: Executor, clock: Clock) -> None:
        self._engine = engine
        self._pool = pool
        self._clock = clock
        self._drawn: dict[_Key, tuple[bytes, float]] = {}
        self._awaited: dict[_Key, list[Callable[[Picture], None]]] = {}

    def show(self, name: str, health: Health, offer: Callable[[Picture], None]) -> None:
        """Offer a placeholder for a camera of that name and health, as soon as it is drawn."""
        key = (name, health.state.value, health.explanation)
        if key in self._drawn:
            jpeg, drawn = self._drawn[key]
            offer(Picture(jpeg, drawn, health.state.value))
        elif key in self._awaited:
            self._awaited[key].append(offer)
        else:
            self._awaited[key] = [offer]
            future = self._pool.submit(draw, name, health.state.value, health.explanation)
            future.add_done_callback(lambda done: self._engine.post(lambda: self._keep(key, done)))

    def _keep(self, key: _Key, done: Future[bytes]) -> None:
        offers = self._awaited.pop(key)
        if done.cancelled():
            return
        if len(self._drawn) >= _REMEMBERED:
            self._drawn.pop(next(iter(self._drawn)))
        jpeg, drawn = done.result(), self._clock.time()
        self._drawn[key] = (jpeg, drawn)
        for offer in offers:
            offer(Picture(jpeg, drawn, key[1]))


def draw(name: str, state: str, explanation: str | None) -> bytes:
    """A JPEG of 640x480 pixels that cannot be taken for a live picture."""
    width, height = _SIZE
    canvas = Canvas(width, height, _GROUND)
    canvas.polygon([(0, 150), (width, 150), (width, 158), (0, 158)], _BAND)
    canvas.text(name[:32], 40, 120, 28, _INK)
    canvas.text(state, 40, 208, 20, _AMBER)
    for number, line in enumerate(textwrap.wrap(explanation or "No picture has come yet.", 52)[:6]):
        canvas.text(line, 40, 256 + 30 * number, 13, _PALE)
    return canvas.encode(_QUALITY)

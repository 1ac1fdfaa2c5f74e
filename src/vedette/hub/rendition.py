"""A rendition: a camera's frames after a recipe, in a slot of their own.

To whoever looks it is what a camera is: it has a slot, a health, and wants to know whether anybody attends. Each frame
is made once for all of them, the newest only, and none while nobody attends, or nobody could take it. Where a frame
needs nothing done it goes through as it is, at the cost of a call. Everything happens on the engine's loop, except
where it says otherwise.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from vedette.frame import Frame
from vedette.hub.camera import Camera
from vedette.hub.health import Health, State
from vedette.hub.slot import Slot
from vedette.picture import Recipe

if TYPE_CHECKING:
    from vedette.hub.renditions import Renditions

_BEHIND = 1.0  # seconds: a picture that is made of an older frame than this is not the newest any more
# Of an interval, and in seconds: a frame that is so early is taken, or the jitter of a camera would halve the rate.
_EARLY, _MOST_EARLY = 0.25, 0.05

Wants = Callable[[], bool]


def always() -> bool:
    """Of whoever takes every picture."""
    return True


class Rendition:
    """One recipe of one camera; made by `Renditions.find`.

    Args:
        camera: whose frames.
        recipe: what is done to them, after the camera's own flip and turn.
        fps: pictures a second at most; None for as many as come.
        renditions: who makes them.

    Attributes:
        slot: the newest picture that was made, and who hears of it.
    """

    def __init__(self, camera: Camera, recipe: Recipe, fps: float | None, renditions: "Renditions") -> None:
        self.camera = camera
        self.recipe = recipe
        self.fps = fps
        self.slot = Slot()
        self._renditions = renditions
        self._wants: tuple[Wants, ...] = ()  # of whoever attends
        self._newest: Frame | None = None  # not made yet
        self._queued = False
        self._under_way = False
        self._board = 0  # counts up whenever the camera may have got another one
        self._made_of = 0  # which of them the frame is of that is being made
        self._turn = camera.turn  # that the newest picture was made with
        self._due = 0.0

    @property
    def name(self) -> str:
        """The camera's."""
        return self.camera.name

    @property
    def health(self) -> Health:
        """The camera's; may be read from any thread."""
        return self.camera.health

    # Who looks.

    def attend(self, wants: Wants = always) -> None:
        """Somebody begins to look; each call is ended by one of `release`.

        Args:
            wants: whether a picture would be of use just now. Where that becomes so, `look_again` is to be called.
        """
        self._wants = (*self._wants, wants)
        if len(self._wants) > 1:
            self.look_again()
            return
        self.camera.attend()
        self.camera.slot.add(self)
        if (frame := self.camera.presentable()) is not None and not self._is_ready(frame):
            self._make(frame)

    def release(self, wants: Wants = always) -> None:
        """Somebody who attended so has looked away. Nothing is kept for the next: it would be old."""
        place = self._wants.index(wants)
        self._wants = self._wants[:place] + self._wants[place + 1 :]
        if self._wants:
            return
        self.camera.slot.remove(self)
        self.camera.release()
        self._newest = self.slot.latest = None
        self._due = 0.0
        self._renditions.forget(self)

    def presentable(self) -> Frame | None:
        """The newest picture for whoever begins to look; None until it is made. May be called from any thread.

        Of a camera that is online not one that has been kept because nobody could take a newer one.
        """
        frame, made = self.camera.presentable(), self.slot.latest
        if frame is None or made is None:
            return frame if frame is not None and self._is_ready(frame) else made
        if self._is_ready(frame):
            return frame
        is_old = self.health.state is State.ONLINE and frame.arrival - made.arrival >= _BEHIND
        return None if is_old else made

    def fresh_frame(self) -> Frame | None:
        """The newest picture, if there is one and it is not stale; may be called from any thread."""
        fresh, made = self.camera.fresh_frame(), self.slot.latest
        if fresh is None:
            return None
        if self._is_ready(fresh):
            return fresh if self.camera.presentable() is fresh else None
        return made if made is not None and fresh.arrival - made.arrival < _BEHIND else None

    # What comes.

    def take_frame(self, frame: Frame) -> None:
        """See `vedette.hub.Sink`."""
        if self.fps is not None and not self._is_due(frame.arrival, 1 / self.fps):
            return
        if self._is_ready(frame):
            self.slot.publish_frame(frame)
        else:
            self._make(frame)

    def take_health(self, health: Health) -> None:
        """See `vedette.hub.Sink`. A camera that has forgotten its picture may be another board by now."""
        if self.camera.slot.latest is None:
            self._newest = self.slot.latest = None
            self._board += 1
        if health.state is not State.ONLINE:
            self._due = 0.0  # when it is back that shows at once
            self._make_last()
        self.slot.publish_health(health)

    def look_again(self) -> None:
        """Have the newest frame made, if somebody wants it by now."""
        if self._newest is None or self._queued or self._under_way:
            return
        if any(wants() for wants in self._wants):
            self._queued = True
            self._renditions.enqueue(self)

    def take_next(self) -> Frame | None:
        """The newest frame, whose turn it is to be made; None where nobody looks any more."""
        frame, self._newest = self._newest, None
        self._queued = False
        self._made_of, self._turn = self._board, self.camera.turn
        self._under_way = frame is not None
        return frame

    def publish(self, made: Frame | None) -> None:
        """A picture has been made, or could not be. Of a camera that is away by now it is what is shown of it."""
        self._under_way = False
        if made is not None and self._wants and not self._is_outdated(made):
            if self.health.state is State.ONLINE:
                self.slot.publish_frame(made)
            else:
                self.slot.latest = made
                self.slot.publish_health(self.health)
        self.look_again()

    def effective(self) -> Recipe:
        """The camera's own flip and turn, as far as its sensor does not do them, and then the recipe."""
        turn = self.camera.turn
        return self.recipe.after(turn.flip, turn.rotate) if turn.flips or turn.rotate else self.recipe

    def _make_last(self) -> None:
        """Of a camera that is away: its last picture as it is wanted by now, if that has not been made yet."""
        frame, made = self.camera.presentable(), self.slot.latest
        if frame is None or self._is_ready(frame):
            return
        if made is None or made.sequence != frame.sequence or self._turn != self.camera.turn:
            self._make(frame)

    def _make(self, frame: Frame) -> None:
        if self._newest is not None and (self._queued or self._under_way):
            self._renditions.miss()
        self._newest = frame
        self.look_again()

    def _is_ready(self, frame: Frame) -> bool:
        """It needs nothing done."""
        return self.effective().leaves(frame.width)

    def _is_outdated(self, made: Frame) -> bool:
        """A newer one went through as it was meanwhile; or it is another board's."""
        shown = self.slot.latest
        return self._made_of != self._board or (shown is not None and made.sequence < shown.sequence)

    def _is_due(self, now: float, interval: float) -> bool:
        if now < self._due - min(_EARLY * interval, _MOST_EARLY):
            return False
        self._due = (self._due if now - self._due < interval else now) + interval
        return True

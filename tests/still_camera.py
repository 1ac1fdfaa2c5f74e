"""A camera in the hands of a test: a real one would look for its board."""

from vedette.frame import Frame
from vedette.hub import Health, Orientation, Slot, State


class StillCamera:
    """What renditions and viewers know of a camera.

    Attributes:
        attending: how many look.
        unchecked: the newest frame has been checked by its markers only.
    """

    def __init__(self, camera_id: str = "porch", name: str = "", state: State = State.ONLINE) -> None:
        self.id = camera_id
        self.name = name or camera_id
        self.slot = Slot()
        self.health = Health(state, 0.0)
        self.turn = Orientation()
        self.on_demand = False
        self.attending = 0
        self.unchecked = False

    def presentable(self) -> Frame | None:
        return None if self.unchecked else self.slot.latest

    def fresh_frame(self) -> Frame | None:
        return self.slot.latest if self.health.state is State.ONLINE else None

    def attend(self) -> None:
        self.attending += 1

    def release(self) -> None:
        self.attending -= 1

"""What the tests of the store drive: waiting for its thread, and cameras that are put into any state by hand."""

import time
from collections.abc import Callable

from tests.fake_clock import FakeClock

from vedette.errors import Reason
from vedette.hub import CameraStatus, Health, Rejected, Slot, State


def eventually(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait for what another thread must make true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s"
        time.sleep(0.005)


class HandCamera:
    """See `vedette.store.chronicle.Watched`."""

    def __init__(self, camera_id: str, clock: FakeClock) -> None:
        self.id = camera_id
        self.slot = Slot()
        self.clock = clock
        self.health = Health(State.CONNECTING, clock.time())
        self.frames = 0
        self.rejected = 0
        self.age: float | None = None

    def status(self) -> CameraStatus:
        return CameraStatus(
            id=self.id,
            name=self.id,
            firmware=None,
            health=self.health,
            last_frame_age_s=self.age,
            fps=None,
            bytes_per_s=None,
            width=None,
            height=None,
            frames=self.frames,
            rejected=Rejected(corrupt=self.rejected),
            reconnects=0,
            reboots=0,
            warnings=(),
            control=None,
        )

    def become(self, state: State, reason: Reason | None = None, explanation: str | None = None) -> None:
        since = self.health.since if self.health.state is state else self.clock.time()
        self.health = Health(state, since, reason, explanation)
        self.slot.publish_health(self.health)

"""One simulated board: its settings, its pictures, its counters, its clock, and what is wrong with it.

A reboot forgets what the firmware does not save.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from vedette.boards import OV2640, AuthScheme, Firmware, Sensor
from vedette.simulator.alteration import SPOILING
from vedette.simulator.diary import Diary
from vedette.simulator.faults import Fault
from vedette.simulator.guard import Credentials, Guard
from vedette.simulator.pictures import Pictures
from vedette.simulator.scene import SceneBook
from vedette.simulator.serving import Serving
from vedette.simulator.settings import Settings, Size
from vedette.simulator.timings import Timings
from vedette.simulator.viewers import Viewers

if TYPE_CHECKING:
    from collections.abc import Callable

_FAULT_DELAY = 2.0  # seconds of good pictures before a stall or a drop
_REQUESTS = 4096  # of the control port, kept for tests
_REMEMBERED = 256  # frames kept for tests that compare what arrived with what was sent


@dataclass(slots=True)
class Counters:
    """What a board has accepted and done since it was made; a reboot does not forget it."""

    stream_connections: int = 0
    streams_served: int = 0
    stream_clients: int = 0  # connected now, the waiting ones too
    frames_sent: int = 0
    captures: int = 0
    control_requests: int = 0
    status_requests: int = 0
    reboots: int = 0


class Board:
    """One board.

    Args:
        firmware: what runs on it.
        name: shown in the picture.
        scenes: where its pictures come from.
        variant: which scene it looks at.
        size: width and height in pixels.
        fps: pictures a second.
        faults: what it does wrong from the start; changed by `misbehave`, on the simulator's loop.
        credentials: user name and password that its firmware asks for; None for none.
        scheme: how it asks, where it is not the firmware's way.
        sensor: its camera chip.
        lamp: it has one that can be set.
        seed: of everything that is left to chance.
        timings: how long troubles take.

    Attributes:
        counters: for tests, and at `/counters` of the control port.
        sent: the newest pictures, as they went out.
        requests: the newest requests to its control port, path and query, in the order in which they came; those for
            its counters are not among them.
        sensor: its camera chip.
        viewers: who watches its stream.
        diary: what it knows of itself; None of firmware that does not tell.
        serving: answers its connections.
        on_reboot: called when a control request resets the board.
    """

    def __init__(
        self,
        firmware: Firmware,
        name: str,
        scenes: SceneBook,
        variant: int,
        size: Size,
        fps: float,
        faults: frozenset[Fault],
        *,
        credentials: Credentials | None = None,
        scheme: AuthScheme | None = None,
        sensor: Sensor = OV2640,
        lamp: bool = False,
        seed: int = 0,
        timings: Timings | None = None,
    ) -> None:
        self.firmware = firmware
        self.name = name
        self.faults = faults
        self.fps = fps
        self.timings = timings or Timings()
        self.counters = Counters()
        self.sent: deque[bytes] = deque(maxlen=_REMEMBERED)
        self.requests: deque[str] = deque(maxlen=_REQUESTS)
        self.on_reboot: Callable[[], None] = lambda: None
        self.sensor = sensor
        self._first_size = size
        self._lamp = lamp
        self._kept: Settings | None = None
        self.settings = self._factory_settings()
        self._pictures = Pictures(scenes, variant, name, fps)
        self._chance = f"{seed}:{variant}"
        self._begun: dict[Fault, float] = {}
        self._booted = 0.0
        self.viewers = Viewers(firmware)
        self.diary = Diary(self) if firmware.health_path is not None else None
        auth = firmware.auth
        if auth is not None and scheme is not None:
            auth = replace(auth, scheme=scheme)
        nonce = Random(self._chance).randbytes(8).hex()  # noqa: S311 - nobody's secret
        self.serving = Serving(self, Guard(auth, credentials, nonce) if auth and credentials else None)

    # What faults and streams need to know.

    async def boot(self) -> None:
        """Start the clock that X-Timestamp shows, forget all settings that were not saved, and draw."""
        if self.diary is not None:
            self.diary.boot()
        self.settings = self._factory_settings()
        if self._kept is not None:
            self.settings.copy(self._kept)
        self._booted = asyncio.get_running_loop().time()
        await self._pictures.look(
            self.settings.size, self.settings.values["quality"], plain=bool(self.faults & SPOILING)
        )

    def misbehave(self, faults: frozenset[Fault]) -> None:
        """Change what the board does wrong."""
        now = asyncio.get_running_loop().time()
        if self.diary is not None:
            self.diary.misbehave(self.faults, faults)
        self._begun = {fault: self._begun.get(fault, now) if fault in self.faults else now for fault in faults}
        self.faults = faults

    def uptime(self) -> float:
        """Seconds since it booted."""
        return asyncio.get_running_loop().time() - self._booted

    def fault_age(self, fault: Fault) -> float:
        """Seconds since a fault began; those that were there from the start began with the boot."""
        return asyncio.get_running_loop().time() - self._begun.get(fault, self._booted)

    @property
    def fault_delay(self) -> float:
        """Seconds of good pictures before a stall or a drop."""
        return _FAULT_DELAY

    def blip_left(self) -> float:
        """Seconds until the Wi-Fi is back: a blip stands at the head of each of its periods."""
        phase = self.fault_age(Fault.WIFI_BLIPS) % self.timings.blip_every
        return max(0.0, self.timings.blip - phase)

    def random(self, index: int) -> Random:
        """Chance for picture number ``index``: the same for the same seed, board and picture."""
        return Random(f"{self._chance}:{index}")  # noqa: S311 - noise, not a secret

    def keep_settings(self, *, keep: bool, but: tuple[str, ...] = ()) -> None:
        """Save the settings over reboots, or no longer; ``but`` these."""
        self._kept = None
        if keep:
            self._kept = self._factory_settings()
            self._kept.copy(self.settings, but)

    def _factory_settings(self) -> Settings:
        return Settings(self.firmware, self._first_size, self.sensor, self.name, lamp=self._lamp)

    def end_streams(self) -> None:
        """Close every viewer's connection."""
        self.viewers.end()

    async def take_picture(self, index: int, size: Size, *, plain: bool = False) -> bytes:
        """A whole picture of the scene, in the quality that is set."""
        return await self._pictures.take(size, self.settings.values["quality"], index, plain=plain)

    async def write_head(self, writer: asyncio.StreamWriter, head: bytes) -> None:
        """Send the head of an answer, or let it trickle."""
        step = 1 if Fault.SLOW_HEAD in self.faults else len(head)
        for place in range(0, len(head), step):
            writer.write(head[place : place + step])
            await writer.drain()
            if step < len(head):
                await asyncio.sleep(self.timings.head_byte)

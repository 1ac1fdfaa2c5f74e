"""A keeper on a fake clock, and a simulated board that it writes to without a socket between them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import pytest
from tests.fake_clock import FakeClock, settle

from vedette.boards import FIRMWARES, OV2640, Firmware, Sensor
from vedette.control.keeper import Keeper
from vedette.control.knowledge import Knowledge
from vedette.control.report import Setting
from vedette.errors import BoardError, Reason
from vedette.frame import Frame
from vedette.hub import ControlPort, Health, Orientation, Slot, State
from vedette.simulator import Board, Fault
from vedette.simulator.control import Control
from vedette.simulator.requests import Request
from vedette.simulator.scene import SceneBook
from vedette.simulator.settings import Settings
from vedette.sources import Answer, NoAnswerError
from vedette.wire.http import ResponseHead

TICK = 0.05  # seconds between frames
QUEUED = 3  # frames of the old size after a change


class FakeCamera:
    """As much of a camera as a keeper needs."""

    def __init__(self, port: ControlPort) -> None:
        self.id = "porch"
        self.host = "192.168.0.123"
        self.slot = Slot()
        self.health = Health(State.CONNECTING, 0.0)
        self.on_status: Callable[[], None] | None = None
        self.port = port
        self.orientation = Orientation()
        self.flipped: frozenset[str] | None = None  # by its sensor, as far as the keeper has said anything

    def sensor_flips(self, names: frozenset[str]) -> None:
        self.flipped = names


class Bench:
    """One board, one camera, one keeper.

    Attributes:
        silent: the control port does not answer.
        answer: in place of the board's own, by target: a status, or one with a body; None lets the board answer.
    """

    def __init__(
        self,
        firmware: Firmware = FIRMWARES["cameraserver"],
        *,
        sensor: Sensor = OV2640,
        size: tuple[int, int] = (320, 240),
        lamp: bool = False,
        faults: tuple[Fault, ...] = (),
        wanted: Mapping[str, Setting] | None = None,
        knowledge: Knowledge | None = None,
        flow: bool = True,
    ) -> None:
        self.clock = FakeClock()
        self.flow = flow
        self.silent = False
        self.answer: Callable[[str], int | tuple[int, bytes] | None] = lambda _: None
        scenes = SceneBook()
        self.board = Board(*(firmware, "Board", scenes, 0, size, 20.0, frozenset(faults)), sensor=sensor, lamp=lamp)
        self._control = Control(self.board)
        self._sensor, self._lamp, self._first_size = sensor, lamp, size
        self.camera = FakeCamera(self.make_port())
        self.port.know(firmware)
        self.knowledge = knowledge or Knowledge()
        self.keeper = self.make_keeper(wanted or {})
        self._shown, self._queued, self._count = size, 0, 0

    def make_port(self) -> ControlPort:
        """As the camera has it after each reconfiguration."""
        port = self.port = ControlPort("192.168.0.123", None, self._fetch, self.clock)
        port.on_status = lambda: self.camera.on_status and self.camera.on_status()
        return port

    def make_keeper(self, wanted: Mapping[str, Setting]) -> Keeper:
        """Of the camera as it is."""
        return Keeper(self.camera, wanted, self.knowledge, self.clock)

    def swap(self, firmware: Firmware) -> None:
        """Another board is behind the same address."""
        self.set_state(State.OFFLINE)
        self.board.firmware = firmware
        self.board.settings = Settings(firmware, self._first_size, self._sensor, lamp=self._lamp)
        self._control = Control(self.board)

    async def renew(self, wanted: Mapping[str, Setting]) -> None:
        """The camera is reconfigured: it has another port, and another keeper."""
        await self.keeper.stop()
        self.set_state(State.DISABLED)
        self.camera.port = self.make_port()
        self.keeper = self.make_keeper(wanted)
        self.keeper.start()
        await settle()

    async def _fetch(self, url: str, **_options: object) -> Answer:
        await asyncio.sleep(0)
        if self.silent:
            raise BoardError(Reason.UNREACHABLE)
        target = url.removeprefix("http://192.168.0.123")
        if (instead := self.answer(target)) is not None:
            self.board.requests.append(target)
            status, body = instead if isinstance(instead, tuple) else (instead, b"")
            return Answer(ResponseHead(status, {}), body)
        response = self._control.answer(Request("GET", target, {}))
        if not response:
            raise NoAnswerError(Reason.REFUSED, "it closed the connection without an answer")
        head, _, body = response.partition(b"\r\n\r\n")
        return Answer(ResponseHead(int(head.split(b" ")[1]), {}), body)

    # What happens.

    async def connect(self) -> None:
        """A connection begins: its first picture, then its first status."""
        self.port.know(self.board.firmware)
        self._shown = self.board.settings.size
        self._publish()
        self.set_state(State.ONLINE)
        await self.port.ask()
        await settle()

    def set_state(self, state: State) -> None:
        self.camera.health = Health(state, self.clock.time())
        self.camera.slot.publish_health(self.camera.health)

    async def reboot(self) -> None:
        """The board forgets everything, and is back."""
        self.set_state(State.OFFLINE)
        self.board.settings = Settings(self.board.firmware, self._first_size, self._sensor, lamp=self._lamp)
        await self.clock.advance(3)
        await self.connect()

    async def run(self, seconds: float) -> None:
        """Let time pass, with frames."""
        for _ in range(round(seconds / TICK)):
            await self.clock.advance(TICK)
            if self.flow and self.camera.health.state is State.ONLINE:
                self._publish()

    async def settled(self, within: float = 20.0) -> float:
        """Wait until nothing is pending; gives the seconds that took."""
        began = self.clock.monotonic()
        while self.keeper.report.pending:
            await self.run(TICK)
            assert self.clock.monotonic() - began < within, f"pending: {self.keeper.report.pending}"
        return self.clock.monotonic() - began

    def _publish(self) -> None:
        size = self.board.settings.size
        if size != self._shown:
            self._queued += 1
            if self._queued > QUEUED:
                self._shown, self._queued = size, 0
        self._count += 1
        width, height = self._shown
        self.camera.slot.publish_frame(
            Frame(b"", self._count, self.clock.time(), self.clock.monotonic(), width, height)
        )

    @property
    def writes(self) -> list[str]:
        """Requests to the board that are no questions, in order."""
        return [target for target in self.board.requests if not target.startswith(("/status", "/greg"))]


Story = Callable[[Bench], Awaitable[None]]


@pytest.fixture
def play():
    """Let a story happen with a board that is online, unless the story is to begin without."""

    def run(story: Story, firmware: Firmware | str = "cameraserver", *, online: bool = True, **options: object) -> None:
        async def whole() -> None:
            known = FIRMWARES[firmware] if isinstance(firmware, str) else firmware
            bench = Bench(known, **options)  # type: ignore[arg-type]
            bench.keeper.start()
            await settle()
            if online:
                await bench.connect()
            try:
                await story(bench)
            finally:
                await bench.keeper.stop()

        asyncio.run(whole())

    return run

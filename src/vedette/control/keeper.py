"""One camera's wanted settings against those that its board reports.

It begins when a status has been read, or when something else is wanted. It writes only what differs, one at a time, the
newest value only, and asks for the status again: what a board has lost is written again, five rounds at most. What it
refuses, or keeps as it is, is said so, and is left alone until something else is wanted or a new connection begins: a
board that has restarted knows nothing of what it has refused. What is out of range is never sent.

Everything happens on the engine's loop; `Keeper.report` may be read from any thread.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Protocol

from vedette.boards import RESOLUTION, Control, Firmware, Kind, controls_for, why_no_controls, widest_controls
from vedette.clock import Clock, pause
from vedette.control.knowledge import AEC2_TARGET, CHIP_TARGET, Knowledge
from vedette.control.presets import presets_for
from vedette.control.report import Command, Setting, SettingsReport
from vedette.control.resizing import Resizing
from vedette.control.sizes import Size, read_size, write_size
from vedette.control.standing import Standing, Value, shown
from vedette.errors import BoardError, Reason, RequestError
from vedette.frame import Frame
from vedette.hub import ControlPort, Health, Orientation, Slot, State
from vedette.hub.orientation import FLIPS
from vedette.sources import NoAnswerError
from vedette.wire.jpeg_header import read_size as read_frame_size

RETRIES = (0.5, 1.0, 2.0, 5.0, 10.0)  # seconds between attempts at a board that does not answer, the last one for ever

REBOOT_PATIENCE = 2.0  # seconds for the answer of a board that is told to restart: some do so before they answer

_CONNECTED = frozenset((State.ONLINE, State.STALE))
_log = logging.getLogger(__name__)


class Kept(Protocol):
    """What a keeper needs of a camera; see `vedette.hub.Camera`."""

    id: str
    slot: Slot
    health: Health
    on_status: Callable[[], None] | None
    orientation: Orientation

    def sensor_flips(self, names: frozenset[str]) -> None:
        """Its sensor confirms these flips, and no others."""

    @property
    def host(self) -> str:
        """The board's, as the configuration has it."""

    @property
    def port(self) -> ControlPort:
        """The board's control port; may be another one later."""


class Keeper:
    """Keeps one camera's settings.

    Args:
        camera: whose.
        wanted: by name, as the configuration has them; may be wrong.
        knowledge: of the board, from earlier.
        clock: for all waiting.

    Attributes:
        report: how things are; replaced, never changed.
        controls: what may be set, by name: what the board took when it was met last; as long as nobody has met it,
            whatever some board takes.
    """

    def __init__(self, camera: Kept, wanted: Mapping[str, Setting], knowledge: Knowledge, clock: Clock) -> None:
        self._camera = camera
        self._knowledge = knowledge
        self._clock = clock
        knowledge.reconnect()  # a camera has a new keeper when it is connected to otherwise
        self._standing = Standing(wanted, self._reported, self._is_told_once, clock)
        self._resizing = Resizing(self._frame_size, knowledge, clock)
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._state = camera.health.state
        self._met = False  # a status has been read on this connection
        self._unread = False  # a status has been read, and nothing learnt from it yet
        self._unsure = False  # something was written, and the board has not said since how it is
        self._in_question = knowledge.in_question  # when a size was refused
        self._held_before: frozenset[str] = frozenset()  # what was as wanted on the connection before
        self.controls: Mapping[str, Control] = MappingProxyType({})
        self.report = self._say()

    # Its life.

    def start(self) -> None:
        """Begin."""
        self._camera.on_status = self._status_read
        self._camera.slot.add(self)
        if self._is_online() and self._camera.port.status:
            self._status_read()  # of a camera that was there before its keeper
        self._task = asyncio.create_task(self._live(), name=f"keeper-{self._camera.id}")

    async def stop(self) -> None:
        """End, and let the board be as it is."""
        self._camera.on_status = None
        self._camera.slot.remove(self)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def want(self, wanted: Mapping[str, Setting]) -> None:
        """These are wanted from now on, and no others."""
        self._standing.want(wanted)
        self._stir()

    def reset(self) -> None:
        """Write the defaults of everything that is not wanted, once; the size stays. Of a board that is away, later."""
        self._knowledge.is_to_be_reset = True
        self._want_defaults()
        self._stir()

    async def command(self, command: Command) -> None:
        """Tell the board something.

        Raises:
            RequestError: its firmware cannot do that.
            BoardError: it does not answer.
        """
        target = self._commands().get(command)
        if target is None:
            raise RequestError(409, "not_supported", f"This board's firmware has no {command.value} by request.")
        try:
            patience = REBOOT_PATIENCE if command is Command.REBOOT else None
            answer = await self._camera.port.get(target, patience=patience)
        except NoAnswerError:
            if command is not Command.REBOOT:
                raise
            # easytarget resets before it answers
        else:
            if answer.head.status != 200:
                raise BoardError(Reason.HTTP_ERROR, str(answer.head.status))
        _log.info("[%s] %s", self._camera.id, command.value)

    # What it hears.

    def take_frame(self, frame: Frame) -> None:
        """See `vedette.hub.Sink`; the newest frame is looked up when it is needed."""

    def take_health(self, health: Health) -> None:
        """See `vedette.hub.Sink`: every new connection begins with a board of which nothing is known."""
        if self._state in _CONNECTED and health.state not in _CONNECTED:
            self._held_before = self._standing.held()
        if health.state is State.ONLINE and self._state not in _CONNECTED:
            self._met = self._unsure = False
            self._knowledge.reconnect()
            self._standing.begin()
        self._state = health.state
        self._stir()

    def _status_read(self) -> None:
        self._unread = True
        self._met = self._met or self._is_online()
        self._unsure = False
        self._stir()

    def _stir(self) -> None:
        self._flip()
        self.report = self._say()
        self._wake.set()

    # What it does.

    async def _live(self) -> None:
        failures = 0  # in a row; a new connection has nothing due at first, which is none
        while True:
            try:
                self._wake.clear()
                await self._attend()
                failures = 0
                await self._wake.wait()
            except BoardError as error:
                wait = RETRIES[min(failures, len(RETRIES) - 1)]
                failures += 1
                _log.debug("[%s] settings: %s; again in %g s", self._camera.id, error, wait)
                self.report = self._say()
                await self._rest(wait)
            except Exception:  # noqa: BLE001 - the task's edge: one camera's fault must not end its keeping
                _log.exception("[%s] a fault of Vedette's own; please report it", self._camera.id)
                await pause(self._clock, RETRIES[-1])

    async def _rest(self, seconds: float) -> None:
        """Wait, but no longer than until something has happened."""
        timer = self._clock.call_later(seconds, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            timer.cancel()

    async def _attend(self) -> None:
        """Write what is due, until nothing is."""
        written: dict[str, Value] = {}
        try:
            if self._unsure and self._may_write():
                await self._ask()
            await self._learn()
            self._want_defaults()
            while self._may_write() and (due := self._standing.due()):
                await self._round(due, written)
            if self._may_write():
                self._knowledge.is_to_be_reset = False
        finally:
            self._tell(written)
            self._confirm_flips()
            self.report = self._say()

    async def _ask(self) -> None:
        """Ask how it is by now. What is no status is no answer: by it nothing that was written can be judged."""
        self._unsure = True
        port = self._camera.port
        if not await port.ask():
            raise BoardError(Reason.UNREACHABLE, "the control port has fallen silent")
        if not port.told:
            raise BoardError(Reason.HTTP_ERROR, "what it answers is no status")

    async def _round(self, due: Iterable[str], written: dict[str, Value]) -> None:
        """Write these once each, ask how it is now, and note what was written."""
        tried: dict[str, Value] = {}
        for name in due:
            value = self._standing.targets().get(name)
            if value is None or not self._may_write():
                continue  # it is not wanted any more, or the board has gone
            if refusal := await self._write(name, value):
                self._standing.refuse(name, value, refusal)
            tried[name] = written[name] = value
            self.report = self._say()
        if tried:
            await self._ask()
        await self._learn()
        for name, value in tried.items():
            self._standing.judge(name, value)

    async def _write(self, name: str, value: Value) -> str | None:
        """Write one; gives a sentence where the board refuses."""
        port = self._camera.port
        if name == RESOLUTION:
            size = read_size(str(value)) or (0, 0)
            refusal = await self._resizing.resize(port, size)
            if self._frame_size() == size:
                self._standing.took(name, value)
            return refusal
        status = await port.write(name, int(value))
        if status != 200:
            return f"The board refused {shown(value)} (error {status})."
        if not self._is_told_once(name) or await self._has_aec2(port, on=bool(value)):
            self._standing.took(name, value, port.writes)
        return None

    async def _has_aec2(self, port: ControlPort, *, on: bool) -> bool:
        """What the sensor itself says; where it cannot be asked, that the board has answered is enough."""
        if port.firmware is None or not port.firmware.tells_registers:
            return True
        answer = await port.get(AEC2_TARGET)
        text = answer.body.decode("ascii", "replace").strip()
        return answer.head.status != 200 or not text.isdecimal() or (int(text) == 0) == on

    async def _learn(self) -> None:
        """Read the newest status, and ask for what it does not say."""
        port = self._camera.port
        if not self._unread or port.report is None:
            return
        self._unread = False
        self._knowledge.read(port.report)
        if self._may_write() and self._knowledge.doubts_chip:
            with contextlib.suppress(BoardError):
                answer = await port.get(CHIP_TARGET)
                self._knowledge.chip(answer.body.decode("ascii", "replace") if answer.head.status == 200 else "")
            self._knowledge.guess(port.status)
        size, number = self._frame_size(), port.status.get("framesize")
        if size and number is not None and self._is_online() and not self._standing.is_resizing():
            self._knowledge.notice(number, size, self._clock.monotonic())
        if self._knowledge.in_question != self._in_question:
            self._in_question = self._knowledge.in_question
            self._standing.reconsider(RESOLUTION)
        if (firmware := port.firmware) is not None:
            self._knowledge.firmware = firmware
            self._knowledge.offered = controls_for(firmware, self._knowledge.sensors, self._knowledge.eras, port.status)
        self._flip()
        self.report = self._say()

    def _want_defaults(self) -> None:
        if self._knowledge.is_to_be_reset:
            defaults = {control.name: control.default for control in self._offered if control.name != RESOLUTION}
            self._standing.want_once({name: value for name, value in defaults.items() if value is not None})

    # Which way up.

    def _flip(self) -> None:
        """Have the sensor flip, where it says what it does. What the user has set by name stays as it is.

        A flip is a change from what the board does by itself: an OV3660 is upside down, and turned by its firmware.
        """
        flips, by_name = self._camera.orientation.flips, self._standing.wanted.keys()
        told = self._camera.port.status.keys() - by_name
        ours = flips | self._knowledge.flipped  # one that is wanted no longer goes back to what it was
        self._standing.besides = {
            control.name: control.default != (control.name in flips)
            for control in self._offered
            if control.name in FLIPS & told & ours and isinstance(control.default, bool)
        }
        self._knowledge.flipped = self._knowledge.flipped - by_name | self._standing.besides.keys()
        self._confirm_flips()

    def _confirm_flips(self) -> None:
        """What the sensor does need not be done to the pictures. Before it has been asked, it does what it did.

        A camera that is being reconfigured has another port already, which has not asked.
        """
        if self._met and self._camera.port.status:
            flips, standing = self._camera.orientation.flips, self._standing
            held = (name for name, value in standing.besides.items() if standing.holds(name, value))
            self._camera.sensor_flips(flips.intersection(held))

    # What it knows.

    @property
    def _firmware(self) -> Firmware | None:
        """What runs on the board; while nobody knows, what ran on it when it was met last."""
        return self._camera.port.firmware or self._knowledge.firmware

    @property
    def _offered(self) -> tuple[Control, ...]:
        """What can be set on it; nothing as long as nobody has met it."""
        firmware = self._firmware
        return () if firmware is None or firmware.control is None else self._knowledge.offered

    def _is_online(self) -> bool:
        return self._camera.health.state is State.ONLINE

    def _may_write(self) -> bool:
        return self._met and self._is_online()

    def _is_told_once(self, name: str) -> bool:
        """After a boot an OV2640 reports aec2 inverted; once it was written, the driver reports what was written.

        That a write was lost does not always show in the report, then; so the sensor is asked, where that can be done.
        """
        return name == "aec2" and self._knowledge.may_be_ov2640

    def _frame_size(self) -> Size | None:
        """Of the newest frame; read from it where nobody has checked it."""
        frame = self._camera.slot.latest
        if frame is None:
            return None
        return (frame.width, frame.height) if frame.width else read_frame_size(frame.jpeg)

    def _reported(self) -> dict[str, Value]:
        status, size = self._camera.port.status, self._frame_size()
        found: dict[str, Value] = {RESOLUTION: write_size(size)} if size and self._offered else {}
        for control in self._offered:
            if (number := status.get(control.name)) is not None:
                found[control.name] = bool(number) if control.kind is Kind.BOOL else number
        return found

    def _commands(self) -> dict[Command, str]:
        firmware = self._camera.port.firmware
        if firmware is None:
            return {}
        targets = {
            Command.REBOOT: firmware.reboot_target,
            Command.SAVE: firmware.save_target,
            Command.CLEAR: firmware.clear_target,
        }
        return {command: target for command, target in targets.items() if target is not None}

    # What it says.

    def _say(self) -> SettingsReport:
        firmware, standing, offered = self._firmware, self._standing, self._offered
        takes_settings = firmware is None or firmware.control is not None  # as far as anybody knows
        note = None if offered else why_no_controls(None if takes_settings or not firmware else firmware.family)
        settable = offered or (widest_controls() if takes_settings else ())
        self.controls = standing.controls = MappingProxyType({control.name: control for control in settable})
        why = {name: standing.refusal(name) if settable else note for name in standing.wanted}
        targets = standing.targets()
        good = {name: targets[name] for name, sentence in why.items() if sentence is None}
        return SettingsReport(
            wanted=MappingProxyType({**standing.wanted, **good}),
            reported=MappingProxyType(self._reported()),
            pending=tuple(name for name, value in good.items() if not self._met or not standing.holds(name, value)),
            refused=MappingProxyType({name: sentence for name, sentence in why.items() if sentence is not None}),
            controls=offered,
            presets=presets_for(offered, firmware.init_size if firmware is not None else None),
            commands=frozenset(self._commands()),
            note=note,
        )

    def _tell(self, written: Mapping[str, Value]) -> None:
        """One line for the log, and one for each refusal."""
        standing = self._standing
        why = {
            name: standing.refusal(name) if name in standing.wanted else standing.refused(name, value)
            for name, value in written.items()
        }
        done = {name: value for name, value in written.items() if why[name] is None}
        again = [name for name in done if name in self._held_before]
        new = [f"{name} = {shown(value)}" for name, value in done.items() if name not in again]
        self._held_before -= set(again)
        if again:
            _log.info("[%s] re-applied after a new connection: %s", self._camera.id, ", ".join(again))
        if new:
            _log.info("[%s] set %s", self._camera.id, ", ".join(new))
        for name, sentence in why.items():
            if sentence is not None:
                _log.warning("[%s] %s: %s", self._camera.id, name, sentence)

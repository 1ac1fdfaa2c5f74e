"""All cameras' settings: one keeper for each, and what has been learnt about each board."""

from collections.abc import Mapping

from vedette.boards import widest_controls
from vedette.clock import Clock
from vedette.control.checking import check
from vedette.control.keeper import Keeper, Kept
from vedette.control.knowledge import Knowledge
from vedette.control.report import Command, Setting, SettingsReport
from vedette.hub.hub import camera_unknown


class Keepers:
    """Keeps the settings of all cameras. On the engine's loop, except `settings`, `checked` and `checked_new`.

    Args:
        clock: for all waiting.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._keepers: dict[str, Keeper] = {}
        self._knowledge: dict[tuple[str, str], Knowledge] = {}  # of boards that have gone, too: they come back

    def add(self, camera: Kept, wanted: Mapping[str, Setting]) -> None:
        """Keep a camera's settings from now on. What is known of a board belongs to the host that it was learnt at."""
        knowledge = self._knowledge.setdefault((camera.id, camera.host), Knowledge())
        keeper = Keeper(camera, wanted, knowledge, self._clock)
        self._keepers = {**self._keepers, camera.id: keeper}
        keeper.start()

    def want(self, camera_id: str, wanted: Mapping[str, Setting]) -> None:
        """These are wanted from now on, and no others."""
        self._keeper(camera_id).want(wanted)

    async def renew(self, camera: Kept, wanted: Mapping[str, Setting]) -> None:
        """The camera has been reconfigured: it may have another board."""
        await self._keeper(camera.id).stop()
        self.add(camera, wanted)

    async def remove(self, camera_id: str) -> None:
        """Keep this camera's settings no longer; harmless where nobody does."""
        keeper = self._keepers.get(camera_id)
        self._keepers = {other: each for other, each in self._keepers.items() if other != camera_id}
        if keeper is not None:
            await keeper.stop()

    async def stop(self) -> None:
        """Keep nothing any more."""
        for camera_id in tuple(self._keepers):
            await self.remove(camera_id)

    def settings(self, camera_id: str) -> SettingsReport:
        """How a camera's settings are; from any thread.

        Raises:
            RequestError: there is no such camera.
        """
        return self._keeper(camera_id).report

    def checked(self, camera_id: str, changes: Mapping[str, object]) -> dict[str, Setting | None]:
        """Changes as JSON has them, in the form in which they are kept; None takes one away. From any thread.

        Raises:
            RequestError: one of them is wrong, or there is no such camera.
        """
        keeper = self._keeper(camera_id)
        report = keeper.report
        return check(changes, keeper.controls, report.wanted, report.note if not keeper.controls else None)

    def checked_new(self, settings: Mapping[str, object]) -> dict[str, Setting]:
        """Settings of a camera that is about to be added, as `checked`: what no board takes is wrong. From any thread.

        Raises:
            RequestError: one of them is wrong.
        """
        checked = check(settings, {control.name: control for control in widest_controls()}, {}, None)
        return {name: value for name, value in checked.items() if value is not None}

    def reset(self, camera_id: str) -> None:
        """Write a board's defaults, once, as soon as it is there; what is wanted stays as it is."""
        self._keeper(camera_id).reset()

    async def command(self, camera_id: str, command: Command) -> None:
        """Tell a board something.

        Raises:
            RequestError: its firmware cannot do that, or there is no such camera.
            BoardError: it does not answer.
        """
        await self._keeper(camera_id).command(command)

    def _keeper(self, camera_id: str) -> Keeper:
        keeper = self._keepers.get(camera_id)
        if keeper is None:
            raise camera_unknown(camera_id)
        return keeper

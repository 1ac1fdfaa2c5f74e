"""Which cameras there are: keeps the running ones in step with the configuration file.

The file may be changed by a text editor, or through the API, at any time. What has a mistake is refused as a whole,
and the running configuration stays. Only what changed is touched: a camera that is the same keeps its connection and
its viewers, and one that is connected to otherwise keeps its viewers too.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from tomlkit import TOMLDocument

from vedette.cameras import Shared, build_camera, build_links
from vedette.config import EMPTY_ETAG, CameraConfig, Config, ConfigFile, KeyPath, Setting, Version, edits
from vedette.control import Keepers
from vedette.errors import ConfigError, ReadOnlyError, RequestError, VedetteError
from vedette.hub import Camera, Hub, Orientation
from vedette.live import Live, News, Walls
from vedette.store import Chronicle

_RELOAD_WITHIN = 20.0  # seconds: a board's connection is ended before the next one begins
_LIVELY = frozenset({"name", "settings", "flip", "rotate"})  # keys that change nothing about the connection

_log = logging.getLogger(__name__)

Changes = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Rooms:
    """Who has something for each camera, and must hear of those that come and go."""

    hub: Hub
    chronicle: Chronicle
    live: Live
    news: News
    walls: Walls
    keepers: Keepers


class Roster:
    """Any thread may call it; one change at a time.

    Args:
        file: the configuration; None where the server runs without one, and nothing can be changed.
        config: what is running, as that was read.
        shared: what all cameras have in common.
        rooms: who hears of them.
    """

    def __init__(self, file: ConfigFile | None, config: Config, shared: Shared, rooms: Rooms) -> None:
        self._file = file
        self._shared = shared
        self._rooms = rooms
        self._lock = threading.Lock()
        self._applying = asyncio.Lock()
        self._version = Version(config, "")
        self._problem: str | None = None
        if file is not None:
            self._adopt_etag(file)

    @property
    def config(self) -> Config:
        """What is running."""
        return self._version.config

    @property
    def etag(self) -> str:
        """Of the version that is running."""
        return self._version.etag

    @property
    def problem(self) -> str | None:
        """What is wrong with the file as it is now; None where it is what is running."""
        return self._problem

    @property
    def variables(self) -> Mapping[KeyPath, str]:
        """Environment variables that stand above the file, by the key that they set."""
        return self._file.variables() if self._file is not None else {}

    def reload(self) -> None:
        """The file may be another one by now: let it be what is running, unless it has mistakes."""
        if self._file is None:
            return
        with self._lock:
            try:
                version = self._file.read()
            except VedetteError as error:
                self._refuse(str(error))
                return
            if self._has_gone(version):
                self._refuse(f"{self._file.path} has gone, or is empty")
                return
            self._problem = None
            if version.etag != self._version.etag:
                _log.info("%s has changed", self._file.path)
                self._follow(version)

    def change_settings(self, camera_id: str, changes: Mapping[str, Setting | None], expected: str | None) -> None:
        """Want these settings of a camera's board from now on; None is a setting that is not wanted any more.

        Raises:
            RequestError: there is no such camera.
            ConflictError, LockedError, ReadOnlyError, ConfigError, ServerError: see `ConfigFile.edit`.
        """
        paths = [("cameras", camera_id, "settings", name) for name in changes]
        change = partial(edits.change_settings, camera_id=camera_id, changes=changes)
        self._edit(change, paths, expected, camera_id)

    def add_camera(self, camera_id: str, table: Changes, expected: str | None) -> None:
        """Have one more camera; raises as `change_settings`."""
        paths = [("cameras", camera_id, key) for key in table]
        self._edit(partial(edits.add_camera, camera_id=camera_id, table=table), paths, expected)

    def change_camera(self, camera_id: str, changes: Changes, expected: str | None) -> None:
        """Change keys of a camera's table; None takes one away. Raises as `change_settings`."""
        paths = [("cameras", camera_id, key) for key in changes]
        self._edit(partial(edits.change_camera, camera_id=camera_id, changes=changes), paths, expected, camera_id)

    def remove_camera(self, camera_id: str, expected: str | None) -> None:
        """Have a camera no more; its history stays. Raises as `change_settings`."""
        mine = [path for path in self.variables if path[:2] == ("cameras", camera_id)]
        self._edit(partial(edits.remove_camera, camera_id=camera_id), mine, expected, camera_id)

    def _edit(
        self,
        change: Callable[[TOMLDocument], None],
        paths: Iterable[KeyPath],
        expected: str | None,
        camera_id: str | None = None,
    ) -> None:
        if self._file is None:
            raise ReadOnlyError("This server runs without a configuration file: nothing can be kept.")
        with self._lock:
            if camera_id is not None:
                self._rooms.hub.find(camera_id)
            self._refuse_broken(self._file)
            version = self._file.edit(change, paths, expected)
            self._problem = None
            self._follow(version)

    def _refuse_broken(self, file: ConfigFile) -> None:
        """A file that is not what is running is not written to: what stands in it would be lost, or count at once."""
        try:
            gone = file.etag() != self.etag and self._has_gone(file.read())
        except ConfigError as error:
            message = f"The configuration file has a mistake, which has to be mended first: {error}"
            raise RequestError(409, "configuration_broken", message) from None
        if gone:
            message = f"{file.path} has gone, or is empty: put it back, or start Vedette again."
            raise RequestError(409, "configuration_broken", message)

    def _adopt_etag(self, file: ConfigFile) -> None:
        """The file as it is now, if that is what is running; whatever else it is, a reload will find out."""
        try:
            version = file.read()
        except VedetteError:
            return
        if version.config == self._version.config:
            self._version = version

    def _has_gone(self, version: Version) -> bool:
        """Somebody moves files about, or is just writing: no cameras at all is what nobody meant."""
        return bool(self.config.cameras) and version.etag == EMPTY_ETAG and not version.config.cameras

    def _refuse(self, problem: str) -> None:
        if problem != self._problem:
            _log.error("the configuration is refused, and what is running stays:\n%s", problem)
        self._problem = problem

    def _follow(self, version: Version) -> None:
        """Let this be what is running."""
        before, self._version = self._version.config, version
        for section in ("server", "auth", "storage"):
            if getattr(before, section) != getattr(version.config, section):
                _log.warning("[%s] has changed: that counts once Vedette is started again", section)
        if before.cameras != version.config.cameras or list(before.cameras) != list(version.config.cameras):
            self._shared.engine.run(partial(self._apply, before.cameras, version.config.cameras), _RELOAD_WITHIN)

    async def _apply(self, before: Mapping[str, CameraConfig], wanted: Mapping[str, CameraConfig]) -> None:
        """On the engine's loop; to its end, also where nobody waits for that any more, and one after the other."""
        await asyncio.shield(asyncio.create_task(self._apply_in_turn(before, wanted), name="roster"))

    async def _apply_in_turn(self, before: Mapping[str, CameraConfig], wanted: Mapping[str, CameraConfig]) -> None:
        async with self._applying:
            await self._exchange(before, wanted)

    async def _exchange(self, before: Mapping[str, CameraConfig], wanted: Mapping[str, CameraConfig]) -> None:
        hub, keepers = self._rooms.hub, self._rooms.keepers
        gone = [camera for key, camera in hub.cameras.items() if key not in wanted]
        new = {key: build_camera(key, wanted[key], self._shared) for key in wanted if key not in hub.cameras}
        if gone or list(wanted) != list(hub.cameras):
            hub.arrange(new.get(key) or hub.cameras[key] for key in wanted)
            self._announce(gone, new)
        for key, camera in new.items():
            keepers.add(camera, wanted[key].settings)
            camera.start()
        for camera in gone:
            _log.info("[%s] is no more in the configuration", camera.id)
        await asyncio.gather(
            *(self._end(camera) for camera in gone),
            *(
                self._change(hub.cameras[key], before[key], wanted[key])
                for key in wanted
                if key in before and key not in new and before[key] != wanted[key]
            ),
        )

    def _announce(self, gone: Iterable[Camera], new: Mapping[str, Camera]) -> None:
        rooms = self._rooms
        for camera in gone:
            rooms.chronicle.remove(camera)
            rooms.live.remove(camera)
            rooms.news.remove(camera)
        for camera in new.values():
            rooms.chronicle.add(camera)
            rooms.news.add(camera)
        rooms.walls.rearrange()

    async def _end(self, camera: Camera) -> None:
        await self._rooms.keepers.remove(camera.id)
        await camera.retire()
        await self._shared.macs.forget(camera.id)

    async def _change(self, camera: Camera, before: CameraConfig, wanted: CameraConfig) -> None:
        if _connection(before) != _connection(wanted):
            await camera.reconfigure(wanted, build_links(camera.id, wanted, self._shared))
            await self._rooms.keepers.renew(camera, wanted.settings)
            return
        if before.name != wanted.name:
            camera.rename(wanted.name)
        turned = (before.flip, before.rotate) != (wanted.flip, wanted.rotate)
        if turned:
            camera.orient(Orientation.of(wanted.flip, wanted.rotate))
        if turned or before.settings != wanted.settings:
            self._rooms.keepers.want(camera.id, wanted.settings)


def _connection(config: CameraConfig) -> CameraConfig:
    """What a camera's connection depends on."""
    return config.model_copy(update=dict.fromkeys(_LIVELY))

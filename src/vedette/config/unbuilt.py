"""Keys of the contract that are accepted but do nothing yet.

Delete an entry here in the change that makes its key work.
"""

from collections.abc import Iterator

from vedette.config.model import CameraConfig, Config
from vedette.config.words import dotted

_READ_AS_THEY_ARE = {"auto", "cameraserver", "generic"}


def warnings(config: Config) -> tuple[str, ...]:
    """A sentence for every key that was set and has no effect, in the file's order of cameras."""
    found: list[str] = []
    if config.storage.database is not None:
        found.append("storage.database does nothing yet: nothing is kept in a database")
    for camera_id, camera in config.cameras.items():
        found += [
            f"{dotted(('cameras', camera_id, key))} does nothing yet: {instead}" for key, instead in _idle_keys(camera)
        ]
    return tuple(found)


def _idle_keys(camera: CameraConfig) -> Iterator[tuple[str, str]]:
    if camera.control_url is not None:
        yield "control_url", "boards are not controlled"
    if camera.host is not None and camera.firmware == "auto":
        yield "firmware", "the board is not probed, but taken for CameraWebServer with its stream on port 81"
    if camera.firmware not in _READ_AS_THEY_ARE:
        yield "firmware", f'"{camera.firmware}" is read as generic MJPEG'
    if camera.check == "full" and "check" in camera.model_fields_set:
        yield "check", "frames are checked by their markers"
    if camera.connect == "on-demand":
        yield "connect", "the camera is always connected"
    if camera.flip != "none":
        yield "flip", "pictures are shown as the board sends them"
    if camera.rotate != 0:
        yield "rotate", "pictures are shown as the board sends them"
    if camera.settings:
        yield "settings", "the board keeps the settings it has"

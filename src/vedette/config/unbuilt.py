"""Keys of the contract that are accepted but do nothing yet.

Delete an entry here in the change that makes its key work.
"""

from collections.abc import Iterator

from vedette.config.model import CameraConfig, Config
from vedette.config.words import dotted


def warnings(config: Config) -> tuple[str, ...]:
    """A sentence for every key that was set and has no effect, in the file's order of cameras."""
    found: list[str] = []
    for camera_id, camera in config.cameras.items():
        found += [
            f"{dotted(('cameras', camera_id, key))} does nothing yet: {instead}" for key, instead in _idle_keys(camera)
        ]
    return tuple(found)


def _idle_keys(camera: CameraConfig) -> Iterator[tuple[str, str]]:
    if camera.flip != "none":
        yield "flip", "pictures are shown as the board sends them"
    if camera.rotate != 0:
        yield "rotate", "pictures are shown as the board sends them"

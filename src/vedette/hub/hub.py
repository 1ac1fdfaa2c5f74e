"""All cameras, by id, in the configuration's order."""

import asyncio
from collections.abc import Iterable

from vedette.errors import RequestError
from vedette.hub.camera import Camera


class Hub:
    """Holds the cameras; the mapping is replaced, never changed, and may be read from any thread."""

    def __init__(self, cameras: Iterable[Camera]) -> None:
        self.cameras: dict[str, Camera] = {camera.id: camera for camera in cameras}

    def find(self, camera_id: str) -> Camera:
        """The camera of that id.

        Raises:
            RequestError: there is none.
        """
        camera = self.cameras.get(camera_id)
        if camera is None:
            raise camera_unknown(camera_id)
        return camera

    def arrange(self, cameras: Iterable[Camera]) -> None:
        """These are the cameras from now on, in this order; starting and stopping them is the caller's business."""
        self.cameras = {camera.id: camera for camera in cameras}

    def start(self) -> None:
        """Start all cameras; on the engine's loop."""
        for camera in self.cameras.values():
            camera.start()

    async def stop(self) -> None:
        """Stop all cameras; on the engine's loop."""
        await asyncio.gather(*(camera.stop() for camera in self.cameras.values()))


def camera_unknown(camera_id: str) -> RequestError:
    """What to raise where a camera is asked for that does not exist, or not any more."""
    return RequestError(404, "camera_unknown", f"There is no camera with the id {camera_id!r}.")

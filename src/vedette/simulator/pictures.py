"""What one board sees, as JPEGs: a scene that all share, below a strip with the board's name and the time."""

from datetime import datetime

from vedette.simulator.scene import Scene, SceneBook, Size, draw_strip


class Pictures:
    """The pictures of one board.

    Args:
        scenes: where they come from.
        variant: which scene it looks at.
        name: shown at the left.
        fps: pictures a second.
    """

    def __init__(self, scenes: SceneBook, variant: int, name: str, fps: float) -> None:
        self._scenes = scenes
        self._variant = variant
        self._name = name
        self._fps = fps
        self._scene: Scene | None = None
        self._strip: tuple[str, Scene | None, bytes] = ("", None, b"")

    async def look(self, size: Size, quality: int, *, plain: bool = False) -> Scene:
        """The scene in this size and quality; drawing it takes what a sensor's restart takes.

        Args:
            size: width and height in pixels.
            quality: the board's number, 0 the best.
            plain: without restart markers, and without the strip.
        """
        wanted = (size, max(25, 92 - quality), plain)
        if self._scene is None or (self._scene.size, self._scene.quality, self._scene.plain) != wanted:
            self._scene = await self._scenes.find(self._variant, size, self._fps, wanted[1], plain=plain)
        return self._scene

    async def take(self, size: Size, quality: int, index: int, *, plain: bool = False) -> bytes:
        """Picture number ``index`` of the loop; see `look`."""
        scene = await self.look(size, quality, plain=plain)
        clock = f"{datetime.now().astimezone():%H:%M:%S}"
        if not plain and self._strip[:2] != (clock, scene):
            self._strip = (clock, scene, draw_strip(scene.size[0], scene.quality, self._name, clock))
        return scene.compose(self._strip[2], index)

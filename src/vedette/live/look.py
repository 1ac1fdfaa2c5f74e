"""What a viewer looks at: one camera after a recipe, or a mosaic of many. Equal looks are served by one channel."""

from dataclasses import dataclass

from vedette.picture import Recipe

AS_IT_IS = Recipe()


@dataclass(frozen=True, slots=True)
class Look:
    """At one camera.

    Attributes:
        camera_id: whose pictures.
        recipe: what is done to them, after the camera's own flip and turn.
        fps: pictures a second at most; None for as many as come.
    """

    camera_id: str
    recipe: Recipe = AS_IT_IS
    fps: float | None = None


@dataclass(frozen=True, slots=True)
class MosaicLook:
    """At many cameras in one picture.

    Attributes:
        cameras: by id, in order; None for all there are, also those that come later.
        columns: tiles in a row; None for what fits best.
        width: pixels of the whole.
        label: with names.
        fps: pictures a second at most.
    """

    cameras: tuple[str, ...] | None = None
    columns: int | None = None
    width: int = 1280
    label: bool = True
    fps: float = 5.0

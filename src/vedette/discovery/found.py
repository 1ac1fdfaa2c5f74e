"""What a search has found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """A board, or a host that is probably one.

    Attributes:
        address: numeric.
        name: that it announces, such as ``porch.local``; None where it announces none.
        firmware: the family, as the configuration has it; None where nobody knows.
        title: of the firmware, as people know it; None where nobody knows.
        stream_url: where its pictures are; None where they were not looked for.
        thumbnail: a JPEG of at most 320 pixels' width; None where there was no picture.
        camera: the camera of this server that has its address already; then it was not connected to.
        note: a sentence on why there is no picture, or None.
        control_url: of its settings, where that is not its firmware's own port; else None.
    """

    address: str
    name: str | None = None
    firmware: str | None = None
    title: str | None = None
    stream_url: str | None = None
    thumbnail: bytes | None = None
    camera: str | None = None
    note: str | None = None
    control_url: str | None = None

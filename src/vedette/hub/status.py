"""What a camera is and does at one moment, for whoever asks from another thread."""

from dataclasses import dataclass
from typing import Literal

from vedette.boards import BoardHealth
from vedette.hub.ailments import CameraWarning
from vedette.hub.health import Health


@dataclass(frozen=True, slots=True)
class Rejected:
    """Frames that went nowhere, by cause."""

    truncated: int = 0
    corrupt: int = 0
    oversize: int = 0
    wrong_size: int = 0

    @property
    def total(self) -> int:
        """Of all causes."""
        return self.truncated + self.corrupt + self.oversize + self.wrong_size


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """What a camera is and does. Counters are since the start of the server; None is not known.

    Attributes:
        reboots: of the board; None where nothing of what it says would show one.
        warnings: what is wrong, or soon will be, while pictures come.
        control: ``online`` or ``offline``: whether the board's control port answers, apart from its stream.
        board: what the board has lately said of itself.
    """

    id: str
    name: str
    firmware: str | None
    health: Health
    last_frame_age_s: float | None
    fps: float | None
    bytes_per_s: float | None
    width: int | None
    height: int | None
    frames: int
    rejected: Rejected
    reconnects: int
    reboots: int | None = None
    warnings: tuple[CameraWarning, ...] = ()
    control: Literal["online", "offline"] | None = None
    board: BoardHealth | None = None

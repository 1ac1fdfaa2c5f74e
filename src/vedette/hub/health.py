"""A camera's health: its state, and in words what is wrong and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from vedette.errors import BoardError, Reason
from vedette.sources import OutOfReachError, Phase


class State(StrEnum):
    """The states of the contract."""

    CONNECTING = "connecting"
    ONLINE = "online"
    STALE = "stale"
    OFFLINE = "offline"
    IDLE = "idle"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Health:
    """How a camera is.

    Attributes:
        state: since when it is so says ``since``.
        reason: why it is not online; None where it is, or where nobody knows yet.
        explanation: the reason in a sentence that a person can act on.
        since: seconds since the epoch.
    """

    state: State
    since: float
    reason: Reason | None = None
    explanation: str | None = None


_EXPLANATIONS = MappingProxyType(
    {
        Reason.REFUSED: (
            "{host} is there, but does not take the connection ({detail}): "
            "the board is starting, or the camera program on it has stopped."
        ),
        Reason.UNREACHABLE: (
            "Nothing answers at {host} ({detail}): the board is off, out of Wi-Fi range, or has another address now."
        ),
        Reason.NAME_UNKNOWN: "The name {host} is not known on this network: check the camera's url.",
        Reason.SLOT_BUSY: (
            "The board took the connection and says nothing: someone else is probably streaming from it. "
            "Close that viewer: a browser tab, an app, another server."
        ),
        Reason.SENSOR_SILENT: (
            "The board answers, but its sensor gives no pictures: "
            "restart it; if that does not help, check power and the camera's ribbon cable."
        ),
        Reason.STALLED: (
            "Pictures stopped coming ({detail}): weak Wi-Fi, or the board has restarted. Vedette keeps trying."
        ),
        Reason.AUTH_REQUIRED: (
            "The board wants another user name or password: set username and password of this camera."
        ),
        Reason.HTTP_ERROR: "The board answered with error {detail}: check the path in the camera's url.",
        Reason.NOT_MJPEG: "What answers is not an MJPEG stream ({detail}): check the camera's url.",
        Reason.ALL_FRAMES_BAD: (
            "Pictures arrive, but every one of them is damaged: weak power, weak Wi-Fi, "
            "or a quality setting that is too fine for the board's memory."
        ),
    }
)
_DETAILS = MappingProxyType(
    {
        Reason.REFUSED: "refused",
        Reason.UNREACHABLE: "no answer",
        Reason.STALLED: "the connection is still open",
        Reason.NOT_MJPEG: "no content type",
    }
)


FROZEN = "the same picture again and again"
QUEUE_FULL = "its queue is full"
STRANGER = "another device has its address now"

_SPECIAL = MappingProxyType(
    {
        (Reason.SENSOR_SILENT, FROZEN): (
            "The board sends the same picture again and again: its sensor has stopped. "
            "Restart it; if that does not help, cut its power for ten seconds."
        ),
        (Reason.UNREACHABLE, STRANGER): (
            "What answers at {host} is another device: "
            "the board is off, out of Wi-Fi range, or has another address now."
        ),
        (Reason.SLOT_BUSY, QUEUE_FULL): (
            "The board is alive, but takes no further connection to its stream: several others are waiting for it. "
            "Close them: browser tabs, apps, other servers."
        ),
    }
)


_BUSY_TOLD = "The board refuses another viewer: {detail}. Close that viewer: a browser tab, an app, another server."


def read_silence(phase: Phase) -> BoardError:
    """What silence means, by how far the attempt had come."""
    match phase:
        case Phase.RESOLVING:
            return BoardError(Reason.NAME_UNKNOWN, "no answer from the name server")
        case Phase.CONNECTING:
            return BoardError(Reason.UNREACHABLE)
        case Phase.WAITING:
            return BoardError(Reason.SLOT_BUSY)
        case Phase.RECEIVING:
            return BoardError(Reason.STALLED)


def explain(error: BoardError, host: str, more: str = "") -> str:
    """Say what is wrong with a board, and what would help.

    Args:
        error: how the attempt ended.
        host: as people know the board.
        more: sentences that stand behind it.
    """
    detail = error.detail or _DETAILS.get(error.reason, "")
    told = _BUSY_TOLD if error.reason is Reason.SLOT_BUSY and error.detail else _EXPLANATIONS[error.reason]
    template = _SPECIAL.get((error.reason, error.detail), told)
    sentence = detail if isinstance(error, OutOfReachError) else template.format(host=host, detail=detail)
    return f"{sentence} {more}" if more else sentence

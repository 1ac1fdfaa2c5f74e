"""What the API answers, as models: the contract's JSON, name for name."""

from datetime import UTC, datetime
from typing import Literal, Self

from pydantic import BaseModel, Field

from vedette.errors import Reason
from vedette.hub import CameraStatus, State


class RejectedAnswer(BaseModel):
    """Frames refused on arrival since the start of the server, by cause."""

    truncated: int
    corrupt: int
    oversize: int
    wrong_size: int


class WarningAnswer(BaseModel):
    """Something that is wrong with a camera whose pictures still come."""

    code: str
    message: str


class CameraAnswer(BaseModel):
    """One camera. Counters are since the start of the server; null is not known, or not measured yet."""

    id: str
    name: str
    firmware: str | None
    state: State
    reason: Reason | None
    explanation: str | None
    since: str = Field(description="since when the state is as it is; RFC 3339, UTC")
    last_frame_age_s: float | None
    fps: float | None
    width: int | None
    height: int | None
    bytes_per_s: int | None
    frames: int
    rejected: RejectedAnswer
    reconnects: int
    reboots: int | None
    viewers: int
    warnings: list[WarningAnswer] = Field(description="what is wrong, or soon will be, while pictures come")
    control: Literal["online", "offline"] | None = Field(description="whether the board's control port answers")

    @classmethod
    def of(cls, status: CameraStatus, viewers: int) -> Self:
        """The answer for a camera."""
        age, rejected = status.last_frame_age_s, status.rejected
        return cls(
            id=status.id,
            name=status.name,
            firmware=status.firmware,
            state=status.health.state,
            reason=status.health.reason,
            explanation=status.health.explanation,
            since=rfc3339(status.health.since),
            last_frame_age_s=None if age is None else round(age, 3),
            fps=None if status.fps is None else round(status.fps, 1),
            width=status.width,
            height=status.height,
            bytes_per_s=None if status.bytes_per_s is None else round(status.bytes_per_s),
            frames=status.frames,
            rejected=RejectedAnswer(
                truncated=rejected.truncated,
                corrupt=rejected.corrupt,
                oversize=rejected.oversize,
                wrong_size=rejected.wrong_size,
            ),
            reconnects=status.reconnects,
            reboots=status.reboots,
            viewers=viewers,
            warnings=[WarningAnswer(code=warning.code, message=warning.message) for warning in status.warnings],
            control=status.control,
        )


class ErrorDetail(BaseModel):
    """What went wrong: a code for programs, a sentence for people."""

    code: str
    message: str
    field: str | None = Field(None, description="which of the values that were sent is wrong; not always there")


class ErrorAnswer(BaseModel):
    """Every error under `/api`."""

    error: ErrorDetail


def rfc3339(seconds: float) -> str:
    """Seconds since the epoch as the contract writes times."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

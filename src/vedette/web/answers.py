"""What the API answers, as models: the contract's JSON, name for name."""

from datetime import UTC, datetime
from typing import Literal, Self

from pydantic import BaseModel, Field

from vedette.boards import BoardHealth
from vedette.errors import Reason
from vedette.hub import CameraStatus, State, in_words


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


class DisconnectAnswer(BaseModel):
    """Why a board lost Wi-Fi: esp-idf's number and name, and what it means."""

    code: int | None
    name: str | None
    meaning: str | None


class RestartsAnswer(BaseModel):
    """How often a board has restarted itself since its power came, by cause."""

    wifi: int | None
    sensor: int | None
    request: int | None
    update: int | None


class BoardAnswer(BaseModel):
    """What a board has lately said of itself; null is what it does not say."""

    uptime_s: float | None
    reset_reason: str | None = Field(description="of its last boot: power_on, brownout, software, panic …")
    restarts: RestartsAnswer
    last_restart: str | None = Field(description="the cause of the last of these: wifi, sensor, request, update")
    rssi_dbm: int | None
    disconnects: int | None = Field(description="of Wi-Fi, since it booted")
    last_disconnect: DisconnectAnswer | None
    heap_free_bytes: int | None
    heap_least_bytes: int | None
    psram_free_bytes: int | None
    temperature_c: float | None = Field(description="inside its chip")
    sensor_works: bool | None
    sensor_failures: int | None = Field(description="frames that the sensor did not give")
    viewer: str | None = Field(description="who has its stream; empty where nobody has")
    viewer_s: int | None = Field(description="for how long")
    words: str | None = Field(description="what a person may want to know of it, in a sentence")

    @classmethod
    def of(cls, health: BoardHealth) -> Self:
        """The answer for what a board has said."""
        gone, restarts = health.last_disconnect, health.restarts
        return cls(
            uptime_s=health.uptime,
            reset_reason=health.reset_reason,
            restarts=RestartsAnswer(
                wifi=restarts.wifi, sensor=restarts.sensor, request=restarts.request, update=restarts.update
            ),
            last_restart=health.last_restart,
            rssi_dbm=health.rssi,
            disconnects=health.disconnects,
            last_disconnect=gone and DisconnectAnswer(code=gone.code, name=gone.name, meaning=gone.meaning),
            heap_free_bytes=health.heap_free,
            heap_least_bytes=health.heap_least,
            psram_free_bytes=health.psram_free,
            temperature_c=health.temperature,
            sensor_works=health.sensor_works,
            sensor_failures=health.sensor_failures,
            viewer=health.viewer,
            viewer_s=health.viewer_seconds,
            words=in_words(health),
        )


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
    board: BoardAnswer | None = Field(description="what it has lately said of itself; null where it does not")

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
            board=status.board and BoardAnswer.of(status.board),
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

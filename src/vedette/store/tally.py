"""Counting how a camera is: seconds, frames and ages, in buckets of five minutes. Pure: no clock, no database.

Time is attributed to the state that the camera was in while it passed, to the second and not by samples. What passed
while it was neither online nor away (idle, disabled, not tried yet), or while no server ran, is unknown and counts as
nothing.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from vedette.hub import State
from vedette.store.tables import BUCKET

AWAY = frozenset({State.STALE, State.OFFLINE})
_AGE_EVERY = 10.0  # seconds between two looks at the frame's age


class Look(NamedTuple):
    """How a camera is at one moment; counters are since it was made."""

    state: State
    frames: int
    rejected: int


def bucket_of(now: float) -> int:
    """The start of the bucket that a moment lies in; both in seconds since the epoch."""
    return int(now // BUCKET) * BUCKET


@dataclass(slots=True)
class _Bucket:
    """Five minutes of one camera; see `vedette.store.tables.health_samples`."""

    start: int
    seconds_online: float = 0.0
    seconds_away: float = 0.0
    frames: int = 0
    rejected: int = 0
    ages: int = 0
    age_sum: float = 0.0
    age_max: float = 0.0

    def add(self, state: State, seconds: float, frames: int, rejected: int) -> None:
        seconds = min(seconds, BUCKET - self.seconds_online - self.seconds_away)
        if state is State.ONLINE:
            self.seconds_online += seconds
        elif state in AWAY:
            self.seconds_away += seconds
        self.frames += frames
        self.rejected += rejected

    def row(self, camera: str) -> dict[str, Any]:
        return {
            "camera": camera,
            "start": self.start,
            "seconds_online": round(self.seconds_online, 1),
            "seconds_away": round(self.seconds_away, 1),
            "frames": self.frames,
            "rejected": self.rejected,
            "frame_age_mean": round(self.age_sum / self.ages, 3) if self.ages else None,
            "frame_age_max": round(self.age_max, 3) if self.ages else None,
        }


class Tally:
    """Counts for one camera.

    Args:
        camera: its id.
        now: seconds since the epoch.
        monotonic: the same moment on the clock that never jumps: only that one is trusted with durations.
        look: how the camera is now.
        before: the row of this bucket that was written before the server was started again.
    """

    def __init__(
        self, camera: str, now: float, monotonic: float, look: Look, before: dict[str, Any] | None = None
    ) -> None:
        self._camera = camera
        self._bucket = _resume(before) if before else _Bucket(bucket_of(now))
        self._finished: list[dict[str, Any]] = []
        self._then = monotonic
        self._look = look

    def advance(self, now: float, monotonic: float, look: Look) -> None:
        """Time has passed: what did, passed in the state of the last call."""
        elapsed = max(0.0, monotonic - self._then)
        state, frames, rejected = self._look.state, look.frames - self._look.frames, look.rejected - self._look.rejected
        start = bucket_of(now)
        if start > self._bucket.start:
            newer = min(elapsed, now - start)
            share = newer / elapsed if elapsed else 1.0
            newer_frames, newer_rejected = round(frames * share), round(rejected * share)
            self._bucket.add(state, elapsed - newer, frames - newer_frames, rejected - newer_rejected)
            self._finish()
            self._bucket = _Bucket(start)
            elapsed, frames, rejected = newer, newer_frames, newer_rejected
        if start == self._bucket.start:  # or else the clock was set back, and this time is in the books already
            self._bucket.add(state, elapsed, frames, rejected)
        self._then, self._look = monotonic, look

    def note_age(self, age: float) -> None:
        """The newest frame of the camera, which is online, is so many seconds old."""
        self._bucket.ages += 1
        self._bucket.age_sum += age
        self._bucket.age_max = max(self._bucket.age_max, age)

    def rows(self) -> list[dict[str, Any]]:
        """Rows of the buckets that have ended since the last call, and of the one that goes on."""
        rows, self._finished = self._finished, []
        return [*rows, self._bucket.row(self._camera)] if _known(self._bucket) else rows

    def _finish(self) -> None:
        if _known(self._bucket):
            self._finished.append(self._bucket.row(self._camera))


def _known(bucket: _Bucket) -> bool:
    return bucket.seconds_online + bucket.seconds_away > 0


def _resume(row: dict[str, Any]) -> _Bucket:
    ages = 0 if row["frame_age_mean"] is None else max(1, round(row["seconds_online"] / _AGE_EVERY))
    return _Bucket(
        row["start"],
        row["seconds_online"],
        row["seconds_away"],
        row["frames"],
        row["rejected"],
        ages,
        ages * (row["frame_age_mean"] or 0.0),
        row["frame_age_max"] or 0.0,
    )

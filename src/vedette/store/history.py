"""Questions about the past, from any thread; each is answered from a connection of its own.

Many cameras are asked about at once, a hundred to a query, and what is summed up is summed up by the database.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, case, func, literal, or_, select, tuple_

from vedette.clock import Clock
from vedette.store.database import Database
from vedette.store.tables import BUCKET, health_samples, outages

_CAMERAS_AT_ONCE = 100  # a day of them is 28,800 rows


class Period(Enum):
    """How far back, and how fine."""

    DAY = ("day", 86400, BUCKET)
    WEEK = ("week", 7 * 86400, 6 * BUCKET)

    def __init__(self, word: str, seconds: int, step: int) -> None:
        self.word = word
        self.seconds = seconds
        self.step = step  # seconds that one sample stands for; a multiple of BUCKET

    def span(self, now: float) -> tuple[int, int]:
        """Where it begins and ends, in whole steps; the last one is under way."""
        end = (int(now // self.step) + 1) * self.step
        return end - self.seconds, end


class Outage(NamedTuple):
    """A time in which a camera was away, in seconds since the epoch; ``end`` is None while it lasts."""

    camera: str
    start: float
    end: float | None
    reason: str | None
    explanation: str | None


class Sample(NamedTuple):
    """One step of a camera's history. None is not known: nothing was measured, or no server ran.

    Attributes:
        start: seconds since the epoch.
        fps: frames a second while it was online; 0.0 where it was away all the time.
        rejected: how many frames.
        frame_age_s: the mean of looks at it while online.
        online: the share of the known time, 0 to 1.
    """

    start: int
    fps: float | None = None
    rejected: int | None = None
    frame_age_s: float | None = None
    online: float | None = None


@dataclass(frozen=True, slots=True)
class CameraHistory:
    """A period of one camera. None is not known.

    Attributes:
        uptime: the share of the known time that it was online, 0 to 1.
        frame_age_s: mean.
        reject_rate: rejected of all frames that arrived, 0 to 1.
        outages: those that reach into the period, newest first.
        samples: one for each step.
    """

    camera: str
    uptime: float | None
    frame_age_s: float | None
    reject_rate: float | None
    outages: list[Outage]
    samples: list[Sample]


class History:
    """Answers questions.

    Args:
        database: where the answers are. Every question raises ServerError when it does not answer.
        clock: the one by which the history was written.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def now(self) -> float:
        """The end of the history: seconds since the epoch."""
        return self._clock.time()

    def knows(self, camera: str) -> bool:
        """Whether there is anything about a camera, which may have been removed long ago."""
        with self._database.reading() as connection:
            found = (select(literal(1)).where(table.c.camera == camera).limit(1) for table in (outages, health_samples))
            return any(connection.execute(query).first() for query in found)

    def outages(
        self,
        limit: int,
        camera: str | None = None,
        begin: float | None = None,
        end: float | None = None,
        after: tuple[float, str] | None = None,
    ) -> list[Outage]:
        """Outages, newest first.

        Args:
            limit: how many at most.
            camera: of this one alone.
            begin: those that lasted beyond this moment.
            end: those that began before this moment.
            after: start and camera of the last one of the page before.
        """
        query = _outages().limit(limit)
        if camera is not None:
            query = query.where(outages.c.camera == camera)
        if begin is not None:
            query = query.where(_lasted_beyond(begin))
        if end is not None:
            query = query.where(outages.c.start < end)
        if after is not None:
            query = query.where(tuple_(outages.c.start, outages.c.camera) < tuple_(*after))
        with self._database.reading() as connection:
            return [Outage(*row) for row in connection.execute(query)]

    def cameras(self, cameras: Sequence[str], period: Period, now: float) -> Iterator[CameraHistory]:
        """The history of each, in the order given.

        Args:
            cameras: their ids.
            period: up to now.
            now: seconds since the epoch.
        """
        begin, end = period.span(now)
        for first in range(0, len(cameras), _CAMERAS_AT_ONCE):
            some = cameras[first : first + _CAMERAS_AT_ONCE]
            with self._database.reading() as connection:
                away = _outages_of(connection, some, begin, end)
                steps = _steps_of(connection, some, period, begin, end)
            for camera in some:
                yield _tell(camera, period, begin, away.get(camera, []), steps.get(camera, []))


def read_bucket(connection: Connection, cameras: Sequence[str], start: int) -> dict[str, dict[str, Any]]:
    """The rows of one bucket, by camera: what a server that is started again goes on with."""
    query = select(health_samples).where(health_samples.c.camera.in_(cameras), health_samples.c.start == start)
    return {row["camera"]: dict(row) for row in connection.execute(query).mappings()}


def _outages() -> Select[Any]:
    columns = outages.c
    query = select(columns.camera, columns.start, columns.end, columns.reason, columns.explanation)
    return query.order_by(columns.start.desc(), columns.camera.desc())


def _lasted_beyond(moment: float) -> ColumnElement[bool]:
    return or_(outages.c.end.is_(None), outages.c.end > moment)


def _outages_of(connection: Connection, cameras: Sequence[str], begin: int, end: int) -> dict[str, list[Outage]]:
    query = _outages().where(outages.c.camera.in_(cameras), _lasted_beyond(begin), outages.c.start < end)
    found: dict[str, list[Outage]] = {}
    for row in connection.execute(query):
        found.setdefault(row.camera, []).append(Outage(*row))
    return found


def _steps_of(
    connection: Connection, cameras: Sequence[str], period: Period, begin: int, end: int
) -> dict[str, list[Any]]:
    """By camera the steps of which anything is known, in order: camera, number, and the six sums of each."""
    columns = health_samples.c
    step = ((columns.start - begin) // period.step).label("step")
    aged = case((columns.frame_age_mean.is_not(None), columns.seconds_online))
    query = (
        select(
            columns.camera,
            step,
            func.sum(columns.seconds_online),
            func.sum(columns.seconds_away),
            func.sum(columns.frames),
            func.sum(columns.rejected),
            func.sum(columns.frame_age_mean * columns.seconds_online),
            func.sum(aged),
        )
        .where(columns.camera.in_(cameras), columns.start >= begin, columns.start < end)
        .group_by(columns.camera, step)
        .order_by(columns.camera, step)
    )
    rows = connection.execute(query).all()
    return {camera: list(steps) for camera, steps in groupby(rows, key=itemgetter(0))}


def _tell(camera: str, period: Period, begin: int, away: list[Outage], steps: list[Any]) -> CameraHistory:
    samples = [Sample(start) for start in range(begin, begin + period.seconds, period.step)]
    total = [0.0] * 6
    for _, number, *sums in steps:
        known = [value or 0 for value in sums]
        total = [whole + part for whole, part in zip(total, known, strict=True)]
        online, gone, frames, rejected, age_sum, aged = known
        fps = frames / online if online else 0.0
        start = samples[number].start
        samples[number] = Sample(start, fps, int(rejected), _ratio(age_sum, aged), _ratio(online, online + gone))
    online, gone, frames, rejected, age_sum, aged = total
    return CameraHistory(
        camera,
        uptime=_ratio(online, online + gone),
        frame_age_s=_ratio(age_sum, aged),
        reject_rate=_ratio(rejected, frames + rejected),
        outages=away,
        samples=samples,
    )


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None

"""What the API answers about the past, as models: the contract's JSON, name for name."""

from functools import lru_cache
from typing import Self

from flask import Response
from pydantic import BaseModel, ConfigDict, Field

from vedette.store import CameraHistory, History, Outage, Period, Sample
from vedette.web.answers import rfc3339


class OutageAnswer(BaseModel):
    """A time in which a camera was stale or offline."""

    camera: str
    start: str = Field(description="RFC 3339, UTC")
    end: str | None = Field(description="RFC 3339, UTC; null while it lasts")
    reason: str | None
    explanation: str | None
    seconds: float = Field(description="how long; so far, while it lasts")

    @classmethod
    def of(cls, outage: Outage, now: float) -> Self:
        """The answer for an outage."""
        end = now if outage.end is None else outage.end
        return cls(
            camera=outage.camera,
            start=rfc3339(outage.start),
            end=None if outage.end is None else rfc3339(outage.end),
            reason=outage.reason,
            explanation=outage.explanation,
            seconds=round(max(0.0, end - outage.start), 1),
        )


class OutagesAnswer(BaseModel):
    """A page of outages, newest first."""

    items: list[OutageAnswer]
    next: str | None = Field(description="the cursor of the next page; null on the last one")


class SampleAnswer(BaseModel):
    """One step of a history. Null is not known."""

    time: str = Field(description="the step's beginning; RFC 3339, UTC")
    fps: float | None = Field(description="while online; 0 where it was away all the time")
    rejected: int | None
    frame_age_s: float | None
    online: float | None = Field(description="the share of the known time, 0 to 1")

    @classmethod
    def of(cls, sample: Sample) -> "SampleAnswer":
        """The answer for a step."""
        return cls.model_construct(  # there may be 150,000 of them, and the database has checked their types
            time=_time_of(sample.start),
            fps=_rounded(sample.fps, 1),
            rejected=sample.rejected,
            frame_age_s=_rounded(sample.frame_age_s, 3),
            online=_rounded(sample.online, 4),
        )


class HistoryAnswer(BaseModel):
    """A period of one camera. Null is not known."""

    model_config = ConfigDict(populate_by_name=True)

    camera: str
    period: str = Field(description='"day" or "week"')
    begin: str = Field(alias="from", description="RFC 3339, UTC")
    end: str = Field(alias="to", description="RFC 3339, UTC: the end of the step that is under way")
    step_s: int
    uptime: float | None = Field(description="the share of the known time that it was online, 0 to 1")
    frame_age_s: float | None = Field(description="mean, while online")
    reject_rate: float | None = Field(description="rejected of all frames that arrived, 0 to 1")
    outages: list[OutageAnswer] = Field(description="those that reach into the period, newest first")
    samples: list[SampleAnswer] = Field(description="one for each step, oldest first")

    @classmethod
    def of(cls, history: CameraHistory, period: Period, now: float) -> Self:
        """The answer for a camera."""
        begin, end = period.span(now)
        return cls(
            camera=history.camera,
            period=period.word,
            begin=rfc3339(begin),
            end=rfc3339(end),
            step_s=period.step,
            uptime=_rounded(history.uptime, 5),
            frame_age_s=_rounded(history.frame_age_s, 3),
            reject_rate=_rounded(history.reject_rate, 5),
            outages=[OutageAnswer.of(outage, now) for outage in history.outages],
            samples=[SampleAnswer.of(sample) for sample in history.samples],
        )


class HistoriesAnswer(BaseModel):
    """A period of all cameras, in the configuration's order."""

    items: list[HistoryAnswer]
    next: str | None = Field(description="always null: all cameras are on one page")


def as_json(text: str) -> Response:
    """An answer that no cache keeps."""
    return Response(text, mimetype="application/json", headers={"Cache-Control": "no-store"})


def page_of(outages: list[Outage], limit: int, history: History) -> OutagesAnswer:
    """A page of at most ``limit`` outages, of which one more was asked for to see whether there is a next page."""
    shown, now = outages[:limit], history.now()
    more = len(outages) > limit
    items = [OutageAnswer.of(outage, now) for outage in shown]
    return OutagesAnswer(items=items, next=f"{shown[-1].start!r}~{shown[-1].camera}" if more else None)


@lru_cache(maxsize=1024)
def _time_of(start: int) -> str:
    """A step's beginning in words; all cameras have the same ones."""
    return rfc3339(start)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)

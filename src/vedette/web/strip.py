"""A camera's past as a strip that is read in a second: live, weak, away or unknown, from left to right.

Pure: the history goes in, spans come out; a template draws them. Weak is an outage whose board was there and gave
nothing good; away is every other one; unknown is when nobody measured.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from vedette.errors import Reason
from vedette.store import CameraHistory, Outage, Sample

_WEAK = frozenset({Reason.STALLED.value, Reason.ALL_FRAMES_BAD.value})
_WIDTH = 1000  # units of the drawing


class Kind(StrEnum):
    """What a span of the strip is."""

    LIVE = "live"
    WEAK = "weak"
    AWAY = "away"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the strip, in seconds since the epoch."""

    kind: Kind
    start: float
    end: float
    reason: str | None = None

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Strip:
    """A camera's period, ready to be drawn.

    Attributes:
        begin: seconds since the epoch, the left edge.
        end: the right edge: now.
        uptime: the share of the known time that it was online, 0 to 1; None where nothing is known.
        spans: without gaps, from left to right.
        outages: those that reach into the period, newest first.
    """

    begin: float
    end: float
    uptime: float | None
    spans: tuple[Span, ...]
    outages: tuple[Outage, ...]

    @property
    def bars(self) -> Iterator[tuple[Span, float, float]]:
        """Each span with its left edge and its width, of 1000 units."""
        scale = _WIDTH / max(1.0, self.end - self.begin)
        for span in self.spans:
            yield span, round((span.start - self.begin) * scale, 2), round(span.seconds * scale, 2)

    @property
    def summary(self) -> str:
        """The strip in words, for those who do not see it."""
        known = "nothing is known" if self.uptime is None else f"live {percent(self.uptime)} of the known time"
        lost = [span.seconds for span in self.spans if span.kind in {Kind.WEAK, Kind.AWAY}]
        if not lost:
            return f"{known}, no outage"
        if len(lost) == 1:
            return f"{known}, one outage of {duration(lost[0])}"
        return f"{known}, {len(lost)} outages, {duration(sum(lost))} in all, the longest {duration(max(lost))}"


def lay_out(history: CameraHistory, now: float, online_since: float | None = None) -> Strip:
    """Make a strip of a camera's history.

    Args:
        history: of the period; its samples are of equal length and cover it.
        now: seconds since the epoch, the strip's end.
        online_since: since when the camera is online, which is newer than any sample; None where it is not.
    """
    begin = float(history.samples[0].start) if history.samples else now
    ground = list(_merge(_ground(history.samples, now, online_since)))
    spans: list[Span] = []
    at = begin
    for outage in reversed(history.outages):
        start, end = max(outage.start, at), min(outage.end or now, now)
        if end > start:
            spans += _clip(ground, at, start)
            spans.append(Span(_kind_of(outage.reason), start, end, outage.reason))
            at = end
    spans += _clip(ground, at, now)
    return Strip(begin, now, history.uptime, tuple(spans), tuple(history.outages))


def percent(share: float) -> str:
    """A share as people read it; what is not quite all is never called all."""
    shown = min(99.9, round(share * 100, 1)) if share < 1 else 100.0
    return f"{shown:.1f} %" if shown < 100 else "100 %"


def duration(seconds: float) -> str:
    """How long, in two figures at most."""
    whole = round(seconds)
    for size, word, part, part_word in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if whole >= size:
            rest = whole % size // part
            return f"{whole // size} {word} {rest} {part_word}" if rest else f"{whole // size} {word}"
    return f"{max(1, whole)} s"


def _ground(samples: list[Sample], now: float, online_since: float | None) -> Iterator[Span]:
    """What the samples say, outages aside."""
    runs = [(kind, float(next(run).start)) for kind, run in groupby(samples, key=_kind_of_sample)]
    ends = [start for _, start in runs[1:]] + [now] * bool(runs)
    for (kind, start), end in zip(runs, ends, strict=True):
        if kind is Kind.UNKNOWN and online_since is not None and online_since < end:
            begun = max(start, online_since)
            yield Span(Kind.UNKNOWN, start, begun)
            yield Span(Kind.LIVE, begun, end)
        else:
            yield Span(kind, start, end)


def _kind_of_sample(sample: Sample) -> Kind:
    if sample.online is None:
        return Kind.UNKNOWN
    return Kind.LIVE if sample.online else Kind.AWAY


def _merge(spans: Iterable[Span]) -> Iterator[Span]:
    last: Span | None = None
    for span in spans:
        if span.seconds <= 0:
            continue
        if last is not None and last.kind is span.kind:
            last = Span(last.kind, last.start, span.end)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _clip(ground: list[Span], start: float, end: float) -> Iterator[Span]:
    for span in ground:
        left, right = max(span.start, start), min(span.end, end)
        if right > left:
            yield Span(span.kind, left, right)


def _kind_of(reason: str | None) -> Kind:
    return Kind.WEAK if reason in _WEAK else Kind.AWAY

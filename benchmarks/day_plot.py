"""Draws the day of `wifi_day.py`: the troubles, and below them a strip of 24 hours for each board. SVG, by hand.

It brings its own background, so that it is readable wherever it is shown, and follows the reader's choice of dark or
light. A strip is made of two minutes each: how far they are filled from below says for how much of them the board was
offline; but a little is always to be seen, however short it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from benchmarks.timeline import DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.timeline import Trouble

Spans = list[tuple[float, float]]

_WIDTH = 1000
_LEFT, _RIGHT = 190, 850  # of the strips
_BOARD_X, _SERVER_X = 912, 976  # where the figures end
_TOP = 84  # of the first strip
_ROW, _STRIP, _LINE = 44, 18, 6  # a row; in it the board's strip, and the server's line below
_LEGEND_ROW = 17
_HAIR = 1.2  # the least width of a trouble's mark
_BIN = 120.0  # seconds: a little less than a pixel
_LEAST = 0.3  # of a strip's height
_APART = 18  # between the numbers of troubles
_EXPLANATION = "How far a strip is filled: for how much of each two minutes. A little is always to be seen."

_STYLE = """
  .page { fill: #ffffff } .ink { fill: #1f2328 } .faint { fill: #59636e } .rule { stroke: #d1d9e0 }
  .up { fill: #8fc7a2 } .away { fill: #8b96a1 } .lost { fill: #cf3f52 } .outage { fill: #1f2328 }
  text { font: 13px system-ui, -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif }
  .small { font-size: 11px } .bold { font-weight: 600 } .end { text-anchor: end } .middle { text-anchor: middle }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 } .ink { fill: #e6edf3 } .faint { fill: #9198a1 } .rule { stroke: #3d444d }
    .up { fill: #2a6b42 } .away { fill: #767f8a } .lost { fill: #ff6474 } .outage { fill: #e6edf3 }
  }
"""


@dataclass(frozen=True)
class Row:
    """One strip.

    Attributes:
        name: at its left.
        offline: when the board was, in seconds since midnight: start and end.
        outages: when the server's camera was away.
        board: what stands at its right, for the board.
        server: the same for the server.
    """

    name: str
    offline: Spans
    outages: Spans
    board: str
    server: str


def draw(troubles: Sequence[Trouble], network: Spans, rows: Sequence[Row], summary: str) -> str:
    """The plot.

    Args:
        troubles: of the day, in order.
        network: when no board could be online, whatever it did.
        rows: the strips, from above.
        summary: what it shows, for those who cannot see it.
    """
    height = _TOP + _ROW * len(rows) + 40 + _LEGEND_ROW * ((len(troubles) + 3) // 2)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="t d">',
        f'<title id="t">A day of Wi-Fi trouble</title><desc id="d">{escape(summary)}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="page" width="{_WIDTH}" height="{height}" rx="6"/>',
        *_key(),
        *_hours(_TOP + _ROW * len(rows)),
        *_marks(troubles),
        *(part for index, row in enumerate(rows) for part in _strip(_TOP + _ROW * index, row, network)),
        *_legend(troubles, _TOP + _ROW * len(rows) + 40),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _x(moment: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * moment / DAY


def _text(x: float, y: float, text: str, classes: str) -> str:
    return f'<text class="{classes}" x="{x:.1f}" y="{y}">{escape(text)}</text>'


def _rect(kind: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{kind}" x="{x:.2f}" y="{y:.1f}" width="{width:.2f}" height="{height:.1f}"/>'


def _key() -> Iterator[str]:
    x = _LEFT
    for kind, text, width in (
        ("up", "board online", 106),
        ("away", "offline, and no board could be online", 244),
        ("lost", "offline, though the network was there", 246),
    ):
        yield _rect(kind, x, 14, 14, 11) + _text(x + 20, 24, text, "small ink")
        x += width
    yield _rect("outage", x, 17, 14, _LINE) + _text(x + 20, 24, "outage in the server's history", "small ink")
    yield _text(_BOARD_X, 62, "board", "small faint end") + _text(_SERVER_X, 62, "server", "small faint end")
    yield _text(_SERVER_X, 48, "minutes offline", "small faint end")


def _hours(bottom: float) -> Iterator[str]:
    for hour in range(0, 25, 3):
        x = _x(hour * 3600)
        yield f'<line class="rule" x1="{x:.1f}" y1="{_TOP - 10}" x2="{x:.1f}" y2="{bottom - 6}"/>'
        yield _text(x, bottom + 9, f"{hour:02}:00", "small faint middle")


def _marks(troubles: Sequence[Trouble]) -> Iterator[str]:
    """A number for each trouble, above its time; those that follow closely share one place."""
    placed = -100.0
    for number, trouble in enumerate(troubles, 1):
        x = max(_x((trouble.start + trouble.end) / 2), placed + _APART)
        placed = x
        yield _text(x, _TOP - 16, f"{number}", "bold small ink middle")
        left, right = _x(trouble.start), _x(trouble.end)
        yield _rect("ink", left, _TOP - 12, max(_HAIR, right - left), 5)


def _strip(top: float, row: Row, network: Spans) -> Iterator[str]:
    yield _text(_LEFT - 12, top + 14, row.name, "ink end")
    yield _rect("up", _LEFT, top, _RIGHT - _LEFT, _STRIP)
    parts = [part for span in row.offline for part in _by_blame(span, network)]
    away = _levels([span for span, kind in parts if kind == "away"])
    lost = _levels([span for span, kind in parts if kind == "lost"])
    yield from _columns("away", away, [0.0] * len(away), top, _STRIP)
    yield from _columns("lost", lost, away, top, _STRIP)
    outages = _levels(row.outages)
    yield from _columns("outage", outages, [0.0] * len(outages), top + _STRIP + 2, _LINE)
    yield _text(_BOARD_X, top + 14, row.board, "bold ink end") + _text(_SERVER_X, top + 14, row.server, "bold ink end")


def _levels(spans: Spans) -> list[float]:
    """For each two minutes of the day, the share that these times take of them: 0, or at least the least."""
    shares = [0.0] * int(DAY / _BIN)
    for start, end in spans:
        for index in range(int(start // _BIN), min(len(shares), int(end // _BIN) + 1)):
            shares[index] += max(0.0, min(end, (index + 1) * _BIN) - max(start, index * _BIN)) / _BIN
    return [max(_LEAST, min(1.0, share)) if share else 0.0 for share in shares]


def _columns(kind: str, levels: list[float], floor: list[float], top: float, height: float) -> Iterator[str]:
    """Columns of these heights, each on its floor; equal neighbours as one."""
    tops = [(min(1.0, low + level) if level else low, low) for level, low in zip(levels, floor, strict=True)]
    width = (_RIGHT - _LEFT) / len(tops)
    index = 0
    for (upper, lower), same in groupby(tops):
        count = len(list(same))
        if upper > lower:
            yield _rect(
                kind, _LEFT + index * width, top + height * (1 - upper), count * width, height * (upper - lower)
            )
        index += count


def _by_blame(span: tuple[float, float], network: Spans) -> Iterator[tuple[tuple[float, float], str]]:
    """The parts of a time offline: those in which the network was away, and those in which it was there."""
    start, end = span
    for away, back in network:
        if back <= start or away >= end:
            continue
        if away > start:
            yield (start, away), "lost"
        yield (max(start, away), min(end, back)), "away"
        start = min(end, back)
    if start < end:
        yield (start, end), "lost"


def _legend(troubles: Sequence[Trouble], top: float) -> Iterator[str]:
    """What the numbers mean, in two columns."""
    half = (len(troubles) + 1) // 2
    for index, trouble in enumerate(troubles):
        x, y = 20 + 490 * (index // half), top + _LEGEND_ROW * (index % half)
        yield _text(x, y, f"{index + 1}", "bold small ink end") + _text(x + 6, y, _entry(trouble), "small ink")
    yield _text(26, top + _LEGEND_ROW * half, _EXPLANATION, "small faint")


def _entry(trouble: Trouble) -> str:
    return f"{int(trouble.start) // 3600:02}:{int(trouble.start) // 60 % 60:02}  {trouble.title}"

from itertools import pairwise

import pytest

from vedette.errors import Reason
from vedette.store import CameraHistory, Outage, Sample
from vedette.web.strip import Strip, duration, lay_out, percent

STEP = 300
BEGIN = 1_700_000_100
NOW = float(BEGIN + 10 * STEP)


def past(samples: str, *outages: Outage) -> CameraHistory:
    """One character a step: L live, A away, . unknown."""
    online = {"L": 1.0, "A": 0.0, ".": None}
    steps = [Sample(BEGIN + number * STEP, online=online[word]) for number, word in enumerate(samples)]
    newest_first = sorted(outages, key=lambda outage: -outage.start)
    return CameraHistory("porch", 0.9, None, None, newest_first, steps)


def outage(start: float, end: float | None, reason: Reason = Reason.SLOT_BUSY) -> Outage:
    return Outage("porch", BEGIN + start, None if end is None else BEGIN + end, reason.value, None)


def told(strip: Strip) -> list[tuple[str, float, float]]:
    return [(span.kind.value, span.start - BEGIN, span.end - BEGIN) for span in strip.spans]


def test_steps_of_one_kind_are_one_span() -> None:
    assert told(lay_out(past("LLL..LLLLL"), NOW)) == [
        ("live", 0, 900),
        ("unknown", 900, 1500),
        ("live", 1500, 3000),
    ]


def test_outages_are_cut_out_to_the_second_and_named_by_cause() -> None:
    strip = lay_out(past("LLLLLLLLLL", outage(100, 160, Reason.STALLED), outage(2000, None)), NOW)
    assert told(strip) == [
        ("live", 0, 100),
        ("weak", 100, 160),
        ("live", 160, 2000),
        ("away", 2000, 3000),
    ]
    assert strip.spans[1].reason == "stalled"


def test_an_outage_that_began_before_the_period_begins_with_it() -> None:
    strip = lay_out(past("AALLLLLLLL", outage(-5000, 600)), NOW)
    assert told(strip) == [("away", 0, 600), ("live", 600, 3000)]


def test_what_was_away_without_an_outage_on_record_is_away_all_the_same() -> None:
    assert told(lay_out(past("LLLLLAALLL"), NOW))[1] == ("away", 1500, 2100)


def test_a_camera_that_is_online_is_live_before_the_first_step_is_written() -> None:
    strip = lay_out(past(".........."), NOW, online_since=NOW - 40)
    assert told(strip) == [("unknown", 0, 2960), ("live", 2960, 3000)]


@pytest.mark.parametrize("samples", ["..........", "LLLLLLLLLL", "L.A.L.A.L.", ""])
def test_spans_follow_each_other_without_gaps_to_the_right_edge(samples: str) -> None:
    strip = lay_out(past(samples, outage(200, 250), outage(240, 900), outage(2900, 4000)), NOW)
    for one, other in pairwise(strip.spans):
        assert one.end == other.start
    bars = list(strip.bars)
    if samples:
        assert strip.spans[0].start == BEGIN
        assert strip.spans[-1].end == NOW
        assert sum(width for _, _, width in bars) == pytest.approx(1000, abs=1)


def test_the_summary_says_in_words_what_the_strip_shows() -> None:
    assert lay_out(past("LLLLLLLLLL"), NOW).summary == "live 90.0 % of the known time, no outage"
    assert lay_out(past("LLLLLLLLLL", outage(0, 60)), NOW).summary.endswith("one outage of 1 min")
    two = lay_out(past("LLLLLLLLLL", outage(0, 60), outage(300, 420)), NOW).summary
    assert two.endswith("2 outages, 3 min in all, the longest 2 min")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (40, "40 s"),
        (60, "1 min"),
        (75, "1 min 15 s"),
        (3600, "1 h"),
        (11_130, "3 h 5 min"),
        (187_200, "2 d 4 h"),
    ],
)
def test_durations_are_told_in_two_figures_at_most(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_what_is_not_quite_all_is_never_called_all() -> None:
    assert [percent(share) for share in (1.0, 0.99999, 0.5, 0.0)] == ["100 %", "99.9 %", "50.0 %", "0.0 %"]

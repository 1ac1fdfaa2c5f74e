from typing import Any

import pytest

from vedette.hub import State
from vedette.store.tally import Look, Tally, bucket_of

NOON = 1_700_000_100.0  # the start of a bucket


def tally(state: State, before: dict[str, Any] | None = None, now: float = NOON) -> Tally:
    return Tally("porch", now, 0.0, Look(state, 0, 0), before)


def test_a_bucket_begins_every_five_minutes() -> None:
    assert [bucket_of(NOON + s) - NOON for s in (-0.001, 0, 299.9, 300)] == [-300, 0, 0, 300]


def test_time_belongs_to_the_state_it_passed_in() -> None:
    porch = tally(State.ONLINE)
    porch.advance(NOON + 70, 70, Look(State.STALE, 700, 1))
    porch.advance(NOON + 77, 77, Look(State.OFFLINE, 700, 4))
    porch.advance(NOON + 100, 100, Look(State.ONLINE, 701, 4))
    porch.advance(NOON + 110, 110, Look(State.ONLINE, 801, 4))
    assert porch.rows() == [
        {
            "camera": "porch",
            "start": int(NOON),
            "seconds_online": 80.0,
            "seconds_away": 30.0,
            "frames": 801,
            "rejected": 4,
            "frame_age_mean": None,
            "frame_age_max": None,
        }
    ]


@pytest.mark.parametrize("state", [State.CONNECTING, State.IDLE, State.DISABLED])
def test_of_a_camera_that_nobody_asks_for_nothing_is_known(state: State) -> None:
    porch = tally(state)
    porch.advance(NOON + 400, 400, Look(state, 0, 0))
    assert porch.rows() == []


def test_what_lies_across_two_buckets_is_shared_out() -> None:
    porch = tally(State.ONLINE, now=NOON + 296)
    porch.advance(NOON + 306, 10, Look(State.ONLINE, 100, 10))
    shares = [(row["start"] - NOON, row["seconds_online"], row["frames"], row["rejected"]) for row in porch.rows()]
    assert shares == [(0, 4.0, 40, 4), (300, 6.0, 60, 6)]


def test_a_bucket_that_has_ended_is_given_once_and_the_one_at_hand_each_time() -> None:
    porch = tally(State.ONLINE, now=NOON + 290)
    porch.advance(NOON + 310, 20, Look(State.ONLINE, 0, 0))
    assert len(porch.rows()) == 2
    porch.advance(NOON + 320, 30, Look(State.ONLINE, 0, 0))
    assert [(row["start"] - NOON, row["seconds_online"]) for row in porch.rows()] == [(300, 20.0)]


def test_a_server_that_was_started_again_goes_on_where_it_was() -> None:
    first = tally(State.ONLINE)
    first.advance(NOON + 100, 100, Look(State.ONLINE, 500, 5))
    for age in (0.1, 0.3) * 5:
        first.note_age(age)
    second = tally(State.OFFLINE, first.rows()[0], NOON + 150)
    second.advance(NOON + 160, 10, Look(State.ONLINE, 1, 0))
    second.note_age(0.75)
    row = second.rows()[0]
    assert (row["seconds_online"], row["seconds_away"]) == (100.0, 10.0)
    assert (row["frames"], row["rejected"]) == (501, 5)
    assert row["frame_age_mean"] == pytest.approx((10 * 0.2 + 0.75) / 11, abs=0.001)
    assert row["frame_age_max"] == 0.75


def test_a_clock_that_is_set_back_counts_nothing_twice() -> None:
    porch = tally(State.ONLINE, now=NOON + 10)
    porch.advance(NOON - 500, 10, Look(State.ONLINE, 10, 0))
    porch.advance(NOON + 10, 520, Look(State.ONLINE, 20, 0))
    assert [(row["start"] - NOON, row["seconds_online"], row["frames"]) for row in porch.rows()] == [(0, 300.0, 10)]


def test_a_clock_that_is_set_forward_makes_no_time() -> None:
    porch = tally(State.ONLINE)
    porch.advance(NOON + 86450, 10, Look(State.ONLINE, 10, 0))
    assert [(row["start"] - NOON, row["seconds_online"]) for row in porch.rows()] == [(86400, 10.0)]

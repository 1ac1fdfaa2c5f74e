from random import Random

import pytest

from vedette.errors import Reason
from vedette.hub.backoff import delay

HELPLESS = {Reason.AUTH_REQUIRED, Reason.NOT_MJPEG, Reason.NAME_UNKNOWN}


def delays(reason: Reason, failures: int) -> list[float]:
    return [delay(reason, failures, Random(seed)) for seed in range(200)]


@pytest.mark.parametrize("reason", [Reason.STALLED, Reason.SENSOR_SILENT, Reason.REFUSED, Reason.UNREACHABLE])
def test_a_camera_that_gave_pictures_is_tried_again_at_once(reason: Reason) -> None:
    assert max(delays(reason, 0)) <= 0.3


def test_who_was_refused_waits_longer_each_time_up_to_ten_seconds() -> None:
    longest = [max(delays(Reason.REFUSED, failures)) for failures in range(1, 100)]
    assert longest == sorted(longest)
    assert 0.9 < longest[0] <= 1
    assert longest[30] <= 3, "for the first minutes a board that is back is seen soon"
    assert 9 < longest[-1] <= 10


def test_the_time_that_an_attempt_took_counts() -> None:
    assert delay(Reason.UNREACHABLE, 5, Random(1), took=10.0) < 1
    assert delay(Reason.UNREACHABLE, 5, Random(1), took=10.0) > 0.1
    assert delay(Reason.SLOT_BUSY, 5, Random(1), took=10.0) >= 5


def test_a_busy_slot_is_left_alone_for_five_to_ten_seconds() -> None:
    for failures in (0, 1, 50):
        assert min(delays(Reason.SLOT_BUSY, failures)) >= 5
        assert max(delays(Reason.SLOT_BUSY, failures)) <= 10


@pytest.mark.parametrize("reason", sorted(HELPLESS))
def test_what_only_a_person_can_mend_is_tried_once_a_minute(reason: Reason) -> None:
    assert 40 < min(delays(reason, 3)) <= max(delays(reason, 3)) <= 60


@pytest.mark.parametrize("reason", sorted(set(Reason) - HELPLESS))
def test_nothing_else_ever_waits_longer_than_ten_seconds(reason: Reason) -> None:
    assert all(value <= 10 for failures in (0, 1, 2, 10, 10_000) for value in delays(reason, failures))


def test_twenty_boards_do_not_return_at_the_same_instant() -> None:
    assert len({round(value, 2) for value in delays(Reason.UNREACHABLE, 4)}) > 50

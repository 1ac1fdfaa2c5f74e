import pytest

from vedette.hub.rate import RateMeter


def test_one_frame_is_no_rate() -> None:
    meter = RateMeter()
    meter.add(1.0, 100)
    assert meter.rate is None


@pytest.mark.parametrize("fps", [0.1, 1, 25])
def test_a_steady_rate_is_measured_as_it_is(fps: float) -> None:
    meter = RateMeter()
    for number in range(200):
        meter.add(number / fps, 1000)
    assert meter.rate is not None
    assert meter.rate.fps == pytest.approx(fps)
    assert meter.rate.bytes_per_s == pytest.approx(1000 * fps)


def test_a_new_rate_shows_within_five_seconds() -> None:
    meter = RateMeter()
    for number in range(500):
        meter.add(number / 25, 1000)
    for number in range(51):
        meter.add(20 + number / 10, 500)
    assert meter.rate is not None
    assert meter.rate.fps == pytest.approx(10, rel=0.05)
    assert meter.rate.bytes_per_s == pytest.approx(5000, rel=0.05)


def test_a_restart_forgets() -> None:
    meter = RateMeter()
    meter.add(1.0, 100)
    meter.add(2.0, 100)
    meter.restart()
    assert meter.rate is None
    meter.add(100.0, 100)
    assert meter.rate is None

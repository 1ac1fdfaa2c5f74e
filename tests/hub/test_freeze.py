from vedette.hub.boardclock import Reading
from vedette.hub.freeze import AT_LEAST, SAME_LIMIT, FreezeWatch

PATIENCE = 3.0


def look(watch: FreezeWatch, seconds: float, reading: Reading, jpeg: bytes = b"same", fps: float = 10.0) -> bool:
    """The same picture for so long, from the moment 100; whether it was ever taken for frozen."""
    frozen = False
    for number in range(int(seconds * fps) + 1):
        watch.look(jpeg, reading, 100.0 + number / fps, PATIENCE)
        frozen = frozen or watch.frozen
    return frozen


def test_the_same_bytes_with_a_clock_that_stands_still_are_frozen_once_patience_ends() -> None:
    assert not look(FreezeWatch(), PATIENCE - 0.2, Reading.SAME)
    assert look(FreezeWatch(), PATIENCE, Reading.SAME)


def test_the_same_bytes_without_a_clock_are_frozen_after_half_a_minute() -> None:
    assert not look(FreezeWatch(), SAME_LIMIT - 0.2, Reading.UNKNOWN)
    assert look(FreezeWatch(), SAME_LIMIT, Reading.UNKNOWN)


def test_the_same_bytes_against_the_clock_are_frozen_after_half_a_minute() -> None:
    assert not look(FreezeWatch(), SAME_LIMIT - 0.2, Reading.LATER)
    assert look(FreezeWatch(), SAME_LIMIT, Reading.LATER)


def test_a_few_pictures_prove_nothing() -> None:
    assert not look(FreezeWatch(), SAME_LIMIT + 5, Reading.UNKNOWN, fps=0.5)
    assert look(FreezeWatch(), AT_LEAST / 0.5, Reading.UNKNOWN, fps=0.5)


def test_a_clock_that_stands_still_for_a_second_under_pictures_that_differ_is_no_freeze() -> None:
    watch = FreezeWatch()
    for number in range(1000):
        watch.look(b"picture %d" % number, Reading.SAME, 100.0 + number / 10, PATIENCE)
        assert not watch.frozen


def test_one_other_picture_ends_it() -> None:
    watch = FreezeWatch()
    assert look(watch, SAME_LIMIT, Reading.UNKNOWN)
    watch.look(b"other", Reading.UNKNOWN, 200.0, PATIENCE)
    assert not watch.frozen

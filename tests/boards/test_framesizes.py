import pytest

from vedette.boards import FRAMESIZES, Era, eras_that_fit, framesize_index

# esp32-camera, driver/include/sensor.h and its history: the number of a size in each era; None where it has none.
NUMBERS = {
    (96, 96): (None, 0, 0, 0),
    (160, 120): (0, 1, 1, 1),
    (128, 160): (1, 2, None, None),
    (128, 128): (None, None, None, 2),
    (176, 144): (2, 3, 2, 3),
    (240, 176): (3, 4, 3, 4),
    (240, 240): (None, 5, 4, 5),
    (320, 240): (4, 6, 5, 6),
    (320, 320): (None, None, None, 7),
    (400, 296): (5, 7, 6, 8),
    (480, 320): (None, None, 7, 9),
    (640, 480): (6, 8, 8, 10),
    (800, 600): (7, 9, 9, 11),
    (1024, 768): (8, 10, 10, 12),
    (1280, 720): (None, None, 11, 13),
    (1280, 1024): (9, 11, 12, 14),
    (1600, 1200): (10, 12, 13, 15),
    (1920, 1080): (None, None, 14, 16),
    (720, 1280): (None, None, 15, 17),
    (864, 1536): (None, None, 16, 18),
    (2048, 1536): (11, 13, 17, 19),
    (2560, 1440): (None, None, 18, 20),
    (2560, 1600): (None, None, 19, 21),
    (1080, 1920): (None, None, 20, 22),
    (2560, 1920): (None, None, 21, 23),
    (2592, 1944): (None, None, None, 24),
}


@pytest.mark.parametrize(("size", "numbers"), NUMBERS.items(), ids=str)
def test_a_size_has_its_number_in_each_era(size, numbers):
    assert tuple(framesize_index(era, size) for era in Era) == numbers


@pytest.mark.parametrize("era", Era)
def test_a_number_has_its_size_and_there_are_no_others(era):
    table = FRAMESIZES[era]
    column = list(Era).index(era)
    expected = {numbers[column]: size for size, numbers in NUMBERS.items() if numbers[column] is not None}
    assert dict(enumerate(table)) == expected


@pytest.mark.parametrize("era", Era)
def test_a_size_in_no_table_has_no_number(era):
    assert framesize_index(era, (641, 480)) is None
    assert framesize_index(era, (480, 640)) is None


def test_qvga_at_boot_tells_most_eras_apart():
    numbers = {era: framesize_index(era, (320, 240)) for era in Era}
    assert (numbers[Era.A], numbers[Era.C]) == (4, 5)
    assert numbers[Era.B] == numbers[Era.D] == 6


def test_a_number_and_a_size_tell_the_eras():
    assert eras_that_fit(6, (320, 240)) == (Era.B, Era.D)
    assert eras_that_fit(6, (640, 480)) == (Era.A,)
    assert eras_that_fit(8, (640, 480)) == (Era.B, Era.C)
    assert eras_that_fit(-1, (640, 480)) == eras_that_fit(99, (640, 480)) == eras_that_fit(6, (641, 480)) == ()


def test_the_tables_cannot_be_changed():
    with pytest.raises(TypeError):
        FRAMESIZES[Era.A] = ()  # type: ignore[index]  # which is what is tested

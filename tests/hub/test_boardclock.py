import pytest

from vedette.hub.boardclock import BoardClock, Reading


def read(*stamps: tuple[str | None, float]) -> list[Reading]:
    """Stamps of one connection, with the moments at which they came."""
    clock = BoardClock()
    return [clock.read(text, arrival, number) for number, (text, arrival) in enumerate(stamps)]


def reconnect(*stamps: tuple[float, float]) -> int:
    """Connections of ten frames that begin with these stamps, at these moments: how many reboots they show."""
    clock = BoardClock()
    readings = [
        clock.read(f"{stamp + number / 10:.6f}", arrival + number / 10, number)
        for stamp, arrival in stamps
        for number in range(10)
    ]
    return readings.count(Reading.REBOOTED)


def test_time_goes_on() -> None:
    assert read(("5.1", 100.0), ("5.2", 100.1)) == [Reading.LATER, Reading.LATER]


def test_running_backwards_is_a_reboot() -> None:
    assert read(("500.0", 100.0), ("2.0", 104.0), ("2.1", 104.1)) == [Reading.LATER, Reading.REBOOTED, Reading.LATER]


def test_a_little_backwards_is_nothing() -> None:
    assert read(("5.1", 100.0), ("5.0", 100.1)) == [Reading.LATER, Reading.LATER]


def test_a_reboot_during_a_long_absence_is_seen_though_the_clock_shows_more_than_before() -> None:
    assert reconnect((10.0, 100.0), (300.0, 1000.0)) == 1


def test_a_long_absence_alone_is_no_reboot() -> None:
    assert reconnect((10.0, 100.0), (910.0, 1000.0), (90910.0, 91000.0)) == 0


def test_every_round_of_a_boot_loop_is_seen() -> None:
    assert reconnect(*((2.0, 100.0 + 5 * number) for number in range(10))) == 9


def test_pictures_that_waited_in_the_board_since_the_last_connection_are_no_reboot() -> None:
    clock = BoardClock()
    for number in range(10):
        clock.read(f"{10 + number / 10}", 100 + number / 10, number)
    old = [clock.read(f"{11 + number / 10}", 160.0 + number / 100, number) for number in range(4)]
    new = [clock.read(f"{70 + number / 10}", 160.0 + number / 10, number) for number in range(4, 10)]
    assert Reading.REBOOTED not in old + new


def test_a_picture_that_was_held_up_on_its_way_is_no_reboot() -> None:
    assert read(("10.0", 100.0), ("10.1", 109.1), ("19.2", 109.2)) == [Reading.LATER] * 3


def test_a_crystal_that_is_off_by_fifty_parts_in_a_million_is_no_reboot() -> None:
    day = 86_400.0
    assert reconnect(*((10 + number * day * (1 - 50e-6), 100 + number * day) for number in range(30))) == 0


def test_the_same_stamp_again_is_said() -> None:
    assert read(("5.0", 99.9), ("5.1", 100.0), ("5.1", 100.1)) == [Reading.LATER, Reading.LATER, Reading.SAME]


def test_a_stamp_that_never_changes_is_no_clock_that_stands_still() -> None:
    assert read(*(("12.345678", 100.0 + number) for number in range(5))) == [Reading.LATER] + [Reading.UNKNOWN] * 4


@pytest.mark.parametrize("text", [None, "", "soon", "-1", "nan", "1700000000.5", "1e300"])
def test_what_is_no_time_since_a_boot_means_nothing(text: str | None) -> None:
    clock = BoardClock()
    assert clock.read(text, 100.0, 0) is Reading.UNKNOWN
    assert not clock.known


def test_a_stamp_that_is_missing_once_does_not_hide_the_next_reboot() -> None:
    assert read(("500.0", 100.0), (None, 100.1), ("1.0", 100.2))[-1] is Reading.REBOOTED

import pytest

from vedette.boards import BoardHealth, Disconnect
from vedette.hub.ailments import Ailments

HOUR = 3600.0


@pytest.fixture
def ailments() -> Ailments:
    return Ailments()


def codes(ailments: Ailments, now: float, fps: float | None = 25.0) -> list[str]:
    return [warning.code for warning in ailments.warnings(now, fps)]


def test_a_healthy_board_suffers_from_nothing(ailments: Ailments) -> None:
    assert ailments.warnings(1000.0, 25.0) == ()
    assert not ailments.words(1000.0)


def test_reboots_within_an_hour_are_weak_power_and_are_forgotten_with_it(ailments: Ailments) -> None:
    for moment in (100.0, 200.0):
        ailments.rebooted(moment)
    assert codes(ailments, 200.0) == [], "somebody may have pulled its plug twice"
    for moment in (300.0, 400.0):
        ailments.rebooted(moment)
    warning = ailments.warnings(400.0, 25.0)[0]
    assert warning.code == "weak_power"
    assert warning.message.startswith("Weak power: 4 reboots in an hour.")
    assert "restarted 4 times" in ailments.words(400.0)
    assert codes(ailments, 100.0 + 2 * HOUR) == []


def test_many_losses_are_said_unless_weak_power_explains_them(ailments: Ailments) -> None:
    for number in range(5):
        ailments.lost(100.0 + number)
    assert codes(ailments, 110.0) == ["unstable"]
    for number in range(3):
        ailments.rebooted(110.0 + number)
    assert codes(ailments, 115.0) == ["weak_power"]


def test_a_share_of_damaged_frames_is_said(ailments: Ailments) -> None:
    for number in range(20):
        ailments.rejected(100.0 + number)
    assert codes(ailments, 130.0, fps=25.0) == [], "20 of 1,500 are what a healthy board in a noisy room has"
    assert codes(ailments, 130.0, fps=2.0) == ["damaged_frames"]
    assert "20 pictures" in ailments.warnings(130.0, 2.0)[0].message
    assert codes(ailments, 200.0, fps=2.0) == []


def test_a_frame_near_the_boards_limit_is_warned_about_before_frames_vanish(ailments: Ailments) -> None:
    ailments.measured(100.0, 76_000, (800, 600))
    assert codes(ailments, 100.0) == []
    ailments.measured(101.0, 77_000, (800, 600))
    assert codes(ailments, 101.0) == ["frame_near_limit"]
    assert "77 KB" in ailments.warnings(101.0, 25.0)[0].message
    assert "96 KB" in ailments.warnings(101.0, 25.0)[0].message
    assert codes(ailments, 162.0) == []


def test_the_largest_frame_of_the_last_minute_is_named(ailments: Ailments) -> None:
    for moment, length in ((100.0, 90_000), (101.0, 80_000), (162.0, 79_000)):
        ailments.measured(moment, length, (800, 600))
    assert "79 KB" in ailments.warnings(162.0, 25.0)[0].message


def test_what_lasts_is_said_as_long_as_it_lasts(ailments: Ailments) -> None:
    ailments.overloaded = ailments.control_lost = True
    ailments.note = "It was found elsewhere."
    assert codes(ailments, 1e6) == ["control_silent", "check_overloaded", "moved"]
    assert ailments.words(1e6) == "It was found elsewhere."


def test_a_flood_is_remembered_in_bounds(ailments: Ailments) -> None:
    for number in range(10_000):
        ailments.rejected(100.0 + number / 1000)
    assert "more than 255 pictures" in ailments.warnings(110.0, 25.0)[0].message


def restart_often(ailments: Ailments, health: BoardHealth) -> None:
    for moment in (100.0, 200.0, 300.0):
        ailments.rebooted(moment)
    ailments.itself.take(301.0, health)


def test_many_restarts_are_what_the_board_says_they_are_and_no_guess(ailments: Ailments) -> None:
    restart_often(ailments, BoardHealth(reset_reason="brownout"))
    warning = ailments.warnings(400.0, 25.0)[0]
    assert warning.code == "weak_power"
    assert (
        "3 reboots in an hour; the board says that the last was a brownout: its supply is too weak." in warning.message
    )
    assert "5 V and 2 A" in warning.message
    assert ailments.words(400.0).endswith("it says that the last was a brownout: its supply is too weak.")


def test_restarts_that_are_not_its_supplys_fault_are_not_called_weak_power(ailments: Ailments) -> None:
    restart_often(ailments, BoardHealth(reset_reason="software", last_restart="wifi"))
    warning = ailments.warnings(400.0, 25.0)[0]
    assert warning.code == "reboots"
    assert warning.message.startswith("3 reboots in an hour; the board says that the last was its own remedy for lost")
    assert "antenna" in warning.message
    assert "power" not in ailments.words(400.0)


def test_a_board_that_is_lost_often_says_why_it_was_without_wifi(ailments: Ailments) -> None:
    for number in range(5):
        ailments.lost(100.0 + number)
    ailments.itself.take(110.0, BoardHealth(last_disconnect=Disconnect(2, "AUTH_EXPIRE", "it was forgotten")))
    assert "why it was last without Wi-Fi: it was forgotten. Move" in ailments.warnings(110.0, 25.0)[0].message


def test_signal_heat_and_a_dead_sensor_are_said(ailments: Ailments) -> None:
    ailments.itself.take(100.0, BoardHealth(rssi=-82, temperature=93.0, sensor_works=False))
    assert codes(ailments, 130.0) == ["weak_signal", "hot_board"]
    assert ailments.words(130.0) == "The board itself says that its sensor does not work."

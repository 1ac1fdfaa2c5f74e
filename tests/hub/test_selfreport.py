from dataclasses import replace

import pytest

from vedette.boards import BoardHealth, Disconnect, Restarts
from vedette.hub import in_words, own_restarts, restart_of, signal_of
from vedette.hub.selfreport import BELIEVED, SelfReport, what_happened

GONE = Disconnect(200, "BEACON_TIMEOUT", "the access point fell silent")


@pytest.fixture
def itself() -> SelfReport:
    return SelfReport()


def test_a_board_that_has_said_nothing_has_nothing_wrong(itself: SelfReport) -> None:
    assert itself.recent(100.0) is None
    assert itself.restart() is None
    assert (itself.weak_signal(100.0), itself.heat(100.0), itself.silent_sensor(100.0), itself.lost_wifi(100.0)) == (
        (None,) * 4
    )


def test_a_signal_at_the_limit_does_not_come_and_go(itself: SelfReport) -> None:
    said = []
    for rssi in (-60, -70, -71, -68, -66, -71, -65, -68, -70, -71):
        itself.take(100.0, BoardHealth(rssi=rssi))
        said.append(itself.weak_signal(100.0) is not None)
    assert said == [False, False, True, True, True, True, False, False, False, True]
    assert "at -71 dBm" in (itself.weak_signal(100.0) or "")


def test_heat_at_the_limit_does_not_come_and_go(itself: SelfReport) -> None:
    said = []
    for temperature in (80.0, 90.0, 90.5, 88.0, 85.5, 85.0, 89.0, 91.0):
        itself.take(100.0, BoardHealth(temperature=temperature))
        said.append(itself.heat(100.0) is not None)
    assert said == [False, False, True, True, True, False, False, True]
    assert "91 °C" in (itself.heat(100.0) or "")


def test_what_is_not_known_any_more_is_not_said(itself: SelfReport) -> None:
    itself.take(100.0, BoardHealth(rssi=-80, temperature=95.0))
    itself.take(160.0, BoardHealth(uptime=5.0))
    assert (itself.weak_signal(160.0), itself.heat(160.0)) == (None, None)


def test_signal_and_heat_are_forgotten_soon_and_why_it_restarted_is_not(itself: SelfReport) -> None:
    health = BoardHealth(rssi=-80, temperature=95.0, sensor_works=False, last_disconnect=GONE, reset_reason="brownout")
    itself.take(100.0, health)
    believed = 100.0 + BELIEVED
    assert itself.recent(believed) == health
    assert itself.lost_wifi(believed) == "the access point fell silent"
    assert "sensor does not work" in (itself.silent_sensor(believed) or "")
    later = believed + 1
    assert itself.recent(later) is None
    assert (itself.weak_signal(later), itself.heat(later), itself.silent_sensor(later), itself.lost_wifi(later)) == (
        (None,) * 4
    )
    restart = itself.restart()
    assert restart is not None
    assert restart.weak_power


@pytest.mark.parametrize(
    ("reason", "cause", "words"),
    [
        ("brownout", "wifi", "a brownout: its supply is too weak"),
        ("power_glitch", None, "a glitch of its power: its supply is too weak"),
        ("power_on", None, "its power coming back"),
    ],
)
def test_a_restart_for_want_of_power_is_called_that(reason: str, cause: str | None, words: str) -> None:
    restart = restart_of(BoardHealth(reset_reason=reason, last_restart=cause))
    assert restart is not None
    assert restart.words == words
    assert restart.weak_power


@pytest.mark.parametrize(
    ("reason", "cause", "words"),
    [
        ("panic", None, "a crash of its program"),
        ("task_watchdog", None, "a watchdog: its program hung"),
        ("software", "wifi", "its own remedy for lost Wi-Fi"),
        ("software", "sensor", "its own remedy for a sensor that gave no pictures"),
        ("software", "request", "asked for by somebody"),
        ("software", "update", "an update of its firmware"),
        ("software", None, "of its own accord"),
        ("software", "moonlight", "of its own accord"),
        ("deep_sleep", None, "what it calls deep sleep"),
    ],
)
def test_any_other_restart_is_what_the_board_says_it_was(reason: str, cause: str | None, words: str) -> None:
    restart = restart_of(BoardHealth(reset_reason=reason, last_restart=cause))
    assert restart is not None
    assert restart.words == words
    assert not restart.weak_power


def test_nobody_guesses_at_a_restart_that_the_board_does_not_explain() -> None:
    assert restart_of(BoardHealth(last_restart="wifi")) is None


def test_a_signal_has_a_word() -> None:
    assert [str(signal_of(rssi)) for rssi in (-50, -65, -66, -70, -71)] == ["good", "good", "fair", "fair", "weak"]


def test_restarts_are_told_by_cause_where_there_were_any() -> None:
    assert own_restarts(Restarts(wifi=2, sensor=1, request=4)) == "2 for lost Wi-Fi, 1 for its sensor"
    assert own_restarts(Restarts(wifi=0, sensor=0)) == ""


def test_a_board_is_told_in_a_sentence() -> None:
    health = BoardHealth(
        rssi=-58, temperature=41.4, reset_reason="brownout", restarts=Restarts(wifi=2), last_disconnect=GONE
    )
    assert in_words(health) == (
        "The board last said: good signal (-58 dBm); 41 °C inside its chip; "
        "its last start was a brownout: its supply is too weak; "
        "restarts of its own since its power came: 2 for lost Wi-Fi; "
        "it was last without Wi-Fi: the access point fell silent."
    )
    assert in_words(BoardHealth(heap_free=90_000)) is None


def test_what_became_of_a_board_is_said_once() -> None:
    before = BoardHealth(uptime=100.0, disconnects=1, last_disconnect=GONE)
    after = replace(before, uptime=160.0, disconnects=2)
    assert what_happened(before, after, restarted=False) == (
        "the board says that it was without Wi-Fi: the access point fell silent"
    )
    assert what_happened(after, replace(after, uptime=220.0), restarted=False) is None
    booted = replace(after, uptime=5.0, disconnects=3, reset_reason="panic")
    assert what_happened(after, booted, restarted=True) == (
        "the board says that its last restart was a crash of its program"
    )
    assert what_happened(after, replace(booted, reset_reason=None), restarted=True) is None

"""A day of Wi-Fi trouble: what is replayed comes out as the server's outages, and what is drawn is what was played."""

import re
import shutil
from xml.etree import ElementTree as ET

import pytest
from benchmarks.day_plot import Row, draw
from benchmarks.replay import Served, replay
from benchmarks.timeline import Timeline, Trouble, minutes, read_troubles
from benchmarks.wifi_day import BOARDS, FIRMWARE, SCRIPT, build_player, play

from vedette.boards import CAMERASERVER, VEDETTE_CAM, Firmware

HOUR = 3600.0


def board(text: str, seconds: float) -> Timeline:
    return Timeline.read(text, seconds)


def served(text: str, seconds: float, firmware: Firmware = CAMERASERVER) -> Served:
    return replay(board(text, seconds), firmware, seed=1)


@pytest.mark.parametrize("firmware", [CAMERASERVER, VEDETTE_CAM], ids=lambda firmware: firmware.name)
def test_a_board_that_is_up_has_no_outage_and_loses_no_frame(firmware: Firmware) -> None:
    seen = served("0 up", 60, firmware)
    assert seen.outages == ()
    assert seen.frames == 60 * 2 + 1


def test_one_absence_is_one_outage_from_three_silent_seconds_until_the_next_attempt_that_is_answered() -> None:
    seen = served("0 up\n100000 joining\n160000 up", 300)
    (outage,) = seen.outages
    assert outage.start == pytest.approx(102.5, abs=0.01)  # the last picture came at 99.5
    assert 160 <= outage.end <= 163.5  # an attempt each 3 s
    assert outage.reason == "unreachable"


def test_two_absences_with_a_moment_between_are_two_outages() -> None:
    seen = served("0 up\n100000 waiting\n130000 up\n140000 dead\n170000 up", 300)
    first, second = seen.outages
    assert 102.5 <= first.start <= 103
    assert 130 <= first.end <= 133.5
    assert 142.5 <= second.start <= 143
    assert 170 <= second.end <= 173.5


@pytest.mark.parametrize(("back", "answered"), [(100_400, 103), (104_000, 105)])
def test_a_connection_that_is_lost_though_the_board_is_back_soon_is_given_up_at_the_next_probe(
    back: int, answered: float
) -> None:
    seen = served(f"0 up\n100000 joining\n{back} up", 200)  # the last picture came at 99.5; probes after 3 and 5 s
    (outage,) = seen.outages
    assert answered - 0.5 <= outage.end <= answered


def test_a_board_that_is_never_up_is_away_from_the_first_failed_attempt_to_the_end() -> None:
    seen = served("0 waiting", 120)
    (outage,) = seen.outages
    assert outage.start == pytest.approx(3, abs=0.01)  # nobody answers for its address
    assert outage.end == pytest.approx(120, abs=0.01)
    assert seen.frames == 0


def test_a_restart_is_noticed_by_the_boards_clock() -> None:
    assert served("0 up\n100000 joining\n110000 up", 200).reboots == 0
    assert served("0 up\n100000 rebooting\n102000 joining\n105000 up", 200).reboots == 1


def test_the_same_seed_gives_the_same_outages_and_another_one_others() -> None:
    text = "0 up\n100000 joining\n161000 up\n200000 dead\n263000 up"
    first, again, other = (replay(board(text, 300), CAMERASERVER, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_timeline_knows_when_its_board_was_offline_and_how_often_it_restarted() -> None:
    timeline = board("0 rebooting\n2000 up\n60000 joining\n90000 rebooting\n92000 no_address\n120000 up", 200)
    assert timeline.offline == [(0, 2), (60, 120)]
    assert minutes(timeline.offline) == pytest.approx(62 / 60)
    assert timeline.restarts == 1
    assert timeline.up_since(59.9) == 2
    assert timeline.up_since(60) is None
    assert (timeline.booted(91), timeline.booted(92)) == (2, 92)


@pytest.mark.parametrize("text", ["", "5 up", "0 up\n20 joining\n10 up"])
def test_what_is_no_timeline_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="timeline"):
        Timeline.read(text)


def test_the_plot_tells_time_lost_from_time_in_which_the_network_was_away() -> None:
    row = Row("porch", offline=[(6 * HOUR, 9 * HOUR)], outages=[(6 * HOUR, 9 * HOUR)], board="180", server="181")
    trouble = Trouble(6 * HOUR, 7 * HOUR, "router away <again>")
    svg = ET.fromstring(draw([trouble], [(6 * HOUR, 7 * HOUR)], [row], "porch: 180"))  # noqa: S314 - our own

    def widths(kind: str) -> list[float]:
        found = [each for each in svg.iter("{http://www.w3.org/2000/svg}rect") if each.get("class") == kind]
        return [float(each.get("width", 0)) for each in found[1:]]  # the first explains the colour

    up, away, lost, outage = (widths(kind) for kind in ("up", "away", "lost", "outage"))
    assert away == [pytest.approx(up[0] / 24, abs=0.01)]
    assert lost == [pytest.approx(up[0] / 12, abs=0.01)]
    assert outage == [pytest.approx(up[0] / 8, abs=0.01)]
    words = [each.text or "" for each in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert {"porch", "180", "181"} <= set(words)
    assert any("06:00" in word and "<again>" in word for word in words)


def test_the_script_is_read_as_the_boards_read_it() -> None:
    troubles = read_troubles(SCRIPT.read_text(encoding="utf-8"))
    assert [trouble.start for trouble in troubles] == sorted(trouble.start for trouble in troubles)
    assert troubles[0] == (4200, 6600, "access point switched off at night (BEACON_TIMEOUT, NO_AP_FOUND)")


@pytest.mark.skipif(not shutil.which("make") or not shutil.which("g++"), reason="needs make and g++")
def test_the_minutes_and_restarts_of_the_firmwares_readme_are_those_that_its_boards_play() -> None:
    build_player()
    table = re.findall(r"^\| (.+?) \| ([\d.]+) \| [\d.]+ \| \d+ \| [\d.]+ \| (\d+) \|", _readme(), re.MULTILINE)
    told = {name.strip("*"): (float(offline), int(restarts)) for name, offline, restarts in table}
    for word, (name, _) in BOARDS.items():
        timeline = play(SCRIPT, word)
        assert told[name] == (round(minutes(timeline.offline), 1), timeline.restarts)


def _readme() -> str:
    return (FIRMWARE / "README.md").read_text(encoding="utf-8")

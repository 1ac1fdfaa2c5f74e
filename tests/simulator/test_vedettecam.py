"""vedette_cam's own control port: what is refused and why, what survives a restart, and what it says of itself."""

import dataclasses
import json
import re
from pathlib import Path

import pytest

from vedette.boards import FIRMWARES, OV3660, OV5640
from vedette.simulator import Fault, Simulator, Timings

VEDETTE = FIRMWARES["vedette_cam"]
REPORTS = Path(__file__).parents[2] / "firmware" / "vedette_cam" / "src" / "core" / "reports.cpp"
SOON = Timings(boot=0.05, brownout_every=0.2)


@pytest.fixture
def board(run):
    return run(VEDETTE, timings=SOON)


@pytest.fixture
def health(get):
    def ask(simulator):
        return json.loads(get(simulator.control_url(), "/health")[1])

    return ask


@pytest.fixture
def write(get):
    """Set one variable; gives the status, and the sentence of a refusal."""

    def control(simulator, name, value):
        head, body = get(simulator.control_url(), f"/control?var={name}&val={value}")
        return head.status, json.loads(body)["error"]["message"] if body else ""

    return control


@pytest.fixture
def wait_for_boot(wait_until, health):
    """Wait until a board has restarted so often, and listens again."""

    def wait(simulator, reboots):
        def is_back():
            try:
                return simulator.boards[0].counters.reboots >= reboots and health(simulator)
            except ConnectionRefusedError:
                return False

        wait_until(is_back)

    return wait


def keys_of(answer: object) -> list[str]:
    """All keys, in their order."""
    if not isinstance(answer, dict):
        return []
    return [key for name, value in answer.items() for key in (name, *keys_of(value))]


def test_its_health_has_the_firmwares_keys_in_its_order(board, health):
    source = REPORTS.read_text()
    parts = {
        name: source.split(f"void {name}(")[1].split("\n}\n")[0]
        for name in ("write_health", "write_restarts", "write_wifi", "write_memory", "write_stream")
    }
    whole = parts["write_health"]
    for name, part in parts.items():
        call = re.search(rf"    {name}\([^)]*\);", whole)
        whole = whole.replace(call[0], part) if call else whole
    written = re.findall(r'(?:open|text|number|flag|null)\("(\w+)"', whole.replace("cause_name(cause)", '"cause"'))
    wanted = list(dict.fromkeys(written))
    told = keys_of(health(board))
    causes = ["wifi", "sensor", "request", "update"]
    at = wanted.index("cause")
    wanted[at : at + 1] = causes
    last = [key for key in wanted if key not in {"code", "name", "meaning"}]  # of a disconnect, which has not been
    assert list(dict.fromkeys(told)) == list(dict.fromkeys(last))


def test_a_size_is_said_as_number_or_in_words(board, write, status):
    for name, value, size in (
        ("framesize", "11", "800x600"),
        ("framesize", "320x240", "320x240"),
        ("resolution", "1280x720", "1280x720"),
    ):
        assert write(board, name, value) == (200, "")
        assert status(board)["resolution"] == size
    assert status(board)["framesize"] == 13


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("quality", "3", "quality takes a whole number from 4 to 63"),
        ("quality", "12abc", "quality takes a whole number from 4 to 63"),
        ("xclk", "25", "xclk takes a whole number from 6 to 24"),
        ("resolution", "11", "a size this OV2640 has, as WIDTHxHEIGHT, at most 1600x1200"),
        ("framesize", "1920x1080", "a size this OV2640 has, as WIDTHxHEIGHT, at most 1600x1200"),
        ("framesize", "25", "a size this OV2640 has, as WIDTHxHEIGHT, at most 1600x1200"),
        ("sharpness", "1", "there is no setting of this name"),
        ("led_intensity", "5", "the sensor did not take it"),
    ],
)
def test_what_is_wrong_is_refused_with_a_sentence(name, value, sentence, board, write, status):
    before = status(board)
    assert write(board, name, value) == (500, sentence)
    assert status(board) == before


@pytest.mark.parametrize("query", ["", "?var=quality", "?val=5", "?var=quality&val=" + "5" * 24])
def test_a_question_without_both_words_is_404(query, board, get):
    head, body = get(board.control_url(), f"/control{query}")
    assert (head.status, json.loads(body)["error"]["code"]) == (404, "parameter_missing")


def test_a_path_that_it_does_not_know_is_404_in_words(board, get):
    head, body = get(board.control_url(), "/index.html")
    assert (head.status, json.loads(body)["error"]["code"]) == (404, "no_such_address")


@pytest.mark.parametrize("sensor", [OV3660, OV5640], ids=lambda sensor: sensor.name)
def test_other_sensors_begin_as_their_drivers_have_them(sensor, run, status):
    told = status(run(VEDETTE, sensors=sensor))
    assert (told["sensor"], told["vflip"], told["brightness"], told["saturation"]) == (sensor.name, 0, 0, 0)


def test_a_restart_that_was_asked_for_keeps_the_settings_and_is_counted(run, get, write, status, health, wait_for_boot):
    board = run(VEDETTE, lamp=True, timings=SOON)
    for name, value in (("quality", 30), ("resolution", "320x240"), ("led_intensity", 9), ("colorbar", 1)):
        assert write(board, name, value)[0] == 200
    assert health(board)["settings_unsaved"]
    assert json.loads(get(board.control_url(), "/reboot")[1]) == {"restarting": True}
    wait_for_boot(board, 1)
    told = status(board)
    assert (told["quality"], told["resolution"]) == (30, "320x240")
    assert (told["led_intensity"], told["colorbar"]) == (0, 0), "what makes heat, and what is no picture"
    told = health(board)
    assert (told["reset_reason"], told["settings_unsaved"]) == ("software", False)
    assert (told["restarts"]["total"], told["restarts"]["last_cause"], told["restarts"]["request"]) == (1, "request", 1)


def test_a_power_cut_forgets_what_was_not_saved_yet_and_all_that_was_counted(
    board, get, write, status, health, wait_for_boot
):
    write(board, "quality", 30)
    get(board.control_url(), "/reboot")
    wait_for_boot(board, 1)
    assert status(board)["quality"] == 30, "it was saved before the restart"
    write(board, "quality", 40)
    board.reboot(0)
    assert status(board)["quality"] == 30
    told = health(board)
    assert (told["reset_reason"], told["restarts"]["total"], told["restarts"]["last_cause"]) == ("power_on", 0, None)


def test_a_brownout_is_told_as_one(board, health, wait_for_boot):
    board.set_faults(0, Fault.BROWNOUT_LOOP)
    wait_for_boot(board, 1)
    board.set_faults(0)
    wait_for_boot(board, 1)
    assert health(board)["reset_reason"] == "brownout"


def play_away(board: Simulator, seconds: float) -> None:
    """The board has not been reachable for so long."""
    board.set_faults(0, Fault.UNREACHABLE)

    def age() -> None:
        board.boards[0]._begun[Fault.UNREACHABLE] -= seconds

    board.call(age)
    board.set_faults(0)


@pytest.mark.parametrize(
    ("seconds", "disconnects", "name"), [(1.0, 1, "BEACON_TIMEOUT"), (60.0, 11, "NO_AP_FOUND")], ids=str
)
def test_lost_wifi_is_told_with_its_reason(seconds, disconnects, name, board, health):
    play_away(board, seconds)
    told = health(board)["wifi"]
    assert (told["disconnects"], told["last_disconnect"]["name"]) == (disconnects, name)
    assert told["last_disconnect"].keys() == {"code", "name", "meaning"}


def test_three_minutes_without_wifi_are_a_restart(board, health):
    play_away(board, 400.0)
    told = health(board)
    assert (told["restarts"]["wifi"], told["restarts"]["last_cause"], told["reset_reason"]) == (2, "wifi", "software")
    assert told["uptime_s"] < 20


def test_a_weak_signal_shows(board, health):
    strong = health(board)["wifi"]["rssi_dbm"]
    board.set_faults(0, Fault.WIFI_BLIPS)
    assert health(board)["wifi"]["rssi_dbm"] < -80 < strong


def test_a_viewer_and_its_pictures_are_told(board, connect, health):
    client = connect(board.stream_url()).ask()
    client.read_parts(3)
    told = health(board)["stream"]
    assert (told["viewer"], told["viewer_s"]) == ("127.0.0.1", 0)
    assert told["frames_sent"] >= 2


def test_a_silent_sensor_is_told_in_words_and_in_health(run, connect, health):
    simulator = run(dataclasses.replace(VEDETTE, sensor_timeout=0.05), faults=[Fault.SENSOR_SILENT])
    client = connect(simulator.stream_url()).ask()
    assert client.read_to_the_end() == VEDETTE.framing.failure.encode()
    head = client.response.head
    assert (head.status, json.loads(client.body)["error"]["code"]) == (503, "sensor_silent")
    assert not health(simulator)["sensor"]["works"]


def test_a_slot_that_somebody_has_is_told_as_such(run, connect):
    client = connect(run(VEDETTE, faults=[Fault.SLOT_BUSY]).stream_url()).ask()
    assert client.read_answer().status == 503
    assert json.loads(client.body)["error"]["code"] == "slot_busy"


def test_every_third_write_may_be_lost(run, write):
    simulator = run(VEDETTE, faults=[Fault.WRITE_LOST])
    seen = []
    for value in (10, 11, 12, 13):
        assert write(simulator, "quality", value)[0] == 200
        seen.append(simulator.boards[0].settings.values["quality"])
    assert seen == [10, 11, 11, 13]

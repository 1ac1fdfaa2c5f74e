import asyncio
import json
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from tests.fake_clock import FakeClock

from vedette.boards import FIRMWARES, OV2640
from vedette.clock import pause
from vedette.errors import BoardError, Reason
from vedette.hub import ControlPort
from vedette.hub.controlport import PAUSE
from vedette.sources import Answer
from vedette.wire.http import ResponseHead

T = TypeVar("T")

CLOCK = FakeClock()
DEFAULTS = {name: variable.default for name, variable in OV2640.variables.items()}


class Board:
    """Answers as the test wants."""

    def __init__(self) -> None:
        self.status: dict[str, object] | str | None = {"0xd3": 0, "pixformat": 4, "framesize": 5, **DEFAULTS}
        self.asked: list[str] = []
        self.code = 200

    async def fetch(self, url: str, **_options: object) -> Answer:
        self.asked.append(url)
        if self.status is None:
            raise BoardError(Reason.REFUSED)
        text = self.status if isinstance(self.status, str) else json.dumps(self.status)
        return Answer(ResponseHead(self.code, {}), text.encode())


def ask(port: ControlPort) -> bool | None:
    return in_time(port.ask())


def in_time(work: Coroutine[Any, Any, T]) -> T:
    async def whole() -> T:
        task = asyncio.create_task(work)
        while not task.done():
            await CLOCK.advance(1)
        return task.result()

    return asyncio.run(whole())


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def port(board: Board) -> ControlPort:
    made = ControlPort("192.168.0.123", None, board.fetch, CLOCK)
    made.know(FIRMWARES["cameraserver"])
    return made


def test_nobody_is_asked_before_the_firmware_is_known(board: Board) -> None:
    port = ControlPort("192.168.0.123", None, board.fetch)
    assert ask(port) is None
    assert (port.online, port.state) == (None, None)
    assert board.asked == []


def test_the_firmware_says_where_to_ask(board: Board, port: ControlPort) -> None:
    assert ask(port) is True
    assert board.asked == ["http://192.168.0.123/status"]
    assert port.state == "online"
    assert port.report is not None
    assert port.report.sensors == (OV2640,)


def test_the_configuration_may_say_so_instead(board: Board) -> None:
    port = ControlPort("192.168.0.123", "http://127.0.0.1:8180/", board.fetch)
    port.know(FIRMWARES["cameraserver"])
    ask(port)
    assert board.asked == ["http://127.0.0.1:8180/status"]


def test_an_ipv6_board_is_asked_in_brackets(board: Board) -> None:
    port = ControlPort("fe80::1", None, board.fetch)
    port.know(FIRMWARES["cameraserver"])
    ask(port)
    assert board.asked == ["http://[fe80::1]/status"]


@pytest.mark.parametrize("name", ["micro-rtsp", "wificam", "esphome", "generic"])
def test_firmware_whose_stream_blocks_it_or_that_has_no_status_is_not_asked(name: str, board: Board) -> None:
    port = ControlPort("192.168.0.123", None, board.fetch)
    port.know(FIRMWARES[name])
    assert ask(port) is None
    assert board.asked == []


def test_a_port_that_does_not_answer_is_offline(board: Board, port: ControlPort) -> None:
    board.status = None
    assert ask(port) is False
    assert port.state == "offline"


@pytest.mark.parametrize("text", ["", "<html>", "[]", "null", "{}", '{"framesize": {}, "quality": []}', "[" * 100_000])
def test_nonsense_is_an_answer_that_tells_nothing(text: str, board: Board, port: ControlPort) -> None:
    board.status = text
    assert ask(port) is True
    assert not port.settings_lost
    assert port.uptime is None


def test_settings_that_fall_back_to_defaults_are_a_restart(board: Board, port: ControlPort) -> None:
    assert isinstance(board.status, dict)
    board.status |= {"quality": 20, "hmirror": 1}
    ask(port)
    assert not port.settings_lost
    board.status = {**board.status, "quality": DEFAULTS["quality"], "hmirror": DEFAULTS["hmirror"]}
    ask(port)
    assert port.settings_lost


def test_one_setting_and_the_size_that_fall_back_are_a_restart(board: Board, port: ControlPort) -> None:
    assert isinstance(board.status, dict)
    board.status |= {"quality": 20, "framesize": 8}
    ask(port)
    board.status = {**board.status, "quality": DEFAULTS["quality"], "framesize": 5}
    ask(port)
    assert port.settings_lost


def test_one_setting_alone_may_have_been_set_back_by_a_person(board: Board, port: ControlPort) -> None:
    assert isinstance(board.status, dict)
    board.status["hmirror"] = 1
    ask(port)
    board.status = {**board.status, "hmirror": 0}
    ask(port)
    assert not port.settings_lost


def test_a_setting_that_somebody_changes_is_none(board: Board, port: ControlPort) -> None:
    assert isinstance(board.status, dict)
    board.status["quality"] = 20
    ask(port)
    board.status = {**board.status, "quality": 10}
    ask(port)
    assert not port.settings_lost
    ask(port)
    assert not port.settings_lost


@pytest.mark.parametrize(
    ("key", "value", "seconds"),
    [
        ("uptime", 12.5, 12.5),
        ("up_time", "1-02:03:04", 93_784.0),
        ("up_time", "00:01:05", 65.0),
        ("uptime", "x", None),
        ("uptime", 10**400, None),
    ],
)
def test_an_uptime_is_read(key: str, value: object, seconds: float | None, board: Board, port: ControlPort) -> None:
    assert isinstance(board.status, dict)
    board.status[key] = value
    ask(port)
    assert port.uptime == seconds


@pytest.mark.parametrize(("code", "text"), [(200, "<html>"), (401, None), (500, None)])
def test_what_tells_nothing_leaves_what_was_told(code: int, text: str | None, board: Board, port: ControlPort) -> None:
    ask(port)
    report, told = port.report, port.told
    board.code, board.status = code, text if text is not None else {**DEFAULTS, "framesize": 6, "autolamp": 0}
    assert ask(port) is True
    assert (told, port.told) == (True, False)
    assert port.report is report
    assert port.status["framesize"] == 5


def test_a_board_whose_sensor_does_not_run_says_who_it_is_and_nothing_of_its_settings(
    board: Board, port: ControlPort
) -> None:
    assert isinstance(board.status, dict)
    told = {**board.status, "firmware": "vedette_cam", "sensor": "OV2640", "quality": 20, "hmirror": 1}
    board.status = told
    ask(port)
    status = port.status
    board.status = told | dict.fromkeys(("framesize", "resolution", *DEFAULTS))
    assert ask(port) is True
    assert (port.told, port.settings_lost, port.status) == (False, False, status)
    assert port.report is not None
    assert (port.report.family, port.state) == ("vedette_cam", "online")
    board.status = told
    ask(port)
    assert (port.told, port.settings_lost) == (True, False)
    board.status = told | {"quality": DEFAULTS["quality"], "hmirror": DEFAULTS["hmirror"]}
    ask(port)
    assert port.settings_lost


# Writing.


@pytest.mark.parametrize(
    ("firmware", "name", "value", "target"),
    [
        ("cameraserver", "quality", 10, "/control?var=quality&val=10"),
        ("cameraserver", "ae_level", -2, "/control?var=ae_level&val=-2"),
        ("cameraserver", "xclk", 8, "/xclk?xclk=8"),
        ("easytarget", "xclk", 8, "/control?var=xclk&val=8"),
        ("mjpeg2sd", "lampLevel", 3, "/control?lampLevel=3"),
    ],
)
def test_a_value_is_written_as_the_firmware_has_it(firmware, name, value, target, board):
    port = ControlPort("192.168.0.123", None, board.fetch, CLOCK)
    port.know(FIRMWARES[firmware])
    assert in_time(port.write(name, value)) == 200
    assert board.asked == [f"http://192.168.0.123{target}"]


@pytest.mark.parametrize("firmware", ["esphome", "tasmota", "micro-rtsp", "generic"])
def test_a_firmware_that_takes_no_settings_is_not_written_to(firmware, board):
    port = ControlPort("192.168.0.123", None, board.fetch, CLOCK)
    port.know(FIRMWARES[firmware])
    with pytest.raises(BoardError):
        in_time(port.write("quality", 10))
    assert board.asked == []


def test_the_status_may_tell_another_firmware_than_was_believed(board):
    assert isinstance(board.status, dict)
    board.status |= {"autolamp": 0}
    port = ControlPort("192.168.0.123", None, board.fetch, CLOCK)
    port.know(FIRMWARES["cameraserver"])
    in_time(port.ask())
    assert port.firmware is FIRMWARES["easytarget"]


def test_a_refusal_is_the_boards_answer(board, port):
    board.code = 500
    assert in_time(port.write("quality", 99)) == 500


def test_no_answer_is_an_error_and_says_nothing_about_the_port(board, port):
    ask(port)
    board.status = None
    with pytest.raises(BoardError):
        in_time(port.write("quality", 10))
    assert port.state == "online", "only a question for the status decides that"


def test_one_request_at_a_time_and_a_pause_after_each_write(board: Board):
    clock = FakeClock()
    at: list[float] = []
    under_way: list[int] = [0]

    async def slow(url: str, **_options: object) -> Answer:
        at.append(clock.monotonic())
        under_way.append(under_way[-1] + 1)
        await pause(clock, 0.3)
        under_way.append(under_way[-1] - 1)
        return await board.fetch(url)

    async def story() -> None:
        port = ControlPort("192.168.0.123", None, slow, clock)
        port.know(FIRMWARES["cameraserver"])
        work = asyncio.gather(port.write("quality", 10), port.ask(), port.write("contrast", 1), port.ask())
        await clock.advance(10)
        await work

    asyncio.run(story())
    assert max(under_way) == 1
    assert [round(moment - at[0], 3) for moment in at] == [0, 0.3 + PAUSE, 0.6 + PAUSE, 0.9 + 2 * PAUSE]


def test_the_status_is_kept_as_numbers_and_told(board, port):
    heard: list[int] = []
    port.on_status = lambda: heard.append(port.status["quality"])
    ask(port)
    assert isinstance(board.status, dict)
    board.status = {**board.status, "quality": "20", "cam_name": "porch", "stream_url": None}
    ask(port)
    assert heard == [12, 20]
    assert "cam_name" not in port.status
    board.status = "<html>"
    ask(port)
    assert heard == [12, 20]
    assert port.status["quality"] == 20


def test_what_is_set_back_to_its_default_on_purpose_is_no_restart(board, port):
    assert isinstance(board.status, dict)
    board.status |= {"quality": 20, "hmirror": 1, "framesize": 8}
    ask(port)
    board.status = {**board.status, "quality": DEFAULTS["quality"], "hmirror": DEFAULTS["hmirror"], "framesize": 5}
    for name, value in (("quality", DEFAULTS["quality"]), ("hmirror", DEFAULTS["hmirror"]), ("framesize", 5)):
        in_time(port.write(name, value))
    ask(port)
    assert not port.settings_lost


@pytest.fixture
def talker(board: Board) -> ControlPort:
    """The port of a board that says how it is."""
    made = ControlPort("192.168.0.123", None, board.fetch, CLOCK)
    made.know(replace(FIRMWARES["cameraserver"], health_path="/health"))
    return made


def test_a_board_that_says_how_it_is_is_asked(board: Board, talker: ControlPort) -> None:
    board.status = {"uptime_s": 63, "wifi": {"rssi_dbm": -61}}
    health = in_time(talker.ask_health())
    assert health is not None
    assert (health.uptime, health.rssi) == (63.0, -61)
    assert talker.health == health
    assert board.asked == ["http://192.168.0.123/health"]


def test_firmware_without_such_a_word_is_not_asked_for_it(board: Board, port: ControlPort) -> None:
    assert in_time(port.ask_health()) is None
    assert board.asked == []


@pytest.mark.parametrize(("status", "code"), [(None, 200), ("<html>", 200), ({"uptime_s": 70}, 404)])
def test_health_that_is_not_told_takes_nothing_back(
    status: dict[str, object] | str | None, code: int, board: Board, talker: ControlPort
) -> None:
    ask(talker)
    board.status = {"uptime_s": 63}
    known = in_time(talker.ask_health())
    board.status, board.code = status, code
    assert in_time(talker.ask_health()) is None
    assert talker.health == known
    assert talker.state == "online", "only a question for the status decides that"
    assert talker.told

import asyncio
import json

import pytest

from vedette.boards import FIRMWARES, OV2640
from vedette.errors import BoardError, Reason
from vedette.hub import ControlPort
from vedette.sources import Answer
from vedette.wire.http import ResponseHead

DEFAULTS = {name: variable.default for name, variable in OV2640.variables.items()}


class Board:
    """Answers as the test wants."""

    def __init__(self) -> None:
        self.status: dict[str, object] | str | None = {"0xd3": 0, "pixformat": 4, "framesize": 5, **DEFAULTS}
        self.asked: list[str] = []

    async def fetch(self, url: str) -> Answer:
        self.asked.append(url)
        if self.status is None:
            raise BoardError(Reason.REFUSED)
        text = self.status if isinstance(self.status, str) else json.dumps(self.status)
        return Answer(ResponseHead(200, {}), text.encode())


def ask(port: ControlPort) -> bool | None:
    return asyncio.run(port.ask())


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def port(board: Board) -> ControlPort:
    made = ControlPort("192.168.0.123", None, board.fetch)
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

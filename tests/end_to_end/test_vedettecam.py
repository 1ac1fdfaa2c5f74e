"""A real server and a board with this project's own firmware."""

import urllib.request
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from tests.end_to_end.harness import Server, wait_until

from vedette.boards import VEDETTE_CAM
from vedette.simulator import Simulator, Timings

Boards = Callable[..., Simulator]
Serve = Callable[..., Server]

TOKEN = "correcthorse"


@pytest.fixture
def board(make_boards: Boards) -> Simulator:
    return make_boards(
        *(1, VEDETTE_CAM), size=(320, 240), fps=10, credentials=("", TOKEN), lamp=True, timings=Timings(boot=6.0)
    )


def table_of(board: Simulator) -> str:
    return (
        f'[cameras.gate]\nurl = "{board.stream_url()}"\ncontrol_url = "{board.control_url()}"\n'
        f'username = "any"\npassword = "{TOKEN}"'
    )


def settings(server: Server) -> Any:
    return server.get("/api/cameras/gate/settings").json


def is_settled(server: Server) -> bool:
    told = settings(server)
    return bool(told["controls"]) and not told["pending"] and not told["refused"]


def test_it_is_known_with_its_token_and_its_settings_are_there_again_after_a_power_cut(
    board: Simulator, serve: Serve
) -> None:
    server = serve({}, table_of(board))
    server.wait_for_state("gate", "online")
    wait_until(partial(is_settled, server), 20, "it has controls")
    assert server.camera("gate")["firmware"] == "vedette_cam"
    wanted = {"resolution": "640x480", "quality": 30, "hmirror": True, "xclk": 8, "led_intensity": 40}
    assert server.send("PATCH", "/api/cameras/gate/settings", wanted).status == 200

    def has_all() -> bool:
        values = board.boards[0].settings.values
        numbers = {name: value for name, value in wanted.items() if name != "resolution"}
        return board.boards[0].settings.size == (640, 480) and numbers.items() <= values.items()

    wait_until(has_all, 20, "the board has what is wanted")
    wait_until(partial(is_settled, server), 20, "all is confirmed")
    board.reboot(0)
    wait_until(lambda: server.camera("gate")["reboots"] == 1, 40, "its first frame tells of it")
    wait_until(has_all, 10, "the board has all again, what it does not keep itself too")


def test_who_has_its_only_place_is_named_until_they_leave(board: Simulator, serve: Serve) -> None:
    with urllib.request.urlopen(f"{board.second_stream_url()}?token={TOKEN}", timeout=10) as other:  # noqa: S310 - our own board
        other.read(1000)
        server = serve({}, table_of(board))
        wait_until(lambda: server.camera("gate")["reason"] == "slot_busy", 20, "it is refused")
        explanation = server.camera("gate")["explanation"]
        assert explanation.startswith("The board refuses another viewer: 127.0.0.1 has its only place.")
    server.wait_for_state("gate", "online")

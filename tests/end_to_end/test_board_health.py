"""What a board with vedette_cam says of itself: from its `/health` to the API, the pages and the log."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.end_to_end.harness import Server, wait_until
from tests.end_to_end.test_browser import DESKTOP, PHONE, browser, open_page  # noqa: F401 - two are fixtures
from tests.end_to_end.test_health_page import serious_problems

from vedette.boards import VEDETTE_CAM
from vedette.simulator import Fault, Simulator

Boards = Callable[..., Simulator]
Serve = Callable[..., Server]
OpenPage = Callable[..., Page]


@pytest.fixture
def talker(make_boards: Boards, serve: Serve) -> tuple[Simulator, Server]:
    """A board that says how it is, online."""
    boards = make_boards(firmware=VEDETTE_CAM, fps=10, size=(320, 240))
    server = serve({"porch": boards.stream_url()}, f'control_url = "{boards.control_url()}"')
    wait_until(lambda: server.camera("porch")["board"] is not None, what="it has been asked")
    return boards, server


def board_of(server: Server) -> Any:
    return server.camera("porch")["board"]


def test_a_board_is_told_as_it_tells_itself(talker: tuple[Simulator, Server]) -> None:
    server = talker[1]
    camera = server.camera("porch")
    assert camera["firmware"] == "vedette_cam"
    board = camera["board"]
    assert board["rssi_dbm"] == -61
    assert board["reset_reason"] == "power_on"
    assert board["restarts"] == {"wifi": 0, "sensor": 0, "request": 0, "update": 0}
    assert board["last_disconnect"] is None
    assert board["temperature_c"] is None
    assert board["sensor_works"] is True
    assert board["viewer"] == "127.0.0.1"
    assert board["words"] == "The board last said: good signal (-61 dBm); its last start was its power coming back."


def test_a_board_that_was_without_wifi_says_why_once(talker: tuple[Simulator, Server]) -> None:
    boards, server = talker
    boards.set_faults(0, Fault.UNREACHABLE)
    server.wait_for_state("porch", "offline", 30)
    boards.set_faults(0)
    server.wait_for_state("porch", "online", 60)
    wait_until(lambda: (board_of(server) or {}).get("last_disconnect"), what="it has been asked again")
    wait_until(lambda: "the board says that it was without Wi-Fi: " in server.output())
    assert board_of(server)["last_disconnect"]["meaning"] in server.output()
    assert server.output().count("the board says that it was without Wi-Fi") == 1


@pytest.mark.browser
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_pages_say_it(
    size: tuple[int, int],
    talker: tuple[Simulator, Server],
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    server = talker[1]
    page = open_page(f"{server.url}health", size)
    figures = page.locator(".row[data-id=porch] [data-board]").all_inner_texts()
    assert [" ".join(text.split()) for text in figures] == ["Signal good -61 dBm", "Last start its power coming back"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out at the side"
    page.goto(f"{server.url}cameras/porch")
    assert "good signal (-61 dBm)" in page.locator("#board").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out at the side"


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("path", ["health", "cameras/porch"])
def test_axe_finds_no_serious_problem_in_it(
    path: str,
    theme: str,
    talker: tuple[Simulator, Server],
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    page = open_page(f"{talker[1].url}{path}", color_scheme=theme)
    page.wait_for_selector("[data-board], #board:not(:empty)")
    assert serious_problems(page) == ""

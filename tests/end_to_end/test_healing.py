"""Viewers stay: a camera, the server or the network goes away; pages and streams are live again without a reload."""

# ruff: noqa: F811 - the fixtures of test_browser

import threading
import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page
from tests.end_to_end.harness import VEDETTE, Server, Viewer, free_port, wait_until
from tests.end_to_end.test_browser import browser, moves, open_page, pixels  # noqa: F401 - two are fixtures

from vedette.simulator import Fault, Simulator

pytestmark = pytest.mark.browser

Boards = Callable[..., Simulator]
Serve = Callable[..., Server]
OpenPage = Callable[..., Page]
Watch = Callable[..., Viewer]

WALL, CAMERA = "", "cameras/gate"
LIVE = {WALL: ".tile[data-id=gate]", CAMERA: "#camera"}
PAGES = pytest.mark.parametrize("path", [WALL, CAMERA], ids=["wall", "camera"])


def is_live(page: Page, path: str) -> bool:
    return page.locator(LIVE[path]).get_attribute("data-live") == "yes"


def notice(page: Page, path: str) -> str:
    return page.locator(f"{LIVE[path]} .notice").inner_text()


def picture(path: str) -> str:
    return f"{LIVE[path]} .picture"


def brightness(jpeg: bytes) -> float:
    decoded = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert decoded is not None
    return float(decoded[:40].mean())


@pytest.fixture
def restart(make_boards: Boards, write_config: Any, start: Callable[..., Server]) -> Callable[[], Server]:
    """Start the server, and start it again, on the same port; the board stays."""
    boards = make_boards(fps=10, size=(320, 240))
    port = free_port()
    command = [*VEDETTE, "serve", "-c", str(write_config({"gate": boards.stream_url()}, port=port))]

    def run() -> Server:
        server = start(command, f"http://127.0.0.1:{port}/")
        server.wait_for_state("gate", "online")
        return server

    return run


def test_a_stream_shows_the_last_picture_dimmed_while_its_camera_is_away(
    make_boards: Boards, serve: Serve, watch: Watch
) -> None:
    boards = make_boards(fps=10, size=(320, 240))
    server = serve({"gate": boards.stream_url()}, '[cameras.gate2]\nname = "玄関"\nurl = "http://127.0.0.1:9/"')
    server.wait_for_state("gate", "online")
    viewer = watch(server, "/cameras/gate/stream.mjpg")
    live = viewer.part()
    assert live.state == "online"
    boards.set_faults(0, Fault.REFUSE)
    last = live
    while (part := viewer.part()).state == "online":
        last = part
    assert part.timestamp == last.timestamp, "the picture's own time"
    assert brightness(part.body) < 0.6 * brightness(last.body)
    began = time.monotonic()
    for _ in range(2):
        assert viewer.part().state != "online"
    assert time.monotonic() - began < 5, "once a second"
    boards.set_faults(0)
    while (part := viewer.part()).state != "online":
        pass
    assert part.timestamp > last.timestamp
    assert brightness(part.body) > 0.8 * brightness(last.body)


@PAGES
def test_a_camera_that_is_away_never_looks_live_and_comes_back_without_a_reload(
    path: str, make_boards: Boards, serve: Serve, open_page: OpenPage
) -> None:
    boards = make_boards(fps=10, size=(320, 240))
    server = serve({"gate": boards.stream_url()})
    server.wait_for_state("gate", "online")
    page = open_page(server.url + path)
    wait_until(lambda: is_live(page, path))
    wait_until(lambda: moves(page, picture(path)))
    before = pixels(page, picture(path))
    page.evaluate("window.untouched = true")
    boards.set_faults(0, Fault.REFUSE)
    wait_until(lambda: "away since" in notice(page, path))
    wait_until(lambda: server.camera("gate")["explanation"] in notice(page, path), what="it says why")
    assert not is_live(page, path)
    after = pixels(page, picture(path))
    assert after[:20].mean() < 0.5 * before[:20].mean(), "dimmed"
    assert np.ptp(after[:20], axis=2).mean() < 4, "and without colour"
    assert after[:20].mean() > 4, "the last picture is still there"
    boards.set_faults(0)
    wait_until(lambda: is_live(page, path), 30)
    wait_until(lambda: moves(page, picture(path)))
    assert page.evaluate("window.untouched")


@PAGES
def test_a_server_that_is_started_again_is_found_again_without_a_reload(
    path: str, restart: Callable[[], Server], open_page: OpenPage
) -> None:
    server = restart()
    page = open_page(server.url + path)
    wait_until(lambda: is_live(page, path))
    wait_until(lambda: moves(page, picture(path)))
    page.evaluate("window.untouched = true")
    for kill in (9, 15):
        server.process.send_signal(kill)
        server.process.wait(10)
        wait_until(lambda: "no connection to the server since" in notice(page, path))
        assert not is_live(page, path)
        assert "No connection to the server since" in page.locator("#banner").inner_text()
        server = restart()
        wait_until(lambda: is_live(page, path), 30)
        wait_until(lambda: moves(page, picture(path)))
        assert page.locator("#banner").is_hidden()
        assert page.evaluate("window.untouched")


@PAGES
def test_a_connection_that_says_nothing_any_more_is_not_taken_for_a_live_one(
    path: str, restart: Callable[[], Server], open_page: OpenPage
) -> None:
    server = restart()
    page = open_page("about:blank")
    mute = threading.Event()

    def between(socket: Any) -> None:
        beyond = socket.connect_to_server()
        socket.on_message(beyond.send)
        beyond.on_message(lambda message: None if mute.is_set() else socket.send(message))

    page.route_web_socket("**/wall.ws", between)
    page.goto(server.url + path)
    wait_until(lambda: is_live(page, path))
    wait_until(lambda: moves(page, picture(path)))
    mute.set()
    wait_until(lambda: not is_live(page, path), 15)
    wait_until(lambda: "no connection" in notice(page, path) or "its picture is on the way" in notice(page, path), 15)
    mute.clear()
    wait_until(lambda: is_live(page, path), 30)
    wait_until(lambda: moves(page, picture(path)))


@PAGES
def test_without_a_websocket_a_page_heals_too_and_takes_it_when_it_is_there(
    path: str, restart: Callable[[], Server], open_page: OpenPage
) -> None:
    server = restart()
    page = open_page("about:blank")
    page.clock.install()
    refused = threading.Event()
    refused.set()
    page.route_web_socket(
        "**/wall.ws", lambda socket: socket.close() if refused.is_set() else socket.connect_to_server()
    )
    page.goto(server.url + path)
    wait_until(lambda: is_live(page, path), 30)
    wait_until(lambda: moves(page, picture(path)), 30)
    assert page.locator(f"{picture(path)} img").count() == 1, "it has fallen back"
    server.stop()
    wait_until(lambda: "no connection to the server since" in notice(page, path))
    assert not is_live(page, path)
    server = restart()
    wait_until(lambda: is_live(page, path), 30)
    wait_until(lambda: moves(page, picture(path)), 30)
    refused.clear()
    page.clock.fast_forward(61000)
    wait_until(lambda: page.locator(f"{picture(path)} canvas").count() == 1, 30)
    wait_until(lambda: is_live(page, path))
    wait_until(lambda: moves(page, picture(path)))


@PAGES
def test_a_server_that_ends_before_it_has_told_the_page_anything_leaves_no_picture_that_looks_live(
    path: str, restart: Callable[[], Server], open_page: OpenPage
) -> None:
    server = restart()
    page = open_page("about:blank")
    page.route_web_socket("**/wall.ws", lambda socket: socket.close())
    page.route("**/api/cameras", lambda route: route.abort())
    page.goto(server.url + path)
    wait_until(lambda: "no connection to the server since" in notice(page, path))
    assert not is_live(page, path)
    page.unroute("**/api/cameras")
    wait_until(lambda: is_live(page, path), 30)


@PAGES
@pytest.mark.parametrize("event", ["focus", "online"])
def test_somebody_who_turns_to_the_page_does_not_wait(
    path: str, event: str, restart: Callable[[], Server], open_page: OpenPage
) -> None:
    server = restart()
    page = open_page(server.url + path)
    wait_until(lambda: is_live(page, path))
    page.evaluate("Math.random = () => 1e6")  # its next attempt is far away
    server.stop()
    wait_until(lambda: "no connection" in notice(page, path))
    server = restart()
    assert not is_live(page, path)
    page.evaluate(f"dispatchEvent(new Event('{event}'))")
    wait_until(lambda: is_live(page, path))


@PAGES
def test_a_machine_that_slept_does_not_take_its_old_connections_for_live_ones(
    path: str, restart: Callable[[], Server], open_page: OpenPage
) -> None:
    server = restart()
    sockets: list[str] = []
    page = open_page("about:blank")
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(server.url + path)
    wait_until(lambda: is_live(page, path))
    assert len(sockets) == 1
    page.evaluate("const now = Date.now; Date.now = () => now() + 60000")
    wait_until(lambda: page.evaluate("true") and len(sockets) == 2)
    wait_until(lambda: is_live(page, path))


@PAGES
def test_another_version_of_the_server_brings_its_own_page_once(
    path: str, restart: Callable[[], Server], open_page: OpenPage
) -> None:
    server = restart()
    page = open_page(server.url + path)
    wait_until(lambda: is_live(page, path))
    loads: list[str] = []
    page.on("load", lambda _: loads.append("load"))
    page.evaluate("document.getElementById('version').textContent = 'Vedette 0.0.1'")
    server.stop()
    wait_until(lambda: "no connection" in notice(page, path))
    with page.expect_event("load"):
        restart()
    wait_until(lambda: is_live(page, path))
    assert page.locator("#version").text_content() != "Vedette 0.0.1"
    assert loads == ["load"]


@PAGES
def test_a_page_from_the_browsers_memory_is_live_again(
    path: str, restart: Callable[[], Server], open_page: OpenPage
) -> None:
    server = restart()
    page = open_page(server.url + path)
    wait_until(lambda: is_live(page, path))
    page.goto(f"{server.url}healthz")
    page.go_back()
    wait_until(lambda: is_live(page, path))
    wait_until(lambda: moves(page, picture(path)))


@PAGES
def test_without_javascript_a_stream_says_itself_that_it_is_not_live(
    path: str, make_boards: Boards, serve: Serve, open_page: OpenPage
) -> None:
    boards = make_boards(fps=10, size=(320, 240))
    server = serve({"gate": boards.stream_url()})
    server.wait_for_state("gate", "online")
    page = open_page(server.url + path, java_script_enabled=False)
    wait_until(lambda: moves(page, picture(path)))
    before = pixels(page, picture(path))[:20].mean()
    boards.set_faults(0, Fault.REFUSE)
    server.wait_for_state("gate", "offline")
    wait_until(lambda: pixels(page, picture(path))[:20].mean() < 0.6 * before)
    assert page.locator(f"{LIVE[path]} .notice").is_hidden()
    boards.set_faults(0)
    wait_until(lambda: pixels(page, picture(path))[:20].mean() > 0.8 * before, 30)

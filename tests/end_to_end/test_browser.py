"""The pages in a real Chromium: pictures move, tiles tell the truth, and the browser's six connections suffice."""

import io
import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.end_to_end.harness import VEDETTE, Server, free_port, wait_until

from vedette.simulator import Fault, Simulator

pytestmark = pytest.mark.browser

Boards = Callable[..., Simulator]
Serve = Callable[..., Server]
OpenPage = Callable[..., Page]

DESKTOP, PHONE = (1280, 800), (360, 740)
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("chromium is not installed")
    if path is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open an address in a window of a size; a mistake in the console fails the test."""
    mistakes: list[str] = []
    contexts = []

    def show(url: str, size: tuple[int, int] = DESKTOP, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.on("console", lambda message: mistakes.append(message.text) if is_mistake(message) else None)
        page.goto(url, wait_until="domcontentloaded")
        return page

    yield show
    for context in contexts:
        context.close()
    assert mistakes == []


def is_mistake(message: Any) -> bool:
    """What the browser itself says about a request that failed is no mistake of the page."""
    of_the_network = ("Failed to load resource", "WebSocket connection to")
    return message.type in {"error", "warning"} and not message.text.startswith(of_the_network)


def pixels(page: Page, selector: str, number: int = 0) -> "np.typing.NDArray[Any]":
    shot = page.locator(selector).nth(number).screenshot()
    picture = cv2.imdecode(np.frombuffer(io.BytesIO(shot).read(), np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture.astype(np.int16)


def moves(page: Page, selector: str, number: int = 0) -> bool:
    """Whether the picture changes by more than noise, within a few seconds."""
    before = pixels(page, selector, number)
    for _ in range(20):
        time.sleep(0.1)
        now = pixels(page, selector, number)
        if now.shape == before.shape and (np.abs(now - before).max(axis=2) > 40).mean() > 0.002:
            return True
    return False


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_tile_of_the_wall_moves(
    size: tuple[int, int], make_boards: Boards, serve: Serve, open_page: OpenPage
) -> None:
    boards = make_boards(6, fps=10, size=(320, 240))
    server = serve({f"c{number}": boards.stream_url(number) for number in range(6)})
    server.wait_for_state("c5", "online")
    page = open_page(server.url, size)
    page.wait_for_selector(".tile[data-live=yes]")
    for number in range(6):
        page.locator(".tile").nth(number).scroll_into_view_if_needed()
        wait_until(lambda number=number: moves(page, ".tile .picture", number), what=f"tile {number} moves")  # type: ignore[misc]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out at the side"
    assert [board.counters.stream_connections for board in boards.boards] == [1] * 6


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_picture_of_a_cameras_page_moves(
    size: tuple[int, int], make_boards: Boards, serve: Serve, open_page: OpenPage
) -> None:
    server = serve({"porch": make_boards(fps=10).stream_url()})
    server.wait_for_state("porch", "online")
    page = open_page(f"{server.url}cameras/porch", size)
    wait_until(lambda: moves(page, "#view .picture"))
    wait_until(lambda: page.locator("[data-fact=size]").inner_text() == "640\u00d7480")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out at the side"


def test_sixteen_cameras_are_drawn_over_one_connection(make_boards: Boards, serve: Serve, open_page: OpenPage) -> None:
    boards = make_boards(16, fps=10, size=(320, 240))
    server = serve({f"c{number}": boards.stream_url(number) for number in range(16)})
    server.wait_for_state("c15", "online")
    requests: list[str] = []
    page = open_page("about:blank")
    page.on("request", lambda request: requests.append(request.url))
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(server.url, wait_until="domcontentloaded")
    drawn = "[...document.querySelectorAll('.tile')].map(tile => Number(tile.dataset.drawn ?? 0))"
    wait_until(lambda: min(page.evaluate(drawn)) >= 30, 60, "every tile is drawn thirty times")
    assert len(page.evaluate(drawn)) == 16
    assert len(sockets) == 1
    assert sum("snapshot.jpg" in url for url in requests) <= 12, "those that the page brings, each once"
    assert [server.camera(f"c{number}")["viewers"] for number in range(16)] == [1] * 16


def test_where_there_is_no_websocket_streams_and_snapshots_serve(
    make_boards: Boards, serve: Serve, open_page: OpenPage
) -> None:
    boards = make_boards(5, fps=10, size=(320, 240))
    server = serve({f"c{number}": boards.stream_url(number) for number in range(5)})
    server.wait_for_state("c4", "online")
    page = open_page("about:blank")
    page.route_web_socket("**/wall.ws", lambda socket: socket.close())
    page.goto(server.url, wait_until="domcontentloaded")
    for number in (0, 4):
        wait_until(lambda number=number: moves(page, ".tile .picture", number), 40, f"tile {number} moves")  # type: ignore[misc]


def test_without_javascript_the_pictures_are_there(make_boards: Boards, serve: Serve, open_page: OpenPage) -> None:
    boards = make_boards(5, fps=10, size=(320, 240))
    server = serve({f"c{number}": boards.stream_url(number) for number in range(5)})
    server.wait_for_state("c4", "online")
    page = open_page(server.url, java_script_enabled=False)
    wait_until(lambda: moves(page, ".tile .picture", 0))
    assert page.locator(".tile img[src*='stream.mjpg']").count() == 4
    assert page.locator(".tile img[src*='snapshot.jpg']").count() == 1


def test_an_img_shows_a_picture_before_the_next_one_exists(
    make_boards: Boards, serve: Serve, open_page: OpenPage
) -> None:
    boards = make_boards(fps=0.3, size=(320, 240))
    server = serve({"slow": boards.stream_url()})
    server.wait_for_state("slow", "online")
    page = open_page(f"{server.url}healthz")
    page.evaluate("document.body.innerHTML = '<img src=/cameras/slow/stream.mjpg>'")
    wait_until(lambda: page.evaluate("document.querySelector('img').naturalWidth") == 320)
    for _ in range(2):  # each picture in turn: as soon as the board has sent it, it is painted
        sent = boards.boards[0].counters.frames_sent
        before = pixels(page, "img")
        wait_until(lambda sent=sent: boards.boards[0].counters.frames_sent > sent)  # type: ignore[misc]
        wait_until(lambda before=before: np.abs(pixels(page, "img") - before).max() > 40)  # type: ignore[misc]
        assert boards.boards[0].counters.frames_sent == sent + 1, "painted before the board sent another one"


def test_a_lost_camera_looks_lost_and_comes_back_without_a_reload(
    make_boards: Boards, serve: Serve, open_page: OpenPage
) -> None:
    boards = make_boards(2, fps=10, size=(320, 240))
    server = serve({"porch": boards.stream_url(0), "gate": boards.stream_url(1)})
    server.wait_for_state("gate", "online")
    page = open_page(server.url)
    tile = page.locator(".tile[data-id=gate]")
    wait_until(lambda: tile.get_attribute("data-live") == "yes")
    page.evaluate("window.untouched = true")
    boards.set_faults(1, Fault.REFUSE)
    wait_until(lambda: tile.get_attribute("data-state") == "offline")
    assert tile.get_attribute("data-live") == "no"
    wait_until(lambda: "away" in tile.locator(".notice").inner_text())
    wait_until(lambda: "127.0.0.1 is there" in tile.locator(".notice").inner_text())
    assert not moves(page, ".tile[data-id=gate] .picture")
    assert page.locator(".tile[data-id=porch]").get_attribute("data-live") == "yes"
    boards.set_faults(1)
    wait_until(lambda: tile.get_attribute("data-live") == "yes", 30)
    wait_until(lambda: moves(page, ".tile[data-id=gate] .picture"))
    assert page.evaluate("window.untouched")


def test_the_pages_heal_when_the_server_comes_back(
    make_boards: Boards, write_config: Any, start: Callable[..., Server], open_page: OpenPage
) -> None:
    boards = make_boards(fps=10, size=(320, 240))
    port = free_port()
    command = [*VEDETTE, "serve", "-c", str(write_config({"porch": boards.stream_url()}, port=port))]
    server = start(command, f"http://127.0.0.1:{port}/")
    server.wait_for_state("porch", "online")
    page = open_page(server.url)
    tile = page.locator(".tile")
    wait_until(lambda: tile.get_attribute("data-live") == "yes")
    assert server.stop() == 0
    wait_until(lambda: tile.get_attribute("data-live") == "no", what="a picture of a server that is gone looks so")
    server = start(command, f"http://127.0.0.1:{port}/")
    wait_until(lambda: tile.get_attribute("data-live") == "yes", 30)
    wait_until(lambda: moves(page, ".tile .picture"))


def test_a_hidden_tab_looks_at_nothing(make_boards: Boards, serve: Serve, open_page: OpenPage) -> None:
    server = serve({"porch": make_boards(fps=10, size=(320, 240)).stream_url()})
    server.wait_for_state("porch", "online")
    page = open_page(server.url)
    wait_until(lambda: server.camera("porch")["viewers"] == 1)
    hide(page, "hidden")
    wait_until(lambda: server.camera("porch")["viewers"] == 0)
    hide(page, "visible")
    wait_until(lambda: server.camera("porch")["viewers"] == 1)


def hide(page: Page, state: str) -> None:
    """What a browser does when another tab comes to the front; headless ones have no tabs in front."""
    page.evaluate(
        "state => { Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});"
        " Object.defineProperty(document, 'hidden', {value: state === 'hidden', configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        state,
    )


def test_the_wall_goes_by_keyboard(make_boards: Boards, serve: Serve, open_page: OpenPage) -> None:
    boards = make_boards(4, fps=5, size=(320, 240))
    server = serve({f"c{number}": boards.stream_url(number) for number in range(4)})
    server.wait_for_state("c3", "online")
    page = open_page(server.url)
    page.wait_for_selector(".tile[data-live=yes]")
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector(".wall[data-view=alone]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cameras/*")
    page.keyboard.press("Escape")
    page.wait_for_url(server.url)


def test_without_cameras_the_page_says_what_to_do(serve: Serve, open_page: OpenPage) -> None:
    page = open_page(serve({}).url)
    assert "[cameras." in page.locator("main").inner_text()


def test_an_unknown_address_gets_a_page_that_leads_back(serve: Serve, open_page: OpenPage) -> None:
    page = open_page(serve({}).url + "cameras/nobody")
    assert "no camera with the id 'nobody'" in page.locator("main").inner_text()
    page.locator("main a").first.click()
    page.wait_for_url("**/")


def test_a_browser_shows_a_stream_that_is_turned(make_boards: Boards, serve: Serve, open_page: OpenPage) -> None:
    """A board's 4:2:2 is 4:4:0 after a quarter turn."""
    boards = make_boards(1, fps=10, size=(640, 480))
    server = serve({"porch": boards.stream_url()})
    server.wait_for_state("porch", "online")
    page = open_page(f"{server.url}discover")
    page.evaluate("document.body.innerHTML = '<img id=turned src=/cameras/porch/stream.mjpg?rotate=90>'")
    wait_until(lambda: page.evaluate("turned.naturalWidth"))
    assert page.evaluate("[turned.naturalWidth, turned.naturalHeight]") == [480, 640]
    wait_until(lambda: moves(page, "#turned"), what="its pictures follow each other")

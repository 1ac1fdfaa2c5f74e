"""The wall in a real Chromium: layouts, order, groups, focus, cycle, links, and what each tile is sent."""

import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import unquote

import pytest
from playwright.sync_api import Locator, Page
from tests.end_to_end.conftest import serving, starting
from tests.end_to_end.harness import Server, wait_until
from tests.end_to_end.test_browser import (
    PHONE,
    Boards,
    OpenPage,
    Serve,
    browser,  # noqa: F401 - a fixture
    moves,
    open_page,  # noqa: F401 - a fixture
)
from tests.end_to_end.test_health_page import WEIGHT_LIMIT, serious_problems

from vedette.boards import CAMERASERVER
from vedette.simulator import Fault, Simulator

pytestmark = pytest.mark.browser

TV, UPRIGHT = (1920, 1080), (360, 740)
DRAWN = "[...document.querySelectorAll('.tile')].map(tile => Number(tile.dataset.drawn ?? 0))"
WallOf = Callable[..., Server]


@pytest.fixture
def own_wall_of(make_boards: Boards, serve: Serve) -> WallOf:
    """A server with so many cameras, c0, c1 and so on, all of them live."""
    return partial(begin_wall, make_boards, serve)


@pytest.fixture(scope="module")
def wall_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WallOf]:
    """The same, for all tests that only look: nothing that a page does changes it for another."""
    with contextlib.ExitStack() as stack:
        known: dict[int, Server] = {}

        def make(*args: Any, **options: Any) -> Simulator:
            return stack.enter_context(Simulator(CAMERASERVER, *args, **options))

        def find(count: int) -> Server:
            if count not in known:
                folder = tmp_path_factory.mktemp("wall")
                known[count] = begin_wall(make, serving(folder, stack.enter_context(starting(folder))), count)
            return known[count]

        yield find


def begin_wall(make_boards: Boards, serve: Serve, count: int, fps: float = 4) -> Server:
    boards = make_boards(count, fps=fps, size=(320, 240))
    server = serve({f"c{number}": boards.stream_url(number) for number in range(count)})
    for number in range(count):
        server.wait_for_state(f"c{number}", "online")
    return server


def tile(page: Page, camera: str) -> Locator:
    return page.locator(f".tile[data-id={camera}]")


def address(page: Page) -> str:
    """Where the page is; what Playwright keeps of it is only as new as its last question."""
    return str(page.evaluate("location.href"))


def shown(page: Page) -> list[str]:
    """The cameras that are shown, in the order of the Tab key."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('.tile')].filter(tile => tile.checkVisibility()).map(tile => tile.dataset.id)"
    )
    return found


def seen(page: Page) -> list[str]:
    """The cameras as they stand on the screen: row by row."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll('.tile')].filter(tile => tile.checkVisibility())
          .map(tile => ({ id: tile.dataset.id, box: tile.getBoundingClientRect() }))
          .sort((one, other) => one.box.top - other.box.top || one.box.left - other.box.left).map(({ id }) => id)"""
    )
    return found


def columns_of(page: Page) -> int:
    return int(
        page.evaluate(
            "new Set([...document.querySelectorAll('.tile:not([hidden])')].map(({ offsetLeft }) => offsetLeft)).size"
        )
    )


def open_wall(open_page: OpenPage, server: Server, query: str = "", **options: Any) -> Page:  # noqa: F811 - the fixture
    return open_address(open_page, server.url + query, **options)


def open_address(open_page: OpenPage, url: str, **options: Any) -> Page:  # noqa: F811 - the fixture
    page = open_page(url, **options)
    page.wait_for_selector(".wall[data-fitted]")
    page.wait_for_selector(".tile[data-live=yes]")
    return page


# Layouts --------------------------------------------------------------------------------------------------------------


def test_thirty_six_cameras_are_all_on_the_screen_and_all_drawn(own_wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, own_wall_of(36, fps=2), size=TV)
    wait_until(lambda: min(page.evaluate(DRAWN)) >= 3, 60, "every tile is drawn")
    assert len(page.evaluate(DRAWN)) == 36
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "no scrolling"
    narrowest = page.evaluate("Math.min(...[...document.querySelectorAll('.tile')].map(tile => tile.clientWidth))")
    assert narrowest >= 160


def test_number_keys_choose_columns_and_a_reload_keeps_them(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    server = wall_of(6)
    page = open_wall(open_page, server)
    page.keyboard.press("5")
    wait_until(lambda: columns_of(page) == 5)
    assert address(page).endswith("/?columns=5")
    page.goto(server.url, wait_until="domcontentloaded")
    wait_until(lambda: columns_of(page) == 5)
    page.keyboard.press("0")
    wait_until(lambda: columns_of(page) == 3)
    assert address(page) == server.url


def test_one_large_shows_the_others_in_a_strip(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, wall_of(5), "?layout=large&focus=c3")
    area = "tile => tile.clientWidth * tile.clientHeight"
    wait_until(lambda: tile(page, "c3").evaluate(area) > 4 * tile(page, "c0").evaluate(area))
    assert len(shown(page)) == 5
    tile(page, "c1").dblclick()
    wait_until(lambda: tile(page, "c1").evaluate(area) > 4 * tile(page, "c3").evaluate(area))
    assert "focus=c1" in address(page)


def test_a_layout_is_kept_by_name(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    server = wall_of(4)
    page = open_wall(open_page, server, "?columns=4&hide=c2")
    page.keyboard.press("m")
    page.fill("#new-layout input", "<b>Night")
    page.keyboard.press("Enter")
    page.click("[data-act=reset]")
    assert len(shown(page)) == 4
    assert page.locator("#own-layouts b").count() == 0, "names are text"
    page.get_by_role("button", name="<b>Night", exact=True).click()
    assert shown(page) == ["c0", "c1", "c3"]
    wait_until(lambda: columns_of(page) == 3)
    page.goto(server.url + "?layout=%3Cb%3ENight", wait_until="domcontentloaded")
    page.wait_for_selector(".wall[data-fitted]")
    assert shown(page) == ["c0", "c1", "c3"]


# Order ----------------------------------------------------------------------------------------------------------------


def test_a_dragged_tile_stays_where_it_was_put(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    server = wall_of(4)
    page = open_wall(open_page, server)
    start, end = tile(page, "c0").bounding_box(), tile(page, "c3").bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 60, start["y"] + 60)
    page.mouse.down()
    page.mouse.move(start["x"] + 90, start["y"] + 90)
    page.mouse.move(end["x"] + 60, end["y"] + 60, steps=5)
    wait_until(lambda: seen(page) == ["c1", "c2", "c3", "c0"], what="the others make room at once")
    page.mouse.up()
    assert shown(page) == ["c1", "c2", "c3", "c0"]
    page.goto(server.url, wait_until="domcontentloaded")
    wait_until(lambda: seen(page) == ["c1", "c2", "c3", "c0"])


def test_a_tile_moves_by_keyboard_and_says_where_it_is(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, wall_of(3))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    wait_until(lambda: seen(page) == ["c1", "c2", "c0"])
    assert page.locator("#announcer").inner_text() == "c0 is now 3 of 3"
    assert page.evaluate("document.activeElement.closest('.tile').dataset.id") == "c0"
    assert address(page).endswith("?cameras=c1,c2,c0,*")


def test_a_finger_holds_a_tile_and_moves_it(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, wall_of(2), size=PHONE, has_touch=True)
    start, end = tile(page, "c0").bounding_box(), tile(page, "c1").bounding_box()
    assert start is not None
    assert end is not None
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": across, "y": down} for across, down in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", (180, start["y"] + 100))
    page.wait_for_selector(".tile[data-held]")
    touch("touchMove", (180, end["y"] + 60))
    wait_until(lambda: seen(page) == ["c1", "c0"])
    touch("touchEnd")
    assert shown(page) == ["c1", "c0"]
    assert page.evaluate("scrollY") == 0, "what moved was the tile"


# Focus ----------------------------------------------------------------------------------------------------------------


def test_enter_enlarges_escape_goes_back_and_enter_twice_opens(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    server = wall_of(3)
    page = open_wall(open_page, server)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    wait_until(lambda: shown(page) == ["c1"])
    assert address(page).endswith("?focus=c1")
    wait_until(lambda: [server.camera(f"c{number}")["viewers"] for number in range(3)] == [0, 1, 0])
    page.keyboard.press("ArrowRight")
    wait_until(lambda: shown(page) == ["c2"])
    page.keyboard.press("Escape")
    wait_until(lambda: shown(page) == ["c0", "c1", "c2"])
    assert address(page) == server.url
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cameras/c2")


def test_a_double_click_enlarges_and_takes_back(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, wall_of(2))
    tile(page, "c1").click()
    assert shown(page) == ["c0", "c1"], "a click alone goes nowhere"
    tile(page, "c1").dblclick()
    wait_until(lambda: shown(page) == ["c1"])
    tile(page, "c1").dblclick()
    wait_until(lambda: shown(page) == ["c0", "c1"])
    tile(page, "c1").hover()
    tile(page, "c1").get_by_role("link", name="Open c1").click()
    page.wait_for_url("**/cameras/c1")


def test_on_a_phone_a_tap_enlarges_and_a_swipe_goes_on(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, wall_of(3), size=UPRIGHT, has_touch=True)
    assert columns_of(page) == 1
    tile(page, "c0").tap()
    wait_until(lambda: shown(page) == ["c0"])
    finger = page.context.new_cdp_session(page)
    way = [("touchStart", 300), ("touchMove", 200), *[("touchMove", 80)] * 3, ("touchEnd", None)]
    for number, (kind, across) in enumerate(
        way
    ):  # it rests before it is lifted: a tap would only stop what still flies
        points = [] if across is None else [{"x": across, "y": 220}]
        event = {"type": kind, "touchPoints": points, "timestamp": time.time() + number / 5}
        finger.send("Input.dispatchTouchEvent", event)
    wait_until(lambda: shown(page) == ["c1"])
    small = page.evaluate(
        """[...document.querySelectorAll('main button, main a.button, header button')]
          .filter(button => button.checkVisibility({ opacityProperty: true }))
          .filter(button => Math.min(button.offsetWidth, button.offsetHeight) < 44).map(button => button.outerHTML)"""
    )
    assert small == []
    tile(page, "c1").get_by_role("button", name="Back to all cameras").tap()
    wait_until(lambda: len(shown(page)) == 3)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out at the side"


# Groups, links --------------------------------------------------------------------------------------------------------


def test_a_group_is_chosen_by_its_chip_and_a_link_shows_it_to_others(
    wall_of: WallOf,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    page = open_wall(open_page, wall_of(4))
    page.keyboard.press("m")
    page.uncheck("#shown-c1")
    page.uncheck("#shown-c3")
    page.fill("#new-group input", 'Garden & "co" <i>')
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="All", exact=True).click()
    assert len(shown(page)) == 4
    page.get_by_role("button", name='Garden & "co" <i>').click()
    assert shown(page) == ["c0", "c2"]
    page.keyboard.press("2")
    wait_until(lambda: columns_of(page) == 2)
    other = open_address(open_page, address(page))  # in a fresh profile
    assert shown(other) == ["c0", "c2"]
    assert columns_of(other) == 2
    assert other.locator(".chip[aria-pressed=true]").inner_text() == 'Garden & "co" <i>'
    assert other.locator("#groups i").count() == 0, "names are text"
    assert other.url == address(page)


def test_the_panel_copies_the_link(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, wall_of(2), "?columns=2", permissions=["clipboard-read", "clipboard-write"])
    page.keyboard.press("m")
    page.get_by_role("button", name="Copy link").click()
    wait_until(lambda: page.evaluate("navigator.clipboard.readText()") == address(page))


def test_what_an_address_names_and_is_not_there_is_left_out_and_said(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, wall_of(3), "?cameras=c2,%3Cimg%3E,c0&columns=77&group=Attic&focus=nobody")
    assert shown(page) == ["c2", "c0"]
    said = page.locator("#wall-note").inner_text()
    assert "“<img>” or “nobody”" in said
    assert "from 1 to 9" in said
    assert page.locator("#wall-note img").count() == 0
    assert "img" not in unquote(address(page))
    page.get_by_role("button", name="Show all cameras").click()
    assert shown(page) == ["c0", "c1", "c2"]
    assert not page.locator("#wall-note").is_visible()


def test_what_is_kept_may_be_nonsense(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    server = wall_of(2)
    page = open_wall(open_page, server)
    page.evaluate("""localStorage.setItem("vedette.wall", '{"order":7,"only":"x","columns":-1,"layout":{}}')""")
    page.evaluate("""localStorage.setItem("vedette.wall.groups", '[3]')""")
    page.goto(server.url, wait_until="domcontentloaded")
    page.wait_for_selector(".wall[data-fitted]")
    assert shown(page) == ["c0", "c1"]


# Cycle ----------------------------------------------------------------------------------------------------------------


def test_the_cycle_shows_one_camera_after_the_other_until_a_key(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, wall_of(3), "?cycle=2", reduced_motion="reduce")
    wait_until(lambda: shown(page) == ["c0"])
    wait_until(lambda: shown(page) == ["c1"])
    assert "every 2 s" in page.locator("#cycling").inner_text()
    page.keyboard.press("x")
    assert not page.locator("#cycling").is_visible()
    assert shown(page) == ["c1"], "what is on the screen stays"
    assert address(page).endswith("?focus=c1")
    page.keyboard.press("Escape")
    wait_until(lambda: len(shown(page)) == 3)


def test_the_cycle_turns_the_pages_of_a_long_wall(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, wall_of(3), "?columns=1&cycle=2", reduced_motion="reduce")
    wait_until(lambda: page.evaluate("scrollY") > 0)
    wait_until(lambda: page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 2"))
    wait_until(lambda: page.evaluate("scrollY") == 0, what="from the beginning")
    page.mouse.click(640, 400)
    wait_until(lambda: "cycle" not in address(page))


# What is sent, and what is said ---------------------------------------------------------------------------------------


def test_each_tile_asks_for_the_width_it_is_shown_at(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    server = wall_of(4)
    page = open_page("about:blank", device_scale_factor=2)
    wants: list[Any] = []

    def hear(socket: Any) -> None:
        socket.on("framesent", lambda sent: wants.append(json.loads(sent)) if isinstance(sent, str) else None)

    page.on("websocket", hear)
    page.goto(server.url, wait_until="domcontentloaded")

    def asked() -> dict[str, int]:
        return dict(wants[-1].get("widths", {})) if wants else {}

    def wanted() -> dict[str, int]:
        widths = page.evaluate(
            "[...document.querySelectorAll('.tile')].map(tile => [tile.dataset.id, tile.clientWidth])"
        )
        return {camera: round(width * 2) for camera, width in widths}

    def agree(cameras: set[str]) -> bool:
        widths = wanted()
        return asked().keys() == cameras and all(abs(asked()[one] - widths[one]) <= 4 for one in cameras)

    wait_until(lambda: agree({"c0", "c1", "c2", "c3"}), what="device pixels, of all")
    page.keyboard.press("4")
    wait_until(lambda: agree({"c0", "c1", "c2", "c3"}), what="told anew when the layout changes")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    wait_until(lambda: agree({"c0"}), what="larger, and alone")
    wait_until(lambda: moves(page, ".tile .picture", 0))


def test_pictures_are_drawn_by_the_page_where_no_worker_can(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    server = wall_of(2)
    page = open_page("about:blank")
    page.add_init_script("delete globalThis.OffscreenCanvas")
    page.goto(server.url, wait_until="domcontentloaded")
    wait_until(lambda: min(page.evaluate(DRAWN)) >= 5)
    wait_until(lambda: moves(page, ".tile .picture", 1))
    assert page.workers == []


def test_pictures_are_drawn_by_a_worker_where_one_can(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, wall_of(2))
    wait_until(lambda: min(page.evaluate(DRAWN)) >= 5)
    wait_until(lambda: moves(page, ".tile .picture", 1))
    assert [worker.url.rsplit("/", 1)[1].split("?")[0] for worker in page.workers] == ["painter.js"]


def test_a_camera_that_is_away_is_named_on_its_tile_since_when_and_why(
    make_boards: Boards,
    serve: Serve,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    boards = make_boards(2, fps=5, size=(320, 240))
    server = serve({"porch": boards.stream_url(0), "gate": boards.stream_url(1)})
    server.wait_for_state("gate", "online")
    page = open_wall(open_page, server)
    assert tile(page, "porch").locator(".name").inner_text().split() == ["porch", "porch", "live"]
    boards.set_faults(1, Fault.REFUSE)
    wait_until(lambda: tile(page, "gate").get_attribute("data-state") == "offline")
    notice = tile(page, "gate").locator(".notice")
    wait_until(lambda: re.search(r"away since \d\d:\d\d", notice.inner_text()) is not None)
    wait_until(lambda: "127.0.0.1 is there" in notice.inner_text())
    assert tile(page, "gate").locator(".name [data-word]").inner_text() == "away"
    assert tile(page, "porch").get_attribute("data-live") == "yes"


# What an address, a browser or a small tile may do to it ------------------------------------------------------------


@pytest.mark.parametrize(("size", "query"), [(UPRIGHT, "?columns=2"), ((1280, 720), "?columns=5")])
def test_a_small_tile_says_away_since_when_before_it_says_why(
    size: tuple[int, int],
    query: str,
    make_boards: Boards,
    serve: Serve,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    boards = make_boards(2, fps=4, size=(320, 180))
    server = serve({"porch": boards.stream_url(0), "gate": boards.stream_url(1)})
    server.wait_for_state("gate", "online")
    page = open_wall(open_page, server, query, size=size)
    boards.set_faults(1, Fault.REFUSE)
    notice = tile(page, "gate").locator(".notice")
    wait_until(lambda: "127.0.0.1 is there" in (notice.text_content() or ""))
    cut_off = notice.evaluate(
        """notice => {
          notice.querySelector("[data-why]").textContent += ", and much else".repeat(20);
          const tile = notice.closest(".tile").getBoundingClientRect();
          return [".sign", "[data-word]", "[data-since]"].filter(part => {
            const { top, bottom, width } = notice.querySelector(part).getBoundingClientRect();
            return !width || top < tile.top || bottom > tile.bottom;
          });
        }"""
    )
    assert cut_off == []


@pytest.mark.parametrize("lack", ["delete window.WebSocket", "window.WebSocket = function () { throw new Error() }"])
def test_a_browser_without_websocket_falls_back_and_notices_a_server_that_ends(
    lack: str,
    own_wall_of: WallOf,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    server = own_wall_of(2)
    page = open_page("about:blank")
    page.add_init_script(lack)
    page.goto(server.url, wait_until="domcontentloaded")
    wait_until(lambda: page.locator(".tile[data-live=yes]").count() == 2)
    wait_until(lambda: [server.camera(camera)["viewers"] for camera in ("c0", "c1")] == [1, 1])
    server.stop()
    wait_until(lambda: page.locator("#banner").is_visible())
    wait_until(lambda: page.locator(".tile[data-live=yes]").count() == 0)


def test_an_address_may_name_whatever_javascript_has(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    server = wall_of(2)
    for query in ("layout=constructor", "layout=__proto__", "group=valueOf", "group=__proto__"):
        page = open_wall(open_page, server, f"?{query}")
        assert shown(page) == ["c0", "c1"]
        assert f"is called “{query.split('=')[1]}”" in page.locator("#wall-note").inner_text()
    page = open_wall(open_page, server, "?cameras=c1&group=constructor")
    assert page.locator(".chip[aria-pressed=true]").inner_text() == "constructor"


def test_a_link_that_is_looked_at_leaves_the_visitors_own_wall_alone(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    server = wall_of(3)
    page = open_wall(open_page, server)
    page.keyboard.press("2")
    page.keyboard.press("m")
    page.uncheck("#shown-c2")
    page.goto(server.url + "?focus=c1", wait_until="domcontentloaded")
    wait_until(lambda: shown(page) == ["c1"])
    page.keyboard.press("Escape")
    wait_until(lambda: shown(page) == ["c0", "c1", "c2"])
    page.goto(server.url, wait_until="domcontentloaded")
    wait_until(lambda: shown(page) == ["c0", "c1"])
    assert address(page).endswith("?hide=c2&columns=2")
    page.goto(server.url + "?focus=c1", wait_until="domcontentloaded")
    wait_until(lambda: shown(page) == ["c1"])
    page.keyboard.press("3")  # and from now on it is his own
    page.goto(server.url, wait_until="domcontentloaded")
    wait_until(lambda: shown(page) == ["c0", "c1", "c2"])
    assert address(page).endswith("?columns=3")


def test_an_enlarged_camera_is_reached_from_the_header_and_by_enter(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, wall_of(3), "?focus=c1")
    for key in ("ArrowDown", "ArrowUp", "ArrowDown"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.closest('.tile')?.dataset.id") == "c1"
    page.reload(wait_until="domcontentloaded")
    wait_until(lambda: shown(page) == ["c1"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/cameras/c1")


def test_no_picture_is_drawn_softer_than_it_was_sent(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, wall_of(1))
    soft = page.evaluate(
        """async () => {
          const rungs = [160, 240, 320, 400, 480, 640, 800, 1024, 1280, 1600];
          const worker = new Worker("/static/painter.js", { type: "module" });
          const hear = () => new Promise(resolve => worker.onmessage = resolve);
          await hear();
          let easel = 0;
          const draw = async (jpeg, room) => {
            const canvas = Object.assign(document.createElement("canvas"), { width: 1 });
            const offscreen = canvas.transferControlToOffscreen();
            easel += 1;
            worker.postMessage({ easel, canvas: offscreen }, [offscreen]);
            worker.postMessage({ easel, jpeg, room }, [jpeg.buffer]);
            await hear();
            while (canvas.width === 1) await new Promise(requestAnimationFrame); // until the frame is here
            worker.postMessage({ easel, end: true });
            return canvas.width;
          };
          const soft = [];
          const sent = [[800, 600], [1600, 1200]].flatMap(([width, height]) =>
            rungs.filter(rung => rung <= width).map(rung => [rung, Math.round(rung * height / width)]));
          for (const [width, height] of sent) {
            const source = new OffscreenCanvas(width, height);
            source.getContext("2d").fillRect(0, 0, 9, 9);
            const blob = await source.convertToBlob({ type: "image/jpeg" });
            const least = rungs[rungs.indexOf(width) - 1] ?? 60;
            for (let shown = least + 1; shown <= width + 20; shown += Math.ceil(width / 60)) {
              const room = { width: shown, height: Math.ceil(shown * height / width) };
              const drawn = await draw(new Uint8Array(await blob.arrayBuffer()), room);
              if (drawn < Math.min(shown, width)) soft.push({ width, shown, drawn });
            }
          }
          return soft;
        }"""
    )
    assert soft == []


def test_escape_gives_up_a_drag(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    server = wall_of(4)
    page = open_wall(open_page, server)
    start, end = tile(page, "c0").bounding_box(), tile(page, "c3").bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 60, start["y"] + 60)
    page.mouse.down()
    page.mouse.move(end["x"] + 60, end["y"] + 60, steps=5)
    wait_until(lambda: seen(page) == ["c1", "c2", "c3", "c0"])
    page.keyboard.press("Escape")
    wait_until(lambda: seen(page) == ["c0", "c1", "c2", "c3"])
    page.mouse.up()
    assert address(page) == server.url
    assert page.evaluate("localStorage.getItem('vedette.wall')") is None


def test_an_emptied_group_stays_empty(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    server = wall_of(2)
    page = open_wall(open_page, server, "?cameras=c0&group=Garden")
    page.keyboard.press("m")
    page.uncheck("#shown-c0")
    page.reload(wait_until="domcontentloaded")
    page.wait_for_selector("#wall-note:not([hidden])")
    assert shown(page) == []
    assert page.locator("#wall-note span").inner_text() == "No camera is shown."
    page.goto(server.url + "?cameras=zz", wait_until="domcontentloaded")
    wait_until(lambda: shown(page) == ["c0", "c1"])
    assert "“zz”" in page.locator("#wall-note").inner_text()


def test_the_header_fits_a_phone_held_sideways(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, wall_of(2), size=(740, 360), has_touch=True)
    page.evaluate("for (const count of document.querySelectorAll('[data-count]')) count.hidden = false")
    assert page.evaluate(
        "[...document.querySelectorAll('.bar *')].every(each => each.getBoundingClientRect().right <= innerWidth)"
    )


def test_a_worker_that_dies_is_replaced_by_the_page(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    server = wall_of(2)
    page = open_page("about:blank")
    page.add_init_script(
        "window.Worker = class extends Worker { constructor(...given) { super(...given); window.painter = this; } }"
    )
    page.goto(server.url, wait_until="domcontentloaded")
    wait_until(lambda: min(page.evaluate(DRAWN)) >= 3)
    page.evaluate("painter.terminate()")
    wait_until(lambda: page.locator(".tile[data-live=yes]").count() == 0, what="nothing passes for live")
    wait_until(lambda: page.locator(".tile[data-live=yes]").count() == 2, 30)
    wait_until(lambda: moves(page, ".tile .picture", 1))


def test_a_layout_is_not_kept_by_a_name_that_everybody_has(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, wall_of(1))
    page.keyboard.press("m")
    name = page.locator("#new-layout input")
    name.fill("fit")
    name.press("Enter")
    assert "everybody has" in name.evaluate("input => input.validationMessage")
    assert page.locator("#own-layouts li").count() == 0
    name.fill("Fitting")
    name.press("Enter")
    assert page.locator("#own-layouts li").count() == 1


def test_back_leads_from_an_enlarged_camera_to_the_wall(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    server = wall_of(3)
    page = open_wall(open_page, server)
    tile(page, "c1").dblclick()
    wait_until(lambda: shown(page) == ["c1"])
    page.keyboard.press("ArrowRight")
    wait_until(lambda: shown(page) == ["c2"])
    page.evaluate("history.back()")
    wait_until(lambda: shown(page) == ["c0", "c1", "c2"], what="at once, whatever was looked at between")
    assert address(page) == server.url
    page.evaluate("history.forward()")
    wait_until(lambda: shown(page) == ["c2"])
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    wait_until(lambda: shown(page) == ["c0", "c1", "c2"], what="and no further")
    assert address(page) == server.url


def test_arrows_reach_the_groups(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, wall_of(2))
    page.keyboard.press("m")
    page.uncheck("#shown-c1")
    page.fill("#new-group input", "Garden")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    wait_until(lambda: page.locator("dialog[open]").count() == 0)
    for key in ("ArrowDown", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.textContent") == "All"
    page.keyboard.press("Enter")
    assert shown(page) == ["c0", "c1"]
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "panel-button"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.tile')?.dataset.id") == "c0"


# Everybody ------------------------------------------------------------------------------------------------------------


def test_a_remote_control_reaches_everything_with_arrows_and_enter(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    page = open_wall(open_page, wall_of(2), size=TV)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "panel-button"
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    wait_until(lambda: columns_of(page) == 1)
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_axe_finds_no_serious_problem_with_the_wall(
    theme: str,
    wall_of: WallOf,
    open_page: OpenPage,  # noqa: F811 - the fixture
) -> None:
    page = open_wall(open_page, wall_of(3), "?cameras=c0,c1,zz&group=Garden", color_scheme=theme)
    assert serious_problems(page) == ""
    page.keyboard.press("m")
    assert serious_problems(page) == ""
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    wait_until(lambda: shown(page) == ["c0"])
    assert serious_problems(page) == ""


def test_the_wall_weighs_little(wall_of: WallOf, open_page: OpenPage) -> None:  # noqa: F811
    server = wall_of(4)
    page = open_page("about:blank")
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - playwright looks at its signature
    page.goto(server.url, wait_until="load")
    wait_until(lambda: min(page.evaluate(DRAWN)) >= 1)
    pictures = ("image/jpeg", "multipart")
    weights = {
        answer.url: len(answer.body())
        for answer in answers
        if answer.status == 200 and not answer.headers.get("content-type", "").startswith(pictures)
    }
    assert len(weights) > 25
    assert any("painter.js" in url for url in weights)
    assert sum(weights.values()) < WEIGHT_LIMIT, weights
